//! A grant's evaluation paper as a neutral document.
//!
//! Invariant: it only arranges what the report service added up; nothing is calculated here.

use countersign_domain::answers::format;
use countersign_domain::answers::types::FigureValue;
use countersign_domain::money::Money;
use countersign_domain::returns::Signature;
use rust_decimal::Decimal;

use super::{Cell, Document, Table};
use crate::service::notify;
use crate::service::report::{Coverage, MeasureLine, Paper};

/// The paper.
pub fn evaluation(paper: &Paper) -> Document {
    let mut document = Document::new(
        format!("{}: {}", paper.title, paper.grant_title),
        subtitle(&paper.fund_title, &paper.period),
    );
    document.facts([
        (
            "Grant",
            Cell::text(format!("{} ({})", paper.grant_title, paper.grant_reference)),
        ),
        ("Awarded to", Cell::text(&*paper.provider)),
        ("Period", Cell::text(&*paper.period)),
        (
            "Figures from",
            Cell::text(format!("Revision {}, as signed", paper.revision)),
        ),
        ("Returns signed", Cell::text(coverage(&paper.coverage))),
    ]);
    document.paragraph(
        "For the commissioner’s own use, not for publication: small numbers of people stand in it as they are.",
    );
    if paper.correction_under_way {
        document.paragraph(
            "A correction of this return is under way. Until it has been signed, the figures signed before it stand.",
        );
    }
    money(&mut document, paper);
    measures(&mut document, &paper.measures);
    findings(&mut document, paper);
    signatures(&mut document, paper);
    document
}

/// The fund and the period, which many a fund has in its title.
fn subtitle(fund: &str, period: &str) -> String {
    if fund.contains(period) {
        fund.to_owned()
    } else {
        format!("{fund}, {period}")
    }
}

fn coverage(coverage: &Coverage) -> String {
    let counted = format!("{} of {}", coverage.signed, coverage.expected);
    match coverage.missing.as_slice() {
        [] => counted,
        missing => format!("{counted}; not signed yet: {}", missing.join(", ")),
    }
}

fn pounds(amount: Money) -> Cell {
    Cell::figure(format::money(amount), amount.to_decimal())
}

fn money(document: &mut Document, paper: &Paper) {
    document.heading(2, "Money");
    let mut lines = Table::new(
        "What was available and what became of it",
        &[("Line", false), ("Amount", true)],
    );
    for (name, amount) in &paper.reconciliation {
        lines.row(vec![Cell::text(&**name), pounds(*amount)]);
    }
    document.table(lines);

    let columns = [
        ("Project", false),
        ("Provider", false),
        ("Allocated", true),
        ("Spent", true),
        ("Allocated less spent", true),
    ];
    let mut projects = Table::new("Spending by project", &columns);
    for project in &paper.projects {
        projects.row(vec![
            Cell::text(&*project.title),
            Cell::text(&*project.provider),
            pounds(project.allocated),
            project
                .spent
                .map_or_else(|| Cell::text("Not given"), |(spent, about)| about_pounds(spent, about)),
            project.left.map_or_else(|| Cell::text("Not known"), pounds),
        ]);
    }
    if paper
        .projects
        .iter()
        .any(|project| project.spent.is_some_and(|(_, about)| about))
    {
        projects.note("“About” marks an amount that the provider gave as approximate.");
    }
    if paper
        .projects
        .iter()
        .any(|project| project.left.is_some_and(Money::is_negative))
    {
        projects.note("A project that spent more than its allocation has a minus in the last column.");
    }
    document.table(projects);

    if !paper.virements.is_empty() {
        let columns = [
            ("From", false),
            ("To", false),
            ("Amount", true),
            ("Reason", false),
            ("Approved by", false),
        ];
        let mut virements = Table::new("Virements between projects", &columns);
        for virement in &paper.virements {
            virements.row(vec![
                Cell::text(&*virement.from),
                Cell::text(&*virement.to),
                pounds(virement.amount),
                Cell::text(&*virement.reason),
                Cell::text(&*virement.approved_by),
            ]);
        }
        document.table(virements);
    }
}

fn about_pounds(amount: Money, about: bool) -> Cell {
    if about {
        Cell::figure(format!("About {}", format::money(amount)), amount.to_decimal())
    } else {
        pounds(amount)
    }
}

fn measures(document: &mut Document, measures: &[MeasureLine]) {
    if measures.is_empty() {
        return;
    }
    document.heading(2, "What was delivered");
    let columns = [
        ("Measure", false),
        ("Project", false),
        ("Figure", true),
        ("Target", false),
        ("Reached", false),
        ("Compared with", false),
    ];
    let mut table = Table::new("Measures beside their targets and benchmarks", &columns);
    for measure in measures {
        table.row(vec![
            Cell::text(&*measure.label),
            Cell::text(&*measure.project),
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
    let columns = [("Project", false), ("Finding", false), ("Explanation", false)];
    let mut table = Table::new("Findings with their explanations", &columns);
    for finding in &paper.findings {
        table.row(vec![
            Cell::text(&*finding.project),
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
    use crate::service::report::{FindingLine, ProjectLine, VirementLine};

    fn paper() -> Paper {
        let pounds = |pounds| Money::pounds(pounds).unwrap();
        Paper {
            title: "Final evaluation".to_owned(),
            grant_title: "Community safety 2017-18".to_owned(),
            grant_reference: "CSP-17".to_owned(),
            provider: "Safer Plymouth".to_owned(),
            fund_title: "Community safety fund".to_owned(),
            period: "2017-18".to_owned(),
            coverage: Coverage {
                signed: 1,
                expected: 2,
                missing: vec!["CSP-18".to_owned()],
            },
            reconciliation: vec![("Available".to_owned(), pounds(428_246))],
            projects: vec![ProjectLine {
                title: "Family support".to_owned(),
                provider: "Hope, Ltd".to_owned(),
                allocated: pounds(16_046),
                spent: Some((pounds(16_486), true)),
                left: Some(pounds(-440)),
            }],
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
                project: "Family support".to_owned(),
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
            project: "Treatment".to_owned(),
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
        assert_eq!(spending.rows[0].cells[3].shown(), "About £16,486.00");
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
