//! `pgwh completions` and the files made with it, and what shells complete when they ask pgwh itself.

mod support;

use std::fs;
use std::path::Path;

use support::run;

const SHELLS: [(&str, &str); 5] = [
    ("bash", "pgwh.bash"),
    ("zsh", "_pgwh"),
    ("fish", "pgwh.fish"),
    ("powershell", "_pgwh.ps1"),
    ("elvish", "pgwh.elv"),
];

/// To write them again: `UPDATE_COMPLETIONS=1 cargo test --test completions`
#[test]
fn the_files_in_completions_are_what_the_binary_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, name) in SHELLS {
        let script = run(["completions", shell]).exits(0).stdout;
        let file = folder.join(name);
        if std::env::var_os("UPDATE_COMPLETIONS").is_some() {
            fs::write(&file, &script).unwrap();
        }
        let stored = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        assert!(stored == script, "{} is stale: see the comment above", file.display());
    }
}

#[test]
fn events_formats_and_files_complete() {
    let bash = run(["completions", "bash"]).exits(0).stdout;
    let nested = "pgwh__subcmd__help__subcmd__webhook,show)";
    for word in ["ClassesBookedOnStandbyList", "human json", "--secret-file", "compgen -f", nested]
    {
        assert!(bash.contains(word), "{word}");
    }
    let zsh = run(["completions", "zsh"]).exits(0).stdout;
    assert!(zsh.contains("UserCardScanned") && zsh.contains("_files"));
}

/// Real shells, each with Tab pressed in a folder with two webhooks, a payload and a sent request.
#[cfg(unix)]
mod in_shells {
    use std::fs::{self, File};
    use std::io::{Read, Write};
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::sync::mpsc::{Receiver, channel};
    use std::time::{Duration, Instant};

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};

    use super::support::server::closed_port;
    use super::support::{pgwh, skipped};

    /// A folder to complete in.
    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            let place = Self(tempfile::tempdir().unwrap());
            fs::write(place.path().join("payload.json"), "{}").unwrap();
            for (name, events) in [("booking-desk", "ClassesBooked"), ("crm", "all")] {
                let url = "http://127.0.0.1:9/pgm";
                let add = ["webhook", "add", name, "--url", url, "--events", events];
                let secret = ["--secret-env", "PGWH_SECRET"];
                place.pgwh(&[&add[..], &secret].concat(), 0);
            }
            let url = format!("http://127.0.0.1:{}/pgm", closed_port());
            place.pgwh(&["send", "UserCardScanned", "--url", &url], 3);
            place
        }

        fn path(&self) -> &Path {
            self.0.path()
        }

        fn pgwh(&self, args: &[&str], code: i32) -> String {
            let mut command = pgwh(args);
            self.prepare(&mut command);
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
            String::from_utf8(output.stdout).unwrap()
        }

        /// Runs a command here, with this pgwh on the path.
        fn prepare(&self, command: &mut Command) {
            let prepared = pgwh([""; 0]);
            let bin = Path::new(prepared.get_program()).parent().unwrap();
            for (name, value) in prepared.get_envs() {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
            let path = std::env::var("PATH").unwrap();
            command.env("PATH", format!("{}:{path}", bin.display()));
            command.env("PGWH_STATE_DIR", self.path().join(".state"));
            // No configuration of the developer's own, and a plain terminal.
            command.env("HOME", self.path()).env("TERM", "dumb").current_dir(self.path());
        }
    }

    /// An interactive shell on a terminal.
    struct Shell {
        terminal: File,
        output: Receiver<Vec<u8>>,
        child: std::process::Child,
        seen: String,
    }

    impl Shell {
        fn start(place: &Place, program: &str, args: &[&str]) -> Self {
            let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
            grantpt(&terminal).unwrap();
            unlockpt(&terminal).unwrap();
            let size = Winsize { ws_row: 50, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };
            tcsetwinsize(&terminal, size).unwrap();
            let name = ptsname(&terminal, Vec::new()).unwrap();
            let side = || File::options().read(true).write(true).open(name.to_str().unwrap());
            let mut command = Command::new(program);
            command.args(args);
            place.prepare(&mut command);
            command.stdin(side().unwrap()).stdout(side().unwrap()).stderr(side().unwrap());
            let child = command.spawn().unwrap();
            drop(command);
            let terminal = File::from(terminal);
            let mut reader = terminal.try_clone().unwrap();
            let (sender, output) = channel();
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(n @ 1..) = reader.read(&mut bytes) {
                    if sender.send(bytes[..n].to_vec()).is_err() {
                        return;
                    }
                }
            });
            Self { terminal, output, child, seen: String::new() }
        }

        fn types(&mut self, text: &str) {
            self.terminal.write_all(text.as_bytes()).unwrap();
        }

        /// Waits until the terminal shows this after what was waited for before.
        #[track_caller]
        fn shows(&mut self, text: &str) {
            let started = Instant::now();
            while !self.seen.contains(text) {
                match self.output.recv_timeout(Duration::from_secs(60)) {
                    Ok(bytes) => self.seen += &String::from_utf8_lossy(&bytes),
                    Err(error) => panic!("{error}; {text:?} is not shown: {:?}", self.seen),
                }
                assert!(started.elapsed() < Duration::from_secs(120), "{text:?}: {:?}", self.seen);
            }
            let end = self.seen.find(text).unwrap() + text.len();
            self.seen.drain(..end);
        }

        /// Types a line up to Tab, and expects what completes it; then clears the line.
        #[track_caller]
        fn completes(&mut self, typed: &str, shown: &str) {
            self.types(typed);
            // The echo: what follows is the completion.
            self.shows(typed);
            self.types("\t");
            self.shows(shown);
            self.types("\u{15}");
            self.types("echo cle''ared\r");
            self.shows("cleared");
        }
    }

    impl Drop for Shell {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// What is typed, and what Tab adds to it.
    const COMPLETED: [(&str, &str); 12] = [
        ("pgwh play members", "-day"),
        ("pgwh send Cl", "assesBook"),
        ("pgwh send UserCa", "rdScanned"),
        ("pgwh send Test --webhook boo", "king-desk"),
        ("pgwh check-target boo", "king-desk"),
        ("pgwh check-target --events UserPr", "esenceChanged"),
        ("pgwh requests show la", "st"),
        ("pgwh scaffold fast", "api"),
        ("pgwh send UserModified --set user.userEm", "ail="),
        ("pgwh send Test --data @pay", "load.json"),
        ("pgwh verify --explain secret-new", "line"),
        ("pgwh help webhook sho", "w"),
    ];

    fn has(shell: &str) -> bool {
        let found = Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_ok();
        if !found {
            skipped(&format!("completions in {shell}"), shell);
        }
        found
    }

    #[test]
    fn bash() {
        if !has("bash") {
            return;
        }
        let place = Place::new();
        let mut shell = Shell::start(&place, "bash", &["--norc", "--noprofile", "-i"]);
        shell.types("PS1='> '; bind 'set enable-bracketed-paste off'; source <(COMPLETE=bash pgwh); echo rea''dy\r");
        shell.shows("ready");
        for (typed, shown) in COMPLETED {
            shell.completes(typed, shown);
        }
    }

    #[test]
    fn zsh() {
        if !has("zsh") {
            return;
        }
        let place = Place::new();
        let mut shell = Shell::start(&place, "zsh", &["-f", "-i"]);
        shell.types("PS1='> '; unsetopt zle_bracketed_paste 2>/dev/null; autoload -U compinit; compinit -u; source <(COMPLETE=zsh pgwh); echo rea''dy\r");
        shell.shows("ready");
        for (typed, shown) in COMPLETED {
            shell.completes(typed, shown);
        }
    }

    /// Fish completes a given line without a terminal, and shows descriptions.
    #[test]
    fn fish() {
        if !has("fish") {
            return;
        }
        let place = Place::new();
        let complete = |setup: &str, line: &str| {
            let mut fish = Command::new("fish");
            fish.args(["--no-config", "-c", &format!("{setup}; complete --do-complete '{line}'")]);
            place.prepare(&mut fish);
            let output = fish.output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        for (typed, added) in COMPLETED {
            let offered = complete("COMPLETE=fish pgwh | source", typed);
            let word = typed.rsplit(' ').next().unwrap();
            let whole = format!("{word}{added}");
            assert!(offered.lines().any(|line| line.starts_with(&whole)), "{typed}: {offered}");
        }
        for (typed, line) in [
            ("pgwh send UserCa", "UserCardScanned\tsomeone tried to get in by card"),
            ("pgwh check-target cr", "crm\thttp://127.0.0.1:9/pgm, all events"),
            ("pgwh webhook show boo", "booking-desk\thttp://127.0.0.1:9/pgm, ClassesBooked"),
            ("pgwh requests show la", "last\tthe newest request"),
            ("pgwh play bad", "bad-day\tA bad day: "),
            (
                "pgwh webhook add new --events ClassesBooked,UserCa",
                "ClassesBooked,UserCardScanned\t",
            ),
        ] {
            let offered = complete("COMPLETE=fish pgwh | source", typed);
            assert!(offered.lines().any(|offer| offer.starts_with(line)), "{typed}: {offered}");
        }
        let id = place.pgwh(&["requests", "--format", "json"], 0);
        let id = id.split("\"requestId\":\"").nth(1).unwrap()[..8].to_owned();
        let offered = complete("COMPLETE=fish pgwh | source", "pgwh requests retry ");
        assert!(offered.contains(&format!("{id}\tUserCardScanned to ")), "{offered}");

        // The fixed script knows names too.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/pgwh.fish");
        let fixed = format!("source '{}'", file.display());
        assert!(complete(&fixed, "pgwh send Cl").contains("ClassesBooked\ta class was booked"));
        assert!(complete(&fixed, "pgwh scaffold fas").contains("fastapi"));
        assert!(complete(&fixed, "pgwh send --set").contains("--set-date"));
        assert!(complete(&fixed, "pgwh help webhook sho").contains("show"));
    }
}
