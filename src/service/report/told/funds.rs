//! reconciliation by fund: what each fund gave and what of it was spent, for a paper that tells of several.
//!
//! Invariant: a fund's sums are those of its grants; what is not known of a grant is in no sum, and said beneath.

use countersign_domain::document::{Block, Cell, Raw, Row, Table};
use countersign_domain::money::Money;

use super::super::adding::{money, source_of, whole};
use super::super::material::{Datum, Material};
use super::Telling;
use super::ledger::{Books, amount};
use super::reconciliation::number;
use super::table::{text, text_column};

/// What a fund's grants come to.
#[derive(Default)]
struct Sums<'t> {
    awards: usize,
    awarded: Money,
    carried_forward: Money,
    spent: Money,
    committed: Money,
    approximately: bool,
    provisional: bool,
    /// The figures in what was spent.
    of_spent: Vec<&'t Datum>,
    /// The figures in what was committed.
    of_committed: Vec<&'t Datum>,
    /// Grants of which it is not known what was spent.
    unknown: usize,
}

impl<'t> Sums<'t> {
    /// Takes a grant in; none when that is more than can be counted.
    fn take(&mut self, books: &Books<'t>) -> Option<()> {
        self.awards += 1;
        self.awarded = self.awarded.checked_add(books.grant.amount)?;
        self.carried_forward = self.carried_forward.checked_add(books.grant.carried_forward)?;
        let total = &books.total;
        match total.spent.as_ref().and_then(amount) {
            Some(spent) => self.spent = self.spent.checked_add(spent)?,
            None => self.unknown += 1,
        }
        if let Some(committed) = total.committed.as_ref().and_then(amount) {
            self.committed = self.committed.checked_add(committed)?;
        }
        self.of_spent.extend(&books.spent);
        self.of_committed.extend(&books.committed);
        for raw in [&total.spent, &total.committed].into_iter().flatten() {
            self.approximately |= raw.approximately;
            self.provisional |= raw.provisional;
        }
        Some(())
    }

    /// A sum of what was returned, with its marks and the figures that are in it.
    fn returned(&self, material: &Material, amount: Money, of: &[&Datum]) -> Raw {
        Raw {
            from: source_of(material, of),
            approximately: self.approximately,
            provisional: self.provisional,
            ..money(amount)
        }
    }
}

impl<'t> Telling<'t> {
    /// A row for each fund that has grants in the paper.
    pub(super) fn by_fund(&self, all: &[Books<'t>], title: &str) -> Result<Block<Raw>, String> {
        let mut told: Vec<(String, Sums<'t>)> = Vec::new();
        let mut notes = Vec::new();
        for fund in self.material.funds() {
            let mut sums = Sums::default();
            for books in all.iter().filter(|books| books.grant.fund == fund.id) {
                let too_large = || format!("The amounts of {} are too large to be added up.", fund.title);
                sums.take(books).ok_or_else(too_large)?;
            }
            match sums.unknown {
                0 => {}
                1 => notes.push(format!(
                    "{}: what 1 award spent is not known, and in no sum.",
                    fund.title
                )),
                many => notes.push(format!(
                    "{}: what {many} awards spent is not known, and in no sum.",
                    fund.title
                )),
            }
            if sums.awards > 0 {
                told.push((fund.title.clone(), sums));
            }
        }
        let carried = told.iter().any(|(_, sums)| sums.carried_forward != Money::ZERO);
        let committed = told.iter().any(|(_, sums)| sums.committed != Money::ZERO);
        let rows = told.iter().map(|(title, sums)| {
            let figure = |figure| Cell::Figure { figure };
            let mut cells = vec![
                text(title.clone()),
                figure(whole(sums.awards)),
                figure(money(sums.awarded)),
            ];
            cells.extend(carried.then(|| figure(money(sums.carried_forward))));
            cells.push(figure(sums.returned(self.material, sums.spent, &sums.of_spent)));
            let of_committed = || sums.returned(self.material, sums.committed, &sums.of_committed);
            cells.extend(committed.then(|| figure(of_committed())));
            Row { cells, total: false }
        });
        let headings = [
            (true, "Awards"),
            (true, "Awarded"),
            (carried, "Carried in"),
            (true, "Spent"),
            (committed, "Committed"),
        ];
        let mut columns = vec![text_column("Fund")];
        columns.extend(
            headings
                .into_iter()
                .filter(|(shown, _)| *shown)
                .map(|(_, title)| number(title)),
        );
        Ok(Block::Table(Table {
            caption: title.to_owned(),
            columns,
            rows: rows.collect(),
            coverage: Some(self.coverage_of_forms(&self.material.brief.forms)),
            notes,
        }))
    }
}
