//! `pgwh completions`: scripts that know the names of commands, flags and events. After
//! `source <(COMPLETE=bash pgwh)` the shell asks pgwh itself, which also completes the user's
//! webhooks, requests and files.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Arg, Args, Command};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::{CompleteEnv, Shell};

use super::{Exit, now, state_dir, webhooks_search};
use crate::check::PROBES;
use crate::cli;
use crate::payload::DataPath;
use crate::pgm::{self, Event};
use crate::report::{Output, Palette, escape};
use crate::requests::{Filter, RequestsList};
use crate::scaffold::Scaffold;
use crate::story::BUILT_IN;
use crate::text::shown_url;
use crate::verify::FindingKind;
use crate::webhooks::{self, Subscription};

/// Set by the shell, to its name, when it asks for completions or for the script that makes it ask.
const VARIABLE: &str = "COMPLETE";

/// bash would begin a new word at the `@` of `--data @FILE`. npm's completion does the same.
const BASH_WORDS: &str = "COMP_WORDBREAKS=${COMP_WORDBREAKS//@}\n";

/// More requests than this are no help on a screen.
const MAX_REQUESTS: usize = 20;

/// Print a completion script for your shell
///
/// The script is fixed. One that also completes your webhooks, requests and files asks pgwh each time:
/// put `source <(COMPLETE=bash pgwh)` into ~/.bashrc, `source <(COMPLETE=zsh pgwh)` into ~/.zshrc, or
/// `COMPLETE=fish pgwh | source` into ~/.config/fish/config.fish.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "source <(COMPLETE=bash pgwh)",
        "pgwh completions bash > ~/.local/share/bash-completion/completions/pgwh",
        "pgwh completions zsh > \"${fpath[1]}/_pgwh\"",
        "pgwh completions fish > ~/.config/fish/completions/pgwh.fish",
    ],
    &[0, 2],
))]
pub(super) struct CompletionsArgs {
    /// The shell to complete for
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    pub fn run(&self, tree: Command, output: &mut Output) -> Exit {
        let mut tree = with_built_commands(tree);
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut tree, "pgwh", &mut script);
        if self.shell == Shell::Fish {
            script.extend(fish_values(&tree).into_bytes());
        }
        output.stdout_raw(script);
        Exit::Yes
    }
}

/// The command with all arguments and commands of its commands: of those that are built later, the
/// command `help` does not know the commands.
fn with_built_commands(tree: Command) -> Command {
    let global: Vec<_> = tree.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    tree.mut_subcommands(|command| {
        let name = format!("pgwh {}", command.get_name());
        let mut command = command.bin_name(name).args(&global);
        command.build();
        command
    })
}

/// The values of arguments without a flag, as in `pgwh send ClassesBooked`: clap_complete's script for
/// fish leaves them out.
fn fish_values(tree: &Command) -> String {
    let mut lines = String::new();
    for command in tree.get_subcommands().filter(|command| !command.is_hide_set()) {
        for value in command.get_positionals().flat_map(|argument| argument.get_possible_values()) {
            let (command, value) = (command.get_name(), value.get_name());
            let when = pgm::find(value).map(|event| event.when);
            let title = || Scaffold::find(value).map(|scaffold| scaffold.title().to_owned());
            let help = when.or_else(title).unwrap_or_default().replace('\'', "\\'");
            let condition = format!("__fish_pgwh_using_subcommand {command}");
            let line = format!("complete -c pgwh -n \"{condition}\" -f -a \"{value}\" -d '{help}'");
            let _ = writeln!(lines, "{line}");
        }
    }
    lines
}

/// Prints what a shell asks for about the command `tree`; `None` when no shell asks. Every start calls
/// this: it looks at one variable of the environment.
pub(super) fn complete(line: &[OsString], tree: fn() -> Command) -> Option<Exit> {
    let shell = PathBuf::from(std::env::var_os(VARIABLE)?);
    let typed: Vec<String> = line
        .iter()
        .skip_while(|word| *word != "--")
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let command = || {
        let mut tree = with_built_commands(tree());
        // Only a command that is built has its arguments.
        tree.build();
        with_candidates(tree, &typed)
    };
    match CompleteEnv::with_factory(command)
        .try_complete(line, std::env::current_dir().ok().as_deref())
    {
        Ok(true) => {
            if typed.is_empty() && shell.file_stem().is_some_and(|name| name == "bash") {
                Output::new(Palette::PLAIN, Palette::PLAIN, false).stdout_raw(BASH_WORDS);
            }
            Some(Exit::Yes)
        }
        Ok(false) => None,
        Err(error) => {
            let _ = error.print();
            Some(Exit::Usage)
        }
    }
}

/// What an argument can be completed with.
#[derive(Debug, Clone, Copy)]
enum CandidateSource {
    /// Probes of `check-target`.
    Checks,
    /// Events, with when PGM sends them.
    Events,
    /// Events, and `all`.
    EventsOrAll,
    /// Paths of the event's sample, each with this after it.
    Fields(&'static str),
    /// What `verify` reports.
    Findings,
    /// `@FILE`
    Files,
    /// Receivers of `scaffold`.
    Receivers,
    /// The newest requests of the requests list, and `last`.
    Requests,
    /// Built-in stories, and files.
    Stories,
    /// Webhooks of pgwh.toml.
    Webhooks,
}

/// The command with candidates for the values of its arguments. Here, and not among the arguments,
/// as only a shell that asks needs them.
fn with_candidates(command: Command, typed: &[String]) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| match candidates_of(&name, &arg) {
        Some(candidates) => {
            let typed = typed.to_vec();
            arg.add(ArgValueCompleter::new(move |word: &OsStr| candidates.beginning(word, &typed)))
        }
        None => arg,
    });
    command.mut_subcommands(|subcommand| with_candidates(subcommand, typed))
}

fn candidates_of(command: &str, arg: &Arg) -> Option<CandidateSource> {
    Some(match (command, arg.get_id().as_str()) {
        ("check-target", "only" | "skip" | "explain") => CandidateSource::Checks,
        ("check-target", "target") | (_, "webhook") => CandidateSource::Webhooks,
        ("show" | "remove" | "secret", "name") => CandidateSource::Webhooks,
        ("verify", "explain") => CandidateSource::Findings,
        ("play", "story") => CandidateSource::Stories,
        ("scaffold", "name") => CandidateSource::Receivers,
        ("show", "id") | ("retry", "ids") | ("diff", "first" | "second") => {
            CandidateSource::Requests
        }
        ("send" | "sign", "set" | "set_date") => CandidateSource::Fields("="),
        ("send" | "sign", "remove") => CandidateSource::Fields(""),
        ("send" | "sign", "data" | "body") => CandidateSource::Files,
        (_, "events") => CandidateSource::EventsOrAll,
        (_, "event" | "from_event" | "expect_event" | "diff") => CandidateSource::Events,
        _ => return None,
    })
}

impl CandidateSource {
    /// The candidates that begin with what is typed of a word; `typed` is the whole line.
    fn beginning(self, word: &OsStr, typed: &[String]) -> Vec<CompletionCandidate> {
        let Some(text) = word.to_str() else { return Vec::new() };
        let mut found: Vec<_> = match self {
            Self::Files => return files(text),
            Self::Events => return listed(text, events()),
            Self::EventsOrAll => {
                let all = (!text.contains(',')).then(|| candidate("all", "all events"));
                return listed(text, all.into_iter().chain(events()));
            }
            Self::Checks => {
                PROBES.iter().map(|probe| candidate(probe.id, probe.passes_when)).collect()
            }
            Self::Fields(end) => fields(typed, end),
            Self::Findings => {
                FindingKind::all().map(|kind| candidate(kind.id, kind.message)).collect()
            }
            Self::Receivers => {
                Scaffold::all().map(|scaffold| candidate(scaffold.name, scaffold.title())).collect()
            }
            Self::Requests => requests().unwrap_or_default(),
            Self::Stories => stories().collect(),
            Self::Webhooks => webhooks(typed).unwrap_or_default(),
        };
        found.retain(|candidate| begins_with(candidate, text));
        if let Self::Stories = self {
            found.extend(PathCompleter::file().complete(word));
        }
        found
    }
}

/// Candidates for the last one of a list; clap splits at commas where it reads the list itself.
fn listed(text: &str, all: impl Iterator<Item = CompletionCandidate>) -> Vec<CompletionCandidate> {
    let (before, last) = text.split_at(text.rfind(',').map_or(0, |comma| comma + 1));
    all.filter(|one| begins_with(one, last)).map(|one| one.add_prefix(before)).collect()
}

/// A value with its description. Both may come from files: no control character reaches the shell.
fn candidate(value: impl Into<OsString>, help: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(escape(help).into()))
}

fn begins_with(candidate: &CompletionCandidate, text: &str) -> bool {
    candidate.get_value().to_string_lossy().starts_with(text)
}

fn events() -> impl Iterator<Item = CompletionCandidate> {
    pgm::event_names().map(|name| {
        let when = pgm::find(name).map(|event| event.when).unwrap_or_default();
        candidate(name, &when)
    })
}

fn stories() -> impl Iterator<Item = CompletionCandidate> {
    BUILT_IN.iter().map(|(name, text)| {
        // The first line of each is its title.
        let title = text.lines().next().and_then(|line| line.strip_prefix("title = "));
        candidate(*name, title.unwrap_or_default().trim_matches('"'))
    })
}

/// The fields of the event that is on the line already, with the values of its sample.
fn fields(typed: &[String], end: &str) -> Vec<CompletionCandidate> {
    // In a load run an event has a weight: ClassesBooked=2.
    let event = |word: &String| pgm::find(word.split('=').next().unwrap_or_default());
    let Some(event) = typed.iter().find_map(event) else { return Vec::new() };
    let described = |path: &String| {
        let sample = path.parse().ok().and_then(|path: DataPath| path.get(&event.data));
        let sample = sample.map(ToString::to_string).unwrap_or_default();
        candidate(format!("{path}{end}"), &sample)
    };
    let Event { fields, .. } = &event;
    fields.keys().map(described).collect()
}

/// `@FILE`, for values that can also be typed.
fn files(text: &str) -> Vec<CompletionCandidate> {
    let Some(path) = text.strip_prefix('@') else {
        let starts = [candidate("@", "the content of a file"), candidate("-", "standard input")];
        return starts.into_iter().filter(|start| begins_with(start, text)).collect();
    };
    let files = PathCompleter::file().complete(OsStr::new(path));
    files.into_iter().map(|file| file.add_prefix("@")).collect()
}

fn requests() -> Option<Vec<CompletionCandidate>> {
    let (list, _) = RequestsList::open(&state_dir()?, now()).ok()?;
    let list = list?;
    let filter = Filter { limit: Some(MAX_REQUESTS), ..Filter::default() };
    let rows = list.list(&filter, now()).ok()?;
    let mut found = Vec::with_capacity(rows.len() + 1);
    if !rows.is_empty() {
        found.push(candidate("last", "the newest request"));
    }
    for row in rows {
        let event = row.event.as_deref().unwrap_or("(no event)");
        let target = row.webhook.as_deref().unwrap_or(row.url.as_str());
        let help = format!("{event} to {target}, {}", pgm::format_date(row.created_at));
        found.push(candidate(list.short_id(&row).ok()?, &help));
    }
    Some(found)
}

fn webhooks(typed: &[String]) -> Option<Vec<CompletionCandidate>> {
    let path = webhooks::find(&webhooks_search(config(typed).as_deref())).path?;
    let config = webhooks::read(&path).ok()?;
    let described = config.webhooks.iter().map(|webhook| {
        let events = match &webhook.events {
            Subscription::All => "all events".to_owned(),
            Subscription::Only(events) => events.join(", "),
        };
        let url = shown_url(&webhook.url);
        candidate(webhook.name.as_str(), &format!("{url}, {events}"))
    });
    Some(described.collect())
}

/// The file that `--config` names on the line, or PGWH_CONFIG.
fn config(typed: &[String]) -> Option<PathBuf> {
    let mut words = typed.iter();
    let named = words.find_map(|word| match word.strip_prefix("--config") {
        Some("") => Some(None),
        Some(rest) => rest.strip_prefix('=').map(|path| Some(path.to_owned())),
        None => None,
    });
    match named {
        Some(Some(path)) => Some(path.into()),
        Some(None) => words.next().map(PathBuf::from),
        None => std::env::var_os("PGWH_CONFIG").map(PathBuf::from),
    }
    .filter(|path| path != Path::new(""))
}
