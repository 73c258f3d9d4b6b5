//! What is owed for an allocation, by a provider, or again after all: from the assignment to what the form may read.

use countersign::service::register::edit::assignments;
use countersign::service::register::{AssignmentRow, load, read};
use countersign::service::{Officer, ServiceError, correct, facts, forms};
use countersign::store::{register, returns};
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS};
use crate::outside::server::TestServer;

on_both!(
    a_return_is_owed_for_one_allocation_or_by_each_provider,
    periods_that_overlap_are_refused,
    an_excused_return_is_owed_again,
    amounts_stand_while_a_return_is_judged,
);

fn form(id: &str, owed_by: &str) -> String {
    format!(
        r#"form = "{id}"
version = 1
title = "Quarterly return"
owed_by = "{owed_by}"
audience = "internal"

[schedule]
every = "quarter"
opens = "end + 1d"
due = "end + 20d"
closes = "due + 60d"
remind = ["opens"]

[[stage]]
id = "review"
kind = "review"
by = "commissioner.reviewer"

[[section]]
id = "spend"
title = "Spend"

[[section.question]]
id = "spent"
type = "money"
label = "Spent"
over_providers = "sum"
over_time = "sum"
"#
    )
}

async fn with_forms(server: &TestServer) {
    for (id, owed_by) in [
        ("by-allocation", "allocation"),
        ("by-provider", "provider"),
        ("by-grant", "grant"),
    ] {
        forms::publish(&server.app.deps, &form(id, owed_by), server.now())
            .await
            .unwrap_or_else(|error| panic!("{id}: {error}"));
    }
}

fn assignment(form: &str, allocation: &str, organisation: &str, days: (&str, &str)) -> String {
    let allocation = if allocation.is_empty() {
        String::new()
    } else {
        format!("allocation = \"{allocation}\"\n")
    };
    format!(
        "[[assignment]]\nform = \"{form}\"\ngrant = \"PLY-CSP-1718\"\n{allocation}organisation = \"{organisation}\"\n\
         from = {}\nto = {}\ncontacts = [\"{}\"]\n",
        days.0, days.1, PIERS.address
    )
}

const YEAR: (&str, &str) = ("2017-04-01", "2018-03-31");

/// What is wrong with some assignments.
async fn refused(server: &TestServer, assignments: &[String]) -> Vec<String> {
    let file = read(&assignments.join("")).unwrap();
    let error = load(&server.app.deps, &file, server.now()).await.unwrap_err();
    error.to_string().lines().map(str::to_owned).collect()
}

async fn of_form(server: &TestServer, form: &str) -> Vec<Return> {
    returns::returns_of_form(&server.app.deps.store.read(), form)
        .await
        .unwrap()
}

async fn a_return_is_owed_for_one_allocation_or_by_each_provider(server: TestServer) {
    with_forms(&server).await;
    let deps = &server.app.deps;
    let wrong = [
        assignment("by-allocation", "", "harbour", YEAR),
        assignment("by-grant", "asb", "harbour", YEAR),
        assignment("by-provider", "asb", "plymouth-city-council", YEAR),
        assignment("by-provider", "", "opcc", YEAR),
        assignment("by-nobody", "", "opcc", YEAR),
    ];
    insta::assert_snapshot!(refused(&server, &wrong).await.join("\n"));
    let right = [
        assignment("by-allocation", "asb", "plymouth-city-council", YEAR),
        assignment("by-allocation", "awareness", "plymouth-city-council", YEAR),
        assignment("by-provider", "", "plymouth-city-council", YEAR),
    ];
    load(deps, &read(&right.join("")).unwrap(), server.now()).await.unwrap();
    server.tick().await;
    let (allocations, providers) = (
        of_form(&server, "by-allocation").await,
        of_form(&server, "by-provider").await,
    );
    assert_eq!((allocations.len(), providers.len()), (8, 4), "four quarters each");
    assert!(
        allocations.iter().any(|ret| ret.reference == "PLY-CSP-1718-asb-R1"),
        "{allocations:?}"
    );
    assert!(
        providers
            .iter()
            .any(|ret| ret.reference == "PLY-CSP-1718-plymouth-city-council-R4")
    );
    let read = deps.store.read();
    let keys = async |ret: &Return| {
        let case = facts::case(deps, &read, ret.id).await.unwrap();
        case.register
            .allocations
            .into_iter()
            .map(|known| known.key)
            .collect::<Vec<_>>()
    };
    let asb = allocations
        .iter()
        .find(|ret| ret.reference == "PLY-CSP-1718-asb-R1")
        .unwrap();
    assert_eq!(keys(asb).await, ["asb"]);
    assert_eq!(keys(&providers[0]).await, ["asb", "awareness"]);
    assert_eq!(keys(&server.the_return().await).await.len(), 8);
    server.finish().await;
}

async fn periods_that_overlap_are_refused(server: TestServer) {
    with_forms(&server).await;
    let deps = &server.app.deps;
    let half = ("2017-04-01", "2017-09-30");
    let overlapping = [
        assignment("by-provider", "", "harbour", half),
        assignment("by-provider", "", "harbour", ("2017-09-30", "2018-03-31")),
    ];
    let said = refused(&server, &overlapping).await;
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("a period that overlaps another: the same form is owed already from 1 April 2017"),
        "{said:?}"
    );
    let beside = [
        assignment("by-provider", "", "harbour", half),
        assignment("by-provider", "", "harbour", ("2017-10-01", "2018-03-31")),
        assignment("by-provider", "", "pdas", half),
    ];
    load(deps, &read(&beside.join("")).unwrap(), server.now())
        .await
        .unwrap();
    server.tick().await;
    let shorter = [assignment("by-provider", "", "harbour", ("2017-10-01", "2017-12-31"))];
    let said = refused(&server, &shorter).await;
    assert!(said[0].contains("is for a period after that day"), "{said:?}");
    let anita = anita(&server).await;
    let grant = server.the_return().await.grant;
    let typed = AssignmentRow {
        form: "by-provider".to_owned(),
        organisation: "pdas".to_owned(),
        from: "2017-07-01".to_owned(),
        to: "2018-03-31".to_owned(),
        contacts: vec![MORWENNA.address.to_owned()],
        ..AssignmentRow::default()
    };
    match assignments::add_assignment(deps, &anita, grant, &typed, server.now()).await {
        Err(ServiceError::Invalid(problems)) => assert_eq!(problems[0].field, "from"),
        other => panic!("{other:?}"),
    }
    let later = AssignmentRow {
        from: "2017-10-01".to_owned(),
        ..typed
    };
    let (id, _) = assignments::add_assignment(deps, &anita, grant, &later, server.now())
        .await
        .unwrap();
    let mut typed = assignments::show(deps, &anita, id).await.unwrap();
    typed.fields.to = "2017-12-31".to_owned();
    assignments::change_assignment(deps, &anita, id, &typed, server.now())
        .await
        .unwrap();
    let kept = register::get_assignment(&deps.store.read(), id).await.unwrap();
    assert_eq!(kept.to.to_string(), "2017-12-31");
    server.finish().await;
}

async fn anita(server: &TestServer) -> Officer {
    let person = server.person(ANITA.address).await;
    Officer {
        holders: register::holders_of_person(&server.app.deps.store.read(), person.id)
            .await
            .unwrap(),
        person,
        second_factor: true,
    }
}

async fn an_excused_return_is_owed_again(server: TestServer) {
    let deps = &server.app.deps;
    let (anita, ret) = (anita(&server).await, server.the_return().await);
    let early = correct::reinstate(deps, &anita, ret.id, "by mistake", server.now()).await;
    assert_eq!(early.unwrap_err().to_string(), "This return has not been excused.");
    correct::excuse(deps, &anita, ret.id, "The project closed", server.now())
        .await
        .unwrap();
    let silent = correct::reinstate(deps, &anita, ret.id, " ", server.now()).await;
    assert!(matches!(silent, Err(ServiceError::Invalid(_))), "{silent:?}");
    server.tick().await;
    let before = server.mails_to(PIERS.address).await.len();
    correct::reinstate(deps, &anita, ret.id, "It did not close", server.now())
        .await
        .unwrap();
    server.tick().await;
    assert_eq!(
        server.the_return().await.state,
        State::Draft,
        "its day had come, so it is open at once"
    );
    assert_eq!(server.mails_to(PIERS.address).await.len(), before + 1);
    let acts = returns::acts_of(&deps.store.read(), ret.id).await.unwrap();
    let acts: Vec<&str> = acts.iter().map(|act| act.action.as_str()).collect();
    assert_eq!(acts, ["open", "excuse", "reinstate", "open"]);
    server.at_the_return(MORWENNA).await;
    server.finish().await;
}

async fn amounts_stand_while_a_return_is_judged(server: TestServer) {
    let deps = &server.app.deps;
    let text = crate::outside::server::REGISTER
        .replace("\"160200\"", "\"160201\"")
        .replace("\"400568\"", "\"400569\"");
    let file = read(&text).unwrap();
    let mut ret = server.the_return().await;
    let set = async |ret: &mut Return, state: State| {
        let tx = deps.store.begin().await.unwrap();
        let was = ret.version;
        ret.state = state;
        returns::update_return(&tx, ret, was).await.unwrap();
        tx.commit().await.unwrap();
        ret.version = was + 1;
    };
    set(&mut ret, State::InReview(0)).await;
    let said = load(deps, &file, server.now()).await.unwrap_err().to_string();
    assert!(
        said.contains("is being judged by what this said: £400,568.00"),
        "{said}"
    );
    let another = read(&text.replace(
        "organisation = \"safer-plymouth\"\namount",
        "organisation = \"pdas\"\namount",
    ))
    .unwrap();
    let said = load(deps, &another, server.now()).await.unwrap_err().to_string();
    assert!(said.contains("so it stays with its organisation"), "{said}");
    set(&mut ret, State::Draft).await;
    let loaded = load(deps, &file, server.now()).await.unwrap();
    assert_eq!((loaded.changes.added.len(), loaded.changes.changed.len()), (0, 2));
    server.finish().await;
}
