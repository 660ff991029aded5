//! Texts that every layer needs: a message with its help, which is the one form of every error and
//! warning; suggestions; counts with their nouns; URLs. Pure.

use std::borrow::Cow;

use serde::Serialize;
use url::Url;

/// A message with its help. Both may quote text from outside: escape them before they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it: one line for each way, possibly none.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A message without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new() }
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// Adds "did you mean …?" where there is a likely name.
    #[must_use]
    pub fn suggest(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(nearest) => self.help(format!("did you mean {nearest}?")),
            None => self,
        }
    }
}

/// A message without help.
impl<T: Into<String>> From<T> for Diagnostic {
    fn from(message: T) -> Self {
        Self::new(message)
    }
}

/// Names more alike than this are suggested: 0 is nothing alike, 1 is equal.
const MIN_SIMILARITY: f64 = 0.8;

/// Returns the known name that is most like `name`, if one is like enough to suggest. Case does
/// not count.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    known
        .iter()
        .filter_map(|known| Some((similarity(&name, &known.to_ascii_lowercase())?, *known)))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// Names that share a beginning are alike, and so are those with one typing error in every three
/// letters, which short names need.
fn similarity(name: &str, known: &str) -> Option<f64> {
    let similarity = strsim::jaro_winkler(name, known);
    let shares_beginning =
        similarity >= MIN_SIMILARITY && name.chars().next() == known.chars().next();
    let errors = strsim::osa_distance(name, known);
    let shorter = name.chars().count().min(known.chars().count());
    (shares_beginning || errors * 3 <= shorter).then_some(similarity)
}

/// `1 request`, `2,000 requests`: a count with its noun, which takes an `s` in the plural.
pub fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// Digits in groups of three: `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Each different item with how often it occurs, in the order in which they first occur.
pub fn tally<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<(T, u64)> {
    let mut counts: Vec<(T, u64)> = Vec::new();
    for item in items {
        match counts.iter_mut().find(|(known, _)| *known == item) {
            Some((_, times)) => *times += 1,
            None => counts.push((item, 1)),
        }
    }
    counts
}

/// A text of at most `max` characters; where more was cut off, `…` follows.
pub fn shortened(text: &str, max: usize) -> Cow<'_, str> {
    // Most texts are short, and need no count of their characters.
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(max) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The longest name from outside that is shown or counted by, in characters.
const MAX_NAME: usize = 200;

/// A name from outside, of an event or a request, cut where no such name is so long.
pub fn shown_name(name: &str) -> Cow<'_, str> {
    shortened(name, MAX_NAME)
}

/// A URL as it may be shown: without its password.
pub fn shown_url(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // Fails only for URLs that have no host, and so no password.
        let _ = url.set_password(Some("hidden"));
    }
    url.to_string()
}

/// The longest URL that HTTP libraries take, in bytes.
const MAX_URL: usize = 65_534;

/// Reads an http or https URL; `None` for any other text.
///
/// # Errors
/// When the URL is longer than can be sent.
pub fn http_url(text: &str) -> Result<Option<Url>, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    match url {
        Some(url) if url.as_str().len() > MAX_URL => Err(format!(
            "the URL has {} bytes, and no more than {} can be sent",
            grouped(url.as_str().len() as u64),
            grouped(MAX_URL as u64)
        )),
        url => Ok(url),
    }
}

/// Why a text is not a URL.
pub fn url_error(error: url::ParseError) -> String {
    match error {
        url::ParseError::RelativeUrlWithoutBase => "it has no scheme such as https://".to_owned(),
        url::ParseError::IdnaError => "the host name is not valid".to_owned(),
        error => error.to_string(),
    }
}

/// What serde_json says of mistakes in JSON, and what a person should read.
const JSON_MISTAKES: [(&str, &str); 10] = [
    ("EOF while parsing", "it ends too early"),
    ("expected value", "this is no JSON value: texts need double quotes"),
    ("expected ident", "this is no JSON value: texts need double quotes"),
    ("key must be a string", "a key is not in double quotes"),
    ("expected `:`", "a colon is missing behind a key"),
    ("expected `,` or", "a comma or the closing bracket is missing"),
    ("trailing comma", "there is a comma too many"),
    ("trailing characters", "something follows the JSON"),
    ("control character", "a text has a control character, which JSON writes as in \\n"),
    ("recursion limit", "it is nested too deeply"),
];

/// Why a text is not JSON, with line and column.
pub fn json_error(error: &serde_json::Error) -> String {
    match (json_mistake(error), error.line(), error.column()) {
        (_, 1, 0) => "it is empty".to_owned(),
        (words, 0, _) => words,
        (words, line, column) => format!("{words}, at line {line} column {column}"),
    }
}

/// Why a text is not JSON, without the place.
pub fn json_mistake(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let known = JSON_MISTAKES.iter().find(|(start, _)| text.starts_with(start));
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    known.map_or(text, |(_, words)| words).to_owned()
}

/// Bytes as text, with replacement characters for what is not UTF-8. `String::from_utf8_lossy` alone
/// looks at each character, which takes several times as long where all is UTF-8.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// A text that should be a URL and cannot be parsed, without what may be its password.
pub fn hide_password(text: &str) -> String {
    let start = text.find("://").map_or(0, |scheme| scheme + 3);
    let Some(end) = text.rfind('@').filter(|end| *end >= start) else { return text.to_owned() };
    match text[start..end].find(':') {
        Some(colon) => format!("{}hidden{}", &text[..=start + colon], &text[end..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likely_name_is_suggested() {
        let known: Vec<_> = crate::pgm::event_names().collect();
        assert_eq!(nearest("port", &["report"]), None);
        for (typed, suggested) in [
            ("classesbooked", Some("ClassesBooked")),
            ("ClassBooked", Some("ClassesBooked")),
            ("UserCardScaned", Some("UserCardScanned")),
            ("tset", Some("Test")),
            ("lassesBooked", Some("ClassesBooked")),
            ("xyzzy", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, &known), suggested, "{typed}");
        }
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(count(0, "capture"), "0 captures");
        assert_eq!(count(1, "capture"), "1 capture");
        assert_eq!(count(1_234_567, "capture"), "1,234,567 captures");
    }

    #[test]
    fn mistakes_in_json_are_in_plain_words() {
        for (text, why) in [
            ("", "it is empty"),
            ("{", "it ends too early, at line 1 column 1"),
            ("[1,", "it ends too early, at line 1 column 3"),
            ("{'a':1}", "a key is not in double quotes, at line 1 column 2"),
            ("{\n\"a\":1,}", "there is a comma too many, at line 2 column 7"),
            ("{} x", "something follows the JSON, at line 1 column 4"),
            ("nope", "this is no JSON value: texts need double quotes, at line 1 column 2"),
            ("Test", "this is no JSON value: texts need double quotes, at line 1 column 1"),
            (
                "\"\t\"",
                "a text has a control character, which JSON writes as in \\n, at line 1 column 2",
            ),
            ("[1 2]", "a comma or the closing bracket is missing, at line 1 column 4"),
            ("{\"a\" 1}", "a colon is missing behind a key, at line 1 column 6"),
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
            assert_eq!(json_error(&error), why, "{text}");
        }
        let deep = serde_json::from_str::<serde_json::Value>(&"[".repeat(200)).unwrap_err();
        assert_eq!(json_error(&deep), "it is nested too deeply, at line 1 column 128");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened("żółw", 4), "żółw");
        assert_eq!(shortened("żółw", 2), "żó…");
    }

    #[test]
    fn passwords_in_urls_are_hidden() {
        let url = Url::parse("https://me:s3cret@example.com/x").unwrap();
        assert_eq!(shown_url(&url), "https://me:hidden@example.com/x");
        for (text, shown) in [
            ("http://me:s3/c@ret@host:x/", "http://me:hidden@host:x/"),
            ("me:s3cret@host/", "me:hidden@host/"),
            ("http://host:x/a@b", "http://host:hidden@b"),
            ("http://me@host:x", "http://me@host:x"),
        ] {
            assert_eq!(hide_password(text), shown);
        }
    }
}
