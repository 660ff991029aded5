//! A check as annotations of GitHub Actions.

use crate::check::{Check, Fitness, Level, Report, Word};

/// One annotation for each check that deserves one, and one for the verdict.
pub fn check_github(report: &Report) -> String {
    let mut text: String =
        report.checks.iter().filter_map(|check| annotation(check, report)).collect();
    let summary = report.summary();
    text += &match &report.fitness {
        Fitness::Fit => command("notice", "pgwh check-target", &summary),
        Fitness::Unfit => command("error", "pgwh check-target", &summary),
        Fitness::Unreachable { reason, hint } => {
            command("error", "pgwh check-target", &format!("{summary}: {reason}\n{hint}"))
        }
    };
    text
}

fn annotation(check: &Check, report: &Report) -> Option<String> {
    let kind = match (check.judgement.word, check.level) {
        (Word::Fail, _) if report.decides(check) => "error",
        (Word::Fail, _) => "warning",
        (Word::Warn, Level::Must | Level::Should) => "warning",
        _ => return None,
    };
    let hint = check.judgement.hint.as_deref().unwrap_or_default();
    let text = format!("{}\n{hint}", check.judgement.evidence);
    Some(command(kind, &format!("pgwh {}", check.id), text.trim_end()))
}

/// `::error title=…::…`; a line break in it would end it, and begin the target's own command.
fn command(kind: &str, title: &str, text: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} title={property}::{}\n", data(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_cannot_speak_to_the_runner() {
        assert_eq!(
            command("error", "a: b, c", "100 %\r\n::set-output name=x::y"),
            "::error title=a%3A b%2C c::100 %25%0D%0A::set-output name=x::y\n"
        );
    }
}
