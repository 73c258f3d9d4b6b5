//! record: every event of the workflow becomes a leaf of the ledger, in the transaction of the event itself.
//!
//! Invariant: a leaf says what happened and when, and commits to the rest through a salted digest: names and
//! reasons can be erased, the log still verifies.

use chrono::{DateTime, Utc};
use countersign_domain::ledger::canonical::canonical;
use countersign_domain::ledger::checkpoint::Checkpoint;
use countersign_domain::ledger::leaf::{EventLeaf, commit};
use countersign_domain::ledger::note::NoteSigner;
use countersign_domain::register::Person;
use countersign_domain::returns::{Act, Return};
use countersign_domain::workflow::Action;
use serde_json::{Value, json};

use super::{Deps, ServiceError};
use crate::secrets;
use crate::store::{WriteTx, ledger, returns};

/// The name under which this server signs its checkpoints.
pub fn origin(deps: &Deps) -> String {
    deps.base_url.split("://").nth(1).unwrap_or(&deps.base_url).to_owned() + "/ledger"
}

/// What is done upon a return, by whom and why.
pub struct Deed<'a> {
    action: Action,
    stage: Option<&'a str>,
    person: Option<&'a Person>,
    reason: Option<&'a str>,
    more: Value,
}

impl<'a> Deed<'a> {
    /// What the scheduler does.
    pub fn of(action: Action) -> Deed<'a> {
        Deed {
            action,
            stage: None,
            person: None,
            reason: None,
            more: json!({}),
        }
    }

    /// What a person does.
    pub fn by(person: &'a Person, action: Action) -> Deed<'a> {
        Deed {
            person: Some(person),
            ..Deed::of(action)
        }
    }

    /// In the stage in which the return is.
    pub fn in_stage(self, stage: Option<&'a str>) -> Deed<'a> {
        Deed { stage, ..self }
    }

    /// For the reason that was given.
    pub fn because(self, reason: &'a str) -> Deed<'a> {
        Deed {
            reason: Some(reason),
            ..self
        }
    }

    /// With what else the ledger is to know of it.
    pub fn with(self, more: Value) -> Deed<'a> {
        Deed { more, ..self }
    }
}

/// Writes a deed upon a return into its history and into the ledger; answers the index of its leaf.
pub async fn act(tx: &WriteTx, ret: &Return, deed: Deed<'_>, now: DateTime<Utc>) -> Result<u64, ServiceError> {
    let Deed {
        action,
        stage,
        person,
        reason,
        more,
    } = deed;
    let written = Act {
        return_id: ret.id,
        action: action.name().to_owned(),
        stage: stage.map(str::to_owned),
        revision: ret.revision,
        person: person.map(|person| person.id),
        at: now,
        reason: reason.map(str::to_owned),
    };
    returns::insert_act(tx, &written).await?;
    let body = json!({
        "stage": stage,
        "person": person.map(|person| json!({"id": person.id.to_string(), "name": person.name})),
        "reason": reason,
        "more": more,
    });
    event(tx, action.name(), Some((ret, ret.revision)), body, now).await
}

/// Appends one event to the ledger; answers its index.
pub async fn event(
    tx: &WriteTx,
    name: &str,
    about: Option<(&Return, u32)>,
    body: Value,
    now: DateTime<Utc>,
) -> Result<u64, ServiceError> {
    let salt = secrets::salt();
    let body_text = canonical(&body).map_err(ServiceError::internal)?;
    let commitment = commit(&salt, &body).map_err(ServiceError::internal)?;
    let leaf = EventLeaf::new(
        name,
        about.map(|(ret, _)| ret.id),
        about.map(|(_, revision)| revision),
        now,
        commitment,
    );
    Ok(ledger::append(tx, &leaf.text(), &salt, &body_text, leaf.hash()).await?)
}

/// Who signs this server's checkpoints.
pub fn signer(deps: &Deps) -> Result<NoteSigner, ServiceError> {
    NoteSigner::from_seed(&origin(deps), &deps.secrets.ledger_key()).map_err(ServiceError::internal)
}

/// Signs a checkpoint over the ledger as it stands in this transaction.
pub async fn checkpoint(deps: &Deps, tx: &WriteTx, now: DateTime<Utc>) -> Result<(), ServiceError> {
    let head = ledger::head(tx).await?;
    let (size, root) = (head.size(), head.root());
    let checkpoint = Checkpoint::new(&origin(deps), size, root).map_err(ServiceError::internal)?;
    let note = checkpoint.sign(&signer(deps)?).map_err(ServiceError::internal)?;
    ledger::insert_checkpoint(tx, size, root, &note, now).await?;
    Ok(())
}
