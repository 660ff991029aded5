//! Numbers from 1 to a most.

use std::num::NonZeroU32;

/// Reads a number that is at least 1 and at most this.
pub(in crate::cli) fn up_to(most: u32, text: &str) -> Result<NonZeroU32, String> {
    let number = text.parse().ok().filter(|number: &NonZeroU32| number.get() <= most);
    number.ok_or_else(|| format!("expected a number from 1 to {most}"))
}
