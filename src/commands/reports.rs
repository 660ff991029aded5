//! The answer in the form that was asked for, and the reports beside it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::cli::{ReportArgs, ReportFile, ReportFormat};
use crate::report::Output;

/// Where GitHub Actions takes a step's summary from, as Markdown.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The reports that were asked for, their files open: a path that cannot be written should be
/// known before the work, not after.
#[derive(Debug)]
pub(super) struct Reports {
    answer: ReportFormat,
    files: Vec<(ReportFormat, PathBuf, File)>,
}

impl Reports {
    /// Opens the files.
    pub(super) fn open(args: &ReportArgs) -> Result<Self, Failure> {
        let open = |ReportFile { format, file: path }: &ReportFile| match File::create(path) {
            Ok(file) => Ok((*format, path.clone(), file)),
            Err(error) => Err(cannot_write(path, &error)),
        };
        let files = args.report.iter().map(open).collect::<Result<_, _>>()?;
        Ok(Self { answer: args.format, files })
    }

    /// Answers, and writes every report.
    pub(super) fn publish(
        self,
        output: &mut Output,
        render: impl Fn(ReportFormat) -> String,
    ) -> Result<(), Failure> {
        output.answer(render(self.answer));
        let formats = self.files.iter().map(|(format, ..)| *format);
        let for_github = formats.chain([self.answer]).any(|f| f == ReportFormat::Github);
        for (format, path, mut file) in self.files {
            file.write_all(render(format).as_bytes())
                .map_err(|error| cannot_write(&path, &error))?;
        }
        match std::env::var_os(STEP_SUMMARY).filter(|path| for_github && !path.is_empty()) {
            Some(path) => append(Path::new(&path), &render(ReportFormat::Markdown)),
            None => Ok(()),
        }
    }
}

fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::new(format!("{STEP_SUMMARY}: {}: {error}", path.display())))
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("--report: cannot write {}: {error}", path.display()))
}
