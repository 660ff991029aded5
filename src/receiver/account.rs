//! Telling what became of a request, also when it comes to nothing half-way.

use std::time::Instant;

use super::{
    Account, Desk, Detail, Given, Judgement, NotSaved, Passed, Received, Reply, Seen, Told,
};
use crate::verify::Verdict;

/// Follows a request over the desk. If the caller goes away the request's future is dropped,
/// and this with it: then that is told. It has of the request what is wanted later, so that the
/// request itself need not wait for its answer.
pub(super) struct Teller<'a> {
    desk: &'a Desk,
    pub(super) entry: Entry,
    pub(super) passed: Vec<Passed>,
    pub(super) not_saved: Option<NotSaved>,
    since: Instant,
    /// All that can be said beforehand, if somebody wants to know.
    account: Option<Box<Account>>,
    told: bool,
}

/// What is counted of a request.
#[derive(Debug)]
pub(super) struct Entry {
    /// Counted from 1 over the whole run.
    pub(super) n: u64,
    pub(super) seen: Seen,
    pub(super) verdict: Option<Verdict>,
    pub(super) event: Option<String>,
    /// Whether it is one of those that are expected.
    pub(super) is_wanted: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        desk: &'a Desk,
        received: &Received,
        judgement: Judgement,
        n: u64,
        seen: Seen,
    ) -> Self {
        let entry = Entry {
            n,
            seen,
            verdict: judgement.verdict,
            is_wanted: desk.goal.wants(&judgement),
            event: judgement.event.clone(),
        };
        let detail = desk.news.detail();
        let account = (detail > Detail::Count)
            .then(|| Box::new(Account::begun(desk, received, judgement, (n, seen))));
        let since = received.since;
        Self { desk, entry, passed: Vec::new(), not_saved: None, since, account, told: false }
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
        self.desk.count(&self.entry, self.not_saved.is_none());
        let mut account = self.account.take()?;
        account.elapsed = self.since.elapsed();
        account.given = given;
        account.passed = std::mem::take(&mut self.passed);
        account.not_saved = self.not_saved.take();
        Some(Told::Request(account))
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

impl Account {
    /// What is known when a request has come; its end is still to be put in.
    fn begun(
        desk: &Desk,
        received: &Received,
        judgement: Judgement,
        (n, seen): (u64, Seen),
    ) -> Self {
        let secret = judgement.secret.and_then(|index| desk.judge.names().nth(index));
        let headers = || {
            let headers = received.headers();
            headers.map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
        };
        Self {
            n,
            received_at: received.received_at,
            elapsed: received.elapsed(),
            remote: received.caller.text.to_string(),
            path: received.path().to_owned(),
            verdict: judgement.verdict,
            secret: secret.filter(|name| !name.is_empty()).map(str::to_owned),
            repeat: seen.same,
            event: judgement.event,
            request_id: judgement.request_id,
            signature: judgement.signature,
            body: received.body.clone(),
            findings: judgement.findings,
            given: Given::CallerGone,
            passed: Vec::new(),
            not_saved: None,
            headers: (desk.news.detail() == Detail::Whole).then(headers),
        }
    }
}
