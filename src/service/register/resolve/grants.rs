//! Grants, their allocations and their budget lines.
//!
//! Invariant: a grant that returns are owed for stays in its fund and with its organisation; amounts stand while a return
//! of the grant is being judged.

use std::collections::HashMap;

use countersign_domain::ids::{OrganisationId, RoundId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, BudgetLine, Fund, Grant, Share, award_within, shares_of};
use uuid::Uuid;

use super::super::file::{AllocationRow, GrantRow, LineRow, RegisterFile};
use super::super::known::one;
use super::super::rows;
use super::super::write::Write;
use super::{At, Resolving};

impl Resolving {
    pub(super) fn grants(&mut self, file: &RegisterFile) {
        for (entry, row) in file.grant.iter().enumerate() {
            let at = At { table: "grant", entry };
            if self.one_grant(at, row).is_none() {
                self.spoil(at, &one(&row.reference));
            }
        }
        let allocations = self.known.allocations.iter();
        let mut last = HashMap::new();
        for known in allocations {
            let position: &mut i32 = last.entry(known.grant).or_default();
            *position = (*position).max(known.position);
        }
        for (entry, row) in file.allocation.iter().enumerate() {
            let at = At {
                table: "allocation",
                entry,
            };
            if self.one_allocation(at, row, &mut last).is_none() {
                self.spoil(at, &format!("{}/{}", one(&row.grant), one(&row.key)));
            }
        }
        let mut last = HashMap::new();
        for known in self.known.lines.iter() {
            let position: &mut i32 = last.entry(known.allocation).or_default();
            *position = (*position).max(known.position);
        }
        for (entry, row) in file.line.iter().enumerate() {
            self.one_line(At { table: "line", entry }, row, &mut last);
        }
    }

    fn one_grant(&mut self, at: At, row: &GrantRow) -> Option<()> {
        let reference = self.key(at, "reference", &row.reference);
        let old = reference
            .as_ref()
            .and_then(|reference| self.known.grants.get(reference).cloned());
        let fund = self.fund_of_grant(at, row, old.as_ref());
        let title = self.text(at, "title", &row.title);
        let organisation = self.organisation(at, "organisation", &row.organisation);
        let amount = self.money(at, "amount", row.amount.as_deref());
        let carried_forward = self.money(at, "carried_forward", row.carried_forward.as_deref());
        let starts_on = self.day(at, "starts_on", &row.starts_on);
        let ends_on = self.day(at, "ends_on", &row.ends_on);
        let conditions = self.may_lines(at, "conditions", row.conditions.as_deref());
        let held_back = self.money(at, "held_back", row.held_back.as_deref());
        let held_back_for = self.may_text(at, "held_back_for", row.held_back_for.as_deref());
        // Said of a grant that is wrong in another way too.
        let first = reference
            .as_ref()
            .is_some_and(|reference| self.first(at, "reference", reference));
        let (reference, fund, organisation) = (reference?, fund?, organisation?);
        let round = self.round_of_grant(at, &fund, row.round.as_deref(), old.as_ref());
        let amount = amount.and_then(|amount| self.award(at, &fund, organisation, amount, old.as_ref()));
        let kept = self.kept(old.as_ref());
        let was = |of: fn(&Grant) -> Money| kept.map(of).unwrap_or_default();
        let new = Grant {
            id: old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            fund: fund.id,
            round: round?,
            organisation,
            reference: reference.clone(),
            title: title?,
            amount: amount?,
            carried_forward: carried_forward?.unwrap_or_else(|| was(|old| old.carried_forward)),
            starts_on: starts_on?,
            ends_on: ends_on?,
            conditions: conditions?.or_else(|| kept.and_then(|old| old.conditions.clone())),
            held_back: held_back?.unwrap_or_else(|| was(|old| old.held_back)),
            held_back_for: held_back_for?.or_else(|| kept.and_then(|old| old.held_back_for.clone())),
        };
        if !first || !self.grant_can_be(at, &fund, &new, old.as_ref()) {
            return None;
        }
        self.known
            .grants
            .put(reference.clone(), Some(new.id.uuid()), new.clone());
        let (id, fund) = (new.id, fund.id);
        if self.settle(at, (Some(fund), reference), (old, new), rows::grant, Write::Grant) {
            self.touched.awards.insert(fund, at);
            self.touched.grants.insert(id, at);
        }
        Some(())
    }

    /// The fund that a grant names; else the one that it is in; else the only one of the file.
    fn fund_of_grant(&mut self, at: At, row: &GrantRow, old: Option<&Grant>) -> Option<Fund> {
        let named = row.fund.as_deref().map(one).filter(|key| !key.is_empty());
        match (named, old.and_then(|old| self.known.funds.by_id(old.fund).cloned())) {
            (None, Some(fund)) => Some(fund),
            (named, _) => self.fund_of(at, named.as_deref()),
        }
    }

    fn round_of_grant(
        &mut self,
        at: At,
        fund: &Fund,
        typed: Option<&str>,
        old: Option<&Grant>,
    ) -> Option<Option<RoundId>> {
        let Some(key) = typed.map(one).filter(|key| !key.is_empty()) else {
            let same = self.kept(old).filter(|old| old.fund == fund.id);
            return Some(same.and_then(|old| old.round));
        };
        let found = self.known.rounds.get(&(fund.id, key.clone())).map(|round| round.id);
        if found.is_none() && !self.is_spoiled("round", &key) {
            let message = format!("The fund “{}” has no round “{key}”.", fund.key);
            self.problem(at, "round", message, "Add it to the table `round`, or mend the name.");
        }
        found.map(Some)
    }

    /// The award: as given; else the organisation's share of the fund's total; else as it was.
    fn award(
        &mut self,
        at: At,
        fund: &Fund,
        organisation: OrganisationId,
        given: Option<Money>,
        old: Option<&Grant>,
    ) -> Option<Money> {
        let known = given
            .or_else(|| self.share(fund, organisation))
            .or(self.kept(old).map(|old| old.amount));
        // Of a needs matrix by which nothing can be shared out, its weights are to blame and not the grant.
        let weighed = fund.total.is_some() && self.known.shares.get(&(fund.id, organisation)).is_some();
        if known.is_none() && !weighed {
            self.problem(
                at,
                "amount",
                format!(
                    "It has no amount, and its organisation has no share of the fund “{}”.",
                    fund.key
                ),
                "Fill in `amount`, or give the fund a total and the organisation a weight in the table `share`.",
            );
        }
        known
    }

    fn share(&mut self, fund: &Fund, organisation: OrganisationId) -> Option<Money> {
        if !self.shares.contains_key(&fund.id) {
            let mut matrix: Vec<&Share> = self.known.shares.iter().filter(|share| share.fund == fund.id).collect();
            matrix.sort_by_key(|share| share.position);
            let weights: Vec<_> = matrix.iter().map(|share| share.weight).collect();
            let amounts = fund.total.and_then(|total| shares_of(total, &weights).ok());
            let shared = amounts.map(|amounts| {
                let of = matrix.iter().map(|share| share.organisation);
                of.zip(amounts).collect::<HashMap<_, _>>()
            });
            self.shares.insert(fund.id, shared);
        }
        self.shares.get(&fund.id)?.as_ref()?.get(&organisation).copied()
    }

    /// Whether a grant can be what a file makes of it; says everything that is in the way.
    fn grant_can_be(&mut self, at: At, fund: &Fund, new: &Grant, old: Option<&Grant>) -> bool {
        let before = self.problems.len();
        self.in_order(at, "ends_on", new.starts_on, new.ends_on);
        if new.held_back > Money::ZERO && new.held_back_for.is_none() {
            let message = format!("{} is held back, and nothing says what for.", new.held_back);
            self.problem(at, "held_back_for", message, "Say what it is held back for.");
        }
        let awarded_as_before =
            old.is_some_and(|old| (old.fund, old.round, old.amount) == (new.fund, new.round, new.amount));
        if !awarded_as_before {
            let round = new.round.and_then(|round| self.known.rounds.by_id(round));
            if let Err(outside) = award_within(new.amount, fund, round) {
                self.problem(at, "amount", format!("{outside}."), "Change the award, or the limit.");
            }
        }
        let Some(old) = old else {
            return self.problems.len() == before;
        };
        if !self.known.returns_of(new.id).is_empty() {
            let help = "Give the award to another under a reference of its own.";
            if old.fund != new.fund {
                self.problem(
                    at,
                    "fund",
                    "Returns are owed for this grant, so it stays in its fund.",
                    help,
                );
            }
            if old.organisation != new.organisation {
                let message = "Returns are owed for this grant, so it stays with its organisation.";
                self.problem(at, "organisation", message, help);
            }
        }
        for (column, was, becomes) in [
            ("amount", old.amount, new.amount),
            ("carried_forward", old.carried_forward, new.carried_forward),
        ] {
            self.may_change(at, column, new, was, becomes);
        }
        self.problems.len() == before
    }

    /// Refuses another amount while a return of the grant is with a reviewer or a named officer, who judge it as it is.
    fn may_change(&mut self, at: At, column: &'static str, grant: &Grant, was: Money, becomes: Money) {
        let judged = self.known.being_judged(grant.id).filter(|_| was != becomes);
        if let Some(reference) = judged.map(|ret| ret.reference.clone()) {
            self.problem(
                at,
                column,
                format!("The return {reference} is being judged by what this said: {was}."),
                "Change it when the return has been signed or sent back.",
            );
        }
    }

    fn one_allocation(
        &mut self,
        at: At,
        row: &AllocationRow,
        last: &mut HashMap<countersign_domain::ids::GrantId, i32>,
    ) -> Option<()> {
        let grant = self.grant_of(at, &row.grant);
        let key = self.key(at, "key", &row.key);
        let title = self.text(at, "title", &row.title);
        let project = row.project.as_deref().map(one).filter(|key| !key.is_empty());
        let project = match project {
            Some(project) => self.key(at, "project", &project).map(Some),
            None => Some(None),
        };
        let project_title = self.may_text(at, "project_title", row.project_title.as_deref());
        let provider = self.organisation(at, "provider", &row.provider);
        let proposed = self.money(at, "proposed", row.proposed.as_deref());
        let approved = self.money(at, "approved", row.approved.as_deref());
        let uncovered = self.money(at, "uncovered", row.uncovered.as_deref());
        let contract_total = self.money(at, "contract_total", row.contract_total.as_deref());
        let contract_ends_on = self.may_day(at, "contract_ends_on", row.contract_ends_on.as_deref());
        let other_funding = self.money(at, "other_funding", row.other_funding.as_deref());
        let (grant, key, provider) = (grant?, key?, provider?);
        let old = self.known.allocations.get(&(grant.id, key.clone())).cloned();
        let of = old.as_ref();
        let (proposed, approved) = (proposed?, approved?);
        let was = self.kept(of);
        if was.is_none() && proposed.is_none() && approved.is_none() {
            self.problem(
                at,
                "approved",
                "It says neither what is asked for nor what was approved.",
                "Fill in `proposed`, `approved` or both.",
            );
            return None;
        }
        let named = self.known.organisations.by_id(provider).map(|found| found.name.clone());
        let kept = was.map(|old| old.priorities.clone()).unwrap_or_default();
        let new = Allocation {
            id: of.map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            grant: grant.id,
            key: key.clone(),
            title: title?,
            project: project?.or_else(|| was.and_then(|old| old.project.clone())),
            project_title: project_title?.or_else(|| was.and_then(|old| old.project_title.clone())),
            provider,
            provider_name: named.unwrap_or_default(),
            proposed: proposed.or(was.and_then(|old| old.proposed)),
            approved: approved.or(was.map(|old| old.approved)).unwrap_or_default(),
            uncovered: uncovered?.or(was.map(|old| old.uncovered)).unwrap_or_default(),
            contract_total: contract_total?.or(was.and_then(|old| old.contract_total)),
            contract_ends_on: contract_ends_on?.or(was.and_then(|old| old.contract_ends_on)),
            other_funding: other_funding?.or(was.and_then(|old| old.other_funding)),
            priorities: if row.priorities.is_empty() {
                kept
            } else {
                row.priorities.iter().map(|key| one(key)).collect()
            },
            position: of.map_or_else(
                || {
                    let position = last.entry(grant.id).or_default();
                    *position = position.saturating_add(1);
                    *position
                },
                |old| old.position,
            ),
        };
        if !self.first(at, "key", &format!("{}/{key}", grant.reference))
            || !self.allocation_can_be(at, &grant, &new, of)
        {
            return None;
        }
        self.known
            .allocations
            .put((grant.id, key.clone()), Some(new.id.uuid()), new.clone());
        let id = new.id;
        let words = format!("{} {key}", grant.reference);
        if self.settle(
            at,
            (Some(grant.fund), words),
            (old, new),
            rows::allocation,
            Write::Allocation,
        ) {
            self.touched.grants.insert(grant.id, at);
            self.touched.allocations.insert(id, at);
        }
        Some(())
    }

    fn allocation_can_be(&mut self, at: At, grant: &Grant, new: &Allocation, old: Option<&Allocation>) -> bool {
        let before = self.problems.len();
        if old.is_none_or(|old| old.priorities != new.priorities) {
            let known = self
                .known
                .funds
                .by_id(grant.fund)
                .map(|fund| fund.priorities.clone())
                .unwrap_or_default();
            for key in &new.priorities {
                if !known.iter().any(|(known, _)| known == key) && !self.is_spoiled("priority", key) {
                    let message = format!("The fund of “{}” has no priority “{key}”.", grant.reference);
                    self.problem(
                        at,
                        "priorities",
                        message,
                        "Add it to the table `priority`, or mend the name.",
                    );
                }
            }
        }
        let Some(old) = old else {
            return self.problems.len() == before;
        };
        let owed = self
            .known
            .returns_of(grant.id)
            .iter()
            .any(|ret| ret.allocation == Some(new.id));
        if owed && old.provider != new.provider {
            self.problem(
                at,
                "provider",
                "Returns are owed for this allocation, so it stays with its provider.",
                "Give the money to another provider under a key of its own.",
            );
        }
        self.may_change(at, "approved", grant, old.approved, new.approved);
        self.may_change(at, "uncovered", grant, old.uncovered, new.uncovered);
        self.problems.len() == before
    }

    fn one_line(
        &mut self,
        at: At,
        row: &LineRow,
        last: &mut HashMap<countersign_domain::ids::AllocationId, i32>,
    ) -> Option<()> {
        let grant = self.grant_of(at, &row.grant);
        let key = self.key(at, "key", &row.key);
        let title = self.text(at, "title", &row.title);
        let amount = self.money(at, "amount", row.amount.as_deref());
        let grant = grant?;
        let allocation = self.allocation_of(at, "allocation", &grant, &row.allocation);
        let (allocation, key, title, amount) = (allocation?, key?, title?, amount?);
        let words = format!("{} {} {key}", grant.reference, allocation.key);
        if !self.first(at, "key", &words) {
            return None;
        }
        let old = self.known.lines.get(&(allocation.id, key.clone())).cloned();
        let new = BudgetLine {
            id: old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            allocation: allocation.id,
            key: key.clone(),
            title,
            amount: amount.or(self.kept(old.as_ref()).and_then(|old| old.amount)),
            position: old.as_ref().map_or_else(
                || {
                    let position = last.entry(allocation.id).or_default();
                    *position = position.saturating_add(1);
                    *position
                },
                |old| old.position,
            ),
        };
        self.known
            .lines
            .put((allocation.id, key), Some(new.id.uuid()), new.clone());
        if self.settle(at, (Some(grant.fund), words), (old, new), rows::line, Write::Line) {
            self.touched.allocations.entry(allocation.id).or_insert(at);
        }
        Some(())
    }
}
