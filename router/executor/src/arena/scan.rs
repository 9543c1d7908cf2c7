//! The grammar of JSON's strings, numbers and blanks (RFC 8259), over bytes that are known to be UTF-8.

use super::parse::Malformed;

/// One past the closing quote of the string whose opening quote is at `start`. Escapes are checked, not decoded.
pub(super) fn string_end(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut at = start + 1;
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape_end(bytes, at)?,
            Some(_) => return Err(Malformed::at(at, "a control character inside a string")),
            None => return Err(Malformed::at(at, "a string without an end")),
        }
    }
}

/// The first quote, backslash or control character at or behind `at`; eight bytes at a time, since most of a response
/// is plain text.
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let zero_byte = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
        let quote = zero_byte(word ^ (ONES * u64::from(b'"')));
        let backslash = zero_byte(word ^ (ONES * u64::from(b'\\')));
        // Bytes under 0x20 borrow from their high bit; bytes over 0x7f are UTF-8 and excluded by `!word`.
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let stop = quote | backslash | control;
        if stop != 0 {
            // Borrows spread upwards only, so the lowest mark is exact.
            return at + (stop.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x20 || matches!(byte, b'"' | b'\\') {
            break;
        }
        at += 1;
    }
    at
}

fn escape_end(bytes: &[u8], at: usize) -> Result<usize, Malformed> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u')
            if bytes
                .get(at + 2..at + 6)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) =>
        {
            Ok(at + 6)
        }
        _ => Err(Malformed::at(at, "an unknown escape in a string")),
    }
}

/// One past the last character of the number that starts at `start`.
pub(super) fn number_end(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut at = start;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    at = match bytes.get(at) {
        Some(b'0') => at + 1,
        Some(b'1'..=b'9') => digits_end(bytes, at),
        _ => return Err(Malformed::at(at, "not a JSON value")),
    };
    if bytes.get(at) == Some(&b'.') {
        at = some_digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = some_digits(bytes, at)?;
    }
    Ok(at)
}

fn some_digits(bytes: &[u8], at: usize) -> Result<usize, Malformed> {
    let end = digits_end(bytes, at);
    if end == at {
        Err(Malformed::at(at, "a number without its digits"))
    } else {
        Ok(end)
    }
}

fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

pub(super) fn blanks_end(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every prefix length is tried, so that each stop stands at every place of a word.
    #[test]
    fn a_string_ends_at_its_quote_wherever_that_stands() {
        for before in 0..40 {
            for text in ["", "é", "\u{7f}", "日本", " !#[]"] {
                let json = format!("\"{}{text}\" tail", "x".repeat(before));
                assert_eq!(
                    string_end(json.as_bytes(), 0),
                    Ok(before + text.len() + 2),
                    "{json}"
                );
            }
        }
    }

    #[test]
    fn control_characters_and_strange_escapes_are_refused_wherever_they_stand() {
        for before in 0..20 {
            for (bad, why) in [
                ("\n", "a control character inside a string"),
                ("\u{1f}", "a control character inside a string"),
                ("\\x", "an unknown escape in a string"),
                ("\\u12G4", "an unknown escape in a string"),
                ("\\u12", "an unknown escape in a string"),
            ] {
                let json = format!("\"{}{bad}\"", "x".repeat(before));
                assert_eq!(
                    string_end(json.as_bytes(), 0),
                    Err(Malformed::at(before + 1, why)),
                    "{json}"
                );
            }
            let open = format!("\"{}", "x".repeat(before));
            assert_eq!(
                string_end(open.as_bytes(), 0),
                Err(Malformed::at(before + 1, "a string without an end"))
            );
        }
    }

    #[test]
    fn numbers_end_where_their_grammar_ends() {
        for (json, end) in [
            ("0", 1),
            ("-0", 2),
            ("10,", 2),
            ("-1.25e+10]", 9),
            ("1E9", 3),
            ("01", 1),
            ("123456789012345678901", 21),
        ] {
            assert_eq!(number_end(json.as_bytes(), 0), Ok(end), "{json}");
        }
        for json in ["-", "+1", ".5", "1.", "1e", "1e+", "NaN", ""] {
            assert!(number_end(json.as_bytes(), 0).is_err(), "{json}");
        }
    }
}
