//! Hex dumps of HTTP: `curl --trace`, Wireshark's streams and packets, `tcpdump -X`, `xxd`,
//! `hexdump -C`.

use super::super::detect::Walk;
use super::{SourceText, read_messages};

/// Bytes of one line of a dump.
const MAX_BYTES: usize = 16;

/// Reads the messages that a dump shows; `None` when it shows none. What was received is told from
/// what was sent by its indentation, as Wireshark prints it.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
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
    for line in text.lines() {
        let Some((indent, offset, digits)) = offset(line) else { continue };
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
    use super::*;

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
