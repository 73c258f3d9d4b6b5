//! What on time is judged by: London's day of the first submission, and the due day that was planned.

use countersign::store::returns;
use countersign_domain::returns::{Act, Return};
use countersign_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::fixture::{at, day, world};

/// The two days as they are kept, or `-`.
async fn kept(db: &DatabaseConnection) -> (String, String) {
    let sql = "select coalesce(cast(extended_from as text), '-'), coalesce(cast(first_submitted_on as text), '-') from returns";
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    (
        rows[0].try_get_by_index(0).unwrap(),
        rows[0].try_get_by_index(1).unwrap(),
    )
}

fn days(extended_from: &str, first_submitted_on: &str) -> (String, String) {
    (extended_from.to_owned(), first_submitted_on.to_owned())
}

/// The act of an extension, in the words of the service that gives it.
fn extension(of: &Return, to: &str, from: &str) -> Act {
    Act {
        return_id: of.id,
        action: "extend".to_owned(),
        stage: None,
        revision: 0,
        person: None,
        at: at("2018-04-20T09:00:00Z"),
        reason: Some(format!("Due {to} instead of {from}: instead of: 1 May 2018: ill")),
    }
}

both!(the_planned_due_day_and_the_day_of_the_first_submission_are_kept, |db| {
    let w = world(&db.store).await;
    let behind = db.behind_the_store().await;
    assert_eq!(kept(&behind).await, days("-", "-"));
    let mut now = w.owed.clone();
    // Half past eleven at night in UTC is the next day in London, in summer.
    let changes = [
        ("2018-04-30", None, days("-", "-")),
        ("2018-05-14", None, days("2018-04-30", "-")),
        ("2018-05-21", None, days("2018-04-30", "-")),
        (
            "2018-05-21",
            Some("2018-05-19T23:30:00Z"),
            days("2018-04-30", "2018-05-20"),
        ),
    ];
    for (due_on, submitted, expected) in changes {
        now.due_on = day(due_on);
        now.first_submitted_at = submitted.map(at);
        let tx = db.store.begin().await.unwrap();
        returns::update_return(&tx, &now, now.version).await.unwrap();
        tx.commit().await.unwrap();
        now.version += 1;
        assert_eq!(kept(&behind).await, expected, "{due_on} {submitted:?}");
    }
    for other in ["null", "'2018-05-14'"] {
        let forgotten = behind
            .execute_unprepared(&format!("update returns set extended_from = {other}"))
            .await
            .expect_err("it is kept")
            .to_string();
        assert!(forgotten.contains("kept as it was written"), "{forgotten}");
    }
    behind.close().await.unwrap();
});

/// How many migrations there are from the one of the two days on.
fn from_the_days_on() -> u32 {
    let names = countersign_migrations::names();
    let at = names.iter().position(|name| name.ends_with("_on_time")).unwrap();
    u32::try_from(names.len() - at).unwrap()
}

both!(both_days_are_worked_out_for_returns_that_are_there, |db| {
    let w = world(&db.store).await;
    let behind = db.behind_the_store().await;
    let cases = [
        (None, days("-", "-")),
        (Some("2018-03-24T23:59:59.999999Z"), days("-", "2018-03-24")),
        (Some("2018-03-25T00:59:59Z"), days("-", "2018-03-25")),
        (Some("2018-03-25T23:00:00Z"), days("-", "2018-03-26")),
        (Some("2018-10-27T23:00:00.000001Z"), days("-", "2018-10-28")),
        (Some("2018-10-28T23:30:00Z"), days("-", "2018-10-28")),
        (Some("2024-03-31T23:00:00Z"), days("-", "2024-04-01")),
        (Some("2018-12-31T23:59:59Z"), days("-", "2018-12-31")),
    ];
    let mut now = w.owed.clone();
    for (submitted, expected) in cases {
        now.first_submitted_at = submitted.map(at);
        let tx = db.store.begin().await.unwrap();
        returns::update_return(&tx, &now, now.version).await.unwrap();
        tx.commit().await.unwrap();
        now.version += 1;
        Migrator::down(&behind, Some(from_the_days_on())).await.unwrap();
        assert!(
            behind
                .execute_unprepared("select extended_from from returns")
                .await
                .is_err()
        );
        Migrator::up(&behind, None).await.unwrap();
        assert_eq!(kept(&behind).await, expected, "{submitted:?}");
    }
    let tx = db.store.begin().await.unwrap();
    for (to, from) in [
        ("9 September 2018", "30 April 2018"),
        ("1 October 2018", "9 September 2018"),
    ] {
        returns::insert_act(&tx, &extension(&now, to, from)).await.unwrap();
    }
    tx.commit().await.unwrap();
    Migrator::down(&behind, Some(from_the_days_on())).await.unwrap();
    Migrator::up(&behind, None).await.unwrap();
    assert_eq!(
        kept(&behind).await,
        days("2018-04-30", "2018-12-31"),
        "by the first extension"
    );
    behind.close().await.unwrap();
});
