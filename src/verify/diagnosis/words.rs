//! Texts that programs and people write in the place of a value; and what a secret or a signature
//! looks like when no calculation explains the signature. Findings about looks say "may": the real
//! value cannot be known.

use super::Signed;
use crate::pgm::SecretLook;
use crate::verify::examine::NamedSecret;
use crate::verify::finding::Finding;
use crate::verify::{FindingKind, findings};

/// What programs write where there is no value, or only the description of one.
const MISSING: &[&str] = &[
    "",
    "undefined",
    "null",
    "None",
    "nil",
    "NULL",
    "NaN",
    "(null)",
    "(none)",
    "(nil)",
    "<nil>",
    "<null>",
    "Null",
    "none",
    "NONE",
    "Nil",
    "nullptr",
    "Undefined",
    "UNDEFINED",
    "N/A",
    "n/a",
    "#N/A",
    "false",
    "False",
    "true",
    "True",
    "0",
    "-1",
    "1",
    "[]",
    "{}",
    "\"\"",
    "''",
    "()",
    "[null]",
    "empty",
    "unset",
    "missing",
    "unknown",
    "Unknown",
    "[object Object]",
    "[object Promise]",
    "[object Undefined]",
    "[object Null]",
    "[object Array]",
    "[object ArrayBuffer]",
    "[object Response]",
    "Promise { <pending> }",
    "Array",
    "Object",
    "object",
    "System.Byte[]",
    "System.Char[]",
    "System.String",
    "System.String[]",
    "System.Object",
    "System.Security.SecureString",
    "System.Threading.Tasks.Task`1[System.String]",
    "Optional.empty",
    "Optional[]",
    "Optional[null]",
    "Some(None)",
    "%!s(<nil>)",
    "%!v(MISSING)",
    "%!s(MISSING)",
    "%!d(MISSING)",
    "*",
    "**",
    "***",
    "****",
    "*****",
    "******",
    "********",
    "[REDACTED]",
    "<redacted>",
    "<REDACTED>",
    "[redacted]",
    "REDACTED",
    "redacted",
    "[FILTERED]",
    "[Filtered]",
    "<hidden>",
    "[hidden]",
    "[masked]",
    "<masked>",
    "(sensitive value)",
    "(hidden)",
    "[secure]",
    "••••••••",
];

/// Secrets that nobody meant to keep.
const PLACEHOLDERS: &[&str] = &[
    "secret",
    "SECRET",
    "Secret",
    "password",
    "Password",
    "changeme",
    "CHANGEME",
    "change-me",
    "change_me",
    "changeit",
    "ChangeMe",
    "your-secret",
    "your_secret",
    "your secret",
    "your-secret-here",
    "your_secret_here",
    "YOUR_SECRET",
    "YOUR_SECRET_HERE",
    "YOUR-SECRET",
    "yoursecret",
    "YourSecret",
    "your-webhook-secret",
    "YOUR_WEBHOOK_SECRET",
    "my-secret",
    "my_secret",
    "mysecret",
    "MySecret",
    "supersecret",
    "super-secret",
    "super_secret",
    "topsecret",
    "top-secret",
    "s3cr3t",
    "test",
    "TEST",
    "test-secret",
    "test_secret",
    "testsecret",
    "testing",
    "dummy",
    "example",
    "placeholder",
    "PLACEHOLDER",
    "TODO",
    "todo",
    "FIXME",
    "tbd",
    "TBD",
    "xxx",
    "XXX",
    "xxxx",
    "xxxxx",
    "xxxxxx",
    "xxxxxxxx",
    "abc",
    "abc123",
    "123",
    "1234",
    "12345",
    "123456",
    "foo",
    "bar",
    "foobar",
    "default",
    "insert-secret-here",
    "replace-me",
    "REPLACE_ME",
    "replaceme",
    "key",
    "token",
    "webhook-secret",
    "webhook_secret",
    "shared-secret",
    "shared_secret",
    "secret-key",
    "secret_key",
    "value",
    "string",
    "text",
    "dev",
    "local",
    "demo",
    "sample",
    "admin",
    "the secret",
    "the-secret",
    "...",
    "…",
    "-",
    "?",
];

/// What a secret is called in code and configurations.
const SECRET_NAMES: &[&str] = &[
    "secret",
    "SECRET",
    "Secret",
    "webhookSecret",
    "webhook_secret",
    "WEBHOOK_SECRET",
    "WebhookSecret",
    "pgmSecret",
    "pgm_secret",
    "PGM_SECRET",
    "PGM_WEBHOOK_SECRET",
    "PGWH_SECRET",
    "PERFECTGYM_SECRET",
    "PERFECTGYM_WEBHOOK_SECRET",
    "PERFECT_GYM_SECRET",
    "PERFECT_GYM_WEBHOOK_SECRET",
    "sharedSecret",
    "shared_secret",
    "SHARED_SECRET",
    "signingSecret",
    "signing_secret",
    "SIGNING_SECRET",
    "secretKey",
    "secret_key",
    "SECRET_KEY",
    "apiKey",
    "api_key",
    "API_KEY",
    "key",
    "KEY",
    "token",
    "TOKEN",
    "password",
    "PASSWORD",
];

/// What a request id is called in code and configurations.
const ID_NAMES: &[&str] = &[
    "id",
    "ID",
    "Id",
    "requestId",
    "request_id",
    "REQUEST_ID",
    "RequestId",
    "requestID",
    "request-id",
    "identifier",
    "IDENTIFIER",
    "Identifier",
    "request",
    "reqId",
    "uuid",
    "guid",
    "X-PerfectGym-Request",
    "x-perfectgym-request",
    "X_PERFECTGYM_REQUEST",
    "HTTP_X_PERFECTGYM_REQUEST",
    "xPerfectGymRequest",
    "test",
    "Test",
    "event",
];

/// How template languages, shells and formatters mark a value to fill in: what stands before and
/// after the name.
const MARKS: &[(&str, &str)] = &[
    ("${", "}"),
    ("$", ""),
    ("{{", "}}"),
    ("{{ ", " }}"),
    ("{", "}"),
    ("#{", "}"),
    ("%", "%"),
    ("%(", ")s"),
    ("<", ">"),
    ("[", "]"),
    ("<%= ", " %>"),
    ("<%=", "%>"),
    ("@", ""),
    (":", ""),
    ("$(", ")"),
    ("${{ secrets.", " }}"),
    ("${process.env.", "}"),
    ("process.env.", ""),
    ("import.meta.env.", ""),
    ("$env:", ""),
    ("${env:", "}"),
    ("${env.", "}"),
    ("{{env.", "}}"),
    ("{$", "}"),
    ("__", "__"),
    ("#{", "}#"),
    ("{{{", "}}}"),
    ("[[", "]]"),
    ("\\(", ")"),
    ("os.environ['", "']"),
    ("os.environ[\"", "\"]"),
    ("os.getenv('", "')"),
    ("getenv('", "')"),
    ("env('", "')"),
    ("ENV['", "']"),
    ("${this.", "}"),
    ("${config.", "}"),
    ("", ""),
];

/// What formatters leave when they get no arguments.
const FORMATS: &[&str] = &["%s", "%v", "%d", "%@", "%q", "%x", "{}", "{0}", "{1}", "{:?}", "$1"];

/// Whether this is a secret as examples and templates have it.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let marks = ["your", "change", "replace", "insert", "placeholder", "example", "dummy"];
    let nouns = ["secret", "key", "me", "here", "this", "it", "password", "token"];
    PLACEHOLDERS.contains(&text)
        || marks.iter().any(|mark| lower.contains(mark))
            && nouns.iter().any(|noun| lower.contains(noun))
}

/// Words for a missing value.
pub(super) fn missing() -> impl Iterator<Item = String> {
    MISSING.iter().map(|word| (*word).to_owned())
}

/// Placeholders, and templates for a secret that were not filled in.
pub(super) fn unfilled_secrets() -> impl Iterator<Item = String> {
    PLACEHOLDERS.iter().map(|word| (*word).to_owned()).chain(templates(SECRET_NAMES))
}

/// Templates for a request id that were not filled in.
pub(super) fn unfilled_ids() -> impl Iterator<Item = String> {
    templates(ID_NAMES)
}

fn templates(names: &'static [&'static str]) -> impl Iterator<Item = String> {
    let of_name = |name: &'static &'static str| {
        MARKS.iter().map(move |(before, after)| format!("{before}{name}{after}"))
    };
    let formats = FORMATS.iter().map(|format| (*format).to_owned());
    names.iter().flat_map(of_name).chain(formats)
}

/// A secret with fewer characters may be only a part of one.
const SHORT: usize = 8;

/// What is suspicious about the accepted secrets, if they are few.
pub(super) fn looks_of_secrets(accepted: &[NamedSecret], signed: &Signed<'_>) -> Vec<Finding> {
    const MAX_SECRETS: usize = 3;
    if accepted.len() > MAX_SECRETS {
        return Vec::new();
    }
    let hint = |named: &NamedSecret| {
        let finding = Finding::new(look_of_secret(named, signed)?);
        Some(if accepted.len() > 1 { finding.with("secret", named.name.as_str()) } else { finding })
    };
    accepted.iter().filter_map(hint).collect()
}

fn look_of_secret(named: &NamedSecret, signed: &Signed<'_>) -> Option<&'static FindingKind> {
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
pub(super) fn look_of_signature(text: &str) -> Option<&'static FindingKind> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_recognised_and_real_secrets_are_not() {
        for text in ["your-secret-here", "changeme", "<insert your key>", "REPLACE_ME", "secret"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["s3cr3t-Ab9", "kettlebell-42", "correct-horse-battery-staple", "yourself"] {
            assert!(!is_placeholder(text), "{text}");
        }
        assert!(missing().any(|text| text == "[object Promise]"));
        assert!(unfilled_secrets().any(|text| text == "${process.env.PGM_SECRET}"));
        assert!(unfilled_ids().any(|text| text == "{{ requestId }}"));
    }
}
