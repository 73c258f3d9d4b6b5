//! Coming in by a mailed link without a browser, for tests that need the bare cookie.

use reqwest::Client;
use scraper::{Html, Selector};

use crate::outside::people::MORWENNA;
use crate::outside::server::TestServer;

/// A client that follows nothing.
pub fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// The link that was mailed to a contact.
pub fn link(server: &TestServer) -> String {
    let mails = server.mails();
    let mut links = mails
        .iter()
        .filter(|mail| mail.to == MORWENNA.address)
        .flat_map(|mail| mail.links());
    links.find(|link| link.contains("/r/")).expect("a link was mailed")
}

/// The token of the forms on a page.
pub fn token_on(page: &str) -> String {
    let wanted = Selector::parse("main input[name=csrf]").unwrap();
    let document = Html::parse_document(page);
    document
        .select(&wanted)
        .next()
        .and_then(|field| field.attr("value"))
        .expect("a form")
        .to_owned()
}

/// The cookie of a contact, as it is sent back.
pub async fn cookie(server: &TestServer) -> String {
    let (client, link) = (client(), link(server));
    let token = token_on(&client.get(&link).send().await.unwrap().text().await.unwrap());
    let fields = [("csrf", token.as_str()), ("address", MORWENNA.address)];
    let answer = client.post(&link).form(&fields).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].as_bytes()),
        (303, &b"/return"[..])
    );
    let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{set}");
    set.split(';').next().unwrap().to_owned()
}
