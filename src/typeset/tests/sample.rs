//! Papers to set: each kind of block, long ones, wide ones.

use chrono::NaiveDate;
use countersign_domain::document::{
    Block, Cell, Chart, Column, Coverage, Definition, Document, Drawn, Exact, Fact, Mark, Role, Row, Run, Series,
    Shown, Table, Unit,
};
use countersign_domain::form::schema::Audience;
use countersign_domain::money::Money;
use rust_decimal::Decimal;

pub fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Advocacy fund: final evaluation".to_owned(),
        subtitle: "April 2025 to March 2026".to_owned(),
        audience: Audience::Public,
        watermark: None,
        dated: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        blocks,
        definitions: vec![],
    }
}

pub fn words(text: &str) -> Run {
    Run::Text { text: text.to_owned() }
}

pub fn paragraph(text: &str) -> Block {
    Block::Paragraph {
        runs: vec![words(text)],
    }
}

pub fn pounds(pence: i64) -> Shown {
    let money = Money::pence(pence);
    Shown {
        text: money.to_string(),
        exact: Some(Exact {
            number: money.to_decimal(),
            unit: Unit::Pounds,
        }),
        marks: vec![],
        from: None,
    }
}

fn hidden() -> Shown {
    Shown {
        text: "[c]".to_owned(),
        exact: None,
        marks: vec![Mark::Hidden],
        from: None,
    }
}

fn figure(figure: Shown) -> Cell {
    Cell::Figure { figure }
}

/// A table of so many columns, the first of names, and so many rows with their sum.
pub fn table(columns: usize, rows: usize) -> Table {
    let column = |nth: usize| Column {
        title: format!("Column {nth}"),
        numeric: nth > 0,
    };
    let row = |nth: usize, total: bool| {
        let mut cells = vec![Cell::Text {
            text: if total { "All".to_owned() } else { format!("Row {nth}") },
        }];
        let pence = |column: usize| i64::try_from(nth * 1_234_567 + column * 891).unwrap();
        cells.extend((1..columns).map(|column| {
            if nth == 2 {
                figure(hidden())
            } else {
                figure(pounds(pence(column)))
            }
        }));
        Row { cells, total }
    };
    let mut all: Vec<Row> = (1..=rows).map(|nth| row(nth, false)).collect();
    if rows > 0 {
        all.push(row(rows + 1, true));
    }
    Table {
        caption: format!("A table of {columns} columns"),
        columns: (0..columns).map(column).collect(),
        rows: all,
        coverage: None,
        notes: vec![],
    }
}

/// A chart of so many points of what was spent beside what was promised.
pub fn chart(drawn: Drawn, points: i64) -> Block {
    let count = |count: i64| {
        let exact = Exact {
            number: Decimal::from(count),
            unit: Unit::Count,
        };
        figure(Shown {
            text: count.to_string(),
            exact: Some(exact),
            marks: vec![],
            from: None,
        })
    };
    let row = |nth: i64| Row {
        cells: vec![
            Cell::Text {
                text: format!("Quarter {nth}"),
            },
            count(40 + nth * nth % 17),
            if nth == 3 { figure(hidden()) } else { count(30 + nth) },
            count(50),
        ],
        total: false,
    };
    let columns = ["Quarter", "People helped", "People referred", "Target"];
    let roles = [
        Role::Figures,
        Role::Figures,
        if drawn == Drawn::Stacked {
            Role::Figures
        } else {
            Role::Target
        },
    ];
    Block::Chart(Chart {
        drawn,
        title: "People helped by quarter".to_owned(),
        series: (1..).zip(roles).map(|(column, role)| Series { column, role }).collect(),
        table: Table {
            caption: "People helped by quarter".to_owned(),
            columns: (columns.into_iter().zip(0..))
                .map(|(title, nth)| Column {
                    title: title.to_owned(),
                    numeric: nth > 0,
                })
                .collect(),
            rows: (1..=points).map(row).collect(),
            coverage: None,
            notes: vec![],
        },
    })
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: text.to_owned(),
    }
}

/// The table that papers of funds have.
fn spending() -> Table {
    let rows = [
        (
            "Advocacy hub",
            2_000_000,
            1_648_600,
            "Two posts were vacant until June, and the underspend was agreed with the board.",
        ),
        ("Befriending by telephone", 850_000, 850_000, ""),
        (
            "Welfare rights at the Ŷsbyty ŵyl clinic",
            1_200_000,
            1_305_000,
            "Demand was higher than planned.",
        ),
    ];
    let row = |(name, allocated, spent, why): &(&str, i64, i64, &str)| Row {
        cells: vec![
            Cell::Text {
                text: (*name).to_owned(),
            },
            figure(pounds(*allocated)),
            figure(pounds(*spent)),
            figure(pounds(allocated - spent)),
            Cell::Text {
                text: (*why).to_owned(),
            },
        ],
        total: false,
    };
    let mut all: Vec<Row> = rows.iter().map(row).collect();
    all.push(Row {
        cells: vec![
            Cell::Text {
                text: "All projects".to_owned(),
            },
            figure(pounds(4_050_000)),
            figure(pounds(3_803_600)),
            figure(hidden()),
            Cell::Text { text: String::new() },
        ],
        total: true,
    });
    let titles = ["Project", "Allocated", "Spent", "Difference", "Explanation"];
    Table {
        caption: "Spending by project".to_owned(),
        columns: titles
            .into_iter()
            .zip(0..)
            .map(|(title, nth)| Column {
                title: title.to_owned(),
                numeric: (1..4).contains(&nth),
            })
            .collect(),
        rows: all,
        coverage: Some(Coverage {
            signed: 31,
            expected: 34,
            money: Some((Money::pence(3_803_600), Money::pence(4_050_000))),
            missing: vec!["Hope House: April to June".to_owned()],
            excused: vec!["Quay Centre".to_owned()],
            named_under: None,
            provisional: 0,
        }),
        notes: vec!["Figures are of signed returns.".to_owned()],
    }
}

/// A paper with a block of every kind.
pub fn every_block() -> Document {
    let runs = vec![
        words("Of the grant of "),
        Run::Figure {
            figure: pounds(2_000_000),
        },
        words(", "),
        Run::Figure {
            figure: pounds(1_648_600),
        },
        words(" was spent. "),
        Run::Strong {
            text: "This matters".to_owned(),
        },
        words(" and "),
        Run::Emphasis {
            text: "this is stressed".to_owned(),
        },
        words(".\nOn this line"),
        Run::Break,
        words("And on the next"),
    ];
    let items = |first: &str| vec![vec![words(first)], vec![words("Second of two")]];
    let fact = |name: &str, value: Cell| Fact {
        name: name.to_owned(),
        value,
    };
    let mut paper = document(vec![
        heading(2, "Summary"),
        Block::Paragraph { runs },
        Block::List {
            ordered: false,
            items: items("First of two"),
        },
        Block::List {
            ordered: true,
            items: items("To be done first"),
        },
        Block::Facts {
            facts: vec![
                fact(
                    "Fund",
                    Cell::Text {
                        text: "Advocacy fund".to_owned(),
                    },
                ),
                fact("Granted", figure(pounds(4_050_000))),
                fact("Complaints", figure(hidden())),
            ],
        },
        heading(2, "Money"),
        Block::Table(spending()),
        heading(3, "What people said"),
        Block::Story {
            title: "A place to talk".to_owned(),
            text: "I was listened to.\nFor once, nobody told me to ring another number.".to_owned(),
            source: "Told by Harbour Trust; cleared for this paper on 3 November 2026".to_owned(),
        },
        heading(2, "People helped"),
        chart(Drawn::Bars, 4),
        chart(Drawn::Lines, 5),
        chart(Drawn::Stacked, 4),
    ]);
    paper.definitions = vec![Definition {
        name: "Spent".to_owned(),
        unit: "pounds".to_owned(),
        adds: "added up over providers and over time".to_owned(),
        from: "Fund evaluation, question spent".to_owned(),
        beside: "target £40,500.00".to_owned(),
    }];
    paper
}

/// A paper of about one and a half pages for each of so many sections.
pub fn long(sections: usize) -> Document {
    let mut blocks = Vec::new();
    for nth in 1..=sections {
        blocks.push(heading(2, &format!("Section {nth}")));
        let told = "The providers met their plans for the quarter and explained where they did not. ".repeat(30);
        blocks.push(paragraph(&told));
        blocks.push(Block::Table(table(5, 40)));
    }
    document(blocks)
}
