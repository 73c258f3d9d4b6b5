//! The paper of the plan: what a panel reads of it when all five have agreed.
//!
//! Invariant: the amounts are the printed paper's, and what it lost or left open is said.

use countersign_domain::form::schema::Audience;

use super::paper::{HELD_BACK, NOT_ENOUGH, NOTHING_MEASURED, WHY};
use super::{ALUN, BEATRIX, CALLUM, ISOLDE, MARIAN};
use crate::outside::server::TestServer;
use crate::printed::{Printed, printed};
use crate::told::year;

pub async fn the_paper_tells_of_the_plan(server: &TestServer) {
    for audience in [Audience::Internal, Audience::Panel] {
        let paper = printed(server, "s3-spending-plan", "crime-prevention", year(2018), audience).await;
        paper.is_fit_to_read();
        the_amounts_are_the_papers(&paper);
        what_it_lost_is_said(&paper);
        all_five_agreed(&paper);
    }
}

fn the_amounts_are_the_papers(paper: &Printed) {
    let opening = "The partnership was awarded £400,568.00 and plans to spend £377,568.00 of it on projects. £23,000.00 is \
                   held back.";
    assert!(paper.sentences().contains(opening), "{}", paper.sentences());
    for of in ["£400,568.00", "£377,568.00", "£23,000.00"] {
        paper.says(of);
    }
    paper.says("Of the amount, not assigned to any part");
    let grant = "What becomes of the grant: Plymouth crime prevention grant 2018-19";
    assert_eq!(paper.row(grant, "Awarded")[1], "£400,568.00");
    assert_eq!(paper.row(grant, "Allocated to projects")[1], "£377,568.00");
    assert_eq!(paper.row(grant, "Held back")[1], "£23,000.00");
    assert_eq!(paper.row(grant, "Unallocated")[1], "£0.00");

    let projects = paper.rows("What each project is to have");
    let amounts: Vec<&str> = projects.iter().map(|row| row[1]).collect();
    let papers = ["210,000", "25,000", "93,575", "25,000", "10,000", "13,993", "377,568"];
    assert_eq!(amounts, papers.map(|amount| format!("£{amount}.00")));
    assert_eq!(paper.row("What each project is to have", "Total")[2], "£44,450.00");

    let contract = |of: &str| paper.row("Contracts that the grant pays into", of)[1..].to_vec();
    assert_eq!(contract("Domestic abuse service"), ["£573,300.00", "36.6%"]);
    assert_eq!(contract("Counselling after sexual violence"), ["£75,000.00", "33.3%"]);
    let parts = paper.rows("Its parts");
    assert_eq!(
        parts,
        [
            ["Exploitation and substance misuse", "[x]"],
            ["Trauma training", "£5,000.00"],
            ["Lived experience", "£4,000.00"],
            ["Radicalisation", "£8,000.00"],
        ]
    );
    let users = paper.rows("Users in each quarter and to date");
    let users: Vec<Vec<&str>> = users.iter().map(|row| row[1..].to_vec()).collect();
    assert_eq!(
        users,
        [
            ["30,172", "30,172"],
            ["18,988", "49,160"],
            ["4,837", "53,997"],
            ["53,997", "53,997"]
        ]
    );
}

fn what_it_lost_is_said(paper: &Printed) {
    for said in [HELD_BACK, NOT_ENOUGH, NOTHING_MEASURED, WHY] {
        paper.says(said);
    }
    let concerns = paper.rows("Concerns and the board’s decisions");
    let decided: Vec<&str> = concerns.iter().map(|row| row[row.len() - 4]).collect();
    assert_eq!(decided, ["Noted", "Agreed", "Not agreed"]);
    for (theme, budget) in super::paper::CONCERNS {
        let told = paper.figure("Concerns and the board’s decisions", theme, "Budget");
        assert_eq!(told, format!("£{budget}.00"), "{theme}");
    }
}

fn all_five_agreed(paper: &Printed) {
    let stages = paper.rows("Stages of agreement");
    let of_plan: Vec<Vec<&str>> = stages
        .into_iter()
        .filter(|row| row[1].contains("Safer Plymouth"))
        .collect();
    let by: Vec<[&str; 2]> = of_plan.iter().map(|row| [row[2], row[3]]).collect();
    assert_eq!(
        by,
        [
            ["Accepted revision 1", CALLUM.name],
            ["Signed revision 1", MARIAN.name],
            ["Accepted revision 1", ISOLDE.name],
            ["Signed revision 1", ALUN.name],
            ["Signed revision 1", BEATRIX.name],
        ]
    );
}
