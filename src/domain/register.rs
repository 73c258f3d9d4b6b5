//! The register: who gives what to whom, and who holds which office.
//!
//! Invariant: plain facts. Amounts are pence; dates are inclusive calendar dates in Europe/London.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Nation;
use crate::ids::{
    AllocationId, AssignmentId, FundId, GrantId, OfficeId, OrganisationId, PersonId, RoundId, VirementId,
};
use crate::money::Money;

mod awards;
mod budget;
mod terms;

pub use awards::{Limits, OutsideLimits, Round, Share, SharesRefused, award_within, shares_of};
pub use budget::{BudgetLine, Reconciliation, reconcile, unassigned};
pub use terms::{Change, overlap};

/// A pot with rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fund {
    /// Identity.
    pub id: FundId,
    /// Short permanent key.
    pub key: String,
    /// Title.
    pub title: String,
    /// The commissioner that gives it.
    pub commissioner: OrganisationId,
    /// Whose bank holidays count.
    pub nation: Nation,
    /// The plan priorities, key and title.
    pub priorities: Vec<(String, String)>,
    /// What it has to give, pence; none: not said. Its awards together stay within it.
    pub total: Option<Money>,
    /// What one award may be, where its round says nothing else.
    pub limits: Limits,
}

/// A commissioner, partnership or provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    /// Identity.
    pub id: OrganisationId,
    /// Short permanent key.
    pub key: String,
    /// Name.
    pub name: String,
}

/// A person, known by one address.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// Name, cleaned of control characters.
    pub name: String,
    /// Where mail goes, as given.
    pub email: String,
    /// Where they work.
    pub organisation: OrganisationId,
    /// The secret of their second factor, where they have one.
    pub totp_secret: Option<Vec<u8>>,
    /// The last step used of it (a code is good once).
    pub totp_last_step: Option<i64>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// One person's address in the form that tells people apart: lower case, without a `+tag`.
///
/// Two addresses with one such form belong to one person.
pub fn address_key(email: &str) -> String {
    let lower = email.trim().to_lowercase();
    match lower.rsplit_once('@') {
        // An address that begins with its tag has nothing else to be told by.
        Some((local, host)) => match local.split_once('+') {
            Some((name, _)) if !name.is_empty() => format!("{name}@{host}"),
            _ => lower,
        },
        None => lower,
    }
}

/// An office of a fund, such as `partnership.chair`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Office {
    /// Identity.
    pub id: OfficeId,
    /// The fund it belongs to.
    pub fund: FundId,
    /// The key that forms name.
    pub key: String,
    /// What is printed as the position.
    pub title: String,
}

/// Who holds an office, from when to when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// The office.
    pub office: OfficeId,
    /// Its key.
    pub office_key: String,
    /// Its title.
    pub office_title: String,
    /// The fund of the office.
    pub fund: FundId,
    /// Who.
    pub person: PersonId,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none: until further notice.
    pub to: Option<NaiveDate>,
    /// True for a deputy.
    pub deputy: bool,
}

impl Holder {
    /// Whether they hold it on this day (both ends inclusive).
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// Money awarded to one organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Identity.
    pub id: GrantId,
    /// The fund.
    pub fund: FundId,
    /// The round of the fund in which it was awarded.
    pub round: Option<RoundId>,
    /// Who was awarded it.
    pub organisation: OrganisationId,
    /// The reference people quote.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Award, pence.
    pub amount: Money,
    /// Carried in from the year before, pence.
    pub carried_forward: Money,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// What the award is subject to, in lines of text.
    pub conditions: Option<String>,
    /// Not allocated on purpose, pence.
    pub held_back: Money,
    /// What it is held back for.
    pub held_back_for: Option<String>,
}

/// The part of a grant given to one project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Allocation {
    /// Identity.
    pub id: AllocationId,
    /// The grant.
    pub grant: GrantId,
    /// Permanent key within the grant.
    pub key: String,
    /// Its title.
    pub title: String,
    /// The key of the project that it pays for; none: its own key.
    pub project: Option<String>,
    /// The project's title; none: its own title.
    pub project_title: Option<String>,
    /// Who delivers it.
    pub provider: OrganisationId,
    /// Its name.
    pub provider_name: String,
    /// Asked for, pence; none: nothing was asked for beside what was approved.
    pub proposed: Option<Money>,
    /// Approved, with approved virements, pence.
    pub approved: Money,
    /// Entered as an increase without naming the allocation it comes from, pence.
    pub uncovered: Money,
    /// The contract of which it is a share, pence.
    pub contract_total: Option<Money>,
    /// The last day of that contract.
    pub contract_ends_on: Option<NaiveDate>,
    /// Paid towards the same project by others, pence.
    pub other_funding: Option<Money>,
    /// Keys of the priorities that it serves.
    pub priorities: Vec<String>,
    /// Order in the grant, from 1.
    pub position: i32,
}

impl Allocation {
    /// The key of the project that it pays for.
    pub fn project_key(&self) -> &str {
        self.project.as_deref().unwrap_or(&self.key)
    }

    /// What that project is called.
    pub fn project_words(&self) -> &str {
        self.project_title.as_deref().unwrap_or(&self.title)
    }

    /// What it is planned to come to: what was approved, or what is asked for while nothing has been approved.
    pub fn planned(&self) -> Money {
        match self.proposed {
            Some(proposed) if self.approved == Money::ZERO => proposed,
            _ => self.approved,
        }
    }
}

/// Money moved between two allocations of a grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Virement {
    /// Identity.
    pub id: VirementId,
    /// The grant.
    pub grant: GrantId,
    /// Gives.
    pub from: AllocationId,
    /// Receives.
    pub to: AllocationId,
    /// Pence, above nought.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Who approved or refused it, when; none: waiting.
    pub decision: Option<VirementDecision>,
}

/// What was decided of a virement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VirementDecision {
    /// True: approved; false: refused.
    pub approved: bool,
    /// Never the person who recorded it.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// What an approved virement makes of the two allocations: `(from, to)` as they become.
///
/// An increase that was entered ahead of its cover is covered first, so that the receiving allocation
/// does not grow twice. None when the giving allocation has less than the amount, and for what is no virement: nothing
/// or less moved, to itself, or out of the grant.
pub fn after_virement(from: &Allocation, to: &Allocation, amount: Money) -> Option<(Allocation, Allocation)> {
    if from.id == to.id || from.grant != to.grant || amount.in_pence() <= 0 {
        return None;
    }
    let (mut from, mut to) = (from.clone(), to.clone());
    let left = from
        .approved
        .in_pence()
        .checked_sub(amount.in_pence())
        .filter(|left| *left >= 0)?;
    from.approved = Money::pence(left);
    to.approved = Money::pence(to.approved.in_pence().checked_add(amount.in_pence())?);
    to.uncovered = Money::pence(to.uncovered.in_pence().saturating_sub(amount.in_pence()).max(0));
    Some((from, to))
}

/// That an organisation owes a form for a grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Identity.
    pub id: AssignmentId,
    /// The form's id.
    pub form: String,
    /// The grant.
    pub grant: GrantId,
    /// For one allocation only.
    pub allocation: Option<AllocationId>,
    /// Who owes it.
    pub organisation: OrganisationId,
    /// Periods ending on or after this day are owed.
    pub from: NaiveDate,
    /// Periods starting on or before this day are owed.
    pub to: NaiveDate,
}

/// A person at a provider who receives the mails of an assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Who.
    pub person: PersonId,
    /// The assignment.
    pub assignment: AssignmentId,
    /// True for the provider's lead, who is told when a return is overdue.
    pub lead: bool,
}

#[cfg(test)]
mod tests;
