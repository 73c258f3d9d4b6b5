//! write: what a commissioner says in a paper in their own words.
//!
//! Invariant: nothing that was typed is lost. Two who write in different texts are both kept; of two who write in the same
//! one, the second is shown both.

use countersign_domain::ids::PaperId;
use countersign_domain::ledger::Digest;
use countersign_domain::report::Prose;

use super::{Opened, prepared};
use crate::service::report::in_general;
use crate::service::{Deps, FieldProblem, Officer, ServiceError};
use crate::store::{StoreError, papers};
use crate::wording::report::{Problem, check_prose};

/// How often a text is tried to be kept while others write in the paper's other texts.
const TRIES: usize = 5;

/// One text of a paper, to be written in.
#[derive(Debug, Clone)]
pub struct Written {
    /// The paper.
    pub opened: Opened,
    /// What is asked for.
    pub asked: Prose,
    /// What it says now.
    pub text: String,
    /// Names that text; goes with what is sent.
    pub seen: Digest,
    /// The figures that can stand in it: the name of each, and what it is in words.
    pub figures: Vec<(String, String)>,
}

/// What became of a text that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is kept.
    Kept,
    /// Somebody else wrote in it meanwhile: what it says now. Nothing was written.
    Theirs(String),
}

/// One text of a paper.
///
/// # Errors
/// [`ServiceError::NotFound`] for one that the report does not ask for.
pub async fn written(deps: &Deps, officer: &Officer, id: PaperId, part: &str) -> Result<Written, ServiceError> {
    let read = deps.store.read();
    let opened = prepared(deps, &read, officer, id).await?;
    let asked = opened.report.prose(part).ok_or(ServiceError::NotFound)?.clone();
    let text = opened.paper.prose.get(part).cloned().unwrap_or_default();
    let period = opened.paper.period.label();
    let mut figures = Vec::with_capacity(opened.report.figures.len());
    for figure in &opened.report.figures {
        let (form, measure) = figure.of.split_once('.').unwrap_or((&figure.of, ""));
        let form = deps.forms.latest(&read, form).await?;
        let named = form
            .iter()
            .flat_map(|form| form.measures_named())
            .find(|named| named.id == measure);
        let words = named.map(|named| in_general(named.label(), &opened.fund.title, &period));
        figures.push((figure.id.clone(), words.unwrap_or_else(|| figure.of.clone())));
    }
    Ok(Written {
        figures,
        seen: Digest::of(text.as_bytes()),
        opened,
        asked,
        text,
    })
}

/// Keeps a text that was written over the one that was seen.
///
/// # Errors
/// [`ServiceError::Invalid`] with everything that is wrong with it.
pub async fn save(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    part: &str,
    text: &str,
    seen: &str,
) -> Result<Saved, ServiceError> {
    let text = tidied(text);
    for _ in 0..TRIES {
        if let Some(saved) = kept(deps, officer, id, part, &text, seen).await? {
            return Ok(saved);
        }
    }
    Err(StoreError::Conflict { what: "paper" }.into())
}

/// One try; none when somebody else wrote in the paper between reading and writing.
async fn kept(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    part: &str,
    text: &str,
    seen: &str,
) -> Result<Option<Saved>, ServiceError> {
    let tx = deps.store.begin().await?;
    let mut opened = prepared(deps, &tx, officer, id).await?;
    opened.report.prose(part).ok_or(ServiceError::NotFound)?;
    let problems = check_prose(&opened.report, text);
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems.iter().map(field_problem).collect()));
    }
    let stands = opened.paper.prose.get(part).cloned().unwrap_or_default();
    if stands == text {
        return Ok(Some(Saved::Kept));
    }
    if Digest::of(stands.as_bytes()).to_string() != seen {
        return Ok(Some(Saved::Theirs(stands)));
    }
    opened.paper.prose.insert(part.to_owned(), text.to_owned());
    match papers::save_prose(&tx, id, &opened.paper.prose, opened.paper.version).await {
        Err(StoreError::Conflict { .. }) => return Ok(None),
        written => drop(written?),
    }
    tx.commit().await?;
    Ok(Some(Saved::Kept))
}

/// As it is kept: lines end in one way, and nothing but spaces stands at either end.
fn tidied(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn field_problem(problem: &Problem) -> FieldProblem {
    FieldProblem {
        field: "text".to_owned(),
        message: format!("Line {}: {}", problem.line, problem.message),
    }
}

/// The texts of a paper that cannot be published as they are, by their label.
pub(super) fn faulty(opened: &Opened) -> Vec<String> {
    let wrong = |prose: &&Prose| {
        let text = opened.paper.prose.get(&prose.id).map_or("", String::as_str);
        !check_prose(&opened.report, text).is_empty()
    };
    let all = opened.report.prose.iter().filter(wrong);
    all.map(|prose| prose.label.clone()).collect()
}
