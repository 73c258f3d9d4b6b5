//! What has happened to a return: acts, chases, mails and signatures in one line of time.
//!
//! Invariant: nothing that was recorded is left out, mails that failed and signatures that were voided included.

use chrono::{DateTime, SecondsFormat, Utc};
use countersign_domain::returns::{Act, Notice, NoticeState, Signature};
use serde::Serialize;

use super::words::{People, name};
use crate::service::notify;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    what: String,
    who: String,
    at: String,
    instant: String,
    detail: String,
    #[serde(skip)]
    moment: DateTime<Utc>,
}

impl Event {
    fn new(at: DateTime<Utc>, what: String, who: String, detail: String) -> Self {
        Event {
            what,
            who,
            detail,
            at: notify::moment(at),
            instant: at.to_rfc3339_opts(SecondsFormat::Secs, true),
            moment: at,
        }
    }
}

/// Everything, the latest first.
pub fn timeline(acts: &[Act], notices: &[Notice], signatures: &[Signature], people: &People) -> Vec<Event> {
    let acts = acts.iter().map(|act| act_event(act, signatures, people));
    let notices = notices.iter().map(notice_event);
    let voided = signatures.iter().filter_map(|signature| {
        let (at, why) = signature.voided.as_ref()?;
        let what = format!("Signature of revision {} voided", signature.revision);
        Some(Event::new(*at, what, signature.typed_name.clone(), why.clone()))
    });
    let mut events: Vec<Event> = acts.chain(notices).chain(voided).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.moment));
    events
}

fn act_event(act: &Act, signatures: &[Signature], people: &People) -> Event {
    let who = match act.person {
        Some(person) => format!("by {}", name(people, person)),
        None => "by itself, on its day".to_owned(),
    };
    let signed = signatures.iter().find(|signature| {
        act.action == "sign" && signature.revision == act.revision && Some(&signature.stage) == act.stage.as_ref()
    });
    let detail = match (signed, &act.reason) {
        (Some(signature), _) => format!(
            "As {}, over digest {}. {}",
            signature.position, signature.digest, signature.statement
        ),
        (None, Some(reason)) => reason.clone(),
        (None, None) => String::new(),
    };
    Event::new(act.at, act_words(&act.action, act.revision), who, detail)
}

/// What an act is called, the revision with it where it was done upon one.
pub fn act_words(action: &str, revision: u32) -> String {
    match action {
        "open" => "Opened".to_owned(),
        "submit" => format!("Revision {revision} submitted"),
        "query" => format!("Query asked of revision {revision}"),
        "send-back" => format!("Revision {revision} sent back"),
        "accept" => format!("Revision {revision} accepted"),
        "sign" => format!("Revision {revision} signed"),
        "decline" => format!("Signing of revision {revision} declined"),
        "reopen" => "Reopened for a correction".to_owned(),
        "excuse" => "Excused".to_owned(),
        "reinstate" => "Reinstated".to_owned(),
        "extend" => "More time given".to_owned(),
        "chase" => "Chased".to_owned(),
        "move" => "Moved to another version of its form".to_owned(),
        "undo-move" => "Moved back to the earlier version of its form".to_owned(),
        other => other.replace('-', " "),
    }
}

fn notice_event(notice: &Notice) -> Event {
    let to = format!("to {}, {}", notice.to_name, notice.to_address);
    let (at, detail) = match notice.state {
        NoticeState::Sent => (notice.sent_at, "Sent.".to_owned()),
        NoticeState::Queued if notice.attempts > 0 => (
            None,
            format!(
                "Not delivered yet, after {} tries. The mail server said: {}",
                notice.attempts,
                notice.last_error.as_deref().unwrap_or("nothing")
            ),
        ),
        NoticeState::Queued => (None, "Waiting to be sent.".to_owned()),
        NoticeState::Failed => (
            None,
            format!(
                "Could not be delivered. The mail server said: {}",
                notice.last_error.as_deref().unwrap_or("nothing")
            ),
        ),
        NoticeState::Superseded => (None, "Not sent: no longer needed.".to_owned()),
    };
    Event::new(
        at.unwrap_or(notice.written_at),
        format!("Mail: {}", notice.subject),
        to,
        detail,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use countersign_domain::ids::{PersonId, ReturnId};
    use countersign_domain::ledger::Digest;
    use uuid::Uuid;

    fn hour(hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2018, 5, 1, hour, 0, 0).unwrap()
    }

    fn act(action: &str, stage: Option<&str>, person: Option<PersonId>, at: u32) -> Act {
        Act {
            return_id: ReturnId::from(Uuid::nil()),
            action: action.to_owned(),
            stage: stage.map(str::to_owned),
            revision: 1,
            person,
            at: hour(at),
            reason: None,
        }
    }

    #[test]
    fn a_voided_signature_is_told_beside_the_act_of_signing() {
        let chair = PersonId::from(Uuid::from_u128(7));
        let signature = Signature {
            id: Uuid::from_u128(1).into(),
            return_id: ReturnId::from(Uuid::nil()),
            revision: 1,
            stage: "certify".to_owned(),
            person: chair,
            office: "partnership.chair".to_owned(),
            as_deputy: false,
            typed_name: "Tobias Fenn".to_owned(),
            position: "Chair".to_owned(),
            statement: "It is right.".to_owned(),
            digest: Digest::of(b"revision"),
            known_by: "emailed code and authenticator".to_owned(),
            signed_at: hour(9),
            voided: Some((hour(12), "reopened".to_owned())),
        };
        let acts = [act("open", None, None, 8), act("sign", Some("certify"), Some(chair), 9)];
        let people = People::from([(chair, "Tobias Fenn".to_owned())]);
        let events = timeline(&acts, &[], &[signature], &people);
        let told: Vec<&str> = events.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(told, ["Signature of revision 1 voided", "Revision 1 signed", "Opened"]);
        let over = format!("As Chair, over digest {}.", Digest::of(b"revision"));
        assert!(events[1].detail.starts_with(&over), "{}", events[1].detail);
        assert_eq!(events[0].detail, "reopened");
        assert_eq!(events[2].who, "by itself, on its day");
    }
}
