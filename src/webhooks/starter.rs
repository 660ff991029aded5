//! The file that `pgwh webhook init` writes.

/// A commented example that is valid as it is: one webhook, the rest commented out.
pub const STARTER: &str = r#"# The webhooks of Perfect Gym (PGM) that pgwh plays, as PGM's own webhooks list has them.
# This file is safe to commit: it says where a secret is, never the secret itself.

[[webhook]]
name = "booking"
url = "http://localhost:3000/pgm"
events = ["ClassesBooked", "ClassesBookingCancelled"]
secret = { env = "PGM_BOOKING_SECRET" }

# [[webhook]]
# name = "crm"
# url = "https://staging.example.com/hooks/pgm"
# events = "all"                                    # also those that PGM will add
# secret = { file = "secrets/crm.secret" }          # relative to this file; keep it out of git
# secret = { command = ["pass", "show", "pgm/crm"] }  # or what a password manager prints

# What `pgwh send` does when a flag is not typed.
[send]
# timeout = "5s"          # PGM waits 5 seconds
# retries = 3
# fixtures = "payloads"   # a folder of your own payloads, NAME.json each
# ca-cert = "dev-ca.pem"  # trust only the authorities in this file

# What `pgwh requests` keeps; older requests are irreversibly removed.
[requests]
# keep = 1000
# older-than = "30d"
"#;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::webhooks::read_text;

    #[test]
    fn it_is_valid_and_so_is_each_line_of_it_without_its_hash() {
        let config = read_text(Path::new("pgwh.toml"), STARTER).unwrap();
        assert_eq!(config.webhooks.len(), 1);
        let line = |line: &str| match line.strip_prefix("# ") {
            Some(code) if code.contains(" = ") && !code.contains("command = ") => code.to_owned(),
            Some("[[webhook]]") => "[[webhook]]".to_owned(),
            _ => line.to_owned(),
        };
        let all: Vec<_> = STARTER.lines().map(line).collect();
        let config = read_text(Path::new("pgwh.toml"), &all.join("\n")).unwrap();
        assert_eq!(config.webhooks.len(), 2);
        assert_eq!((config.send.retries, config.requests.keep), (Some(3), Some(1000)));
    }
}
