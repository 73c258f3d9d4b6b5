//! Returns: every state comes back, one return for one period, and no change is lost.

use countersign::store::{Constraint, StoreError, forms, returns as stored};
use countersign_domain::ledger::Digest;
use countersign_domain::period::Period;
use countersign_domain::returns::{Act, Return};
use countersign_domain::workflow::State;

use crate::fixture::{FORM, another, at, day, id, world};

both!(a_return_comes_back_in_every_state, |db| {
    let w = world(&db.store).await;
    let states = [
        State::Scheduled,
        State::InReview(0),
        State::InReview(12),
        State::InSignOff(1),
        State::SignedOff,
        State::Excused,
        State::Draft,
    ];
    let mut now = w.owed.clone();
    for state in states {
        let was = now.version;
        now = Return {
            state,
            version: was + 1,
            ..now
        };
        let tx = db.store.begin().await.unwrap();
        stored::update_return(&tx, &now, was).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stored::get_return(&db.store.read(), now.id).await.unwrap(), now);
    }
    let tx = db.store.begin().await.unwrap();
    forms::publish_form(&tx, FORM, 2, Digest::of(b"2"), "2", at("2018-05-01T00:00:00Z"))
        .await
        .unwrap();
    let changed = Return {
        form_version: 2,
        opens_on: day("2018-04-02"),
        due_on: day("2018-05-31"),
        closes_on: day("2018-07-31"),
        revision: 3,
        signed_revision: Some(2),
        first_submitted_at: Some(at("2018-04-20T10:11:12.123456Z")),
        version: now.version + 1,
        ..now.clone()
    };
    stored::update_return(&tx, &changed, now.version).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stored::get_return(&db.store.read(), now.id).await.unwrap(), changed);
    assert!(matches!(
        stored::get_return(&db.store.read(), id()).await,
        Err(StoreError::NotFound { .. })
    ));
});

both!(a_return_changes_only_under_the_version_that_was_read, |db| {
    let w = world(&db.store).await;
    let submitted = Return {
        state: State::InReview(0),
        revision: 1,
        ..w.owed.clone()
    };
    let tx = db.store.begin().await.unwrap();
    stored::update_return(&tx, &submitted, 1).await.unwrap();
    tx.commit().await.unwrap();
    let tx = db.store.begin().await.unwrap();
    let late = Return {
        state: State::Excused,
        ..w.owed.clone()
    };
    assert!(matches!(
        stored::update_return(&tx, &late, 1).await,
        Err(StoreError::Conflict { what: "return" })
    ));
    tx.commit().await.unwrap();
    let there = stored::get_return(&db.store.read(), w.owed.id).await.unwrap();
    assert_eq!((there.state, there.version), (State::InReview(0), 2));
});

both!(an_assignment_owes_one_return_for_one_period, |db| {
    let w = world(&db.store).await;
    let tx = db.store.begin().await.unwrap();
    let same_period = another(&w.owed, "PLY-2018-R2", w.owed.period);
    assert!(!stored::insert_return(&tx, &same_period).await.unwrap());
    let next_year = Period::new(day("2018-04-01"), day("2019-03-31")).unwrap();
    assert!(
        stored::insert_return(&tx, &another(&w.owed, "PLY-2019-R1", next_year))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let tx = db.store.begin().await.unwrap();
    let year_after = Period::new(day("2019-04-01"), day("2020-03-31")).unwrap();
    let error = stored::insert_return(&tx, &another(&w.owed, "PLY-2018-R1", year_after))
        .await
        .unwrap_err();
    assert!(error.is_duplicate_of(Constraint::ReturnReference), "{error:?}");
    drop(tx);
    let there = stored::returns_of_fund(&db.store.read(), w.fund.id).await.unwrap();
    assert_eq!(there.len(), 2);
});

both!(returns_are_found_within_their_scope, |db| {
    let w = world(&db.store).await;
    let later = Period::new(day("2018-04-01"), day("2019-03-31")).unwrap();
    let mut planned = another(&w.owed, "PLY-2019-R1", later);
    planned.state = State::Scheduled;
    planned.opens_on = day("2019-04-01");
    planned.due_on = day("2019-04-30");
    planned.closes_on = day("2019-06-29");
    let tx = db.store.begin().await.unwrap();
    stored::insert_return(&tx, &planned).await.unwrap();
    tx.commit().await.unwrap();
    let c = db.store.read();
    let both = vec![w.owed.clone(), planned.clone()];
    assert_eq!(stored::returns_of_fund(&c, w.fund.id).await.unwrap(), both);
    assert_eq!(stored::returns_of_fund(&c, id()).await.unwrap(), vec![]);
    assert_eq!(stored::returns_of_grant(&c, w.grant.id).await.unwrap(), both);
    assert_eq!(stored::returns_of_form(&c, FORM).await.unwrap(), both);
    assert_eq!(stored::returns_of_form(&c, "another").await.unwrap(), vec![]);
    let found = stored::return_by_reference(&c, w.fund.id, "PLY-2018-R1").await.unwrap();
    assert_eq!(found, Some(w.owed.clone()));
    assert_eq!(
        stored::return_by_reference(&c, id(), "PLY-2018-R1").await.unwrap(),
        None
    );
    assert_eq!(stored::open_returns(&c).await.unwrap(), vec![w.owed.clone()]);
    assert_eq!(stored::due_to_open(&c, day("2019-03-31")).await.unwrap(), vec![]);
    assert_eq!(stored::due_to_open(&c, day("2019-04-01")).await.unwrap(), vec![planned]);
});

both!(acts_come_back_in_the_order_in_which_they_were_done, |db| {
    let w = world(&db.store).await;
    let open = Act {
        return_id: w.owed.id,
        action: "open".to_owned(),
        stage: None,
        revision: 0,
        person: None,
        at: at("2018-04-01T05:00:00Z"),
        reason: None,
    };
    let send_back = Act {
        action: "send-back".to_owned(),
        stage: Some("review".to_owned()),
        revision: 1,
        person: Some(w.officer.id),
        // Before the opening: the order is that of writing, not of a clock that may be wrong.
        at: at("2018-03-01T05:00:00Z"),
        reason: Some("The case study is missing".to_owned()),
        ..open.clone()
    };
    let tx = db.store.begin().await.unwrap();
    for act in [&open, &send_back] {
        stored::insert_act(&tx, act).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(
        stored::acts_of(&db.store.read(), w.owed.id).await.unwrap(),
        vec![open, send_back]
    );
});

/// A return of the world's assignment from one day to another; signed, when it says so.
fn over(of: &Return, reference: &str, from: &str, to: &str, signed: bool) -> Return {
    Return {
        signed_revision: signed.then_some(1),
        revision: u32::from(signed),
        ..another(of, reference, Period::new(day(from), day(to)).unwrap())
    }
}

both!(what_was_signed_last_is_the_latest_that_had_ended, |db| {
    let w = world(&db.store).await;
    let spring = over(&w.owed, "Q1", "2018-04-01", "2018-06-30", true);
    let summer = over(&w.owed, "Q2", "2018-07-01", "2018-09-30", true);
    let half = over(&w.owed, "H1", "2018-05-01", "2018-12-31", true);
    let autumn = over(&w.owed, "Q3", "2018-10-01", "2018-12-31", false);
    let winter = over(&w.owed, "Q4", "2019-01-01", "2019-03-31", false);
    let tx = db.store.begin().await.unwrap();
    for each in [&spring, &summer, &half, &autumn, &winter] {
        assert!(stored::insert_return(&tx, each).await.unwrap());
    }
    tx.commit().await.unwrap();
    let c = db.store.read();
    let before = async |of: &Return| {
        let found = stored::last_signed_before(&c, of).await.unwrap();
        found.map(|found| found.reference)
    };
    assert_eq!(before(&spring).await, None);
    assert_eq!(before(&summer).await.as_deref(), Some("Q1"));
    assert_eq!(before(&autumn).await.as_deref(), Some("Q2"), "H1 goes on beside it");
    assert_eq!(before(&winter).await.as_deref(), Some("H1"), "and ends last before it");
    let other = Return {
        allocation: Some(w.over.id),
        ..winter.clone()
    };
    assert_eq!(before(&other).await, None, "those are of the whole grant");
    let overlapping = over(&w.owed, "Q5", "2018-05-15", "2018-06-15", false);
    assert_eq!(before(&overlapping).await.as_deref(), Some("H1"), "nothing had ended");
});

both!(beneath_are_the_returns_within_the_period_that_are_owed, |db| {
    let w = world(&db.store).await;
    let first = over(&w.owed, "Q1", "2017-04-01", "2017-06-30", true);
    let late = over(&w.owed, "Q4", "2018-01-01", "2018-03-31", false);
    let next = over(&w.owed, "Q5", "2018-03-01", "2018-05-31", true);
    let mut excused = over(&w.owed, "Q2", "2017-07-01", "2017-09-30", false);
    excused.state = State::Excused;
    let tx = db.store.begin().await.unwrap();
    for each in [&first, &late, &next, &excused] {
        assert!(stored::insert_return(&tx, each).await.unwrap());
    }
    tx.commit().await.unwrap();
    let c = db.store.read();
    let found = stored::returns_beneath(&c, &w.owed, &["another-form", FORM])
        .await
        .unwrap();
    let found: Vec<String> = found.into_iter().map(|found| found.reference).collect();
    assert_eq!(found, ["Q1", "Q4"]);
    assert_eq!(
        stored::returns_beneath(&c, &w.owed, &["another-form"]).await.unwrap(),
        vec![]
    );
});
