//! Embeds `fixtures/events/*.json` and `examples/receivers/*/`, so that a new event is one file, and
//! a new receiver one folder, and no line of code. Also says what `--version` prints.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // A release states its commit and date: PGWH_BUILD="1a2b3c4d5 2026-11-29".
    println!("cargo::rerun-if-env-changed=PGWH_BUILD");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let build = env::var("PGWH_BUILD").ok().filter(|build| !build.is_empty());
    let build = build.map(|build| format!(" ({build})")).unwrap_or_default();
    println!("cargo::rustc-env=PGWH_VERSION={version}{build}");

    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());

    let events = sorted(&root.join("fixtures/events"))?;
    let is_json = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let rows: String = events
        .iter()
        .filter(is_json)
        .filter_map(|path| Some(row(path.file_stem()?.to_str()?, path)))
        .collect();
    fs::write(
        out.join("event_files.rs"),
        format!("const FILES: &[(&str, &str)] = &[\n{rows}];\n"),
    )?;

    let mut rows = String::new();
    for folder in sorted(&root.join("examples/receivers"))?.iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let files: String = sources(folder)?
            .iter()
            .filter_map(|path| Some((path.strip_prefix(folder).ok()?.to_str()?, path)))
            // `Cargo.toml.in` is a receiver's `Cargo.toml`: Cargo packages no folder that has one.
            .map(|(name, path)| row(name.strip_suffix(".in").unwrap_or(name), path))
            .collect();
        rows += &format!("    ({name:?}, &[\n{files}    ]),\n");
    }
    let table = format!("const FOLDERS: &[(&str, &[(&str, &str)])] = &[\n{rows}];\n");
    fs::write(out.join("receiver_files.rs"), table)
}

/// A row of a table of names and contents.
fn row(name: &str, path: &Path) -> String {
    println!("cargo::rerun-if-changed={}", path.display());
    format!("    ({name:?}, include_str!({:?})),\n", path.display().to_string())
}

/// What is in a folder, by name. The build is done again when that changes.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The files that are a receiver's own: not what was installed or built beside them, and no lock
/// files, which each user's own installation writes.
fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    const NOT_OURS: [&str; 9] = [
        ".venv",
        "Cargo.lock",
        "__pycache__",
        "dist",
        "node_modules",
        "package-lock.json",
        "rustfmt.toml",
        "target",
        ".dev.vars",
    ];
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = Vec::new();
    for path in entries.collect::<io::Result<Vec<_>>>()? {
        match path.file_name() {
            Some(name) if NOT_OURS.iter().any(|other| name == *other) => {}
            _ if path.is_dir() => files.extend(sources(&path)?),
            _ => files.push(path),
        }
    }
    files.sort();
    Ok(files)
}
