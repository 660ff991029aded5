//! From the arguments to a receiver: accepted secrets, responses, forwarding, files and TLS.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use rustls::ServerConfig;

use super::{ForwardArgs, KeepArgs, LimitArgs, ListenArgs, ListenTlsArgs, ResponseArgs};
use crate::capture_writer::{CaptureOptions, CaptureWriter};
use crate::cli::HeaderArg;
use crate::commands::bodies::warn_of_unknown_events;
use crate::commands::{CliError, now, random_seed, secret, text_or_file};
use crate::delivery::format_duration;
use crate::files::error_text;
use crate::http1::Network;
use crate::receiver::{
    self, EventSink, ForwardConfig, Forwarder, Limits, ListenConfig, Reply, Response, ResponsePlan,
    ResponsePolicy, ResponseRule, Saver, Settings, StopCondition, default_text, parse_script,
};
use crate::report::{Output, ReadyLine, escape};
use crate::text::{Diagnostic, shown_url};
use crate::toml_file::{TomlFileError, TomlText, read_toml};
use crate::verify::NamedSecret;
use crate::webhooks::Webhook;

impl ListenArgs {
    /// The secrets that flags and environment give; else those of the webhooks file, each by its
    /// webhook's name. A webhook whose secret is not available is an error only if it was asked for.
    pub fn accepted_secrets(&self, output: &mut Output) -> Result<Vec<NamedSecret>, CliError> {
        let mut accepted = Vec::new();
        if self.webhook.is_empty()
            && let Some(secret) = self.secret.optional(output)?
        {
            // A single secret needs no name.
            let is_single = self.also_secret_file.is_empty();
            let name = if is_single { "" } else { self.secret.source() };
            accepted.push(NamedSecret { name: name.to_owned(), secret });
        }
        for file in &self.also_secret_file {
            accepted.push(file.read("--also-secret-file")?);
        }
        if !accepted.is_empty() && self.webhook.is_empty() {
            return Ok(accepted);
        }
        let config = self.config.load(output)?;
        if !self.webhook.is_empty() {
            accepted.extend(secret::of_webhooks(&config, &self.webhook)?);
            return Ok(accepted);
        }
        let consequence = |webhook: &Webhook| {
            format!("; requests of {} will not verify", escape(webhook.name.as_str()))
        };
        accepted.extend(secret::of_all_webhooks(&config, consequence, output)?);
        Ok(accepted)
    }

    /// What the handler works with. Warns of events that PGM is not known to have. It needs tokio's
    /// multi-thread runtime.
    pub fn handler_config(
        &self,
        secrets: Vec<NamedSecret>,
        events: EventSink,
        output: &mut Output,
    ) -> Result<ListenConfig, CliError> {
        check_contradictions(self, !secrets.is_empty())?;
        let policy = policy(&self.response)?;
        let events_named = self.end.expect_event.iter().map(String::as_str);
        let routed = self.forward.route.iter().map(|route| &*route.event);
        let scripted = policy.script.iter().filter_map(|rule| rule.event.as_deref());
        warn_of_unknown_events(events_named.chain(routed).chain(scripted), output);
        Ok(ListenConfig {
            secrets,
            policy,
            reject_invalid: self.response.reject_invalid,
            saver: saver(&self.keep, &events)?,
            keep_fixtures: self.keep.save_fixtures.is_some(),
            forwarder: forwarder(&self.forward)?,
            stop: StopCondition {
                expected: self.end.expect,
                events: self.end.expect_event.clone(),
                data: self.end.expect_data.clone(),
                requests: self.end.max_requests,
            },
            events,
        })
    }

    /// What the receiver works with. Warns of an address that other machines can reach.
    pub fn settings(&self, output: &mut Output) -> Result<Settings, CliError> {
        let address = self.addr.0;
        if !address.ip().is_loopback() {
            output.warn(format!(
                "other machines can reach {address}, and send requests to this receiver"
            ));
        }
        Ok(Settings {
            limits: limits(&self.limits),
            tls: tls(&self.tls, address)?,
            allow_browser: self.limits.allow_browser,
            now,
        })
    }

    /// How the receiver is set up, for the first line.
    pub fn ready_line(&self, secrets: &[NamedSecret], policy: &ResponsePolicy) -> ReadyLine {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let to = self.forward.forward_to.iter().map(|target| shown_url(&target.0));
        let routes = self.forward.route.iter();
        let routes = routes.map(|route| format!("{} → {}", route.event, shown_url(&route.url.0)));
        let response = &self.response;
        let is_random =
            response.fail_rate.is_some() || response.delay.is_some_and(|delay| delay.0 != delay.1);
        ReadyLine {
            url: String::new(),
            page: None,
            secrets: secrets.iter().map(|named| named.name.clone()).collect(),
            save: path(&self.keep.save),
            save_fixtures: path(&self.keep.save_fixtures),
            forward_to: to.chain(routes).collect(),
            responses: responses(self, policy),
            seed: is_random.then_some(policy.seed),
            tls_ca: path(&self.tls.tls_ca),
        }
    }
}

/// Refuses flags that could only be ignored, or never come true.
fn check_contradictions(args: &ListenArgs, verifies: bool) -> Result<(), CliError> {
    let (response, forward) = (&args.response, &args.forward);
    let flags = [
        ("--expect", args.end.expect.is_some(), "counts valid requests"),
        ("--reject-invalid", response.reject_invalid, "rejects what does not verify"),
        ("--only-valid", forward.only_valid, "forwards what verifies"),
    ];
    if let Some((flag, _, what)) = flags.iter().find(|(_, is_set, _)| *is_set && !verifies) {
        return Err(CliError::new(format!("{flag} {what}, but there is no secret"))
            .help("--secret-file FILE, or PGWH_SECRET=… in the environment"));
    }
    let forwards = !forward.forward_to.is_empty() || !forward.route.is_empty();
    let alone = [
        ("--only-valid", forward.only_valid),
        ("--forward-header", !forward.forward_header.is_empty()),
        ("--forward-timeout", forward.forward_timeout.is_some()),
        ("--resolve", !forward.resolve.is_empty()),
        ("--ca-cert", forward.ca_cert.is_some()),
        ("--insecure", forward.insecure),
    ];
    if let Some((flag, _)) = alone.iter().find(|(_, is_set)| *is_set && !forwards) {
        return Err(CliError::new(format!("{flag} needs a target to forward to"))
            .help("--forward-to URL, or --route EVENT=URL"));
    }
    let fails = response.fail_first.is_some() || response.fail_rate.is_some();
    let own = [
        ("--status", response.status.is_some()),
        ("--body", response.body.is_some()),
        ("--header", !response.header.is_empty()),
        ("--drip", response.drip.is_some()),
        ("--drop", response.drop),
    ];
    // With routes alone these flags are for the requests without a route.
    let is_target_last = !forward.forward_to.is_empty();
    match own.iter().find(|(_, is_set)| *is_set && is_target_last && !fails) {
        Some((flag, _)) => {
            Err(CliError::new(format!("{flag} and --forward-to both decide the response"))
                .help("add --fail-first or --fail-rate to use it for failed responses only"))
        }
        None => Ok(()),
    }
}

fn limits(args: &LimitArgs) -> Limits {
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    Limits {
        body: size(args.max_body),
        head: size(args.max_head),
        head_time: args.head_time,
        body_time: args.body_time,
        connections: usize::try_from(args.max_connections).unwrap_or(usize::MAX),
    }
}

fn tls(args: &ListenTlsArgs, address: SocketAddr) -> Result<Option<Arc<ServerConfig>>, CliError> {
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        return Ok(Some(receiver::from_files(cert, key)?));
    }
    if !args.tls {
        return Ok(None);
    }
    let (config, authority) = receiver::self_signed(address.ip(), &args.tls_name, now())?;
    if let Some(path) = &args.tls_ca {
        write_authority(path, &authority)?;
    }
    Ok(Some(config))
}

fn write_authority(path: &Path, pem: &str) -> Result<(), CliError> {
    fs::write(path, pem).map_err(|error| {
        CliError::new(format!("--tls-ca: cannot write {}: {}", path.display(), error_text(&error)))
    })
}

fn saver(args: &KeepArgs, events: &EventSink) -> Result<Option<Saver>, CliError> {
    let failed = |flag: &str, path: &Path, error: io::Error| {
        let why = error_text(&error);
        CliError::new(format!("{flag}: cannot use {}: {why}", path.display()))
    };
    let options = CaptureOptions { rotate_at: args.rotate, sync: args.sync, exclusive: true };
    let file = args.save.as_deref().map(|path| {
        CaptureWriter::open(path, options).map_err(|error| failed("--save", path, error))
    });
    let folder = args.save_fixtures.as_deref().map(|path| {
        let created = fs::create_dir_all(path).map(|()| path.to_owned());
        created.map_err(|error| failed("--save-fixtures", path, error))
    });
    let (file, folder) = (file.transpose()?, folder.transpose()?);
    if file.is_none() && folder.is_none() {
        return Ok(None);
    }
    Ok(Some(Saver::start(file, folder, events.fixture_warning())))
}

fn policy(args: &ResponseArgs) -> Result<ResponsePolicy, CliError> {
    let fails = args.fail_first.is_some() || args.fail_rate.is_some();
    let on_purpose =
        plan(args, if fails { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK })?;
    let default = if fails { ResponsePlan::from(Response::ok()) } else { on_purpose.clone() };
    Ok(ResponsePolicy {
        script: args.script.as_deref().map(script).transpose()?.unwrap_or_default(),
        fail_first: args.fail_first.unwrap_or_default(),
        fail_rate: args.fail_rate.unwrap_or_default(),
        failure: on_purpose,
        default,
        seed: args.seed.unwrap_or_else(random_number),
    })
}

/// A random number of at most seven digits, to be typed again.
fn random_number() -> u64 {
    random_seed() % 10_000_000
}

/// The response that the flags describe.
fn plan(args: &ResponseArgs, default_status: StatusCode) -> Result<ResponsePlan, CliError> {
    let status = args.status.and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(default_status);
    let body = match &args.body {
        Some(text) => text_or_file("--body", text)?,
        None => default_text(status).into_bytes(),
    };
    let mut response = Response { drip: args.drip, ..Response::text(status, body) };
    for (name, value) in headers(&args.header) {
        response = response.header(name, value);
    }
    let reply = if args.drop { Reply::Drop } else { Reply::Respond(response) };
    Ok(ResponsePlan {
        reply,
        delay: args.delay.map(|delay| (delay.0, delay.1)).unwrap_or_default(),
    })
}

/// Both parts were checked when they were parsed.
fn headers(args: &[HeaderArg]) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    args.iter().map(HeaderArg::parts).filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    })
}

fn script(path: &Path) -> Result<Vec<ResponseRule>, CliError> {
    let failed = |error: TomlFileError| {
        let Diagnostic { message, help } = error.into();
        CliError::from(Diagnostic { message: format!("--script: {message}"), help })
    };
    let text = read_toml(path).map_err(failed)?;
    parse_script(TomlText { path, text: &text }).map_err(|error| {
        failed(error)
            .help("for example: [[response]] event = \"Test\" status = 503, each on a line")
    })
}

fn forwarder(args: &ForwardArgs) -> Result<Option<Forwarder>, CliError> {
    if args.forward_to.is_empty() && args.route.is_empty() {
        return Ok(None);
    }
    let config = ForwardConfig {
        to: args.forward_to.iter().map(|target| target.0.clone()).collect(),
        routes: args.route.iter().map(|route| (route.event.clone(), route.url.0.clone())).collect(),
        only_valid: args.only_valid,
        headers: headers(&args.forward_header).collect(),
        run_id: random_seed(),
    };
    let network = Network {
        timeout: args.forward_timeout.unwrap_or(FORWARD_TIMEOUT),
        ca_cert: args.ca_cert.clone(),
        insecure: args.insecure,
        resolve: args.resolve.clone(),
    };
    Ok(Some(Forwarder::new(config, &network)?))
}

/// How long a target may take by default.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(30);

/// How responses differ from the usual 200, if they do.
fn responses(args: &ListenArgs, policy: &ResponsePolicy) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(path) = &args.response.script {
        parts.push(format!("by {}", path.display()));
    }
    let failure = describe(&policy.failure);
    if policy.fail_first > 0 {
        let attempts = match policy.fail_first {
            1 => "attempt".to_owned(),
            n => format!("{n} attempts"),
        };
        parts.push(format!("{failure} to the first {attempts} of each id"));
    }
    if policy.fail_rate > 0.0 {
        parts.push(format!("{failure} to {} % of all requests", policy.fail_rate * 100.0));
    }
    if args.response.reject_invalid {
        parts.push("401 to what does not verify".to_owned());
    }
    if policy.default != ResponsePlan::from(Response::ok()) || !parts.is_empty() {
        let forwards = !args.forward.forward_to.is_empty();
        let default = if forwards { "the target's".to_owned() } else { describe(&policy.default) };
        parts.push(if parts.is_empty() { default } else { format!("else {default}") });
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn describe(plan: &ResponsePlan) -> String {
    let mut text = match &plan.reply {
        Reply::Drop => "none".to_owned(),
        Reply::Respond(response) => response.status.as_u16().to_string(),
    };
    let (least, most) = plan.delay;
    if !most.is_zero() {
        text += &format!(" after {}", format_duration(least));
        if most > least {
            text += &format!(" to {}", format_duration(most));
        }
    }
    if let Reply::Respond(Response { drip: Some(time), .. }) = &plan.reply {
        text += &format!(" over {}", format_duration(*time));
    }
    text
}
