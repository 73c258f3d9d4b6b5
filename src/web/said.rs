//! A form's words in the language that their reader chose.
//!
//! Invariant: words that have no Welsh are shown in English, and what is Welsh says so, so that it is read out as Welsh.

use countersign_domain::form::schema::{Form, Kind, Question, TableRows, Words};
use poem::Request;
use poem::http::header;
use serde::Serialize;

/// The cookie with the choice. It holds nothing else, and nothing of who reads.
const COOKIE: &str = "countersign-words";
/// How long the choice is kept: a year, in seconds.
const KEPT_SECONDS: u32 = 31_536_000;

/// The language in which somebody reads a form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which every form has.
    #[default]
    English,
    /// Welsh, where the form has it.
    Welsh,
}

impl Language {
    /// As it stands in a request's cookie.
    pub fn of(request: &Request) -> Self {
        let lines = request.headers().get_all(header::COOKIE);
        let mut pairs = lines
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'));
        let chosen = pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        chosen.and_then(Self::named).unwrap_or_default()
    }

    /// By its code.
    pub fn named(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "cy" => Some(Self::Welsh),
            _ => None,
        }
    }

    /// `en` or `cy`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }

    /// The line that keeps the choice in a browser; `secure` where pages travel encrypted.
    pub fn cookie(self, secure: bool) -> String {
        let secure = if secure { "; Secure" } else { "" };
        let code = self.code();
        format!("{COOKIE}={code}; Path=/return; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}")
    }

    /// Words in this language, else in English; `fill` puts names into the text that is taken.
    pub fn say(self, words: &Words, fill: impl FnOnce(&str) -> String) -> Said {
        match (self, &words.cy) {
            (Self::Welsh, Some(cy)) => Said {
                text: fill(cy),
                lang: Some("cy"),
            },
            _ => Said::plain(fill(&words.en)),
        }
    }
}

/// Words, and their language where it is not the page's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The words.
    pub text: String,
    /// `cy`, or none for English.
    pub lang: Option<&'static str>,
}

impl Said {
    /// In the page's own language.
    pub fn plain(text: impl Into<String>) -> Self {
        Said {
            text: text.into(),
            lang: None,
        }
    }
}

/// Whether a form has any Welsh words, so that it is worth offering.
pub fn has_welsh(form: &Form) -> bool {
    let cy = |words: &Words| words.cy.is_some();
    let of_section = form.sections.iter().any(|section| {
        cy(&section.title) || section.hint.as_ref().is_some_and(cy) || section.questions.iter().any(of_question)
    });
    of_section
        || cy(&form.title)
        || form.cohorts.iter().any(|(_, words)| cy(words))
        || form.measures.iter().any(|measure| cy(&measure.title))
}

fn of_question(question: &Question) -> bool {
    let cy = |words: &Words| words.cy.is_some();
    let of_kind = match &question.kind {
        Kind::Choice { options } | Kind::Choices { options, .. } => options.iter().any(|(_, words)| cy(words)),
        Kind::Ratio {
            of_label, per_label, ..
        } => cy(of_label) || cy(per_label),
        Kind::Declaration { statement } => cy(statement),
        Kind::Table(table) => {
            let rows = match &table.rows {
                TableRows::Fixed(rows) => rows.iter().any(|row| cy(&row.label)),
                _ => false,
            };
            rows || table.columns.iter().any(of_question)
        }
        _ => false,
    };
    of_kind || cy(&question.label) || question.hint.as_ref().is_some_and(cy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(cookies: &str) -> Language {
        Language::of(&Request::builder().header("cookie", cookies).finish())
    }

    #[test]
    fn the_choice_comes_back_from_its_cookie() {
        assert_eq!(chosen("countersign=t; countersign-words=cy"), Language::Welsh);
        for english in [
            "",
            "countersign-words=en",
            "countersign-words=de",
            "xcountersign-words=cy",
        ] {
            assert_eq!(chosen(english), Language::English, "{english}");
        }
        let kept = Language::Welsh.cookie(true);
        assert!(kept.starts_with("countersign-words=cy; Path=/return;"), "{kept}");
        assert!(kept.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{kept}");
    }

    #[test]
    fn what_has_no_welsh_stays_english() {
        let words = |cy: Option<&str>| Words {
            en: "Spent".to_owned(),
            cy: cy.map(str::to_owned),
        };
        let say = |language: Language, cy| language.say(&words(cy), str::to_owned);
        assert_eq!(say(Language::Welsh, Some("Gwariwyd")).lang, Some("cy"));
        assert_eq!(say(Language::Welsh, Some("Gwariwyd")).text, "Gwariwyd");
        assert_eq!(say(Language::Welsh, None), Said::plain("Spent"));
        assert_eq!(say(Language::English, Some("Gwariwyd")), Said::plain("Spent"));
    }
}
