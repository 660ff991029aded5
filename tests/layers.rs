//! The layers of the crate: imports point downward only, and pure modules do no I/O.
//!
//! Paths are resolved as the compiler resolves them: grouped and nested `use`, `self::` and
//! `super::` from wherever they stand, in code as well as in imports.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the top layer to the bottom. A module may use those below it.
const LAYERS: [&str; 22] = [
    "commands",
    "cli",
    "page",
    "report",
    "receiver",
    "requests",
    "webhooks",
    "story",
    "fixtures",
    "scaffold",
    "load",
    "check",
    "delivery",
    "http1",
    "payload",
    "verify",
    "capture_writer",
    "capture",
    "toml_file",
    "files",
    "pgm",
    "text",
];

/// Modules that know no clock, network, file or terminal.
const PURE: [&str; 7] = ["cli", "check", "payload", "verify", "capture", "pgm", "text"];

/// What a pure module may not name. Addresses and locks are values; sockets and timers are not.
const IMPURE: [&str; 18] = [
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::process::Command",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "std::env::var",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Uuid::new_v4",
    "tokio::net",
    "tokio::time",
    "tokio::fs",
    "tokio::spawn",
];

/// A file of `src` without comments, texts and tests.
struct Source {
    file: String,
    /// The module's path below the crate: `["report", "verify", "human"]`.
    module: Vec<String>,
    code: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let mut folders = vec![root()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().with_extension("");
                let mut module: Vec<_> =
                    name.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                if ["mod", "lib", "main"].contains(&module.last().unwrap().as_str()) {
                    module.pop();
                }
                let code = without_tests(&without_texts(&fs::read_to_string(&path).unwrap()));
                sources.push(Source { file: path.display().to_string(), module, code });
            }
        }
    }
    // Folders of tests are modules of their own.
    sources.retain(|source| !source.module.iter().any(|part| part.contains("test")));
    assert!(sources.len() > 50, "src is not there");
    sources
}

/// Blanks comments and the contents of literals; line breaks stay.
fn without_texts(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw_literal(rest),
            '"' => literal(rest),
            // A character, not a lifetime.
            '\'' if rest[1..].starts_with('\\') => 2 + rest[2..].find('\'').unwrap() + 1,
            '\'' if rest.chars().nth(2) == Some('\'') => {
                rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at)
            }
            _ => 0,
        };
        if end == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.extend(rest[..end].chars().filter(|c| *c == '\n'));
            code.push(' ');
            rest = &rest[end..];
        }
    }
    code
}

fn literal(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The length of `r"…"` or `r#"…"#`; 0 where it is an identifier such as `r#type`.
fn raw_literal(rest: &str) -> usize {
    let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    2 + hashes + rest[2 + hashes..].find(&end).unwrap() + end.len()
}

/// Blanks each item that is only for tests.
fn without_tests(code: &str) -> String {
    const TESTS: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(TESTS) {
        let (before, item) = rest.split_at(at);
        kept += before;
        let end = item.find(['{', ';']).unwrap();
        let length = if item.as_bytes()[end] == b';' { end + 1 } else { end + block(&item[end..]) };
        kept.extend(item[..length].chars().filter(|c| *c == '\n'));
        rest = &item[length..];
    }
    kept + rest
}

/// The length of the block in braces that a text begins with.
fn block(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Every path of a source that begins at the crate, at the module or above it: the line, and the
/// path below the crate.
fn paths(source: &Source) -> Vec<(usize, Vec<String>)> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in source.code.match_indices(start) {
            let before = source.code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = source.code[..at].matches('\n').count() + 1;
            let mut found = Vec::new();
            flatten(&source.code[at..], &mut Vec::new(), &mut found);
            let mut module = source.module.clone();
            module.extend(inline_modules(&source.code, at));
            paths.extend(found.into_iter().map(|path| (line, absolute(&module, &path))));
        }
    }
    paths
}

/// The modules within a file that a place in it belongs to.
fn inline_modules(code: &str, place: usize) -> impl Iterator<Item = String> {
    let modules = code[..place].match_indices("mod ").filter_map(move |(at, start)| {
        let (name, _) = code[at + start.len()..].split_once([' ', ';'])?;
        let open = at + start.len() + name.len() + 1;
        let around = code[open..].starts_with('{') && open + block(&code[open..]) > place;
        around.then(|| name.to_owned())
    });
    modules.collect::<Vec<_>>().into_iter()
}

/// Reads a path, or a tree of paths as `use` has them, and returns what follows it.
fn flatten<'a>(text: &'a str, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut group) = text.strip_prefix('{') {
        loop {
            group = group.trim_start();
            match group.chars().next() {
                Some('}') => return &group[1..],
                Some(',') => group = &group[1..],
                Some(_) => {
                    let length = prefix.len();
                    let rest = flatten(group, prefix, found);
                    prefix.truncate(length);
                    // `as NAME` and whatever else does not belong to the path.
                    group = &rest[rest.find([',', '}']).unwrap_or(rest.len())..];
                }
                None => return group,
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    prefix.push(if end == 0 { "*".to_owned() } else { text[..end].to_owned() });
    match text[end..].strip_prefix("::") {
        Some(rest) if !rest.starts_with('<') => flatten(rest, prefix, found),
        _ => {
            found.push(prefix.clone());
            &text[end..]
        }
    }
}

/// A path below the crate, seen from a module.
fn absolute(module: &[String], path: &[String]) -> Vec<String> {
    let mut absolute = module.to_vec();
    for part in path {
        match part.as_str() {
            "crate" => absolute.clear(),
            "super" => drop(absolute.pop()),
            "self" => {}
            name => absolute.push(name.to_owned()),
        }
    }
    absolute
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|known| *known == module)
}

#[test]
fn every_module_has_a_layer() {
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path().with_extension("");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(["lib", "main"].contains(&name) || layer(name).is_some(), "{name} has no layer");
    }
}

#[test]
fn imports_point_downward() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(module) = source.module.first() else { continue };
        let own = layer(module).unwrap();
        for (line, path) in paths(&source) {
            let Some(other) = path.first() else { continue };
            // What is no module would be an item of lib.rs, which has none.
            if layer(other).is_none_or(|other| other < own) {
                wrong.push(format!("{}:{line}: {module} uses {}", source.file, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn paths_are_resolved_as_the_compiler_does() {
    let source = Source {
        file: String::new(),
        module: ["pgm", "signature"].map(str::to_owned).to_vec(),
        code: without_tests(&without_texts(
            "use super::super::{report::{Output as Writer, escape}, cli};\n\
             pub use super::secret::*;\n\
             // use crate::never;\n\
             #[cfg(test)]\nmod tests { use crate::never; }\n\
             mod prelude {\n pub(super) use super::super::secret;\n }\n\
             fn run() { let c = '\"'; crate::commands::run(\"crate::never\", r#\"crate::never\"#) }\n",
        )),
    };
    let mut found: Vec<_> = paths(&source).into_iter().map(|(_, path)| path.join("::")).collect();
    found.sort();
    let expected = [
        "cli",
        "commands::run",
        "pgm::secret",
        "pgm::secret::*",
        "report::Output",
        "report::escape",
    ];
    assert_eq!(found, expected);
}

#[test]
fn pure_modules_do_no_io_and_read_no_clock() {
    let mut wrong = Vec::new();
    for source in sources() {
        if source.module.first().is_some_and(|module| PURE.contains(&module.as_str())) {
            for (number, line) in source.code.lines().enumerate() {
                let named = IMPURE.iter().filter(|name| line.contains(**name));
                wrong.extend(named.map(|name| format!("{}:{}: {name}", source.file, number + 1)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn main_only_parses_runs_and_exits() {
    let main = fs::read_to_string(root().join("main.rs")).unwrap();
    assert!(main.lines().count() <= 40);
}
