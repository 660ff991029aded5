//! The formulas that a signature may have been made by. A new mistake is one row.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::encodings::{WIDE, url_encoded};
use super::secret_signed::{common_missing_values, missing_values, unfilled_formulas};
use super::{Digest, Hash, Input, InputValues};
use crate::verify::{FindingKind, findings};

/// How the text becomes a digest.
#[derive(Debug, Clone, Copy)]
enum Construction {
    Plain,
    /// A text of the digest is hashed again.
    DoubleHash(fn(&[u8]) -> Vec<u8>),
    /// The hex digits of another function's digest are hashed again.
    HashOf(Hash),
    /// The digest's hex digits and this input are hashed again.
    HashThen(Input),
    /// The text is the key of an HMAC over nothing.
    Key,
    /// Keyed with this input.
    Hmac(Input),
    /// The whole text is changed before it is hashed.
    Encoded(fn(&str) -> String),
    /// The whole text in an encoding other than UTF-8.
    Wide(fn(&str) -> Vec<u8>),
}

use super::Input::{Body, Event, Id, Rewritten, Secret, Text, Time};
use Construction::{DoubleHash, Encoded, HashOf, HashThen, Hmac, Key, Plain, Wide};

/// A formula, and what to report when it is the cause.
#[derive(Debug)]
pub(super) struct Formula {
    pub kinds: &'static [&'static FindingKind],
    /// Whether it is also tried together with a second mistake.
    pub is_likely: bool,
    construction: Construction,
    inputs: Vec<Input>,
}

/// Every formula; the first is PGM's.
pub(super) static FORMULAS: LazyLock<Vec<Formula>> = LazyLock::new(|| {
    let likely = LIKELY.iter().flat_map(|row| formulas(row, true));
    let formula = |kinds, construction, is_likely, inputs: &[Input]| {
        let inputs = inputs.to_vec();
        Formula { kinds, is_likely, construction, inputs }
    };
    let separated = SEPARATORS.iter().enumerate().flat_map(|(number, separator)| {
        let is_likely = number < LIKELY_SEPARATORS;
        let separator = Text(separator);
        [
            formula(SEPARATOR, Plain, is_likely, &[Id, separator, Secret]),
            formula(SWAPPED_AND_SEPARATOR, Plain, number < 2, &[Secret, separator, Id]),
        ]
    });
    let double = SEPARATORS.iter().take(LIKELY_SEPARATORS).map(|separator| {
        formula(TWICE_AND_SEPARATOR, DoubleHash(hex_digits), false, &[Id, Text(separator), Secret])
    });
    let wide = WIDE.iter().enumerate().flat_map(|(number, encode)| {
        let encode = Wide(*encode);
        let whole = match number < 4 {
            true => UTF16,
            false => UTF32,
        };
        // With a byte order mark, little-endian is what `>` of PowerShell writes.
        let whole = formula(whole, encode, number < 3, &[Id, Text(":"), Secret]);
        let others = [
            formula(UTF16_AND_NO_COLON, encode, false, &[Id, Secret]),
            formula(UTF16_AND_SWAPPED, encode, false, &[Secret, Text(":"), Id]),
            formula(UTF16_AND_SWAPPED_AND_NO_COLON, encode, false, &[Secret, Id]),
        ];
        let separators = SEPARATORS.iter().take(LIKELY_SEPARATORS);
        let separated = separators.map(|separator| {
            formula(UTF16_AND_SEPARATOR, encode, false, &[Id, Text(separator), Secret])
        });
        let others = others.into_iter().chain(separated.collect::<Vec<_>>());
        std::iter::once(whole).chain(others.filter(move |_| number < 4).collect::<Vec<_>>())
    });
    let assigned = ASSIGNED.iter().flat_map(|(id, secret)| {
        ASSIGNMENTS.iter().flat_map(move |(sign, join)| {
            let (id, secret, sign) = (Text(id), Text(secret), Text(sign));
            let first = [id, sign, Id, Text(join), secret, sign, Secret];
            let last = [secret, sign, Secret, Text(join), id, sign, Id];
            [formula(IN_TEXT, Plain, false, &first), formula(IN_TEXT, Plain, false, &last)]
        })
    });
    let constant = |texts: &[&'static str]| {
        let inputs: Vec<_> = texts.iter().copied().map(Text).collect();
        formula(CONSTANT, Plain, false, &inputs)
    };
    let both_missing = common_missing_values()
        .flat_map(|id| common_missing_values().map(move |secret| constant(&[id, ":", secret])));
    let words = CONSTANTS.split(", ").chain(["", "\n"]).chain(missing_values());
    let constants = words.map(|text| constant(&[text])).chain(both_missing);
    let constants = constants.chain(unfilled_formulas().map(|texts| constant(&texts)));
    let unlikely = UNLIKELY.iter().flat_map(|row| formulas(row, false));
    // Before the formulas whose inputs may be empty, which give the same digests.
    let named = likely.chain(separated).chain(wide).chain(unlikely).chain(double).chain(assigned);
    let named = named.chain(constants);
    named.chain(OF_CONTEXT.iter().flat_map(|row| formulas(row, false))).collect()
});

/// What to report, the construction, and the text with its inputs in angle brackets. `<:>` stands
/// for a colon, a dot or nothing.
type Row = (&'static [&'static FindingKind], Construction, &'static str);

const ID_AND_BODY_HMAC: &[&FindingKind] =
    &[&findings::HMAC_OVER_BODY, &findings::ID_AND_BODY_SIGNED];
const SEPARATOR: &[&FindingKind] = &[&findings::OTHER_SEPARATOR];
const UTF16: &[&FindingKind] = &[&findings::SIGNED_WITH_UTF16];
const UTF32: &[&FindingKind] = &[&findings::SIGNED_WITH_UTF32];
const CONSTANT: &[&FindingKind] = &[&findings::CONSTANT_SIGNED];
const SWAPPED_AND_SEPARATOR: &[&FindingKind] =
    &[&findings::SECRET_AND_ID_SWAPPED, &findings::OTHER_SEPARATOR];
const TWICE_AND_SEPARATOR: &[&FindingKind] = &[&findings::HASHED_TWICE, &findings::OTHER_SEPARATOR];
const UTF16_AND_NO_COLON: &[&FindingKind] = &[&findings::SIGNED_WITH_UTF16, &findings::NO_COLON];
const UTF16_AND_SWAPPED: &[&FindingKind] =
    &[&findings::SIGNED_WITH_UTF16, &findings::SECRET_AND_ID_SWAPPED];
const UTF16_AND_SWAPPED_AND_NO_COLON: &[&FindingKind] =
    &[&findings::SIGNED_WITH_UTF16, &findings::SECRET_AND_ID_SWAPPED, &findings::NO_COLON];
const UTF16_AND_SEPARATOR: &[&FindingKind] =
    &[&findings::SIGNED_WITH_UTF16, &findings::OTHER_SEPARATOR];
const IN_TEXT: &[&FindingKind] = &[&findings::TEXT_SIGNED];
const BODY_WITHOUT_SECRET: &[&FindingKind] =
    &[&findings::ID_AND_BODY_SIGNED, &findings::SECRET_NOT_SIGNED];
const EVENT_AND_TIME: &[&FindingKind] = &[&findings::EVENT_SIGNED, &findings::TIME_SIGNED];
const VERSIONED: &[&FindingKind] = &[&findings::OTHER_PRODUCTS_FORMULA];
const NOTHING: Input = Text("");

/// Formulas that are also tried together with another mistake.
static LIKELY: &[Row] = &[
    (&[], Plain, "<id>:<secret>"),
    (&[&findings::NO_COLON], Plain, "<id><secret>"),
    (&[&findings::COLON_SPACE], Plain, "<id>: <secret>"),
    (&[&findings::COLON_SPACE], Plain, "<id> :<secret>"),
    (&[&findings::COLON_SPACE], Plain, "<id> : <secret>"),
    (&[&findings::SECRET_AND_ID_SWAPPED], Plain, "<secret>:<id>"),
    (&[&findings::SECRET_AND_ID_SWAPPED, &findings::NO_COLON], Plain, "<secret><id>"),
    (&[&findings::SECRET_AND_ID_SWAPPED, &findings::COLON_SPACE], Plain, "<secret>: <id>"),
    (&[&findings::TEXT_SIGNED], Plain, r#""<id>:<secret>""#),
    (&[&findings::SECRET_NOT_SIGNED], Plain, "<id>"),
    (&[&findings::ID_NOT_SIGNED], Plain, "<secret>"),
    (&[&findings::ID_NOT_SIGNED], Plain, ":<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(hex_digits), "<id>:<secret>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), "<id>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Id), "<secret>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), "<id>:<secret>"),
    (&[&findings::HMAC_OVER_BODY], Hmac(Secret), "<body>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<id>:<body>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<id>.<body>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<id><body>"),
    (&[&findings::BODY_SIGNED], Plain, "<body>:<secret>"),
    (&[&findings::BODY_SIGNED], Plain, "<body><secret>"),
    (&[&findings::BODY_SIGNED], Plain, "<secret>:<body>"),
    (&[&findings::BODY_SIGNED], Plain, "<secret><body>"),
    (&[&findings::BODY_SIGNED, &findings::SECRET_NOT_SIGNED], Plain, "<body>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id>:<body>:<secret>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id>:<secret>:<body>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id><body><secret>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id><secret><body>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id>.<body>.<secret>"),
    (BODY_WITHOUT_SECRET, Plain, "<id>:<body>"),
];

/// How many of the separators are also tried together with another mistake: the first ones.
const LIKELY_SEPARATORS: usize = 10;
/// What may stand between the two in place of the colon.
const SEPARATORS: &[&str] = &[
    ".", "|", "-", "_", "/", ",", ";", " ", "\n", "::", "+", "&", "=", "#", "\r\n", "\t", "%3A",
    "%3a", "&#58;", "\u{ff1a}", "\0", "~", "@", "*", "!", "$", "^", "||", "--", "->", "=>", ", ",
    " - ", "\\", "\\n", "\\:", "'", "\"", "\":\"", "+\":\"+", " + : + ", "':'", "$:", "<", "><",
    ")(", "}{", "][", "\u{1f}", "\u{1e}", "\u{2236}", ".:", ":.", ":/", "://",
];

/// Formulas that are only tried alone.
static UNLIKELY: &[Row] = &[
    (&[&findings::SECRET_REPEATED], Plain, "<secret>:<id>:<secret>"),
    (&[&findings::SECRET_REPEATED], Plain, "<secret><id><secret>"),
    (&[&findings::SECRET_REPEATED], Plain, "<id>:<secret>:<id>"),
    (&[&findings::SECRET_REPEATED], Plain, "<id><secret><id>"),
    (&[&findings::SECRET_REPEATED], Plain, "<id>:<secret>:<secret>"),
    (&[&findings::SECRET_REPEATED], Plain, "<id>:<id>:<secret>"),
    (SEPARATOR, Plain, "<id>:<secret>:"),
    (SEPARATOR, Plain, ":<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "'<id>:<secret>'"),
    (&[&findings::TEXT_SIGNED], Plain, "b'<id>:<secret>'"),
    // echo where it takes -n or quotes for text: sh, and cmd with its space before the bar.
    (&[&findings::TEXT_SIGNED], Plain, "-n <id>:<secret>\n"),
    (&[&findings::TEXT_SIGNED], Plain, "<id>:<secret> -n\n"),
    (&[&findings::TEXT_SIGNED], Plain, "-e <id>:<secret>\n"),
    (&[&findings::TEXT_SIGNED], Plain, "\"<id>:<secret>\"\n"),
    (&[&findings::TEXT_SIGNED], Plain, "'<id>:<secret>'\n"),
    (&[&findings::TEXT_SIGNED], Plain, "\"<id>:<secret>\"\r\n"),
    (&[&findings::TEXT_SIGNED], Plain, "\"<id>:<secret>\" \r\n"),
    (&[&findings::SECRET_NOT_SIGNED], Plain, "<id>:<id>"),
    (&[&findings::ID_NOT_SIGNED], Plain, "<secret>:"),
    (&[&findings::ID_NOT_SIGNED, &findings::OTHER_SEPARATOR], Plain, ".<secret>"),
    (&[&findings::ID_NOT_SIGNED], Plain, "<secret>:<secret>"),
    (&[&findings::HMAC_OVER_ID, &findings::ID_NOT_SIGNED], Hmac(Secret), ""),
    (&[&findings::ID_NOT_SIGNED], Hmac(Secret), "<secret>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Id), "<id>:<secret>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), "<id>:"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), ":<id>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), "<id><secret>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), "<secret>:<id>"),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), "<id>.<secret>"),
    (&[&findings::HMAC_OVER_ID], Hmac(NOTHING), "<id>:<secret>"),
    (&[&findings::HMAC_OVER_ID], Key, "<id>:<secret>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<body><:><id>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<id>|<body>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<id>-<body>"),
    (ID_AND_BODY_HMAC, Hmac(Secret), "<id>\n<body>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<secret><:><id><:><body>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<body><:><id><:><secret>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<body><:><secret><:><id>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<secret><:><body><:><id>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id>:<secret><body>"),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, "<id>:<secret>\n<body>"),
    (BODY_WITHOUT_SECRET, Plain, "<id><body>"),
    (BODY_WITHOUT_SECRET, Plain, "<id>.<body>"),
    (BODY_WITHOUT_SECRET, Plain, "<body><:><id>"),
    (&[&findings::BODY_SIGNED, &findings::SECRET_REPEATED], Plain, "<secret><body><secret>"),
    (&[&findings::HMAC_OVER_ID, &findings::SIGNED_WITHOUT_SECRET], Hmac(NOTHING), "<id>"),
    (&[&findings::HMAC_OVER_BODY, &findings::SIGNED_WITHOUT_SECRET], Hmac(NOTHING), "<body>"),
    (&[&findings::HASHED_TWICE], DoubleHash(upper_hex_digits), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(|digest| digest.to_vec()), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(base64), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(dashed_digits), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(digits_and_newline), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(md5sum_output), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(hashed_digits), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], DoubleHash(hex_digits), "<id><secret>"),
    (&[&findings::HASHED_TWICE], HashOf(Hash::Md5), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], HashOf(Hash::Sha1), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], HashOf(Hash::Sha256), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], HashThen(Secret), "<id>:<secret>"),
    (&[&findings::HASHED_TWICE], HashThen(Secret), "<body>"),
    (VERSIONED, Plain, "v0:<id>:<secret>"),
    (VERSIONED, Plain, "v1:<id>:<secret>"),
    (VERSIONED, Plain, "v1,<id>:<secret>"),
    (VERSIONED, Plain, "md5:<id>:<secret>"),
    (VERSIONED, Plain, "MD5:<id>:<secret>"),
    (VERSIONED, Plain, "v0:<id>:<body>"),
    (VERSIONED, Plain, "v0:<time>:<body>"),
    (VERSIONED, Plain, "v0:<time>:<body>:<secret>"),
    (VERSIONED, Plain, "v0:<time>:<id>:<secret>"),
    (VERSIONED, Plain, "v0:<id>:<body>:<secret>"),
    (VERSIONED, Hmac(Secret), "v0:<id>"),
    (VERSIONED, Hmac(Secret), "v0:<id>:<body>"),
    (VERSIONED, Hmac(Secret), "v0:<time>:<body>"),
    (VERSIONED, Hmac(Secret), "<id>.<time>.<body>"),
    (VERSIONED, Hmac(Secret), "<time>.<body>"),
    (VERSIONED, Hmac(Secret), "<time>:<body>"),
    (VERSIONED, Hmac(Secret), "<time><body>"),
    (VERSIONED, Hmac(Secret), "<body><time>"),
    (VERSIONED, Hmac(Secret), "<time>.<id>"),
    (VERSIONED, Hmac(Secret), "<id>.<time>"),
    (VERSIONED, Hmac(Secret), "<id>:<time>"),
    (VERSIONED, Hmac(Secret), "<time><id>"),
    (VERSIONED, Plain, "<id>.<time>.<body>"),
    (VERSIONED, Plain, "<id>.<time>.<body>.<secret>"),
    (VERSIONED, Plain, "<time>.<body>.<secret>"),
    (VERSIONED, Plain, "<time>.<body>"),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"id":"<id>","secret":"<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"secret":"<secret>","id":"<id>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"id": "<id>", "secret": "<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"requestId":"<id>","secret":"<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"requestId": "<id>", "secret": "<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"identifier":"<id>","secret":"<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"identifier": "<id>", "secret": "<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"id":"<id>","key":"<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"{"<id>":"<secret>"}"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"["<id>","<secret>"]"#),
    (&[&findings::TEXT_SIGNED], Plain, r#"["<id>", "<secret>"]"#),
    (&[&findings::TEXT_SIGNED], Plain, "['<id>', '<secret>']"),
    (&[&findings::TEXT_SIGNED], Plain, "('<id>', '<secret>')"),
    (&[&findings::TEXT_SIGNED], Plain, "[<id>, <secret>]"),
    (&[&findings::TEXT_SIGNED], Plain, "X-PerfectGym-Request:<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "X-PerfectGym-Request: <id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "X-PerfectGym-Request=<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "identifier:<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "MD5(<id>:<secret>)"),
    (&[&findings::TEXT_SIGNED], Plain, "md5(<id>:<secret>)"),
    (&[&findings::TEXT_SIGNED], Plain, "(<id>:<secret>)"),
    (&[&findings::TEXT_SIGNED], Plain, "<id>:<secret>;"),
    (&[&findings::TEXT_SIGNED], Plain, "Basic <id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "pgm:<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "=<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "$<id>:$<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "POST<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Plain, "POST:<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Encoded(|text| BASE64_STANDARD.encode(text)), "<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Encoded(|text| hex::encode(text)), "<id>:<secret>"),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| url_encoded(text.as_bytes(), "-_.!~*'()")),
        "<id>:<secret>",
    ),
    (&[&findings::TEXT_SIGNED], Encoded(str::to_uppercase), "<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Encoded(str::to_lowercase), "<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Encoded(|text| text.chars().rev().collect()), "<id>:<secret>"),
    (&[&findings::TEXT_SIGNED], Encoded(|text| text.replace('-', "")), "<id>:<secret>"),
    (SEPARATOR, Plain, "<id>\" + \":\" + \"<secret>"),
    (SWAPPED_AND_SEPARATOR, Plain, "<secret>\" + \":\" + \"<id>"),
];

/// Formulas with the body in another form, the event or a time.
static OF_CONTEXT: &[Row] = &[
    (&[&findings::BODY_REWRITTEN], Plain, "<rewritten><:><secret>"),
    (&[&findings::BODY_REWRITTEN], Plain, "<secret><:><rewritten>"),
    (&[&findings::BODY_REWRITTEN], Plain, "<id><:><rewritten><:><secret>"),
    (&[&findings::BODY_REWRITTEN], Plain, "<id><:><secret><:><rewritten>"),
    (&[&findings::BODY_REWRITTEN], Plain, "<secret><:><id><:><rewritten>"),
    (&[&findings::BODY_REWRITTEN], Plain, "<rewritten><:><id><:><secret>"),
    (&[&findings::BODY_REWRITTEN], Plain, "<rewritten>"),
    (&[&findings::BODY_REWRITTEN], Hmac(Secret), "<id><:><rewritten>"),
    (&[&findings::BODY_REWRITTEN], Hmac(Secret), "<rewritten>"),
    (&[&findings::BODY_REWRITTEN], Hmac(Secret), "undefined"),
    (&[&findings::BODY_REWRITTEN], Hmac(Secret), "null"),
    (&[&findings::BODY_REWRITTEN], Hmac(Secret), "{}"),
    (&[&findings::EVENT_SIGNED], Plain, "<event><:><secret>"),
    (&[&findings::EVENT_SIGNED], Plain, "<secret><:><event>"),
    (&[&findings::EVENT_SIGNED], Plain, "<id><:><event><:><secret>"),
    (&[&findings::EVENT_SIGNED], Plain, "<event><:><id><:><secret>"),
    (&[&findings::EVENT_SIGNED], Plain, "<id><:><secret><:><event>"),
    (&[&findings::EVENT_SIGNED], Plain, "<secret><:><id><:><event>"),
    (&[&findings::EVENT_SIGNED], Plain, "<secret><:><event><:><id>"),
    (&[&findings::EVENT_SIGNED], Plain, "<event><:><secret><:><id>"),
    (&[&findings::EVENT_SIGNED], Plain, "<id><:><event>"),
    (&[&findings::EVENT_SIGNED], Hmac(Secret), "<id><:><event>"),
    (&[&findings::EVENT_SIGNED], Hmac(Secret), "<event><:><id>"),
    (&[&findings::EVENT_SIGNED], Hmac(Secret), "<event>"),
    (&[&findings::TIME_SIGNED], Plain, "<time><:><secret>"),
    (&[&findings::TIME_SIGNED], Plain, "<secret><:><time>"),
    (&[&findings::TIME_SIGNED], Plain, "<id><:><time><:><secret>"),
    (&[&findings::TIME_SIGNED], Plain, "<time><:><id><:><secret>"),
    (&[&findings::TIME_SIGNED], Plain, "<id><:><secret><:><time>"),
    (&[&findings::TIME_SIGNED], Plain, "<secret><:><id><:><time>"),
    (&[&findings::TIME_SIGNED], Plain, "<secret><:><time><:><id>"),
    (&[&findings::TIME_SIGNED], Plain, "<time><:><secret><:><id>"),
    (&[&findings::TIME_SIGNED], Plain, "<id><:><time>"),
    (&[&findings::TIME_SIGNED], Hmac(Secret), "<id><:><time>"),
    (&[&findings::TIME_SIGNED], Hmac(Secret), "<time><:><id>"),
    (&[&findings::TIME_SIGNED], Hmac(Secret), "<time>"),
    (EVENT_AND_TIME, Plain, "<event><:><time><:><secret>"),
    (EVENT_AND_TIME, Plain, "<time><:><event><:><secret>"),
    (EVENT_AND_TIME, Plain, "<id><:><event><:><time><:><secret>"),
    (EVENT_AND_TIME, Plain, "<id><:><time><:><event><:><secret>"),
    (EVENT_AND_TIME, Plain, "<event><:><time><:><id><:><secret>"),
    (EVENT_AND_TIME, Plain, "<event><:><id><:><time><:><secret>"),
];

/// What the two are called in a text, one after the other.
const ASSIGNED: &[(&str, &str)] = &[
    ("id", "secret"),
    ("requestId", "secret"),
    ("request_id", "secret"),
    ("identifier", "secret"),
    ("id", "key"),
];

/// How a name and its value are joined there, and how the two pairs.
const ASSIGNMENTS: &[(&str, &str)] = &[
    ("=", "&"),
    ("=", ":"),
    ("=", ";"),
    ("=", ","),
    ("=", " "),
    ("=", "\n"),
    ("=", ", "),
    (":", ","),
    (":", ":"),
    (":", ";"),
    (":", "\n"),
    (":", " "),
    (": ", ", "),
    (": ", "\n"),
    ("", ""),
    ("", ":"),
];

/// Texts without the id and the secret: the same signature for every request.
const CONSTANTS: &str = "\
    :, nil:nil, identifier + \":\" + secret, identifier + : + secret, id + \":\" + secret, \
    %s:%s, {}:{}, {0}:{1}, %v:%v, %@:%@, $id:$PGM_SECRET, test, hello, a, secret, password, \
    %!s(MISSING):%!s(MISSING), $1:$2, ::";

/// The formulas of a row.
fn formulas((kinds, construction, template): &Row, is_likely: bool) -> Vec<Formula> {
    let separators: &[&str] = if template.contains("<:>") { &[":", "", "."] } else { &[""] };
    let formula = |separator: &&'static str| Formula {
        kinds,
        is_likely,
        construction: *construction,
        inputs: inputs(template, separator),
    };
    separators.iter().map(formula).collect()
}

fn inputs(template: &'static str, separator: &'static str) -> Vec<Input> {
    let names = [
        ("<id>", Id),
        ("<secret>", Secret),
        ("<body>", Body),
        ("<rewritten>", Rewritten),
        ("<event>", Event),
        ("<time>", Time),
        ("<:>", Text(separator)),
    ];
    let mut inputs = Vec::new();
    let mut rest = template;
    let next = |rest: &'static str| {
        let found =
            names.iter().filter_map(|(name, input)| Some((rest.find(name)?, *name, *input)));
        found.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, name, input)) = next(rest) {
        let (before, after) = rest.split_at(at);
        inputs.extend([Text(before), input]);
        rest = after.get(name.len()..).unwrap_or_default();
    }
    inputs.push(Text(rest));
    inputs.retain(|input| *input != Text(""));
    inputs
}

fn hex_digits(digest: &[u8]) -> Vec<u8> {
    hex::encode(digest).into_bytes()
}

fn upper_hex_digits(digest: &[u8]) -> Vec<u8> {
    hex::encode_upper(digest).into_bytes()
}

fn base64(digest: &[u8]) -> Vec<u8> {
    BASE64_STANDARD.encode(digest).into_bytes()
}

/// As .NET's `BitConverter.ToString` prints bytes.
fn dashed_digits(digest: &[u8]) -> Vec<u8> {
    let bytes: Vec<_> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join("-").into_bytes()
}

fn digits_and_newline(digest: &[u8]) -> Vec<u8> {
    format!("{}\n", hex::encode(digest)).into_bytes()
}

fn md5sum_output(digest: &[u8]) -> Vec<u8> {
    format!("{}  -\n", hex::encode(digest)).into_bytes()
}

/// For three rounds instead of two.
fn hashed_digits(digest: &[u8]) -> Vec<u8> {
    hex_digits(&Hash::Md5.digest(&hex_digits(digest)))
}

impl Formula {
    /// Whether this is one of its inputs, or its key.
    pub fn uses(&self, input: Input) -> bool {
        let extra = match self.construction {
            Hmac(extra) | HashThen(extra) => Some(extra),
            _ => None,
        };
        extra == Some(input) || self.inputs.contains(&input)
    }

    /// Whether it uses more of the capture than the id.
    pub fn needs_context(&self) -> bool {
        [Body, Rewritten, Event, Time].into_iter().any(|input| self.uses(input))
    }

    /// Whether it is a fixed text, without anything of the capture or the secret.
    pub fn is_constant(&self) -> bool {
        let is_text = |input: &Input| matches!(input, Text(_));
        matches!(self.construction, Plain) && self.inputs.iter().all(is_text)
    }

    /// What stands between the request id and the secret, if nothing else is hashed.
    pub fn separator(&self) -> Option<&'static str> {
        match self.inputs[..] {
            [Id, Text(separator), Secret] | [Secret, Text(separator), Id] => Some(separator),
            _ => None,
        }
    }

    /// Whether it is an HMAC.
    pub fn is_hmac(&self) -> bool {
        matches!(self.construction, Hmac(_) | Key)
    }

    /// Writes the text that is hashed; `None` when one of its inputs has no value.
    pub fn write_text(&self, values: InputValues<'_>, text: &mut Vec<u8>) -> Option<()> {
        text.clear();
        self.inputs.iter().try_for_each(|input| {
            text.extend_from_slice(values.of(*input)?);
            Some(())
        })
    }

    /// The digest of that text; `None` when there is no value for its key.
    pub fn digest(&self, hash: Hash, values: InputValues<'_>, text: &[u8]) -> Option<Digest> {
        Some(match self.construction {
            Plain => hash.digest(text),
            DoubleHash(form) => hash.digest(&form(&hash.digest(text))),
            HashOf(first) => hash.digest(&hex_digits(&first.digest(text))),
            Key => hash.hmac(text, b"")?,
            HashThen(input) => {
                let digits = hex_digits(&hash.digest(text));
                hash.digest(&[&digits, values.of(input)?].concat())
            }
            Hmac(key) => hash.hmac(values.of(key)?, text)?,
            Encoded(change) => hash.digest(change(&String::from_utf8_lossy(text)).as_bytes()),
            Wide(encode) => hash.digest(&encode(&String::from_utf8_lossy(text))),
        })
    }
}
