//! How a figure is made of counts of people: the returns of a paper as the domain follows them.
//!
//! Invariant: every return that a paper tells is known with the figures of the revision that it tells; of those behind them,
//! beneath and before, as much as it takes to follow a count to where it was given.

use countersign_domain::answers::types::{Figure, Register};
use countersign_domain::document::People;
use countersign_domain::form::schema::Form;
use countersign_domain::measure::people::{Returns, made_of};

pub(super) use countersign_domain::measure::people::{all_of, asked, parts, together, under};

use super::material::{Datum, Material};

/// What one figure is made of; none where it tells of nobody.
pub(super) fn of_datum(material: &Material, datum: &Datum) -> Option<People> {
    made_of(material, &material.held(datum).ret.reference, &datum.row.figure)
}

impl Returns for Material {
    fn form(&self, reference: &str) -> Option<&Form> {
        match self.held_by(reference) {
            Some(held) => Some(&self.returns[held].form),
            None => self.behind.get(reference).map(|behind| behind.form.as_ref()),
        }
    }

    fn figures(&self, reference: &str, measure: &str) -> Vec<&Figure> {
        let own = self.held_by(reference).into_iter();
        let own = own.flat_map(|held| self.of_return(held, measure).map(|datum| &datum.row.figure));
        let mut found: Vec<&Figure> = own.collect();
        if found.is_empty() {
            let behind = self.behind.get(reference).into_iter();
            found.extend(behind.flat_map(|behind| behind.figures.iter().filter(|figure| figure.measure == measure)));
        }
        found
    }

    fn register(&self, reference: &str) -> Option<&Register> {
        self.behind.get(reference).map(|behind| &behind.register)
    }
}
