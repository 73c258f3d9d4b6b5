//! Every state, action and role of the evaluation's chain, as one table that a person reads and agrees to.

use std::fmt::Write;

use super::*;
use crate::ids::{FundId, OfficeId};
use crate::register::Holder;

/// Those who try, by column: what they hold and what they have had a hand in.
struct Actor {
    title: &'static str,
    role: Role,
    hands: Hands,
}

const STATES: [State; 6] = [
    State::Scheduled,
    State::Draft,
    State::InReview(0),
    State::InSignOff(1),
    State::SignedOff,
    State::Excused,
];

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn holder(office: &str, deputy: bool, to: Option<&str>) -> Holder {
    Holder {
        office: OfficeId::from(Uuid::from_u128(1)),
        office_key: office.to_owned(),
        office_title: office.to_owned(),
        fund: FundId::from(Uuid::from_u128(1)),
        person: person(9),
        from: date("2018-04-01"),
        to: to.map(date),
        deputy,
    }
}

/// In what capacity the holder of these acts on 20 April 2018.
fn officer(holders: &[Holder]) -> Role {
    let today = date("2018-04-20");
    let held = holders.iter().filter(|holder| holder.holds_on(today));
    Role::Officer {
        person: person(9),
        offices: held.map(|holder| holder.office_key.clone()).collect(),
    }
}

fn actors() -> Vec<Actor> {
    let fresh = Hands {
        preparers: vec![person(1)],
        acted: vec![("review".to_owned(), person(2))],
    };
    let prepared = Hands {
        preparers: vec![person(1), person(9)],
        acted: vec![("review".to_owned(), person(2))],
    };
    let reviewed = Hands {
        preparers: vec![person(1)],
        acted: vec![("review".to_owned(), person(9))],
    };
    let reviewer = holder(COMMISSIONER, false, None);
    let chair = holder("partnership.chair", false, None);
    let deputy = holder("partnership.chair", true, Some("2018-04-20"));
    let lapsed = holder("partnership.chair", true, Some("2018-04-19"));
    let treasurer = holder("commissioner.treasurer", false, None);
    let actor = |title, role, hands: &Hands| Actor {
        title,
        role,
        hands: hands.clone(),
    };
    vec![
        actor("scheduler", Role::Scheduler, &fresh),
        actor("contact", Role::Contact(person(1)), &fresh),
        actor("reviewer", officer(std::slice::from_ref(&reviewer)), &fresh),
        actor(
            "reviewer who prepared",
            officer(std::slice::from_ref(&reviewer)),
            &prepared,
        ),
        actor("chair", officer(std::slice::from_ref(&chair)), &fresh),
        actor("deputy chair", officer(&[deputy]), &fresh),
        actor("deputy, day after", officer(&[lapsed]), &fresh),
        actor("chair who prepared", officer(std::slice::from_ref(&chair)), &prepared),
        actor("chair who reviewed", officer(&[chair, reviewer]), &reviewed),
        actor("treasurer", officer(&[treasurer]), &fresh),
        actor("officer of nothing", officer(&[]), &fresh),
    ]
}

fn words(state: &State) -> String {
    match state {
        State::Scheduled => "Scheduled".to_owned(),
        State::Draft => "Draft".to_owned(),
        State::InReview(at) => format!("InReview({at})"),
        State::InSignOff(at) => format!("InSignOff({at})"),
        State::SignedOff => "SignedOff".to_owned(),
        State::Excused => "Excused".to_owned(),
    }
}

fn cell(result: &Result<State, Refusal>) -> String {
    match result {
        Ok(state) => format!("-> {}", words(state)),
        Err(Refusal::WrongState { .. }) => ".".to_owned(),
        Err(Refusal::NotTheOffice { .. }) => "not office".to_owned(),
        Err(Refusal::NotAContact) => "not contact".to_owned(),
        Err(Refusal::NotAnOfficer) => "not officer".to_owned(),
        Err(Refusal::NotTheScheduler) => "by itself".to_owned(),
        Err(Refusal::Prepared(_)) => "prepared".to_owned(),
        Err(Refusal::ActedBefore(_)) => "acted before".to_owned(),
    }
}

#[test]
fn every_state_action_and_role() {
    let (stages, actors) = (chain(), actors());
    let mut table = String::from(
        "Stages: 0 review by commissioner.reviewer; 1 certify (sign-off) by partnership.chair.\n\
         `.` is refused for the state alone; other words are the reason; `->` is where it leads.\n",
    );
    for state in &STATES {
        write!(table, "\n{:<15}", words(state)).unwrap();
        for actor in &actors {
            write!(table, " | {:<21}", actor.title).unwrap();
        }
        table.push('\n');
        for action in Action::ALL {
            write!(table, "  {:<13}", action.name()).unwrap();
            for actor in &actors {
                let result = step(state, action, &actor.role, &actor.hands, &stages);
                write!(table, " | {:<21}", cell(&result)).unwrap();
            }
            table.push('\n');
        }
    }
    let plain: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!("way_of_a_return", plain.join("\n"));
}

#[test]
fn every_refusal_says_why_in_words_for_the_person() {
    let (stages, actors) = (chain(), actors());
    let mut said = std::collections::BTreeSet::new();
    for state in &STATES {
        for action in Action::ALL {
            for actor in &actors {
                if let Err(refusal) = step(state, action, &actor.role, &actor.hands, &stages) {
                    said.insert(format!("{} in {}: {refusal}", action.name(), words(state)));
                }
            }
        }
    }
    insta::assert_snapshot!("refusals_in_words", said.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn acting_needs_the_state_before_it_needs_the_person() {
    // What a person may do is not told to whoever tries it out of turn.
    for actor in actors() {
        let refused = step(&State::Draft, Action::Sign, &actor.role, &actor.hands, &chain());
        assert!(matches!(refused, Err(Refusal::WrongState { .. })), "{}", actor.title);
    }
}
