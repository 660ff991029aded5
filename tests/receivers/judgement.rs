//! Who is let in: the receivers and `pgwh listen --reject-invalid` agree with one strict rule,
//! and so with each other, on odd ids and signatures. The requests are bytes on a socket; nothing
//! of pgwh takes part in making them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use md5::{Digest, Md5};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use super::fleet::{Copy, runnable};
use super::support::server::closed_port;
use super::support::{SECRET, pgwh};

const OLD_SECRET: &str = "the secret that was valid before";
const LISTEN: &str = "pgwh listen";
const ID: &str = "X-PerfectGym-Request";
const SIGNATURE: &str = "X-PerfectGym-Signature";

/// A header line without its line break.
type Line = Vec<u8>;

/// A running receiver. It and its children end with the value.
struct Running {
    name: &'static str,
    port: u16,
    child: Child,
    _copy: Option<Copy>,
}

impl Running {
    fn start(name: &'static str, command: &mut Command, port: u16, copy: Option<Copy>) -> Self {
        use std::os::unix::process::CommandExt;
        command.env("PGM_WEBHOOK_SECRET", SECRET).env("PGM_WEBHOOK_SECRET_OLD", OLD_SECRET);
        command.env("PORT", port.to_string()).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { name, port, child: command.spawn().unwrap(), _copy: copy }
    }

    fn wait_until_it_listens(&self) {
        let deadline = Instant::now() + Duration::from_secs(120);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "{} does not listen", self.name);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether the receiver lets a request with these header lines in.
    fn accepts(&self, lines: &[Line]) -> bool {
        const BODY: &[u8] =
            br#"{"event":"Test","triggeredDate":"2020-06-01T14:44:46Z","data":null}"#;
        let mut request = format!(
            "POST /pgm HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n",
            BODY.len()
        )
        .into_bytes();
        for line in lines {
            request.extend_from_slice(line);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(BODY);
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // Whoever refuses the head may close before all is written.
        _ = socket.write_all(&request);
        let mut status = String::new();
        let mut response = BufReader::new(socket);
        match response.read_line(&mut status) {
            Ok(_) => {
                _ = response.read_to_end(&mut Vec::new());
                status.starts_with("HTTP/1.1 2")
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("{}: {error} after {status:?}", self.name),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        _ = self.child.wait();
    }
}

fn start_all() -> Vec<Running> {
    let mut all: Vec<_> = runnable()
        .into_iter()
        .map(|receiver| {
            let copy = receiver.copy();
            let mut command = Command::new("sh");
            command.args(["-c", &copy.command()]);
            Running::start(receiver.name, &mut command, closed_port(), Some(copy))
        })
        .collect();
    let port = closed_port();
    let address = format!("127.0.0.1:{port}");
    let mut listen = pgwh(["listen", "--addr", &address, "--reject-invalid"]);
    listen.env("PGWH_SECRET", SECRET);
    all.push(Running::start(LISTEN, &mut listen, port, None));
    all.iter().for_each(Running::wait_until_it_listens);
    all
}

fn sign(id: &[u8], secret: &str) -> String {
    hex::encode(Md5::digest([id, b":", secret.as_bytes()].concat()))
}

/// The strict rule: one header of each name, HTTP's own blanks taken off, an id of printable ASCII
/// without a comma, and its signature in hex of either case.
fn is_genuine(lines: &[Line], secrets: &[&str]) -> bool {
    let values = |name: &str| -> Vec<&[u8]> {
        let named = lines.iter().filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            line[..colon]
                .eq_ignore_ascii_case(name.as_bytes())
                .then(|| blanks_off(&line[colon + 1..]))
        });
        named.collect()
    };
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    if lines.iter().flatten().any(is_control) {
        return false; // no HTTP
    }
    let (ids, signatures) = (values(ID), values(SIGNATURE));
    let ([id], [signature]) = (&ids[..], &signatures[..]) else { return false };
    let printable = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b',';
    !id.is_empty()
        && id.iter().all(printable)
        && secrets.iter().any(|secret| sign(id, secret).as_bytes().eq_ignore_ascii_case(signature))
}

fn blanks_off(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// What is put before, behind and into values: blanks of every kind, control characters, commas,
/// quotes, bytes that are not UTF-8.
const ODDITIES: &[&[u8]] = &[
    b" ",
    b"\t",
    b"  ",
    b" \t ",
    b",",
    b", ",
    b" ,",
    b",,",
    b";",
    b"\"",
    b"'",
    b"0",
    b"00",
    b"=",
    b":",
    b"\0",
    b"\x01",
    b"\x08",
    b"\x0b",
    b"\x0c",
    b"\x1b",
    b"\x1c",
    b"\x1f",
    b"\x7f",
    b"\r",
    b"\x85",
    b"\xa0",
    b"\xff",
    b"\xc2\x85",
    b"\xc2\xa0",
    b"\xe1\x9a\x80",
    b"\xe2\x80\x80",
    b"\xe2\x80\x89",
    b"\xe2\x80\x8b",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xaf",
    b"\xe2\x81\xa0",
    b"\xe3\x80\x80",
    b"\xef\xbb\xbf",
    b"md5=",
    b"Bearer ",
    b"\xc4\x85",
    b"%20",
    b"+",
    b"\\n",
    b"undefined",
    b"null",
];

/// Names that are nearly one of the two.
fn near(name: &'static str) -> impl Strategy<Value = String> + Clone {
    select(vec![
        name.to_owned(),
        name.to_lowercase(),
        name.to_uppercase(),
        format!("Not-{name}"),
        format!("Old-{name}"),
        format!("X-{name}"),
        format!("{name}-Id"),
        name.trim_start_matches("X-").to_owned(),
        name.replace("PerfectGym", "Perfect-Gym"),
        name.replace('-', ""),
    ])
}

/// A value: as it is, or with an oddity before, behind or within it, or another value altogether.
fn odd(value: Vec<u8>) -> impl Strategy<Value = Vec<u8>> + Clone {
    let oddity = || select(ODDITIES);
    prop_oneof![
        4 => Just(value.clone()),
        2 => oddity().prop_map({ let value = value.clone(); move |odd| [odd, &value].concat() }),
        2 => oddity().prop_map({ let value = value.clone(); move |odd| [&value, odd].concat() }),
        1 => (oddity(), any::<prop::sample::Index>()).prop_map({
            let value = value.clone();
            move |(odd, at)| {
                let at = at.index(value.len() + 1);
                [&value[..at], odd, &value[at..]].concat()
            }
        }),
        1 => Just([&value[..], b", ", &value].concat()),
        1 => Just([&value[..], b",", &value].concat()),
        1 => Just(value.to_ascii_uppercase()),
        1 => any::<prop::sample::Index>().prop_map(move |at| {
            value[..at.index(value.len() + 1)].to_vec()
        }),
        1 => oddity().prop_map(<[u8]>::to_vec),
        1 => Just(Vec::new()),
    ]
}

/// The lines of one header: usually one, at times none, a repeated one or one of a near name.
fn header(name: &'static str, value: Vec<u8>) -> impl Strategy<Value = Vec<Line>> {
    let line = |(name, space, value): (String, &'static str, Vec<u8>)| {
        [name.as_bytes(), b":", space.as_bytes(), &value].concat()
    };
    let any_space = || select(vec![" ", "", "\t", "  "]);
    let usual = (Just(name.to_owned()), any_space(), Just(value.clone())).prop_map(line);
    let odd_value = (Just(name.to_owned()), any_space(), odd(value.clone())).prop_map(line);
    let odd_name = (near(name), Just(" "), Just(value)).prop_map(line);
    prop_oneof![
        3 => usual.clone().prop_map(|line| vec![line]),
        6 => odd_value.clone().prop_map(|line| vec![line]),
        2 => odd_name.clone().prop_map(|line| vec![line]),
        1 => (usual.clone(), usual.clone()).prop_map(|(one, two)| vec![one, two]),
        2 => (odd_value, usual.clone()).prop_map(|(one, two)| vec![one, two]),
        1 => (odd_name, usual).prop_map(|(one, two)| vec![one, two]),
        1 => Just(Vec::new()),
    ]
    .prop_flat_map(|lines| Just(lines).prop_shuffle())
}

/// Header lines of a request. The signature is of the id as it was meant, of the id as it is sent,
/// or of what a careless receiver might make of it.
fn request() -> impl Strategy<Value = Vec<Line>> {
    let id = prop_oneof![
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"
            .prop_map(String::into_bytes),
        "[!-+\\--~]{1,40}".prop_map(String::into_bytes),
        "[!-+\\--~]{1,9} {1,2}[!-+\\--~]{1,9}".prop_map(String::into_bytes),
    ];
    let signed_how = select(vec!["meant", "meant", "sent", "trimmed", "as Latin-1", "joined"]);
    (id, signed_how, select(vec![SECRET, SECRET, SECRET, "another secret"])).prop_flat_map(
        |(id, how, secret)| {
            header(ID, id.clone()).prop_flat_map(move |ids| {
                let value = |line: &Line| {
                    let colon = line.iter().position(|byte| *byte == b':').unwrap();
                    blanks_off(&line[colon + 1..]).to_vec()
                };
                let sent: Vec<Vec<u8>> = ids.iter().map(value).collect();
                let first = sent.first().unwrap_or(&id);
                let signed = match how {
                    "sent" => first.clone(),
                    "trimmed" => String::from_utf8_lossy(first).trim().as_bytes().to_vec(),
                    "as Latin-1" => {
                        first.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
                    }
                    "joined" => sent.join(&b", "[..]),
                    _ => id.clone(),
                };
                let signature = sign(&signed, secret).into_bytes();
                header(SIGNATURE, signature)
                    .prop_map(move |signatures| [ids.clone(), signatures].concat())
            })
        },
    )
}

/// What the HTTP server under a receiver changes before the receiver sees it, so that the receiver
/// cannot be strict about it.
fn is_changed_by_its_server(name: &str, lines: &[Line]) -> bool {
    match name {
        // The JDK's server strips control characters at the ends, and makes a tab a space.
        "java" => lines.iter().flatten().any(u8::is_ascii_control),
        _ => false,
    }
}

fn all_let_the_same_requests_in(receivers: &[Running]) {
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let judged = TestRunner::new(config).run(&request(), |lines| {
        let expected = is_genuine(&lines, &[SECRET]);
        for receiver in receivers {
            if !is_changed_by_its_server(receiver.name, &lines) {
                let accepts = receiver.accepts(&lines);
                let shown: Vec<_> =
                    lines.iter().map(|line| line.escape_ascii().to_string()).collect();
                prop_assert_eq!(accepts, expected, "{} on {:#?}", receiver.name, shown);
            }
        }
        Ok(())
    });
    judged.unwrap();
}

/// Header lines with this id, signed with this secret.
fn signed(id: &str, secret: &str) -> Vec<Line> {
    let line = |name: &str, value: &str| format!("{name}: {value}").into_bytes();
    vec![line(ID, id), line(SIGNATURE, &sign(id.as_bytes(), secret))]
}

fn a_second_secret_is_accepted_while_one_is_changed(receivers: &[Running]) {
    for receiver in receivers.iter().filter(|receiver| receiver.name != LISTEN) {
        assert!(receiver.accepts(&signed("1", SECRET)), "{}", receiver.name);
        assert!(receiver.accepts(&signed("1", OLD_SECRET)), "{}", receiver.name);
        assert!(!receiver.accepts(&signed("1", "")), "{}", receiver.name);
    }
}

/// Rack writes header names like CGI, in which a hyphen and an underscore are the same.
fn names_with_underscores_count_for_rack_only(receivers: &[Running]) {
    let mut lines = signed("1", SECRET);
    for byte in lines.iter_mut().flatten().filter(|byte| **byte == b'-') {
        *byte = b'_';
    }
    for receiver in receivers {
        assert_eq!(receiver.accepts(&lines), receiver.name == "ruby", "{}", receiver.name);
    }
}

#[test]
fn receivers_and_listen_agree() {
    let receivers = start_all();
    a_second_secret_is_accepted_while_one_is_changed(&receivers);
    names_with_underscores_count_for_rack_only(&receivers);
    all_let_the_same_requests_in(&receivers);
}
