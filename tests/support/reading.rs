//! What a person reads on the page that a browser shows.
//!
//! Invariant: only what can be seen or is read out counts; what is hidden does not.

use scraper::{ElementRef, Html};

use super::browser::{TestBrowser, css};
use super::forms::visible_text;

impl TestBrowser {
    /// The text of the page that a person can see.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.html);
        document.select(&css("body")).map(visible_text).collect()
    }

    /// The page as it came.
    pub fn source(&self) -> &str {
        &self.html
    }

    /// The path of the page.
    pub fn path(&self) -> &str {
        self.at.path()
    }

    /// Whether a person can see this on the page.
    pub fn sees(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Fails unless a person can see each of these.
    #[track_caller]
    pub fn must_see(&self, texts: &[&str]) {
        let page = self.text();
        for text in texts {
            assert!(page.contains(text), "“{text}” is not on {}", self.says());
        }
    }

    /// Fails if a person can see any of these.
    #[track_caller]
    pub fn must_not_see(&self, texts: &[&str]) {
        let page = self.text();
        for text in texts {
            assert!(!page.contains(text), "“{text}” is on {}", self.says());
        }
    }

    /// The problems in the summary at the top.
    pub fn errors(&self) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document
            .select(&css(".govuk-error-summary__list li"))
            .map(visible_text)
            .collect()
    }

    /// The message beside the box with this label.
    pub fn beside(&self, label: &str) -> Option<String> {
        let controls = self.controls();
        let control = &controls.all[self.find(&controls, label)];
        let document = Html::parse_document(&self.html);
        control.described_by.iter().find_map(|id| {
            let element = document.select(&css(&format!("[id=\"{id}\"]"))).next()?;
            let is_error = element.value().classes().any(|class| class == "govuk-error-message");
            is_error.then(|| visible_text(element).trim_start_matches("Error: ").to_owned())
        })
    }

    /// The rows of the table with this caption: each the text of its cells.
    pub fn table(&self, caption: &str) -> Vec<Vec<String>> {
        let document = Html::parse_document(&self.html);
        let table = document
            .select(&css("table"))
            .find(|table| {
                table
                    .select(&css("caption"))
                    .any(|words| visible_text(words).starts_with(caption))
            })
            .unwrap_or_else(|| panic!("no table “{caption}” on {}", self.says()));
        let cells = |row: ElementRef<'_>| row.select(&css("th, td")).map(visible_text).collect();
        table.select(&css("tbody tr")).map(cells).collect()
    }
}
