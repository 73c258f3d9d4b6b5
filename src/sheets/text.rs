//! The bytes of a text file as text.
//!
//! Invariant: every byte is accounted for. UTF-8 is taken at its word, another encoding is said, and what is not text is
//! refused.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{Severity, SheetProblem};

/// The text, and a remark when it is not Unicode.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<SheetProblem>), SheetProblem> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let (text, remark) = match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
        Some(text) => (text, None),
        None if mark > 0 => {
            return Err(not_text("The file begins as text and goes on as something else."));
        }
        None => (WINDOWS_1252.decode_without_bom_handling(bytes).0, Some(windows())),
    };
    // Windows-1252 has five bytes that stand for nothing; a nought byte is in no text at all.
    let nothing = |c: char| c == '\0' || (remark.is_some() && ('\u{80}'..='\u{9f}').contains(&c));
    if text.contains(nothing) {
        return Err(not_text("The file is not text."));
    }
    Ok((text, remark))
}

fn not_text(message: &str) -> SheetProblem {
    SheetProblem::error(message, "Save it as an Excel workbook (.xlsx) or as CSV.")
}

fn windows() -> SheetProblem {
    SheetProblem {
        severity: Severity::Warning,
        sheet: None,
        row: None,
        message: "The file is not UTF-8, so it was read as Windows-1252, in which Excel writes plain CSV.".to_owned(),
        help: "Check names with accents and the £ sign, or save it as “CSV UTF-8”.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_utf_8_with_and_without_a_mark() {
        assert_eq!(decode("Siân £5".as_bytes()).unwrap(), ("Siân £5".into(), None));
        assert_eq!(decode(b"\xef\xbb\xbfa,b").unwrap(), ("a,b".into(), None));
    }

    #[test]
    fn says_that_it_read_windows_1252() {
        let (text, remark) = decode(b"Si\xe2n \xa35 \x80").unwrap();
        assert_eq!(text, "Siân £5 €");
        assert!(remark.unwrap().message.contains("Windows-1252"));
    }

    #[test]
    fn takes_what_excel_calls_unicode_text() {
        let utf_16: Vec<u8> = "\u{feff}Siân\t5".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf_16).unwrap(), ("Siân\t5".into(), None));
        assert!(decode(&utf_16[..utf_16.len() - 1]).is_err());
    }

    #[test]
    fn refuses_what_is_not_text() {
        assert!(decode(b"a,b\n1,\0\n").is_err());
        assert!(decode(b"\x89PNG\x81\x8d").is_err());
        assert!(decode(b"\xef\xbb\xbfSi\xe2n").is_err());
    }
}
