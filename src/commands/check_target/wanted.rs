//! Which targets are to be checked, and with which secret.

use url::Url;

use super::super::error::CliError;
use super::super::{config, secret};
use crate::cli::{CheckTargetArgs, CheckedTarget};
use crate::pgm::Secret;
use crate::report::Output;
use crate::webhooks::{Config, Webhook};

/// A target with the secret it should know.
pub(super) struct Wanted {
    pub(super) url: Url,
    pub(super) secret: Secret,
}

/// The targets that the arguments name. A secret that is given goes before a webhook's own.
pub(super) fn all(args: &CheckTargetArgs, output: &mut Output) -> Result<Vec<Wanted>, CliError> {
    match &args.target {
        Some(CheckedTarget::Url(url)) => {
            let secret = secret::required(&args.secret, output)?;
            Ok(vec![Wanted { url: url.0.clone(), secret }])
        }
        Some(CheckedTarget::Webhook(name)) => {
            let config = config::load(args.config.config.as_deref(), output)?;
            Ok(vec![webhook(&config, config::webhook(&config, name)?, args, output)?])
        }
        None => {
            let config = config::load(args.config.config.as_deref(), output)?;
            if config.webhooks.is_empty() {
                return Err(CliError::new(format!("no webhooks in {}", config::file(&config)))
                    .help("`pgwh webhook add NAME --url URL --secret-env VARIABLE` adds one"));
            }
            let each = config.webhooks.iter();
            each.map(|each| webhook(&config, each, args, output)).collect()
        }
    }
}

fn webhook(
    config: &Config,
    webhook: &Webhook,
    args: &CheckTargetArgs,
    output: &mut Output,
) -> Result<Wanted, CliError> {
    let secret = match secret::typed(&args.secret, output)? {
        Some(secret) => secret,
        None => config::secret(config, webhook)?,
    };
    Ok(Wanted { url: webhook.url.clone(), secret })
}
