//! The forms of a page, read as a browser reads them: what can be filled in, by which words, and what is sent.
//!
//! Invariant: boxes are found by the words that a person sees beside them. What is hidden cannot be filled in, but is
//! sent.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node};

use super::browser::css;

/// What was done to a box, by its place on the page.
#[derive(Debug, Clone)]
pub enum Edit {
    Text(usize, String),
    Checked(usize, bool),
    File(usize, String, Vec<u8>),
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOf {
    /// Its place on the page.
    node: usize,
    pub action: Option<String>,
    pub multipart: bool,
}

/// A box, a list or a button.
#[derive(Debug, Clone)]
pub struct Control {
    pub index: usize,
    pub name: String,
    pub kind: String,
    pub value: String,
    pub checked: bool,
    pub label: String,
    pub legend: String,
    pub described_by: Vec<String>,
    pub form: Option<FormOf>,
    /// Where its button sends the form instead.
    pub action: Option<String>,
    pub multipart: bool,
    options: Vec<(String, String)>,
    place: usize,
    hidden: bool,
    disabled: bool,
}

impl Control {
    fn is_button(&self) -> bool {
        self.kind == "submit"
    }

    fn can_be_filled(&self) -> bool {
        !self.hidden && !self.disabled && self.kind != "hidden" && !self.is_button() && self.kind != "button"
    }

    /// The value of the option with this text.
    pub fn option(&self, text: &str) -> Option<String> {
        let exact = self.options.iter().find(|(shown, _)| shown == text);
        exact
            .or_else(|| self.options.iter().find(|(shown, _)| shown.starts_with(text)))
            .map(|(_, value)| value.clone())
    }
}

/// What is sent: fields in their order, and files: name, file name, bytes.
pub type Sent = (Vec<(String, String)>, Vec<(String, String, Vec<u8>)>);

/// Everything of a page that can be filled in or pressed, in order.
pub struct Controls {
    pub all: Vec<Control>,
    files: HashMap<usize, (String, Vec<u8>)>,
    words: Vec<(usize, String)>,
}

impl Controls {
    /// Reads a page, and does to it what was done.
    pub fn read(document: &Html, edits: &[Edit]) -> Controls {
        let places: HashMap<_, _> = document
            .tree
            .root()
            .descendants()
            .enumerate()
            .map(|(place, node)| (node.id(), place))
            .collect();
        let labels: HashMap<String, String> = document
            .select(&css("label[for]"))
            .map(|label| (label.attr("for").unwrap_or_default().to_owned(), visible_text(label)))
            .collect();
        let mut all = Vec::new();
        for element in document.select(&css("input, textarea, select, button")) {
            let place = places[&element.id()];
            let form = form_of(document, element).map(|form| FormOf {
                node: places[&form.id()],
                action: form.attr("action").map(str::to_owned),
                multipart: form.attr("enctype") == Some("multipart/form-data"),
            });
            all.push(control(element, all.len(), place, form, &labels));
        }
        let words = document
            .select(&css("h1, h2, h3, h4, dt, summary, legend, label, caption, th"))
            .map(|element| (places[&element.id()], visible_text(element)))
            .collect();
        let mut controls = Controls {
            all,
            files: HashMap::new(),
            words,
        };
        edits.iter().for_each(|edit| controls.apply(edit));
        controls
    }

    fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Text(index, text) => self.all[*index].value.clone_from(text),
            Edit::File(index, name, bytes) => drop(self.files.insert(*index, (name.clone(), bytes.clone()))),
            Edit::Checked(index, checked) => {
                let (kind, name) = (self.all[*index].kind.clone(), self.all[*index].name.clone());
                if kind == "radio" {
                    let form = self.all[*index].form.clone();
                    let others = self
                        .all
                        .iter_mut()
                        .filter(|other| other.kind == kind && other.name == name);
                    others
                        .filter(|other| other.form == form)
                        .for_each(|other| other.checked = false);
                }
                self.all[*index].checked = *checked;
            }
        }
    }

    /// The place on the page beneath these words; the whole page when there are none.
    fn beneath(&self, under: &[String]) -> usize {
        under.iter().fold(0, |from, words| {
            let mut after = self.words.iter().filter(|(place, _)| *place >= from);
            let found = after
                .clone()
                .find(|(_, text)| text == words)
                .or_else(|| after.find(|(_, text)| text.contains(words.as_str())));
            found
                .unwrap_or_else(|| panic!("“{words}” is not on the page: {:?}", self.words))
                .0
        })
    }

    /// The box with this label, or of this name.
    pub fn find(&self, wanted: &str, under: &[String]) -> Result<&Control, String> {
        let from = self.beneath(under);
        let (legend, label) = match wanted.split_once(" > ") {
            Some((legend, label)) => (Some(legend), label),
            None => (None, wanted),
        };
        let within: Vec<&Control> = self
            .all
            .iter()
            .filter(|control| control.place > from && control.can_be_filled())
            .collect();
        // The whole words before their beginning: “… alcohol” is also how “… alcohol and other drugs” begins.
        let same = |control: &Control| control.label == label || control.name == label;
        let begins = |control: &Control| control.label.starts_with(label);
        let of = |control: &Control| legend.is_none_or(|legend| control.legend == legend);
        let of_such = |control: &Control| legend.is_none_or(|legend| control.legend.starts_with(legend));
        let tries: [&dyn Fn(&Control) -> bool; 3] = [
            &|control| of(control) && same(control),
            &|control| of(control) && begins(control),
            &|control| of_such(control) && begins(control),
        ];
        for fits in tries {
            let found: Vec<&Control> = within.iter().copied().filter(|control| fits(control)).collect();
            match found.as_slice() {
                [] => {}
                [only] => return Ok(only),
                [first, ..] if !under.is_empty() => return Ok(first),
                several => return Err(format!("{} boxes “{wanted}”", several.len())),
            }
        }
        Err(format!("no box “{wanted}”"))
    }

    /// The list with this label.
    pub fn list(&self, label: &str, under: &[String]) -> Option<&Control> {
        self.find(label, under).ok().filter(|control| control.kind == "select")
    }

    /// The button with this text.
    pub fn button(&self, text: &str, under: &[String]) -> Option<&Control> {
        let from = self.beneath(under);
        let mut buttons = self
            .all
            .iter()
            .filter(|control| control.is_button() && !control.hidden && control.place > from);
        let exact = buttons.clone().find(|control| control.label == text);
        exact.or_else(|| buttons.find(|control| control.label.starts_with(text)))
    }

    /// What a browser sends when this button is pressed.
    pub fn sent_with(&self, pressed: &Control, _: &[Edit]) -> Sent {
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        for control in self
            .all
            .iter()
            .filter(|control| control.form == pressed.form && !control.disabled)
        {
            let sent = match control.kind.as_str() {
                "submit" => control.index == pressed.index,
                "checkbox" | "radio" => control.checked,
                "button" | "reset" => false,
                "file" => {
                    let (name, bytes) = self.files.get(&control.index).cloned().unwrap_or_default();
                    files.push((control.name.clone(), name, bytes));
                    false
                }
                _ => true,
            };
            if sent && !control.name.is_empty() {
                let value = control.value.replace("\r\n", "\n").replace('\n', "\r\n");
                fields.push((control.name.clone(), value));
            }
        }
        (fields, files)
    }

    /// What can be filled in and pressed, for messages.
    pub fn labels(&self) -> Vec<String> {
        let shown = self
            .all
            .iter()
            .filter(|control| control.can_be_filled() || control.is_button());
        shown
            .map(|control| format!("{} [{}] {}", control.legend, control.kind, control.label))
            .collect()
    }
}

fn control(
    element: ElementRef<'_>,
    index: usize,
    place: usize,
    form: Option<FormOf>,
    labels: &HashMap<String, String>,
) -> Control {
    let attr = |name: &str| element.attr(name).map(str::to_owned);
    let tag = element.value().name();
    let kind = match tag {
        "button" => attr("type").unwrap_or_else(|| "submit".to_owned()),
        "input" => attr("type").unwrap_or_else(|| "text".to_owned()),
        other => other.to_owned(),
    };
    let options: Vec<(String, String, bool)> = element
        .select(&css("option"))
        .map(|option| {
            let text = visible_text(option);
            let value = option.attr("value").map_or_else(|| text.clone(), str::to_owned);
            (text, value, option.attr("selected").is_some())
        })
        .collect();
    let value = match tag {
        "textarea" => element.text().collect(),
        "select" => {
            let chosen = options.iter().find(|(.., selected)| *selected).or(options.first());
            chosen.map(|(_, value, _)| value.clone()).unwrap_or_default()
        }
        _ => attr("value").unwrap_or_else(|| {
            if kind == "checkbox" {
                "on".to_owned()
            } else {
                String::new()
            }
        }),
    };
    let ancestors: Vec<ElementRef<'_>> = element.ancestors().filter_map(ElementRef::wrap).collect();
    let legend = ancestors
        .iter()
        .find(|ancestor| ancestor.value().name() == "fieldset")
        .and_then(|fieldset| fieldset.select(&css("legend")).next())
        .map(visible_text)
        .unwrap_or_default();
    let label = match tag {
        "button" => visible_text(element),
        _ if kind == "submit" => value.clone(),
        _ => attr("id").and_then(|id| labels.get(&id).cloned()).unwrap_or_default(),
    };
    let hidden = element.attr("hidden").is_some() || ancestors.iter().any(|ancestor| ancestor.attr("hidden").is_some());
    Control {
        index,
        name: attr("name").unwrap_or_default(),
        value,
        checked: element.attr("checked").is_some(),
        label,
        legend,
        described_by: attr("aria-describedby")
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        form,
        action: attr("formaction"),
        multipart: element.attr("formenctype") == Some("multipart/form-data"),
        options: options.into_iter().map(|(text, value, _)| (text, value)).collect(),
        place,
        hidden,
        disabled: element.attr("disabled").is_some(),
        kind,
    }
}

/// The form that a box belongs to: the one it names, or the one it stands in.
fn form_of<'a>(document: &'a Html, element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    match element.attr("form") {
        Some(id) => document.select(&css(&format!("form[id=\"{id}\"]"))).next(),
        None => element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|ancestor| ancestor.value().name() == "form"),
    }
}

/// The text of an element that is shown or read out, with single spaces.
pub fn visible_text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    gather(element, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn gather(element: ElementRef<'_>, text: &mut String) {
    if matches!(element.value().name(), "script" | "style" | "template") || element.attr("hidden").is_some() {
        return;
    }
    let apart = !matches!(
        element.value().name(),
        "span" | "a" | "strong" | "b" | "em" | "i" | "code" | "time"
    );
    if apart {
        text.push(' ');
    }
    for child in element.children() {
        match child.value() {
            Node::Text(words) => text.push_str(words),
            Node::Element(_) => {
                if let Some(inner) = ElementRef::wrap(child) {
                    gather(inner, text);
                }
            }
            _ => {}
        }
    }
    if apart {
        text.push(' ');
    }
}
