//! `pgwh completions`, and the files made with it.

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

/// To make them anew: `UPDATE_COMPLETIONS=1 cargo test --test completions`
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
    for word in ["ClassesBookedOnStandbyList", "human json", "--secret-file", "compgen -f"] {
        assert!(bash.contains(word), "{word}");
    }
    let zsh = run(["completions", "zsh"]).exits(0).stdout;
    assert!(zsh.contains("UserCardScanned") && zsh.contains("_files"));
}
