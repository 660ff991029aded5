//! `pgwh scaffold`

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::Exit;
use super::error::CliError;
use crate::cli::{FormatArg, ScaffoldArgs};
use crate::report::{
    Output, scaffold_json, scaffold_list, scaffold_written, scaffold_written_json,
};
use crate::scaffold::Scaffold;

pub(super) fn run(args: &ScaffoldArgs, output: &mut Output) -> Result<Exit, CliError> {
    let Some(name) = &args.name else {
        let all: Vec<_> = Scaffold::all().collect();
        output.stdout(match args.format {
            FormatArg::Human => scaffold_list(&all, output.palette()),
            FormatArg::Json => all.iter().map(scaffold_json).collect(),
        });
        return Ok(Exit::Yes);
    };
    let scaffold = Scaffold::find(name).ok_or_else(|| unknown(name))?;
    let text = match (&args.out, args.format) {
        (None, FormatArg::Human) => scaffold.main_text().to_owned(),
        (None, FormatArg::Json) => scaffold_json(&scaffold),
        (Some(folder), format) => {
            write(&scaffold, folder, args.force)?;
            match format {
                FormatArg::Human => scaffold_written(&scaffold, folder, output.palette()),
                FormatArg::Json => scaffold_written_json(&scaffold, folder),
            }
        }
    };
    output.stdout(text);
    Ok(Exit::Yes)
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
        write_file(&path, text, force)
            .map_err(|error| CliError::new(format!("cannot write {}: {error}", path.display())))?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str, force: bool) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true);
    match force {
        true => options.create(true).truncate(true),
        false => options.create_new(true),
    };
    options.open(path)?.write_all(text.as_bytes())
}
