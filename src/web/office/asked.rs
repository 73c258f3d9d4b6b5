//! The addresses of lists: which returns or signed figures are asked for, written into a link and read back from one.
//!
//! Invariant: what a link was written from is what is read back from it; an address that nobody wrote is not found.

use std::fmt::Write as _;
use std::str::FromStr;

use chrono::NaiveDate;
use countersign_domain::document::Source;
use countersign_domain::ids::FundId;
use countersign_domain::period::Period;
use countersign_domain::returns::standing::Which;

use super::super::WebError;
use crate::document;
use crate::service::ServiceError;
use crate::service::listing::Asked;
use crate::wording::in_address;

/// Where the signed figures under a number are shown.
pub const FIGURES: &str = "/office/figures";

/// What stands behind the question mark of an address, in order.
pub type Pairs = Vec<(String, String)>;

/// The address of a list of returns.
pub fn of_returns(asked: &Asked) -> String {
    let mut parts = vec![("fund", asked.fund.to_string())];
    parts.extend(asked.form.clone().map(|form| ("form", form)));
    for (name, period) in [
        ("period", asked.period),
        ("ends", asked.ends),
        ("running", asked.running),
    ] {
        parts.extend(period.map(|period| (name, dates(period))));
    }
    parts.push(("state", asked.which.name().to_owned()));
    if !asked.words.is_empty() {
        parts.push(("q", asked.words.clone()));
    }
    if asked.page != 1 {
        parts.push(("page", asked.page.to_string()));
    }
    address("/office/returns", &parts)
}

/// The list of returns that an address asks for; none when it names no fund.
///
/// # Errors
/// [`ServiceError::NotFound`] for what [`of_returns`] does not write.
pub fn returns(pairs: &Pairs) -> Result<Option<Asked>, WebError> {
    let Some(fund) = one::<FundId>(pairs, "fund")? else {
        return Ok(None);
    };
    let which = match text(pairs, "state") {
        None => Which::All,
        Some(name) => Which::named(name).ok_or(ServiceError::NotFound)?,
    };
    Ok(Some(Asked {
        form: text(pairs, "form").map(str::to_owned),
        period: period(pairs, "period")?,
        ends: period(pairs, "ends")?,
        running: period(pairs, "running")?,
        which,
        words: text(pairs, "q").unwrap_or_default().to_owned(),
        page: page(pairs),
        ..Asked::all(fund)
    }))
}

/// The address of the signed figures under a number: on the page for those signed now, or for those of an edition.
pub fn of_figures(path: &str, source: &Source, page: u64) -> String {
    let trail = document::trail(source);
    match page {
        1 => format!("{path}?{trail}"),
        page => format!("{path}?{trail}&page={page}"),
    }
}

/// The signed figures that an address asks for, and which page of them.
///
/// # Errors
/// [`ServiceError::NotFound`] for what [`of_figures`] does not write.
pub fn figures(pairs: &Pairs) -> Result<(Source, u64), WebError> {
    let mut funds = all(pairs, "fund")?.into_iter();
    let source = Source {
        fund: funds.next().ok_or(ServiceError::NotFound)?,
        other_funds: funds.collect(),
        form: text(pairs, "form").ok_or(ServiceError::NotFound)?.to_owned(),
        measure: text(pairs, "measure").ok_or(ServiceError::NotFound)?.to_owned(),
        within: period(pairs, "within")?.ok_or(ServiceError::NotFound)?,
        ret: one(pairs, "return")?,
        grant: one(pairs, "grant")?,
        allocations: all(pairs, "allocation")?,
        provider: one(pairs, "provider")?,
        row: text(pairs, "row").map(str::to_owned),
    };
    Ok((source, page(pairs)))
}

/// The day that an address names.
///
/// # Errors
/// [`ServiceError::NotFound`] for what is no day.
pub fn day(pairs: &Pairs, name: &str) -> Result<Option<NaiveDate>, WebError> {
    one(pairs, name)
}

/// The page that an address names; the first one where it names none.
pub fn page(pairs: &Pairs) -> u64 {
    text(pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1)
}

/// The text of a name in an address; an empty box of a form is none.
pub fn text<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    let mut found = pairs.iter().filter(|(known, _)| known == name);
    found
        .next()
        .map(|(_, text)| text.as_str())
        .filter(|text| !text.is_empty())
}

/// An address with what stands behind its question mark.
pub fn address(path: &str, parts: &[(&str, String)]) -> String {
    let mut all = path.to_owned();
    for (nth, (name, text)) in parts.iter().enumerate() {
        let before = if nth == 0 { '?' } else { '&' };
        // Writing into a text cannot fail.
        let _ = write!(all, "{before}{name}={}", in_address(text));
    }
    all
}

/// The two days of a period, as an address has them.
pub fn dates(period: Period) -> String {
    format!("{}..{}", period.start(), period.end())
}

fn period(pairs: &Pairs, name: &str) -> Result<Option<Period>, WebError> {
    let Some(text) = text(pairs, name) else { return Ok(None) };
    let ends = text
        .split_once("..")
        .and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
    let read = ends.and_then(|(start, end)| Period::new(start, end).ok());
    Ok(Some(read.ok_or(ServiceError::NotFound)?))
}

/// Everything that an address says under a name, in order.
fn all<T: FromStr>(pairs: &Pairs, name: &str) -> Result<Vec<T>, WebError> {
    let said = pairs.iter().filter(|(known, _)| known == name);
    let read = said.map(|(_, text)| text.parse().map_err(|_| ServiceError::NotFound));
    Ok(read.collect::<Result<_, _>>()?)
}

fn one<T: FromStr>(pairs: &Pairs, name: &str) -> Result<Option<T>, WebError> {
    let read = text(pairs, name).map(|text| text.parse().map_err(|_| ServiceError::NotFound));
    Ok(read.transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "018f0000-0000-7000-8000-000000000001";

    fn pairs(address: &str) -> Pairs {
        let request = poem::Request::builder().uri(address.parse().unwrap()).finish();
        request.params().unwrap()
    }

    fn year() -> Period {
        Period::financial_year(2017).unwrap()
    }

    #[test]
    fn a_list_of_returns_is_read_back_from_its_address() {
        let fund = ID.parse().unwrap();
        for which in Which::ALL {
            let asked = Asked {
                form: Some("provider-quarter".to_owned()),
                period: Some(year()),
                running: Some(year()),
                which,
                words: "café & co, 100%".to_owned(),
                page: 3,
                ..Asked::all(fund)
            };
            assert_eq!(returns(&pairs(&of_returns(&asked))).ok().flatten(), Some(asked));
        }
        assert_eq!(
            returns(&pairs(&of_returns(&Asked::all(fund)))).ok().flatten(),
            Some(Asked::all(fund))
        );
    }

    #[test]
    fn the_figures_under_a_number_are_read_back_from_their_address() {
        let source = Source {
            fund: ID.parse().unwrap(),
            other_funds: vec![ID.replace('8', "9").parse().unwrap()],
            form: "outcomes".to_owned(),
            measure: "cohorts.after".to_owned(),
            within: year(),
            ret: Some(ID.parse().unwrap()),
            grant: Some(ID.parse().unwrap()),
            allocations: vec![ID.parse().unwrap(), ID.parse().unwrap()],
            provider: Some(ID.parse().unwrap()),
            row: Some("young/first step".to_owned()),
        };
        assert_eq!(
            figures(&pairs(&of_figures(FIGURES, &source, 2))).ok(),
            Some((source, 2))
        );
    }

    #[test]
    fn an_address_that_nobody_wrote_is_not_found() {
        let of = |text: &str| pairs(&format!("/office/returns?{text}"));
        assert!(matches!(returns(&of("state=late")), Ok(None)));
        for wrong in [
            "fund=x",
            &format!("fund={ID}&state=overdue"),
            &format!("fund={ID}&period=2018-04-01"),
        ] {
            assert!(returns(&of(wrong)).is_err(), "{wrong}");
        }
        assert!(figures(&of(&format!("fund={ID}&form=f&measure=m"))).is_err());
        assert!(
            figures(&of(&format!(
                "fund={ID}&form=f&measure=m&within=2018-04-01..2018-03-31"
            )))
            .is_err()
        );
    }
}
