//! A document with everything in it that a document can have.

use chrono::NaiveDate;
use countersign::document::Printer;
use countersign::service::paper::print::{Format, Print};
use countersign::wording::Wording;
use countersign_domain::document::{
    Block, Cell, Chart, Column, Coverage, Definition, Document, Drawn, Exact, Fact, Mark, Role, Row, Run, Series,
    Shown, Source, Table, Unit,
};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId, ReturnId};
use countersign_domain::money::Money;
use countersign_domain::period::Period;
use rust_decimal::Decimal;
use uuid::Uuid;

/// What people might type, and what must stay what they typed.
pub const HOSTILE: [&str; 10] = [
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(A1:A9)",
    "-2+3",
    "<script>alert(1)</script>",
    "{{x}} {% raw %}",
    "[a](javascript:x) ](javascript:x)",
    "</td></table><h1>\" onload='x'",
    "Sŵn y môr, £5 – “🙂” &amp; &lt;b&gt;",
    "#set page() *strong* _em_ $1$ \\",
];

/// Which fund, grant and return figures come from stands in no file.
pub fn private() -> Vec<Uuid> {
    (0..5)
        .map(|n| Uuid::from_u128(0xfeed_face_0000_4000_8000_0000_0000_0000 + n))
        .collect()
}

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 4, 3).unwrap()
}

/// So many words, each of them another.
pub fn many_words() -> String {
    let words: Vec<String> = (0..10_000).map(|n| format!("word{n}")).collect();
    words.join(" ")
}

pub fn printed(document: &Document, format: Format) -> Vec<u8> {
    Printer::new(Wording::new().unwrap()).print(document, format).unwrap()
}

pub fn words(text: &str) -> Cell {
    Cell::Text { text: text.to_owned() }
}

fn shown(text: &str, exact: Option<(&str, Unit)>, marks: &[Mark]) -> Shown {
    let ids = private();
    Shown {
        text: text.to_owned(),
        exact: exact.map(|(number, unit)| Exact {
            number: number.parse::<Decimal>().unwrap(),
            unit,
        }),
        marks: marks.to_vec(),
        from: Some(Source {
            fund: FundId::from(ids[0]),
            other_funds: Vec::new(),
            form: "quarterly".to_owned(),
            measure: "secret_measure".to_owned(),
            within: Period::new(day(), day()).unwrap(),
            ret: Some(ReturnId::from(ids[1])),
            grant: Some(GrantId::from(ids[2])),
            allocations: vec![AllocationId::from(ids[3])],
            provider: Some(OrganisationId::from(ids[4])),
            row: Some("a row & more".to_owned()),
        }),
    }
}

pub fn figure(text: &str, exact: Option<(&str, Unit)>, marks: &[Mark]) -> Cell {
    Cell::Figure {
        figure: shown(text, exact, marks),
    }
}

pub fn column(title: &str, numeric: bool) -> Column {
    Column {
        title: title.to_owned(),
        numeric,
    }
}

pub fn row(cells: Vec<Cell>) -> Row {
    Row { cells, total: false }
}

/// Every unit, every mark, words of every kind, and a total.
fn everything() -> Table {
    use Mark::{Approximate, Blank, Hidden, NotApplicable, NotKnown, Provisional, Restated, Rounded};
    let money = |text: &str, number: &str, marks: &[Mark]| figure(text, Some((number, Unit::Pounds)), marks);
    let count = |text: &str, number: &str, marks: &[Mark]| figure(text, Some((number, Unit::Count)), marks);
    let percent = |text: &str, number: &str| figure(text, Some((number, Unit::Percent)), &[]);
    let number = |text: &str, number: &str| figure(text, Some((number, Unit::Number)), &[]);
    let mut rows = vec![
        row(vec![
            words("Family support"),
            money("£16,486.00 [e]", "16486.00", &[Approximate]),
            count("250 [e] [r]", "250", &[Approximate, Restated]),
            percent("75.0%", "75.0"),
            words("First line\nSecond line"),
        ]),
        row(vec![
            words("Overspent"),
            money("−£440.00 [p]", "-440.00", &[Provisional]),
            count("[c]", "0", &[]),
            percent("33.3%", "33.3"),
            number("1,234.50", "1234.50"),
        ]),
        row(vec![
            words("Nothing to tell"),
            figure("[z]", None, &[NotApplicable]),
            figure("[c]", None, &[Hidden]),
            figure("[x]", None, &[NotKnown]),
            figure("[w]", None, &[Blank]),
        ]),
        row(vec![
            words("Very large"),
            money("£12,345,678,901,234,567.89", "12345678901234567.89", &[]),
            count("1,005", "1005", &[Rounded]),
            figure("20 to 25", None, &[]),
            words(""),
        ]),
    ];
    // A mark that no figure has is not made one by its symbol standing in words.
    rows[1].cells[2] = count("0", "0", &[]);
    rows.push(Row {
        cells: vec![
            words("Total"),
            money("£16,046.00", "16046.00", &[]),
            count("1,255", "1255", &[]),
            percent("0.0%", "0.0"),
            words(&"A long explanation. ".repeat(200)),
        ],
        total: true,
    });
    Table {
        caption: "Everything, project by project: [all] of it?".to_owned(),
        columns: vec![
            column("Project", false),
            column("Spent", true),
            column("Reached", true),
            column("Share", true),
            column("Explanation", false),
        ],
        rows,
        coverage: Some(Coverage {
            signed: 5,
            expected: 7,
            money: Some((Money::pence(1_604_600), Money::pence(42_824_600))),
            missing: vec!["Hope & Home, Ltd".to_owned()],
            excused: vec!["=Quay Centre".to_owned()],
            named_under: None,
            provisional: 1,
        }),
        notes: vec![
            "Rounded to the nearest 5.".to_owned(),
            "=A note that looks like a formula".to_owned(),
        ],
    }
}

/// Words of every kind in every place of a table.
fn of_words() -> Table {
    Table {
        caption: "=Everything, project by project: [all] of it?".to_owned(),
        columns: vec![
            column("=Typed", false),
            column("<b>Again</b>", false),
            column("", false),
        ],
        rows: HOSTILE
            .iter()
            .map(|text| row(vec![words(text), words(&format!("{text}\n{text}")), words(text)]))
            .collect(),
        coverage: None,
        notes: HOSTILE.iter().map(|text| (*text).to_owned()).collect(),
    }
}

/// A year, month by month: wider than a page.
fn wide() -> Table {
    let months = (1..=12).map(|month| column(&format!("Month {month}"), true));
    let mut rows: Vec<Row> = (0..40)
        .map(|project| {
            let counts = (1..=12).map(|month| {
                let number = (project * 100 + month).to_string();
                figure(&number, Some((&number, Unit::Count)), &[])
            });
            row(std::iter::once(words(&format!("Project {project}")))
                .chain(counts)
                .collect())
        })
        .collect();
    rows[39].total = true;
    Table {
        caption: "Reached, month by month".to_owned(),
        columns: std::iter::once(column("Project", false)).chain(months).collect(),
        rows,
        coverage: None,
        notes: vec![],
    }
}

fn chart() -> Chart {
    let count = |text: &str| figure(text, Some((text, Unit::Count)), &[]);
    Chart {
        drawn: Drawn::Bars,
        title: "Reached, quarter by quarter <b>".to_owned(),
        series: vec![
            Series {
                column: 1,
                role: Role::Figures,
            },
            Series {
                column: 2,
                role: Role::Target,
            },
        ],
        table: Table {
            caption: "Reached, quarter by quarter <b>".to_owned(),
            columns: vec![
                column("Quarter", false),
                column("Reached", true),
                column("Target", true),
            ],
            rows: vec![
                row(vec![words("April to June & on"), count("12"), count("20")]),
                row(vec![
                    words("July to September"),
                    figure("[c]", None, &[Mark::Hidden]),
                    count("20"),
                ]),
            ],
            coverage: Some(Coverage {
                signed: 6,
                expected: 8,
                money: None,
                missing: vec!["Hope & Home, Ltd".to_owned()],
                excused: vec!["=Quay Centre".to_owned()],
                named_under: Some("Everything, project by project: [all] of it?".to_owned()),
                provisional: 0,
            }),
            notes: vec![],
        },
    }
}

fn runs() -> Vec<Run> {
    let text = |text: &str| Run::Text { text: text.to_owned() };
    vec![
        text("Of the grant "),
        Run::Figure {
            figure: shown("£16,486.00 [e]", Some(("16486.00", Unit::Pounds)), &[Mark::Approximate]),
        },
        text(" was "),
        Run::Strong {
            text: "spent <i>now</i>".to_owned(),
        },
        Run::Break,
        Run::Emphasis {
            text: "=as promised".to_owned(),
        },
        text("."),
    ]
}

/// The document.
pub fn document() -> Document {
    let said = |text: &str| vec![Run::Text { text: text.to_owned() }];
    let mut blocks = vec![
        Block::Heading {
            level: 2,
            text: "Summary <script>".to_owned(),
        },
        Block::Paragraph { runs: runs() },
        Block::Paragraph {
            runs: said(&many_words()),
        },
        Block::Heading {
            level: 3,
            text: "What people typed".to_owned(),
        },
    ];
    blocks.extend(HOSTILE.iter().map(|text| Block::Paragraph { runs: said(text) }));
    for ordered in [true, false] {
        let items = HOSTILE.iter().map(|text| said(text)).collect();
        blocks.push(Block::List { ordered, items });
    }
    for text in HOSTILE {
        blocks.push(Block::Story {
            title: text.to_owned(),
            text: format!("{text}\n\n{text}\n{text}"),
            source: text.to_owned(),
        });
    }
    blocks.push(Block::Heading {
        level: 2,
        text: "Figures".to_owned(),
    });
    blocks.push(Block::Facts {
        facts: HOSTILE
            .iter()
            .map(|text| Fact {
                name: (*text).to_owned(),
                value: words(text),
            })
            .chain([Fact {
                name: "Available".to_owned(),
                value: figure(
                    "£428,246.00 [e]",
                    Some(("428246.00", Unit::Pounds)),
                    &[Mark::Approximate],
                ),
            }])
            .collect(),
    });
    blocks.extend([everything(), of_words(), wide()].map(Block::Table));
    blocks.push(Block::Chart(chart()));
    Document {
        title: "Final evaluation <2017-18> & after".to_owned(),
        subtitle: "=Community safety fund".to_owned(),
        audience: Audience::Panel,
        watermark: Some("Preview & draft: not published".to_owned()),
        dated: day(),
        blocks,
        definitions: vec![Definition {
            name: "Spent <all>".to_owned(),
            unit: "pounds".to_owned(),
            adds: "Added up over providers and periods".to_owned(),
            from: "=Quarterly return, question spent".to_owned(),
            beside: String::new(),
        }],
    }
}

/// Its tables, in their order.
pub fn tables(document: &Document) -> Vec<&Table> {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Chart(chart) => Some(&chart.table),
        _ => None,
    });
    tables.collect()
}
