//! pgwh.toml: errors name their location and a fix, and changes keep everything else.

use std::path::Path;

use pgwh::text::Diagnostic;
use pgwh::webhooks::{
    Changes, ConfigEditError, STARTER, SecretSource, Subscription, Webhook, add, change, read_text,
    remove,
};

fn error(text: &str) -> (String, Vec<String>) {
    let error = Diagnostic::from(read_text(Path::new("pgwh.toml"), text).unwrap_err());
    (error.message, error.help)
}

const GOOD: &str = "[[webhook]]\nname = \"a\"\nurl = \"https://a.example.com/\"\n\
                    secret = { env = \"A\" }\n";

#[test]
fn errors_name_line_and_column_and_a_fix() {
    let cases = [
        ("retry = 3\n", "pgwh.toml:1:1: pgwh.toml has no key retry", "webhook, send, requests"),
        ("\n[sned]\n", ":2:2: pgwh.toml has no key sned", "did you mean send?"),
        ("[send]\ntimout = \"5s\"\n", ":2:1: [send] has no key timout", "did you mean timeout?"),
        ("[send]\n  timeout = 5\n", ":2:13: timeout is a text", ""),
        ("[send]\ntimeout = \"5\"\n", ":2:11: timeout: expected a number with a unit", ""),
        ("[send]\nretries = -1\n", ":2:11: retries is a number", ""),
        ("[send]\nca-cert = \"\"\n", ":2:11: ca-cert is empty", ""),
        ("send = 3\n", ":1:8: [send] holds keys", ""),
        ("[requests]\nkeep = \"all\"\n", ":2:8: keep is a number", ""),
        ("[webhook]\nname = \"a\"\n", "webhooks are a list", "[[webhook]], in two brackets"),
        ("[[webhook]]\nurl = \"https://a\"\n", ":1:1: [[webhook]] needs name", "as in name ="),
        ("[[webhook]]\nname = \"-x\"\nurl = 1\nsecret = 1\n", ":2:8: name: a webhook's name", ""),
        (
            "[[webhook]]\nname = \"ż\"\nulr = \"\"\n",
            ":3:1: [[webhook]] has no key ulr",
            "did you mean url?",
        ),
        ("a = \n", ":1:5", ""),
        ("[[webhook]]\nname = \"a\n", ":2:", ""),
    ];
    for (text, message, fix) in cases {
        let (said, help) = error(text);
        assert!(said.contains(message), "{text:?}: {said}");
        assert!(help.join("\n").contains(fix), "{text:?}: {help:?}");
    }
}

#[test]
fn errors_in_a_webhook_name_the_wrong_value() {
    let with = |from: &str, to: &str| GOOD.replace(from, to);
    let cases = [
        (with("https://a.example.com/", "localhost:3000"), ":3:7: url: expected an https or http"),
        (with("{ env = \"A\" }", "{ evn = \"A\" }"), ":4:12: secret has no key evn"),
        (with("{ env = \"A\" }", "{ env = \"\" }"), ":4:18: env is empty"),
        (with("{ env = \"A\" }", "{ env = \"A\", file = \"a\" }"), "secret has one source"),
        (with("{ env = \"A\" }", "{}"), "secret has one source"),
        (with("{ env = \"A\" }", "{ command = [] }"), "command is a program"),
        (with("{ env = \"A\" }", "{ command = \"pass\" }"), "command is a list of texts"),
        (format!("{GOOD}events = \"ClassesBooked\"\n"), ":5:10: events is \"all\" or a list"),
        (format!("{GOOD}events = [1]\n"), "events is a list of texts"),
        (format!("{GOOD}\n{GOOD}"), ":7:8: there are two webhooks with the name a"),
    ];
    for (text, message) in cases {
        let (said, _) = error(&text);
        assert!(said.contains(message), "{text}: {said}");
    }
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    let (said, help) = error(&GOOD.replace("{ env = \"A\" }", "\"hunter2\""));
    assert!(said.contains(":4:10: secrets don't belong in this file"), "{said}");
    assert!(help[0].contains("{ env = "), "{help:?}");
    for broken in ["secret = \"hunter2", "secret = hunter2", "secret = { env = hunter2 }"] {
        let (said, help) = error(&GOOD.replace("secret = { env = \"A\" }", broken));
        assert!(!format!("{said}{help:?}").contains("hunter2"), "{broken}: {said}");
    }
}

const COMMENTED: &str = "\
# Our webhooks.
# Ask Zaneta before you change them.

[send]
retries = 2 # flaky staging

# Bookings go to the new service.
[[webhook]]
name = \"booking\"
events = [\"ClassesBooked\"] # not the cancellations
url = \"http://localhost:3000/pgm\" # local
secret = { env = \"BOOKING\" }

# The CRM wants all of it.
[[webhook]]
url = \"https://crm.example.com/\"
name = \"crm\"
secret = { file = \"crm.secret\" }
# the end
";

fn webhook(name: &str) -> Webhook {
    Webhook {
        name: name.parse().unwrap(),
        url: "https://new.example.com/pgm".parse().unwrap(),
        events: Subscription::Only(vec!["Test".to_owned(), "UserModified".to_owned()]),
        secret: SecretSource::Command(vec!["pass".to_owned(), "pgm/\"new\"".to_owned()]),
        previous_secret: None,
    }
}

#[test]
fn adding_keeps_every_byte() {
    let added = add(COMMENTED, &webhook("new")).unwrap();
    let expected = "\n[[webhook]]\nname = \"new\"\nurl = \"https://new.example.com/pgm\"\n\
                    events = [\"Test\", \"UserModified\"]\n\
                    secret = { command = [\"pass\", 'pgm/\"new\"'] }\n";
    assert_eq!(added.replace(expected, ""), COMMENTED);
    for text in ["", "# nothing yet\n", "[send]\nretries = 1\n", STARTER, COMMENTED] {
        let before = read_text(Path::new("pgwh.toml"), text).unwrap();
        let text = add(text, &webhook("new")).unwrap();
        let after = read_text(Path::new("pgwh.toml"), &text).unwrap();
        assert_eq!(after.webhooks.len(), before.webhooks.len() + 1, "{text}");
        assert_eq!((&after.send, &after.requests), (&before.send, &before.requests), "{text}");
        let new = after.webhook("new").unwrap();
        assert_eq!((&new.events, &new.secret), (&webhook("new").events, &webhook("new").secret));
    }
}

#[test]
fn changing_touches_one_value_and_keeps_its_comment() {
    let changes =
        Changes { url: Some("http://localhost:4000/".parse().unwrap()), ..Changes::default() };
    let changed = change(COMMENTED, "booking", &changes).unwrap();
    assert_eq!(changed, COMMENTED.replace("http://localhost:3000/pgm", "http://localhost:4000/"));
    let changes = Changes {
        name: Some("bookings".parse().unwrap()),
        events: Some(Subscription::All),
        secret: Some(SecretSource::Env("NEW".to_owned())),
        ..Changes::default()
    };
    let changed = change(COMMENTED, "booking", &changes).unwrap();
    let expected = COMMENTED
        .replace("\"booking\"", "\"bookings\"")
        .replace("[\"ClassesBooked\"] #", "\"all\" #")
        .replace("\"BOOKING\"", "\"NEW\"");
    assert_eq!(changed, expected);
    let changes = Changes { events: Some(Subscription::All), ..Changes::default() };
    let changed = change(COMMENTED, "crm", &changes).unwrap();
    assert!(
        changed.contains("secret = { file = \"crm.secret\" }\nevents = \"all\"\n"),
        "{changed}"
    );
}

#[test]
fn removing_a_webhook_removes_its_own_comment() {
    let removed = remove(COMMENTED, "booking").unwrap();
    let start = COMMENTED.find("\n# Bookings").unwrap();
    let end = COMMENTED.find("\n# The CRM").unwrap();
    assert_eq!(removed, format!("{}{}", &COMMENTED[..start], &COMMENTED[end..]));
    let removed = remove(&removed, "crm").unwrap();
    assert!(removed.contains("Zaneta") && removed.contains("# the end"), "{removed}");
    assert!(!removed.contains("webhook]]"), "{removed}");
    assert!(matches!(remove(COMMENTED, "x"), Err(ConfigEditError::Missing(_))));
}

#[test]
fn comments_separated_by_an_empty_line_stay_when_the_webhook_below_is_removed() {
    let text = format!("# About this file.\n\n# Just a.\n{GOOD}\n[send]\nretries = 1\n");
    let removed = remove(&text, "a").unwrap();
    assert!(removed.contains("# About this file."), "{removed}");
    assert!(!removed.contains("# Just a."), "{removed}");
    let text =
        format!("# About this file.\n\n{GOOD}\n# Just b.\n{}", GOOD.replace("\"a\"", "\"b\""));
    let removed = remove(&text, "a").unwrap();
    assert!(removed.starts_with("# About this file.\n\n# Just b.\n[[webhook]]"), "{removed}");
}

#[test]
fn a_previous_secret_is_added_replaced_and_removed() {
    let with = |source| Changes { previous_secret: Some(source), ..Changes::default() };
    let added = change(GOOD, "a", &with(Some(SecretSource::Env("OLD".to_owned())))).unwrap();
    assert_eq!(added, format!("{GOOD}previous-secret = {{ env = \"OLD\" }}\n"));
    let config = read_text(Path::new("pgwh.toml"), &added).unwrap();
    assert_eq!(config.webhooks[0].previous_secret, Some(SecretSource::Env("OLD".to_owned())));
    assert_eq!(change(&added, "a", &with(None)).unwrap(), GOOD);
    let (message, _) = error(&format!("{GOOD}previous-secret = \"hunter2\"\n"));
    assert!(message.contains(":5:19: secrets don't belong in this file"), "{message}");
}

#[test]
fn events_that_look_mistyped_are_warned_of() {
    let warnings = |events: &str| {
        let text = format!("{GOOD}events = {events}\n");
        read_text(Path::new("pgwh.toml"), &text).unwrap().warnings
    };
    let typo = warnings("[\"Test\", \"ClassBooked\"]");
    assert_eq!(typo.len(), 1);
    assert!(
        typo[0].to_string().contains(":5:10: PGM is not known to have an event \"ClassBooked\"")
    );
    assert_eq!(Diagnostic::from(typo[0].clone()).help, ["did you mean ClassesBooked?"]);
    // Perhaps one that PGM has and pgwh does not know.
    assert!(warnings("[\"SomethingElse\"]").is_empty());
}
