//! Where a webhook's secret is, and reading it from there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, io};

use crate::files::{error_text, read_regular};
use crate::pgm::Secret;

/// The longest file with a secret, in bytes. Only a secret stands in it (our choice).
const MAX_FILE: u64 = 64 * 1024;

/// A reference to a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// `{ env = "NAME" }`: an environment variable.
    Env(String),
    /// `{ file = "PATH" }`: a file, relative to pgwh.toml.
    File(PathBuf),
    /// `{ command = ["program", "argument"] }`: the output of a program, such as a password manager.
    /// It runs in the folder of pgwh.toml, and only when it is trusted.
    Command(Vec<String>),
}

/// Why a secret is missing.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment variable does not exist.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    /// The file cannot be read.
    #[error("cannot read {}: {}", .0.display(), error_text(.1))]
    File(PathBuf, io::Error),
    /// The program cannot be started.
    #[error("cannot run {}: {}", .0, error_text(.1))]
    CannotRun(String, io::Error),
    /// The program failed; how it ended.
    #[error("{0} failed: {1}")]
    CommandFailed(String, std::process::ExitStatus),
    /// The secret is empty.
    #[error("{0} is empty")]
    Empty(String),
}

/// Whether a secret is available, as far as can be told without running a command.
#[derive(Debug)]
pub enum SecretAccess {
    /// It is.
    Available,
    /// A command prints it, which was not run.
    NotChecked,
    /// It is not.
    Missing(SecretError),
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "${name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Command(words) => write!(f, "command {}", words.join(" ")),
        }
    }
}

impl SecretSource {
    /// Reads the secret. `folder` is that of pgwh.toml, `env` looks up the environment.
    ///
    /// # Errors
    /// When it is missing.
    pub fn read(
        &self,
        folder: &Path,
        env: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Secret, SecretError> {
        let empty = |_| SecretError::Empty(self.to_string());
        match self {
            Self::Env(name) => {
                let value = env(name).ok_or_else(|| SecretError::NotSet(name.clone()))?;
                Secret::new(value).map_err(empty)
            }
            Self::File(path) => {
                let path = folder.join(path);
                let bytes = read_regular(&path, MAX_FILE)
                    .map_err(|error| SecretError::File(path, error))?;
                Secret::from_file(bytes).map_err(empty)
            }
            Self::Command(words) => Secret::from_file(output_of(words, folder)?).map_err(empty),
        }
    }

    /// Whether the secret is available, without running a command.
    pub fn access(&self, folder: &Path, env: &dyn Fn(&str) -> Option<Vec<u8>>) -> SecretAccess {
        match self {
            Self::Command(_) => SecretAccess::NotChecked,
            Self::Env(_) | Self::File(_) => match self.read(folder, env) {
                Ok(_) => SecretAccess::Available,
                Err(error) => SecretAccess::Missing(error),
            },
        }
    }
}

/// The output of a program. It may ask the user on the terminal, so it gets our stdin and stderr.
fn output_of(words: &[String], folder: &Path) -> Result<Vec<u8>, SecretError> {
    let (program, arguments) = match words {
        [program, arguments @ ..] => (program.clone(), arguments),
        [] => (String::new(), [].as_slice()),
    };
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(SecretError::CommandFailed(program, output.status)),
        Err(error) => Err(SecretError::CannotRun(program, error)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn secrets_come_from_the_environment_and_from_files_relative_to_pgwh_toml() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s.secret"), "from a file\n").unwrap();
        fs::write(folder.path().join("empty"), "\n").unwrap();
        fs::write(folder.path().join("long"), "s".repeat(65_537)).unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        let env = |name: &str| (name == "S").then(|| b"from env".to_vec());
        let read = |source: SecretSource| {
            source.read(folder.path(), &env).map(|secret| secret.expose().to_vec())
        };
        assert_eq!(read(SecretSource::Env("S".into())).unwrap(), b"from env");
        assert_eq!(read(SecretSource::File("s.secret".into())).unwrap(), b"from a file");
        for (source, why) in [
            (SecretSource::Env("T".into()), "T is not set"),
            (SecretSource::File("none".into()), "none: No such file"),
            (SecretSource::File("empty".into()), "file empty is empty"),
            (SecretSource::File("long".into()), "long: it has more than 65536 bytes"),
            (SecretSource::File("folder".into()), "folder: it is not a regular file"),
            (SecretSource::Command(vec!["no-such-program-here".into()]), "cannot run"),
        ] {
            let error = read(source).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_an_end_is_no_secret() {
        let source = SecretSource::File("/dev/zero".into());
        let error = source.read(Path::new("/"), &|_| None).unwrap_err().to_string();
        assert_eq!(error, "cannot read /dev/zero: it is not a regular file");
    }

    #[cfg(unix)]
    #[test]
    fn commands_run_in_the_folder_of_pgwh_toml_and_only_when_the_secret_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let shell =
            |script: &str| SecretSource::Command(["sh", "-c", script].map(str::to_owned).to_vec());
        let env = |_: &str| None;
        let source = shell("touch ran; echo s3cret");
        assert!(matches!(source.access(folder.path(), &env), SecretAccess::NotChecked));
        assert!(!folder.path().join("ran").exists());
        assert_eq!(source.read(folder.path(), &env).unwrap().expose(), b"s3cret");
        assert!(folder.path().join("ran").exists());
        let error = shell("exit 3").read(folder.path(), &env).unwrap_err().to_string();
        assert!(error.contains("sh failed"), "{error}");
    }
}
