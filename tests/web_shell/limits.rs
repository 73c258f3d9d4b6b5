//! How large and how often, and what becomes of it when it is too much.

use crate::entry::{client, cookie, link, token_on};
use crate::outside::people::MORWENNA;
use crate::outside::server::TestServer;

#[tokio::test]
async fn a_form_that_is_too_large_is_turned_back_with_a_page() {
    let server = TestServer::sqlite().await;
    let (client, cookie) = (client(), cookie(&server).await);
    for (path, bytes, status) in [
        ("/return/colleague", 64 * 1024 + 1, 413),
        ("/return/section/project/prevent", 65 * 1024, 403),
        ("/return/section/project/prevent", 512 * 1024 + 1, 413),
        // More than is ever read, and it says so beforehand.
        ("/return/section/project/prevent", 4 * 1024 * 1024, 413),
    ] {
        let body = format!("a.story.value={}", "x".repeat(bytes - 14));
        let sent = client
            .post(format!("{}{path}", server.base))
            .header("cookie", &cookie)
            .body(body);
        let answer = sent
            .header("content-type", "application/x-www-form-urlencoded")
            .send()
            .await;
        // A client that is still sending when it is told may see the connection end instead.
        let Ok(answer) = answer else { continue };
        assert_eq!(answer.status().as_u16(), status, "{bytes} bytes to {path}");
        if status == 413 {
            let page = answer.text().await.unwrap();
            assert!(
                page.contains("That is too large") && page.contains("What you typed is still"),
                "{page}"
            );
        }
    }
    server.finish().await;
}

#[tokio::test]
async fn an_upload_is_read_for_those_alone_who_are_signed_in() {
    let server = TestServer::sqlite().await;
    let (client, cookie) = (client(), cookie(&server).await);
    let url = format!("{}/return/section/project/prevent/file/evidence", server.base);
    let form = |files: usize, bytes: usize| {
        let mut content = b"%PDF-1.7 ".to_vec();
        content.resize(bytes, b'x');
        let form = reqwest::multipart::Form::new().text("csrf", "x");
        (0..files).fold(form, |form, _| {
            let part = reqwest::multipart::Part::bytes(content.clone()).file_name("plan.pdf");
            form.part("file.evidence", part)
        })
    };
    let nobody = client.post(&url).multipart(form(1, 2000)).send().await.unwrap();
    assert_eq!(nobody.status().as_u16(), 403);
    let large = client
        .post(&url)
        .header("cookie", &cookie)
        .multipart(form(1, 25 * 1024 * 1024))
        .send()
        .await
        .unwrap();
    assert_eq!(
        large.status().as_u16(),
        403,
        "it is read past, and the token that came with it judged"
    );
    assert!(!large.text().await.unwrap().contains("too large"));
    let many = client
        .post(&url)
        .header("cookie", &cookie)
        .multipart(form(3, 20 * 1024 * 1024))
        .send()
        .await
        .unwrap();
    assert_eq!(
        many.status().as_u16(),
        413,
        "read to the end, so that a browser shows the page"
    );
    assert!(many.text().await.unwrap().contains("larger than 20 MB"));
    server.finish().await;
}

#[tokio::test]
async fn tries_at_a_link_are_counted() {
    let server = TestServer::sqlite().await;
    let (client, link) = (client(), link(&server));
    let token = token_on(&client.get(&link).send().await.unwrap().text().await.unwrap());
    let mut statuses = Vec::new();
    for guess in 0..40 {
        // Each at another link, so that the limit of one link is not what is met.
        let url = format!("{}/r/guess{guess}", server.base);
        let fields = [("csrf", token.as_str()), ("address", MORWENNA.address)];
        statuses.push(client.post(&url).form(&fields).send().await.unwrap().status().as_u16());
    }
    assert!(statuses[..30].iter().all(|status| *status == 403), "{statuses:?}");
    assert_eq!(statuses[39], 429);
    let shown = client.get(&link).send().await.unwrap();
    assert_eq!(shown.status().as_u16(), 200, "looking is free");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_still_there_when_it_cannot_be_saved() {
    let server = TestServer::sqlite().await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.visit("/return/section/project/prevent").await;
    contact.fill("What the project achieved", "Four schools");
    // The only writer is taken, as by a backup that hangs.
    let held = server.app.deps.store.begin().await.unwrap();
    contact.press("Save and continue").await;
    assert_eq!(contact.status, 503, "{}", contact.says());
    contact.must_see(&["Not saved", "Your answers are still on this page"]);
    assert_eq!(contact.value("What the project achieved"), "Four schools");
    drop(held);
    contact.press("Save and come back later").await;
    assert_eq!((contact.status, contact.path()), (200, "/return"));
    contact.visit("/return/section/project/prevent").await;
    assert_eq!(contact.value("What the project achieved"), "Four schools");
    server.finish().await;
}
