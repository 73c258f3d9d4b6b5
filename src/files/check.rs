//! What may be uploaded: a short list of kinds, by the ending of the name and by what the bytes are.
//!
//! Invariant: both must agree; nothing is inflated, run or drawn to find out.

use countersign_domain::answers::types::FileRef;
use countersign_domain::ledger::Digest;

use crate::service::one_line;

/// The largest file, in bytes: 20 MB.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// The most characters of a name that are kept.
const LONGEST_NAME: usize = 120;

/// A file that may be kept.
pub struct Checked {
    /// What is noted of it.
    pub file: FileRef,
    pub(super) bytes: Vec<u8>,
}

/// A kind of file: the ending, its media type and how people call it.
struct Kind {
    ending: &'static str,
    media: &'static str,
    called: &'static str,
    is: fn(&[u8]) -> bool,
}

const KINDS: [Kind; 6] = [
    Kind {
        ending: "pdf",
        media: "application/pdf",
        called: "a PDF",
        is: |bytes| bytes.starts_with(b"%PDF-"),
    },
    Kind {
        ending: "docx",
        media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        called: "a Word document (.docx)",
        is: |bytes| office(bytes, b"word/"),
    },
    Kind {
        ending: "xlsx",
        media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        called: "an Excel workbook (.xlsx)",
        is: |bytes| office(bytes, b"xl/"),
    },
    Kind {
        ending: "png",
        media: "image/png",
        called: "a PNG picture",
        is: infer::image::is_png,
    },
    Kind {
        ending: "jpg",
        media: "image/jpeg",
        called: "a JPEG picture",
        is: infer::image::is_jpeg,
    },
    Kind {
        ending: "csv",
        media: "text/csv",
        called: "a CSV file",
        is: plain_text,
    },
];

/// The endings that can be uploaded at all; a form may allow fewer.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.ending)
}

/// Checks an upload against the server's list and the question's own. The error is in words for the person.
pub fn check(name: &str, bytes: Vec<u8>, accept: &[String]) -> Result<Checked, String> {
    let name = clean_name(name);
    if bytes.is_empty() {
        return Err("The file is empty. Choose one with something in it".to_owned());
    }
    if bytes.len() > LARGEST {
        return Err("The file must be smaller than 20 MB".to_owned());
    }
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .unwrap_or_default();
    let ending = if ending == "jpeg" { "jpg".to_owned() } else { ending };
    let allowed: Vec<&Kind> = KINDS
        .iter()
        .filter(|kind| accept.iter().any(|ending| ending == kind.ending))
        .collect();
    let Some(kind) = allowed.iter().find(|kind| kind.ending == ending) else {
        let called: Vec<&str> = allowed.iter().map(|kind| kind.called).collect();
        return Err(format!("The file must be {}", any_of(&called)));
    };
    if !(kind.is)(&bytes) {
        return Err(format!(
            "The file is named .{ending}, but what is in it is not {}",
            kind.called
        ));
    }
    if contains(&bytes, b"vbaProject.bin") {
        return Err("The file holds macros. Save it without macros and choose it again".to_owned());
    }
    let file = FileRef {
        digest: Digest::of(&bytes).to_string(),
        name,
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        media: kind.media.to_owned(),
    };
    Ok(Checked { file, bytes })
}

fn any_of(called: &[&str]) -> String {
    match called {
        [] => "of a kind that this question takes".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The last part of the path that some browsers send, without what could trip a file system or a header.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = one_line(last)
        .chars()
        .filter(|c| !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?'))
        .collect();
    let clean = clean.trim_start_matches('.').trim();
    let ending = clean
        .rsplit_once('.')
        .map(|(_, ending)| format!(".{ending}"))
        .unwrap_or_default();
    if clean.chars().count() <= LONGEST_NAME {
        return if clean.is_empty() {
            "document".to_owned()
        } else {
            clean.to_owned()
        };
    }
    let stem: String = clean
        .chars()
        .take(LONGEST_NAME.saturating_sub(ending.chars().count()))
        .collect();
    stem + &ending
}

/// An Office Open XML file: a ZIP whose entries include the content list and something under `folder`.
fn office(bytes: &[u8], folder: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && contains(bytes, b"[Content_Types].xml") && contains(bytes, folder)
}

/// Text without control characters that nobody types, and not the beginning of a page or a script. What is not UTF-8
/// is taken byte by byte: Excel writes its CSV, pound signs and all, in Windows-1252.
fn plain_text(bytes: &[u8]) -> bool {
    let text: String = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes
            .iter()
            .map(|byte| if *byte < 0x80 { char::from(*byte) } else { '?' })
            .collect(),
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        && !start.starts_with('<')
        && !start.starts_with("#!")
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, check};

    fn said(name: &str, bytes: &[u8]) -> String {
        let accept = ["pdf", "docx", "xlsx", "png", "jpg", "csv"].map(str::to_owned);
        match check(name, bytes.to_vec(), &accept) {
            Ok(checked) => format!("kept as {} ({})", checked.file.name, checked.file.media),
            Err(words) => words,
        }
    }

    #[test]
    fn a_name_and_what_is_in_it_must_agree() {
        assert_eq!(
            said("plan.pdf", b"%PDF-1.7 and so on"),
            "kept as plan.pdf (application/pdf)"
        );
        assert!(said("plan.pdf", b"<!DOCTYPE html><script>alert(1)</script>").contains("is not a PDF"));
        assert!(said("plan.pdf", b"<html>%PDF-1.7").contains("is not a PDF"));
        assert!(said("run.exe", b"MZ\x90\0").starts_with("The file must be"));
        assert!(said("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>").starts_with("The file must be"));
        assert!(said("sums.csv", b"<script>").contains("is not a CSV"));
        assert!(said("sums.csv", b"a,b\n1,2\n").starts_with("kept as sums.csv"));
        assert!(
            said("sums.csv", b"spent\n\xa3440\n").starts_with("kept as sums.csv"),
            "as Excel writes it"
        );
        assert!(said("sums.csv", b"\x00\x01\xff").contains("is not a CSV"));
        assert!(said("empty.pdf", b"").contains("empty"));
        assert!(said("big.pdf", &vec![b'x'; LARGEST + 1]).contains("20 MB"));
    }

    #[test]
    fn macros_are_refused_whatever_the_ending() {
        let bytes = b"PK\x03\x04..[Content_Types].xml..word/document.xml..word/vbaProject.bin";
        assert!(said("letter.docx", bytes).contains("macros"));
        let bytes = b"PK\x03\x04..[Content_Types].xml..word/document.xml";
        assert!(said("letter.docx", bytes).starts_with("kept as"));
        assert!(said("letter.xlsx", bytes).contains("is not an Excel workbook"));
    }

    #[test]
    fn names_are_cleaned() {
        assert!(said("C:\\Users\\jo\\plan.pdf", b"%PDF-").starts_with("kept as plan.pdf"));
        assert!(said("../../etc/\u{202e}fdp.pdf", b"%PDF-").starts_with("kept as fdp.pdf"));
        assert!(said(&format!("{}.pdf", "n".repeat(500)), b"%PDF-").len() < 180);
    }
}
