//! `pgwh send`

use std::num::NonZeroU32;

use super::edge::{self, WallClock};
use super::failure::Failure;
use super::outgoing::{self, Outgoing};
use super::save::CaptureFile;
use super::{Exit, network, replay, runtime, secret};
use crate::cli::{BackoffArg, DeliveryArgs, FormatArg, SendArgs};
use crate::delivery::{Backoff, HttpTransport, Plan, RetryPolicy, Verdict, deliver};
use crate::pgm::{RequestId, SignedRequest};
use crate::report::{DeliveryReport, Output, delivery_json};

/// A request with the name of its event, where that is known.
type Named = (Option<String>, SignedRequest);

pub(super) fn run(args: &SendArgs, output: &mut Output) -> Result<Exit, Failure> {
    one_reader_of_stdin(args)?;
    let requests = match &args.from {
        Some(file) => replay::requests(file, &args.secret, output)?,
        None => new_requests(args, output)?,
    };
    let requests: Vec<Named> = requests.into_iter().map(|r| with_headers(r, args)).collect();
    let transport = network::transport(&args.url.0, &args.network, output)?;
    let save = args.save.as_deref().map(CaptureFile::open).transpose()?;
    runtime::block_on(send_all(args, &requests, &transport, save, output))
}

async fn send_all(
    args: &SendArgs,
    requests: &[Named],
    transport: &HttpTransport,
    mut save: Option<CaptureFile>,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let mut worst = Verdict::Delivered;
    for (n, (event, request)) in requests.iter().enumerate() {
        if let Some(save) = &mut save {
            save.append(request, &args.url.0, edge::now())?;
        }
        if n > 0 && args.format == FormatArg::Human && !args.quiet {
            output.answer("\n");
        }
        worst = worst.max(send_one(args, event.as_deref(), request, transport, output).await);
    }
    Ok(Exit::from(worst))
}

async fn send_one(
    args: &SendArgs,
    event: Option<&str>,
    request: &SignedRequest,
    transport: &HttpTransport,
    output: &mut Output,
) -> Verdict {
    let report = DeliveryReport {
        palette: output.palette(),
        verbose: args.verbose,
        event,
        url: &args.url.0,
        request,
        timeout: args.network.timeout,
    };
    let told = args.format == FormatArg::Human && !args.quiet;
    if told {
        output.answer(report.opening());
    }
    let delivery =
        deliver(transport, &WallClock, request, &plan(&args.delivery), |attempt, delay| {
            if told {
                output.answer(report.attempt(attempt, delay));
            }
        })
        .await;
    output.answer(match args.format {
        FormatArg::Human => report.closing(&delivery),
        FormatArg::Json => delivery_json(event, &args.url.0, request, &delivery),
    });
    delivery.verdict
}

fn plan(args: &DeliveryArgs) -> Plan {
    match args.repeat.map(NonZeroU32::get) {
        Some(times) if args.parallel => Plan::RepeatAtOnce(times),
        Some(times) => Plan::Repeat(times),
        None => Plan::Retry(RetryPolicy {
            retries: args.retries,
            delay: args.retry_delay,
            backoff: match args.backoff {
                BackoffArg::Fixed => Backoff::Fixed,
                BackoffArg::Exponential => Backoff::Exponential,
            },
            retry_on: args.retry_on.clone(),
        }),
    }
}

fn new_requests(args: &SendArgs, output: &mut Output) -> Result<Vec<Named>, Failure> {
    let now = edge::now();
    let date = args.triggered_date.map_or(now, |date| date.resolve(now));
    let outgoing = outgoing::bodies(&args.event, &args.payload, date)?;
    let own_id = args.request_id.as_deref().map(RequestId::new).transpose()?;
    if own_id.is_some() && outgoing.len() > 1 {
        return Err(Failure::new(
            "--request-id identifies one request, but there are several events",
        )
        .help("send them one at a time"));
    }
    let secret = secret::required(&args.secret, output)?;
    let sign = |Outgoing { event, body }| {
        let id = own_id.clone().unwrap_or_else(edge::new_request_id);
        (event, SignedRequest::new(id, &secret, body))
    };
    Ok(outgoing.into_iter().map(sign).collect())
}

fn with_headers((event, request): Named, args: &SendArgs) -> Named {
    let headers = args.network.header.iter();
    (event, headers.fold(request, |request, header| request.header(&header.name, &header.value)))
}

/// Standard input can be read once.
fn one_reader_of_stdin(args: &SendArgs) -> Result<(), Failure> {
    let dash =
        |path: &Option<std::path::PathBuf>| path.as_deref().is_some_and(|p| p.as_os_str() == "-");
    let readers = [
        ("--data", args.payload.data.as_deref() == Some("-")),
        ("--body", args.payload.body.as_deref() == Some("-")),
        ("--from", dash(&args.from)),
        ("--secret-file", dash(&args.secret.secret_file)),
    ];
    let readers: Vec<_> =
        readers.iter().filter(|(_, reads)| *reads).map(|(flag, _)| *flag).collect();
    if readers.len() < 2 {
        return Ok(());
    }
    Err(Failure::new(format!("{} cannot both read standard input", readers.join(" and ")))
        .help("put one of them into a file"))
}
