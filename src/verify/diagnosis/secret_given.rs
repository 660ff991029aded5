//! Ways in which the given secret and the one that signed may differ: what was added to the given
//! one, lost from it or changed in it on the way from PGM to pgwh. A new mistake is one row.

use super::encodings::{
    form_decoded, from_latin1, from_utf16, from_windows_1252, html_decoded, json_decoded,
    normalized, to_latin1, to_windows_1252, url_decoded,
};
use super::{SecretHypothesis, likely, text, unlikely};
use crate::pgm::is_invisible;
use crate::verify::findings;
use base64::Engine;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use serde_json::Value;

/// The printable characters of ASCII, of which most secrets consist.
const PRINTABLE: std::ops::RangeInclusive<char> = ' '..='~';

/// Each row returns what the real secret may be.
pub(super) static GIVEN: &[SecretHypothesis] = &[
    likely(&findings::SECRET_NEWLINE, |secret| vec![without_end(secret, b"\n")]),
    likely(&findings::SECRET_CRLF, |secret| vec![without_end(secret, b"\r\n")]),
    likely(&findings::SECRET_SPACES, |secret| {
        let inner = secret.iter().copied().filter(|byte| !b" \t".contains(byte));
        vec![without_spaces(secret), inner.collect()]
    }),
    likely(&findings::SECRET_PUNCTUATION, |secret| {
        text(secret, |text| {
            let is_mark = |letter: char| ";,.:|\\/!?&*=)]}>~".contains(letter);
            let one = text.strip_suffix(is_mark).map(str::to_owned);
            let both =
                text.trim_matches(|letter: char| is_mark(letter) || "([{<-".contains(letter));
            one.into_iter().chain([both.to_owned()]).collect()
        })
    }),
    likely(&findings::SECRET_QUOTES, unquoted),
    likely(&findings::SECRET_BOM, |secret| {
        secret.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).into_iter().collect()
    }),
    // Before the invisible characters, as its NUL bytes are among them.
    likely(&findings::SECRET_UTF16, |secret| {
        let orders = [u16::from_le_bytes, u16::from_be_bytes];
        let texts = orders.into_iter().filter_map(|order| from_utf16(secret, order));
        texts.map(String::into_bytes).collect()
    }),
    likely(&findings::SECRET_INVISIBLE, |secret| {
        text(secret, |text| {
            let is_blank =
                |letter: char| is_invisible(letter) || letter.is_whitespace() && !letter.is_ascii();
            vec![text.chars().filter(|letter| !is_blank(*letter)).collect()]
        })
    }),
    likely(&findings::SECRET_ESCAPED_NEWLINE, |secret| {
        let ends: [&[u8]; 4] = [b"\\r\\n", b"\\n", b"\\r", b"\\"];
        ends.iter().filter_map(|end| secret.strip_suffix(*end)).map(<[u8]>::to_vec).collect()
    }),
    likely(&findings::SECRET_JSON, |secret| text(secret, values_of_json)),
    likely(&findings::SECRET_PREFIX, |secret| {
        let strip = |prefix: &&str| secret.strip_prefix(prefix.as_bytes()).map(<[u8]>::to_vec);
        PREFIXES.iter().filter_map(strip).collect()
    }),
    likely(&findings::SECRET_ENV_LINE, |secret| text(secret, value_of_line)),
    likely(&findings::SECRET_LINES, |secret| text(secret, lines)),
    likely(&findings::SECRET_TWICE, |secret| text(secret, half)),
    likely(&findings::SECRET_COMMENT, |secret| text(secret, without_comment)),
    likely(&findings::SECRET_PREFIX, |secret| text(secret, without_prefix)),
    likely(&findings::SECRET_SHELL_ESCAPED, |secret| {
        text(secret, |text| {
            let pairs =
                [("$$", "$"), ("\\$", "$"), ("%%", "%"), ("{{", "{"), ("''", "'"), ("\"\"", "\"")];
            let undone = pairs.iter().map(|(twice, once)| text.replace(twice, once));
            let braces = text.replace("{{", "{").replace("}}", "}");
            let marks = ['\\', '^', '`'].map(|mark| without_escapes(text, mark));
            undone.chain([braces]).chain(marks).collect()
        })
    }),
    likely(&findings::SECRET_URL_ESCAPED, |secret| {
        let once = [url_decoded(secret), form_decoded(secret)];
        let twice = once.iter().flatten().filter_map(|text| url_decoded(text)).collect::<Vec<_>>();
        once.into_iter().flatten().chain(twice).collect()
    }),
    likely(&findings::SECRET_URL, |secret| text(secret, values_of_query)),
    likely(&findings::SECRET_HTML_ESCAPED, |secret| {
        text(secret, |text| vec![html_decoded(text), html_decoded(&html_decoded(text))])
    }),
    likely(&findings::SECRET_JSON_ESCAPED, |secret| {
        text(secret, |text| json_decoded(text).into_iter().collect())
    }),
    likely(&findings::SECRET_BASE64, |secret| {
        let decoders =
            [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD];
        let bare = secret.trim_ascii();
        decoders.iter().filter_map(|decoder| decoder.decode(bare).ok()).take(1).collect()
    }),
    likely(&findings::SECRET_HEX, |secret| hex::decode(secret).into_iter().collect()),
    likely(&findings::SECRET_MISREAD, misread),
    likely(&findings::SECRET_UNICODE_FORM, |secret| text(secret, normalized)),
    likely(&findings::SECRET_TYPOGRAPHY, |secret| text(secret, without_typography)),
    likely(&findings::SECRET_OTHER_CASE, |secret| text(secret, simple_cases)),
    likely(&findings::SECRET_KEYBOARD, |secret| text(secret, |text| vec![other_keyboard(text)])),
    unlikely(&findings::SECRET_OTHER_CASE, |secret| text(secret, all_cases)),
    unlikely(&findings::SECRET_LOOKALIKE, |secret| text(secret, lookalikes)),
    unlikely(&findings::SECRET_LETTERS_LOST, |secret| text(secret, lost_letters)),
    unlikely(&findings::SECRET_INCOMPLETE, |secret| text(secret, with_missing_ends)),
    unlikely(&findings::SECRET_PART, |secret| text(secret, parts)),
    unlikely(&findings::SECRET_TYPO, |secret| text(secret, typing_errors)),
];

/// Without any of these bytes at the end.
fn without_end(secret: &[u8], unwanted: &[u8]) -> Vec<u8> {
    let end = secret.iter().rposition(|byte| !unwanted.contains(byte)).map_or(0, |last| last + 1);
    secret.get(..end).unwrap_or_default().to_vec()
}

fn without_spaces(secret: &[u8]) -> Vec<u8> {
    let blank = b" \t\x0b\x0c";
    let start = secret.iter().position(|byte| !blank.contains(byte)).unwrap_or(secret.len());
    without_end(secret.get(start..).unwrap_or_default(), blank)
}

/// Without the quotes at both ends, or at one of them.
fn unquoted(secret: &[u8]) -> Vec<Vec<u8>> {
    const QUOTES: &[(&str, &str)] = &[
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("“", "”"),
        ("„", "”"),
        ("”", "”"),
        ("„", "“"),
        ("‘", "’"),
        ("’", "’"),
        ("«", "»"),
        ("\\\"", "\\\""),
        ("\\'", "\\'"),
        ("<", ">"),
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("b'", "'"),
        ("\"\"\"", "\"\"\""),
        ("\"'", "'\""),
        ("'\"", "\"'"),
        ("$'", "'"),
        ("@\"", "\""),
    ];
    text(secret, |text| {
        let both = |(open, close): &(&str, &str)| text.strip_prefix(open)?.strip_suffix(close);
        let one = |(open, close): &(&str, &str)| {
            text.strip_prefix(open).or_else(|| text.strip_suffix(close))
        };
        let candidates = QUOTES.iter().filter_map(both).chain(QUOTES.iter().filter_map(one));
        candidates.map(str::to_owned).collect()
    })
}

/// The texts and numbers of JSON, as a secrets manager returns it.
fn values_of_json(text: &str) -> Vec<String> {
    const MAX_VALUES: usize = 50;
    fn collect(value: &Value, depth: usize, values: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                values.push(text.clone());
                // `SecretString` is JSON within JSON.
                if let (1.., Ok(inner @ (Value::Object(_) | Value::Array(_)))) =
                    (depth, serde_json::from_str(text))
                {
                    collect(&inner, depth - 1, values);
                }
            }
            Value::Number(number) => values.push(number.to_string()),
            Value::Array(items) if depth > 0 => {
                items.iter().for_each(|item| collect(item, depth - 1, values));
            }
            Value::Object(members) if depth > 0 => {
                members.values().for_each(|item| collect(item, depth - 1, values));
            }
            _ => {}
        }
    }
    let mut values = Vec::new();
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        collect(&value, 8, &mut values);
    }
    values.truncate(MAX_VALUES);
    values
}

/// What follows the first `=` or `:` of a line that begins with a name.
fn value_of_line(text: &str) -> Vec<String> {
    let line = text.trim_start().trim_start_matches("export ").trim_start_matches("set ");
    let line = line.trim_start_matches("$env:").trim_start_matches('"');
    let named = |sign: &&str| {
        let (name, value) = line.split_once(*sign)?;
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-. \"'".contains(letter);
        (!name.is_empty() && name.chars().all(is_name)).then(|| value.trim())
    };
    let values = ["=", ":", "=>", ":="].iter().filter_map(named);
    let bare = |value: &str| value.trim_matches(['"', '\'', ';', ',']).to_owned();
    values.flat_map(|value| [value.to_owned(), bare(value)]).collect()
}

/// Each of the first lines of several, and all of them joined.
fn lines(text: &str) -> Vec<String> {
    const MAX_LINES: usize = 20;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.take(MAX_LINES).map(str::to_owned).collect();
    if lines.len() < 2 {
        return Vec::new();
    }
    let joined = [lines.concat(), lines.join(" ")];
    let values = lines.iter().flat_map(|line| value_of_line(line)).collect::<Vec<_>>();
    lines.into_iter().chain(joined).chain(values).collect()
}

/// What stands before a comment, or before the first space.
fn without_comment(text: &str) -> Vec<String> {
    let marks = [" #", "\t#", " //", " ;", " --", "/*", "<!--", " (", " "];
    let before = |mark: &&str| {
        let (before, after) = text.split_once(*mark)?;
        let both = !before.trim().is_empty() && !after.trim().is_empty();
        both.then(|| before.trim_end().to_owned())
    };
    marks.iter().filter_map(before).collect()
}

/// What other products, configurations and headers put before a secret.
const PREFIXES: &[&str] = &[
    "whsec_", "v1,", "v0=", "v1=", "v1:", "sk_", "sk-", "sk_live_", "sk_test_", "Bearer ",
    "bearer ", "Basic ", "Token ", "base64:", "hex:", "plain:", "text:", "raw:", "md5=", "md5:",
    "sha256=", "{noop}", "key-", "key_", "secret-", "secret_", "Bearer: ",
];

/// What follows a short name.
fn without_prefix(text: &str) -> Vec<String> {
    const MAX_PREFIX: usize = 24;
    let is_sign = |(_, letter): &(usize, char)| "_,:=- /.|".contains(*letter);
    let signs = text.char_indices().filter(is_sign).take_while(|(at, _)| *at <= MAX_PREFIX);
    let after = |(at, sign): (usize, char)| text.get(at + sign.len_utf8()..).map(str::trim_start);
    signs.filter_map(after).filter(|rest| !rest.is_empty()).map(str::to_owned).collect()
}

/// One of two or three equal parts, joined directly or by one character.
fn half(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let part = |count: usize, gap: usize| {
        let size = (letters.len() + gap).checked_div(count)?.checked_sub(gap)?;
        let part = letters.get(..size).filter(|part| !part.is_empty())?;
        let whole = size * count + gap * (count - 1) == letters.len();
        let equal = (1..count).all(|number| {
            let start = number * (size + gap);
            letters.get(start..start + size) == Some(part)
        });
        (whole && equal).then(|| part.iter().collect())
    };
    [(2, 0), (2, 1), (3, 0), (3, 1), (2, 2), (4, 0)]
        .into_iter()
        .filter_map(|(count, gap)| part(count, gap))
        .collect()
}

/// Without this character wherever it escapes the next one.
fn without_escapes(text: &str, mark: char) -> String {
    let mut letters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let escaped = if letter == mark { letters.next() } else { None };
        plain.push(escaped.unwrap_or(letter));
    }
    plain
}

/// The values of a URL's query, its password and the last part of its path.
fn values_of_query(text: &str) -> Vec<String> {
    let Ok(url) = url::Url::parse(text) else { return Vec::new() };
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    let password = url.password().map(str::to_owned);
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned);
    values.chain(password).chain(last).chain(url.fragment().map(str::to_owned)).collect()
}

/// UTF-8 that was read as one byte per letter and encoded again, or that never became UTF-8.
fn misread(secret: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(secret) else {
        let texts = [from_latin1(secret), from_windows_1252(secret)];
        return texts.map(String::into_bytes).into();
    };
    let bytes = [to_latin1(text), to_windows_1252(text)];
    let utf8 = |bytes: &Vec<u8>| std::str::from_utf8(bytes).is_ok();
    bytes.into_iter().flatten().filter(utf8).collect()
}

/// With the characters that a keyboard has in place of those of a word processor.
fn without_typography(text: &str) -> Vec<String> {
    let plain = |em_dash: &str| -> String {
        let plain = |letter: char| match letter {
            '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => "-".to_owned(),
            '\u{2014}' | '\u{2015}' => em_dash.to_owned(),
            '‘' | '’' | '‚' | '′' | '´' => "'".to_owned(),
            '“' | '”' | '„' | '″' | '«' | '»' => "\"".to_owned(),
            '…' => "...".to_owned(),
            '×' => "x".to_owned(),
            '©' => "(c)".to_owned(),
            '®' => "(r)".to_owned(),
            '→' => "->".to_owned(),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => " ".to_owned(),
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter).to_string()
            }
            other => other.to_string(),
        };
        text.chars().map(plain).collect()
    };
    let backslash = plain("--").replace("-\\-", "--");
    vec![plain("--"), plain("-"), plain("---"), backslash]
}

/// Caps lock, and a first letter that was capitalized or not.
fn simple_cases(text: &str) -> Vec<String> {
    let swapped = |letter: char| match letter.is_uppercase() {
        true => letter.to_lowercase().next().unwrap_or(letter),
        false => letter.to_uppercase().next().unwrap_or(letter),
    };
    let first = |change: fn(char) -> String| {
        let mut letters = text.chars();
        letters.next().map(|letter| change(letter) + letters.as_str())
    };
    let upper = first(|letter| letter.to_uppercase().collect());
    let lower = first(|letter| letter.to_lowercase().collect());
    let mixed = text.contains(char::is_uppercase) && text.contains(char::is_lowercase);
    let all = mixed.then(|| text.chars().map(swapped).collect());
    all.into_iter().chain(upper).chain(lower).collect()
}

/// QWERTY and QWERTZ, on which most of PGM's users type.
fn other_keyboard(text: &str) -> String {
    let swap = |letter| match letter {
        'y' => 'z',
        'z' => 'y',
        'Y' => 'Z',
        'Z' => 'Y',
        other => other,
    };
    text.chars().map(swap).collect()
}

/// Every combination of the alternatives of each character, if they are not too many.
fn combinations(text: &str, alternatives: impl Fn(char) -> Vec<char>) -> Vec<String> {
    const MAX_COMBINATIONS: usize = 16_384;
    let mut texts = vec![String::new()];
    for letter in text.chars() {
        let others = alternatives(letter);
        if texts.len() * (others.len() + 1) > MAX_COMBINATIONS {
            return Vec::new();
        }
        let with = |text: &String| -> Vec<String> {
            let letters = std::iter::once(&letter).chain(&others);
            letters.map(|letter| format!("{text}{letter}")).collect()
        };
        texts = texts.iter().flat_map(with).collect();
    }
    texts
}

fn all_cases(text: &str) -> Vec<String> {
    combinations(text, |letter| match letter {
        'a'..='z' => vec![letter.to_ascii_uppercase()],
        'A'..='Z' => vec![letter.to_ascii_lowercase()],
        _ => Vec::new(),
    })
}

/// The characters that people confuse when they read and type a secret.
fn lookalikes(text: &str) -> Vec<String> {
    const GROUPS: &[&str] = &[
        "O0o", "l1I|", "5S", "8B", "2Z", "6G", "9gq", "vv", "u", "-_", ".,", ";:", "'`", "aа",
        "eе", "oо", "cс", "pр", "xх", "AА", "BВ", "EЕ", "KК", "MМ", "HН", "OО", "PР", "CС", "TТ",
        "XХ",
    ];
    combinations(text, |letter| {
        let groups = GROUPS.iter().filter(|group| group.contains(letter));
        groups.flat_map(|group| group.chars()).filter(|other| *other != letter).collect()
    })
}

/// `?`, U+FFFD and `_` in place of letters outside of ASCII.
fn lost_letters(text: &str) -> Vec<String> {
    const MARKS: &[char] = &['?', '\u{fffd}'];
    let lost = text.matches(MARKS).count();
    // Latin-1 and Latin Extended-A have all letters of Western and Central Europe.
    let letters = || ('\u{c0}'..='\u{17f}').chain(['€', '§', '£', '°', '´']);
    match lost {
        1 => letters().map(|letter| text.replace(MARKS, &letter.to_string())).collect(),
        2 => {
            let with = |first: char| {
                let text = text.replacen(MARKS, &first.to_string(), 1);
                letters().map(move |second| text.replacen(MARKS, &second.to_string(), 1))
            };
            letters().flat_map(with).collect()
        }
        _ => Vec::new(),
    }
}

/// With one more character at either end, or two letters or digits.
fn with_missing_ends(text: &str) -> Vec<String> {
    let one = PRINTABLE.flat_map(|letter| [format!("{text}{letter}"), format!("{letter}{text}")]);
    let common = || PRINTABLE.filter(char::is_ascii_alphanumeric);
    let pairs = common().flat_map(|first| common().map(move |second| format!("{first}{second}")));
    let two = pairs.flat_map(|pair| [format!("{text}{pair}"), format!("{pair}{text}")]);
    one.chain(two).collect()
}

/// Without the first characters, or without the last ones.
fn parts(text: &str) -> Vec<String> {
    const MAX_CHARACTERS: usize = 256;
    let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).collect();
    if cuts.len() > MAX_CHARACTERS {
        return Vec::new();
    }
    let parts = |at: &usize| [text.get(..*at), text.get(*at..)];
    cuts.iter().rev().flat_map(parts).flatten().map(str::to_owned).collect()
}

/// One character too much, wrong, missing or swapped with the next one, anywhere.
fn typing_errors(text: &str) -> Vec<String> {
    const MAX_CHARACTERS: usize = 80;
    let letters: Vec<char> = text.chars().collect();
    if letters.len() > MAX_CHARACTERS {
        return Vec::new();
    }
    let mut texts = Vec::new();
    for at in 0..letters.len() {
        let (before, rest) = letters.split_at(at);
        let before: String = before.iter().collect();
        let Some((letter, after)) = rest.split_first() else { continue };
        let after_text: String = after.iter().collect();
        texts.push(format!("{before}{after_text}"));
        if let Some((next, behind)) = after.split_first() {
            let behind: String = behind.iter().collect();
            texts.push(format!("{before}{next}{letter}{behind}"));
        }
        for other in PRINTABLE {
            texts.push(format!("{before}{other}{after_text}"));
            texts.push(format!("{before}{other}{letter}{after_text}"));
        }
    }
    texts
}
