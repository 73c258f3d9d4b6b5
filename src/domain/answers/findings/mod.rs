//! What is wrong with a return, or must be explained, in the order of the form.
//!
//! Invariant: a rule that touches a blank says nothing. An explanation counts for the figures that it was given for and
//! for no others.

mod beneath;
mod built_in;
mod checks;
mod money;
mod parts;
mod reconcile;
mod same;
mod tables;

pub(super) use parts::remainder;

use super::board::{At, Board};
use super::types::{Draft, Explanation, Finding, Place};
use crate::form::schema::Severity;

/// The check of answers that are missing.
pub(super) const REQUIRED: &str = "~required";
/// The check of comments that an answer asks for.
const COMMENT: &str = "~comment";
/// The check of rows that are missing.
const MIN_ROWS: &str = "~min_rows";

/// The fewest letters and digits that make an explanation.
const LEAST_EXPLANATION: usize = 10;

/// Whether a check says that something is missing, and not that something is wrong.
pub(super) fn is_missing(check: &str) -> bool {
    [REQUIRED, COMMENT, MIN_ROWS].contains(&check)
}

/// A finding before its explanation is looked for.
#[derive(Debug, Clone)]
pub(super) struct Raised {
    pub check: String,
    /// Where, as the end of its key: `project/asb/spent`.
    pub place: String,
    pub severity: Severity,
    pub message: String,
    /// Where it is shown; never empty when the form has a question that is shown.
    pub at: Vec<Place>,
    /// The first place, by which findings are put in order.
    pub first: Option<At>,
    pub figures: String,
}

impl Raised {
    /// A finding that stands beside these places, and whose key ends with the first of them.
    fn beside(board: &Board<'_>, check: &str, severity: Severity, message: String, at: &[At]) -> Self {
        let place = at.first().map(|at| place_key(board, *at)).unwrap_or_default();
        Self {
            check: check.to_owned(),
            place,
            severity,
            message,
            at: at.iter().map(|at| board.named(*at)).collect(),
            first: at.first().copied(),
            figures: String::new(),
        }
    }

    /// Ties its explanation to these values.
    fn tied_to(mut self, figures: String) -> Self {
        self.figures = figures;
        self
    }
}

/// `project/asb/spent`, or of a cell `project/asb/outcomes/first/before`.
fn place_key(board: &Board<'_>, at: At) -> String {
    let place = board.named(at);
    let mut key = format!("{}/{}", place.section.0, place.question);
    if let Some(cell) = place.cell {
        key = format!("{key}/{}", cell.row);
        key.extend(cell.column.map(|column| format!("/{column}")));
    }
    key
}

/// All findings of a board that is worked out.
pub(super) fn findings(board: &Board<'_>) -> Vec<Finding> {
    let mut raised: Vec<Raised> = (0..board.len())
        .flat_map(|instance| of_instance(board, instance))
        .collect();
    raised.extend(of_whole(board));
    raised.extend((0..board.form.checks.len()).flat_map(|check| of_check(board, check)));
    in_order(board, raised)
}

/// What is built in for the questions of one instance.
fn of_instance(board: &Board<'_>, instance: usize) -> Vec<Raised> {
    let questions = 0..board.state.cells[instance].len();
    questions
        .flat_map(|question| of_question(board, instance, question))
        .collect()
}

/// What is built in for one question, with the cells of the table that it is.
pub(super) fn of_question(board: &Board<'_>, instance: usize, question: usize) -> Vec<Raised> {
    let at = At::question(instance, question);
    if !board.cell(at).visible {
        return Vec::new();
    }
    let mut out = Vec::new();
    built_in::look(board, at, &mut out);
    tables::look(board, at, &mut out);
    money::look(board, at, &mut out);
    out.extend(parts::too_much(board, at));
    out
}

/// What is built in once for the return.
pub(super) fn of_whole(board: &Board<'_>) -> Vec<Raised> {
    let mut out: Vec<Raised> = reconcile::raised(board).into_iter().collect();
    out.extend(tables::rows_missing(board));
    out
}

/// What one of the form's own checks says.
fn of_check(board: &Board<'_>, check: usize) -> Vec<Raised> {
    checks::raised(board, &board.form.checks[check])
}

/// What one of the form's own checks says of one instance of its section, or of the return.
pub(super) fn of_check_in(board: &Board<'_>, check: usize, instance: Option<usize>) -> Vec<Raised> {
    let check = &board.form.checks[check];
    match instance {
        Some(instance) => checks::raised_in(board, check, instance),
        None => checks::raised(board, check),
    }
}

/// The findings in the order of the form, with their explanations.
pub(super) fn in_order(board: &Board<'_>, mut raised: Vec<Raised>) -> Vec<Finding> {
    // Stable, so that at one question the built-in ones come first and checks keep the form's order.
    raised.sort_by_key(|finding| finding.first.map_or((usize::MAX, 0), |at| (at.instance, at.question)));
    raised
        .into_iter()
        .map(|finding| explained(board.draft, finding))
        .collect()
}

fn explained(draft: &Draft, raised: Raised) -> Finding {
    let key = format!("{}@{}", raised.check, raised.place);
    let (explanation, earlier) = match raised.severity {
        Severity::Error => (None, None),
        Severity::Warning => tied(draft, &key, &raised.figures),
    };
    Finding {
        key,
        check: raised.check,
        severity: raised.severity,
        message: raised.message,
        at: raised.at,
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
