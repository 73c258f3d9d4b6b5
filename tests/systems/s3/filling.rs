//! The plan is filled in through its pages, first as the paper has it.
//!
//! Invariant: what is wrong is seen by whoever fills it in, before it is put right or explained.

use super::paper::{
    CONCERNS, ENDS_EARLY, HELD_BACK, NO_CONTRACT_YET, NOT_ASSIGNED, NOT_ENOUGH, NOTHING_MEASURED, OBJECTIVES, PARTS,
    ROWS, Row, WHY,
};
use super::{open, save};
use crate::outside::browser::TestBrowser;

/// The whole plan, from the empty task list until it is submitted.
pub async fn fill_in(contact: &mut TestBrowser) {
    contact.must_see(&["Project", "There is nothing here yet.", "At least 1 is needed"]);
    for (at, row) in ROWS.iter().enumerate() {
        propose(contact, at, row).await;
    }
    divide_the_fourth(contact).await;
    extend_the_contract(contact).await;
    name_the_concerns(contact).await;
    what_is_left_is_held_back_for_something(contact).await;
    submit_with_what_is_wrong(contact).await;
}

async fn propose(contact: &mut TestBrowser, at: usize, row: &Row) {
    contact.visit("/return").await;
    let add = if at == 0 {
        "Add one: Project"
    } else {
        "Add another: Project"
    };
    contact.press(add).await;
    let key = format!("project/{}", at + 1);
    assert_eq!(contact.path(), format!("/return/section/{key}"));
    contact
        .fill("What the project is called", row.name)
        .fill("What it is, in brief", "It goes on from the year before.")
        .fill("Who delivers it", row.deliverer)
        .fill("Amount for the year", row.amount);
    for (number, (outcome, aim, _)) in row.outcomes.iter().enumerate() {
        if number > 0 {
            contact
                .press("Add another row: How its outcomes will be measured")
                .await;
        }
        contact
            .fill(&format!("a.measures.{number}.outcome"), outcome)
            .choose(&format!("a.measures.{number}.aim"), aim);
    }
    for objective in row.serves {
        contact.tick(&format!(
            "Objectives of the police and crime plan that it serves > {}",
            OBJECTIVES[*objective]
        ));
    }
    if let Some((total, _)) = row.contract {
        contact.fill("Value of the whole contract for a year", total);
    }
    if at == 1 {
        contact.fill("Money that others give for the same project", "44,450");
    }
    save(contact).await;
    contact.must_see(&[row.name]);
    open(contact, &key).await;
    for (number, (.., share)) in row
        .outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| !outcome.2.is_empty())
    {
        contact.fill(&format!("a.measures.{number}.share"), share);
    }
    if let Some((_, [year, month, day])) = row.contract {
        for (part, typed) in [("day", day), ("month", month), ("year", year)] {
            contact.fill(&format!("a.contract_ends.{part}"), typed);
        }
    }
    if at == 1 {
        contact.fill(
            "Who gives it, and for what",
            "The health service, for children and young people",
        );
    }
    save(contact).await;
}

/// A part that is too large by a pound is refused; without a figure it leaves what is not assigned.
async fn divide_the_fourth(contact: &mut TestBrowser) {
    open(contact, "project/4").await;
    for (number, (part, amount)) in PARTS.iter().enumerate() {
        if number > 0 {
            contact.press("Add another row: Its parts").await;
        }
        let amount = if amount.is_empty() { "8,001" } else { amount };
        contact
            .fill(&format!("a.parts.{number}.part"), part)
            .fill(&format!("a.parts.{number}.amount"), amount);
    }
    contact.press("Save and continue").await;
    open(contact, "project/4").await;
    contact.must_see(&["The parts come to £25,001.00, which is £1.00 more than the £25,000.00 proposed."]);
    contact.fill("a.parts.0.amount", "").tick("a.parts.0.amount~mark");
    save(contact).await;
    open(contact, "project/4").await;
    contact.must_see(&[NOT_ASSIGNED]);
    contact.must_not_see(&["£1.00 more"]);
}

/// The contract for counselling is over before the grant begins, until the day to which it was extended is given.
async fn extend_the_contract(contact: &mut TestBrowser) {
    open(contact, "project/2").await;
    contact.must_see(&["33.3%", NO_CONTRACT_YET]);
    contact.fill("a.contract_ends.year", "2019");
    save(contact).await;
    open(contact, "project/2").await;
    contact.must_not_see(&["The contract ends on"]);
    open(contact, "project/1").await;
    contact.must_see(&["36.6%", ENDS_EARLY]);
    contact.must_not_see(&[NOTHING_MEASURED]);
}

async fn name_the_concerns(contact: &mut TestBrowser) {
    open(contact, "risks").await;
    for (number, (theme, budget)) in CONCERNS.iter().enumerate() {
        if number > 0 {
            contact
                .press("Add another row: Concerns that the board should decide on")
                .await;
        }
        contact
            .fill(&format!("a.concerns.{number}.theme"), theme)
            .fill(
                &format!("a.concerns.{number}.concern"),
                "An earlier grant paid for this.",
            )
            .fill(&format!("a.concerns.{number}.budget"), budget)
            .fill(
                &format!("a.concerns.{number}.recommendation"),
                "Look for other money first",
            );
    }
    save(contact).await;
}

async fn what_is_left_is_held_back_for_something(contact: &mut TestBrowser) {
    open(contact, "whole").await;
    contact.fill("Awarded the year before", "400,568").fill(
        "What the plan answers to",
        "Recorded crime rose by 826 crimes, most of them violent.",
    );
    contact.press("Save and continue").await;
    open(contact, "whole").await;
    contact.must_see(&[
        "More than the year before Below nought when the award is smaller. £0.00",
        "£377,568.00",
        "Left of the grant £23,000.00",
    ]);
    let missing = "£23,000.00 is not allocated. Say what it is held back for.";
    contact.visit("/return/check").await;
    let errors = contact.errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].ends_with(missing), "{errors:?}");
    contact.press("Submit return").await;
    assert_eq!(contact.status, 422, "the gap is not lost");
    open(contact, "whole").await;
    contact.fill("What the rest is held back for", HELD_BACK);
    save(contact).await;
}

async fn submit_with_what_is_wrong(contact: &mut TestBrowser) {
    contact.visit("/return/check").await;
    contact.must_see(&[NOT_ENOUGH, ENDS_EARLY, NOTHING_MEASURED, HELD_BACK, NOT_ASSIGNED]);
    assert_eq!(
        contact.text().matches(NOTHING_MEASURED).count(),
        4,
        "{}",
        contact.says()
    );
    contact.press("Submit return").await;
    assert_eq!(contact.errors(), ["Explain each warning below"]);
    contact.explain_all(WHY).await;
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}
