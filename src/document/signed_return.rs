//! A return as it was signed, as a neutral document.
//!
//! Invariant: it only arranges what the report service added up; nothing is calculated here.

pub(super) mod lay;
mod money;

use chrono::NaiveDate;
use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Cell, Document, Mark, Unit};
use countersign_domain::money::Money;
use countersign_domain::returns::Signature;
use rust_decimal::Decimal;

use crate::service::notify;
use crate::service::report::{MeasureLine, SignedReturn};

/// The document, as it is read on this day.
pub fn signed_return(signed: &SignedReturn, today: NaiveDate) -> Document {
    let mut blocks = vec![
        lay::facts(about(signed)),
        lay::paragraph(
            "For the commissioner’s own use, not for publication: small numbers of people stand in it as they are.",
        ),
    ];
    if signed.correction_under_way {
        blocks.push(lay::paragraph(
            "A correction of this return is under way. Until it has been signed, the figures signed before it stand.",
        ));
    }
    if let Some(spending) = &signed.spending {
        money::money(&mut blocks, signed, spending);
    }
    measures(&mut blocks, &signed.measures);
    findings(&mut blocks, signed);
    signatures(&mut blocks, signed);
    lay::internal(
        format!("{}: {}", signed.title, signed.grant_title),
        subtitle(&signed.fund_title, &signed.period),
        today,
        blocks,
    )
}

/// Of what the return is.
fn about(signed: &SignedReturn) -> Vec<(&'static str, Cell)> {
    let mut facts = vec![(
        "Grant",
        lay::words(format!("{} ({})", signed.grant_title, signed.grant_reference)),
    )];
    facts.extend(
        signed
            .project
            .as_ref()
            .map(|project| ("Project", lay::words(&**project))),
    );
    facts.push(("Awarded to", lay::words(&*signed.awarded_to)));
    if signed.provider != signed.awarded_to {
        facts.push(("Returned by", lay::words(&*signed.provider)));
    }
    facts.push(("Period", lay::words(&*signed.period)));
    facts.push((
        "Figures from",
        lay::words(format!("Revision {}, as signed", signed.revision)),
    ));
    facts
}

/// The fund and the period, which many a fund has in its title.
fn subtitle(fund: &str, period: &str) -> String {
    if fund.contains(period) {
        fund.to_owned()
    } else {
        format!("{fund}, {period}")
    }
}

fn measures(blocks: &mut Vec<Block>, measures: &[MeasureLine]) {
    if measures.is_empty() {
        return;
    }
    blocks.push(lay::heading("What was delivered"));
    let columns = [
        ("Measure", false),
        ("For", false),
        ("Figure", true),
        ("Target", false),
        ("Reached", false),
        ("Compared with", false),
    ];
    let mut table = lay::table("Measures beside their targets and benchmarks", &columns);
    for measure in measures {
        lay::row(
            &mut table,
            vec![
                lay::words(&*measure.label),
                lay::words(&*measure.subject),
                lay::figure(&*measure.shown, number(&measure.value), marks(&measure.value)),
                lay::words(measure.target.as_deref().unwrap_or_default()),
                lay::words(match measure.on_target {
                    Some(true) => "Yes",
                    Some(false) => "No",
                    None => "",
                }),
                lay::words(measure.benchmark.as_deref().unwrap_or_default()),
            ],
        );
    }
    blocks.push(Block::Table(table));
}

/// The exact figure. A ratio is two numbers, so that a spreadsheet gets its words.
fn number(value: &FigureValue) -> Option<(Decimal, Unit)> {
    match *value {
        FigureValue::Money { pence } => Some((Money::pence(pence).to_decimal(), Unit::Pounds)),
        FigureValue::Count { count } => Some((Decimal::from(count), Unit::Count)),
        FigureValue::Number {
            scaled,
            places,
            percent,
        } => {
            let unit = if percent { Unit::Percent } else { Unit::Number };
            Decimal::try_new(scaled, places).ok().map(|number| (number, unit))
        }
        FigureValue::Range { .. }
        | FigureValue::Ratio { .. }
        | FigureValue::NotApplicable
        | FigureValue::NotKnown
        | FigureValue::Blank => None,
    }
}

/// Why there is no figure.
fn marks(value: &FigureValue) -> Vec<Mark> {
    match value {
        FigureValue::NotApplicable => vec![Mark::NotApplicable],
        FigureValue::NotKnown => vec![Mark::NotKnown],
        FigureValue::Blank => vec![Mark::Blank],
        FigureValue::Money { .. }
        | FigureValue::Count { .. }
        | FigureValue::Number { .. }
        | FigureValue::Range { .. }
        | FigureValue::Ratio { .. } => Vec::new(),
    }
}

fn findings(blocks: &mut Vec<Block>, signed: &SignedReturn) {
    blocks.push(lay::heading("What the checks found"));
    if signed.findings.is_empty() {
        blocks.push(lay::paragraph("No check found anything in these figures."));
        return;
    }
    let columns = [("For", false), ("Finding", false), ("Explanation", false)];
    let mut table = lay::table("Findings with their explanations", &columns);
    for finding in &signed.findings {
        lay::row(
            &mut table,
            vec![
                lay::words(&*finding.subject),
                lay::words(&*finding.message),
                lay::words(finding.explanation.as_deref().unwrap_or("None given")),
            ],
        );
    }
    blocks.push(Block::Table(table));
}

fn signatures(blocks: &mut Vec<Block>, signed: &SignedReturn) {
    blocks.push(lay::heading("Signatures"));
    let columns = [
        ("Name", false),
        ("Position", false),
        ("Signed", false),
        ("Declared", false),
    ];
    let mut table = lay::table(format!("Who signed revision {}", signed.revision), &columns);
    for signature in &signed.signatures {
        lay::row(
            &mut table,
            vec![
                lay::words(&*signature.typed_name),
                lay::words(&*signature.position),
                lay::words(notify::moment(signature.signed_at)),
                lay::words(&*signature.statement),
            ],
        );
        if let Some((at, why)) = &signature.voided {
            table.notes.push(voided(signature, &notify::moment(*at), why));
        }
    }
    blocks.push(Block::Table(table));
    blocks.push(lay::facts([("Digest of what was signed", lay::words(&*signed.digest))]));
}

fn voided(signature: &Signature, at: &str, why: &str) -> String {
    format!("The signature of {} was voided {at}: {why}", signature.typed_name)
}

#[cfg(test)]
mod tests {
    use super::super::csv;
    use super::*;
    use crate::service::report::{Amount, FindingLine, Line, MoneyLine, Spending, Stated, VirementLine};
    use countersign_domain::document::Table;

    fn signed() -> SignedReturn {
        let pounds = |pounds| Money::pounds(pounds).unwrap();
        let exactly = |whole| Stated {
            amount: pounds(whole),
            approximately: false,
        };
        SignedReturn {
            title: "Final evaluation".to_owned(),
            grant_title: "Community safety 2017-18".to_owned(),
            grant_reference: "CSP-17".to_owned(),
            project: None,
            awarded_to: "Safer Plymouth".to_owned(),
            provider: "Safer Plymouth".to_owned(),
            fund_title: "Community safety fund".to_owned(),
            period: "2017-18".to_owned(),
            spending: Some(Spending {
                reconciliation: vec![Line {
                    label: "Available".to_owned(),
                    stated: exactly(428_246),
                }],
                lines: vec![MoneyLine {
                    title: "Family support".to_owned(),
                    of: "Hope, Ltd".to_owned(),
                    allocated: Some(pounds(16_046)),
                    spent: Amount::Given(Stated {
                        approximately: true,
                        ..exactly(16_486)
                    }),
                    committed: Amount::NotAsked,
                    left: Some(exactly(-440)),
                }],
                parts: Vec::new(),
                spent: true,
                committed: false,
                left: true,
                only_this_period: false,
            }),
            planned: None,
            measures: vec![
                measure(
                    "Completed",
                    FigureValue::Ratio {
                        of: 308,
                        per: 1231,
                        places: 1,
                    },
                    "25.0% (308 of 1,231)",
                ),
                measure("Alcohol", FigureValue::NotApplicable, "Not applicable"),
                measure(
                    "Escalations",
                    FigureValue::Number {
                        scaled: -44,
                        places: 1,
                        percent: true,
                    },
                    "-4.4%",
                ),
            ],
            findings: vec![FindingLine {
                subject: "Family support".to_owned(),
                message: "The items come to £49.00 more.".to_owned(),
                explanation: Some("=HYPERLINK(1)".to_owned()),
            }],
            virements: vec![VirementLine {
                from: "A".to_owned(),
                to: "B".to_owned(),
                amount: pounds(440),
                reason: "Underspend".to_owned(),
                approved_by: "Jo Treasurer".to_owned(),
            }],
            signatures: Vec::new(),
            revision: 2,
            digest: "ab".repeat(32),
            correction_under_way: false,
        }
    }

    fn measure(label: &str, value: FigureValue, shown: &str) -> MeasureLine {
        MeasureLine {
            subject: "Treatment".to_owned(),
            label: label.to_owned(),
            shown: shown.to_owned(),
            value,
            target: None,
            on_target: None,
            benchmark: Some("National average 21.9%".to_owned()),
        }
    }

    fn table<'a>(document: &'a Document, caption: &str) -> &'a Table {
        let found = document.blocks.iter().find_map(|block| match block {
            Block::Table(table) if table.caption == caption => Some(table),
            _ => None,
        });
        found.expect("the table is there")
    }

    #[test]
    fn it_says_what_was_approximate() {
        let document = signed_return(&signed(), NaiveDate::from_ymd_opt(2018, 4, 3).unwrap());
        let spending = table(&document, "Spending by project");
        let about = Money::pounds(16_486).unwrap();
        assert_eq!(spending.rows[0].cells[3], lay::pounds(about, true));
        assert_eq!(spending.notes.len(), 2);
    }

    #[test]
    fn the_spreadsheet_has_bare_numbers_and_no_formula() {
        let text =
            String::from_utf8(csv(&signed_return(&signed(), NaiveDate::from_ymd_opt(2018, 4, 3).unwrap())).unwrap())
                .unwrap();
        assert!(
            text.contains("\"Family support\",\"Hope, Ltd\",16046.00,16486.00,-440.00,\"Spent [e]\"\r\n"),
            "{text}"
        );
        assert!(text.contains("\"Escalations\",\"Treatment\",-4.4,"), "{text}");
        assert!(text.contains("\"Alcohol\",\"Treatment\",\"Not applicable\","), "{text}");
        assert!(text.contains(",\"'=HYPERLINK(1)\"\r\n"), "{text}");
    }
}
