//! Latencies as bars.

use hdrhistogram::Histogram;

use super::numbers::latency as shown;
use crate::report::{Palette, grouped};

/// Bars at most.
const BARS: u64 = 12;
/// The longest bar, in characters.
const LENGTH: u64 = 40;
/// An eighth of a character more each.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// One line a range of times, up to all but the slowest thousandth, which share the last.
pub(super) fn bars(latency: &Histogram<u64>, palette: Palette) -> String {
    let ranges = ranges(latency);
    let most = ranges.iter().map(|range| range.count).max().unwrap_or(1).max(1);
    let width = ranges.iter().map(|range| range.label.chars().count()).max().unwrap_or_default();
    let line = |range: &Range| {
        let bar = bar(range.count, most);
        let gap = " ".repeat(width - range.label.chars().count());
        format!(
            "  {gap}{}  {}  {}\n",
            palette.faint(&range.label),
            palette.name(&bar),
            grouped(range.count)
        )
    };
    ranges.iter().map(line).collect()
}

struct Range {
    label: String,
    count: u64,
}

/// Ranges of equal width between the fastest call and the slowest but for a thousandth.
fn ranges(latency: &Histogram<u64>) -> Vec<Range> {
    if latency.is_empty() {
        return Vec::new();
    }
    let (min, tail, max) = (latency.min(), latency.value_at_quantile(0.999), latency.max());
    let step = ((tail.saturating_sub(min)) / (BARS - 1) + 1).max(1);
    let mut ranges = Vec::new();
    let mut from = min;
    while from <= tail {
        let to = from + step - 1;
        ranges.push(Range {
            label: format!("≤ {}", shown(to.min(max))),
            count: latency.count_between(from, to),
        });
        from += step;
    }
    // Ranges that share a bucket of the histogram would count it twice: the rest is what is left.
    let counted: u64 = ranges.iter().map(|range| range.count).sum();
    if max >= from && counted < latency.len() {
        ranges.push(Range { label: format!("≤ {}", shown(max)), count: latency.len() - counted });
    }
    ranges
}

fn bar(count: u64, most: u64) -> String {
    let eighths = (u128::from(count) * u128::from(LENGTH) * 8 / u128::from(most)) as usize;
    // What is there at all is seen.
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}
