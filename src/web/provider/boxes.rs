//! The boxes of one answer: of a question, or of a cell of a table.
//!
//! Invariant: the boxes hold what was typed, whatever it was read as. Their names are as `typed` reads them.

use std::collections::BTreeMap;

use countersign_domain::answers::Typed;
use countersign_domain::answers::types::{Answer, CellView, Finding, Mark, QuestionView, Value};
use countersign_domain::form::schema::{Kind, Question, Severity, Words};
use serde::Serialize;

use super::beside::beside;
use super::sheet::Sheet;
use crate::web::said::Said;

/// Everything that the template of an answer's boxes shows.
#[derive(Debug, Serialize)]
pub struct Boxes {
    /// The id of the first box, and the key by which a save while typing fills in what stands around it.
    id: String,
    kind: &'static str,
    label: Said,
    /// The name of an only box.
    name: String,
    /// What the names of several boxes begin with.
    stem: String,
    visible: bool,
    values: BTreeMap<String, String>,
    shown: String,
    note: Option<String>,
    error: Option<String>,
    warnings: Vec<Warning>,
    marks: Vec<Choice>,
    approximately: Option<bool>,
    approximately_name: String,
    beside: Vec<String>,
    previous: Option<String>,
    options: Vec<Choice>,
    max_words: Option<u32>,
    statement: Option<Said>,
    parts: Option<(Said, Said)>,
}

/// A warning, as the findings macro wants it.
#[derive(Debug, Serialize)]
pub struct Warning {
    severity: &'static str,
    message: String,
}

/// A box to tick or to choose, as the components want it.
#[derive(Debug, Serialize)]
pub struct Choice {
    name: String,
    value: String,
    text: String,
    checked: bool,
    selected: bool,
    /// The language of a list's option.
    attributes: Option<Attributes>,
    /// The language of the words beside a box.
    label: Option<Label>,
}

#[derive(Debug, Clone, Serialize)]
struct Attributes {
    lang: &'static str,
}

#[derive(Debug, Serialize)]
struct Label {
    attributes: Attributes,
}

impl Choice {
    fn new(name: &str, value: &str, said: Said, checked: bool) -> Self {
        let attributes = said.lang.map(|lang| Attributes { lang });
        Choice {
            name: name.to_owned(),
            value: value.to_owned(),
            text: said.text,
            checked,
            selected: checked,
            label: attributes.clone().map(|attributes| Label { attributes }),
            attributes,
        }
    }
}

/// Where boxes stand: their id and their names.
pub struct Names {
    id: String,
    stem: String,
    mark: String,
    approximately: String,
    /// The only option, where several could be chosen and one is.
    one: String,
    /// What an only box's name has after the stem.
    only: &'static str,
}

impl Names {
    /// Of a question.
    pub fn of_question(id: &str) -> Self {
        Names {
            id: id.to_owned(),
            stem: format!("a.{id}"),
            mark: format!("mark.{id}"),
            approximately: format!("approx.{id}"),
            one: format!("one.{id}"),
            only: ".value",
        }
    }

    /// Of a cell.
    pub fn of_cell(table: &str, row: &str, column: &str) -> Self {
        let id = format!("{table}.{row}.{column}");
        Names {
            stem: format!("a.{id}"),
            mark: format!("a.{id}~mark"),
            approximately: format!("a.{id}~approximately"),
            one: format!("one.{id}"),
            only: "",
            id,
        }
    }

    /// The id of the first box.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn is_cell(&self) -> bool {
        self.only.is_empty()
    }
}

/// How an answer stands.
pub struct Standing<'v> {
    /// Whether it is shown.
    pub visible: bool,
    /// What it was read as.
    pub answer: &'v Answer,
    /// For people.
    pub shown: &'v str,
    /// How something unusual was read.
    pub note: Option<&'v str>,
    /// Whether the target was reached.
    pub on_target: Option<bool>,
    /// The last signed figure.
    pub previous: Option<&'v str>,
}

impl<'v> Standing<'v> {
    /// Of a question.
    pub fn of_question(view: &'v QuestionView) -> Self {
        Standing {
            visible: view.visible,
            answer: &view.answer,
            shown: &view.shown,
            note: view.note.as_deref(),
            on_target: view.on_target,
            previous: view.previous.as_deref(),
        }
    }

    /// Of a cell; of a row that holds nothing yet there is none.
    pub fn of_cell(view: Option<&'v CellView>) -> Self {
        match view {
            Some(view) => Standing {
                visible: view.visible,
                answer: &view.answer,
                shown: &view.shown,
                note: view.note.as_deref(),
                on_target: view.on_target,
                previous: view.previous.as_deref(),
            },
            None => Standing {
                visible: true,
                answer: &Answer::Blank,
                shown: "",
                note: None,
                on_target: None,
                previous: None,
            },
        }
    }
}

/// Puts the boxes of an answer together. `now` is what stands in them, `found` what is found there.
pub fn boxes(
    sheet: &Sheet<'_>,
    question: &Question,
    label: Said,
    names: &Names,
    standing: &Standing<'_>,
    now: &Typed,
    found: &[&Finding],
) -> Boxes {
    let (errors, warnings): (Vec<&Finding>, Vec<&Finding>) =
        found.iter().partition(|finding| finding.severity == Severity::Error);
    let mut boxes = Boxes {
        kind: kind_name(question),
        label,
        name: format!("{}{}", names.stem, names.only),
        visible: standing.visible,
        values: now.fields.clone(),
        shown: standing.shown.to_owned(),
        note: standing.note.map(str::to_owned),
        error: errors.first().map(|finding| finding.message.clone()),
        warnings: warnings.into_iter().map(warning).collect(),
        marks: marks(question, now.mark, &names.mark),
        approximately: question.may_be_approximate.then_some(now.approximately),
        approximately_name: names.approximately.clone(),
        beside: beside(question, standing.on_target),
        previous: standing.previous.map(str::to_owned),
        options: Vec::new(),
        max_words: None,
        statement: None,
        parts: None,
        id: names.id.clone(),
        stem: names.stem.clone(),
    };
    add_kind(&mut boxes, sheet, question, names, now);
    boxes
}

impl Boxes {
    /// Says this instead of what was found.
    pub fn wrong(&mut self, problem: Option<&String>) {
        if let Some(problem) = problem {
            self.error = Some(problem.clone());
        }
    }
}

/// A warning, for its template.
pub fn warning(finding: &Finding) -> Warning {
    Warning {
        severity: "warning",
        message: finding.message.clone(),
    }
}

/// What only some kinds have.
fn add_kind(boxes: &mut Boxes, sheet: &Sheet<'_>, question: &Question, names: &Names, now: &Typed) {
    let value = now.fields.get("value").map_or("", String::as_str);
    let name = boxes.name.clone();
    let choice = |id: &str, text: Said| Choice::new(&name, id, text, value == id);
    let say = |words: &Words| sheet.say(words);
    match &question.kind {
        Kind::Narrative { max_words, .. } => boxes.max_words = *max_words,
        Kind::Ratio {
            of_label, per_label, ..
        } => boxes.parts = Some((say(of_label), say(per_label))),
        Kind::YesNo => boxes.options = vec![choice("yes", Said::plain("Yes")), choice("no", Said::plain("No"))],
        Kind::Choice { options } => {
            // In a cell it is a list, which has to have a line for "nothing chosen yet".
            let none = names.is_cell().then(|| choice("", Said::plain("Choose")));
            let options = options.iter().map(|(id, words)| choice(id, say(words)));
            boxes.options = none.into_iter().chain(options).collect();
        }
        Kind::Choices { options, max, .. } => {
            let options: Vec<(&str, Said)> = options.iter().map(|(id, words)| (id.as_str(), say(words))).collect();
            several(boxes, names, now, options, *max);
        }
        Kind::Priority { max } => {
            let priorities = &sheet.page.register.fund.priorities;
            let options = priorities
                .iter()
                .map(|(key, title)| (key.as_str(), Said::plain(title.clone())))
                .collect();
            several(boxes, names, now, options, *max);
        }
        Kind::Declaration { statement } => {
            boxes.statement = Some(say(statement));
            boxes.options = vec![choice("yes", Said::plain("I declare this"))];
        }
        Kind::Text { .. }
        | Kind::Money { .. }
        | Kind::Count { .. }
        | Kind::Percent { .. }
        | Kind::Decimal { .. }
        | Kind::Range { .. }
        | Kind::Contact
        | Kind::Table(_)
        | Kind::Split { .. }
        | Kind::File { .. }
        | Kind::Date
        | Kind::Calculated { .. } => {}
    }
}

/// Options of which several can be chosen, or one where no more than one may be.
fn several(boxes: &mut Boxes, names: &Names, now: &Typed, options: Vec<(&str, Said)>, max: Option<u32>) {
    let one = max == Some(1);
    if one && boxes.kind != "locked" {
        boxes.kind = "one";
    }
    boxes.options = options
        .into_iter()
        .map(|(id, text)| {
            let checked = now.fields.get(id).is_some_and(|chosen| chosen == "yes");
            if one {
                Choice::new(&names.one, id, text, checked)
            } else {
                Choice::new(&format!("{}.{id}", names.stem), "yes", text, checked)
            }
        })
        .collect();
}

fn kind_name(question: &Question) -> &'static str {
    if question.locked {
        return "locked";
    }
    match question.kind {
        Kind::Text { .. } => "text",
        Kind::Narrative { .. } => "narrative",
        Kind::Money { .. } => "money",
        Kind::Count { .. } => "count",
        Kind::Percent { .. } => "percent",
        Kind::Decimal { .. } => "decimal",
        Kind::Range { .. } => "range",
        Kind::Ratio { .. } => "ratio",
        Kind::Date => "date",
        Kind::YesNo => "yes_no",
        Kind::Choice { .. } => "choice",
        Kind::Choices { .. } | Kind::Priority { .. } => "several",
        Kind::Contact => "contact",
        Kind::Table(_) => "table",
        Kind::Split { .. } => "split",
        Kind::File { .. } => "file",
        Kind::Declaration { .. } => "declaration",
        Kind::Calculated { .. } => "calculated",
    }
}

fn marks(question: &Question, now: Mark, name: &str) -> Vec<Choice> {
    let offered = [
        (question.may_be_unknown, Mark::NotKnown, "not-known", "Not known yet"),
        (
            question.may_be_inapplicable,
            Mark::NotApplicable,
            "not-applicable",
            "Not applicable",
        ),
    ];
    offered
        .into_iter()
        .filter(|(offered, ..)| *offered)
        .map(|(_, mark, value, text)| Choice::new(name, value, Said::plain(text), now == mark))
        .collect()
}

/// A value that nobody typed, such as one of the register, as a person would type it.
pub fn prefilled(answer: &Answer) -> Typed {
    let fields = |pairs: &[(&str, String)]| Typed {
        fields: pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone()))
            .collect(),
        ..Typed::default()
    };
    let given = match answer {
        Answer::Given(given) => given,
        Answer::Blank | Answer::NotKnown | Answer::NotApplicable => return Typed::default(),
    };
    match given {
        Value::Money(money) => {
            let text = money.to_string().replace('£', "");
            Typed::value(text.strip_suffix(".00").unwrap_or(&text))
        }
        Value::Count(count) => Typed::value(&count.to_string()),
        Value::Number(number) | Value::Percent(number) => Typed::value(&number.to_string()),
        Value::Text(text) | Value::Choice(text) | Value::Range { text, .. } => Typed::value(text),
        Value::YesNo(yes) => Typed::value(if *yes { "yes" } else { "no" }),
        Value::Ratio { of, per } => fields(&[("of", of.to_string()), ("per", per.to_string())]),
        Value::Date(date) => fields(&[
            ("day", date.format("%-d").to_string()),
            ("month", date.format("%-m").to_string()),
            ("year", date.format("%Y").to_string()),
        ]),
        Value::Choices(ids) => Typed {
            fields: ids.iter().map(|id| (id.clone(), "yes".to_owned())).collect(),
            ..Typed::default()
        },
        Value::Contact { .. } | Value::Table(_) | Value::Split(_) | Value::Files(_) => Typed::default(),
    }
}
