//! A file against the register: every entry read, looked up and compared; what would be written, and all that is wrong.
//!
//! Invariant: nothing is written here; an entry that is wrong is left out, and what names it is not blamed for that.

mod allocations;
mod cells;
mod funds;
mod grants;
mod owed;
mod parties;
mod sums;
mod virements;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId, PersonId};
use countersign_domain::money::Money;

use super::file::{RegisterFile, Row};
use super::known::{Known, one};
use super::problem::{Changed, Changes, RegisterProblem, Severity, differences};
use super::write::{At, Step, Write};

/// What a file comes to.
pub(super) struct Resolved {
    pub(super) problems: Vec<RegisterProblem>,
    pub(super) changes: Changes,
    pub(super) steps: Vec<Step>,
}

/// What an empty value says of an entry that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// Nothing: it stays as it was. So it is in a file, which may leave out what it does not speak of.
    Stays,
    /// That there is none any more. So it is on a page, which shows what there was.
    Clears,
}

/// Reads a file against what is known; `by` is who brings it, where that is a person of the register.
pub(super) fn resolve(
    known: Known,
    file: &RegisterFile,
    blank: Blank,
    by: Option<PersonId>,
    now: DateTime<Utc>,
) -> Resolved {
    let funds = file.fund.iter().map(|row| one(&row.key)).collect::<HashSet<_>>();
    let mut resolving = Resolving {
        known,
        blank,
        by,
        now,
        only_fund: (funds.len() == 1).then(|| funds.into_iter().next()).flatten(),
        addresses: HashMap::new(),
        problems: Vec::new(),
        changes: Changes::default(),
        steps: Vec::new(),
        seen: HashMap::new(),
        spoiled: HashSet::new(),
        shares: HashMap::new(),
        touched: Touched::default(),
    };
    resolving.parties(file);
    resolving.funds(file);
    resolving.grants(&file.grant);
    resolving.allocations(file);
    resolving.owed(&file.assignment);
    resolving.virements(&file.virement);
    resolving.sums();
    Resolved {
        problems: resolving.problems,
        changes: resolving.changes,
        steps: resolving.steps,
    }
}

/// What a sum has to be looked at again for, each with an entry that changed it.
#[derive(Default)]
struct Touched {
    awards: HashMap<FundId, At>,
    matrices: HashMap<FundId, At>,
    grants: HashMap<GrantId, At>,
    allocations: HashMap<AllocationId, At>,
}

struct Resolving {
    known: Known,
    blank: Blank,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    /// The one fund of the file, which entries belong to that name none.
    only_fund: Option<String>,
    /// The address of each person by the file's own word for them.
    addresses: HashMap<String, String>,
    problems: Vec<RegisterProblem>,
    changes: Changes,
    steps: Vec<Step>,
    /// The first entry with each key.
    seen: HashMap<(&'static str, String), usize>,
    /// Keys of entries that are wrong.
    spoiled: HashSet<(&'static str, String)>,
    /// What each organisation's share of a fund is, worked out once; none where nothing can be shared out.
    shares: HashMap<FundId, Option<HashMap<OrganisationId, Money>>>,
    touched: Touched,
}

impl Resolving {
    fn say(&mut self, at: At, column: &'static str, severity: Severity, message: String, help: &str) {
        self.problems.push(RegisterProblem {
            table: at.table,
            entry: at.entry,
            column: Some(column).filter(|column| !column.is_empty()),
            also: None,
            severity,
            message,
            help: help.to_owned(),
        });
    }

    fn problem(&mut self, at: At, column: &'static str, message: impl Into<String>, help: &str) {
        self.say(at, column, Severity::Error, message.into(), help);
    }

    fn warning(&mut self, at: At, column: &'static str, message: impl Into<String>, help: &str) {
        self.say(at, column, Severity::Warning, message.into(), help);
    }

    /// What stands where nothing is given: what there was, or nothing.
    fn kept<'t, T>(&self, old: Option<&'t T>) -> Option<&'t T> {
        old.filter(|_| self.blank == Blank::Stays)
    }

    /// Leaves an entry out, so that what names it is not blamed.
    fn spoil(&mut self, at: At, key: &str) {
        self.spoiled.insert((at.table, key.to_owned()));
    }

    fn is_spoiled(&self, table: &'static str, key: &str) -> bool {
        self.spoiled.contains(&(table, key.to_owned()))
    }

    /// Whether an entry is the first with its key; the second is told of the first, and the first of the second.
    fn first(&mut self, at: At, column: &'static str, key: &str) -> bool {
        let Some(other) = self.seen.insert((at.table, key.to_owned()), at.entry) else {
            return true;
        };
        for (here, there) in [(other, at.entry), (at.entry, other)] {
            self.problems.push(RegisterProblem {
                table: at.table,
                entry: here,
                column: Some(column),
                also: Some(there),
                severity: Severity::Error,
                message: format!("“{key}” is here more than once."),
                help: "Keep one of them.".to_owned(),
            });
        }
        false
    }

    /// Compares an entry with what there was of it, and keeps what is to be written; true when anything is.
    fn settle<T: Clone, R: Row>(
        &mut self,
        at: At,
        (fund, key): (Option<FundId>, String),
        (old, new): (Option<T>, T),
        row: fn(&T, &Known) -> R,
        write: impl FnOnce(T, Option<T>) -> Write,
    ) -> bool {
        let was = old.as_ref().map(|old| row(old, &self.known).cells());
        let becomes = row(&new, &self.known).cells();
        if was.as_ref() == Some(&becomes) {
            self.changes.unchanged += 1;
            return false;
        }
        let changed = Changed {
            table: at.table,
            entry: at.entry,
            key,
            values: differences(at.table, was.as_deref(), &becomes),
        };
        self.steps
            .push(Step::new(at, fund, &changed, old.is_none(), write(new, old)));
        if was.is_none() {
            self.changes.added.push(changed);
        } else {
            self.changes.changed.push(changed);
        }
        true
    }
}
