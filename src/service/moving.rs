//! move: returns that nobody has submitted yet go to a newer version of their form, and back.
//!
//! Invariant: one transaction for all of a form's returns; what stood before is kept with the move, and comes back until
//! the return is submitted, with what was answered since.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::form::schema::Form;
use countersign_domain::ids::ReturnId;
use countersign_domain::ledger::Digest;
use countersign_domain::moving::{AnswerMove, Sections, moved, moved_back};
use countersign_domain::returns::{Act, Return};
use countersign_domain::workflow::{COMMISSIONER, State};
use serde_json::json;
use uuid::Uuid;

use super::facts::Answered;
use super::{Deps, Officer, ServiceError, facts, record, signed};
use crate::store::moves::{Move, insert_move, moves_of, undo_move};
use crate::store::{Connection, WriteTx, drafts, forms, register, returns};

/// The name of the act by which a draft was moved.
pub const MOVE: &str = "move";
/// The name of the act by which that was undone.
pub const UNDO: &str = "undo-move";

/// What a move does to one return.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftMove {
    /// The return as it stands before the move.
    pub ret: Return,
    /// Who owes it.
    pub provider: String,
    /// The version that it goes to.
    pub to_version: u32,
    /// Each answer, those that want something done first.
    pub answers: Vec<AnswerMove>,
    /// The draft as it becomes.
    after: Sections,
}

/// What the move of a form's unsubmitted returns to another version would do, return by return.
///
/// # Errors
/// [`ServiceError::NotFound`] when the version is not published.
pub async fn preview(
    deps: &Deps,
    officer: &Officer,
    form: &str,
    to_version: u32,
) -> Result<Vec<DraftMove>, ServiceError> {
    let read = deps.store.read();
    let to = target(deps, &read, form, to_version).await?;
    let mut all = Vec::new();
    for ret in movable(&read, officer, &to).await? {
        let answered = facts::answered(deps, &read, ret.id).await?;
        all.push(draft_move(deps, &read, &answered, &to).await?);
    }
    Ok(all)
}

/// Moves them, all in one transaction; answers what was done.
///
/// # Errors
/// As [`preview()`]; [`ServiceError::Conflict`] when somebody submitted or saved one meanwhile: then none is moved.
pub async fn apply(
    deps: &Deps,
    officer: &Officer,
    form: &str,
    to_version: u32,
    now: DateTime<Utc>,
) -> Result<Vec<DraftMove>, ServiceError> {
    let tx = deps.store.begin().await?;
    let all = move_all(deps, &tx, officer, (form, to_version), now).await?;
    tx.commit().await?;
    Ok(all)
}

/// Moves them if that still does what was shown before: `shown` is the digest of what [`preview()`] found.
///
/// # Errors
/// As [`apply()`]; a conflict as well when the move would by now do something else, with other returns or other answers.
pub async fn apply_as_shown(
    deps: &Deps,
    officer: &Officer,
    (form, to_version): (&str, u32),
    shown: Digest,
    now: DateTime<Utc>,
) -> Result<Vec<DraftMove>, ServiceError> {
    let tx = deps.store.begin().await?;
    let all = move_all(deps, &tx, officer, (form, to_version), now).await?;
    if digest_of(&all) != shown {
        return Err(ServiceError::Conflict(
            "Somebody has answered something since you looked at what the move would do, so nothing was moved. Look again."
                .to_owned(),
        ));
    }
    tx.commit().await?;
    Ok(all)
}

/// What tells a move from any other: its returns, and what becomes of which answers. What stands in them does not count.
pub fn digest_of(moves: &[DraftMove]) -> Digest {
    let mut told = String::new();
    for one in moves {
        told += &format!("{}\u{1f}{}\u{1e}", one.ret.id, one.ret.form_version);
        for answer in &one.answers {
            told += &format!(
                "{}\u{1f}{}\u{1f}{:?}\u{1e}",
                answer.section.0, answer.question, answer.fate
            );
        }
    }
    Digest::of(told.as_bytes())
}

async fn move_all(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    (form, to_version): (&str, u32),
    now: DateTime<Utc>,
) -> Result<Vec<DraftMove>, ServiceError> {
    let to = target(deps, tx, form, to_version).await?;
    let mut ids: Vec<ReturnId> = movable(tx, officer, &to).await?.iter().map(|ret| ret.id).collect();
    // In one order, so that two who move at once wait for each other and do not stop each other.
    ids.sort_unstable();
    for id in &ids {
        returns::lock_return(tx, *id).await?;
    }
    let mut all = Vec::new();
    for ret in movable(tx, officer, &to)
        .await?
        .into_iter()
        .filter(|ret| ids.contains(&ret.id))
    {
        let answered = facts::answered(deps, tx, ret.id).await?;
        let one = draft_move(deps, tx, &answered, &to).await?;
        write(tx, officer, &answered, &one, now).await?;
        all.push(one);
    }
    Ok(all)
}

async fn target(deps: &Deps, conn: &impl Connection, form: &str, version: u32) -> Result<Arc<Form>, ServiceError> {
    match forms::form_source(conn, form, version).await? {
        Some(_) => deps.forms.version(conn, form, version).await,
        None => Err(ServiceError::NotFound),
    }
}

/// The returns of older versions of a form that nobody has submitted yet, of funds whose returns this officer reviews.
async fn movable(conn: &impl Connection, officer: &Officer, to: &Form) -> Result<Vec<Return>, ServiceError> {
    let all = returns::returns_of_form(conn, &to.id).await?;
    let reviews = |ret: &Return| officer.offices_in(ret.fund).iter().any(|office| office == COMMISSIONER);
    Ok(all
        .into_iter()
        .filter(|ret| is_unsubmitted(ret) && ret.form_version < to.version && officer.second_factor && reviews(ret))
        .collect())
}

/// One that was sent back has been submitted: its queries and its earlier revision are of the version it has.
fn is_unsubmitted(ret: &Return) -> bool {
    matches!(ret.state, State::Scheduled | State::Draft) && ret.revision == 0
}

async fn draft_move(
    deps: &Deps,
    conn: &impl Connection,
    answered: &Answered,
    to: &Arc<Form>,
) -> Result<DraftMove, ServiceError> {
    let mut case = answered.case.clone();
    case.form = to.clone();
    signed::fill(deps, conn, &mut case).await?;
    let becomes = moved(
        &answered.case.form,
        to,
        &answered.evaluated,
        &case.register,
        &answered.draft,
    );
    // Of a return that is not open yet, every question is still to be answered.
    let answers = match case.ret.state {
        State::Scheduled => Vec::new(),
        _ => becomes.answers,
    };
    Ok(DraftMove {
        provider: case.provider.name,
        ret: case.ret,
        to_version: to.version,
        answers,
        after: becomes.sections,
    })
}

async fn write(
    tx: &WriteTx,
    officer: &Officer,
    answered: &Answered,
    one: &DraftMove,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    replace(tx, one.ret.id, &answered.draft.sections, &one.after, &answered.versions).await?;
    let kept = Move {
        id: Uuid::new_v4(),
        return_id: one.ret.id,
        from_version: one.ret.form_version,
        to_version: one.to_version,
        before: answered.draft.sections.clone(),
        after: one.after.clone(),
        moved_by: officer.person.id,
        moved_at: now,
        undone: None,
    };
    insert_move(tx, &kept).await?;
    let words = format!(
        "From version {} of the form to version {}",
        one.ret.form_version, one.to_version
    );
    pinned(tx, officer, &one.ret, one.to_version, (MOVE, words), now).await
}

/// Puts the documents of a draft in place of those that stand, each over the version that was read.
async fn replace(
    tx: &WriteTx,
    of: ReturnId,
    was: &Sections,
    is: &Sections,
    versions: &BTreeMap<SectionKey, i64>,
) -> Result<(), ServiceError> {
    let keys: BTreeSet<&SectionKey> = was.keys().chain(is.keys()).collect();
    for key in keys {
        match (was.get(key), is.get(key), versions.get(key).copied()) {
            (before, Some(after), version) if before != Some(after) => {
                drafts::put_section(tx, of, key, after, version).await?;
            }
            (Some(_), None, Some(version)) => drafts::drop_section(tx, of, key, version).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Pins a return to a version of its form, with the act and the leaf that say so.
async fn pinned(
    tx: &WriteTx,
    officer: &Officer,
    ret: &Return,
    version: u32,
    (action, words): (&str, String),
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let is = Return {
        form_version: version,
        ..ret.clone()
    };
    returns::update_return(tx, &is, ret.version).await?;
    let act = Act {
        return_id: ret.id,
        action: action.to_owned(),
        stage: None,
        revision: ret.revision,
        person: Some(officer.person.id),
        at: now,
        reason: Some(words),
    };
    returns::insert_act(tx, &act).await?;
    let body = json!({
        "by": officer.person.id.to_string(),
        "form": ret.form,
        "was": ret.form_version,
        "version": version,
    });
    record::event(tx, action, Some((&is, is.revision)), body, now).await?;
    Ok(())
}

/// What was undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The version that the return has again.
    pub version: u32,
    /// What was answered since the move, and keeps its answer; empty when the draft is as it was.
    pub answered_since: Vec<AnswerMove>,
}

/// The move of a return that can be undone now, where there is one: the version that it would have again.
pub async fn undoable(conn: &impl Connection, ret: &Return) -> Result<Option<u32>, ServiceError> {
    Ok(last_move(conn, ret).await?.map(|last| last.from_version))
}

/// A return that was moved and can go back.
#[derive(Debug, Clone, PartialEq)]
pub struct GoesBack {
    /// The return as it stands.
    pub ret: Return,
    /// Who owes it.
    pub provider: String,
    /// The version that it would have again.
    pub version: u32,
}

/// The returns of a form's version whose move can be undone, of funds whose returns this officer reviews.
///
/// # Errors
/// When the database cannot be read.
pub async fn can_go_back(
    deps: &Deps,
    officer: &Officer,
    form: &str,
    version: u32,
) -> Result<Vec<GoesBack>, ServiceError> {
    let read = deps.store.read();
    let mut all = Vec::new();
    for ret in returns::returns_of_form(&read, form).await? {
        if ret.form_version != version || officer.chases(ret.fund).is_err() {
            continue;
        }
        if let Some(version) = undoable(&read, &ret).await? {
            let provider = register::get_organisation(&read, ret.organisation).await?.name;
            all.push(GoesBack { ret, provider, version });
        }
    }
    Ok(all)
}

async fn last_move(conn: &impl Connection, ret: &Return) -> Result<Option<Move>, ServiceError> {
    if !is_unsubmitted(ret) {
        return Ok(None);
    }
    let standing = |one: &Move| one.undone.is_none() && one.to_version == ret.form_version;
    Ok(moves_of(conn, ret.id).await?.into_iter().rev().find(standing))
}

/// Undoes the last move of a return that nobody has submitted since.
///
/// # Errors
/// [`ServiceError::Conflict`] when it has been submitted, or was not moved.
pub async fn undo(deps: &Deps, officer: &Officer, id: ReturnId, now: DateTime<Utc>) -> Result<Undone, ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let answered = facts::answered(deps, &tx, id).await?;
    let ret = &answered.case.ret;
    officer.chases(ret.fund)?;
    let Some(last) = last_move(&tx, ret).await? else {
        let why = match is_unsubmitted(ret) {
            true => "This return was not moved to another version of its form.",
            false => "This return has been submitted, so that it stays with the version of its form that it has.",
        };
        return Err(ServiceError::Conflict(why.to_owned()));
    };
    let old = deps.forms.version(&tx, &ret.form, last.from_version).await?;
    let stands = &answered.draft.sections;
    let (sections, answered_since) = moved_back(
        &old,
        &answered.case.form,
        &answered.case.register,
        &last.before,
        &last.after,
        stands,
    );
    replace(&tx, id, stands, &sections, &answered.versions).await?;
    undo_move(&tx, last.id, officer.person.id, now).await?;
    let words = format!(
        "From version {} of the form back to version {}",
        last.to_version, last.from_version
    );
    pinned(&tx, officer, ret, last.from_version, (UNDO, words), now).await?;
    tx.commit().await?;
    Ok(Undone {
        version: last.from_version,
        answered_since,
    })
}
