//! What `listen` says of itself before the first request.

use serde_json::{Value, json};

use super::{Palette, escape};

/// How a receiver is set up, in words.
#[derive(Debug, Default)]
pub struct Ready {
    /// Where it listens.
    pub url: String,
    /// The names of the secrets it accepts: their webhooks, or empty.
    pub secrets: Vec<String>,
    /// Where captures go.
    pub saving: Option<String>,
    /// Where payloads go.
    pub fixtures: Option<String>,
    /// Where requests are passed on to.
    pub forwarding: Vec<String>,
    /// What is answered on purpose, if it is not the usual 200.
    pub answering: Option<String>,
    /// Where chance comes from, when there is chance.
    pub seed: Option<u64>,
    /// The file with the authority to trust.
    pub authority: Option<String>,
}

impl Ready {
    /// The ready line, and a line for each thing that was asked for.
    pub fn human(&self, paint: Palette) -> String {
        let mut text = format!(
            "{} Listening on {} (times are UTC, Ctrl-C ends)\n",
            paint.good("Ready!"),
            paint.name(&self.url)
        );
        let mut line = |label: &str, value: &str| {
            text += &format!("  {} {}\n", paint.faint(&format!("{label:<10}")), escape(value));
        };
        match self.secrets.len() {
            0 => line("checking", "nothing: there is no secret (--secret-file, PGWH_SECRET)"),
            _ if self.secrets.iter().all(String::is_empty) => line("checking", "signatures"),
            _ => line("checking", &format!("signatures of {}", self.secrets.join(", "))),
        }
        let lines = [
            ("saving to", &self.saving),
            ("payloads", &self.fixtures),
            ("answering", &self.answering),
            ("authority", &self.authority),
        ];
        for (label, value) in lines {
            value.iter().for_each(|value| line(label, value));
        }
        for url in &self.forwarding {
            line("forwarding", url);
        }
        if let Some(seed) = self.seed {
            line("chance", &format!("--seed {seed} repeats it"));
        }
        text
    }

    /// One line of JSON.
    pub fn json(&self) -> String {
        let object: Value = json!({
            "type": "ready",
            "url": self.url,
            "checking": !self.secrets.is_empty(),
            "webhooks": self.secrets.iter().filter(|name| !name.is_empty()).collect::<Vec<_>>(),
            "save": self.saving,
            "saveFixtures": self.fixtures,
            "forwardTo": self.forwarding,
            "seed": self.seed,
            "tlsCa": self.authority,
        });
        format!("{object}\n")
    }
}
