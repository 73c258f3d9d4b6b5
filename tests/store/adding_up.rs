//! Figures added up where they are kept: as the domain adds them up.

use countersign::store::figures::{self, FigureRow};
use countersign::store::register;
use countersign_domain::answers::types::FigureValue;
use countersign_domain::form::schema::AddUp;
use countersign_domain::measure::{self, Rules, Signed, Sum};
use countersign_domain::period::Period;
use countersign_domain::register::Allocation;

use crate::fixture::{FORM, day, id, world};
use crate::lots::{MEASURES, OTHER, assignment, last_year, lots, money, quarter, ratio, returned, told, two_years};

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
    // Nine measures, of which one is of two allocations.
    assert_eq!(sums.len(), 9 + 1);
    let rules = Rules {
        over_time: Some(AddUp::Sum),
        over_providers: Some(AddUp::Sum),
    };
    for sum in &sums {
        let same: Vec<&FigureRow> = rows
            .iter()
            .filter(|row| row.figure.measure == sum.measure)
            .filter(|row| (row.grant, row.allocation, row.provider) == (sum.grant, sum.allocation, sum.provider))
            .collect();
        assert!(!same.is_empty());
        assert_eq!(sum.sum, by_the_domain(&same, rules), "{}", sum.measure);
    }
    let value = async |measure: &str, nth| {
        let of = figures::sums(&c, w.fund.id, FORM, &[measure], quarter(nth)).await;
        of.unwrap().into_iter().map(|sum| sum.sum.value).collect::<Vec<_>>()
    };
    assert_eq!(value("finished", 4).await, [Some(ratio(12, 21))]);
    assert_eq!(value("huge", 3).await, [None], "more than can be counted");
    assert_eq!(value("huge", 4).await, [Some(money(i64::MAX - 1))]);
    assert_eq!(value("mixed", 4).await, [None], "money and a count are not added");
    let year = figures::sums(&c, w.fund.id, FORM, &["spent"], last_year())
        .await
        .unwrap();
    let of_year: Vec<&FigureRow> = rows
        .iter()
        .filter(|row| row.figure.measure == "spent" && row.period.start() >= day("2017-04-01"))
        .collect();
    let all: usize = year.iter().map(|sum| sum.sum.given + sum.sum.not_known).sum();
    assert_eq!((year.len(), all), (2, of_year.len()));
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
