//! Works a return out: from what was typed and what the register says to tasks, findings and figures.
//!
//! Invariant: total and pure. The same form, register and draft give the same outcome, and no draft, however odd, stops it.

use super::board::{Board, State};
use super::figures::figures;
use super::findings::findings;
use super::order::Layout;
use super::types::{Draft, Evaluated, Register};
use super::views::section_views;
use crate::form::schema::Form;

/// Everything that follows from a draft. Each question is worked out once, after those that it reads.
#[must_use]
pub fn evaluate(form: &Form, register: &Register, draft: &Draft) -> Evaluated {
    let layout = Layout::new(form);
    let mut board = Board {
        form,
        layout: &layout,
        register,
        draft,
        state: State::new(form, register, draft),
    };
    for node in &layout.order {
        board.work_out_everywhere(*node);
    }
    let findings = findings(&board);
    Evaluated {
        sections: section_views(&board, &findings),
        figures: figures(&board),
        findings,
    }
}
