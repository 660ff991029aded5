//! What a secret or a signature looks like when no calculation explains the signature. These
//! findings say "may": the real value cannot be known.

use super::Signed;
use super::words::is_placeholder;
use crate::pgm::SecretLook;
use crate::verify::examine::NamedSecret;
use crate::verify::finding::Finding;
use crate::verify::{FindingKind, findings};

/// A secret with fewer characters may be only a part of one.
const SHORT: usize = 8;

/// What is suspicious about the accepted secrets, if they are few.
pub(super) fn of_secrets(accepted: &[NamedSecret], signed: &Signed<'_>) -> Vec<Finding> {
    const MAX_SECRETS: usize = 3;
    if accepted.len() > MAX_SECRETS {
        return Vec::new();
    }
    let hint = |named: &NamedSecret| {
        let finding = Finding::new(of_secret(named, signed)?);
        Some(if accepted.len() > 1 { finding.with("secret", named.name.as_str()) } else { finding })
    };
    accepted.iter().filter_map(hint).collect()
}

fn of_secret(named: &NamedSecret, signed: &Signed<'_>) -> Option<&'static FindingKind> {
    let look = SecretLook::of(&named.secret);
    let text = std::str::from_utf8(named.secret.expose()).ok()?;
    let is = |value: &str| value.trim().eq_ignore_ascii_case(text.trim());
    let expanded = ["undefined", "[object ", "null", "None", "(null)"];
    match look {
        Some(SecretLook::MissingValue) => Some(&findings::SECRET_MISSING_VALUE),
        Some(SecretLook::Masked) => Some(&findings::SECRET_MASKED),
        _ if is(signed.request_id) || is(signed.signature) => {
            Some(&findings::SECRET_IS_ANOTHER_VALUE)
        }
        _ if is_placeholder(text.trim()) => Some(&findings::SECRET_PLACEHOLDER),
        Some(SecretLook::Reference) => Some(&findings::SECRET_REFERENCE),
        _ if text.ends_with("...") || text.ends_with('…') => Some(&findings::SECRET_MASKED),
        _ if expanded.iter().any(|word| text.contains(word)) => Some(&findings::SECRET_EXPANDED),
        _ if text.contains(['\u{fffd}', '?']) => Some(&findings::SECRET_LETTERS_LOST_MAYBE),
        _ if text.contains("$$") || text.contains("${") => Some(&findings::SECRET_EXPANDED),
        _ if text.chars().count() < SHORT => Some(&findings::SECRET_SHORT),
        _ => None,
    }
}

/// What a text that is not a digest looks like.
pub(super) fn of_signature(text: &str) -> Option<&'static FindingKind> {
    let text = text.trim();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    let printed = [
        "[object ",
        "System.Byte",
        "[B@",
        "<hashlib",
        "<md5 ",
        "<built-in",
        "<_hashlib",
        "function ",
        "Promise {",
        "#<OpenSSL",
        "#<Digest",
        "java.",
        "<Hash",
        "MD5 {",
        "CoreWrapper",
        "<function",
        "<bound method",
        "Uint8Array",
        "ArrayBuffer",
        "&{",
        "Hash {",
        "{}",
        "System.",
        "%!",
    ];
    let template = text.contains("${")
        || text.contains("{{")
        || text.contains("#{")
        || text.contains("<%")
        || text.contains("%s")
        || text.contains("{0}")
        || text == "{}";
    if starts(&[
        "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "$pbkdf2", "pbkdf2_", "$P$",
        "{SSHA",
    ]) {
        Some(&findings::SIGNATURE_PASSWORD_HASH)
    } else if starts(&["eyJ", "Bearer ", "Basic ", "-----BEGIN"]) {
        Some(&findings::SIGNATURE_TOKEN)
    } else if starts(&printed) || template {
        Some(&findings::SIGNATURE_NOT_COMPUTED)
    } else {
        None
    }
}
