//! Which counts of people a signed figure is made of, followed through the calculations of its return, the returns beneath
//! it and the one before it.
//!
//! Invariant: a count has one name wherever it is told, so that what one table says of it is known of the other. A figure is
//! said to be a sum of counts only where they come to exactly that; what follows from counts in any other way carries them.

mod filled;
mod reads;
mod sums;
mod together;

use std::cell::Cell;

use crate::answers::types::{Figure, FigureValue, Register};
use crate::document::{Atom, People};
use crate::form::schema::{Form, Kind, Measure, Question, TableKind, TableRows};

pub use reads::{asked, before, leads_elsewhere, parts, under};
pub use sums::{says, whole};
pub use together::{all_of, together};

use sums::{counts, in_place};

/// How far a figure is followed, in returns and calculations: further than a fund has periods.
const DEEPEST: usize = 200;
/// How many figures are looked at for one; a form may be written so that they double with each calculation.
const MOST: usize = 20_000;

/// Signed returns, by the references that people quote.
pub trait Returns {
    /// The form of a return.
    fn form(&self, reference: &str) -> Option<&Form>;
    /// Its figures of a measure.
    fn figures(&self, reference: &str, measure: &str) -> Vec<&Figure>;
    /// What its revision froze of the register; none where nobody asked for it, or the return is not known.
    fn register(&self, reference: &str) -> Option<&Register>;
}

/// What a figure of a return is made of; none where it tells of nobody.
pub fn made_of(returns: &dyn Returns, reference: &str, figure: &Figure) -> Option<People> {
    let walk = Walk {
        returns,
        left: Cell::new(MOST),
    };
    walk.of(reference, figure, DEEPEST)
}

/// A figure being followed.
struct Walk<'a> {
    returns: &'a dyn Returns,
    left: Cell<usize>,
}

impl<'a> Walk<'a> {
    fn of(&self, reference: &str, figure: &Figure, deep: usize) -> Option<People> {
        let form = self.returns.form(reference)?;
        if let Some(measure) = form.measure(&figure.measure) {
            return self.measured(reference, form, measure, figure, deep);
        }
        let question = asked(form, &figure.measure)?;
        if !question.kind.counts_people() {
            return self.worked_out(reference, form, question, figure, deep);
        }
        let own = own(reference, &figure.measure, figure);
        let left = self.left.get().checked_sub(1);
        let (Some(left), Some(deep)) = (left, deep.checked_sub(1)) else {
            return Some(own);
        };
        self.left.set(left);
        let in_funnel = || self.in_funnel(reference, form, figure);
        let elsewhere = || self.elsewhere(reference, form, question, figure, deep);
        Some(match in_funnel().or_else(elsewhere) {
            Some(same) if says(&same, figure.value) => same,
            Some(near) => People::Near {
                own: Box::new(own),
                near: Box::new(near),
            },
            None => own,
        })
    }

    /// So many of so many. A measure whose parts are not both of people carries what there is of them.
    fn measured(
        &self,
        reference: &str,
        form: &Form,
        measure: &Measure,
        figure: &Figure,
        deep: usize,
    ) -> Option<People> {
        let ids = parts(measure);
        let people = |id: &String| asked(form, id).is_some_and(|part| part.kind.counts_people());
        let (true, FigureValue::Ratio { of, per, .. }) = (ids.iter().all(people), figure.value) else {
            return self.carried(reference, form, figure, deep);
        };
        if !(0..=per).contains(&of) {
            return self.carried(reference, form, figure, deep);
        }
        let part = |id: &String, count: i64| -> (Vec<Atom>, Option<Vec<Atom>>) {
            let plain = Figure {
                value: FigureValue::Count { count },
                ..figure.clone()
            };
            let found = self.returns.figures(reference, id);
            let found = found
                .into_iter()
                .find(|other| in_place(other, figure) && other.value == plain.value);
            let made = found.and_then(|other| self.of(reference, other, deep));
            let made = made.unwrap_or_else(|| own(reference, id, &plain));
            let near = match &made {
                People::Near { near, .. } => counts(near),
                _ => None,
            };
            (
                counts(&made).unwrap_or_else(|| all_of(own(reference, id, &plain))),
                near,
            )
        };
        let [(of, near_of), (per, near_per)] = [part(&ids[0], of), part(&ids[1], per)];
        let made = People::Ratio {
            of: of.clone(),
            per: per.clone(),
        };
        if near_of.is_none() && near_per.is_none() {
            return Some(made);
        }
        Some(People::Near {
            own: Box::new(made),
            near: Box::new(People::Ratio {
                of: near_of.unwrap_or(of),
                per: near_per.unwrap_or(per),
            }),
        })
    }

    /// A calculation: a sum or a difference of counts where it is one, else whatever it follows from.
    fn worked_out(
        &self,
        reference: &str,
        form: &Form,
        question: &Question,
        figure: &Figure,
        deep: usize,
    ) -> Option<People> {
        let sum = match &question.kind {
            Kind::Calculated { value, .. } => self.sum(reference, form, value, figure, deep),
            _ => None,
        };
        match sum.filter(|sum| says(sum, figure.value)) {
            Some(sum) => Some(sum),
            None => self.carried(reference, form, figure, deep),
        }
    }

    /// A stage of a funnel is a part of the stage before, and its share is so many of those.
    fn in_funnel(&self, reference: &str, form: &Form, figure: &Figure) -> Option<People> {
        let (_, question, column) = form.column(&figure.measure)?;
        let Kind::Table(table) = &question.kind else {
            return None;
        };
        let (TableKind::Funnel, TableRows::Fixed(stages)) = (table.made_as, &table.rows) else {
            return None;
        };
        let row = figure.row.as_deref()?;
        let (within, stage) = row
            .rsplit_once('/')
            .map_or((None, row), |(own, stage)| (Some(own), stage));
        let at = stages.iter().position(|known| known.id == stage)?;
        let before = stages.get(at.checked_sub(1)?)?;
        let number = format!("{}.number", question.id);
        let count_of = |row: &str| -> Option<(i64, Vec<Atom>)> {
            let found = self.returns.figures(reference, &number).into_iter();
            let found = found
                .filter(|other| other.allocation == figure.allocation)
                .find(|other| other.row.as_deref() == Some(row))?;
            match found.value {
                FigureValue::Count { count } => Some((count, all_of(own(reference, &number, found)))),
                _ => None,
            }
        };
        let before = within.map_or_else(|| before.id.clone(), |within| format!("{within}/{}", before.id));
        let ((count, here), (most, of)) = (count_of(row)?, count_of(&before)?);
        if !(0..=most).contains(&count) {
            return None;
        }
        match column.kind {
            Kind::Ratio { .. } => Some(People::Ratio { of: here, per: of }),
            _ => Some(People::Part {
                own: Box::new(People::Count(here)),
                of,
            }),
        }
    }
}

/// A figure that stands for itself.
fn own(reference: &str, id: &str, figure: &Figure) -> People {
    let atom = |part: &str, count: i64| Atom {
        key: format!(
            "{reference}/{id}{part}/{}/{}",
            figure.allocation.as_deref().unwrap_or_default(),
            figure.row.as_deref().unwrap_or_default()
        ),
        count: count.max(0),
    };
    match figure.value {
        FigureValue::Ratio { of, per, .. } => People::Ratio {
            of: vec![atom("/of", of)],
            per: vec![atom("/per", per)],
        },
        FigureValue::Range { low, high } => People::Range {
            low: vec![atom("/low", low)],
            high: vec![atom("/high", high)],
        },
        value => People::Count(sums::whole(value).map(|count| atom("", count)).into_iter().collect()),
    }
}
