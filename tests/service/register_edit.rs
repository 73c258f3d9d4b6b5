//! The register changed by hand: the rules of an import, one entry at a time, and nobody overwritten.

use countersign::service::register::edit::contacts::{self, NewContact};
use countersign::service::register::edit::{
    Shown, allocations, assignments, changes, funds, grants, holders, lines, organisations, people, rounds, shares,
};
use countersign::service::register::{
    AllocationRow, GrantRow, HolderRow, LineRow, OrganisationRow, PersonRow, PriorityRow, RoundRow, ShareRow, load_by,
    read,
};
use countersign::service::{Officer, ServiceError};
use countersign::store::{access, register};
use countersign_domain::money::Money;

use crate::outside::on_both;
use crate::outside::people::{ANITA, GWEN, MORWENNA, PIERS, RUTH, Someone, TOBIAS};
use crate::outside::server::TestServer;

on_both!(
    an_award_keeps_to_its_fund_and_what_is_blank_is_cleared,
    lines_and_allocations_are_added_and_changed,
    rounds_shares_and_priorities_are_kept,
    whoever_has_left_is_let_in_no_more_and_whoever_comes_is_written_to,
    a_person_is_changed_by_those_who_look_after_them,
    an_office_is_held_by_one_at_a_time,
    an_import_is_for_the_funds_that_one_reviews,
);

/// Somebody as they are signed in today.
async fn officer(server: &TestServer, who: Someone) -> Officer {
    let person = server.person(who.address).await;
    let today = server.now().date_naive();
    let held = register::holders_of_person(&server.app.deps.store.read(), person.id)
        .await
        .unwrap();
    Officer {
        holders: held.into_iter().filter(|held| held.holds_on(today)).collect(),
        person,
        second_factor: true,
    }
}

/// The fields that were refused, and why.
fn refused<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) -> Vec<(String, String)> {
    match outcome {
        Err(ServiceError::Invalid(problems)) => problems
            .into_iter()
            .map(|problem| (problem.field, problem.message))
            .collect(),
        other => panic!("{other:?}"),
    }
}

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

async fn whoever_has_left_is_let_in_no_more_and_whoever_comes_is_written_to(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let anita = officer(&server, ANITA).await;
    let ret = server.the_return().await;
    let piers = server.person(PIERS.address).await;
    let new = NewContact {
        name: "Nadia Rowe".to_owned(),
        email: "nadia.rowe@partnership.example.org".to_owned(),
    };
    let wrong = contacts::add_contact(deps, &anita, ret.assignment, &NewContact::default(), now).await;
    assert_eq!(refused(wrong).len(), 2);
    let already = NewContact {
        email: MORWENNA.address.to_uppercase(),
        ..new.clone()
    };
    assert_eq!(
        refused(contacts::add_contact(deps, &anita, ret.assignment, &already, now).await)[0].0,
        "email"
    );
    let at = (ret.assignment, piers.id);
    let nadia = contacts::replace_contact(deps, &anita, at, &new, now).await.unwrap();
    server.tick().await;
    let mail = server.mails_to(&new.email).await.pop().expect("Nadia is written to");
    assert!(mail.links().iter().any(|link| link.contains("/r/")));
    let read = deps.store.read();
    let links = access::links_of(&read, ret.id).await.unwrap();
    assert!(
        links
            .iter()
            .filter(|link| link.person == piers.id)
            .all(|link| link.revoked.is_some())
    );
    assert!(links.iter().any(|link| link.person == nadia && link.revoked.is_none()));
    let (_, all) = contacts::show(deps, &anita, ret.assignment).await.unwrap();
    let all: Vec<_> = all
        .into_iter()
        .map(|(contact, person)| (person.name, contact.lead))
        .collect();
    assert_eq!(
        all,
        [("Nadia Rowe".to_owned(), true), ("Morwenna Tregear".to_owned(), false)]
    );
    let morwenna = server.person(MORWENNA.address).await.id;
    contacts::set_lead(deps, &anita, ret.assignment, morwenna, now)
        .await
        .unwrap();
    let (_, all) = contacts::show(deps, &anita, ret.assignment).await.unwrap();
    assert_eq!((all[0].0.person, all[0].0.lead, all[1].0.lead), (morwenna, true, false));
    let gone = contacts::set_lead(deps, &anita, ret.assignment, piers.id, now).await;
    assert!(matches!(gone, Err(ServiceError::NotFound)), "{gone:?}");
    let told = changes::changes_of(deps, &anita, ret.fund).await.unwrap();
    assert_eq!(
        told[0].change.was.as_deref(),
        Some("lead: nadia.rowe@partnership.example.org")
    );
    server.finish().await;
}

async fn a_person_is_changed_by_those_who_look_after_them(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let (anita, tobias) = (officer(&server, ANITA).await, officer(&server, TOBIAS).await);
    let ret = server.the_return().await;
    let morwenna = server.person(MORWENNA.address).await.id;
    assert!(
        people::show(deps, &tobias, morwenna).await.is_err(),
        "the chair is no reviewer"
    );
    let mut typed = people::show(deps, &anita, morwenna).await.unwrap();
    typed.fields.email = PIERS.address.to_owned();
    let taken = refused(people::change_person(deps, &anita, morwenna, &typed, now).await);
    assert_eq!(taken[0].0, "email");
    typed.fields.email = "nobody".to_owned();
    typed.fields.name = " ".to_owned();
    typed.fields.organisation = "nowhere".to_owned();
    assert_eq!(
        refused(people::change_person(deps, &anita, morwenna, &typed, now).await).len(),
        3
    );
    typed.fields = PersonRow {
        name: "Morwenna Penrose".to_owned(),
        email: "m.penrose@partnership.example.org".to_owned(),
        organisation: "safer-plymouth".to_owned(),
        key: None,
    };
    assert!(
        people::change_person(deps, &anita, morwenna, &typed, now)
            .await
            .unwrap()
            .changed
    );
    let late = people::change_person(deps, &anita, morwenna, &typed, now).await;
    assert!(matches!(late, Err(ServiceError::Conflict(_))), "{late:?}");
    server.tick().await;
    assert_eq!(server.mails_to("m.penrose@partnership.example.org").await.len(), 1);
    let told = changes::changes_of(deps, &anita, ret.fund).await.unwrap();
    assert_eq!(
        (told[0].change.entity.as_str(), told[0].change.key.as_str()),
        ("person", MORWENNA.address)
    );

    let row = PersonRow {
        name: "Owen Pike".to_owned(),
        email: "owen@harbour.example.org".to_owned(),
        organisation: "harbour".to_owned(),
        key: None,
    };
    let owen = people::add_person(deps, &anita, ret.fund, &row, now).await.unwrap();
    assert_eq!(
        register::get_person(&deps.store.read(), owen).await.unwrap().name,
        "Owen Pike"
    );
    assert_eq!(
        refused(people::add_person(deps, &anita, ret.fund, &row, now).await)[0].0,
        "email"
    );
    let organisation = OrganisationRow {
        key: "new".to_owned(),
        name: "New".to_owned(),
    };
    let id = organisations::add_organisation(deps, &anita, ret.fund, &organisation, now)
        .await
        .unwrap();
    let mut typed = organisations::show(deps, &anita, id).await.unwrap();
    typed.fields.name = "Newer".to_owned();
    organisations::change_organisation(deps, &anita, id, &typed, now)
        .await
        .unwrap();
    assert_eq!(
        register::get_organisation(&deps.store.read(), id).await.unwrap().name,
        "Newer"
    );
    server.finish().await;
}

async fn an_office_is_held_by_one_at_a_time(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let anita = officer(&server, ANITA).await;
    let fund = server.the_return().await.fund;
    let term = |office: &str, who: Someone, from: &str, deputy: bool| HolderRow {
        office: office.to_owned(),
        person: who.address.to_owned(),
        from: from.to_owned(),
        deputy: deputy.then(|| "yes".to_owned()),
        ..HolderRow::default()
    };
    let two = holders::add_term(
        deps,
        &anita,
        fund,
        &term("partnership.chair", PIERS, "2018-05-01", false),
        now,
    )
    .await;
    let two = refused(two);
    assert_eq!(two[0].0, "from");
    assert!(two[0].1.contains(TOBIAS.address), "{two:?}");
    let twice = term("partnership.chair", RUTH, "2018-06-08", true);
    assert!(
        refused(holders::add_term(deps, &anita, fund, &twice, now).await)[0]
            .1
            .contains("overlaps")
    );
    let own = term("commissioner.treasurer", ANITA, "2018-05-01", true);
    let own = refused(holders::add_term(deps, &anita, fund, &own, now).await);
    assert!(own[0].1.starts_with("Nobody gives an office to themselves"), "{own:?}");
    let deputy = term("partnership.chair", PIERS, "2018-06-09", true);
    holders::add_term(deps, &anita, fund, &deputy, now).await.unwrap();
    assert!(
        server.person(PIERS.address).await.totp_secret.is_some(),
        "whoever signs has a second factor"
    );

    let all = holders::show(deps, &anita, fund).await.unwrap();
    let chair = all
        .iter()
        .find(|(_, shown)| shown.fields.person == TOBIAS.address)
        .unwrap();
    let ended = |to: Option<&str>| Shown {
        fields: HolderRow {
            to: to.map(str::to_owned),
            ..chair.1.fields.clone()
        },
        stamp: chair.1.stamp.clone(),
    };
    for day in [None, Some("2016-12-31"), Some("tomorrow")] {
        let wrong = holders::end_term(deps, &anita, (fund, chair.0), &ended(day), now).await;
        assert_eq!(refused(wrong)[0].0, "to", "{day:?}");
    }
    holders::end_term(deps, &anita, (fund, chair.0), &ended(Some("2018-04-30")), now)
        .await
        .unwrap();
    let next = term("partnership.chair", GWEN, "2018-05-01", false);
    holders::add_term(deps, &anita, fund, &next, now).await.unwrap();
    server.finish().await;
}

async fn an_import_is_for_the_funds_that_one_reviews(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let (anita, gwen) = (officer(&server, ANITA).await, officer(&server, GWEN).await);
    let one = read("[[organisation]]\nkey = \"harbour\"\nname = \"Harbour Centre\"\n").unwrap();
    let no = load_by(deps, &gwen, &one, now).await.unwrap_err().to_string();
    assert!(no.starts_with("Only whoever reviews"), "{no}");
    load_by(deps, &anita, &one, now).await.unwrap();
    let other = "[[organisation]]\nkey = \"far\"\nname = \"Far\"\n[[fund]]\nkey = \"far\"\ntitle = \"Far\"\n\
                 commissioner = \"far\"\nnation = \"scotland\"\n[[office]]\nkey = \"x\"\ntitle = \"X\"\n";
    let other = read(other).unwrap();
    let no = load_by(deps, &anita, &other, now).await.unwrap_err().to_string();
    assert!(no.contains("A new fund is added by whoever runs the server"), "{no}");
    assert!(no.contains("a fund whose returns you do not review"), "{no}");
    assert_eq!(register::fund_by_key(&deps.store.read(), "far").await.unwrap(), None);
    let ret = server.the_return().await;
    let shown = assignments::show(deps, &anita, ret.assignment).await.unwrap();
    assert_eq!(shown.fields.contacts, [MORWENNA.address, PIERS.address]);
    server.finish().await;
}
