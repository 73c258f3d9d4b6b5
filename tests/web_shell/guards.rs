//! Who is let in, and by which token.

use countersign::web::session::Door;
use countersign::web::{Web, routes};
use poem::http::Method;
use reqwest::Response;

use crate::entry::{client, cookie, link, token_on};
use crate::outside::people::MORWENNA;
use crate::outside::server::TestServer;

fn lines(server: &TestServer) -> Vec<routes::Line> {
    let web = Web::new(
        server.app.deps.clone(),
        server.app.files.clone(),
        countersign::clock::Clock::System,
    );
    let lines = routes::lines(&web);
    assert!(lines.len() > 15, "the router was walked");
    lines
}

/// An address of a route, with something in each of its places.
fn address(server: &TestServer, path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with(':') { "x" } else { part })
        .collect();
    format!("{}{}", server.base, parts.join("/"))
}

async fn refused(response: Response, heading: &str, what: &str) {
    assert_eq!(response.status().as_u16(), 403, "{what}");
    let page = response.text().await.unwrap();
    assert!(page.contains(heading), "{what}: {page}");
}

#[tokio::test]
async fn what_comes_from_another_site_is_refused_everywhere() {
    let server = TestServer::sqlite().await;
    let posts: Vec<_> = lines(&server)
        .into_iter()
        .filter(|line| line.methods.contains(&Method::POST))
        .collect();
    assert!(posts.len() > 10);
    for line in posts {
        let url = address(&server, line.path);
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://127.0.0.1:1"),
        ] {
            let sent = client()
                .post(&url)
                .header(name, value)
                .form(&[("csrf", "x")])
                .send()
                .await
                .unwrap();
            refused(
                sent,
                "This was not sent from Countersign",
                &format!("{} with {name}: {value}", line.path),
            )
            .await;
        }
        for method in ["PUT", "DELETE", "PATCH"] {
            let sent = client()
                .request(method.parse().unwrap(), &url)
                .header("sec-fetch-site", "cross-site");
            refused(
                sent.send().await.unwrap(),
                "This was not sent from Countersign",
                line.path,
            )
            .await;
        }
    }
    server.finish().await;
}

#[tokio::test]
async fn without_its_token_no_form_is_taken() {
    let server = TestServer::sqlite().await;
    let cookie = cookie(&server).await;
    for line in lines(&server)
        .into_iter()
        .filter(|line| line.methods.contains(&Method::POST))
    {
        if line.door == Door::Anyone {
            continue; // Their tries are counted; see `limits`.
        }
        for token in ["", "x", &"A".repeat(43)] {
            let url = address(&server, line.path);
            let sent = client()
                .post(&url)
                .header("cookie", &cookie)
                .header("sec-fetch-site", "same-origin");
            let sent = match line.size {
                countersign::web::gate::Size::Upload => {
                    sent.multipart(reqwest::multipart::Form::new().text("csrf", token.to_owned()))
                }
                _ => sent.form(&[("csrf", token)]),
            };
            let heading = match line.door {
                Door::Provider | Door::Anyone => "Send this again",
                Door::HalfOffice | Door::Office => "You have been signed out",
            };
            refused(
                sent.send().await.unwrap(),
                heading,
                &format!("{} with ‘{token}’", line.path),
            )
            .await;
        }
    }
    server.finish().await;
}

#[tokio::test]
async fn nobody_gets_in_without_a_session() {
    let server = TestServer::sqlite().await;
    for line in lines(&server)
        .into_iter()
        .filter(|line| line.methods.contains(&Method::GET))
    {
        for cookie in ["", "countersign=", "countersign=AAAA", "countersign=' OR 1=1"] {
            let url = address(&server, line.path);
            let answer = client().get(&url).header("cookie", cookie).send().await.unwrap();
            let (status, path) = (answer.status().as_u16(), line.path);
            match line.door {
                Door::Anyone => assert!(status < 400, "{path}: {status}"),
                Door::Provider => refused(answer, "Open the link in your email", path).await,
                Door::HalfOffice | Door::Office => {
                    assert_eq!(
                        (status, answer.headers()["location"].as_bytes()),
                        (303, &b"/office/sign-in"[..]),
                        "{path}"
                    );
                }
            }
        }
    }
    server.finish().await;
}

#[tokio::test]
async fn a_contact_is_nobody_at_the_office() {
    let server = TestServer::sqlite().await;
    let cookie = cookie(&server).await;
    for line in lines(&server) {
        if matches!(line.door, Door::Office | Door::HalfOffice) && line.methods.contains(&Method::GET) {
            let answer = client()
                .get(address(&server, line.path))
                .header("cookie", &cookie)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status().as_u16(), 303, "{}", line.path);
        }
    }
    server.finish().await;
}

#[tokio::test]
async fn what_was_typed_outlives_the_session() {
    let server = TestServer::sqlite().await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.visit("/return/section/project/prevent").await;
    contact.fill("What the project achieved", "Four schools\nand a <march>");
    server.pass(13 * 3600);
    contact.press("Save and come back later").await;
    assert_eq!(contact.status, 403);
    contact.must_see(&[
        "Open the link in your email",
        "What you typed is still here",
        "and a <march>",
    ]);
    // The link is opened again in another tab, and the page that was left is sent again.
    let page = contact
        .request(Method::GET, &link(&server))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let fields = [("csrf", token_on(&page)), ("address", MORWENNA.address.to_owned())];
    let entered = contact
        .request(Method::POST, &link(&server))
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(entered.status().as_u16(), 303);
    contact.press("Send it again").await;
    contact.must_see(&["Send this again", "and a <march>"]);
    contact.press("Send it again").await;
    assert_eq!((contact.status, contact.path()), (200, "/return"), "{}", contact.says());
    contact.visit("/return/section/project/prevent").await;
    assert_eq!(
        contact.value("What the project achieved"),
        "Four schools\nand a <march>"
    );
    server.finish().await;
}
