//! JUnit XML, which CI systems show as test results.

use super::xml::escape_xml;

/// A document of one suite, as it grows.
#[derive(Debug, Default)]
pub(super) struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// What became of a case. Texts are escaped here.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case<'a> {
    /// It went as it should, with something to say.
    Passed(&'a str),
    /// It was looked at, and is not as it should be: its type, the message, and more.
    Failed(&'a str, &'a str, &'a str),
    /// It could not be looked at: the same.
    Error(&'a str, &'a str, &'a str),
    /// It was left out, or is only advice.
    Skipped(&'a str),
}

impl Suite {
    /// Adds a case. `seconds` is how long it took.
    pub(super) fn add(&mut self, class: &str, name: &str, seconds: f64, case: Case<'_>) {
        self.tests += 1;
        let outcome = match case {
            Case::Passed(text) => format!("<system-out>{}</system-out>", escape_xml(text)),
            Case::Failed(kind, message, text) => {
                self.failures += 1;
                element("failure", kind, message, text)
            }
            Case::Error(kind, message, text) => {
                self.errors += 1;
                element("error", kind, message, text)
            }
            Case::Skipped(message) => {
                self.skipped += 1;
                format!("<skipped message=\"{}\"/>", escape_xml(message))
            }
        };
        self.cases += &format!(
            "    <testcase classname=\"{}\" name=\"{}\" time=\"{seconds:.3}\">\n      {outcome}\n    \
             </testcase>\n",
            escape_xml(class),
            escape_xml(name),
        );
    }

    /// The document.
    pub(super) fn document(&self, name: &str, seconds: f64) -> String {
        let Self { cases, tests, failures, errors, skipped } = self;
        let counts = format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" \
             time=\"{seconds:.3}\""
        );
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  \
             <testsuite name=\"{}\" {counts}>\n{cases}  </testsuite>\n</testsuites>\n",
            escape_xml(name)
        )
    }
}

fn element(name: &str, kind: &str, message: &str, text: &str) -> String {
    format!(
        "<{name} type=\"{}\" message=\"{}\">{}</{name}>",
        escape_xml(kind),
        escape_xml(message),
        escape_xml(text)
    )
}
