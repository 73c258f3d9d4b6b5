//! What is wrong with a return, or must be explained, in the order of the form.
//!
//! Invariant: a rule that touches a blank says nothing. An explanation counts for the figures that it was given for and
//! for no others.

mod built_in;
mod checks;
mod reconcile;

use super::board::Board;
use super::types::{Draft, Explanation, Finding, Place};
use crate::form::schema::Severity;

/// The check of answers that are missing.
pub(super) const REQUIRED: &str = "~required";

/// The fewest letters and digits that make an explanation.
const LEAST_EXPLANATION: usize = 10;

/// A finding before its explanation is looked for.
pub(super) struct Raised {
    pub check: String,
    /// Where, as the end of its key: `project/asb/spent`.
    pub place: String,
    pub severity: Severity,
    pub message: String,
    /// The questions, as instance and question; never empty when the form has a question that is shown.
    pub at: Vec<(usize, usize)>,
    pub figures: String,
}

/// All findings of a board that is worked out.
pub(super) fn findings(board: &Board<'_>) -> Vec<Finding> {
    let mut raised = built_in::raised(board);
    raised.extend(reconcile::raised(board));
    raised.extend(checks::raised(board));
    // Stable, so that at one question the built-in ones come first and checks keep the form's order.
    raised.sort_by_key(|finding| finding.at.first().copied().unwrap_or((usize::MAX, 0)));
    raised.into_iter().map(|finding| explained(board, finding)).collect()
}

fn explained(board: &Board<'_>, raised: Raised) -> Finding {
    let key = format!("{}@{}", raised.check, raised.place);
    let (explanation, earlier) = match raised.severity {
        Severity::Error => (None, None),
        Severity::Warning => tied(board.draft, &key, &raised.figures),
    };
    let at = raised
        .at
        .iter()
        .map(|(instance, question)| Place {
            section: board.instances[*instance].key.clone(),
            question: board.question(*instance, *question).id.clone(),
            cell: None,
        })
        .collect();
    Finding {
        key,
        check: raised.check,
        severity: raised.severity,
        message: raised.message,
        at,
        figures: raised.figures,
        explanation,
        earlier,
    }
}

/// The explanation that fits these figures, and the one that was given for others.
fn tied(draft: &Draft, key: &str, figures: &str) -> (Option<Explanation>, Option<Explanation>) {
    let long_enough = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST_EXPLANATION;
    match draft.explanations.get(key) {
        Some(given) if !long_enough(&given.text) => (None, None),
        Some(given) if given.figures == figures => (Some(given.clone()), None),
        Some(given) => (None, Some(given.clone())),
        None => (None, None),
    }
}
