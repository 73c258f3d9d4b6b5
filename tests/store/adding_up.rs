//! Figures found and added up where they are kept: as the domain adds them up, and nothing that was not asked for.

use std::collections::BTreeMap;

use countersign::store::figures::{self, FigureRow, Subject};
use countersign::store::{Page, Store, forms, register, returns, revisions};
use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::document::Source;
use countersign_domain::form::schema::AddUp;
use countersign_domain::ledger::Digest;
use countersign_domain::measure::{self, Rules, Signed, Sum};
use countersign_domain::period::Period;
use countersign_domain::register::{Allocation, Assignment};
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use crate::fixture::{FORM, World, at, day, id, revision, world};

/// A second form of the same fund.
const OTHER: &str = "quarter";

/// The quarters of two years.
fn quarter(nth: u32) -> Period {
    let months = ["04-01/06-30", "07-01/09-30", "10-01/12-31", "01-01/03-31"];
    let (from, to) = months[(nth % 4) as usize].split_once('/').unwrap();
    let year = 2016 + nth / 4 + u32::from(nth % 4 == 3);
    Period::new(day(&format!("{year}-{from}")), day(&format!("{year}-{to}"))).unwrap()
}

fn two_years() -> Period {
    Period::new(day("2016-04-01"), day("2018-03-31")).unwrap()
}

fn last_year() -> Period {
    Period::new(day("2017-04-01"), day("2018-03-31")).unwrap()
}

fn figure(measure: &str, allocation: &str, row: Option<&str>, value: FigureValue) -> Figure {
    Figure {
        measure: measure.to_owned(),
        allocation: Some(allocation.to_owned()),
        row: row.map(str::to_owned),
        value,
        approximately: false,
    }
}

fn money(pence: i64) -> FigureValue {
    FigureValue::Money { pence }
}

fn number(scaled: i64, places: u32) -> FigureValue {
    FigureValue::Number {
        scaled,
        places,
        percent: false,
    }
}

fn ratio(of: i64, per: i64) -> FigureValue {
    FigureValue::Ratio { of, per, places: 1 }
}

/// An assignment that owes a form, which is published when it is the other one.
async fn assignment(store: &Store, w: &World, form: &str) -> Assignment {
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
async fn returned(store: &Store, w: &World, of: &Assignment, nth: u32, figures: &[Figure], sign: bool) -> Return {
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

fn told(rows: &[FigureRow]) -> Vec<(&str, FigureValue)> {
    rows.iter()
        .map(|row| (row.figure.measure.as_str(), row.figure.value))
        .collect()
}

both!(figures_are_found_by_form_and_time_signed_or_provisional, |db| {
    let w = world(&db.store).await;
    let (one, other) = (
        assignment(&db.store, &w, FORM).await,
        assignment(&db.store, &w, OTHER).await,
    );
    for (of, nth, pence, sign) in [
        (&one, 3, 1, true),
        (&one, 4, 2, true),
        (&one, 5, 3, false),
        (&other, 4, 4, true),
    ] {
        let spent = [figure("spent", "over", None, money(pence))];
        returned(&db.store, &w, of, nth, &spent, sign).await;
    }
    let c = db.store.read();
    let within = async |forms: &[&str], window| figures::within(&c, w.fund.id, forms, window).await.unwrap();
    let both = within(&[FORM, OTHER], last_year()).await;
    assert_eq!(both.len(), 2, "{both:?}");
    assert_eq!(told(&within(&[FORM], last_year()).await), [("spent", money(2))]);
    assert_eq!(
        told(&within(&[FORM], two_years()).await),
        [("spent", money(1)), ("spent", money(2))]
    );
    assert_eq!(told(&within(&[OTHER], two_years()).await), [("spent", money(4))]);
    assert_eq!(within(&[], two_years()).await, vec![]);
    assert_eq!(figures::within(&c, id(), &[FORM], two_years()).await.unwrap(), vec![]);
    let provisional = figures::provisional(&c, w.fund.id, &[FORM, OTHER], two_years())
        .await
        .unwrap();
    assert_eq!(told(&provisional), [("spent", money(3))]);
    let earlier = Period::new(day("2016-04-01"), day("2017-03-31")).unwrap();
    assert_eq!(
        figures::provisional(&c, w.fund.id, &[FORM], earlier).await.unwrap(),
        vec![]
    );
});

/// Figures of every kind that can be added, by measure.
fn lots(nth: u32) -> Vec<Figure> {
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

const MEASURES: [&str; 9] = [
    "spent", "hours", "size", "nobody", "silence", "mixed", "huge", "users", "finished",
];

/// What the domain makes of the same figures.
fn by_the_domain(rows: &[&FigureRow], rules: Rules) -> Sum {
    let signed: Vec<Signed<'_>> = rows
        .iter()
        .map(|row| Signed {
            provider: "one",
            subject: (row.figure.allocation.as_deref(), row.figure.row.as_deref()),
            period: row.period,
            value: row.figure.value,
            approximately: row.figure.approximately,
        })
        .collect();
    measure::add_up(&signed, rules)
}

both!(a_sum_is_what_the_domain_makes_of_the_same_figures, |db| {
    let w = world(&db.store).await;
    let of = assignment(&db.store, &w, FORM).await;
    let other = assignment(&db.store, &w, OTHER).await;
    for nth in 1..6 {
        returned(&db.store, &w, &of, nth, &lots(nth), true).await;
    }
    returned(&db.store, &w, &of, 6, &lots(6), false).await;
    returned(&db.store, &w, &other, 3, &lots(3), true).await;
    let c = db.store.read();
    let rows = figures::within(&c, w.fund.id, &[FORM], two_years()).await.unwrap();
    let sums = figures::sums(&c, w.fund.id, FORM, &MEASURES, two_years())
        .await
        .unwrap();
    // Nine measures in five quarters, of which one is of two allocations.
    assert_eq!(sums.len(), (9 + 1) * 5);
    let rules = Rules {
        over_time: Some(AddUp::Sum),
        over_providers: Some(AddUp::Sum),
    };
    for sum in &sums {
        let same: Vec<&FigureRow> = rows
            .iter()
            .filter(|row| row.figure.measure == sum.measure && row.period == sum.period)
            .filter(|row| (row.grant, row.allocation, row.provider) == (sum.grant, sum.allocation, sum.provider))
            .collect();
        assert!(!same.is_empty());
        assert_eq!(sum.sum, by_the_domain(&same, rules), "{} {}", sum.measure, sum.period);
    }
    let value = |measure: &str, nth| {
        let of = sums
            .iter()
            .filter(|sum| sum.measure == measure && sum.period == quarter(nth));
        of.map(|sum| sum.sum.value).collect::<Vec<_>>()
    };
    assert_eq!(value("finished", 4), [Some(ratio(12, 21))]);
    assert_eq!(value("huge", 3), [None], "more than can be counted");
    assert_eq!(value("huge", 4), [Some(money(i64::MAX - 1))]);
    assert_eq!(value("mixed", 4), [None], "money and a count are not added");
    let year = figures::sums(&c, w.fund.id, FORM, &["spent"], last_year())
        .await
        .unwrap();
    assert!(year.iter().all(|sum| sum.period.start() >= day("2017-04-01")));
    assert_eq!(year.len(), 2 * 2);
    assert_eq!(
        figures::sums(&c, id(), FORM, &MEASURES, two_years()).await.unwrap(),
        vec![]
    );
});

both!(allocations_of_one_project_are_added_together, |db| {
    let w = world(&db.store).await;
    let of = assignment(&db.store, &w, FORM).await;
    for nth in 1..6 {
        returned(&db.store, &w, &of, nth, &lots(nth), true).await;
    }
    let c = db.store.read();
    let rows = figures::within(&c, w.fund.id, &[FORM], two_years()).await.unwrap();
    let rules = Rules {
        over_time: Some(AddUp::Sum),
        over_providers: Some(AddUp::Sum),
    };
    let agree = async |key: &dyn Fn(&FigureRow) -> String, expected: usize| {
        let sums = figures::project_sums(&c, w.fund.id, FORM, &MEASURES, two_years())
            .await
            .unwrap();
        assert_eq!(sums.len(), expected);
        for sum in &sums {
            let same: Vec<&FigureRow> = rows
                .iter()
                .filter(|row| row.figure.measure == sum.measure && row.period == sum.period)
                .filter(|row| Some(key(row)) == sum.project)
                .collect();
            assert_eq!(sum.sum, by_the_domain(&same, rules), "{} {}", sum.measure, sum.period);
        }
        let order = |sum: &figures::ProjectSum| {
            let measure = MEASURES.iter().position(|measure| *measure == sum.measure);
            (measure, sum.period, sum.project.clone())
        };
        assert!(sums.is_sorted_by_key(order));
    };
    // Each is a project by itself, under its own key.
    agree(&|row| row.figure.allocation.clone().unwrap(), (9 + 1) * 5).await;
    let tx = db.store.begin().await.unwrap();
    for part in [&w.over, &w.under] {
        let of_one_project = Allocation {
            project: Some("asb".to_owned()),
            ..part.clone()
        };
        register::update_allocation(&tx, &of_one_project, part).await.unwrap();
    }
    tx.commit().await.unwrap();
    agree(&|_| "asb".to_owned(), 9 * 5).await;
    let nothing = figures::project_sums(&c, w.fund.id, OTHER, &MEASURES, two_years())
        .await
        .unwrap();
    assert_eq!(nothing, vec![]);
});

both!(the_last_and_the_largest_of_each_subject_come_back_alone, |db| {
    let w = world(&db.store).await;
    let of = assignment(&db.store, &w, FORM).await;
    for nth in [4, 1, 5, 2] {
        returned(&db.store, &w, &of, nth, &lots(nth), true).await;
    }
    let c = db.store.read();
    let rows = figures::within(&c, w.fund.id, &[FORM], two_years()).await.unwrap();
    let last = figures::latest(&c, w.fund.id, FORM, &MEASURES, two_years())
        .await
        .unwrap();
    let expected: Vec<&FigureRow> = rows.iter().filter(|row| row.period == quarter(5)).collect();
    assert_eq!(last.len(), expected.len());
    assert!(last.iter().all(|row| expected.contains(&row)));
    let before = Period::new(day("2016-04-01"), day("2016-12-31")).unwrap();
    let last = figures::latest(&c, w.fund.id, FORM, &["users"], before).await.unwrap();
    assert_eq!(told(&last), [("users", FigureValue::Count { count: 2 }); 3]);

    let largest = figures::largest(&c, w.fund.id, FORM, &MEASURES, two_years())
        .await
        .unwrap();
    assert_eq!(largest.len(), expected.len());
    let rules = Rules {
        over_time: Some(AddUp::Max),
        over_providers: None,
    };
    for found in &largest {
        let same: Vec<&FigureRow> = rows
            .iter()
            .filter(|row| (&row.figure.measure, &row.figure.row) == (&found.measure, &found.row))
            .filter(|row| (row.grant, row.allocation, row.provider) == (found.grant, found.allocation, found.provider))
            .collect();
        assert_eq!(same.len(), 4);
        assert_eq!(
            found.sum,
            by_the_domain(&same, rules),
            "{} {:?}",
            found.measure,
            found.row
        );
    }
    let finished = largest.iter().find(|found| found.measure == "finished").unwrap();
    assert_eq!(finished.sum.value, Some(ratio(5, 8)));
});

both!(a_number_is_traced_to_its_figures_page_by_page, |db| {
    let w = world(&db.store).await;
    let of = assignment(&db.store, &w, FORM).await;
    let mut owed = Vec::new();
    for nth in 1..6 {
        owed.push(returned(&db.store, &w, &of, nth, &lots(nth), true).await);
    }
    let c = db.store.read();
    let source = Source {
        fund: w.fund.id,
        form: FORM.to_owned(),
        measure: "users".to_owned(),
        within: two_years(),
        ret: None,
        grant: None,
        allocations: vec![],
        provider: None,
        row: None,
    };
    let all = Page { from: 0, size: 100 };
    let many = async |of: Source| {
        let (rows, total) = figures::traced(&c, &of, all).await.unwrap();
        assert_eq!(u64::try_from(rows.len()).unwrap(), total);
        total
    };
    assert_eq!(many(source.clone()).await, 15);
    assert_eq!(
        many(Source {
            row: Some("b".to_owned()),
            ..source.clone()
        })
        .await,
        5
    );
    assert_eq!(
        many(Source {
            ret: Some(owed[2].id),
            ..source.clone()
        })
        .await,
        3
    );
    assert_eq!(
        many(Source {
            within: last_year(),
            ..source.clone()
        })
        .await,
        6
    );
    assert_eq!(
        many(Source {
            grant: Some(w.grant.id),
            ..source.clone()
        })
        .await,
        15
    );
    assert_eq!(
        many(Source {
            grant: Some(id()),
            ..source.clone()
        })
        .await,
        0
    );
    assert_eq!(
        many(Source {
            provider: Some(w.commissioner.id),
            ..source.clone()
        })
        .await,
        0
    );
    assert_eq!(
        many(Source {
            allocations: vec![w.over.id],
            ..source.clone()
        })
        .await,
        0
    );
    assert_eq!(
        many(Source {
            allocations: vec![w.over.id, w.under.id],
            ..source.clone()
        })
        .await,
        15
    );
    assert_eq!(
        many(Source {
            form: OTHER.to_owned(),
            ..source.clone()
        })
        .await,
        0
    );
    let (whole, _) = figures::traced(&c, &source, all).await.unwrap();
    let mut paged = Vec::new();
    for from in (0..20).step_by(4) {
        let (rows, total) = figures::traced(&c, &source, Page { from, size: 4 }).await.unwrap();
        assert_eq!(total, 15);
        paged.extend(rows);
    }
    assert_eq!(paged, whole);
});
