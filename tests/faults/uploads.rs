//! Documents that are too large or not what they say they are.

use crate::outside::on_both;
use crate::outside::people::{MORWENNA, PIERS};
use crate::outside::server::TestServer;

on_both!(
    a_document_is_kept_and_given_back,
    a_document_that_is_refused_loses_nothing
);

const BOX: &str = "Supporting documents";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

async fn a_document_is_kept_and_given_back(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    contact
        .answer("spent", "10,000")
        .attach(BOX, "../Schools & \"plans\".pdf", PDF)
        .press("Add this document")
        .await;
    assert_eq!(contact.status, 200, "{}", contact.says());
    contact.must_see(&["Schools"]);
    assert_eq!(
        contact.value("Amount spent in the year"),
        "10,000",
        "what was typed is saved with it"
    );
    let file = contact
        .links()
        .into_iter()
        .find(|link| link.starts_with("/return/file/"))
        .expect("a link to it");
    let mut other = server.at_the_return(PIERS).await;
    other.visit(&file).await;
    let header = |name: &str| other.headers[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(other.source().as_bytes(), PDF);
    let mut nobody = server.browser();
    nobody.visit(&file).await;
    assert_eq!(nobody.status, 403, "{}", nobody.says());
    contact.press("Remove").await;
    contact.must_not_see(&["Schools & plans.pdf"]);
    server.finish().await;
}

async fn a_document_that_is_refused_loses_nothing(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    let page = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    let mut large = PDF.to_vec();
    large.resize(20 * 1024 * 1024 + 1, b' ');
    for (name, bytes, said) in [
        ("report.pdf", page.clone(), "what is in it is not a PDF"),
        ("report.html", page, "The file must be"),
        ("report.pdf", Vec::new(), "The file is empty."),
        ("report.pdf", large, "The file must be smaller than 20 MB"),
    ] {
        contact.open_project("prevent").await;
        contact
            .answer("outcomes", "Words that must not be lost.")
            .attach(BOX, name, &bytes);
        contact.press("Add this document").await;
        assert_eq!(contact.status, 422, "{name}: {}", contact.says());
        let beside = contact.beside(BOX).expect("a message beside the box");
        assert!(beside.contains(said), "{beside}");
        assert!(contact.errors().contains(&beside), "{:?}", contact.errors());
        assert_eq!(
            contact.value("What the project achieved"),
            "Words that must not be lost."
        );
    }
    contact.open_project("prevent").await;
    contact.answer("case_study", "More words that must not be lost.");
    contact
        .attach(BOX, "report.pdf", &vec![b'x'; 25 * 1024 * 1024])
        .press("Add this document")
        .await;
    assert_eq!(contact.status, 422, "{}", contact.says());
    assert_eq!(contact.errors()[0], "The file must be smaller than 20 MB");
    contact.open_project("prevent").await;
    assert_eq!(
        contact.value("What the project achieved"),
        "Words that must not be lost."
    );
    assert_eq!(
        contact.value("A case study"),
        "More words that must not be lost.",
        "what was typed beside the file is kept"
    );
    assert!(
        contact.links().iter().all(|link| !link.starts_with("/return/file/")),
        "none of them was kept"
    );
    server.finish().await;
}
