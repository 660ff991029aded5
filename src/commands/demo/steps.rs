//! What the commands of the demonstration do, with their own reports.

use std::time::Duration;

use url::Url;

use super::super::call::{Call, Manner};
use super::super::failure::Failure;
use super::super::{check_target, edge};
use crate::capture::Capture;
use crate::check::Fitness;
use crate::cli::FormatArg;
use crate::delivery::{Backoff, HttpTransport, Network, Plan, RetryOn, RetryPolicy, Verdict};
use crate::pgm::{Envelope, Secret, SignedRequest};
use crate::report::{Output, check_human, demo};
use crate::requests::Journal;
use crate::verify::{NamedSecret, Secrets, Seed, Verifier};

const EVENT: &str = "ClassesBooked";

/// `pgwh send ClassesBooked --url … --retries 3`; whether it was delivered.
pub(super) async fn send(url: &Url, secret: &Secret, output: &mut Output) -> Result<bool, Failure> {
    let event = crate::pgm::find(EVENT).ok_or_else(|| Failure::new("the samples are gone"))?;
    let envelope = Envelope { event: event.event, triggered_date: edge::now(), data: event.data };
    let request = SignedRequest::new(edge::new_request_id(), secret, envelope.to_body());
    let call = Call {
        event: Some(envelope.event),
        webhook: None,
        url: url.clone(),
        request,
        stored: None,
    };
    let network = Network::default();
    let manner = Manner {
        palette: output.palette(),
        format: FormatArg::Human,
        verbose: false,
        quiet: false,
        timeout: network.timeout,
        plan: Plan::Retry(RetryPolicy {
            retries: 3,
            delay: Duration::from_millis(200),
            backoff: Backoff::Fixed,
            retry_on: vec![RetryOn::Failure],
        }),
        journal: &Journal::off(),
    };
    let transport = HttpTransport::new(url.clone(), &network)?;
    let verdict = manner.deliver(&call, &transport, |text| output.answer(text)).await;
    Ok(verdict == Verdict::Delivered)
}

/// `pgwh verify captures.ndjson`; whether all of them are genuine.
pub(super) fn verify(
    captures: &[Capture],
    secret: &str,
    output: &mut Output,
) -> Result<bool, Failure> {
    let accepted = [NamedSecret { name: "PGWH_SECRET".to_owned(), secret: Secret::new(secret)? }];
    let secrets = Secrets { accepted: &accepted, known: &[] };
    let mut verifier = Verifier::new(secrets, edge::now(), Seed::new(edge::random()));
    for (n, capture) in captures.iter().enumerate() {
        let view = capture.view();
        let examined = verifier.verify(&view);
        output.answer(demo::capture(n + 1, &examined, output.palette()));
    }
    Ok(verifier.totals().all_valid())
}

/// `pgwh check-target …`; whether the target is fit.
pub(super) async fn check_target(
    url: &Url,
    secret: &Secret,
    output: &mut Output,
) -> Result<bool, Failure> {
    let report = check_target::plainly(url, secret).await?;
    output.answer(check_human(&report, output.palette()));
    Ok(report.fitness == Fitness::Fit)
}
