//! Whether there is a list, at a glance: a send that has to open it waits as long again as for its
//! answer.

use std::fs::{self, File, Metadata};
use std::io::Read;

use super::open::Place;
use super::schema::{APPLICATION_ID, VERSION};

/// What a SQLite file begins with (<https://www.sqlite.org/fileformat2.html>, 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
const HEAD: usize = 100;

impl Place {
    /// Whether there is a list of this program's version that seems whole. Where this says no, a
    /// closer look may say yes.
    pub(super) fn has_a_list_at_a_glance(&self) -> bool {
        let mut head = [0; HEAD];
        let path = self.file();
        let Some(length) = fs::metadata(&path).ok().filter(Metadata::is_file).map(|it| it.len())
        else {
            return false;
        };
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
        read.is_ok() && is_a_list(&head, length)
    }
}

fn is_a_list(head: &[u8; HEAD], length: u64) -> bool {
    let number =
        |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let page_size = u64::from(u16::from_be_bytes([head[16], head[17]]));
    head.starts_with(MAGIC)
        && length >= u64::from(number(28)) * page_size
        && number(60) == VERSION as u32
        && number(68) == APPLICATION_ID as u32
}
