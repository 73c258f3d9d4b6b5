//! A fund's register at a glance: what it has and has given, its rounds, its needs matrix, who holds its offices.
//!
//! Invariant: a sum that cannot be added up is said to be so, never shown wrong; a day on which nobody holds an office
//! is shown.

use chrono::{Days, NaiveDate};
use countersign_domain::answers::format;
use countersign_domain::money::Money;
use countersign_domain::register::{Holder, Limits, Office};
use serde::Serialize;

use super::super::words::Fact;
use super::sheet::{Row, Sheet, change, row, text};
use crate::service::register::edit::shares::ShareLine;
use crate::service::register::view::FundRegister;

/// The page.
#[derive(Debug, Serialize)]
pub struct FundView {
    href: String,
    title: String,
    facts: Vec<Fact>,
    rounds: Sheet,
    priorities: Sheet,
    shares: Sheet,
    share_rule: String,
    offices: Vec<OfficeView>,
    counts: Vec<Count>,
}

#[derive(Debug, Serialize)]
struct Count {
    href: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct OfficeView {
    id: String,
    key: String,
    title: String,
    href: String,
    /// Who holds it today, in words.
    today: String,
    vacant: bool,
    gaps: Vec<String>,
    terms: Sheet,
}

/// The page of a fund, on a day.
pub fn view(of: &FundRegister, shares: &[ShareLine], today: NaiveDate) -> FundView {
    let href = format!("/office/register/{}", of.fund.id);
    FundView {
        title: of.fund.title.clone(),
        facts: facts(of),
        rounds: Sheet::new("Rounds", &["Round", "Open", "Awards", ""], rounds(of, &href)),
        priorities: Sheet::new("Priorities", &["Priority", "Key", ""], priorities(of, &href)),
        shares: Sheet::new(
            "Needs matrix",
            &["Organisation", "Weight£", "Share£", ""],
            share_rows(shares, &href),
        ),
        share_rule: share_rule(of, shares),
        offices: of
            .offices
            .iter()
            .map(|office| office_view(office, of, &href, today))
            .collect(),
        counts: counts(of, &href),
        href,
    }
}

fn facts(of: &FundRegister) -> Vec<Fact> {
    let awarded = Money::checked_sum(of.grants.iter().map(|grant| grant.amount));
    let amount = |amount: Option<Money>| amount.map_or_else(|| "Too large to be added up".to_owned(), format::money);
    let mut facts = vec![
        Fact::new("Commissioner", of.organisation(of.fund.commissioner)),
        Fact::new(
            "Total",
            of.fund.total.map_or_else(|| "Not said".to_owned(), format::money),
        ),
        Fact::new("Awarded", amount(awarded)),
    ];
    if let Some(total) = of.fund.total {
        facts.push(Fact::new(
            "Left",
            amount(awarded.and_then(|awarded| total.checked_sub(awarded))),
        ));
    }
    facts.push(Fact::new("One award", limits(&of.fund.limits, "No limits")));
    facts
}

/// What one award may be, in words.
fn limits(of: &Limits, none: &str) -> String {
    match (of.smallest, of.largest) {
        (Some(smallest), Some(largest)) => format!("{} to {}", format::money(smallest), format::money(largest)),
        (Some(smallest), None) => format!("{} or more", format::money(smallest)),
        (None, Some(largest)) => format!("{} or less", format::money(largest)),
        (None, None) => none.to_owned(),
    }
}

fn rounds(of: &FundRegister, href: &str) -> Vec<Row> {
    let one = |round: &countersign_domain::register::Round| {
        row([
            text(round.title.clone()),
            text(format!(
                "{} to {}",
                format::date(round.opens_on),
                format::date(round.closes_on)
            )),
            text(limits(&round.limits, "As the fund says")),
            change(format!("{href}/change/round/{}", round.id), &round.title),
        ])
    };
    of.rounds.iter().map(one).collect()
}

fn priorities(of: &FundRegister, href: &str) -> Vec<Row> {
    let one = |(key, title): &(String, String)| {
        let to = format!("{href}/change/priority/{key}");
        row([text(title.clone()), text(key.clone()), change(to, title)])
    };
    of.fund.priorities.iter().map(one).collect()
}

fn share_rows(shares: &[ShareLine], href: &str) -> Vec<Row> {
    let one = |line: &ShareLine| {
        let to = format!("{href}/change/share/{}", line.shown.fields.organisation);
        row([
            text(line.organisation.clone()),
            text(line.shown.fields.weight.clone()),
            text(line.amount.map_or_else(|| "–".to_owned(), format::money)),
            change(to, &line.organisation),
        ])
    };
    shares.iter().map(one).collect()
}

fn share_rule(of: &FundRegister, shares: &[ShareLine]) -> String {
    match (shares.is_empty(), of.fund.total) {
        (true, _) => "Without a matrix, each grant is given its own amount.".to_owned(),
        (false, None) => "The fund’s total is not said, so the weights come to no amounts yet.".to_owned(),
        (false, Some(_)) if shares.iter().all(|line| line.amount.is_none()) => {
            "Every weight is 0, so nobody has a share.".to_owned()
        }
        (false, Some(total)) => format!(
            "The total of {} is shared in the proportion of the weights, rounded down to the penny; the pennies that are \
             left go one each to the shares that lost most by it, so that all of them come to the total.",
            format::money(total)
        ),
    }
}

fn counts(of: &FundRegister, href: &str) -> Vec<Count> {
    let count = |list: &str, words: String| Count {
        href: format!("{href}/{list}"),
        text: words,
    };
    vec![
        count("grants", format!("Grants ({})", of.grants.len())),
        count("assignments", format!("Who owes which form ({})", of.assignments.len())),
        count("organisations", format!("Organisations ({})", of.organisations.len())),
        count("people", format!("People ({})", of.people.len())),
        count("changes", "What was changed, by whom and when".to_owned()),
    ]
}

fn office_view(office: &Office, of: &FundRegister, href: &str, today: NaiveDate) -> OfficeView {
    let mut terms: Vec<&Holder> = of.holders.iter().filter(|held| held.office == office.id).collect();
    terms.sort_by_key(|held| (held.deputy, held.from));
    let name = |held: &Holder| of.person(held.person).map_or("", |person| &person.name).to_owned();
    let now = |deputy: bool| {
        let held = terms
            .iter()
            .filter(move |held| held.deputy == deputy && held.holds_on(today));
        held.map(|held| name(held)).collect::<Vec<_>>().join(", ")
    };
    let (holder, deputies) = (now(false), now(true));
    let today_words = match (holder.as_str(), deputies.as_str()) {
        ("", "") => "Nobody holds it today.".to_owned(),
        ("", deputies) => format!("Nobody holds it today. Deputy: {deputies}."),
        (holder, "") => format!("Today: {holder}."),
        (holder, deputies) => format!("Today: {holder}. Deputy: {deputies}."),
    };
    let term = |held: &&Holder| {
        let who = name(held);
        let to = format!("{href}/change/holder/{}_{}_{}", held.office, held.person, held.from);
        row([
            text(who.clone()),
            text(if held.deputy { "Deputy" } else { "Holder" }),
            text(format::date(held.from)),
            text(held.to.map_or_else(|| "Until further notice".to_owned(), format::date)),
            change(to, &format!("the term of {who}")),
        ])
    };
    OfficeView {
        id: format!("office-{}", office.id),
        key: office.key.clone(),
        title: office.title.clone(),
        href: format!("{href}/change/office/{}", office.id),
        vacant: holder.is_empty(),
        today: today_words,
        gaps: gaps(&terms),
        terms: Sheet::new(
            format!("Terms of {}", office.title),
            &["Who", "As", "From", "Until", ""],
            terms.iter().map(term).collect(),
        ),
    }
}

/// The days between two terms on which nobody holds the office, in words; whoever deputises holds it no more than that.
fn gaps(terms: &[&Holder]) -> Vec<String> {
    let mut held: Vec<&&Holder> = terms.iter().filter(|held| !held.deputy).collect();
    held.sort_by_key(|held| held.from);
    let mut gaps = Vec::new();
    let mut until: Option<NaiveDate> = None;
    for term in held {
        if let Some(next) = until
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .filter(|next| *next < term.from)
        {
            let last = term.from.checked_sub_days(Days::new(1)).unwrap_or(next);
            gaps.push(format!(
                "Nobody holds it from {} to {}.",
                format::date(next),
                format::date(last)
            ));
        }
        // Without a last day it is held from then on.
        let Some(to) = term.to else { return gaps };
        until = until.max(Some(to));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn held(from: &str, to: Option<&str>, deputy: bool) -> Holder {
        Holder {
            office: Uuid::nil().into(),
            office_key: String::new(),
            office_title: String::new(),
            fund: Uuid::nil().into(),
            person: Uuid::nil().into(),
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
            deputy,
        }
    }

    #[test]
    fn the_days_between_two_terms_are_shown() {
        let all = [
            held("2018-06-01", None, false),
            held("2017-04-01", Some("2018-03-31"), false),
            held("2018-04-01", Some("2018-05-31"), true),
        ];
        let all: Vec<&Holder> = all.iter().collect();
        assert_eq!(gaps(&all), ["Nobody holds it from 1 April 2018 to 31 May 2018."]);
        let whole = [
            held("2017-04-01", Some("2018-03-31"), false),
            held("2018-04-01", None, false),
        ];
        assert!(gaps(&whole.iter().collect::<Vec<_>>()).is_empty());
    }
}
