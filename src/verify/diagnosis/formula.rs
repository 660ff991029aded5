//! The formulas that a signature may have been made by. A new mistake is one row.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::hash::Hash;
use super::text_encodings::WIDE;
use crate::verify::{FindingKind, findings};

/// A part of what is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Id,
    Secret,
    Body,
    /// The body written again in another form.
    RewrittenBody,
    Event,
    /// `triggeredDate`, or a time from another header, in all its forms.
    Time,
    Text(&'static str),
}

/// How the inputs become a digest.
#[derive(Debug, Clone, Copy)]
pub(super) enum Construction {
    Plain,
    /// A text of the digest is hashed again.
    DoubleHash(fn(&[u8]) -> Vec<u8>),
    /// The digest's hex digits and this input are hashed again.
    HashThen(Input),
    /// Keyed with this input.
    Hmac(Input),
    /// The whole text in another encoding.
    Encoded(fn(&str) -> Vec<u8>),
}

/// A formula, and what to report when it is the cause.
#[derive(Debug)]
pub(super) struct Formula {
    pub kinds: Vec<&'static FindingKind>,
    /// Whether it is also tried together with a second mistake.
    pub combines: bool,
    construction: Construction,
    inputs: Vec<Input>,
}

/// The values of the inputs in one calculation.
#[derive(Clone, Copy, Default)]
pub(super) struct InputValues<'a> {
    pub id: &'a [u8],
    pub secret: &'a [u8],
    pub body: Option<&'a [u8]>,
    pub rewritten_body: Option<&'a [u8]>,
    pub event: Option<&'a str>,
    pub time: Option<&'a str>,
}

use Construction::{DoubleHash, Encoded, HashThen, Hmac, Plain};
use Input::{Body, Event, Id, RewrittenBody, Secret, Text, Time};

/// Every formula; the first is PGM's.
pub(super) static FORMULAS: LazyLock<Vec<Formula>> = LazyLock::new(|| {
    let likely = LIKELY.iter().map(|row| Formula::new(row, true));
    let separated = SEPARATORS.iter().flat_map(|separator| separated(separator));
    let wide = WIDE.iter().enumerate().map(|(number, encode)| Formula {
        kinds: vec![match number < 4 {
            true => &findings::SIGNED_WITH_UTF16,
            false => &findings::SIGNED_WITH_UTF32,
        }],
        combines: number < 2,
        construction: Encoded(*encode),
        inputs: vec![Id, Text(":"), Secret],
    });
    let unlikely = UNLIKELY.iter().map(|row| Formula::new(row, false));
    let constant = CONSTANTS.iter().map(|text| Formula {
        kinds: vec![&findings::CONSTANT_SIGNED],
        combines: false,
        construction: Plain,
        inputs: vec![Text(text)],
    });
    // Before the formulas whose inputs may be empty, which give the same digests.
    let named = likely.chain(separated).chain(wide).chain(unlikely).chain(constant);
    named.chain(with_context()).collect()
});

type Row = (&'static [&'static FindingKind], Construction, &'static [Input]);

/// Formulas that are also tried together with another mistake.
static LIKELY: &[Row] = &[
    (&[], Plain, &[Id, Text(":"), Secret]),
    (&[&findings::NO_COLON], Plain, &[Id, Secret]),
    (&[&findings::COLON_SPACE], Plain, &[Id, Text(": "), Secret]),
    (&[&findings::COLON_SPACE], Plain, &[Id, Text(" :"), Secret]),
    (&[&findings::COLON_SPACE], Plain, &[Id, Text(" : "), Secret]),
    (&[&findings::SECRET_AND_ID_SWAPPED], Plain, &[Secret, Text(":"), Id]),
    (&[&findings::SECRET_AND_ID_SWAPPED, &findings::NO_COLON], Plain, &[Secret, Id]),
    (&[&findings::SECRET_AND_ID_SWAPPED, &findings::COLON_SPACE], Plain, &[Secret, Text(": "), Id]),
    (&[&findings::SIGNED_WITH_QUOTES], Plain, &[Text("\""), Id, Text(":"), Secret, Text("\"")]),
    (&[&findings::SECRET_NOT_SIGNED], Plain, &[Id]),
    (&[&findings::ID_NOT_SIGNED], Plain, &[Secret]),
    (&[&findings::ID_NOT_SIGNED], Plain, &[Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(hex_digits), &[Id, Text(":"), Secret]),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Id]),
    (&[&findings::HMAC_OVER_ID], Hmac(Id), &[Secret]),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Id, Text(":"), Secret]),
    (&[&findings::HMAC_OVER_BODY], Hmac(Secret), &[Body]),
    (ID_AND_BODY_HMAC, Hmac(Secret), &[Id, Text(":"), Body]),
    (ID_AND_BODY_HMAC, Hmac(Secret), &[Id, Text("."), Body]),
    (ID_AND_BODY_HMAC, Hmac(Secret), &[Id, Body]),
    (&[&findings::BODY_SIGNED], Plain, &[Body, Text(":"), Secret]),
    (&[&findings::BODY_SIGNED], Plain, &[Body, Secret]),
    (&[&findings::BODY_SIGNED], Plain, &[Secret, Text(":"), Body]),
    (&[&findings::BODY_SIGNED], Plain, &[Secret, Body]),
    (&[&findings::BODY_SIGNED, &findings::SECRET_NOT_SIGNED], Plain, &[Body]),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Text(":"), Body, Text(":"), Secret]),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Text(":"), Secret, Text(":"), Body]),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Body, Secret]),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Secret, Body]),
    (&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Text("."), Body, Text("."), Secret]),
    (&[&findings::ID_AND_BODY_SIGNED, &findings::SECRET_NOT_SIGNED], Plain, &[Id, Text(":"), Body]),
];

const ID_AND_BODY_HMAC: &[&FindingKind] =
    &[&findings::HMAC_OVER_BODY, &findings::ID_AND_BODY_SIGNED];
const VERSIONED: &[&FindingKind] = &[&findings::OTHER_PRODUCTS_FORMULA];

/// What may stand between the two in place of the colon.
const SEPARATORS: &[&str] = &[
    ".",
    "-",
    "_",
    "|",
    "/",
    ",",
    ";",
    "+",
    "&",
    "=",
    "#",
    " ",
    "::",
    "\n",
    "\r\n",
    "\t",
    "%3A",
    "%3a",
    "&#58;",
    "\u{ff1a}",
    "\0",
    "~",
    "@",
    "*",
    "!",
    "$",
    "^",
    "||",
    "--",
    "->",
    "=>",
    ", ",
    " - ",
    "\\",
    "\\n",
    "\\:",
    "'",
    "\"",
    "\":\"",
    "\" + \":\" + \"",
    "+\":\"+",
    " + : + ",
    "':'",
    "$:",
    "<",
    "><",
    ")(",
    "}{",
    "][",
    "\u{1f}",
    "\u{1e}",
    "\u{2236}",
    ".:",
    ":.",
    ":/",
    "://",
];

fn separated(separator: &'static str) -> [Formula; 2] {
    let formula = |kinds, inputs: [Input; 3]| Formula {
        kinds,
        combines: false,
        construction: Plain,
        inputs: inputs.to_vec(),
    };
    [
        formula(vec![&findings::OTHER_SEPARATOR], [Id, Text(separator), Secret]),
        formula(
            vec![&findings::SECRET_AND_ID_SWAPPED, &findings::OTHER_SEPARATOR],
            [Secret, Text(separator), Id],
        ),
    ]
}

/// Formulas that are only tried alone.
static UNLIKELY: &[Row] = &[
    (&[&findings::SECRET_REPEATED], Plain, &[Secret, Text(":"), Id, Text(":"), Secret]),
    (&[&findings::SECRET_REPEATED], Plain, &[Secret, Id, Secret]),
    (&[&findings::SECRET_REPEATED], Plain, &[Id, Text(":"), Secret, Text(":"), Id]),
    (&[&findings::SECRET_REPEATED], Plain, &[Id, Secret, Id]),
    (&[&findings::SECRET_REPEATED], Plain, &[Id, Text(":"), Secret, Text(":"), Secret]),
    (&[&findings::SECRET_REPEATED], Plain, &[Id, Text(":"), Id, Text(":"), Secret]),
    (&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text(":"), Secret, Text(":")]),
    (&[&findings::OTHER_SEPARATOR], Plain, &[Text(":"), Id, Text(":"), Secret]),
    (&[&findings::OTHER_SEPARATOR], Plain, &[Text("{"), Id, Text("}:{"), Secret, Text("}")]),
    (&[&findings::OTHER_SEPARATOR], Plain, &[Text("'"), Id, Text("':'"), Secret, Text("'")]),
    (&[&findings::OTHER_SEPARATOR], Plain, &[Text("\""), Id, Text("\":\""), Secret, Text("\"")]),
    (&[&findings::SIGNED_WITH_QUOTES], Plain, &[Text("'"), Id, Text(":"), Secret, Text("'")]),
    (&[&findings::SIGNED_WITH_PRINTED], Plain, &[Text("b'"), Id, Text(":"), Secret, Text("'")]),
    (&[&findings::SECRET_NOT_SIGNED], Plain, &[Id, Text(":"), Id]),
    (&[&findings::ID_NOT_SIGNED], Plain, &[Secret, Text(":")]),
    (&[&findings::ID_NOT_SIGNED], Plain, &[Secret, Text(":"), Secret]),
    (&[&findings::ID_NOT_SIGNED], Hmac(Secret), &[]),
    (&[&findings::ID_NOT_SIGNED], Hmac(Secret), &[Secret]),
    (&[&findings::HMAC_OVER_ID], Hmac(Id), &[Id, Text(":"), Secret]),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Id, Text(":")]),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Text(":"), Id]),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Id, Secret]),
    (&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Secret, Text(":"), Id]),
    (&[&findings::HMAC_OVER_ID], Hmac(Text("")), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(upper_hex_digits), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(|digest| digest.to_vec()), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(base64), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(dashed_digits), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(digits_and_newline), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(md5sum_output), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(hashed_digits), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], DoubleHash(hex_digits), &[Id, Secret]),
    (&[&findings::HASHED_TWICE], HashThen(Secret), &[Id]),
    (&[&findings::HASHED_TWICE], HashThen(Secret), &[Id, Text(":"), Secret]),
    (&[&findings::HASHED_TWICE], HashThen(Id), &[Secret]),
    (&[&findings::HASHED_TWICE], HashThen(Secret), &[Body]),
    (VERSIONED, Plain, &[Text("v0:"), Id, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("v1:"), Id, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("v1,"), Id, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("md5:"), Id, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("MD5:"), Id, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("v0:"), Id, Text(":"), Body]),
    (VERSIONED, Plain, &[Text("v0:"), Time, Text(":"), Body]),
    (VERSIONED, Plain, &[Text("v0:"), Time, Text(":"), Body, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("v0:"), Time, Text(":"), Id, Text(":"), Secret]),
    (VERSIONED, Plain, &[Text("v0:"), Id, Text(":"), Body, Text(":"), Secret]),
    (VERSIONED, Hmac(Secret), &[Text("v0:"), Id]),
    (VERSIONED, Hmac(Secret), &[Text("v0:"), Id, Text(":"), Body]),
    (VERSIONED, Hmac(Secret), &[Text("v0:"), Time, Text(":"), Body]),
    (VERSIONED, Hmac(Secret), &[Id, Text("."), Time, Text("."), Body]),
    (VERSIONED, Hmac(Secret), &[Time, Text("."), Body]),
    (VERSIONED, Hmac(Secret), &[Time, Text(":"), Body]),
    (VERSIONED, Hmac(Secret), &[Time, Body]),
    (VERSIONED, Hmac(Secret), &[Body, Time]),
    (VERSIONED, Hmac(Secret), &[Time, Text("."), Id]),
    (VERSIONED, Hmac(Secret), &[Id, Text("."), Time]),
    (VERSIONED, Hmac(Secret), &[Id, Text(":"), Time]),
    (VERSIONED, Hmac(Secret), &[Time, Id]),
    (VERSIONED, Plain, &[Id, Text("."), Time, Text("."), Body]),
    (VERSIONED, Plain, &[Id, Text("."), Time, Text("."), Body, Text("."), Secret]),
    (VERSIONED, Plain, &[Time, Text("."), Body, Text("."), Secret]),
    (VERSIONED, Plain, &[Time, Text("."), Body]),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"id\":\""), Id, Text("\",\"secret\":\""), Secret, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"secret\":\""), Secret, Text("\",\"id\":\""), Id, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"id\": \""), Id, Text("\", \"secret\": \""), Secret, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"requestId\":\""), Id, Text("\",\"secret\":\""), Secret, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"requestId\": \""), Id, Text("\", \"secret\": \""), Secret, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"identifier\":\""), Id, Text("\",\"secret\":\""), Secret, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"identifier\": \""), Id, Text("\", \"secret\": \""), Secret, Text("\"}")],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Plain,
        &[Text("{\"id\":\""), Id, Text("\",\"key\":\""), Secret, Text("\"}")],
    ),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("{\""), Id, Text("\":\""), Secret, Text("\"}")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("[\""), Id, Text("\",\""), Secret, Text("\"]")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("[\""), Id, Text("\", \""), Secret, Text("\"]")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("['"), Id, Text("', '"), Secret, Text("']")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("('"), Id, Text("', '"), Secret, Text("')")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("["), Id, Text(", "), Secret, Text("]")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("id="), Id, Text("&secret="), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("secret="), Secret, Text("&id="), Id]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("identifier="), Id, Text("&secret="), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("requestId="), Id, Text("&secret="), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("X-PerfectGym-Request:"), Id, Text(":"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("X-PerfectGym-Request: "), Id, Text(":"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("X-PerfectGym-Request="), Id, Text(":"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("identifier:"), Id, Text(":"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("id:"), Id, Text(",secret:"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("MD5("), Id, Text(":"), Secret, Text(")")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("md5("), Id, Text(":"), Secret, Text(")")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("("), Id, Text(":"), Secret, Text(")")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Id, Text(":"), Secret, Text(";")]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("Basic "), Id, Text(":"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("POST"), Id, Text(":"), Secret]),
    (&[&findings::TEXT_SIGNED], Plain, &[Text("POST:"), Id, Text(":"), Secret]),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| BASE64_STANDARD.encode(text).into_bytes()),
        &[Id, Text(":"), Secret],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| hex::encode(text).into_bytes()),
        &[Id, Text(":"), Secret],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| url_escaped(text).into_bytes()),
        &[Id, Text(":"), Secret],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| text.to_uppercase().into_bytes()),
        &[Id, Text(":"), Secret],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| text.to_lowercase().into_bytes()),
        &[Id, Text(":"), Secret],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| text.chars().rev().collect::<String>().into_bytes()),
        &[Id, Text(":"), Secret],
    ),
    (
        &[&findings::TEXT_SIGNED],
        Encoded(|text| text.replace('-', "").into_bytes()),
        &[Id, Text(":"), Secret],
    ),
];

/// Formulas with the body in another form, the event or a time.
fn with_context() -> Vec<Formula> {
    const REWRITTEN: &[&FindingKind] = &[&findings::BODY_REWRITTEN];
    const EVENT: &[&FindingKind] = &[&findings::EVENT_SIGNED];
    const TIME: &[&FindingKind] = &[&findings::TIME_SIGNED];
    let formula = |kinds: &[&'static FindingKind], construction, inputs: Vec<Input>| Formula {
        kinds: kinds.to_vec(),
        combines: false,
        construction,
        inputs,
    };
    let mut formulas = Vec::new();
    let body = RewrittenBody;
    for text in [Text(":"), Text(""), Text(".")] {
        for inputs in [
            vec![body, text, Secret],
            vec![Secret, text, body],
            vec![Id, text, body, text, Secret],
            vec![Id, text, Secret, text, body],
            vec![Secret, text, Id, text, body],
            vec![body, text, Id, text, Secret],
        ] {
            formulas.push(formula(REWRITTEN, Plain, inputs));
        }
        formulas.push(formula(REWRITTEN, Hmac(Secret), vec![Id, text, body]));
        for (kinds, extra) in [(EVENT, Event), (TIME, Time)] {
            for inputs in [
                vec![extra, text, Secret],
                vec![Secret, text, extra],
                vec![Id, text, extra, text, Secret],
                vec![extra, text, Id, text, Secret],
                vec![Id, text, Secret, text, extra],
                vec![Secret, text, Id, text, extra],
                vec![Secret, text, extra, text, Id],
                vec![extra, text, Secret, text, Id],
                vec![Id, text, extra],
            ] {
                formulas.push(formula(kinds, Plain, inputs));
            }
            formulas.push(formula(kinds, Hmac(Secret), vec![Id, text, extra]));
            formulas.push(formula(kinds, Hmac(Secret), vec![extra, text, Id]));
        }
        for inputs in [
            vec![Event, text, Time, text, Secret],
            vec![Time, text, Event, text, Secret],
            vec![Id, text, Event, text, Time, text, Secret],
            vec![Id, text, Time, text, Event, text, Secret],
            vec![Event, text, Time, text, Id, text, Secret],
            vec![Event, text, Id, text, Time, text, Secret],
        ] {
            formulas.push(formula(
                &[&findings::EVENT_SIGNED, &findings::TIME_SIGNED],
                Plain,
                inputs,
            ));
        }
    }
    formulas.push(formula(REWRITTEN, Plain, vec![body]));
    formulas.push(formula(REWRITTEN, Hmac(Secret), vec![body]));
    formulas.push(formula(EVENT, Hmac(Secret), vec![Event]));
    formulas.push(formula(TIME, Hmac(Secret), vec![Time]));
    formulas
}

/// Texts without the id and the secret: the same signature for every request.
const CONSTANTS: &[&str] = &[
    "",
    ":",
    "undefined:undefined",
    "null:null",
    "None:None",
    "nil:nil",
    "undefined",
    "null",
    "NaN",
    "[object Object]",
    "[object Promise]",
    "identifier:secret",
    "identifier + \":\" + secret",
    "identifier + : + secret",
    "id:secret",
    "id + \":\" + secret",
    "requestId:secret",
    "request_id:secret",
    "${id}:${secret}",
    "$id:$secret",
    "{id}:{secret}",
    "{{id}}:{{secret}}",
    "%s:%s",
    "{}:{}",
    "{0}:{1}",
    "%v:%v",
    "%@:%@",
    "#{id}:#{secret}",
    "${requestId}:${secret}",
    "$requestId:$secret",
    "{requestId}:{secret}",
    "$ID:$SECRET",
    "${ID}:${SECRET}",
    "${identifier}:${secret}",
    "$identifier:$secret",
    "{identifier}:{secret}",
    "$id:$PGM_SECRET",
    "test",
    "hello",
    "a",
    "secret",
    "password",
    "\n",
    "%!s(MISSING):%!s(MISSING)",
    "$1:$2",
    "::",
];

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
    hex_digits(&Hash::Md5.digest(&[&hex_digits(digest)]))
}

fn url_escaped(text: &str) -> String {
    super::text_encodings::url_encoded(text.as_bytes(), "-_.!~*'()")
}

impl Formula {
    fn new((kinds, construction, inputs): &Row, combines: bool) -> Self {
        Self {
            kinds: kinds.to_vec(),
            combines,
            construction: *construction,
            inputs: inputs.to_vec(),
        }
    }

    /// Whether this is one of its inputs, or its key.
    pub fn uses(&self, input: Input) -> bool {
        let extra = match self.construction {
            Hmac(extra) | HashThen(extra) => Some(extra),
            _ => None,
        };
        extra == Some(input) || self.inputs.contains(&input)
    }

    /// Whether it is an HMAC.
    pub fn is_hmac(&self) -> bool {
        matches!(self.construction, Hmac(_))
    }

    /// The digest; `None` when one of its inputs has no value.
    pub fn digest(&self, hash: Hash, values: InputValues<'_>) -> Option<Vec<u8>> {
        let inputs: Vec<&[u8]> =
            self.inputs.iter().map(|input| values.of(*input)).collect::<Option<_>>()?;
        match self.construction {
            Plain => Some(hash.digest(&inputs)),
            DoubleHash(text) => Some(hash.digest(&[&text(&hash.digest(&inputs))])),
            HashThen(input) => {
                let digits = hex_digits(&hash.digest(&inputs));
                Some(hash.digest(&[&digits, values.of(input)?]))
            }
            Hmac(key) => hash.hmac(values.of(key)?, &inputs),
            Encoded(encode) => {
                let text = inputs.concat();
                Some(hash.digest(&[&encode(&String::from_utf8_lossy(&text))]))
            }
        }
    }

    /// Roughly how many bytes a calculation hashes.
    pub fn work(&self, values: InputValues<'_>) -> u64 {
        const OVERHEAD: usize = 64;
        let length = |input: &Input| values.of(*input).map_or(0, <[u8]>::len);
        (self.inputs.iter().map(length).sum::<usize>() + OVERHEAD) as u64
    }
}

impl<'a> InputValues<'a> {
    fn of(&self, input: Input) -> Option<&'a [u8]> {
        match input {
            Id => Some(self.id),
            Secret => Some(self.secret),
            Body => self.body,
            RewrittenBody => self.rewritten_body,
            Event => self.event.map(str::as_bytes),
            Time => self.time.map(str::as_bytes),
            Text(text) => Some(text.as_bytes()),
        }
    }
}
