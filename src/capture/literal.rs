//! Values as programs print them, for people or for other programs: JavaScript (`console.log`,
//! `util.inspect`), Python (`repr`), Ruby and Elixir (`inspect`), PHP (short arrays, `var_dump`,
//! `print_r`, `var_export`), Rust (`{:#?}`), Go (`%#v`). One tolerant grammar for all of them, a
//! superset of JSON, whose result is the same tree.
//!
//! What is taken, beyond JSON:
//! - strings in `'…'`, `"…"` and `` `…` ``, with the escapes of these languages, a prefix (`b'…'`),
//!   and parts that are joined by `+` or stand side by side;
//! - keys without quotes, `:symbols`, `[Symbol(x)]`; `:`, `=>` and `=` between key and value;
//! - `(…)` like `[…]`; a comma before the closing bracket; `[k => v]` like `{k: v}`;
//! - a name before a bracket (`Headers {…}`, `Map(2) {…}`, `[Object: null prototype] {…}`), and
//!   `<Name: …>` around a value, which are dropped;
//! - `<Buffer 7b 7d>` as a list of bytes; `True`, `None`, `nil`, `undefined`;
//! - `["key"]=>` and `[key] =>`, with a line break in place of the comma; `string(3) "abc"`;
//! - unquoted text behind a separator, up to the next comma or line break (`method: POST`);
//! - what a printer left out: `[Object]`, `[Function: f]`, `#PID<0.1.0>`, `... 3 more items`.
//!
//! Nesting is bounded, and so is what is looked at in vain: the time is linear in the length of the
//! text.

use std::borrow::Cow;

use super::quoted::quoted;
use super::{MAX_DEPTH, Value, count_work};

/// How many bytes may be looked at in vain, as a multiple of the text's length, so that a text
/// full of brackets that never close costs no more than others.
pub(super) const MAX_VAIN_FACTOR: usize = 8;

/// Parses the literal at the start of a text, and returns how many bytes it takes. `None` when the
/// text does not start with a literal.
pub(super) fn parse_prefix(text: &str) -> Option<(Value<'_>, usize)> {
    parse_within(text, &mut text.len().saturating_mul(MAX_VAIN_FACTOR))
}

/// Does the same while no more than `vain` bytes are looked at in vain, and takes off those that
/// were.
pub(super) fn parse_within<'t>(text: &'t str, vain: &mut usize) -> Option<(Value<'t>, usize)> {
    let mut parser = Parser { text, at: 0, vain: *vain };
    let value = parser.value(MAX_DEPTH).filter(Token::is_value);
    count_work(parser.at + (*vain - parser.vain));
    *vain = parser.vain.saturating_sub(if value.is_none() { parser.at } else { 0 });
    value.map(|value| (value.into_value(), parser.at))
}

/// A value, or a bare word that only a separator behind it makes a key.
enum Token<'a> {
    Value(Value<'a>),
    Word(&'a str),
}

impl<'a> Token<'a> {
    /// Words for nothing, and everything else that is no value in any language.
    fn into_value(self) -> Value<'a> {
        match self {
            Self::Value(value) => value,
            Self::Word("true" | "True") => Value::Bool(true),
            Self::Word("false" | "False") => Value::Bool(false),
            Self::Word(word) if is_number(word) => Value::Number(word.trim_end_matches('n').into()),
            Self::Word(word) => match hex_byte(word) {
                Some(byte) => Value::Number(byte.to_string().into()),
                None => Value::Null,
            },
        }
    }

    fn is_value(&self) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Word("true" | "True" | "false" | "False") => true,
            Self::Word("null" | "None" | "nil" | "undefined" | "NULL" | "NaN") => true,
            Self::Word(word) => is_number(word) || hex_byte(word).is_some(),
        }
    }

    fn into_key(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Word(word) => Some(word.into()),
            Self::Value(Value::String(text) | Value::Number(text)) => Some(text),
            Self::Value(_) => None,
        }
    }
}

/// Longer keys and names in brackets are something else.
const MAX_KEY: usize = 200;

/// What may stand in place of a value that was not printed.
const LEFT_OUT: [&str; 6] =
    ["[Object]", "[Object ...", "[Array]", "[Circular", "[Getter", "[Function"];

/// `0x7b`, as Go prints bytes.
fn hex_byte(word: &str) -> Option<u8> {
    u8::from_str_radix(word.strip_prefix("0x")?, 16).ok()
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_suffix('n').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && digits.parse::<f64>().is_ok()
}

/// Every method that reads moves behind what it read; after a `None` the text is no literal.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// How many bytes may still be looked at in vain.
    vain: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// How far it is to the end of what stands in brackets here, which is short.
    fn near(&self, end: u8) -> Option<usize> {
        let rest = self.rest().as_bytes();
        memchr::memchr(end, &rest[..rest.len().min(MAX_KEY)])
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        self.at += if found { expected.len() } else { 0 };
        found
    }

    /// Over spaces, but not to the next line.
    fn gap(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The next value; words are resolved by the caller, who knows whether a separator follows.
    fn value(&mut self, depth: usize) -> Option<Token<'a>> {
        let depth = depth.checked_sub(1)?;
        self.space();
        match self.peek()? {
            b'{' => self.container("}", depth).map(Token::Value),
            b'[' => self.bracket(depth).map(Token::Value),
            b'(' => {
                // PHP's cast, as `var_export` writes it.
                if self.skip("(object) ") {
                    return self.value(depth);
                }
                self.container(")", depth).map(Token::Value)
            }
            b'"' | b'\'' | b'`' => self.strings().map(Token::Value),
            b'<' => self.angle(depth).map(Token::Value),
            // Elixir's maps and structs, references of Go and Rust.
            b'%' | b'&' => {
                self.at += 1;
                self.value(depth).filter(|token| matches!(token, Token::Value(_)))
            }
            // The members of PHP's objects: `#headers: …`.
            b'#' if self.is_php_member() => {
                self.at += 1;
                self.word(depth)
            }
            // `#PID<0.1.0>`, `#<Foo>`: nothing that can be read.
            b'#' => match self.struct_members() {
                Some(behind) => {
                    self.at = behind;
                    self.container(">", depth).map(Token::Value)
                }
                None => {
                    self.at += self.inspected()?;
                    Some(Token::Value(Value::Null))
                }
            },
            b':' => {
                // Ruby's and Elixir's symbols.
                self.at += 1;
                match self.peek()? {
                    b'"' | b'\'' => self.strings().map(Token::Value),
                    _ => self.word(depth).map(|parsed| match parsed {
                        Token::Word(name) => Token::Value(Value::String(name.into())),
                        value => value,
                    }),
                }
            }
            _ => self.word(depth),
        }
    }

    /// The space before the members of Ruby's `#<struct Name a=1>`, `#<data Name a=1>`,
    /// `#<OpenStruct a=1>`.
    fn struct_members(&self) -> Option<usize> {
        let named = ["#<struct ", "#<data ", "#<OpenStruct "];
        let known = named.into_iter().find(|known| self.rest().starts_with(known))?;
        let (at, end) = (self.at + known.len(), self.near(b'=')?);
        let words = self.text.get(at..self.at + end)?;
        Some(at + words.rfind(' ').map_or(0, |space| space + 1) - 1)
    }

    /// The length of an object as Ruby and Elixir inspect it, with those within it and their strings
    /// (`#<IO:<STDERR>>`, `#<Foo @a={:b=>">"}>`); up to the end of the line where it is not closed.
    fn inspected(&mut self) -> Option<usize> {
        let rest = self.rest();
        let line = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        if memchr::memchr(b'<', &rest.as_bytes()[..line]).is_none() {
            return Some(line);
        }
        let (mut at, mut open) = (0, 0_usize);
        while let Some(found) = rest.as_bytes()[at..].iter().position(|byte| b"<>\"".contains(byte))
        {
            at += found;
            match rest.as_bytes()[at] {
                b'"' => match quoted(&rest[at..]) {
                    Ok((_, length)) => at += length - 1,
                    Err(_) => break,
                },
                b'<' => open += 1,
                _ if matches!(rest.as_bytes()[at.saturating_sub(1)], b'=' | b'-') => {}
                _ if open < 2 => return Some(at + 1),
                _ => open -= 1,
            }
            at += 1;
        }
        self.vain = self.vain.checked_sub(rest.len())?;
        Some(line)
    }

    fn is_php_member(&self) -> bool {
        let name = self.rest().get(1..).unwrap_or_default();
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
        end > 0 && name[end..].starts_with(": ")
    }

    /// `[…]`, a key that is a symbol (`[Symbol(x)]`), or a prefix in brackets before the value
    /// (`[Object: null prototype] {`).
    fn bracket(&mut self, depth: usize) -> Option<Value<'a>> {
        let rest = self.rest();
        if rest.starts_with("[Symbol(") {
            let symbol = &rest[1..self.near(b']')?];
            self.at += symbol.len() + 2;
            return Some(Value::String(symbol.into()));
        }
        // Go's slices: `[]string{"a"}`, `[]byte("a")`.
        if let Some(slice) = rest.strip_prefix("[]")
            && slice.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            self.at += 2;
            return self.word(depth).filter(Token::is_value).map(Token::into_value);
        }
        let is_prefix = ["[Object: null prototype]", "[class "]
            .iter()
            .chain(&LEFT_OUT)
            .any(|known| rest.starts_with(known));
        if !is_prefix {
            return self.container("]", depth);
        }
        self.at += self.near(b']')? + 1;
        self.space();
        match self.peek() {
            Some(b'{') => self.container("}", depth),
            _ => Some(Value::Null),
        }
    }

    /// `<Buffer 7b 7d>`, or a value within `<Name: …>`.
    fn angle(&mut self, depth: usize) -> Option<Value<'a>> {
        if self.skip("<Buffer") {
            let rest = self.rest();
            let is_hex = |c: char| c.is_ascii_hexdigit() || c.is_ascii_whitespace();
            let hex = &rest[..rest.find(|c| !is_hex(c)).unwrap_or(rest.len())];
            self.at += hex.len();
            self.skip(">").then_some(())?;
            // One that was cut short (`... 12 more bytes`) is no number.
            let byte = |digits: &str| u8::from_str_radix(digits, 16).ok();
            let bytes: Option<Vec<u8>> = hex.split_whitespace().map(byte).collect();
            let number = |byte: u8| Value::Number(byte.to_string().into());
            return bytes.map(|bytes| Value::Array(bytes.into_iter().map(number).collect()));
        }
        if self.rest().starts_with("<ref ") {
            self.at += self.near(b'>')? + 1;
            return self.value(depth).filter(Token::is_value).map(Token::into_value);
        }
        self.at += 1;
        let rest = self.rest().as_bytes();
        let near = &rest[..rest.len().min(MAX_KEY)];
        // `<Stream object at 0x7f1>`: nothing that can be read.
        let object =
            memchr::memmem::find(near, b" at 0x").filter(|at| !near[..*at].contains(&b'\n'));
        if let Some(object) = object {
            self.at += object;
            self.at += self.near(b'>')? + 1;
            return Some(Value::Null);
        }
        self.at += near.iter().position(|byte| b":{[(>\n".contains(byte))?;
        self.skip(":");
        let value = self.value(depth).filter(Token::is_value)?.into_value();
        self.space();
        self.skip(">").then_some(value)
    }

    /// Over the rest of what PHP writes between a class and the members of its object:
    /// `stdClass Object (`, `object(stdClass)#3 (2) {`. Returns what closes them.
    fn php_object(&mut self, word: &str) -> Option<&'static str> {
        let rest = self.rest();
        if let Some(behind) = rest.strip_prefix(" Object") {
            let members = behind.trim_start();
            let is_next_line = behind.trim_start_matches(' ').starts_with(['\n', '\r']);
            self.at += rest.len() - members.len();
            return (is_next_line && members.starts_with('(')).then_some(")");
        }
        (word == "object" && rest.starts_with('(')).then_some(())?;
        let (_, behind) = rest[..rest.len().min(MAX_KEY)].split_once(')')?;
        let number = behind.strip_prefix('#')?.trim_start_matches(|c: char| c.is_ascii_digit());
        let count = number.strip_prefix(" (")?.trim_start_matches(|c: char| c.is_ascii_digit());
        let members = count.strip_prefix(") {")?;
        self.at += rest.len().min(MAX_KEY) - members.len() - 1;
        Some("}")
    }

    /// A bare word, or the value behind a name (`Headers {`, `dict([`, `b'…'`).
    fn word(&mut self, depth: usize) -> Option<Token<'a>> {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '+' | '.' | '@');
        let rest = self.rest();
        let mut end = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        // PHP's and C#'s nested names, Rust's paths.
        while rest[end..].starts_with("::") || rest[end..].starts_with('\\') {
            let more = &rest[end + 1..];
            let more = more.strip_prefix(':').unwrap_or(more);
            let from = rest.len() - more.len();
            end = from + more.find(|c: char| !part(c)).unwrap_or(more.len());
            if end == from {
                return None;
            }
        }
        let word = &rest[..end];
        if word.is_empty() {
            return None;
        }
        self.at += end;
        // Symfony's `array:1 [`.
        if word == "array"
            && let Some(counted) = self.rest().strip_prefix(':')
        {
            let digits = counted.find(|c: char| !c.is_ascii_digit()).unwrap_or(counted.len());
            if digits > 0 && counted[digits..].starts_with(" [") {
                self.at += digits + 2;
                return self.container("]", depth).map(Token::Value);
            }
        }
        let before = self.at;
        if let Some(close) = self.php_object(word) {
            return self.container(close, depth).map(Token::Value);
        }
        self.at = before;
        match self.peek() {
            Some(b'"' | b'\'') if word.len() <= 2 => {
                return self.strings().map(Token::Value);
            }
            Some(b'(') => {
                let inner = self.container(")", depth)?;
                // `Map(2) {`, `array:1 [`, `string(3) "abc"`
                let before = self.at;
                self.gap();
                return Some(Token::Value(match self.peek() {
                    Some(b'{') => self.container("}", depth)?,
                    Some(b'[') => self.container("]", depth)?,
                    Some(b'"') if word == "string" => Value::String(self.string()?),
                    _ => {
                        self.at = before;
                        single(inner)
                    }
                }));
            }
            _ => {}
        }
        let before = self.at;
        self.space();
        match self.peek() {
            Some(b'{') if !is_number(word) => self.container("}", depth).map(Token::Value),
            Some(b'[') if !is_number(word) => self.bracket(depth).map(Token::Value),
            // PHP's `print_r` and `var_export`.
            Some(b'(') if matches!(word, "Array" | "array" | "Object") => {
                self.container(")", depth).map(Token::Value)
            }
            _ => {
                self.at = before;
                Some(Token::Word(word))
            }
        }
    }

    /// Over what Symfony's `dump` writes behind a bracket: a number (`{#12`), a sign that it can be
    /// unfolded, and where it was called.
    fn dump_marks(&mut self) {
        let rest = self.rest();
        let behind = rest.strip_prefix('#').unwrap_or(rest);
        let behind = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = if rest.starts_with('#') { behind } else { rest };
        let behind = behind.trim_start_matches(['▼', '▶']);
        let comment = behind.strip_prefix(" // ").map(|line| &line[line.find('\n').unwrap_or(0)..]);
        self.at += rest.len() - comment.unwrap_or(behind).len();
    }

    /// What is within brackets: an object if its entries have keys, else an array.
    fn container(&mut self, close: &str, depth: usize) -> Option<Value<'a>> {
        self.at += 1;
        self.dump_marks();
        let mut members = Vec::new();
        let mut elements = Vec::new();
        let mut has_bracketed_keys = false;
        loop {
            self.space();
            if self.skip(close) {
                break;
            }
            if self.rest().starts_with("...") {
                // `... 3 more items`
                let rest = self.rest();
                self.at += rest.find([',', '\n', ']', '}']).unwrap_or(rest.len());
                self.skip(",");
                continue;
            }
            let bracketed = self.bracketed_key();
            let is_bracketed = bracketed.is_some();
            has_bracketed_keys |= is_bracketed;
            let parsed = match bracketed {
                Some(key) => Token::Word(key),
                None => self.value(depth)?,
            };
            self.space();
            let is_member = self.separator();
            if is_member {
                let bare = matches!(parsed, Token::Word(_));
                let value = self.member_value(depth, bare, is_bracketed)?;
                members.push((parsed.into_key()?, value));
            } else {
                let value = Some(parsed).filter(Token::is_value)?.into_value();
                elements.push(value);
            }
            let before = self.at;
            self.space();
            if !self.skip(",") && !self.skip(";") && !self.skip(close) {
                // PHP ends an entry by a line break.
                let is_next = is_member && self.text[before..self.at].contains('\n');
                is_next.then_some(())?;
            } else if self.text[..self.at].ends_with(close) {
                break;
            }
        }
        // PHP's lists have numbers for keys.
        let is_list = (close != "}" || has_bracketed_keys)
            && members.iter().enumerate().all(|(index, (name, _))| *name == index.to_string());
        if is_list && elements.is_empty() {
            elements = members.drain(..).map(|(_, value)| value).collect();
        }
        match (members.is_empty(), elements.is_empty()) {
            (true, true) if close == "}" => Some(Value::Object(members)),
            (true, _) => Some(Value::Array(elements)),
            (false, true) => Some(Value::Object(members)),
            (false, false) => None,
        }
    }

    /// PHP's `["key"]=>` and `[key] =>`, up to the arrow.
    fn bracketed_key(&mut self) -> Option<&'a str> {
        let line = self.rest().strip_prefix('[')?;
        let end = memchr::memchr(b']', &line.as_bytes()[..line.len().min(MAX_KEY)])?;
        let (key, behind) = (&line[..end], &line[end + 1..]);
        behind.trim_start_matches(' ').starts_with("=>").then_some(())?;
        self.at += key.len() + 2;
        Some(key.split(':').next().unwrap_or(key).trim_matches('"'))
    }

    /// The value of a member: a literal, or behind a key without quotes (`bare`) text without
    /// quotes up to where it must end. The entries of `print_r` end with the line.
    fn member_value(&mut self, depth: usize, bare: bool, to_line_end: bool) -> Option<Value<'a>> {
        let gap = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let start = self.at + gap;
        let ends = |parser: &Self| {
            let rest = parser.rest().trim_start_matches([' ', '\t', '\r']);
            rest.starts_with(['\n', ',', ';', ')', ']', '}']) || rest.is_empty()
        };
        // A value that is printed in brackets or quotes is one, or the text is torn.
        let is_open = |c: char| "{[(\"'`<%&#".contains(c);
        match self.value(depth) {
            Some(token) if token.is_value() && (!to_line_end || ends(self)) => {
                return Some(token.into_value());
            }
            _ if !bare => return None,
            _ if self.text[start..].starts_with(is_open) && !to_line_end => return None,
            // What was looked at is read once more.
            _ => self.vain = self.vain.checked_sub(self.at.saturating_sub(start))?,
        }
        let rest = &self.text[start..];
        let end = match to_line_end {
            true => memchr::memchr(b'\n', rest.as_bytes()),
            false => rest.find(['\n', ',', ')', ']', '}', '{', '(', '[']),
        };
        let Some(end) = end else {
            self.at = self.text.len();
            return None;
        };
        let text = rest[..end].trim();
        if !to_line_end && (text.is_empty() || rest[end..].starts_with(['{', '(', '['])) {
            return None;
        }
        self.at = start + end;
        Some(Value::String(text.into()))
    }

    /// Over what stands between a key and its value.
    fn separator(&mut self) -> bool {
        self.skip("=>") || self.skip(":") || self.skip("=")
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let string = quoted(self.rest());
        self.at += *string.as_ref().map_or_else(|looked| looked, |(_, length)| length);
        string.ok().map(|(text, _)| text)
    }

    /// A string and those that are joined to it.
    fn strings(&mut self) -> Option<Value<'a>> {
        let mut text = self.string()?;
        loop {
            let before = self.at;
            self.space();
            if self.skip("+") {
                self.space();
            }
            // Python repeats the prefix of bytes for each part.
            let next = self.rest();
            let part = next.strip_prefix(['b', 'u', 'r']).unwrap_or(next);
            match part.as_bytes().first() {
                Some(b'"' | b'\'') => {
                    self.at += next.len() - part.len();
                    text.to_mut().push_str(&self.string()?);
                }
                _ => {
                    self.at = before;
                    return Some(Value::String(text));
                }
            }
        }
    }
}

/// The only value of a call, or all of them.
fn single(arguments: Value<'_>) -> Value<'_> {
    match arguments {
        Value::Array(mut elements) if elements.len() == 1 => elements.pop().unwrap_or(Value::Null),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_json;
    use super::*;

    /// The value of a text that is one literal.
    fn parse(text: &str) -> Option<Value<'_>> {
        let (value, length) = parse_prefix(text)?;
        text[length..].trim_matches([';', ' ']).is_empty().then_some(value)
    }

    #[test]
    fn literals_of_many_languages() {
        for (literal, json) in [
            (
                "{ a: 'b', 'c-d': [1, -2.5,], e: undefined, }",
                r#"{"a":"b","c-d":[1,-2.5],"e":null}"#,
            ),
            (
                r#"{'a': b'{"x":1}', 'b': True, 'c': None}"#,
                r#"{"a":"{\"x\":1}","b":true,"c":null}"#,
            ),
            (r#"{"a"=>"b", :c => nil, d: :e}"#, r#"{"a":"b","c":null,"d":"e"}"#),
            ("[ 'a' => ['b'], 'c' => 1, ];", r#"{"a":["b"],"c":1}"#),
            ("{ body: <Buffer 7b 7d> }", r#"{"body":[123,125]}"#),
            (r"{'a': 'it\'s \x41 \u017c \u{1f600}'}", r#"{"a":"it's A ż 😀"}"#),
            ("Headers({'a': (1, 2)})", r#"{"a":[1,2]}"#),
            (
                "Map(2) { 'a' => 1, 'b' => [Object: null prototype] { c: 2n } }",
                r#"{"a":1,"b":{"c":2}}"#,
            ),
            ("<QueryDict: {'a': ['b']}>", r#"{"a":["b"]}"#),
            ("ImmutableMultiDict([('a', 'b')])", r#"[["a","b"]]"#),
            ("{ a: 'x' +\n  'y', b: \"p\" \"q\" }", r#"{"a":"xy","b":"pq"}"#),
            ("{'a': b'{\"x\"'\n      b':1}'}", r#"{"a":"{\"x\":1}"}"#),
            ("<ref *1> Request { a: {}, [Symbol(k)]: 1 }", r#"{"a":{},"Symbol(k)":1}"#),
        ] {
            let read = parse(literal).map(|value| value.to_string());
            assert_eq!(read.as_deref().unwrap_or_default(), json, "{literal}");
        }
    }

    #[test]
    fn what_is_torn_or_something_else_is_none() {
        for text in [
            "",
            "'",
            "{'a",
            r"'\",
            r"'\x4'",
            r"'\u12",
            "<Buffer 7b ... 9 more bytes>",
            "<a>",
            "{\"headers\": oops}",
            "{a b}",
            "[1 2]",
            "{1: 2, 3}",
            "{}x",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        for unit in ["[", "{a:", "(", "<a:", "a(", "'a'+"] {
            assert_eq!(parse(&unit.repeat(200_000)), None);
        }
    }

    #[test]
    fn json_is_what_serde_json_reads() {
        for text in ["", "{", "[1,]", "{\"a\" 1}", "01", "1 2", "nul", "\"\\x\"", "'a'", "{}{}"] {
            assert!(parse_json(text).is_err(), "{text}");
        }
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(parse_json(&deep).unwrap(), Value::Null);
        assert!(parse_json(&"[".repeat(200_000)).is_err());
        let half = parse_json(r#"{"a":"\ud800x"}"#).unwrap();
        assert_eq!(half.get("a").and_then(Value::as_str), Some("\u{fffd}x"));
    }
}
