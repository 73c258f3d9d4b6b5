//! A timetable as plain text, for a terminal.
//!
//! Invariant: columns line up in a font of one width, and no line ends in spaces.

use std::fmt::{self, Write as _};

use chrono::NaiveDate;

use super::super::LEAD;
use super::{About, COMMISSIONER, CONTACTS, Day, Mail, NotSent, Planned, Timetable};

impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({}, version {})", self.title, self.form, self.version)?;
        writeln!(
            f,
            "Working days of {}. Mails go out until the return is submitted.",
            self.nation.words()
        )?;
        for planned in &self.periods {
            writeln!(f)?;
            period(planned, f)?;
        }
        for (number, note) in self.notes.iter().enumerate() {
            if number == 0 {
                writeln!(f)?;
            }
            writeln!(f, "Note: {note}")?;
        }
        Ok(())
    }
}

fn period(planned: &Planned, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let days = format!(
        "{} to {}",
        in_words(planned.period.start()),
        in_words(planned.period.end())
    );
    writeln!(f, "{}: {days}", planned.label)?;
    let dates = [
        ("opens", &planned.opens),
        ("due", &planned.due),
        ("closes", &planned.closes),
    ];
    table(
        dates.map(|(what, day)| ["  ".to_owned() + what, date(day.on), how(day)]),
        f,
    )?;
    writeln!(f, "  mails")?;
    table(planned.mails.iter().map(row), f)?;
    if !planned.not_sent.is_empty() {
        writeln!(f, "  not sent")?;
        table(planned.not_sent.iter().map(not_sent), f)?;
    }
    Ok(())
}

fn row(mail: &Mail) -> [String; 4] {
    let about = match mail.about {
        About::Opening => "the return is open",
        About::Reminder => "reminder",
        About::Overdue => "overdue",
        About::Escalation => "told that it is overdue",
    };
    [
        "    ".to_owned() + &date(mail.on),
        addressee(&mail.to),
        about.to_owned(),
        mail.rules.join(", "),
    ]
}

fn not_sent(mail: &NotSent) -> [String; 4] {
    [
        "    ".to_owned() + &date(mail.on),
        addressee(&mail.to),
        mail.because.to_owned(),
        mail.rule.clone(),
    ]
}

/// Whom a mail is to, in words.
fn addressee(to: &str) -> String {
    match to {
        CONTACTS => "the contacts".to_owned(),
        LEAD => "the provider’s lead".to_owned(),
        COMMISSIONER => "the commissioner".to_owned(),
        office => format!("holders of {office}"),
    }
}

/// The rule, and what was stepped over.
fn how(day: &Day) -> String {
    let passed: Vec<String> = day
        .stepped_over
        .iter()
        .map(|holiday| format!("{} ({})", holiday.name, in_words(holiday.on)))
        .collect();
    if passed.is_empty() {
        day.rule.clone()
    } else {
        format!("{}, stepping over {}", day.rule, passed.join(", "))
    }
}

/// `Wed  1 Jul 2026`: of one width for every day of four-figure years.
fn date(day: NaiveDate) -> String {
    day.format("%a %e %b %Y").to_string()
}

/// As [`date`], within a line.
fn in_words(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// Rows with their columns lined up, two spaces apart.
fn table<const COLUMNS: usize>(
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let rows: Vec<[String; COLUMNS]> = rows.into_iter().collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    for row in &rows {
        let mut line = String::new();
        for (column, text) in row.iter().enumerate() {
            write!(line, "{text:<width$}  ", width = width(column))?;
        }
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}
