//! The one task that writes.

use std::io;
use std::sync::Arc;

use tokio::task;

use super::batch::Batch;
use super::saver::Tray;
use super::{CaptureFile, FixtureFolder};

/// Writes what lies on the tray, batch by batch.
pub(super) struct Writer {
    pub(super) file: Option<CaptureFile>,
    pub(super) fixtures: Option<FixtureFolder>,
    pub(super) tray: Arc<Tray>,
}

impl Writer {
    pub(super) async fn run(mut self, trouble: impl Fn(io::Error)) {
        let mut spare = Vec::new();
        let tray = self.tray.clone();
        while let Some(batch) = tray.next(&mut spare).await {
            match self.flushed(batch).await {
                Some((writer, room)) => (self, spare) = (writer, room),
                None => return,
            }
            if let Some(Err(error)) = self.fixtures.as_mut().map(FixtureFolder::write) {
                trouble(error);
            }
        }
    }

    /// Writes a batch, and gives its room back. A write to the system's cache takes
    /// microseconds, less than handing it to another thread; a write to the disk takes
    /// milliseconds, and has to.
    async fn flushed(mut self, mut batch: Batch) -> Option<(Self, Vec<u8>)> {
        let slow = self.file.as_ref().is_some_and(CaptureFile::is_slow);
        let flush = move || {
            self.flush(&mut batch);
            (self, std::mem::take(&mut batch.lines))
        };
        if slow { task::spawn_blocking(flush).await.ok() } else { Some(flush()) }
    }

    fn flush(&mut self, batch: &mut Batch) {
        if let Some(fixtures) = &mut self.fixtures {
            batch.fixtures.drain(..).for_each(|(event, body)| fixtures.keep(&event, body));
        }
        let (written, result) = match &mut self.file {
            Some(file) => file.append(&batch.lines),
            None => (0, Ok(())),
        };
        batch.settle(written, &result);
    }
}

/// Nobody is to wait for a writer that has ended.
impl Drop for Writer {
    fn drop(&mut self) {
        self.tray.end();
        self.tray.take(&mut Vec::new());
    }
}
