//! Allocations of grants, and their budget lines.
//!
//! Invariant: an allocation that returns are owed for stays with its provider; a new entry comes after those there are.

use std::collections::HashMap;

use countersign_domain::ids::{AllocationId, GrantId};
use countersign_domain::register::{Allocation, BudgetLine, Grant};
use uuid::Uuid;

use super::super::file::{AllocationRow, LineRow, RegisterFile};
use super::super::known::one;
use super::super::rows;
use super::super::write::Write;
use super::{At, Resolving};

impl Resolving {
    pub(super) fn allocations(&mut self, file: &RegisterFile) {
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

    fn one_allocation(&mut self, at: At, row: &AllocationRow, last: &mut HashMap<GrantId, i32>) -> Option<()> {
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

    fn one_line(&mut self, at: At, row: &LineRow, last: &mut HashMap<AllocationId, i32>) -> Option<()> {
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
