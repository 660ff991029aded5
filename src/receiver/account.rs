//! Telling what became of a request, also when it comes to nothing half-way.

use super::desk::Course;
use super::{Account, Desk, Detail, Given, Judgement, Received, Reply, Seen, Told};

/// Follows a request over the desk. If the caller goes away the request's future is dropped,
/// and this with it: then that is told.
pub(super) struct Teller<'a> {
    desk: &'a Desk,
    pub(super) received: Received,
    pub(super) judgement: Judgement,
    pub(super) course: Course,
    n: u64,
    seen: Seen,
    told: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        desk: &'a Desk,
        received: Received,
        judgement: Judgement,
        n: u64,
        seen: Seen,
    ) -> Self {
        Self { desk, received, judgement, course: Course::default(), n, seen, told: false }
    }

    /// Tells what was answered.
    pub(super) async fn tell(&mut self, reply: &Reply) {
        if let Some(account) = self.conclude(Given::of(reply)) {
            self.desk.news.tell(account).await;
        }
    }

    /// Counts the request, once, and gives the news about it, if somebody wants to know.
    fn conclude(&mut self, given: Given) -> Option<Told> {
        self.told = true;
        self.desk.count(&self.judgement, self.seen, self.course.not_saved.is_none());
        let detail = self.desk.news.detail();
        (detail > Detail::Count).then(|| Told::Request(Box::new(self.account(given, detail))))
    }

    fn account(&mut self, given: Given, detail: Detail) -> Account {
        let received = &self.received;
        let judgement = &mut self.judgement;
        let secret = judgement.secret.and_then(|index| self.desk.judge.names().nth(index));
        let headers = || {
            let headers = received.headers();
            headers.map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
        };
        Account {
            n: self.n,
            received_at: received.received_at,
            elapsed: received.elapsed(),
            remote: received.caller.text.to_string(),
            path: received.path().to_owned(),
            verdict: judgement.verdict,
            secret: secret.filter(|name| !name.is_empty()).map(str::to_owned),
            repeat: self.seen.same,
            event: judgement.event.take(),
            request_id: judgement.request_id.take(),
            signature: judgement.signature.take(),
            body: received.body.clone(),
            findings: std::mem::take(&mut judgement.findings),
            given,
            passed: std::mem::take(&mut self.course.passed),
            not_saved: self.course.not_saved.take(),
            headers: (detail == Detail::Whole).then(headers),
        }
    }
}

impl Drop for Teller<'_> {
    fn drop(&mut self) {
        if !self.told
            && let Some(account) = self.conclude(Given::CallerGone)
        {
            self.desk.news.tell_now(account);
        }
    }
}
