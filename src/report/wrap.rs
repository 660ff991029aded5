//! Breaking text into lines.

/// The words of a text in lines of at most `width` characters; a longer word has a line of its
/// own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("a bc  def\ng", 4), ["a bc", "def", "g"]);
        assert_eq!(wrap("żółć żół longword x", 8), ["żółć żół", "longword", "x"]);
        assert!(wrap(" ", 4).is_empty());
    }
}
