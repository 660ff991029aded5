//! A webhook's secret, as a type that cannot be printed, and how it looks when it was mangled.

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

/// How a secret looks that is probably not the one in PGM. It is used as it is: only a warning
/// says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretLook {
    /// White space at its ends.
    Spaces,
    /// A line break in it.
    LineBreak,
    /// Quotes around it.
    Quotes,
    /// A character in it that cannot be seen.
    Invisible,
    /// JSON, such as `{"key":"value"}`.
    Json,
    /// A reference to a value that was not resolved, such as `${NAME}`.
    Reference,
    /// A word that programs write for a missing value, such as `undefined`.
    MissingValue,
    /// Masked, such as `****`.
    Masked,
    /// A private key, a password hash, a web page, or what a tool printed when it failed.
    OtherValue,
}

impl SecretLook {
    /// What looks mangled about a secret, if anything does.
    pub fn of(secret: &Secret) -> Option<Self> {
        let Ok(text) = std::str::from_utf8(secret.expose()) else { return None };
        let bare = text.trim();
        let is_word = missing_value_words().any(|word| word == text);
        // First those that say what it is instead; white space may stand in and around them.
        let looks: [(Self, bool); 9] = [
            (Self::OtherValue, is_other_value(bare)),
            (Self::Reference, is_reference(bare)),
            (Self::Masked, is_masked(bare)),
            (Self::Spaces, bare != text),
            (Self::LineBreak, text.contains(['\n', '\r'])),
            (Self::Quotes, is_quoted(text)),
            (Self::Invisible, text.contains(is_invisible)),
            (Self::Json, is_json(text)),
            (Self::MissingValue, is_word || text.starts_with("[object ")),
        ];
        looks.into_iter().find(|(_, matches)| *matches).map(|(look, _)| look)
    }

    /// What it looks like, as a clause.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spaces => "it starts or ends with white space",
            Self::LineBreak => "it has a line break in it",
            Self::Quotes => "it is in quotes",
            Self::Invisible => "it contains an invisible character",
            Self::Json => "it is JSON, as secrets managers store it, rather than the value in it",
            Self::Reference => "it looks like a reference that was not resolved",
            Self::MissingValue => "it is a word that programs write for a missing value",
            Self::Masked => "it is masked",
            Self::OtherValue => "it looks like a key, a password hash, a page or an error message",
        }
    }
}

/// Words that programs write where a value is missing, or only its description is at hand.
pub fn missing_value_words() -> impl Iterator<Item = &'static str> {
    MISSING_VALUES.split(", ")
}

const MISSING_VALUES: &str = "\
    undefined, null, None, nil, NULL, NaN, (null), (none), (nil), <nil>, <null>, Null, none, NONE, \
    Nil, nullptr, Undefined, UNDEFINED, N/A, n/a, #N/A, [null], [object Object], \
    [object Promise], [object Undefined], [object Null], [object Array], [object ArrayBuffer], \
    [object Response], Promise { <pending> }, System.Byte[], System.Char[], System.String, \
    System.String[], System.Object, System.Security.SecureString, \
    System.Threading.Tasks.Task`1[System.String], Optional.empty, Optional[], Optional[null], \
    Some(None), %!s(<nil>), %!v(MISSING), %!s(MISSING), %!d(MISSING)";

/// Characters that cannot be seen, nor printed as white space.
pub fn is_invisible(letter: char) -> bool {
    letter.is_control() && !letter.is_whitespace()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{e0000}'..='\u{e007f}')
}

fn is_quoted(text: &str) -> bool {
    let quotes = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('„', '”'), ('‘', '’')];
    let around = |(open, close): (char, char)| text.strip_prefix(open)?.strip_suffix(close);
    quotes.into_iter().any(|pair| around(pair).is_some())
}

fn is_json(text: &str) -> bool {
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.is_ok_and(|value| value.is_object() || value.is_array())
}

/// References as shells, containers, CI systems and secret managers write them.
fn is_reference(text: &str) -> bool {
    let is_name = |name: &str| {
        let letter = |letter: char| letter.is_ascii_alphanumeric() || "_-.: ".contains(letter);
        name.len() > 1 && name.chars().all(letter)
    };
    let between =
        |open: &str, close: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let inside = |open: &str, close: &str| between(open, close).is_some_and(is_name);
    let command = |inside: &str| inside.contains(' ') || is_name(inside);
    let bracketed = [
        ("${", "}"),
        ("{{", "}}"),
        ("${{", "}}"),
        ("#{", "}"),
        ("#{", "}#"),
        ("%", "%"),
        ("__", "__"),
        ("<", ">"),
        ("[[", "]]"),
        ("{$", "}"),
        ("{env.", "}"),
        ("`", "`"),
    ];
    let variable = |name: &str| {
        let upper = |letter: char| letter.is_ascii_uppercase() || "_0123456789".contains(letter);
        name.contains('_') && name.chars().all(upper)
    };
    // The name of the variable, without anything that reads it.
    let name = ["_SECRET", "_KEY", "_TOKEN", "_PASSWORD"];
    let name = variable(text) && name.iter().any(|end| text.ends_with(end));
    let azure = text.starts_with("https://") && text.contains(".vault.azure.net/");
    let google = text.starts_with("projects/") && text.contains("/secrets/");
    bracketed.iter().any(|(open, close)| inside(open, close))
        || between("$(", ")").is_some_and(command)
        || between("<%", "%>").is_some()
        || text.strip_prefix("env:").is_some_and(variable)
        || name
        || azure
        || text.strip_prefix('$').is_some_and(|name| {
            variable(name)
                || name.len() > 2 && name.chars().all(|letter| letter.is_ascii_uppercase())
        })
        || REFERENCE_STARTS.split(", ").any(|start| text.starts_with(start))
        || google
}

/// How references to containers, CI systems and secret managers begin.
const REFERENCE_STARTS: &str = "\
    @Microsoft.KeyVault(, arn:aws:, op://, vault:, ssm:/, secretsmanager:, gcp-secret:, sm://, \
    awssm://, keyvault:, ENC[, ENC(, !Ref , !Sub , !vault, !ENV , env://, file:/, /run/secrets/, \
    /var/run/secrets/, ref+, $env:, process.env., doppler://, infisical://, {{resolve:, {cipher}, \
    secretKeyRef, bws://, akv://, $ANSIBLE_VAULT;, !secret , secrets., %env(, @/, ENV[, os.environ, os.getenv(, \
    System.getenv(, getenv(, Environment.GetEnvironmentVariable(";

fn is_masked(text: &str) -> bool {
    let mask = |letter: char| matches!(letter, '*' | '•' | '●' | '█' | '∗');
    let masked = text.chars().filter(|letter| mask(*letter)).count();
    let pairs = [('[', ']'), ('<', '>'), ('(', ')')];
    let bracketed = pairs.iter().find_map(|(open, close)| {
        text.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close))
    });
    let word = bracketed.unwrap_or(text).to_lowercase();
    let words = MASKS.split(", ").any(|mask| mask == word);
    masked >= 3 || words && bracketed.is_some() || word == "redacted"
}

/// What tools write in brackets in place of a secret.
const MASKS: &str = "\
    redacted, filtered, hidden, masked, secure, secret, sensitive, sensitive value, protected, \
    encrypted, removed, omitted, private, not shown, known after apply, concealed by 1password";

/// What is no secret at all, but was in its place.
fn is_other_value(text: &str) -> bool {
    let lower: String = text.chars().take(200).collect::<String>().to_lowercase();
    let starts = [
        "-----begin ",
        "<!doctype",
        "<html",
        "error:",
        "error from ",
        "fatal:",
        "usage: ",
        "{\"error",
        "ssh-rsa ",
        "ssh-ed25519 ",
    ];
    let failures = ["permission denied", "access denied", "no such file", "command not found"];
    let hashes = ["$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$y$", "$argon2", "$apr1$"];
    let is_hash = text.len() >= 20 && hashes.iter().any(|start| text.starts_with(start));
    let is_token = text.starts_with("eyJ") && text.matches('.').count() == 2;
    is_hash
        || is_token
        || starts.iter().any(|start| lower.starts_with(start))
        || failures.iter().any(|failure| lower.contains(failure))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspicion(secret: &str) -> Option<&'static str> {
        SecretLook::of(&Secret::new(secret).unwrap()).map(SecretLook::as_str)
    }

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
            let suspicion = suspicion(text);
            assert!(suspicion.is_some_and(|text| text.contains(part)), "{text}: {suspicion:?}");
        }
        for text in ["s3cret", "correct horse battery staple", "a\"b", "{x}", "\""] {
            assert_eq!(suspicion(text), None, "{text}");
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

    fn look(text: &str) -> Option<SecretLook> {
        SecretLook::of(&Secret::new(text).unwrap())
    }

    #[test]
    fn mangled_secrets_are_recognised() {
        for (text, expected) in [
            (" s3cr3t", SecretLook::Spaces),
            ("s3cr3t\u{a0}", SecretLook::Spaces),
            ("s3\ncr3t", SecretLook::LineBreak),
            ("\"s3cr3t\"", SecretLook::Quotes),
            ("“s3cr3t”", SecretLook::Quotes),
            ("s3\u{200b}cr3t", SecretLook::Invisible),
            ("{\"key\":\"value\"}", SecretLook::Json),
            ("${PGM_SECRET}", SecretLook::Reference),
            ("$PGM_SECRET", SecretLook::Reference),
            ("{{ secret }}", SecretLook::Reference),
            ("%PGM_SECRET%", SecretLook::Reference),
            (
                "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/pgm/)",
                SecretLook::Reference,
            ),
            ("arn:aws:secretsmanager:eu-central-1:1:secret:pgm-AbCdEf", SecretLook::Reference),
            ("op://vault/pgm/secret", SecretLook::Reference),
            ("undefined", SecretLook::MissingValue),
            ("[object Promise]", SecretLook::MissingValue),
            ("********", SecretLook::Masked),
            ("s3cr****", SecretLook::Masked),
            ("[MASKED]", SecretLook::Masked),
            ("(sensitive value)", SecretLook::Masked),
            ("$(cat /etc/pgm.secret)", SecretLook::Reference),
            ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", SecretLook::Reference),
            ("%env(PGM_SECRET)%", SecretLook::Reference),
            ("@/run/secrets/pgm", SecretLook::Reference),
            ("https://pgm.vault.azure.net/secrets/pgm/01", SecretLook::Reference),
            ("<%= ENV[\"PGM_SECRET\"] %>", SecretLook::Reference),
            ("PGM_SECRET", SecretLook::Reference),
            ("-----BEGIN PRIVATE KEY-----\nMIIE\n", SecretLook::OtherValue),
            ("Error from server (NotFound): secrets not found", SecretLook::OtherValue),
            ("<!DOCTYPE html><title>404</title>", SecretLook::OtherValue),
            (
                "$2b$12$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
                SecretLook::OtherValue,
            ),
        ] {
            assert_eq!(look(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn ordinary_secrets_do_not_look_mangled() {
        for text in [
            "s3cr3t-Ab9",
            "correct-horse-battery-staple",
            "two words",
            "za\u{17c}ółć",
            "a$b{c}",
            "$ecret",
            "pa%ss%",
            "x'y",
            "123456",
            "p&ss<w>",
            "it's",
            "{not json}",
            "a*b*c",
            "(secret",
            "secret",
            "a$b$c",
            "KEY-1",
        ] {
            assert_eq!(look(text), None, "{text}");
        }
    }
}
