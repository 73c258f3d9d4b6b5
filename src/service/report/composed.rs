//! compose: a paper of a report, a fund and a window, as a document whose figures are still to be looked through.
//!
//! Invariant: what a paper says follows from the report, the prose, the clearances and the figures, and from nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use countersign_domain::answers::types::Finding;
use countersign_domain::document::{Block, Definition, Document, Raw};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{FundId, ReturnId};
use countersign_domain::paper::Input;
use countersign_domain::period::Period;
use countersign_domain::report::Report;
use countersign_domain::returns::Revision;

use super::frozen::{Frozen, FrozenSection};
use super::kin::kin;
pub use super::material::Cleared;
use super::material::{Brief, Material, gather};
use super::names::Names;
use super::told::{Telling, finding_place, may_tell_of_people, needs_clearing, story_place};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::gathered;
use crate::wording::report::{Problem, compose as compose_text};

/// What a paper is made from.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// The fund.
    pub fund: FundId,
    /// The report.
    pub report: &'a Report,
    /// What it covers.
    pub period: Period,
    /// What the commissioner wrote, by the id of its place in the report.
    pub prose: &'a BTreeMap<String, String>,
    /// What was cleared for it.
    pub cleared: &'a [Cleared],
    /// Whether submitted figures that are not signed are told, marked as such.
    pub provisional: bool,
    /// For whom this version is: the report's own audience, or a narrower one.
    pub audience: Audience,
    /// The day that the paper speaks of.
    pub today: NaiveDate,
}

/// A paper, and what it was made from.
#[derive(Debug, Clone)]
pub struct Composed {
    /// What it says; nothing has been held back yet.
    pub document: Document<Raw>,
    /// The revisions that it tells, by return.
    pub inputs: Vec<Input>,
    /// Other returns by which its counts of people may have been told.
    pub kin: Vec<ReturnId>,
}

/// Why a paper was not composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The report or the prose is wrong, with places in its file.
    #[error("{} problems in the report", .0.len())]
    Report(Vec<Problem>),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Composes a paper. Whoever calls this has made sure that the officer may see the fund.
pub async fn compose(deps: &Deps, asking: Asking<'_>) -> Result<Composed, ComposeError> {
    let material = material(deps, &asking).await?;
    let inputs = inputs(deps, &material).await?;
    let kin = kin(deps, &deps.store.read(), &material).await?;
    let (report, prose) = (asking.report.clone(), asking.prose.clone());
    let (title, period) = (material.fund.title.clone(), material.windows.now.label());
    // A template may go through much: it does not hold up the pages of others meanwhile.
    let worked = tokio::task::spawn_blocking(move || worked_out(&report, &prose, &material));
    let (blocks, definitions) = worked
        .await
        .map_err(ServiceError::internal)?
        .map_err(ComposeError::Report)?;
    let document = Document {
        title: asking.report.title_for(&title, &period),
        subtitle: match title.contains(&period) {
            true => title,
            false => format!("{title}, {period}"),
        },
        audience: asking.audience,
        watermark: None,
        dated: asking.today,
        blocks,
        definitions,
    };
    Ok(Composed { document, inputs, kin })
}

type Worked = Result<(Vec<Block<Raw>>, Vec<Definition>), Vec<Problem>>;

/// The text is worked out twice: what its tables find is told wherever the report asks for findings, also ahead of them.
fn worked_out(report: &Report, prose: &BTreeMap<String, String>, material: &Material) -> Worked {
    let first = Telling::new(material, Vec::new());
    compose_text(report, prose, &first)?;
    let telling = Telling::new(material, first.finds());
    let blocks = compose_text(report, prose, &telling)?;
    Ok((blocks, telling.definitions()))
}

async fn material(deps: &Deps, asking: &Asking<'_>) -> Result<Material, ServiceError> {
    let report = asking.report;
    let named: Vec<String> = report
        .figures
        .iter()
        .map(|figure| format!("\"{}\"", figure.of))
        .collect();
    let brief = Brief {
        forms: report.forms.clone(),
        across: report.across,
        audience: asking.audience,
        explain: report.explain,
        source: format!("{}\n{}", report.body, named.join("\n")),
    };
    let when = (asking.period, asking.today);
    gather(deps, asking.fund, brief, when, asking.cleared, asking.provisional).await
}

/// The revisions that are told, with their digests.
async fn inputs(deps: &Deps, material: &Material) -> Result<Vec<Input>, ServiceError> {
    let told: Vec<(ReturnId, u32)> = material
        .returns
        .iter()
        .filter_map(|held| Some((held.ret.id, held.told?)))
        .collect();
    let digests = gathered::digests_of(&deps.store.read(), &told).await?;
    let mut inputs: Vec<Input> = digests
        .into_iter()
        .map(|(return_id, revision, digest)| Input {
            return_id,
            revision,
            digest,
        })
        .collect();
    inputs.sort_by_key(|input| input.return_id);
    Ok(inputs)
}

/// Words that a paper tells outside the office only once a named person has cleared them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearable {
    /// Where they stand.
    pub at: Cleared,
    /// The return's reference.
    pub reference: String,
    /// What they are about: a project, a question.
    pub about: String,
    /// The words as they were written.
    pub text: String,
    /// Whether they are cleared for this paper.
    pub cleared: bool,
}

/// The words of a finding, with its explanation.
fn words_of(finding: &Finding) -> String {
    let explanation = finding.explanation.as_ref();
    let explanation = explanation.map_or("", |explanation| explanation.text.as_str());
    let text = [finding.message.as_str(), explanation].join("\n");
    text.trim_end().to_owned()
}

/// The words that stand at a place of a revision, as somebody reads them who clears them; none where there are none.
///
/// # Errors
/// When the revision cannot be read.
pub fn words_at(revision: &Revision, place: &str) -> Result<Option<String>, ServiceError> {
    let frozen = Frozen::of(revision)?;
    let answers = |section: &FrozenSection| {
        let mut answers = section.answers.iter();
        let there = answers.find(|answer| story_place(section, answer) == place);
        there.map(|answer| answer.shown.clone())
    };
    let finding = || {
        let mut findings = frozen.findings.iter();
        findings.find(|finding| finding_place(finding) == place).map(words_of)
    };
    Ok(frozen.sections.iter().find_map(answers).or_else(finding))
}

/// What of a paper is to be cleared: stories, what was written of people, and findings about people.
pub async fn clearable(deps: &Deps, officer: &Officer, asking: Asking<'_>) -> Result<Vec<Clearable>, ServiceError> {
    officer.within(asking.fund)?;
    let material = material(deps, &asking).await?;
    let findings = material.asked.calls(&["findings"]) || material.brief.explain.is_some();
    let mut all = Vec::new();
    for (_, held) in material.returns_now(&material.brief.forms) {
        let (Some(frozen), Some(revision)) = (material.documents.get(&held.ret.id), held.told) else {
            continue;
        };
        let names = Names::new(&held.form, frozen);
        let mut put = |place: String, about: String, text: String| {
            all.push(Clearable {
                cleared: material.is_cleared(held, &place),
                at: Cleared {
                    ret: held.ret.id,
                    revision,
                    place,
                },
                reference: held.ret.reference.clone(),
                about,
                text,
            });
        };
        let named = material.asked.named.get(&held.ret.form);
        for section in &frozen.sections {
            for answer in &section.answers {
                let asked = named.is_some_and(|named| named.contains(&answer.question));
                let question = held.form.question(&answer.question).map(|(_, question)| question);
                if asked && !answer.shown.is_empty() && question.is_some_and(may_tell_of_people) {
                    let about = format!("{}: {}", names.subject(section), answer.label);
                    put(story_place(section, answer), about, answer.shown.clone());
                }
            }
        }
        let about_people = frozen
            .findings
            .iter()
            .filter(|finding| needs_clearing(&held.form, finding));
        for finding in about_people.filter(|_| findings) {
            put(finding_place(finding), names.of_finding(finding), words_of(finding));
        }
    }
    Ok(all)
}
