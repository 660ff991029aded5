//! What the signer may have used in place of the secret: the secret in another form, or a text that
//! programs and people write in the place of a value. A new mistake is one row.

use base64::Engine;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};

use super::encodings::{
    WIDE, ascii_escaped, from_code_pages, from_latin1, json_decoded, single_byte, url_encoded,
};
use super::{Hash, SecretHypothesis, likely, text, unlikely};
use crate::pgm::missing_value_words;
use crate::verify::findings;
use icu_normalizer::DecomposingNormalizer;
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// Each row returns what the signer may have used in place of the secret.
pub(super) static SIGNED: &[SecretHypothesis] = &[
    likely(&findings::SIGNED_WITHOUT_SECRET, |_| {
        common_missing_values().map(|word| word.as_bytes().to_vec()).collect()
    }),
    likely(&findings::SIGNED_WITH_PLACEHOLDER, |_| {
        COMMON_TEMPLATES.split(", ").map(|text| text.as_bytes().to_vec()).collect()
    }),
    unlikely(&findings::SIGNED_WITHOUT_SECRET, |_| {
        missing_values().map(|word| word.as_bytes().to_vec()).collect()
    }),
    likely(&findings::SIGNED_WITH_NEWLINE, |secret| {
        around(secret, &[("", "\n"), ("", "\n\n"), ("\n", "")])
    }),
    likely(&findings::SIGNED_WITH_CRLF, |secret| around(secret, &[("", "\r\n"), ("", "\r")])),
    likely(&findings::SIGNED_WITH_SPACES, |secret| {
        let ends = [("", " "), (" ", ""), (" ", " "), ("", "\t"), ("\t", ""), ("", "  ")];
        around(secret, &ends)
    }),
    likely(&findings::SIGNED_WITH_QUOTES, |secret| {
        let quotes = [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("\\\"", "\\\"")];
        let brackets = [("[", "]"), ("{", "}"), ("<", ">"), ("(", ")")];
        [around(secret, &quotes), around(secret, &brackets)].concat()
    }),
    likely(&findings::SIGNED_WITH_PRINTED, |secret| {
        let literals = [
            ("b'", "'"),
            ("b\"", "\""),
            ("[\"", "\"]"),
            ("['", "']"),
            ("Some(\"", "\")"),
            ("Some(", ")"),
            ("Optional[", "]"),
            ("Just \"", "\""),
            ("(\"", "\")"),
            ("('", "',)"),
            ("bytearray(b'", "')"),
            ("{\"secret\":\"", "\"}"),
            ("{\"secret\": \"", "\"}"),
            ("%!s(string=", ")"),
            ("Secret(", ")"),
            ("SecretString(", ")"),
            ("String(", ")"),
        ];
        let lists = text(secret, |text| {
            let list =
                |join: &str| text.bytes().map(|b| b.to_string()).collect::<Vec<_>>().join(join);
            let letters: Vec<_> = text.chars().map(String::from).collect();
            vec![
                list(","),
                format!("[{}]", list(", ")),
                format!("[{}]", list(" ")),
                letters.join(","),
            ]
        });
        around(secret, &literals).into_iter().chain(lists).collect()
    }),
    likely(&findings::SIGNED_WITH_BOM, |secret| around(secret, &[("\u{feff}", "")])),
    likely(&findings::SIGNED_WITH_NUL, |secret| {
        around(secret, &[("", "\0"), ("", "\0\0"), ("\0", ""), ("", "\u{200b}")])
    }),
    likely(&findings::SIGNED_WITH_PREFIX, |secret| {
        let prefixes = [
            "whsec_",
            "v1,",
            "v0=",
            "sk_",
            "Bearer ",
            "Basic ",
            "Token ",
            "secret=",
            "secret:",
            "secret: ",
            "key=",
            "base64:",
            "hex:",
            "PGM_SECRET=",
            "SECRET=",
            "Secret: ",
            "=",
        ];
        let prefixes = prefixes.map(|prefix| (prefix, ""));
        let suffixes = [("", ";"), ("", ","), ("", "."), ("", "="), ("", "=="), ("", ":")];
        [around(secret, &prefixes), around(secret, &suffixes)].concat()
    }),
    likely(&findings::SIGNED_WITH_TWICE, |secret| {
        ["", "\n", " ", ":", ","].map(|gap| [secret, gap.as_bytes(), secret].concat()).into()
    }),
    likely(&findings::SIGNED_WITH_EXPANDED, |secret| text(secret, expanded)),
    likely(&findings::SIGNED_WITH_SHELL_ESCAPED, |secret| {
        text(secret, |text| {
            let special =
                |letter: char| !letter.is_alphanumeric() && !"_-./,:=@%+".contains(letter);
            let escape = |letter: char| match special(letter) {
                true => format!("\\{letter}"),
                false => letter.to_string(),
            };
            let pairs = [("$", "$$"), ("$", "\\$"), ("%", "%%"), ("'", "''"), ("\\", "\\\\")];
            let doubled = pairs.iter().map(|(one, two)| text.replace(one, two));
            doubled
                .chain([text.chars().map(escape).collect(), text.replace('\'', "'\\''")])
                .collect()
        })
    }),
    likely(&findings::SIGNED_WITH_URL_ESCAPED, |secret| {
        // JavaScript, .NET, Python, and forms, of which .NET's have lower-case digits.
        let kept = ["-_.!~*'()", "-_.~", "-_.~/", ";,/?:@&=+$-_.!~*'()#"];
        let once = kept.map(|kept| url_encoded(secret, kept));
        let form = url_encoded(secret, "-_.*").replace("%20", "+");
        let lower = once.iter().chain([&form]).map(|text| lower_escapes(text)).collect::<Vec<_>>();
        let twice = once.iter().map(|text| text.replace('%', "%25")).collect::<Vec<_>>();
        let all = once.into_iter().chain([form]).chain(lower).chain(twice);
        all.map(String::into_bytes).collect()
    }),
    likely(&findings::SIGNED_WITH_HTML_ESCAPED, |secret| {
        text(secret, |text| {
            let styles = ["&#39;", "&#x27;", "&apos;", "'"];
            let named = styles.map(|style| html_encoded(text, style));
            let number = |letter: char| match letter.is_ascii() {
                true => letter.to_string(),
                false => format!("&#{};", u32::from(letter)),
            };
            let numbers = named.iter().map(|text| text.chars().map(number).collect());
            let numbers = numbers.collect::<Vec<String>>();
            named.into_iter().chain(numbers).collect()
        })
    }),
    likely(&findings::SIGNED_WITH_JSON_ESCAPED, |secret| {
        text(secret, |text| {
            let json = json_encoded(text);
            let slashes = json.replace('/', "\\/");
            vec![ascii_escaped(&slashes), ascii_escaped(&json), slashes, json]
        })
    }),
    likely(&findings::SIGNED_WITH_BASE64, |secret| {
        let encoders =
            [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD];
        let once = encoders.map(|encoder| encoder.encode(secret));
        let line = once.first().map(|text| format!("{text}\n"));
        let twice = once.first().map(|text| BASE64_STANDARD.encode(text));
        once.into_iter().chain(line).chain(twice).map(String::into_bytes).collect()
    }),
    likely(&findings::SIGNED_WITH_HEX, |secret| {
        vec![hex::encode(secret).into_bytes(), hex::encode_upper(secret).into_bytes()]
    }),
    likely(&findings::SIGNED_WITH_UTF16, |secret| wide(secret, 0..4)),
    likely(&findings::SIGNED_WITH_UTF32, |secret| wide(secret, 4..8)),
    likely(&findings::SIGNED_WITH_LATIN1, |secret| {
        let texts = std::str::from_utf8(secret).map(single_byte);
        texts.into_iter().flatten().map(|(_, bytes)| bytes).collect()
    }),
    likely(&findings::SIGNED_WITH_MISREAD, |secret| {
        let once: Vec<_> = from_code_pages(secret).collect();
        let twice = once.iter().take(2).map(|text| from_latin1(text.as_bytes()));
        let twice: Vec<_> = twice.collect();
        once.into_iter().chain(twice).map(String::into_bytes).collect()
    }),
    likely(&findings::SIGNED_WITHOUT_ACCENTS, |secret| text(secret, without_accents)),
    likely(&findings::SIGNED_WITH_REPLACED, |secret| {
        text(secret, |text| {
            let replace = |mark: &'static str| -> String {
                text.chars()
                    .map(|letter| match letter.is_ascii() {
                        true => letter.to_string(),
                        false => mark.to_owned(),
                    })
                    .collect()
            };
            let bytes = |mark: &str| -> String {
                text.chars()
                    .map(|letter| match letter.is_ascii() {
                        true => letter.to_string(),
                        false => mark.repeat(letter.len_utf8()),
                    })
                    .collect()
            };
            vec![replace("\u{fffd}"), replace("_"), replace("*"), replace("??"), bytes("\u{fffd}")]
        })
    }),
    likely(&findings::SIGNED_WITH_OTHER_CASE, |secret| {
        text(secret, |text| vec![text.to_uppercase(), text.to_lowercase()])
    }),
    likely(&findings::SIGNED_WITH_HASHED_SECRET, |secret| {
        let digests = [Hash::Md5, Hash::Sha1, Hash::Sha256, Hash::Sha512];
        let digests = digests.map(|hash| hash.digest(secret));
        let hex = digests
            .iter()
            .flat_map(|digest| [hex::encode(&**digest), hex::encode_upper(&**digest)]);
        let base64 = digests.iter().map(|digest| BASE64_STANDARD.encode(&**digest));
        let texts = hex.chain(base64).map(String::into_bytes).collect::<Vec<_>>();
        texts.into_iter().chain(digests.map(|digest| digest.to_vec())).collect()
    }),
    unlikely(&findings::SIGNED_WITH_PLACEHOLDER, |_| {
        unfilled_secrets().map(String::into_bytes).collect()
    }),
    unlikely(&findings::SIGNED_WITH_REVERSED, |secret| {
        text(secret, |text| vec![text.chars().rev().collect()])
    }),
    unlikely(&findings::SIGNED_WITH_PADDED, |secret| {
        let sizes = [16, 20, 24, 32, 40, 48, 50, 64, 100, 128, 255, 256];
        let padded = |size: usize, fill: u8| {
            let missing = size.checked_sub(secret.len())?;
            Some([secret, &vec![fill; missing]].concat())
        };
        let padded = sizes.iter().flat_map(|size| [b'\0', b' '].map(|fill| padded(*size, fill)));
        padded.flatten().collect()
    }),
];

fn around(secret: &[u8], ends: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let with =
        |(before, after): &(&str, &str)| [before.as_bytes(), secret, after.as_bytes()].concat();
    ends.iter().map(with).collect()
}

fn wide(secret: &[u8], encodings: std::ops::Range<usize>) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(secret) else { return Vec::new() };
    WIDE.get(encodings).unwrap_or_default().iter().map(|encode| encode(text)).collect()
}

/// What is left when `$name` in it is expanded, `#` begins a comment, or a shell reads it.
fn expanded(text: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let name_end = |rest: &str| {
        let name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        rest.find(|letter| !name(letter)).unwrap_or(rest.len())
    };
    for value in ["", "undefined", "null", "None"] {
        let mut rest = text;
        let mut expanded = String::new();
        while let Some((before, after)) = rest.split_once('$') {
            expanded += before;
            let inside = after.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let end = name_end(after);
            match (inside, end) {
                (Some((_, behind)), _) => {
                    expanded += value;
                    rest = behind;
                }
                (None, 0) => {
                    expanded.push('$');
                    rest = after;
                }
                (None, end) => {
                    // $1 takes one digit only.
                    let digit = after.starts_with(|letter: char| letter.is_ascii_digit());
                    expanded += value;
                    rest = after.get(if digit { 1 } else { end }..).unwrap_or_default();
                }
            }
        }
        texts.push(expanded + rest);
    }
    // `$id:name` of PowerShell takes the beginning of the secret for a name.
    texts.extend(text.get(name_end(text)..).map(str::to_owned));
    texts.extend(without_names(text, '@', None));
    texts.extend(without_names(text, '%', Some('%')));
    texts.extend(json_decoded(text));
    for mark in [" #", "#", ";", "//", " ", "&", "|", "=", ":", ",", "\\", "!", "%", "\"", "'"] {
        texts.extend(text.split_once(mark).map(|(before, _)| before.to_owned()));
    }
    for mark in ["\\", "\"", "'", "!", "`", "^", "%", "$", " ", "-"] {
        texts.push(text.replace(mark, ""));
    }
    texts
}

/// Without the first name that begins with this mark, and ends with the other one if there is one:
/// `@name` of Perl, `%name%` of batch files.
fn without_names(text: &str, mark: char, end: Option<char>) -> Option<String> {
    let (before, rest) = text.split_once(mark)?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let after = match end {
        Some(end) => rest.split_once(end)?.1,
        None => rest.trim_start_matches(is_name),
    };
    Some(format!("{before}{after}"))
}

/// `%2B` as `%2b`: .NET's older functions write lower case.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.push('%');
        lower.push_str(&digits.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// The text without accents, in the ways of transliterating that are common.
fn without_accents(text: &str) -> Vec<String> {
    let plain = |text: &str| -> String {
        let categories = CodePointMapData::<GeneralCategory>::new();
        let is_mark = |letter: &char| GeneralCategoryGroup::Mark.contains(categories.get(*letter));
        let letters = DecomposingNormalizer::new_nfd().normalize(text);
        letters.chars().filter(|letter| !is_mark(letter)).collect()
    };
    let stroked = |text: &str| {
        let pairs = [('ł', "l"), ('Ł', "L"), ('ø', "o"), ('Ø', "O"), ('đ', "d"), ('Đ', "D")];
        pairs.iter().fold(text.to_owned(), |text, (letter, plain)| text.replace(*letter, plain))
    };
    let german = |text: &str| {
        let pairs = [
            ('ä', "ae"),
            ('ö', "oe"),
            ('ü', "ue"),
            ('Ä', "Ae"),
            ('Ö', "Oe"),
            ('Ü', "Ue"),
            ('ß', "ss"),
            ('æ', "ae"),
            ('œ', "oe"),
            ('å', "aa"),
        ];
        pairs.iter().fold(text.to_owned(), |text, (letter, plain)| text.replace(*letter, plain))
    };
    vec![
        plain(&stroked(text)),
        plain(text),
        plain(&stroked(&text.replace('ß', "ss"))),
        plain(&stroked(&german(text))),
        plain(&stroked(text)).chars().filter(char::is_ascii).collect(),
    ]
}

/// Encodes as most template engines do; they differ in the entity for the apostrophe.
fn html_encoded(text: &str, apostrophe: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', apostrophe)
}

/// The content of a JSON string literal, non-ASCII characters as they are.
fn json_encoded(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or_default().to_owned()
}

/// Words for a missing value, and others that stand for nothing or hide what was there.
pub(super) fn missing_values() -> impl Iterator<Item = &'static str> {
    missing_value_words().chain(EMPTY_VALUES.split(", ")).chain([""])
}

/// The words that are tried together with a second mistake.
pub(super) fn common_missing_values() -> impl Iterator<Item = &'static str> {
    COMMON_MISSING_VALUES.split(", ").chain([""])
}

const COMMON_MISSING_VALUES: &str = "\
    undefined, null, None, nil, NULL, false, NaN, [object Object], [object Promise], Array";

/// Placeholders that are tried together with a second mistake.
const COMMON_TEMPLATES: &str = "\
    {{secret}}, ${secret}, $secret, {secret}, %s, secret, your-secret, changeme";

const EMPTY_VALUES: &str = "\
    false, False, true, True, 0, -1, 1, [], {}, \"\", '', (), empty, unset, missing, unknown, \
    Unknown, Array, Object, object, *, **, ***, ****, *****, ******, ********, \
    **********, SecretStr('**********'), SecretBytes(b'**********'), [REDACTED], \
    Secret([REDACTED String]), Secret([REDACTED alloc::string::String]), \
    SecretBox<str>([REDACTED]), SecretBox<alloc::string::String>([REDACTED]), \
    <redacted>, <REDACTED>, [redacted], REDACTED, redacted, [FILTERED], [Filtered], <hidden>, \
    [hidden], [masked], <masked>, (sensitive value), (hidden), [secure], ••••••••";

/// Secrets that nobody meant to keep.
const PLACEHOLDERS: &str = "\
    secret, SECRET, Secret, password, Password, changeme, CHANGEME, change-me, change_me, \
    changeit, ChangeMe, your-secret, your_secret, your secret, your-secret-here, \
    your_secret_here, YOUR_SECRET, YOUR_SECRET_HERE, YOUR-SECRET, yoursecret, YourSecret, \
    your-webhook-secret, YOUR_WEBHOOK_SECRET, my-secret, my_secret, mysecret, MySecret, \
    supersecret, super-secret, super_secret, topsecret, top-secret, s3cr3t, test, TEST, \
    test-secret, test_secret, testsecret, testing, dummy, example, placeholder, PLACEHOLDER, \
    TODO, todo, FIXME, tbd, TBD, xxx, XXX, xxxx, xxxxx, xxxxxx, xxxxxxxx, abc, abc123, 123, \
    1234, 12345, 123456, foo, bar, foobar, default, insert-secret-here, replace-me, REPLACE_ME, \
    replaceme, key, token, webhook-secret, webhook_secret, shared-secret, shared_secret, \
    secret-key, secret_key, value, string, text, dev, local, demo, sample, admin, the secret, \
    the-secret, ..., …, -, ?";

/// What a secret is called in code and configurations.
const SECRET_NAMES: &str = "\
    secret, SECRET, Secret, webhookSecret, webhook_secret, WEBHOOK_SECRET, WebhookSecret, \
    pgmSecret, pgm_secret, PGM_SECRET, PGM_WEBHOOK_SECRET, PGWH_SECRET, PERFECTGYM_SECRET, \
    PERFECTGYM_WEBHOOK_SECRET, PERFECT_GYM_SECRET, PERFECT_GYM_WEBHOOK_SECRET, sharedSecret, \
    shared_secret, SHARED_SECRET, signingSecret, signing_secret, SIGNING_SECRET, secretKey, \
    secret_key, SECRET_KEY, apiKey, api_key, API_KEY, key, KEY, token, TOKEN, password, \
    PASSWORD";

/// What a request id is called in code and configurations.
const ID_NAMES: &str = "\
    id, ID, Id, requestId, request_id, REQUEST_ID, RequestId, requestID, request-id, \
    identifier, IDENTIFIER, Identifier, request, reqId, uuid, guid, X-PerfectGym-Request, \
    x-perfectgym-request, X_PERFECTGYM_REQUEST, HTTP_X_PERFECTGYM_REQUEST, xPerfectGymRequest, \
    test, Test, event";

/// Other templates for a request id: of Postman, n8n, Make and Power Automate.
const ID_TEMPLATES: &str = "\
    {{$guid}}, {{$uuid}}, {{$randomUUID}}, {{$timestamp}}, {{$json.id}}, {{ $json.id }}, \
    {{$json.requestId}}, {{ $json.requestId }}, \
    {{$json.headers['x-perfectgym-request']}}, {{ $json.headers['x-perfectgym-request'] }}, \
    {{1.id}}, {{1.requestId}}, @{guid()}, @guid(), guid(), @{triggerBody()?['id']}, \
    @triggerBody()?['id'], \
    @{triggerOutputs()['headers']['X-PerfectGym-Request']}, \
    @triggerOutputs()['headers']['X-PerfectGym-Request'], \
    @{triggerOutputs()?['headers']?['X-PerfectGym-Request']}, \
    @triggerOutputs()?['headers']?['X-PerfectGym-Request'], newid(), uuid(), crypto.randomUUID(), Guid.NewGuid()";

/// How template languages, shells and formatters mark a value to fill in.
const MARKS: &str = "\
    ${NAME}, $NAME, {{NAME}}, {{ NAME }}, {NAME}, #{NAME}, %NAME%, %(NAME)s, <NAME>, [NAME], \
    <%= NAME %>, <%=NAME%>, @NAME, :NAME, $(NAME), ${{ secrets.NAME }}, ${process.env.NAME}, \
    process.env.NAME, import.meta.env.NAME, $env:NAME, ${env:NAME}, ${env.NAME}, {{env.NAME}}, \
    {$NAME}, {{.NAME}}, __NAME__, #{NAME}#, {{{NAME}}}, [[NAME]], \\(NAME), os.environ['NAME'], \
    os.environ[\"NAME\"], os.getenv('NAME'), getenv('NAME'), env('NAME'), ENV['NAME'], \
    ${this.NAME}, ${config.NAME}, NAME";

/// What formatters leave when they get no arguments.
const FORMATS: &str = "\
    %s, %v, %d, %@, %q, %x, {}, {0}, {1}, {:?}, $1";

/// Whether this is a secret as examples and templates have it.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let marks = ["your", "change", "replace", "insert", "placeholder", "example", "dummy"];
    let nouns = ["secret", "key", "me", "here", "this", "it", "password", "token"];
    PLACEHOLDERS.split(", ").any(|word| word == text)
        || marks.iter().any(|mark| lower.contains(mark))
            && nouns.iter().any(|noun| lower.contains(noun))
}

/// Placeholders, and templates for a secret that were not filled in.
fn unfilled_secrets() -> impl Iterator<Item = String> {
    PLACEHOLDERS.split(", ").map(str::to_owned).chain(templates(SECRET_NAMES))
}

/// Templates for a request id that were not filled in.
pub(super) fn unfilled_ids() -> impl Iterator<Item = String> {
    // n8n takes a value for an expression when `=` stands before it, and for text otherwise.
    let others = ID_TEMPLATES.split(", ").flat_map(|text| [text.to_owned(), format!("={text}")]);
    templates(ID_NAMES).chain(others)
}

/// Templates for both with a colon between that were not filled in, each in one syntax.
pub(super) fn unfilled_formulas() -> impl Iterator<Item = [&'static str; 7]> {
    // Names of one style: a camel does not stand beside a snake.
    let styles = [
        (
            "id, requestId, identifier, uuid, guid, $guid",
            "secret, webhookSecret, pgmSecret, key, sharedSecret",
        ),
        ("request_id, req_id", "secret, webhook_secret, pgm_secret, shared_secret, secret_key"),
        ("ID, REQUEST_ID", "SECRET, WEBHOOK_SECRET, PGM_SECRET, PGWH_SECRET, SECRET_KEY"),
        ("ID, Id, RequestID, RequestId, Identifier", "Secret, WebhookSecret"),
    ];
    let names = styles.into_iter().flat_map(|(ids, secrets)| {
        ids.split(", ").flat_map(move |id| secrets.split(", ").map(move |secret| (id, secret)))
    });
    names.flat_map(|(id, secret)| {
        let marks = MARKS.split(", ").filter_map(|mark| mark.split_once("NAME"));
        marks.map(move |(open, close)| [open, id, close, ":", open, secret, close])
    })
}

fn templates(names: &'static str) -> impl Iterator<Item = String> {
    let of_name = |name| MARKS.split(", ").map(move |mark| mark.replace("NAME", name));
    names.split(", ").flat_map(of_name).chain(FORMATS.split(", ").map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_recognised_and_real_secrets_are_not() {
        for text in ["your-secret-here", "changeme", "<insert your key>", "REPLACE_ME", "secret"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["s3cr3t-Ab9", "kettlebell-42", "correct-horse-battery-staple", "yourself"] {
            assert!(!is_placeholder(text), "{text}");
        }
        assert!(missing_values().any(|text| text == "[object Promise]"));
        assert!(unfilled_secrets().any(|text| text == "${process.env.PGM_SECRET}"));
        assert!(unfilled_formulas().any(|texts| texts.concat() == "${REQUEST_ID}:${SECRET}"));
        assert!(unfilled_ids().any(|text| text == "{{ requestId }}"));
    }
}
