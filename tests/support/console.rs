//! Documents whose `console` blocks show what the binary prints.

/// The document with the output of each `$ ` line inserted, and how many lines there are.
pub fn rendered(text: &str, mut shell: impl FnMut(&str) -> String) -> (String, usize) {
    let mut blocks = text.split("```console\n");
    let (mut made, mut lines) = (blocks.next().unwrap().to_owned(), 0);
    for block in blocks {
        let (console, rest) = block.split_once("\n```\n").expect("a console block ends");
        made += "```console\n";
        for line in console.lines().filter(|line| line.starts_with("$ ")) {
            let output = shell(&line[2..]);
            let end = if output.is_empty() || output.ends_with('\n') { "" } else { "\n" };
            made += &format!("{line}\n{output}{end}");
            lines += 1;
        }
        made += &format!("```\n{rest}");
    }
    (made, lines)
}

/// Asserts that two versions of a document are equal but for what differs from run to run.
#[track_caller]
pub fn assert_same(stored: &str, made: &str) {
    for (stored, made) in stored.split("```").zip(made.split("```")) {
        assert_eq!(normal(stored), normal(made), "the document is stale: see the test's comment");
    }
}

/// A block without what differs from run to run: ids, digests, dates and durations, and which of
/// several calls at once ends first.
fn normal(block: &str) -> Vec<String> {
    let mut lines: Vec<_> = block.lines().map(blotted).collect();
    lines.sort();
    lines
}

fn blotted(line: &str) -> String {
    let mut made = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let (word, length) = match volatile(rest) {
            Some(found) => found,
            None => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        made += word;
        rest = &rest[length..];
    }
    // Columns move with the width of the numbers in them.
    made.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn volatile(text: &str) -> Option<(&'static str, usize)> {
    const SHAPES: [(&str, &str); 5] = [
        ("ID", "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"),
        ("DIGEST", "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"),
        ("DATE", "dddd-dd-ddTdd:dd:ddZ"),
        ("DATE", "dddd-dd-ddTdd:dd:dd.dddZ"),
        ("DATE", "dd-dd dd:dd:dd"),
    ];
    let fits = |shape: &str| {
        text.len() >= shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, shape)| match shape {
                b'h' => byte.is_ascii_hexdigit(),
                b'd' => byte.is_ascii_digit(),
                fixed => byte == fixed,
            })
    };
    if let Some((word, shape)) = SHAPES.into_iter().find(|(_, shape)| fits(shape)) {
        return Some((word, shape.len()));
    }
    // The short id at the end of a line of the list.
    if text.len() == 8 && fits("hhhhhhhh") {
        return Some(("ID", 8));
    }
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let unit = [" ms", " s"].into_iter().find(|unit| text[digits..].starts_with(unit))?;
    (digits > 0).then_some(("TIME", digits + unit.len()))
}
