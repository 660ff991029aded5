//! How far a long file is, for a terminal.

use crate::report::escape;
use crate::report::grouped;

/// Bytes of a megabyte, as disks and progress bars count.
const MEGA: u64 = 1_000_000;

/// A line in place of the last one: `captures.ndjson: 42 % of 677 MB, 640,000 captures`. The
/// length of a pipe is not known.
pub fn progress(file: &str, read: u64, length: Option<u64>, captures: u64) -> String {
    let how_far = match length.filter(|length| *length >= read && *length > 0) {
        Some(length) => {
            let percent = u128::from(read) * 100 / u128::from(length);
            format!("{percent} % of {} MB", length / MEGA)
        }
        None => format!("{} MB", read / MEGA),
    };
    format!("\r\u{1b}[K{}: {how_far}, {} captures", escape(file), grouped(captures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_far_it_is_as_far_as_it_can_be_known() {
        let line = |length| progress("a\u{1b}", 420 * MEGA, length, 1500);
        assert_eq!(line(Some(1000 * MEGA)), "\r\u{1b}[Ka\\u{1b}: 42 % of 1000 MB, 1,500 captures");
        assert_eq!(line(None), "\r\u{1b}[Ka\\u{1b}: 420 MB, 1,500 captures");
        assert_eq!(line(Some(5)), line(None));
    }
}
