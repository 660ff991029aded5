//! Commands to GitHub's runner, which shows them as annotations.

/// Where an annotation belongs: a file, and a line in it.
pub(super) type Spot<'a> = (&'a str, Option<u64>);

/// `::error title=…::…`; a line break in it would end it, and begin a stranger's own command.
pub(super) fn annotation(kind: &str, title: &str, spot: Option<Spot<'_>>, text: &str) -> String {
    let spot = spot.map(|(file, line)| {
        let line = line.map(|line| format!("line={line},"));
        format!("file={},{}", property(file), line.unwrap_or_default())
    });
    let spot = spot.unwrap_or_default();
    format!("::{kind} {spot}title={}::{}\n", property(title), data(text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_cannot_speak_to_the_runner() {
        assert_eq!(
            annotation("error", "a: b, c", None, "100 %\r\n::set-output name=x::y"),
            "::error title=a%3A b%2C c::100 %25%0D%0A::set-output name=x::y\n"
        );
        assert_eq!(
            annotation("error", "t", Some(("a,b\n", Some(3))), ""),
            "::error file=a%2Cb%0A,line=3,title=t::\n"
        );
    }
}
