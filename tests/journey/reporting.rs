//! Step 6: the evaluation paper, from signed figures and nothing else.

use crate::outside::on_both;
use crate::outside::paper::title;
use crate::outside::people::{ANITA, TOBIAS};
use crate::outside::server::TestServer;
use crate::outside::stages::{RETURN, WHY};

on_both!(
    there_is_no_paper_before_the_signature,
    the_paper_says_what_was_signed,
    a_correction_leaves_the_paper_until_it_is_signed
);

const PAPER: &str = "Partnership grant: evaluation of the year";

async fn there_is_no_paper_before_the_signature(server: TestServer) {
    let (_, mut reviewer) = server.accepted().await;
    let id = server.the_return().await.id;
    reviewer.visit("/office").await;
    reviewer.follow("Returns as they were signed").await;
    reviewer.must_see(&["Not yet"]);
    assert!(
        reviewer.links().iter().all(|link| !link.contains(&id.to_string())),
        "{:?}",
        reviewer.links()
    );
    for address in [format!("/office/reports/{id}"), format!("/office/reports/{id}.csv")] {
        reviewer.visit(&address).await;
        assert_eq!(reviewer.status, 409, "{}", reviewer.says());
        reviewer.must_see(&["only what was signed is shown here"]);
        reviewer.must_not_see(&["160,200", "16,535"]);
    }
    server.finish().await;
}

async fn the_paper_says_what_was_signed(server: TestServer) {
    let mut chair = server.signed().await;
    chair.visit("/office").await;
    chair.follow("Returns as they were signed").await;
    chair.follow(PAPER).await;
    chair.must_see(&["Revision 1, as signed", "not for publication"]);
    let spending = chair.table("Spending by project");
    let row = |project: &str| {
        spending
            .iter()
            .find(|row| row[0] == title(project))
            .expect("the project")
            .clone()
    };
    assert_eq!(row("asb")[2..], ["£16,486.00", "£16,486.00", "£0.00"]);
    assert_eq!(row("infrastructure")[2..], ["£38,560.00", "£38,560.00", "£0.00"]);
    assert_eq!(row("drug-and-alcohol")[2..], ["£98,500.00", "£98,500.00", "£0.00"]);
    let money = chair.table("What was available and what became of it");
    let line = |name: &str| money.iter().find(|row| row[0] == name).expect("the line")[1].clone();
    let expected = [
        ("Awarded", "£400,568.00"),
        ("Carried forward from the year before", "£27,678.00"),
        ("Available", "£428,246.00"),
        ("Allocated to projects", "£428,246.00"),
        ("Unallocated", "£0.00"),
        ("Spent", "£428,246.00"),
    ];
    for (name, amount) in expected {
        assert_eq!(line(name), amount, "{name}");
    }
    let measures = chair.table("Measures beside their targets and benchmarks");
    let measure = |name: &str| measures.iter().find(|row| row[0] == name).expect("the measure").clone();
    let opiates = measure("In contact with criminal justice: opiates");
    assert_eq!(opiates[2], "25.0% (308 of 1,231)");
    assert!(opiates[5].contains("21.9%"), "{opiates:?}");
    assert_eq!(
        measure("Came back within six months of completing: other drugs")[2],
        "Not applicable"
    );
    let engagement = measure("Referred people who took up support");
    assert_eq!(
        (engagement[2].as_str(), engagement[4].as_str()),
        ("84%", "Yes"),
        "{engagement:?}"
    );
    let findings = chair.table("Findings with their explanations");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0][0], title("asb"));
    assert!(findings[0][1].contains("£49.00 more"));
    assert_eq!(findings[0][2], WHY);
    let virements = chair.table("Virements between projects");
    assert_eq!(virements[0][2], "£440.00");
    assert_eq!(virements[0][4], "Gwen Ashdown");
    let signed = chair.table("Who signed revision 1");
    assert_eq!(signed[0][..2], ["Tobias Fenn", "Chair of Safer Plymouth"]);

    chair.follow("Download as a spreadsheet").await;
    let kind = chair.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/csv"), "{kind}");
    let csv = chair.source();
    for told in [
        "16486.00,16486.00,0.00",
        "38560.00,38560.00,0.00",
        "428246.00",
        "Not applicable",
        WHY,
    ] {
        assert!(csv.contains(told), "{told}: {csv}");
    }
    assert!(
        !csv.contains("428686") && !csv.contains(",£"),
        "figures are plain numbers: {csv}"
    );
    server.finish().await;
}

async fn a_correction_leaves_the_paper_until_it_is_signed(server: TestServer) {
    server.signed().await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    reviewer.under(&["Reopen it for a correction"]);
    reviewer
        .fill("What is to be corrected", "The survey had 460 responses.")
        .press("Reopen")
        .await;
    reviewer.must_see(&["Back with the provider"]);
    let mut contact = server.at_the_return(crate::outside::people::MORWENNA).await;
    contact.open_project("infrastructure").await;
    contact.answer("survey_responses", "460").save().await;
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    contact.must_see(&["Return submitted"]);
    let id = server.the_return().await.id;
    let responses = |browser: &crate::outside::browser::TestBrowser| {
        let table = browser.table("Measures beside their targets and benchmarks");
        table
            .iter()
            .find(|row| row[0] == "Responses to the workforce survey")
            .expect("the measure")[2]
            .clone()
    };
    reviewer.visit(&format!("/office/reports/{id}")).await;
    reviewer.must_see(&["A correction of this return is under way.", "Revision 1, as signed"]);
    assert_eq!(responses(&reviewer), "466");
    reviewer.visit("/office").await;
    reviewer.follow(RETURN).await;
    reviewer.press("Accept revision 2").await;
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.follow(RETURN).await;
    chair.follow("Read and sign").await;
    let code = server.authenticator(TOBIAS).await;
    chair.sign_as(TOBIAS.name, &code).await;
    chair.visit(&format!("/office/reports/{id}")).await;
    chair.must_see(&["Revision 2, as signed"]);
    assert_eq!(responses(&chair), "460");
    server.finish().await;
}
