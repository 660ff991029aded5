//! What packages pgwh: the files of the crate, the npm packages, the templates that a release fills,
//! the installation by the GitHub action, and that all of them agree with Cargo.toml.
//!
//! `.ci/packages` builds the packages of a release build, and installs each.
#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::server::Target;
use support::{Ran, run};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a program in the root of the repository.
fn run_program(program: &str, args: &[&str]) -> Ran {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).stdin(Stdio::null()).output().unwrap().into()
}

/// Whether a program is there; if not, that is said.
fn has(program: &str, what: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        support::skipped(what, program);
    }
    found
}

/// The files that `cargo package` takes.
fn packaged() -> (BTreeSet<String>, String) {
    let args = ["package", "--list", "--offline", "--locked", "--allow-dirty"];
    let listed = run_program(env!("CARGO"), &args).exits(0);
    (listed.stdout.lines().map(|line| line.replace('\\', "/")).collect(), listed.stderr)
}

#[test]
fn the_crate_has_every_file_that_the_build_embeds() {
    let (files, warnings) = packaged();
    assert_eq!(warnings, "", "cargo package warns");
    for file in
        ["Cargo.lock", "LICENSE-MIT", "man/pgwh-send.1", "completions/pgwh.fish", "docs/ci.md"]
    {
        assert!(files.contains(file), "{file} is not packaged");
    }
    for event in fs::read_dir(root().join("fixtures/events")).unwrap() {
        let name = event.unwrap().file_name().into_string().unwrap();
        assert!(files.contains(&format!("fixtures/events/{name}")), "{name} is not packaged");
    }
    // What `scaffold` writes is what the build embedded here; a build from the package must too.
    let folder = tempfile::tempdir().unwrap();
    let names = run(["scaffold", "--format", "json"]).exits(0).stdout;
    for line in names.lines() {
        let name =
            serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned();
        let out = folder.path().join(&name);
        run(["scaffold", &name, "--out", out.to_str().unwrap()]).exits(0);
        for file in files_in(&out) {
            let packaged = format!("examples/receivers/{name}/{}", file.display());
            assert!(
                files.contains(&packaged) || files.contains(&format!("{packaged}.in")),
                "{packaged} is not packaged"
            );
        }
    }
    assert!(folder.path().join("rust/Cargo.toml").is_file(), "a Rust receiver without a manifest");
}

/// The files in a folder and below, relative to it.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = PathBuf::from(path.file_name().unwrap());
        match path.is_dir() {
            true => files.extend(files_in(&path).into_iter().map(|file| name.join(file))),
            false => files.push(name),
        }
    }
    files
}

/// The repository's address and version are stated in Cargo.toml, and must be the same wherever text
/// has to repeat them.
#[test]
fn every_mention_of_the_repository_and_the_version_is_that_of_the_manifest() {
    let listed = run_program("git", &["ls-files"]);
    if listed.code != 0 {
        return support::skipped("mentions of the repository", "a clone");
    }
    let (owner_and_name, mut mentions) = (&REPOSITORY["https://".len()..], 0);
    for file in listed.exits(0).stdout.lines() {
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for (n, line) in text.lines().enumerate() {
            let place = format!("{file}:{}: {line}", n + 1);
            for part in line.split("github.com/").skip(1) {
                let end = |c: char| !c.is_ascii_alphanumeric() && !"-_/.".contains(c);
                let path = part.split(end).next().unwrap();
                let names: Vec<_> = path.split('/').take(2).collect();
                if names.get(1).is_some_and(|name| name.trim_end_matches(".git") == "pgwh") {
                    let named = format!("github.com/{}", names.join("/"));
                    assert_eq!(named.trim_end_matches(".git"), owner_and_name, "{place}");
                    mentions += 1;
                }
            }
            // The commands that install a version, and the addresses that contain one.
            for mark in ["pgwh@", "pgwh==", "check-target@v", "releases/download/v"] {
                for version in line.split(mark).skip(1) {
                    let is_number = version.starts_with(|c: char| c.is_ascii_digit());
                    assert!(!is_number || version.starts_with(VERSION), "{place}");
                }
            }
        }
    }
    assert!(mentions >= 5, "only {mentions} mentions were found");
}

#[test]
fn the_wheel_takes_its_version_from_the_manifest() {
    let project = fs::read_to_string(root().join("pyproject.toml")).unwrap();
    assert!(project.contains("\nname = \"pgwh\"\ndynamic = [\"version\"]\n"), "{project}");
    assert!(!project.contains("\nversion = "), "{project}");
}

/// The examples of docs/ci.md are files, which linters read (`.ci/lint`); their commands are run here.
#[test]
fn the_examples_for_ci_systems_run_and_write_their_report() {
    let docs = fs::read_to_string(root().join("docs/ci.md")).unwrap();
    for (file, commands) in
        [("github.yml", 0), ("gitlab-ci.yml", 1), ("azure-pipelines.yml", 1), ("Jenkinsfile", 1)]
    {
        let text = fs::read_to_string(root().join("examples/ci").join(file)).unwrap();
        assert!(docs.contains(&format!("\n{text}```\n")), "docs/ci.md does not show {file}");
        let lines = text.lines().filter_map(|line| line.find("npx ").map(|at| &line[at..]));
        let lines: Vec<_> = lines.collect();
        assert_eq!(lines.len(), commands, "{file}");
        for line in lines {
            // In a Jenkinsfile the command is quoted.
            let line = line.trim_end_matches('\'');
            let folder = tempfile::tempdir().unwrap();
            let npx = folder.path().join("npx");
            let script = "#!/bin/sh\n[ \"$1\" = --yes ] && shift 2\nexec \"$PGWH\" \"$@\"\n";
            fs::write(&npx, script).unwrap();
            fs::set_permissions(&npx, fs::Permissions::from_mode(0o755)).unwrap();
            let target = Target::responding(200, "Ok");
            let pgwh = support::pgwh([""; 0]);
            let mut shell = Command::new("sh");
            shell.args(["-c", line]).current_dir(folder.path());
            shell.envs(pgwh.get_envs().filter_map(|(name, value)| Some((name, value?))));
            shell.env("PGWH", pgwh.get_program());
            shell.env("STAGING_URL", format!("http://{}/pgm", target.address));
            let path = std::env::var("PATH").unwrap();
            shell.env("PATH", format!("{}:{path}", folder.path().display()));
            let ran: Ran = shell.output().unwrap().into();
            // This target lets anybody in, and with --strict that fails: the command was understood.
            let ran = ran.exits(1);
            assert!(ran.stdout.contains("rejects-unsigned"), "{file}: {ran:#?}");
            let report = fs::read_to_string(folder.path().join("pgm.xml")).unwrap();
            assert!(report.contains("<testsuite"), "{report}");
        }
    }
}

#[test]
fn the_notes_of_a_release_are_the_changelogs_and_the_tag_must_agree() {
    let notes = root().join("packaging/notes");
    let notes = notes.to_str().unwrap();
    let text = run_program(notes, &[&format!("v{VERSION}")]).exits(0).stdout;
    assert!(text.contains("pgwh send") && !text.contains("\n## "), "{text}");
    let refused = run_program(notes, &["v99.0.0"]).exits(1).stderr;
    assert!(refused.contains("the tag is v99.0.0"), "{refused}");
}

#[test]
fn a_release_fills_the_formula_and_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let sums = folder.path().join("SHA256SUMS");
    let archives = [
        "aarch64-apple-darwin.tar.gz",
        "x86_64-apple-darwin.tar.gz",
        "aarch64-unknown-linux-gnu.tar.gz",
        "x86_64-unknown-linux-gnu.tar.gz",
        "x86_64-pc-windows-msvc.zip",
    ];
    let sum = |n: usize| format!("{n:064x}");
    let lines = archives.iter().enumerate();
    let lines = lines.map(|(n, name)| format!("{}  pgwh-v{VERSION}-{name}\n", sum(n + 10)));
    fs::write(&sums, lines.collect::<String>()).unwrap();
    let (sums, out) = (sums.to_str().unwrap(), folder.path().to_str().unwrap());
    run_program("packaging/fill", &[sums, out]).exits(0);

    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("pgwh.json")).unwrap())
            .unwrap();
    assert_eq!(manifest["version"], VERSION);
    assert_eq!(manifest["architecture"]["64bit"]["hash"], sum(14));
    let name = format!("pgwh-v{VERSION}-x86_64-pc-windows-msvc.zip");
    let url = format!("{REPOSITORY}/releases/download/v{VERSION}/{name}");
    assert_eq!(manifest["architecture"]["64bit"]["url"], url);

    let path = folder.path().join("pgwh.rb");
    let formula = fs::read_to_string(&path).unwrap();
    for (n, archive) in archives.iter().take(4).enumerate() {
        let name = format!("pgwh-v{VERSION}-{archive}");
        let with_sum = format!("/{name}\"\n      sha256 \"{}\"", sum(n + 10));
        assert!(formula.contains(&with_sum), "{name}: {formula}");
    }
    if has("ruby", "the syntax of the Homebrew formula") {
        run_program("ruby", &["-c", path.to_str().unwrap()]).exits(0);
    }

    // A checksum that is missing is an error, not an empty field.
    fs::write(sums, "").unwrap();
    let refused = run_program("packaging/fill", &[sums, out]).exits(1).stderr;
    assert!(refused.contains("no checksum"), "{refused}");
}

/// The target of which npm would install the package here.
fn npm_target() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("x86_64-unknown-linux-musl"),
        ("linux", "aarch64") => Some("aarch64-unknown-linux-musl"),
        ("macos", "x86_64") => Some("x86_64-apple-darwin"),
        ("macos", "aarch64") => Some("aarch64-apple-darwin"),
        _ => None,
    }
}

#[test]
fn the_npm_package_runs_the_binary_of_its_platform() {
    let Some(target) = npm_target() else { return };
    if !has("npm", "the npm packages") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("packages");
    let out = out.to_str().unwrap();
    let binary = format!("{target}={}", env!("CARGO_BIN_EXE_pgwh"));
    run_program("node", &["packaging/npm/pack.mjs", out, &binary]).exits(0);

    let manifest = fs::read_to_string(format!("{out}/pgwh/package.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["version"], VERSION);
    let platforms = manifest["optionalDependencies"].as_object().unwrap();
    assert_eq!(platforms.len(), 5);
    assert!(platforms.values().all(|version| version == VERSION), "{platforms:?}");
    assert!(manifest.get("scripts").is_none(), "no code runs when it is installed");

    let user = folder.path().join("user");
    fs::create_dir(&user).unwrap();
    let platform = fs::read_dir(format!("{out}/@pgwh")).unwrap().next().unwrap().unwrap().path();
    let packed = |path: &str| {
        let args =
            ["pack", "--silent", "--pack-destination", folder.path().to_str().unwrap(), path];
        let name = run_program("npm", &args).exits(0).stdout;
        folder.path().join(name.trim()).to_str().unwrap().to_owned()
    };
    let (main, platform) = (packed(&format!("{out}/pgwh")), packed(platform.to_str().unwrap()));
    let npm = ["install", "--prefix", user.to_str().unwrap(), "--offline", "--omit=optional"];
    run_program("npm", &[&npm[..], &["--no-audit", "--no-fund", &main, &platform]].concat())
        .exits(0);

    let installed = user.join("node_modules/.bin/pgwh");
    let installed = installed.to_str().unwrap();
    let version = run_program(installed, &["--version"]).exits(0).stdout;
    assert_eq!(version, format!("pgwh {VERSION}\n"));
    run_program(installed, &["no-such-command"]).exits(2);
    let request =
        run_program(installed, &["sign", "Test", "--secret", support::SECRET, "--as", "json"]);
    assert!(request.exits(0).stdout.starts_with('{'), "stdout is passed on");

    // Without the platform's package, npm's user learns what to do.
    fs::remove_dir_all(user.join("node_modules/@pgwh")).unwrap();
    let missing = run_program(installed, &["--version"]).exits(2).stderr;
    assert!(missing.contains("help: npm install @pgwh/"), "{missing}");
}

/// A folder that looks like the releases on GitHub, with an archive of a pgwh that prints `released`.
fn releases(folder: &Path) -> String {
    let name = format!("pgwh-v{VERSION}-x86_64-unknown-linux-musl");
    let release = folder.join(format!("v{VERSION}"));
    fs::create_dir_all(release.join(&name)).unwrap();
    let binary = release.join(&name).join("pgwh");
    fs::write(&binary, "#!/bin/sh\necho released\n").unwrap();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
    let script = format!(
        "cd '{}' && tar -czf {name}.tar.gz {name} && sha256sum *.gz > SHA256SUMS",
        release.display()
    );
    run_program("sh", &["-c", &script]).exits(0);
    format!("file://{}", folder.display())
}

/// Runs the action's installation on a runner of GitHub's, as far as a test can: what it did, and the
/// folder that it put on the path.
fn install_by_action(folder: &Path, releases: &str) -> (Ran, String) {
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).unwrap();
    let cargo = programs.join("cargo");
    fs::write(&cargo, "#!/bin/sh\necho built by cargo: \"$@\"\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let added = folder.join("path");
    fs::write(&added, "").unwrap();
    let mut command = Command::new("bash");
    command.arg(root().join(".github/actions/check-target/install.sh"));
    // Without a pgwh that the developer has installed.
    command.env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64").env("RUNNER_TEMP", folder);
    command.env("GITHUB_PATH", &added).env("PGWH_RELEASES", releases);
    let ran = command.stdin(Stdio::null()).output().unwrap().into();
    (ran, fs::read_to_string(added).unwrap().trim().to_owned())
}

#[test]
fn the_action_takes_the_released_binary_if_its_checksum_is_right() {
    if !has("curl", "the action's download") || !has("sha256sum", "the action's download") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let releases = releases(&folder.path().join("releases"));
    let (ran, added) = install_by_action(folder.path(), &releases);
    ran.exits(0);
    assert_eq!(run_program(&format!("{added}/pgwh"), &[]).exits(0).stdout, "released\n");

    // A release that cannot be downloaded is built.
    let other = tempfile::tempdir().unwrap();
    let (ran, added) = install_by_action(other.path(), "file:///nowhere");
    let text = ran.exits(0).stdout;
    assert!(text.contains("built by cargo: install --locked --path"), "{text}");
    assert!(added.ends_with("/bin"), "{added}");

    // One that was changed is refused, and not built either.
    let sums = folder.path().join(format!("releases/v{VERSION}/SHA256SUMS"));
    let changed = fs::read_to_string(&sums).unwrap();
    let (first, rest) = changed.split_at(1);
    let digit = if first == "0" { "1" } else { "0" };
    fs::write(&sums, format!("{digit}{rest}")).unwrap();
    let other = tempfile::tempdir().unwrap();
    let (ran, added) = install_by_action(other.path(), &releases);
    let text = ran.exits(1).stdout;
    assert!(text.contains("::error::") && !text.contains("built by cargo"), "{text}");
    assert_eq!(added, "");
}
