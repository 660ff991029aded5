//! Commands that send requests, as browsers, proxies and Postman copy them and as people type them:
//! curl, wget and HTTPie in a shell, PowerShell's `Invoke-WebRequest` and `Invoke-RestMethod`.

use std::cell::Cell;
use std::collections::HashMap;

use super::super::detect::Walk;
use super::super::header::{NameContext, normalize};
use super::super::literal::MAX_VAIN_FACTOR;
use super::super::{Body, Capture, Format, Location, MAX_DEPTH, MAX_FILE, Value};
use super::{LineNumbers, SourceText};

/// Reads the commands of a text; `None` when there is none.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    let plain = without_carets(text);
    let text = plain.as_deref().unwrap_or(text);
    let mut found = match PowerShell::is_in(text) {
        true => PowerShell::default().commands(text),
        false => shell_commands(text).collect(),
    };
    found.iter().any(|(_, command)| !command.headers.is_empty()).then_some(())?;
    let only = found.len() == 1 && found[0].0 == 1;
    for (line, command) in found.drain(..) {
        let location = if only { Location::default() } else { Location::line(line) };
        walk.message(Capture { location, ..command.into_capture() });
    }
    Some(Format::CurlCommand)
}

/// The bodies that the commands of a shell text send.
pub(super) fn bodies(text: &str) -> impl DoubleEndedIterator<Item = Body<'static>> {
    let commands: Vec<_> = shell_commands(text).collect();
    commands.into_iter().filter_map(|(_, command)| command.into_capture().body)
}

/// What a command sends.
#[derive(Debug, Default)]
struct Command {
    headers: Vec<(String, String)>,
    method: Option<String>,
    url: Option<String>,
    data: Option<String>,
    /// Whether the program writes the data itself, so that its bytes are not those that it sends.
    is_built: bool,
}

impl Command {
    fn into_capture(self) -> Capture<'static> {
        let headers = self.headers.into_iter().map(|(name, value)| (name.into(), value.into()));
        let method = if self.data.is_some() { "POST" } else { "GET" };
        // `@file` names the body; it is not the body.
        let data = self.data.filter(|data| !data.starts_with('@'));
        let exact = !self.is_built;
        Capture {
            headers: normalize(headers.collect(), NameContext::Http),
            method: Some(self.method.unwrap_or_else(|| method.to_owned()).into()),
            path: self.url.map(Into::into),
            body: data.map(|data| Body { bytes: data.into_bytes().into(), exact }),
            ..Capture::default()
        }
    }

    /// Adds data as `-d` does.
    fn add_data(&mut self, more: String) {
        self.data = Some(match self.data.take() {
            Some(known) => known + "&" + &more,
            None => more,
        });
    }

    /// Reads the words of a curl or wget command, without its name.
    fn of_curl(words: Vec<String>) -> Self {
        let mut command = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) if word.starts_with("--") => (option, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let mut value = || value.clone().or_else(|| words.next()).unwrap_or_default();
            match option {
                "-H" | "--header" => {
                    let line = value();
                    let pair = line.split_once(':').or_else(|| line.split_once(';'));
                    let (name, value) = pair.unwrap_or((&line, ""));
                    let value = value.trim_matches([' ', '\t']);
                    command.headers.push((name.trim().to_owned(), value.to_owned()));
                }
                "-X" | "--request" | "--method" => command.method = Some(value()),
                "-d" | "--data" | "--body-data" | "--post-data" | "--data-raw"
                | "--data-binary" | "--data-ascii" | "--json" => command.add_data(value()),
                "-A" | "-b" | "-e" | "-o" | "-u" | "-w" | "-m" | "-x" => drop(value()),
                "--url" => command.url = Some(value()),
                "<<<" => command.add_data(value()),
                other if !other.starts_with('-') => command.url = Some(word),
                _ => {}
            }
        }
        command
    }

    /// Reads the words of an HTTPie command, without its name: `[METHOD] URL [Name:value]
    /// [name=text] [name:=json] [name==query]`.
    fn of_httpie(words: Vec<String>) -> Self {
        let mut command = Self::default();
        let mut body = Value::Object(Vec::new());
        let mut items = 0;
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let is_method = || word.bytes().all(|byte| byte.is_ascii_uppercase());
            match word.as_str() {
                "--raw" | "<<<" => command.data = words.next(),
                "-a" | "--auth" | "-A" | "-o" | "--output" | "--timeout" | "--print" | "-p" => {
                    words.next();
                }
                option if option.starts_with('-') => {
                    if let Some(raw) = option.strip_prefix("--raw=") {
                        command.data = Some(raw.to_owned());
                    }
                }
                _ if command.url.is_none() && command.method.is_none() && is_method() => {
                    command.method = Some(word);
                }
                _ if command.url.is_none() => command.url = Some(word),
                // No body has as many members, or is as deep.
                item if items > MAX_ITEMS || item.matches('[').count() > MAX_DEPTH => {}
                item => match httpie_item(item) {
                    Some((name, ":", value)) => {
                        command.headers.push((name.to_owned(), value.to_owned()));
                    }
                    Some((name, ":=", json)) => {
                        items += 1;
                        let value = serde_json::from_str::<Value<'_>>(json);
                        let text =
                            value.map_or_else(|_| json.to_owned(), |value| value.to_string());
                        set(&mut body, name, Value::Number(text.into()));
                    }
                    Some((name, "=", text)) => {
                        items += 1;
                        set(&mut body, name, Value::String(text.to_owned().into()));
                    }
                    _ => {}
                },
            }
        }
        if !body.members().is_empty() && command.data.is_none() {
            (command.data, command.is_built) = (Some(render(&body)), true);
        }
        command
    }
}

/// Members of a body that HTTPie builds.
const MAX_ITEMS: usize = 512;

/// An item of HTTPie: its name, the separator that comes first, and its value.
fn httpie_item(item: &str) -> Option<(&str, &str, &str)> {
    let at = item.find([':', '=', '@', ';'])?;
    let separators = [":=@", ":=", "==", "=@", "=", ":", ";", "@"];
    let separator = separators.into_iter().find(|known| item[at..].starts_with(known))?;
    Some((&item[..at], separator, &item[at + separator.len()..]))
}

/// Sets the member at a path such as `data[user][id]`.
fn set(object: &mut Value<'static>, path: &str, value: Value<'static>) {
    let mut names = path.split('[').map(|name| name.trim_end_matches(']'));
    let Value::Object(members) = object else { return };
    let Some(first) = names.next() else { return };
    let rest: Vec<_> = names.collect();
    if rest.is_empty() {
        return members.push((first.to_owned().into(), value));
    }
    let at = members.iter().position(|(name, _)| name == first).unwrap_or_else(|| {
        members.push((first.to_owned().into(), Value::Object(Vec::new())));
        members.len() - 1
    });
    set(&mut members[at].1, &rest.join("["), value);
}

/// A tree as JSON in which a number is any JSON text.
fn render(value: &Value<'_>) -> String {
    match value {
        Value::Object(members) => {
            let member = |(name, value): &(_, Value<'_>)| {
                format!("{}: {}", Value::String(std::borrow::Cow::clone(name)), render(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Number(json) => json.to_string(),
        other => other.to_string(),
    }
}

/// How the words of a shell's program are read.
type ReadWords = fn(Vec<String>) -> Command;

/// The program that a line starts, and how its words are read.
fn program(line: &str) -> Option<ReadWords> {
    const PROGRAMS: [(&str, ReadWords); 7] = [
        ("curl", Command::of_curl),
        ("curl.exe", Command::of_curl),
        ("wget", Command::of_curl),
        ("http", Command::of_httpie),
        ("https", Command::of_httpie),
        ("xh", Command::of_httpie),
        ("xhs", Command::of_httpie),
    ];
    let name = line.split([' ', '\t']).next().filter(|name| name.len() < line.len())?;
    PROGRAMS.iter().find(|(known, _)| *known == name).map(|(_, read)| *read)
}

/// A text of commands for Windows' `cmd`, without its carets: `^"` is `"`, and one at the end of a
/// line goes on with the next.
fn without_carets(text: &str) -> Option<String> {
    text.contains("^\"").then_some(())?;
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '^' => match chars.next() {
                Some('\r' | '\n') => {
                    plain.push(' ');
                    chars = chars.as_str().trim_start_matches(['\r', '\n']).chars();
                }
                next => plain.extend(next),
            },
            c => plain.push(c),
        }
    }
    Some(plain)
}

/// The commands of a text for a shell, each with the number of its line.
fn shell_commands(text: &str) -> impl Iterator<Item = (u64, Command)> {
    let mut offset = 0;
    let mut vain = text.len().saturating_mul(MAX_VAIN_FACTOR);
    let mut numbers = LineNumbers::default();
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(offset..)?;
            let line = rest.split_inclusive('\n').next()?;
            let start = line.trim_start().trim_start_matches("$ ");
            // What is piped into a command is its data.
            let piped = start.split_once("| ").filter(|(_, command)| program(command).is_some());
            let start = piped.map_or(start, |(_, command)| command);
            if let Some(read) = program(start) {
                let number = numbers.at(text.as_bytes(), offset);
                let begin = offset + line.len() - start.len();
                let (mut words, used) = split(&text[begin..]);
                offset = (offset + line.len()).max(begin + used);
                let document = words.iter().position(|word| is_here_document(word));
                let document = document.and_then(|at| {
                    let end = words.remove(at);
                    let end = end.trim_start_matches(['<', '-']).to_owned();
                    let (content, used) = here_document(&text[offset..], &end, &mut vain)?;
                    offset += used;
                    Some(content)
                });
                words.remove(0);
                let mut command = read(words);
                if command.data.as_deref().is_none_or(|data| data == "@-") {
                    let printed = piped.and_then(|(printed, _)| split(printed).0.pop());
                    command.data = document.or(printed).or(command.data);
                }
                return Some((number, command));
            }
            offset += line.len();
        }
    })
}

fn is_here_document(word: &str) -> bool {
    word.starts_with("<<") && !word.starts_with("<<<") && word.len() > 2
}

/// The lines up to one that is `end`, and how many bytes they take. Takes off `vain` what was
/// searched in vain; nothing is searched once that is used up.
fn here_document(text: &str, end: &str, vain: &mut usize) -> Option<(String, usize)> {
    let mut used = 0;
    (*vain > 0).then_some(())?;
    for line in text.split_inclusive('\n') {
        if line.trim() == end {
            return Some((text[..used].trim_end_matches('\n').to_owned(), used + line.len()));
        }
        used += line.len();
    }
    *vain = vain.saturating_sub(used);
    None
}

/// Reads scripts of PowerShell: knows variables, tables (`@{…}`), backticks and texts over several
/// lines (`@"…"@`), as far as commands that send requests use them.
#[derive(Default)]
struct PowerShell {
    /// Texts and tables by the names of their variables.
    variables: HashMap<String, Token>,
    /// Bytes of the texts that were put into commands: many commands may use one long variable.
    written: Cell<usize>,
}

/// A word of PowerShell.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// Without quotes.
    Bare(String),
    Text(String),
    Table(Vec<(String, String)>),
}

impl PowerShell {
    /// Whether a text has a command of PowerShell.
    fn is_in(text: &str) -> bool {
        ["Invoke-WebRequest", "Invoke-RestMethod", "iwr -", "irm -"]
            .iter()
            .any(|command| text.contains(command))
    }

    fn commands(mut self, text: &str) -> Vec<(u64, Command)> {
        let mut numbers = LineNumbers::default();
        let (mut found, mut offset) = (Vec::new(), 0);
        while offset < text.len() {
            let (tokens, used) = tokens(&text[offset..]);
            let is_command = |token: &Token| {
                let names = ["invoke-webrequest", "invoke-restmethod", "iwr", "irm"];
                matches!(token, Token::Bare(word) if names.contains(&&*word.to_ascii_lowercase()))
            };
            match tokens.iter().position(is_command) {
                Some(at) => {
                    let space = text[offset..].len() - text[offset..].trim_start().len();
                    let line = numbers.at(text.as_bytes(), offset + space);
                    found.push((line, self.command(&tokens[at + 1..])));
                }
                None => self.assign(&tokens),
            }
            offset += used;
        }
        found
    }

    /// `$name = …`, `$name.Add("key", "value")`, `$name["key"] = "value"`.
    fn assign(&mut self, tokens: &[Token]) {
        let Some(Token::Bare(first)) = tokens.first() else { return };
        let Some(name) = first.strip_prefix('$') else { return };
        let values = || tokens.iter().filter(|token| !matches!(token, Token::Bare(_)));
        if let Some((name, _)) = name.split_once(['.', '[']) {
            let values: Vec<_> = values().collect();
            if let [Token::Text(key), Token::Text(value)] = values[..] {
                let pair = (key.clone(), value.clone());
                match self.variables.get_mut(name) {
                    Some(Token::Table(pairs)) => pairs.push(pair),
                    _ => drop(self.variables.insert(name.to_owned(), Token::Table(vec![pair]))),
                }
            }
        } else {
            let table = values().find(|value| matches!(value, Token::Table(_)));
            match table.or_else(|| values().next()) {
                Some(value) => self.variables.insert(name.to_owned(), value.clone()),
                None => self.variables.remove(name),
            };
        }
    }

    fn command(&self, tokens: &[Token]) -> Command {
        let mut command = Command::default();
        let mut tokens = tokens.iter().peekable();
        while let Some(token) = tokens.next() {
            let option = match token {
                Token::Bare(word) if word.starts_with('-') => word.to_ascii_lowercase(),
                token if command.url.is_none() => {
                    command.url = self.text(token);
                    continue;
                }
                _ => continue,
            };
            // A switch has no value, and a call stands before the text that it converts.
            let is_call =
                |token: &&Token| matches!(token, Token::Bare(word) if word.contains("::"));
            let _ = tokens.next_if(is_call);
            let Some(value) =
                tokens.next_if(|next| !matches!(next, Token::Bare(word) if word.starts_with('-')))
            else {
                continue;
            };
            match option.as_str() {
                "-uri" => command.url = self.text(value),
                "-method" => command.method = self.text(value).map(|it| it.to_uppercase()),
                "-body" => command.data = self.text(value),
                "-headers" => command.headers.extend(self.table(value)),
                "-contenttype" => {
                    let value = self.text(value).unwrap_or_default();
                    command.headers.push(("Content-Type".to_owned(), value));
                }
                _ => {}
            }
        }
        command
    }

    /// The value of a variable; any other token stands for itself.
    fn value<'t>(&'t self, token: &'t Token) -> Option<&'t Token> {
        match token {
            Token::Bare(word) if word.starts_with('$') => self.variables.get(&word[1..]),
            token => Some(token),
        }
    }

    fn text(&self, token: &Token) -> Option<String> {
        match self.value(token)? {
            Token::Text(text) | Token::Bare(text) => {
                self.has_room(text.len()).then(|| text.clone())
            }
            Token::Table(_) => None,
        }
    }

    fn table(&self, token: &Token) -> Vec<(String, String)> {
        match self.value(token) {
            Some(Token::Table(table)) => {
                let length = table.iter().map(|(name, value)| name.len() + value.len()).sum();
                if self.has_room(length) { table.clone() } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    /// Whether as many bytes may still be put into commands.
    fn has_room(&self, length: usize) -> bool {
        self.written.set(self.written.get().saturating_add(length));
        self.written.get() <= MAX_FILE
    }
}

/// The tokens of a statement of PowerShell, and how many bytes it takes.
fn tokens(text: &str) -> (Vec<Token>, usize) {
    let mut tokens = Vec::new();
    let mut bare = String::new();
    // Tokens before the table that is open.
    let mut table: Option<Vec<Token>> = None;
    let mut nested = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("@\"") || rest.starts_with("@'") || c == '"' || c == '\'' {
            end_word(&mut bare, &mut tokens);
            let (string, used) = powershell_string(rest);
            tokens.push(Token::Text(string));
            at += used;
            continue;
        }
        at += c.len_utf8();
        match c {
            '`' => at += text[at..].len() - text[at..].trim_start_matches(['\r', '\n']).len(),
            '@' if text[at..].starts_with('{') && table.is_none() => {
                end_word(&mut bare, &mut tokens);
                table = Some(std::mem::take(&mut tokens));
                at += 1;
            }
            '}' if table.is_some() => {
                end_word(&mut bare, &mut tokens);
                let entries = pairs(std::mem::take(&mut tokens));
                tokens = table.take().unwrap_or_default();
                tokens.push(Token::Table(entries));
            }
            '(' | ')' => {
                end_word(&mut bare, &mut tokens);
                nested = if c == '(' { nested + 1 } else { nested.saturating_sub(1) };
            }
            '\n' | ';' | '|' if table.is_none() && nested == 0 => {
                end_word(&mut bare, &mut tokens);
                return (tokens, at);
            }
            '=' | ',' => end_word(&mut bare, &mut tokens),
            c if c.is_whitespace() || c == ';' => end_word(&mut bare, &mut tokens),
            c => bare.push(c),
        }
    }
    end_word(&mut bare, &mut tokens);
    (tokens, text.len())
}

fn end_word(bare: &mut String, tokens: &mut Vec<Token>) {
    if !bare.is_empty() {
        tokens.push(Token::Bare(std::mem::take(bare)));
    }
}

/// Keys and values in turn.
fn pairs(tokens: Vec<Token>) -> Vec<(String, String)> {
    let texts: Vec<_> = tokens
        .into_iter()
        .filter_map(|token| match token {
            Token::Bare(text) | Token::Text(text) => Some(text),
            Token::Table(_) => None,
        })
        .collect();
    texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

/// The string that a text starts with, and how many bytes it takes.
fn powershell_string(text: &str) -> (String, usize) {
    if let Some(inside) = text.strip_prefix('@') {
        let quote = &inside[..1];
        let begin = 2 + inside.find('\n').unwrap_or(inside.len() - 1);
        let lines = text.get(begin..).unwrap_or_default();
        let end = lines.find(&format!("\n{quote}@")).unwrap_or(lines.len());
        let used = (begin + end + 3).min(text.len());
        return (lines[..end].trim_end_matches('\r').to_owned(), used);
    }
    let quote = if text.starts_with('"') { '"' } else { '\'' };
    let mut string = String::new();
    let mut at = 1;
    while let Some(c) = text[at..].chars().next() {
        let behind = &text[at + c.len_utf8()..];
        at += c.len_utf8();
        match c {
            c if c == quote && behind.starts_with(quote) => {
                string.push(c);
                at += 1;
            }
            c if c == quote => return (string, at),
            '`' if quote == '"' => {
                let Some(escaped) = behind.chars().next() else { break };
                at += escaped.len_utf8();
                string.push(match escaped {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    other => other,
                });
            }
            // Browsers write other than ASCII like this.
            '$' if behind.starts_with("([char]") => {
                let Some((code, rest)) = behind["([char]".len()..].split_once(')') else { break };
                let hex = code.strip_prefix("0x").map(|hex| u32::from_str_radix(hex, 16));
                let code = hex.unwrap_or_else(|| code.parse());
                string.extend(code.ok().and_then(char::from_u32));
                at = text.len() - rest.len();
            }
            c => string.push(c),
        }
    }
    (string, text.len())
}

/// Words of a shell command up to its end, and the bytes they took. Knows '…', "…", $'…',
/// backslashes, and lines that go on.
fn split(text: &str) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' | ';' | '|' => {
                words.extend(word);
                return (words, at + 1);
            }
            c if c.is_whitespace() => words.extend(word.take()),
            '\\' | '^' if matches!(chars.peek(), Some((_, '\n' | '\r'))) => {
                while chars.next_if(|(_, c)| matches!(c, '\n' | '\r')).is_some() {}
            }
            '\\' => word.get_or_insert_default().extend(chars.next().map(|(_, c)| c)),
            '$' if matches!(chars.peek(), Some((_, '\''))) => {
                chars.next();
                let word = word.get_or_insert_default();
                quoted(&mut chars, '\'', true, word);
            }
            '\'' => quoted(&mut chars, c, false, word.get_or_insert_default()),
            '"' => quoted(&mut chars, c, true, word.get_or_insert_default()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, text.len())
}

fn quoted(
    chars: &mut impl Iterator<Item = (usize, char)>,
    quote: char,
    escapes: bool,
    word: &mut String,
) {
    while let Some((_, c)) = chars.next() {
        match c {
            '\\' if escapes => match chars.next().map(|(_, c)| c) {
                // `$'…'` has these; in "…" they stay as they are, which no JSON minds.
                Some('n') if quote == '\'' => word.push('\n'),
                Some('r') if quote == '\'' => word.push('\r'),
                Some('t') if quote == '\'' => word.push('\t'),
                Some('\n') => {}
                Some(c @ ('\\' | '"' | '$' | '`' | '\'')) => word.push(c),
                Some(c) => word.extend(['\\', c]),
                None => {}
            },
            c if c == quote => return,
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_of_shells() {
        let (words, used) =
            split("curl -H 'A: b' \\\n --data $'{\"a\":\\'x\\'}' \"q\\\"\"'s' \nnext");
        assert_eq!(words, ["curl", "-H", "A: b", "--data", "{\"a\":'x'}", "q\"s"]);
        assert_eq!(used, 50);
        assert_eq!(split("curl ^\r\n 'torn").0, ["curl", "torn"]);
    }

    #[test]
    fn options_are_told_from_their_values() {
        let text =
            "$ curl -sS -X PUT --header=A:b -d '{}' -o out https://h/\ncurl -d @f https://i\n";
        let mut found = shell_commands(text);
        let (line, first) = found.next().unwrap();
        let first = first.into_capture();
        assert_eq!(
            (line, first.method.as_deref(), first.path.as_deref()),
            (1, Some("PUT"), Some("https://h/"))
        );
        assert_eq!(first.headers, [("a".into(), "b".into())]);
        assert_eq!(&*first.body.as_ref().unwrap().bytes, b"{}");
        let (line, second) = found.next().unwrap();
        assert_eq!((line, second.into_capture().body), (2, None));
        assert!(found.next().is_none());
    }

    #[test]
    fn data_may_come_from_elsewhere() {
        for text in [
            "echo -n '{}' | curl -d @- https://h/",
            "curl -d @- https://h/ <<'EOF'\n{}\nEOF\n",
            "http POST https://h/ A:b <<< '{}'",
            "printf '%s' '{}' | http POST https://h/",
            "http https://h/ --raw '{}'",
        ] {
            let (_, command) = shell_commands(text).next().unwrap();
            assert_eq!(command.data.as_deref(), Some("{}"), "{text}");
        }
        let text = "http POST https://h/ X-A:b event=Test data[n]:=1 data[u][s]=x q==1";
        let (_, command) = shell_commands(text).next().unwrap();
        assert_eq!(command.headers, [("X-A".to_owned(), "b".to_owned())]);
        let json = r#"{"event": "Test", "data": {"n": 1, "u": {"s": "x"}}}"#;
        assert_eq!(command.data.as_deref(), Some(json));
    }

    #[test]
    fn scripts_of_powershell() {
        for script in [
            "Invoke-WebRequest -UseBasicParsing -Uri \"https://h/\" `\n-Method \"POST\" `\n-Headers @{\n\"A\"=\"b\"\n  'C' = 'd' } `\n-Body \"{`\"n`\":`\"$([char]380)`\"}\"",
            "$headers = @{ A = 'b'; C = 'd' }\n$body = '{\"n\":\"ż\"}'\n$r = irm -Uri https://h/ -Method Post -Headers $headers -Body $body\n",
            "$headers = New-Object \"System.Collections.Generic.Dictionary[[String],[String]]\"\n$headers.Add(\"A\", \"b\")\n$headers[\"C\"] = \"d\"\n$body = @\"\n{\"n\":\"ż\"}\n\"@\nInvoke-RestMethod 'https://h/' -Method 'POST' -Headers $headers -Body $body | Out-Null",
            "iwr https://h/ -Method POST -Headers @{'A'='b';'C'='d'} -Body ([System.Text.Encoding]::UTF8.GetBytes(\"{`\"n`\":`\"$([char]0x17c)`\"}\"))",
        ] {
            let found = PowerShell::default().commands(script);
            let [(_, command)] = &found[..] else { panic!("{script}: {found:?}") };
            let headers: Vec<_> =
                command.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(headers, [("A", "b"), ("C", "d")], "{script}");
            assert_eq!(command.data.as_deref(), Some("{\"n\":\"ż\"}"), "{script}");
            assert_eq!(command.method.as_deref(), Some("POST"), "{script}");
            assert_eq!(command.url.as_deref(), Some("https://h/"), "{script}");
        }
    }
}
