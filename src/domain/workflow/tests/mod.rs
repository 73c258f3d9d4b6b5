//! The workflow as a table to be read, its refusals in words, and random walks through random forms.

mod table;
mod walks;

use uuid::Uuid;

use super::*;

fn person(number: u128) -> PersonId {
    PersonId::from(Uuid::from_u128(number))
}

fn stage(id: &str, kind: StageKind, by: &str, not_also: &[&str]) -> Stage {
    let party = |name: &&str| match *name {
        "preparer" => Party::Preparer,
        stage => Party::Stage(stage.to_owned()),
    };
    Stage {
        id: id.to_owned(),
        kind,
        by: by.to_owned(),
        not_also: not_also.iter().map(party).collect(),
        statement: None,
    }
}

/// The chain of the evaluation: the commissioner's reviewer reads, the partnership's chair certifies.
fn chain() -> Vec<Stage> {
    vec![
        stage("review", StageKind::Review, COMMISSIONER, &[]),
        stage(
            "certify",
            StageKind::SignOff,
            "partnership.chair",
            &["preparer", "review"],
        ),
    ]
}

#[test]
fn a_form_without_stages_is_signed_off_by_its_submission() {
    let submitted = step(
        &State::Draft,
        Action::Submit,
        &Role::Contact(person(1)),
        &Hands::default(),
        &[],
    );
    assert_eq!(submitted, Ok(State::SignedOff));
}

#[test]
fn a_state_that_does_not_fit_its_form_leads_nowhere() {
    let stages = chain();
    let offices = vec![COMMISSIONER.to_owned(), "partnership.chair".to_owned()];
    let role = Role::Officer {
        person: person(1),
        offices,
    };
    for (state, action) in [
        (State::InReview(1), Action::Accept),
        (State::InReview(1), Action::SendBack),
        (State::InReview(2), Action::Accept),
        (State::InSignOff(0), Action::Sign),
        (State::InSignOff(2), Action::Sign),
    ] {
        let refused = step(&state, action, &role, &Hands::default(), &stages);
        assert_eq!(refused, Err(Refusal::WrongState { action, state }));
    }
}

#[test]
fn whoever_signs_acts_in_no_other_stage_before_it_or_after_it() {
    let stages = [
        stage("sign", StageKind::SignOff, "office", &[]),
        stage("read", StageKind::Review, "office", &[]),
        stage("sign-again", StageKind::SignOff, "office", &[]),
    ];
    let role = Role::Officer {
        person: person(1),
        offices: vec!["office".to_owned()],
    };
    let acted = |id: &str| Hands {
        preparers: vec![],
        acted: vec![(id.to_owned(), person(1))],
    };
    let read = step(&State::InReview(1), Action::Accept, &role, &acted("sign"), &stages);
    assert_eq!(read, Err(Refusal::ActedBefore(Action::Accept)));
    for earlier in ["sign", "read"] {
        let signed = step(&State::InSignOff(2), Action::Sign, &role, &acted(earlier), &stages);
        assert_eq!(signed, Err(Refusal::ActedBefore(Action::Sign)), "after {earlier}");
    }
}

#[test]
fn two_reviews_share_a_reviewer_unless_the_form_says_otherwise() {
    let role = Role::Officer {
        person: person(1),
        offices: vec!["office".to_owned()],
    };
    let hands = Hands {
        preparers: vec![],
        acted: vec![("first".to_owned(), person(1))],
    };
    for (not_also, expected) in [
        (&[][..], Ok(State::SignedOff)),
        (&["first"][..], Err(Refusal::ActedBefore(Action::Accept))),
    ] {
        let stages = [
            stage("first", StageKind::Review, "office", &[]),
            stage("second", StageKind::Review, "office", not_also),
        ];
        assert_eq!(
            step(&State::InReview(1), Action::Accept, &role, &hands, &stages),
            expected
        );
    }
}

#[test]
fn whoever_asked_in_a_stage_may_still_decide_in_it() {
    let role = Role::Officer {
        person: person(1),
        offices: vec![COMMISSIONER.to_owned()],
    };
    let hands = Hands {
        preparers: vec![],
        acted: vec![("review".to_owned(), person(1))],
    };
    assert_eq!(
        step(&State::InReview(0), Action::Accept, &role, &hands, &chain()),
        Ok(State::InSignOff(1))
    );
}
