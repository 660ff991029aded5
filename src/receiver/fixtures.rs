//! A folder with the newest payload of each event, as `send --fixtures` reads it.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hyper::body::Bytes;
use serde_json::Value;

use super::signature_checker::MAX_NAME;
use crate::files;

/// How many events are kept: made-up names must not fill the disk.
const MAX_EVENTS: usize = 256;

/// A folder of payloads, one file an event.
#[derive(Debug)]
pub struct FixtureFolder {
    path: PathBuf,
    /// The newest body of each event, until it is written.
    pending: HashMap<String, Bytes>,
    known: HashSet<String>,
}

impl FixtureFolder {
    /// Uses a folder, and creates it if it is missing.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), pending: HashMap::new(), known: HashSet::new() })
    }

    /// Keeps a body to be written, in place of an older one of its event. Names that could lead
    /// out of the folder are skipped.
    pub(super) fn keep(&mut self, event: &str, body: Bytes) {
        if !is_plain(event) {
            return;
        }
        if !self.known.contains(event) {
            if self.known.len() >= MAX_EVENTS {
                return;
            }
            self.known.insert(event.to_owned());
        }
        self.pending.insert(event.to_owned(), body);
    }

    /// Writes what was kept since the last time.
    ///
    /// # Errors
    /// When a file cannot be written; the others are written all the same.
    pub(super) fn write(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        for (event, body) in self.pending.drain() {
            // Only an envelope has an event, so this is JSON.
            let Ok(envelope) = serde_json::from_slice::<Value>(&body) else { continue };
            let file = self.path.join(format!("{event}.json"));
            result = result.and(files::replace(&file, format!("{envelope:#}\n").as_bytes()));
        }
        result
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.len() <= MAX_NAME && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_payload_stays_and_no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("deep/payloads");
        let mut fixtures = FixtureFolder::open(&inside).unwrap();
        fixtures.keep("Test", Bytes::from_static(br#"{"event":"Test","data":1}"#));
        fixtures.keep("Test", Bytes::from_static(br#"{"event":"Test","data":2.50}"#));
        for name in ["", "..", "../x", "a/b", "a\\b", "a.b", "ż", &"a".repeat(101)] {
            fixtures.keep(name, Bytes::from_static(b"{}"));
        }
        fixtures.write().unwrap();
        let names: Vec<_> =
            fs::read_dir(&inside).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["Test.json"]);
        let text = fs::read_to_string(inside.join("Test.json")).unwrap();
        assert_eq!(text, "{\n  \"event\": \"Test\",\n  \"data\": 2.50\n}\n");
    }
}
