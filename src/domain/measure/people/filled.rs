//! Figures that come from the returns beneath, and figures that are stated twice.
//!
//! Invariant: what a figure was filled from is what its revision froze, and not what those returns say by now.

use super::reads::measure_of;
use super::{Walk, asked, own, together};
use crate::answers::filled_from;
use crate::answers::types::{Beneath, BeneathFigure, Figure, FigureValue, Register};
use crate::document::People;
use crate::form::schema::{Form, Question, RollUp};

use super::sums::says;

impl Walk<'_> {
    /// Counts of other places that come to this figure, or nearly: of the returns beneath from which it is filled, or of
    /// the place where it is stated too.
    pub(super) fn elsewhere(
        &self,
        reference: &str,
        form: &Form,
        question: &Question,
        figure: &Figure,
        deep: usize,
    ) -> Option<People> {
        let said = !matches!(
            figure.value,
            FigureValue::Blank | FigureValue::NotKnown | FigureValue::NotApplicable
        );
        let beneath = || {
            let register = self.returns.register(reference)?;
            self.beneath(form, register, question.roll_up.as_ref()?, figure, deep)
        };
        let stated = || self.stated_too(reference, form, question, figure, deep);
        said.then(|| beneath().or_else(stated)).flatten()
    }

    /// Of the returns beneath: as they were when the figure was filled, or, where another figure was typed, as they are
    /// now as far as that is known. A return that was missing then may be just what the other figure has more.
    fn beneath(
        &self,
        form: &Form,
        register: &Register,
        roll_up: &RollUp,
        figure: &Figure,
        deep: usize,
    ) -> Option<People> {
        let made = |beneath: &[Beneath]| {
            let parts = filled_from(form, register, beneath, figure)?;
            together(parts.into_iter().map(|(of, part)| self.part(&of.reference, part, deep)))
        };
        let then = made(&register.beneath);
        if then.as_ref().is_some_and(|then| says(then, figure.value)) {
            return then;
        }
        let now: Vec<Beneath> = register.beneath.iter().map(|of| self.as_it_is(of, roll_up)).collect();
        made(&now).or(then)
    }

    /// What a part of the figure is made of; of a return that is not known, or says something else by now, itself.
    fn part(&self, reference: &str, figure: &Figure, deep: usize) -> People {
        let followed = self.of_other(reference, figure, deep);
        followed.unwrap_or_else(|| {
            let measure = self
                .returns
                .form(reference)
                .and_then(|form| form.measure(&figure.measure));
            match (measure, figure.value) {
                (Some(measure), FigureValue::Ratio { of, per, .. }) => {
                    let count = |id: &String, count| {
                        let value = FigureValue::Count { count };
                        super::all_of(own(
                            reference,
                            id,
                            &Figure {
                                value,
                                ..figure.clone()
                            },
                        ))
                    };
                    let [of_id, per_id] = super::parts(measure);
                    People::Ratio {
                        of: count(&of_id, of),
                        per: count(&per_id, per),
                    }
                }
                _ => own(reference, &figure.measure, figure),
            }
        })
    }

    /// A return beneath with the figures that it has now.
    fn as_it_is(&self, of: &Beneath, roll_up: &RollUp) -> Beneath {
        let mut of = of.clone();
        let known = match self.returns.form(&of.reference) {
            Some(form) if of.form == roll_up.form => {
                Some((form, self.returns.figures(&of.reference, &roll_up.measure)))
            }
            _ => None,
        };
        if let Some((form, figures)) = known.filter(|(_, figures)| !figures.is_empty()) {
            let (over_providers, over_time) = form.adds_up(&roll_up.measure);
            let as_beneath = |figure: &&Figure| BeneathFigure {
                figure: (*figure).clone(),
                over_providers,
                over_time,
            };
            of.figures = Some(figures.iter().map(as_beneath).collect());
        }
        of
    }

    /// The other place where the figure is stated. Of two that name each other the one is made of the other.
    fn stated_too(
        &self,
        reference: &str,
        form: &Form,
        question: &Question,
        figure: &Figure,
        deep: usize,
    ) -> Option<People> {
        let rule = &question.same_as.as_ref()?.rule;
        let names_this = |id: &String| {
            let back = asked(form, id).and_then(|other| other.same_as.as_ref());
            back.is_some_and(|back| {
                back.rule
                    .reads()
                    .iter()
                    .filter_map(measure_of)
                    .any(|id| id == figure.measure)
            })
        };
        let others: Vec<String> = rule.reads().iter().filter_map(measure_of).collect();
        if others.iter().any(|id| names_this(id) && figure.measure < *id) {
            return None;
        }
        self.sum(reference, form, rule, figure, deep)
    }
}
