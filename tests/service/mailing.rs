//! Who is written to, and when: the plan, late openings, returns that were sent back, links that were taken back.

use chrono::{DateTime, Utc};
use countersign::scheduler;
use countersign::service::enter::colleague;
use countersign::service::{Contact, Officer, ServiceError, link};
use countersign::store::{access, register, returns};
use countersign_domain::ids::AssignmentId;
use countersign_domain::register::{Assignment, Contact as Written};

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS, Someone};
use crate::outside::server::{TestServer, moment};

on_both!(
    two_forms_of_one_grant_have_two_references,
    a_return_that_opens_late_is_told_of_once,
    what_was_sent_back_is_not_called_overdue,
    a_link_taken_back_is_not_sent_again_by_itself,
    a_link_lives_as_long_as_what_it_opens,
    a_tick_by_hand_at_a_day_to_come_stops_no_server,
    what_would_be_done_is_what_is_done,
);

/// Has the same form asked for of the same grant once more, as a second form would be, with one person to write to.
async fn asked_again(server: &TestServer, who: Someone) -> AssignmentId {
    let store = &server.app.deps.store;
    let known = register::get_assignment(&store.read(), server.the_return().await.assignment)
        .await
        .unwrap();
    let new = Assignment {
        id: uuid::Uuid::new_v4().into(),
        ..known
    };
    let contact = Written {
        person: server.person(who.address).await.id,
        assignment: new.id,
        lead: false,
    };
    let tx = store.begin().await.unwrap();
    register::insert_assignment(&tx, &new).await.unwrap();
    register::insert_contact(&tx, &contact).await.unwrap();
    tx.commit().await.unwrap();
    new.id
}

async fn subjects_since(server: &TestServer, before: usize, who: Someone) -> Vec<String> {
    let mails = server.mails().split_off(before).into_iter();
    mails
        .filter(|mail| mail.to == who.address)
        .map(|mail| mail.subject)
        .collect()
}

async fn reviewer(server: &TestServer) -> Officer {
    let person = server.person(ANITA.address).await;
    let holders = register::holders_of_person(&server.app.deps.store.read(), person.id)
        .await
        .unwrap();
    Officer {
        person,
        holders,
        second_factor: true,
    }
}

async fn what_would_be_done_is_what_is_done(server: TestServer) {
    let would = async |at: &str| scheduler::dry_run(&server.app.deps, moment(at)).await.unwrap();
    assert_eq!(would("2018-04-03 10:00").await, Vec::<String>::new(), "all is done");
    asked_again(&server, PIERS).await;
    let planned = would("2018-04-03 10:00").await;
    assert!(
        planned[0].starts_with("plan PLY-CSP-1718-R2, which opens on 2018-04-03"),
        "{planned:?}"
    );
    assert_eq!(planned[1..], ["open PLY-CSP-1718-R2 and mail its contacts"]);
    let done = server.tick().await;
    assert_eq!((done.planned, done.opened), (1, 1));
    let late = "2018-05-08 10:00";
    let told = would(late).await;
    for duty in [
        "remind the contacts of PLY-CSP-1718-R1",
        "tell commissioner that PLY-CSP-1718-R1 is overdue",
    ] {
        assert!(told.iter().any(|line| line.starts_with(duty)), "{duty}: {told:?}");
    }
    let done = server.advance_to(late).await;
    assert!(done.reminded > 0);
    assert_eq!(would(late).await, Vec::<String>::new(), "nothing is left to do");
    server.finish().await;
}

async fn two_forms_of_one_grant_have_two_references(server: TestServer) {
    let assignment = asked_again(&server, PIERS).await;
    assert_eq!(server.tick().await.planned, 1);
    assert_eq!(server.tick().await.planned, 0);
    let all = returns::returns_of_form(&server.app.deps.store.read(), "partnership-evaluation")
        .await
        .unwrap();
    let mut references: Vec<&str> = all.iter().map(|ret| ret.reference.as_str()).collect();
    references.sort_unstable();
    assert_eq!(references, ["PLY-CSP-1718-R1", "PLY-CSP-1718-R2"]);
    assert!(all.iter().any(|ret| ret.assignment == assignment));
    server.finish().await;
}

async fn a_return_that_opens_late_is_told_of_once(server: TestServer) {
    // The rule of the 16th is past when this return opens on the 20th; that of the 26th is not.
    server.advance_to("2018-04-20 09:00").await;
    asked_again(&server, ANITA).await;
    let before = server.mails().len();
    server.tick().await;
    let seen = subjects_since(&server, before, ANITA).await;
    assert!(
        seen.len() == 1 && seen[0].starts_with("Your return is open"),
        "{seen:?}"
    );
    server.advance_to("2018-04-26 09:00").await;
    let seen = subjects_since(&server, before, ANITA).await;
    assert!(seen.len() == 2 && seen[1].starts_with("Reminder"), "{seen:?}");
    server.finish().await;
}

async fn what_was_sent_back_is_not_called_overdue(server: TestServer) {
    let store = &server.app.deps.store;
    let mut ret = server.the_return().await;
    ret.first_submitted_at = Some(server.now());
    let tx = store.begin().await.unwrap();
    returns::update_return(&tx, &ret, ret.version).await.unwrap();
    tx.commit().await.unwrap();
    let before = server.mails().len();
    server.advance_to("2018-05-10 09:00").await;
    let since: Vec<String> = server
        .mails()
        .split_off(before)
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert_eq!(since, Vec::<String>::new(), "it was handed in on time");
    server.finish().await;
}

async fn a_link_taken_back_is_not_sent_again_by_itself(server: TestServer) {
    let (deps, ret) = (&server.app.deps, server.the_return().await);
    let (morwenna, officer) = (server.person(MORWENNA.address).await, reviewer(&server).await);
    let links = access::links_of(&deps.store.read(), ret.id).await.unwrap();
    let hers = links.iter().find(|link| link.person == morwenna.id).unwrap();
    link::revoke(deps, &officer, hers.id, "She has left.", server.now())
        .await
        .unwrap();
    let before = server.mails().len();
    server.advance_to("2018-04-16 09:00").await;
    assert_eq!(subjects_since(&server, before, MORWENNA).await, Vec::<String>::new());
    assert_eq!(subjects_since(&server, before, PIERS).await.len(), 1);

    let piers = server.person(PIERS.address).await;
    let his = links.iter().find(|link| link.person == piers.id).unwrap().id;
    let contact = Contact {
        person: piers,
        link: his,
        return_id: ret.id,
    };
    let tried = colleague(deps, &contact, "Morwenna", MORWENNA.address, server.now()).await;
    assert!(matches!(tried, Err(ServiceError::Invalid(_))), "{tried:?}");

    link::resend(deps, &officer, ret.id, morwenna.id, server.now())
        .await
        .unwrap();
    server.tick().await;
    server.advance_to("2018-04-26 09:00").await;
    let since = subjects_since(&server, before, MORWENNA).await;
    assert_eq!(
        since.len(),
        3,
        "an officer let her in again, and she is reminded as everybody is: {since:?}"
    );
    server.finish().await;
}

async fn a_link_lives_as_long_as_what_it_opens(server: TestServer) {
    let (store, mut ret) = (&server.app.deps.store, server.the_return().await);
    ret.due_on = "2018-07-31".parse().unwrap();
    ret.closes_on = "2018-09-29".parse().unwrap();
    let tx = store.begin().await.unwrap();
    returns::update_return(&tx, &ret, ret.version).await.unwrap();
    tx.commit().await.unwrap();
    // The first links live until the end of July.
    server.advance_to("2018-07-18 09:00").await;
    let last: DateTime<Utc> = moment("2018-09-29 23:59");
    let links = access::links_of(&store.read(), ret.id).await.unwrap();
    for person in [MORWENNA, PIERS] {
        let person = server.person(person.address).await;
        let lives = links
            .iter()
            .any(|link| link.person == person.id && link.expires_at > last);
        assert!(lives, "{links:?}");
    }
    server.finish().await;
}

async fn a_tick_by_hand_at_a_day_to_come_stops_no_server(server: TestServer) {
    let (deps, mailer) = (&server.app.deps, &server.app.mailer);
    let ahead = server.now() + chrono::Duration::days(3);
    scheduler::tick_once(deps, mailer, "by hand", ahead).await.unwrap();
    assert!(!server.tick().await.elsewhere);
    server.finish().await;
}
