//! A webhook's secret, as a type that cannot be printed.

use std::fmt;

/// The secret shared by PGM's webhook and its target. It has no `Display`, its `Debug` shows
/// nothing of it, and nothing serialises it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Why some bytes are no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// An empty secret would sign, but signs nothing that only PGM knows.
    #[error("is empty")]
    Empty,
    /// A file that an editor wrote as UTF-16: none of its bytes are those of the secret.
    #[error("is UTF-16: save it as UTF-8")]
    Utf16,
}

impl Secret {
    /// Takes the secret's exact bytes. PGM's are UTF-8 text, as far as is known; the encoding
    /// of a non-ASCII secret is not documented.
    ///
    /// # Errors
    /// When there are no bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, InvalidSecret> {
        let bytes = bytes.into();
        if bytes.is_empty() { Err(InvalidSecret::Empty) } else { Ok(Self(bytes)) }
    }

    /// Takes a secret from a file or from what a command printed: editors and `echo` end it
    /// with one line break, and some begin it with a byte order mark, which are not part of it.
    ///
    /// # Errors
    /// When nothing else is there, or the file is UTF-16.
    pub fn from_file(mut bytes: Vec<u8>) -> Result<Self, InvalidSecret> {
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(InvalidSecret::Utf16);
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        Self::new(bytes)
    }

    /// The bytes, for whoever computes with them. Never print them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_it_and_empty_is_refused() {
        assert_eq!(format!("{:?}", Secret::new("hunter2").unwrap()), "Secret(hidden)");
        assert_eq!(Secret::new(""), Err(InvalidSecret::Empty));
    }

    #[test]
    fn one_line_break_at_the_end_of_a_file_is_no_part_of_the_secret() {
        for (file, secret) in
            [("s\n", "s"), ("s\r\n", "s"), ("s\n\n", "s\n"), ("s ", "s "), ("\u{feff}s", "s")]
        {
            let read = Secret::from_file(file.into()).unwrap();
            assert_eq!(read.expose(), secret.as_bytes(), "{file:?}");
        }
        assert_eq!(Secret::from_file(b"\xff\xfes\0".to_vec()), Err(InvalidSecret::Utf16));
        assert_eq!(Secret::from_file("\r\n".into()), Err(InvalidSecret::Empty));
    }
}
