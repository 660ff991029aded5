//! `pgwh demo`: the toolkit on itself, with nothing but this machine.

mod steps;
mod target;

use url::Url;

use self::target::DemoTarget;
use super::failure::Failure;
use super::{Exit, edge, runtime};
use crate::pgm::Secret;
use crate::report::{Output, demo};

/// What the sender and the receiver of the demonstration agree on.
const SECRET: &str = "the secret of this demo";
/// What a receiver with a wrong secret would have.
const OTHER_SECRET: &str = "the secret of another webhook";

pub(super) fn run(output: &mut Output) -> Result<Exit, Failure> {
    runtime::block_on(show(output))
}

async fn show(output: &mut Output) -> Result<Exit, Failure> {
    let palette = output.palette();
    let secret = Secret::new(SECRET)?;
    let target = DemoTarget::start(secret.clone(), edge::now).await?;
    let url = Url::parse(&target.url())?;
    output.answer(demo::opening(&url, palette));
    let step = |what: &str, command: &str| demo::step(what, command, palette);

    let command = format!("pgwh send ClassesBooked --url {url} --retries 3 --retry-delay 200ms");
    output.answer(step("1. Send an event; a retry has the same id and signature", &command));
    let delivered = steps::send(&url, &secret, output).await?;

    let captures = target.captures();
    let command = "pgwh verify captures.ndjson";
    output.answer(step("2. Verify what arrived", command));
    let genuine = steps::verify(&captures, SECRET, output)?;
    let command = format!("PGWH_SECRET='{OTHER_SECRET}' {command}");
    output.answer(step("3. Verify it with another secret: it is refused", &command));
    let refused = !steps::verify(captures.get(..1).unwrap_or_default(), OTHER_SECRET, output)?;

    let command = format!("pgwh check-target {url}");
    output.answer(step("4. Is the receiver fit for PGM?", &command));
    let fit = steps::check_target(&url, &secret, output).await?;

    target.stop().await;
    output.answer(demo::closing(palette));
    Ok(if delivered && genuine && refused && fit { Exit::Yes } else { Exit::No })
}
