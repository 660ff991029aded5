//! Why a signature is invalid: looked for after the caller has its answer.

use std::time::{Duration, Instant};

use crate::receiver::Account;
use crate::verify::{Diagnoser, NamedSecret, Signed, Verdict};

/// How long a diagnoser is used. Each has an amount of work that it may do; this makes it an
/// amount per time, however long the run is.
const LIFE: Duration = Duration::from_secs(10);

/// Adds causes to what is told of requests.
pub(super) struct Diagnosis<'s> {
    secrets: &'s [NamedSecret],
    diagnoser: Diagnoser<'s>,
    since: Instant,
}

impl<'s> Diagnosis<'s> {
    pub(super) fn new(secrets: &'s [NamedSecret]) -> Self {
        Self { secrets, diagnoser: Diagnoser::new(secrets, &[]), since: Instant::now() }
    }

    /// Puts the causes of an invalid signature before the other findings.
    pub(super) fn add(&mut self, account: &mut Account) {
        let Some(request_id) = &account.request_id else { return };
        self.diagnoser.note(request_id);
        let Some(signature) = &account.signature else { return };
        if account.verdict != Some(Verdict::Invalid) {
            return;
        }
        if self.since.elapsed() > LIFE {
            *self = Self::new(self.secrets);
        }
        let body = Some(&account.body[..]);
        let causes = self.diagnoser.diagnose(Signed { request_id, signature, body });
        account.findings.splice(0..0, causes);
    }
}
