//! What reviewers and officers decide of a return in a story.
//!
//! Invariant: what is judged is the revision that stands, as its page would have shown it.

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::returns::{Decision, Return};

use super::super::story::{Step, Verb};
use super::{found, fresh_code, officer, said, wrong};
use crate::service::decisions::{self, Decided};
use crate::service::sign::Signing;
use crate::service::{Deps, facts, review, sign};
use crate::store::revisions;

pub(super) async fn judge(deps: &Deps, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let (officer, ret) = (officer(deps, &step.by, now).await?, found(deps, step).await?);
    let why = step.reason.as_deref().unwrap_or_default();
    match step.verb {
        Verb::SendBack => {
            for ask in &step.queries {
                let asking = review::Asking {
                    revision: ret.revision,
                    section: &SectionKey(ask.section.clone()),
                    question: &ask.question,
                    text: &ask.ask,
                };
                review::query(deps, &officer, ret.id, asking, now).await.map_err(said)?;
            }
            review::send_back(deps, &officer, ret.id, ret.revision, why, now)
                .await
                .map_err(said)
        }
        Verb::Decline => sign::decline(deps, &officer, ret.id, ret.revision, why, now)
            .await
            .map_err(said),
        Verb::Accept => {
            let decided = decided(deps, &ret, step).await?;
            review::accept(deps, &officer, ret.id, ret.revision, &decided, now)
                .await
                .map_err(said)
        }
        _ => {
            let revision = revisions::get_revision(&deps.store.read(), ret.id, ret.revision)
                .await
                .map_err(wrong)?;
            let signing = Signing {
                revision: ret.revision,
                digest: revision.digest.to_string(),
                typed_name: officer.person.name.clone(),
                totp: fresh_code(&officer, now)?,
                agreed: true,
                decisions: decided(deps, &ret, step).await?,
            };
            sign::sign(deps, &officer, ret.id, &signing, now)
                .await
                .map(drop)
                .map_err(said)
        }
    }
}

/// What the step decides on the rows that wait in the return's stage.
async fn decided(deps: &Deps, ret: &Return, step: &Step) -> Result<Vec<Decided>, String> {
    let read = deps.store.read();
    let answered = facts::answered(deps, &read, ret.id).await.map_err(said)?;
    let Some(stage) = crate::service::listing::stage_of(&answered.case.form, &ret.state) else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for table in decisions::to_decide(&answered.case.form, &answered.evaluated, &stage.id) {
        for row in &table.rows {
            let name = format!("{}.{}.{}", table.section.0, table.question, row.row);
            let written = step.decide.get(&name).or_else(|| step.decide.get("all"));
            let written = written.ok_or_else(|| format!("nothing is decided of {name}"))?;
            let (decision, words) = written.split_once(':').unwrap_or((written, ""));
            all.push(Decided {
                section: table.section.clone(),
                question: table.question.clone(),
                row: row.row.clone(),
                decision: Decision::named(decision.trim()),
                words: words.trim().to_owned(),
            });
        }
    }
    Ok(all)
}
