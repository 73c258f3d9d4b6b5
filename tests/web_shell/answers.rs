//! What every answer carries, pages of errors included.

use countersign::web::{Web, routes};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Route, handler};

use crate::entry::{client, link};
use crate::outside::server::TestServer;

const PROMISED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "content-security-policy",
        "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    ),
    ("cache-control", "no-store"),
];

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let server = TestServer::sqlite().await;
    let client = client();
    for (method, path, status) in [
        ("GET", "/", 200),
        ("GET", "/r/anything", 200),
        ("HEAD", "/r/anything", 200),
        ("GET", "/return", 403),
        ("GET", "/no-such-page", 404),
        ("POST", "/no-such-page", 404),
        ("PUT", "/return", 400),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/office", 303),
        ("GET", "/return/section/%ff", 403),
        ("GET", "/assets/none.css", 404),
    ] {
        let url = format!("{}{path}", server.base);
        let answer = client.request(method.parse().unwrap(), url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {path}");
        for (name, value) in PROMISED {
            let found = answer
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(found.as_deref(), Some(value), "{name} of {method} {path}");
        }
        let hsts = answer.headers().get("strict-transport-security");
        assert!(hsts.is_none(), "this machine is not to be reached by https for a year");
    }
    server.finish().await;
}

#[tokio::test]
async fn an_error_page_says_what_to_do_and_nothing_of_the_server() {
    let server = TestServer::sqlite().await;
    let mut browser = server.browser();
    browser.visit("/no-such-page").await;
    assert_eq!(browser.status, 404);
    browser.must_see(&["Page not found", "check that it is correct"]);
    browser.visit("/return").await;
    assert_eq!(browser.status, 403);
    browser.must_see(&["Open the link in your email"]);
    browser.visit("/office").await;
    assert_eq!(browser.path(), "/office/sign-in");
    server.finish().await;
}

#[handler]
async fn falls() -> &'static str {
    panic!("the answer to question 12 is 42")
}

#[tokio::test]
async fn a_panic_is_an_error_page_and_not_a_dropped_connection() {
    let server = TestServer::sqlite().await;
    let web = Web::new(
        server.app.deps.clone(),
        server.app.files.clone(),
        countersign::clock::Clock::System,
    );
    let app = routes::around(web, Route::new().at("/falls", falls));
    let request = Request::builder().method(Method::GET).uri_str("/falls").finish();
    let response = app.get_response(request).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in PROMISED {
        assert_eq!(response.header(name), Some(value), "{name}");
    }
    let page = response.into_body().into_string().await.unwrap();
    assert!(
        page.contains("Something went wrong") && page.contains("quote <strong>"),
        "{page}"
    );
    assert!(!page.contains("question 12"), "{page}");
    let request = Request::builder()
        .uri_str("/falls")
        .header("accept", "application/json")
        .finish();
    let said: serde_json::Value = app.get_response(request).await.into_body().into_json().await.unwrap();
    assert_eq!(said["error"], "Something went wrong");
    server.finish().await;
}

#[tokio::test]
async fn a_link_shows_the_same_to_every_get_and_opens_nothing() {
    let server = TestServer::sqlite().await;
    let (client, link) = (client(), link(&server));
    let bogus = format!("{}/r/{}", server.base, "A".repeat(43));
    let mut pages = Vec::new();
    for url in [&link, &bogus, &link] {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let answer = client.request(method.parse().unwrap(), url).send().await.unwrap();
            assert!(answer.headers().get("set-cookie").is_none());
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap();
            for secret in ["Plymouth", "Morwenna", "PLY-CSP", "evaluation of the year"] {
                assert!(!text.contains(secret), "{method} shows {secret}");
            }
            if method == "GET" {
                assert_eq!(status, 200);
                pages.push(text);
            }
        }
    }
    assert!(
        pages.iter().all(|page| *page == pages[0]),
        "a good link and a bad one look the same"
    );
    server.finish().await;
}
