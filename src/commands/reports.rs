//! The answer in the form that was asked for, and the reports beside it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::cli::{ReportArgs, ReportFile, ReportFormat};
use crate::report::Output;

/// Where GitHub Actions takes a step's summary from, as Markdown.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The reports that were asked for, their files open: a path that cannot be written should be
/// known before the work, not after.
#[derive(Debug)]
pub(super) struct Reports {
    answer: ReportFormat,
    files: Vec<ReportTo>,
}

/// A report that goes to a file.
#[derive(Debug)]
struct ReportTo {
    format: ReportFormat,
    /// What named the file.
    flag: &'static str,
    path: PathBuf,
    file: File,
}

impl Reports {
    /// Opens the files.
    pub(super) fn open(args: &ReportArgs) -> Result<Self, CliError> {
        let named = args.report.iter();
        let mut files = named.map(ReportTo::create).collect::<Result<Vec<_>, _>>()?;
        let mut formats = args.report.iter().map(|report| report.format).chain([args.format]);
        let for_github = formats.any(|format| format == ReportFormat::Github);
        let summary = std::env::var_os(STEP_SUMMARY).filter(|path| for_github && !path.is_empty());
        if let Some(path) = summary {
            files.push(ReportTo::append(Path::new(&path))?);
        }
        Ok(Self { answer: args.format, files })
    }

    /// The form of each report; the first one is the answer.
    pub(super) fn formats(&self) -> impl Iterator<Item = ReportFormat> {
        std::iter::once(self.answer).chain(self.files.iter().map(|report| report.format))
    }

    /// Writes a piece of a report, which is counted as in [`formats`](Self::formats).
    pub(super) fn write(
        &mut self,
        number: usize,
        text: &str,
        output: &mut Output,
    ) -> Result<(), CliError> {
        match number.checked_sub(1) {
            None if self.answer == ReportFormat::Human => output.stdout(text),
            None => output.stdout_raw(text),
            Some(number) => {
                if let Some(report) = self.files.get_mut(number) {
                    report.write(text)?;
                }
            }
        }
        Ok(())
    }

    /// Answers, and writes every report.
    pub(super) fn publish(
        mut self,
        output: &mut Output,
        render: impl Fn(ReportFormat) -> String,
    ) -> Result<(), CliError> {
        let formats: Vec<_> = self.formats().collect();
        let mut numbered = formats.into_iter().enumerate();
        numbered.try_for_each(|(number, format)| self.write(number, &render(format), output))
    }
}

impl ReportTo {
    fn create(report: &ReportFile) -> Result<Self, CliError> {
        let ReportFile { format, file: path } = report;
        Self::new(*format, "--report", path, File::create(path))
    }

    fn append(path: &Path) -> Result<Self, CliError> {
        let file = OpenOptions::new().append(true).create(true).open(path);
        Self::new(ReportFormat::Markdown, STEP_SUMMARY, path, file)
    }

    fn new(
        format: ReportFormat,
        flag: &'static str,
        path: &Path,
        file: io::Result<File>,
    ) -> Result<Self, CliError> {
        let file = file.map_err(|error| cannot_write(flag, path, &error))?;
        Ok(Self { format, flag, path: path.to_owned(), file })
    }

    fn write(&mut self, text: &str) -> Result<(), CliError> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| cannot_write(self.flag, &self.path, &error))
    }
}

fn cannot_write(flag: &str, path: &Path, error: &io::Error) -> CliError {
    CliError::new(format!("{flag}: cannot write {}: {error}", path.display()))
}
