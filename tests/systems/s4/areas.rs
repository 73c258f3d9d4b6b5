//! The locality fund: £1,042,000 among five areas, a half-year and a full-year return from each, and the counts that the
//! panel is told.

use super::{MAUREEN, accept, at_the_return, sign, signed, submit};
use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::server::TestServer;

const FUND: &str = "locality-2017";
/// The fund's figures over the whole year.
const WHOLE: (&str, &str) = (FUND, "area-full-year");
const HALF_YEAR: &str = "Locality fund: half-year return";
const FULL_YEAR: &str = "Locality fund: full-year return";

/// Signs the returns of areas.
const HUGH: Someone = Someone {
    name: "Hugh Pargeter",
    address: "hugh.pargeter@office.marlshire.example.org",
};

/// The programmes, each an allocation of every area.
const PROGRAMMES: [&str; 5] = [
    "early-intervention",
    "managing-offenders",
    "public-confidence",
    "victims-witnesses",
    "finance-resources",
];

/// One area.
pub struct Area {
    pub name: &'static str,
    grant: &'static str,
    contact: &'static str,
    /// Its share of the fund, as its pages show it.
    pub share: &'static str,
    /// Spent in the year on each programme.
    spent: [&'static str; 5],
    /// Engaged, referrals, self-referrals, reports of modern slavery, those that needed further work.
    counts: [&'static str; 5],
}

const COUNTED: [&str; 5] = [
    "engaged",
    "referrals",
    "self_referrals",
    "slavery_reports",
    "slavery_further",
];

pub const AREAS: [Area; 5] = [
    Area {
        name: "Upper Marl Community Safety Partnership",
        grant: "LOC-1718-UM",
        contact: "colin.varley@upper-marl.example.org",
        share: "£318,628.10",
        spent: ["95,500", "70,000", "41,500", "86,000", "25,628.10"],
        counts: ["38", "3,490", "26", "26", "17"],
    },
    Area {
        name: "Kingsbridge Community Safety Partnership",
        grant: "LOC-1718-KB",
        contact: "farida.malik@kingsbridge.example.org",
        share: "£249,735.54",
        spent: ["75,000", "55,000", "32,500", "67,500", "19,735.54"],
        counts: ["30", "2,735", "20", "21", "13"],
    },
    Area {
        name: "Stourwick Community Safety Partnership",
        grant: "LOC-1718-SW",
        contact: "lorna.tideswell@stourwick.example.org",
        share: "£198,066.12",
        spent: ["59,500", "43,500", "25,500", "53,500", "16,066.12"],
        counts: ["24", "2,170", "16", "16", "10"],
    },
    Area {
        name: "Heathfold Community Safety Partnership",
        grant: "LOC-1718-HF",
        contact: "dexter.boyle@heathfold.example.org",
        share: "£163,619.83",
        spent: ["49,000", "36,000", "21,500", "44,000", "12,000"],
        counts: ["19", "1,792", "13", "14", "9"],
    },
    Area {
        name: "Marl City Community Safety Partnership",
        grant: "LOC-1718-MC",
        contact: "yusuf.adeyemi@marl-city.example.org",
        share: "£111,950.41",
        spent: ["33,500", "24,500", "14,500", "30,000", "9,450.41"],
        counts: ["13", "1,226", "9", "9", "6"],
    },
];

/// The half-year and the full-year returns of all five, from their pages to their signatures.
pub async fn signed_off(server: &TestServer) {
    the_first_half(server).await;
    server.advance_to("2018-04-03 09:00").await;
    let mut contacts = Vec::new();
    for area in &AREAS {
        contacts.push(fill_the_year(server, area).await);
    }
    what_the_paper_got_wrong_is_said(&mut contacts[0]).await;
    for contact in &mut contacts {
        contact
            .explain_all("The panel's own report counts over these dates.")
            .await;
        submit(contact).await;
    }
    let mut reviewer = server.at_the_office(MAUREEN).await;
    let mut head = server.at_the_office(HUGH).await;
    for area in &AREAS {
        accept(server, &mut reviewer, MAUREEN, FULL_YEAR, area.name).await;
        sign(server, &mut head, HUGH, FULL_YEAR, area.name).await;
    }
    assert_eq!(signed(server, WHOLE, "counts.number", Some("engaged")).await, (5, 124));
    assert_eq!(
        signed(server, WHOLE, "counts.number", Some("referrals")).await,
        (5, 11_413)
    );
    assert_eq!(
        signed(server, WHOLE, "counts.number", Some("self_referrals")).await,
        (5, 84)
    );
    assert_eq!(
        signed(server, WHOLE, "counts.number", Some("slavery_reports")).await,
        (5, 86)
    );
    assert_eq!(
        signed(server, WHOLE, "counts.number", Some("slavery_further")).await,
        (5, 55)
    );
    assert_eq!(signed(server, WHOLE, "all_referrals", None).await, (5, 11_413 + 84));
    // Two returns of each area say what it was awarded: one of each form.
    for form in ["area-half-year", "area-full-year"] {
        assert_eq!(
            signed(server, (FUND, form), "awarded", None).await,
            (5, 104_200_000),
            "{form}"
        );
    }
    assert_eq!(
        signed(server, WHOLE, "second_half", None).await,
        (25, 104_088_017 - 25 * 900_000)
    );
    assert_eq!(signed(server, WHOLE, "left", None).await, (5, 111_983));
}

/// Every area reports on April to September, £9,000 spent on each programme, and is signed off.
async fn the_first_half(server: &TestServer) {
    let mut reviewer = server.at_the_office(MAUREEN).await;
    let mut head = server.at_the_office(HUGH).await;
    for area in &AREAS {
        let mut contact = at_the_return(server, area.contact, area.grant).await;
        contact.must_see(&[HALF_YEAR, "31 October 2017"]);
        for programme in PROGRAMMES {
            contact.visit(&format!("/return/section/programme/{programme}")).await;
            contact
                .fill("Spent from April to September", "9,000")
                .fill("Progress in the first six months", "The work has begun.")
                .save()
                .await;
        }
        contact.visit("/return/section/half_year").await;
        contact.must_see(&[area.share, "£45,000.00"]);
        contact.choose("Will the whole share be spent by the end of March?", "Yes");
        name_the_contact_officer(&mut contact);
        contact.save().await;
        submit(&mut contact).await;
        accept(server, &mut reviewer, MAUREEN, HALF_YEAR, area.name).await;
        sign(server, &mut head, HUGH, HALF_YEAR, area.name).await;
    }
}

fn name_the_contact_officer(contact: &mut TestBrowser) {
    contact
        .fill("Name", "Rhona Butler")
        .fill("Email address", "rhona.butler@office.marlshire.example.org")
        .fill("Telephone number", "01632 960 437");
}

/// Everything of the full-year return, the counts over the dates that the paper gives.
async fn fill_the_year(server: &TestServer, area: &Area) -> TestBrowser {
    let mut contact = at_the_return(server, area.contact, area.grant).await;
    contact.must_see(&[FULL_YEAR, "30 April 2018"]);
    for (programme, spent) in PROGRAMMES.iter().zip(area.spent) {
        contact.visit(&format!("/return/section/programme/{programme}")).await;
        assert_eq!(
            contact.value("Spent from April to September, as signed in the half-year return"),
            "9,000"
        );
        contact
            .fill("Spent in the whole year", spent)
            .fill("Progress in the year", "What was planned was done.")
            .save()
            .await;
    }
    contact.visit("/return/section/numbers").await;
    for (row, number) in COUNTED.iter().zip(area.counts) {
        contact.fill(&format!("a.counts.{row}.number"), number);
    }
    type_a_day(&mut contact, "a.counts.engaged.counted_to", ["31", "12", "2017"]);
    for row in ["referrals", "self_referrals"] {
        type_a_day(
            &mut contact,
            &format!("a.counts.{row}.counted_from"),
            ["1", "10", "2017"],
        );
        type_a_day(
            &mut contact,
            &format!("a.counts.{row}.counted_to"),
            ["31", "12", "2017"],
        );
    }
    for row in ["slavery_reports", "slavery_further"] {
        type_a_day(
            &mut contact,
            &format!("a.counts.{row}.counted_from"),
            ["1", "10", "2016"],
        );
        type_a_day(&mut contact, &format!("a.counts.{row}.counted_to"), ["30", "9", "2017"]);
    }
    contact.save().await;
    contact.visit("/return/section/panel").await;
    contact.must_see(&[area.share]);
    contact
        .fill(
            "The year in your area, in a few sentences",
            "Five programmes ran as planned.",
        )
        .choose("What the panel is asked to do", "Note the report");
    name_the_contact_officer(&mut contact);
    contact.save().await;
    contact
}

fn type_a_day(contact: &mut TestBrowser, cell: &str, [day, month, year]: [&str; 3]) {
    contact
        .fill(&format!("{cell}.day"), day)
        .fill(&format!("{cell}.month"), month)
        .fill(&format!("{cell}.year"), year);
}

/// The paper's own slips, where the person who types them sees them.
async fn what_the_paper_got_wrong_is_said(contact: &mut TestBrowser) {
    // The fund was printed a thousand times too large.
    contact.visit("/return/section/programme/early-intervention").await;
    contact.fill("Spent in the whole year", "£1,042m").save().await;
    contact.visit("/return/section/programme/early-intervention").await;
    contact.must_see(&["“£1,042m” was read as £1,042,000,000.00", "£1,041,904,500.00 more than"]);
    // A year that comes to less than its first half.
    contact.fill("Spent in the whole year", "8,500").save().await;
    assert_eq!(
        contact.errors(),
        ["£9,000.00 had been spent by the end of September, so the whole year cannot come to £8,500.00."]
    );
    contact.fill("Spent in the whole year", "95,500").save().await;
    contact.visit("/return/section/programme/early-intervention").await;
    contact.must_see(&["Spent from October to March £86,500.00"]);

    // Counts over other times than the year that they are printed in.
    contact.visit("/return/check").await;
    contact.must_see(&[
        "The year ends on 31 March 2018 and this count on 31 December 2017.",
        "The year begins on 1 April 2017 and this count on 1 October 2017.",
        "The year begins on 1 April 2017 and this count on 1 October 2016.",
        "Referrals of both kinds together 3,516",
        "Share of the reports that needed further work 65.4%",
    ]);
    contact.visit("/return/section/numbers").await;
    contact.fill("a.counts.slavery_further.number", "27").save().await;
    contact.must_see(&["27 cannot have needed further work when there were 26 reports."]);
    contact.visit("/return/section/numbers").await;
    contact.fill("a.counts.slavery_further.number", "17").save().await;
}
