//! Rounds, the needs matrix, budget lines and all else that a register can change: it comes back as it went in, and
//! changes only as it was read.

use countersign::store::{Constraint, StoreError, register as stored};
use countersign_domain::ids::FundId;
use countersign_domain::money::Money;
use countersign_domain::register::{BudgetLine, Contact, Fund, Grant, Holder, Limits, Office, Person, Round, Share};
use rust_decimal::Decimal;

use crate::fixture::{World, day, id, organisation, person, world};
use crate::support::postgres::TestDatabase;

fn pounds(amount: i64) -> Money {
    Money::pence(amount * 100)
}

fn round(w: &World) -> Round {
    Round {
        id: id(),
        fund: w.fund.id,
        key: "april".to_owned(),
        title: "Round 1".to_owned(),
        opens_on: day("2017-04-01"),
        closes_on: day("2017-04-30"),
        limits: Limits {
            smallest: Some(pounds(3_000)),
            largest: Some(pounds(15_000)),
        },
    }
}

fn line(w: &World, key: &str, amount: Option<Money>, position: i32) -> BudgetLine {
    BudgetLine {
        id: id(),
        allocation: w.under.id,
        key: key.to_owned(),
        title: format!("Line {key}"),
        amount,
        position,
    }
}

/// Whether one write in a transaction of its own is refused by a rule of this name. SQLite names checks alone.
pub async fn refused(db: &TestDatabase, rule: &str, outcome: Result<(), StoreError>) {
    match outcome {
        Err(StoreError::Refused { rule: found }) => assert!(found.contains(rule), "{rule} and not {found}"),
        other => panic!("{rule} on {}: {other:?}", db.url),
    }
}

both!(everything_of_a_fund_comes_back_as_it_went_in, |db| {
    let w = world(&db.store).await;
    let tx = db.store.begin().await.unwrap();
    let (mut april, mut one) = (round(&w), line(&w, "one", Some(pounds(5_000)), 1));
    let two = line(&w, "two", None, 2);
    stored::insert_round(&tx, &april).await.unwrap();
    for line in [&two, &one] {
        stored::insert_line(&tx, line).await.unwrap();
    }
    let weights = ["0", "1.5", "0.000001", "1000000000000"].map(|text| text.parse::<Decimal>().unwrap());
    let mut shares = Vec::new();
    for (nth, weight) in weights.into_iter().enumerate() {
        let area = organisation(&format!("area-{nth}"), "Area");
        stored::insert_organisation(&tx, &area).await.unwrap();
        shares.push(Share {
            fund: w.fund.id,
            organisation: area.id,
            weight,
            position: i32::try_from(nth).unwrap(),
        });
    }
    for share in shares.iter().rev() {
        stored::insert_share(&tx, share).await.unwrap();
    }
    let fund = Fund {
        title: "Another title".to_owned(),
        total: Some(pounds(1_042_000)),
        limits: april.limits,
        priorities: vec![("only".to_owned(), "The only one".to_owned())],
        ..w.fund.clone()
    };
    stored::update_fund(&tx, &fund).await.unwrap();
    let grant = Grant {
        round: Some(april.id),
        amount: pounds(1),
        conditions: Some("One.\nTwo.".to_owned()),
        held_back: pounds(23_000),
        held_back_for: Some("a theme".to_owned()),
        ..w.grant.clone()
    };
    stored::update_grant(&tx, &grant, &w.grant).await.unwrap();
    let mut under = w.under.clone();
    under.project = Some("p".to_owned());
    under.project_title = Some("P".to_owned());
    under.proposed = Some(pounds(7));
    under.contract_ends_on = Some(day("2019-03-31"));
    under.other_funding = Some(pounds(44_450));
    stored::update_allocation(&tx, &under, &w.under).await.unwrap();
    tx.commit().await.unwrap();

    let c = db.store.read();
    assert_eq!(
        stored::rounds_of_fund(&c, w.fund.id).await.unwrap(),
        vec![april.clone()]
    );
    assert_eq!(stored::shares_of_fund(&c, w.fund.id).await.unwrap(), shares);
    assert_eq!(stored::get_fund(&c, w.fund.id).await.unwrap(), fund);
    assert_eq!(stored::get_grant(&c, w.grant.id).await.unwrap(), grant);
    assert_eq!(stored::all_grants(&c).await.unwrap(), vec![grant]);
    let allocations = vec![w.over.clone(), under];
    assert_eq!(stored::allocations_of_fund(&c, w.fund.id).await.unwrap(), allocations);
    let lines = vec![one.clone(), two.clone()];
    assert_eq!(stored::lines_of_grant(&c, w.grant.id).await.unwrap(), lines);
    assert_eq!(stored::lines_of_fund(&c, w.fund.id).await.unwrap(), lines);
    let nobodys: FundId = id();
    assert_eq!(stored::rounds_of_fund(&c, nobodys).await.unwrap(), vec![]);
    assert_eq!(stored::shares_of_fund(&c, nobodys).await.unwrap(), vec![]);
    assert_eq!(stored::lines_of_fund(&c, nobodys).await.unwrap(), vec![]);
    assert_eq!(stored::allocations_of_fund(&c, nobodys).await.unwrap(), vec![]);

    april.limits = Limits::default();
    april.closes_on = day("2017-05-31");
    one.amount = None;
    shares[1].weight = Decimal::new(25, 1);
    let tx = db.store.begin().await.unwrap();
    stored::update_round(&tx, &april).await.unwrap();
    stored::update_line(&tx, &one).await.unwrap();
    stored::update_share(&tx, &shares[1]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stored::rounds_of_fund(&c, w.fund.id).await.unwrap(), vec![april]);
    assert_eq!(stored::lines_of_grant(&c, w.grant.id).await.unwrap(), vec![one, two]);
    assert_eq!(stored::shares_of_fund(&c, w.fund.id).await.unwrap(), shares);
});

both!(people_offices_and_assignments_change, |db| {
    let w = world(&db.store).await;
    let tx = db.store.begin().await.unwrap();
    let renamed = Person {
        name: "Ben Scribe".to_owned(),
        email: "scribe@example.org".to_owned(),
        ..w.preparer.clone()
    };
    stored::update_person(&tx, &renamed, &w.preparer).await.unwrap();
    let office = Office {
        title: "Chairman".to_owned(),
        ..w.office.clone()
    };
    stored::update_office(&tx, &office).await.unwrap();
    let shorter = Holder {
        to: Some(day("2017-12-31")),
        office_title: office.title.clone(),
        ..w.chair.clone()
    };
    stored::update_holder(&tx, &shorter).await.unwrap();
    let mut assignment = w.assignment.clone();
    assignment.to = day("2019-03-31");
    stored::update_assignment(&tx, &assignment).await.unwrap();
    let contact = Contact {
        person: w.officer.id,
        assignment: w.assignment.id,
        lead: false,
    };
    stored::insert_contact(&tx, &contact).await.unwrap();
    stored::set_lead(&tx, w.assignment.id, w.officer.id).await.unwrap();
    tx.commit().await.unwrap();
    let c = db.store.read();
    assert_eq!(stored::get_person(&c, renamed.id).await.unwrap(), renamed);
    assert_eq!(stored::person_by_address(&c, "ben@example.org").await.unwrap(), None);
    assert_eq!(stored::offices_of_fund(&c, w.fund.id).await.unwrap(), vec![office]);
    assert_eq!(stored::holders_of_fund(&c, w.fund.id).await.unwrap(), vec![shorter]);
    assert_eq!(
        stored::assignments_of_fund(&c, w.fund.id).await.unwrap(),
        vec![assignment.clone()]
    );
    assert_eq!(
        stored::assignments_of_contact(&c, w.officer.id).await.unwrap(),
        vec![assignment]
    );
    let leads = stored::contacts_of_fund(&c, w.fund.id).await.unwrap();
    let leads: Vec<_> = leads
        .into_iter()
        .map(|contact| (contact.person, contact.lead))
        .collect();
    assert_eq!(leads, [(w.officer.id, true), (w.preparer.id, false)]);

    let tx = db.store.begin().await.unwrap();
    stored::delete_contact(&tx, w.assignment.id, w.preparer.id)
        .await
        .unwrap();
    let twice = stored::delete_contact(&tx, w.assignment.id, w.preparer.id).await;
    assert!(
        matches!(twice, Err(StoreError::Conflict { what: "contact" })),
        "{twice:?}"
    );
    let stranger = stored::set_lead(&tx, w.assignment.id, w.preparer.id).await;
    assert!(matches!(stranger, Err(StoreError::Conflict { .. })), "{stranger:?}");
    let other = person("Al", "ada@example.org", &w.provider);
    let taken = stored::update_person(
        &tx,
        &Person {
            id: renamed.id,
            ..other
        },
        &renamed,
    )
    .await;
    assert!(taken.unwrap_err().is_duplicate_of(Constraint::PersonAddress));
});

both!(what_changed_meanwhile_is_not_overwritten, |db| {
    let w = world(&db.store).await;
    let mut richer = w.grant.clone();
    richer.amount = pounds(1);
    let (mut over, mut moved) = (w.over.clone(), w.preparer.clone());
    over.approved = pounds(1);
    moved.email = "moved@example.org".to_owned();
    for first in [true, false] {
        let tx = db.store.begin().await.unwrap();
        let outcomes = [
            stored::update_grant(&tx, &richer, &w.grant).await,
            stored::update_allocation(&tx, &over, &w.over).await,
            stored::update_person(&tx, &moved, &w.preparer).await,
        ];
        for outcome in outcomes {
            match outcome {
                Ok(()) => assert!(first),
                Err(StoreError::Conflict { .. }) => assert!(!first),
                Err(other) => panic!("{other:?}"),
            }
        }
        tx.commit().await.unwrap();
    }
});

both!(the_tables_refuse_what_no_register_holds, |db| {
    let w = world(&db.store).await;
    let begin = || db.store.begin();
    let backwards = Round {
        closes_on: day("2017-03-31"),
        ..round(&w)
    };
    refused(
        db,
        "ck_rounds_dates",
        stored::insert_round(&begin().await.unwrap(), &backwards).await,
    )
    .await;
    let mut narrow = round(&w);
    narrow.limits.largest = Some(pounds(2_999));
    refused(
        db,
        "ck_rounds_limits",
        stored::insert_round(&begin().await.unwrap(), &narrow).await,
    )
    .await;
    let mut fund = w.fund.clone();
    fund.limits = narrow.limits;
    refused(
        db,
        "ck_funds_limits",
        stored::update_fund(&begin().await.unwrap(), &fund).await,
    )
    .await;
    fund.limits = Limits::default();
    fund.total = Some(pounds(-1));
    refused(
        db,
        "ck_funds_total",
        stored::update_fund(&begin().await.unwrap(), &fund).await,
    )
    .await;
    let mut grant = w.grant.clone();
    grant.held_back = pounds(-1);
    refused(
        db,
        "ck_grants_held_back",
        stored::update_grant(&begin().await.unwrap(), &grant, &w.grant).await,
    )
    .await;
    let mut proposed = w.over.clone();
    proposed.proposed = Some(pounds(-1));
    let outcome = stored::update_allocation(&begin().await.unwrap(), &proposed, &w.over).await;
    refused(db, "ck_allocations_proposed", outcome).await;
    let below = line(&w, "below", Some(pounds(-1)), 1);
    refused(
        db,
        "ck_budget_lines_amount",
        stored::insert_line(&begin().await.unwrap(), &below).await,
    )
    .await;
    for (weight, rule) in [
        (Decimal::NEGATIVE_ONE, "ck_shares_weight"),
        (Decimal::new(1, 7), "ck_shares_places"),
    ] {
        let share = Share {
            fund: w.fund.id,
            organisation: w.provider.id,
            weight,
            position: 1,
        };
        refused(db, rule, stored::insert_share(&begin().await.unwrap(), &share).await).await;
    }
    let tx = begin().await.unwrap();
    stored::insert_round(&tx, &round(&w)).await.unwrap();
    assert!(
        stored::insert_round(&tx, &round(&w))
            .await
            .unwrap_err()
            .is_duplicate_of(Constraint::RoundKey)
    );
    drop(tx);
    let tx = begin().await.unwrap();
    stored::insert_line(&tx, &line(&w, "one", None, 1)).await.unwrap();
    let twice = stored::insert_line(&tx, &line(&w, "one", None, 2)).await;
    assert!(twice.unwrap_err().is_duplicate_of(Constraint::LineKey));
});
