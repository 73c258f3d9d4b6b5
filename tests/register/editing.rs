//! Entries added and changed one by one: each kind, each refusal with what was typed, and a race.

use crate::outside::on_both;
use crate::outside::people::ANITA;
use crate::outside::server::TestServer;
use crate::{at_the_fund, day};

on_both!(
    a_grant_is_put_in_with_everything_around_it,
    a_fund_its_matrix_and_its_offices_are_changed,
    whoever_is_slower_sees_both_and_loses_nothing,
    a_long_list_is_searched,
);

async fn a_grant_is_put_in_with_everything_around_it(server: TestServer) {
    let (mut officer, fund) = at_the_fund(&server).await;
    officer.visit(&format!("{fund}/add/round")).await;
    officer
        .fill("Key", "spring")
        .fill("Title", "Spring round")
        .fill("Smallest award", "three thousand");
    day(&mut officer, "First day", ["1", "4", "2018"]);
    day(&mut officer, "Last day", ["31", "2", "2018"]);
    officer.press("Save").await;
    assert_eq!(officer.status, 422);
    let errors = officer.errors();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors.contains(&"“Last day” must be a real day, like 31 3 2019".to_owned()),
        "{errors:?}"
    );
    assert_eq!(
        officer.beside("Smallest award").as_ref(),
        errors.iter().find(|words| words.contains("amount"))
    );
    for (label, typed) in [
        ("Key", "spring"),
        ("Smallest award", "three thousand"),
        ("Last day > Month", "2"),
    ] {
        assert_eq!(officer.value(label), typed, "what was typed is kept");
    }
    officer.fill("Smallest award", "3000");
    day(&mut officer, "Last day", ["30", "6", "2018"]);
    officer.press("Save").await;
    assert_eq!(officer.path(), fund, "{}", officer.says());
    officer.must_see(&[
        "Saved",
        "Spring round",
        "1 April 2018 to 30 June 2018",
        "£3,000.00 or more",
    ]);

    officer.visit(&format!("{fund}/add/organisation")).await;
    officer
        .fill("Key", "lark")
        .fill("Name", "Lark Hill Youth Club")
        .press("Save")
        .await;
    officer.must_see(&["Lark Hill Youth Club"]);
    officer.visit(&format!("{fund}/add/organisation")).await;
    officer
        .fill("Key", "lark")
        .fill("Name", "Another club")
        .press("Save")
        .await;
    assert_eq!(officer.errors(), ["There is one with this key already. Choose another"]);
    officer.visit(&format!("{fund}/add/person")).await;
    officer
        .fill("Name", "Jo Ellery")
        .fill("Email address", "jo.ellery@lark.example.org")
        .choose("Where they work", "Lark Hill Youth Club")
        .press("Save")
        .await;
    officer.must_see(&["Jo Ellery", "jo.ellery@lark.example.org"]);

    officer.visit(&format!("{fund}/add/grant")).await;
    officer.press("Save").await;
    assert_eq!(
        officer.errors(),
        [
            "Fill in “Reference”",
            "Fill in “Title”",
            "Choose “Who is awarded it”",
            "Fill in “First day”",
            "Fill in “Last day”",
        ]
    );
    officer
        .fill("Reference", "LARK-18")
        .fill("Title", "Evenings at the club")
        .choose("Who is awarded it", "Lark Hill Youth Club")
        .choose("Round", "Spring round")
        .fill("Award", "2,500")
        .fill("Conditions", "Open on two evenings a week.\nA report each year.")
        .fill("Held back", "500")
        .fill("What it is held back for", "repairs");
    day(&mut officer, "First day", ["1", "4", "2018"]);
    day(&mut officer, "Last day", ["31", "3", "2019"]);
    officer.press("Save").await;
    let errors = officer.errors().join(" ");
    assert!(
        errors.contains("£2,500 is below the £3,000 that ‘Spring round’"),
        "{errors}"
    );
    assert_eq!(officer.value("Reference"), "LARK-18");
    officer.fill("Award", "10,000").press("Save").await;
    officer.follow("LARK-18 Evenings at the club").await;
    let grant = officer.path().to_owned();
    officer.must_see(&[
        "£10,000.00 awarded + £0.00 carried in = £0.00 allocated + £500.00 held back + £9,500.00 unallocated",
        "£500.00, for repairs",
        "A report each year.",
    ]);

    officer.follow("Add an allocation").await;
    officer
        .fill("Key", "music")
        .fill("Title", "Music room")
        .choose("Who delivers it", "Lark Hill Youth Club")
        .fill("Approved", "6000")
        .tick("Strong communities")
        .press("Save")
        .await;
    assert_eq!(officer.path(), grant, "{}", officer.says());
    officer.must_see(&[
        "Music room",
        "Strong communities",
        "£6,000.00 allocated",
        "£3,500.00 unallocated",
    ]);
    officer.follow("Add a budget line to Music room").await;
    officer
        .fill("Key", "drums")
        .fill("Title", "Drums")
        .fill("Amount", "7000")
        .press("Save")
        .await;
    assert!(officer.errors().join(" ").contains("£6,000"), "{:?}", officer.errors());
    officer.fill("Amount", "4500").press("Save").await;
    officer.must_see(&["Drums", "£4,500.00", "In no line: £1,500.00"]);
    officer.follow("Change Drums").await;
    officer.fill("Amount", "5000").press("Save").await;
    officer.must_see(&["In no line: £1,000.00"]);

    officer.follow("Add an assignment").await;
    officer
        .choose("Form", "Partnership grant: evaluation of the year")
        .choose("Who owes it", "Lark Hill Youth Club")
        .fill("Contacts", "nobody@lark.example.org");
    day(&mut officer, "Owed from", ["1", "4", "2018"]);
    day(&mut officer, "Owed until", ["31", "3", "2019"]);
    officer.press("Save").await;
    assert!(!officer.errors().is_empty(), "nobody has that address");
    officer
        .fill("Contacts", "jo.ellery@lark.example.org")
        .press("Save")
        .await;
    officer.must_see(&[
        "Lark Hill Youth Club: Partnership grant: evaluation of the year",
        "Jo Ellery",
    ]);
    officer
        .follow("Lark Hill Youth Club: Partnership grant: evaluation of the year")
        .await;
    officer.follow("Change until when it is owed").await;
    day(&mut officer, "Owed until", ["31", "3", "2020"]);
    officer.press("Save").await;
    officer.must_see(&["31 March 2020"]);
    officer.visit(&format!("{fund}/changes")).await;
    officer.must_see(&["grant LARK-18", ANITA.name, "Spring round"]);
    server.finish().await;
}

async fn a_fund_its_matrix_and_its_offices_are_changed(server: TestServer) {
    let (mut officer, fund) = at_the_fund(&server).await;
    officer.must_see(&["Today: Tobias Fenn.", "Ruth Okafor", "Without a matrix"]);
    officer.follow("Change the fund").await;
    officer.must_see(&["community-safety-2017"]);
    officer.fill("Total", "100").press("Save").await;
    assert!(!officer.errors().is_empty(), "more has been awarded than that");
    officer.fill("Total", "600000.01").press("Save").await;
    officer.must_see(&["£600,000.01", "£199,432.01"]);
    for (organisation, weight) in [("Harbour", "1"), ("First Light", "1"), ("Safer Plymouth", "1")] {
        officer.visit(&format!("{fund}/add/share")).await;
        officer
            .choose("Organisation", organisation)
            .fill("Weight", weight)
            .press("Save")
            .await;
    }
    officer.must_see(&["£200,000.01", "£200,000.00", "shared in the proportion of the weights"]);
    officer.follow("Change Safer Plymouth").await;
    officer.fill("Weight", "-1").press("Save").await;
    assert_eq!((officer.errors().len(), officer.value("Weight").as_str()), (1, "-1"));
    officer.fill("Weight", "0").press("Save").await;
    officer.must_see(&["£300,000.01", "£0.00"]);

    officer.visit(&format!("{fund}/add/office")).await;
    officer
        .fill("Key", "partnership.clerk")
        .fill("Title", "Clerk")
        .press("Save")
        .await;
    officer.must_see(&["Clerk", "Nobody holds it today."]);
    officer.follow("Change Clerk").await;
    officer.fill("Title", "Clerk to the partnership").press("Save").await;
    for (from, to) in [
        (["1", "1", "2017"], ["31", "3", "2017"]),
        (["1", "6", "2017"], ["", "", ""]),
    ] {
        officer.visit(&format!("{fund}/add/holder")).await;
        officer
            .choose("Office", "Clerk to the partnership")
            .choose("Who", "Piers Holloway, piers.holloway@partnership.example.org");
        day(&mut officer, "First day", from);
        day(&mut officer, "Last day", to);
        officer.press("Save").await;
        assert_eq!(officer.path(), fund, "{}", officer.says());
    }
    officer.must_see(&[
        "Today: Piers Holloway.",
        "Nobody holds it from 1 April 2017 to 31 May 2017.",
    ]);
    officer.visit(&format!("{fund}/add/holder")).await;
    officer
        .choose("Office", "Clerk to the partnership")
        .choose("Who", "Anita Deshmukh, anita.deshmukh@commissioner.example.org");
    day(&mut officer, "First day", ["1", "1", "2019"]);
    officer.press("Save").await;
    assert!(!officer.errors().is_empty(), "nobody gives an office to themselves");
    officer.visit(&format!("{fund}/add/priority")).await;
    officer
        .fill("Key", "hate crime")
        .fill("Title", "Hate crime")
        .press("Save")
        .await;
    assert_eq!(officer.errors().len(), 1, "a key has no spaces");
    officer.fill("Key", "hate-crime").press("Save").await;
    officer.follow("Change Hate crime").await;
    officer.fill("Title", "Hate crime and its victims").press("Save").await;
    officer.must_see(&["Hate crime and its victims"]);
    server.finish().await;
}

async fn whoever_is_slower_sees_both_and_loses_nothing(server: TestServer) {
    let (mut first, fund) = at_the_fund(&server).await;
    let mut second = server.at_the_office(ANITA).await;
    for officer in [&mut first, &mut second] {
        officer.visit(&format!("{fund}/grants")).await;
        officer
            .follow("PLY-CSP-1718 Plymouth community safety grant 2017-18")
            .await;
        officer.follow("Change the grant").await;
    }
    second
        .fill("Title", "What the second wrote")
        .fill("Conditions", "As agreed in May")
        .press("Save")
        .await;
    second.must_see(&["Saved, and worth a look", "£440.00 more than the £428,246.00"]);
    second.follow("Go on").await;
    second.must_see(&["What the second wrote"]);
    first.fill("Title", "What the first wrote").press("Save").await;
    assert_eq!(first.status, 409, "{}", first.says());
    first.must_see(&[
        "Title now says: What the second wrote",
        "Conditions now says: As agreed in May",
    ]);
    assert_eq!(first.value("Title"), "What the first wrote", "nothing typed is lost");
    first.fill("Conditions", "As agreed in May").press("Save").await;
    first.follow("Go on").await;
    first.must_see(&["What the first wrote", "As agreed in May"]);
    first.follow("Change the grant").await;
    first.press("Save").await;
    first.must_see(&["Nothing was different"]);
    server.finish().await;
}

async fn a_long_list_is_searched(server: TestServer) {
    let (mut officer, fund) = at_the_fund(&server).await;
    officer.visit(&format!("{fund}/organisations?q=HARB")).await;
    officer.must_see(&["Organisations (1)", "Harbour"]);
    officer.must_not_see(&["First Light"]);
    officer.visit(&format!("{fund}/people?q=no+such+person")).await;
    officer.must_see(&["Nothing here has “no such person” in it."]);
    server.finish().await;
}
