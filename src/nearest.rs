//! "Did you mean …?" Pure.

/// How much two names must look alike to be a guess: 0 is nothing alike, 1 is equal.
const NEAR: f64 = 0.8;

/// The known name that looks most like this one, if any does; upper and lower case are alike.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    known
        .iter()
        .filter_map(|known| Some((likeness(&name, &known.to_ascii_lowercase())?, *known)))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// How much two names look alike, if it is enough for a guess. Names that share a beginning do,
/// and so do those with a slip of the finger every few letters, which short names need.
fn likeness(name: &str, known: &str) -> Option<f64> {
    let alike = strsim::jaro_winkler(name, known);
    let slips = strsim::osa_distance(name, known);
    (alike >= NEAR || slips * 3 <= known.chars().count()).then_some(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_is_guessed() {
        let known: Vec<_> = crate::pgm::catalogue().collect();
        for (typed, meant) in [
            ("classesbooked", Some("ClassesBooked")),
            ("ClassBooked", Some("ClassesBooked")),
            ("UserCardScaned", Some("UserCardScanned")),
            ("tset", Some("Test")),
            ("xyzzy", None),
        ] {
            assert_eq!(nearest(typed, &known), meant, "{typed}");
        }
    }
}
