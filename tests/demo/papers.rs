//! The papers of the demo: which there are, and an edition read back from its five files.
//!
//! Invariant: what is read is the bytes that were published, as somebody who holds an office is given them.

use std::collections::BTreeMap;

use countersign::app::App;
use countersign::service::Officer;
use countersign::service::paper::{self, print::Format};
use countersign::store::{papers, register};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::PaperId;
use countersign_domain::period::Period;

use crate::read_back::Printed;

/// Which paper, and who reads it.
pub struct Which {
    report: &'static str,
    fund: &'static str,
    from: i32,
    reader: &'static str,
}

pub const S1: Which = Which {
    report: "s1-panel-paper",
    fund: "crime-reduction-2017",
    from: 2017,
    reader: "harriet.moyse@commissioner-suffolk.example.org",
};
pub const S2: Which = Which {
    report: "s2-performance",
    fund: "community-safety-stockton",
    from: 2017,
    reader: "judith.malpass@cleveland-commissioner.example.org",
};
pub const S3: Which = Which {
    report: "s3-spending-plan",
    fund: "crime-prevention",
    from: 2018,
    reader: "isolde.brandt@commissioner.example.org",
};
pub const S4: Which = Which {
    report: "s4-by-programme",
    fund: "locality-2017",
    from: 2017,
    reader: "maureen.tolley@office.marlshire.example.org",
};
pub const S5: Which = Which {
    report: "s5-evaluation",
    fund: "community-safety-2017",
    from: 2017,
    reader: "anita.deshmukh@commissioner.example.org",
};

/// The papers of the five, each with how many editions it has: fund, report, first year, editions.
pub async fn begun(app: &App) -> Vec<(String, String, i32, u32)> {
    use chrono::Datelike;
    let read = app.deps.store.read();
    let mut all = Vec::new();
    for fund in register::all_funds(&read).await.expect("the funds") {
        for line in papers::papers_of(&read, fund.id).await.expect("its papers") {
            let year = line.period.start().year();
            all.push((fund.key.clone(), line.report, year, line.editions));
        }
    }
    all.sort();
    all
}

/// Whether somebody has written in every text of the papers that are begun, over what they start with.
pub async fn are_written_in(app: &App) -> bool {
    let mut all = true;
    for which in [S1, S3, S5] {
        let (_, id) = reader_and_paper(app, &which).await;
        let paper = papers::get_paper(&app.deps.store.read(), id).await.expect("the paper");
        let report = app.deps.reports.get(which.report).expect("its report");
        all &= paper.prose["introduction"] != report.prose("introduction").expect("its text").start.trim();
    }
    all
}

async fn reader_and_paper(app: &App, which: &Which) -> (Officer, PaperId) {
    let read = app.deps.store.read();
    let person = register::person_by_address(&read, which.reader)
        .await
        .expect("the people");
    let person = person.expect("the reader");
    let holders = register::holders_of_person(&read, person.id)
        .await
        .expect("their offices");
    let fund = register::fund_by_key(&read, which.fund).await.expect("the funds");
    let all = papers::papers_of(&read, fund.expect("the fund").id)
        .await
        .expect("its papers");
    let year = Period::financial_year(which.from).expect("a year");
    let found = all
        .into_iter()
        .find(|line| line.report == which.report && line.period.start() == year.start());
    let officer = Officer {
        holders,
        person,
        second_factor: true,
    };
    (officer, found.expect("the paper").id)
}

/// An edition, read back from its files.
pub async fn edition(app: &App, which: &Which, number: u32) -> Printed {
    let (officer, id) = reader_and_paper(app, which).await;
    let page = paper::edition(&app.deps, &officer, id, number)
        .await
        .expect("the edition");
    assert_eq!(page.edition.audience, Audience::Panel);
    let mut files = BTreeMap::new();
    for format in Format::ALL {
        let file = paper::file(&app.deps, &officer, id, number, format)
            .await
            .expect("its file");
        files.insert(format, file.bytes);
    }
    let printed = Printed::read_back(page.document, files);
    printed.is_fit_to_read();
    printed
}

/// The same paper as the office has it now, in which nothing is held back.
pub async fn internal(app: &App, which: &Which) -> Printed {
    let (officer, id) = reader_and_paper(app, which).await;
    let now = "2018-07-31T09:00:00Z".parse().expect("a time");
    let look = paper::look(&app.deps, &officer, id, Audience::Internal, now)
        .await
        .expect("the paper");
    let mut files = BTreeMap::new();
    for format in Format::ALL {
        let file = paper::internal_file(&app.deps, &officer, id, format, now)
            .await
            .expect("its file");
        files.insert(format, file.bytes);
    }
    Printed::read_back(look.document, files)
}
