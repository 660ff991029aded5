//! Which secrets are accepted, and which others can be recognised.

use crate::cli::{NamedFile, VerifyArgs};
use crate::commands::error::CliError;
use crate::commands::{config, secret};
use crate::pgm::Secret;
use crate::report::Output;
use crate::verify::NamedSecret;
use crate::webhooks::Config;

/// The secrets of a run.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// A signature made with one of these is valid.
    pub(super) accepted: Vec<NamedSecret>,
    /// Those of the other webhooks: a diagnosis may name them.
    pub(super) known: Vec<NamedSecret>,
}

/// From the flags, the environment and the webhooks file. What is named is accepted. Only when
/// nothing is named, the webhooks of the file are: then all of them.
pub(super) fn gather(args: &VerifyArgs, output: &mut Output) -> Result<Gathered, CliError> {
    let mut accepted = Vec::new();
    let webhooks_named = !args.others.webhook.is_empty();
    let first = match webhooks_named {
        true => secret::typed(&args.secret, output)?,
        false => secret::optional(&args.secret, output)?,
    };
    accepted.extend(first.map(|secret| named(secret::source(&args.secret), secret)));
    for NamedFile { name, file } in &args.others.also_secret_file {
        accepted.push(named(name, secret::from_file("--also-secret-file", file)?));
    }
    let config = match config::load(args.config.config.as_deref(), output) {
        Ok(config) => config,
        // A file that nobody asked for must not stand in the way.
        Err(failure) if webhooks_named || accepted.is_empty() => return Err(failure),
        Err(failure) => {
            output.warn(failure.0.message);
            Config::default()
        }
    };
    if webhooks_named {
        accepted.extend(config::named_secrets(&config, &args.others.webhook)?);
    }
    if accepted.is_empty() {
        accepted = config::all_secrets(&config, |_| String::new(), output)?;
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
    let secrets = webhooks.flat_map(|webhook| config::available_secrets(config, webhook));
    secrets.filter(|known| accepted.iter().all(|one| one.secret != known.secret)).collect()
}
