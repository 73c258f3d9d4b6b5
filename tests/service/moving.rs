//! A form gets another version, and returns that nobody has submitted go to it, and back.

use countersign::forms_tools::moves::render;
use countersign::service::moving::{apply, preview, undo, undoable};
use countersign::service::{ServiceError, forms, people, save};
use countersign::store::{drafts, returns};
use countersign_domain::answers::Typed;
use countersign_domain::answers::types::SectionKey;
use countersign_domain::moving::Fate;
use countersign_domain::workflow::State;

use crate::outside::on_both;
use crate::outside::server::TestServer;
use crate::planning::{FORM, NELL, Planning, STAGES};

on_both!(
    a_draft_goes_to_the_new_version_and_says_what_becomes_of_each_answer,
    a_move_is_undone_with_what_was_answered_since,
    what_was_submitted_is_neither_moved_nor_moved_back,
    a_page_of_the_earlier_version_is_told,
    only_who_reviews_the_returns_moves_them,
);

/// The reviewer of the commissioner's office.
const REVIEWER: &str = STAGES[2];
const ID: &str = "spending-plan";

/// Version 2: what the rest is held back for stands in a section of its own, with a question that must be answered.
fn second() -> String {
    let held = "[[section.question]]\nid = \"held_for\"\ntype = \"text\"\nlabel = \"What the rest is held back for\"\n";
    assert!(FORM.contains(held));
    let without = FORM.replacen(held, "", 1).replacen("\nversion = 1", "\nversion = 2", 1);
    format!(
        "{without}\n[[section]]\nid = \"rest\"\ntitle = \"The rest\"\n\n{held}\n[[section.question]]\nid = \"until\"\n\
         type = \"text\"\nlabel = \"Until when\"\nrequired = true\n"
    )
}

async fn with_two_versions(server: TestServer) -> Planning {
    let plan = Planning::begin(server).await;
    plan.add("Refuge", "400,000").await;
    plan.say("whole", &[("held_for", Typed::value("Serious violence"))])
        .await;
    forms::publish(&plan.server.app.deps, &second(), plan.server.now())
        .await
        .expect("the second version is published");
    plan
}

async fn a_draft_goes_to_the_new_version_and_says_what_becomes_of_each_answer(server: TestServer) {
    let plan = with_two_versions(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let officer = people::officer(deps, REVIEWER, now).await.unwrap();
    let before = plan.ret().await;
    assert_eq!(before.form_version, 1, "publishing alone moves nothing");
    let shown = preview(deps, &officer, ID, 2).await.unwrap();
    assert_eq!(plan.ret().await, before, "and neither does looking");
    assert_eq!(
        render(&shown, true),
        "CITY-SAFE-R1, City Safety Partnership: version 1 to version 2\n  “Until when” in “The rest” needs an answer.\n  \
         “What the rest is held back for” moves to “The rest” with its answer.\n  “Amount” keeps its answer.\n  \
         “Project” keeps its answer.\n1 return would be moved\n"
    );
    assert_eq!(shown.len(), 1);
    let told: Vec<_> = shown[0]
        .answers
        .iter()
        .map(|one| (one.fate, one.section.0.as_str(), one.words.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Fate::NeedsAnswer, "rest", "“Until when” in “The rest” needs an answer."),
            (
                Fate::Moved,
                "rest",
                "“What the rest is held back for” moves to “The rest” with its answer."
            ),
            (Fate::Kept, "project/1", "“Amount” keeps its answer."),
            (Fate::Kept, "project/1", "“Project” keeps its answer."),
        ]
    );
    assert_eq!(
        apply(deps, &officer, ID, 2, now).await.unwrap(),
        shown,
        "what was shown is done"
    );
    let page = plan.page().await;
    assert_eq!((page.ret.form_version, page.form.version), (2, 2));
    assert_eq!(page.acts.last().map(|act| act.action.as_str()), Some("move"));
    let rest = &page.draft.sections[&SectionKey("rest".to_owned())];
    assert_eq!(rest.answers["held_for"].fields["value"], "Serious violence");
    assert_eq!(
        apply(deps, &officer, ID, 2, now).await.unwrap(),
        vec![],
        "twice is once"
    );
    let nowhere = preview(deps, &officer, ID, 3).await;
    assert!(matches!(nowhere, Err(ServiceError::NotFound)));
    plan.finish().await;
}

async fn a_move_is_undone_with_what_was_answered_since(server: TestServer) {
    let plan = with_two_versions(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let officer = plan.officer(REVIEWER).await;
    let before = plan.page().await.draft;
    let id = plan.ret().await.id;
    assert!(matches!(
        undo(deps, &officer, id, now).await,
        Err(ServiceError::Conflict(_))
    ));
    apply(deps, &officer, ID, 2, now).await.unwrap();
    let back = undo(deps, &officer, id, now).await.unwrap();
    assert_eq!((back.version, back.answered_since), (1, vec![]));
    let page = plan.page().await;
    assert_eq!((page.ret.form_version, page.draft), (1, before.clone()), "as it was");
    assert!(matches!(
        undo(deps, &officer, id, now).await,
        Err(ServiceError::Conflict(_))
    ));

    apply(deps, &officer, ID, 2, now).await.unwrap();
    plan.say(
        "rest",
        &[
            ("held_for", Typed::value("Knife crime")),
            ("until", Typed::value("June")),
        ],
    )
    .await;
    plan.add("Lighting", "500").await;
    let back = undo(deps, &officer, id, now).await.unwrap();
    let told: Vec<_> = back.answered_since.iter().map(|one| one.question.as_str()).collect();
    assert_eq!(told, ["asked_for", "project_title", "held_for", "until"]);
    let page = plan.page().await;
    let whole = &page.draft.sections[&SectionKey("whole".to_owned())];
    assert_eq!(whole.answers["held_for"].fields["value"], "Knife crime");
    assert_eq!(
        page.evaluated
            .sections
            .iter()
            .filter(|view| view.subject.is_some())
            .count(),
        2
    );
    let kept = drafts::section(&deps.store.read(), id, &SectionKey("rest".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        kept.expect("kept").1.answers["until"].fields["value"],
        "June",
        "though nobody asks for it"
    );
    plan.finish().await;
}

async fn what_was_submitted_is_neither_moved_nor_moved_back(server: TestServer) {
    let plan = with_two_versions(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let officer = plan.officer(REVIEWER).await;
    apply(deps, &officer, ID, 2, now).await.unwrap();
    plan.say("rest", &[("until", Typed::value("June"))]).await;
    let read = deps.store.read();
    assert_eq!(undoable(&read, &plan.ret().await).await.unwrap(), Some(1));
    plan.submit().await;
    let ret = plan.ret().await;
    assert_eq!((ret.state.clone(), ret.form_version), (State::InReview(0), 2));
    assert_eq!(undoable(&read, &ret).await.unwrap(), None);
    match undo(deps, &officer, ret.id, now).await {
        Err(ServiceError::Conflict(said)) => assert!(said.contains("has been submitted"), "{said}"),
        other => panic!("{other:?}"),
    }
    let third = second().replacen("\nversion = 2", "\nversion = 3", 1);
    forms::publish(deps, &third, now).await.unwrap();
    assert_eq!(preview(deps, &officer, ID, 3).await.unwrap(), vec![]);
    plan.finish().await;
}

async fn a_page_of_the_earlier_version_is_told(server: TestServer) {
    let plan = with_two_versions(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    apply(deps, &plan.officer(REVIEWER).await, ID, 2, now).await.unwrap();
    let late = plan
        .try_save(NELL, "whole", &[("held_for", Typed::value("More of it"))])
        .await;
    match late {
        Err(ServiceError::Conflict(said)) => assert!(said.contains("another version of its form"), "{said}"),
        other => panic!("{:?}", other.map(drop)),
    }
    let page = plan.page().await;
    let rest = &page.draft.sections[&SectionKey("rest".to_owned())];
    assert_eq!(
        rest.answers["held_for"].fields["value"], "Serious violence",
        "nothing is overwritten"
    );
    let nowhere = save::save(
        deps,
        &plan.contact(NELL).await,
        &SectionKey("gone".to_owned()),
        save::Sent::default(),
        now,
    )
    .await;
    assert!(matches!(nowhere.map(drop), Err(ServiceError::Conflict(_))));
    plan.finish().await;
}

async fn only_who_reviews_the_returns_moves_them(server: TestServer) {
    let plan = with_two_versions(server).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    for who in [STAGES[0], STAGES[1], STAGES[4]] {
        let officer = plan.officer(who).await;
        assert_eq!(preview(deps, &officer, ID, 2).await.unwrap(), vec![]);
        assert_eq!(apply(deps, &officer, ID, 2, now).await.unwrap(), vec![]);
        let refused = undo(deps, &officer, plan.ret().await.id, now).await;
        assert!(matches!(refused, Err(ServiceError::Refused(_))), "{refused:?}");
    }
    let read = deps.store.read();
    assert_eq!(
        returns::get_return(&read, plan.ret().await.id)
            .await
            .unwrap()
            .form_version,
        1
    );
    plan.finish().await;
}
