//! Receivers to start from, for people and programs.

use std::path::Path;

use serde_json::json;

use super::json::json_line;
use super::{Palette, escape};
use crate::scaffold::Scaffold;

/// One line a receiver.
pub fn scaffold_list(all: &[Scaffold], palette: Palette) -> String {
    let width = all.iter().map(|scaffold| scaffold.name.len()).max().unwrap_or_default();
    let line = |scaffold: &Scaffold| {
        format!(
            "{}  {}\n",
            palette.highlight(&format!("{:<width$}", scaffold.name)),
            scaffold.title()
        )
    };
    all.iter().map(line).collect()
}

/// A receiver with all its files, as a line of JSON.
pub fn scaffold_json(scaffold: &Scaffold) -> String {
    let file = |(path, text): &(&str, &str)| json!({ "path": path, "text": text });
    json_line(&json!({
        "type": "receiver",
        "name": scaffold.name,
        "title": scaffold.title(),
        "commands": scaffold.commands().collect::<Vec<_>>(),
        "files": scaffold.files.iter().map(file).collect::<Vec<_>>(),
    }))
}

/// Which files were written, and how to run them.
pub fn scaffold_written(scaffold: &Scaffold, folder: &Path, palette: Palette) -> String {
    let mut text = String::new();
    for path in paths(scaffold, folder) {
        text += &format!("wrote {}\n", escape(&path));
    }
    text += &format!("\n{}\n", palette.bold("Run and check it:"));
    text += &format!("  cd {}\n", escape(&folder.display().to_string()));
    for command in scaffold.commands() {
        text += &format!("  {command}\n");
    }
    text
}

/// The same as a line of JSON.
pub fn scaffold_written_json(scaffold: &Scaffold, folder: &Path) -> String {
    json_line(&json!({
        "type": "written",
        "name": scaffold.name,
        "title": scaffold.title(),
        "commands": scaffold.commands().collect::<Vec<_>>(),
        "files": paths(scaffold, folder).collect::<Vec<_>>(),
    }))
}

fn paths<'a>(scaffold: &'a Scaffold, folder: &'a Path) -> impl Iterator<Item = String> + 'a {
    scaffold.files.iter().map(|(path, _)| folder.join(path).display().to_string())
}
