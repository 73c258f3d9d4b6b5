//! figure: one figure within a sentence; and has: whether there is anything to tell.
//!
//! Invariant: a share of an amount is one sum divided by another, never a mean of shares.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Raw, Told};

use super::super::material::{Datum, When};
use super::super::measured::{Measured, Of};
use super::Telling;
use super::options::{By, Options};
use super::subjects::{ONLY, Only, groups};
use crate::wording::report::{Call, Returned};

impl<'t> Telling<'t> {
    pub(super) fn figure(&self, call: &'t Call) -> Result<Returned, String> {
        let names: Vec<&str> = ONLY.into_iter().chain(["of_money", "period"]).collect();
        let options = Options::of(call, 1, &names)?;
        let only = Only::of(&options)?;
        only.check(self.material)?;
        let when = options.when()?;
        let one = self.summed(options.text_first("the figure that it tells")?, &only, when)?;
        let Some(amount) = options.text("of_money")? else {
            return Ok(Returned::Figure(one.1));
        };
        let other = self.summed(amount, &only, when)?;
        if one.0.of() != Of::Money || other.0.of() != Of::Money {
            return Err(format!(
                "`of_money` tells what one amount is of another: ‘{}’ or ‘{amount}’ is not money.",
                options.text_first("the figure that it tells")?
            ));
        }
        Ok(Returned::Figure(share(one.1, &other.1)))
    }

    fn summed(&self, literal: &str, only: &Only<'t>, when: When) -> Result<(Measured<'t>, Raw), String> {
        let measured = self.material.measured(literal)?;
        self.define(&measured);
        let data = self.material.data_of(&measured.form.id, measured.id(), when);
        let data: Vec<&Datum> = only.keep(self.material, &measured, data);
        let within = self.material.windows.of(when).unwrap_or(self.material.windows.now);
        let both = [(measured, data)];
        let awaited = groups(self.material, &both, By::Return, only, when)
            .iter()
            .any(|group| group.awaited);
        let [(measured, data)] = both;
        let raw = self.figure_of(&measured, data, within, awaited).added.raw;
        Ok((measured, raw))
    }

    pub(super) fn has(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["period"])?;
        let when = options.when()?;
        let asked = options.text_first("a form, or a question of one")?;
        let material = self.material;
        if material.forms.contains_key(asked) {
            let forms = [asked.to_owned()];
            let mut told = material.returns_in(&forms, when);
            return Ok(Returned::Flag(told.any(|(_, held)| held.told.is_some())));
        }
        let (form, rest) = material.form_of(asked)?;
        if form.measures_named().any(|named| named.id == rest) {
            let measured = material.measured(asked)?;
            let data = material.data_of(&form.id, measured.id(), when);
            let given = data.iter().any(|datum| datum.row.figure.value != FigureValue::Blank);
            return Ok(Returned::Flag(given));
        }
        let question = self.question_of(asked)?;
        if when != When::Now {
            return Err(format!(
                "`period` of `has` is for a form or a figure: ‘{asked}’ is answered in words."
            ));
        }
        Ok(Returned::Flag(self.given(&question).next().is_some()))
    }
}

/// What one amount is of another; not applicable of nothing.
fn share(one: Raw, whole: &Raw) -> Raw {
    let told = match (&one.told, &whole.told) {
        (Told::Value(FigureValue::Money { pence: of }), Told::Value(FigureValue::Money { pence: per }))
            if *per != 0 =>
        {
            Told::Value(FigureValue::Ratio {
                of: *of,
                per: *per,
                places: 1,
            })
        }
        (Told::Value(FigureValue::Money { .. }), Told::Value(FigureValue::Money { .. })) => {
            Told::Value(FigureValue::NotApplicable)
        }
        (Told::Value(FigureValue::Money { .. }), other) | (other, _) => other.clone(),
    };
    Raw {
        told,
        approximately: one.approximately || whole.approximately,
        provisional: one.provisional || whole.provisional,
        restated: one.restated || whole.restated,
        over_money: true,
        people: one.people.or_else(|| whole.people.clone()),
        from: one.from,
    }
}
