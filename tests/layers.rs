//! The house: imports point downward only, and the pure rooms stay pure.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top floor to the ground. A module may use what stands below it, and itself.
const FLOORS: [&[&str]; 10] = [
    &["commands"],
    &["report"],
    &["cli"],
    &["receiver", "requests", "webhooks", "fixtures"],
    &["check", "load"],
    &["delivery", "payload"],
    &["http1"],
    &["verify"],
    &["capture"],
    &["pgm"],
];

/// Rooms that know no clock, network, file or terminal.
const PURE: [&str; 6] = ["cli", "check", "payload", "verify", "capture", "pgm"];

/// What a pure room may not name. Addresses and locks are values; sockets and timers are not.
const IMPURE: [&str; 18] = [
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::process",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "std::env::var",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Uuid::new_v4",
    "tokio::net",
    "tokio::time",
    "tokio::fs",
    "tokio::spawn",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a room's files without their tests and comments: `(file, line, text)`.
fn lines(room: &str) -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    files(&root().join(room), &mut found);
    let mut lines = Vec::new();
    for file in found {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            if line.starts_with("#[cfg(test)]") {
                break;
            }
            if !line.trim_start().starts_with("//") {
                lines.push((file.display().to_string(), number + 1, line.to_owned()));
            }
        }
    }
    assert!(!lines.is_empty(), "{room} is empty");
    lines
}

fn rooms() -> Vec<(usize, &'static str)> {
    let of = |(floor, rooms): (usize, &&'static [&'static str])| {
        rooms.iter().map(move |room| (floor, *room)).collect::<Vec<_>>()
    };
    let all = FLOORS.iter().enumerate().flat_map(of);
    all.filter(|(_, room)| root().join(room).is_dir()).collect()
}

#[test]
fn every_room_stands_on_a_floor() {
    let known: Vec<_> = FLOORS.concat();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(!path.is_dir() || known.contains(&&*name), "src/{name} has no floor");
    }
}

#[test]
fn imports_point_downward() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for &(floor, room) in &rooms {
        for (file, number, line) in lines(room) {
            assert!(!line.contains("crate::{"), "{file}:{number}: one room a line, please");
            for &(other_floor, other) in &rooms {
                let named = line.contains(&format!("crate::{other}::"));
                if named && other != room && other_floor <= floor {
                    wrong.push(format!("{file}:{number}: {room} names {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_rooms_do_no_io_and_read_no_clock() {
    let mut wrong = Vec::new();
    for (_, room) in rooms().into_iter().filter(|(_, room)| PURE.contains(room)) {
        for (file, number, line) in lines(room) {
            let named = IMPURE.iter().filter(|word| line.contains(**word));
            wrong.extend(named.map(|word| format!("{file}:{number}: {word}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn main_only_parses_runs_and_exits() {
    let main = fs::read_to_string(root().join("main.rs")).unwrap();
    assert!(main.lines().count() <= 40);
}
