//! `forms dates`: what the schedule of a form file comes to, for the terminal or as JSON.
//!
//! Invariant: a form that has an error has no dates: its errors are said instead.

use std::io::{self, Write};
use std::path::Path;

use chrono::NaiveDate;
use countersign_domain::calendar::Nation;
use countersign_domain::form::schema::{Every, Form};
use countersign_domain::period::Period;
use countersign_domain::schedule::timetable::{Asked, MOST_PERIODS, NoTimetable, Timetable, timetable};

use super::{form_of, printable};

/// How many periods are shown when nobody says until when.
const USUAL: usize = 6;

/// Which dates are asked about, as far as it was said.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The day from which periods are shown; else the first day of the grant, else today.
    pub from: Option<NaiveDate>,
    /// The day until which they are shown.
    pub to: Option<NaiveDate>,
    /// How many at most.
    pub periods: Option<usize>,
    /// Whose bank holidays apply.
    pub nation: Nation,
    /// The first and last day of a grant.
    pub grant: Option<(NaiveDate, NaiveDate)>,
    /// Today in London.
    pub today: NaiveDate,
}

/// Writes the dates for people. The inner error is what is wrong with the file or the question, in words, and then
/// nothing is written; the outer one a failure to write.
pub fn say(path: &Path, question: &Question, out: &mut impl Write) -> io::Result<Result<(), String>> {
    match answer(path, question) {
        Ok(table) => {
            for line in table.to_string().lines() {
                writeln!(out, "{}", printable(line))?;
            }
            Ok(Ok(()))
        }
        Err(problem) => Ok(Err(problem)),
    }
}

/// As [`say`], for programs: one JSON document.
pub fn say_json(path: &Path, question: &Question, out: &mut impl Write) -> io::Result<Result<(), String>> {
    match answer(path, question) {
        Ok(table) => {
            serde_json::to_writer_pretty(&mut *out, &table)?;
            writeln!(out)?;
            Ok(Ok(()))
        }
        Err(problem) => Ok(Err(problem)),
    }
}

fn answer(path: &Path, question: &Question) -> Result<Timetable, String> {
    let name = printable(&path.display().to_string());
    let form = form_of(path)?;
    let said = |problem: String| format!("{name}: {problem}\n");
    let asked = asked(question, &form).map_err(said)?;
    timetable(&form, &asked).map_err(|NoTimetable::GrantNeeded| {
        said(
            "This return is owed once, over the grant’s own dates. Say from when to when, with --grant-from and \
             --grant-to."
                .to_owned(),
        )
    })
}

/// What the question leaves open, filled in; or why it cannot be answered.
fn asked(question: &Question, form: &Form) -> Result<Asked, String> {
    let grant = match question.grant {
        Some((from, to)) => {
            Some(Period::new(from, to).map_err(|_| format!("The grant ends on {to}, before it begins on {from}."))?)
        }
        None => None,
    };
    // Periods that a form gives by their dates are all shown from the first, unless somebody says from when.
    let first = match &form.schedule.every {
        Every::Dates(custom) => custom.first().map(|custom| custom.period.start()),
        _ => None,
    };
    let begins = grant.map(|grant| grant.start()).or(first);
    let from = question.from.or(begins).unwrap_or(question.today);
    if let Some(to) = question.to.filter(|to| *to < from) {
        return Err(format!("--to is {to}, which is before {from}, where the dates begin."));
    }
    let usual = if question.to.is_some() { MOST_PERIODS } else { USUAL };
    Ok(Asked {
        from,
        to: question.to,
        most: question.periods.unwrap_or(usual),
        grant,
        nation: question.nation,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn question() -> Question {
        Question {
            from: None,
            to: None,
            periods: None,
            nation: Nation::EnglandAndWales,
            grant: None,
            today: date("2026-11-22"),
        }
    }

    fn form(every: &str) -> String {
        format!(
            "form = \"small\"\nversion = 1\ntitle = \"Small \\u001B[31mred\"\nowed_by = \"grant\"\naudience = \"panel\"\n\
             [schedule]\n{every}\nopens = \"end + 1d\"\ndue = \"end + 20wd\"\ncloses = \"due + 60d\"\n\
             [[section]]\nid = \"s\"\ntitle = \"S\"\n\
             [[section.question]]\nid = \"q\"\ntype = \"date\"\nlabel = \"Q\"\n"
        )
    }

    /// What is written, or what is wrong, for a form of this text.
    fn said(source: &str, question: &Question) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f.toml");
        fs::write(&path, source).expect("written");
        let mut out = Vec::new();
        let said = say(&path, question, &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        said.map(|()| text.clone()).inspect_err(|_| assert_eq!(text, ""))
    }

    /// The first days of the periods that are shown.
    fn periods(source: &str, question: &Question) -> Vec<String> {
        let text = said(source, question).expect("dates");
        let titles = text
            .lines()
            .filter(|line| !line.starts_with([' ', 'N']) && line.contains(" to "));
        titles
            .map(|line| line.split(": ").next().expect("a label").to_owned())
            .collect()
    }

    #[test]
    fn begins_where_it_was_asked_to_or_today() {
        let quarters = form("every = \"quarter\"");
        let labels = periods(&quarters, &question());
        assert_eq!((labels.len(), labels[0].as_str()), (6, "October to December 2026"));
        let from = Question {
            from: Some(date("2026-04-01")),
            to: Some(date("2026-09-30")),
            ..question()
        };
        assert_eq!(
            periods(&quarters, &from),
            ["April to June 2026", "July to September 2026"]
        );
        let one = Question {
            periods: Some(1),
            ..from
        };
        assert_eq!(periods(&quarters, &one), ["April to June 2026"]);
        let grant = Question {
            grant: Some((date("2026-05-01"), date("2027-03-31"))),
            ..question()
        };
        assert_eq!(periods(&quarters, &grant).len(), 4);
        assert_eq!(periods(&form("every = \"once\""), &grant), ["May 2026 to March 2027"]);
        let dates = form("dates = [{ from = 2020-04-01, to = 2020-06-30 }]");
        assert_eq!(periods(&dates, &question()), ["April to June 2020"]);
    }

    #[test]
    fn what_cannot_be_answered_is_said() {
        let once = said(&form("every = \"once\""), &question()).expect_err("no grant");
        assert!(once.contains("f.toml: This return is owed once"), "{once}");
        assert!(once.contains("--grant-from and --grant-to"), "{once}");
        let backward = Question {
            grant: Some((date("2026-05-01"), date("2026-04-30"))),
            ..question()
        };
        let backward = said(&form("every = \"month\""), &backward).expect_err("no such grant");
        assert!(
            backward.contains("ends on 2026-04-30, before it begins on 2026-05-01"),
            "{backward}"
        );
        let before = Question {
            to: Some(date("2026-01-01")),
            ..question()
        };
        let before = said(&form("every = \"month\""), &before).expect_err("nothing between");
        assert!(
            before.contains("--to is 2026-01-01, which is before 2026-11-22"),
            "{before}"
        );
        let wrong = said(&form("every = \"mnth\""), &question()).expect_err("an error in the form");
        assert!(wrong.contains("f.toml:7:9: error: `every` must be `month`"), "{wrong}");
        let missing = answer(Path::new("no/such/file.toml"), &question()).expect_err("no file");
        assert!(
            missing.contains("no/such/file.toml: error: The file cannot be read"),
            "{missing}"
        );
    }

    #[test]
    fn nothing_in_a_form_steers_the_terminal() {
        let text = said(&form("every = \"month\""), &question()).expect("dates");
        assert!(text.starts_with("Small \u{fffd}[31mred"), "{text:?}");
    }

    #[test]
    fn json_is_one_document() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f.toml");
        fs::write(&path, form("every = \"month\"")).expect("written");
        let mut out = Vec::new();
        say_json(&path, &question(), &mut out).expect("written").expect("dates");
        let json: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
        assert_eq!(json["periods"].as_array().map(Vec::len), Some(6));
        assert_eq!(json["periods"][0]["due"]["on"], "2026-12-30");
        assert_eq!(json["periods"][0]["due"]["stepped_over"][0]["name"], "Christmas Day");
    }
}
