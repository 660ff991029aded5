//! Appending captures to a file of the user's.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use url::{Position, Url};

use super::failure::Failure;
use crate::capture::Line;
use crate::pgm::{METHOD, SignedRequest};

/// A file of captures. It may hold personal data, so a new one is for its owner alone.
#[derive(Debug)]
pub(super) struct CaptureFile {
    path: PathBuf,
    file: File,
}

impl CaptureFile {
    /// Opens the file for appending, making it when it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(file) => Ok(Self { path: path.to_owned(), file }),
            Err(error) => {
                Err(Failure::new(format!("--save: cannot open {}: {error}", path.display())))
            }
        }
    }

    /// Appends a request in one write, so that captures of several processes do not mix.
    pub(super) fn append(
        &mut self,
        request: &SignedRequest,
        url: &Url,
        sent_at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let mut headers = vec![("host".to_owned(), host)];
        headers.extend_from_slice(request.headers());
        let line = Line {
            received_at: sent_at,
            method: METHOD,
            path: &url[Position::BeforePath..Position::AfterQuery],
            remote: None,
            headers: &headers,
            body: request.body(),
        };
        self.file.write_all(line.to_json().as_bytes()).map_err(|error| {
            Failure::new(format!("--save: cannot write {}: {error}", self.path.display()))
        })
    }
}
