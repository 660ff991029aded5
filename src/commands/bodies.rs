//! Bodies that are to be signed, from the arguments.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, ValueHint};
use serde_json::Value;

use super::{CliError, new_request_id, text_or_file};
use crate::cli::{TargetUrl, TriggeredDate, path_or_nothing};
use crate::files::{error_text, private};
use crate::fixtures::{self, Fixture, Fixtures, Origin};
use crate::payload::{self, Assignment, DataPath, EditError};
use crate::pgm::{self, Envelope};
use crate::report::{Output, escape};
use crate::text::{Diagnostic, hide_password, json_error, nearest, shown_name};

/// What to send.
#[derive(Debug, Args)]
#[command(next_help_heading = "Payload")]
pub(super) struct PayloadArgs {
    /// Replace the sample's `data`: JSON, @FILE, or - for standard input
    ///
    /// From a whole envelope, only `data` is used.
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true, requires = "event")]
    data: Option<String>,
    /// Replace one value in `data`, such as user.userId=42; repeatable
    ///
    /// VALUE is parsed as JSON if possible (42, true, null, {"a":1}, "42"), else it is a string. PATH
    /// is `user.userId`, `list[0]` or `"a key with . or ="`.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// Add a value at a path that `data` does not have yet; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    add: Vec<Assignment>,
    /// Remove a value from `data`; repeatable
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    remove: Vec<DataPath>,
    /// Set a date in `data`, such as startDate=+2d; repeatable
    ///
    /// DATE is a date, now, or an offset from now. It gets the format of the date that it replaces.
    #[arg(long, hide_short_help = true, value_name = "PATH=DATE")]
    set_date: Vec<DateAssignment>,
    /// Edit the body in $VISUAL or $EDITOR before it is signed
    #[arg(long)]
    edit: bool,
    /// Use exactly these bytes as the body
    ///
    /// The body is TEXT itself, the content of FILE, or standard input for `-`.
    #[arg(
        long,
        value_name = "TEXT|@FILE|-",
        allow_hyphen_values = true,
        conflicts_with_all = ["data", "set", "add", "remove", "set_date", "edit", "event", "triggered_date", "unlisted"],
    )]
    body: Option<String>,
    /// A folder with your own payloads
    ///
    /// Each is a file NAME.json with `data` or a whole envelope. A file replaces the built-in sample
    /// of the same name, or adds an event.
    #[arg(long, hide_short_help = true, value_name = "DIR", env = "PGWH_FIXTURES", value_parser = path_or_nothing(), value_hint = ValueHint::DirPath)]
    fixtures: Option<PathBuf>,
    /// Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data
    #[arg(long, hide_short_help = true, requires = "data")]
    unlisted: bool,
}

impl PayloadArgs {
    /// Whether anything of a payload is changed.
    pub fn has_edits(&self) -> bool {
        let Self { set, add, remove, set_date, edit, .. } = self;
        *edit || !(set.is_empty() && add.is_empty() && remove.is_empty() && set_date.is_empty())
    }

    /// Whether the whole body is given.
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Uses this folder of payloads where no flag names another.
    pub fn default_fixtures(&mut self, folder: Option<&PathBuf>) {
        self.fixtures = self.fixtures.take().or_else(|| folder.cloned());
    }

    /// The flags that read standard input.
    pub fn stdin_flags(&self) -> impl Iterator<Item = &'static str> {
        let flags = [("--data", &self.data), ("--body", &self.body)];
        flags.into_iter().filter(|(_, value)| value.as_deref() == Some("-")).map(|(flag, _)| flag)
    }

    /// The body of each event, or the one of `--body`.
    pub fn bodies(
        &self,
        events: &[String],
        triggered_date: DateTime<Utc>,
        output: &mut Output,
    ) -> Result<Vec<UnsignedBody>, CliError> {
        if let Some(body) = &self.body {
            let body = text_or_file("--body", body)?;
            return Ok(vec![UnsignedBody::from(body)]);
        }
        if events.is_empty() && self.has_edits() {
            let flags = "--set, --add, --remove, --set-date and --edit";
            return Err(CliError::new(format!("{flags} need an EVENT")));
        }
        let mut bodies = Vec::new();
        for Fixture { event, data, .. } in self.samples(events, triggered_date)? {
            let body = Envelope { event: event.clone(), triggered_date, data }.to_body();
            bodies.push(match self.edit {
                true => edit_json(&serde_json::from_slice(&body)?, output)?,
                false => UnsignedBody { event: Some(shown_name(&event).into_owned()), body },
            });
        }
        Ok(bodies)
    }

    /// The sample of each event, with the edits. Its dates are near `now`.
    pub fn samples(&self, events: &[String], now: DateTime<Utc>) -> Result<Vec<Fixture>, CliError> {
        let fixtures = Fixtures::open(self.fixtures.as_deref())?;
        let data = self.data.as_deref().map(read_data).transpose()?;
        let edited = |name: &String| {
            let mut sample = match fixtures.find(name, now)? {
                None if self.unlisted => {
                    Fixture { event: name.clone(), data: Value::Null, origin: Origin::Unlisted }
                }
                found => found.ok_or_else(|| {
                    unknown_event(name, &fixtures.names())
                        .help("to send an event that is not listed, add --unlisted and --data")
                })?,
            };
            if let Some(data) = &data {
                sample.data = data_for(&sample.event, data)?;
            }
            self.apply_edits(name, &mut sample.data, now)?;
            Ok(sample)
        };
        events.iter().map(edited).collect()
    }

    /// A captured body with the edits: the body of a new request.
    pub fn edited(
        &self,
        body: &[u8],
        date: Option<TriggeredDate>,
        now: DateTime<Utc>,
        output: &mut Output,
    ) -> Result<UnsignedBody, CliError> {
        let mut json: Value = serde_json::from_slice(body).map_err(|error| {
            CliError::new(format!("--from: the body is not JSON: {}", json_error(&error)))
        })?;
        if date.is_some() {
            json["triggeredDate"] = triggered_date(date, now).map(pgm::format_date)?.into();
        }
        let event = json.get("event").and_then(Value::as_str).unwrap_or("(no event)").to_owned();
        match json.get_mut("data") {
            Some(data) => self.apply_edits(&event, data, now)?,
            None => self.apply_edits(&event, &mut json, now)?,
        }
        if self.edit {
            return edit_json(&json, output);
        }
        Ok(serde_json::to_vec(&json)?.into())
    }

    /// Refuses an edit of what is removed in the end: it would have no effect.
    fn check_removed(&self, event: &str, data: &Value) -> Result<(), CliError> {
        let paths = |list: &[Assignment], flag: &'static str| {
            list.iter().map(|it| (flag, it.path.clone())).collect::<Vec<_>>()
        };
        let dates = self.set_date.iter().map(|it| ("--set-date", it.path.clone()));
        let edits = [paths(&self.set, "--set"), paths(&self.add, "--add")].concat();
        for (flag, path) in edits.into_iter().chain(dates) {
            let within = |removed: &&DataPath| payload::is_within(data, &path, removed);
            if let Some(removed) = self.remove.iter().find(within) {
                return Err(CliError::new(format!(
                    "{event}: {flag} {path} has no effect: --remove {removed} removes it"
                ))
                .help("leave one of them out"));
            }
        }
        Ok(())
    }

    fn apply_edits(
        &self,
        event: &str,
        data: &mut Value,
        now: DateTime<Utc>,
    ) -> Result<(), CliError> {
        self.check_removed(event, data)?;
        let failed = |flag| move |error| edit_error(flag, event, error);
        for assignment in &self.set {
            payload::set(data, assignment).map_err(failed("--set"))?;
        }
        for assignment in &self.add {
            payload::add(data, assignment).map_err(failed("--add"))?;
        }
        for DateAssignment { path, date } in &self.set_date {
            let date = triggered_date(Some(*date), now)?;
            // Written like the date that it replaces.
            let old = payload::get(data, path);
            if let Some(old) = old.filter(|old| !holds_date(old)) {
                return Err(CliError::new(format!(
                    "--set-date: {event}: {path} is {old}, not a date"
                ))
                .help(format!("to put a date there anyway: --set {path}=DATE")));
            }
            let old = old.and_then(Value::as_str).unwrap_or_default();
            let value = match old.parse::<NaiveDate>() {
                Ok(_) => date.format("%Y-%m-%d").to_string(),
                Err(_) => pgm::format_date(date),
            };
            let assignment = Assignment { path: path.clone(), value: value.into() };
            payload::set(data, &assignment).map_err(failed("--set-date"))?;
        }
        for path in &self.remove {
            payload::remove(data, path).map_err(failed("--remove"))?;
        }
        Ok(())
    }
}

/// Whether a value is a date, in any format, or a place for one.
fn holds_date(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// `--set-date`: a path in `data` and the date that goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DateAssignment {
    path: DataPath,
    date: TriggeredDate,
}

impl FromStr for DateAssignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXAMPLE: &str = "as in startDate=+2d";
        let (path, rest) = DataPath::read(text).map_err(|error| format!("{error}, {EXAMPLE}"))?;
        let date = rest.strip_prefix('=').ok_or(format!("expected PATH=DATE, {EXAMPLE}"))?;
        Ok(Self { path, date: date.parse()? })
    }
}

/// A body to be signed.
#[derive(Debug)]
pub(super) struct UnsignedBody {
    /// Its event, where it is known.
    pub event: Option<String>,
    pub body: Vec<u8>,
}

impl From<Vec<u8>> for UnsignedBody {
    fn from(body: Vec<u8>) -> Self {
        Self { event: event_of(&body), body }
    }
}

/// The value of `triggeredDate`.
pub(super) fn triggered_date(
    wanted: Option<TriggeredDate>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, CliError> {
    match wanted {
        None => Ok(now),
        Some(date) => date
            .resolve(now)
            .ok_or_else(|| CliError::new("a date of PGM is in the years 0 to 9999")),
    }
}

/// The event that a body names, if it is an envelope; cut where no event has so long a name.
pub(super) fn event_of(body: &[u8]) -> Option<String> {
    let json: Value = serde_json::from_slice(body).ok()?;
    json.get("event")?.as_str().map(|event| shown_name(event).into_owned())
}

/// The sample of an event; an error suggests similar names.
pub(super) fn sample(
    name: &str,
    fixtures: &Fixtures,
    now: DateTime<Utc>,
) -> Result<Fixture, CliError> {
    fixtures.find(name, now)?.ok_or_else(|| unknown_event(name, &fixtures.names()))
}

/// The error of a name that no event has.
pub(super) fn unknown_event(name: &str, known: &[&str]) -> CliError {
    if name.parse::<TargetUrl>().is_ok() {
        let url = hide_password(name);
        return CliError::new(format!("{} is a URL, not an event", escape(&url)))
            .help(format!("did you mean --url {}?", escape(&url)));
    }
    fixtures::unknown_event(name, known).into()
}

/// Warns of events that PGM is not known to have, once of each: a receiver may have its own.
pub(super) fn warn_of_unknown_events<'a>(
    names: impl Iterator<Item = &'a str>,
    output: &mut Output,
) {
    let known: Vec<_> = pgm::event_names().collect();
    let unknown: BTreeSet<_> = names.filter(|name| !known.contains(name)).collect();
    for name in unknown {
        let message = format!("PGM is not known to have an event {:?}", shown_name(name));
        output.warn(Diagnostic::new(message).suggest(nearest(name, &known)));
    }
}

fn read_data(text: &str) -> Result<Value, CliError> {
    let bytes = text_or_file("--data", text)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let json = serde_json::from_slice(text).map_err(|error| {
        CliError::new(format!("--data is not JSON: {}", json_error(&error)))
            .help("quote it for your shell: --data '{\"userId\": 7}'")
            .help("read it from a file with --data @FILE, from standard input with --data -")
    })?;
    Ok(json)
}

/// The `data` of `--data`, which may be a whole envelope, but not one of another event.
fn data_for(event: &str, json: &Value) -> Result<Value, CliError> {
    match fixtures::envelope(json) {
        None => Ok(json.clone()),
        Some((own, data)) if own == event => Ok(data.clone()),
        Some((own, _)) => {
            let own = escape(&shown_name(own));
            Err(CliError::new(format!("--data is an envelope of {own}, not of {event}"))
                .help(format!("to send it as {own}: pgwh send {own} --data …"))
                .help("to send it unchanged: pgwh send --body …"))
        }
    }
}

/// The error of a flag whose path does not fit `data`.
pub(super) fn edit_error(flag: &str, event: &str, error: EditError) -> CliError {
    let cli_error = CliError::new(format!("{flag}: {event}: {error}"));
    if let EditError::Exists(path) = &error {
        return cli_error.help(format!("to replace it: --set {path}=…"));
    }
    let EditError::Missing { nearest, known, path } = error else { return cli_error };
    let cli_error =
        cli_error.suggest(nearest.as_deref()).help(format!("data has {}", known.join(", ")));
    match flag {
        "--remove" => cli_error,
        _ => cli_error.help(format!("to add what is not there: --add {path}=…")),
    }
}

/// Opens JSON in `$VISUAL` or `$EDITOR` and returns what was saved. As long as that is not a JSON
/// object, the user is asked whether to edit it again.
fn edit_json(json: &Value, output: &mut Output) -> Result<UnsignedBody, CliError> {
    let editor = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let editor = editor.map(|editor| editor.trim().to_owned()).find(|editor| !editor.is_empty());
    let Some(editor) = editor else {
        return Err(CliError::new("--edit: neither $VISUAL nor $EDITOR names an editor")
            .help("EDITOR=nano pgwh send …")
            .help("or change single values with --set PATH=VALUE"));
    };
    let file = TempFile::new(&serde_json::to_string_pretty(json)?)?;
    loop {
        open_editor(&editor, &file.0).map_err(|error| file.kept(error))?;
        let text = fs::read(&file.0).map_err(|error| cannot_use(&file.0, &error))?;
        let problem = match serde_json::from_slice(&text) {
            Ok(edited @ Value::Object(_)) => return Ok(serde_json::to_vec(&edited)?.into()),
            Ok(_) => "it is not a JSON object".to_owned(),
            Err(error) => format!("it is not JSON: {}", json_error(&error)),
        };
        if !io::stdin().is_terminal() {
            return Err(file.kept(CliError::new(format!("--edit: {problem}; nothing was sent"))));
        }
        output.warn(problem);
        output.stderr(&format!("Your text is in {}\n", file.0.display()));
        if !wants_to_edit_again(output)? {
            return Err(file.kept(CliError::new("--edit: nothing was sent")));
        }
    }
}

/// Asks until the reply is yes or no; Enter alone means yes, the end of the input no.
fn wants_to_edit_again(output: &mut Output) -> Result<bool, CliError> {
    loop {
        output.stderr("Edit it again? [Y/n] ");
        let mut reply = String::new();
        if io::stdin().lock().read_line(&mut reply)? == 0 {
            return Ok(false);
        }
        match reply.trim().to_ascii_lowercase().as_str() {
            "" | "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

/// A file for its owner alone, which is deleted when it is dropped, unless it is kept.
struct TempFile(PathBuf, Cell<bool>);

impl TempFile {
    fn new(text: &str) -> Result<Self, CliError> {
        let path = std::env::temp_dir().join(format!("pgwh-{}.json", new_request_id()));
        let file = private().write(true).create_new(true).open(&path);
        let mut file = file.map_err(|error| cannot_use(&path, &error))?;
        let edited = Self(path, Cell::default());
        writeln!(file, "{text}").map_err(|error| cannot_use(&edited.0, &error))?;
        Ok(edited)
    }

    /// The same error with the way to the text, which is work that must not be lost.
    fn kept(&self, error: CliError) -> CliError {
        self.1.set(true);
        let path = self.0.display();
        error.help(format!("your text is in {path}; when it is right: --body @{path}"))
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if !self.1.get() {
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// Runs the editor as git does: by the shell, because its command may have arguments.
fn open_editor(editor: &str, path: &Path) -> Result<(), CliError> {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.arg("/C").arg(editor);
        command
    } else {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{editor} \"$1\"")).arg("sh");
        command
    };
    let status = command.arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(CliError::new(format!("--edit: the editor {editor} failed ({status})"))
            .help("nothing was sent")),
        Err(error) => {
            let error = error_text(&error);
            Err(CliError::new(format!("--edit: cannot run {editor}: {error}")))
        }
    }
}

fn cannot_use(path: &Path, error: &io::Error) -> CliError {
    let error = error_text(error);
    CliError::new(format!("--edit: cannot use {}: {error}", path.display()))
}
