//! The figures of the five real papers, in the papers that the demo publishes.
//!
//! Invariant: each is the real paper's, or what is right where that was wrong, and then the paper says so.

use countersign::app::App;

use crate::papers::{S1, S2, S3, S4, S5, edition, internal};
use crate::read_back::Printed;

pub async fn are_the_papers(app: &App) {
    the_board_paper(app).await;
    the_performance_tables(app).await;
    the_spending_plan(app).await;
    the_update_by_programme(app).await;
    the_evaluation(app).await;
}

#[track_caller]
fn column(paper: &Printed, caption: &str, column: &str, figures: &[(&str, &str)]) {
    for (row, figure) in figures {
        assert_eq!(
            paper.figure(caption, row, column),
            *figure,
            "{caption}: {row}, {column}"
        );
    }
}

async fn the_board_paper(app: &App) {
    let paper = edition(app, &S1, 1).await;
    let rounds = [
        ("Granted for the year", "£44,152.60"),
        ("Awarded in the first round", "£29,130.00"),
        ("Left after the first round", "£15,022.60"),
        ("Awarded in the second round", "£15,000.00"),
        ("Not awarded to any project", "£22.60"),
    ];
    column(&paper, "The grant, round by round", "Figure", &rounds);
    let awards = [
        ("Make a Change: training and materials", "£5,630.00"),
        ("Integrated offender management", "£21,000.00"),
        ("Domestic violence: materials that raise awareness", "£2,500.00"),
        ("Alcohol awareness campaign", "£5,000.00"),
        ("Domestic abuse: hidden and unmet need", "£10,000.00"),
    ];
    column(&paper, "Awards to projects", "Awarded", &awards);
    let lines = "Budget lines, where a project has them";
    for (line, is) in [
        ("Operational pot", ["£8,000.00", "£7,000.00 [e]", "£1,000.00"]),
        ("Satellite tags", ["£10,000.00", "£6,400.00", "£3,600.00"]),
        ("Voluntary drug testing", ["£3,000.00", "£2,400.00", "£600.00"]),
    ] {
        assert_eq!(paper.row(lines, line)[1..4], is);
    }
    let outputs = [
        ("People trained", "22"),
        ("Satellite tags in use at the end of the period", "4"),
        ("Leaflets printed", "25,000"),
        ("Posters printed", "1,000"),
        ("Booklets printed", "1,000"),
    ];
    column(
        &paper,
        "Outputs, counted since each award",
        "December 2017 to March 2018",
        &outputs,
    );
    let checklist = paper.rows("Before the paper goes to the panel");
    assert_eq!(checklist.len(), 8);
    for no in checklist.iter().filter(|row| row[1] == "No") {
        assert!(!no[2].is_empty(), "a no has a reason: {no:?}");
    }
    // What the real paper leaves out or open.
    paper.says("£22.60 is in no allocation and is not held back. It goes back to the commissioner.");
    paper.says("8 months at £800.00 come to £6,400.00, and to £7,680.00 with VAT.");
    let spent = "Its projects spent approximately £37,430.00 and have committed £6,700.00.";
    assert!(paper.sentences().contains(spent), "{}", paper.sentences());
    paper.says("3 stories are not cleared for this paper.");
}

async fn the_performance_tables(app: &App) {
    let paper = edition(app, &S2, 1).await;
    let contributed = [
        ("Integrated offender management", "£35,000.00"),
        ("Domestic abuse services", "£46,397.00"),
        ("Total", "£81,397.00"),
    ];
    column(&paper, "Allocated and contributed", "Contributed", &contributed);
    let groups = "Convictions before and after, group by group";
    for (group, is) in [
        (
            "Prolific and priority offenders",
            ["30", "88", "2.5", "35", "53", "60.2% (53 of 88)"],
        ),
        (
            "Community orders with drug rehabilitation",
            ["55 to 60 [e]", "267", "4.4", "162", "105", "39.3% (105 of 267)"],
        ),
        (
            "High crime causers",
            ["30", "221", "7.6", "154", "67", "30.3% (67 of 221)"],
        ),
    ] {
        assert_eq!(paper.row(groups, group)[1..], is);
    }
    for (funnel, stage, is) in [
        (
            "Programme for men who abuse: from referral to assessment",
            "Men referred",
            ["158", "[z]"],
        ),
        (
            "Programme for men who abuse: from referral to assessment",
            "Came to a first appointment",
            ["64", "40.5% (64 of 158)"],
        ),
        (
            "Programme for men who abuse: from referral to assessment",
            "Found suitable for the group",
            ["48", "75.0% (48 of 64)"],
        ),
        (
            "Programme for men who abuse: from joining to completing",
            "Completed the programme",
            ["31", "72.1% (31 of 43)"],
        ),
        ("Outreach for adults", "Supported", ["402", "73.2% (402 of 549)"]),
        ("Children and young people", "Supported", ["70", "86.4% (70 of 81)"]),
    ] {
        assert_eq!(paper.row(funnel, stage)[1..], is);
    }
    let followed = [("Men with no incident, as a percentage", "75%")];
    column(&paper, "Six months after the programme", "Figure", &followed);
    let decided = paper.rows("Recommendations and decisions");
    let decided: Vec<[&str; 2]> = decided.iter().map(|row| [row[2], row[4]]).collect();
    assert_eq!(decided, [["Noted", "Desmond Aske"], ["Agreed", "Desmond Aske"]]);
    // One figure of the real paper stands in it twice, and not the same; and its averages are of other people than its groups.
    paper.never_says("46,897");
    paper.says("An average of 2.5 from 88 convictions is that of about 35 people. The group has 30.");
    paper.says("The averages are over the people who were in the group on 1 April 2017.");
}

async fn the_spending_plan(app: &App) {
    let paper = edition(app, &S3, 1).await;
    let grant = [
        ("Awarded", "£400,568.00"),
        ("Allocated to projects", "£377,568.00"),
        ("Held back", "£23,000.00"),
        ("Unallocated", "£0.00"),
    ];
    column(
        &paper,
        "What becomes of the grant: Plymouth crime prevention grant 2018-19",
        "Amount",
        &grant,
    );
    let projects = paper.rows("What each project is to have");
    let amounts: Vec<&str> = projects.iter().map(|row| row[1]).collect();
    let papers = ["210,000", "25,000", "93,575", "25,000", "10,000", "13,993", "377,568"];
    assert_eq!(amounts, papers.map(|amount| format!("£{amount}.00")));
    assert_eq!(projects[6][2], "£44,450.00");
    let contract = |of: &str| paper.row("Contracts that the grant pays into", of)[1..].to_vec();
    assert_eq!(contract("Domestic abuse service"), ["£573,300.00", "36.6%"]);
    assert_eq!(contract("Counselling after sexual violence"), ["£75,000.00", "33.3%"]);
    let parts = paper.rows("Its parts");
    let parts: Vec<&str> = parts.iter().map(|row| row[1]).collect();
    assert_eq!(parts, ["[x]", "£5,000.00", "£4,000.00", "£8,000.00"]);
    let users = paper.rows("Users in each quarter and to date");
    let users: Vec<[&str; 2]> = users.iter().map(|row| [row[1], row[2]]).collect();
    assert_eq!(
        users,
        [
            ["30,172", "30,172"],
            ["18,988", "49,160"],
            ["4,837", "53,997"],
            ["53,997", "53,997"]
        ]
    );
    let budgets = paper.rows("Concerns and the board’s decisions");
    for (concern, budget) in budgets.iter().zip(["£23,000.00", "£10,000.00", "£10,000.00"]) {
        assert_eq!(concern[2], budget, "{concern:?}");
    }
    let stages = paper.rows("Stages of agreement");
    let by: Vec<&str> = stages
        .iter()
        .filter(|row| row[1].contains("2018-19"))
        .map(|row| row[3])
        .collect();
    assert_eq!(
        by,
        [
            "Callum Voss",
            "Marian Tozer",
            "Isolde Brandt",
            "Alun Trewin",
            "Beatrix Lomax"
        ]
    );
    // What no row and no sum of the real paper has.
    paper.says("£23,000.00 is held back. Mental health: half a year of a place to go at night");
    paper.says("Of the amount, not assigned to any part");
    paper.says("The budgets of the concerns come to £43,000.00, and £23,000.00 of the grant is left.");
}

async fn the_update_by_programme(app: &App) {
    let paper = edition(app, &S4, 2).await;
    let funds = "What each fund gave, and what was spent of it";
    for (fund, is) in [
        ("Locality fund 2017-18", ["5", "£1,042,000.00"]),
        ("Proceeds of crime fund 2017-18", ["9", "£117,282.58"]),
        ("Community groups fund 2017-18", ["54", "£123,450.45"]),
    ] {
        assert_eq!(paper.row(funds, fund)[1..3], is);
    }
    let shares = [
        ("Upper Marl Community Safety Partnership", "£318,628.10"),
        ("Kingsbridge Community Safety Partnership", "£249,735.54"),
        ("Stourwick Community Safety Partnership", "£198,066.12"),
        ("Heathfold Community Safety Partnership", "£163,619.83"),
        ("Marl City Community Safety Partnership", "£111,950.41"),
        ("Total", "£1,042,000.00"),
    ];
    column(&paper, "Spending by area", "Share of the fund", &shares);
    assert_eq!(
        paper.rows("Spending by programme").len(),
        6,
        "five programmes and the total"
    );
    let counts = paper.rows("What the areas counted");
    let counts: Vec<&str> = counts.iter().map(|row| row[1]).collect();
    assert_eq!(counts, ["124", "11,413 [r]", "84", "86", "55"]);
    let referrals = [("Total", "11,497 [r]")];
    column(
        &paper,
        "Referrals by the police and by people themselves",
        "Referrals",
        &referrals,
    );
    // The real paper prints a thousand times the fund, and counts over other dates than its year without a word.
    paper.never_says("£1,042m");
    paper.says("The year ends on 31 March 2018 and this count on 31 December 2017.");
    paper.says("Proceeds of crime fund 2017-18: what 9 awards spent is not known, and in no sum.");
    // A count of the edition before was corrected; that edition says what it said.
    let restated = paper.rows("Restated figures");
    let restated: Vec<[&str; 2]> = restated.iter().map(|row| [row[3], row[4]]).collect();
    assert_eq!(restated, [["2,773", "2,755 [r]"], ["2,753", "2,735 [r]"]]);
    paper.says(
        "Two digits of the referrals had changed places: the police sent 2,735 people to the gateway, not 2,753.",
    );
    let before = edition(app, &S4, 1).await;
    let kingsbridge = [("Kingsbridge Community Safety Partnership", "2,773")];
    column(
        &before,
        "Referrals by the police and by people themselves",
        "Referrals",
        &kingsbridge,
    );
    let missing = "Returns that the figures are of";
    assert_eq!(before.row(missing, "Locality fund: full-year return")[2..4], ["4", "2"]);
    before.never_says("2,735");
}

async fn the_evaluation(app: &App) {
    let (panel, office) = (edition(app, &S5, 1).await, internal(app, &S5).await);
    for paper in [&panel, &office] {
        let money = [
            ("Awarded", "£400,568.00"),
            ("Carried forward from the year before", "£27,678.00"),
            ("Available", "£428,246.00"),
            ("Allocated to projects", "£428,246.00"),
            ("Spent", "£428,246.00"),
        ];
        column(
            paper,
            "The grant: Plymouth community safety grant 2017-18",
            "Amount",
            &money,
        );
        let projects = paper.rows("The grant by project: Plymouth community safety grant 2017-18");
        let spent: Vec<[&str; 2]> = projects.iter().map(|row| [row[1], row[2]]).collect();
        let papers = [
            "160,200", "25,000", "98,500", "43,500", "16,486", "36,000", "10,000", "38,560", "428,246",
        ];
        let papers = papers.map(|amount| format!("£{amount}.00"));
        assert_eq!(spent, papers.each_ref().map(|amount| [amount.as_str(); 2]));
        let counted = [
            ("Victims of domestic abuse supported", "2,067"),
            ("Clients of independent advisers discussed at a risk conference", "440"),
            ("Professionals trained to recognise and assess abuse", "124"),
            ("Counselling sessions given", "935"),
            ("People counselled", "197"),
            ("Members who came to weekly sessions", "122"),
            ("Responses to the workforce survey", "466"),
        ];
        column(paper, "What the projects counted", "Figure", &counted);
        let results = [
            ("Referred people who took up support", "84%"),
            ("People referred again", "4%"),
            ("People whose support ended as planned", "90%"),
            ("Change in reported anti-social behaviour on the year before", "-4.4%"),
        ];
        column(paper, "Results beside their targets", "Figure", &results);
        let escalated = paper.rows("Cases that escalated");
        assert_eq!([escalated[0][1], escalated[1][1]], ["20%", "64%"]);
        treatment(paper, std::ptr::eq(paper, &office));
        // Four things that were wrong in the real paper and that nobody saw.
        let shares = [
            ("Domestic abuse victim service", "29.0%"),
            ("Sexual violence therapeutic services", "33.3%"),
            ("Drug and alcohol contract", "5.2%"),
        ];
        column(
            paper,
            "Contracts that the grant pays into",
            "Share that the grant pays for",
            &shares,
        );
        let moved = paper.rows("Money moved between projects");
        assert_eq!((moved.len(), moved[0][3], moved[0][5]), (1, "£440.00", "Approved"));
        let items = paper.rows("What the money was spent on");
        let items: Vec<&str> = items.iter().map(|row| row[3]).collect();
        let papers = ["700", "134", "1,322", "3,500", "5,000", "1,000", "1,879", "3,000"];
        assert_eq!(items, papers.map(|amount| format!("£{amount}.00")));
        paper.says("The items come to £16,535.00, £49.00 more than the £16,486.00");
    }
    let signed = panel.rows("Who signed, as what, and when");
    assert_eq!(signed[0][2], "Ruth Okafor");
    assert!(signed[0][3].ends_with("(as deputy)"), "{:?}", signed[0]);
    panel.says("4 stories are not cleared for this paper.");
    panel.never_says("A mother moved into a flat of the scheme");
}

/// The twelve ratios. Those of few people are held back from the panel, which the real paper told of "1 client".
fn treatment(paper: &Printed, office: bool) {
    let table = "Treatment for drugs and alcohol";
    let rows = paper.rows(table);
    let few = |is: &'static str| if office { is } else { "[c]" };
    let is = [
        ["25.0% (308 of 1,231)", "21.9%"],
        ["14.5% (11 of 76)", "16.3%"],
        ["8.3% (29 of 351)", "6.6%"],
        ["5.6% (7 of 125)", "13.4%"],
        ["4.9% (15 of 308)", "4.4%"],
        ["0.0% (0 of 11)", "37.2%"],
        ["24.1% (7 of 29)", "40.6%"],
        [few("42.9% (3 of 7)"), "34.4%"],
        [few("25.0% (3 of 12)"), "19.8%"],
        ["[z]", "5.2%"],
        [few("0.0% (0 of 4)"), "7.7%"],
        [few("0.0% (0 of 1)"), "7.6%"],
    ];
    let shown: Vec<[&str; 2]> = rows.iter().map(|row| [row[1], row[2]]).collect();
    assert_eq!(shown, is);
    let counselled = paper.rows("What changed for people who were counselled");
    let counselled: Vec<&str> = counselled.iter().map(|row| row[1]).collect();
    assert_eq!(
        counselled,
        [few("71% (5 of 7)"), few("86% (6 of 7)"), few("86% (6 of 7)")]
    );
}
