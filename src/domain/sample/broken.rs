//! Spoils answers that can be submitted, in one way of many, so that they cannot.
//!
//! Invariant: whatever way is taken, it has been worked out that the return is refused, and that the reason which is named
//! is among those for which it is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::lot::Lot;
use super::made::{Made, Stuff, made, words};
use super::place::{Place, places};
use super::search::{figures_in, involved};
use crate::answers::evaluate;
use crate::answers::types::{Draft, Evaluated, Finding, Mark, Place as Beside, Register};
use crate::form::schema::{Form, Kind, Severity, TableKind, TableRows};

/// How many changes are tried to break one rule.
const TRIES_OF_A_RULE: usize = 40;

/// Answers that are refused.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The answers.
    pub draft: Draft,
    /// What was done to them, in a few words.
    pub how: &'static str,
    /// What is found wrong because of it: the error, or the warning that nobody explained.
    pub finding: Finding,
}

/// A way to spoil answers.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// A change of one answer, and the check that it breaks.
    Change {
        how: &'static str,
        check: &'static str,
        change: Change,
    },
    /// The form's own check with this index, or a comparison that a question asks for.
    Rule(usize),
    /// What is compared without a check being written.
    Compared(&'static str),
    /// A warning that is not explained any more.
    Unexplained,
}

/// What is put in the place of an answer; nothing where it cannot be spoilt so.
type Change = fn(&Form, &Place) -> Option<Made>;

const WAYS: [Way; 13] = [
    change("a required answer is missing", "~required", |form, place| {
        place.asked(form).required.then(Made::default)
    }),
    change("a figure cannot be read", "~reading", unreadable),
    change("there are too many words", "~words", |form, place| {
        match place.asked(form).kind {
            Kind::Narrative {
                max_words: Some(most), ..
            } => Some(Made::value("word ".repeat(most as usize + 1).trim_end())),
            _ => None,
        }
    }),
    change("there are too many letters", "~reading", |form, place| {
        match place.asked(form).kind {
            Kind::Text { max_chars } => Some(Made::value("x".repeat(max_chars as usize + 1))),
            _ => None,
        }
    }),
    change("a figure is below nought", "~negative", |form, place| {
        match place.asked(form).kind {
            Kind::Money { negative: false }
            | Kind::Percent { negative: false, .. }
            | Kind::Decimal { negative: false, .. } => Some(Made::value("-5")),
            _ => None,
        }
    }),
    change(
        "a range goes from the larger to the smaller",
        "~range",
        |form, place| matches!(place.asked(form).kind, Kind::Range { .. }).then(|| Made::value("60 to 55")),
    ),
    change("more are counted than there are", "~ratio", |form, place| {
        let ratio = matches!(place.asked(form).kind, Kind::Ratio { .. });
        ratio.then(|| Made::fields([("of", "901".to_owned()), ("per", "900".to_owned())]))
    }),
    change("a stage is larger than the one before", "~funnel", |form, place| {
        let table = place.table(form)?;
        let TableRows::Fixed(rows) = &table.rows else {
            return None;
        };
        let (row, column) = place.cell.as_ref()?;
        let later = rows.first().is_some_and(|first| first.id != *row);
        let number = table.columns[*column].id == "number";
        (table.made_as == TableKind::Funnel && later && number).then(|| Made::value("999999"))
    }),
    change("there are too many rows", "~reading", too_many_rows),
    change("too many are chosen", "~reading", |form, place| {
        match &place.asked(form).kind {
            Kind::Choices {
                options,
                max: Some(most),
                ..
            } if options.len() > *most as usize => Some(Made {
                fields: options.iter().map(|(id, _)| (id.clone(), "yes".to_owned())).collect(),
                ..Made::default()
            }),
            _ => None,
        }
    }),
    change("something is said that is not offered", "~reading", |form, place| {
        let asked = place.asked(form);
        let table = matches!(asked.kind, Kind::Table(_));
        (!asked.may_be_inapplicable && !table).then(|| Made::mark(Mark::NotApplicable))
    }),
    Way::Compared("two figures that should agree do not"),
    Way::Unexplained,
];

const fn change(how: &'static str, check: &'static str, change: Change) -> Way {
    Way::Change { how, check, change }
}

/// Text that is no figure, and no day, where one is asked for.
fn unreadable(form: &Form, place: &Place) -> Option<Made> {
    let text = |text: &str| Some(Made::value(text));
    match place.asked(form).kind {
        Kind::Money { .. } => text("about a lot"),
        Kind::Count { .. } => text("12.5"),
        Kind::Percent { .. } | Kind::Decimal { .. } => text("1.2.3"),
        Kind::Range { .. } => text("some to many"),
        Kind::Ratio { .. } => Some(Made::fields([("of", "few".to_owned()), ("per", "10".to_owned())])),
        Kind::Date => Some(Made::fields(
            [("day", "31"), ("month", "2"), ("year", "2026")].map(|(part, text)| (part, text.to_owned())),
        )),
        Kind::YesNo => text("perhaps"),
        Kind::Choice { .. } => text("~none of these"),
        _ => None,
    }
}

/// One row more than may be, of a table to which rows are added, or of a split.
fn too_many_rows(form: &Form, place: &Place) -> Option<Made> {
    let mut fields = BTreeMap::new();
    match &place.asked(form).kind {
        Kind::Table(table) => {
            let TableRows::Added { max, .. } = table.rows else {
                return None;
            };
            let text = table
                .columns
                .iter()
                .find(|column| matches!(column.kind, Kind::Text { .. }))?;
            fields.extend((0..=max).map(|row| (format!("{row}.{}", text.id), "Another".to_owned())));
        }
        Kind::Split { max_rows, .. } => {
            for row in 0..=*max_rows {
                fields.insert(format!("{row}.item"), "Another".to_owned());
                fields.insert(format!("{row}.amount"), "0".to_owned());
            }
        }
        _ => return None,
    }
    Some(Made {
        fields,
        ..Made::default()
    })
}

/// Spoils answers that can be submitted; none when no way was found, as in a form that takes anything.
#[must_use]
pub fn broken(form: &Form, register: &Register, valid: &Draft, seed: u64) -> Option<Broken> {
    let mut lot = Lot::new(seed);
    let evaluated = evaluate(form, register, valid);
    let mut ways: Vec<Way> = WAYS.to_vec();
    ways.extend((0..form.checks.len()).map(Way::Rule));
    lot.shuffle(&mut ways);
    let spoiler = Spoiler {
        form,
        register,
        valid,
        evaluated: &evaluated,
    };
    ways.into_iter().find_map(|way| spoiler.spoilt(way, &mut lot))
}

struct Spoiler<'a> {
    form: &'a Form,
    register: &'a Register,
    valid: &'a Draft,
    evaluated: &'a Evaluated,
}

impl Spoiler<'_> {
    fn spoilt(&self, way: Way, lot: &mut Lot) -> Option<Broken> {
        match way {
            Way::Change { how, check, change } => self.changed(how, check, change, lot),
            Way::Rule(check) => self.rule_broken(check, lot),
            Way::Compared(how) => self.disagreeing(how, lot),
            Way::Unexplained => self.unexplained(lot),
        }
    }

    /// The finding of a check that keeps these answers from being submitted, beside one of these places.
    fn refused(&self, mut draft: Draft, how: &'static str, is_it: impl Fn(&Finding) -> bool) -> Option<Broken> {
        let evaluated = evaluate(self.form, self.register, &draft);
        let finding = evaluated
            .blocking()
            .chain(evaluated.unexplained())
            .find(|finding| is_it(finding));
        let finding = finding?.clone();
        // What was said of other figures would be said of these, were it sent again.
        draft.explanations.remove(&finding.key);
        Some(Broken { draft, how, finding })
    }

    fn changed(&self, how: &'static str, check: &str, change: Change, lot: &mut Lot) -> Option<Broken> {
        let mut places = places(self.form, self.evaluated);
        lot.shuffle(&mut places);
        places.iter().find_map(|place| {
            let spoilt = change(self.form, place)?;
            let mut draft = self.valid.clone();
            place.put(self.form, &mut draft, spoilt);
            let beside = |at: &Beside| place.is_beside(self.form, at);
            self.refused(draft, how, |finding| {
                finding.check == check && finding.at.iter().any(beside)
            })
        })
    }

    fn rule_broken(&self, check: usize, lot: &mut Lot) -> Option<Broken> {
        let check = self.form.checks.get(check)?;
        let how = match check.severity {
            Severity::Error => "a check of the form does not hold",
            Severity::Warning => "a check of the form does not hold, and nobody says why",
        };
        // As if it had been found, to learn what it reads.
        let stands = Finding {
            key: String::new(),
            check: check.id.clone(),
            severity: check.severity,
            message: String::new(),
            at: Vec::new(),
            figures: String::new(),
            explanation: None,
            earlier: None,
        };
        let places = involved(self.form, self.evaluated, &stands);
        self.perturbed(&places, how, |finding| finding.check == check.id, lot)
    }

    fn disagreeing(&self, how: &'static str, lot: &mut Lot) -> Option<Broken> {
        let compared = ["~same", "~percent", "~split", "~over_allocation", "~lines", "~plan"];
        let places: Vec<Place> = places(self.form, self.evaluated)
            .into_iter()
            .filter(|place| {
                let asked = place.asked(self.form);
                let amount = matches!(
                    asked.kind,
                    Kind::Money { .. } | Kind::Percent { .. } | Kind::Split { .. }
                );
                amount || asked.same_as.is_some()
            })
            .collect();
        self.perturbed(&places, how, |finding| compared.contains(&finding.check.as_str()), lot)
    }

    /// Answers some of these places otherwise, until something in particular is found wrong.
    fn perturbed(
        &self,
        places: &[Place],
        how: &'static str,
        is_it: impl Fn(&Finding) -> bool,
        lot: &mut Lot,
    ) -> Option<Broken> {
        if places.is_empty() {
            return None;
        }
        let mut figures = vec![Decimal::ZERO, Decimal::ONE, Decimal::from(999_999)];
        figures.extend(self.evaluated.findings.iter().flat_map(figures_in));
        let mut draft = self.valid.clone();
        for attempt in 0..TRIES_OF_A_RULE {
            if attempt % 5 == 0 {
                draft = self.valid.clone();
            }
            let place = &places[lot.index(places.len())];
            let stuff = Stuff {
                register: self.register,
                figures: &figures,
                most: 1_000_000,
            };
            place.put(self.form, &mut draft, made(place.asked(self.form), &stuff, lot));
            if let Some(found) = self.refused(draft.clone(), how, &is_it) {
                return Some(found);
            }
        }
        None
    }

    fn unexplained(&self, lot: &mut Lot) -> Option<Broken> {
        let explained = self
            .evaluated
            .findings
            .iter()
            .filter(|finding| finding.explanation.is_some());
        let explained: Vec<&Finding> = explained.collect();
        let of = *explained.get(lot.index(explained.len()))?;
        let mut draft = self.valid.clone();
        // Too short to explain anything, or not there at all.
        match draft.explanations.get_mut(&of.key).filter(|_| lot.chance(50)) {
            Some(explanation) => explanation.text = words(1, lot).chars().take(3).collect(),
            None => drop(draft.explanations.remove(&of.key)),
        }
        self.refused(draft, "a warning is not explained", |finding| finding.key == of.key)
    }
}
