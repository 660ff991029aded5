//! Other spellings of a request id that a signer may have used. A new suspect is one row.

use crate::verify::{FindingKind, findings};

/// A way in which the captured id and the signer's may differ.
pub(super) struct Suspect {
    /// What to say when it is the cause.
    pub kinds: &'static [&'static FindingKind],
    make: fn(&str) -> Vec<String>,
}

const fn row(kinds: &'static [&'static FindingKind], make: fn(&str) -> Vec<String>) -> Suspect {
    Suspect { kinds, make }
}

/// An id longer than this, in bytes, is only tried as it is.
const LONGEST: usize = 512;

pub(super) static SUSPECTS: &[Suspect] = &[
    row(&[&findings::ID_SPACES], |id| vec![id.trim().to_owned()]),
    row(&[&findings::ID_SPACES], |id| ["\n", "\r\n", " "].map(|end| format!("{id}{end}")).into()),
    row(&[&findings::ID_CASE], |id| vec![id.to_uppercase(), id.to_lowercase()]),
    row(&[&findings::ID_BRACES], |id| wrapped(id).into()),
    row(&[&findings::ID_BRACES], |id| vec![bare(id).to_owned()]),
    row(&[&findings::ID_DASHES], |id| vec![id.replace('-', "")]),
    row(&[&findings::ID_DASHES], |id| dashed(id).into_iter().collect()),
    row(&[&findings::ID_URN], |id| vec![format!("urn:uuid:{id}")]),
    row(&[&findings::ID_URN], |id| {
        id.strip_prefix("urn:uuid:").map(str::to_owned).into_iter().collect()
    }),
    row(&[&findings::ID_BRACES, &findings::ID_CASE], |id| {
        [wrapped(&id.to_uppercase()), wrapped(&id.to_lowercase())].concat()
    }),
    row(&[&findings::ID_BRACES, &findings::ID_CASE], |id| {
        vec![bare(id).to_uppercase(), bare(id).to_lowercase()]
    }),
    row(&[&findings::ID_DASHES, &findings::ID_CASE], |id| {
        let plain = [Some(id.replace('-', "")), dashed(id)];
        plain.into_iter().flatten().flat_map(|id| [id.to_uppercase(), id.to_lowercase()]).collect()
    }),
    row(&[&findings::ID_BRACES, &findings::ID_DASHES], |id| vec![bare(id).replace('-', "")]),
];

impl Suspect {
    /// What the signer may have used in place of `id`, without `id` itself.
    pub fn candidates(&self, id: &str) -> Vec<String> {
        if id.len() > LONGEST {
            return Vec::new();
        }
        let mut candidates = (self.make)(id);
        candidates.retain(|candidate| candidate != id);
        candidates
    }
}

fn wrapped(id: &str) -> [String; 3] {
    [format!("{{{id}}}"), format!("\"{id}\""), format!("({id})")]
}

fn bare(id: &str) -> &str {
    let pairs = [('{', '}'), ('"', '"'), ('(', ')'), ('\'', '\''), ('<', '>'), ('[', ']')];
    let inside = |(open, close)| id.strip_prefix(open)?.strip_suffix(close);
    pairs.into_iter().find_map(inside).unwrap_or(id)
}

/// 32 hex digits as a UUID.
fn dashed(id: &str) -> Option<String> {
    let hex = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let group = |from: usize, to: usize| id.get(from..to);
    let groups = [group(0, 8)?, group(8, 12)?, group(12, 16)?, group(16, 20)?, group(20, 32)?];
    hex.then(|| groups.join("-"))
}
