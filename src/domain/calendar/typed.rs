//! Days as people type them: `31/03/2018`, `31 March 2018`, `2018-03-31`.
//!
//! Invariant: a day is read only when it can mean one day. The day stands before the month, as in the United Kingdom; a
//! year of two digits, or a month that there is not, is asked about and never guessed.

use chrono::{Datelike, NaiveDate, Weekday};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The years that a register has to do with. Others are slips: 0218, 20188.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

/// Reads one day. Blanks around it, a weekday before it and midnight after it are taken.
///
/// # Errors
/// What is wrong, quoting what was typed, and what to type instead.
pub fn read_day(typed: &str) -> Result<NaiveDate, String> {
    let quoted: String = typed.trim().chars().take(40).collect();
    let refused = |why: String| format!("“{quoted}” {why}");
    let lower = typed.trim().to_lowercase();
    let parts: Vec<&str> = without_midnight(&lower)
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ',' | '–'))
        .filter(|part| !part.is_empty())
        .collect();
    let (weekday, parts) = match parts.split_first() {
        Some((first, rest)) => match first.parse::<Weekday>() {
            Ok(weekday) => (Some(weekday), rest),
            Err(_) => (None, parts.as_slice()),
        },
        None => (None, parts.as_slice()),
    };
    let [first, second, third] = parts else {
        return Err(refused(LIKE.to_owned()));
    };
    let date = put_together(first, second, third).map_err(&refused)?;
    match weekday.filter(|weekday| *weekday != date.weekday()) {
        Some(_) => Err(refused(format!(
            "names the wrong weekday: {} is a {}.",
            date.format("%d/%m/%Y"),
            date.format("%A")
        ))),
        None => Ok(date),
    }
}

const LIKE: &str = "is not a date. Write it like 31/03/2018 or 31 March 2018.";

/// What a program may have put after a day.
fn without_midnight(text: &str) -> &str {
    let Some((day, time)) = text.split_once(['t', ' ']).filter(|(day, _)| day.len() >= 8) else {
        return text;
    };
    let nought = time.contains(':') && time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'z'));
    if nought { day } else { text }
}

fn put_together(first: &str, second: &str, third: &str) -> Result<NaiveDate, String> {
    let year_first = first.len() == 4 && number(first).is_some();
    let month_first = month(first).is_some();
    let (day, month_typed, year) = match (year_first, month_first) {
        (true, _) => (third, second, first),
        (_, true) => (second, first, third),
        _ => (first, second, third),
    };
    let (Some(day), Some(month)) = (day_number(day), number(month_typed).or_else(|| month(month_typed))) else {
        return Err(LIKE.to_owned());
    };
    let Some(year_read) = number(year) else {
        return Err(LIKE.to_owned());
    };
    if year.len() == 2 {
        return Err(format!(
            "leaves the century open. Write the year in full, like 20{year}."
        ));
    }
    if !YEARS.contains(&year_read) {
        return Err("is not in a year from 1900 to 2199.".to_owned());
    }
    let date = |month, day| NaiveDate::from_ymd_opt(i32::try_from(year_read).ok()?, month, day);
    date(month, day).ok_or_else(|| match date(day, month).filter(|_| month > 12) {
        Some(turned) => format!(
            "has no such month: the day is written before the month. Did you mean {}?",
            turned.format("%d/%m/%Y")
        ),
        None => "is not a day of the calendar.".to_owned(),
    })
}

/// A number of at most four digits.
fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// `3`, `03`, `3rd`.
fn day_number(text: &str) -> Option<u32> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_suffix(end));
    number(bare.unwrap_or(text)).filter(|day| *day < 100)
}

/// The month by its name, or at least three letters of it.
fn month(text: &str) -> Option<u32> {
    let at = MONTHS
        .iter()
        .position(|name| (text.len() >= 3 && name.starts_with(text)) || (*name == "september" && text == "sept"))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_can_mean_one_day() {
        for typed in [
            "2018-04-03",
            "2018/4/3",
            "3/4/2018",
            "03/04/2018",
            " 03.04.2018 ",
            "3-4-2018",
            "3 April 2018",
            "3rd April 2018",
            "3 Apr 2018",
            "03-Apr-2018",
            "April 3, 2018",
            "Tuesday 3 April 2018",
            "Tue, 3 April 2018",
            "2018-04-03T00:00:00",
            "2018-04-03 00:00",
            "03/04/2018 00:00:00",
            "3\u{a0}April\u{a0}2018",
        ] {
            assert_eq!(
                read_day(typed),
                Ok(NaiveDate::from_ymd_opt(2018, 4, 3).unwrap()),
                "{typed:?}"
            );
        }
        assert_eq!(
            read_day("1 Sept 2017"),
            Ok(NaiveDate::from_ymd_opt(2017, 9, 1).unwrap())
        );
        assert_eq!(
            read_day("29/02/2016"),
            Ok(NaiveDate::from_ymd_opt(2016, 2, 29).unwrap())
        );
    }

    #[test]
    fn asks_about_the_rest() {
        for (typed, said) in [
            ("03/04/18", "century"),
            ("3-Apr-18", "Write the year in full, like 2018"),
            ("04/13/2018", "Did you mean 13/04/2018?"),
            ("13/13/2018", "is not a day of the calendar"),
            ("29/02/2018", "is not a day of the calendar"),
            ("00/01/2018", "is not a day of the calendar"),
            ("Monday 3 April 2018", "03/04/2018 is a Tuesday"),
            ("3/4/0218", "1900 to 2199"),
            ("3/4/20188", "is not a date"),
            ("April 2018", "is not a date"),
            ("2018-04-03 12:30", "is not a date"),
            ("next week", "is not a date"),
            ("3 Ma 2018", "is not a date"),
            ("+3/4/2018", "is not a date"),
            ("43193", "is not a date"),
            ("", "is not a date"),
        ] {
            let message = read_day(typed).expect_err(typed);
            assert!(message.contains(said), "{typed:?}: {message}");
            assert!(message.contains(typed), "{typed:?}: {message}");
        }
        assert!(read_day(&"9".repeat(100_000)).unwrap_err().chars().count() < 120);
    }
}
