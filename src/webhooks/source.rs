//! Where a webhook's secret is, and getting it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, fs, io};

use crate::pgm::Secret;

/// A reference to a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// `{ env = "NAME" }`: an environment variable.
    Env(String),
    /// `{ file = "PATH" }`: a file, relative to the webhooks file.
    File(PathBuf),
    /// `{ command = ["program", "argument"] }`: what a program prints, a password manager for
    /// example. It runs in the folder of the webhooks file.
    Command(Vec<String>),
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment variable is not there.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    /// The file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The command cannot be started.
    #[error("cannot run {program}: {error}")]
    NoCommand {
        /// The program.
        program: String,
        /// What the system said.
        error: io::Error,
    },
    /// The command ended badly.
    #[error("{program} failed: {status}")]
    Command {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// There is nothing in it.
    #[error("{0} is empty")]
    Empty(String),
}

/// Whether a secret can be had, as far as looking tells.
#[derive(Debug)]
pub enum Access {
    /// It is there.
    Ready,
    /// A command gives it, which only looking does not run.
    Unasked,
    /// It is not there.
    Missing(SecretError),
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "environment variable {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Command(words) => write!(f, "command {}", words.join(" ")),
        }
    }
}

impl SecretSource {
    /// Gets the secret. `folder` is that of the webhooks file, `env` looks up the environment.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn get(
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
                let bytes = fs::read(&path).map_err(|error| SecretError::File { path, error })?;
                Secret::from_file(bytes).map_err(empty)
            }
            Self::Command(words) => Secret::from_file(output_of(words, folder)?).map_err(empty),
        }
    }

    /// Whether the secret can be had, without running anything.
    pub fn access(&self, folder: &Path, env: &dyn Fn(&str) -> Option<Vec<u8>>) -> Access {
        match self {
            Self::Command(_) => Access::Unasked,
            Self::Env(_) | Self::File(_) => match self.get(folder, env) {
                Ok(_) => Access::Ready,
                Err(error) => Access::Missing(error),
            },
        }
    }
}

/// What a program prints. It may ask the user on the terminal, so stdin and stderr are ours.
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
        Ok(output) => Err(SecretError::Command { program, status: output.status }),
        Err(error) => Err(SecretError::NoCommand { program, error }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_from_the_environment_and_from_files_beside_the_webhooks_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s.secret"), "from a file\n").unwrap();
        fs::write(folder.path().join("empty"), "\n").unwrap();
        let env = |name: &str| (name == "S").then(|| b"from env".to_vec());
        let get = |source: SecretSource| {
            source.get(folder.path(), &env).map(|secret| secret.expose().to_vec())
        };
        assert_eq!(get(SecretSource::Env("S".into())).unwrap(), b"from env");
        assert_eq!(get(SecretSource::File("s.secret".into())).unwrap(), b"from a file");
        for (source, why) in [
            (SecretSource::Env("T".into()), "T is not set"),
            (SecretSource::File("none".into()), "none"),
            (SecretSource::File("empty".into()), "file empty is empty"),
            (SecretSource::Command(vec!["no-such-program-here".into()]), "cannot run"),
        ] {
            let error = get(source).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn commands_run_beside_the_webhooks_file_and_only_when_the_secret_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let shell =
            |script: &str| SecretSource::Command(["sh", "-c", script].map(str::to_owned).to_vec());
        let env = |_: &str| None;
        let source = shell("touch ran; echo s3cret");
        assert!(matches!(source.access(folder.path(), &env), Access::Unasked));
        assert!(!folder.path().join("ran").exists());
        assert_eq!(source.get(folder.path(), &env).unwrap().expose(), b"s3cret");
        assert!(folder.path().join("ran").exists());
        let error = shell("exit 3").get(folder.path(), &env).unwrap_err().to_string();
        assert!(error.contains("sh failed"), "{error}");
    }
}
