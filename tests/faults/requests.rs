//! Requests that no page of the server makes: from other sites, without a token, with fields of their own, for somebody
//! else's return.

use crate::outside::browser::TestBrowser;
use crate::outside::on_both;
use crate::outside::people::{ANITA, GWEN, MORWENNA};
use crate::outside::server::TestServer;
use countersign::web::routes;
use countersign::web::session::Door;
use reqwest::Method;

on_both!(
    every_post_is_refused_without_a_token_and_from_other_sites,
    fields_that_a_page_does_not_have_do_nothing,
    what_is_not_theirs_looks_like_what_is_not_there,
);

/// The address of a route with something in its places.
async fn address(server: &TestServer, path: &str) -> String {
    let id = server.the_return().await.id.to_string();
    path.replace(":token", &"A".repeat(43))
        .replace(":section", "project")
        .replace(":subject", "prevent")
        .replace(":question", "evidence")
        .replace(":digest", &"0".repeat(64))
        .replace(":link", &id)
        .replace(":id", &id)
}

async fn refused(browser: &TestBrowser, address: &str, csrf: Option<&str>, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = browser.request(Method::POST, address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let fields: Vec<(&str, &str)> = csrf.map(|token| ("csrf", token)).into_iter().collect();
    let answer = request.form(&fields).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn every_post_is_refused_without_a_token_and_from_other_sites(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    let mut officer = server.at_the_office(ANITA).await;
    officer.visit("/office").await;
    let before = server.the_return().await;
    let mut walked = 0;
    for line in routes::lines(&server.web)
        .into_iter()
        .filter(|line| line.methods.contains(&Method::POST))
    {
        let browser = if matches!(line.door, Door::Provider) {
            &contact
        } else {
            &officer
        };
        let (at, csrf) = (address(&server, line.path).await, browser.hidden("csrf"));
        for site in ["cross-site", "same-site"] {
            let (status, page) = refused(browser, &at, Some(&csrf), &[("sec-fetch-site", site)]).await;
            assert_eq!(status, 403, "{} from {site}", line.path);
            assert!(page.contains("This was not sent from Countersign"), "{}", line.path);
        }
        let other = [("origin", "https://evil.example")];
        assert_eq!(refused(browser, &at, Some(&csrf), &other).await.0, 403, "{}", line.path);
        if line.door != Door::Anyone {
            let ours = [("sec-fetch-site", "same-origin")];
            for token in [None, Some("wrong")] {
                let (status, _) = refused(browser, &at, token, &ours).await;
                assert!((400..500).contains(&status), "{} with {token:?}: {status}", line.path);
            }
        }
        walked += 1;
    }
    assert!(walked >= 25, "{walked} routes take POST");
    contact.visit("/return").await;
    assert_eq!(contact.status, 200, "nobody was signed out by any of it");
    assert_eq!(server.the_return().await, before);
    server.finish().await;
}

async fn fields_that_a_page_does_not_have_do_nothing(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    let csrf = contact.hidden("csrf");
    let before = server.the_return().await;
    for (name, value) in [
        ("state", "signed-off"),
        ("signed_by", "me"),
        ("version", "9"),
        ("a.allocated.value", "1"),
    ] {
        let fields = [("csrf", csrf.as_str()), (name, value), ("a.outcomes.value", "changed")];
        for at in ["/return/section/project/prevent", "/return/submit", "/return/check"] {
            let ours = contact
                .request(Method::POST, at)
                .header("sec-fetch-site", "same-origin");
            let status = ours.form(&fields).send().await.unwrap().status().as_u16();
            assert!(status != 500, "{name} at {at}: {status}");
        }
    }
    assert_eq!(server.the_return().await, before);
    contact.open_project("prevent").await;
    contact.must_see(&["Allocated £10,000.00"]);
    server.finish().await;
}

async fn what_is_not_theirs_looks_like_what_is_not_there(server: TestServer) {
    let id = server.the_return().await.id.to_string();
    let nowhere = "00000000-0000-4000-8000-000000000000";
    // Gwen's office, from tomorrow on, is of no fund: she holds none today.
    let mut officer = server.at_the_office(GWEN).await;
    let connection = server.database.behind_the_store().await;
    use sea_orm::ConnectionTrait;
    let gone = "update holders set held_to = '2017-12-31' where person_id = (select id from people where name = 'Gwen Ashdown')";
    connection.execute_unprepared(gone).await.unwrap();
    connection.close().await.unwrap();
    for (theirs, none) in [
        (format!("/office/returns/{id}"), format!("/office/returns/{nowhere}")),
        (
            format!("/office/returns/{id}/sign"),
            format!("/office/returns/{nowhere}/sign"),
        ),
        (format!("/office/reports/{id}"), format!("/office/reports/{nowhere}")),
    ] {
        let mut pages = Vec::new();
        for address in [theirs, none, "/office/returns/not-an-id".to_owned()] {
            officer.visit(&address).await;
            pages.push((officer.status, officer.text()));
        }
        assert_eq!(pages[0].0, 404, "{pages:?}");
        assert_eq!(pages[0], pages[1]);
        assert_eq!(pages[0], pages[2]);
    }
    let mut contact = server.at_the_return(MORWENNA).await;
    for address in [
        "/return/section/project/nothing",
        "/return/section/nothing",
        "/return/nothing",
    ] {
        contact.visit(address).await;
        assert_eq!(contact.status, 404, "{address}");
        contact.must_see(&["Page not found"]);
    }
    server.finish().await;
}
