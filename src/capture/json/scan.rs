//! Finding where values end. Inputs have been validated; on others the answers are wrong, but
//! always within bounds.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks the bytes of a word that are less than `limit`, which is at most 128. Only the lowest
/// mark is exact: borrows reach the bytes above it.
fn less(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGHS
}

fn equal(word: u64, byte: u8) -> u64 {
    less(word ^ (ONES * u64::from(byte)), 1)
}

/// Where the first quote or backslash at or after `from` is; the length if there is none.
pub(crate) fn special(bytes: &[u8], from: usize) -> usize {
    first(bytes, from, |word| equal(word, b'"') | equal(word, b'\\'))
}

/// Where the first byte is that is marked. Eight bytes at a time: strings in captures are
/// short, so a call must cost next to nothing.
fn first(bytes: &[u8], from: usize, marks: impl Fn(u64) -> u64) -> usize {
    let mut at = from.min(bytes.len());
    while let Some(word) = bytes[at..].first_chunk::<8>() {
        let hits = marks(u64::from_le_bytes(*word));
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes[at..].iter().position(|byte| marks(u64::from(*byte)) & 0x80 != 0);
    rest.map_or(bytes.len(), |offset| at + offset)
}

/// The first byte at or after `from` that is not white space.
pub(super) fn skip_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
}

/// Behind the string whose opening quote is at `open`.
pub(super) fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    loop {
        at = special(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(_) => at += 2,
            None => return bytes.len(),
        }
    }
}

/// Behind the value that starts at `from`.
pub(crate) fn value_end(bytes: &[u8], from: usize) -> usize {
    match bytes.get(from) {
        Some(b'"') => string_end(bytes, from),
        Some(b'{' | b'[') => container_end(bytes, from),
        _ => {
            let rest = bytes.get(from..).unwrap_or_default();
            let stop = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            from + rest.iter().position(stop).unwrap_or(rest.len())
        }
    }
}

fn container_end(bytes: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(byte) = bytes.get(at) {
        if *byte < b'[' && *byte != b'"' {
            at += 1;
            continue;
        }
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        for length in 0..20 {
            for at in 0..length {
                for found in [b'"', b'\\'] {
                    let mut bytes = vec![b'#'; length];
                    bytes[at] = found;
                    bytes[length - 1] = b'"';
                    assert_eq!(special(&bytes, 0), at);
                    assert_eq!(special(&bytes, at + 1), (at + 1).max(length - 1).min(length));
                }
            }
        }
        assert_eq!(special("żółć]\u{a2}".as_bytes(), 0), 11);
    }

    #[test]
    fn ends_of_values() {
        for (text, end) in [
            (r#""a\"b" "#, 6),
            (r#"{"a":"}"}, "#, 9),
            ("[[],{}] ", 7),
            ("12,", 2),
            ("true}", 4),
            (r#""torn"#, 5),
            ("[[", 2),
            (r#""torn\"#, 6),
        ] {
            assert_eq!(value_end(text.as_bytes(), 0), end, "{text}");
        }
    }
}
