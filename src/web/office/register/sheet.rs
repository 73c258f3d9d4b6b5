//! A table of the register's entries, and a long one in pages.
//!
//! Invariant: the search finds what the table shows, whatever the case; nothing of a list is on no page.

use serde::{Deserialize, Serialize};

use crate::wording::in_address;

/// The entries of one page of a long list.
const PER_PAGE: usize = 50;

/// What the address asks of a list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Words to search for.
    #[serde(default)]
    pub q: String,
    /// Which page, from 1.
    #[serde(default)]
    pub page: String,
    /// What has just been done: `saved` or `same`.
    #[serde(default)]
    pub done: String,
}

impl Asked {
    /// What has just been done, of what can have been.
    pub fn done(&self) -> Option<&str> {
        Some(self.done.as_str()).filter(|done| ["saved", "same"].contains(done))
    }
}

/// A table.
#[derive(Debug, Serialize)]
pub struct Sheet {
    caption: String,
    heads: Vec<Head>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Head {
    text: &'static str,
    numeric: bool,
}

/// A row.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    text: String,
    href: String,
    /// Said after the text to those who hear the page.
    hidden: String,
}

/// Plain text.
pub fn text(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        ..Cell::default()
    }
}

/// A link.
pub fn link(words: impl Into<String>, href: impl Into<String>) -> Cell {
    Cell {
        text: words.into(),
        href: href.into(),
        hidden: String::new(),
    }
}

/// A link to change an entry, which is named to those who hear the page.
pub fn change(href: impl Into<String>, what: &str) -> Cell {
    Cell {
        text: "Change".to_owned(),
        href: href.into(),
        hidden: what.to_owned(),
    }
}

/// A row of cells.
pub fn row(cells: impl Into<Vec<Cell>>) -> Row {
    Row { cells: cells.into() }
}

impl Sheet {
    /// A table; the heads that end with `£` are of amounts.
    pub fn new(caption: impl Into<String>, heads: &[&'static str], rows: Vec<Row>) -> Sheet {
        let head = |text: &&'static str| Head {
            text: text.trim_end_matches('£'),
            numeric: text.ends_with('£'),
        };
        Sheet {
            caption: caption.into(),
            heads: heads.iter().map(head).collect(),
            rows,
        }
    }
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct Paged {
    sheet: Sheet,
    q: String,
    /// How many there are of what was searched for.
    found: usize,
    page: usize,
    pages: usize,
    /// The addresses of the pages beside it; empty at an end.
    before: String,
    after: String,
}

impl Paged {
    /// The page that was asked for of the rows in which every searched word stands.
    pub fn of(href: &str, caption: &str, heads: &[&'static str], rows: Vec<Row>, asked: &Asked) -> Paged {
        let words: Vec<String> = asked.q.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let has = |row: &Row| {
            let said = row
                .cells
                .iter()
                .map(|cell| cell.text.to_lowercase())
                .collect::<Vec<_>>()
                .join(" ");
            words.iter().all(|word| said.contains(word))
        };
        let found: Vec<Row> = rows.into_iter().filter(has).collect();
        let pages = found.len().div_ceil(PER_PAGE).max(1);
        let page = asked.page.parse().unwrap_or(1).clamp(1, pages);
        let at = |page: usize| format!("{href}?q={}&page={page}", in_address(&asked.q));
        let total = found.len();
        let shown = found.into_iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).collect();
        Paged {
            sheet: Sheet::new(format!("{caption} ({total})"), heads, shown),
            q: asked.q.clone(),
            found: total,
            page,
            pages,
            before: if page > 1 { at(page - 1) } else { String::new() },
            after: if page < pages { at(page + 1) } else { String::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paged(many: usize, q: &str, page: &str) -> Paged {
        let rows = (1..=many).map(|nth| row([text(format!("Grant {nth}"))])).collect();
        let asked = Asked {
            q: q.to_owned(),
            page: page.to_owned(),
            done: String::new(),
        };
        Paged::of("/list", "Grants", &["Grant"], rows, &asked)
    }

    #[test]
    fn every_entry_is_on_one_page() {
        let first = paged(120, "", "");
        assert_eq!(
            (first.found, first.page, first.pages, first.sheet.rows.len()),
            (120, 1, 3, 50)
        );
        assert_eq!((first.before.as_str(), first.after.as_str()), ("", "/list?q=&page=2"));
        let last = paged(120, "", "3");
        assert_eq!(
            (last.sheet.rows.len(), last.sheet.rows[0].cells[0].text.as_str()),
            (20, "Grant 101")
        );
        for beyond in ["9", "0", "-1", "x", "99999999999999999999999"] {
            assert!((1..=3).contains(&paged(120, "", beyond).page), "{beyond}");
        }
        assert_eq!(paged(0, "", "").pages, 1);
    }

    #[test]
    fn the_search_goes_on_from_page_to_page() {
        let found = paged(120, "grant 1", "1");
        assert_eq!((found.found, found.pages), (40, 1));
        assert_eq!(paged(120, "GRANT", "2").before, "/list?q=GRANT&page=1");
    }
}
