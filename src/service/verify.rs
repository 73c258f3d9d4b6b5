//! verify: reads the whole database again and says whether anything was altered since it was written.
//!
//! Invariant: trusts no stored digest: every hash is worked out afresh from what it covers.

use countersign_domain::answers::figures_of;
use countersign_domain::answers::types::Figure;
use countersign_domain::ledger::Digest;
use countersign_domain::ledger::canonical::parse_strict;
use countersign_domain::ledger::checkpoint::Checkpoint;
use countersign_domain::ledger::leaf::EventLeaf;
use countersign_domain::ledger::tree::{Frontier, leaf_hash};
use countersign_domain::returns::Return;

use super::{Deps, ServiceError, record};
use crate::store::ledger::LeafRow;
use crate::store::{Connection, figures, ledger, register, returns, revisions, signatures};

/// How many leaves are read at a time.
const PAGE: u64 = 1000;

/// What was read, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Leaves of the ledger.
    pub leaves: u64,
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// Revisions of returns.
    pub revisions: u64,
    /// Signatures.
    pub signatures: u64,
    /// What is wrong, in words; empty when all is as it was written.
    pub problems: Vec<String>,
}

/// Verifies the ledger, the revisions and the signatures.
pub async fn verify(deps: &Deps) -> Result<Verified, ServiceError> {
    let read = deps.store.read();
    let mut found = Verified::default();
    let mut signed = Vec::new();
    let mut submitted = Vec::new();
    ledger_holds(deps, &read, &mut found, &mut signed, &mut submitted).await?;
    for fund in register::all_funds(&read).await? {
        for ret in returns::returns_of_fund(&read, fund.id).await? {
            return_holds(&read, &ret, &mut found, &signed, &submitted).await?;
        }
    }
    Ok(found)
}

async fn ledger_holds(
    deps: &Deps,
    conn: &impl Connection,
    found: &mut Verified,
    signed: &mut Vec<String>,
    submitted: &mut Vec<(String, u32, String)>,
) -> Result<(), ServiceError> {
    let mut checkpoints = ledger::checkpoints(conn).await?.into_iter().peekable();
    let mut frontier = Frontier::default();
    loop {
        let page = ledger::leaves(conn, frontier.size(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            if row.index != frontier.size() {
                found.problems.push(format!("ledger entry {} is missing", frontier.size()));
            }
            leaf_holds(&row, found, signed, submitted);
            frontier.append(leaf_hash(row.leaf.as_bytes()));
            found.leaves += 1;
            while let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.size == frontier.size()) {
                checkpoint_holds(deps, &checkpoint, frontier.root(), found)?;
            }
        }
    }
    for checkpoint in checkpoints {
        found.problems.push(format!("a signed checkpoint covers {} entries, which are not there", checkpoint.size));
    }
    let head = ledger::head(conn).await?;
    if head.size() != frontier.size() || head.root() != frontier.root() {
        found.problems.push("the ledger’s head does not match its entries".to_owned());
    }
    Ok(())
}

fn leaf_holds(
    row: &LeafRow,
    found: &mut Verified,
    signed: &mut Vec<String>,
    submitted: &mut Vec<(String, u32, String)>,
) {
    let index = row.index;
    if row.hash != leaf_hash(row.leaf.as_bytes()) {
        found.problems.push(format!("ledger entry {index} does not match its hash"));
    }
    let Ok(leaf) = EventLeaf::parse(&row.leaf) else {
        found.problems.push(format!("ledger entry {index} cannot be read"));
        return;
    };
    // Salt and body are taken away together when they are erased on request; the leaf stands without them.
    let (Some(salt), Some(body)) = (&row.salt, &row.body) else { return };
    let Ok(body) = parse_strict(body) else {
        found.problems.push(format!("the body of ledger entry {index} cannot be read"));
        return;
    };
    if !<&[u8; 32]>::try_from(salt.as_slice()).is_ok_and(|salt| leaf.holds(salt, &body)) {
        found.problems.push(format!("the body of ledger entry {index} is not the one that was committed to"));
    }
    let more = &body["more"];
    if leaf.event() == "sign"
        && let Some(id) = more["signature"].as_str()
    {
        signed.push(format!("{id} {}", more["digest"].as_str().unwrap_or_default()));
    }
    if leaf.event() == "submit"
        && let (Some(ret), Some(revision), Some(digest)) = (leaf.return_id(), leaf.revision(), more["digest"].as_str())
    {
        submitted.push((ret.to_string(), revision, digest.to_owned()));
    }
}

fn checkpoint_holds(
    deps: &Deps,
    row: &ledger::Checkpoint,
    root: Digest,
    found: &mut Verified,
) -> Result<(), ServiceError> {
    found.checkpoints += 1;
    let signer = record::signer(deps)?;
    match Checkpoint::open(&row.note, signer.verifier(), &record::origin(deps)) {
        Ok(checkpoint) if checkpoint.size() == row.size && checkpoint.root() == root => {}
        Ok(_) => found.problems.push(format!("the ledger differs from the checkpoint signed at {} entries", row.size)),
        Err(error) => found.problems.push(format!("the checkpoint at {} entries: {error}", row.size)),
    }
    Ok(())
}

async fn return_holds(
    conn: &impl Connection,
    ret: &Return,
    found: &mut Verified,
    signed: &[String],
    submitted: &[(String, u32, String)],
) -> Result<(), ServiceError> {
    let name = &ret.reference;
    for revision in revisions::revisions_of(conn, ret.id).await? {
        found.revisions += 1;
        let digest = Digest::of(revision.document.as_bytes());
        let number = revision.number;
        if digest != revision.digest {
            found.problems.push(format!("{name} revision {number} does not match its digest"));
        }
        if !submitted.iter().any(|(id, of, covers)| {
            *id == ret.id.to_string() && *of == number && *covers == digest.to_string()
        }) {
            found.problems.push(format!("{name} revision {number} is not in the ledger as it stands"));
        }
        let from_document = parse_strict(&revision.document)
            .ok()
            .and_then(|document| figures_of(&document).ok())
            .unwrap_or_default();
        let rows = figures::figures_of(conn, ret.id, number).await?.into_iter().map(|row| row.figure).collect();
        if !same_figures(from_document, rows) {
            found.problems.push(format!("the figures of {name} revision {number} are not those of its document"));
        }
    }
    for signature in signatures::signatures_of(conn, ret.id).await? {
        found.signatures += 1;
        if !signed.contains(&format!("{} {}", signature.id, signature.digest)) {
            found.problems.push(format!("a signature on {name} revision {} is not in the ledger", signature.revision));
        }
    }
    Ok(())
}

fn same_figures(mut one: Vec<Figure>, mut other: Vec<Figure>) -> bool {
    let key = |figure: &Figure| (figure.measure.clone(), figure.allocation.clone());
    one.sort_by_key(key);
    other.sort_by_key(key);
    one == other
}
