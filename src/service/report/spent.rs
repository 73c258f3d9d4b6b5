//! What was spent and committed of a grant, by project, in the returns of a window.
//!
//! Invariant: of forms that tell the same money the one is read that is owed for most, once it is signed, so that nothing is
//! counted twice; over time the amounts of a project add up by their question's own rule.

use std::collections::BTreeSet;

use countersign_domain::answers::types::{Figure, FigureValue, Register};
use countersign_domain::document::{Raw, Told};
use countersign_domain::form::schema::{AddUp, Form, MoneyIs, OwedBy};
use countersign_domain::measure::{Rules, Signed, add_up};
use countersign_domain::period::Period;
use countersign_domain::register::{Allocation, Grant, Organisation};
use countersign_domain::workflow::State;

use super::adding::{plain, source_of};
use super::books::{Books, Subject};
use super::material::{Datum, Held, Material};
use super::names::project_key;
use super::stated::Amount;
use crate::service::facts;

/// An amount of one return.
struct Said<'m> {
    is: MoneyIs,
    /// The project's key; the empty text for the grant as a whole.
    project: String,
    /// What is added up over time by itself: an allocation or a project of a provider.
    unit: String,
    period: Period,
    amount: Amount,
    over_time: Option<AddUp>,
    provisional: bool,
    data: Vec<&'m Datum>,
}

/// The money of a grant's projects.
pub(super) struct Spent<'m> {
    material: &'m Material,
    form: Option<&'m Form>,
    said: Vec<Said<'m>>,
    awaited: BTreeSet<String>,
}

/// Reads the money of a grant.
pub(super) fn spent<'m>(material: &'m Material, grant: &Grant, allocations: &[Allocation]) -> Spent<'m> {
    let form = form_of(material, grant);
    let mut spent = Spent {
        material,
        form,
        said: Vec::new(),
        awaited: BTreeSet::new(),
    };
    let Some(form) = form else { return spent };
    let forms = [form.id.clone()];
    for (at, held) in owed_of(material, grant, &forms) {
        if held.told.is_none() {
            let projects = material.owed_for(held);
            spent
                .awaited
                .extend(projects.map(|allocation| allocation.project_key().to_owned()));
        } else {
            spent.read(at, held, grant, allocations);
        }
    }
    spent
}

/// The returns of a grant in the paper's own window that are owed.
fn owed_of<'m>(material: &'m Material, grant: &Grant, forms: &[String]) -> impl Iterator<Item = (usize, &'m Held)> {
    let all = material.returns_of(grant.id, forms);
    all.filter(|(_, held)| held.ret.state != State::Excused)
}

/// The form that tells a grant's money: of those that ask for it and of which a return is told, the one owed for most.
fn form_of<'m>(material: &'m Material, grant: &Grant) -> Option<&'m Form> {
    let asks = |form: &&Form| form.asked().any(|(_, question)| question.money_is.is_some());
    let wide = |form: &&Form| match form.owed_by {
        OwedBy::Grant => 0,
        OwedBy::Provider => 1,
        OwedBy::Allocation => 2,
    };
    let told = |form: &&Form| {
        let forms = [form.id.clone()];
        let mut returns = owed_of(material, grant, &forms);
        returns.any(|(_, held)| held.told.is_some())
    };
    let forms = || material.forms.values().map(AsRef::as_ref).filter(asks);
    let first = forms().filter(told).min_by_key(wide);
    first.or_else(|| forms().max_by_key(wide))
}

impl<'m> Spent<'m> {
    /// The id of the form that it is read from.
    pub(super) fn form(&self) -> Option<&str> {
        self.form.map(|form| form.id.as_str())
    }

    /// Whether a return about a project is not there yet.
    pub(super) fn awaited(&self, project: &str) -> bool {
        self.awaited.contains(project)
    }

    pub(super) fn spent(&self, project: &str) -> Option<Raw> {
        self.of(project, MoneyIs::Spent)
    }

    pub(super) fn committed(&self, project: &str) -> Option<Raw> {
        self.of(project, MoneyIs::Committed)
    }

    /// Every figure that is in what all projects spent, or committed.
    pub(super) fn data(&self, is: MoneyIs) -> Vec<&'m Datum> {
        let said = self.said.iter().filter(|said| said.is == is);
        said.flat_map(|said| said.data.iter().copied()).collect()
    }

    /// What is told of the grant as a whole and of no project.
    pub(super) fn whole(&self) -> Option<(Option<Raw>, Option<Raw>)> {
        let whole = self.said.iter().any(|said| said.project.is_empty());
        whole.then(|| (self.of("", MoneyIs::Spent), self.of("", MoneyIs::Committed)))
    }

    fn read(&mut self, at: usize, held: &'m Held, grant: &Grant, allocations: &[Allocation]) {
        let material = self.material;
        let provider = Organisation {
            id: held.ret.organisation,
            key: String::new(),
            name: material.provider(held.ret.organisation).to_owned(),
        };
        let about = (grant, allocations, material.lines.as_slice());
        // Amounts that are too large to add up are told by nobody.
        let Ok(register) = facts::facts(
            &held.ret,
            &held.form,
            (&material.fund, material.fund.limits),
            about,
            &provider,
        ) else {
            return;
        };
        let data: Vec<&'m Datum> = held
            .form
            .measures_named()
            .flat_map(|named| material.of_return(at, &named.id).collect::<Vec<_>>())
            .collect();
        let figures: Vec<Figure> = data.iter().map(|datum| datum.row.figure.clone()).collect();
        let books = Books::new(&held.form, &register, &figures);
        for (subject, project) in subjects(held, allocations, &register, &books) {
            for is in [MoneyIs::Spent, MoneyIs::Committed] {
                let amount = books.amount(&subject, is);
                if amount == Amount::NotAsked {
                    continue;
                }
                let marked = books.marked.iter().find(|marked| marked.is == is);
                let under = books
                    .entries
                    .iter()
                    .filter(|entry| entry.is == is && entry.subject == subject);
                let under: Vec<&Figure> = under.map(|entry| entry.figure).collect();
                let unit = match &subject {
                    Subject::Whole => format!("{}/{}", held.ret.organisation, project),
                    Subject::Project(key) | Subject::Allocation(key) => key.clone(),
                };
                self.said.push(Said {
                    is,
                    project: project.clone(),
                    unit,
                    period: held.ret.period,
                    amount,
                    over_time: marked.and_then(|marked| marked.over_time),
                    provisional: held.provisional,
                    data: data
                        .iter()
                        .copied()
                        .filter(|datum| under.iter().any(|figure| **figure == datum.row.figure))
                        .collect(),
                });
            }
        }
    }

    /// The amounts of a project together; none where none was asked for.
    fn of(&self, project: &str, is: MoneyIs) -> Option<Raw> {
        let said: Vec<&Said<'_>> = self
            .said
            .iter()
            .filter(|said| said.is == is && said.project == project)
            .collect();
        if said.is_empty() {
            let asked = self
                .form
                .is_some_and(|form| form.asked().any(|(_, question)| question.money_is == Some(is)));
            return (asked && self.awaited(project)).then(|| plain(FigureValue::NotKnown));
        }
        let over_time = said[0].over_time.or(Some(AddUp::Last));
        let figures: Vec<Signed<'_>> = said
            .iter()
            .map(|said| Signed {
                provider: &said.unit,
                subject: (None, None),
                period: said.period,
                value: match said.amount {
                    Amount::Given(stated) => FigureValue::Money {
                        pence: stated.amount.in_pence(),
                    },
                    Amount::NotGiven | Amount::NotAsked => FigureValue::NotKnown,
                },
                approximately: said.amount.given().is_some_and(|stated| stated.approximately),
            })
            .collect();
        let rules = Rules {
            over_time,
            over_providers: Some(AddUp::Sum),
        };
        let sum = add_up(&figures, rules);
        let unknown = over_time == Some(AddUp::Sum) && sum.not_known > 0;
        let value = sum.value.filter(|_| !unknown).unwrap_or(FigureValue::NotKnown);
        let data: Vec<&Datum> = said.iter().flat_map(|said| said.data.iter().copied()).collect();
        Some(Raw {
            told: Told::Value(value),
            approximately: sum.approximately,
            provisional: said.iter().any(|said| said.provisional),
            restated: data.iter().any(|datum| self.material.is_restated(datum)),
            over_money: false,
            people: None,
            from: source_of(self.material, &data),
        })
    }
}

/// What a return tells money of, each with the key of its project; the empty text for the grant as a whole.
fn subjects(held: &Held, allocations: &[Allocation], register: &Register, books: &Books<'_>) -> Vec<(Subject, String)> {
    let mut own = allocations.iter();
    let own = own.find(|allocation| held.ret.allocation == Some(allocation.id));
    let whole = own.map_or_else(String::new, |only| only.project_key().to_owned());
    let mut subjects = vec![(Subject::Whole, whole)];
    for allocation in &register.allocations {
        let project = project_key(register, &allocation.key).to_owned();
        let subject = match books.by_project() {
            true => Subject::Project(project.clone()),
            false => Subject::Allocation(allocation.key.clone()),
        };
        if !subjects.iter().any(|(known, _)| *known == subject) {
            subjects.push((subject, project));
        }
    }
    subjects
}
