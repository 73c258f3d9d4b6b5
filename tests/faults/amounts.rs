//! Amounts as people mistype them: read, asked about or refused, never guessed, and kept as they were typed.

use crate::outside::on_both;
use crate::outside::people::MORWENNA;
use crate::outside::server::TestServer;

on_both!(an_amount_is_read_or_asked_about_or_refused);

const SPENT: &str = "Amount spent in the year";

async fn an_amount_is_read_or_asked_about_or_refused(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    for (typed, said) in [
        ("1.000,00", "1,000"),
        ("1,00", ""),
        ("12.345", ""),
        ("£", ""),
        ("ten", ""),
        ("-5", "must be £0 or more"),
        ("99999999999999999999", ""),
    ] {
        contact.open_project("prevent").await;
        contact.answer("spent", typed).save().await;
        let beside = contact
            .beside(SPENT)
            .unwrap_or_else(|| panic!("“{typed}” is refused: {}", contact.says()));
        assert!(beside.contains(said), "“{typed}”: {beside}");
        assert!(contact.errors().contains(&beside));
        assert_eq!(contact.value(SPENT), typed, "it is still in its box");
        contact.visit("/return/check").await;
        assert!(
            contact.errors().iter().any(|error| error.contains(&beside)),
            "“{typed}” blocks: {:?}",
            contact.errors()
        );
        // What was read is shown as it was read, what was not as it was typed, between quotation marks.
        let shown = if typed == "-5" {
            "-£5.00".to_owned()
        } else {
            format!("“{typed}”")
        };
        contact.must_see(&[&format!("{SPENT} {shown}")]);
    }
    for (typed, read) in [
        ("1.042m", "£1,042,000.00"),
        ("£16,486.5", "£16,486.50"),
        ("16 486", "£16,486.00"),
        (" 10k ", "£10,000.00"),
        ("0", "£0.00"),
    ] {
        contact.open_project("prevent").await;
        contact.answer("spent", typed).save().await;
        contact.open_project("prevent").await;
        assert_eq!(contact.beside(SPENT), None, "“{typed}” is read");
        assert_eq!(contact.value(SPENT), typed);
        contact.visit("/return/check").await;
        contact.must_see(&[&format!("{SPENT} {read}")]);
    }
    contact.open_project("prevent").await;
    contact.answer("spent", "1.042m").save().await;
    contact.open_project("prevent").await;
    contact.must_see(&["£1,042,000.00"]);
    server.finish().await;
}
