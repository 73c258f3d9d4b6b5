//! Entries of the register as rows of a file: what is exported, and what changes are told in.
//!
//! Invariant: a row that is read again gives the entry that it was made of.

use countersign_domain::calendar::{Nation, local_date};
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId, PersonId};
use countersign_domain::money::Money;
use countersign_domain::register::{
    Allocation, Assignment, BudgetLine, Fund, Grant, Holder, Office, Organisation, Person, Round, Share, Virement,
};

use super::file::{
    AllocationRow, AssignmentRow, FundRow, GrantRow, HolderRow, LineRow, OfficeRow, OrganisationRow, PersonRow,
    PriorityRow, RoundRow, ShareRow, VirementRow,
};
use super::known::Known;

/// The nations by their words.
pub(super) const NATIONS: [(&str, Nation); 3] = [
    ("england-and-wales", Nation::EnglandAndWales),
    ("scotland", Nation::Scotland),
    ("northern-ireland", Nation::NorthernIreland),
];

impl Known {
    pub(super) fn organisation_key(&self, id: OrganisationId) -> String {
        self.organisations
            .by_id(id)
            .map(|found| found.key.clone())
            .unwrap_or_default()
    }

    pub(super) fn address(&self, id: PersonId) -> String {
        self.people
            .by_id(id)
            .map(|found| found.email.clone())
            .unwrap_or_default()
    }

    pub(super) fn fund_key(&self, id: FundId) -> String {
        self.funds.by_id(id).map(|found| found.key.clone()).unwrap_or_default()
    }

    pub(super) fn reference(&self, id: GrantId) -> String {
        self.grants
            .by_id(id)
            .map(|found| found.reference.clone())
            .unwrap_or_default()
    }

    pub(super) fn allocation_key(&self, id: AllocationId) -> String {
        self.allocations
            .by_id(id)
            .map(|found| found.key.clone())
            .unwrap_or_default()
    }
}

fn plain(amount: Option<Money>) -> Option<String> {
    amount.map(Money::plain)
}

/// Nought is as good as not said.
fn unless_nought(amount: Money) -> Option<String> {
    plain(Some(amount).filter(|amount| *amount != Money::ZERO))
}

pub(super) fn organisation(of: &Organisation, _: &Known) -> OrganisationRow {
    OrganisationRow {
        key: of.key.clone(),
        name: of.name.clone(),
    }
}

pub(super) fn person(of: &Person, known: &Known) -> PersonRow {
    PersonRow {
        // Other tables name a person by the address, which is what a person without a key is known by.
        key: None,
        name: of.name.clone(),
        email: of.email.clone(),
        organisation: known.organisation_key(of.organisation),
    }
}

pub(super) fn fund(of: &Fund, known: &Known) -> FundRow {
    let nation = NATIONS.iter().find(|(_, nation)| *nation == of.nation);
    FundRow {
        key: of.key.clone(),
        title: of.title.clone(),
        commissioner: known.organisation_key(of.commissioner),
        nation: nation.map(|(word, _)| (*word).to_owned()).unwrap_or_default(),
        total: plain(of.total),
        smallest_award: plain(of.limits.smallest),
        largest_award: plain(of.limits.largest),
    }
}

pub(super) fn round(of: &Round, known: &Known) -> RoundRow {
    RoundRow {
        fund: Some(known.fund_key(of.fund)),
        key: of.key.clone(),
        title: of.title.clone(),
        opens_on: of.opens_on.to_string(),
        closes_on: of.closes_on.to_string(),
        smallest_award: plain(of.limits.smallest),
        largest_award: plain(of.limits.largest),
    }
}

pub(super) fn priority(of: &(String, String, String), _: &Known) -> PriorityRow {
    PriorityRow {
        fund: Some(of.0.clone()),
        key: of.1.clone(),
        title: of.2.clone(),
    }
}

pub(super) fn share(of: &Share, known: &Known) -> ShareRow {
    ShareRow {
        fund: Some(known.fund_key(of.fund)),
        organisation: known.organisation_key(of.organisation),
        weight: of.weight.normalize().to_string(),
    }
}

pub(super) fn office(of: &Office, known: &Known) -> OfficeRow {
    OfficeRow {
        fund: Some(known.fund_key(of.fund)),
        key: of.key.clone(),
        title: of.title.clone(),
    }
}

pub(super) fn holder(of: &Holder, known: &Known) -> HolderRow {
    HolderRow {
        fund: Some(known.fund_key(of.fund)),
        office: of.office_key.clone(),
        person: known.address(of.person),
        from: of.from.to_string(),
        to: of.to.map(|to| to.to_string()),
        deputy: of.deputy.then(|| "yes".to_owned()),
    }
}

pub(super) fn grant(of: &Grant, known: &Known) -> GrantRow {
    let round = of.round.and_then(|round| known.rounds.by_id(round));
    GrantRow {
        reference: of.reference.clone(),
        fund: Some(known.fund_key(of.fund)),
        round: round.map(|round| round.key.clone()),
        title: of.title.clone(),
        organisation: known.organisation_key(of.organisation),
        amount: plain(Some(of.amount)),
        carried_forward: unless_nought(of.carried_forward),
        starts_on: of.starts_on.to_string(),
        ends_on: of.ends_on.to_string(),
        conditions: of.conditions.clone(),
        held_back: unless_nought(of.held_back),
        held_back_for: of.held_back_for.clone(),
    }
}

pub(super) fn allocation(of: &Allocation, known: &Known) -> AllocationRow {
    let waiting = of.proposed.is_some() && of.approved == Money::ZERO;
    AllocationRow {
        grant: known.reference(of.grant),
        key: of.key.clone(),
        title: of.title.clone(),
        project: of.project.clone(),
        project_title: of.project_title.clone(),
        provider: known.organisation_key(of.provider),
        proposed: plain(of.proposed),
        approved: plain(Some(of.approved).filter(|_| !waiting)),
        uncovered: unless_nought(of.uncovered),
        contract_total: plain(of.contract_total),
        contract_ends_on: of.contract_ends_on.map(|day| day.to_string()),
        other_funding: plain(of.other_funding),
        priorities: of.priorities.clone(),
    }
}

pub(super) fn line(of: &BudgetLine, known: &Known) -> LineRow {
    let allocation = known.allocations.by_id(of.allocation);
    LineRow {
        grant: allocation.map(|found| known.reference(found.grant)).unwrap_or_default(),
        allocation: known.allocation_key(of.allocation),
        key: of.key.clone(),
        title: of.title.clone(),
        amount: plain(of.amount),
    }
}

/// An assignment and its contacts, each with whether they are the lead.
pub(super) type Owed = (Assignment, Vec<(PersonId, bool)>);

pub(super) fn assignment((of, contacts): &Owed, known: &Known) -> AssignmentRow {
    let lead = contacts.iter().find(|(_, lead)| *lead);
    let mut addresses: Vec<String> = contacts.iter().map(|(person, _)| known.address(*person)).collect();
    addresses.sort();
    AssignmentRow {
        form: of.form.clone(),
        grant: known.reference(of.grant),
        allocation: of.allocation.map(|allocation| known.allocation_key(allocation)),
        organisation: known.organisation_key(of.organisation),
        from: of.from.to_string(),
        to: of.to.to_string(),
        contacts: addresses,
        lead: lead.map(|(person, _)| known.address(*person)),
    }
}

pub(super) fn virement(of: &Virement, known: &Known) -> VirementRow {
    let decision = of.decision.as_ref();
    let word = |approved: bool| if approved { "approved" } else { "refused" }.to_owned();
    VirementRow {
        grant: known.reference(of.grant),
        from: known.allocation_key(of.from),
        to: known.allocation_key(of.to),
        amount: of.amount.plain(),
        reason: of.reason.clone(),
        recorded_by: Some(known.address(of.recorded_by)),
        recorded_on: Some(local_date(of.recorded_at).to_string()),
        decision: decision.map(|decision| word(decision.approved)),
        decided_by: decision.map(|decision| known.address(decision.by)),
        decided_on: decision.map(|decision| local_date(decision.at).to_string()),
    }
}
