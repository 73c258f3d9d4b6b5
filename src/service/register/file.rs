//! A register file as it is written: TOML, every key known.
//!
//! Invariant: only the shape is checked here; what a file names is looked up by whoever loads it.

use chrono::NaiveDate;
use countersign_domain::calendar::Nation;
use serde::Deserialize;

/// A register file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    pub(super) fund: RawFund,
    pub(super) organisation: Vec<RawOrganisation>,
    pub(super) person: Vec<RawPerson>,
    pub(super) office: Vec<RawOffice>,
    pub(super) holder: Vec<RawHolder>,
    pub(super) grant: Vec<RawGrant>,
    #[serde(default)]
    pub(super) allocation: Vec<RawAllocation>,
    pub(super) assignment: Vec<RawAssignment>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFund {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) commissioner: String,
    pub(super) nation: Nation,
    #[serde(default)]
    pub(super) priorities: Vec<RawPriority>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPriority {
    pub(super) key: String,
    pub(super) title: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOrganisation {
    pub(super) key: String,
    pub(super) name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPerson {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) organisation: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOffice {
    pub(super) key: String,
    pub(super) title: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHolder {
    pub(super) office: String,
    pub(super) person: String,
    pub(super) from: Day,
    pub(super) to: Option<Day>,
    #[serde(default)]
    pub(super) deputy: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGrant {
    pub(super) reference: String,
    pub(super) title: String,
    pub(super) organisation: String,
    pub(super) amount: String,
    #[serde(default)]
    pub(super) carried_forward: Option<String>,
    pub(super) starts_on: Day,
    pub(super) ends_on: Day,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllocation {
    pub(super) grant: String,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) provider: String,
    pub(super) approved: String,
    #[serde(default)]
    pub(super) uncovered: Option<String>,
    pub(super) contract_total: Option<String>,
    #[serde(default)]
    pub(super) priorities: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAssignment {
    pub(super) form: String,
    pub(super) grant: String,
    pub(super) organisation: String,
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) contacts: Vec<String>,
    pub(super) lead: Option<String>,
}

/// A day as TOML writes it, without quotes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "toml::value::Datetime")]
pub(super) struct Day(pub(super) NaiveDate);

impl TryFrom<toml::value::Datetime> for Day {
    type Error = String;

    fn try_from(read: toml::value::Datetime) -> Result<Self, String> {
        match (read.date, read.time) {
            (Some(day), None) => NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into())
                .map(Day)
                .ok_or_else(|| format!("{read} is not a day of the calendar")),
            _ => Err(format!("{read} must be a day alone, like 2018-03-31")),
        }
    }
}

/// Reads a register file. The error is in words, with its place in the file.
pub fn read(text: &str) -> Result<RegisterFile, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
