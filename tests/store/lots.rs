//! Returns with figures of every kind, for the tests of finding them and of adding them up.

use std::collections::BTreeMap;

use countersign::store::figures::{self, FigureRow, Subject};
use countersign::store::{Store, forms, register, returns, revisions};
use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::ledger::Digest;
use countersign_domain::period::Period;
use countersign_domain::register::Assignment;
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use crate::fixture::{World, at, day, id, revision};

/// A second form of the same fund.
pub const OTHER: &str = "quarter";

/// The quarters of two years.
pub fn quarter(nth: u32) -> Period {
    let months = ["04-01/06-30", "07-01/09-30", "10-01/12-31", "01-01/03-31"];
    let (from, to) = months[(nth % 4) as usize].split_once('/').unwrap();
    let year = 2016 + nth / 4 + u32::from(nth % 4 == 3);
    Period::new(day(&format!("{year}-{from}")), day(&format!("{year}-{to}"))).unwrap()
}

/// Both of them.
pub fn two_years() -> Period {
    Period::new(day("2016-04-01"), day("2018-03-31")).unwrap()
}

/// The second of the two.
pub fn last_year() -> Period {
    Period::new(day("2017-04-01"), day("2018-03-31")).unwrap()
}

/// A figure of an allocation.
pub fn figure(measure: &str, allocation: &str, row: Option<&str>, value: FigureValue) -> Figure {
    Figure {
        measure: measure.to_owned(),
        allocation: Some(allocation.to_owned()),
        row: row.map(str::to_owned),
        value,
        approximately: false,
    }
}

/// An amount.
pub fn money(pence: i64) -> FigureValue {
    FigureValue::Money { pence }
}

/// A number.
pub fn number(scaled: i64, places: u32) -> FigureValue {
    FigureValue::Number {
        scaled,
        places,
        percent: false,
    }
}

/// So many of so many, to one place.
pub fn ratio(of: i64, per: i64) -> FigureValue {
    FigureValue::Ratio { of, per, places: 1 }
}

/// An assignment that owes a form, which is published when it is the other one.
pub async fn assignment(store: &Store, w: &World, form: &str) -> Assignment {
    let assignment = Assignment {
        id: id(),
        form: form.to_owned(),
        from: day("2016-04-01"),
        ..w.assignment.clone()
    };
    let tx = store.begin().await.unwrap();
    if form == OTHER {
        forms::publish_form(&tx, OTHER, 1, Digest::of(b"o"), "o", at("2016-03-01T00:00:00Z"))
            .await
            .unwrap();
    }
    register::insert_assignment(&tx, &assignment).await.unwrap();
    tx.commit().await.unwrap();
    assignment
}

/// A return with figures, submitted; signed, when it is to be.
pub async fn returned(store: &Store, w: &World, of: &Assignment, nth: u32, figures: &[Figure], sign: bool) -> Return {
    let new = Return {
        id: id(),
        reference: format!("{}-{nth}", of.id),
        assignment: of.id,
        form: of.form.clone(),
        period: quarter(nth),
        state: if sign { State::SignedOff } else { State::InReview(0) },
        revision: 1,
        signed_revision: sign.then_some(1),
        ..w.owed.clone()
    };
    let subjects: BTreeMap<String, Subject> = [&w.over, &w.under]
        .map(|part| {
            (
                part.key.clone(),
                Subject {
                    allocation: part.id,
                    provider: part.provider,
                },
            )
        })
        .into_iter()
        .collect();
    let tx = store.begin().await.unwrap();
    assert!(returns::insert_return(&tx, &new).await.unwrap());
    revisions::insert_revision(&tx, &revision(&new, 1, &w.preparer))
        .await
        .unwrap();
    figures::insert_figures(&tx, &new, 1, figures, &subjects).await.unwrap();
    if sign {
        figures::sign_figures(&tx, new.id, 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    new
}

/// Measures and values, in the order of the rows.
pub fn told(rows: &[FigureRow]) -> Vec<(&str, FigureValue)> {
    rows.iter()
        .map(|row| (row.figure.measure.as_str(), row.figure.value))
        .collect()
}

/// Figures of every kind that can be added, by measure.
pub fn lots(nth: u32) -> Vec<Figure> {
    let n = i64::from(nth);
    let mut all = vec![
        figure("spent", "over", None, money(-n * 1_000_000_007)),
        figure(
            "spent",
            "under",
            None,
            if nth == 2 { FigureValue::NotKnown } else { money(n) },
        ),
        figure("hours", "over", None, number(15 + n, nth % 3)),
        figure("size", "over", None, FigureValue::Range { low: n, high: 2 * n }),
        figure("nobody", "over", None, FigureValue::NotApplicable),
        figure(
            "silence",
            "over",
            None,
            if nth == 1 {
                FigureValue::NotApplicable
            } else {
                FigureValue::Blank
            },
        ),
        figure(
            "mixed",
            "over",
            None,
            if nth == 1 {
                money(1)
            } else {
                FigureValue::Count { count: 1 }
            },
        ),
        figure("mixed", "over", Some("b"), money(1)),
        figure("huge", "over", Some("a"), money(i64::MAX)),
        figure("huge", "over", Some("b"), money(if nth == 3 { 1 } else { -1 })),
    ];
    for row in ["a", "b", "c"] {
        all.push(figure("users", "under", Some(row), FigureValue::Count { count: n }));
        all.push(figure("finished", "under", Some(row), ratio(n, n + 3)));
    }
    all[0].approximately = nth == 5;
    all
}

/// The measures of those figures.
pub const MEASURES: [&str; 9] = [
    "spent", "hours", "size", "nobody", "silence", "mixed", "huge", "users", "finished",
];
