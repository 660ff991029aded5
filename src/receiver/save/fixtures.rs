//! A folder that keeps the newest payload of each event, as `send --fixtures` reads it.

use std::collections::{HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hyper::body::Bytes;
use serde_json::Value;

/// How many events are kept. PGM has fourteen; whoever makes up names must not fill the disk.
const EVENTS: usize = 256;
/// How long a name may be.
const NAME: usize = 100;

/// A folder of payloads, one file an event.
#[derive(Debug)]
pub struct FixtureFolder {
    path: PathBuf,
    /// The newest body of each event, until it is written.
    waiting: HashMap<String, Bytes>,
    known: HashSet<String>,
}

impl FixtureFolder {
    /// Uses a folder, making it when it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), waiting: HashMap::new(), known: HashSet::new() })
    }

    /// Keeps a body in mind, in place of an older one of its event. A name that could lead out
    /// of the folder, or be no file's, is passed over.
    pub fn keep(&mut self, event: &str, body: Bytes) {
        if !is_plain(event) {
            return;
        }
        if !self.known.contains(event) {
            if self.known.len() >= EVENTS {
                return;
            }
            self.known.insert(event.to_owned());
        }
        self.waiting.insert(event.to_owned(), body);
    }

    /// Writes what is kept in mind.
    ///
    /// # Errors
    /// When a file cannot be written; the others are written all the same.
    pub fn write(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        for (event, body) in self.waiting.drain() {
            // Only an envelope has an event, so this is JSON.
            let Ok(envelope) = serde_json::from_slice::<Value>(&body) else { continue };
            result = result.and(replace(&self.path, &event, format!("{envelope:#}\n").as_bytes()));
        }
        result
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.len() <= NAME && name.bytes().all(plain)
}

/// Writes beside the file and puts it in its place, so that no reader sees half of it.
fn replace(folder: &Path, event: &str, bytes: &[u8]) -> io::Result<()> {
    let new = folder.join(format!(".{event}.json.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(bytes)?;
    fs::rename(&new, folder.join(format!("{event}.json")))
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
