//! Publishing: a version never changes, and an id keeps its type from version to version.

use countersign::service::forms::{PublishError, publish};

use crate::outside::on_both;
use crate::outside::server::TestServer;

const FORM: &str = include_str!("../../forms/s5-partnership/evaluation.toml");

on_both!(a_published_version_is_not_changed, an_id_keeps_its_type,);

async fn a_published_version_is_not_changed(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    publish(deps, FORM, now)
        .await
        .expect("the same file again changes nothing");
    let edited = FORM.replacen("evaluation of the year", "evaluation of a year", 1);
    assert_ne!(edited, FORM, "the title is edited");
    let refused = publish(deps, &edited, now).await.expect_err("version 2 is taken");
    assert!(matches!(refused, PublishError::Changed { version: 2, .. }), "{refused}");
    assert!(refused.to_string().contains("give the edit version 3"), "{refused}");
    let next = edited.replacen("\nversion  = 2", "\nversion = 3", 1);
    assert_eq!(publish(deps, &next, now).await.expect("the next number").version, 3);
    server.finish().await;
}

async fn an_id_keeps_its_type(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let next = FORM.replacen("\nversion  = 2", "\nversion = 3", 1);
    let survey = next.find("id = \"survey_responses\"").expect("a count");
    let (before, after) = next.split_at(survey);
    let retyped = after
        .replacen("type = \"count\"", "type = \"text\"", 1)
        .replacen("over_providers = \"sum\"\n", "", 1)
        .replacen("over_time = \"sum\"\n", "", 1)
        .replacen("previous = \"show\"\n", "", 1)
        .replacen("not_known = true\n", "", 1);
    let refused = publish(deps, &format!("{before}{retyped}"), now).await;
    match refused.expect_err("a count does not become a text") {
        PublishError::Types(said) => assert!(said[0].contains("survey_responses"), "{said:?}"),
        other => panic!("{other}"),
    }
    server.finish().await;
}
