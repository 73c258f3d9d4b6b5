//! What has happened in a system by the demo's day, and what happens after it, as its `story.toml` and `afterwards.toml`
//! say it: who did what when.
//!
//! Invariant: only the shape is read here; `play` does each step through the services, as a person would.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use countersign_domain::form::schema::Audience;
use serde::Deserialize;

/// Something that somebody did.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The day.
    #[serde(deserialize_with = "day")]
    pub on: NaiveDate,
    /// The time in London, `14:30`; the morning without.
    #[serde(default, deserialize_with = "time")]
    pub at: Option<NaiveTime>,
    /// Which return.
    #[serde(default, rename = "return", deserialize_with = "of")]
    pub of: Option<Of>,
    /// Which paper.
    pub paper: Option<OfPaper>,
    /// Whose address.
    pub by: String,
    /// What.
    #[serde(rename = "do")]
    pub verb: Verb,
    /// What was typed: by section key, then by question; a text, or fields of one answer.
    #[serde(default)]
    pub answers: BTreeMap<String, BTreeMap<String, Typing>>,
    /// Why, for the warnings that nobody has explained yet.
    pub explain: Option<String>,
    /// Why: of sending back, declining, reopening, excusing, extending, a call, a virement; the answer to queries.
    pub reason: Option<String>,
    /// What the reviewer asks.
    #[serde(default)]
    pub queries: Vec<Ask>,
    /// What is decided of each row that the stage decides on, such as `agreed` or `not-agreed: in a later year`.
    #[serde(default)]
    pub decide: BTreeMap<String, String>,
    /// The new due day, of an extension.
    #[serde(default, deserialize_with = "some_day")]
    pub due: Option<NaiveDate>,
    /// The grant of a virement, by its reference.
    pub grant: Option<String>,
    /// The allocation that money leaves, by its key.
    pub from: Option<String>,
    /// The allocation that it goes to.
    pub to: Option<String>,
    /// How much.
    pub amount: Option<String>,
    /// The contact who left.
    pub left: Option<String>,
    /// The name of who came.
    pub name: Option<String>,
    /// The address of who came.
    pub email: Option<String>,
    /// What is written in a paper, by the id of the text.
    #[serde(default)]
    pub prose: BTreeMap<String, String>,
    /// What is cleared for a paper, of the return that the step names: places, such as `project/asb/case_study`.
    #[serde(default)]
    pub clear: Vec<String>,
    /// For whom a paper is published.
    pub audience: Option<Audience>,
}

/// Which paper a step is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfPaper {
    /// The report's id.
    pub report: String,
    /// The fund's key.
    pub fund: String,
    /// The period, as the command line takes it: `2017-18`, or two days with two dots between.
    pub period: String,
}

/// Which return a step is about.
#[derive(Debug, Clone)]
pub enum Of {
    /// By its reference.
    Reference(String),
    /// By what it is owed for.
    Owed {
        /// The form's id.
        form: String,
        /// The grant's reference.
        grant: String,
        /// The allocation's key, of a return that is owed for one.
        allocation: Option<String>,
        /// The period's last day.
        period: NaiveDate,
    },
}

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// A contact saves answers; rows that are not there yet are added.
    Save,
    /// A contact explains every warning that stands, those too that were explained before.
    Explain,
    /// A contact submits, with answers and explanations if the step has them.
    Submit,
    /// A contact answers every open query.
    AnswerQuery,
    /// A reviewer accepts.
    Accept,
    /// A reviewer asks and sends back.
    SendBack,
    /// An officer signs.
    Sign,
    /// An officer declines to sign.
    Decline,
    /// A reviewer reopens what was signed, for a correction.
    Reopen,
    /// A reviewer excuses.
    Excuse,
    /// A reviewer makes owed again what was excused.
    Reinstate,
    /// A reviewer extends.
    Extend,
    /// A reviewer notes a call.
    Chase,
    /// A reviewer records a virement.
    Virement,
    /// Whoever may decides on the virement that waits.
    ApproveVirement,
    /// A reviewer puts a new contact in the place of one who left.
    ReplaceContact,
    /// A reviewer begins a paper.
    Begin,
    /// A reviewer writes texts of a paper.
    Write,
    /// A reviewer reads what a return tells, and clears it for a paper.
    Clear,
    /// A reviewer reads a paper whole and publishes it.
    Publish,
}

/// One answer: a text, or its fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Typing {
    /// The one field of a simple question.
    Text(String),
    /// By the field's name: `of` and `per`, `day`, `row.column`.
    Fields(BTreeMap<String, String>),
}

/// What a reviewer asks of one question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The section's key.
    pub section: String,
    /// The question's id.
    pub question: String,
    /// The words.
    pub ask: String,
}

/// Reads a story.
///
/// # Errors
/// In words, with the line.
pub fn read(text: &str) -> Result<Vec<Step>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Story {
        step: Vec<Step>,
    }
    toml::from_str::<Story>(text)
        .map(|story| story.step)
        .map_err(|fault| fault.to_string())
}

fn some_day<'de, D: serde::Deserializer<'de>>(read: D) -> Result<Option<NaiveDate>, D::Error> {
    day(read).map(Some)
}

fn day<'de, D: serde::Deserializer<'de>>(read: D) -> Result<NaiveDate, D::Error> {
    let written = toml::value::Datetime::deserialize(read)?;
    written
        .to_string()
        .parse()
        .map_err(|_| serde::de::Error::custom("a day is written like 2018-05-17"))
}

fn time<'de, D: serde::Deserializer<'de>>(read: D) -> Result<Option<NaiveTime>, D::Error> {
    let written = String::deserialize(read)?;
    NaiveTime::parse_from_str(&written, "%H:%M")
        .map(Some)
        .map_err(|_| serde::de::Error::custom("a time is written like \"14:30\""))
}

fn of<'de, D: serde::Deserializer<'de>>(read: D) -> Result<Option<Of>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Owed {
        form: String,
        grant: String,
        allocation: Option<String>,
        period: String,
    }
    let fault = |words: String| <D::Error as serde::de::Error>::custom(words);
    match toml::Value::deserialize(read)? {
        toml::Value::String(reference) => Ok(Some(Of::Reference(reference))),
        other => {
            let owed: Owed = other.try_into().map_err(|wrong| fault(wrong.to_string()))?;
            let period = owed
                .period
                .parse()
                .map_err(|_| fault("a period is named by its last day, like \"2018-03-31\"".to_owned()))?;
            Ok(Some(Of::Owed {
                form: owed.form,
                grant: owed.grant,
                allocation: owed.allocation,
                period,
            }))
        }
    }
}
