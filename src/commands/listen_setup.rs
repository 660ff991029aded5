//! From the arguments of `listen` to what its desk is made of.

use std::fs;
use std::path::Path;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};

use super::failure::Failure;
use super::{edge, input};
use crate::cli::{AnswerArgs, ForwardArgs, KeepArgs, ListenArgs};
use crate::delivery::Network;
use crate::receiver::{
    Answer, CaptureFile, FixtureFolder, Forward, Forwarder, Goal, Judge, Lanes, News, Plan, Policy,
    Reply, Rotation, Rule, Saver, Setup, parse_script, usual_text,
};
use crate::report::{Ready, format_duration, shown_url};
use crate::verify::{NamedSecret, Seed};

/// Flags that could only ever be ignored, or never come true.
pub(super) fn contradictions(args: &ListenArgs, checks: bool) -> Result<(), Failure> {
    let flags = [
        ("--expect", args.end.expect.is_some(), "valid requests"),
        ("--reject-invalid", args.answer.reject_invalid, "what does not verify"),
        ("--only-valid", args.forward.only_valid, "what verifies"),
    ];
    if let Some((flag, _, what)) = flags.iter().find(|(_, given, _)| *given && !checks) {
        return Err(Failure::new(format!("{flag} is about {what}, but there is no secret"))
            .help("--secret-file FILE, or PGWH_SECRET=… in the environment"));
    }
    let passes_on = !args.forward.forward_to.is_empty() || !args.forward.route.is_empty();
    if !passes_on && args.forward.only_valid {
        return Err(Failure::new("--only-valid passes on what verifies, but to whom?")
            .help("--forward-to URL, or --route EVENT=URL"));
    }
    let answer = &args.answer;
    let fails = answer.fail_first.is_some() || answer.fail_rate.is_some();
    let own = [
        ("--status", answer.status.is_some()),
        ("--body", answer.body.is_some()),
        ("--header", !answer.header.is_empty()),
        ("--drip", answer.drip.is_some()),
        ("--drop", answer.drop),
    ];
    let unused = own.iter().find(|(_, given)| *given && passes_on && !fails);
    match unused.filter(|_| args.forward.route.is_empty() || !args.forward.forward_to.is_empty()) {
        Some((flag, _)) => {
            Err(Failure::new(format!("{flag} and --forward-to both say what is answered"))
                .help("with --fail-first or --fail-rate it is what the failures answer"))
        }
        None => Ok(()),
    }
}

/// What the desk is made of.
pub(super) fn desk(
    args: &ListenArgs,
    secrets: Vec<NamedSecret>,
    news: News,
    lanes: &Lanes,
) -> Result<Setup, Failure> {
    Ok(Setup {
        judge: Judge::new(secrets, Seed::new(edge::random())),
        policy: policy(&args.answer)?,
        reject_invalid: args.answer.reject_invalid,
        saver: saver(&args.keep, &news, lanes)?,
        keep_fixtures: args.keep.save_fixtures.is_some(),
        forwarder: forwarder(&args.forward)?,
        goal: Goal {
            expected: args.end.expect,
            events: args.end.expect_event.clone(),
            requests: args.end.max_requests,
        },
        news,
    })
}

fn saver(args: &KeepArgs, news: &News, lanes: &Lanes) -> Result<Option<Saver>, Failure> {
    let failed = |flag: &str, path: &Path, error: std::io::Error| {
        Failure::new(format!("{flag}: cannot use {}: {error}", path.display()))
    };
    let file = args.save.as_deref().map(|path| {
        let rotation = Rotation { size: args.rotate };
        let file = CaptureFile::open(path, rotation, args.sync);
        file.map_err(|error| failed("--save", path, error))
    });
    let folder = args.save_fixtures.as_deref().map(|path| {
        FixtureFolder::open(path).map_err(|error| failed("--save-fixtures", path, error))
    });
    let (file, folder) = (file.transpose()?, folder.transpose()?);
    if file.is_none() && folder.is_none() {
        return Ok(None);
    }
    Ok(Some(Saver::start(file, folder, lanes, || news.fixture_trouble())))
}

fn policy(args: &AnswerArgs) -> Result<Policy, Failure> {
    let fails = args.fail_first.is_some() || args.fail_rate.is_some();
    let on_purpose =
        plan(args, if fails { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK })?;
    let usual = if fails { Plan::from(Answer::ok()) } else { on_purpose.clone() };
    Ok(Policy {
        script: args.script.as_deref().map(script).transpose()?.unwrap_or_default(),
        fail_first: args.fail_first.unwrap_or_default(),
        fail_rate: args.fail_rate.unwrap_or_default(),
        failing: on_purpose,
        usual,
        seed: args.seed.unwrap_or_else(edge::small_random),
    })
}

/// What the flags say is answered.
fn plan(args: &AnswerArgs, usual_status: StatusCode) -> Result<Plan, Failure> {
    let status = args.status.and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(usual_status);
    let body = match &args.body {
        Some(text) => input::text_or_file("--body", text)?,
        None => usual_text(status).into_bytes(),
    };
    let mut answer = Answer { drip: args.drip, ..Answer::text(status, body) };
    for header in &args.header {
        // Both were checked when they were typed.
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_str(&header.value);
        if let (Ok(name), Ok(value)) = (name, value) {
            answer = answer.header(name, value);
        }
    }
    let reply = if args.drop { Reply::Drop } else { Reply::Answer(answer) };
    Ok(Plan { reply, delay: args.delay.map(|delay| (delay.0, delay.1)).unwrap_or_default() })
}

fn script(path: &Path) -> Result<Vec<Rule>, Failure> {
    let failed = |why: String| Failure::new(format!("--script: {}: {why}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    parse_script(&text).map_err(|error| {
        failed(error.to_string().trim_end().to_owned())
            .help("for example: [[answer]] event = \"Test\" status = 503, each on a line")
    })
}

fn forwarder(args: &ForwardArgs) -> Result<Option<Forwarder>, Failure> {
    let forward = Forward {
        to: args.forward_to.iter().map(|target| target.0.clone()).collect(),
        routes: args.route.iter().map(|route| (route.event.clone(), route.url.0.clone())).collect(),
        only_valid: args.only_valid,
    };
    if forward.to.is_empty() && forward.routes.is_empty() {
        return Ok(None);
    }
    let network = Network {
        timeout: args.forward_timeout,
        ca_cert: args.ca_cert.clone(),
        insecure: args.insecure,
        resolve: Vec::new(),
    };
    Ok(Some(Forwarder::new(forward, &network)?))
}

/// The same, in the words of the ready line.
pub(super) fn words(args: &ListenArgs, policy: &Policy) -> Ready {
    let path =
        |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let to = args.forward.forward_to.iter().map(|target| shown_url(&target.0));
    let routes = args.forward.route.iter();
    let routes = routes.map(|route| format!("{} → {}", route.event, shown_url(&route.url.0)));
    let chance = args.answer.fail_rate.is_some()
        || args.answer.delay.is_some_and(|delay| delay.0 != delay.1);
    Ready {
        saving: path(&args.keep.save),
        fixtures: path(&args.keep.save_fixtures),
        forwarding: to.chain(routes).collect(),
        answering: answering(args, policy),
        seed: chance.then_some(policy.seed),
        authority: path(&args.tls.tls_ca),
        ..Ready::default()
    }
}

fn answering(args: &ListenArgs, policy: &Policy) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(path) = &args.answer.script {
        parts.push(format!("as {} says", path.display()));
    }
    let failing = what(&policy.failing);
    if policy.fail_first > 0 {
        parts.push(format!("{failing} to the first {} of each id", policy.fail_first));
    }
    if policy.fail_rate > 0.0 {
        parts.push(format!("{failing} to {} of all calls", policy.fail_rate));
    }
    if args.answer.reject_invalid {
        parts.push("401 to what does not verify".to_owned());
    }
    if policy.usual != Plan::from(Answer::ok()) || !parts.is_empty() {
        let passes_on = !args.forward.forward_to.is_empty();
        let usual = if passes_on { "what the target says".to_owned() } else { what(&policy.usual) };
        parts.push(if parts.is_empty() { usual } else { format!("else {usual}") });
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn what(plan: &Plan) -> String {
    let mut text = match &plan.reply {
        Reply::Drop => "nothing".to_owned(),
        Reply::Answer(answer) => answer.status.as_u16().to_string(),
    };
    let (least, most) = plan.delay;
    if !most.is_zero() {
        text += &format!(" after {}", format_duration(least));
        if most > least {
            text += &format!(" to {}", format_duration(most));
        }
    }
    if let Reply::Answer(Answer { drip: Some(time), .. }) = &plan.reply {
        text += &format!(" over {}", format_duration(*time));
    }
    text
}
