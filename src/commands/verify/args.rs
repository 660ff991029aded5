//! The arguments of `pgwh verify`, and the secrets that they name.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::files::LocatedCapture;
use super::{Batch, VerifyOptions, VerifySession, files};
use crate::capture::{Body, Capture, Item};
use crate::cli::{self, finding_id, output_file};
use crate::commands::reports::{ReportArgs, Reports, human_or_json};
use crate::commands::secret::{self, NamedFile, SecretArgs};
use crate::commands::{CliError, ConfigArgs, Exit, now, text_or_file};
use crate::files::{error_text, private, write_new};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER, Secret};
use crate::report::{
    self, Output, Palette, ReportFormat, VerifyReport, escape, finding_list, finding_page,
    verify_report,
};
use crate::verify::{FindingKind, NamedSecret, Secrets, Verifier, anonymize};
use crate::webhooks::Config;

/// What a request from a screen is called.
const SCREEN: &str = "the request";

/// Check whether captured requests are genuine, and why not
///
/// Checks for each captured request whether its signature was made with your secret, and searches
/// for the cause if it was not. Reads what any tool saved: webhook.site, ngrok, HAR, AWS, n8n,
/// Zapier, raw HTTP and many more; the format is detected automatically.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "PGWH_SECRET=… pgwh verify requests.har",
        "pgwh verify captures.ndjson --secret-file pgm.secret --report junit=pgm.xml",
        "pgwh verify --request-id 6f1c9d0e-… --signature 4d7cdf31… --webhook booking",
        "pgwh verify - --format json < captures.ndjson",
        "pgwh verify captures.ndjson --anonymize to-show.ndjson",
        "pgwh verify --explain secret-newline",
    ],
    &[0, 1, 2],
))]
pub struct VerifyArgs {
    /// Files of captures, folders of such files, or - for standard input
    #[arg(
        value_name = "FILE",
        required_unless_present_any = ["request_id", "explain"],
        value_hint = ValueHint::AnyPath,
    )]
    files: Vec<PathBuf>,
    /// Show every capture and every finding
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
    /// Print nothing; use the exit code and --report files
    #[arg(short, long)]
    quiet: bool,
    /// Show the signature that an invalid capture should have
    ///
    /// Only on a terminal: for that request it is as good as the secret.
    #[arg(long, hide_short_help = true)]
    show_expected: bool,
    /// Write a copy without personal data to the new file FILE
    ///
    /// Ids, names, addresses, tokens and everything else that is not PGM's own are replaced by
    /// invented values of the same form. The requests are signed again with an invented secret,
    /// which is printed; verdicts and causes stay.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["quiet", "verbose", "report", "show_expected"],
        value_parser = output_file(), value_hint = ValueHint::FilePath,
    )]
    anonymize: Option<PathBuf>,
    /// Explain a finding and what to do; without ID, list all findings
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        default_missing_value = "",
        value_parser = finding_id(),
        hide_possible_values = true,
        conflicts_with_all = ["files", "request_id", "report"],
    )]
    explain: Option<String>,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    reports: ReportArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    others: OtherSecretArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

/// A request copied from a screen, for tools that save nothing.
#[derive(Debug, Args)]
#[command(next_help_heading = "A copied request, instead of files")]
struct ShownArgs {
    /// The value of X-PerfectGym-Request
    #[arg(long, value_name = "ID", requires = "signature", conflicts_with = "files")]
    request_id: Option<String>,
    /// The value of X-PerfectGym-Signature
    #[arg(long, value_name = "HEX", requires = "request_id", allow_hyphen_values = true)]
    signature: Option<String>,
    /// The body: text, @FILE, or - for standard input
    #[arg(
        long,
        value_name = "TEXT|@FILE|-",
        requires = "request_id",
        allow_hyphen_values = true,
        value_hint = ValueHint::FilePath,
    )]
    body: Option<String>,
}

/// Secrets of several webhooks; the output says which one matched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
struct OtherSecretArgs {
    /// Also accept the secret in FILE, and call it NAME; repeatable
    #[arg(long, value_name = "NAME=FILE")]
    also_secret_file: Vec<NamedFile>,
    /// Also accept the secret of this webhook of pgwh.toml; repeatable
    ///
    /// Without any secret, those of all webhooks are accepted.
    #[arg(long, value_name = "NAME")]
    webhook: Vec<String>,
}

impl VerifyArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        if let Some(id) = &self.explain {
            output.stdout(explain(id, self.reports.format, output.palette())?);
            return Ok(Exit::Yes);
        }
        self.check_single_stdin()?;
        let secrets = gather(self, output)?;
        let screen = self.shown.request_id.is_some().then(|| on_screen(&self.shown)).transpose()?;
        if let Some(copy) = &self.anonymize {
            let format = self.reports.format;
            let mut captures = Vec::from_iter(screen.map(|capture| (SCREEN.to_owned(), capture)));
            if captures.is_empty() || !self.files.is_empty() {
                captures.extend(files::read_all(&self.files)?);
            }
            return anonymized(copy, captures, &secrets.accepted, format, output);
        }
        let verifier = verifier(&secrets.accepted, &secrets.known);
        let reports = self.reports.open()?;
        let expected = expected(self, &secrets.accepted, output);
        let renderers = renderers(&reports, self.verbose, expected, output.palette());
        let options = VerifyOptions {
            several: secrets.accepted.len() > 1,
            quiet: self.quiet,
            watched: !self.quiet && output.stderr_is_tty(),
        };
        let mut session = VerifySession::new(verifier, reports, renderers, options);
        if let Some(capture) = screen {
            report(&mut session, SCREEN, vec![capture], output)?;
        }
        files::verify(&self.files, &mut session, output)?;
        session.finish(output)
    }

    /// Standard input can be read only once.
    fn check_single_stdin(&self) -> Result<(), CliError> {
        let files = self.files.iter().filter(|file| file.as_os_str() == "-").count();
        let secrets = self.others.also_secret_file.iter().filter(|file| file.is_stdin()).count()
            + usize::from(self.secret.stdin_flag().is_some());
        let body = usize::from(self.shown.body.as_deref() == Some("-"));
        if files + secrets + body > 1 {
            return Err(CliError::new(
                "standard input can be read only once, and - is given twice",
            )
            .help("put the secret into PGWH_SECRET or a file"));
        }
        Ok(())
    }
}

/// Verifies captures that are at hand, with nothing but a secret.
pub fn with_defaults(
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
    Verifier::new(Secrets { accepted, known }, now())
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

/// One for each report; the first goes to stdout.
fn renderers<'s>(
    reports: &Reports,
    verbose: bool,
    expected: &'s [NamedSecret],
    palette: Palette,
) -> Vec<Box<dyn VerifyReport + 's>> {
    let renderer = |(number, format)| match number {
        0 => verify_report(format, palette, verbose, expected),
        _ => verify_report(format, Palette::PLAIN, verbose, &[]),
    };
    reports.formats().enumerate().map(renderer).collect()
}

/// Writes a copy of the captures that can be shown to others.
fn anonymized(
    copy: &Path,
    located: Vec<LocatedCapture>,
    accepted: &[NamedSecret],
    format: ReportFormat,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let format = human_or_json(format)
        .ok_or_else(|| CliError::new("--anonymize prints --format human or json"))?;
    let (places, captures): (Vec<_>, Vec<_>) = located.into_iter().unzip();
    let copied = anonymize(&captures, accepted, now()).map_err(|error| {
        let place = places.get(error.number - 1).map_or("", String::as_str);
        let (place, why) = (escape(place), error.reason);
        let which = format!("capture {}: {place}", error.number);
        CliError::new(format!("cannot write an anonymized copy: {which}: {why}"))
            .help("leave this capture out, and copy the others")
    })?;
    let failed = |error: io::Error| {
        let why = error_text(&error);
        let failure = CliError::new(format!("cannot write {}: {why}", copy.display()));
        match error.kind() {
            ErrorKind::AlreadyExists => failure.help("name a file that does not exist yet"),
            _ => failure,
        }
    };
    write_new(private(), copy, &copied.lines).map_err(failed)?;
    let (file, count) = (copy.display().to_string(), captures.len() as u64);
    output.stdout(report::anonymized(format, &file, count, &copied.secret));
    Ok(Exit::Yes)
}

/// The page of a finding, or the list of all for an empty id.
fn explain(id: &str, format: ReportFormat, palette: Palette) -> Result<String, CliError> {
    let kind = match (id, FindingKind::find(id)) {
        ("", _) => None,
        (_, Some(kind)) => Some(kind),
        (id, None) => return Err(unknown(id)),
    };
    let format = human_or_json(format)
        .ok_or_else(|| CliError::new("--explain prints --format human or json"))?;
    Ok(match kind {
        Some(kind) => finding_page(format, kind, palette),
        None => finding_list(format, palette),
    })
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
    for file in &args.others.also_secret_file {
        accepted.push(file.read("--also-secret-file")?);
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
        return Err(secret::missing()
            .help("or use the secret of a webhook in pgwh.toml with --webhook NAME"));
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
