//! Reports: one on standard output, others in files.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::CliError;
use crate::cli::NO_STANDARD_OUTPUT;
use crate::files::error_text;
use crate::report::{Output, OutputFormat, ReportFormat};

/// The variable that names the file for a step's summary in GitHub Actions, as Markdown.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The output format, and reports in files.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub(super) struct ReportArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub(super) format: ReportFormat,
    /// Also write a report to FILE; repeatable
    #[arg(
        long,
        value_name = "FORMAT=FILE",
        value_parser = report_file(ReportFormat::value_variants()),
    )]
    report: Vec<ReportFile>,
}

impl ReportArgs {
    /// Opens the reports.
    pub fn open(&self) -> Result<Reports, CliError> {
        Reports::open(self.format, &self.report)
    }

    /// The format of what a flag prints that is no report.
    pub fn human_or_json(&self, flag: &str) -> Result<OutputFormat, CliError> {
        human_or_json(self.format)
            .ok_or_else(|| CliError::new(format!("{flag} needs --format human or json")))
    }
}

/// The format of a text that is no report, if it is one for people or for programs.
pub(super) fn human_or_json(format: ReportFormat) -> Option<OutputFormat> {
    match format {
        ReportFormat::Human => Some(OutputFormat::Human),
        ReportFormat::Json => Some(OutputFormat::Json),
        _ => None,
    }
}

/// `FORMAT=FILE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportFile {
    /// The format.
    pub(super) format: ReportFormat,
    file: PathBuf,
}

/// Reads `FORMAT=FILE` with one of these formats.
pub(super) fn report_file(
    known: &'static [ReportFormat],
) -> impl Fn(&str) -> Result<ReportFile, String> + Clone {
    move |text| {
        let expected = || {
            let names = known.iter().filter_map(ValueEnum::to_possible_value);
            let names: Vec<_> = names.map(|value| value.get_name().to_owned()).collect();
            let (example, names) = (names.first().cloned().unwrap_or_default(), names.join(", "));
            format!("expected FORMAT=FILE, as in {example}=FILE; formats: {names}")
        };
        let (format, file) = text.split_once('=').ok_or_else(expected)?;
        let format = ReportFormat::from_str(format, false).map_err(|_| expected())?;
        match file {
            _ if !known.contains(&format) => Err(expected()),
            "" => Err(expected()),
            "-" => Err(NO_STANDARD_OUTPUT.to_owned()),
            _ => Ok(ReportFile { format, file: file.into() }),
        }
    }
}

/// The reports of a run. Their files are opened before the work, so that a path that cannot be written
/// is an error at once.
#[derive(Debug)]
pub(super) struct Reports {
    stdout: ReportFormat,
    files: Vec<FileReport>,
}

/// A report in a file.
#[derive(Debug)]
struct FileReport {
    format: ReportFormat,
    /// The flag or variable that names the file.
    flag: &'static str,
    path: PathBuf,
    file: File,
}

impl Reports {
    /// Opens the files. The report on standard output has the format `stdout`.
    pub fn open(stdout: ReportFormat, named: &[ReportFile]) -> Result<Self, CliError> {
        let file = |ReportFile { format, file: path }: &ReportFile| {
            FileReport::new(*format, "--report", path, File::create(path))
        };
        let mut files = named.iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let mut formats = named.iter().map(|report| report.format).chain([stdout]);
        let for_github = formats.any(|format| format == ReportFormat::Github);
        let summary = std::env::var_os(STEP_SUMMARY).filter(|path| for_github && !path.is_empty());
        if let Some(path) = summary {
            let path = Path::new(&path);
            let file = File::options().append(true).create(true).open(path);
            files.push(FileReport::new(ReportFormat::Markdown, STEP_SUMMARY, path, file)?);
        }
        Ok(Self { stdout, files })
    }

    /// The format of each report; the first one goes to standard output.
    pub fn formats(&self) -> impl Iterator<Item = ReportFormat> {
        std::iter::once(self.stdout).chain(self.files.iter().map(|report| report.format))
    }

    /// Writes a piece of a report; `index` is its position in [`formats`](Self::formats).
    pub fn write(&mut self, index: usize, text: &str, output: &mut Output) -> Result<(), CliError> {
        match index.checked_sub(1) {
            None if self.stdout == ReportFormat::Human => output.stdout(text),
            None => output.stdout_raw(text),
            Some(index) => {
                if let Some(report) = self.files.get_mut(index) {
                    report.write(text)?;
                }
            }
        }
        Ok(())
    }

    /// Writes every report whole.
    pub fn publish(
        mut self,
        output: &mut Output,
        render: impl Fn(ReportFormat) -> String,
    ) -> Result<(), CliError> {
        let formats: Vec<_> = self.formats().collect();
        let mut indexed = formats.into_iter().enumerate();
        indexed.try_for_each(|(index, format)| self.write(index, &render(format), output))
    }
}

impl FileReport {
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

/// The error of a flag whose file cannot be written.
pub(super) fn cannot_write(flag: &str, path: &Path, error: &io::Error) -> CliError {
    CliError::new(format!("{flag}: cannot write {}: {}", path.display(), error_text(error)))
}
