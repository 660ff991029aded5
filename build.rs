//! Embeds `fixtures/events/*.json`, so that a new event is one file and no line of code.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("fixtures")
        .join("events");
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut files = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();

    let rows: String = files
        .iter()
        .filter_map(|path| Some((path.file_stem()?.to_str()?, path.to_str()?)))
        .map(|(name, path)| format!("    ({name:?}, include_str!({path:?})),\n"))
        .collect();
    let out = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("event_files.rs");
    fs::write(out, format!("const FILES: &[(&str, &str)] = &[\n{rows}];\n"))
}
