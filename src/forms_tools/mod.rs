//! What the commands about forms and reports say: what is wrong with a file, what it comes to, and what a move does.
//!
//! Invariant: a form is read from a file of bounded size, and nothing in it steers the terminal that it is shown on.

pub mod check;
pub mod dates;
pub mod diff;
pub mod moves;
pub mod render;
pub mod reports;
pub mod sample;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use countersign_domain::form::parse::{MAX_BYTES, parse};
use countersign_domain::form::schema::Form;

/// The text of a file, or why there is none; never reads more than a form, or a report, may have.
fn text_of(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| format!("The file cannot be read: {error}."))?;
    if bytes.len() > MAX_BYTES {
        return Err("The file must be 1,000,000 bytes or smaller.".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("Line {line} is not UTF-8 text. Save the file as UTF-8.")
    })
}

/// Without what would steer a terminal or hide the order of the letters.
fn printable(text: &str) -> String {
    let hidden =
        |c: char| (c.is_control() && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if hidden(c) { '\u{fffd}' } else { c }).collect()
}

/// The form of a file, or everything that is wrong with it.
fn form_of(path: &Path) -> Result<Form, String> {
    form_and_text(path).map(|(form, _)| form)
}

/// The form of a file with its text, or everything that is wrong with it.
pub fn form_and_text(path: &Path) -> Result<(Form, String), String> {
    let name = printable(&path.display().to_string());
    let source = text_of(path).map_err(|reason| format!("{name}: error: {reason}\n"))?;
    let form = parse(&source).map_err(|problems| render::render(&name, &source, &problems))?;
    Ok((form, source))
}
