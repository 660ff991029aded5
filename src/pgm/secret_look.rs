//! What makes a secret look as if it was mangled on the way from PGM.

use super::Secret;

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
}

impl SecretLook {
    /// What looks mangled about a secret, if anything does.
    pub fn of(secret: &Secret) -> Option<Self> {
        let Ok(text) = std::str::from_utf8(secret.expose()) else { return None };
        let looks: [(Self, bool); 8] = [
            (Self::LineBreak, text.contains(['\n', '\r'])),
            (Self::Spaces, text.trim() != text),
            (Self::Quotes, is_quoted(text)),
            (Self::Invisible, text.contains(is_invisible)),
            (Self::Json, is_json(text)),
            (Self::Reference, is_reference(text)),
            (Self::MissingValue, MISSING.contains(&text) || text.starts_with("[object ")),
            (Self::Masked, is_masked(text)),
        ];
        looks.into_iter().find(|(_, matches)| *matches).map(|(look, _)| look)
    }

    /// The rest of a sentence that begins with "the secret": what it looks like.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spaces => "starts or ends with white space",
            Self::LineBreak => "contains a line break",
            Self::Quotes => "is in quotes",
            Self::Invisible => "contains an invisible character",
            Self::Json => "is JSON, not a value from it",
            Self::Reference => "looks like a reference that was not resolved",
            Self::MissingValue => "is a word that programs write for a missing value",
            Self::Masked => "is masked",
        }
    }
}

/// What programs write where a value is missing.
const MISSING: &[&str] = &[
    "undefined",
    "null",
    "None",
    "nil",
    "NULL",
    "NaN",
    "(null)",
    "<nil>",
    "(none)",
    "none",
    "System.Byte[]",
    "System.String",
    "System.Security.SecureString",
];

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
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name)
    };
    let bracketed = [
        ("${", "}"),
        ("$(", ")"),
        ("{{", "}}"),
        ("${{", "}}"),
        ("#{", "}"),
        ("#{", "}#"),
        ("%", "%"),
        ("<%=", "%>"),
        ("__", "__"),
        ("<", ">"),
        ("[[", "]]"),
        ("`", "`"),
    ];
    let variable = |name: &str| {
        let upper = |letter: char| letter.is_ascii_uppercase() || "_0123456789".contains(letter);
        name.contains('_') && name.chars().all(upper)
    };
    let prefixes = [
        "@Microsoft.KeyVault(",
        "arn:aws:",
        "op://",
        "vault:",
        "vault://",
        "ssm:/",
        "ssm://",
        "secretsmanager:",
        "secretsmanager://",
        "gcp-secret:",
        "sm://",
        "awssm://",
        "keyvault:",
        "keyvault://",
        "ENC[",
        "ENC(",
        "!Ref ",
        "!Sub ",
        "!vault",
        "!ENV ",
        "env://",
        "file://",
        "/run/secrets/",
        "/var/run/secrets/",
        "ref+",
        "$env:",
        "process.env.",
        "doppler://",
        "infisical://",
        "{{resolve:",
        "{cipher}",
        "secretKeyRef",
        "bws://",
        "akv://",
        "file:/",
    ];
    let google = text.starts_with("projects/") && text.contains("/secrets/");
    bracketed.iter().any(|(open, close)| inside(open, close))
        || text.strip_prefix('$').is_some_and(|name| {
            variable(name)
                || name.len() > 2 && name.chars().all(|letter| letter.is_ascii_uppercase())
        })
        || prefixes.iter().any(|prefix| text.starts_with(prefix))
        || google
}

fn is_masked(text: &str) -> bool {
    let mask = |letter: char| matches!(letter, '*' | '•' | '●' | '█' | '∗');
    let masked = text.chars().filter(|letter| mask(*letter)).count();
    let words = ["[redacted]", "<redacted>", "redacted", "[filtered]", "<hidden>", "[hidden]"];
    masked >= 3 || words.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str) -> Option<SecretLook> {
        SecretLook::of(&Secret::new(text).unwrap())
    }

    #[test]
    fn mangled_secrets_are_recognised() {
        for (text, expected) in [
            (" s3cr3t", SecretLook::Spaces),
            ("s3cr3t\u{a0}", SecretLook::Spaces),
            ("s3cr3t\n", SecretLook::LineBreak),
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
        ] {
            assert_eq!(look(text), None, "{text}");
        }
    }
}
