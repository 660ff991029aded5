//! Which secrets `listen` accepts.

use super::failure::Failure;
use super::{config, secret};
use crate::cli::ListenArgs;
use crate::report::{Output, escape, warning};
use crate::verify::NamedSecret;

/// The secret that is given, which needs no name; else those of the webhooks file, each by its
/// webhook's name. A webhook whose secret cannot be had is an error only if it was asked for.
pub(super) fn accepted(
    args: &ListenArgs,
    output: &mut Output,
) -> Result<Vec<NamedSecret>, Failure> {
    if args.webhook.is_empty()
        && let Some(secret) = secret::optional(&args.secret, output)?
    {
        return Ok(vec![NamedSecret { name: String::new(), secret }]);
    }
    let config = config::load(args.config.config.as_deref())?;
    if !args.webhook.is_empty() {
        let secrets = config::named_secrets(&config, &args.webhook)?;
        let named = |(name, secret)| NamedSecret { name, secret };
        return Ok(secrets.into_iter().map(named).collect());
    }
    let mut secrets = Vec::new();
    for webhook in &config.webhooks {
        let name = webhook.name.to_string();
        match config::secret(&config, webhook) {
            Ok(secret) => secrets.push(NamedSecret { name, secret }),
            Err(failure) => {
                let text =
                    format!("{}; requests of {} will not verify", failure.message, escape(&name));
                output.note(&warning(&text, output.note_palette()));
            }
        }
    }
    Ok(secrets)
}
