//! `pgwh webhook`

mod change;
mod look;
mod store;

use super::Exit;
use super::failure::Failure;
use crate::cli::{WebhookAction, WebhookArgs};
use crate::report::Output;

pub(super) fn run(args: &WebhookArgs, output: &mut Output) -> Result<Exit, Failure> {
    match &args.action {
        WebhookAction::Init(args) => change::init(args, output),
        WebhookAction::Add(args) => change::add(args, output),
        WebhookAction::Edit(args) => change::edit(args, output),
        WebhookAction::Remove(args) => change::remove(args, output),
        WebhookAction::List(args) => look::list(args, output),
        WebhookAction::Show(args) => look::show(args, output),
        WebhookAction::Secret(args) => look::secret(args, output),
    }
}
