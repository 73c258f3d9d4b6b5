//! Who has not signed, and who was excused, is named once in a document.
//!
//! Invariant: every table keeps how many returns it is of and their share of the money; one that does not name who is
//! missing says under which table the same ones are named.

use super::{Block, Coverage, Document, Table};

/// A table that names who is missing.
struct Naming {
    missing: Vec<String>,
    excused: Vec<String>,
    caption: String,
}

/// Leads each table that would name the same returns as one before it to that one, where this is shorter.
pub(super) fn once<F>(document: &mut Document<F>) {
    let mut before: Vec<Naming> = Vec::new();
    for table in document.blocks.iter_mut().filter_map(table) {
        let Some(coverage) = &mut table.coverage else { continue };
        let same = |naming: &&Naming| (&naming.missing, &naming.excused) == (&coverage.missing, &coverage.excused);
        match before.iter().find(same) {
            // Of two tables with one caption neither can be pointed at.
            Some(naming) if naming.caption == table.caption => {}
            Some(naming) => lead(coverage, &naming.caption),
            None => before.push(Naming {
                missing: coverage.missing.clone(),
                excused: coverage.excused.clone(),
                caption: table.caption.clone(),
            }),
        }
    }
}

fn table<F>(block: &mut Block<F>) -> Option<&mut Table<F>> {
    match block {
        Block::Table(table) => Some(table),
        Block::Chart(chart) => Some(&mut chart.table),
        Block::Heading { .. }
        | Block::Paragraph { .. }
        | Block::List { .. }
        | Block::Story { .. }
        | Block::Facts { .. } => None,
    }
}

fn lead(coverage: &mut Coverage, caption: &str) {
    let length = |coverage: &Coverage| coverage.words().iter().map(|said| said.chars().count()).sum::<usize>();
    let led = Coverage {
        named_under: Some(caption.to_owned()),
        ..coverage.clone()
    };
    if length(&led) < length(coverage) {
        *coverage = led;
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::form::schema::Audience;

    const NAMES: [&str; 3] = [
        "Hope House: April to June",
        "Harbour Trust: April to June",
        "Quay Centre",
    ];

    fn table(caption: &str, missing: &[&str], excused: &[&str]) -> Block {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Block::Table(Table {
            caption: caption.to_owned(),
            columns: vec![],
            rows: vec![],
            coverage: Some(Coverage {
                signed: 2,
                expected: 4,
                money: None,
                missing: names(missing),
                excused: names(excused),
                named_under: None,
                provisional: 0,
            }),
            notes: vec![],
        })
    }

    fn said(blocks: Vec<Block>) -> Vec<String> {
        let mut document: Document = Document {
            title: String::new(),
            subtitle: String::new(),
            audience: Audience::Panel,
            watermark: None,
            dated: NaiveDate::default(),
            blocks,
            definitions: vec![],
        };
        once(&mut document);
        let tables = document.blocks.iter_mut().filter_map(super::table);
        tables
            .map(|table| table.coverage.as_ref().unwrap().words().join(" "))
            .collect()
    }

    #[test]
    fn who_is_missing_is_named_under_the_first_table_and_every_table_keeps_its_counts() {
        let all = said(vec![
            table("By project", &NAMES, &[]),
            table("By provider", &NAMES, &[]),
            table("Others", &NAMES[..2], &NAMES[2..]),
            table("The same", &NAMES[..2], &NAMES[2..]),
            table("Again", &NAMES, &[]),
        ]);
        assert_eq!(
            all,
            [
                "Returns signed: 2 of 4. Not signed: Hope House: April to June; Harbour Trust: April to June; Quay Centre.",
                "Returns signed: 2 of 4. Those not signed are named under “By project”.",
                "Returns signed: 2 of 4. Not signed: Hope House: April to June; Harbour Trust: April to June. Excused: Quay \
                 Centre.",
                "Returns signed: 2 of 4. Those not signed and those excused are named under “Others”.",
                "Returns signed: 2 of 4. Those not signed are named under “By project”.",
            ]
        );
    }

    #[test]
    fn what_is_short_or_cannot_be_pointed_at_is_said_again() {
        let all = said(vec![
            table("By project", &["Quay Centre"], &[]),
            table("By provider", &["Quay Centre"], &[]),
            table("Spending", &[], &[]),
            table("Counts", &[], &[]),
            table("Twice", &NAMES, &[]),
            table("Twice", &NAMES, &[]),
        ]);
        assert_eq!((&all[0], &all[2], &all[4]), (&all[1], &all[3], &all[5]), "{all:?}");
    }
}
