//! As much of DER as a look at a certificate needs. Every length is checked against what is
//! there: the bytes come from outside.

/// One value: its tag, and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

/// `SEQUENCE`
pub(super) const SEQUENCE: u8 = 0x30;
/// `UTCTime`
pub(super) const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`
pub(super) const GENERALIZED_TIME: u8 = 0x18;

/// The values that stand one after the other in `bytes`; ends where they are no DER.
pub(super) fn items(bytes: &[u8]) -> impl Iterator<Item = Item<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (item, after) = split(rest)?;
        rest = after;
        Some(item)
    })
}

/// The first value, if it has this tag.
pub(super) fn first(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    items(bytes).next().filter(|item| item.tag == tag).map(|item| item.content)
}

fn split(bytes: &[u8]) -> Option<(Item<'_>, &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((Item { tag, content }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_short_and_long_lengths_and_stops_at_nonsense() {
        let bytes = [&[0x02, 1, 7, 0x04, 0x81, 2, 8, 9][..], &[0x04, 0x82, 0xff, 0xff, 0]].concat();
        let found: Vec<_> = items(&bytes).collect();
        assert_eq!(
            found,
            [Item { tag: 2, content: &[7] }, Item { tag: 4, content: &[8, 9] }],
            "the last one claims more than there is"
        );
        for broken in [&[][..], &[0x30], &[0x30, 0x80, 0, 0], &[0x30, 0x89, 1], &[0x30, 0x84, 1]] {
            assert_eq!(items(broken).next(), None, "{broken:?}");
        }
    }
}
