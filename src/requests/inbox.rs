//! The inbox: the file to which sends add what the list is to know, a line at a time. Adding a
//! line takes a few calls of the system, where opening the list takes as long as all the rest of
//! a short send. The lines are taken into the list before anybody looks at it, and when they have
//! become many.
//!
//! The file is emptied from time to time. What stands in it until then is a generation, which has
//! a number in its first line: the list notes of which generation it has taken how much.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::error::ListError;
use super::line::Line;
use super::lock::{Held, private};
use super::open::Place;

/// From this size on whoever added to the inbox has the list take it in.
const MANY_BYTES: u64 = 256 * 1024;

/// The open inbox of a list.
#[derive(Debug)]
pub(super) struct Inbox {
    file: File,
    place: Place,
}

/// How much of which generation was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) generation: i64,
    pub(super) bytes: u64,
}

/// What is in the inbox and was not taken in yet.
#[derive(Debug)]
pub(super) struct Untaken {
    pub(super) lines: Vec<u8>,
    /// What will be taken when they are.
    pub(super) taken: Taken,
}

impl Inbox {
    /// Opens the inbox, making it when there is none.
    pub(super) fn open(place: &Place) -> Result<Self, ListError> {
        let mut options = OpenOptions::new();
        // Not to append: on Windows such a file could neither be locked nor be cut.
        options.read(true).write(true).create(true).truncate(false);
        let file = private(&mut options).open(path(place)).map_err(|error| place.failed(error))?;
        Ok(Self { file, place: place.clone() })
    }

    /// The inbox where there is something in it.
    pub(super) fn with_lines(place: &Place) -> Result<Option<Self>, ListError> {
        // Where there is nothing to take, nothing needs to be written.
        match fs::metadata(path(place)).is_ok_and(|file| file.len() > 0) {
            true => Self::open(place).map(Some),
            false => Ok(None),
        }
    }

    /// Adds a line, whole or not at all. `generation` is the number of a new generation, if this
    /// begins one.
    pub(super) fn add(&self, line: &Line, generation: i64) -> Result<(), ListError> {
        let _held = self.hold()?;
        self.append(line, generation).map_err(|error| self.place.failed(error))
    }

    /// What came after `taken`.
    pub(super) fn untaken(&self, taken: Option<Taken>) -> Result<Untaken, ListError> {
        let _held = self.hold()?;
        self.read(taken).map_err(|error| self.place.failed(error))
    }

    /// Empties the inbox, unless something was added since.
    pub(super) fn empty(&self, taken: Taken) -> Result<(), ListError> {
        let _held = self.hold()?;
        let empty = || {
            let is_all = self.generation()? == taken.generation && self.end()? == taken.bytes;
            if is_all { self.file.set_len(0) } else { Ok(()) }
        };
        empty().map_err(|error| self.place.failed(error))
    }

    /// Whether it is time to have it taken in.
    pub(super) fn is_large(&self) -> bool {
        self.file.metadata().is_ok_and(|file| file.len() > MANY_BYTES)
    }

    fn hold(&self) -> Result<Held<'_>, ListError> {
        Held::take(&self.file, &path(&self.place))
    }

    fn append(&self, line: &Line, generation: i64) -> io::Result<()> {
        let end = self.end()?;
        let mut text = if end == 0 { generation.to_string() } else { String::new() };
        text += &line.text();
        (&self.file).write_all(text.as_bytes()).inspect_err(|_| {
            // What there is of it would be no line; if it stays, readers skip it.
            let _ = self.file.set_len(end);
        })
    }

    fn read(&self, taken: Option<Taken>) -> io::Result<Untaken> {
        let generation = self.generation()?;
        let taken = taken.filter(|taken| taken.generation == generation);
        let from = taken.map_or(0, |taken| taken.bytes);
        let mut lines = Vec::new();
        (&self.file).seek(SeekFrom::Start(from))?;
        (&self.file).read_to_end(&mut lines)?;
        let bytes = from + lines.len() as u64;
        Ok(Untaken { lines, taken: Taken { generation, bytes } })
    }

    /// The number in the first line; 0 for a file that has none.
    fn generation(&self) -> io::Result<i64> {
        let mut head = Vec::new();
        (&self.file).rewind()?;
        (&self.file).take(20).read_to_end(&mut head)?;
        let number = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok(std::str::from_utf8(number).ok().and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn end(&self) -> io::Result<u64> {
        (&self.file).seek(SeekFrom::End(0))
    }
}

/// The inbox's file.
fn path(place: &Place) -> PathBuf {
    place.folder.join("requests.inbox")
}
