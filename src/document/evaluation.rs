//! The paper of a signed return as a neutral document.
//!
//! Invariant: it only arranges what the report service added up; nothing is calculated here.

mod money;

use countersign_domain::answers::types::FigureValue;
use countersign_domain::money::Money;
use countersign_domain::returns::Signature;
use rust_decimal::Decimal;

use super::{Cell, Document, Table};
use crate::service::notify;
use crate::service::report::{Coverage, MeasureLine, Paper};

/// How many of the returns that are missing are named.
const NAMED: usize = 10;

/// The paper.
pub fn evaluation(paper: &Paper) -> Document {
    let mut document = Document::new(
        format!("{}: {}", paper.title, paper.grant_title),
        subtitle(&paper.fund_title, &paper.period),
    );
    document.facts(about(paper));
    document.paragraph(
        "For the commissioner’s own use, not for publication: small numbers of people stand in it as they are.",
    );
    if paper.correction_under_way {
        document.paragraph(
            "A correction of this return is under way. Until it has been signed, the figures signed before it stand.",
        );
    }
    if let Some(spending) = &paper.spending {
        money::money(&mut document, paper, spending);
    }
    measures(&mut document, &paper.measures);
    findings(&mut document, paper);
    signatures(&mut document, paper);
    document
}

/// Of what the paper is.
fn about(paper: &Paper) -> Vec<(&'static str, Cell)> {
    let mut facts = vec![(
        "Grant",
        Cell::text(format!("{} ({})", paper.grant_title, paper.grant_reference)),
    )];
    facts.extend(
        paper
            .project
            .as_ref()
            .map(|project| ("Project", Cell::text(&**project))),
    );
    facts.push(("Awarded to", Cell::text(&*paper.awarded_to)));
    if paper.provider != paper.awarded_to {
        facts.push(("Returned by", Cell::text(&*paper.provider)));
    }
    facts.push(("Period", Cell::text(&*paper.period)));
    facts.push((
        "Figures from",
        Cell::text(format!("Revision {}, as signed", paper.revision)),
    ));
    facts.push(("Returns signed", Cell::text(coverage(&paper.coverage))));
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

/// How many of the fund's returns of this form and period are signed; the figures are of one of them.
fn coverage(coverage: &Coverage) -> String {
    let counted = format!("{} of {}", coverage.signed, coverage.expected);
    let missing = &coverage.missing;
    let named = missing.get(..NAMED).unwrap_or(missing).join(", ");
    match missing.len() {
        0 => counted,
        1..=NAMED => format!("{counted}; not signed yet: {named}"),
        more => format!("{counted}; not signed yet: {named} and {} more", more - NAMED),
    }
}

fn measures(document: &mut Document, measures: &[MeasureLine]) {
    if measures.is_empty() {
        return;
    }
    document.heading(2, "What was delivered");
    let columns = [
        ("Measure", false),
        ("For", false),
        ("Figure", true),
        ("Target", false),
        ("Reached", false),
        ("Compared with", false),
    ];
    let mut table = Table::new("Measures beside their targets and benchmarks", &columns);
    for measure in measures {
        table.row(vec![
            Cell::text(&*measure.label),
            Cell::text(&*measure.subject),
            match number(&measure.value) {
                Some(number) => Cell::figure(&*measure.shown, number),
                None => Cell::text(&*measure.shown),
            },
            Cell::text(measure.target.as_deref().unwrap_or_default()),
            Cell::text(match measure.on_target {
                Some(true) => "Yes",
                Some(false) => "No",
                None => "",
            }),
            Cell::text(measure.benchmark.as_deref().unwrap_or_default()),
        ]);
    }
    document.table(table);
}

/// The exact figure. A ratio is two numbers, so that a spreadsheet gets its words.
fn number(value: &FigureValue) -> Option<Decimal> {
    match *value {
        FigureValue::Money { pence } => Some(Money::pence(pence).to_decimal()),
        FigureValue::Count { count } => Some(Decimal::from(count)),
        FigureValue::Number { scaled, places, .. } => Decimal::try_new(scaled, places).ok(),
        FigureValue::Range { .. }
        | FigureValue::Ratio { .. }
        | FigureValue::NotApplicable
        | FigureValue::NotKnown
        | FigureValue::Blank => None,
    }
}

fn findings(document: &mut Document, paper: &Paper) {
    document.heading(2, "What the checks found");
    if paper.findings.is_empty() {
        document.paragraph("No check found anything in these figures.");
        return;
    }
    let columns = [("For", false), ("Finding", false), ("Explanation", false)];
    let mut table = Table::new("Findings with their explanations", &columns);
    for finding in &paper.findings {
        table.row(vec![
            Cell::text(&*finding.subject),
            Cell::text(&*finding.message),
            Cell::text(finding.explanation.as_deref().unwrap_or("None given")),
        ]);
    }
    document.table(table);
}

fn signatures(document: &mut Document, paper: &Paper) {
    document.heading(2, "Signatures");
    let columns = [
        ("Name", false),
        ("Position", false),
        ("Signed", false),
        ("Declared", false),
    ];
    let mut table = Table::new(format!("Who signed revision {}", paper.revision), &columns);
    for signature in &paper.signatures {
        table.row(vec![
            Cell::text(&*signature.typed_name),
            Cell::text(&*signature.position),
            Cell::text(notify::moment(signature.signed_at)),
            Cell::text(&*signature.statement),
        ]);
        if let Some((at, why)) = &signature.voided {
            table.note(voided(signature, &notify::moment(*at), why));
        }
    }
    document.table(table);
    document.facts([("Digest of what was signed", Cell::text(&*paper.digest))]);
}

fn voided(signature: &Signature, at: &str, why: &str) -> String {
    format!("The signature of {} was voided {at}: {why}", signature.typed_name)
}

#[cfg(test)]
mod tests {
    use super::super::{Block, csv};
    use super::*;
    use crate::service::report::{Amount, FindingLine, Line, MoneyLine, Spending, Stated, VirementLine};

    fn paper() -> Paper {
        let pounds = |pounds| Money::pounds(pounds).unwrap();
        let exactly = |whole| Stated {
            amount: pounds(whole),
            approximately: false,
        };
        Paper {
            title: "Final evaluation".to_owned(),
            grant_title: "Community safety 2017-18".to_owned(),
            grant_reference: "CSP-17".to_owned(),
            project: None,
            awarded_to: "Safer Plymouth".to_owned(),
            provider: "Safer Plymouth".to_owned(),
            fund_title: "Community safety fund".to_owned(),
            period: "2017-18".to_owned(),
            coverage: Coverage {
                signed: 1,
                expected: 2,
                missing: vec!["CSP-18".to_owned()],
            },
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
    fn the_paper_says_what_is_missing_and_what_was_approximate() {
        let document = evaluation(&paper());
        let spending = table(&document, "Spending by project");
        assert_eq!(spending.rows[0].cells[3].shown(), "Approximately £16,486.00");
        assert_eq!(spending.notes.len(), 2);
        let text = String::from_utf8(csv(&document).unwrap()).unwrap();
        assert!(text.contains("1 of 2; not signed yet: CSP-18"), "{text}");
    }

    #[test]
    fn the_spreadsheet_has_bare_numbers_and_no_formula() {
        let text = String::from_utf8(csv(&evaluation(&paper())).unwrap()).unwrap();
        assert!(
            text.contains("\"Family support\",\"Hope, Ltd\",16046.00,16486.00,-440.00\r\n"),
            "{text}"
        );
        assert!(text.contains("\"Escalations\",\"Treatment\",-4.4,"), "{text}");
        assert!(text.contains("\"Alcohol\",\"Treatment\",\"Not applicable\","), "{text}");
        assert!(text.contains(",\"'=HYPERLINK(1)\"\r\n"), "{text}");
    }
}
