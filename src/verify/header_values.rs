//! One value out of the values that a header came with. Nothing is taken off a value: what a strict
//! receiver compares is what was sent.

/// The values of one header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderValues<'a> {
    /// No value, or only empty ones.
    Missing,
    /// One value.
    One(&'a str),
    /// At least two, whether equal or not: receivers differ in which one they take, or join them.
    Several,
}

impl<'a> HeaderValues<'a> {
    /// The values as they were sent.
    pub(super) fn of(mut values: impl Iterator<Item = &'a str>) -> Self {
        let Some(first) = values.next() else { return Self::Missing };
        match values.next() {
            None if first.trim_ascii().is_empty() => Self::Missing,
            None => Self::One(first),
            Some(second) => {
                let mut all = [first, second].into_iter().chain(values);
                if all.all(|value| value.trim_ascii().is_empty()) {
                    Self::Missing
                } else {
                    Self::Several
                }
            }
        }
    }

    /// The same for a value that did not verify as a whole: a comma between two parts shows that a
    /// proxy joined repeated headers.
    pub(super) fn split(self) -> Self {
        match self {
            Self::One(value) => {
                let parts = value.split(',').filter(|part| !part.trim_ascii().is_empty());
                if parts.count() > 1 { Self::Several } else { self }
            }
            other => other,
        }
    }

    /// The value, if there is just one.
    pub(super) fn one(self) -> Option<&'a str> {
        match self {
            Self::One(value) => Some(value),
            Self::Missing | Self::Several => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_taken_as_it_is_and_only_if_it_is_the_only_one() {
        let of = |values: &[&'static str]| HeaderValues::of(values.iter().copied());
        assert_eq!(of(&[]), HeaderValues::Missing);
        assert_eq!(of(&["", " "]), HeaderValues::Missing);
        assert_eq!(of(&["a "]), HeaderValues::One("a "));
        assert_eq!(of(&["\u{a0}"]), HeaderValues::One("\u{a0}"));
        for several in [&["a", "a"][..], &["a", "A"], &["a", ""], &["a", "b", "c"]] {
            assert_eq!(of(several), HeaderValues::Several);
        }
    }

    #[test]
    fn a_comma_between_two_parts_joins_repeats() {
        let split = |value| HeaderValues::One(value).split();
        assert_eq!(split("a,b"), HeaderValues::Several);
        assert_eq!(split("a, a"), HeaderValues::Several);
        for one in ["a", "a,", ", ,a", ","] {
            assert_eq!(split(one), HeaderValues::One(one));
        }
    }
}
