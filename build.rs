//! Embeds `fixtures/events/*.json`, so that a new event is one file and no line of code; and
//! spares each start a library to load, and pages to copy.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    embed_events()?;
    if links_for_this_glibc() {
        link_for_one_address();
        if let Some(archive) = of_compiler("libgcc_eh.a") {
            link_unwinder(&archive)?;
        }
    }
    Ok(())
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

/// Whether the command is for Linux with the glibc of this machine. Elsewhere, and for another
/// machine, the linker goes its usual way.
fn links_for_this_glibc() -> bool {
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    let glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    glibc && env::var("HOST") == env::var("TARGET")
}

/// A file of the C compiler's, where it has one.
fn of_compiler(name: &str) -> Option<PathBuf> {
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let asked = Command::new(linker).arg(format!("-print-file-name={name}")).output().ok()?;
    // A compiler without it repeats the name.
    let path = PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim());
    (path.is_absolute() && path.is_file()).then_some(path)
}

/// Links the command for one address. Otherwise each start has to write where it was loaded into
/// forty pages of it, each of which it must copy first: a tenth of the time of a send. Its stack, its
/// heap and the C library still are where nobody can know.
fn link_for_one_address() {
    println!("cargo::rustc-link-arg-bins=-no-pie");
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
