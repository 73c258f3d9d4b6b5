//! The register changed by hand: the rules of an import, one entry at a time, and nobody overwritten.

use countersign::service::ServiceError;
use countersign::service::register::edit::{allocations, changes, funds, grants, lines, rounds, shares};
use countersign::service::register::{AllocationRow, GrantRow, LineRow, PriorityRow, RoundRow, ShareRow};
use countersign::store::register;
use countersign_domain::money::Money;

use crate::outside::on_both;
use crate::outside::people::{ANITA, TOBIAS};
use crate::outside::server::TestServer;
use crate::register_people::{officer, refused};

on_both!(
    an_award_keeps_to_its_fund_and_what_is_blank_is_cleared,
    lines_and_allocations_are_added_and_changed,
    rounds_shares_and_priorities_are_kept,
);

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

async fn an_award_keeps_to_its_fund_and_what_is_blank_is_cleared(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let (anita, tobias) = (officer(&server, ANITA).await, officer(&server, TOBIAS).await);
    let fund = server.the_return().await.fund;
    let mut typed = funds::show(deps, &anita, fund).await.unwrap();
    typed.fields.total = some("£450,000");
    typed.fields.smallest_award = some("3000");
    assert!(matches!(
        funds::change_fund(deps, &tobias, fund, &typed, now).await,
        Err(ServiceError::Refused(_))
    ));
    assert!(
        funds::change_fund(deps, &anita, fund, &typed, now)
            .await
            .unwrap()
            .changed
    );
    let again = funds::change_fund(deps, &anita, fund, &typed, now).await;
    assert!(
        matches!(again, Err(ServiceError::Conflict(_))),
        "{again:?}: somebody changed it since"
    );

    let new = |amount: &str| GrantRow {
        reference: "PLY-2".to_owned(),
        title: "A second grant".to_owned(),
        organisation: "harbour".to_owned(),
        amount: some(amount),
        starts_on: "2018-04-01".to_owned(),
        ends_on: "2019-03-31".to_owned(),
        conditions: some("Report\nevery quarter."),
        ..GrantRow::default()
    };
    let small = refused(grants::add_grant(deps, &anita, fund, &new("2500"), now).await);
    assert_eq!(small[0].0, "amount");
    assert!(
        small[0]
            .1
            .starts_with("£2,500 is below the £3,000 that ‘Community safety"),
        "{small:?}"
    );
    let large = refused(grants::add_grant(deps, &anita, fund, &new("50000"), now).await);
    assert!(
        large[0].1.contains("£568.00 more than its total of £450,000.00"),
        "{large:?}"
    );
    let missing = refused(grants::add_grant(deps, &anita, fund, &GrantRow::default(), now).await);
    let fields: Vec<&str> = missing.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["reference", "title", "organisation", "starts_on", "ends_on"]);
    let (id, edited) = grants::add_grant(deps, &anita, fund, &new("40,000"), now)
        .await
        .unwrap();
    assert!(edited.changed && edited.warnings.is_empty(), "{edited:?}");
    let twice = refused(grants::add_grant(deps, &anita, fund, &new("41,000"), now).await);
    assert_eq!(twice[0].0, "reference");

    let mut typed = grants::show(deps, &anita, id).await.unwrap();
    assert_eq!(typed.fields.conditions.as_deref(), Some("Report\nevery quarter."));
    typed.fields.conditions = None;
    typed.fields.held_back = some("1000");
    assert_eq!(
        refused(grants::change_grant(deps, &anita, id, &typed, now).await)[0].0,
        "held_back_for"
    );
    typed.fields.held_back_for = some("a theme under discussion");
    grants::change_grant(deps, &anita, id, &typed, now).await.unwrap();
    let kept = register::get_grant(&deps.store.read(), id).await.unwrap();
    assert_eq!((kept.conditions, kept.held_back), (None, Money::pence(100_000)));

    let told = changes::changes_of(deps, &tobias, fund).await.unwrap();
    let latest = &told[0];
    assert_eq!(
        (latest.change.entity.as_str(), latest.change.key.as_str()),
        ("grant", "PLY-2")
    );
    assert_eq!(latest.by.as_deref(), Some("Anita Deshmukh"));
    assert_eq!(latest.change.was.as_deref(), Some("conditions: Report\nevery quarter."));
    assert!(
        latest.change.became.as_ref().unwrap().contains("held_back: £1,000.00"),
        "{latest:?}"
    );
    server.finish().await;
}

async fn lines_and_allocations_are_added_and_changed(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let anita = officer(&server, ANITA).await;
    let grant = server.the_return().await.grant;
    let new = AllocationRow {
        key: "idea".to_owned(),
        title: "An idea".to_owned(),
        provider: "harbour".to_owned(),
        proposed: some("25,000"),
        priorities: vec!["drugs-alcohol".to_owned()],
        ..AllocationRow::default()
    };
    let neither = AllocationRow {
        proposed: None,
        ..new.clone()
    };
    assert_eq!(
        refused(allocations::add_allocation(deps, &anita, grant, &neither, now).await)[0].0,
        "approved"
    );
    let (id, _) = allocations::add_allocation(deps, &anita, grant, &new, now)
        .await
        .unwrap();
    let line = |key: &str, amount: Option<&str>| LineRow {
        key: key.to_owned(),
        title: format!("Part {key}"),
        amount: amount.map(str::to_owned),
        ..LineRow::default()
    };
    for (key, amount) in [
        ("a", Some("5,000")),
        ("b", Some("4,000")),
        ("c", Some("8,000")),
        ("d", None),
    ] {
        lines::add_line(deps, &anita, id, &line(key, amount), now)
            .await
            .unwrap();
    }
    let shown = lines::show(deps, &anita, id).await.unwrap();
    assert_eq!((shown.lines.len(), shown.unassigned), (4, Money::pence(800_000)));
    let (last, mut typed) = shown.lines[3].clone();
    typed.fields.amount = some("8,000.01");
    let over = refused(lines::change_line(deps, &anita, (id, last.id), &typed, now).await);
    assert!(over[0].1.contains("£0.01 more than its £25,000.00"), "{over:?}");

    let mut typed = allocations::show(deps, &anita, id).await.unwrap();
    typed.fields.approved = some("17,000");
    typed.fields.priorities = vec![];
    let edited = allocations::change_allocation(deps, &anita, id, &typed, now)
        .await
        .unwrap();
    assert!(
        edited.warnings[0].contains("more than"),
        "the grant is spent already: {edited:?}"
    );
    let kept = register::get_allocation(&deps.store.read(), id).await.unwrap();
    assert_eq!((kept.approved, kept.priorities), (Money::pence(1_700_000), vec![]));
    let mut typed = allocations::show(deps, &anita, id).await.unwrap();
    typed.fields.approved = some("16,999");
    let lines_over = refused(allocations::change_allocation(deps, &anita, id, &typed, now).await);
    assert_eq!(lines_over[0].0, "approved");
    server.finish().await;
}

async fn rounds_shares_and_priorities_are_kept(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let anita = officer(&server, ANITA).await;
    let fund = server.the_return().await.fund;
    let round = RoundRow {
        key: "april".to_owned(),
        title: "April".to_owned(),
        opens_on: "2018-04-30".to_owned(),
        closes_on: "2018-04-01".to_owned(),
        largest_award: some("3000"),
        ..RoundRow::default()
    };
    assert_eq!(
        refused(rounds::add_round(deps, &anita, fund, &round, now).await)[0].0,
        "closes_on"
    );
    let round = RoundRow {
        opens_on: "2018-04-01".to_owned(),
        closes_on: "2018-04-30".to_owned(),
        ..round
    };
    rounds::add_round(deps, &anita, fund, &round, now).await.unwrap();
    let (id, mut typed) = rounds::show(deps, &anita, fund).await.unwrap().remove(0);
    typed.fields.largest_award = None;
    rounds::change_round(deps, &anita, (fund, id), &typed, now)
        .await
        .unwrap();
    assert_eq!(
        rounds::show(deps, &anita, fund).await.unwrap()[0]
            .1
            .fields
            .largest_award,
        None
    );

    let share = |organisation: &str, weight: &str| ShareRow {
        organisation: organisation.to_owned(),
        weight: weight.to_owned(),
        ..ShareRow::default()
    };
    let nought = refused(shares::add_share(deps, &anita, fund, &share("harbour", "0"), now).await);
    assert!(nought[0].1.contains("is 0, so nobody has a share"), "{nought:?}");
    assert_eq!(
        refused(shares::add_share(deps, &anita, fund, &share("harbour", "-1"), now).await)[0].0,
        "weight"
    );
    shares::add_share(deps, &anita, fund, &share("harbour", "1"), now)
        .await
        .unwrap();
    shares::add_share(deps, &anita, fund, &share("pdas", "0.5"), now)
        .await
        .unwrap();
    assert_eq!(
        shares::show(deps, &anita, fund).await.unwrap()[0].amount,
        None,
        "the fund has no total"
    );
    let mut typed = funds::show(deps, &anita, fund).await.unwrap();
    typed.fields.total = some("1,000,000");
    funds::change_fund(deps, &anita, fund, &typed, now).await.unwrap();
    let mut typed = shares::show(deps, &anita, fund).await.unwrap().remove(1).shown;
    typed.fields.weight = "2".to_owned();
    shares::change_share(deps, &anita, fund, &typed, now).await.unwrap();
    let amounts: Vec<_> = shares::show(deps, &anita, fund)
        .await
        .unwrap()
        .into_iter()
        .map(|line| line.amount)
        .collect();
    assert_eq!(
        amounts,
        [Some(Money::pence(33_333_333)), Some(Money::pence(66_666_667))]
    );

    let priority = PriorityRow {
        key: "roads".to_owned(),
        title: "Roads".to_owned(),
        ..PriorityRow::default()
    };
    funds::add_priority(deps, &anita, fund, &priority, now).await.unwrap();
    assert_eq!(
        refused(funds::add_priority(deps, &anita, fund, &priority, now).await)[0].0,
        "key"
    );
    let kept = register::get_fund(&deps.store.read(), fund).await.unwrap().priorities;
    assert_eq!(kept.last(), Some(&("roads".to_owned(), "Roads".to_owned())));
    server.finish().await;
}
