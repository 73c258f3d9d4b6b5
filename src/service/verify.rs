//! verify: reads the whole database again and says whether anything was altered since it was written.
//!
//! Invariant: trusts no stored digest: every hash is worked out afresh from what it covers.

use std::collections::{BTreeSet, HashMap, HashSet};

use countersign_domain::answers::figures_of;
use countersign_domain::answers::types::Figure;
use countersign_domain::ledger::Digest;
use countersign_domain::ledger::canonical::{canonical, parse_strict};
use countersign_domain::ledger::checkpoint::{Checkpoint, CheckpointError};
use countersign_domain::ledger::leaf::EventLeaf;
use countersign_domain::ledger::note::NoteSigner;
use countersign_domain::ledger::tree::{Frontier, leaf_hash};
use countersign_domain::returns::{Return, RowDecision, Signature};
use serde_json::Value;

use super::{Deps, ServiceError, decisions, paper};
use crate::store::ledger::LeafRow;
use crate::store::{Connection, decisions as stored, figures, ledger, register, returns, revisions, signatures};

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
    /// Editions of papers.
    pub editions: u64,
    /// Clearances of stories for papers, and their withdrawals.
    pub clearances: u64,
    /// What is wrong, in words; empty when all is as it was written.
    pub problems: Vec<String>,
}

/// What the ledger tells of revisions and signatures, each with the place of its leaf.
#[derive(Default)]
struct Told {
    /// Return and number to the digest; none where the leaf's body was erased on request.
    submitted: HashMap<(String, u32), (u64, Option<String>)>,
    /// The signature's id to what was signed.
    signed: HashMap<String, (u64, Value)>,
    /// Returns and revisions of which a signature's leaf was erased on request.
    erased: HashSet<(String, u32)>,
    /// Return, revision and stage to the decisions that were taken there, each as its canonical text.
    decided: HashMap<(String, u32, String), (u64, BTreeSet<String>)>,
    /// Returns and revisions of which the leaf of an acceptance or a signature was erased on request.
    undecided: HashSet<(String, u32)>,
    /// Editions of papers, and what was cleared for them.
    printed: paper::Printed,
}

/// What the tables hold of them.
#[derive(Default)]
struct Kept {
    revisions: Vec<(Return, u32, Digest)>,
    signatures: Vec<(String, Signature)>,
    decisions: Vec<(String, RowDecision)>,
    papers: paper::Kept,
}

/// Verifies the ledger, the revisions, the signatures, the editions of papers and what was cleared for them. The server may be at work meanwhile.
pub async fn verify(deps: &Deps) -> Result<Verified, ServiceError> {
    let read = deps.store.read();
    let mut found = Verified::default();
    // Rows are read after the head and before the leaves: whatever is written meanwhile, each row that is read has its
    // leaf, and each leaf before the head has its row.
    let head = ledger::head(&read).await?;
    let mut kept = Kept::default();
    let funds = register::all_funds(&read).await?;
    for fund in &funds {
        for ret in returns::returns_of_fund(&read, fund.id).await? {
            return_holds(&read, &ret, &mut found, &mut kept).await?;
        }
    }
    for fund in &funds {
        paper::hold(&read, fund.id, &kept.revisions, &mut kept.papers, &mut found.problems).await?;
    }
    found.editions = kept.papers.editions() as u64;
    found.clearances = kept.papers.clearances() as u64;
    let told = ledger_holds(deps, &read, &head, &mut found).await?;
    same_story(kept, told, head.size(), &mut found);
    Ok(found)
}

async fn ledger_holds(
    deps: &Deps,
    conn: &impl Connection,
    head: &Frontier,
    found: &mut Verified,
) -> Result<Told, ServiceError> {
    // Before the leaves: a checkpoint made meanwhile then has all of its leaves read.
    let mut checkpoints = ledger::checkpoints(conn).await?.into_iter().peekable();
    let mut frontier = Frontier::default();
    let mut told = Told::default();
    loop {
        let page = ledger::leaves(conn, frontier.size(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            if row.index != frontier.size() {
                found
                    .problems
                    .push(format!("ledger entry {} is missing", frontier.size()));
            }
            leaf_holds(&row, found, &mut told);
            frontier.append(leaf_hash(row.leaf.as_bytes()));
            found.leaves += 1;
            if frontier.size() == head.size() && frontier.root() != head.root() {
                found
                    .problems
                    .push("the ledger’s head does not match its entries".to_owned());
            }
            while let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.size == frontier.size()) {
                checkpoint_holds(deps, &checkpoint, frontier.root(), found);
            }
        }
    }
    for checkpoint in checkpoints {
        found.problems.push(format!(
            "a signed checkpoint covers {} entries, which are not there",
            checkpoint.size
        ));
    }
    if frontier.size() < head.size() {
        found
            .problems
            .push("the ledger has fewer entries than its head says".to_owned());
    }
    Ok(told)
}

fn leaf_holds(row: &LeafRow, found: &mut Verified, told: &mut Told) {
    let index = row.index;
    if row.hash != leaf_hash(row.leaf.as_bytes()) {
        found
            .problems
            .push(format!("ledger entry {index} does not match its hash"));
    }
    let Ok(leaf) = EventLeaf::parse(&row.leaf) else {
        found.problems.push(format!("ledger entry {index} cannot be read"));
        return;
    };
    let about = leaf.return_id().map(|id| id.to_string()).zip(leaf.revision());
    // Salt and body are taken away together when they are erased on request; the leaf stands without them.
    let (Some(salt), Some(body)) = (&row.salt, &row.body) else {
        told.printed.note(leaf.event(), about.as_ref(), index, None);
        match (leaf.event(), about) {
            ("submit", Some(about)) => drop(told.submitted.insert(about, (index, None))),
            ("sign", Some(about)) => {
                told.undecided.insert(about.clone());
                told.erased.insert(about);
            }
            ("accept", Some(about)) => drop(told.undecided.insert(about)),
            _ => {}
        }
        return;
    };
    let Ok(body) = parse_strict(body) else {
        found
            .problems
            .push(format!("the body of ledger entry {index} cannot be read"));
        return;
    };
    if !<&[u8; 32]>::try_from(salt.as_slice()).is_ok_and(|salt| leaf.holds(salt, &body)) {
        found.problems.push(format!(
            "the body of ledger entry {index} is not the one that was committed to"
        ));
    }
    if let (Some((id, revision)), Some(taken)) = (&about, body["more"]["decisions"].as_array()) {
        let stage = body["stage"].as_str().unwrap_or_default().to_owned();
        let taken = taken.iter().filter_map(|one| canonical(one).ok()).collect();
        told.decided.insert((id.clone(), *revision, stage), (index, taken));
    }
    told.printed.note(leaf.event(), about.as_ref(), index, Some(&body));
    match (leaf.event(), about) {
        ("submit", Some(about)) => {
            let digest = body["more"]["digest"].as_str().map(str::to_owned);
            told.submitted.insert(about, (index, Some(digest.unwrap_or_default())));
        }
        ("sign", _) => {
            let id = body["more"]["signature"].as_str().unwrap_or_default().to_owned();
            told.signed.insert(id, (index, body));
        }
        _ => {}
    }
}

fn checkpoint_holds(deps: &Deps, row: &ledger::Checkpoint, root: Digest, found: &mut Verified) {
    found.checkpoints += 1;
    // By the name that the note was signed under: the server may have been found at another address then.
    let origin = row.note.lines().next().unwrap_or_default();
    let opened = NoteSigner::from_seed(origin, &deps.secrets.ledger_key())
        .map_err(CheckpointError::from)
        .and_then(|signer| Checkpoint::open(&row.note, signer.verifier(), origin));
    match opened {
        Ok(checkpoint) if checkpoint.size() == row.size && checkpoint.root() == root => {}
        Ok(_) => found.problems.push(format!(
            "the ledger differs from the checkpoint signed at {} entries",
            row.size
        )),
        Err(error) => found
            .problems
            .push(format!("the checkpoint at {} entries: {error}", row.size)),
    }
}

async fn return_holds(
    conn: &impl Connection,
    ret: &Return,
    found: &mut Verified,
    kept: &mut Kept,
) -> Result<(), ServiceError> {
    let name = &ret.reference;
    for revision in revisions::revisions_of(conn, ret.id).await? {
        found.revisions += 1;
        let digest = Digest::of(revision.document.as_bytes());
        let number = revision.number;
        if digest != revision.digest {
            found
                .problems
                .push(format!("{name} revision {number} does not match its digest"));
        }
        kept.revisions.push((ret.clone(), number, digest));
        let from_document = parse_strict(&revision.document)
            .ok()
            .and_then(|document| figures_of(&document).ok())
            .unwrap_or_default();
        let rows = figures::figures_of(conn, ret.id, number)
            .await?
            .into_iter()
            .map(|row| row.figure)
            .collect();
        if !same_figures(from_document, rows) {
            found.problems.push(format!(
                "the figures of {name} revision {number} are not those of its document"
            ));
        }
    }
    for signature in signatures::signatures_of(conn, ret.id).await? {
        found.signatures += 1;
        kept.signatures.push((name.clone(), signature));
    }
    let taken = stored::decisions_of(conn, ret.id).await?;
    kept.decisions
        .extend(taken.into_iter().map(|decision| (name.clone(), decision)));
    Ok(())
}

/// Whether tables and ledger tell the same, both ways.
fn same_story(kept: Kept, mut told: Told, head: u64, found: &mut Verified) {
    let problems = &mut found.problems;
    for (ret, number, digest) in kept.revisions {
        match told.submitted.remove(&(ret.id.to_string(), number)) {
            Some((_, None)) => {}
            Some((_, Some(covers))) if covers == digest.to_string() => {}
            _ => problems.push(format!(
                "{} revision {number} is not in the ledger as it stands",
                ret.reference
            )),
        }
    }
    for ((id, number), _) in told.submitted.into_iter().filter(|(_, (index, _))| *index < head) {
        problems.push(format!(
            "revision {number} of the return {id} is in the ledger and nowhere else"
        ));
    }
    for (name, signature) in kept.signatures {
        let (id, of) = (
            signature.id.to_string(),
            (signature.return_id.to_string(), signature.revision),
        );
        let holds = match told.signed.remove(&id) {
            Some((_, body)) => as_signed(&signature, &body),
            None => told.erased.contains(&of),
        };
        if !holds {
            problems.push(format!(
                "a signature on {name} revision {} is not in the ledger as it stands",
                signature.revision
            ));
        }
    }
    paper::same_story(kept.papers, told.printed, head, problems);
    same_decisions(kept.decisions, &told.undecided, told.decided, head, problems);
    for (id, _) in told.signed.into_iter().filter(|(_, (index, _))| *index < head) {
        problems.push(format!("the signature {id} is in the ledger and nowhere else"));
    }
}

fn same_decisions(
    kept: Vec<(String, RowDecision)>,
    erased: &HashSet<(String, u32)>,
    mut told: HashMap<(String, u32, String), (u64, BTreeSet<String>)>,
    head: u64,
    problems: &mut Vec<String>,
) {
    for (name, decision) in kept {
        let about = (decision.return_id.to_string(), decision.revision);
        let stage = (about.0.clone(), about.1, decision.stage.clone());
        let text = canonical(&decisions::told(&decision)).unwrap_or_default();
        let there = match told.get_mut(&stage) {
            Some((_, taken)) => taken.remove(&text),
            None => erased.contains(&about),
        };
        if !there {
            problems.push(format!(
                "a decision on a row of {name} revision {} is not in the ledger as it stands",
                decision.revision
            ));
        }
    }
    for ((id, revision, _), (index, left)) in told {
        if index < head && !left.is_empty() {
            problems.push(format!(
                "{} decision(s) on rows of revision {revision} of the return {id} are in the ledger and nowhere else",
                left.len()
            ));
        }
    }
}

fn as_signed(signature: &Signature, body: &Value) -> bool {
    let said = |value: &Value, is: &str| value.as_str() == Some(is);
    let more = &body["more"];
    said(&body["stage"], &signature.stage)
        && said(&body["person"]["id"], &signature.person.to_string())
        && said(&more["digest"], &signature.digest.to_string())
        && said(&more["name"], &signature.typed_name)
        && said(&more["position"], &signature.position)
        && said(&more["statement"], &signature.statement)
        && said(&more["known_by"], &signature.known_by)
}

fn same_figures(mut one: Vec<Figure>, mut other: Vec<Figure>) -> bool {
    let key = |figure: &Figure| (figure.measure.clone(), figure.allocation.clone(), figure.row.clone());
    one.sort_by_key(key);
    other.sort_by_key(key);
    one == other
}
