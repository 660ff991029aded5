//! One value out of the values that a header came with.

/// What a header's values come down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent<'a> {
    /// No value, or only empty ones.
    Missing,
    /// One value; equal repeats have collapsed.
    One(&'a str),
    /// At least two different values.
    Two,
}

impl<'a> Sent<'a> {
    /// The value, if there is just one.
    pub fn one(self) -> Option<&'a str> {
        match self {
            Self::One(value) => Some(value),
            Self::Missing | Self::Two => None,
        }
    }
}

/// Collapses the values. A comma separates repeats, as AWS and some proxies join them; white
/// space around a comma belongs to it. `same` says which values are equal.
pub(super) fn collapse<'a>(
    mut values: impl Iterator<Item = &'a str>,
    same: fn(&str, &str) -> bool,
) -> Sent<'a> {
    let Some(first) = values.next() else { return Sent::Missing };
    let second = values.next();
    // The usual case: one value, sent as it is. Its white space is kept for the diagnosis.
    if second.is_none() && memchr::memchr(b',', first.as_bytes()).is_none() {
        // Seldom more than a look at the first character.
        let shown = first.bytes().any(|byte| byte.is_ascii_graphic());
        return if shown || !first.trim().is_empty() { Sent::One(first) } else { Sent::Missing };
    }
    let values = std::iter::once(first).chain(second).chain(values);
    let mut parts = values.flat_map(|value| value.split(',')).map(str::trim);
    let Some(first) = parts.find(|part| !part.is_empty()) else { return Sent::Missing };
    match parts.find(|part| !part.is_empty() && !same(first, part)) {
        Some(_) => Sent::Two,
        None => Sent::One(first),
    }
}

/// The value as it stands in the file, when all repeats of it are equal: an id may have a
/// comma of its own.
pub(super) fn whole<'a>(mut values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = values.next()?;
    (!first.is_empty() && values.all(|value| value == first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids<'a>(values: &[&'a str]) -> Sent<'a> {
        collapse(values.iter().copied(), |a, b| a == b)
    }

    #[test]
    fn equal_repeats_collapse_however_they_are_joined() {
        assert_eq!(ids(&[]), Sent::Missing);
        assert_eq!(ids(&["", " ", ","]), Sent::Missing);
        assert_eq!(ids(&["a"]), Sent::One("a"));
        assert_eq!(ids(&["a "]), Sent::One("a "));
        assert_eq!(ids(&["a", "a"]), Sent::One("a"));
        assert_eq!(ids(&["a, a"]), Sent::One("a"));
        assert_eq!(ids(&["a,a", "", "a"]), Sent::One("a"));
        assert_eq!(ids(&["a", "b"]), Sent::Two);
        assert_eq!(ids(&["a, a,b"]), Sent::Two);
        assert_eq!(ids(&["a", "A"]), Sent::Two);
        assert_eq!(collapse(["a", "A"].into_iter(), str::eq_ignore_ascii_case), Sent::One("a"));
    }

    #[test]
    fn a_whole_value_keeps_its_comma() {
        assert_eq!(whole(["a,b"].into_iter()), Some("a,b"));
        assert_eq!(whole(["a,b", "a,b"].into_iter()), Some("a,b"));
        assert_eq!(whole(["a", "b"].into_iter()), None);
        assert_eq!(whole([""].into_iter()), None);
        assert_eq!(whole([].into_iter()), None);
    }
}
