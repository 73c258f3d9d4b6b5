//! Rows that a provider adds: each gets one, its number is its own for ever, and nothing that was typed is lost.

use countersign::service::rows::{self, add, remove, restore, taken_out};
use countersign::service::{ServiceError, review};
use countersign::store::drafts;
use countersign_domain::answers::Typed;
use countersign_domain::answers::types::SectionKey;

use crate::outside::on_both;
use crate::outside::server::TestServer;
use crate::planning::{NELL, ODD, Planning, STAGES, fields};

on_both!(
    two_people_who_add_at_once_both_get_a_row,
    a_row_taken_out_is_kept_and_its_number_is_not_used_again,
    what_is_typed_in_a_row_that_was_taken_out_meanwhile_is_kept_with_it,
    there_are_no_more_rows_than_there_may_be,
    rows_change_only_while_the_return_is_open,
    a_table_larger_than_its_page_is_refused,
);

fn key(number: u32) -> SectionKey {
    SectionKey(format!("project/{number}"))
}

async fn two_people_who_add_at_once_both_get_a_row(server: TestServer) {
    let plan = Planning::begin(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let (nell, odd) = (plan.contact(NELL).await, plan.contact(ODD).await);
    let (one, other) = tokio::join!(add(deps, &nell, "project", now), add(deps, &odd, "project", now));
    let mut keys = [one.unwrap().0, other.unwrap().0];
    keys.sort();
    assert_eq!(keys, [key(1), key(2)]);
    let page = plan.page().await;
    let rows: Vec<_> = page
        .evaluated
        .sections
        .iter()
        .filter_map(|view| view.subject.clone())
        .collect();
    assert_eq!(rows, ["1", "2"]);
    let mut both = vec![nell.person.id, odd.person.id];
    both.sort();
    let preparers = drafts::preparers(&deps.store.read(), page.ret.id).await.unwrap();
    assert_eq!(preparers, both, "whoever adds a row prepares the return");
    let unknown = add(deps, &nell, "whole", now).await;
    assert!(
        matches!(unknown, Err(ServiceError::NotFound)),
        "a section that has no rows"
    );
    plan.finish().await;
}

async fn a_row_taken_out_is_kept_and_its_number_is_not_used_again(server: TestServer) {
    let plan = Planning::begin(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let nell = plan.contact(NELL).await;
    plan.add("Refuge", "1,000").await;
    plan.add("Lighting", "2,000").await;
    let page = remove(deps, &nell, &key(2), now).await.unwrap();
    assert!(page.evaluated.section(&key(2)).is_none());
    let out = taken_out(&page, "project");
    assert_eq!(out.len(), 1);
    assert_eq!((out[0].number, out[0].name.as_str()), (2, "Lighting"));
    remove(deps, &nell, &key(2), now).await.unwrap();
    assert_eq!(plan.add("Wardens", "3,000").await, "project/3");
    let page = restore(deps, &nell, &key(2), now).await.unwrap();
    assert_eq!(taken_out(&page, "project"), vec![]);
    let shown = page.evaluated.section(&key(2)).expect("it is back");
    assert!(
        shown.questions.iter().any(|question| question.shown == "£2,000.00"),
        "as it was"
    );
    let never = restore(deps, &nell, &key(9), now).await;
    assert!(matches!(never, Err(ServiceError::NotFound)));
    plan.finish().await;
}

async fn what_is_typed_in_a_row_that_was_taken_out_meanwhile_is_kept_with_it(server: TestServer) {
    let plan = Planning::begin(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    plan.add("Refuge", "1,000").await;
    remove(deps, &plan.contact(ODD).await, &key(1), now).await.unwrap();
    let late = plan
        .try_save(NELL, "project/1", &[("asked_for", Typed::value("1,500"))])
        .await;
    match late {
        Err(ServiceError::Conflict(said)) => assert!(said.contains("Put the row back"), "{said}"),
        other => panic!("{:?}", other.map(drop)),
    }
    let page = restore(deps, &plan.contact(NELL).await, &key(1), now).await.unwrap();
    let shown = page.evaluated.section(&key(1)).unwrap();
    assert!(shown.questions.iter().any(|question| question.shown == "£1,500.00"));
    plan.finish().await;
}

async fn there_are_no_more_rows_than_there_may_be(server: TestServer) {
    let plan = Planning::begin(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let nell = plan.contact(NELL).await;
    for _ in 0..8 {
        add(deps, &nell, "project", now).await.unwrap();
    }
    let full = add(deps, &nell, "project", now).await;
    assert!(matches!(full, Err(ServiceError::Refused(ref said)) if said.contains("8 rows")));
    remove(deps, &nell, &key(1), now).await.unwrap();
    add(deps, &nell, "project", now).await.unwrap();
    let full = restore(deps, &nell, &key(1), now).await;
    assert!(
        matches!(full, Err(ServiceError::Refused(_))),
        "there is no room to put it back"
    );
    for number in 9..40 {
        remove(deps, &nell, &key(number), now).await.unwrap();
        add(deps, &nell, "project", now).await.unwrap();
    }
    remove(deps, &nell, &key(40), now).await.unwrap();
    let ever = add(deps, &nell, "project", now).await;
    assert!(matches!(ever, Err(ServiceError::Refused(ref said)) if said.contains("Put one of those back")));
    plan.finish().await;
}

async fn rows_change_only_while_the_return_is_open(server: TestServer) {
    let plan = Planning::begin(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let nell = plan.contact(NELL).await;
    plan.add("Refuge", "400,568").await;
    plan.submit().await;
    let refused = [
        rows::add(deps, &nell, "project", now).await.map(drop),
        rows::remove(deps, &nell, &key(1), now).await.map(drop),
        rows::restore(deps, &nell, &key(1), now).await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(ServiceError::Conflict(_))), "{refused:?}");
    }
    let (executive, ret) = (plan.officer(STAGES[0]).await, plan.ret().await);
    review::send_back(deps, &executive, ret.id, 1, "One more project is wanted.", now)
        .await
        .unwrap();
    rows::add(deps, &nell, "project", now).await.unwrap();
    plan.finish().await;
}

async fn a_table_larger_than_its_page_is_refused(server: TestServer) {
    let plan = Planning::begin(server).await;
    plan.add("Refuge", "1,000").await;
    let names: Vec<String> = (0..201).map(|row| format!("{row}.part")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let refused = plan.try_save(NELL, "project/1", &[("parts", fields(&many))]).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(ref problems)) if problems[0].field == "parts"));
    let wide: Vec<String> = (0..20).map(|part| format!("0.part.{part}")).collect();
    let wide: Vec<(&str, &str)> = wide.iter().map(|name| (name.as_str(), "x")).collect();
    let refused = plan.try_save(NELL, "project/1", &[("parts", fields(&wide))]).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(_))));
    plan.say("project/1", &[("parts", fields(&many[..200]))]).await;
    plan.finish().await;
}
