//! A browser without scripts: it keeps cookies, follows links and redirects, and fills in forms by what stands beside
//! their boxes.
//!
//! Invariant: it sends what a real browser would send of the page before it, and nothing else. Every page that it
//! loads is held against what all pages promise.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder, Response, Url, redirect};
use scraper::{Html, Selector};

use super::forms::{Control, Controls, Edit, visible_text};

/// One answer of the server, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub method: Method,
    pub path: String,
    pub status: u16,
}

/// A browser with cookies of its own.
pub struct TestBrowser {
    client: Client,
    base: Url,
    pub(super) at: Url,
    pub(super) html: String,
    edits: Vec<Edit>,
    under: Vec<String>,
    /// The status of the page.
    pub status: u16,
    /// The headers of the page.
    pub headers: HeaderMap,
    /// Every answer so far, redirects included.
    pub steps: Vec<Step>,
}

impl TestBrowser {
    /// A new browser, on no page yet.
    pub fn new(base: &str) -> Self {
        Self::at(base, Ipv4Addr::LOCALHOST)
    }

    /// A new browser on a machine with this address.
    pub fn at(base: &str, address: Ipv4Addr) -> Self {
        let client = Client::builder()
            .local_address(IpAddr::from(address))
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .no_proxy();
        let base: Url = base.parse().expect("an address");
        Self {
            client: client.build().expect("a client"),
            at: base.clone(),
            base,
            html: String::new(),
            edits: Vec::new(),
            under: Vec::new(),
            status: 0,
            headers: HeaderMap::new(),
            steps: Vec::new(),
        }
    }

    /// Opens an address.
    pub async fn visit(&mut self, address: &str) {
        let url = self.at.join(address).expect("an address");
        let request = self.client.get(url.clone()).header("sec-fetch-site", "none");
        self.load(Method::GET, url, request).await;
    }

    /// Follows the link with this text.
    pub async fn follow(&mut self, text: &str) {
        let address = self
            .link(text)
            .unwrap_or_else(|| panic!("no link “{text}” on {}", self.says()));
        self.visit(&address).await;
    }

    /// Where the link with this text leads, or the first that begins so.
    pub fn link(&self, text: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        let links: Vec<(String, String)> = document
            .select(&css("a[href]"))
            .map(|link| (visible_text(link), link.attr("href").unwrap_or_default().to_owned()))
            .collect();
        let exact = links.iter().find(|(shown, _)| shown == text);
        exact
            .or_else(|| links.iter().find(|(shown, _)| shown.starts_with(text)))
            .map(|(_, href)| href.clone())
    }

    /// Where all links lead.
    pub fn links(&self) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document
            .select(&css("a[href]"))
            .filter_map(|link| link.attr("href").map(str::to_owned))
            .collect()
    }

    /// From here on boxes and buttons are looked for beneath these words, each beneath the one before.
    pub fn under(&mut self, words: &[&str]) -> &mut Self {
        self.under = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// Types into the box with this label; `Legend > Label` where a label alone would not do.
    pub fn fill(&mut self, label: &str, text: &str) -> &mut Self {
        self.edit(label, |control| Edit::Text(control, text.to_owned()))
    }

    /// Chooses from a list, or one of some radio buttons.
    pub fn choose(&mut self, label: &str, option: &str) -> &mut Self {
        let controls = self.controls();
        let edit = match controls.list(label, &self.under) {
            Some(control) => {
                let value = control
                    .option(option)
                    .unwrap_or_else(|| panic!("“{label}” does not offer “{option}”"));
                Edit::Text(control.index, value)
            }
            None => Edit::Checked(self.find(&controls, &format!("{label} > {option}")), true),
        };
        self.edits.push(edit);
        self
    }

    /// Ticks a box.
    pub fn tick(&mut self, label: &str) -> &mut Self {
        self.edit(label, |control| Edit::Checked(control, true))
    }

    /// Takes the tick out of a box.
    pub fn untick(&mut self, label: &str) -> &mut Self {
        self.edit(label, |control| Edit::Checked(control, false))
    }

    /// Chooses a file.
    pub fn attach(&mut self, label: &str, name: &str, bytes: &[u8]) -> &mut Self {
        self.edit(label, |control| Edit::File(control, name.to_owned(), bytes.to_vec()))
    }

    fn edit(&mut self, label: &str, edit: impl FnOnce(usize) -> Edit) -> &mut Self {
        let found = self.find(&self.controls(), label);
        self.edits.push(edit(found));
        self
    }

    pub(super) fn find(&self, controls: &Controls, label: &str) -> usize {
        match controls.find(label, &self.under) {
            Ok(control) => control.index,
            Err(why) => panic!("{why}\non {}", self.says()),
        }
    }

    /// What stands in the box with this label.
    pub fn value(&self, label: &str) -> String {
        let controls = self.controls();
        controls.all[self.find(&controls, label)].value.clone()
    }

    /// Whether the box with this label is ticked, or chosen.
    pub fn is_ticked(&self, label: &str) -> bool {
        let controls = self.controls();
        controls.all[self.find(&controls, label)].checked
    }

    /// What a hidden field of the page holds.
    pub fn hidden(&self, name: &str) -> String {
        let found = self
            .controls()
            .all
            .into_iter()
            .find(|control| control.kind == "hidden" && control.name == name);
        found
            .unwrap_or_else(|| panic!("no hidden “{name}” on {}", self.says()))
            .value
    }

    /// Whether there is a box with this label.
    pub fn has(&self, label: &str) -> bool {
        self.controls().find(label, &self.under).is_ok()
    }

    /// Presses a button: its form is sent with all that stands in it.
    pub async fn press(&mut self, button: &str) {
        let (url, request) = self.sending(button);
        self.load(Method::POST, url, request).await;
    }

    /// Presses a button as often as it says, without waiting between; answers every status.
    pub async fn press_at_once(&mut self, button: &str, times: usize) -> Vec<(u16, String)> {
        let sent: Vec<_> = (0..times)
            .map(|_| tokio::spawn(self.sending(button).1.send()))
            .collect();
        let mut answers = Vec::new();
        for answer in sent {
            let answer = answer
                .await
                .expect("sending does not panic")
                .expect("the server answers");
            let status = answer.status().as_u16();
            answers.push((status, answer.text().await.expect("a text")));
        }
        answers
    }

    /// Presses a button without caring for an answer.
    pub fn pressed(&self, button: &str) -> RequestBuilder {
        self.sending(button).1
    }

    /// Whether there is such a button.
    pub fn has_button(&self, button: &str) -> bool {
        self.controls().button(button, &self.under).is_some()
    }

    fn sending(&self, button: &str) -> (Url, RequestBuilder) {
        let controls = self.controls();
        let pressed = controls
            .button(button, &self.under)
            .unwrap_or_else(|| panic!("no button “{button}” on {}", self.says()));
        let form = pressed
            .form
            .as_ref()
            .unwrap_or_else(|| panic!("the button “{button}” has no form"));
        let action = pressed.action.as_deref().or(form.action.as_deref()).unwrap_or("");
        let url = if action.is_empty() {
            self.at.clone()
        } else {
            self.at.join(action).expect("an address")
        };
        let request = self
            .client
            .post(url.clone())
            .header("sec-fetch-site", "same-origin")
            .header("origin", "null");
        let (fields, files) = controls.sent_with(pressed, &self.edits);
        if !form.multipart && !pressed.multipart {
            return (url, request.form(&fields));
        }
        let mut body = fields
            .into_iter()
            .fold(Form::new(), |body, (name, value)| body.text(name, value));
        for (name, file, bytes) in files {
            body = body.part(name, Part::bytes(bytes).file_name(file));
        }
        (url, request.multipart(body))
    }

    async fn load(&mut self, method: Method, url: Url, request: RequestBuilder) {
        let mut answer = request.send().await.expect("the server answers");
        let (mut method, mut url) = (method, url);
        self.note(method, &url, &answer);
        while answer.status().is_redirection() {
            let to = answer
                .headers()
                .get(LOCATION)
                .and_then(|to| to.to_str().ok())
                .expect("a redirect says where to");
            url = url.join(to).expect("an address");
            assert_eq!(url.origin(), self.base.origin(), "led away to {url}");
            method = Method::GET;
            answer = self
                .client
                .get(url.clone())
                .header("sec-fetch-site", "same-origin")
                .send()
                .await
                .expect("an answer");
            self.note(method, &url, &answer);
        }
        (self.status, self.headers) = (answer.status().as_u16(), answer.headers().clone());
        self.html = answer.text().await.expect("a text");
        self.at = url;
        self.edits.clear();
        self.under.clear();
        self.hold_to_what_all_pages_promise();
    }

    fn note(&mut self, method: Method, url: &Url, answer: &Response) {
        let path = url.path().to_owned();
        self.steps.push(Step {
            method,
            path,
            status: answer.status().as_u16(),
        });
    }

    fn hold_to_what_all_pages_promise(&self) {
        let header = |name: &str| {
            self.headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        assert_eq!(header("referrer-policy"), "no-referrer", "{}", self.at);
        if !header(CONTENT_TYPE.as_str()).starts_with("text/html") {
            return;
        }
        assert!(
            header("content-security-policy").contains("default-src 'self'"),
            "{}",
            self.at
        );
        assert_eq!(header("cache-control"), "no-store", "{}", self.at);
        let document = Html::parse_document(&self.html);
        let ids: Vec<&str> = document
            .select(&css("[id]"))
            .filter_map(|element| element.attr("id"))
            .collect();
        let once: BTreeSet<&str> = ids.iter().copied().collect();
        if once.len() != ids.len() {
            let twice: Vec<&&str> = ids
                .iter()
                .filter(|id| ids.iter().filter(|other| other == id).count() > 1)
                .collect();
            panic!("{} has ids twice: {twice:?}", self.at);
        }
        for link in document
            .select(&css(".govuk-error-summary a"))
            .filter_map(|link| link.attr("href"))
        {
            let Some(id) = link.strip_prefix('#') else { continue };
            assert!(
                once.contains(id),
                "the summary on {} leads to {link}, which is not there",
                self.at
            );
        }
        if document.select(&css(".govuk-error-summary")).next().is_some() {
            let title = document
                .select(&css("title"))
                .map(visible_text)
                .next()
                .unwrap_or_default();
            assert!(title.starts_with("Error: "), "{title}");
        }
    }

    /// A request of this browser that no page of the server would send.
    pub fn request(&self, method: Method, address: &str) -> RequestBuilder {
        self.client.request(method, self.at.join(address).expect("an address"))
    }

    pub(super) fn controls(&self) -> Controls {
        Controls::read(&Html::parse_document(&self.html), &self.edits)
    }

    /// Everything on the page, for the message of a test that failed.
    pub fn says(&self) -> String {
        format!(
            "{} ({}):\n{}\n{:?}",
            self.at,
            self.status,
            self.text(),
            self.controls().labels()
        )
    }
}

/// The controls of a page, for who looks at one closely.
pub fn controls_of(html: &str) -> Vec<Control> {
    Controls::read(&Html::parse_document(html), &[]).all
}

/// A selector.
pub fn css(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector")
}
