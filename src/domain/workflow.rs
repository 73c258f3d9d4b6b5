//! The way of a return: states, actions, who may do what, in one exhaustive match.
//!
//! Invariant: no state changes but by [`step`]; a new state or action does not compile until it is dealt with here.

use serde::{Deserialize, Serialize};

use crate::form::schema::{Party, Stage, StageKind};
use crate::ids::PersonId;

/// Where a return stands. Overdue is not a state: it is a date compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "stage")]
pub enum State {
    /// Planned; not open yet.
    Scheduled,
    /// Open to its contacts.
    Draft,
    /// Submitted; before a reviewer. Holds the stage's index in the form.
    InReview(usize),
    /// Before a named officer. Holds the stage's index in the form.
    InSignOff(usize),
    /// Signed by every officer.
    SignedOff,
    /// Not owed, for a reason.
    Excused,
}

/// What can be done to a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The day has come: a link goes to each contact.
    Open,
    /// Keep answers.
    Save,
    /// Hand in a revision.
    Submit,
    /// Ask about an answer.
    Query,
    /// Give it back with a reason.
    SendBack,
    /// The reviewer is satisfied.
    Accept,
    /// The officer signs.
    Sign,
    /// The officer does not sign, and says why.
    Decline,
    /// A correction after sign-off.
    Reopen,
    /// It is not owed after all.
    Excuse,
    /// It is owed again.
    Reinstate,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 11] = [
        Action::Open,
        Action::Save,
        Action::Submit,
        Action::Query,
        Action::SendBack,
        Action::Accept,
        Action::Sign,
        Action::Decline,
        Action::Reopen,
        Action::Excuse,
        Action::Reinstate,
    ];

    /// The one word for it: in the ledger, in addresses, in file names.
    pub fn name(self) -> &'static str {
        match self {
            Action::Open => "open",
            Action::Save => "save",
            Action::Submit => "submit",
            Action::Query => "query",
            Action::SendBack => "send-back",
            Action::Accept => "accept",
            Action::Sign => "sign",
            Action::Decline => "decline",
            Action::Reopen => "reopen",
            Action::Excuse => "excuse",
            Action::Reinstate => "reinstate",
        }
    }
}

/// In what capacity somebody acts. Worked out from the register by whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The scheduler.
    Scheduler,
    /// A contact with a live link.
    Contact(PersonId),
    /// Somebody who holds offices of the return's fund today.
    Officer {
        /// Who.
        person: PersonId,
        /// Keys of the offices held today, a deputy's included.
        offices: Vec<String>,
    },
}

impl Role {
    /// Who, unless it is the scheduler.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Role::Scheduler => None,
            Role::Contact(person) | Role::Officer { person, .. } => Some(*person),
        }
    }
}

/// Who has had a hand in the revision so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hands {
    /// Everyone who saved or submitted answers in it.
    pub preparers: Vec<PersonId>,
    /// Stage id and who acted there.
    pub acted: Vec<(String, PersonId)>,
}

/// Why something may not be done. Each has words that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The return is not where this can be done.
    #[error("{}", wrong_state(*action, state))]
    WrongState {
        /// What was tried.
        action: Action,
        /// Where it stands.
        state: State,
    },
    /// The person does not hold the office.
    #[error("Only the holder of the office ‘{office}’, or their deputy, can do this.")]
    NotTheOffice {
        /// Which office.
        office: String,
    },
    /// Only a contact may.
    #[error("Only a contact of this return can do this.")]
    NotAContact,
    /// Only an officer of the fund may.
    #[error("Only an officer of this fund can do this.")]
    NotAnOfficer,
    /// Only the scheduler may.
    #[error("This happens by itself on its day.")]
    NotTheScheduler,
    /// The person prepared what they would judge.
    #[error("You helped to prepare this return, so somebody else must {}.", verb(*.0))]
    Prepared(Action),
    /// The person acted in an earlier stage.
    #[error("You acted in an earlier stage of this return, so somebody else must {}.", verb(*.0))]
    ActedBefore(Action),
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Sign => "sign it",
        Action::Decline => "decide on it",
        Action::Accept => "accept it",
        Action::SendBack => "send it back",
        Action::Query => "query it",
        Action::Open | Action::Save | Action::Submit => "do this",
        Action::Reopen | Action::Excuse | Action::Reinstate => "do this",
    }
}

fn wrong_state(action: Action, state: &State) -> &'static str {
    match state {
        State::Excused => "This return was excused: it is not owed.",
        _ if action == Action::Reinstate => "This return has not been excused.",
        State::Scheduled => "This return is not open yet.",
        State::Draft if action == Action::Open => "This return is open already.",
        State::Draft => "This return has not been submitted yet, or has been sent back.",
        State::InReview(_) => "This return has been submitted and is being reviewed.",
        State::InSignOff(_) => "This return has been accepted and is waiting for a signature.",
        State::SignedOff => "This return has been signed off.",
    }
}

/// The office whose holders may excuse, reinstate or reopen a return, and who are told when it is overdue.
pub const COMMISSIONER: &str = "commissioner.reviewer";

/// Where `action` leads, or why not.
///
/// `stages` are the form's, in order. A return goes through them one by one after submission; after the last it is
/// signed off. A form without stages is signed off by its submission.
pub fn step(state: &State, action: Action, role: &Role, hands: &Hands, stages: &[Stage]) -> Result<State, Refusal> {
    let wrong = || {
        Err(Refusal::WrongState {
            action,
            state: state.clone(),
        })
    };
    let reviewer = |at| judge(at, StageKind::Review, action, role, hands, stages);
    let signatory = |at| judge(at, StageKind::SignOff, action, role, hands, stages);
    match (state, action) {
        (State::Scheduled, Action::Open) => scheduler(role).map(|()| State::Draft),
        (State::Scheduled, Action::Excuse) | (State::Draft, Action::Excuse) => {
            holds(role, COMMISSIONER).map(|_| State::Excused)
        }
        (State::Excused, Action::Reinstate) => holds(role, COMMISSIONER).map(|_| State::Scheduled),
        (State::Draft, Action::Save) => contact(role).map(|()| State::Draft),
        (State::Draft, Action::Submit) => contact(role).map(|()| enter(stages, 0)),
        (State::InReview(at), Action::Query) => reviewer(*at).map(|()| State::InReview(*at)),
        (State::InReview(at), Action::Accept) => reviewer(*at).map(|()| enter(stages, at + 1)),
        (State::InReview(at), Action::SendBack) => reviewer(*at).map(|()| State::Draft),
        (State::InSignOff(at), Action::Sign) => signatory(*at).map(|()| enter(stages, at + 1)),
        (State::InSignOff(at), Action::Decline) => signatory(*at).map(|()| State::Draft),
        (State::SignedOff, Action::Reopen) => holds(role, COMMISSIONER).map(|_| State::Draft),
        (State::Scheduled, Action::Save | Action::Submit | Action::Query | Action::SendBack | Action::Accept)
        | (State::Scheduled, Action::Sign | Action::Decline | Action::Reopen | Action::Reinstate)
        | (State::Draft, Action::Open | Action::Query | Action::SendBack | Action::Accept)
        | (State::Draft, Action::Sign | Action::Decline | Action::Reopen | Action::Reinstate)
        | (State::InReview(_), Action::Open | Action::Save | Action::Submit | Action::Sign)
        | (State::InReview(_), Action::Decline | Action::Reopen | Action::Excuse | Action::Reinstate)
        | (State::InSignOff(_), Action::Open | Action::Save | Action::Submit | Action::Query)
        | (State::InSignOff(_), Action::SendBack | Action::Accept | Action::Reopen)
        | (State::InSignOff(_), Action::Excuse | Action::Reinstate)
        | (State::SignedOff, Action::Open | Action::Save | Action::Submit | Action::Query | Action::SendBack)
        | (State::SignedOff, Action::Accept | Action::Sign | Action::Decline | Action::Excuse | Action::Reinstate)
        | (State::Excused, Action::Open | Action::Save | Action::Submit | Action::Query | Action::SendBack)
        | (State::Excused, Action::Accept | Action::Sign | Action::Decline | Action::Reopen | Action::Excuse) => {
            wrong()
        }
    }
}

/// The state on entering stage `at`.
fn enter(stages: &[Stage], at: usize) -> State {
    stages
        .get(at)
        .map_or(State::SignedOff, |stage| in_stage(stage.kind, at))
}

fn scheduler(role: &Role) -> Result<(), Refusal> {
    match role {
        Role::Scheduler => Ok(()),
        Role::Contact(_) | Role::Officer { .. } => Err(Refusal::NotTheScheduler),
    }
}

fn contact(role: &Role) -> Result<(), Refusal> {
    match role {
        Role::Contact(_) => Ok(()),
        Role::Scheduler | Role::Officer { .. } => Err(Refusal::NotAContact),
    }
}

fn holds(role: &Role, office: &str) -> Result<PersonId, Refusal> {
    match role {
        Role::Officer { person, offices } if offices.iter().any(|held| held == office) => Ok(*person),
        Role::Officer { .. } => Err(Refusal::NotTheOffice {
            office: office.to_owned(),
        }),
        Role::Scheduler | Role::Contact(_) => Err(Refusal::NotAnOfficer),
    }
}

/// Whether this person may judge at stage `at`: the holder of its office, and nobody whom it excludes.
///
/// Preparing excludes always: nobody approves their own work, whatever the form says. So does a signature in either
/// direction: whoever signs acts in no other stage, before it or after it. Two reviews may share a reviewer unless the
/// form says `not_also`.
fn judge(
    at: usize,
    kind: StageKind,
    action: Action,
    role: &Role,
    hands: &Hands,
    stages: &[Stage],
) -> Result<(), Refusal> {
    // A state that does not fit its form could otherwise be accepted where it has to be signed.
    let Some(stage) = stages.get(at).filter(|stage| stage.kind == kind) else {
        return Err(Refusal::WrongState {
            action,
            state: in_stage(kind, at),
        });
    };
    let person = holds(role, &stage.by)?;
    if hands.preparers.contains(&person) {
        return Err(Refusal::Prepared(action));
    }
    let signs = |id: &str| {
        stages
            .iter()
            .any(|stage| stage.id == id && stage.kind == StageKind::SignOff)
    };
    let excluded = hands
        .acted
        .iter()
        .filter(|(acted, who)| *who == person && *acted != stage.id)
        .any(|(acted, _)| {
            kind == StageKind::SignOff || signs(acted) || stage.not_also.contains(&Party::Stage(acted.clone()))
        });
    if excluded {
        Err(Refusal::ActedBefore(action))
    } else {
        Ok(())
    }
}

fn in_stage(kind: StageKind, at: usize) -> State {
    match kind {
        StageKind::Review => State::InReview(at),
        StageKind::SignOff => State::InSignOff(at),
    }
}

#[cfg(test)]
mod tests;
