//! Writing JSON, one piece after the other: a line is written for every request that is kept, and
//! a general serializer takes five times as long for it.

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};

use crate::marks::{Marks, is_mark};

/// Appends a string with its quotes.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        escaped(out, text);
    }
    out.push(b'"');
}

/// Whether nothing is to be escaped, as in nearly all strings but bodies. Looks at a few bytes in
/// one go, which is less work than to find out where the first mark is.
fn is_plain(bytes: &[u8]) -> bool {
    let all = |bytes: &[u8; 16]| bytes.iter().fold(true, |plain, byte| plain & !is_mark(*byte));
    if let Some(last) = bytes.last_chunk() {
        return all(last) && bytes.as_chunks().0.iter().all(all);
    }
    // What stands for the bytes behind the end is plain.
    let mut padded = [b' '; 16];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    all(&padded)
}

fn escaped(out: &mut Vec<u8>, text: &str) {
    let (bytes, mut marks, mut from) = (text.as_bytes(), Marks::new(text), 0);
    while from < bytes.len() {
        let mark = marks.next(from);
        out.extend_from_slice(&bytes[from..mark]);
        if let Some(&byte) = bytes.get(mark) {
            escape(out, byte);
        }
        from = mark + 1;
    }
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digit = |half: u8| b"0123456789abcdef"[usize::from(half & 0xf)];
            return out.extend_from_slice(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                digit(byte >> 4),
                digit(byte),
            ]);
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Appends a moment with its quotes: RFC 3339 with milliseconds.
pub(super) fn moment(out: &mut Vec<u8>, at: DateTime<Utc>) {
    let (date, time) = (at.date_naive(), at.time());
    let year = u32::try_from(date.year()).unwrap_or(u32::MAX);
    let milliseconds = time.nanosecond() / 1_000_000;
    if year > 9999 || milliseconds > 999 {
        // Far from now, or within a leap second.
        return string(out, &at.to_rfc3339_opts(SecondsFormat::Millis, true));
    }
    out.extend_from_slice(b"\"0000-00-00T00:00:00.000Z\"");
    let start = out.len() - 25;
    let text = &mut out[start..];
    digits(&mut text[..4], year);
    digits(&mut text[5..7], date.month());
    digits(&mut text[8..10], date.day());
    digits(&mut text[11..13], time.hour());
    digits(&mut text[14..16], time.minute());
    digits(&mut text[17..19], time.second());
    digits(&mut text[20..23], milliseconds);
}

fn digits(places: &mut [u8], mut number: u32) {
    for place in places.iter_mut().rev() {
        *place += (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b"before ".to_vec();
        write(&mut out);
        String::from_utf8(out).unwrap().replacen("before ", "", 1)
    }

    #[test]
    fn strings_are_those_of_serde_json() {
        let all: String = (0..=0x2ff).filter_map(char::from_u32).collect();
        let texts = [
            "",
            "a",
            "\"",
            "a\"b\\c",
            "zażółć\n",
            &all,
            &all[..20],
            &all[35..60],
            &"x\t".repeat(99),
        ];
        for text in texts {
            let expected = serde_json::to_string(text).unwrap();
            assert_eq!(written(|out| string(out, text)), expected);
        }
    }

    #[test]
    fn moments_are_those_of_chrono() {
        let moments = [
            "2026-03-01T17:42:09.5Z",
            "2026-12-31T23:59:59.999999999Z",
            "0000-01-01T00:00:00Z",
            "9999-02-28T09:08:07.006Z",
            "2016-12-31T23:59:60.250Z",
            "+12345-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
        ];
        for text in moments {
            let at: DateTime<Utc> = text.parse().unwrap();
            let expected = format!("\"{}\"", at.to_rfc3339_opts(SecondsFormat::Millis, true));
            assert_eq!(written(|out| moment(out, at)), expected);
        }
    }
}
