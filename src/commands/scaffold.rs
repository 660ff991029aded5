//! `pgwh scaffold`

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::{CliError, Exit};
use crate::cli::{self, scaffold_name};
use crate::files::error_text;
use crate::report::{Output, OutputFormat, scaffold_json, scaffold_list, scaffold_written};
use crate::scaffold::Scaffold;

/// Print a receiver in your language, ready to run
///
/// Lists the receivers. With a name, prints that one; with --out, writes it with its few files and
/// prints the two commands that run and check it. Each verifies signatures in constant time,
/// refuses what does not verify, ignores repeats, and responds first and works later.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh scaffold",
        "pgwh scaffold express",
        "pgwh scaffold fastapi --out ./receiver",
    ],
    &[0, 2],
))]
pub(super) struct ScaffoldArgs {
    /// Print this receiver
    #[arg(value_name = "NAME", value_parser = scaffold_name(), hide_possible_values = true)]
    name: Option<String>,
    /// Write the receiver's files into this folder
    #[arg(long, value_name = "DIR", requires = "name", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Overwrite files in --out
    #[arg(long, requires = "out")]
    force: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
}

impl ScaffoldArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        let Some(name) = &self.name else {
            let all: Vec<_> = Scaffold::all().collect();
            output.stdout(scaffold_list(self.format, &all, output.palette()));
            return Ok(Exit::Yes);
        };
        let scaffold = Scaffold::find(name).ok_or_else(|| unknown(name))?;
        let text = match (&self.out, self.format) {
            (None, OutputFormat::Human) => {
                // Code is not broken at the terminal's width.
                match scaffold.code() {
                    Some(code) => output.stdout_raw(code),
                    None => output.stdout(scaffold.readme()),
                }
                return Ok(Exit::Yes);
            }
            (None, OutputFormat::Json) => scaffold_json(&scaffold),
            (Some(folder), format) => {
                write(&scaffold, folder, self.force)?;
                scaffold_written(format, &scaffold, folder, output.palette())
            }
        };
        output.stdout(text);
        Ok(Exit::Yes)
    }
}

fn unknown(name: &str) -> CliError {
    let error = CliError::new(format!("there is no receiver named {name}"));
    match &Scaffold::suggestions(name)[..] {
        [] => error.help("pgwh scaffold lists them"),
        names => error.help(format!("did you mean {}?", names.join(" or "))),
    }
}

/// Writes all files, or, if one is there that must stay, none.
fn write(scaffold: &Scaffold, folder: &Path, force: bool) -> Result<(), CliError> {
    let paths = || scaffold.files.iter().map(|(path, text)| (folder.join(path), text));
    let existing = paths().find(|(path, _)| path.symlink_metadata().is_ok());
    if let Some((path, _)) = existing.filter(|_| !force) {
        return Err(CliError::new(format!("{} exists already", path.display()))
            .help("--force overwrites it")
            .help("nothing was written"));
    }
    for (path, text) in paths() {
        write_file(&path, text, force).map_err(|error| {
            CliError::new(format!("cannot write {}: {}", path.display(), error_text(&error)))
        })?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str, force: bool) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create(true).truncate(true).create_new(!force);
    options.open(path)?.write_all(text.as_bytes())
}
