//! `pgwh webhook`, and `pgwh send` to subscribed webhooks.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier};

use pgwh::pgm::{RequestId, Secret, Signature};
use support::server::{Seen, Target, response, send};
use support::{Ran, assert_matches_schema, pgwh};
use tempfile::TempDir;

/// A folder of a project's, with a state folder of its own.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = pgwh(args);
        command
            .current_dir(self.path())
            .env("PGWH_STATE_DIR", self.path().join("state"))
            .env("A_SECRET", "secret of a")
            .env("B_SECRET", "secret of b");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().unwrap().into()
    }

    fn file(&self) -> String {
        fs::read_to_string(self.path().join("pgwh.toml")).unwrap()
    }

    /// Adds a webhook whose secret is in the variable.
    fn add(&self, name: &str, target: &Target, events: &str, variable: &str) {
        let url = target.url(&format!("/{name}"));
        let args = ["webhook", "add", name, "--url", &url, "--events", events, "--secret-env"];
        self.run(&[&args[..], &[variable]].concat()).exits(0);
    }
}

fn is_signed_with(seen: &Seen, secret: &str) -> bool {
    let id = RequestId::new(seen.header("x-perfectgym-request").unwrap()).unwrap();
    let signature = Signature::new(&id, &Secret::new(secret).unwrap());
    signature.matches(seen.header("x-perfectgym-signature").unwrap())
}

#[test]
fn a_webhook_is_added_listed_changed_and_removed() {
    let project = Project::new();
    let url = "http://localhost:3000/pgm";
    let add = ["webhook", "add", "booking", "--url", url, "--secret-env", "A_SECRET"];
    let added = project.run(&add).exits(0);
    assert_eq!(
        (added.stdout.as_str(), added.stderr.as_str()),
        ("added booking to pgwh.toml\n", "")
    );
    assert!(project.run(&add).refused().stderr.contains("webhook edit booking"));

    let listed = project.run(&["webhook", "list"]).exits(0);
    assert_eq!(
        listed.stdout,
        "booking  http://localhost:3000/pgm\n         events: all\n         \
         secret: $A_SECRET (set)\n"
    );
    let edit = ["webhook", "edit", "booking", "--name", "New bookings", "--events"];
    project.run(&[&edit[..], &["ClassesBooked,Test"]].concat()).exits(0);
    let shown = project.run(&["webhook", "show", "New bookings", "--format", "json"]).exits(0);
    assert_matches_schema("webhook.schema.json", &shown.json());
    assert_eq!(shown.json()["events"], serde_json::json!(["ClassesBooked", "Test"]));
    assert_eq!(shown.json()["url"], url);

    let secret = project.run(&["webhook", "secret", "New bookings"]).exits(0);
    assert_eq!(secret.stdout, "secret of a\n");
    project.run(&["webhook", "remove", "New bookings"]).exits(0);
    assert!(!project.file().contains("webhook"), "{}", project.file());
    let none = project.run(&["webhook", "list"]).exits(0);
    assert!(none.stdout.is_empty() && none.stderr.contains("no webhooks in"), "{none:?}");
}

#[test]
fn nothing_but_the_command_for_it_shows_a_secret() {
    let project = Project::new();
    fs::write(project.path().join("b.secret"), "secret of b\n").unwrap();
    let url = "https://a.example.com/";
    project.run(&["webhook", "add", "a", "--url", url, "--secret-env", "A_SECRET"]).exits(0);
    project.run(&["webhook", "add", "b", "--url", url, "--secret-file", "b.secret"]).exits(0);
    for args in [
        &["webhook", "list"][..],
        &["webhook", "list", "--format", "json"],
        &["webhook", "show", "b"],
        &["webhook", "remove", "a"],
    ] {
        let ran = project.run(args).exits(0);
        assert!(!format!("{ran:?}").contains("secret of"), "{ran:?}");
    }
    assert!(!project.file().contains("secret of"));
}

#[test]
fn a_missing_secret_is_warned_of_at_once_and_stops_a_send() {
    let project = Project::new();
    let url = "http://localhost:9/";
    for (name, source, word) in [
        ("env", ["--secret-env", "NOT_THERE"], "NOT_THERE is not set"),
        ("file", ["--secret-file", "none.secret"], "none.secret"),
    ] {
        let added =
            project.run(&[&["webhook", "add", name, "--url", url][..], &source].concat()).exits(0);
        assert!(added.stderr.contains("the secret is missing so far"), "{added:?}");
        assert!(added.stderr.contains(word), "{added:?}");
        let sent = project.run(&["send", "Test", "--webhook", name]).refused();
        assert!(sent.stderr.contains(&format!("no secret for the webhook {name}")), "{sent:?}");
    }
    let refused = project.run(&["webhook", "add", "c", "--url", url]).refused();
    assert!(refused.stderr.contains("--secret-env VARIABLE"), "{refused:?}");
    let add = ["webhook", "add", "c", "--url", url, "--secret-env", "hunter2-is-it"];
    assert!(!project.run(&add).refused().stderr.contains("hunter2"));
}

#[test]
fn names_are_guessed_and_the_valid_ones_listed() {
    let project = Project::new();
    let add =
        ["webhook", "add", "booking", "--url", "http://localhost:1/", "--secret-env", "A_SECRET"];
    let typo = project.run(&[&add[..], &["--events", "ClassBooked"]].concat()).refused();
    assert!(typo.stderr.contains("did you mean ClassesBooked?"), "{typo:?}");
    project.run(&[&add[..], &["--events", "OwnEvent", "--unlisted"]].concat()).exits(0);
    for args in [["webhook", "show", "bokking"], ["webhook", "remove", "bokking"]] {
        let ran = project.run(&args).refused();
        assert!(ran.stderr.contains("did you mean booking?"), "{ran:?}");
    }
    let sent = project.run(&["send", "Test", "--webhook", "bokking"]).refused();
    assert!(sent.stderr.contains("the webhooks are booking"), "{sent:?}");
}

#[test]
fn the_file_is_found_upward_or_named_or_the_users() {
    let project = Project::new();
    let below = project.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    let add = |command: &mut Command| Ran::from(command.output().unwrap()).exits(0);
    let args = ["webhook", "add", "x", "--url", "http://localhost:1/", "--secret-env", "A_SECRET"];
    add(&mut project.command(&args));
    let names = |command: &mut Command| {
        let ran: Ran = command.output().unwrap().into();
        ran.exits(0).stdout.lines().next().unwrap_or_default().to_owned()
    };
    let list = ["webhook", "list"];
    assert!(names(project.command(&list).current_dir(&below)).starts_with("x "));

    let named = project.path().join("named.toml");
    let text = project.file().replace("\"x\"", "\"named\"");
    fs::write(&named, &text).unwrap();
    assert!(names(project.command(&list).env("PGWH_CONFIG", &named)).starts_with("named "));
    let flag = ["webhook", "list", "--config", "named.toml"];
    assert!(names(&mut project.command(&flag)).starts_with("named "));

    let (home, empty) = (project.path().join("home"), tempfile::tempdir().unwrap());
    fs::create_dir_all(home.join("pgwh")).unwrap();
    fs::write(home.join("pgwh/pgwh.toml"), text.replace("named", "users")).unwrap();
    let mut list = project.command(&list);
    list.current_dir(empty.path()).env("XDG_CONFIG_HOME", &home).env("APPDATA", &home);
    assert!(names(&mut list).starts_with("users "));
    let missing = project.run(&["webhook", "list", "--config", "nowhere.toml"]).refused();
    assert!(missing.stderr.contains("cannot read nowhere.toml"), "{missing:?}");
}

#[test]
fn init_writes_a_valid_file_and_never_overwrites_one() {
    let project = Project::new();
    project.run(&["webhook", "init"]).exits(0);
    assert!(project.file().starts_with("# The webhooks of Perfect Gym"));
    assert!(project.run(&["webhook", "list"]).exits(0).stdout.starts_with("booking "));
    assert!(project.run(&["webhook", "init"]).refused().stderr.contains("exists already"));
}

#[test]
fn an_event_goes_to_its_subscribers_each_with_its_own_secret_and_id() {
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    project.add("a", &target, "ClassesBooked", "A_SECRET");
    project.add("b", &target, "all", "B_SECRET");
    project.add("c", &target, "UserModified", "A_SECRET");
    let sent = project.run(&["send", "ClassesBooked"]).exits(0);
    assert!(sent.stdout.contains("ClassesBooked → a, http"), "{sent:?}");
    assert!(sent.stdout.contains("ClassesBooked → b, http"), "{sent:?}");
    assert!(sent.stdout.ends_with("✓ 2 of 2 webhooks successful\n"), "{sent:?}");
    let mut seen = target.seen();
    seen.sort_by(|a, b| a.head.cmp(&b.head));
    assert_eq!(seen.len(), 2);
    for (seen, (path, secret)) in seen.iter().zip([("/a", "secret of a"), ("/b", "secret of b")]) {
        assert!(seen.head.starts_with(&format!("POST {path} ")), "{}", seen.head);
        assert!(is_signed_with(seen, secret), "{}", seen.head);
    }
    assert_ne!(seen[0].header("x-perfectgym-request"), seen[1].header("x-perfectgym-request"));
    assert_eq!(seen[0].body, seen[1].body);
}

#[test]
fn webhooks_are_called_at_once() {
    let project = Project::new();
    // Each call is responded when both are there.
    let both = Arc::new(Barrier::new(2));
    let target = Target::new(move |stream, _| {
        both.wait();
        send(stream, &response(200, "Ok"));
    });
    project.add("a", &target, "all", "A_SECRET");
    project.add("b", &target, "all", "B_SECRET");
    project.run(&["send", "ClassesBooked"]).exits(0);
}

#[test]
fn one_failed_webhook_fails_the_send_and_is_named() {
    let project = Project::new();
    let (good, bad) = (Target::responding(200, "Ok"), Target::responding(500, "no"));
    project.add("good", &good, "all", "A_SECRET");
    project.add("bad", &bad, "all", "B_SECRET");
    let sent = project.run(&["send", "Test"]).exits(1);
    assert!(sent.stdout.ends_with("✗ 1 of 2 webhooks successful\n"), "{sent:?}");
    let sent = project.run(&["send", "Test", "--quiet"]).exits(1);
    assert!(sent.stdout.contains("good: ✓") && sent.stdout.contains("bad: ✗"), "{sent:?}");
    let sent = project.run(&["send", "Test", "--format", "json"]).exits(1);
    for line in sent.stdout.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_matches_schema("delivery.schema.json", &json);
        let verdict = if json["webhook"] == "good" { "delivered" } else { "failed" };
        assert_eq!(json["verdict"], verdict);
    }
    assert_eq!(sent.stdout.lines().count(), 2);
}

#[test]
fn test_goes_to_all_webhooks_and_an_event_without_subscribers_to_none() {
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    project.add("a", &target, "ClassesBooked", "A_SECRET");
    project.add("b", &target, "UserModified", "B_SECRET");
    let nobody = project.run(&["send", "ContractCreated"]).exits(1);
    assert_eq!(nobody.stdout, "");
    for line in
        ["subscribed to ContractCreated", "a is subscribed to Classes", "b is subscribed to UserM"]
    {
        assert!(nobody.stderr.contains(line), "{nobody:?}");
    }
    assert_eq!(target.seen().len(), 0);
    project.run(&["send", "Test"]).exits(0);
    assert_eq!(target.seen().len(), 2);
}

#[test]
fn one_webhook_is_picked_by_name() {
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    project.add("a", &target, "ClassesBooked", "A_SECRET");
    project.add("b", &target, "all", "B_SECRET");
    let sent = project.run(&["send", "UserModified", "--webhook", "a"]).exits(0);
    assert!(sent.stderr.contains("a is not subscribed to UserModified"), "{sent:?}");
    assert!(is_signed_with(&target.seen()[0], "secret of a"));
    let id = ["--request-id", "one-id"];
    let refused = project.run(&[&["send", "Test"][..], &id].concat()).refused();
    assert!(refused.stderr.contains("pick one with --webhook NAME"), "{refused:?}");
    project.run(&[&["send", "Test", "--webhook", "b"][..], &id].concat()).exits(0);
    // A secret that is typed goes before the webhook's own: that is how one is tried out.
    let typed = ["send", "Test", "--webhook", "b", "--secret", "another"];
    project.run(&typed).exits(0);
    assert!(is_signed_with(&target.seen()[2], "another"));
    let both = ["send", "Test", "--webhook", "b", "--url", "http://localhost:1/"];
    project.run(&both).refused();
}

#[test]
fn captures_are_signed_for_their_subscribers() {
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    project.add("a", &target, "ClassesBooked", "A_SECRET");
    project.add("b", &target, "UserModified", "B_SECRET");
    project.run(&["send", "ClassesBooked", "--save", "sent.ndjson"]).exits(0);
    project.run(&["send", "UserModified", "--save", "sent.ndjson"]).exits(0);
    project.run(&["send", "--from", "sent.ndjson"]).exits(0);
    let seen = target.seen();
    assert_eq!(seen.len(), 4);
    for (first, again, secret) in [(0, 2, "secret of a"), (1, 3, "secret of b")] {
        let id = |n: usize| seen[n].header("x-perfectgym-request").map(str::to_owned);
        assert_eq!((id(first), &seen[first].body), (id(again), &seen[again].body));
        assert!(is_signed_with(&seen[again], secret));
    }
}

#[test]
fn the_files_defaults_apply_where_no_flag_is_typed() {
    let project = Project::new();
    let target = Target::responding(500, "no");
    project.add("a", &target, "all", "A_SECRET");
    fs::create_dir(project.path().join("payloads")).unwrap();
    fs::write(project.path().join("payloads/mine.json"), r#"{"event":"Test","data":7}"#).unwrap();
    let send = "[send]\nretries = 2\ntimeout = \"3s\"\nfixtures = \"payloads\"\n";
    fs::write(project.path().join("pgwh.toml"), format!("{send}{}", project.file())).unwrap();
    let quick = ["--retry-delay", "1ms"];
    let below = project.path().join("below");
    fs::create_dir(&below).unwrap();
    let mut command = project.command(&[&["send", "mine"][..], &quick].concat());
    Ran::from(command.current_dir(&below).output().unwrap()).exits(1);
    assert_eq!(target.seen().len(), 3);
    assert!(target.seen()[0].body.ends_with(br#""data":7}"#));
    project.run(&[&["send", "Test", "--retries", "0"][..], &quick].concat()).exits(1);
    assert_eq!(target.seen().len(), 4);
    project.run(&["send", "Test", "--repeat", "2"]).exits(1);
    assert_eq!(target.seen().len(), 6);
}

#[test]
fn without_a_url_or_a_webhook_the_error_names_the_fixes() {
    let project = Project::new();
    let none = project.run(&["send", "Test"]).refused();
    assert!(none.stderr.contains("--url, for example") && none.stderr.contains("pgwh webhook add"));
    fs::write(project.path().join("pgwh.toml"), "[send]\n").unwrap();
    let empty = project.run(&["send", "Test"]).refused();
    assert!(empty.stderr.contains("has no webhook"), "{empty:?}");
    fs::write(project.path().join("pgwh.toml"), "[[webhok]]\n").unwrap();
    let broken = project.run(&["send", "Test", "--url", "http://localhost:1/"]).refused();
    assert!(broken.stderr.contains("did you mean webhook?"), "{broken:?}");
}

#[cfg(unix)]
#[test]
fn a_command_gives_the_secret_and_changes_keep_the_files_mode() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    let url = target.url("/");
    let add = ["webhook", "add", "c", "--url", &url, "--secret-command", "sh", "-c", "cat s.txt"];
    project.run(&add).exits(0);
    fs::write(project.path().join("s.txt"), "from a command\n").unwrap();
    let file = project.path().join("pgwh.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    project.run(&["webhook", "edit", "c", "--events", "Test"]).exits(0);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    let below = project.path().join("below");
    fs::create_dir(&below).unwrap();
    let mut send = project.command(&["send", "Test"]);
    Ran::from(send.current_dir(&below).output().unwrap()).exits(0);
    assert!(is_signed_with(&target.seen()[0], "from a command"));
}

#[test]
fn twenty_processes_that_add_a_webhook_at_once_all_succeed() {
    let project = Project::new();
    let children: Vec<_> = (0..20)
        .map(|n| {
            let name = format!("hook-{n}");
            let args = ["webhook", "add", &name, "--url", "http://localhost:1/", "--secret-env"];
            let mut command = project.command(&[&args[..], &["A_SECRET"]].concat());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        Ran::from(child.wait_with_output().unwrap()).exits(0);
    }
    let listed = project.run(&["webhook", "list", "--format", "json"]).exits(0).stdout;
    assert_eq!(listed.lines().count(), 20, "{listed}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_edited() {
    let project = Project::new();
    let fifo = project.path().join("pgwh.toml");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let args = ["webhook", "add", "a", "--url", "http://localhost:1/", "--secret-env", "A_SECRET"];
    for named in [&[][..], &["--config", "pgwh.toml"]] {
        let refused = project.run(&[&args[..], named].concat()).refused();
        assert!(refused.stderr.contains("not a regular file"), "{}", refused.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_read() {
    let project = Project::new();
    assert!(
        Command::new("mkfifo").arg(project.path().join("pgwh.toml")).status().unwrap().success()
    );
    // Whoever read the pipe would get a valid file.
    let mut writer = Command::new("sh")
        .args(["-c", "echo '[send]' > pgwh.toml"])
        .current_dir(project.path())
        .spawn()
        .unwrap();
    let refused = project.run(&["webhook", "list", "--config", "pgwh.toml"]).refused();
    assert!(refused.stderr.contains("it is not a regular file"), "{}", refused.stderr);
    writer.kill().unwrap();
    writer.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    let path = project.path().join("pgwh.toml");
    let text = "# mine\n[send]\n";
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let args = ["webhook", "add", "a", "--url", "http://localhost:1/", "--secret-env", "A_SECRET"];
    let refused = project.run(&args).refused();
    assert!(refused.stderr.contains("pgwh.toml is read-only"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// A project whose pgwh.toml has the secret of `c` from a command that leaves a trace.
#[cfg(unix)]
fn with_a_command(url: &str) -> Project {
    let project = Project::new();
    let text = format!(
        "[[webhook]]\nname = \"c\"\nurl = {:?}\n\
         secret = {{ command = [\"sh\", \"-c\", \"touch ran; echo from a command\"] }}\n",
        url
    );
    fs::write(project.path().join("pgwh.toml"), text).unwrap();
    project
}

#[cfg(unix)]
#[test]
fn a_command_that_nobody_trusted_is_shown_and_not_run() {
    let project = with_a_command("http://127.0.0.1:9/");
    let signed = project.run(&["sign", "Test", "--secret", "x", "--as", "http"]).exits(0);
    fs::write(project.path().join("captured.http"), signed.stdout).unwrap();
    for args in [
        &["send", "Test"][..],
        &["send", "Test", "--webhook", "c"],
        &["verify", "captured.http"],
        &["listen", "--addr", "127.0.0.1:0", "--max-requests", "1"],
        &["check-target", "c"],
        &["webhook", "secret", "c"],
    ] {
        // A secret in the environment would do for `verify` and `listen`.
        let mut command = project.command(args);
        let refused = Ran::from(command.env_remove("PGWH_SECRET").output().unwrap()).refused();
        assert!(refused.stderr.contains("not trusted: sh -c touch ran"), "{args:?} {refused:?}");
        assert!(refused.stderr.contains("pgwh webhook trust c"), "{refused:?}");
    }
    assert!(!project.path().join("ran").exists());
}

#[cfg(unix)]
#[test]
fn a_command_is_trusted_by_name_until_it_changes() {
    let target = Target::responding(200, "Ok");
    let project = with_a_command(&target.url("/"));
    let trusted = project.run(&["webhook", "trust", "c"]).exits(0);
    assert!(trusted.stdout.contains("trusted the command of c: sh -c touch ran"), "{trusted:?}");
    project.run(&["send", "Test"]).exits(0);
    assert!(is_signed_with(&target.seen()[0], "from a command"));
    let other = project.file().replace("touch ran", "touch other");
    fs::write(project.path().join("pgwh.toml"), other).unwrap();
    assert!(project.run(&["send", "Test"]).refused().stderr.contains("touch other"));
    assert!(!project.path().join("other").exists());
}

#[cfg(unix)]
#[test]
fn commands_of_a_named_file_and_commands_that_were_typed_are_trusted() {
    let target = Target::responding(200, "Ok");
    let project = with_a_command(&target.url("/"));
    project.run(&["send", "Test", "--config", "pgwh.toml"]).exits(0);
    let mut named = project.command(&["send", "Test"]);
    Ran::from(named.env("PGWH_CONFIG", "pgwh.toml").output().unwrap()).exits(0);
    let edit = ["webhook", "edit", "c", "--secret-command", "sh", "-c", "echo typed"];
    project.run(&edit).exits(0);
    project.run(&["send", "Test"]).exits(0);
    assert!(is_signed_with(&target.seen()[2], "typed"));
}

#[cfg(unix)]
#[test]
fn a_file_above_that_all_can_write_is_passed_over_with_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    let below = project.path().join("below");
    fs::create_dir(&below).unwrap();
    fs::write(project.path().join("pgwh.toml"), "[[webhok]]\n").unwrap();
    let mode = fs::Permissions::from_mode(0o666);
    fs::set_permissions(project.path().join("pgwh.toml"), mode).unwrap();
    let mut list = project.command(&["webhook", "list"]);
    let listed = Ran::from(list.current_dir(&below).output().unwrap()).exits(0);
    assert!(
        listed.stderr.contains("pgwh.toml is not used: other users can write it"),
        "{listed:?}"
    );
    assert!(listed.stderr.contains("there is no pgwh.toml"), "{listed:?}");
}

#[test]
fn a_webhook_can_have_its_old_secret_and_the_new_one_at_once() {
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    project.add("a", &target, "all", "A_SECRET");
    project.run(&["send", "Test", "--save", "sent.ndjson"]).exits(0);
    let edit = ["webhook", "edit", "a", "--secret-env", "B_SECRET", "--previous-secret-env"];
    project.run(&[&edit[..], &["A_SECRET"]].concat()).exits(0);
    project.run(&["send", "Test", "--save", "sent.ndjson"]).exits(0);
    assert!(is_signed_with(&target.seen()[1], "secret of b"));
    let verified = project.run(&["verify", "sent.ndjson", "--webhook", "a"]).exits(0);
    let verified = verified.stdout;
    assert!(verified.contains("(a, previous secret)"), "{verified}");
    let listed = project.run(&["webhook", "list"]).exits(0).stdout;
    assert!(listed.contains("secret: $B_SECRET (set)\n"), "{listed}");
    assert!(listed.contains("previous secret: $A_SECRET (set)\n"), "{listed}");
    let json = project.run(&["webhook", "show", "a", "--format", "json"]).exits(0).json();
    assert_matches_schema("webhook.schema.json", &json);
    assert_eq!(json["previousSecret"]["reference"], "A_SECRET");
    project.run(&["webhook", "edit", "a", "--no-previous-secret"]).exits(0);
    project.run(&["verify", "sent.ndjson", "--webhook", "a"]).exits(1);
}

#[test]
fn a_missing_secret_is_listed_once_and_an_edit_without_a_change_says_so() {
    let project = Project::new();
    let url = "http://localhost:3000/pgm";
    let add = ["webhook", "add", "a", "--url", url, "--secret-env", "NOT_THERE"];
    project.run(&add).exits(0);
    let listed = project.run(&["webhook", "list"]).exits(0).stdout;
    assert_eq!(listed.matches("NOT_THERE").count(), 1, "{listed}");
    assert!(listed.contains("secret: $NOT_THERE (not set)"), "{listed}");
    let json = project.run(&["webhook", "list", "--format", "json"]).exits(0).json();
    assert_matches_schema("webhook.schema.json", &json);
    assert_eq!(json["secret"]["access"], "missing");
    for args in [&["webhook", "edit", "a"][..], &["webhook", "edit", "a", "--url", url]] {
        let edited = project.run(args).exits(0);
        assert_eq!(edited.stdout, "a is unchanged in pgwh.toml\n");
    }
}

/// Only root can give a file to another user.
#[cfg(unix)]
#[test]
fn a_file_above_that_a_third_user_owns_is_passed_over() {
    const WHAT: &str = "a pgwh.toml of a third user";
    let project = Project::new();
    let url = "https://example.com/pgm";
    project.run(&["webhook", "add", "a", "--url", url, "--secret-env", "A_SECRET"]).exits(0);
    let below = project.path().join("below");
    fs::create_dir(&below).unwrap();
    let list = || -> Ran {
        let mut command = project.command(&["webhook", "list"]);
        command.current_dir(&below).output().unwrap().into()
    };
    assert!(list().exits(0).stdout.contains("secret: $A_SECRET"));
    let file = project.path().join("pgwh.toml");
    if std::os::unix::fs::chown(&file, Some(12_345), None).is_err() {
        return support::skipped(WHAT, "root");
    }
    let ran = list().exits(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("pgwh.toml is not used: other users can write it"), "{ran:?}");
    // A file of this name in the working folder is what the user sees and means.
    assert!(project.run(&["webhook", "list"]).exits(0).stdout.contains("secret: $A_SECRET"));
}

#[cfg(unix)]
#[test]
fn a_file_is_changed_where_the_state_folder_cannot_be_written() {
    let project = Project::new();
    let blocked = project.path().join("blocked");
    fs::write(&blocked, "a file").unwrap();
    let add = ["webhook", "add", "a", "--url", "http://localhost/", "--secret-env", "A_SECRET"];
    let mut command = project.command(&add);
    let ran = Ran::from(command.env("PGWH_STATE_DIR", blocked.join("state")).output().unwrap());
    let ran = ran.exits(0);
    assert!(ran.stderr.contains("not locked"), "{ran:?}");
    assert!(project.file().contains("name = \"a\""));
    // A command has to be remembered as trusted.
    let edit = ["webhook", "edit", "a", "--secret-command", "true"];
    let mut command = project.command(&edit);
    let before = project.file();
    Ran::from(command.env("PGWH_STATE_DIR", blocked.join("state")).output().unwrap()).refused();
    assert_eq!(project.file(), before);
}

#[test]
fn what_would_surprise_later_is_said_at_once() {
    let project = Project::new();
    let env = ["--secret-env", "A_SECRET"];
    let add = |name: &str, url: &str, secret: &[&str]| {
        project.run(&[&["webhook", "add", name, "--url", url], secret].concat())
    };
    let ran = add("a", "http://u:hunter2@localhost/", &env).exits(0);
    assert!(ran.stderr.contains("the password in the URL is now in pgwh.toml"), "{ran:?}");
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    let command = ["--secret-command", "printf", "abc", "--events", "Test"];
    let ran = add("b", "http://localhost/", &command).exits(0);
    assert!(ran.stderr.contains("--events is part of the command"), "{ran:?}");
    let ran = project.run(&["webhook", "edit", "b", "--name", "a"]).refused();
    assert!(ran.stderr.contains("the webhook a already exists"), "{ran:?}");
    let long = format!("http://localhost/{}", "x".repeat(70_000));
    let ran = add("c", &long, &env).refused();
    assert!(ran.stderr.contains("can be sent") && ran.stderr.len() < 2000, "{}", ran.stderr.len());
}

#[test]
fn the_ends_of_lines_stay() {
    let project = Project::new();
    let target = Target::responding(200, "Ok");
    project.run(&["webhook", "init"]).exits(0);
    let text = project.file().replace('\n', "\r\n");
    fs::write(project.path().join("pgwh.toml"), text).unwrap();
    project.add("a", &target, "all", "A_SECRET");
    let changed = project.file();
    assert_eq!(changed.matches('\n').count(), changed.matches("\r\n").count(), "{changed:?}");
    project.run(&["send", "Test", "--webhook", "a"]).exits(0);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let project = Project::new();
    let limited = |args: &str| {
        let line = format!("ulimit -f 0; exec '{}' webhook {args}", env!("CARGO_BIN_EXE_pgwh"));
        let mut command = Command::new("sh");
        command.args(["-c", &line]).current_dir(project.path());
        command.env("PGWH_STATE_DIR", project.path().join("state"));
        Ran::from(command.env("A_SECRET", "secret").output().unwrap()).refused()
    };
    let names = || {
        let entries = fs::read_dir(project.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "state").collect::<Vec<_>>()
    };
    assert!(limited("init").stderr.contains("cannot write pgwh.toml"));
    assert!(names().is_empty(), "{:?}", names());
    project.run(&["webhook", "init"]).exits(0);
    let before = project.file();
    limited("add a --url http://localhost/ --secret-env A_SECRET");
    assert_eq!((names(), project.file()), (vec!["pgwh.toml".to_owned()], before));
}
