//! Files of every kind: none, several, folders, streams, and what is no capture at all.

use std::fs;
use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::support::{pgwh, run, run_with_stdin};
use crate::{REQUESTS, captures, json_lines, saved, signed, verify};

#[test]
fn what_cannot_be_read_is_named_and_exits_2() {
    for (bytes, why) in [
        (&b""[..], "empty"),
        (b" \n\n", "empty"),
        (b"\x00\x01\x02\xff\xfe binary \x00", "not a capture in a known format"),
        (b"\x1f\x8b\x08 broken gzip", "gzip"),
        (b"{\"headers\":{\"x-perfectgym-request\":\"1", "line 1, column"),
        (b"[{\"headers\":\n{\"x-perfectgym-request\":\"1\"", "line 2, column"),
        (b"{\"a\":1}", "without any request"),
    ] {
        let ran = verify(bytes, &[]).refused();
        assert!(ran.stderr.contains("captures.txt: ") && ran.stderr.contains(why), "{ran:#?}");
    }
    let ran = run(["verify", "no-such-file"]).refused();
    assert!(ran.stderr.contains("no-such-file: "), "{ran:#?}");
}

#[test]
fn brackets_without_end_are_refused_not_followed() {
    for text in ["[".repeat(200_000), "{\"a\":".repeat(200_000), "[".repeat(200_000) + "\n{}\n"] {
        let ran = verify(text, &[]);
        assert!(ran.code == 2 && !ran.stderr.contains("overflow"), "{ran:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let file = saved(signed(REQUESTS[0]));
    fs::set_permissions(&file.path, fs::Permissions::from_mode(0o0)).unwrap();
    // For the superuser there are no such files.
    if fs::read(&file.path).is_err() {
        let ran = run(["verify", &file.path]).refused();
        assert!(ran.stderr.contains("Permission denied"), "{ran:#?}");
    }
}

#[test]
fn utf16_is_read_like_anything_else() {
    let text = signed(REQUESTS[0]);
    let bytes: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    verify(bytes, &[]).exits(0);
    verify(format!("\u{feff}{text}{}", signed(REQUESTS[1])), &[]).exits(0);
}

#[test]
fn a_line_that_cannot_be_read_is_said_and_proves_nothing() {
    let torn = signed(REQUESTS[0]) + &signed(REQUESTS[1])[..100];
    let ran = verify(&torn, &["--format", "json"]).exits(1);
    assert!(ran.stderr.contains("captures.txt: line 2, column 100: "), "{ran:#?}");
    assert!(ran.stderr.contains("breaks off"), "{ran:#?}");
    let lines = json_lines(&ran);
    assert_eq!(lines[0]["verdict"], "valid");
    assert_eq!(lines[1]["type"], "fault");
    assert!(lines[1]["source"].as_str().unwrap().ends_with("captures.txt: line 2, column 100"));
    assert_eq!(lines[2]["faults"], 1);
    // The same within a document is no capture at all.
    let ran = verify(signed(REQUESTS[0]) + "{\"x\n" + &signed(REQUESTS[1]), &[]).exits(1);
    assert!(ran.stdout.contains("1 part could not be read"), "{ran:#?}");
}

/// `docker compose logs | pgwh verify -`
#[test]
fn what_a_log_puts_before_a_line_of_pgwhs_own_is_no_fault() {
    for before in ["web-1  | ", "INFO ", "2026-03-02T09:15:31Z ", "time=\"09:15\" msg=", "] "] {
        let text: String =
            REQUESTS.iter().map(|request| before.to_owned() + &signed(*request)).collect();
        let ran = verify(text, &["--format", "json"]).exits(0);
        assert_eq!(captures(&json_lines(&ran)).len(), REQUESTS.len(), "{before}");
        assert_eq!(ran.stderr, "", "{before}");
    }
}

#[test]
fn an_archive_without_compression_is_not_taken_for_its_text() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, request) in [("a.ndjson", REQUESTS[0]), ("b.ndjson", REQUESTS[1])] {
        archive.start_file(name, stored).unwrap();
        archive.write_all(signed(request).repeat(2).as_bytes()).unwrap();
    }
    let ran = verify(archive.finish().unwrap().into_inner(), &["-v"]).exits(0);
    assert!(ran.stdout.contains("b.ndjson: line 2: valid"), "{ran:#?}");
    // The first block of a tar archive, as `tar --format=ustar` writes it, and a file.
    let mut header = vec![0; 512];
    header[..5].copy_from_slice(b"a.log");
    header[257..262].copy_from_slice(b"ustar");
    let ran = verify([header, signed(REQUESTS[0]).repeat(9).into_bytes()].concat(), &[]).refused();
    assert!(ran.stderr.contains("a tar archive"), "{ran:#?}");
}

/// A power cut leaves zero bytes where a block was not written.
#[test]
fn a_line_with_a_zero_byte_is_a_fault_among_the_others() {
    let damaged = signed(REQUESTS[1]).replacen('r', "\0", 1);
    let ran = verify(signed(REQUESTS[0]) + &damaged + &signed(REQUESTS[2]), &["--format", "json"]);
    let lines = json_lines(&ran.exits(1));
    let sources: Vec<_> = captures(&lines).iter().map(|one| one["source"].to_string()).collect();
    assert!(sources[0].ends_with("line 1\"") && sources[1].ends_with("line 3\""), "{sources:?}");
    assert!(lines[1]["source"].as_str().unwrap().contains("line 2"), "{lines:?}");
}

#[test]
fn many_bad_lines_are_not_all_said_on_stderr() {
    let text = signed(REQUESTS[0]) + &"{\"headers\":\n".repeat(1000);
    let ran = verify(text, &["--format", "json"]).exits(1);
    assert!(ran.stderr.lines().count() < 50, "{}", ran.stderr);
    assert_eq!(json_lines(&ran).len(), 1002);
}

#[test]
fn standard_input_and_several_files_are_one_run() {
    let (first, second) = (saved(signed(REQUESTS[0])), saved(signed(REQUESTS[1])));
    let command = pgwh(["verify", &first.path, "-", &second.path, "--format", "json"]);
    let ran = run_with_stdin(command, signed(REQUESTS[0]).as_bytes()).exits(0);
    let lines = json_lines(&ran);
    let sources: Vec<_> =
        captures(&lines).iter().map(|capture| capture["source"].as_str().unwrap()).collect();
    let of = |file: &str| format!("{file}: line 1");
    assert_eq!(sources, [of(&first.path), "standard input: line 1".into(), of(&second.path)]);
    assert_eq!(lines[3]["distinctRequests"], 2);
}

#[test]
fn one_file_that_cannot_be_read_does_not_hide_the_others() {
    let file = saved(signed(REQUESTS[0]));
    let ran = run(["verify", "no-such-file", &file.path, "--format", "json"]).exits(2);
    let lines = json_lines(&ran);
    assert_eq!(lines.iter().filter(|line| line["verdict"] == "valid").count(), 1, "{ran:#?}");
    assert_eq!(lines[2]["faults"], 1);
}

#[test]
fn a_folder_stands_for_its_files_and_may_hold_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("inner")).unwrap();
    fs::write(path("b.ndjson"), signed(REQUESTS[1])).unwrap();
    fs::write(path("a.json"), signed(REQUESTS[0])).unwrap();
    fs::write(path("inner/c.txt"), signed(REQUESTS[2])).unwrap();
    fs::write(path(".hidden"), "x").unwrap();
    fs::write(path("notes.txt"), "nothing that matters").unwrap();
    let ran = run(["verify", folder.path().to_str().unwrap(), "--format", "json"]).exits(0);
    let lines = json_lines(&ran);
    let ids: Vec<_> = captures(&lines).iter().map(|c| c["requestId"].as_str().unwrap()).collect();
    assert_eq!(ids, REQUESTS.map(|(id, _)| id), "{ran:#?}");
    assert!(ran.stderr.contains("notes.txt: passed over"), "{ran:#?}");

    let empty = tempfile::tempdir().unwrap();
    let ran = run(["verify", empty.path().to_str().unwrap()]).refused();
    assert!(ran.stderr.contains("no file in it"), "{ran:#?}");
}

#[test]
fn what_was_found_and_how_to_keep_headers_is_said_when_nothing_is_pgms() {
    let har = format!("{}/fixtures/captures/har-without-pgm.json", env!("CARGO_MANIFEST_DIR"));
    let ran = run(["verify", &har]).refused();
    assert!(ran.stderr.contains("a HAR file with 3 requests"), "{ran:#?}");
    assert!(ran.stderr.contains("help: a browser's HAR"), "{ran:#?}");
}

#[test]
fn prose_that_names_the_headers_is_no_capture() {
    let readme = format!("{}/fixtures/captures/README.md", env!("CARGO_MANIFEST_DIR"));
    let ran = run(["verify", &readme]).refused();
    assert!(ran.stderr.contains("not a capture in a known format"), "{ran:#?}");
}
