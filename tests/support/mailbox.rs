//! Mails as their readers see them.
//!
//! Invariant: a mail says the same in text and in HTML, and leads nowhere but to the server.

use mail_parser::{Message, MessageParser};
use scraper::Html;

use super::browser::css;
use super::forms::visible_text;

/// A mail.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message_id: String,
}

impl Mail {
    /// Reads a mail as it was sent.
    pub fn read(bytes: &[u8]) -> Mail {
        let parsed: Message<'_> = MessageParser::default().parse(bytes).expect("a mail");
        let to = parsed
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address())
            .expect("an addressee");
        Mail {
            to: to.to_owned(),
            subject: parsed.subject().unwrap_or_default().to_owned(),
            text: parsed.body_text(0).expect("a text").replace("\r\n", "\n"),
            html: parsed.body_html(0).expect("an HTML").into_owned(),
            message_id: parsed.message_id().expect("an identity").to_owned(),
        }
    }

    /// The addresses in the text.
    pub fn links(&self) -> Vec<String> {
        let words = self
            .text
            .split_whitespace()
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"));
        words.map(|word| word.trim_end_matches(['.', ',']).to_owned()).collect()
    }

    /// The one link.
    #[track_caller]
    pub fn link(&self) -> String {
        let links = self.links();
        assert_eq!(links.len(), 1, "“{}” has one link: {links:?}", self.subject);
        links[0].clone()
    }

    /// Where the HTML leads.
    pub fn html_links(&self) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document
            .select(&css("a[href]"))
            .filter_map(|link| link.attr("href").map(str::to_owned))
            .collect()
    }

    /// Fails unless text and HTML say the same words and lead to the same places.
    #[track_caller]
    pub fn says_the_same_twice(&self) {
        let document = Html::parse_document(&self.html);
        let shown: String = document.select(&css("body")).map(visible_text).collect();
        let words = |text: &str| -> Vec<String> {
            let letters = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            text.split_whitespace()
                .map(letters)
                .filter(|word| !word.is_empty())
                .collect()
        };
        let (text, shown) = (words(&self.text), words(&shown));
        let missing: Vec<&String> = text.iter().filter(|word| !shown.contains(word)).collect();
        assert!(missing.is_empty(), "the HTML of “{}” lacks {missing:?}", self.subject);
        let mut links = self.html_links();
        links.dedup();
        assert_eq!(links, self.links(), "“{}” leads to the same places", self.subject);
    }

    /// The digits of a sign-in code.
    #[track_caller]
    pub fn code(&self) -> String {
        let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        self.text
            .split_whitespace()
            .find(is_code)
            .expect("a code of eight digits")
            .to_owned()
    }
}
