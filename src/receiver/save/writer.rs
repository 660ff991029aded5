//! The tasks that write, one for each lane, and what they share.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task;

use super::batch::Batch;
use super::saver::Tray;
use super::{CaptureFile, FixtureFolder};

/// Where all writers write to, one at a time.
#[derive(Debug, Clone)]
pub(super) struct Store {
    places: Arc<Mutex<Places>>,
    is_slow: bool,
}

#[derive(Debug)]
struct Places {
    file: Option<CaptureFile>,
    fixtures: Option<FixtureFolder>,
}

impl Store {
    pub(super) fn new(file: Option<CaptureFile>, fixtures: Option<FixtureFolder>) -> Self {
        let is_slow = file.as_ref().is_some_and(CaptureFile::is_slow);
        Self { places: Arc::new(Mutex::new(Places { file, fixtures })), is_slow }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a batch, lets its requests be answered, then writes its fixtures; whether those
    /// could be.
    fn flush(&self, batch: &mut Batch) -> io::Result<()> {
        let Places { file, fixtures } = &mut *self.places();
        let (written, result) = match file {
            Some(file) => file.append(&batch.lines),
            None => (0, Ok(())),
        };
        batch.settle(written, &result);
        let Some(fixtures) = fixtures else { return Ok(()) };
        batch.fixtures.drain(..).for_each(|(event, body)| fixtures.keep(&event, body));
        fixtures.write()
    }
}

/// Writes what lies on a tray, batch by batch.
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) tray: Arc<Tray>,
}

impl Writer {
    pub(super) async fn run(self, trouble: impl Fn(io::Error)) {
        let mut spare = Vec::new();
        while let Some(batch) = self.tray.next(&mut spare).await {
            match self.flushed(batch).await {
                Some((room, fixtures)) => {
                    spare = room;
                    fixtures.unwrap_or_else(&trouble);
                }
                None => return,
            }
        }
    }

    /// Writes a batch, and gives its room back and what came of its fixtures. A write to the system's cache takes
    /// microseconds, less than handing it to another thread; a write to the disk takes
    /// format_duration, and has to.
    async fn flushed(&self, mut batch: Batch) -> Option<(Vec<u8>, io::Result<()>)> {
        let store = self.store.clone();
        let mut flush = move || {
            let fixtures = store.flush(&mut batch);
            (std::mem::take(&mut batch.lines), fixtures)
        };
        if self.store.is_slow { task::spawn_blocking(flush).await.ok() } else { Some(flush()) }
    }
}

/// Nobody is to wait for a writer that has ended.
impl Drop for Writer {
    fn drop(&mut self) {
        self.tray.end();
        self.tray.take(&mut Vec::new());
    }
}
