//! sign: a named officer signs one exact revision, with a second factor used for nothing else; or declines, and why.
//!
//! Invariant: signature, state, figures, ledger leaf, checkpoint and notices in one transaction; one signature for a
//! revision and stage, whoever is quicker; never over anything but what was shown.

use chrono::{DateTime, Utc};
use countersign_domain::form::schema::Stage;
use countersign_domain::ids::ReturnId;
use countersign_domain::register::Holder;
use countersign_domain::returns::{Secret, Signature};
use countersign_domain::workflow::{Action, COMMISSIONER, State};
use serde_json::{Value, json};
use uuid::Uuid;

use super::case::Case;
use super::decide::{change, complete, decided_on, give_back};
use super::decisions::Decided;
use super::facts::today;
use super::record::Deed;
use super::{
    Deps, FieldProblem, Officer, ServiceError, decisions, facts, notify, one_line, reason, record, signin, submit,
};
use crate::store::{StoreError, WriteTx, returns, revisions, signatures};

/// What the officer's form sends.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The revision that was shown.
    pub revision: u32,
    /// Its digest as shown, hex.
    pub digest: String,
    /// Their name, typed.
    pub typed_name: String,
    /// The code of their authenticator.
    pub totp: String,
    /// Whether the statement was ticked.
    pub agreed: bool,
    /// What is decided on the rows that this stage decides on.
    pub decisions: Vec<Decided>,
}

/// Signs.
pub async fn sign(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    signing: &Signing,
    now: DateTime<Utc>,
) -> Result<Signature, ServiceError> {
    let tx = facts::begin(deps, id).await?;
    if let Some(mine) = repeated(&tx, officer, id, signing).await? {
        return Ok(mine);
    }
    let (mut case, state) = decided_on(deps, &tx, officer, id, signing.revision, Action::Sign).await?;
    let revision = revisions::get_revision(&tx, id, signing.revision).await?;
    if revision.digest.to_string() != signing.digest {
        return Err(ServiceError::Conflict(
            "What you were shown is not what stands now. Read it again before you sign.".to_owned(),
        ));
    }
    let stage = current_stage(&case)?;
    let holder = held(officer, &case, &stage, now)?;
    let (taken, undecided) = decisions::taken(deps, &tx, &case, Some(&stage.id), &signing.decisions).await?;
    check_form(officer, signing, undecided)?;
    if let Err(error) = signin::use_totp(&tx, &officer.person, &signing.totp, now).await {
        // The wrong try counts, so it is kept; nothing else has been written yet.
        tx.commit().await?;
        return Err(error);
    }
    let signature = Signature {
        id: Uuid::new_v4().into(),
        return_id: id,
        revision: revision.number,
        stage: stage.id.clone(),
        person: officer.person.id,
        office: holder.office_key.clone(),
        as_deputy: holder.deputy,
        typed_name: one_line(&signing.typed_name),
        position: position(&holder),
        statement: stage
            .statement
            .as_ref()
            .map(|words| words.en.clone())
            .unwrap_or_default(),
        digest: revision.digest,
        known_by: "emailed code and authenticator at sign-in, authenticator again for this signature".to_owned(),
        signed_at: now,
        voided: None,
    };
    match signatures::insert_signature(&tx, &signature).await {
        Ok(()) => {}
        Err(StoreError::Duplicate { .. }) => {
            return Err(ServiceError::Conflict(
                "This revision has been signed already.".to_owned(),
            ));
        }
        Err(other) => return Err(other.into()),
    }
    change(&tx, &mut case, state).await?;
    let told = decisions::write(&tx, &case, Some(&stage.id), officer, taken, now).await?;
    write(deps, &tx, officer, &mut case, &signature, told, now).await?;
    tx.commit().await?;
    Ok(signature)
}

/// A second post of one's own signature is answered with that signature.
async fn repeated(
    tx: &WriteTx,
    officer: &Officer,
    id: ReturnId,
    signing: &Signing,
) -> Result<Option<Signature>, ServiceError> {
    let ret = returns::get_return(tx, id).await?;
    officer.within(ret.fund)?;
    let mine = signatures::signatures_of(tx, id).await?.into_iter().find(|known| {
        known.person == officer.person.id
            && known.revision == signing.revision
            && known.voided.is_none()
            && known.digest.to_string() == signing.digest
    });
    Ok(mine)
}

fn current_stage(case: &Case) -> Result<Stage, ServiceError> {
    match case.ret.state {
        State::InSignOff(at) => case.form.stages.get(at).cloned(),
        _ => None,
    }
    .ok_or_else(|| ServiceError::internal("signing outside a sign-off stage"))
}

/// The office that the officer signs under: their own before a deputy's.
fn held(officer: &Officer, case: &Case, stage: &Stage, now: DateTime<Utc>) -> Result<Holder, ServiceError> {
    let today = today(now);
    let mut held: Vec<&Holder> = officer
        .holders
        .iter()
        .filter(|holder| holder.fund == case.fund.id && holder.office_key == stage.by && holder.holds_on(today))
        .collect();
    held.sort_by_key(|holder| holder.deputy);
    held.first().map(|holder| (*holder).clone()).ok_or_else(|| {
        ServiceError::Refused(format!(
            "Only the holder of the office ‘{}’, or their deputy, can sign.",
            stage.by
        ))
    })
}

/// The position as it is printed on the signature.
pub fn position(holder: &Holder) -> String {
    if holder.deputy {
        format!("Deputy for the {}", holder.office_title)
    } else {
        holder.office_title.clone()
    }
}

/// A name for comparing: few keyboards have the apostrophe that printers use.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['‘', '’', 'ʼ'], "'")
}

fn check_form(officer: &Officer, signing: &Signing, undecided: Vec<FieldProblem>) -> Result<(), ServiceError> {
    let mut problems = undecided;
    if !signing.agreed {
        problems.push(FieldProblem {
            field: "agreed".to_owned(),
            message: "Tick the box to show that you agree with the statement".to_owned(),
        });
    }
    let typed = one_line(&signing.typed_name);
    if typed.is_empty() {
        problems.push(FieldProblem {
            field: "typed_name".to_owned(),
            message: "Type your full name".to_owned(),
        });
    } else if plain(&typed) != plain(&officer.person.name) {
        problems.push(FieldProblem {
            field: "typed_name".to_owned(),
            message: format!("Type your name as it is registered: {}", officer.person.name),
        });
    }
    if signing.totp.trim().is_empty() {
        problems.push(FieldProblem {
            field: "totp".to_owned(),
            message: signin::NO_FACTOR.to_owned(),
        });
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::Invalid(problems))
    }
}

async fn write(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    case: &mut Case,
    signature: &Signature,
    told: Vec<Value>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let mut more = json!({
        "signature": signature.id.to_string(),
        "digest": signature.digest.to_string(),
        "form": case.form.digest.to_string(),
        "name": signature.typed_name,
        "position": signature.position,
        "statement": signature.statement,
        "known_by": signature.known_by,
    });
    if !told.is_empty() {
        more["decisions"] = Value::Array(told);
    }
    let stage = Some(signature.stage.as_str());
    let deed = Deed::by(&officer.person, Action::Sign).in_stage(stage).with(more);
    record::act(tx, &case.ret, deed, now).await?;
    if case.ret.state == State::SignedOff {
        complete(deps, tx, officer, case, now).await?;
    }
    record::checkpoint(deps, tx, now).await?;
    tell_signed(deps, tx, case, signature, now).await?;
    submit::tell_next(deps, tx, case, now).await?;
    Ok(())
}

async fn tell_signed(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    signature: &Signature,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let mut people = notify::contacts(tx, case).await?;
    for (_, person) in notify::holders(tx, case, COMMISSIONER, now).await? {
        if !people.iter().any(|known| known.id == person.id) {
            people.push(person);
        }
    }
    for person in people {
        let owed = notify::Owed {
            kind: "signed",
            dedupe: format!("signed:{}:{}", signature.id, person.id),
            to: &person,
            case: Some(case),
            secret: Secret::None,
            priority: notify::USUAL,
            words: json!({
                "signed_by": signature.typed_name,
                "position": signature.position,
                "signed_at_words": notify::moment(now),
                "digest": signature.digest.to_string(),
                "revision": signature.revision.to_string(),
            }),
        };
        notify::write(deps, tx, owed, now).await?;
    }
    Ok(())
}

/// Does not sign, and says why: the return goes back to its contacts, and the reviewers hear of it.
pub async fn decline(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let why = reason("reason", why, "Say why you are not signing")?;
    let (tx, case) = give_back(deps, officer, (id, revision), Action::Decline, &why, now).await?;
    signatures::void_signatures(&tx, id, revision, now, &format!("declined at a later stage: {why}")).await?;
    for (_, person) in notify::holders(&tx, &case, COMMISSIONER, now).await? {
        let owed = notify::Owed {
            kind: "declined",
            dedupe: format!("declined:{id}:{revision}:{}:{}", now.timestamp_micros(), person.id),
            to: &person,
            case: Some(&case),
            secret: Secret::None,
            priority: notify::USUAL,
            words: json!({ "reason": why, "officer": officer.person.name, "revision": revision.to_string() }),
        };
        notify::write(deps, &tx, owed, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
