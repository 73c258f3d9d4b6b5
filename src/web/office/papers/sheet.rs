//! One paper: how far it is, what can be done with it, its editions.
//!
//! Invariant: whoever may only read editions comes from here to those, and sees nothing of what is being prepared.

use countersign_domain::form::schema::Audience;
use countersign_domain::ids::PaperId;
use poem::handler;
use poem::web::{Path, Query};
use serde::Serialize;
use serde_json::json;

use super::super::super::{OfficeSession, Reply, Web, session};
use super::super::words::Fact;
use super::super::{Part, frame, id};
use super::{Done, EditionView, FileView, for_whom, href, standing_facts, word};
use crate::service::paper::{self, Counts, INTERNAL, Opened, Sheet};
use crate::service::{ServiceError, notify};

#[derive(Debug, Serialize)]
struct WordView {
    label: String,
    href: String,
    begins: String,
    blank: bool,
    problems: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct LinkView {
    href: String,
    text: String,
    hint: &'static str,
}

#[derive(Debug, Serialize)]
struct StoriesView {
    words: String,
    any: bool,
}

#[derive(Debug, Serialize)]
struct PublishView {
    why_not: Option<String>,
    next: u32,
    choices: Vec<LinkView>,
}

/// How much of a text is shown.
const BEGINS: usize = 160;

/// One paper.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>, Query(done): Query<Done>) -> Reply {
    let id: PaperId = id(&path)?;
    let sheet = match paper::sheet(&web.deps, &session.officer, id, web.now()).await {
        Ok(sheet) => sheet,
        // Who reads editions alone is led to the last one, and who has none finds nothing here.
        Err(ServiceError::NotFound) => {
            let last = paper::last_edition(&web.deps, &session.officer, id).await?;
            return Ok(session::redirect(&format!("{}/editions/{last}", href(id))));
        }
        Err(other) => return Err(other.into()),
    };
    let title = sheet.opened.title();
    let context = json!({
        "fund": sheet.opened.fund.title, "title": title, "href": href(id), "header": header(&sheet),
        "prepares": sheet.prepares, "words": words(&sheet), "stories": stories(&sheet),
        "looks": looks(&sheet.opened), "internal": internal(&web, id), "watermark": INTERNAL,
        "publish": publish(&sheet), "done": done_words(&done),
        "editions": sheet.editions.iter().rev().map(|(edition, by)| EditionView::new(edition, by)).collect::<Vec<_>>(),
    });
    let frame = frame(&session, Part::Papers, title).back("/office/papers");
    web.page(frame, "office/papers/paper.html", context)
}

fn done_words(done: &Done) -> Option<&'static str> {
    match done.done.as_str() {
        "saved" => Some("Your text is saved."),
        _ => None,
    }
}

fn header(sheet: &Sheet) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Period", sheet.opened.paper.period.label()),
        Fact::new("May go as far as", sheet.opened.report.audience.readers()),
        Fact::new(
            "Begun",
            format!("by {}, {}", sheet.begun.by, notify::moment(sheet.begun.at)),
        ),
    ];
    facts.extend(standing_facts(&sheet.standing));
    facts
}

fn words(sheet: &Sheet) -> Vec<WordView> {
    let own = href(sheet.opened.paper.id);
    let asked = sheet.opened.report.prose.iter();
    asked
        .map(|prose| {
            let text = sheet.opened.paper.prose.get(&prose.id).map_or("", String::as_str);
            WordView {
                label: prose.label.clone(),
                href: format!("{own}/words/{}", prose.id),
                begins: begins(text),
                blank: text.is_empty(),
                problems: sheet
                    .faulty
                    .contains(&prose.label)
                    .then_some("It names something that is not there, or is too long."),
            }
        })
        .collect()
}

/// The first words of a text.
fn begins(text: &str) -> String {
    if text.is_empty() {
        return "Nothing yet".to_owned();
    }
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(BEGINS) {
        None => line,
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
    }
}

fn stories(sheet: &Sheet) -> StoriesView {
    match sheet.stories {
        Counts { all: 0, .. } => StoriesView {
            words: "There are none in what it tells.".to_owned(),
            any: false,
        },
        counts => StoriesView {
            words: format!(
                "{} of {} cleared. What is not cleared is left out of what leaves the commissioner’s house.",
                counts.cleared, counts.all
            ),
            any: true,
        },
    }
}

fn looks(opened: &Opened) -> Vec<LinkView> {
    let own = href(opened.paper.id);
    let look = |audience: Audience| LinkView {
        href: format!("{own}/preview/{}", word(audience)),
        text: format!("As it is {}", for_whom(audience)),
        hint: match audience {
            Audience::Internal => "All figures and stories; figures that are not signed yet are marked.",
            Audience::Panel | Audience::Public => "With what is held back, and with the stories that are cleared.",
        },
    };
    opened.audiences().into_iter().map(look).collect()
}

fn internal(web: &Web, id: PaperId) -> Vec<FileView> {
    let formats = web.deps.printer.formats().iter();
    formats
        .map(|format| FileView {
            href: format!("{}/internal/paper.{}", href(id), format.extension()),
            text: format.name(),
        })
        .collect()
}

fn publish(sheet: &Sheet) -> PublishView {
    let own = href(sheet.opened.paper.id);
    let choice = |audience: Audience| LinkView {
        href: format!("{own}/publish/{}", word(audience)),
        text: format!("Publish {}", for_whom(audience)),
        hint: "",
    };
    PublishView {
        why_not: (sheet.standing.signed == 0)
            .then(|| "No return that it is made from has been signed yet, so there is nothing to publish.".to_owned()),
        next: sheet.editions.last().map_or(1, |(edition, _)| edition.number + 1),
        choices: sheet.opened.audiences().into_iter().map(choice).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_by_its_first_words() {
        assert_eq!(begins(""), "Nothing yet");
        assert_eq!(begins("Two\n\nparagraphs"), "Two paragraphs");
        let long = begins(&"ŵ ".repeat(200));
        assert!(long.ends_with('…') && long.chars().count() <= BEGINS + 2, "{long}");
    }
}
