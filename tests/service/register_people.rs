//! People, contacts and offices changed by hand, and what an officer may bring in from a file.

use countersign::service::register::edit::contacts::{self, NewContact};
use countersign::service::register::edit::{Shown, assignments, changes, holders, organisations, people};
use countersign::service::register::{HolderRow, OrganisationRow, PersonRow, load_by, read};
use countersign::service::{Officer, ServiceError};
use countersign::store::{access, register};

use crate::outside::on_both;
use crate::outside::people::{ANITA, GWEN, MORWENNA, PIERS, RUTH, Someone, TOBIAS};
use crate::outside::server::TestServer;

on_both!(
    whoever_has_left_is_let_in_no_more_and_whoever_comes_is_written_to,
    a_person_is_changed_by_those_who_look_after_them,
    an_office_is_held_by_one_at_a_time,
    an_import_is_for_the_funds_that_one_reviews,
);

/// Somebody as they are signed in today.
pub async fn officer(server: &TestServer, who: Someone) -> Officer {
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
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) -> Vec<(String, String)> {
    match outcome {
        Err(ServiceError::Invalid(problems)) => problems
            .into_iter()
            .map(|problem| (problem.field, problem.message))
            .collect(),
        other => panic!("{other:?}"),
    }
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
    let no = load_by(deps, &gwen, &one, None, now).await.unwrap_err().to_string();
    assert!(no.starts_with("Only whoever reviews"), "{no}");
    load_by(deps, &anita, &one, None, now).await.unwrap();
    let other = "[[organisation]]\nkey = \"far\"\nname = \"Far\"\n[[fund]]\nkey = \"far\"\ntitle = \"Far\"\n\
                 commissioner = \"far\"\nnation = \"scotland\"\n[[office]]\nkey = \"x\"\ntitle = \"X\"\n";
    let other = read(other).unwrap();
    let no = load_by(deps, &anita, &other, None, now).await.unwrap_err().to_string();
    assert!(no.contains("A new fund is added by whoever runs the server"), "{no}");
    assert!(no.contains("a fund whose returns you do not review"), "{no}");
    assert_eq!(register::fund_by_key(&deps.store.read(), "far").await.unwrap(), None);
    let proposal = format!(
        "[[virement]]\ngrant = \"PLY-CSP-1718\"\nfrom = \"infrastructure\"\nto = \"asb\"\namount = 440\n\
         reason = \"An underspend offsets it\"\ndecision = \"approved\"\nrecorded_by = \"{}\"\n",
        GWEN.address
    );
    let proposal = read(&proposal).unwrap();
    let loaded = load_by(deps, &anita, &proposal, None, now).await.unwrap();
    assert_eq!((loaded.changes.added.len(), loaded.warnings.len()), (1, 1));
    let ret = server.the_return().await;
    let virements = register::virements_of(&deps.store.read(), ret.grant).await.unwrap();
    assert_eq!(
        (virements[0].recorded_by, virements[0].decision.is_some()),
        (anita.person.id, false)
    );
    server.tick().await;
    let told = server.mails_to(GWEN.address).await;
    assert_eq!(told.len(), 1, "the treasurer is told that it waits");
    let again = load_by(deps, &anita, &proposal, None, now).await.unwrap();
    assert_eq!(again.changes.unchanged, 1);
    let shown = assignments::show(deps, &anita, ret.assignment).await.unwrap();
    assert_eq!(shown.fields.contacts, [MORWENNA.address, PIERS.address]);
    server.finish().await;
}
