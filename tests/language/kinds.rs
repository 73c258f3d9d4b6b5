//! One answer of each kind: typed, saved, seen again, and what is said when it cannot be read.

use crate::place::{at_the_return, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_box_keeps_what_was_typed() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("Visits for each person, on average", "2.5")
        .fill("People in each group", "55 to 60")
        .tick("a.reached.leaflet")
        .tick("a.reached.police")
        .tick("Priorities that this serves > Safer streets")
        .tick("Priorities that this serves > Young people")
        .choose("The one that it serves most", "Young people")
        .fill("Name", "Owain Rees")
        .fill("Email address", "owain.rees@alliance.example.org")
        .fill("Telephone number", "01632 960 001")
        .fill("Feel safer", "30")
        .fill("Were asked", "40");
    contact.press("Save and come back later").await;
    assert_eq!(contact.path(), "/return", "{}", contact.says());
    open(&mut contact, "people").await;
    for (label, value) in [
        ("Visits for each person, on average", "2.5"),
        ("People in each group", "55 to 60"),
        ("Name", "Owain Rees"),
        ("Email address", "owain.rees@alliance.example.org"),
        ("Telephone number", "01632 960 001"),
    ] {
        assert_eq!(contact.value(label), value);
    }
    for (label, chosen) in [
        ("a.reached.leaflet", true),
        ("a.reached.friend", false),
        ("a.reached.police", true),
        ("Priorities that this serves > Safer homes", false),
        ("The one that it serves most > Young people", true),
    ] {
        assert_eq!(contact.is_ticked(label), chosen, "{label}");
    }
    contact.must_see(&[
        "75.0% (30 of 40)",
        "Target: at least 75% (reached)",
        "Before the project: 1.8",
    ]);
    contact.visit("/return/check").await;
    contact.must_see(&[
        "2.5",
        "55 to 60",
        "A leaflet",
        "Safer streets",
        "Owain Rees",
        "75.0% (30 of 40)",
    ]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_stays_in_its_box_with_the_reason() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("Visits for each person, on average", "two and a bit")
        .fill("People in each group", "60 to 55")
        .fill("Email address", "owain at alliance")
        .tick("a.reached.leaflet")
        .tick("a.reached.friend")
        .tick("a.reached.police");
    contact.press("Save and continue").await;
    let errors = contact.errors();
    for (label, typed) in [
        ("Visits for each person, on average", "two and a bit"),
        ("People in each group", "60 to 55"),
    ] {
        assert_eq!(contact.value(label), typed);
        let beside = contact
            .beside(label)
            .unwrap_or_else(|| panic!("nothing beside {label}: {errors:?}"));
        assert!(errors.contains(&beside), "“{beside}” is in the summary: {errors:?}");
    }
    assert_eq!(contact.value("Email address"), "owain at alliance");
    assert!(
        errors.iter().any(|error| error.contains("How did people hear of you?")),
        "{errors:?}"
    );
    contact.visit("/return/check").await;
    contact.must_see(&["“two and a bit”", "“60 to 55”"]);
    server.finish().await;
}
