//! Funds with their rounds, priorities, needs matrix, offices and holders.
//!
//! Invariant: an office is held by one person at a time, beside any number of deputies; nobody holds it twice at once.

use countersign_domain::money::Money;
use countersign_domain::register::{Fund, Holder, Limits, Office, Round, Share, overlap};
use uuid::Uuid;

use super::super::file::{FundRow, HolderRow, OfficeRow, PriorityRow, RegisterFile, RoundRow, ShareRow};
use super::super::known::one;
use super::super::rows::{self, NATIONS};
use super::super::write::Write;
use super::{At, Resolving};

impl Resolving {
    pub(super) fn funds(&mut self, file: &RegisterFile) {
        for (entry, row) in file.fund.iter().enumerate() {
            let at = At { table: "fund", entry };
            if self.one_fund(at, row).is_none() {
                self.spoil(at, &one(&row.key));
            }
        }
        for (entry, row) in file.round.iter().enumerate() {
            let at = At { table: "round", entry };
            if self.one_round(at, row).is_none() {
                self.spoil(at, &one(&row.key));
            }
        }
        for (entry, row) in file.priority.iter().enumerate() {
            let at = At {
                table: "priority",
                entry,
            };
            if self.one_priority(at, row).is_none() {
                self.spoil(at, &one(&row.key));
            }
        }
        for (entry, row) in file.share.iter().enumerate() {
            self.one_share(At { table: "share", entry }, row);
        }
        for (entry, row) in file.office.iter().enumerate() {
            let at = At { table: "office", entry };
            if self.one_office(at, row).is_none() {
                self.spoil(at, &one(&row.key));
            }
        }
        for (entry, row) in file.holder.iter().enumerate() {
            self.one_holder(At { table: "holder", entry }, row);
        }
    }

    fn one_fund(&mut self, at: At, row: &FundRow) -> Option<()> {
        let key = self.key(at, "key", &row.key);
        let title = self.text(at, "title", &row.title);
        let commissioner = self.organisation(at, "commissioner", &row.commissioner);
        let nation = self.text(at, "nation", &row.nation).and_then(|word| {
            let found = NATIONS
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, nation)| *nation);
            if found.is_none() {
                let help = "Write england-and-wales, scotland or northern-ireland.";
                self.problem(
                    at,
                    "nation",
                    format!("“{word}” is not a nation whose bank holidays are known."),
                    help,
                );
            }
            found
        });
        let total = self.money(at, "total", row.total.as_deref());
        let limits = self.limits(at, row.smallest_award.as_deref(), row.largest_award.as_deref());
        let (key, title, commissioner, nation, total, limits) = (key?, title?, commissioner?, nation?, total?, limits?);
        if !self.first(at, "key", &key) {
            return None;
        }
        let old = self.known.funds.get(&key).cloned();
        let new = Fund {
            id: old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            key: key.clone(),
            title,
            commissioner,
            nation,
            priorities: old.as_ref().map(|old| old.priorities.clone()).unwrap_or_default(),
            total: total.or(self.kept(old.as_ref()).and_then(|old| old.total)),
            limits: self.over(at, limits, old.as_ref().map(|old| old.limits))?,
        };
        let id = new.id;
        if old.as_ref().is_some_and(|old| old.total != new.total) {
            self.touched.awards.insert(id, at);
        }
        self.known.funds.put(key.clone(), Some(id.uuid()), new.clone());
        self.settle(at, (Some(id), key), (old, new), rows::fund, Write::Fund);
        Some(())
    }

    fn limits(&mut self, at: At, smallest: Option<&str>, largest: Option<&str>) -> Option<Limits> {
        let smallest = self.money(at, "smallest_award", smallest);
        let largest = self.money(at, "largest_award", largest);
        Some(Limits {
            smallest: smallest?,
            largest: largest?,
        })
    }

    /// Limits as given, over those that there were; none when no award could keep them.
    fn over(&mut self, at: At, given: Limits, old: Option<Limits>) -> Option<Limits> {
        let old = self.kept(old.as_ref()).copied().unwrap_or_default();
        let limits = Limits {
            smallest: given.smallest.or(old.smallest),
            largest: given.largest.or(old.largest),
        };
        if limits.can_be_kept() {
            return Some(limits);
        }
        let words = |amount: Option<Money>| amount.unwrap_or_default().to_string();
        let (smallest, largest) = (words(limits.smallest), words(limits.largest));
        self.problem(
            at,
            "smallest_award",
            format!("The smallest award, {smallest}, is above the largest, {largest}."),
            "Change one of them.",
        );
        None
    }

    fn one_round(&mut self, at: At, row: &RoundRow) -> Option<()> {
        let fund = self.fund_of(at, row.fund.as_deref());
        let key = self.key(at, "key", &row.key);
        let title = self.text(at, "title", &row.title);
        let opens_on = self.day(at, "opens_on", &row.opens_on);
        let closes_on = self.day(at, "closes_on", &row.closes_on);
        let limits = self.limits(at, row.smallest_award.as_deref(), row.largest_award.as_deref());
        let (fund, key, title, opens_on, closes_on, limits) = (fund?, key?, title?, opens_on?, closes_on?, limits?);
        if !self.first(at, "key", &format!("{}/{key}", fund.key))
            || !self.in_order(at, "closes_on", opens_on, closes_on)
        {
            return None;
        }
        let old = self.known.rounds.get(&(fund.id, key.clone())).cloned();
        let new = Round {
            id: old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            fund: fund.id,
            key: key.clone(),
            title,
            opens_on,
            closes_on,
            limits: self.over(at, limits, old.as_ref().map(|old| old.limits))?,
        };
        self.known
            .rounds
            .put((fund.id, key.clone()), Some(new.id.uuid()), new.clone());
        self.settle(at, (Some(fund.id), key), (old, new), rows::round, Write::Round);
        Some(())
    }

    /// A priority is kept within its fund, in the order in which the priorities came.
    fn one_priority(&mut self, at: At, row: &PriorityRow) -> Option<()> {
        let fund = self.fund_of(at, row.fund.as_deref());
        let key = self.key(at, "key", &row.key);
        let title = self.text(at, "title", &row.title);
        let (was, key, title) = (fund?, key?, title?);
        if !self.first(at, "key", &format!("{}/{key}", was.key)) {
            return None;
        }
        let mut fund = was.clone();
        let known = fund.priorities.iter_mut().find(|(known, _)| *known == key);
        let old = match known {
            Some((_, known)) => Some(std::mem::replace(known, title.clone())),
            None => {
                fund.priorities.push((key.clone(), title.clone()));
                None
            }
        };
        let of = |title: String| (fund.key.clone(), key.clone(), title);
        let (old, new) = (old.map(of), of(title));
        self.known
            .funds
            .put(fund.key.clone(), Some(fund.id.uuid()), fund.clone());
        self.settle(at, (Some(fund.id), key), (old, new), rows::priority, |_, _| {
            Write::Fund(fund, Some(was))
        });
        Some(())
    }

    fn one_share(&mut self, at: At, row: &ShareRow) -> Option<()> {
        let fund = self.fund_of(at, row.fund.as_deref());
        let organisation = self.organisation(at, "organisation", &row.organisation);
        let weight = self.weight(at, "weight", &row.weight);
        let (fund, organisation, weight) = (fund?, organisation?, weight?);
        if !self.first(at, "organisation", &format!("{}/{}", fund.key, one(&row.organisation))) {
            return None;
        }
        let old = self.known.shares.get(&(fund.id, organisation)).cloned();
        let others = self.known.shares.iter().filter(|share| share.fund == fund.id);
        let last = others.map(|share| share.position).max().unwrap_or(0);
        let new = Share {
            fund: fund.id,
            organisation,
            weight,
            position: old.as_ref().map_or(last.saturating_add(1), |old| old.position),
        };
        self.known.shares.put((fund.id, organisation), None, new.clone());
        if self.settle(
            at,
            (Some(fund.id), one(&row.organisation)),
            (old, new),
            rows::share,
            Write::Share,
        ) {
            self.touched.matrices.insert(fund.id, at);
        }
        Some(())
    }

    fn one_office(&mut self, at: At, row: &OfficeRow) -> Option<()> {
        let fund = self.fund_of(at, row.fund.as_deref());
        let key = self.key(at, "key", &row.key);
        let title = self.text(at, "title", &row.title);
        let (fund, key, title) = (fund?, key?, title?);
        if !self.first(at, "key", &format!("{}/{key}", fund.key)) {
            return None;
        }
        let old = self.known.offices.get(&(fund.id, key.clone())).cloned();
        let new = Office {
            id: old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            fund: fund.id,
            key: key.clone(),
            title,
        };
        self.known
            .offices
            .put((fund.id, key.clone()), Some(new.id.uuid()), new.clone());
        self.settle(at, (Some(fund.id), key), (old, new), rows::office, Write::Office);
        Some(())
    }

    fn one_holder(&mut self, at: At, row: &HolderRow) -> Option<()> {
        let fund = self.fund_of(at, row.fund.as_deref());
        let office = self.text(at, "office", &row.office);
        let person = self.person(at, "person", &row.person);
        let from = self.day(at, "from", &row.from);
        let to = self.may_day(at, "to", row.to.as_deref());
        let deputy = self.yes_no(at, "deputy", row.deputy.as_deref());
        let (fund, office) = (fund?, office?);
        let Some(office) = self.known.offices.get(&(fund.id, office.clone())).cloned() else {
            if !self.is_spoiled("office", &office) {
                let message = format!("The fund “{}” has no office “{office}”.", fund.key);
                self.problem(at, "office", message, "Add it to the table `office`, or mend the name.");
            }
            return None;
        };
        let (person, from, to, deputy) = (person?, from?, to?, deputy?);
        let old = self.known.holders.get(&(office.id, person, from)).cloned();
        let new = Holder {
            office: office.id,
            office_key: office.key.clone(),
            office_title: office.title.clone(),
            fund: fund.id,
            person,
            from,
            to: to.or(self.kept(old.as_ref()).and_then(|old| old.to)),
            deputy: deputy.unwrap_or_else(|| self.kept(old.as_ref()).is_some_and(|old| old.deputy)),
        };
        let key = format!("{} {} {from}", office.key, self.known.address(person));
        let ordered = new.to.is_none_or(|to| self.in_order(at, "to", from, to));
        if !self.first(at, "person", &format!("{}/{key}", fund.key)) || !ordered {
            return None;
        }
        if old.as_ref() != Some(&new) && self.held_already(at, &new) {
            return None;
        }
        self.known.holders.put((office.id, person, from), None, new.clone());
        self.settle(at, (Some(fund.id), key), (old, new), rows::holder, Write::Holder);
        Some(())
    }

    /// Whether the office is held already in those days, by the same person or by another who is no deputy either.
    fn held_already(&mut self, at: At, new: &Holder) -> bool {
        let other = clashing(self.known.holders.iter(), new).cloned();
        let Some(other) = other else { return false };
        let (who, from) = (self.known.address(other.person), other.from.format("%-d %B %Y"));
        let until = other.to.map_or_else(
            || "until further notice".to_owned(),
            |to| format!("to {}", to.format("%-d %B %Y")),
        );
        self.problem(
            at,
            "from",
            format!(
                "{who} holds the office “{}” from {from} {until}, which overlaps.",
                new.office_key
            ),
            "End one term before the other begins, or say that one of them is a deputy.",
        );
        true
    }
}

/// A term of the same office that cannot stand beside a new one: of the same person, or of another holder where neither
/// is a deputy, in days that overlap. The same term as it was is none.
pub(in crate::service::register) fn clashing<'a>(
    holders: impl Iterator<Item = &'a Holder>,
    new: &Holder,
) -> Option<&'a Holder> {
    let mut others = holders.filter(|other| other.office == new.office);
    others.find(|other| {
        (other.person, other.from) != (new.person, new.from)
            && overlap((other.from, other.to), (new.from, new.to))
            && (other.person == new.person || !(other.deputy || new.deputy))
    })
}
