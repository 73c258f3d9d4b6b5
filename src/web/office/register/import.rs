//! Importing the register: a file is looked at first, with everything that is wrong and everything that would change; only
//! that is then imported.
//!
//! Invariant: the file that is imported is the one that was looked at, kept under the digest of its bytes, and it changes
//! what was shown; otherwise it is looked at again.

use countersign_domain::ledger::Digest;
use poem::handler;
use poem::http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::super::super::posted::PostedFiles;
use super::super::super::{OfficeSession, Posted, Reply, Web, WebError};
use super::super::{Part, frame};
use crate::files::{FilesError, check};
use crate::service::ServiceError;
use crate::service::register::import::{self, ImportError, ImportProblem, Looked, Upload};
use crate::service::register::{Changed, Changes, Severity, TABLES, view};

/// More problems than this nobody reads at once.
const MOST_PROBLEMS: usize = 500;
/// More changes than this nobody reads at once; how many there are is said.
const MOST_CHANGES: usize = 500;

/// A file that has been looked at, as the form that imports it names it.
struct Kept {
    digest: String,
    name: String,
    table: String,
    bytes: Vec<u8>,
}

impl Kept {
    fn upload(&self) -> Upload {
        Upload {
            name: self.name.clone(),
            bytes: self.bytes.clone(),
            table: Some(self.table.clone()).filter(|table| !table.is_empty()),
        }
    }
}

/// The page on which a file is chosen.
#[handler]
pub async fn show(web: Web, session: OfficeSession) -> Reply {
    choose(&web, &session, "", None).await
}

async fn choose(web: &Web, session: &OfficeSession, table: &str, error: Option<String>) -> Reply {
    view::funds(&web.deps, &session.officer).await?;
    let item = |value: &str, text: String| json!({ "value": value, "text": text, "selected": value == table });
    let mut tables = vec![item("", "As the file’s name or its sheets say".to_owned())];
    tables.extend(
        TABLES
            .iter()
            .map(|table| item(table.name, format!("{}: {}", table.name, table.words))),
    );
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let frame = frame(session, Part::Register, "Import")
        .back("/office/register")
        .has_errors(error.is_some())
        .status(status);
    let summary: Vec<_> = error
        .iter()
        .map(|text| json!({ "text": text, "href": "#file" }))
        .collect();
    let context = json!({ "tables": tables, "error": error, "problems": summary });
    web.page(frame, "office/register/import.html", context)
}

/// Keeps the file and says what it would do.
#[handler]
pub async fn look(web: Web, session: OfficeSession, posted: Posted, files: PostedFiles) -> Reply {
    posted.only(&["table", "file"])?;
    view::funds(&web.deps, &session.officer).await?;
    let table = posted.get("table").to_owned();
    let Some(file) = files.get("file") else {
        return choose(&web, &session, &table, Some("Choose a file first".to_owned())).await;
    };
    let accept = ["xlsx".to_owned(), "csv".to_owned()];
    let checked = match check(&file.name, file.bytes.to_vec(), &accept) {
        Ok(checked) => checked,
        Err(words) => return choose(&web, &session, &table, Some(words)).await,
    };
    let kept = web.files.keep(checked).await.map_err(not_kept)?;
    let kept = Kept {
        digest: kept.digest,
        name: kept.name,
        table,
        bytes: file.bytes.to_vec(),
    };
    looked(&web, &session, &kept, None).await
}

/// Imports what was shown, or shows what it would do by now.
#[handler]
pub async fn apply(web: Web, session: OfficeSession, posted: Posted) -> Reply {
    posted.only(&["digest", "name", "table", "shown"])?;
    view::funds(&web.deps, &session.officer).await?;
    let wrong = || WebError::BadRequest("This form does not say which file it is about.");
    let shown: Digest = posted.get("shown").parse().map_err(|_| wrong())?;
    let kept = Kept {
        bytes: web.files.read(posted.get("digest")).await.map_err(not_kept)?,
        digest: posted.get("digest").to_owned(),
        name: posted.get("name").to_owned(),
        table: posted.get("table").to_owned(),
    };
    let by = Some((&session.officer, Some(shown)));
    match import::apply(&web.deps, by, vec![kept.upload()], web.now()).await {
        Ok(imported) => {
            let frame = frame(&session, Part::Register, "Imported").back("/office/register");
            let context = json!({
                "name": kept.name,
                "words": imported.changes.to_string(),
                "warnings": problems(&imported.warnings),
            });
            web.page(frame, "office/register/imported.html", context)
        }
        Err(ImportError::Problems(_)) => {
            let words = "The register has been changed since you looked, and the file no longer fits it.";
            looked(&web, &session, &kept, Some(words.to_owned())).await
        }
        Err(ImportError::Service(ServiceError::Conflict(words))) => looked(&web, &session, &kept, Some(words)).await,
        Err(ImportError::Service(other)) => Err(other.into()),
    }
}

fn not_kept(error: FilesError) -> ServiceError {
    match error {
        FilesError::NotFound => ServiceError::NotFound,
        FilesError::Folder(problem) => {
            tracing::warn!(%problem, "a file to be imported was not kept");
            ServiceError::Unavailable("The file could not be kept just now.".to_owned())
        }
        FilesError::Altered(_) => ServiceError::internal(error),
    }
}

async fn looked(web: &Web, session: &OfficeSession, kept: &Kept, words: Option<String>) -> Reply {
    let found: Looked = import::look(&web.deps, Some(&session.officer), vec![kept.upload()], web.now()).await?;
    let right = found.is_right();
    let errors = found
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let nothing = found.changes.added.is_empty() && found.changes.changed.is_empty();
    let status = match (&words, right) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let frame = frame(session, Part::Register, "What the import would do")
        .back("/office/register/import")
        .has_errors(!right)
        .status(status);
    let context = json!({
        "name": kept.name, "digest": kept.digest, "table": kept.table,
        "words": words, "right": right, "nothing": nothing, "errors": errors,
        "summary": found.changes.to_string(),
        "more_problems": found.problems.len().saturating_sub(MOST_PROBLEMS),
        "problems": problems(&found.problems),
        "added": entries(&found.changes.added), "changed": entries(&found.changes.changed),
        "shown": found.changes.digest().to_string(),
        "counts": counts(&found.changes),
    });
    web.page(frame, "office/register/looked.html", context)
}

#[derive(Debug, Serialize)]
struct ProblemView {
    error: bool,
    place: String,
    row: String,
    column: String,
    shows: String,
    message: String,
    help: String,
}

fn problems(all: &[ImportProblem]) -> Vec<ProblemView> {
    let one = |problem: &ImportProblem| ProblemView {
        error: problem.severity == Severity::Error,
        place: problem.sheet.clone().unwrap_or_else(|| problem.file.clone()),
        row: problem.row.map_or_else(|| "–".to_owned(), |row| row.to_string()),
        column: match (&problem.column, &problem.heading) {
            (Some(letter), Some(heading)) => format!("{letter} ({heading})"),
            (Some(letter), None) => letter.clone(),
            (None, Some(heading)) => heading.clone(),
            (None, None) => "–".to_owned(),
        },
        shows: problem.shows.clone().unwrap_or_else(|| "–".to_owned()),
        message: problem.message.clone(),
        help: problem.help.clone(),
    };
    all.iter().take(MOST_PROBLEMS).map(one).collect()
}

#[derive(Debug, Serialize)]
struct EntryView {
    table: &'static str,
    key: String,
    values: Vec<ValueView>,
}

#[derive(Debug, Serialize)]
struct ValueView {
    column: String,
    was: String,
    becomes: String,
}

fn entries(all: &[Changed]) -> Vec<EntryView> {
    let one = |changed: &Changed| EntryView {
        table: changed.table,
        key: changed.key.clone(),
        values: changed
            .values
            .iter()
            .map(|value| ValueView {
                column: value.column.replace('_', " "),
                was: value.was.clone(),
                becomes: value.becomes.clone(),
            })
            .collect(),
    };
    all.iter().take(MOST_CHANGES).map(one).collect()
}

fn counts(changes: &Changes) -> serde_json::Value {
    let more = |all: &[Changed]| all.len().saturating_sub(MOST_CHANGES);
    json!({
        "added": changes.added.len(), "more_added": more(&changes.added),
        "changed": changes.changed.len(), "more_changed": more(&changes.changed),
    })
}
