//! A file of captures that is never left with a cut line before a whole one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// When a file is put aside and a new one begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotation {
    /// The size that a file does not exceed, unless a single batch of lines does.
    pub size: Option<u64>,
}

/// A file that lines are appended to. It may hold personal data, so a new one is for its owner
/// alone.
#[derive(Debug)]
pub struct CaptureFile {
    path: PathBuf,
    file: File,
    /// Its size as far as this process wrote it; `None` for a device or a pipe.
    size: Option<u64>,
    rotation: Rotation,
    sync: bool,
    /// Whether its last line has no end, which the next write has to mend.
    cut: bool,
}

impl CaptureFile {
    /// Opens a file for appending, making it when it is not there. With `sync`, what is
    /// appended is on the disk before it counts as written.
    ///
    /// # Errors
    /// When it cannot be opened, or another process of this kind is writing to it.
    pub fn open(path: &Path, rotation: Rotation, sync: bool) -> io::Result<Self> {
        let mut file = open(path)?;
        let metadata = file.metadata()?;
        let size = metadata.is_file().then_some(metadata.len());
        if size.is_some() && matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            return Err(io::Error::other("another pgwh listen is writing to it"));
        }
        let cut = size.is_some_and(|size| size > 0) && last_byte(&mut file)? != b'\n';
        Ok(Self { path: path.to_owned(), file, size, rotation, sync, cut })
    }

    /// Whether to append takes the time of a disk.
    pub(super) fn is_slow(&self) -> bool {
        self.sync
    }

    /// Appends lines, each with its line feed. Tells how many bytes of whole lines were
    /// written, and why it was not all of them, if it was not. What stands of a line that could
    /// not be finished is taken back.
    pub fn append(&mut self, lines: &[u8]) -> (usize, io::Result<()>) {
        if let Err(error) = self.follow().and_then(|()| self.rotate(lines.len())) {
            return (0, Err(error));
        }
        if self.cut {
            if let Err(error) = self.file.write_all(b"\n") {
                return (0, Err(error));
            }
            self.grow(1);
            self.cut = false;
        }
        let (written, result) = write(&mut self.file, lines);
        self.grow(written);
        if let Err(error) = result {
            let whole = memchr::memrchr(b'\n', &lines[..written]).map_or(0, |end| end + 1);
            self.take_back(&lines[whole..written]);
            let synced = self.synced();
            return (if synced.is_ok() { whole } else { 0 }, Err(error));
        }
        match self.synced() {
            Ok(()) => (written, Ok(())),
            Err(error) => (0, Err(error)),
        }
    }

    fn synced(&self) -> io::Result<()> {
        if self.sync && self.size.is_some() { self.file.sync_data() } else { Ok(()) }
    }

    fn grow(&mut self, bytes: usize) {
        if let Some(size) = &mut self.size {
            *size += bytes as u64;
        }
    }

    /// Removes the piece of a line from the end of the file, if the end is still just that:
    /// others may append to the file as well.
    fn take_back(&mut self, piece: &[u8]) {
        if piece.is_empty() {
            return;
        }
        self.cut = true;
        let taken = || -> io::Result<u64> {
            let length = self.file.metadata()?.len();
            let start = length.checked_sub(piece.len() as u64);
            let start = start.ok_or(io::ErrorKind::UnexpectedEof)?;
            let mut end = vec![0; piece.len()];
            let mut file = &self.file;
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut end)?;
            if end != piece {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.file.set_len(start)?;
            Ok(start)
        };
        if let Ok(size) = taken() {
            self.size = Some(size);
            self.cut = false;
        }
    }

    /// Begins the file anew when its name leads somewhere else by now: somebody has moved or
    /// deleted it.
    fn follow(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        if self.size.is_some() {
            use std::os::unix::fs::MetadataExt;
            let ours = self.file.metadata()?;
            let same = |named: fs::Metadata| (named.dev(), named.ino()) == (ours.dev(), ours.ino());
            if !fs::metadata(&self.path).is_ok_and(same) {
                *self = Self::open(&self.path, self.rotation, self.sync)?;
            }
        }
        Ok(())
    }

    /// Puts a full file aside under the first free number: `FILE.1` is the oldest.
    fn rotate(&mut self, more: usize) -> io::Result<()> {
        let (Some(size), Some(limit)) = (self.size, self.rotation.size) else { return Ok(()) };
        if size == 0 || size + more as u64 <= limit {
            return Ok(());
        }
        let mut number = 1_u64;
        let mut aside = numbered(&self.path, number);
        while aside.try_exists()? {
            number += 1;
            aside = numbered(&self.path, number);
        }
        match fs::rename(&self.path, &aside) {
            // It was put aside before, but there was no room for a new one then.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            renamed => renamed?,
        }
        *self = Self::open(&self.path, self.rotation, self.sync)?;
        Ok(())
    }
}

fn numbered(path: &Path, number: u64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// Writes as much as can be written.
fn write(file: &mut File, bytes: &[u8]) -> (usize, io::Result<()>) {
    let mut written = 0;
    while written < bytes.len() {
        match file.write(&bytes[written..]) {
            Ok(0) => return (written, Err(io::ErrorKind::WriteZero.into())),
            Ok(more) => written += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (written, Err(error)),
        }
    }
    (written, Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_cut_last_line_is_ended_before_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        fs::write(&path, "whole\ncut").unwrap();
        let mut file = CaptureFile::open(&path, Rotation::default(), false).unwrap();
        assert!(file.append(b"next\n").1.is_ok());
        assert_eq!(read(&path), "whole\ncut\nnext\n");
    }

    #[test]
    fn a_piece_of_a_line_is_taken_back_but_nothing_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        fs::write(&path, "whole\npie").unwrap();
        let mut file = CaptureFile::open(&path, Rotation::default(), false).unwrap();
        file.take_back(b"other");
        assert_eq!((read(&path).as_str(), file.cut), ("whole\npie", true));
        file.take_back(b"pie");
        assert_eq!((read(&path).as_str(), file.cut), ("whole\n", false));
    }

    #[test]
    fn full_files_are_put_aside_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        let mut file = CaptureFile::open(&path, Rotation { size: Some(4) }, false).unwrap();
        for line in ["a\n", "b\n", "c\n", "long line\n", "d\n"] {
            assert!(file.append(line.as_bytes()).1.is_ok());
        }
        let aside = |n: u32| read(&folder.path().join(format!("c.ndjson.{n}")));
        assert_eq!(
            (aside(1), aside(2), aside(3)),
            ("a\nb\n".into(), "c\n".into(), "long line\n".into())
        );
        assert_eq!(read(&path), "d\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_gone_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        let mut file = CaptureFile::open(&path, Rotation::default(), false).unwrap();
        assert!(file.append(b"a\n").1.is_ok());
        fs::rename(&path, folder.path().join("elsewhere")).unwrap();
        assert!(file.append(b"b\n").1.is_ok());
        assert_eq!(read(&path), "b\n");
    }

    #[test]
    fn two_do_not_write_to_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.ndjson");
        let _first = CaptureFile::open(&path, Rotation::default(), false).unwrap();
        assert!(CaptureFile::open(&path, Rotation::default(), false).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_takes_nothing() {
        let mut file =
            CaptureFile::open(Path::new("/dev/full"), Rotation::default(), true).unwrap();
        let (written, result) = file.append(b"line\n");
        assert_eq!(written, 0);
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
