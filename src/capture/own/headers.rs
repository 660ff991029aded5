//! The headers of a line, of which two matter. The others mostly stand in the next line just the
//! same, and need not be taken apart again.

use super::cursor::Cursor;

/// The headers of the line before, by their number.
#[derive(Debug, Default)]
pub(crate) struct Headers<'a> {
    each: [Header<'a>; 32],
    /// As many from the first one on as were the same in two lines, with the commas behind them.
    same: &'a str,
    /// How many these are.
    count: usize,
}

/// A header of the line before.
#[derive(Debug, Default, Clone, Copy)]
struct Header<'a> {
    /// With its values; empty if they matter, or were not read yet.
    whole: &'a str,
    /// Up to its values.
    name: &'a str,
    sought: Option<Sought>,
}

/// A header that matters.
#[derive(Debug, Clone, Copy)]
enum Sought {
    RequestId,
    Signature,
}

impl Sought {
    fn of(name: &str) -> Option<Self> {
        match name.len() {
            20 if name.eq_ignore_ascii_case("x-perfectgym-request") => Some(Self::RequestId),
            22 if name.eq_ignore_ascii_case("x-perfectgym-signature") => Some(Self::Signature),
            _ => None,
        }
    }
}

/// The request id and the signature, as far as they are there.
pub(super) type Pair<'a> = (Option<&'a str>, Option<&'a str>);

/// The values of the two headers; repeated ones are unusual.
pub(super) fn headers<'a>(rest: &mut Cursor<'a>, before: &mut Headers<'a>) -> Option<Pair<'a>> {
    let mut found = (None, None);
    if rest.skip("}").is_some() {
        return Some(found);
    }
    let from = rest.at;
    let mut number = if rest.again(before.same) { before.count } else { 0 };
    let (mut all_same, mut further) = (true, Header::default());
    loop {
        let header = before.each.get_mut(number).unwrap_or(&mut further);
        if !rest.again(header.whole) {
            if all_same {
                (before.same, before.count) = (rest.since(from), number);
                all_same = false;
            }
            header.read(rest, &mut found)?;
        }
        number += 1;
        if rest.skip(",").is_none() {
            rest.skip("}")?;
            return Some(found);
        }
    }
}

impl<'a> Header<'a> {
    /// Reads a header that is not just as in the line before. Often its name is.
    fn read(&mut self, rest: &mut Cursor<'a>, found: &mut Pair<'a>) -> Option<()> {
        let from = rest.at;
        if !rest.again(self.name) {
            rest.skip("\"")?;
            let sought = Sought::of(rest.plain()?);
            rest.skip(":[")?;
            *self = Self { whole: "", name: rest.since(from), sought };
        }
        let (request_id, signature) = found;
        let slot = match self.sought {
            Some(Sought::RequestId) => request_id,
            Some(Sought::Signature) => signature,
            None => {
                values(rest)?;
                self.whole = rest.since(from);
                return Some(());
            }
        };
        rest.skip("\"")?;
        let first = slot.replace(rest.plain()?).is_none();
        rest.skip("]")?;
        first.then_some(())
    }
}

/// Over the values of a header that does not matter, and the bracket behind them.
fn values(rest: &mut Cursor<'_>) -> Option<()> {
    if rest.skip("]").is_some() {
        return Some(());
    }
    loop {
        rest.skip("\"")?;
        rest.plain()?;
        if rest.skip(",").is_none() {
            return rest.skip("]");
        }
    }
}
