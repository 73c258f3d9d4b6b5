//! Virements of a file: each a proposal, whatever the file says was decided of it.
//!
//! Invariant: what is brought in moves no money; somebody else decides it here.

use countersign_domain::money::Money;
use countersign_domain::register::Virement;
use uuid::Uuid;

use super::super::file::VirementRow;
use super::super::known::one;
use super::super::rows;
use super::super::write::Write;
use super::{At, Resolving};

impl Resolving {
    pub(super) fn virements(&mut self, file: &[VirementRow]) {
        for (entry, row) in file.iter().enumerate() {
            let at = At {
                table: "virement",
                entry,
            };
            self.one_virement(at, row);
        }
    }

    fn one_virement(&mut self, at: At, row: &VirementRow) -> Option<()> {
        let grant = self.grant_of(at, &row.grant);
        let amount = self.money(at, "amount", Some(&row.amount));
        let reason = self.may_lines(at, "reason", Some(&row.reason));
        let grant = grant?;
        let from = self.allocation_of(at, "from", &grant, &row.from);
        let to = self.allocation_of(at, "to", &grant, &row.to);
        let (from, to, amount, reason) = (from?, to?, amount?.unwrap_or_default(), reason?);
        let before = self.problems.len();
        if amount <= Money::ZERO {
            self.problem(
                at,
                "amount",
                "The amount must be more than £0.",
                "Fill it in, like 440 or 440.00.",
            );
        }
        if from.id == to.id {
            self.problem(
                at,
                "to",
                "Both are the same allocation.",
                "Name two different allocations.",
            );
        }
        let Some(reason) = reason else {
            self.problem(at, "reason", "`reason` is missing.", "Say why the money is moved.");
            return None;
        };
        let same = |known: &&Virement| {
            (known.grant, known.from, known.to, known.amount) == (grant.id, from.id, to.id, amount)
                && known.reason == reason
        };
        let old = self.known.virements.iter().find(same).cloned();
        let words = format!("{} {} to {} {amount}", grant.reference, from.key, to.key);
        if self.problems.len() > before || !self.first(at, "reason", &format!("{words} {}", one(&reason))) {
            return None;
        }
        if let Some(old) = old {
            self.settle(
                at,
                (Some(grant.fund), words),
                (Some(old.clone()), old),
                rows::virement,
                Write::Virement,
            );
            return Some(());
        }
        if amount > from.approved {
            let message = format!("‘{}’ has {} to give.", from.title, from.approved);
            self.problem(at, "amount", message, "Lower the amount.");
            return None;
        }
        if row.decision.is_some() {
            let message = "It comes in as a proposal, whatever was decided of it elsewhere.";
            self.warning(at, "decision", message, "Approve or refuse it here.");
        }
        let recorded_by = match (self.by, row.recorded_by.as_deref()) {
            (Some(by), _) => by,
            (None, Some(person)) => self.person(at, "recorded_by", person)?,
            (None, None) => {
                let message = "It does not say who records it.";
                self.problem(at, "recorded_by", message, "Name a person; somebody else will decide.");
                return None;
            }
        };
        let new = Virement {
            id: Uuid::new_v4().into(),
            grant: grant.id,
            from: from.id,
            to: to.id,
            amount,
            reason,
            recorded_by,
            recorded_at: self.now,
            decision: None,
        };
        self.known
            .virements
            .put(new.id.uuid(), Some(new.id.uuid()), new.clone());
        self.settle(
            at,
            (Some(grant.fund), words),
            (None, new),
            rows::virement,
            Write::Virement,
        );
        Some(())
    }
}
