//! Filters for pages and mails: dates in words, and plain text as paragraphs.
//!
//! Invariant: an instant is shown as the clocks in London show it; a date that cannot be read is an error.

use super::html::escape;
use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Europe::London;
use chrono_tz::Tz;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind};

pub(super) fn add_to(env: &mut Environment<'static>) {
    env.add_filter("day", day);
    env.add_filter("day_time", day_time);
    env.add_filter("nl2p", nl2p);
}

/// `2018-04-03`, or an instant such as `2018-04-02T23:30:00Z`, as `3 April 2018`.
fn day(text: &str) -> Result<String, Error> {
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(date) => Ok(words(date)),
        Err(_) => Ok(words(in_london(text)?.date_naive())),
    }
}

/// An instant such as `2018-04-03T08:05:00Z` as `3 April 2018 at 9:05am`.
fn day_time(text: &str) -> Result<String, Error> {
    let at = in_london(text)?;
    let (is_pm, hour) = at.hour12();
    let half = if is_pm { "pm" } else { "am" };
    let time = match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => format!("{hour}{half}"),
        (_, minute) => format!("{hour}:{minute:02}{half}"),
    };
    Ok(format!("{} at {time}", words(at.date_naive())))
}

fn words(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), date.format("%B"), date.year())
}

fn in_london(text: &str) -> Result<DateTime<Tz>, Error> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&London))
        .map_err(|_| {
            Error::new(
                ErrorKind::InvalidOperation,
                format!("{text:?} is neither a date nor an instant"),
            )
        })
}

/// Plain text as escaped paragraphs: an empty line parts two, and a single new line is kept as one.
fn nl2p(text: &str) -> Value {
    let lines = text.replace("\r\n", "\n");
    let mut html = String::new();
    for paragraph in lines
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
    {
        let escaped = escape(&Value::from(paragraph)).replace('\n', "<br>");
        html.push_str("<p class=\"govuk-body\">");
        html.push_str(&escaped);
        html.push_str("</p>");
    }
    Value::from_safe_string(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_words() {
        assert_eq!(day("2018-04-03").unwrap(), "3 April 2018");
        assert_eq!(day("2018-04-02T23:30:00Z").unwrap(), "3 April 2018");
        assert_eq!(day_time("2018-04-03T08:05:00Z").unwrap(), "3 April 2018 at 9:05am");
        assert_eq!(day_time("2018-12-03T13:00:00.123Z").unwrap(), "3 December 2018 at 1pm");
        assert_eq!(day_time("2018-12-03T12:00:00Z").unwrap(), "3 December 2018 at midday");
        assert_eq!(day_time("2018-04-02T23:00:00Z").unwrap(), "3 April 2018 at midnight");
        assert_eq!(
            day_time("2018-12-03T00:30:00+00:00").unwrap(),
            "3 December 2018 at 12:30am"
        );
        day("3/4/2018").unwrap_err();
        day_time("2018-04-03").unwrap_err();
    }

    #[test]
    fn text_becomes_escaped_paragraphs() {
        let html = nl2p("One <b>\r\ntwo\r\n\r\n\n\nthree & four\n").to_string();
        assert_eq!(
            html,
            "<p class=\"govuk-body\">One &lt;b&gt;<br>two</p><p class=\"govuk-body\">three &amp; four</p>"
        );
        assert_eq!(nl2p(" \n ").to_string(), "");
    }
}
