//! The money of a fund's projects as a table: allocated, spent, committed and left.
//!
//! Invariant: a total adds up every project, those on other pages too, and says of how many the amount is not known.

use countersign_domain::answers::format;
use countersign_domain::money::Money;
use countersign_domain::returns::standing::Which;
use serde::Serialize;

use super::asked;
use super::numbers::{Cell, Head, Numbers, Row};
use crate::service::listing::Asked;
use crate::service::report::Stated;
use crate::service::report::state::{FundState, Known, ProjectMoney, Spending};

/// A table of money, and of which returns it is.
#[derive(Debug, Serialize)]
pub struct MoneyView {
    table: Numbers,
    /// Returns with signed figures.
    signed: Cell,
    /// Returns that are expected.
    expected: Cell,
    /// The last day that counts.
    until: String,
    /// How many projects there are, when not all of them are shown.
    all: Option<Cell>,
}

/// So many projects from one on, with the total of all.
pub fn table(state: &FundState, told: &Spending, from: usize, many: usize) -> MoneyView {
    let shown = told.projects.iter().skip(from).take(many);
    let grants = told.projects.windows(2).any(|pair| pair[0].grant != pair[1].grant);
    let mut rows: Vec<Row> = shown.map(|project| row(told, project, grants)).collect();
    let missing = rows.len() < told.projects.len();
    if told.projects.len() > 1 {
        rows.push(total(told));
    }
    let heads = [
        ("Allocated", true),
        ("Spent", told.asks_spent),
        ("Committed", told.asks_committed),
        ("Left", told.asks_spent),
    ];
    let heads = heads.into_iter().filter(|(_, asked)| *asked);
    let count = |which: Which, count: u64| {
        let asked = Asked {
            form: Some(told.form.clone()),
            running: Some(told.year),
            which,
            ..Asked::all(state.fund.id)
        };
        match count {
            0 => Cell::number(0),
            count => Cell::number(count).to(asked::of_returns(&asked), String::new()),
        }
    };
    MoneyView {
        table: Numbers {
            caption: format!("Spending by project: {}", told.form_title),
            heads: std::iter::once(Head::words("Project"))
                .chain(heads.map(|(title, _)| Head::number(title)))
                .collect(),
            rows,
            notes: Vec::new(),
        },
        signed: count(Which::InFigures, told.signed),
        expected: count(Which::Expected, told.expected),
        until: format::date(told.year.end()),
        all: missing.then(|| {
            let words = format!("All {} projects", Cell::number(told.projects.len() as u64).text);
            Cell::text(words).to(href(state, &told.form, 1), told.form_title.clone())
        }),
    }
}

/// The address of one page of the projects.
pub fn href(state: &FundState, form: &str, page: usize) -> String {
    let mut parts = vec![("form", form.to_owned())];
    parts.extend(state.year.map(|year| ("year", year.start().to_string())));
    if page != 1 {
        parts.push(("page", page.to_string()));
    }
    asked::address(&format!("/office/funds/{}/projects", state.fund.id), &parts)
}

fn row(told: &Spending, project: &ProjectMoney, grants: bool) -> Row {
    let mut of = project.providers.join(", ");
    if grants && project.grant_title != project.title {
        of = format!("{of}; {}", project.grant_title);
    }
    let name = Cell::text(&project.title)
        .to(format!("/office/grants/{}", project.grant), String::new())
        .noted(Some(of).filter(|of| !of.is_empty()));
    let mut cells = vec![Cell::text(format::money(project.allocated))];
    if told.asks_spent {
        cells.push(known(&project.spent, &format!("spent, {}", project.title)));
    }
    if told.asks_committed {
        cells.push(known(&project.committed, &format!("committed, {}", project.title)));
    }
    if told.asks_spent {
        cells.push(Cell::text(project.left().map(shown).unwrap_or_default()));
    }
    Row::of(name, cells)
}

fn known(known: &Known, of: &str) -> Cell {
    match known {
        Known::Nothing => Cell::text("Nothing signed"),
        Known::NotKnown => Cell::text("Not known yet"),
        Known::Listed => Cell::text("Not added up"),
        Known::Amount(amount) => {
            let cell = Cell::text(shown(amount.stated));
            match &amount.from {
                Some(from) => cell.to(asked::of_figures(asked::FIGURES, from, 1), of.to_owned()),
                None => cell,
            }
        }
    }
}

fn shown(stated: Stated) -> String {
    format::approximately(format::money(stated.amount), stated.approximately)
}

fn total(told: &Spending) -> Row {
    const NOTHING: &str = "Nothing known";
    let sum = |of: &dyn Fn(&ProjectMoney) -> Option<Stated>, nothing: &str| {
        let given = told.projects.iter().filter_map(of);
        let without = told.projects.iter().filter(|project| of(project).is_none()).count();
        if without == told.projects.len() {
            return Cell::text(nothing);
        }
        let note = (without > 0).then(|| match without {
            1 => "without 1 project".to_owned(),
            many => format!("without {many} projects"),
        });
        let sum = Stated::sum(given).map_or_else(|| "Too large to add up".to_owned(), shown);
        Cell::text(sum).noted(note)
    };
    let allocated = Money::checked_sum(told.projects.iter().map(|project| project.allocated));
    let mut cells = vec![Cell::text(
        allocated.map_or_else(|| "Too large to add up".to_owned(), format::money),
    )];
    if told.asks_spent {
        cells.push(sum(&|project| project.spent.amount(), NOTHING));
    }
    if told.asks_committed {
        cells.push(sum(&|project| project.committed.amount(), NOTHING));
    }
    if told.asks_spent {
        cells.push(sum(&|project| project.left(), ""));
    }
    Row::of(Cell::text("All projects"), cells).total()
}
