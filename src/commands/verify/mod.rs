//! `pgwh verify`

mod args;
mod files;
mod lines;
mod session;

use self::args::ShownArgs;
pub(super) use self::args::VerifyArgs;
use self::lines::Batch;
use self::session::{VerifyOptions, VerifySession};
use super::error::CliError;
use super::input::text_or_file;
use super::reports::{ReportFormat, Reports};
use super::secret::{self, NamedFile};
use super::{Exit, system};
use crate::capture::{Body, Capture, Item};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER, Secret};
use crate::report::{
    Output, Palette, VerifyGithub, VerifyHuman, VerifyJson, VerifyJunit, VerifyMarkdown,
    VerifyReport, finding_lines_json, finding_list, finding_page,
};
use crate::verify::{FindingKind, NamedSecret, Secrets, Verifier};
use crate::webhooks::Config;

/// What a request from a screen is called.
const SCREEN: &str = "the request";

pub(super) fn run(args: &VerifyArgs, output: &mut Output) -> Result<Exit, CliError> {
    if let Some(id) = &args.explain {
        output.stdout(explain(id, args.reports.format, output.palette())?);
        return Ok(Exit::Yes);
    }
    files::check_single_stdin(args)?;
    let secrets = gather(args, output)?;
    let screen = args.shown.request_id.is_some().then(|| on_screen(&args.shown)).transpose()?;
    let verifier = verifier(&secrets.accepted, &secrets.known);
    let reports = args.reports.open()?;
    let expected = expected(args, &secrets.accepted, output);
    let renderers = renderers(&reports, args.verbose, expected, output.palette());
    let options = VerifyOptions {
        several: secrets.accepted.len() > 1,
        quiet: args.quiet,
        watched: !args.quiet && output.stderr_is_tty(),
    };
    let mut session = VerifySession::new(verifier, reports, renderers, options);
    if let Some(capture) = screen {
        report(&mut session, SCREEN, vec![capture], output)?;
    }
    for input in files::expand(&args.files) {
        files::verify(&input, &mut session, output)?;
    }
    session.finish(output)
}

/// Verifies captures that are at hand, with nothing but a secret.
pub(super) fn with_defaults(
    file: &str,
    captures: Vec<Capture<'_>>,
    secret: NamedSecret,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let accepted = [secret];
    let reports = Reports::open(ReportFormat::Human, &[])?;
    let renderers = renderers(&reports, false, &[], output.palette());
    let verifier = verifier(&accepted, &[]);
    let mut session = VerifySession::new(verifier, reports, renderers, VerifyOptions::default());
    report(&mut session, file, captures, output)?;
    session.finish(output)
}

fn verifier<'s>(accepted: &'s [NamedSecret], known: &'s [NamedSecret]) -> Verifier<'s> {
    Verifier::new(Secrets { accepted, known }, system::now())
}

fn report(
    session: &mut VerifySession<'_>,
    file: &str,
    captures: Vec<Capture<'_>>,
    output: &mut Output,
) -> Result<(), CliError> {
    let mut batch = Batch::default();
    for capture in captures {
        batch.push(Item::Capture(capture), &session.examiner());
    }
    session.report(file, batch, output)
}

/// The request that was copied from a screen.
fn on_screen(args: &ShownArgs) -> Result<Capture<'static>, CliError> {
    let named = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| (name.to_ascii_lowercase().into(), value.clone().into()))
    };
    let body = args.body.as_deref().map(|body| text_or_file("--body", body)).transpose()?;
    let id = named(REQUEST_ID_HEADER, &args.request_id);
    Ok(Capture {
        headers: id.into_iter().chain(named(SIGNATURE_HEADER, &args.signature)).collect(),
        // What is typed or pasted is not to be called byte for byte what was received, but it
        // is the user's own word for it.
        body: body.map(|bytes| Body { bytes: bytes.into(), exact: true }),
        ..Capture::default()
    })
}

/// The secrets whose signatures may be shown: an expected signature is as good as the secret
/// for its request, so only a person gets to see it.
fn expected<'s>(
    args: &VerifyArgs,
    accepted: &'s [NamedSecret],
    output: &mut Output,
) -> &'s [NamedSecret] {
    if !args.show_expected {
        return &[];
    }
    if output.stdout_is_tty() && args.reports.format == ReportFormat::Human {
        return accepted;
    }
    let text = "--show-expected shows signatures on a terminal only: they are as good as the \
                secret for their requests";
    output.warn(text);
    &[]
}

/// One for each report; the first is the answer.
fn renderers<'s>(
    reports: &Reports,
    verbose: bool,
    expected: &'s [NamedSecret],
    palette: Palette,
) -> Vec<Box<dyn VerifyReport + 's>> {
    let renderer = |(number, format)| -> Box<dyn VerifyReport + 's> {
        match format {
            ReportFormat::Human if number == 0 => {
                Box::new(VerifyHuman::new(palette, verbose).expecting(expected))
            }
            ReportFormat::Human => Box::new(VerifyHuman::new(Palette::PLAIN, verbose)),
            ReportFormat::Json => Box::new(VerifyJson),
            ReportFormat::Junit => Box::new(VerifyJunit::default()),
            ReportFormat::Github => Box::new(VerifyGithub::default()),
            ReportFormat::Markdown => Box::new(VerifyMarkdown::default()),
        }
    };
    reports.formats().enumerate().map(renderer).collect()
}

/// The page of a finding, or the list of all for an empty id.
fn explain(id: &str, format: ReportFormat, palette: Palette) -> Result<String, CliError> {
    let kind = match (id, FindingKind::find(id)) {
        ("", _) => None,
        (_, Some(kind)) => Some(kind),
        (id, None) => return Err(unknown(id)),
    };
    match (format, kind) {
        (ReportFormat::Json, Some(kind)) => Ok(finding_lines_json(std::iter::once(kind))),
        (ReportFormat::Json, None) => Ok(finding_lines_json(FindingKind::all())),
        (ReportFormat::Human, Some(kind)) => Ok(finding_page(kind, palette)),
        (ReportFormat::Human, None) => Ok(finding_list(palette)),
        _ => Err(CliError::new("--explain answers in --format human or json")),
    }
}

fn unknown(id: &str) -> CliError {
    let failure = CliError::new(format!("there is no finding {id:?}"));
    let failure = match FindingKind::nearest(id) {
        Some(kind) => failure.help(format!("did you mean {}?", kind.id)),
        None => failure,
    };
    failure.help("`pgwh verify --explain` lists all")
}

/// The secrets of a run.
#[derive(Debug, Default)]
struct Gathered {
    /// A signature made with one of these is valid.
    accepted: Vec<NamedSecret>,
    /// Those of the other webhooks: a diagnosis may name them.
    known: Vec<NamedSecret>,
}

/// From the flags, the environment and the webhooks file. What is named is accepted. Only when
/// nothing is named, the webhooks of the file are: then all of them.
fn gather(args: &VerifyArgs, output: &mut Output) -> Result<Gathered, CliError> {
    let mut accepted = Vec::new();
    let webhooks_named = !args.others.webhook.is_empty();
    let first = match webhooks_named {
        true => args.secret.typed(output)?,
        false => args.secret.optional(output)?,
    };
    accepted.extend(first.map(|secret| named(args.secret.source(), secret)));
    for NamedFile { name, file } in &args.others.also_secret_file {
        accepted.push(named(name, secret::from_file("--also-secret-file", file)?));
    }
    let config = match args.config.load(output) {
        Ok(config) => config,
        // A file that nobody asked for must not stand in the way.
        Err(failure) if webhooks_named || accepted.is_empty() => return Err(failure),
        Err(failure) => {
            output.warn(failure.0.message);
            Config::default()
        }
    };
    if webhooks_named {
        accepted.extend(secret::of_webhooks(&config, &args.others.webhook)?);
    }
    if accepted.is_empty() {
        accepted = secret::of_all_webhooks(&config, |_| String::new(), output)?;
    }
    if accepted.is_empty() {
        return Err(secret::missing().help("--webhook NAME takes that of a webhook in pgwh.toml"));
    }
    let known = known(&config, &accepted);
    Ok(Gathered { accepted, known })
}

fn named(name: &str, secret: Secret) -> NamedSecret {
    NamedSecret { name: name.to_owned(), secret }
}

/// The secrets of the webhooks that are not accepted, as far as they are available without running a
/// command, which might ask for a password.
fn known(config: &Config, accepted: &[NamedSecret]) -> Vec<NamedSecret> {
    let webhooks = config.webhooks.iter();
    let secrets = webhooks.flat_map(|webhook| secret::available(config, webhook));
    secrets.filter(|known| accepted.iter().all(|one| one.secret != known.secret)).collect()
}
