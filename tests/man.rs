//! The man pages in `man/`, which packages install.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

fn stored() -> BTreeMap<String, String> {
    let pages = fs::read_dir(folder()).into_iter().flatten().map(|entry| {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        (path.file_name().unwrap().to_str().unwrap().to_owned(), text)
    });
    pages.collect()
}

/// The page of each command, by the name of its file.
fn written() -> BTreeMap<String, String> {
    // Without the date, which would make the pages stale every day.
    let mut command = pgwh::commands::command().disable_help_subcommand(true);
    command.build();
    let mut pages = BTreeMap::new();
    write(&command, "", &mut pages);
    pages
}

fn write(command: &clap::Command, parent: &str, pages: &mut BTreeMap<String, String>) {
    let name = format!("{parent}{}", command.get_name());
    for subcommand in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        write(subcommand, &format!("{name}-"), pages);
    }
    // Without the version, which depends on the build. The end of the help gets sections of its own.
    let plain = command.clone().version(None).long_version(None);
    let plain = plain.after_help(None).after_long_help(None);
    let page = clap_mangen::Man::new(plain).title(name.to_uppercase()).source("pgwh");
    let mut text = Vec::new();
    page.render(&mut text).unwrap();
    let mut text = String::from_utf8(text).unwrap();
    let after = command.get_after_long_help().or(command.get_after_help());
    for block in after.map(ToString::to_string).unwrap_or_default().split("\n\n") {
        text += &section(block);
    }
    if name != "pgwh" {
        text += ".SH \"SEE ALSO\"\n.BR pgwh (1)\n";
    }
    pages.insert(format!("{name}.1"), ascii(&text));
}

/// A block at the end of the help as a section; examples keep their lines.
fn section(block: &str) -> String {
    let (title, lines) = match block.split_once(":\n") {
        Some(("Examples", lines)) => ("EXAMPLES", lines),
        Some(("Start with", lines)) => ("EXAMPLES", lines),
        Some(("Exit codes", lines)) => ("\"EXIT STATUS\"", lines),
        _ => ("NOTES", block),
    };
    let escape = |line: &str| format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-"));
    let lines: String = lines.lines().map(escape).collect();
    if lines.is_empty() { lines } else { format!(".SH {title}\n.nf\n{lines}.fi\n") }
}

/// The page without characters that groff warns of: … becomes \[u2026].
fn ascii(text: &str) -> String {
    let escaped = |c: char| match c.is_ascii() {
        true => c.to_string(),
        false => format!("\\[u{:04X}]", u32::from(c)),
    };
    text.chars().map(escaped).collect()
}

/// To write them: `UPDATE_MAN=1 cargo test --test man`
#[test]
fn there_is_an_up_to_date_page_for_every_command() {
    let written = written();
    if std::env::var_os("UPDATE_MAN").is_some() {
        let _ = fs::remove_dir_all(folder());
        fs::create_dir_all(folder()).unwrap();
        for (name, text) in &written {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let stored = stored();
    assert!(stored.keys().eq(written.keys()), "{:?} != {:?}", stored.keys(), written.keys());
    for (name, text) in &written {
        assert!(stored[name] == *text, "man/{name} is stale: see the comment above");
    }
    for name in ["pgwh.1", "pgwh-send.1", "pgwh-webhook-add.1", "pgwh-requests-retry.1"] {
        assert!(written.contains_key(name), "{name}");
    }
}

#[test]
fn groff_has_no_warning_and_shows_what_the_help_says() {
    if Command::new("groff").arg("--version").output().is_err() {
        return support::skipped("rendering of the man pages", "groff");
    }
    for name in stored().keys() {
        let mut groff = Command::new("groff");
        groff.args(["-man", "-Tutf8", "-ww", "-P-cbu"]).arg(folder().join(name));
        let shown = groff.env("GROFF_NO_SGR", "1").output().unwrap();
        assert!(shown.status.success());
        assert_eq!(String::from_utf8_lossy(&shown.stderr), "", "{name}");
        let text = String::from_utf8(shown.stdout).unwrap().replace(['−', '‐'], "-");
        if name == "pgwh-send.1" {
            for part in ["SYNOPSIS", "--retry-delay", "EXAMPLES", "EXIT STATUS", "--url …"] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    }
}
