//! How each receiver of `examples/receivers/` is prepared and run here.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// A receiver that runs on this machine when what it needs is installed.
#[derive(Debug, Clone, Copy)]
pub struct Receiver {
    pub name: &'static str,
    /// The file that is changed to make a broken twin.
    pub file: &'static str,
    /// Programs on the path, files below the root of the repository, or commands that succeed.
    needs: &'static [&'static str],
    /// More files of this repository that a copy needs, and where they go.
    links: &'static [(&'static str, &'static str)],
    /// A shell command that compiles a copy, run in its folder.
    build: &'static str,
    /// A shell command that runs a copy, in its folder. `ROOT` is the root of the repository.
    run: &'static str,
}

const PLAIN: Receiver = Receiver { name: "", file: "", needs: &[], links: &[], build: "", run: "" };

pub const RECEIVERS: &[Receiver] = &[
    Receiver {
        name: "node",
        file: "server.mjs",
        needs: &["node"],
        run: "node server.mjs",
        ..PLAIN
    },
    Receiver {
        name: "express",
        file: "server.mjs",
        needs: &["node", "examples/receivers/express/node_modules/express"],
        links: &[("examples/receivers/express/node_modules", "node_modules")],
        run: "node server.mjs",
        ..PLAIN
    },
    Receiver {
        name: "nestjs",
        file: "src/main.ts",
        needs: &["node", "examples/receivers/nestjs/node_modules/typescript"],
        links: &[("examples/receivers/nestjs/node_modules", "node_modules")],
        build: "node_modules/.bin/tsc",
        run: "node dist/main.js",
    },
    Receiver {
        name: "nextjs",
        file: "app/api/pgm/route.ts",
        needs: &["tests/receivers/node_modules/.bin/deno"],
        links: &[
            ("tests/receivers/harness/nextjs.ts", "app/api/pgm/nextjs.ts"),
            ("tests/receivers/harness/next-server.ts", "next-server.ts"),
            ("tests/receivers/harness/import-map.json", "import-map.json"),
        ],
        run: "env DENO_SERVE_ADDRESS=tcp:127.0.0.1:$PORT ROOT/tests/receivers/node_modules/.bin/deno run \
              --quiet --no-check --cached-only --allow-net --allow-env \
              --import-map import-map.json app/api/pgm/nextjs.ts",
        ..PLAIN
    },
    Receiver {
        name: "deno",
        file: "supabase/functions/pgm/index.ts",
        needs: &["tests/receivers/node_modules/.bin/deno"],
        run: "env DENO_SERVE_ADDRESS=tcp:127.0.0.1:$PORT ROOT/tests/receivers/node_modules/.bin/deno run \
              --quiet --no-check --cached-only --allow-net --allow-env supabase/functions/pgm/index.ts",
        ..PLAIN
    },
    Receiver {
        name: "cloudflare",
        file: "src/index.js",
        needs: &["tests/receivers/node_modules/.bin/workerd"],
        links: &[("tests/receivers/harness/workerd.capnp", "src/workerd.capnp")],
        run: "ROOT/tests/receivers/node_modules/.bin/workerd serve src/workerd.capnp config \
              --socket-addr=http=127.0.0.1:$PORT",
        ..PLAIN
    },
    Receiver {
        name: "flask",
        file: "app.py",
        needs: &["tests/receivers/.venv/bin/waitress-serve"],
        run: "ROOT/tests/receivers/.venv/bin/waitress-serve --threads=32 --listen=127.0.0.1:$PORT app:app",
        ..PLAIN
    },
    Receiver {
        name: "fastapi",
        file: "app.py",
        needs: &["tests/receivers/.venv/bin/uvicorn"],
        run: "ROOT/tests/receivers/.venv/bin/uvicorn --no-access-log --log-level=warning --port=$PORT app:app",
        ..PLAIN
    },
    Receiver {
        name: "php",
        file: "pgm.php",
        needs: &["php"],
        run: "env TMPDIR=. PHP_CLI_SERVER_WORKERS=8 php -q -S 127.0.0.1:$PORT pgm.php",
        ..PLAIN
    },
    Receiver {
        name: "go",
        file: "main.go",
        needs: &["go"],
        build: "go build -o receiver .",
        run: "./receiver",
        ..PLAIN
    },
    Receiver {
        name: "ruby",
        file: "app.rb",
        needs: &["ruby -rsinatra/base -rpuma -e 0"],
        run: "env APP_ENV=production ruby app.rb",
        ..PLAIN
    },
    Receiver {
        name: "java",
        file: "Receiver.java",
        needs: &["javac"],
        build: "javac Receiver.java",
        run: "java -XX:TieredStopAtLevel=1 Receiver",
        ..PLAIN
    },
    Receiver {
        name: "rust",
        file: "src/main.rs",
        needs: &["examples/receivers/rust/target/debug/pgm-receiver-axum"],
        build: "cargo build --quiet --locked --offline --target-dir ROOT/examples/receivers/rust/target && \
                cp ROOT/examples/receivers/rust/target/debug/pgm-receiver-axum receiver",
        run: "./receiver",
        ..PLAIN
    },
];

/// A receiver's folder, copied and built so that it can be run.
#[derive(Debug)]
pub struct Copy {
    folder: tempfile::TempDir,
    run: String,
}

impl Copy {
    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A shell command that runs it in the foreground, on the port in `$PORT`.
    pub fn command(&self) -> String {
        format!("cd '{}' && exec {}", self.folder.path().display(), self.run)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The receivers that run here.
pub fn runnable() -> Vec<Receiver> {
    RECEIVERS.iter().copied().filter(Receiver::is_installed).collect()
}

impl Receiver {
    /// Whether it runs here. If not, that is said.
    pub fn is_installed(&self) -> bool {
        let missing = self.needs.iter().find(|need| !is_there(need));
        if let Some(need) = missing {
            skipped(&format!("{} receiver", self.name), need);
        }
        missing.is_none()
    }

    /// Copies it as it is.
    pub fn copy(&self) -> Copy {
        self.copy_with(|source| source)
    }

    /// Copies it with its main file changed.
    pub fn copy_with(&self, change: impl FnOnce(String) -> String) -> Copy {
        let folder = tempfile::tempdir().unwrap();
        let from = root().join("examples/receivers").join(self.name);
        copy_sources(&from, folder.path());
        let manifest = folder.path().join("Cargo.toml.in");
        if manifest.exists() {
            fs::rename(&manifest, manifest.with_extension("")).unwrap();
        }
        for (file, to) in self.links {
            let to = folder.path().join(to);
            // Deno and Node resolve imports from where a file really is.
            match root().join(file) {
                path if path.is_dir() => std::os::unix::fs::symlink(path, to).unwrap(),
                path => drop(fs::copy(path, to).unwrap()),
            }
        }
        // One at a time: builds share caches, and the machine. Cargo knows a changed file by its
        // time, which must not be before another build.
        static BUILDS: Mutex<()> = Mutex::new(());
        let _guard = BUILDS.lock();
        let file = folder.path().join(self.file);
        fs::write(&file, change(fs::read_to_string(&file).unwrap())).unwrap();
        let in_place = |command: &str| command.replace("ROOT", root().to_str().unwrap());
        if !self.build.is_empty() {
            let mut build = Command::new("sh");
            build.args(["-c", &in_place(self.build)]).current_dir(folder.path());
            let built = build.output().unwrap();
            assert!(built.status.success(), "{} does not build: {built:#?}", self.name);
        }
        Copy { folder, run: in_place(self.run) }
    }
}

/// Says that something is not tested here, or fails where everything is to be tested.
pub fn skipped(what: &str, need: &str) {
    let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
    assert!(!all, "the {what} needs {need}");
    // Written past the capturing of tests' output, so that it is seen.
    let text = format!("SKIPPED: the {what}; it needs {need}\n");
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// Whether a program, a file or a command is there.
pub fn is_there(need: &str) -> bool {
    if need.contains(' ') {
        let tried = Command::new("sh").args(["-c", need]).output();
        return tried.is_ok_and(|tried| tried.status.success());
    }
    if need.contains('/') {
        return root().join(need).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(need).is_file())
}

/// Copies what is in the repository, without what was installed or built beside it.
fn copy_sources(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let built = ["node_modules", "target", "dist", ".venv", "__pycache__"];
        match path.is_dir() {
            true if built.iter().any(|built| name == *built) => {}
            true => copy_sources(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}
