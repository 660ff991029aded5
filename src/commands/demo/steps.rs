//! What the commands of the demonstration do, with their own reports.

use std::time::Duration;

use url::Url;

use super::super::call::{Call, Manner};
use super::super::failure::Failure;
use super::super::{Exit, check_target, edge, verify};
use crate::capture::Capture;
use crate::check::Fitness;
use crate::cli::FormatArg;
use crate::delivery::{
    Backoff, DeliveryVerdict, HttpTransport, Network, RetryOn, RetryPolicy, SendMode,
};
use crate::pgm::{Envelope, Secret, SignedRequest};
use crate::report::{Output, check_human};
use crate::requests::Recorder;
use crate::verify::NamedSecret;

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
        plan: SendMode::Retry(RetryPolicy {
            retries: 3,
            delay: Duration::from_millis(200),
            backoff: Backoff::Fixed,
            retry_on: vec![RetryOn::Failure],
        }),
        recorder: &Recorder::off(),
    };
    let transport = HttpTransport::new(url.clone(), &network)?;
    let verdict = manner.deliver(&call, &transport, |text| output.answer(text)).await;
    Ok(verdict == DeliveryVerdict::Delivered)
}

/// `pgwh verify captures.ndjson`; whether all of them are genuine.
pub(super) fn verify(
    captures: &[Capture],
    secret: &str,
    output: &mut Output,
) -> Result<bool, Failure> {
    let placed = |(n, capture): (usize, &Capture)| Capture {
        place: format!("line {}", n + 1),
        ..capture.clone()
    };
    let captures: Vec<_> = captures.iter().enumerate().map(placed).collect();
    let secret = NamedSecret { name: "PGWH_SECRET".to_owned(), secret: Secret::new(secret)? };
    Ok(verify::plainly("captures.ndjson", &captures, secret, output)? == Exit::Yes)
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
