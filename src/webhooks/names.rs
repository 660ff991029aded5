//! Names of webhooks.

use std::fmt;
use std::str::FromStr;

/// A webhook's friendly name: one line of text that can also be typed as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookName(String);

/// A text that cannot be a webhook's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a webhook's name is one line of text that does not start with a dash or with white space, \
     as in booking or \"New bookings\""
)]
pub struct InvalidName;

impl WebhookName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebhookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for WebhookName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = !text.is_empty()
            && text.trim() == text
            && !text.starts_with('-')
            && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidName) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_that_can_be_typed() {
        for good in ["booking", "New bookings", "zajęcia", "a-b"] {
            assert!(good.parse::<WebhookName>().is_ok(), "{good}");
        }
        for bad in ["", " a", "a ", "-a", "a\nb", "a\u{1b}b"] {
            assert_eq!(bad.parse::<WebhookName>(), Err(InvalidName), "{bad:?}");
        }
    }
}
