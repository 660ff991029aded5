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
    let step = ((tail.saturating_sub(min)) / (BARS - 1) + 1).max(grain(tail));
    // The last one is for what is slower than the rest.
    let mut counts = vec![0; ((tail - min) / step + 2) as usize];
    for bucket in latency.iter_recorded() {
        let time = bucket.value_iterated_to();
        let place = if time > tail { counts.len() - 1 } else { ((time - min) / step) as usize };
        counts[place] += bucket.count_since_last_iteration();
    }
    let slowest = counts.pop().unwrap_or_default();
    let mut ranges: Vec<Range> = Vec::new();
    // What would look the same is one range.
    let mut add = |to: u64, count: u64| {
        let label = format!("≤ {}", shown(to));
        match ranges.last_mut() {
            Some(last) if last.label == label => last.count += count,
            _ => ranges.push(Range { label, count }),
        }
    };
    for (n, count) in (1..).zip(counts) {
        add((min + n * step - 1).min(max), count);
    }
    if slowest > 0 {
        add(max, slowest);
    }
    ranges
}

/// The least difference that labels show: ranges that are narrower would look the same.
fn grain(micros: u64) -> u64 {
    match micros {
        0..1_000 => 10,
        1_000..100_000 => 100,
        100_000..1_000_000 => 1_000,
        _ => 10_000,
    }
}

fn bar(count: u64, most: u64) -> String {
    let eighths = (u128::from(count) * u128::from(LENGTH) * 8 / u128::from(most)) as usize;
    // What is there at all is seen.
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_call_is_in_one_bar_and_every_label_is_there_once() {
        for fastest in [1, 900, 99_990, 140_000, 999_000, 61_000_000] {
            for spread in [1, 7, 130, 2_500, 70_000] {
                let mut latency = Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap();
                (0..1_000_u64).for_each(|n| latency.record(fastest + n * n % spread).unwrap());
                latency.record(fastest + 3 * spread).unwrap();
                let ranges = ranges(&latency);
                assert_eq!(ranges.iter().map(|range| range.count).sum::<u64>(), 1_001);
                let labels: BTreeSet<_> = ranges.iter().map(|range| &range.label).collect();
                assert_eq!(labels.len(), ranges.len(), "{fastest} {spread}: {labels:?}");
                assert!(ranges.len() <= BARS as usize + 1);
            }
        }
    }
}
