//! A notice as a row, and back.

use countersign_domain::ids::ReturnId;
use countersign_domain::returns::{Notice, NoticeState, Secret};

use crate::store::StoreError;
use crate::store::convert::{micros, unreadable};
use crate::store::rows::notices::notice::Model;

pub(super) fn state_text(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Queued => "queued",
        NoticeState::Sent => "sent",
        NoticeState::Failed => "failed",
        NoticeState::Superseded => "superseded",
    }
}

pub(super) fn to_row(notice: &Notice) -> Model {
    let (secret_kind, secret_id) = match notice.secret {
        Secret::None => ("none", None),
        Secret::Link(link) => ("link", Some(link.uuid())),
        Secret::Code(code) => ("code", Some(code.uuid())),
    };
    Model {
        id: notice.id.uuid(),
        kind: notice.kind.clone(),
        dedupe: notice.dedupe.clone(),
        person_id: notice.person.uuid(),
        return_id: notice.return_id.map(ReturnId::uuid),
        to_name: notice.to_name.clone(),
        to_address: notice.to_address.clone(),
        subject: notice.subject.clone(),
        body_text: notice.text.clone(),
        body_html: notice.html.clone(),
        message_id: notice.message_id.clone(),
        dated: micros(notice.dated),
        secret_kind: secret_kind.to_owned(),
        secret_id,
        priority: notice.priority,
        state: state_text(notice.state).to_owned(),
        run_at: micros(notice.run_at),
        attempts: notice.attempts,
        last_error: notice.last_error.clone(),
        sent_at: notice.sent_at.map(micros),
        written_at: micros(notice.written_at),
        lease_owner: None,
        lease_until: None,
    }
}

pub(super) fn from_rows(rows: Vec<Model>) -> Result<Vec<Notice>, StoreError> {
    rows.into_iter().map(from_row).collect()
}

pub(super) fn from_row(row: Model) -> Result<Notice, StoreError> {
    let secret = match (row.secret_kind.as_str(), row.secret_id) {
        ("none", None) => Secret::None,
        ("link", Some(id)) => Secret::Link(id.into()),
        ("code", Some(id)) => Secret::Code(id.into()),
        (other, _) => return Err(unreadable("a notice's secret", other)),
    };
    let state = match row.state.as_str() {
        "queued" => NoticeState::Queued,
        "sent" => NoticeState::Sent,
        "failed" => NoticeState::Failed,
        "superseded" => NoticeState::Superseded,
        other => return Err(unreadable("a notice's state", other)),
    };
    Ok(Notice {
        id: row.id.into(),
        kind: row.kind,
        dedupe: row.dedupe,
        person: row.person_id.into(),
        return_id: row.return_id.map(ReturnId::from),
        to_name: row.to_name,
        to_address: row.to_address,
        subject: row.subject,
        text: row.body_text,
        html: row.body_html,
        message_id: row.message_id,
        dated: row.dated,
        secret,
        priority: row.priority,
        state,
        run_at: row.run_at,
        attempts: row.attempts,
        last_error: row.last_error,
        sent_at: row.sent_at,
        written_at: row.written_at,
    })
}
