//! JUnit XML, which CI systems show as test results.

use super::xml::escape_xml;

/// A suite, as it grows.
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

    /// The suite, complete. `seconds` is how long all of it took.
    pub(super) fn close(&self, name: &str, seconds: f64) -> Closed {
        let counts = [self.tests, self.failures, self.errors, self.skipped];
        let xml = format!(
            "  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n",
            escape_xml(name),
            attributes(counts, seconds),
            self.cases
        );
        Closed { xml, counts, seconds }
    }
}

/// A suite that is complete.
#[derive(Debug)]
pub(super) struct Closed {
    xml: String,
    counts: [usize; 4],
    seconds: f64,
}

/// The document of all suites.
pub(super) fn document(suites: &[Closed]) -> String {
    let sum = |n: usize| suites.iter().map(|suite| suite.counts[n]).sum();
    let counts = [0, 1, 2, 3].map(sum);
    let seconds = suites.iter().map(|suite| suite.seconds).sum();
    let suites: String = suites.iter().map(|suite| suite.xml.as_str()).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n{suites}</testsuites>\n",
        attributes(counts, seconds)
    )
}

fn attributes([tests, failures, errors, skipped]: [usize; 4], seconds: f64) -> String {
    format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" \
         time=\"{seconds:.3}\""
    )
}

fn element(name: &str, kind: &str, message: &str, text: &str) -> String {
    format!(
        "<{name} type=\"{}\" message=\"{}\">{}</{name}>",
        escape_xml(kind),
        escape_xml(message),
        escape_xml(text)
    )
}
