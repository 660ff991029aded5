//! Appending captures to a file of the user's.

use std::path::Path;

use chrono::{DateTime, Utc};
use url::Url;

use super::error::CliError;
use crate::capture_writer::{CaptureOptions, CaptureWriter};
use crate::files;
use crate::pgm::SignedRequest;
use crate::report::request_capture;

/// Where `--save` or `--dry-run --save` puts the requests that were sent.
#[derive(Debug)]
pub(super) struct CaptureFile {
    flag: &'static str,
    writer: CaptureWriter,
    shown: String,
}

impl CaptureFile {
    /// Opens the file for appending and creates it if it is missing.
    pub(super) fn open(flag: &'static str, path: &Path) -> Result<Self, CliError> {
        let shown = path.display().to_string();
        match CaptureWriter::open(path, CaptureOptions::default()) {
            Ok(writer) => Ok(Self { flag, writer, shown }),
            Err(error) => {
                let why = files::error_text(&error);
                Err(CliError::new(format!("{flag}: cannot open {shown}: {why}")))
            }
        }
    }

    /// Appends a request in one write, so that captures of several processes do not mix.
    pub(super) fn append(
        &mut self,
        request: &SignedRequest,
        url: &Url,
        sent_at: DateTime<Utc>,
    ) -> Result<(), CliError> {
        let line = request_capture(request, url, sent_at);
        self.writer.append(line.as_bytes()).map_err(|error| {
            CliError::new(format!("{}: cannot write {}: {error}", self.flag, self.shown))
        })
    }
}
