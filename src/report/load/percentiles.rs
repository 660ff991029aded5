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
    let mut text = format!(
        "{:>12} {:>14} {:>10} {:>14}\n\n",
        "Value", "Percentile", "TotalCount", "1/(1-Percentile)"
    );
    let mut total = 0;
    for step in latency.iter_quantiles(TICKS) {
        total += step.count_since_last_iteration();
        let (value, quantile) = (milli(step.value_iterated_to()), step.quantile_iterated_to());
        let _ = write!(text, "{value:>12.3} {quantile:>2.12} {total:>10}");
        // The last line has no such number: it would be infinite.
        if quantile < 1.0 {
            let _ = write!(text, " {:>14.2}", 1.0 / (1.0 - quantile));
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "#[Mean    = {:>12.3}, StdDeviation   = {:>12.3}]",
        latency.mean() / MILLI,
        latency.stdev() / MILLI
    );
    let _ = writeln!(
        text,
        "#[Max     = {:>12.3}, Total count    = {:>12}]",
        milli(latency.max()),
        latency.len()
    );
    let _ = writeln!(
        text,
        "#[Buckets = {:>12}, SubBuckets     = {:>12}]",
        latency.buckets(),
        SUB_BUCKETS
    );
    text
}

/// Parts of a bucket at three digits.
const SUB_BUCKETS: u32 = 2048;

#[allow(clippy::cast_precision_loss, reason = "an hour in microseconds is far below 2^53")]
fn milli(micros: u64) -> f64 {
    micros as f64 / MILLI
}
