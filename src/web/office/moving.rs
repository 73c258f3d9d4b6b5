//! The published forms, and the moving of returns that nobody has submitted yet to a newer version of theirs.
//!
//! Invariant: what becomes of every answer is shown before anything is moved, and nothing else is done; a move can be undone from
//! the same page.

use countersign_domain::ids::ReturnId;
use poem::handler;
use poem::web::{Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::{OfficeSession, Posted, Reply, Web, WebError, session};
use super::words::groups;
use super::{Part, frame, id};
use crate::service::forms::{self, Published};
use crate::service::moving::{self, DraftMove};
use crate::service::{ServiceError, notify};

/// The field with the page to go back to.
const BACK: &str = "version";

#[derive(Debug, Serialize)]
struct FormView {
    id: String,
    title: String,
    versions: Vec<VersionView>,
}

#[derive(Debug, Serialize)]
struct VersionView {
    version: u32,
    href: String,
    published: String,
    digest_groups: Vec<String>,
    latest: bool,
}

/// Every form with its versions.
#[handler]
pub async fn list(web: Web, session: OfficeSession) -> Reply {
    let all = forms::published(&web.deps, &session.officer).await?;
    let mut views: Vec<FormView> = Vec::new();
    for one in &all {
        let latest = all
            .iter()
            .filter(|known| known.id == one.id)
            .map(|known| known.version)
            .max();
        if views.last().is_none_or(|last| last.id != one.id) {
            views.push(FormView {
                id: one.id.clone(),
                title: String::new(),
                versions: Vec::new(),
            });
        }
        if let Some(view) = views.last_mut() {
            view.title.clone_from(&one.title);
            view.versions.insert(0, version(one, latest == Some(one.version)));
        }
    }
    let frame = frame(&session, Part::Forms, "Published forms");
    web.page(frame, "office/forms/index.html", json!({ "forms": views }))
}

fn version(of: &Published, latest: bool) -> VersionView {
    VersionView {
        version: of.version,
        href: format!("/office/forms/{}/{}", of.id, of.version),
        published: notify::moment(of.published_at),
        digest_groups: groups(&of.digest.to_string()),
        latest,
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `moved` or `undone`.
    #[serde(default)]
    done: String,
    /// How many returns were moved, or answers given since the move.
    #[serde(default)]
    many: String,
}

#[derive(Debug, Serialize)]
struct MoveView {
    reference: String,
    href: String,
    provider: String,
    from: u32,
    /// What wants something done, in words.
    wants: Vec<String>,
    /// What else becomes of answers.
    rest: Vec<String>,
}

/// A version: what moving to it would do, and which moves can be undone.
#[handler]
pub async fn show(
    web: Web,
    session: OfficeSession,
    Path((form, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Reply {
    let number: u32 = id(&number)?;
    let all = forms::published(&web.deps, &session.officer).await?;
    let found = all.iter().find(|known| known.id == form && known.version == number);
    let found = found.ok_or(ServiceError::NotFound)?;
    let moves = moving::preview(&web.deps, &session.officer, &form, number).await?;
    let back = moving::can_go_back(&web.deps, &session.officer, &form, number).await?;
    let back: Vec<_> = back
        .into_iter()
        .map(|one| {
            json!({
                "reference": one.ret.reference, "provider": one.provider, "version": one.version,
                "href": format!("/office/returns/{}", one.ret.id),
            })
        })
        .collect();
    let title = format!("{}, version {number}", found.title);
    let frame = frame(&session, Part::Forms, title.clone()).back("/office/forms");
    let context = json!({
        "title": title, "id": form, "number": number, "version": version(found, false),
        "shown": moving::digest_of(&moves).to_string(),
        "moves": moves.iter().map(move_view).collect::<Vec<_>>(), "back": back, "done": done(&asked),
    });
    web.page(frame, "office/forms/form.html", context)
}

fn done(asked: &Asked) -> Option<String> {
    let many: u32 = asked.many.parse().ok()?;
    match (asked.done.as_str(), many) {
        ("moved", 0) => Some("No return was waiting on an older version.".to_owned()),
        ("moved", 1) => Some("1 return was moved.".to_owned()),
        ("moved", many) => Some(format!("{many} returns were moved.")),
        ("undone", 0) => Some("The move was undone. The draft is as it was before.".to_owned()),
        ("undone", many) => Some(format!(
            "The move was undone. What was answered since, {many} in number, keeps its answer."
        )),
        _ => None,
    }
}

fn move_view(one: &DraftMove) -> MoveView {
    use countersign_domain::moving::Fate;
    let wants = |fate: Fate| matches!(fate, Fate::NeedsAnswer | Fate::NotReadable | Fate::NotPlaced);
    let (first, rest): (Vec<_>, Vec<_>) = one.answers.iter().partition(|answer| wants(answer.fate));
    MoveView {
        reference: one.ret.reference.clone(),
        href: format!("/office/returns/{}", one.ret.id),
        provider: one.provider.clone(),
        from: one.ret.form_version,
        wants: first.into_iter().map(|answer| answer.words.clone()).collect(),
        rest: rest.into_iter().map(|answer| answer.words.clone()).collect(),
    }
}

/// Moves all returns that wait on an older version.
#[handler]
pub async fn apply(
    web: Web,
    session: OfficeSession,
    Path((form, number)): Path<(String, String)>,
    posted: Posted,
) -> Reply {
    posted.only(&["shown"])?;
    let number: u32 = id(&number)?;
    forms::published(&web.deps, &session.officer).await?;
    let wrong = || WebError::BadRequest("This form does not say what was shown.");
    let shown = posted.get("shown").parse().map_err(|_| wrong())?;
    let at = (form.as_str(), number);
    let done = moving::apply_as_shown(&web.deps, &session.officer, at, shown, web.now()).await?;
    Ok(session::redirect(&format!(
        "/office/forms/{form}/{number}?done=moved&many={}",
        done.len()
    )))
}

/// Undoes the last move of a return.
#[handler]
pub async fn undo(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    posted.only(&["form", BACK])?;
    let ret: ReturnId = id(&path)?;
    let undone = moving::undo(&web.deps, &session.officer, ret, web.now()).await?;
    let all = forms::published(&web.deps, &session.officer).await?;
    // Only an address of a form that is there is led to.
    let known = all
        .iter()
        .find(|known| known.id == posted.get("form") && known.version.to_string() == posted.get(BACK));
    let known = known.ok_or(WebError::BadRequest("This form does not say which form it is about."))?;
    Ok(session::redirect(&format!(
        "/office/forms/{}/{}?done=undone&many={}",
        known.id,
        known.version,
        undone.answered_since.len()
    )))
}
