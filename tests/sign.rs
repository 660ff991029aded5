//! `pgwh sign`

mod support;

use std::process::Command;

use serde_json::Value;
use support::server::Target;
use support::{SECRET, assert_matches_schema, pgwh, run, run_with_stdin};

const ID: &str = "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4";
// printf '%s' '7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4:correct-horse-battery-staple' | md5sum
const SIGNATURE: &str = "7676a4495df92546d401bdeabbda6428";

fn sign(args: &[&str]) -> String {
    run(["sign", "--request-id", ID].iter().chain(args)).exits(0).stdout
}

#[test]
fn an_id_alone_gives_its_two_headers() {
    let headers = format!("X-PerfectGym-Request: {ID}\nX-PerfectGym-Signature: {SIGNATURE}\n");
    assert_eq!(sign(&[]), headers);
    assert_eq!(sign(&["--as", "headers"]), headers);
    assert_eq!(sign(&["--as", "signature"]), format!("{SIGNATURE}\n"));
    assert!(run(["sign", "--request-id", ID, "--as", "curl"]).refused().stderr.contains("event"));
    run(["sign"]).refused();
}

#[test]
fn the_whole_request_is_printed_as_http() {
    let args =
        ["Test", "--triggered-date", "2020-06-01", "--data", "{}", "--url", "http://h:81/p?q"];
    let expected = format!(
        "POST /p?q HTTP/1.1\r\nHost: h:81\r\nAccept: */*\r\nContent-Type: application/json\r\n\
         User-Agent: pgwh/{}\r\nX-PerfectGym-Request: {ID}\r\n\
         X-PerfectGym-Signature: {SIGNATURE}\r\nContent-Length: 65\r\n\r\n{}",
        env!("CARGO_PKG_VERSION"),
        r#"{"event":"Test","triggeredDate":"2020-06-01T00:00:00Z","data":{}}"#,
    );
    assert_eq!(sign(&args), expected);
}

#[test]
fn json_holds_all_of_it() {
    let json: Value = serde_json::from_str(&sign(&["Test", "--as", "json"])).unwrap();
    assert_matches_schema("signed-request.schema.json", &json);
    let binary = run_with_stdin(pgwh(["sign", "--body", "-", "--as", "json"]), b"\xff").exits(0);
    assert_matches_schema("signed-request.schema.json", &binary.json());
    assert_eq!((&json["event"], &json["method"]), (&"Test".into(), &"POST".into()));
    assert_eq!(json["requestId"], ID);
    assert_eq!(json["headers"]["X-PerfectGym-Signature"], SIGNATURE);
    let body: Value = serde_json::from_str(json["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["event"], "Test");
}

/// The command is run by a real shell and curl: what arrives must be what was signed.
#[test]
fn the_curl_command_sends_the_same_bytes_through_a_shell() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: curl is not installed");
        return;
    }
    let long = vec![b'x'; 300_000];
    let bodies: [&[u8]; 7] = [
        &long,
        b"tab\tescape\x1b[31m",
        b"{\"name\":\"O'Brien\",\"text\":\"two\\nlines\"}",
        "line one\nline 'two' $HOME `id` \\ \" ! żółć 🏋️\n".as_bytes(),
        b"@looks-like-a-file",
        b"\xff\xfe\x00binary\x00",
        b"",
    ];
    for body in bodies {
        let target = Target::responding(200, "Ok");
        let url = target.url("/it's[1-3]?a=b&c='d'{x,y}");
        let sign = pgwh(["sign", "--as", "curl", "--body", "-", "--request-id", ID, "--url", &url]);
        let command = run_with_stdin(sign, body).exits(0).stdout;
        let mut shell = Command::new("sh");
        shell.env("NO_PROXY", "*");
        run_with_stdin(shell, command.as_bytes()).exits(0);
        let seen = target.seen();
        assert_eq!(seen.len(), 1, "{command}");
        let seen = &seen[0];
        assert_eq!(seen.body, body, "{command}");
        assert_eq!(seen.header("x-perfectgym-signature"), Some(SIGNATURE));
        assert_eq!(seen.header("content-type"), Some("application/json"));
    }
}

#[test]
fn the_hurl_file_expects_what_pgm_requires_and_keeps_the_bytes_of_odd_bodies() {
    let plain = sign(&["--as", "hurl", "--body", r#"{"event":"Test"}"#]);
    assert!(plain.starts_with("POST https://example.com/pgm\n"), "{plain}");
    assert!(plain.contains(&format!("\nX-PerfectGym-Signature: {SIGNATURE}\n")), "{plain}");
    assert!(plain.contains("\n`{\"event\":\"Test\"}`\nHTTP *\n"), "{plain}");
    assert!(plain.ends_with("status >= 200\nstatus < 300\nduration < 5000\n"), "{plain}");
    for odd in ["{{x}}", "`", "a\nb", r#"{"a":"\\n"}"#, "a # b"] {
        let text = sign(&["--as", "hurl", "--body", odd]);
        let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, odd);
        assert!(text.contains(&format!("\nbase64,{encoded};\n")), "{text}");
    }
}

#[test]
fn the_secret_is_not_in_any_form() {
    for form in ["http", "headers", "signature", "json", "curl", "hurl"] {
        assert!(!sign(&["Test", "--as", form]).contains(SECRET), "{form}");
    }
}

#[test]
fn the_secret_and_url_of_a_webhook_are_used() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("pgwh.toml");
    let text = "[[webhook]]\nname = \"staging\"\nurl = \"https://staging.example.com/pgm\"\n\
                secret = { env = \"STAGING_SECRET\" }\n";
    std::fs::write(&config, text).unwrap();
    let signed = |args: &[&str]| {
        let named = ["sign", "Test", "--webhook", "staging", "--as", "json", "--request-id", ID];
        let config = ["--config", config.to_str().unwrap()];
        let mut command = pgwh(named.iter().chain(&config).chain(args));
        command.env_remove("PGWH_SECRET").env("STAGING_SECRET", SECRET);
        support::Ran::from(command.output().unwrap()).exits(0).json()
    };
    let json = signed(&[]);
    assert_eq!(
        (&json["url"], &json["signature"]),
        (&"https://staging.example.com/pgm".into(), &SIGNATURE.into())
    );
    assert_eq!(signed(&["--url", "http://localhost:1/x"])["url"], "http://localhost:1/x");
}
