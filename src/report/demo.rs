//! What `pgwh demo` prints between the reports of the commands that it shows.

use url::Url;

use super::Palette;

/// What is about to be shown.
pub fn header(url: &Url, palette: Palette) -> String {
    format!(
        "{} Nothing leaves this machine: {} stands in for your receiver.\n{}\n",
        palette.bold("pgwh plays PGM."),
        palette.highlight(url.as_str()),
        palette.dim("It fails the first request, as yours may on a bad day."),
    )
}

/// The next step, and the command that does it.
pub fn step(what: &str, command: &str, palette: Palette) -> String {
    format!("\n{}\n{}\n", palette.bold(what), palette.dim(&format!("$ {command}")))
}

/// What to try next.
pub fn footer(palette: Palette) -> String {
    let next = [
        ("pgwh events", "what PGM can send"),
        ("pgwh send Test --url http://localhost:3000/…", "call your own receiver"),
        ("pgwh check-target https://…", "is it ready for PGM?"),
        ("pgwh verify capture.json", "why does that signature not match?"),
        ("pgwh --help", "all commands"),
    ];
    let lines: String = next
        .iter()
        .map(|(command, what)| {
            format!("  {}  {what}\n", palette.highlight(&format!("{command:<44}")))
        })
        .collect();
    format!("\n{}\n{lines}", palette.bold("Now try:"))
}
