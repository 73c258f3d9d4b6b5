//! `forms move`: what becomes of each answer of the returns that are moved, for the terminal.
//!
//! Invariant: plain text without control characters; no answer that a move touches is left out.

use super::printable;
use crate::service::moving::DraftMove;

/// What was done, or with `dry` would be.
pub fn render(moves: &[DraftMove], dry: bool) -> String {
    let mut said = String::new();
    for one in moves {
        said += &format!(
            "{}, {}: version {} to version {}\n",
            one.ret.reference,
            printable(&one.provider),
            one.ret.form_version,
            one.to_version
        );
        if one.answers.is_empty() {
            said += "  nothing was typed yet\n";
        }
        for answer in &one.answers {
            said += &format!("  {}\n", printable(&answer.words.replace('\n', " ")));
        }
    }
    let (count, s) = (moves.len(), if moves.len() == 1 { "" } else { "s" });
    said += &match (count, dry) {
        (0, _) => "no return that you review waits on an older version\n".to_owned(),
        (_, true) => format!("{count} return{s} would be moved\n"),
        (_, false) => format!("{count} return{s} moved; it can be undone until each is submitted\n"),
    };
    said
}
