//! Random walks through random forms: whatever people try, nothing is signed off but by its stages, each by somebody
//! who may.

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;

/// As many people as can take every part, and few enough that they get in each other's way.
const PEOPLE: u128 = 5;
const OFFICES: [&str; 3] = [COMMISSIONER, "partnership.chair", "commissioner.treasurer"];

/// What has happened, kept as the services keep it.
#[derive(Default)]
struct History {
    hands: Hands,
    /// What was done to the revision at hand: stage, action, who.
    done: Vec<(String, Action, PersonId)>,
}

impl History {
    fn record(&mut self, stages: &[Stage], before: &State, action: Action, role: &Role) {
        let Some(who) = role.person() else { return };
        match action {
            Action::Save => self.hands.preparers.push(who),
            Action::Submit => {
                self.hands.preparers.push(who);
                self.hands.acted.clear();
                self.done.clear();
            }
            Action::Query | Action::Accept | Action::SendBack | Action::Sign | Action::Decline => {
                let (State::InReview(at) | State::InSignOff(at)) = before else {
                    panic!("{action:?} was let through in {before:?}")
                };
                let stage = stages[*at].id.clone();
                self.hands.acted.push((stage.clone(), who));
                self.done.push((stage, action, who));
            }
            Action::Open | Action::Reopen | Action::Excuse | Action::Reinstate => {}
        }
    }

    /// What a signed-off return must have behind it.
    fn check_signed(&self, stages: &[Stage]) {
        let mut signatories = Vec::new();
        for stage in stages {
            let (needed, word) = match stage.kind {
                StageKind::Review => (Action::Accept, "accepted"),
                StageKind::SignOff => (Action::Sign, "signed"),
            };
            let found = self
                .done
                .iter()
                .find(|(id, action, _)| *id == stage.id && *action == needed);
            let Some((_, _, who)) = found else {
                panic!("{} was not {word}: {:?}", stage.id, self.done)
            };
            assert!(
                !self.hands.preparers.contains(who),
                "{} was {word} by a preparer",
                stage.id
            );
            if stage.kind == StageKind::SignOff {
                signatories.push((&stage.id, *who));
            }
        }
        for (stage, who) in signatories {
            let elsewhere = self.done.iter().find(|(id, _, other)| other == &who && id != stage);
            assert!(elsewhere.is_none(), "who signed {stage} also acted: {:?}", self.done);
        }
    }
}

fn forms() -> impl Strategy<Value = Vec<Stage>> {
    let one = (any::<bool>(), 0..OFFICES.len(), any::<bool>());
    prop::collection::vec(one, 1..4).prop_map(|drawn| {
        let stages = drawn.into_iter().enumerate().map(|(at, (review, office, guarded))| {
            let kind = if review { StageKind::Review } else { StageKind::SignOff };
            let not_also = if guarded && at > 0 {
                vec![format!("stage-{}", at - 1)]
            } else {
                vec![]
            };
            let not_also: Vec<&str> = not_also.iter().map(String::as_str).collect();
            stage(&format!("stage-{at}"), kind, OFFICES[office], &not_also)
        });
        stages.collect()
    })
}

/// Everybody in every capacity. All hold every office, so that only the rules about hands keep them apart.
fn everybody() -> Vec<Role> {
    let offices: Vec<String> = OFFICES.map(str::to_owned).to_vec();
    let people = (1..=PEOPLE).map(person);
    people
        .flat_map(|person| {
            [
                Role::Contact(person),
                Role::Officer {
                    person,
                    offices: offices.clone(),
                },
            ]
        })
        .chain([Role::Scheduler])
        .collect()
}

/// Walks `choices` long, each the choice of one of the acts that are let through; answers how often it was signed off.
fn walk(stages: &[Stage], choices: &[usize]) -> u32 {
    let (mut state, mut history, mut signed) = (State::Scheduled, History::default(), 0);
    for choice in choices {
        let open: Vec<(Action, Role, State)> = everybody()
            .into_iter()
            .flat_map(|role| Action::ALL.map(|action| (action, role.clone())))
            .filter(|(action, _)| *action != Action::Excuse)
            .filter_map(|(action, role)| {
                let next = step(&state, action, &role, &history.hands, stages).ok()?;
                Some((action, role, next))
            })
            .collect();
        let Some((action, role, next)) = open.get(choice % open.len().max(1)) else {
            return signed;
        };
        history.record(stages, &state, *action, role);
        state = next.clone();
        if state == State::SignedOff && matches!(action, Action::Accept | Action::Sign | Action::Submit) {
            history.check_signed(stages);
            signed += 1;
        }
    }
    signed
}

proptest! {
    #[test]
    fn nothing_is_signed_off_without_each_stage_by_somebody_who_may(
        stages in forms(),
        choices in prop::collection::vec(0_usize..1_000, 0..60),
    ) {
        walk(&stages, &choices);
    }

    #[test]
    fn what_is_refused_for_one_who_prepared_is_refused_whatever_else_they_did(
        stages in forms(),
        at in 0_usize..4,
        acted in prop::collection::vec((0_usize..4, 1..=PEOPLE), 0..6),
    ) {
        let acted = acted.into_iter().map(|(at, who)| (format!("stage-{at}"), person(who))).collect();
        let hands = Hands { preparers: vec![person(1)], acted };
        let role = Role::Officer { person: person(1), offices: OFFICES.map(str::to_owned).to_vec() };
        for state in [State::InReview(at), State::InSignOff(at)] {
            for action in [Action::Accept, Action::Sign, Action::SendBack, Action::Decline, Action::Query] {
                prop_assert!(step(&state, action, &role, &hands, &stages).is_err());
            }
        }
    }
}

#[test]
fn walks_do_reach_the_end() {
    // Were no walk to end in a signature, the property above would hold of nothing.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let drawn = prop::collection::vec(0_usize..1_000, 60);
    let signed: u32 = (0..50)
        .map(|_| {
            let choices = drawn.new_tree(&mut runner).unwrap().current();
            walk(&chain(), &choices)
        })
        .sum();
    assert!(signed >= 10, "signed off {signed} times in 50 walks");
}
