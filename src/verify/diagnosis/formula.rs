//! The formulas that a signature may have been made by. A new suspect is one row.

use super::hash::Hash;
use crate::verify::{FindingKind, findings};

/// A part of what is hashed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Id,
    Secret,
    Body,
    Text(&'static str),
}

/// How the parts become a digest.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Plain,
    /// The hex digits of the digest are hashed again.
    Twice,
    /// Keyed with this part.
    Hmac(Part),
    /// The whole text as UTF-16, little-endian or big-endian.
    Utf16(fn(u16) -> [u8; 2]),
}

/// A formula, and what to say when it fits.
#[derive(Debug)]
pub(super) struct Formula {
    pub kinds: &'static [&'static FindingKind],
    way: Way,
    parts: &'static [Part],
}

/// What the parts stand for in one trial.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub id: &'a [u8],
    pub secret: &'a [u8],
    pub body: Option<&'a [u8]>,
}

const fn row(kinds: &'static [&'static FindingKind], way: Way, parts: &'static [Part]) -> Formula {
    Formula { kinds, way, parts }
}

use Part::{Body, Id, Secret, Text};
use Way::{Hmac, Plain, Twice, Utf16};

/// Every formula; the first is PGM's.
pub(super) static FORMULAS: &[Formula] = &[
    row(&[], Plain, &[Id, Text(":"), Secret]),
    row(&[&findings::NO_COLON], Plain, &[Id, Secret]),
    row(&[&findings::COLON_SPACE], Plain, &[Id, Text(": "), Secret]),
    row(&[&findings::COLON_SPACE], Plain, &[Id, Text(" :"), Secret]),
    row(&[&findings::COLON_SPACE], Plain, &[Id, Text(" : "), Secret]),
    row(&[&findings::SECRET_AND_ID_SWAPPED], Plain, &[Secret, Text(":"), Id]),
    row(&[&findings::SECRET_AND_ID_SWAPPED, &findings::NO_COLON], Plain, &[Secret, Id]),
    row(
        &[&findings::SECRET_AND_ID_SWAPPED, &findings::COLON_SPACE],
        Plain,
        &[Secret, Text(": "), Id],
    ),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("."), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("-"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("_"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("|"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("/"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text(","), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text(";"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("+"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("&"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("="), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("#"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text(" "), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("::"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("\n"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("%3A"), Secret]),
    row(&[&findings::OTHER_SEPARATOR], Plain, &[Id, Text("\" + \":\" + \""), Secret]),
    row(
        &[&findings::SECRET_AND_ID_SWAPPED, &findings::OTHER_SEPARATOR],
        Plain,
        &[Secret, Text("."), Id],
    ),
    row(
        &[&findings::SECRET_AND_ID_SWAPPED, &findings::OTHER_SEPARATOR],
        Plain,
        &[Secret, Text("-"), Id],
    ),
    row(
        &[&findings::SECRET_AND_ID_SWAPPED, &findings::OTHER_SEPARATOR],
        Plain,
        &[Secret, Text("|"), Id],
    ),
    row(&[&findings::SIGNED_WITH_QUOTES], Plain, &[Text("\""), Id, Text(":"), Secret, Text("\"")]),
    row(&[&findings::SIGNED_WITH_UTF16], Utf16(u16::to_le_bytes), &[Id, Text(":"), Secret]),
    row(&[&findings::SIGNED_WITH_UTF16], Utf16(u16::to_be_bytes), &[Id, Text(":"), Secret]),
    row(&[&findings::SECRET_NOT_SIGNED], Plain, &[Id]),
    row(&[&findings::ID_NOT_SIGNED], Plain, &[Secret]),
    row(&[&findings::ID_NOT_SIGNED], Plain, &[Text(":"), Secret]),
    row(&[&findings::HASHED_TWICE], Twice, &[Id, Text(":"), Secret]),
    row(&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Id]),
    row(&[&findings::HMAC_OVER_ID], Hmac(Id), &[Secret]),
    row(&[&findings::HMAC_OVER_ID], Hmac(Secret), &[Id, Text(":"), Secret]),
    row(&[&findings::HMAC_OVER_BODY], Hmac(Secret), &[Body]),
    row(
        &[&findings::HMAC_OVER_BODY, &findings::ID_AND_BODY_SIGNED],
        Hmac(Secret),
        &[Id, Text(":"), Body],
    ),
    row(
        &[&findings::HMAC_OVER_BODY, &findings::ID_AND_BODY_SIGNED],
        Hmac(Secret),
        &[Id, Text("."), Body],
    ),
    row(&[&findings::HMAC_OVER_BODY, &findings::ID_AND_BODY_SIGNED], Hmac(Secret), &[Id, Body]),
    row(&[&findings::BODY_SIGNED], Plain, &[Body, Text(":"), Secret]),
    row(&[&findings::BODY_SIGNED], Plain, &[Body, Secret]),
    row(&[&findings::BODY_SIGNED], Plain, &[Secret, Text(":"), Body]),
    row(&[&findings::BODY_SIGNED], Plain, &[Secret, Body]),
    row(&[&findings::BODY_SIGNED, &findings::SECRET_NOT_SIGNED], Plain, &[Body]),
    row(&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Text(":"), Body, Text(":"), Secret]),
    row(&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Text(":"), Secret, Text(":"), Body]),
    row(&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Body, Secret]),
    row(&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Secret, Body]),
    row(&[&findings::ID_AND_BODY_SIGNED], Plain, &[Id, Text("."), Body, Text("."), Secret]),
    row(
        &[&findings::ID_AND_BODY_SIGNED, &findings::SECRET_NOT_SIGNED],
        Plain,
        &[Id, Text(":"), Body],
    ),
];

impl Formula {
    /// Whether it has a part that stands for the secret (or the id, by `of`).
    pub fn uses_secret(&self) -> bool {
        matches!(self.way, Hmac(Secret)) || self.parts.iter().any(|part| matches!(part, Secret))
    }

    /// Whether it has a part that stands for the request id.
    pub fn uses_id(&self) -> bool {
        matches!(self.way, Hmac(Id)) || self.parts.iter().any(|part| matches!(part, Id))
    }

    /// Whether it is an HMAC, which has a finding of its own whatever the hash function.
    pub fn is_hmac(&self) -> bool {
        matches!(self.way, Hmac(_))
    }

    /// Whether it gives `wanted`; `false` when it needs a body and there is none.
    pub fn gives(&self, hash: Hash, inputs: Inputs, wanted: &[u8]) -> bool {
        const LONGEST: usize = 5;
        let mut parts: [&[u8]; LONGEST] = [&[]; LONGEST];
        for (slot, part) in parts.iter_mut().zip(self.parts) {
            let Some(bytes) = inputs.of(*part) else { return false };
            *slot = bytes;
        }
        match self.way {
            Plain => hash.gives(&parts, wanted),
            Twice => hash.gives_twice(&parts, wanted),
            Hmac(key) => inputs.of(key).is_some_and(|key| hash.gives_hmac(key, &parts, wanted)),
            Utf16(order) => {
                let text = parts.concat();
                let text = String::from_utf8_lossy(&text);
                let wide: Vec<u8> = text.encode_utf16().flat_map(order).collect();
                hash.gives(&[&wide], wanted)
            }
        }
    }

    /// How many bytes a trial hashes, roughly.
    pub fn work(&self, inputs: Inputs) -> u64 {
        let parts: usize =
            self.parts.iter().filter_map(|part| inputs.of(*part)).map(<[u8]>::len).sum();
        parts as u64 + 64
    }
}

impl<'a> Inputs<'a> {
    fn of(self, part: Part) -> Option<&'a [u8]> {
        match part {
            Id => Some(self.id),
            Secret => Some(self.secret),
            Body => self.body,
            Text(text) => Some(text.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_formula_has_more_parts_than_are_hashed() {
        assert!(FORMULAS.iter().all(|formula| formula.parts.len() <= 5));
    }
}
