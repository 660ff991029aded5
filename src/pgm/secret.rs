//! A webhook's secret, as a type that cannot be printed.

use std::fmt;

use zeroize::Zeroizing;

/// The secret that PGM's webhook and its target share. It has no `Display`, its `Debug` shows
/// nothing of it, nothing serialises it, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// Why some bytes are not a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// An empty secret would sign, but proves nothing.
    #[error("is empty")]
    Empty,
    /// A file that an editor saved as UTF-16: its bytes are not those of the secret.
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
        let bytes = Zeroizing::new(bytes.into());
        if bytes.is_empty() { Err(InvalidSecret::Empty) } else { Ok(Self(bytes)) }
    }

    /// Takes a secret from a file or from the output of a command. One line break at the end,
    /// which editors and `echo` add, and a byte order mark are not part of it.
    ///
    /// # Errors
    /// When nothing else is there, or the file is UTF-16.
    pub fn from_file(bytes: impl Into<Vec<u8>>) -> Result<Self, InvalidSecret> {
        let file = Zeroizing::new(bytes.into());
        if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
            return Err(InvalidSecret::Utf16);
        }
        let secret = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file);
        let line = secret.strip_suffix(b"\n");
        let line = line.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        Self::new(line.unwrap_or(secret))
    }

    /// What is suspicious about the secret: it looks as if it was mangled on its way here.
    pub fn suspicion(&self) -> Option<&'static str> {
        let text = std::str::from_utf8(&self.0).ok()?;
        let is_within = |open: &str, close: &str| {
            text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
        };
        if text.trim() != text {
            Some("it starts or ends with white space")
        } else if text.contains(['\n', '\r']) {
            Some("it has a line break in it")
        } else if is_within("\"", "\"") || is_within("'", "'") {
            Some("it is in quotes")
        } else if is_within("${", "}") || is_within("{{", "}}") || text.starts_with("op://") {
            Some("it looks like a reference that was not resolved")
        } else if is_within("{", "}") && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        {
            Some("it is JSON, as secrets managers store it, rather than the value in it")
        } else {
            None
        }
    }

    /// The bytes, to compute with. Never print them.
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
    fn mangled_secrets_are_suspicious() {
        for (text, part) in [
            (" s3cret", "white space"),
            ("s3cret\n", "white space"),
            ("s3\ncret", "line break"),
            ("\"s3cret\"", "quotes"),
            ("'s3cret'", "quotes"),
            ("${PGWH_SECRET}", "reference"),
            ("{{ secret }}", "reference"),
            ("{\"secret\":\"s3cret\"}", "JSON"),
        ] {
            let suspicion = Secret::new(text).unwrap().suspicion();
            assert!(suspicion.is_some_and(|text| text.contains(part)), "{text}: {suspicion:?}");
        }
        for text in ["s3cret", "correct horse battery staple", "a\"b", "{x}", "\""] {
            assert_eq!(Secret::new(text).unwrap().suspicion(), None, "{text}");
        }
    }

    #[test]
    fn one_line_break_at_the_end_of_a_file_is_not_part_of_the_secret() {
        for (file, secret) in
            [("s\n", "s"), ("s\r\n", "s"), ("s\n\n", "s\n"), ("s ", "s "), ("\u{feff}s", "s")]
        {
            let read = Secret::from_file(file).unwrap();
            assert_eq!(read.expose(), secret.as_bytes(), "{file:?}");
        }
        assert_eq!(Secret::from_file(*b"\xff\xfes\0"), Err(InvalidSecret::Utf16));
        assert_eq!(Secret::from_file("\r\n"), Err(InvalidSecret::Empty));
    }
}
