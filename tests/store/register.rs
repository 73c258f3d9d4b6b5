//! The register: what goes in comes out, what must be there once is, and amounts change only as read.

use countersign::store::{Constraint, StoreError, forms, register as stored};
use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::ledger::Digest;
use countersign_domain::money::Money;
use countersign_domain::register::{Fund, Grant, Holder, Office, Organisation, Virement, VirementDecision};

use crate::fixture::{FORM, World, allocation, at, day, id, organisation, person, world};

both!(the_register_comes_back_as_it_went_in, |db| {
    let w = world(&db.store).await;
    let c = db.store.read();
    assert_eq!(stored::get_organisation(&c, w.provider.id).await.unwrap(), w.provider);
    assert_eq!(
        stored::get_organisation(&c, w.fund.commissioner).await.unwrap(),
        w.commissioner
    );
    assert_eq!(
        stored::organisation_by_key(&c, "partnership").await.unwrap(),
        Some(w.provider.clone())
    );
    assert_eq!(stored::organisation_by_key(&c, "none").await.unwrap(), None);
    assert_eq!(stored::get_person(&c, w.officer.id).await.unwrap(), w.officer);
    assert_eq!(
        stored::people_of(&c, w.provider.id).await.unwrap(),
        vec![w.preparer.clone()]
    );
    assert_eq!(
        stored::all_people(&c).await.unwrap(),
        vec![w.officer.clone(), w.preparer.clone()]
    );
    assert_eq!(stored::get_fund(&c, w.fund.id).await.unwrap(), w.fund);
    assert_eq!(stored::fund_by_key(&c, "csf").await.unwrap(), Some(w.fund.clone()));
    assert_eq!(stored::all_funds(&c).await.unwrap(), vec![w.fund.clone()]);
    assert_eq!(
        stored::offices_of_fund(&c, w.fund.id).await.unwrap(),
        vec![w.office.clone()]
    );
    assert_eq!(
        stored::holders_of_person(&c, w.officer.id).await.unwrap(),
        vec![w.chair.clone()]
    );
    assert_eq!(
        stored::holders_of_office(&c, w.fund.id, &w.office.key).await.unwrap(),
        vec![w.chair.clone()]
    );
    assert_eq!(
        stored::holders_of_office(&c, id(), &w.office.key).await.unwrap(),
        vec![]
    );
    assert_eq!(stored::get_grant(&c, w.grant.id).await.unwrap(), w.grant);
    assert_eq!(
        stored::grant_by_reference(&c, "PLY-2018").await.unwrap(),
        Some(w.grant.clone())
    );
    assert_eq!(
        stored::grants_of_fund(&c, w.fund.id).await.unwrap(),
        vec![w.grant.clone()]
    );
    assert_eq!(
        stored::allocations_of(&c, w.grant.id).await.unwrap(),
        vec![w.over.clone(), w.under.clone()]
    );
    assert_eq!(stored::get_allocation(&c, w.under.id).await.unwrap(), w.under);
    assert_eq!(stored::get_assignment(&c, w.assignment.id).await.unwrap(), w.assignment);
    assert_eq!(stored::all_assignments(&c).await.unwrap(), vec![w.assignment.clone()]);
    assert_eq!(
        stored::contacts_of(&c, w.assignment.id).await.unwrap(),
        vec![(w.contact.clone(), w.preparer.clone())]
    );
    assert!(matches!(
        stored::get_person(&c, id()).await,
        Err(StoreError::NotFound { what: "person" })
    ));
    assert!(matches!(
        stored::get_grant(&c, id()).await,
        Err(StoreError::NotFound { what: "grant" })
    ));
});

both!(an_address_finds_its_person_however_it_is_spelt, |db| {
    let w = world(&db.store).await;
    for spelt in ["ben@example.org", " BEN@Example.org ", "ben+returns@example.org"] {
        let found = stored::person_by_address(&db.store.read(), spelt).await.unwrap();
        assert_eq!(found.as_ref(), Some(&w.preparer), "{spelt}");
    }
    assert_eq!(
        stored::person_by_address(&db.store.read(), "ben@example.com")
            .await
            .unwrap(),
        None
    );
});

both!(
    an_office_and_an_assignment_run_from_their_first_day_to_their_last,
    |db| {
        let w = world(&db.store).await;
        for (today, held) in [
            ("2017-03-31", false),
            ("2017-04-01", true),
            ("2018-03-31", true),
            ("2018-04-01", false),
        ] {
            let today = day(today);
            let funds = stored::funds_of_officer(&db.store.read(), w.officer.id, today)
                .await
                .unwrap();
            assert_eq!(!funds.is_empty(), held, "{today}");
            let assignments = stored::assignments_on(&db.store.read(), today).await.unwrap();
            assert_eq!(!assignments.is_empty(), held, "{today}");
        }
        let until_further_notice = Holder {
            from: day("2019-01-01"),
            to: None,
            deputy: true,
            ..w.chair.clone()
        };
        let tx = db.store.begin().await.unwrap();
        stored::insert_holder(&tx, &until_further_notice).await.unwrap();
        tx.commit().await.unwrap();
        let funds = stored::funds_of_officer(&db.store.read(), w.officer.id, day("2030-01-01"))
            .await
            .unwrap();
        assert_eq!(funds, vec![w.fund.clone()]);
        let holders = stored::holders_of_person(&db.store.read(), w.officer.id).await.unwrap();
        assert_eq!(holders, vec![w.chair.clone(), until_further_notice]);
    }
);

/// Asserts that one write in a transaction of its own is refused as a duplicate of that.
macro_rules! duplicate {
    ($db:expr, $of:expr, $tx:ident => $write:expr) => {{
        let $tx = $db.store.begin().await.unwrap();
        let error = $write.await.expect_err("a duplicate");
        assert!(error.is_duplicate_of($of), "{:?} and not {error:?}", $of);
    }};
}

both!(what_must_be_there_once_is_refused_by_name, |db| {
    let w = world(&db.store).await;
    let World {
        provider,
        fund,
        office,
        grant,
        ..
    } = &w;
    let new_org = Organisation {
        id: id(),
        ..provider.clone()
    };
    duplicate!(db, Constraint::OrganisationKey, tx => stored::insert_organisation(&tx, &new_org));
    let same_org = Organisation {
        key: "another".to_owned(),
        ..provider.clone()
    };
    duplicate!(db, Constraint::Identity, tx => stored::insert_organisation(&tx, &same_org));
    let alias = person("Ben Again", "Ben+alias@EXAMPLE.org", provider);
    duplicate!(db, Constraint::PersonAddress, tx => stored::insert_person(&tx, &alias));
    let new_fund = Fund {
        id: id::<FundId>(),
        ..fund.clone()
    };
    duplicate!(db, Constraint::FundKey, tx => stored::insert_fund(&tx, &new_fund));
    let new_office = Office {
        id: id(),
        ..office.clone()
    };
    duplicate!(db, Constraint::OfficeKey, tx => stored::insert_office(&tx, &new_office));
    duplicate!(db, Constraint::Holder, tx => stored::insert_holder(&tx, &w.chair));
    let new_grant = Grant {
        id: id(),
        ..grant.clone()
    };
    duplicate!(db, Constraint::GrantReference, tx => stored::insert_grant(&tx, &new_grant));
    let new_allocation = allocation(grant, "over", provider, 1, 9);
    duplicate!(db, Constraint::AllocationKey, tx => stored::insert_allocation(&tx, &new_allocation));
    duplicate!(db, Constraint::Contact, tx => stored::insert_contact(&tx, &w.contact));
});

both!(what_the_register_does_not_allow_is_refused, |db| {
    let w = world(&db.store).await;
    let tx = db.store.begin().await.unwrap();
    let homeless = person("Nobody", "nobody@example.org", &organisation("none", "None"));
    let error = stored::insert_person(&tx, &homeless).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{error:?}");
    drop(tx);
    let tx = db.store.begin().await.unwrap();
    let backwards = Grant {
        id: id(),
        reference: "B".to_owned(),
        ends_on: day("2016-01-01"),
        ..w.grant.clone()
    };
    match stored::insert_grant(&tx, &backwards).await {
        Err(StoreError::Refused { rule }) => assert!(rule.contains("ck_grants_dates"), "{rule}"),
        other => panic!("{other:?}"),
    }
});

both!(an_allocation_changes_only_as_it_was_read, |db| {
    let w = world(&db.store).await;
    let (was, none) = (w.over.approved, w.over.uncovered);
    let more = Money::pence(was.in_pence() + 44_000);
    for expected in [true, false] {
        let tx = db.store.begin().await.unwrap();
        let outcome = stored::set_allocation_amounts(&tx, w.over.id, more, Money::ZERO, was, none).await;
        match (expected, outcome) {
            (true, Ok(())) => tx.commit().await.unwrap(),
            (false, Err(StoreError::Conflict { what: "allocation" })) => {}
            (_, other) => panic!("{other:?}"),
        }
    }
    let now = stored::get_allocation(&db.store.read(), w.over.id).await.unwrap();
    assert_eq!((now.approved, now.uncovered), (more, Money::ZERO));
    assert_eq!(
        stored::get_allocation(&db.store.read(), w.under.id).await.unwrap(),
        w.under
    );
});

both!(a_virement_is_decided_once_and_by_another, |db| {
    let w = world(&db.store).await;
    let mut virement = Virement {
        id: id(),
        grant: w.grant.id,
        from: w.under.id,
        to: w.over.id,
        amount: Money::pence(44_000),
        reason: "Underspend offsets overspend".to_owned(),
        recorded_by: w.preparer.id,
        recorded_at: at("2018-04-10T09:00:00.000001Z"),
        decision: None,
    };
    let tx = db.store.begin().await.unwrap();
    stored::insert_virement(&tx, &virement).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        stored::get_virement(&db.store.read(), virement.id).await.unwrap(),
        virement
    );

    let decide = |by: PersonId| VirementDecision {
        approved: true,
        by,
        at: at("2018-04-11T09:00:00Z"),
    };
    let tx = db.store.begin().await.unwrap();
    let own = stored::decide_virement(&tx, virement.id, &decide(w.preparer.id)).await;
    assert!(matches!(own, Err(StoreError::Refused { .. })), "{own:?}");
    drop(tx);
    for first in [true, false] {
        let tx = db.store.begin().await.unwrap();
        let outcome = stored::decide_virement(&tx, virement.id, &decide(w.officer.id)).await;
        assert_eq!(outcome.is_ok(), first);
        assert!(first || matches!(outcome, Err(StoreError::Conflict { what: "virement" })));
        tx.commit().await.unwrap();
    }
    virement.decision = Some(decide(w.officer.id));
    assert_eq!(
        stored::virements_of(&db.store.read(), w.grant.id).await.unwrap(),
        vec![virement]
    );
});

both!(a_step_of_the_second_factor_is_good_once, |db| {
    let w = world(&db.store).await;
    let tx = db.store.begin().await.unwrap();
    stored::set_totp_secret(&tx, w.officer.id, Some(vec![0, 1, 255]))
        .await
        .unwrap();
    for (step, good) in [(100, true), (100, false), (99, false), (101, true)] {
        assert_eq!(
            stored::use_totp_step(&tx, w.officer.id, step).await.unwrap(),
            good,
            "{step}"
        );
    }
    let other = stored::get_person(&tx, w.preparer.id).await.unwrap();
    assert_eq!(other.totp_last_step, None);
    let officer = stored::get_person(&tx, w.officer.id).await.unwrap();
    assert_eq!(
        (officer.totp_secret, officer.totp_last_step),
        (Some(vec![0, 1, 255]), Some(101))
    );
    stored::set_totp_secret(&tx, w.officer.id, None).await.unwrap();
    assert_eq!(stored::get_person(&tx, w.officer.id).await.unwrap(), w.officer);
    let nobody = stored::set_totp_secret(&tx, id(), None).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
});

both!(a_published_version_of_a_form_never_changes, |db| {
    world(&db.store).await;
    let now = at("2018-05-01T00:00:00Z");
    let tx = db.store.begin().await.unwrap();
    assert!(
        !forms::publish_form(&tx, FORM, 1, Digest::of(b"one"), "one", now)
            .await
            .unwrap()
    );
    let other = forms::publish_form(&tx, FORM, 1, Digest::of(b"two"), "two", now).await;
    assert!(other.unwrap_err().is_duplicate_of(Constraint::FormVersion));
    assert!(
        forms::publish_form(&tx, FORM, 10, Digest::of(b"ten"), "ten", now)
            .await
            .unwrap()
    );
    assert!(
        forms::publish_form(&tx, FORM, 9, Digest::of(b"nine"), "nine", now)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let c = db.store.read();
    assert_eq!(
        forms::form_source(&c, FORM, 1).await.unwrap(),
        Some(("one".to_owned(), Digest::of(b"one")))
    );
    assert_eq!(forms::form_source(&c, FORM, 2).await.unwrap(), None);
    assert_eq!(
        forms::latest_form(&c, FORM).await.unwrap(),
        Some((10, "ten".to_owned()))
    );
    assert_eq!(forms::latest_form(&c, "another").await.unwrap(), None);
    let all = forms::all_forms(&c).await.unwrap();
    assert_eq!(all.iter().map(|form| form.version).collect::<Vec<_>>(), vec![1, 9, 10]);
});
