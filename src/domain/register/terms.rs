//! Runs of days that may not overlap, and the record of what was changed in the register.
//!
//! Invariant: days are inclusive at both ends; a change says what was and what became of it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ids::{FundId, PersonId};

/// Whether two runs of days share a day; no last day: until further notice.
pub fn overlap(one: (NaiveDate, Option<NaiveDate>), other: (NaiveDate, Option<NaiveDate>)) -> bool {
    let before_end = |from: NaiveDate, to: Option<NaiveDate>| to.is_none_or(|to| from <= to);
    before_end(one.0, other.1) && before_end(other.0, one.1)
}

/// One change of the register, kept for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The fund that it belongs to; none: an organisation or a person, of several funds or of none yet.
    pub fund: Option<FundId>,
    /// Who; none: whoever runs the server, by its command.
    pub person: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of entry: a table of the register.
    pub entity: String,
    /// Which entry, as people know it.
    pub key: String,
    /// What it said, in words; none: it was not there.
    pub was: Option<String>,
    /// What it says since, in words; none: it is no longer there.
    pub became: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_days_overlap_when_they_share_a_day() {
        let run = |from: &str, to: Option<&str>| (from.parse().unwrap(), to.map(|to| to.parse().unwrap()));
        let year = run("2017-04-01", Some("2018-03-31"));
        for (other, shared) in [
            (run("2016-04-01", Some("2017-03-31")), false),
            (run("2016-04-01", Some("2017-04-01")), true),
            (run("2017-06-01", Some("2017-06-01")), true),
            (run("2018-03-31", None), true),
            (run("2018-04-01", None), false),
            (run("2016-01-01", None), true),
        ] {
            assert_eq!(overlap(year, other), shared, "{other:?}");
            assert_eq!(overlap(other, year), shared, "{other:?} the other way");
        }
    }
}
