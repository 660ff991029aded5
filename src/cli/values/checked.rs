//! What `check-target` checks: a URL, or a webhook of the webhooks file.

use std::str::FromStr;

use super::TargetUrl;

/// A URL, or the name of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedTarget {
    /// The URL itself.
    Url(TargetUrl),
    /// The webhook's name.
    Webhook(String),
}

impl FromStr for CheckedTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(url) => Ok(Self::Url(url)),
            // No name could be taken for one of these.
            Err(why) if text.is_empty() || text.contains(['/', ':', '.']) => Err(why),
            Err(_) => Ok(Self::Webhook(text.to_owned())),
        }
    }
}
