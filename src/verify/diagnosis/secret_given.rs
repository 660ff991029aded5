//! Ways in which the given secret and the one that signed may differ: what was added to the given
//! one, lost from it or changed in it on the way from PGM to pgwh. A new mistake is one row.

use super::encodings::{
    base32_decoded, base64_decoded, form_decoded, from_byte_list, from_code_pages,
    from_escaped_bytes, from_quoted_printable, from_separated_hex, from_utf16, html_decoded,
    in_code_pages, json_decoded, normalized, reescaped, url_decoded, without_escape_sequences,
    without_escapes,
};
use super::{SecretHypothesis, likely, text, unlikely};
use crate::pgm::is_invisible;
use crate::verify::findings;
use serde_json::Value;
use uuid::Uuid;

/// The printable characters of ASCII, of which most secrets consist.
const PRINTABLE: std::ops::RangeInclusive<char> = ' '..='~';

/// Each row returns what the real secret may be.
pub(super) static GIVEN: &[SecretHypothesis] = &[
    likely(&findings::SECRET_NEWLINE, |secret| vec![without_end(secret, b"\n")]),
    likely(&findings::SECRET_CRLF, |secret| vec![without_end(secret, b"\r\n")]),
    likely(&findings::SECRET_SPACES, |secret| {
        let inner = secret.iter().copied().filter(|byte| !b" \t".contains(byte));
        let mut texts = vec![without_spaces(secret), inner.collect()];
        texts.extend(regrouped(secret));
        texts.push(secret.iter().map(|&byte| if byte == b'_' { b' ' } else { byte }).collect());
        texts
    }),
    likely(&findings::SECRET_PUNCTUATION, |secret| {
        text(secret, |text| {
            let is_mark = |letter: char| ";,.:|\\/!?&*=)]}>~%#".contains(letter);
            let first = text.strip_prefix(|letter: char| "+=/@#:,;.-~^*$!?&%|\\".contains(letter));
            let one = text.strip_suffix(is_mark).into_iter().chain(first).map(str::to_owned);
            let both =
                text.trim_matches(|letter: char| is_mark(letter) || "([{<-".contains(letter));
            one.chain([both.to_owned()]).collect()
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
            let shown = without_escape_sequences(text);
            let visible = text.chars().filter(|letter| !is_blank(*letter)).collect();
            vec![shown, visible]
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
    likely(&findings::SECRET_ENV_LINE, |secret| text(secret, contained_values)),
    likely(&findings::SECRET_LINES, |secret| text(secret, lines)),
    likely(&findings::SECRET_TWICE, |secret| text(secret, half)),
    likely(&findings::SECRET_COMMENT, |secret| text(secret, without_comment)),
    likely(&findings::SECRET_PREFIX, |secret| text(secret, without_prefix)),
    likely(&findings::SECRET_JSON_ESCAPED, |secret| {
        text(secret, |text| {
            // The real one has no control characters: an escape such as \n in it belongs to it.
            let plain = json_decoded(text).filter(|plain| !plain.contains(char::is_control));
            plain.into_iter().chain(reescaped(text)).collect()
        })
    }),
    likely(&findings::SECRET_SHELL_ESCAPED, |secret| {
        text(secret, |text| {
            let pairs = [
                ("$$", "$"),
                ("\\$", "$"),
                ("%%", "%"),
                ("{{", "{"),
                ("'\\''", "'"),
                ("''", "'"),
                ("\"\"", "\""),
            ];
            let undone = pairs.iter().map(|(twice, once)| text.replace(twice, once));
            let braces = text.replace("{{", "{").replace("}}", "}");
            let marks = ['\\', '^', '`'].map(|mark| without_escapes(text, mark));
            undone.chain([braces]).chain(marks).chain(from_quoted_printable(text)).collect()
        })
    }),
    likely(&findings::SECRET_URL_ESCAPED, |secret| {
        let once = [url_decoded(secret), form_decoded(secret)];
        let twice = once.iter().flatten().filter_map(|text| url_decoded(text)).collect::<Vec<_>>();
        once.into_iter().flatten().chain(twice).collect()
    }),
    likely(&findings::SECRET_URL_ESCAPED, |secret| text(secret, unchanged_by_urls)),
    likely(&findings::SECRET_URL, |secret| text(secret, values_of_query)),
    likely(&findings::SECRET_HTML_ESCAPED, |secret| {
        text(secret, |text| {
            let once = html_decoded(text);
            vec![html_decoded(&once), once]
        })
    }),
    likely(&findings::SECRET_BASE64, from_base64),
    likely(&findings::SECRET_HEX, |secret| hex::decode(secret).into_iter().collect()),
    likely(&findings::SECRET_HEX, |secret| text(secret, from_printed_bytes)),
    likely(&findings::SECRET_MISREAD, misread),
    likely(&findings::SECRET_UNICODE_FORM, |secret| text(secret, normalized)),
    likely(&findings::SECRET_TYPOGRAPHY, |secret| text(secret, without_typography)),
    likely(&findings::SECRET_OTHER_CASE, |secret| text(secret, simple_cases)),
    likely(&findings::SECRET_KEYBOARD, |secret| text(secret, |text| vec![other_keyboard(text)])),
    likely(&findings::SECRET_INCOMPLETE, |secret| text(secret, padded)),
    unlikely(&findings::SECRET_OTHER_CASE, |secret| text(secret, all_cases)),
    unlikely(&findings::SECRET_LOOKALIKE, |secret| text(secret, lookalikes)),
    unlikely(&findings::SECRET_KEYBOARD, |secret| text(secret, other_layouts)),
    unlikely(&findings::SECRET_LETTERS_LOST, |secret| text(secret, with_accents)),
    unlikely(&findings::SECRET_LETTERS_LOST, |secret| text(secret, lost_letters)),
    unlikely(&findings::SECRET_INCOMPLETE, |secret| text(secret, with_lost_marks)),
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

/// Hex digits without the dashes or colons between them, and a UUID with its dashes.
fn regrouped(secret: &[u8]) -> Vec<Vec<u8>> {
    let is_between = |byte: &u8| b"-:._ ".contains(byte);
    let digits: Vec<u8> = secret.iter().copied().filter(|byte| !is_between(byte)).collect();
    if digits.len() < 16 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Vec::new();
    }
    let is_upper = digits.iter().any(u8::is_ascii_uppercase);
    let uuid = Uuid::try_parse_ascii(&digits).ok().map(|uuid| uuid.hyphenated().to_string());
    let uuid = uuid.map(|uuid| if is_upper { uuid.to_uppercase() } else { uuid });
    uuid.map(String::into_bytes).into_iter().chain([digits]).collect()
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

/// The values in code, markup, connection strings and printed values: what stands in quotes, between
/// tags, in brackets, and behind `=` or `:`.
fn contained_values(text: &str) -> Vec<String> {
    const MAX_VALUES: usize = 16;
    let is_quoted = |quote: char| {
        let line = text.trim().trim_end_matches([';', ',']);
        line.starts_with(quote) && line.ends_with(quote) && line.matches(quote).count() == 2
    };
    if is_quoted('"') || is_quoted('\'') || text.trim().contains('\n') {
        return Vec::new();
    }
    let quoted = ['"', '\''].into_iter().flat_map(|quote| text.split(quote).skip(1).step_by(2));
    let has_tags = text.contains('<') && text.contains('>');
    let tagged = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
    let tagged = tagged.filter(|_| has_tags);
    let bracketed = [('[', ']'), ('(', ')')].into_iter().filter_map(|(open, close)| {
        let (_, inside) = text.rsplit_once(open)?;
        Some(inside.split_once(close)?.0)
    });
    let listed = text.split([';', '&', ',', '\t']).chain(text.split([' ', '\t']));
    let named = listed.filter_map(|part| Some(part.split_once(['=', ':'])?.1));
    let values = quoted.chain(tagged).chain(bracketed).chain(named);
    let values = values.map(|value| value.trim().trim_matches(['"', '\''])).take(MAX_VALUES);
    values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
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

/// What stands before a comment, before another value of a list, or before a mark.
fn without_comment(text: &str) -> Vec<String> {
    let marks = [
        " #", "\t#", " //", " ;", " --", "/*", "<!--", " (", " ", "\t", "#", "//", ";", ",", ":",
        "|", "&", "=", "%", "\"", "'",
    ];
    let before = |mark: &&str| {
        let both = |(before, after): (&str, &str)| {
            let both = !before.trim().is_empty() && !after.trim().is_empty();
            both.then(|| before.trim_end().to_owned())
        };
        let first = text.split_once(*mark).and_then(both);
        let last = text.rsplit_once(*mark).and_then(both);
        first.into_iter().chain(last)
    };
    marks.iter().flat_map(before).collect()
}

/// What other products, configurations and headers put before a secret.
const PREFIXES: &[&str] = &[
    "whsec_", "v1,", "v0=", "v1=", "v1:", "sk_", "sk-", "sk_live_", "sk_test_", "Bearer ",
    "bearer ", "Basic ", "Token ", "base64:", "hex:", "plain:", "text:", "raw:", "md5=", "md5:",
    "sha256=", "0x", "0X", "{noop}", "key-", "key_", "secret-", "secret_", "Bearer: ",
];

/// What follows a short name.
fn without_prefix(text: &str) -> Vec<String> {
    const MAX_PREFIX: usize = 24;
    let is_sign = |(_, letter): &(usize, char)| "_,:=- /.|\t".contains(*letter);
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

/// The values of a URL's query, its password and the last part of its path.
fn values_of_query(text: &str) -> Vec<String> {
    let Ok(url) = url::Url::parse(text) else { return Vec::new() };
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    let password = url.password().map(str::to_owned);
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned);
    values.chain(password).chain(last).chain(url.fragment().map(str::to_owned)).collect()
}

/// Whether a text looks random: no words, which have spaces rather than a `+`.
fn looks_random(text: &str) -> bool {
    let classes: [fn(&u8) -> bool; 3] =
        [u8::is_ascii_digit, u8::is_ascii_uppercase, u8::is_ascii_lowercase];
    classes.iter().all(|is_class| text.bytes().any(|byte| is_class(&byte)))
}

/// Base64 in the other alphabet, and with `+` where a form was decoded.
fn unchanged_by_urls(text: &str) -> Vec<String> {
    const MIN_BASE64: usize = 16;
    let mut texts = Vec::new();
    if text.contains(' ') && looks_random(text) {
        texts.push(text.replace(' ', "+"));
    }
    let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || "+/-_=".contains(letter);
    if text.len() >= MIN_BASE64 && text.chars().all(is_base64) && looks_random(text) {
        let standard = text.replace('-', "+").replace('_', "/");
        if standard != text {
            texts.extend(padded(&standard));
        }
        texts.extend([standard, text.replace('+', "-").replace('/', "_")]);
    }
    texts
}

/// Base64 with the padding that it lacks.
fn padded(text: &str) -> Vec<String> {
    let digits = text.trim_end_matches('=');
    let is_digit = |letter: char| letter.is_ascii_alphanumeric() || "+/-_".contains(letter);
    let is_base64 = digits.len() >= 8 && digits.chars().all(is_digit);
    let padding = match digits.len() % 4 {
        2 => "==",
        3 => "=",
        _ => return Vec::new(),
    };
    is_base64.then(|| format!("{digits}{padding}")).into_iter().collect()
}

/// Base64 or base32 of the secret, perhaps with a line break or a user name, once or twice.
fn from_base64(secret: &[u8]) -> Vec<Vec<u8>> {
    let decoded = |text: &[u8]| base64_decoded(text.trim_ascii());
    let once = decoded(secret);
    let twice = once.as_deref().and_then(decoded).filter(|bytes| bytes.is_ascii());
    let base32 = std::str::from_utf8(secret).ok().and_then(base32_decoded);
    let base32 = base32.filter(|bytes| is_printable(bytes));
    let forms = |bytes: Vec<u8>| {
        let password = bytes.iter().position(|byte| *byte == b':');
        let password = password.and_then(|at| bytes.get(at + 1..)).map(<[u8]>::to_vec);
        let line = without_end(&bytes, b"\r\n");
        [bytes, line].into_iter().chain(password)
    };
    [once, twice, base32].into_iter().flatten().flat_map(forms).collect()
}

/// Whether bytes are text of ASCII, as most secrets are.
fn is_printable(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// The text whose bytes are written out: `0x73`, `73 33`, `<Buffer 73 33>`, `[115, 51]`, `\x73\x33`.
fn from_printed_bytes(text: &str) -> Vec<String> {
    let hex = || hex::decode(text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?).ok();
    let forms = [hex(), from_separated_hex(text), from_byte_list(text), from_escaped_bytes(text)];
    let texts = forms.into_iter().flatten().filter(|bytes| is_printable(bytes));
    texts.filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}

/// UTF-8 that was read as one byte per letter and encoded again, or that never became UTF-8.
fn misread(secret: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(secret) else {
        return from_code_pages(secret).map(String::into_bytes).collect();
    };
    let bytes = in_code_pages(text).map(|(_, bytes)| bytes);
    bytes.filter(|bytes| std::str::from_utf8(bytes).is_ok()).collect()
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

/// The characters of each key of a keyboard, plain and with Shift, key by key: American, British,
/// German, French and Russian.
const LAYOUTS: &[&str] = &[
    "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./\
     ~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>?",
    "`1234567890-=qwertyuiop[]asdfghjkl;'#zxcvbnm,./\
     ¬!\"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~ZXCVBNM<>?",
    "^1234567890ß´qwertzuiopü+asdfghjklöä#yxcvbnm,.-\
     °!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ'YXCVBNM;:_",
    "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*wxcvbn,;:!\
     ~1234567890°+AZERTYUIOP¨£QSDFGHJKLM%µWXCVBN?./§",
    "ё1234567890-=йцукенгшщзхъфывапролджэ\\ячсмитьбю.\
     Ё!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭ/ЯЧСМИТЬБЮ,",
];

/// What the same keys write with another layout.
fn other_layouts(text: &str) -> Vec<String> {
    let pairs = LAYOUTS.iter().flat_map(|typed| LAYOUTS.iter().map(move |meant| (typed, meant)));
    let typed_as = |(typed, meant): (&&str, &&str)| -> String {
        let key = |letter: char| {
            let key = typed.chars().position(|known| known == letter);
            key.and_then(|key| meant.chars().nth(key)).unwrap_or(letter)
        };
        text.chars().map(key).collect()
    };
    pairs.filter(|(typed, meant)| typed != meant).map(typed_as).collect()
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
    let groups = combinations(text, |letter| {
        let groups = GROUPS.iter().filter(|group| group.contains(letter));
        groups.flat_map(|group| group.chars()).filter(|other| *other != letter).collect()
    });
    let pairs = [("rn", "m"), ("m", "rn"), ("vv", "w"), ("w", "vv"), ("cl", "d"), ("d", "cl")];
    let pairs = pairs.iter().flat_map(|(read, real)| {
        let one = text.match_indices(read).map(|(at, _)| {
            let (before, rest) = text.split_at(at);
            format!("{before}{real}{}", rest.get(read.len()..).unwrap_or_default())
        });
        one.chain([text.replace(read, real)]).collect::<Vec<_>>()
    });
    groups.into_iter().chain(pairs).collect()
}

/// With the Polish and German letters that were typed without their marks, all of one language that
/// are possible.
fn with_accents(text: &str) -> Vec<String> {
    const MAX_TEXTS: usize = 4096;
    const POLISH: &[&str] = &["aą", "cć", "eę", "lł", "nń", "oó", "sś", "zżź"];
    let (lower, upper) = (
        |letter: char| letter.to_ascii_lowercase(),
        |letter: char| letter.to_uppercase().next().unwrap_or(letter),
    );
    let mut polish = combinations(text, |letter| {
        let marked = POLISH.iter().filter(|group| group.starts_with(lower(letter)));
        let marked = marked.flat_map(|group| group.chars().skip(1));
        marked.map(|marked| if letter.is_uppercase() { upper(marked) } else { marked }).collect()
    });
    polish.truncate(MAX_TEXTS);
    let german =
        [("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("Ae", "Ä"), ("Oe", "Ö"), ("Ue", "Ü"), ("ss", "ß")];
    let all = german.iter().fold(text.to_owned(), |text, (two, one)| text.replace(two, one));
    let others = ["aäàáâ", "oöòóôø", "uüùúû", "eéèêë", "iíìîï", "AÄÁ", "OÖØ", "UÜ", "nñ", "cç"];
    let one = text.char_indices().flat_map(|(at, letter)| {
        let group = others.iter().filter(move |group| group.starts_with(letter));
        group.flat_map(|group| group.chars().skip(1)).map(move |other| {
            let (before, rest) = text.split_at(at);
            format!("{before}{other}{}", rest.get(letter.len_utf8()..).unwrap_or_default())
        })
    });
    let single = german.iter().map(|(two, one)| text.replace(two, one));
    std::iter::once(all).chain(single).chain(one).chain(polish).collect()
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

/// With two more of a character that programs swallow, or three spaces.
fn with_lost_marks(text: &str) -> Vec<String> {
    const MAX_CHARACTERS: usize = 24;
    let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if cuts.len() > MAX_CHARACTERS {
        return Vec::new();
    }
    let insert = |text: &str, at: usize, mark: char| {
        let (before, after) = text.split_at_checked(at)?;
        Some(format!("{before}{mark}{after}"))
    };
    // From the last to the first, so that the places before them stay.
    let with = |texts: &[(usize, String)], mark: char| -> Vec<(usize, String)> {
        let more = |(last, text): &(usize, String)| {
            let places = cuts.iter().copied().filter(|at| at <= last);
            places.filter_map(|at| Some((at, insert(text, at, mark)?))).collect::<Vec<_>>()
        };
        texts.iter().flat_map(more).collect()
    };
    let marks = ['\\', ' ', '_', '*', '$', '"'].into_iter().flat_map(|mark| {
        let two = with(&with(&[(text.len(), text.to_owned())], mark), mark);
        let three = if mark == ' ' && cuts.len() <= 16 { with(&two, mark) } else { Vec::new() };
        two.into_iter().chain(three)
    });
    marks.map(|(_, text)| text).collect()
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
