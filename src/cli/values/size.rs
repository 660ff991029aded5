//! Sizes: `65536`, `64KiB`, `1MiB`, `100MB`.

/// Reads a size in bytes; a unit may follow.
pub(in crate::cli) fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    let unit = |(name, bytes): &(&str, u64)| Some((text.strip_suffix(name)?.trim_end(), *bytes));
    let (number, unit) = UNITS.iter().find_map(unit).unwrap_or((text, 1));
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    bytes
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "expected a size such as 65536, 64KiB, 1MiB or 100MB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_with_and_without_a_unit() {
        for (text, bytes) in
            [("1", 1), ("64KiB", 65_536), ("1 MiB", 1_048_576), ("100MB", 100_000_000), ("7B", 7)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "0", "KiB", "-1", "1.5MiB", "1 parsec", "99999999999GiB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
