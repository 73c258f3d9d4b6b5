//! reconciliation: each grant from its award to what was spent of it.
//!
//! Invariant: award and carried in are allocated, held back or left; an allocation is spent, committed or left. What is not
//! known of one project is not known of the sum, and what does not come out is a finding, explained or not.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Cell, Column, Raw, Row, Table};
use countersign_domain::money::Money;
use countersign_domain::register::Grant;

use super::super::adding::money;
use super::Telling;
use super::ledger::{Books, Line, amount, books};
use super::options::Options;
use super::stories::paragraph;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

/// So many grants are told one by one with their projects.
const EACH: usize = 6;

impl<'t> Telling<'t> {
    pub(super) fn reconciliation(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title", "grant", "by"])?;
        let only = options.text("grant")?;
        let mut all = Vec::new();
        for grant in self
            .grants()
            .filter(|grant| only.is_none_or(|only| only == grant.reference))
        {
            all.push(
                books(self.material, grant)
                    .ok_or_else(|| format!("The amounts of {} are too large to be added up.", grant.reference))?,
            );
        }
        if all.is_empty() {
            let words = match only {
                Some(only) => return Err(format!("No return of this period is of a grant ‘{only}’.")),
                None => "No return of this period is of a grant.",
            };
            return Ok(Returned::Blocks(vec![paragraph(words.to_owned())]));
        }
        let title = options.text("title")?.unwrap_or("Reconciliation");
        match options.text("by")? {
            None => {}
            Some("fund") => return Ok(Returned::Blocks(vec![self.by_fund(&all, title)?])),
            Some(other) => {
                return Err(format!(
                    "‘{other}’ is nothing that `by` of `reconciliation` can be: it is \"fund\"."
                ));
            }
        }
        let mut blocks = Vec::new();
        match all.as_slice() {
            [one] => blocks.push(self.one_grant(one, title)),
            several => blocks.push(self.several_grants(several, title)),
        }
        if all.len() <= EACH {
            blocks.extend(
                all.iter()
                    .filter(|books| books.form.is_some())
                    .map(|books| self.by_project(books, title)),
            );
        }
        Ok(Returned::Blocks(blocks))
    }

    fn one_grant(&self, books: &Books<'_>, title: &str) -> Block<Raw> {
        let (grant, sums, total) = (books.grant, &books.sums, &books.total);
        let mut lines: Vec<(&str, Option<Raw>)> = vec![("Awarded", Some(money(grant.amount)))];
        lines.push((
            "Carried forward from the year before",
            Some(money(grant.carried_forward)),
        ));
        lines.push(("Available", Some(money(sums.available))));
        lines.push(("Allocated to projects", Some(money(sums.allocated))));
        if sums.held_back != Money::ZERO {
            lines.push(("Held back", Some(money(sums.held_back))));
        }
        lines.push(("Unallocated", Some(money(sums.unallocated))));
        lines.push(("Spent", total.spent.clone()));
        lines.push(("Committed, not yet spent", total.committed.clone()));
        lines.push(("Allocated, neither spent nor committed", total.left.clone()));
        let rows = lines.into_iter().filter_map(|(label, raw)| {
            Some(Row {
                cells: vec![text(label.to_owned()), Cell::Figure { figure: raw? }],
                total: false,
            })
        });
        Block::Table(Table {
            caption: format!("{title}: {}", grant.title),
            columns: vec![text_column("Line"), number("Amount")],
            rows: rows.collect(),
            coverage: self.money_coverage(books),
            notes: self.does_not_come_out(books),
        })
    }

    fn several_grants(&self, all: &[Books<'_>], title: &str) -> Block<Raw> {
        let mut notes = Vec::new();
        let rows = all.iter().map(|books| {
            notes.extend(self.does_not_come_out(books));
            let (grant, sums, total) = (books.grant, &books.sums, &books.total);
            let own = [
                grant.amount,
                grant.carried_forward,
                sums.allocated,
                sums.held_back,
                sums.unallocated,
            ];
            let mut cells = vec![text(format!("{}, {}", grant.reference, grant.title))];
            cells.extend(own.map(|amount| Cell::Figure { figure: money(amount) }));
            cells.extend([&total.spent, &total.committed, &total.left].map(|raw| cell(raw.as_ref())));
            Row { cells, total: false }
        });
        let rows: Vec<Row<Raw>> = rows.collect();
        let headings = [
            "Awarded",
            "Carried in",
            "Allocated",
            "Held back",
            "Unallocated",
            "Spent",
            "Committed",
            "Unspent",
        ];
        let mut columns = vec![text_column("Grant")];
        columns.extend(headings.map(number));
        Block::Table(Table {
            caption: title.to_owned(),
            columns,
            rows,
            coverage: all.first().and_then(|books| self.money_coverage(books)),
            notes,
        })
    }

    fn by_project(&self, books: &Books<'_>, title: &str) -> Block<Raw> {
        let committed = books.total.committed.is_some();
        let rows = books.lines.iter().chain([&books.total]).enumerate().map(|(at, line)| {
            let mut cells = vec![text(line.title.clone())];
            cells.push(cell(line.allocated.map(money).as_ref()));
            cells.push(cell(line.spent.as_ref()));
            cells.extend(committed.then(|| cell(line.committed.as_ref())));
            cells.push(cell(line.left.as_ref()));
            Row {
                cells,
                total: at == books.lines.len(),
            }
        });
        let mut columns = vec![text_column("Project")];
        let headings = ["Allocated", "Spent", "Committed", "Unspent"].into_iter();
        columns.extend(headings.filter(|title| committed || *title != "Committed").map(number));
        Block::Table(Table {
            caption: format!("{title} by project: {}", books.grant.title),
            columns,
            rows: rows.collect(),
            coverage: self.money_coverage(books),
            notes: Vec::new(),
        })
    }

    fn money_coverage(&self, books: &Books<'_>) -> Option<countersign_domain::document::Coverage> {
        Some(self.coverage_of_forms(&[books.form.clone()?]))
    }

    /// What of a grant does not come out, each with its explanation.
    fn does_not_come_out(&self, books: &Books<'_>) -> Vec<String> {
        let (grant, sums) = (books.grant, &books.sums);
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        if sums.unallocated.is_negative() {
            let over = sums.unallocated.checked_neg().unwrap_or(sums.unallocated);
            let message = format!("{}: {over} more is allocated than there is.", grant.title);
            found.push((message, self.said_of(grant, sums.unallocated)));
        } else if sums.unallocated != Money::ZERO {
            let message = format!(
                "{}: {} is in no allocation and is not held back.",
                grant.title, sums.unallocated
            );
            found.push((message, self.said_of(grant, sums.unallocated)));
        }
        if sums.held_back != Money::ZERO {
            let why = grant.held_back_for.clone().into_iter().collect();
            found.push((format!("{}: {} is held back.", grant.title, sums.held_back), why));
        }
        let over = self.material.windows.now.end() >= grant.ends_on;
        for line in &books.lines {
            if line.uncovered != Money::ZERO {
                let message = format!(
                    "{}: {} of its allocation is covered by nothing.",
                    line.title, line.uncovered
                );
                found.push((message, self.said_of_project(books, line)));
            }
            let Some(left) = line.left.as_ref().and_then(amount) else {
                continue;
            };
            if left.is_negative() {
                let more = left.checked_neg().unwrap_or(left);
                let message = format!("{}: {more} more is spent and committed than was allocated.", line.title);
                found.push((message, self.said_of_project(books, line)));
            } else if left != Money::ZERO && over {
                let message = format!(
                    "{}: {left} of its allocation is neither spent nor committed.",
                    line.title
                );
                found.push((message, self.said_of_project(books, line)));
            }
        }
        let all = found.into_iter().map(|(message, why)| {
            let explanation = (!why.is_empty()).then(|| why.join(" "));
            let note = format!("{message} {}", explanation.as_deref().unwrap_or("Unexplained."));
            self.find(message, explanation);
            note
        });
        all.collect()
    }

    /// What the returns of a project say of its money.
    fn said_of_project(&self, books: &Books<'_>, line: &Line) -> Vec<String> {
        let material = self.material;
        let Some(form) = &books.form else { return Vec::new() };
        let mut said = Vec::new();
        for (_, held) in material.returns_of(books.grant.id, std::slice::from_ref(form)) {
            let mut keys: Vec<Option<&str>> = material
                .owed_for(held)
                .filter(|allocation| allocation.project_key() == line.key)
                .map(|allocation| Some(allocation.key.as_str()))
                .collect();
            if keys.is_empty() {
                continue;
            }
            keys.push(Some(line.key.as_str()));
            for key in keys {
                for words in self.explained_money(held, key) {
                    if !said.contains(&words) {
                        said.push(words);
                    }
                }
            }
        }
        said
    }

    /// What a return of the whole grant says where it has this very amount.
    fn said_of(&self, grant: &Grant, amount: Money) -> Vec<String> {
        let material = self.material;
        let value = FigureValue::Money {
            pence: amount.in_pence(),
        };
        let mut said = Vec::new();
        for (at, held) in material.returns_of(grant.id, &material.brief.forms) {
            if held.ret.allocation.is_some() {
                continue;
            }
            let named = held.form.measures_named();
            let same = named.filter(|named| {
                let mut own = material.of_return(at, &named.id);
                own.any(|datum| datum.row.figure.value == value)
            });
            for named in same {
                said.extend(self.notes_of(held, &named.id));
            }
        }
        said.dedup();
        said
    }
}

fn cell(raw: Option<&Raw>) -> Cell<Raw> {
    raw.map_or_else(|| text(String::new()), |raw| Cell::Figure { figure: raw.clone() })
}

pub(super) fn number(title: &str) -> Column {
    Column {
        title: title.to_owned(),
        numeric: true,
    }
}
