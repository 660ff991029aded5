//! JUnit XML, which CI systems show as test results.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{escape, escape_block};

/// A suite, as it grows.
#[derive(Debug)]
pub(super) struct Suite(TestSuite);

/// The outcome of a case. Texts are escaped here; those in attributes are one line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case<'a> {
    /// It passed, with something to say.
    Passed(&'a str),
    /// It failed: its type, the message, and more.
    Failed(&'a str, &'a str, &'a str),
    /// It could not be examined: the same.
    Error(&'a str, &'a str, &'a str),
    /// It was left out, or is only a recommendation.
    Skipped(&'a str),
}

impl Suite {
    /// A suite without cases.
    pub(super) fn new(name: &str) -> Self {
        Self(TestSuite::new(escape(name)))
    }

    /// Adds a case that took `elapsed`.
    pub(super) fn add(&mut self, class: &str, name: &str, elapsed: Duration, case: Case<'_>) {
        let unsuccessful = |kind, (r#type, message, text): (&str, &str, &str)| {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_type(escape(r#type));
            status.set_message(escape(message)).set_description(escape_block(text));
            status
        };
        let status = match case {
            Case::Passed(_) => TestCaseStatus::success(),
            Case::Failed(r#type, message, text) => {
                unsuccessful(NonSuccessKind::Failure, (r#type, message, text))
            }
            Case::Error(r#type, message, text) => {
                unsuccessful(NonSuccessKind::Error, (r#type, message, text))
            }
            Case::Skipped(message) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(escape(message));
                status
            }
        };
        let mut test_case = TestCase::new(escape(name), status);
        test_case.set_classname(escape(class)).set_time(elapsed);
        if let Case::Passed(text) = case {
            test_case.set_system_out(escape_block(text));
        }
        self.0.add_test_case(test_case);
    }
}

/// The document of all suites, each of which took as long as its cases together.
pub(super) fn document(suites: impl IntoIterator<Item = Suite>) -> String {
    let mut report = Report::unnamed();
    for Suite(mut suite) in suites {
        let elapsed = suite.test_cases.iter().filter_map(|case| case.time).sum();
        suite.set_time(elapsed);
        report.set_time(report.time.unwrap_or_default() + elapsed);
        report.add_test_suite(suite);
    }
    // Writing to memory cannot fail.
    report.to_string().unwrap_or_default()
}
