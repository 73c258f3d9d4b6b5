//! The forms by which an officer acts upon a return, with what was typed and what is wrong with it.
//!
//! Invariant: a form that could not be taken comes back open, with every word that was typed still in it.

use countersign_domain::ids::LinkId;
use serde::Serialize;

use super::beside::{Asked, ask_anchor};
use super::words::anchor;
use crate::service::FieldProblem;

/// What an officer sent and could not be done.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    /// The act, as its address ends: `send-back`, `links/…/revoke`.
    pub act: String,
    /// As typed, by field.
    pub fields: Vec<(String, String)>,
    /// What is wrong.
    pub problems: Vec<FieldProblem>,
}

/// A problem in the summary at the top.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    text: String,
    href: String,
}

/// An act's form.
#[derive(Debug, Clone, Serialize)]
pub struct ActForm {
    id: String,
    act: String,
    summary: &'static str,
    lead: &'static str,
    button: &'static str,
    button_class: &'static str,
    open: bool,
    field: Field,
    date: Option<DateField>,
}

#[derive(Debug, Clone, Serialize)]
struct Field {
    id: String,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    error: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct DateField {
    id: String,
    label: &'static str,
    hint: &'static str,
    day: String,
    month: String,
    year: String,
    error: Option<String>,
    error_class: &'static str,
}

/// What is the same about an act every time.
struct Words {
    act: &'static str,
    summary: &'static str,
    lead: &'static str,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    button: &'static str,
    button_class: &'static str,
}

const SECONDARY: &str = "govuk-button--secondary";
const WARNING: &str = "govuk-button--warning";

const SEND_BACK: Words = Words {
    act: "send-back",
    summary: "Send it back",
    lead: "The contacts get an email with your reason and with every query that is not answered yet. They can change anything and submit again.",
    name: "reason",
    label: "What needs to change",
    hint: "",
    button: "Send back",
    button_class: WARNING,
};
const CHASE: Words = Words {
    act: "chase",
    summary: "Note a chase",
    lead: "Reminders by email are noted by themselves. Note here what else was done to get the return in.",
    name: "text",
    label: "What you did",
    hint: "For example: rang the manager, who will send it on Friday",
    button: "Keep note",
    button_class: SECONDARY,
};
const EXTEND: Words = Words {
    act: "extend",
    summary: "Give more time",
    lead: "The return closes as many days later as it is due later.",
    name: "reason",
    label: "Why more time is given",
    hint: "",
    button: "Give more time",
    button_class: SECONDARY,
};
const EXCUSE: Words = Words {
    act: "excuse",
    summary: "Excuse the return",
    lead: "It is then not owed, nobody is reminded of it, and reports say that it was excused.",
    name: "reason",
    label: "Why it is not owed",
    hint: "",
    button: "Excuse",
    button_class: WARNING,
};
const REINSTATE: Words = Words {
    act: "reinstate",
    summary: "Make it owed after all",
    lead: "It opens on its day; if that has come, it opens at once, and its contacts are written to.",
    name: "reason",
    label: "Why it is owed after all",
    hint: "",
    button: "Make it owed",
    button_class: SECONDARY,
};
const REOPEN: Words = Words {
    act: "reopen",
    summary: "Reopen it for a correction",
    lead: "What was signed stays in the reports until a corrected revision has been signed. Its signatures are then shown as voided.",
    name: "reason",
    label: "What is to be corrected",
    hint: "",
    button: "Reopen",
    button_class: WARNING,
};
const REVOKE: Words = Words {
    act: "revoke",
    summary: "Revoke this link",
    lead: "It stops working at once, on every device. What was typed through it stays.",
    name: "reason",
    label: "Why the link is taken back",
    hint: "",
    button: "Revoke link",
    button_class: WARNING,
};

impl Attempt {
    /// What was typed into a field.
    pub fn value(&self, field: &str) -> &str {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map_or("", |(_, value)| value)
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.message.clone())
    }

    /// The query that was typed, where that was the act.
    pub fn asked(&self) -> Option<Asked> {
        (self.act == "query").then(|| Asked {
            section: self.value("section").to_owned(),
            question: self.value("question").to_owned(),
            text: self.value("text").to_owned(),
            error: self.error("text").unwrap_or_default(),
        })
    }

    /// The problems for the top of the page, each leading to its field.
    pub fn summary(&self) -> Vec<Problem> {
        let href = |field: &str| match (self.act.as_str(), field) {
            ("query", _) => ask_anchor(self.value("section"), self.value("question")),
            (act, "due_on") => format!("{}-day", date_id(act)),
            (act, field) => field_id(act, field),
        };
        self.problems
            .iter()
            .map(|problem| Problem {
                text: problem.message.clone(),
                href: format!("#{}", href(&problem.field)),
            })
            .collect()
    }
}

/// Problems of a page with a single form, each leading to the field of that name.
pub fn plain_summary(problems: &[FieldProblem]) -> Vec<Problem> {
    problems
        .iter()
        .map(|problem| Problem {
            text: problem.message.clone(),
            href: format!("#{}", problem.field),
        })
        .collect()
}

/// The form to send a return back.
pub fn send_back(attempt: &Attempt) -> ActForm {
    form(&SEND_BACK, SEND_BACK.act, attempt)
}

/// The form to note a chase.
pub fn chase(attempt: &Attempt) -> ActForm {
    form(&CHASE, CHASE.act, attempt)
}

/// The form to excuse a return.
pub fn excuse(attempt: &Attempt) -> ActForm {
    form(&EXCUSE, EXCUSE.act, attempt)
}

/// The form to make an excused return owed again.
pub fn reinstate(attempt: &Attempt) -> ActForm {
    form(&REINSTATE, REINSTATE.act, attempt)
}

/// The form to reopen a return.
pub fn reopen(attempt: &Attempt) -> ActForm {
    form(&REOPEN, REOPEN.act, attempt)
}

/// The form to give more time.
pub fn extend(attempt: &Attempt) -> ActForm {
    let tried = attempt.act == EXTEND.act;
    let typed = |field: &str| {
        if tried {
            attempt.value(field).to_owned()
        } else {
            String::new()
        }
    };
    let error = if tried { attempt.error("due_on") } else { None };
    let error_class = if error.is_some() { " govuk-input--error" } else { "" };
    ActForm {
        date: Some(DateField {
            id: date_id(EXTEND.act),
            label: "New due date",
            hint: "For example, 31 5 2018",
            day: typed("day"),
            month: typed("month"),
            year: typed("year"),
            error,
            error_class,
        }),
        ..form(&EXTEND, EXTEND.act, attempt)
    }
}

/// The form to revoke a link; its address is the link's.
pub fn revoke(link: LinkId, attempt: &Attempt) -> ActForm {
    form(&REVOKE, &revoke_act(link), attempt)
}

/// How the address ends to which a link is sent to be revoked.
pub fn revoke_act(link: LinkId) -> String {
    format!("links/{link}/revoke")
}

fn form(words: &Words, attempted_as: &str, attempt: &Attempt) -> ActForm {
    let tried = attempt.act == attempted_as;
    ActForm {
        id: anchor(&[attempted_as]),
        act: attempted_as.to_owned(),
        summary: words.summary,
        lead: words.lead,
        button: words.button,
        button_class: words.button_class,
        open: tried && !attempt.problems.is_empty(),
        field: Field {
            id: field_id(attempted_as, words.name),
            name: words.name,
            label: words.label,
            hint: words.hint,
            value: if tried {
                attempt.value(words.name).to_owned()
            } else {
                String::new()
            },
            error: if tried { attempt.error(words.name) } else { None },
        },
        date: None,
    }
}

fn field_id(act: &str, field: &str) -> String {
    anchor(&[act, field])
}

fn date_id(act: &str) -> String {
    anchor(&[act, "due"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(act: &str) -> Attempt {
        Attempt {
            act: act.to_owned(),
            fields: vec![
                ("reason".to_owned(), "typed <words>".to_owned()),
                ("day".to_owned(), "31".to_owned()),
            ],
            problems: vec![
                FieldProblem {
                    field: "reason".to_owned(),
                    message: "Say why".to_owned(),
                },
                FieldProblem {
                    field: "due_on".to_owned(),
                    message: "Enter a date".to_owned(),
                },
            ],
        }
    }

    #[test]
    fn only_the_form_that_was_tried_comes_back_open_with_what_was_typed() {
        let attempt = attempt("excuse");
        let tried = excuse(&attempt);
        assert!(tried.open);
        assert_eq!(tried.field.value, "typed <words>");
        assert_eq!(tried.field.error.as_deref(), Some("Say why"));
        for other in [send_back(&attempt), reopen(&attempt), extend(&attempt)] {
            assert!(!other.open && other.field.value.is_empty() && other.field.error.is_none());
        }
    }

    #[test]
    fn each_problem_leads_to_its_field() {
        let attempt = attempt("extend");
        let shown = extend(&attempt);
        let hrefs: Vec<String> = attempt.summary().into_iter().map(|problem| problem.href).collect();
        let date = shown.date.expect("a date is asked for");
        assert_eq!(hrefs, [format!("#{}", shown.field.id), format!("#{}-day", date.id)]);
        assert_eq!(date.day, "31");
    }
}
