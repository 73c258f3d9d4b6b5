//! Codes, sessions and room for documents: nobody is left without a way on.

use countersign::demo::Folder;
use countersign::service::{Contact, ServiceError, save, session, signin};
use countersign::store::access;
use countersign_domain::answers::types::{FileRef, SectionKey};
use countersign_domain::form::schema::Kind;
use countersign_domain::ledger::Digest;
use countersign_domain::returns::SessionKind;
use sea_orm::ConnectionTrait;

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA};
use crate::outside::server::TestServer;

on_both!(
    whoever_keeps_asking_for_a_code_is_mailed_one_again,
    a_document_removed_makes_room_for_another
);

async fn whoever_keeps_asking_for_a_code_is_mailed_one_again(server: TestServer) {
    let ask = async |minutes: i64| {
        server.pass(minutes * 60);
        signin::request_code(&server.app.deps, ANITA.address, "192.0.2.1", server.now())
            .await
            .unwrap();
        server.mails_to(ANITA.address).await.len()
    };
    assert_eq!([ask(0).await, ask(0).await, ask(0).await], [1, 2, 3]);
    assert_eq!([ask(50).await, ask(0).await, ask(0).await], [3, 3, 3]);
    assert_eq!(ask(11).await, 4, "an hour after the first three");
    server.finish().await;
}

async fn a_document_removed_makes_room_for_another(server: TestServer) {
    let (deps, ret) = (&server.app.deps, server.the_return().await);
    let person = server.person(MORWENNA.address).await;
    let links = access::links_of(&deps.store.read(), ret.id).await.unwrap();
    let link = links.iter().find(|link| link.person == person.id).unwrap().id;
    let contact = Contact {
        person,
        link,
        return_id: ret.id,
    };
    let page = countersign::service::provider::home(deps, &contact, server.now())
        .await
        .unwrap();
    let mut places: Vec<(SectionKey, String)> = Vec::new();
    for view in &page.evaluated.sections {
        let questions = page.form.sections[view.section].questions.iter();
        let files = questions.filter(|question| matches!(question.kind, Kind::File { .. }));
        places.extend(files.map(|question| (view.key.clone(), question.id.clone())));
    }
    let file = |nth: u8| FileRef {
        digest: Digest::of(&[nth]).to_string(),
        name: format!("plan-{nth}.pdf"),
        size: 20 * 1024 * 1024,
        media: "application/pdf".to_owned(),
    };
    let attach = async |at: usize, nth: u8| {
        let (section, question) = &places[at % places.len()];
        save::attach(deps, &contact, section, question, file(nth), server.now())
            .await
            .map(drop)
    };
    for nth in 0..5 {
        attach(nth.into(), nth).await.unwrap();
    }
    let full = attach(5, 5).await;
    assert!(matches!(full, Err(ServiceError::Invalid(_))), "{full:?}");
    let (section, question) = &places[0];
    save::detach(deps, &contact, section, question, &file(0).digest, server.now())
        .await
        .unwrap();
    attach(5, 5).await.unwrap();
    server.finish().await;
}

#[tokio::test]
async fn a_session_is_kept_while_nothing_can_be_written() {
    let server = TestServer::sqlite().await;
    let (deps, person) = (&server.app.deps, server.person(ANITA.address).await);
    let tx = deps.store.begin().await.unwrap();
    let kind = SessionKind::Office { second_factor: true };
    let cookie = session::start(&tx, person.id, kind, server.now()).await.unwrap();
    tx.commit().await.unwrap();
    let behind = server.database.behind_the_store().await;
    let refuse = "create trigger full before update on sessions begin select raise(abort, 'disk full'); end";
    behind.execute_unprepared(refuse).await.unwrap();
    behind.close().await.unwrap();
    server.pass(120);
    let found = session::find(deps, &cookie, server.now()).await.unwrap();
    assert_eq!(found.expect("the session").person.id, person.id);
    server.finish().await;
}

#[test]
fn the_clock_of_a_demo_goes_on_and_never_back() {
    let folder = tempfile::TempDir::new().unwrap();
    let demo = Folder::open(folder.path()).unwrap();
    let day = |text: &str| text.parse().ok();
    assert_eq!(
        demo.clock(None, Some("s5-partnership")).unwrap().now().date_naive(),
        day("2018-04-03").unwrap()
    );
    std::fs::write(folder.path().join("clock"), "2018-05-01T14:00:00Z").unwrap();
    let said = demo.clock(day("2018-04-03"), None).unwrap_err();
    assert!(said.contains("1 May 2018") && said.contains("--data"), "{said}");
    for today in [None, day("2018-05-01")] {
        assert!(demo.clock(today, None).unwrap().now().to_rfc3339().as_str() > "2018-05-01T13:59");
    }
    assert_eq!(
        demo.clock(day("2018-06-01"), None).unwrap().now().date_naive(),
        day("2018-06-01").unwrap()
    );
}
