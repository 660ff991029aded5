//! "Did you mean …?" Pure.

/// How much two names must look alike to be a guess: 0 is nothing alike, 1 is equal.
const NEAR: f64 = 0.8;

/// The known name that looks most like this one, if any does; upper and lower case are alike.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(&name, &known.to_ascii_lowercase()), *known))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
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
            ("xyzzy", None),
        ] {
            assert_eq!(nearest(typed, &known), meant, "{typed}");
        }
    }
}
