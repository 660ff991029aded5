//! `docs/pgm-in-pgwh.md` against the binary: the walk through PGM's screens is walked, each
//! command after the other, and what the page shows is what they print.
//!
//! To insert the real output: `UPDATE_DOCS=1 cargo test --test pgm_in_pgwh`
#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::console::{assert_same, rendered};
use support::pgwh;
use support::server::{Seen, Target, response, send};

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pgm-in-pgwh.md")
}

/// Where the page's URLs lead: the booking service answers at length from its second call on,
/// and the CRM is down for its first two.
struct Walk {
    folder: tempfile::TempDir,
    booking: Target,
    crm: Target,
}

impl Walk {
    fn new() -> Self {
        let crm = Target::new(|stream, call| {
            let (status, text) = if call < 2 { (503, "upstream is down") } else { (200, "Ok") };
            send(stream, &response(status, text));
        });
        let long: String =
            (1..=40).map(|n| format!("step {n:>2} of 40: stored the booking\n")).collect();
        let booking = Target::new(move |stream, call| {
            send(stream, &response(200, if call == 0 { "Ok" } else { &long }));
        });
        Self { folder: tempfile::tempdir().unwrap(), booking, crm }
    }

    fn step(&self, line: &str) -> String {
        let places = [("localhost:3000", &self.booking), ("localhost:3001", &self.crm)];
        let enter = |text: String, (name, target): &(&str, &Target)| {
            text.replace(name, &target.address.to_string())
        };
        let leave = |text: String, (name, target): &(&str, &Target)| {
            text.replace(&target.address.to_string(), name)
        };
        let output = self.shell(&places.iter().fold(line.to_owned(), enter));
        places.iter().fold(output, leave)
    }

    /// Runs a line in a shell, as the page's reader would.
    fn shell(&self, line: &str) -> String {
        let bin = Path::new(env!("CARGO_BIN_EXE_pgwh")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let clean = pgwh([""; 0]);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{line} 2>&1")]).current_dir(&self.folder);
        for (name, value) in clean.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .env("PATH", path)
            .env("PGWH_STATE_DIR", self.folder.path().join("state"))
            .env("BOOKING_SECRET", "Zf3!booking")
            .env("CRM_SECRET", "q8-crm")
            .stdin(Stdio::null());
        let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
        output.replace(&self.folder.path().display().to_string(), "~/project")
    }
}

/// How often each request arrived, by its id.
fn arrivals(seen: &[Seen]) -> BTreeMap<String, usize> {
    let mut arrivals = BTreeMap::new();
    for call in seen {
        let id = call.header("x-perfectgym-request").unwrap().to_owned();
        *arrivals.entry(id).or_default() += 1;
    }
    arrivals
}

#[test]
fn the_walk_can_be_walked() {
    let walk = Walk::new();
    let text = fs::read_to_string(page()).unwrap();
    let (made, lines) = rendered(&text, |line| walk.step(line));
    assert!(lines >= 12, "the walk is too short");
    // The retry was the same request: same id, signature and bytes.
    let seen = walk.crm.seen();
    let again = arrivals(&seen).into_iter().find(|(_, times)| *times == 2);
    let (id, _) = again.expect("a request arrived twice");
    let calls: Vec<_> =
        seen.iter().filter(|call| call.header("x-perfectgym-request") == Some(&id)).collect();
    assert_eq!(calls[0], calls[1]);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(page(), &made).unwrap();
        return;
    }
    assert_same(&text, &made);
}
