//! Material: all that one paper is made of, gathered once, before its text is worked out.
//!
//! Invariant: only signed figures, or submitted ones where the paper is asked to show them and that are marked as such; of a
//! return one revision at most. What the report does not name is not gathered, and nothing is read afterwards.

mod behind;
mod gather;
mod index;
mod kept;
mod window;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use countersign_domain::form::schema::{Audience, Form, OwedBy};
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId, PersonId, ReturnId};
use countersign_domain::period::Period;
use countersign_domain::register::{Allocation, BudgetLine, Fund, Grant, Virement};
use countersign_domain::returns::{Act, Return, RowDecision, Signature};
use countersign_domain::workflow::State;

use super::asked::Asked;
use super::frozen::Frozen;
use super::names::Names;
use crate::store::figures::FigureRow;
use index::{ByReturn, Places};

pub(super) use behind::Behind;
pub(super) use gather::gather;
pub(super) use window::{When, Windows};

/// What a report asks of the figures.
#[derive(Debug, Clone)]
pub struct Brief {
    /// The forms that it reads; none: every form of the fund.
    pub forms: Vec<String>,
    /// Whether they are looked for in every fund of the same commissioner.
    pub across: bool,
    /// The widest that its paper may travel.
    pub audience: Audience,
    /// A change of so many per cent on the period before asks for an explanation.
    pub explain: Option<u32>,
    /// The whole file: what it names is what is gathered.
    pub source: String,
}

/// A story, or the words of a finding about people, that a named person has cleared for a paper.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cleared {
    /// The return.
    pub ret: ReturnId,
    /// The revision that was read.
    pub revision: u32,
    /// Where: `section/question`, or `finding:` and the finding's key.
    pub place: String,
}

/// A return that a paper is about, with its form.
pub(super) struct Held {
    pub(super) ret: Return,
    pub(super) form: Arc<Form>,
    /// The revision that the paper tells; none where there is none that it may.
    pub(super) told: Option<u32>,
    /// Whether that revision is not signed.
    pub(super) provisional: bool,
}

/// A figure that the paper may tell.
pub(super) struct Datum {
    /// Its place in [`Material::data`].
    pub(super) at: usize,
    /// Which return: an index into [`Material::returns`].
    pub(super) held: usize,
    pub(super) row: FigureRow,
}

/// A revision that an earlier paper told and that has been signed over since.
pub(super) struct Retold {
    pub(super) held: usize,
    /// The paper, in words.
    pub(super) paper: String,
    /// Its figures then.
    pub(super) figures: Vec<FigureRow>,
}

/// All that one paper is made of.
pub struct Material {
    pub(super) brief: Brief,
    pub(super) asked: Asked,
    pub(super) fund: Fund,
    /// The other funds that it tells of.
    pub(super) others: Vec<Fund>,
    pub(super) windows: Windows,
    pub(super) today: NaiveDate,
    /// Each form by its id, in the latest version that a return of the window has.
    pub(super) forms: BTreeMap<String, Arc<Form>>,
    /// Of every window, by form, then period.
    pub(super) returns: Vec<Held>,
    pub(super) data: Vec<Datum>,
    /// Where a form's measure stands in `data`.
    by_measure: HashMap<(String, String), Vec<usize>>,
    /// Where a return's measure stands in `data`.
    by_return: HashMap<(usize, String), Vec<usize>>,
    /// Where a return stands in `returns`, by the reference that people quote.
    by_reference: HashMap<String, usize>,
    /// The revisions that counts of people are followed through, by reference: of returns of the paper and of others.
    pub(super) behind: HashMap<String, Behind>,
    pub(super) documents: HashMap<ReturnId, Frozen>,
    pub(super) grants: Vec<Grant>,
    pub(super) allocations: Vec<Allocation>,
    /// Where grants, allocations and the returns of grants stand.
    places: Places,
    pub(super) lines: Vec<BudgetLine>,
    pub(super) virements: Vec<Virement>,
    pub(super) providers: HashMap<OrganisationId, String>,
    /// What the offices of each fund are called.
    offices: HashMap<(FundId, String), String>,
    signatures: Vec<Signature>,
    signatures_by: ByReturn,
    pub(super) decisions: Vec<RowDecision>,
    /// Why returns were reopened, why they were excused, and who accepted them.
    acts: Vec<Act>,
    acts_by: ByReturn,
    pub(super) people: HashMap<PersonId, String>,
    pub(super) cleared: HashSet<Cleared>,
    /// Returns that were given more time, and when they were due as planned.
    pub(super) extended: HashMap<ReturnId, NaiveDate>,
    pub(super) retold: Vec<Retold>,
    restated: HashSet<usize>,
    /// What the rows of figures are called, and their places in the form, as their returns froze them.
    rows: HashMap<usize, (String, usize)>,
}

impl Material {
    fn index(&mut self) {
        let references = self.returns.iter().enumerate();
        self.by_reference = references.map(|(at, held)| (held.ret.reference.clone(), at)).collect();
        for (at, datum) in self.data.iter_mut().enumerate() {
            datum.at = at;
            let (form, measure) = (&self.returns[datum.held].ret.form, &datum.row.figure.measure);
            let by = self.by_measure.entry((form.clone(), measure.clone())).or_default();
            by.push(at);
            self.by_return
                .entry((datum.held, measure.clone()))
                .or_default()
                .push(at);
        }
        let mut of_returns: BTreeMap<usize, Vec<&Datum>> = BTreeMap::new();
        for datum in &self.data {
            of_returns.entry(datum.held).or_default().push(datum);
        }
        for (own, data) in of_returns {
            let held = &self.returns[own];
            let Some(document) = self.documents.get(&held.ret.id) else {
                continue;
            };
            let names = Names::new(&held.form, document);
            for datum in data {
                let figure = &datum.row.figure;
                if let Some(name) = names.get(figure) {
                    let words = name.row.clone().unwrap_or_else(|| name.subject.clone());
                    self.rows.insert(datum.at, (words, names.place(figure)));
                }
            }
        }
        for retold in &self.retold {
            for was in &retold.figures {
                let now = self.by_return.get(&(retold.held, was.figure.measure.clone()));
                let same = now.into_iter().flatten().filter(|at| {
                    let figure = &self.data[**at].row.figure;
                    (&figure.allocation, &figure.row) == (&was.figure.allocation, &was.figure.row)
                        && figure.value != was.figure.value
                });
                self.restated.extend(same);
            }
        }
    }

    /// Where the return with this reference stands in [`Material::returns`].
    pub(super) fn held_by(&self, reference: &str) -> Option<usize> {
        self.by_reference.get(reference).copied()
    }

    pub(super) fn held(&self, datum: &Datum) -> &Held {
        &self.returns[datum.held]
    }

    /// The figures of a form's measure in a window.
    pub(super) fn data_of(&self, form: &str, measure: &str, when: When) -> Vec<&Datum> {
        let Some(within) = self.windows.of(when) else {
            return Vec::new();
        };
        let found = self.by_measure.get(&(form.to_owned(), measure.to_owned()));
        let data = found.into_iter().flatten().map(|at| &self.data[*at]);
        data.filter(|datum| lies_in(datum.row.period, within)).collect()
    }

    /// The figures of one measure of one return.
    pub(super) fn of_return(&self, held: usize, measure: &str) -> impl Iterator<Item = &Datum> {
        let found = self.by_return.get(&(held, measure.to_owned()));
        found.into_iter().flatten().map(|at| &self.data[*at])
    }

    /// What the row of a figure is called, and its place in the form.
    pub(super) fn row_words(&self, datum: &Datum) -> Option<&(String, usize)> {
        self.rows.get(&datum.at)
    }

    /// Whether an earlier paper had another value for it.
    pub(super) fn is_restated(&self, datum: &Datum) -> bool {
        self.restated.contains(&datum.at)
    }

    /// The returns of these forms in the paper's own window, or of every form where none is named.
    pub(super) fn returns_now(&self, forms: &[String]) -> impl Iterator<Item = (usize, &Held)> {
        self.returns_in(forms, When::Now)
    }

    /// The same of any of its windows.
    pub(super) fn returns_in(&self, forms: &[String], when: When) -> impl Iterator<Item = (usize, &Held)> {
        let (within, forms) = (self.windows.of(when), forms.to_vec());
        self.returns.iter().enumerate().filter(move |(_, held)| {
            within.is_some_and(|within| lies_in(held.ret.period, within))
                && (forms.is_empty() || forms.contains(&held.ret.form))
        })
    }

    /// Those of them that are owed.
    pub(super) fn owed_now(&self, forms: &[String]) -> impl Iterator<Item = (usize, &Held)> {
        self.owed_in(forms, When::Now)
    }

    /// The same of any of its windows.
    pub(super) fn owed_in(&self, forms: &[String], when: When) -> impl Iterator<Item = (usize, &Held)> {
        self.returns_in(forms, when)
            .filter(|(_, held)| held.ret.state != State::Excused)
    }

    /// Every fund that it tells of, the paper's own first.
    pub(super) fn funds(&self) -> impl Iterator<Item = &Fund> {
        std::iter::once(&self.fund).chain(&self.others)
    }

    pub(super) fn provider(&self, id: OrganisationId) -> &str {
        self.providers.get(&id).map_or("", String::as_str)
    }

    /// What the office is called in the fund of a return.
    pub(super) fn office(&self, held: &Held, key: &str) -> &str {
        let fund = self.grant(held.ret.grant).map_or(self.fund.id, |grant| grant.fund);
        self.offices.get(&(fund, key.to_owned())).map_or("", String::as_str)
    }

    /// The signatures of a return, voided ones too.
    pub(super) fn signatures_of(&self, held: &Held) -> impl Iterator<Item = &Signature> {
        self.signatures_by.find(held.ret.id, &self.signatures)
    }

    /// What was done to a return, of what is in `acts`: the last comes last.
    pub(super) fn acts_of(&self, ret: ReturnId) -> impl DoubleEndedIterator<Item = &Act> {
        self.acts_by.find(ret, &self.acts)
    }

    pub(super) fn person(&self, id: PersonId) -> &str {
        self.people.get(&id).map_or("", String::as_str)
    }

    pub(super) fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.get(self.places.grant(id)?)
    }

    /// Its place in the order of the register, after all of them where it is not known.
    pub(super) fn grant_place(&self, id: GrantId) -> usize {
        self.places.grant(id).unwrap_or(usize::MAX)
    }

    pub(super) fn allocation(&self, id: AllocationId) -> Option<&Allocation> {
        self.allocations.get(self.places.allocation(id)?)
    }

    /// The allocations of a grant, in the order of the register.
    pub(super) fn allocations_of(&self, grant: GrantId) -> impl Iterator<Item = &Allocation> {
        let places = self.places.allocations_of(grant).iter();
        places.filter_map(|at| self.allocations.get(*at))
    }

    /// The allocation of a grant with this key.
    pub(super) fn allocation_keyed(&self, grant: GrantId, key: &str) -> Option<&Allocation> {
        self.allocations_of(grant).find(|allocation| allocation.key == key)
    }

    /// The place of an allocation's project among all projects, which is that of the first allocation to it.
    pub(super) fn project_place(&self, of: &Allocation) -> usize {
        self.places.project(of).unwrap_or(usize::MAX)
    }

    /// The allocations that a return is owed for: all of the grant's, the one, or the provider's own.
    pub(super) fn owed_for(&self, held: &Held) -> impl Iterator<Item = &Allocation> {
        let (ret, owed_by) = (&held.ret, held.form.owed_by);
        self.allocations_of(ret.grant).filter(move |allocation| match owed_by {
            OwedBy::Grant | OwedBy::Allocation => ret.allocation.is_none_or(|only| only == allocation.id),
            OwedBy::Provider => allocation.provider == ret.organisation,
        })
    }

    /// The returns of one grant in the paper's own window, of these forms, or of every form where none is named.
    pub(super) fn returns_of(&self, grant: GrantId, forms: &[String]) -> impl Iterator<Item = (usize, &Held)> {
        let places = self.places.returns_of(grant).iter();
        let held = places.filter_map(|at| Some((*at, self.returns.get(*at)?)));
        held.filter(move |(_, held)| {
            lies_in(held.ret.period, self.windows.now) && (forms.is_empty() || forms.contains(&held.ret.form))
        })
    }

    /// What a return is of, in words: its project, or its provider.
    pub(super) fn subject(&self, held: &Held) -> String {
        match held.ret.allocation.and_then(|id| self.allocation(id)) {
            Some(only) => only.title.clone(),
            None => self.provider(held.ret.organisation).to_owned(),
        }
    }

    /// Its period in the words of its form.
    pub(super) fn period(&self, held: &Held) -> String {
        held.form.schedule.period_label(held.ret.period)
    }

    /// Whether the document may be read by others than the commissioner's own staff.
    pub(super) fn travels(&self) -> bool {
        self.brief.audience > Audience::Internal
    }

    /// Whether these words were cleared for this paper.
    pub(super) fn is_cleared(&self, held: &Held, place: &str) -> bool {
        let Some(revision) = held.told else {
            return false;
        };
        self.cleared.contains(&Cleared {
            ret: held.ret.id,
            revision,
            place: place.to_owned(),
        })
    }
}

/// Whether one period lies in another.
pub(super) fn lies_in(period: Period, within: Period) -> bool {
    within.start() <= period.start() && period.end() <= within.end()
}
