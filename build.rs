//! Embeds `fixtures/events/*.json`, so that a new event is one file and no line of code; and
//! spares the command a library to load.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    embed_events()?;
    match static_unwinder() {
        Some(archive) => link_unwinder(&archive),
        None => Ok(()),
    }
}

fn embed_events() -> io::Result<()> {
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

/// The C compiler's archive of what unwinds the stack, where it has one: on Linux with glibc.
/// Elsewhere, and for another machine, the linker goes its usual way.
fn static_unwinder() -> Option<PathBuf> {
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    let linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if !linux || env::var("HOST") != env::var("TARGET") {
        return None;
    }
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let asked = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output().ok()?;
    // A compiler without it repeats the name.
    let path = PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim());
    (path.is_absolute() && path.is_file()).then_some(path)
}

/// Puts the archive in the place of `libgcc_s.so`, which every start would load. Loading it costs
/// more than most commands do: it asks the processor what it can, and on a virtual machine each
/// of those questions goes to the host.
fn link_unwinder(archive: &Path) -> io::Result<()> {
    let folder = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("unwinder");
    fs::create_dir_all(&folder)?;
    // A copy, as an update of the compiler would take the original away.
    fs::copy(archive, folder.join("libgcc_s.a"))?;
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    Ok(())
}
