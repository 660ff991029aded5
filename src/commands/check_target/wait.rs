//! The first call, made again until the target is there.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::edge;
use super::child::Started;
use crate::check::{Call, Reply, Target};
use crate::delivery::{Attempt, AttemptOutcome, DeliveryVerdict, ProbeClient};

const POLL: Duration = Duration::from_millis(100);

/// Makes the call, again and again for as long as `patience` while nobody is there to take it.
/// The target gets it once: only a connection that stands can carry it.
pub(super) async fn first_reply(
    prober: &ProbeClient,
    call: &Call,
    patience: Duration,
    mut started: Option<&mut Started>,
) -> Reply {
    // A time that no calendar holds is as good as for ever.
    let deadline = Instant::now().checked_add(patience);
    loop {
        let reply = prober.call(call, edge::now()).await;
        let ended = started.as_deref_mut().is_some_and(|started| started.failed().is_some());
        if is_there(&reply) || ended || deadline.is_some_and(|end| Instant::now() + POLL > end) {
            return reply;
        }
        sleep(POLL).await;
    }
}

/// Whether waiting would change nothing. A port that a container engine has opened takes
/// connections, and breaks them, before there is anybody behind it.
fn is_there(reply: &Reply) -> bool {
    let Some(attempt) = &reply.attempt else { return true };
    let shows_certificate = attempt.outcome == AttemptOutcome::Tls && reply.peer.is_some();
    shows_certificate
        || (attempt.verdict() != DeliveryVerdict::Unreachable && !broke_at_once(attempt))
}

fn broke_at_once(attempt: &Attempt) -> bool {
    attempt.outcome == AttemptOutcome::Broken && attempt.response.is_none()
}
