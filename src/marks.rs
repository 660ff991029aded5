//! Where plain text ends in JSON. Strings in captures are short and many, so that a call for each
//! of them would cost more than the search: 64 bytes are looked at in one go, and what was found
//! serves for all strings in them.

/// Bytes whose marks are kept.
const WINDOW: usize = 64;

/// The quotes, backslashes and control characters of a text.
#[derive(Debug)]
pub(crate) struct Marks<'a> {
    bytes: &'a [u8],
    /// Where the window starts: a multiple of its length, or nowhere yet.
    base: usize,
    /// A bit for each byte of the window, the first one lowest.
    bits: u64,
}

impl<'a> Marks<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), base: usize::MAX, bits: 0 }
    }

    /// Where the first of them is at or after `from`; the length of the text if there is none.
    #[inline]
    pub(crate) fn next(&mut self, from: usize) -> usize {
        let mut base = from - from % WINDOW;
        if base != self.base {
            self.look(base);
        }
        let mut bits = self.bits & (u64::MAX << (from % WINDOW));
        while bits == 0 {
            base += WINDOW;
            if base >= self.bytes.len() {
                return self.bytes.len();
            }
            self.look(base);
            bits = self.bits;
        }
        base + bits.trailing_zeros() as usize
    }

    fn look(&mut self, base: usize) {
        let rest = self.bytes.get(base..).unwrap_or_default();
        self.base = base;
        self.bits = match (rest.first_chunk(), self.bytes.last_chunk()) {
            (Some(window), _) => bits(window),
            // The last window of the text, at whose end the rest stands.
            (None, Some(window)) => {
                bits(window).checked_shr((WINDOW - rest.len()) as u32).unwrap_or(0)
            }
            (None, None) => {
                // What stands for the bytes behind the end is not marked.
                let mut window = [b' '; WINDOW];
                window.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                bits(&window)
            }
        };
    }
}

/// Whether a byte cannot stand in a JSON string as it is.
pub(crate) fn is_mark(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

/// Two loops that compile to vector instructions and to a multiplication for eight bytes.
fn bits(window: &[u8; WINDOW]) -> u64 {
    let mut marks = [0; WINDOW];
    for (mark, byte) in marks.iter_mut().zip(window) {
        *mark = u8::from(is_mark(*byte));
    }
    // Brings the lowest bits of eight bytes together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (words, _) = marks.as_chunks();
    let gathered = |word: &[u8; 8]| u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56;
    words.iter().enumerate().fold(0, |bits, (number, word)| bits | gathered(word) << (8 * number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_has_its_bit() {
        for byte in 0..=u8::MAX {
            let is_mark = matches!(byte, b'"' | b'\\' | ..b' ');
            for at in 0..WINDOW {
                let mut window = [b'#'; WINDOW];
                window[at] = byte;
                assert_eq!(bits(&window), u64::from(is_mark) << at, "{byte} at {at}");
            }
            assert_eq!(bits(&[byte; WINDOW]), if is_mark { u64::MAX } else { 0 });
        }
    }

    #[test]
    fn every_mark_is_found_from_everywhere() {
        for length in 0..150 {
            let mut text = vec![b'x'; length];
            for at in (0..length).step_by(7) {
                text[at] = [b'"', b'\\', b'\n'][at % 3];
            }
            let text = String::from_utf8(text).unwrap();
            let mut marks = Marks::new(&text);
            for from in (0..=length).chain([0, 70, 3]) {
                let expected = from.next_multiple_of(7).min(length);
                assert_eq!(
                    marks.next(from.min(length)),
                    expected.max(from.min(length)).min(length)
                );
            }
        }
    }
}
