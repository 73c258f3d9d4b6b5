//! Whether editions are as they were published, against their digests, the revisions that they were made from and the
//! ledger; and whether the clearances are those that the ledger tells.
//!
//! Invariant: trusts no stored digest: each is worked out afresh from what it covers.

use std::collections::HashMap;

use countersign_domain::ids::{FundId, ReturnId};
use countersign_domain::ledger::Digest;
use countersign_domain::paper::{Edition, Publication};
use countersign_domain::returns::Return;
use serde_json::Value;

use super::clearances;
use super::publish::{PUBLISHED, told};
use crate::service::ServiceError;
use crate::store::{Connection, papers};

/// What the ledger tells of editions and of what was cleared for them.
#[derive(Default)]
pub struct Printed {
    /// The publication's id to the place of its leaf and what it says.
    told: HashMap<String, (u64, Value)>,
    /// How many leaves of editions had their body erased on request.
    erased: usize,
    clearances: clearances::Told,
}

impl Printed {
    /// Notes a leaf, where it is about an edition or a clearance; without its body where that was erased on request.
    pub fn note(&mut self, event: &str, about: Option<&(String, u32)>, index: u64, body: Option<&Value>) {
        self.clearances.note(event, about, index, body);
        match (event == PUBLISHED, body) {
            (false, _) => {}
            (true, None) => self.erased += 1,
            (true, Some(body)) => {
                let id = body["publication"].as_str().unwrap_or_default().to_owned();
                self.told.insert(id, (index, body.clone()));
            }
        }
    }
}

/// The digests of revisions.
type Digests = HashMap<(ReturnId, u32), Digest>;

/// What the rows say now of papers.
#[derive(Default)]
pub struct Kept {
    editions: Vec<Held>,
    clearances: Vec<clearances::Held>,
}

impl Kept {
    /// How many editions there are.
    pub fn editions(&self) -> usize {
        self.editions.len()
    }

    /// How many times something was cleared or that was withdrawn.
    pub fn clearances(&self) -> usize {
        self.clearances.len()
    }
}

/// An edition with what its rows say now.
struct Held {
    publication: Publication,
    files: Vec<(String, Digest)>,
}

/// Reads the editions and the clearances of a fund and says what is wrong with the editions by themselves. `revisions` are
/// the digests of the revisions as they were worked out afresh.
pub async fn hold(
    conn: &impl Connection,
    fund: FundId,
    revisions: &[(Return, u32, Digest)],
    kept: &mut Kept,
    problems: &mut Vec<String>,
) -> Result<(), ServiceError> {
    let digests: Digests = revisions
        .iter()
        .map(|(ret, number, digest)| ((ret.id, *number), *digest))
        .collect();
    for paper in papers::papers_of(conn, fund).await? {
        for edition in papers::editions_of(conn, paper.id).await? {
            kept.editions.push(one(conn, &edition, &digests, problems).await?);
        }
        kept.clearances.extend(clearances::hold(conn, &paper).await?);
    }
    Ok(())
}

async fn one(
    conn: &impl Connection,
    edition: &Edition,
    digests: &Digests,
    problems: &mut Vec<String>,
) -> Result<Held, ServiceError> {
    let publication = papers::publication(conn, edition.paper, edition.number).await?;
    let name = name(edition);
    if Digest::of(publication.document.as_bytes()) != edition.digest {
        problems.push(format!("what {name} says does not match its digest"));
    }
    for input in &publication.inputs {
        if digests.get(&(input.return_id, input.revision)) != Some(&input.digest) {
            problems.push(format!(
                "{name} was made from another revision {} of the return {}",
                input.revision, input.return_id
            ));
        }
    }
    let mut files = Vec::new();
    for line in papers::files_of(conn, edition.id).await? {
        let file = papers::file(conn, edition.id, &line.format).await?;
        let digest = Digest::of(&file.bytes);
        if digest != file.digest {
            problems.push(format!("the {} file of {name} does not match its digest", line.format));
        }
        files.push((line.format, digest));
    }
    Ok(Held { publication, files })
}

fn name(edition: &Edition) -> String {
    format!(
        "edition {} of the paper {} ({})",
        edition.number, edition.paper, edition.report
    )
}

/// Whether the rows and the ledger tell the same, both ways.
pub fn same_story(kept: Kept, mut printed: Printed, head: u64, problems: &mut Vec<String>) {
    clearances::same_story(&kept.clearances, printed.clearances, head, problems);
    let mut erased = printed.erased;
    for one in kept.editions {
        let says = told(
            &one.publication,
            one.files.iter().map(|(format, digest)| (format.as_str(), *digest)),
        );
        let holds = match printed.told.remove(&one.publication.edition.id.to_string()) {
            Some((_, body)) => says
                .as_object()
                .is_some_and(|says| says.iter().all(|(key, value)| body.get(key) == Some(value))),
            None => {
                let was_erased = erased > 0;
                erased = erased.saturating_sub(1);
                was_erased
            }
        };
        if !holds {
            problems.push(format!(
                "{} is not in the ledger as it stands",
                name(&one.publication.edition)
            ));
        }
    }
    for (id, _) in printed.told.into_iter().filter(|(_, (index, _))| *index < head) {
        problems.push(format!("the publication {id} is in the ledger and nowhere else"));
    }
}
