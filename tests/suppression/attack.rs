//! What papers hold back, attacked: 10,000 random tables, and a reader who knows the policy, everything that is told and
//! everything that was told before.
//!
//! Invariant: no count that is held back, and no small one that could be worked out, is known to such a reader, nor nearly.

mod adversary;
mod papers;
mod tables;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use adversary::Adversary;
use countersign_domain::measure::suppress::{Decided, Fate, Policy, Told};
use serde_json::{Value, json};
use tables::{Lot, Table};

/// What was held back, over many tables.
#[derive(Default)]
struct Tally {
    told: usize,
    small: usize,
    held: usize,
    exposed: usize,
    whole: usize,
}

/// Every sum that a reader could be after: what is held back, what could be worked out, and counts that the document and the
/// earlier ones tell apart without telling them.
fn sought(table: &Table, fates: &[Fate]) -> Vec<Told> {
    let mut sought: Vec<Told> = table
        .told
        .iter()
        .zip(fates)
        .filter(|(_, fate)| **fate == Fate::Hidden)
        .map(|(told, _)| told.clone())
        .collect();
    let mut apart: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for atom in 0..table.counts.len() {
        let told = table
            .told
            .iter()
            .flat_map(|told| [told.atoms.contains(&atom), told.less.contains(&atom)]);
        let earlier = table
            .earlier
            .iter()
            .flat_map(|earlier| [earlier.atoms.contains(&atom), earlier.less.contains(&atom)]);
        apart.entry(told.chain(earlier).collect()).or_default().push(atom);
    }
    let told = |atoms: Vec<usize>| Told {
        atoms,
        less: vec![],
        shown: true,
    };
    sought.extend(
        apart
            .into_iter()
            .filter(|(told, _)| told.contains(&true))
            .map(|(_, atoms)| told(atoms)),
    );
    // What was held back before is still not to be known.
    sought.extend(
        table
            .earlier
            .iter()
            .filter(|earlier| earlier.low < earlier.high)
            .map(|earlier| Told {
                less: earlier.less.clone(),
                ..told(earlier.atoms.clone())
            }),
    );
    sought.sort_by(|one, other| (&one.atoms, &one.less).cmp(&(&other.atoms, &other.less)));
    sought.dedup_by(|one, other| (&one.atoms, &one.less) == (&other.atoms, &other.less));
    sought
}

/// What is wrong with what a table tells.
fn attack(table: &Table, decided: &Decided, halves: bool, tally: &mut Tally) -> Vec<String> {
    let (first_large, room) = match table.policy {
        Policy::LessThanFive => (5, 4),
        Policy::RoundToFive => (8, 2),
    };
    let nothing_told = vec![Fate::Hidden; table.told.len()];
    let reader = Adversary {
        table,
        fates: &decided.fates,
        halves,
    };
    let blind = Adversary {
        table,
        fates: &nothing_told,
        halves,
    };
    for (told, fate) in table.told.iter().zip(&decided.fates).filter(|(told, _)| told.shown) {
        tally.told += 1;
        tally.small += usize::from((1..first_large).contains(&table.value(told)));
        tally.held += usize::from(*fate == Fate::Hidden);
    }
    tally.exposed += decided.exposed;
    let mut wrong = vec![];
    for told in sought(table, &decided.fates) {
        let count = table.value(&told);
        let (least, most) = reader.can_be(&told);
        let secret = |most: Option<i64>| most.is_none_or(|most| most > least);
        if !(1..first_large).contains(&count) {
            let held = table.told.iter().zip(&decided.fates).any(|(one, fate)| {
                one.shown && one.atoms == told.atoms && one.less == told.less && *fate == Fate::Hidden
            });
            if held && !secret(most) && decided.exposed == 0 {
                wrong.push(format!("{count} was held back in vain: {told:?}"));
            }
            continue;
        }
        let (up_to, width) = (
            most.unwrap_or(first_large).min(first_large),
            first_large.min(most.unwrap_or(first_large)) - least,
        );
        if up_to >= first_large.min(least + room) && width >= room {
            continue;
        }
        // Nothing that is told makes it worse than it is when nothing is told.
        let (blind_least, blind_most) = blind.can_be(&told);
        let blind_most = blind_most.unwrap_or(first_large).min(first_large);
        if least > blind_least.max(1) || up_to < blind_most || (blind_most < first_large && decided.exposed == 0) {
            wrong.push(format!("{count} is from {least} to {most:?}: {told:?}"));
        }
    }
    wrong
}

/// Where the tables of a kind are written for another program to attack, when somebody wants that (`check.py` beside this
/// file says how).
fn written_to(name: &str) -> Option<File> {
    let folder = std::env::var_os("COUNTERSIGN_TABLES")?;
    Some(File::create(Path::new(&folder).join(format!("{name}.jsonl"))).unwrap())
}

/// A table, what became of it, and what each of its figures is told to be between.
fn as_json(table: &Table, decided: &Decided) -> Value {
    let told = table.told.iter().zip(&decided.fates).map(|(told, fate)| {
        let hidden = *fate == Fate::Hidden && table.value(told) != 0;
        let (low, high) = if told.shown {
            table.bounds(told, *fate)
        } else {
            (0, i64::MAX)
        };
        json!({"atoms": told.atoms, "less": told.less, "shown": told.shown, "hidden": hidden, "low": low, "high": high})
    });
    let earlier = table.earlier.iter();
    json!({
        "policy": table.policy,
        "counts": table.counts,
        "told": told.collect::<Vec<_>>(),
        "earlier": earlier.map(|told| json!({"atoms": told.atoms, "less": told.less, "low": told.low, "high": told.high})).collect::<Vec<_>>(),
        "exposed": decided.exposed,
    })
}

/// Attacks so many tables of a kind; every twentieth by a reader who knows that people are whole.
#[track_caller]
fn withstands(name: &str, seed: u64, tables: usize, make: fn(&mut Lot) -> Table) {
    let decide = |lot: &mut Lot| {
        let table = make(lot);
        let decided = table.decide();
        (table, decided)
    };
    all_withstand(name, seed, tables, decide);
}

#[track_caller]
fn all_withstand(name: &str, seed: u64, tables: usize, decide: impl Fn(&mut Lot) -> (Table, Decided)) {
    let mut lot = Lot(seed);
    let mut written = written_to(name);
    let mut tally = Tally::default();
    for number in 0..tables {
        let (table, decided) = decide(&mut lot);
        let whole = number % 20 == 0;
        tally.whole += usize::from(whole);
        if let Some(file) = &mut written {
            writeln!(file, "{}", as_json(&table, &decided)).unwrap();
        }
        let wrong = attack(&table, &decided, !whole, &mut tally);
        assert!(
            wrong.is_empty(),
            "table {number} of {name}, {:?}\ncounts {:?}\nfates {:?}\ntold {:?}\nearlier {:?}\n{}",
            table.policy,
            table.counts,
            decided.fates,
            table
                .told
                .iter()
                .map(|told| (&told.atoms, &told.less))
                .collect::<Vec<_>>(),
            table.earlier,
            wrong.join("\n")
        );
    }
    assert!(tally.small > tables / 2, "there was little to find: {}", tally.small);
    let beyond = tally.held - tally.small;
    println!(
        "{name}: {tables} tables, {} figures, {} small, {beyond} more held back ({}% of those not small), {} given away before, {} attacked in whole numbers",
        tally.told,
        tally.small,
        beyond * 100 / (tally.told - tally.small),
        tally.exposed,
        tally.whole,
    );
}

#[test]
fn columns_withstand() {
    withstands("columns", 1, 4_600, tables::column);
}

#[test]
fn margins_withstand() {
    withstands("margins", 2, 1_000, tables::margins);
}

#[test]
fn hierarchies_withstand() {
    withstands("hierarchies", 3, 900, tables::hierarchy);
}

#[test]
fn years_to_date_withstand() {
    withstands("years to date", 4, 500, tables::year_to_date);
}

#[test]
fn linked_tables_withstand() {
    withstands("linked tables", 5, 500, tables::linked);
}

#[test]
fn ratios_withstand() {
    withstands("ratios", 6, 2_000, tables::ratios);
}

#[test]
fn calculations_withstand() {
    withstands("calculations", 9, 1_000, tables::calculated);
}

#[test]
fn funnels_withstand() {
    withstands("funnels", 10, 800, tables::funnels);
}

#[test]
fn filled_and_typed_years_withstand() {
    all_withstand("filled years", 11, 1_000, papers::paper);
}

#[test]
fn second_editions_withstand() {
    withstands("second editions", 7, 500, tables::second_edition);
}

/// Tables that hang together in so many ways that they are looked at in parts.
#[test]
fn large_tables_withstand() {
    all_withstand("large tables", 12, 2, |lot| {
        let table = tables::large(lot, 14, 12, true);
        let decided = table.decide();
        (table, decided)
    });
}

#[test]
fn large_tables_are_worked_out_and_not_given_up() {
    for (rows, columns, to_date) in [(60, 5, false), (54, 12, false), (10, 12, true), (54, 12, true)] {
        let table = tables::large(&mut Lot(8), rows, columns, to_date);
        let fates = table.decide().fates;
        let count = |wanted: &dyn Fn(&Told, Fate) -> bool| {
            table
                .told
                .iter()
                .zip(&fates)
                .filter(|(told, fate)| wanted(told, **fate))
                .count()
        };
        let small = count(&|told, _| (1..5).contains(&table.value(told)));
        let held = count(&|_, fate| fate == Fate::Hidden);
        println!(
            "{rows} by {columns}: {} figures, {small} small, {held} held back",
            fates.len()
        );
        assert!(
            held >= small && held < fates.len() / 2,
            "{held} of {} held back for {small}",
            fates.len()
        );
    }
}
