//! Latencies as bars for people, and as a file in HdrHistogram's text format.

use std::fmt::Write;

use hdrhistogram::Histogram;

use super::numbers::{latency as shown, milli};
use crate::report::{Palette, grouped};

/// The most bars.
const MAX_BARS: u64 = 12;
/// The length of the longest bar, in characters.
const MAX_BAR_CHARS: u64 = 40;
/// Parts of a character, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// One line per range of latencies; the slowest thousandth share the last.
pub(super) fn bars(latency: &Histogram<u64>, palette: Palette) -> String {
    let ranges = ranges(latency);
    let most = ranges.iter().map(|range| range.count).max().unwrap_or(1).max(1);
    let width = ranges.iter().map(|range| range.label.chars().count()).max().unwrap_or_default();
    let line = |range: &Range| {
        let bar = bar(range.count, most);
        let gap = " ".repeat(width - range.label.chars().count());
        format!(
            "  {gap}{}  {}  {}\n",
            palette.dim(&range.label),
            palette.highlight(&bar),
            grouped(range.count)
        )
    };
    ranges.iter().map(line).collect()
}

struct Range {
    label: String,
    count: u64,
}

/// Ranges of equal width, from the fastest request to the 99.9th percentile, and one for the rest.
fn ranges(latency: &Histogram<u64>) -> Vec<Range> {
    if latency.is_empty() {
        return Vec::new();
    }
    let (min, tail, max) = (latency.min(), latency.value_at_quantile(0.999), latency.max());
    let step = ((tail.saturating_sub(min)) / (MAX_BARS - 1) + 1).max(grain(tail));
    let mut counts = vec![0; ((tail - min) / step + 2) as usize];
    for bucket in latency.iter_recorded() {
        let time = bucket.value_iterated_to();
        let index = if time > tail { counts.len() - 1 } else { ((time - min) / step) as usize };
        counts[index] += bucket.count_since_last_iteration();
    }
    let slowest = counts.pop().unwrap_or_default();
    let mut ranges: Vec<Range> = Vec::new();
    // Ranges with the same label become one.
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

/// The smallest difference that labels show, in microseconds.
fn grain(micros: u64) -> u64 {
    match micros {
        0..1_000 => 10,
        1_000..100_000 => 100,
        100_000..1_000_000 => 1_000,
        _ => 10_000,
    }
}

fn bar(count: u64, most: u64) -> String {
    let eighths = (u128::from(count) * u128::from(MAX_BAR_CHARS) * 8 / u128::from(most)) as usize;
    // Even a single request is visible.
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// How finely each halving of the distance to 100 % is divided, as in other tools.
const TICKS_PER_HALF_DISTANCE: u32 = 5;

/// The latencies in HdrHistogram's own text format, in milliseconds; its plotting tools read it.
pub fn percentile_text(latency: &Histogram<u64>) -> String {
    let heading = ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"];
    let mut text =
        format!("{:>12} {:>14} {:>10} {:>14}\n\n", heading[0], heading[1], heading[2], heading[3]);
    let mut total = 0;
    for step in latency.iter_quantiles(TICKS_PER_HALF_DISTANCE) {
        total += step.count_since_last_iteration();
        let (value, quantile) = (milli(step.value_iterated_to()), step.quantile_iterated_to());
        let _ = write!(text, "{value:>12.3} {quantile:>2.12} {total:>10}");
        // On the last line it would be infinite.
        if quantile < 1.0 {
            let _ = write!(text, " {:>14.2}", 1.0 / (1.0 - quantile));
        }
        text.push('\n');
    }
    let (mean, deviation) = (latency.mean() / 1e3, latency.stdev() / 1e3);
    let (max, count) = (milli(latency.max()), latency.len());
    let buckets = latency.buckets();
    let _ = writeln!(text, "#[Mean    = {mean:>12.3}, StdDeviation   = {deviation:>12.3}]");
    let _ = writeln!(text, "#[Max     = {max:>12.3}, Total count    = {count:>12}]");
    let _ = writeln!(text, "#[Buckets = {buckets:>12}, SubBuckets     = {SUB_BUCKETS:>12}]");
    text
}

/// Parts of a bucket at three digits.
const SUB_BUCKETS: u32 = 2048;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_request_is_in_one_bar_and_labels_are_unique() {
        for fastest in [1, 900, 99_990, 140_000, 999_000, 61_000_000] {
            for spread in [1, 7, 130, 2_500, 70_000] {
                let mut latency = Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap();
                (0..1_000_u64).for_each(|n| latency.record(fastest + n * n % spread).unwrap());
                latency.record(fastest + 3 * spread).unwrap();
                let ranges = ranges(&latency);
                assert_eq!(ranges.iter().map(|range| range.count).sum::<u64>(), 1_001);
                let labels: BTreeSet<_> = ranges.iter().map(|range| &range.label).collect();
                assert_eq!(labels.len(), ranges.len(), "{fastest} {spread}: {labels:?}");
                assert!(ranges.len() <= MAX_BARS as usize + 1);
            }
        }
    }

    #[test]
    fn the_file_counts_every_request_and_ends_with_the_slowest() {
        let mut latency = Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap();
        (1..=1000_u64).for_each(|n| latency.record(n * 1000).unwrap());
        let text = percentile_text(&latency);
        let lines: Vec<Vec<f64>> = text
            .lines()
            .skip(2)
            .take_while(|line| !line.starts_with('#'))
            .map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect())
            .collect();
        assert!(lines.iter().all(|cells| (cells[1] * 1000.0 - cells[2]).abs() <= 1.0), "{text}");
        let median = lines.iter().find(|cells| cells[1] >= 0.5).unwrap();
        assert!((median[0] - 500.0).abs() < 1.0 && (median[3] - 2.0).abs() < 0.01, "{text}");
        let last = lines.last().unwrap();
        assert_eq!((last.len(), last[1], last[2]), (3, 1.0, 1000.0), "{text}");
        assert!((last[0] - 1000.0).abs() < 1.0, "{text}");
        assert!(percentile_text(&Histogram::new(3).unwrap()).contains("Total count"));
    }
}
