//! HTTP as programs dump it while it passes: hex dumps (`curl --trace`, Wireshark's streams and
//! packets, `tcpdump -X`, `xxd`, `hexdump -C`), `curl -v` and `--trace-ascii`, and messages that are
//! cut into the lines of a log (Apache's mod_dumpio, the wire log of Java's HttpClient).

use std::collections::HashMap;

use super::super::detect::{Walk, envelopes};
use super::super::header::of_lines;
use super::super::message::{self, is_request};
use super::super::{Body, Capture, Format, Location};
use super::{SourceText, commands, read_messages};

/// Reads the requests of a dump; `None` when the text is none.
pub(super) fn read(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    read_verbose(input, walk)
        .or_else(|| read_trace(input, walk))
        .map(|()| Format::CurlVerbose)
        .or_else(|| read_pieces(input, walk).map(|()| Format::Http))
        .or_else(|| read_wire_log(input, walk).map(|()| Format::Http))
        .or_else(|| read_follow(input, walk).map(|()| Format::Http))
        .or_else(|| read_hex(input, walk).map(|()| Format::HexDump))
}

/// How many requests of one command may have the same body: it is sent again where curl is
/// redirected.
const MAX_RESENT: usize = 50;

/// Reads the requests that `curl -v` printed: `> ` before what was sent, `< ` before what came
/// back. `None` when no line is `> ` and a request line. Bodies are only there if they were printed
/// besides, or as part of the command that was typed.
fn read_verbose(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let is_start = |line: &str| sent(line).is_some_and(|rest| is_request(rest.as_bytes()));
    let starts: Vec<_> = lines_at(text).filter(|(.., line)| is_start(line)).collect();
    let first = starts.first()?.1;
    let typed = commands::bodies(&text[..first]).next_back();
    for (index, (number, start, line)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(text.len(), |(_, next, _)| *next);
        let mut words =
            sent(line).unwrap_or_default().split(' ').map(|word| word.to_owned().into());
        let (method, path) = (words.next(), words.next());
        let rest = &text[start + line.len()..end];
        let head = rest.lines().skip(1).map_while(sent).take_while(|line| !line.is_empty());
        let head = head.collect::<Vec<_>>().join("\n");
        let headers = of_lines(&head).unwrap_or_default();
        let before_response = rest.split("\n< ").next().unwrap_or(rest);
        let (_, behind) = before_response.split_once("\n>").unwrap_or_default();
        let printed = envelopes(behind).into_iter().next().map(|(_, text)| text);
        let exact = |bytes: String| Body { bytes: bytes.into_bytes().into(), exact: true };
        let typed = typed.as_ref().filter(|_| index < MAX_RESENT);
        let body = printed.map(exact).or_else(|| typed.cloned());
        // `} [315 bytes data]`: sent, and not printed.
        let body_left_out = body.is_none() && before_response.contains("\n} [");
        let location = Location::line(*number);
        walk.message(Capture {
            location,
            method,
            path,
            headers,
            body,
            body_left_out,
            ..Capture::default()
        });
    }
    Some(())
}

fn sent(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('>').map(str::trim)
}

/// The lines of a text, each with its number and where it starts.
fn lines_at(text: &str) -> impl Iterator<Item = (u64, usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').zip(1..).map(move |(line, number)| {
        let start = at;
        at += line.len();
        (number, start, line.trim_end_matches(['\r', '\n']))
    })
}

/// Reads the messages of `curl --trace-ascii`; `None` when the text has no such lines. What follows a
/// line that ends before its 64 characters are full was on a new line.
fn read_trace(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut messages = String::new();
    let (mut is_sent, mut found) = (false, false);
    let mut last = None;
    for (_, _, line) in lines_at(text) {
        let line = without_time(line);
        if line.starts_with("=> ") || line.starts_with("<= ") || line.starts_with("== ") {
            let is_head = line.starts_with("=> Send header");
            is_sent = is_head || line.starts_with("=> Send data");
            messages.push_str(if is_head && found { "\n" } else { "" });
            found |= is_sent;
            last = None;
        } else if is_sent && let Some((offset, piece)) = trace_line(line) {
            let gap = last.map_or(0, |end: usize| offset.saturating_sub(end));
            messages.push_str(["", "\n"].get(gap).copied().unwrap_or("\r\n"));
            messages.push_str(piece);
            // An empty line is CR and LF: the end of the head.
            messages.push_str(if piece.is_empty() { "\r\n" } else { "" });
            last = Some(offset + piece.len() + if piece.is_empty() { 2 } else { 0 });
        }
    }
    found.then_some(())?;
    read_messages(SourceText { bytes: messages.as_bytes(), text: &messages }, walk)
}

/// A line without the time that `--trace-time` puts before it.
fn without_time(line: &str) -> &str {
    let is_time =
        |time: &str| time.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    match line.split_once(' ') {
        Some((time, rest)) if time.len() == "09:15:30.204871".len() && is_time(time) => rest,
        _ => line,
    }
}

/// `002c: Host: h`: the offset, and what stands there.
fn trace_line(line: &str) -> Option<(usize, &str)> {
    let (offset, piece) = line.split_once(':')?;
    let is_offset = (4..=8).contains(&offset.len());
    let offset = usize::from_str_radix(offset, 16).ok().filter(|_| is_offset)?;
    Some((offset, piece.strip_prefix(' ').unwrap_or(piece)))
}

/// Reads messages that a log has cut into lines, each piece behind the same words, with its line
/// breaks as `\r\n`; `None` when there is none.
fn read_pieces(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    // ngrep shows a CR as a dot.
    if text.contains(" HTTP/1.1.\n") {
        let plain = text.replace(".\n", "\r\n");
        return read_messages(SourceText { bytes: plain.as_bytes(), text: &plain }, walk);
    }
    let tag = lines_at(text).find_map(|(.., line)| request_tag(line))?;
    let mut bytes = Vec::new();
    for (.., line) in lines_at(text) {
        let Some((_, piece)) = line.split_once(tag) else { continue };
        // What precedes a piece: its size.
        if piece.strip_suffix(" bytes").is_none_or(|size| size.parse::<usize>().is_err()) {
            unescape(piece, &mut bytes);
        }
    }
    read_messages(SourceText { bytes: &bytes, text: "" }, walk)
}

/// The words before a request line with escaped line breaks.
fn request_tag(line: &str) -> Option<&str> {
    let line = line.strip_suffix("\\r\\n").filter(|line| line.contains(" HTTP/1."))?;
    let start = line.rfind(": ")? + 2;
    is_request(&line.as_bytes()[start..]).then_some(())?;
    // The time and the process before them differ from line to line.
    let tag = line[..start].rfind(']').map_or(0, |bracket| bracket + 1);
    (start - tag > 4).then(|| &line[tag..start])
}

/// Appends a piece with its escapes resolved.
fn unescape(piece: &str, bytes: &mut Vec<u8>) {
    let mut rest = piece;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = &rest[at + 1..];
        let hex = escape.strip_prefix('x').and_then(|digits| digits.get(..2));
        let byte = hex.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, length) = match (byte, escape.as_bytes().first()) {
            (Some(byte), _) => (byte, 3),
            (_, Some(b'r')) => (b'\r', 1),
            (_, Some(b'n')) => (b'\n', 1),
            (_, Some(b't')) => (b'\t', 1),
            (_, Some(byte @ (b'\\' | b'"'))) => (*byte, 1),
            _ => (b'\\', 0),
        };
        bytes.push(byte);
        rest = &escape[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
}

/// Reads the messages of a log that has a piece a line, in quotes behind `>>` or `<<`, with its line
/// break as `[\r][\n]` and other bytes as `[0xc5]`; `None` when there is none. Each connection and
/// direction is a stream of its own.
fn read_wire_log(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    text.contains("[\\r][\\n]\"").then_some(())?;
    let (mut places, mut streams) = (HashMap::new(), Vec::new());
    for (.., line) in lines_at(text) {
        let arrow = line.find(">> \"").or_else(|| line.find("<< \""));
        let Some((before, piece)) = arrow.map(|at| line.split_at(at + 4)) else { continue };
        let Some(piece) = piece.strip_suffix('"') else { continue };
        let connection = before[..before.len() - 4].trim_end().rfind(' ').map_or(0, |at| at + 1);
        let place = *places.entry(&before[connection..]).or_insert(streams.len());
        if place == streams.len() {
            streams.push(Vec::new());
        }
        resolve_bracketed(piece, &mut streams[place]);
    }
    let mut found = None;
    for bytes in &streams {
        found = read_messages(SourceText { bytes, text: "" }, walk).or(found);
    }
    found
}

/// Appends a piece with its `[\r]`, `[\n]` and `[0xc5]` resolved.
fn resolve_bracketed(piece: &str, bytes: &mut Vec<u8>) {
    let mut parts = piece.split('[');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let escape = part.split_once(']').and_then(|(escape, rest)| {
            let byte = match escape {
                "\\r" => b'\r',
                "\\n" => b'\n',
                _ => u8::from_str_radix(escape.strip_prefix("0x")?, 16).ok()?,
            };
            Some((byte, rest))
        });
        let (byte, rest) = escape.unwrap_or((b'[', part));
        bytes.push(byte);
        bytes.extend_from_slice(rest.as_bytes());
    }
}

/// Reads the streams that tshark follows (`-z follow,http,ascii,0` or `follow,tcp,raw,0`), one after the
/// other; `None` when there is no request.
fn read_follow(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut lines = lines_at(text);
    let mut found = None;
    while let Some(kind) = lines.find_map(|(.., line)| line.strip_prefix("Follow: ")) {
        let lines = lines.by_ref().skip_while(|(.., line)| !line.starts_with("Node 1: ")).skip(1);
        let stream = lines.take_while(|(.., line)| !line.starts_with("====="));
        found = read_stream(stream, kind.ends_with(",raw"), walk).or(found);
    }
    found
}

/// Reads a stream: pieces behind their lengths, or in hex a line, with a tab before those of the other
/// side.
fn read_stream<'t>(
    lines: impl Iterator<Item = (u64, usize, &'t str)>,
    is_hex: bool,
    walk: &mut Walk<'_>,
) -> Option<()> {
    // The bytes of each side, and where its pieces start in them and in the file.
    let mut sides = [const { (Vec::new(), Vec::new()) }; 2];
    let mut side = 0;
    for (number, _, line) in lines {
        let digits = line.strip_prefix('\t').unwrap_or(line);
        let is_length = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_hex || is_length {
            // The line break behind a piece is tshark's.
            sides[side].0.pop_if(|last| is_length && *last == b'\n');
            side = usize::from(digits.len() < line.len());
            let start = sides[side].0.len();
            sides[side].1.push((start, number));
        }
        let bytes = &mut sides[side].0;
        match is_hex {
            true => bytes.extend(hex::decode(digits).ok()?),
            false if !is_length => bytes.extend([line.as_bytes(), b"\n"].concat()),
            false => {}
        }
    }
    let mut found = None;
    for (bytes, starts) in &sides {
        for (range, message) in message::requests(bytes) {
            let piece = starts.partition_point(|(start, _)| *start <= range.start);
            let (_, line) = starts.get(piece.checked_sub(1)?)?;
            // A letter that is not ASCII is printed as dots.
            let is_exact =
                |body: &Body<'_>| is_hex || !body.bytes.windows(2).any(|two| two == b"..");
            let body =
                message.body.map(|body| Body { exact: body.exact && is_exact(&body), ..body });
            walk.message(Capture { location: Location::line(*line), body, ..message });
            found = Some(());
        }
    }
    found
}

/// Bytes of one line of a dump.
const MAX_BYTES: usize = 16;

/// Reads the messages that a dump shows; `None` when it shows none. What was received is told from
/// what was sent by its indentation, as Wireshark prints it.
fn read_hex(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut streams: Vec<(usize, Vec<u8>)> = Vec::new();
    for block in blocks(text) {
        let bytes = payload(&block.bytes);
        match streams.iter_mut().find(|(indent, _)| *indent == block.indent) {
            Some((_, stream)) => stream.extend_from_slice(bytes),
            None => streams.push((block.indent, bytes.to_vec())),
        }
    }
    let mut found = None;
    for (_, bytes) in &streams {
        let text = String::from_utf8_lossy(bytes);
        found = read_messages(SourceText { bytes, text: &text }, walk).or(found);
    }
    found
}

/// Lines with offsets that follow each other.
struct Block {
    indent: usize,
    bytes: Vec<u8>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Where full lines of this dump end their hex digits and begin their text.
    let mut text_column = usize::MAX;
    let mut is_repeated = false;
    for line in text.lines() {
        // tshark shows a frame, then the message that ends in it, then the same without its encoding.
        if line.ends_with(" bytes):") {
            let is_whole = line.starts_with("Reassembled TCP (");
            is_repeated = !is_whole && !line.starts_with("Frame (");
            blocks.pop_if(|_| is_whole);
        }
        let Some((indent, offset, digits)) = offset(line).filter(|_| !is_repeated) else {
            continue;
        };
        let (bytes, end) = hex(&line[digits..], text_column.saturating_sub(digits));
        if bytes.len() == MAX_BYTES {
            text_column = digits + end;
        }
        match blocks.iter_mut().rev().find(|block| block.indent == indent) {
            Some(block) if offset > 0 && offset == block.bytes.len() => block.bytes.extend(bytes),
            _ => blocks.push(Block { indent, bytes }),
        }
    }
    blocks
}

/// The indentation of a dump's line, its offset, and where its digits begin.
fn offset(line: &str) -> Option<(usize, usize, usize)> {
    let start = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - start.len();
    let digits = start.strip_prefix("0x").unwrap_or(start);
    let length = digits.find(|c: char| !c.is_ascii_hexdigit())?;
    let offset = usize::from_str_radix(&digits[..length], 16).ok()?;
    let behind = digits[length..].strip_prefix(':').unwrap_or(&digits[length..]);
    (length >= 4 && behind.starts_with(' ')).then(|| (indent, offset, line.len() - behind.len()))
}

/// The bytes of a line's digits, in groups of one or two, and where they end. Text from `limit` on
/// is not digits.
fn hex(line: &str, limit: usize) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut at = 0;
    while bytes.len() < MAX_BYTES {
        let gap = line[at..].len() - line[at..].trim_start_matches(' ').len();
        let start = at + gap;
        let group = line[start..].split(' ').next().unwrap_or_default();
        let is_group = matches!(group.len(), 2 | 4) && start < limit;
        // A wide gap on a short line ends the digits.
        if !is_group || gap > 3 && !bytes.is_empty() {
            break;
        }
        match hex::decode(group) {
            Ok(more) => bytes.extend(more),
            Err(_) => break,
        }
        at = start + group.len();
    }
    (bytes, at)
}

/// What TCP carried in a packet with its headers; anything else as it is.
fn payload(bytes: &[u8]) -> &[u8] {
    let is_ethernet = bytes.get(12..14) == Some(&[0x08, 0x00]);
    let packet = if is_ethernet { &bytes[14..] } else { bytes };
    let header = |packet: &[u8]| {
        let ip = usize::from(packet.first()? & 0x0f) * 4;
        let is_tcp = packet[0] >> 4 == 4 && ip >= 20 && packet.get(9) == Some(&6);
        let tcp = usize::from(packet.get(ip + 12)? >> 4) * 4;
        (is_tcp && tcp >= 20).then_some(ip + tcp)
    };
    header(packet).and_then(|length| packet.get(length..)).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::super::Item;
    use super::*;

    /// The bodies of the requests that a reader finds.
    fn bodies(read: fn(SourceText<'_>, &mut Walk<'_>) -> Option<()>, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut visitor = |item: Item<'_>| {
            if let Item::Capture(capture) = item {
                let body = capture.body.map_or(vec![], |body| body.bytes.into_owned());
                found.push(String::from_utf8(body).unwrap());
            }
        };
        read(SourceText { bytes: text.as_bytes(), text }, &mut Walk::new(&mut visitor)).unwrap();
        found
    }

    #[test]
    fn pieces_are_joined() {
        let head = "X-PerfectGym-Request: 1";
        let trace = format!(
            "== Info: x\n=> Send header, 9 bytes (0x9)\n0000: POST / HTTP/1.1\n0011: {head}\n0029: \n\
             => Send data, 6 bytes (0x6)\n0000: {{\"a\":\n0005: 1}}\n<= Recv header, 5 bytes (0x5)\n\
             0000: HTTP/1.1 200 OK\n"
        );
        assert_eq!(bodies(read_trace, &trace), ["{\"a\":1}"]);
        let log = format!(
            "[1] [x]  dump (data): 17 bytes\n[2] [x]  dump (data): POST / HTTP/1.1\\r\\n\n\
             [3] [x]  dump (data): {head}\\r\\n\n[4] [x]  dump (data): \\r\\n\n[5] other\n\
             [6] [x]  dump (data): {{\"a\":\\\"\\xc5\n[6] [x]  dump (data): \\xbc\\\"}}\n"
        );
        assert_eq!(bodies(read_pieces, &log), ["{\"a\":\"ż\"}"]);
        // As org.apache.http.impl.conn.Wire writes two connections at once.
        let wire = "10:00 DEBUG wire - http-0 >> \"POST / HTTP/1.1[\\r][\\n]\"\n\
             10:00 DEBUG wire - http-1 >> \"POST / HTTP/1.1[\\r][\\n]\"\n\
             10:00 DEBUG wire - http-0 >> \"X-PerfectGym-Request: 1[\\r][\\n]\"\n\
             10:00 DEBUG wire - http-1 >> \"X-PerfectGym-Request: 2[\\r][\\n]\"\n\
             10:00 DEBUG wire - http-0 >> \"[\\r][\\n]\"\n\
             10:00 DEBUG wire - http-1 >> \"[\\r][\\n]\"\n\
             10:00 DEBUG wire - http-0 >> \"{\"a\":[\"[0xc5][0xbc]\"]}\"\n\
             10:00 DEBUG wire - http-1 >> \"{}\"\n\
             10:01 DEBUG wire - http-0 << \"HTTP/1.1 200 OK[\\r][\\n]\"\n";
        assert_eq!(bodies(read_wire_log, wire), ["{\"a\":[\"ż\"]}", "{}"]);
    }

    #[test]
    fn dumps_of_several_tools() {
        // printf 'POST / HTTP/1.1\r\nabad' | xxd; the same by hexdump -C, and as curl and
        // Wireshark print it.
        for dump in [
            "00000000: 504f 5354 202f 2048 5454 502f 312e 310d  POST / HTTP/1.1.\n\
             00000010: 0a61 6261 64                             .abad\n",
            "00000000  50 4f 53 54 20 2f 20 48  54 54 50 2f 31 2e 31 0d  |POST / HTTP/1.1.|\n\
             00000010  0a 61 62 61 64                                    |.abad|\n00000015\n",
            "=> Send header, 21 bytes (0x15)\n\
             0000: 50 4f 53 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d POST / HTTP/1.1.\n\
             0010: 0a 61 62 61 64                                  .abad\n",
        ] {
            let blocks = blocks(dump);
            assert_eq!(blocks[0].bytes, b"POST / HTTP/1.1\r\nabad", "{dump}");
        }
    }

    #[test]
    fn headers_of_packets_are_taken_off() {
        let mut packet = vec![0x45, 0, 0, 44, 0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1];
        packet.extend([0_u8; 12]);
        packet.extend([0x50, 0x18, 0, 0, 0, 0, 0, 0]);
        packet.extend(b"POST");
        assert_eq!(payload(&packet), b"POST");
        assert_eq!(payload(b"POST / HTTP/1.1"), b"POST / HTTP/1.1");
        assert_eq!(payload(b""), b"");
    }
}
