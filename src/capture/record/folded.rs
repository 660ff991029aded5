//! Names without the spelling that differs from tool to tool.

/// A name in lower case without the characters that separate its words, so that `raw_body`,
/// `rawBody` and `Raw-Body` are one name.
pub(super) struct Folded {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Folded {
    /// A name that means nothing.
    pub(super) const NONE: Self = Self { bytes: [0; Self::ROOM], length: 0 };

    /// Longer names mean nothing to us.
    pub(super) const ROOM: usize = 80;

    pub(super) fn new(name: &str) -> Option<Self> {
        let mut folded = Self { bytes: [0; Self::ROOM], length: 0 };
        for byte in name.bytes().filter(|byte| !is_separator(*byte)) {
            *folded.bytes.get_mut(folded.length)? = byte.to_ascii_lowercase();
            folded.length += 1;
        }
        Some(folded)
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(
        byte,
        b'-' | b'_' | b'.' | b' ' | b'[' | b']' | b'\'' | b'"' | b'$' | b'@' | b':' | b'/'
    )
}
