//! The one writer of capture files: `listen --save` and `send --save` append through it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::files;

/// How captures are appended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaptureOptions {
    /// Rename the file and start a new one before it exceeds this many bytes. A single append that
    /// is larger gets a file of its own.
    pub rotate_at: Option<u64>,
    /// Sync what is appended to the disk before it counts as written.
    pub sync: bool,
    /// Refuse to open a file that another writer has opened like this.
    pub exclusive: bool,
}

/// A file, FIFO or device that captures are appended to, one a line. A new file is for its owner
/// alone.
#[derive(Debug)]
pub struct CaptureWriter {
    path: PathBuf,
    options: CaptureOptions,
    file: File,
    /// The size as far as this writer knows; `None` for what is not a regular file.
    size: Option<u64>,
    /// The last line has no line feed: the next append starts with one.
    torn: bool,
}

/// Why an append did not write everything.
#[derive(Debug, thiserror::Error)]
#[error("{}", files::error_text(source))]
pub struct AppendError {
    /// Bytes of whole lines that were written all the same.
    pub written: usize,
    /// The system's error.
    pub source: io::Error,
}

impl AppendError {
    fn after(written: usize) -> impl FnOnce(io::Error) -> Self {
        move |source| Self { written, source }
    }
}

impl CaptureWriter {
    /// Opens a file for appending and creates it if it is missing.
    ///
    /// # Errors
    /// When it cannot be opened; when it is a FIFO that nobody reads; when another exclusive
    /// writer has it open.
    pub fn open(path: &Path, options: CaptureOptions) -> io::Result<Self> {
        let is_new = !path.exists();
        let mut file = open(path)?;
        let metadata = file.metadata()?;
        let size = metadata.is_file().then_some(metadata.len());
        if options.exclusive
            && size.is_some()
            && matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock))
        {
            return Err(io::Error::other("another pgwh listen is writing to it"));
        }
        if is_new && options.sync {
            sync_folder(path)?;
        }
        let torn = size.is_some() && is_torn(&mut file)?;
        Ok(Self { path: path.to_owned(), options, file, size, torn })
    }

    /// Whether an append waits: for the disk, or for whoever reads a FIFO.
    pub fn waits(&self) -> bool {
        self.options.sync || self.size.is_none()
    }

    /// Appends whole lines, each with its line feed. Writers in other processes may append to the
    /// same file: lines of one append stay together.
    ///
    /// # Errors
    /// When not everything could be written. A piece of a line is taken back.
    pub fn append(&mut self, lines: &[u8]) -> Result<(), AppendError> {
        self.reopen_if_moved().map_err(AppendError::after(0))?;
        self.rotate_before(lines.len()).map_err(AppendError::after(0))?;
        let written = if self.torn { self.write_after_torn(lines) } else { self.write(lines) };
        self.sync().map_err(AppendError::after(0))?;
        written
    }

    /// Ends the torn line in the same write, so that lines of other processes cannot come between.
    fn write_after_torn(&mut self, lines: &[u8]) -> Result<(), AppendError> {
        let result = self.write(&[b"\n", lines].concat());
        self.torn = result.as_ref().is_err_and(|error| error.written == 0);
        result.map_err(|error| AppendError { written: error.written.saturating_sub(1), ..error })
    }

    fn write(&mut self, lines: &[u8]) -> Result<(), AppendError> {
        let (written, result) = write(&mut self.file, lines);
        if let Some(size) = &mut self.size {
            *size += written as u64;
        }
        result.map_err(|source| {
            let whole = memchr::memrchr(b'\n', &lines[..written]).map_or(0, |end| end + 1);
            self.take_back(&lines[whole..written]);
            AppendError { written: whole, source }
        })
    }

    fn sync(&self) -> io::Result<()> {
        if self.options.sync && self.size.is_some() { self.file.sync_data() } else { Ok(()) }
    }

    /// Removes the piece of a line from the end of the file, unless another process has appended
    /// to it meanwhile.
    fn take_back(&mut self, piece: &[u8]) {
        if piece.is_empty() {
            return;
        }
        let mut file = &self.file;
        let mut truncate = || -> io::Result<u64> {
            let length = self.file.metadata()?.len();
            let start = length.checked_sub(piece.len() as u64).ok_or(ErrorKind::UnexpectedEof)?;
            let mut end = vec![0; piece.len()];
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut end)?;
            if end != piece {
                return Err(ErrorKind::InvalidData.into());
            }
            self.file.set_len(start)?;
            Ok(start)
        };
        match truncate() {
            Ok(size) => self.size = Some(size),
            Err(_) => self.torn = true,
        }
    }

    /// Opens the file again when its path leads elsewhere by now: somebody moved or deleted it.
    fn reopen_if_moved(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        if self.size.is_some() {
            use std::os::unix::fs::MetadataExt;
            let open = self.file.metadata()?;
            let is_open =
                |named: fs::Metadata| (named.dev(), named.ino()) == (open.dev(), open.ino());
            if !fs::metadata(&self.path).is_ok_and(is_open) {
                *self = Self::open(&self.path, self.options)?;
            }
        }
        Ok(())
    }

    /// Renames a full file to `FILE.N`, N being one more than the highest in use.
    fn rotate_before(&mut self, more: usize) -> io::Result<()> {
        let (Some(size), Some(limit)) = (self.size, self.options.rotate_at) else { return Ok(()) };
        if size == 0 || size + more as u64 <= limit {
            return Ok(());
        }
        let mut rotated = self.path.as_os_str().to_owned();
        rotated.push(format!(".{}", highest_number(&self.path)? + 1));
        match fs::rename(&self.path, &rotated) {
            // It was renamed before, but there was no room for a new one then.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            renamed => renamed?,
        }
        *self = Self::open(&self.path, self.options)?;
        Ok(())
    }
}

/// The highest N of the files `FILE.N` beside `FILE`; 0 without any.
fn highest_number(path: &Path) -> io::Result<u64> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let prefix = format!("{}.", path.file_name().unwrap_or_default().to_string_lossy());
    let mut highest = 0;
    for entry in fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(&prefix)?.parse().ok());
        highest = highest.max(number.unwrap_or(0));
    }
    Ok(highest)
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};

    use rustix::fs::{OFlags, fcntl_setfl};
    if !fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo()) {
        return files::private().append(true).create(true).read(true).open(path);
    }
    // Opened for writing alone, and without waiting for a reader: with a reading end of its own
    // the writer would never notice that nobody reads.
    let file = fs::OpenOptions::new().write(true).custom_flags(files::nonblocking()).open(path);
    let file = file.map_err(|error| match error.raw_os_error() {
        Some(code) if code == rustix::io::Errno::NXIO.raw_os_error() => {
            io::Error::other("nobody reads this FIFO")
        }
        _ => error,
    })?;
    fcntl_setfl(&file, OFlags::empty())?;
    Ok(file)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    files::private().append(true).create(true).read(true).open(path)
}

/// Whether the last line has no line feed.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Writes as much as can be written.
fn write(file: &mut File, bytes: &[u8]) -> (usize, io::Result<()>) {
    let mut written = 0;
    while written < bytes.len() {
        match file.write(&bytes[written..]) {
            Ok(0) => return (written, Err(ErrorKind::WriteZero.into())),
            Ok(more) => written += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return (written, Err(error)),
        }
    }
    (written, Ok(()))
}

/// Makes the creation or renaming of `path` durable: syncs its folder. Only Unix systems need it.
fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    fn in_folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        (folder, path)
    }

    #[test]
    fn a_torn_last_line_is_ended_before_the_next() {
        let (_folder, path) = in_folder();
        fs::write(&path, "whole\ntorn").unwrap();
        let mut writer = CaptureWriter::open(&path, CaptureOptions::default()).unwrap();
        writer.append(b"next\n").unwrap();
        writer.append(b"last\n").unwrap();
        assert_eq!(read(&path), "whole\ntorn\nnext\nlast\n");
    }

    #[test]
    fn a_piece_of_a_line_is_taken_back_but_nothing_of_others() {
        let (_folder, path) = in_folder();
        fs::write(&path, "whole\npie").unwrap();
        let mut writer = CaptureWriter::open(&path, CaptureOptions::default()).unwrap();
        writer.torn = false;
        writer.take_back(b"other");
        assert_eq!((read(&path).as_str(), writer.torn), ("whole\npie", true));
        writer.torn = false;
        writer.take_back(b"pie");
        assert_eq!((read(&path).as_str(), writer.torn), ("whole\n", false));
    }

    #[test]
    fn rotated_files_are_numbered_in_order_even_when_one_was_deleted() {
        let (folder, path) = in_folder();
        let options = CaptureOptions { rotate_at: Some(4), ..CaptureOptions::default() };
        let mut writer = CaptureWriter::open(&path, options).unwrap();
        let rotated = |n: u32| folder.path().join(format!("c.ndjson.{n}"));
        for line in ["a\n", "b\n", "c\n", "long line\n"] {
            writer.append(line.as_bytes()).unwrap();
        }
        assert_eq!((read(&rotated(1)).as_str(), read(&rotated(2)).as_str()), ("a\nb\n", "c\n"));
        fs::remove_file(rotated(1)).unwrap();
        writer.append(b"d\n").unwrap();
        assert_eq!((read(&rotated(3)).as_str(), rotated(1).exists()), ("long line\n", false));
        assert_eq!(read(&path), "d\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_gone_is_created_again() {
        let (folder, path) = in_folder();
        let mut writer = CaptureWriter::open(&path, CaptureOptions::default()).unwrap();
        writer.append(b"a\n").unwrap();
        fs::rename(&path, folder.path().join("elsewhere")).unwrap();
        writer.append(b"b\n").unwrap();
        assert_eq!(read(&path), "b\n");
    }

    #[test]
    fn only_one_exclusive_writer_may_open_a_file() {
        let (_folder, path) = in_folder();
        let exclusive = CaptureOptions { exclusive: true, ..CaptureOptions::default() };
        let _first = CaptureWriter::open(&path, exclusive).unwrap();
        assert!(CaptureWriter::open(&path, exclusive).is_err());
        assert!(CaptureWriter::open(&path, CaptureOptions::default()).is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_takes_nothing() {
        let options = CaptureOptions { sync: true, ..CaptureOptions::default() };
        let mut writer = CaptureWriter::open(Path::new("/dev/full"), options).unwrap();
        let error = writer.append(b"line\n").unwrap_err();
        assert_eq!((error.written, error.source.kind()), (0, ErrorKind::StorageFull));
    }
}
