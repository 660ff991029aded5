//! Responses of every kind, most of them valid.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::target::Scene;

/// A response, and how it comes.
pub(super) fn scene() -> impl Strategy<Value = Scene> {
    let bytes = (interim(), response(), weighted(0.1, junk()), vec(spoil(), 0..3), 0..4_u8);
    let bytes = bytes.prop_map(|(interim, response, behind, spoils, spoilt)| {
        let mut bytes = [interim, response, behind.unwrap_or_default()].concat();
        if spoilt == 0 {
            spoils.iter().for_each(|spoil| spoil.apply(&mut bytes));
        }
        bytes
    });
    let cuts = prop_oneof![Just(Vec::new()), vec(0..40_usize, 0..12), vec(1..2_usize, 0..400)];
    (bytes, cuts, any::<bool>()).prop_map(|(bytes, cuts, closes)| Scene { bytes, cuts, closes })
}

/// What may come before a response.
fn interim() -> impl Strategy<Value = Vec<u8>> {
    let heads = select(vec![
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        "HTTP/1.1 102 Processing\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.0 100 Continue\r\nConnection: close\r\n\r\n",
        "\r\n",
        "\n",
    ]);
    prop_oneof![
        4 => Just(Vec::new()),
        1 => vec(heads, 1..4).prop_map(|heads| heads.concat().into_bytes()),
    ]
}

fn response() -> impl Strategy<Value = Vec<u8>> {
    let line_end = prop_oneof![9 => Just("\r\n"), 1 => Just("\n")];
    (status_line(), vec(header(), 0..4), framed(), any::<Index>(), line_end).prop_map(
        |(first, mut headers, (framing, body), at, end)| {
            for header in framing {
                headers.insert(at.index(headers.len() + 1), header);
            }
            let lines = [first].into_iter().chain(headers).chain([String::new()]);
            let head: String = lines.map(|line| line + end).collect();
            [head.into_bytes(), body].concat()
        },
    )
}

fn status_line() -> impl Strategy<Value = String> {
    let version = prop_oneof![
        12 => Just("HTTP/1.1"),
        4 => Just("HTTP/1.0"),
        1 => select(vec!["HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.1 "]),
    ];
    let status = prop_oneof![
        8 => Just("200"),
        8 => select(vec!["201", "204", "304", "301", "404", "503", "999", "205"]),
        1 => select(vec!["101", "100", "199", "099", "000", "20", "2000", "2x0", "-20"]),
    ];
    let reason = select(vec![" OK", "", " ", " Not so  well", " żle", " a\tb"]);
    (version, status, reason)
        .prop_map(|(version, status, reason)| format!("{version} {status}{reason}"))
}

/// Headers about anything but the body's length, and some that are none.
fn header() -> impl Strategy<Value = String> {
    let right = select(vec![
        "Server: nginx",
        "X-Empty:",
        "x-odd:  ż  ",
        "Connection: close",
        "connection: Keep-Alive",
        "Connection: keep-alive, Close",
        "Connection: upgrade",
        "Connection: closed",
        "Connection:close ,x",
        "Upgrade: websocket",
        "Set-Cookie: a=b",
        "Trailer: X-T",
    ]);
    let wrong = select(vec![
        "NoColon",
        "Bad Header: 1",
        "Spaced : 1",
        " folded",
        "X: \u{1}",
        ": 1",
        "X: a\rb",
        "\u{1}:",
    ]);
    prop_oneof![30 => right, 1 => wrong].prop_map(str::to_owned)
}

/// Headers about a body's length, and a body that mostly fits them.
fn framed() -> impl Strategy<Value = (Vec<String>, Vec<u8>)> {
    let length = vec(any::<u8>(), 0..200).prop_flat_map(|body| {
        let n = body.len();
        let values = vec![
            vec![n.to_string()],
            vec![n.to_string(), format!("{n}")],
            vec![format!("{n}, 0{n}")],
            vec![n.to_string(), (n + 1).to_string()],
            vec![(n + 3).to_string()],
            vec![(n / 2).to_string()],
        ];
        let odd =
            ["", "+2", "-1", "2 2", "2,", "0x2", "18446744073709551615", "99999999999999999999"];
        let odd = odd.map(|value| vec![value.to_owned()]).to_vec();
        let values = prop_oneof![
            6 => Just(values[0].clone()),
            4 => select(values),
            1 => select(odd),
        ];
        let headers = values.prop_map(|values| {
            values.into_iter().map(|value| format!("Content-Length: {value}")).collect::<Vec<_>>()
        });
        (headers, Just(body))
    });
    let encoding = prop_oneof![
        8 => Just("Transfer-Encoding: chunked"),
        3 => select(vec![
            "transfer-encoding: gzip, Chunked",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding:",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
        ]),
    ];
    let chunked = (encoding, chunks()).prop_map(|(header, body)| (vec![header.to_owned()], body));
    let to_end = vec(any::<u8>(), 0..200).prop_map(|body| (Vec::new(), body));
    prop_oneof![4 => length, 4 => chunked, 1 => to_end]
}

fn chunks() -> impl Strategy<Value = Vec<u8>> {
    let size =
        select(vec!["{:x}", "{:X}", "000{:x}", "{:x} ", "{:x}\t", "{:x};a=b", "{:x} ;\"q\""]);
    let wrong = select(vec!["", ";", "{:x}g", " {:x}", "-{:x}", "ffffffffffffffff{:x}", "{:x};\n"]);
    let size = prop_oneof![40 => size, 1 => wrong];
    let chunk = (size, vec(any::<u8>(), 1..40)).prop_map(|(size, content)| {
        let n = content.len();
        let size = size.replace("{:x}", &format!("{n:x}")).replace("{:X}", &format!("{n:X}"));
        [size.as_bytes(), b"\r\n", &content[..], b"\r\n"].concat()
    });
    let trailer = prop_oneof![
        8 => select(vec!["X-T: 1\r\n", "Y:\r\n", "Content-Length: 7\r\n"]),
        1 => select(vec!["NoColon\r\n", "A B: 1\r\n", "X: 1\n", ": 1\r\n", "X: 1\rY\r\n"]),
    ];
    let last = select(vec!["0\r\n", "00\r\n", "0;end\r\n"]);
    (vec(chunk, 0..5), last, vec(trailer, 0..3)).prop_map(|(chunks, last, trailers)| {
        [chunks.concat(), last.into(), trailers.concat().into_bytes(), b"\r\n".to_vec()].concat()
    })
}

/// What may come behind a response, unsolicited.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let more = select(vec!["\r\n", "x", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]);
    more.prop_map(|more| more.as_bytes().to_vec())
}

/// A fault in what was right.
#[derive(Debug, Clone)]
enum Spoil {
    CutOff(Index),
    Replace(Index, u8),
    Remove(Index),
    Insert(Index, u8),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let byte = || prop_oneof![any::<u8>(), select(b"\r\n \t:;,01\0".to_vec())];
    prop_oneof![
        any::<Index>().prop_map(Spoil::CutOff),
        (any::<Index>(), byte()).prop_map(|(at, byte)| Spoil::Replace(at, byte)),
        any::<Index>().prop_map(Spoil::Remove),
        (any::<Index>(), byte()).prop_map(|(at, byte)| Spoil::Insert(at, byte)),
    ]
}

impl Spoil {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::CutOff(at) => bytes.truncate(at.index(bytes.len())),
            Self::Replace(at, byte) => *at.get_mut(bytes) = *byte,
            Self::Remove(at) => drop(bytes.remove(at.index(bytes.len()))),
            Self::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
        }
    }
}
