//! The proceeds of crime fund: nine projects of one round, each evaluated in the November after its year.

use super::{MAUREEN, accept, at_the_return, sign, signed, submit};
use crate::outside::people::Someone;
use crate::outside::server::TestServer;

const FORM: &str = "Proceeds of crime fund: evaluation";

/// Signs the evaluations.
const BEATRIX: Someone = Someone {
    name: "Beatrix Lyle",
    address: "beatrix.lyle@office.marlshire.example.org",
};

/// The nine awards of the first round: who has each, who writes for them, and how much it is.
const PROJECTS: [(&str, &str, &str); 9] = [
    ("Marlshire Fire and Rescue", "wendy.firth@marl-fire", "15,000"),
    ("Shelter Lane Housing", "olu.bankole@shelter-lane", "14,950"),
    ("Stour Street Churches", "miriam.stokes@stour-street-church", "14,200"),
    ("Bright Start Marlshire", "kit.rowley@bright-start", "13,875.50"),
    ("Ring Road Boxing Club", "desmond.pike@ring-road-boxing", "13,400"),
    (
        "Upper Marl Community Safety Partnership",
        "colin.varley@upper-marl",
        "12,960",
    ),
    (
        "Kingsbridge Community Safety Partnership",
        "farida.malik@kingsbridge",
        "12,500",
    ),
    (
        "Stourwick Community Safety Partnership",
        "lorna.tideswell@stourwick",
        "11,250",
    ),
    (
        "Marl City Community Safety Partnership",
        "yusuf.adeyemi@marl-city",
        "9,147.08",
    ),
];

/// The first so many are evaluated and signed; all nine add up where all are.
pub async fn evaluated(server: &TestServer, how_many: usize) {
    let mut reviewer = server.at_the_office(MAUREEN).await;
    let mut treasurer = server.at_the_office(BEATRIX).await;
    for (nth, (provider, contact, award)) in PROJECTS.iter().enumerate().take(how_many) {
        let grant = format!("POC-17-1-{:02}", nth + 1);
        let mut contact = at_the_return(server, &format!("{contact}.example.org"), &grant).await;
        contact.must_see(&[FORM, "30 November 2018"]);
        contact.visit("/return/section/money").await;
        if nth == 0 {
            contact.fill("Spent", "15,000.01").save().await;
            contact.visit("/return/section/money").await;
            contact.must_see(&["£0.01"]);
        }
        contact.fill("Spent", award).save().await;
        contact.visit("/return/section/results").await;
        contact
            .tick("Which of the commissioner's programmes it served > Public confidence")
            .fill("What you set out to do", "To do what the application says.")
            .fill(
                "What you did, and what changed",
                "It was done, and fewer people were afraid.",
            )
            .fill("Said that it did", "18")
            .fill("Were asked", "24")
            .choose("What becomes of the project now", "It has ended");
        contact.save().await;
        submit(&mut contact).await;
        accept(server, &mut reviewer, MAUREEN, FORM, provider).await;
        sign(server, &mut treasurer, BEATRIX, FORM, provider).await;
    }
    let pence =
        |text: &str| text.replace([',', '.'], "").parse::<i64>().unwrap() * if text.contains('.') { 1 } else { 100 };
    let expected: i64 = PROJECTS.iter().take(how_many).map(|(.., award)| pence(award)).sum();
    assert_eq!(
        signed(server, ("proceeds-2017", "project-evaluation"), "spent", None).await,
        (how_many, expected)
    );
    if how_many == PROJECTS.len() {
        assert_eq!(expected, 11_728_258);
    }
}
