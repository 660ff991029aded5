//! `pgwh send`

mod item;
mod load;
mod plan;
mod target;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;

use self::item::Item;
use self::target::{Target, Targets};
use super::call::{Call, Manner};
use super::failure::Failure;
use super::save::CaptureFile;
use super::{Exit, config, defaults, edge, requests_list, runtime, stdin, transports};
use crate::cli::{FormatArg, HeaderArg, SendArgs};
use crate::delivery::{DeliveryVerdict, HttpTransport, Protocol};
use crate::diagnostic::Diagnostic;
use crate::report::{Output, escape, round_summary, subscriptions};
use crate::webhooks::Config;

/// Calls that are made at once, each with its transport.
type Round = Vec<(Call, HttpTransport)>;

pub(super) fn run(mut args: SendArgs, output: &mut Output) -> Result<Exit, Failure> {
    stdin::one_reader(&args.payload, &args.secret, args.from.as_ref())?;
    let config = config::load(args.config.config.as_deref(), output)?;
    defaults::send(&mut args, &config.send);
    if args.load.is_asked() {
        return load::run(&args, &config, output);
    }
    let items = item::all(&args, output)?;
    let targets = Targets::new(&args, &config, output)?;
    let mut rounds = Vec::new();
    for item in &items {
        let targets = targets.of(item, output)?;
        if targets.is_empty() {
            nobody(item, &config, output);
            return Ok(Exit::No);
        }
        rounds.push(calls(item, targets, &args, output)?);
    }
    one_request_an_id(&items, &rounds)?;
    let rounds = with_transports(rounds, &args, output)?;
    let save = args.save.as_deref().map(|path| CaptureFile::open("--save", path)).transpose()?;
    runtime::block_on(send_all(&args, &rounds, &config, save, output))
}

async fn send_all(
    args: &SendArgs,
    rounds: &[Round],
    config: &Config,
    mut save: Option<CaptureFile>,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let recorder = requests_list::recorder(!args.no_record, config);
    let manner = Manner {
        palette: output.palette(),
        format: args.format,
        verbose: args.verbose,
        quiet: args.quiet,
        timeout: args.network.timeout(),
        plan: plan::plan(&args.delivery),
        recorder: &recorder,
    };
    let mut worst = DeliveryVerdict::Delivered;
    for (n, round) in rounds.iter().enumerate() {
        if let Some(save) = &mut save {
            for (call, _) in round {
                save.append(&call.request, &call.url, edge::now())?;
            }
        }
        if n > 0 && manner.is_told() {
            output.answer("\n");
        }
        let named = manner.quiet && rounds.len() > 1;
        worst = worst.max(send_round(&manner, round, named, output).await);
        requests_list::show_warnings(&recorder, requests_list::NO_RECORD_HELP, output);
    }
    Ok(Exit::from(worst))
}

/// One call is told as it happens; several are made at once and told in the order of the file,
/// each as soon as it and those before it have ended.
async fn send_round(
    manner: &Manner<'_>,
    round: &Round,
    named: bool,
    output: &mut Output,
) -> DeliveryVerdict {
    if let [(call, transport)] = &round[..] {
        let name = call.event.as_deref().filter(|_| named && manner.format == FormatArg::Human);
        let name = name.map(|event| format!("{}: ", escape(event))).unwrap_or_default();
        return manner
            .deliver(call, transport, |text| output.answer(format!("{name}{text}")))
            .await;
    }
    let mut calls: FuturesOrdered<_> =
        round.iter().map(|(call, transport)| block(manner, call, transport)).collect();
    let mut verdicts = Vec::new();
    while let Some((text, verdict)) = calls.next().await {
        output.answer(text);
        verdicts.push(verdict);
    }
    if manner.is_told() {
        output.answer(round_summary(&verdicts, output.palette()));
    }
    verdicts.into_iter().max().unwrap_or(DeliveryVerdict::Delivered)
}

/// A delivery as one block of text, which says whose it is.
async fn block(
    manner: &Manner<'_>,
    call: &Call,
    transport: &HttpTransport,
) -> (String, DeliveryVerdict) {
    let mut text = String::new();
    let is_verdict_only = manner.quiet && manner.format == FormatArg::Human;
    if let Some(name) = call.webhook.as_deref().filter(|_| is_verdict_only) {
        text += &format!("{}: ", escape(name));
    }
    let verdict = manner.deliver(call, transport, |piece| text += &piece).await;
    if manner.is_told() {
        text.push('\n');
    }
    (text, verdict)
}

fn calls(
    item: &Item,
    targets: Vec<Target>,
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<Call>, Failure> {
    let headers = headers(&args.network.header);
    let mut calls = Vec::new();
    for Target { webhook, url, secret } in targets {
        let request = item.sign(secret.as_ref(), args.from.as_deref(), output)?.with(&headers);
        calls.push(Call { event: item.event(), webhook, url, request, stored: None });
    }
    Ok(calls)
}

/// The user's own headers as pairs.
fn headers(args: &[HeaderArg]) -> Vec<(String, String)> {
    args.iter().map(|HeaderArg { name, value }| (name.clone(), value.clone())).collect()
}

/// Each URL is made ready once, so that what is to be said of it is said once.
fn with_transports(
    rounds: Vec<Vec<Call>>,
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<Round>, Failure> {
    let mut urls: Vec<_> = Vec::new();
    for call in rounds.iter().flatten() {
        if !urls.contains(&call.url) {
            urls.push(call.url.clone());
        }
    }
    let protocol = if args.http2 { Protocol::Http2 } else { Protocol::Http1 };
    let ready =
        transports::to_each(&urls.iter().collect::<Vec<_>>(), &args.network, protocol, output)?;
    let ready: Vec<_> = urls.into_iter().zip(ready).collect();
    let with_transport = |call: Call| {
        let found = ready.iter().find(|(url, _)| *url == call.url)?;
        Some((call, found.1.clone()))
    };
    Ok(rounds
        .into_iter()
        .map(|round| round.into_iter().filter_map(with_transport).collect())
        .collect())
}

fn one_request_an_id(items: &[Item], rounds: &[Vec<Call>]) -> Result<(), Failure> {
    let requests: usize = rounds.iter().map(Vec::len).sum();
    if requests < 2 || !items.iter().any(Item::has_own_id) {
        return Ok(());
    }
    if items.len() > 1 {
        return Err(Failure::new(
            "--request-id identifies one request, but there are several events",
        )
        .help("send them one at a time"));
    }
    Err(Failure::new("--request-id identifies one request, but there are several webhooks")
        .help("--webhook NAME picks one"))
}

fn nobody(item: &Item, config: &Config, output: &mut Output) {
    let event = escape(&item.event().unwrap_or_default());
    let message = format!("no webhook in {} is subscribed to {event}", config::file(config));
    output.fail(Diagnostic { message, help: subscriptions(&config.webhooks) });
}
