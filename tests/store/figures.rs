//! Figures: every kind comes back exactly, and only those that were signed last count.

use std::collections::BTreeMap;

use countersign::store::figures::{self, FigureRow, Subject};
use countersign::store::{Constraint, StoreError, returns};
use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::period::Period;
use countersign_domain::returns::Return;
use countersign_migrations::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;

use crate::fixture::{FORM, World, another, day, id, submitted, world};

fn subjects(w: &World) -> BTreeMap<String, Subject> {
    [&w.over, &w.under]
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
        .collect()
}

fn figure(measure: &str, allocation: Option<&str>, value: FigureValue) -> Figure {
    let approximately = allocation.is_some();
    Figure {
        measure: measure.to_owned(),
        allocation: allocation.map(str::to_owned),
        row: None,
        value,
        approximately,
    }
}

/// A figure of a row of its subject.
fn of_row(row: &str, figure: Figure) -> Figure {
    Figure {
        row: Some(row.to_owned()),
        ..figure
    }
}

fn every_kind() -> Vec<Figure> {
    vec![
        figure("size", None, FigureValue::Range { low: 55, high: 60 }),
        of_row(
            "first",
            figure("outcomes.before", None, FigureValue::Count { count: 88 }),
        ),
        of_row(
            "second",
            figure("outcomes.before", None, FigureValue::Count { count: 267 }),
        ),
        of_row("gps", figure("lines.spent", Some("over"), FigureValue::NotKnown)),
        figure("carried_in", None, FigureValue::Money { pence: i64::MIN }),
        figure("blank", None, FigureValue::Blank),
        figure("count", Some("over"), FigureValue::Count { count: 0 }),
        figure("not_applicable", Some("over"), FigureValue::NotApplicable),
        figure(
            "number",
            Some("over"),
            FigureValue::Number {
                scaled: -52,
                places: 1,
                percent: false,
            },
        ),
        figure(
            "percent",
            Some("over"),
            FigureValue::Number {
                scaled: 290,
                places: 1,
                percent: true,
            },
        ),
        figure("not_known", Some("under"), FigureValue::NotKnown),
        figure(
            "ratio",
            Some("under"),
            FigureValue::Ratio {
                of: 308,
                per: 1_231,
                places: 1,
            },
        ),
        figure("spent", Some("under"), FigureValue::Money { pence: 3_856_000 }),
    ]
}

fn sorted(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort_by_key(|figure| (figure.allocation.clone(), figure.measure.clone(), figure.row.clone()));
    figures
}

fn only_figures(rows: Vec<FigureRow>) -> Vec<Figure> {
    sorted(rows.into_iter().map(|row| row.figure).collect())
}

async fn write(store: &countersign::store::Store, w: &World, of: &Return, number: u32, figures: &[Figure], sign: bool) {
    submitted(store, of, number, &w.preparer).await;
    let tx = store.begin().await.unwrap();
    figures::insert_figures(&tx, of, number, figures, &subjects(w))
        .await
        .unwrap();
    if sign {
        figures::sign_figures(&tx, of.id, number).await.unwrap();
    }
    tx.commit().await.unwrap();
}

both!(every_kind_of_figure_comes_back_exactly, |db| {
    let w = world(&db.store).await;
    write(&db.store, &w, &w.owed, 1, &every_kind(), false).await;
    let rows = figures::figures_of(&db.store.read(), w.owed.id, 1).await.unwrap();
    let carried_in = rows.iter().find(|row| row.figure.measure == "carried_in").unwrap();
    assert_eq!((carried_in.allocation, carried_in.provider), (None, w.provider.id));
    let spent = rows.iter().find(|row| row.figure.measure == "spent").unwrap();
    assert_eq!((spent.allocation, spent.provider), (Some(w.under.id), w.under.provider));
    assert_eq!(
        (spent.grant, spent.revision, spent.period),
        (w.grant.id, 1, w.owed.period)
    );
    assert_eq!(only_figures(rows), sorted(every_kind()));
});

both!(a_figure_is_of_an_allocation_that_is_known_and_there_once, |db| {
    let w = world(&db.store).await;
    submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let nowhere = [figure("spent", Some("nowhere"), FigureValue::Blank)];
    let tx = db.store.begin().await.unwrap();
    let error = figures::insert_figures(&tx, &w.owed, 1, &nowhere, &subjects(&w))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
    let twice = [
        figure("spent", None, FigureValue::Blank),
        figure("spent", None, FigureValue::Count { count: 1 }),
    ];
    let error = figures::insert_figures(&tx, &w.owed, 1, &twice, &subjects(&w))
        .await
        .unwrap_err();
    assert!(error.is_duplicate_of(Constraint::FigureOnce), "{error:?}");
});

both!(a_range_does_not_run_backwards, |db| {
    let w = world(&db.store).await;
    submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let backwards = [figure("size", None, FigureValue::Range { low: 60, high: 55 })];
    let tx = db.store.begin().await.unwrap();
    let error = figures::insert_figures(&tx, &w.owed, 1, &backwards, &subjects(&w))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, StoreError::Refused { rule } if rule.contains("ck_figures_range")),
        "{error:?}"
    );
});

/// How many migrations there are from the one of the figures on.
fn from_the_figures_on() -> u32 {
    let names = countersign_migrations::names();
    let at = names.iter().position(|name| name.ends_with("_figures")).unwrap();
    u32::try_from(names.len() - at).unwrap()
}

both!(figures_that_are_there_are_kept_when_the_table_is_widened, |db| {
    let w = world(&db.store).await;
    write(&db.store, &w, &w.owed, 1, &every_kind(), true).await;
    let older: Vec<Figure> = every_kind()
        .into_iter()
        .filter(|figure| figure.row.is_none() && !matches!(figure.value, FigureValue::Range { .. }))
        .collect();
    let behind = db.behind_the_store().await;
    Migrator::down(&behind, Some(from_the_figures_on())).await.unwrap();
    let row_keys = behind.execute_unprepared("select row_key from figures").await;
    assert!(row_keys.is_err(), "the earlier table has no rows");
    let changed = behind
        .execute_unprepared("update figures set value = 1 where kind = 'count'")
        .await;
    assert!(changed.is_err(), "its figures are kept as they were written");
    Migrator::up(&behind, None).await.unwrap();
    let changed = behind
        .execute_unprepared("update figures set value = 1 where kind = 'count'")
        .await;
    assert!(changed.is_err(), "and so are those of the wider one");
    for column in ["row_key", "form"] {
        let changed = behind
            .execute_unprepared(&format!("update figures set {column} = 'x'"))
            .await;
        assert!(changed.is_err(), "with their {column}");
    }
    behind.close().await.unwrap();
    let rows = figures::figures_of(&db.store.read(), w.owed.id, 1).await.unwrap();
    assert!(rows.iter().all(|row| row.form == FORM), "of the form of their return");
    assert_eq!(only_figures(rows), sorted(older.clone()));
    let signed = figures::signed_figures(&db.store.read(), w.fund.id, w.grant.id)
        .await
        .unwrap();
    assert_eq!(only_figures(signed), sorted(older), "and their standing");
});

both!(many_figures_are_written_at_once, |db| {
    let w = world(&db.store).await;
    let many: Vec<Figure> = (0..1_234)
        .map(|n| figure(&format!("m{n}"), None, FigureValue::Count { count: n }))
        .collect();
    write(&db.store, &w, &w.owed, 1, &many, false).await;
    let rows = figures::figures_of(&db.store.read(), w.owed.id, 1).await.unwrap();
    assert_eq!(only_figures(rows), sorted(many));
});

both!(only_the_figures_signed_last_count, |db| {
    let w = world(&db.store).await;
    let spent = |pence| vec![figure("spent", Some("under"), FigureValue::Money { pence })];
    let c = db.store.read();
    write(&db.store, &w, &w.owed, 1, &spent(1), false).await;
    assert_eq!(
        figures::signed_figures(&c, w.fund.id, w.grant.id).await.unwrap(),
        vec![]
    );
    write(&db.store, &w, &w.owed, 2, &spent(2), true).await;
    write(&db.store, &w, &w.owed, 3, &spent(3), false).await;
    let signed = figures::signed_figures(&c, w.fund.id, w.grant.id).await.unwrap();
    assert_eq!(only_figures(signed), spent(2));
    let tx = db.store.begin().await.unwrap();
    figures::sign_figures(&tx, w.owed.id, 3).await.unwrap();
    tx.commit().await.unwrap();
    let signed = figures::signed_figures(&c, w.fund.id, w.grant.id).await.unwrap();
    assert_eq!(only_figures(signed.clone()), spent(3));
    let of = async |fund, form, measure| figures::signed_measure(&c, fund, form, measure).await.unwrap();
    assert_eq!(of(w.fund.id, FORM, "spent").await, signed);
    assert_eq!(of(w.fund.id, FORM, "saved").await, vec![]);
    assert_eq!(of(w.fund.id, "another-form", "spent").await, vec![]);
    assert_eq!(of(id(), FORM, "spent").await, vec![]);
    assert_eq!(figures::signed_figures(&c, id(), w.grant.id).await.unwrap(), vec![]);
});

both!(the_signed_figures_of_some_returns_are_read_at_once, |db| {
    let w = world(&db.store).await;
    let period = Period::new(day("2018-05-01"), day("2018-05-31")).unwrap();
    let other = another(&w.owed, "PLY-2018-R2", period);
    let tx = db.store.begin().await.unwrap();
    returns::insert_return(&tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    let spent = |pence| figure("spent", Some("under"), FigureValue::Money { pence });
    let users = figure("users", None, FigureValue::Count { count: 7 });
    write(&db.store, &w, &w.owed, 1, &[spent(1), users.clone()], true).await;
    write(&db.store, &w, &w.owed, 2, &[spent(2)], false).await;
    write(&db.store, &w, &other, 1, &[spent(3)], true).await;
    let c = db.store.read();
    let both = [w.owed.id, other.id];
    let all = figures::signed_of(&c, &both, None).await.unwrap();
    assert_eq!(only_figures(all), vec![users, spent(1), spent(3)]);
    let some = figures::signed_of(&c, &both, Some(&["spent"])).await.unwrap();
    assert_eq!(only_figures(some), vec![spent(1), spent(3)]);
    assert_eq!(figures::signed_of(&c, &[], None).await.unwrap(), vec![]);
});
