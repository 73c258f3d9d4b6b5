//! Reads a date rule as a form spells it.
//!
//! Invariant: a rule is read or its fault is said with the bytes it stands in; a rule that is read has a date for every
//! year, so that no day is named that some Novembers or Februaries lack.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Anchor, Base, DateRule, DayOfMonth, FURTHEST, MonthOf, Side, Unit};

/// The months, with the days that each has in every year.
const MONTHS: [(&str, u32); 12] = [
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

/// What is wrong, and in which bytes.
type Fault = (Range<usize>, String);

/// Reads a rule as a form spells it.
///
/// # Errors
/// The byte range of what was not understood, and what to write instead.
pub fn parse(text: &str) -> Result<DateRule, (Range<usize>, String)> {
    let mut reading = Reading {
        text,
        at: text.len() - text.trim_start().len(),
        end: text.trim_end().len(),
    };
    if text.trim().is_empty() {
        return Err((0..text.len(), expected_anchor("Write a date")));
    }
    let base = reading.base()?;
    let (by, unit) = reading.count(base)?;
    Ok(DateRule { base, by, unit })
}

/// The name of the month of this number; nothing outside 1 to 12.
pub(super) fn month_name(number: u32) -> &'static str {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    index.and_then(|index| MONTHS.get(index)).map_or("", |(name, _)| name)
}

/// The text and how far it has been read.
struct Reading<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Reading<'a> {
    /// What is left, without the spaces before it.
    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.at..self.end).unwrap_or_default().trim_start();
        self.at = self.end.max(self.at) - rest.len();
        rest
    }

    /// The letters and digits that come next, and where they stand; read past only when they are taken.
    fn word(&mut self) -> (Range<usize>, &'a str) {
        let rest = self.rest();
        let word = leading(rest, |c| c.is_alphanumeric() || c == '_');
        (self.at..self.at + word.len(), word)
    }

    fn take(&mut self, word: &str) {
        self.at += word.len();
    }

    /// Where the next word stands, or else whatever is left.
    fn here(&mut self) -> Range<usize> {
        let (place, word) = self.word();
        if word.is_empty() { self.at..self.end } else { place }
    }

    fn base(&mut self) -> Result<Base, Fault> {
        let (_, word) = self.word();
        if let Some(anchor) = anchor_called(word) {
            self.take(word);
            return Ok(Base::Anchor(anchor));
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.numbered();
        }
        if word == "last" {
            self.take(word);
            return self.last();
        }
        if month_called(word).is_some() {
            let example = "Write the day before the month, and what it comes after: 30 November after end";
            return Err((self.here(), example.to_owned()));
        }
        let place = self.here();
        let problem = format!("“{}” is not a date of the schedule", &self.text[place.clone()]);
        Err((place, expected_anchor(&problem)))
    }

    /// `2026-07-31`, or `30 November after end`.
    fn numbered(&mut self) -> Result<Base, Fault> {
        let rest = self.rest();
        let date = leading(rest, |c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.'));
        if date.contains(['-', '/', '.']) {
            let place = self.at..self.at + date.len();
            self.take(date);
            return plain_date(date).map(Base::On).map_err(|message| (place, message));
        }
        let (place, word) = self.word();
        let digits = leading(word, |c| c.is_ascii_digit());
        match &word[digits.len()..] {
            "" => {}
            "st" | "nd" | "rd" | "th" => {
                let message = format!("Write the day without letters: {digits} November after end");
                return Err((place, message));
            }
            _ => {
                let problem = format!("“{word}” is not a date of the schedule");
                return Err((place, expected_anchor(&problem)));
            }
        }
        self.take(word);
        let month = self.month(digits)?;
        let month_end = self.at;
        let (name, longest) = (month_name(month), days_of(month));
        match digits.parse::<u32>() {
            Ok(day) if (1..=longest).contains(&day) => self.beside(
                DayOfMonth::Numbered(day),
                MonthOf::Named(month),
                &format!("{day} {name}"),
            ),
            Ok(29) => {
                let message = "There is a 29 February in leap years only. Write last day of February".to_owned();
                Err((place.start..month_end, message))
            }
            _ => {
                let message = format!("There is no {digits} {name}. Write {longest} {name}, or last day of {name}");
                Err((place.start..month_end, message))
            }
        }
    }

    fn month(&mut self, day: &str) -> Result<u32, Fault> {
        let (place, word) = self.word();
        if let Some((number, _)) = month_called(word).filter(|(_, whole)| *whole) {
            self.take(word);
            return Ok(number);
        }
        if let Some((number, _)) = month_called(word) {
            let message = format!("“{word}” is not a month. Write {}", month_name(number));
            return Err((place, message));
        }
        let message = format!("Write the name of a month after {day}, like {day} April after end");
        Err((self.here(), message))
    }

    /// What follows `last`: `day of June after end`, `working day of the month after end`.
    fn last(&mut self) -> Result<Base, Fault> {
        let (_, word) = self.word();
        let working = word == "working";
        if working {
            self.take(word);
        }
        for wanted in ["day", "of"] {
            let (_, word) = self.word();
            if word != wanted {
                let message = "Write last day of, or last working day of, and a month: last day of June after end";
                return Err((self.here(), message.to_owned()));
            }
            self.take(word);
        }
        let day = if working {
            DayOfMonth::LastWorking
        } else {
            DayOfMonth::Last
        };
        let (_, the) = self.word();
        if the == "the" {
            self.take(the);
        }
        let (_, word) = self.word();
        if word == "month" {
            self.take(word);
            return self.beside(day, MonthOf::Neighbour, "last day of the month");
        }
        let month = self.month("last day of")?;
        self.beside(
            day,
            MonthOf::Named(month),
            &format!("last day of {}", month_name(month)),
        )
    }

    /// `after end`.
    fn beside(&mut self, day: DayOfMonth, month: MonthOf, so_far: &str) -> Result<Base, Fault> {
        let (_, word) = self.word();
        let side = match word {
            "after" => Side::After,
            "before" => Side::Before,
            _ => {
                let message = format!("Say which one is meant: {so_far} after end, or before start");
                return Err((self.here(), message));
            }
        };
        self.take(word);
        let (_, word) = self.word();
        let Some(anchor) = anchor_called(word) else {
            let place = self.here();
            let found = &self.text[place.clone()];
            let problem = if found.is_empty() {
                "Write what it is counted from".to_owned()
            } else {
                format!("“{found}” is not a date of the schedule")
            };
            return Err((place, expected_anchor(&problem)));
        };
        self.take(word);
        Ok(Base::Beside {
            day,
            month,
            side,
            anchor,
        })
    }

    /// `+ 20wd`, or nothing.
    fn count(&mut self, base: Base) -> Result<(i32, Unit), Fault> {
        let rest = self.rest();
        let before = match rest.as_bytes().first() {
            None => return Ok((0, Unit::Days)),
            Some(b'+') => false,
            Some(b'-') => true,
            Some(_) if rest.starts_with("of ") => {
                let message = format!("“{rest}” was not expected here. Write last day of the month after {base}");
                return Err((self.at..self.end, message));
            }
            Some(_) => {
                let problem = format!("“{rest}” was not expected here. Write + or - and a number of days");
                return Err((self.at..self.end, format!("{problem}, like {base} + 20wd")));
            }
        };
        self.at += 1;
        let digits = leading(self.rest(), |c| c.is_ascii_digit());
        if digits.is_empty() {
            let problem = "Write a whole number after the sign, like + 20wd".to_owned();
            return Err((self.at..self.end.max(self.at), problem));
        }
        let place = self.at..self.at + digits.len();
        let number = digits.parse::<u32>().ok().filter(|number| *number <= FURTHEST);
        let Some(by) = number.and_then(|number| i32::try_from(number).ok()) else {
            let problem = format!("“{digits}” is too far. The furthest is {FURTHEST}");
            return Err((place, problem));
        };
        self.take(digits);
        let unit = match self.rest() {
            "d" => Unit::Days,
            "w" => Unit::Weeks,
            "wd" => Unit::WorkingDays,
            "" => {
                let problem = "Write what is counted: d for days, w for weeks, wd for working days";
                return Err((self.at..self.end, problem.to_owned()));
            }
            other => {
                let problem = format!("“{other}” is not counted here. Use d, w or wd (working days)");
                return Err((self.at..self.end, problem));
            }
        };
        Ok((if before { -by } else { by }, unit))
    }
}

/// A date as `2026-07-31`, and nothing else: 1/4 is April to some and January to others.
fn plain_date(text: &str) -> Result<NaiveDate, String> {
    let shape = text.split('-').map(str::len).eq([4, 2, 2]);
    if !shape || text.contains(['/', '.']) {
        return Err("Write a date as year, month and day: 2026-07-31".to_owned());
    }
    text.parse()
        .map_err(|_| format!("There is no {text} in the calendar. The month is 01 to 12, and the day one that it has"))
}

fn anchor_called(word: &str) -> Option<Anchor> {
    let known = Anchor::ALL.iter().find(|(name, _)| *name == word);
    known.map(|(_, anchor)| *anchor)
}

/// The number of the month that a word means, and whether it is the whole name.
fn month_called(word: &str) -> Option<(u32, bool)> {
    let word = word.to_lowercase();
    let short = word.get(..3)?;
    (1..).zip(MONTHS).find_map(|(number, (name, _))| {
        let name = name.to_lowercase();
        name.starts_with(short).then_some((number, name == word))
    })
}

fn days_of(month: u32) -> u32 {
    (1..)
        .zip(MONTHS)
        .find_map(|(number, (_, days))| (number == month).then_some(days))
        .unwrap_or_default()
}

fn expected_anchor(problem: &str) -> String {
    let words: Vec<&str> = Anchor::ALL.iter().map(|(word, _)| *word).collect();
    let (last, others) = words.split_last().unwrap_or((&"", &[]));
    format!("{problem}. Use {} or {last}", others.join(", "))
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    &text[..end]
}
