//! The handler behind `listen`: each request is counted, judged, saved, then answered or
//! passed on, and told of.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::StatusCode;
use tokio::sync::Notify;

use super::account::{Entry, Teller};
use super::{
    Answer, Because, Call, Detail, Forwarder, Given, Goal, Handler, Judge, Judgement, Kept, Ledger,
    News, Plan, Policy, Received, Refusal, Reply, Saver, Saving, Seen, Tally, Told,
};
use crate::verify::Verdict;

/// How a desk works.
#[derive(Debug)]
pub struct Desk {
    pub(super) judge: Judge,
    policy: Policy,
    reject_invalid: bool,
    saver: Option<Saver>,
    keep_fixtures: bool,
    forwarder: Option<Forwarder>,
    pub(super) goal: Goal,
    books: Mutex<Books>,
    pub(super) news: News,
    done: Notify,
}

/// What is known of the run so far.
#[derive(Debug, Default)]
pub(super) struct Books {
    taken: u64,
    ledger: Ledger,
    pub(super) tally: Tally,
}

/// What a desk is made of.
#[derive(Debug)]
pub struct Setup {
    /// Who says what is genuine.
    pub judge: Judge,
    /// What is answered.
    pub policy: Policy,
    /// Answer 401 to what does not verify.
    pub reject_invalid: bool,
    /// Where requests are kept.
    pub saver: Option<Saver>,
    /// Whether the payloads of genuine requests are kept as fixtures.
    pub keep_fixtures: bool,
    /// Who gets them next.
    pub forwarder: Option<Forwarder>,
    /// When the run is over.
    pub goal: Goal,
    /// Who is told.
    pub news: News,
}

impl Desk {
    /// A desk that is ready to take requests.
    pub fn new(setup: Setup) -> Self {
        let Setup { judge, policy, reject_invalid, saver, .. } = setup;
        let Setup { keep_fixtures, forwarder, goal, news, .. } = setup;
        let (books, done) = (Mutex::default(), Notify::new());
        Self {
            judge,
            policy,
            reject_invalid,
            saver,
            keep_fixtures,
            forwarder,
            goal,
            books,
            news,
            done,
        }
    }

    /// Waits until the goal is reached; for ever when there is none.
    pub async fn reached(&self) {
        self.done.notified().await;
    }

    /// How many news were lost since the last call.
    pub fn lost(&self) -> u64 {
        self.news.lost()
    }

    /// What came so far.
    pub fn tally(&self) -> Tally {
        self.books().tally.clone()
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a request; `None` when the run is over.
    fn enter(&self, judgement: &Judgement) -> Option<(u64, Seen)> {
        let mut books = self.books();
        if self.goal.requests.is_some_and(|limit| books.taken >= limit) {
            return None;
        }
        books.taken += 1;
        let n = books.taken;
        let seen = match &judgement.request_id {
            Some(id) => books.ledger.enter(id, judgement.signature.as_deref()),
            None => Seen { of_its_id: 1, same: 1 },
        };
        Some((n, seen))
    }

    /// Counts a request that is over with, and sees whether the run is, too.
    pub(super) fn count(&self, entry: &Entry, saved: bool) {
        let mut books = self.books();
        let tally = &mut books.tally;
        tally.verdict(entry.verdict);
        tally.repeats += u64::from(entry.seen.same > 1);
        tally.not_saved += u64::from(!saved);
        if let Some(event) = &entry.event {
            tally.event(event);
        }
        tally.matching += u64::from(entry.is_wanted);
        if self.goal.is_reached(tally) {
            self.done.notify_one();
        }
    }

    async fn course(&self, received: Box<Received>, teller: &mut Teller<'_>) -> Reply {
        let saving = self.save(&received, &teller.entry).await;
        // Only a target needs the request from here on. Dozens that wait for one write at a time
        // would hold the memory that the next ones could be read into.
        let received = self.forwarder.is_some().then_some(received);
        if let Err(error) = saving.end().await {
            teller.not_saved = Some(error);
            return Reply::Answer(Answer::text(
                StatusCode::INSUFFICIENT_STORAGE,
                "the request could not be saved\n",
            ));
        }
        let entry = &teller.entry;
        if self.reject_invalid && !entry.is_valid() {
            return Reply::Answer(Answer::text(
                StatusCode::UNAUTHORIZED,
                "the signature does not verify\n",
            ));
        }
        let call =
            Call { n: entry.n, of_its_id: entry.seen.of_its_id, event: entry.event.as_deref() };
        let (plan, because) = self.policy.plan(&call);
        let delay = self.policy.delay(plan, call.n);
        if !delay.is_zero() {
            // Boxed, as what comes next: most receivers never need it.
            Box::pin(tokio::time::sleep(delay)).await;
        }
        match received {
            Some(received) => Box::pin(self.pass(&received, teller, plan, because)).await,
            None => plan.reply.clone(),
        }
    }

    /// Lets a target answer, if there is one for this request.
    async fn pass(
        &self,
        received: &Received,
        teller: &mut Teller<'_>,
        plan: &Plan,
        because: Because,
    ) -> Reply {
        // What is said on purpose is said here; only the usual answer is the target's to give.
        if let (Some(forwarder), Because::Usual) = (&self.forwarder, because) {
            let (event, is_valid) = (teller.entry.event.as_deref(), teller.entry.is_valid());
            if let Some((answer, passed)) = forwarder.pass(received, event, is_valid).await {
                teller.passed = passed;
                return Reply::Answer(answer);
            }
        }
        plan.reply.clone()
    }

    /// Hands a request in to be saved.
    async fn save(&self, received: &Received, entry: &Entry) -> Saving {
        let Some(saver) = &self.saver else { return Saving::none() };
        let genuine = self.judge.names().next().is_none() || entry.is_valid();
        let fixture = entry.event.as_deref().filter(|_| self.keep_fixtures && genuine);
        saver.save(Kept { received, fixture }).await
    }
}

impl Handler for Desk {
    async fn handle(&self, received: Box<Received>) -> Reply {
        let judgement = self.judge.judge(&received);
        let Some((n, seen)) = self.enter(&judgement) else { return Reply::Drop };
        let mut teller = Teller::new(self, &received, judgement, n, seen);
        let reply = self.course(received, &mut teller).await;
        teller.tell(&reply).await;
        reply
    }

    fn refused(&self, refusal: Refusal) {
        self.books().tally.refusal(refusal.reason);
        if self.news.detail() > Detail::Count {
            self.news.tell_now(Told::Refusal(refusal));
        }
    }
}

impl Given {
    pub(super) fn of(reply: &Reply) -> Self {
        match reply {
            Reply::Answer(answer) => Self::Status(answer.status.as_u16()),
            Reply::Drop => Self::Dropped,
        }
    }
}

impl Entry {
    fn is_valid(&self) -> bool {
        self.verdict == Some(Verdict::Valid)
    }
}
