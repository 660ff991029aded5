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
    flag: &'static str,
    path: PathBuf,
    file: File,
}

impl CaptureFile {
    /// Opens the file for appending, making it when it is not there.
    pub(super) fn open(flag: &'static str, path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(file) => Ok(Self { flag, path: path.to_owned(), file }),
            Err(error) => {
                Err(Failure::new(format!("{flag}: cannot open {}: {error}", path.display())))
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
        let line = capture_line(request, url, sent_at);
        self.file.write_all(line.as_bytes()).map_err(|error| {
            Failure::new(format!("{}: cannot write {}: {error}", self.flag, self.path.display()))
        })
    }
}

/// A request that was sent, as a line of pgwh's capture format.
pub(super) fn capture_line(request: &SignedRequest, url: &Url, sent_at: DateTime<Utc>) -> String {
    let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
    let mut headers = vec![("host".to_owned(), host)];
    headers.extend(request.owned_headers());
    let line = Line {
        received_at: sent_at,
        method: METHOD,
        path: &url[Position::BeforePath..Position::AfterQuery],
        remote: None,
        headers: &headers,
        body: request.body(),
    };
    line.to_json()
}
