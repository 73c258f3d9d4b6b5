//! The state of a fund as a page: tables of numbers, each of which leads to what it counts or adds up.
//!
//! Invariant: a number that is not nought is a link to as many returns, or to the signed figures that it comes from; what is
//! cut off a long table is counted beneath it.

use countersign_domain::answers::format;
use countersign_domain::period::Period;
use countersign_domain::returns::standing::{Standing, Tally, Which};
use serde::Serialize;
use serde_json::{Value, json};

use super::asked;
use super::home_view::{LineView, line_view};
use super::numbers::{Cell, Head, Numbers, Row};
use super::words;
use crate::service::listing::{Asked, ReturnLine};
use crate::service::report::state::{FundState, Goal, Reached, Unreconciled};

/// How many lines of a long table the page shows.
const SHOWN: usize = 20;
/// How many projects are named that differ from the whole.
const NAMED: usize = 10;

/// The columns of where returns stand.
const PLACES: [(Which, &str); 8] = [
    (Which::Expected, "Expected"),
    (Which::At(Standing::Late), "Late now"),
    (Which::At(Standing::InReview), "In review"),
    (Which::At(Standing::AwaitingSignature), "Awaiting signature"),
    (Which::At(Standing::Draft), "In draft"),
    (Which::At(Standing::NotOpen), "Not open yet"),
    (Which::At(Standing::Signed), "Signed"),
    (Which::At(Standing::Excused), "Excused"),
];

/// A list of returns that are named, and how many more there are.
#[derive(Debug, Serialize)]
struct Named {
    lines: Vec<LineView>,
    all: Cell,
    more: bool,
}

#[derive(Debug, Serialize)]
struct GoalView {
    label: String,
    form: String,
    target: String,
    whole: Option<ReachedView>,
    projects: usize,
    otherwise: Vec<ProjectView>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct ProjectView {
    project: String,
    reached: ReachedView,
}

#[derive(Debug, Serialize)]
struct ReachedView {
    shown: String,
    href: String,
    verdict: &'static str,
    colour: &'static str,
}

#[derive(Debug, Serialize)]
struct UnreconciledView {
    href: String,
    what: String,
    why: String,
}

/// The page.
pub fn view(state: &FundState) -> Value {
    let links = state.year.map(|year| Links { state, year });
    let unreconciled: Vec<UnreconciledView> = state.unreconciled.iter().map(unreconciled).collect();
    json!({
        "fund": state.fund.title,
        "nobody": state.reviewers.why_nobody(),
        "all": asked::of_returns(&Asked::all(state.fund.id)),
        "year": state.year.map(|year| year.label()),
        "years": years(state),
        "summary": links.as_ref().map(Links::summary).unwrap_or_default(),
        "elsewhere": links.as_ref().and_then(Links::elsewhere),
        "unreconciled": unreconciled.iter().take(SHOWN).collect::<Vec<_>>(),
        "more_unreconciled": unreconciled.len().saturating_sub(SHOWN),
        "standing": links.as_ref().map(Links::standing).unwrap_or_default(),
        "timing": links.as_ref().and_then(Links::timing),
        "excused": links.as_ref().and_then(|links| links.named(Which::At(Standing::Excused), &state.excused)),
        "extended": links.as_ref().and_then(|links| links.named(Which::Extended, &state.extended)),
        "money": state.money.iter().map(|told| super::money_view::table(state, told, 0, SHOWN)).collect::<Vec<_>>(),
        "goals": state.goals.iter().map(goal).collect::<Vec<_>>(),
    })
}

/// The years that there are, the one that is shown without a link.
fn years(state: &FundState) -> Vec<Value> {
    let path = format!("/office/funds/{}", state.fund.id);
    let one = |year: &Period| {
        let parts = [("year", year.start().to_string())];
        json!({
            "text": year.label(),
            "href": asked::address(&path, &parts),
            "current": Some(*year) == state.year,
        })
    };
    state.years.iter().map(one).collect()
}

/// What writes the links of one year.
struct Links<'a> {
    state: &'a FundState,
    year: Period,
}

impl Links<'_> {
    fn asked(&self, which: Which) -> Asked {
        Asked {
            ends: Some(self.year),
            which,
            ..Asked::all(self.state.fund.id)
        }
    }

    /// A count that leads to what it counts; `of` says of what to those who hear the page.
    fn count(&self, tally: &Tally, asked: Asked, of: &str) -> Cell {
        let count = tally.count(asked.which);
        let hidden = format!("{}, {of}", words::which(asked.which));
        let cell = Cell::number(count);
        if count == 0 {
            cell
        } else {
            cell.to(asked::of_returns(&asked), hidden)
        }
    }

    /// The numbers that come first.
    fn summary(&self) -> Vec<Cell> {
        let tally = &self.state.tally;
        let line = |which: Which, text: &str, note: Option<String>| {
            let mut cell = Cell::number(tally.count(which)).noted(note);
            cell.said = text.to_owned();
            if tally.count(which) > 0 {
                cell = cell.to(asked::of_returns(&self.asked(which)), String::new());
            }
            cell
        };
        let longest = tally
            .longest_late
            .map(|days| format!("the longest {}", words::late(days)));
        let note = |which| longest.clone().filter(|_| which == Which::At(Standing::Late));
        let lines = PLACES
            .iter()
            .map(|(which, title)| line(*which, &title.to_lowercase(), note(*which)));
        lines.collect()
    }

    /// What is late in other years.
    fn elsewhere(&self) -> Option<Cell> {
        let many = self.state.late_elsewhere;
        let asked = Asked {
            which: Which::At(Standing::Late),
            ..Asked::all(self.state.fund.id)
        };
        let words = match many {
            0 => return None,
            1 => "1 more return is late in another year".to_owned(),
            many => format!("{} more returns are late in other years", Cell::number(many).text),
        };
        Some(Cell::text(words).to(asked::of_returns(&asked), String::new()))
    }

    /// Where the returns of each form stand, period by period.
    fn standing(&self) -> Vec<Numbers> {
        let heads: Vec<Head> = std::iter::once(Head::words("Period"))
            .chain(PLACES.iter().map(|(_, title)| Head::number(title)))
            .collect();
        let row = |name: &str, form: &str, form_title: &str, period: Option<Period>, tally: &Tally| {
            let cells = PLACES.iter().map(|(which, _)| {
                let asked = Asked {
                    form: Some(form.to_owned()),
                    period,
                    ends: period.is_none().then_some(self.year),
                    ..self.asked(*which)
                };
                let cell = self.count(tally, asked, &format!("{form_title}, {name}"));
                let late = tally.longest_late.filter(|_| *which == Which::At(Standing::Late));
                cell.noted(late.map(longest))
            });
            Row::of(Cell::text(name), cells.collect())
        };
        let table = |form: &crate::service::report::state::FormState| {
            let mut rows: Vec<Row> = form
                .periods
                .iter()
                .map(|one| row(&one.label, &form.form, &form.title, Some(one.period), &one.tally))
                .collect();
            if rows.len() > 1 {
                rows.push(row("All periods", &form.form, &form.title, None, &form.tally).total());
            }
            Numbers {
                caption: form.title.clone(),
                heads: heads.clone(),
                rows,
                notes: Vec::new(),
            }
        };
        self.state.forms.iter().map(table).collect()
    }

    /// How many came on time, of those of which that is decided.
    fn timing(&self) -> Option<Numbers> {
        let columns = [
            Which::Judged,
            Which::OnTime,
            Which::HandedInLate,
            Which::At(Standing::Late),
            Which::Extended,
        ];
        let row = |name: String, tally: &Tally, asked: &dyn Fn(Which) -> Asked| {
            let mut cells: Vec<Cell> = columns
                .iter()
                .map(|which| self.count(tally, asked(*which), &name))
                .collect();
            cells.insert(2, Cell::text(per_cent(tally)));
            Row::of(Cell::text(name), cells)
        };
        let mut rows = Vec::new();
        for form in &self.state.forms {
            for one in form.periods.iter().filter(|one| one.tally.judged() > 0) {
                let asked = |which| Asked {
                    form: Some(form.form.clone()),
                    period: Some(one.period),
                    ends: None,
                    ..self.asked(which)
                };
                rows.push(row(format!("{}, {}", form.title, one.label), &one.tally, &asked));
            }
        }
        if rows.is_empty() {
            return None;
        }
        if rows.len() > 1 {
            rows.push(
                row("All returns of the year".to_owned(), &self.state.tally, &|which| {
                    self.asked(which)
                })
                .total(),
            );
        }
        let heads = [
            "Due or handed in",
            "On time",
            "Per cent",
            "Handed in late",
            "Late now",
            "Given more time",
        ];
        Some(Numbers {
            caption: "On time, by first submission and the due date as planned".to_owned(),
            heads: std::iter::once(Head::words("Returns"))
                .chain(heads.map(Head::number))
                .collect(),
            rows,
            notes: vec![
                "More time given later does not change the date that a return is judged by. Excused returns, and those \
                 that are neither due nor handed in, are not counted."
                    .to_owned(),
            ],
        })
    }

    /// Returns that are named under a heading.
    fn named(&self, which: Which, lines: &[ReturnLine]) -> Option<Named> {
        let count = self.state.tally.count(which);
        (count > 0).then(|| Named {
            lines: lines.iter().map(line_view).collect(),
            all: Cell::number(count).to(asked::of_returns(&self.asked(which)), words::which(which).to_owned()),
            more: count > lines.len() as u64,
        })
    }
}

fn longest(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("up to {days} days"),
    }
}

fn per_cent(tally: &Tally) -> String {
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    format::percent_of(whole(tally.on_time), whole(tally.judged()), 1)
}

fn goal(goal: &Goal) -> GoalView {
    let otherwise = goal.otherwise.iter().take(NAMED).map(|(project, one)| ProjectView {
        project: project.clone(),
        reached: reached(one),
    });
    GoalView {
        label: goal.label.clone(),
        form: goal.form_title.clone(),
        target: goal.target.clone(),
        whole: goal.whole.as_ref().map(reached),
        projects: goal.projects,
        otherwise: otherwise.collect(),
        more: goal.otherwise.len().saturating_sub(NAMED),
    }
}

fn reached(one: &Reached) -> ReachedView {
    let (verdict, colour) = match one.reached {
        Some(true) => ("Met", "govuk-tag--green"),
        Some(false) => ("Not met", "govuk-tag--orange"),
        None => ("Cannot be said", "govuk-tag--grey"),
    };
    ReachedView {
        shown: one.shown.clone(),
        href: asked::of_figures(asked::FIGURES, &one.from, 1),
        verdict,
        colour,
    }
}

fn unreconciled(found: &Unreconciled) -> UnreconciledView {
    match found {
        Unreconciled::Allocated {
            grant,
            title,
            available,
            allocated,
        } => UnreconciledView {
            href: format!("/office/grants/{grant}"),
            what: title.clone(),
            why: format!(
                "{} is allocated, and {} is available.",
                format::money(*allocated),
                format::money(*available)
            ),
        },
        Unreconciled::Used {
            grant,
            grant_title,
            title,
            form_title,
            allocated,
            used,
            with_committed,
        } => UnreconciledView {
            href: format!("/office/grants/{grant}"),
            what: if grant_title == title {
                title.clone()
            } else {
                format!("{grant_title}: {title}")
            },
            why: format!(
                "{} is {} of the {} allocated, as “{form_title}” tells it.",
                format::approximately(format::money(used.amount), used.approximately),
                if *with_committed {
                    "spent and committed"
                } else {
                    "spent"
                },
                format::money(*allocated)
            ),
        },
    }
}

/// One page of the projects' money, as one form tells it; none where it tells of none.
pub fn projects(state: &FundState, form: &str, page: u64) -> Option<Value> {
    const PER_PAGE: usize = 50;
    let told = state.money.iter().find(|told| told.form == form)?;
    let pages = told.projects.len().div_ceil(PER_PAGE).max(1);
    let page = usize::try_from(page).unwrap_or(pages).clamp(1, pages);
    let at = |page: usize| super::money_view::href(state, form, page);
    Some(json!({
        "fund": state.fund.title,
        "money": super::money_view::table(state, told, (page - 1) * PER_PAGE, PER_PAGE),
        "page_number": page,
        "pages": pages,
        "before": (page > 1).then(|| at(page - 1)),
        "after": (page < pages).then(|| at(page + 1)),
    }))
}
