//! HdrHistogram's own text form, which its plotting tools read: the percentile distribution, in
//! milliseconds.

use std::fmt::Write;

use hdrhistogram::Histogram;

/// How finely each halving of the distance to 100 % is cut, as the other tools do.
const TICKS: u32 = 5;
/// Microseconds of a millisecond.
const MILLI: f64 = 1_000.0;

/// The whole file.
pub fn percentile_text(latency: &Histogram<u64>) -> String {
    let heading = ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"];
    let mut text =
        format!("{:>12} {:>14} {:>10} {:>14}\n\n", heading[0], heading[1], heading[2], heading[3]);
    for quantile in quantiles(latency) {
        let value = latency.value_at_quantile(quantile);
        let (total, value) = (latency.count_between(0, value), milli(value));
        let _ = write!(text, "{value:>12.3} {quantile:>2.12} {total:>10}");
        // The last line has no such number: it would be infinite.
        if quantile < 1.0 {
            let _ = write!(text, " {:>14.2}", 1.0 / (1.0 - quantile));
        }
        text.push('\n');
    }
    let (mean, deviation) = (latency.mean() / MILLI, latency.stdev() / MILLI);
    let (max, count) = (milli(latency.max()), latency.len());
    let buckets = latency.buckets();
    let _ = writeln!(text, "#[Mean    = {mean:>12.3}, StdDeviation   = {deviation:>12.3}]");
    let _ = writeln!(text, "#[Max     = {max:>12.3}, Total count    = {count:>12}]");
    let _ = writeln!(text, "#[Buckets = {buckets:>12}, SubBuckets     = {SUB_BUCKETS:>12}]");
    text
}

/// From 0 on ever closer to 1, until no call is left between, then 1. (The library's own iterator
/// takes logarithms, for which every command would load the system's library of mathematics.)
fn quantiles(latency: &Histogram<u64>) -> Vec<f64> {
    let mut quantiles = Vec::new();
    let mut distance = 1.0;
    while !latency.is_empty() && latency.value_at_quantile(1.0 - distance) < latency.max() {
        for tick in 0..TICKS {
            quantiles.push(1.0 - distance * (1.0 - f64::from(tick) / f64::from(2 * TICKS)));
        }
        distance /= 2.0;
    }
    // Those that are past the last call but one say no more than the last line.
    quantiles.retain(|quantile| latency.value_at_quantile(*quantile) < latency.max());
    quantiles.push(1.0);
    quantiles
}

/// Parts of a bucket at three digits.
const SUB_BUCKETS: u32 = 2048;

#[allow(clippy::cast_precision_loss, reason = "an hour in microseconds is far below 2^53")]
fn milli(micros: u64) -> f64 {
    micros as f64 / MILLI
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_counted_and_the_last_line_has_the_slowest() {
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
