//! The board's paper to the panel: its rounds and its checklist put right, its spending taken from the signed returns.
//!
//! Invariant: what is wrong in the paper is seen on a page before it is put right.

use crate::outside::browser::TestBrowser;

use super::DONE;
use super::year::Typed::{self, One, Text};
use super::year::{WHY, answer, submit};

const AWARDS: [(&str, &str); 5] = [
    ("sexual-exploitation", "First"),
    ("offender-management", "First"),
    ("domestic-violence", "First"),
    ("alcohol-awareness", "Second"),
    ("hidden-need", "Second"),
];

/// The paper as its originator wrote it: £15,022 left after the first round, and a checklist that says no without why.
pub async fn the_paper_is_put_right(paper: &mut TestBrowser) {
    let front = [
        Text("Paper number", "AP18/20"),
        Text("The panel meets on > Day", "12"),
        Text("The panel meets on > Month", "6"),
        Text("The panel meets on > Year", "2018"),
        Text("Subject", "What the crime and disorder reduction grant paid for"),
        Text("Summary", "Five projects ran, and all but two are finished."),
        Text("Recommendation", "The panel notes the year and endorses what was done."),
    ];
    answer(paper, "paper", &front).await;
    assert_eq!(paper.errors(), Vec::<String>::new());
    for (project, _) in AWARDS {
        let told = [Text("What the project did and what came of it", DONE)];
        answer(paper, &format!("project/{project}"), &told).await;
    }
    let implications = [
        Text(
            "Financial implications",
            "What is committed is spent by the end of summer.",
        ),
        Text("Other implications and risks", "Two projects end later than planned."),
    ];
    answer(paper, "implications", &implications).await;
    rounds(paper).await;
    checklist(paper).await;

    answer(paper, "spending", &[]).await;
    paper.must_see(&["From 3 of 3 signed returns.", "From 2 of 2 signed returns."]);
    paper.must_not_see(&["Missing"]);
    assert_eq!(paper.value("Integrated offender management, Spent"), "15,800");
    paper.must_see(&[
        "Total Spent Approximately £37,430.00 Committed, not yet spent £6,700.00",
        "Committed by all projects £6,700.00",
        "nobody was awarded. Approximately £6,722.60",
    ]);
    submit(paper).await;
}

async fn rounds(paper: &mut TestBrowser) {
    let boxes: Vec<(String, &'static str)> = AWARDS
        .iter()
        .map(|(project, round)| (format!("a.awards.{project}.in_round"), *round))
        .collect();
    paper.visit("/return/section/grant_and_rounds").await;
    for (name, round) in &boxes {
        paper.choose(name, round);
    }
    paper.fill("Left after the first round, as the text", "15,022");
    paper.press("Save and continue").await;
    paper.visit("/return/section/grant_and_rounds").await;
    paper.must_see(&[
        "Awarded in the first round £29,130.00",
        "You give £15,022.00 here, and £15,022.60 for “Left after the first round”.",
        "Awarded in the second round £15,000.00",
        "Not awarded to any project £22.60",
    ]);
    let right = [
        Text("Left after the first round, as the text", "15,022.60"),
        Text(
            "What becomes of what is not awarded",
            "It goes back to the commissioner.",
        ),
    ];
    answer(paper, "grant_and_rounds", &right).await;
    paper.must_not_see(&["You give £15,022"]);
}

/// Eight questions, all to be answered; three of them with no, which needs a reason.
async fn checklist(paper: &mut TestBrowser) {
    const NO: [&str; 3] = [
        "Did a lawyer advise on the paper?",
        "Has the commissioner’s chief finance officer been asked?",
        "Has somebody advised on what the press may make of it?",
    ];
    const YES: [&str; 4] = [
        "Were equality, diversity and human rights weighed?",
        "Were effects on staff weighed?",
        "Does what is recommended serve the police and crime plan?",
        "Were those whom it touches asked for their views?",
    ];
    const LAST: &str = "Is everything that these questions raise told under other implications and risks?";
    let mut answers: Vec<Typed> = NO.iter().map(|item| One(item, "No")).collect();
    answers.extend(YES.iter().map(|item| One(item, "Yes")));
    answer(paper, "originators_checklist", &answers).await;
    paper.visit("/return/check").await;
    let errors = paper.errors();
    assert_eq!(errors.len(), 4, "three reasons and one answer: {errors:?}");
    assert!(errors.iter().any(|error| error.contains(LAST)), "{errors:?}");
    let reasons = [
        One(LAST, "Yes"),
        Text("Comment: Did a lawyer advise on the paper?", WHY),
        Text("Comment: Has the commissioner’s chief finance officer been asked?", WHY),
        Text("Comment: Has somebody advised on what the press may make of it?", WHY),
    ];
    answer(paper, "originators_checklist", &reasons).await;
}
