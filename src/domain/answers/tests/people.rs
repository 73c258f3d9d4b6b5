//! Which counts of people the figures of whole returns are made of.

use std::collections::BTreeMap;

use super::paper::{put, register};
use super::rules::small;
use crate::answers::evaluate;
use crate::answers::types::{Beneath, BeneathFigure, Draft, Figure, FigureValue, Previous, Register};
use crate::document::{Atom, People};
use crate::form::schema::{AddUp, Form};
use crate::measure::people::{Returns, leads_elsewhere, made_of, under};

/// Returns on a shelf, with what they froze.
#[derive(Default)]
struct Shelf(BTreeMap<String, (Form, Register, Vec<Figure>)>);

impl Returns for Shelf {
    fn form(&self, reference: &str) -> Option<&Form> {
        self.0.get(reference).map(|(form, ..)| form)
    }

    fn figures(&self, reference: &str, measure: &str) -> Vec<&Figure> {
        let known = self.0.get(reference).into_iter();
        let figures = known.flat_map(|(.., figures)| figures);
        figures.filter(|figure| figure.measure == measure).collect()
    }

    fn register(&self, reference: &str) -> Option<&Register> {
        self.0.get(reference).map(|(_, register, _)| register)
    }
}

impl Shelf {
    /// Files a return: what is typed in section `s`, with the fields of an answer joined by `&`.
    fn file(&mut self, reference: &str, body: &str, register: Register, typed: &[(&str, &str)]) {
        let form = small(body);
        let mut draft = Draft::default();
        for (question, text) in typed {
            let fields: Vec<(&str, &str)> = text
                .split('&')
                .map(|field| field.split_once('=').unwrap_or(("value", field)))
                .collect();
            put(&mut draft, "s", question, &fields);
        }
        let figures = evaluate(&form, &register, &draft).figures;
        self.0.insert(reference.to_owned(), (form, register, figures));
    }

    /// The figures as the next return of the form freezes them.
    fn before(&self, reference: &str) -> Option<Previous> {
        let (_, register, figures) = &self.0[reference];
        Some(Previous {
            reference: reference.to_owned(),
            period: register.period,
            figures: figures.clone(),
        })
    }

    /// A figure as a return above freezes it; none of one that is not signed.
    fn beneath(&self, reference: &str, measure: &str, over_time: AddUp, signed: bool) -> Beneath {
        let (_, register, _) = &self.0[reference];
        let each = self
            .figures(reference, measure)
            .into_iter()
            .map(|figure| BeneathFigure {
                figure: figure.clone(),
                over_providers: Some(AddUp::Sum),
                over_time: Some(over_time),
            });
        Beneath {
            form: "quarter".to_owned(),
            reference: reference.to_owned(),
            provider: "Harbour".to_owned(),
            allocation: None,
            period: register.period,
            figures: signed.then(|| each.collect()),
        }
    }

    /// What a figure is made of, in short: `q1/seen=3 + q2/seen=20`.
    fn made(&self, reference: &str, measure: &str, row: Option<&str>) -> String {
        let mut found = self.figures(reference, measure);
        found.retain(|figure| figure.row.as_deref() == row);
        let [figure] = found.as_slice() else {
            panic!("{} figures {measure} of {reference}", found.len())
        };
        made_of(self, reference, figure).map_or_else(String::new, |people| said(&people))
    }
}

fn said(people: &People) -> String {
    let atom = |atom: &Atom| format!("{}={}", atom.key.trim_end_matches('/').replace("//", "/"), atom.count);
    let sum = |atoms: &[Atom]| atoms.iter().map(atom).collect::<Vec<_>>().join(" + ");
    match people {
        People::Count(atoms) => sum(atoms),
        People::Less { of, less } => format!("{} - {}", sum(of), sum(less)),
        People::Ratio { of, per } => format!("{} / {}", sum(of), sum(per)),
        People::Range { low, high } => format!("{} to {}", sum(low), sum(high)),
        People::Worked(atoms) => format!("from {}", sum(atoms)),
        People::Part { own, of } => format!("{} within {}", said(own), sum(of)),
        People::Near { own, near } => format!("{} near {}", said(own), said(near)),
    }
}

const QUARTER: &str = r#"
[[section.question]]
id = "seen"
type = "count"
counts = "people"
label = "People seen"
over_providers = "sum"
over_time = "sum"
[[section.question]]
id = "came_back"
type = "count"
counts = "people"
label = "Of these, came back"
[[section.question]]
id = "visits"
type = "count"
label = "Visits"
[[section.question]]
id = "both"
type = "calculated"
label = "Both"
value = "seen + came_back"
[[section.question]]
id = "once"
type = "calculated"
label = "Came once"
value = "both - 0 - came_back - came_back"
[[section.question]]
id = "each"
type = "calculated"
label = "Visits for each"
value = "visits / seen"
[[section.question]]
id = "so_far"
type = "calculated"
label = "Seen so far"
value = "if is_blank(previous.so_far) then seen else previous.so_far + seen"
[[section.question]]
id = "change"
type = "calculated"
label = "Change in per cent"
value = "(seen - previous.seen) * 100 / previous.seen"
"#;

/// Three quarters, each after the one before.
fn quarters(seen: [&str; 3]) -> Shelf {
    let mut shelf = Shelf::default();
    for (at, seen) in seen.into_iter().enumerate() {
        let mut register = register();
        register.previous = at.checked_sub(1).and_then(|before| shelf.before(&format!("q{before}")));
        let typed = [("seen", seen), ("came_back", "2"), ("visits", "90")];
        shelf.file(&format!("q{at}"), QUARTER, register, &typed);
    }
    shelf
}

#[test]
fn what_is_added_and_taken_off_is_made_of_the_counts() {
    let shelf = quarters(["30", "20", "40"]);
    assert_eq!(shelf.made("q0", "seen", None), "q0/seen=30");
    assert_eq!(shelf.made("q0", "both", None), "q0/seen=30 + q0/came_back=2");
    assert_eq!(
        shelf.made("q0", "once", None),
        "q0/seen=30 + q0/came_back=2 - q0/came_back=2 + q0/came_back=2"
    );
    assert_eq!(shelf.made("q0", "each", None), "from q0/seen=30");
    assert_eq!(shelf.made("q0", "visits", None), "");
}

#[test]
fn what_goes_on_from_the_return_before_is_made_of_its_counts_too() {
    let shelf = quarters(["3", "20", "40"]);
    assert_eq!(shelf.made("q0", "so_far", None), "q0/seen=3");
    assert_eq!(shelf.made("q1", "so_far", None), "q0/seen=3 + q1/seen=20");
    assert_eq!(shelf.made("q2", "so_far", None), "q0/seen=3 + q1/seen=20 + q2/seen=40");
    assert_eq!(shelf.made("q1", "change", None), "from q0/seen=3 + q1/seen=20");
    let form = small(QUARTER);
    assert!(leads_elsewhere(&form, "so_far") && !leads_elsewhere(&form, "both"));
    assert!(under(&form, "so_far").contains("seen"));

    // Corrected since: the sum to date stands on what it was made of.
    let mut shelf = quarters(["3", "20", "40"]);
    let register = shelf.0["q0"].1.clone();
    shelf.file("q0", QUARTER, register, &[("seen", "5")]);
    assert_eq!(shelf.made("q1", "so_far", None), "q0/so_far=3 + q1/seen=20");
}

const YEAR: &str = r#"
[[section.question]]
id = "in_the_year"
type = "count"
counts = "people"
label = "In the year"
from = "returns.quarter.seen"
"#;

/// The year above three quarters, of which the last may not have been signed.
fn year(over_time: AddUp, all_signed: bool, typed: &[(&str, &str)]) -> Shelf {
    let mut shelf = quarters(["30", "20", "3"]);
    for (at, period) in [
        ("2017-04-01", "2017-06-30"),
        ("2017-07-01", "2017-09-30"),
        ("2017-10-01", "2017-12-31"),
    ]
    .into_iter()
    .enumerate()
    {
        let day = |text: &str| text.parse().unwrap();
        let (_, register, _) = shelf.0.get_mut(&format!("q{at}")).unwrap();
        register.period = crate::period::Period::new(day(period.0), day(period.1)).unwrap();
    }
    let mut register = register();
    register.beneath = (0..3)
        .map(|at| shelf.beneath(&format!("q{at}"), "seen", over_time, at < 2 || all_signed))
        .collect();
    shelf.file("y", YEAR, register, typed);
    shelf
}

#[test]
fn what_is_filled_from_returns_beneath_is_made_of_their_counts() {
    let all = "q0/seen=30 + q1/seen=20 + q2/seen=3";
    assert_eq!(year(AddUp::Sum, true, &[]).made("y", "in_the_year", None), all);
    assert_eq!(year(AddUp::Last, true, &[]).made("y", "in_the_year", None), "q2/seen=3");
    assert_eq!(year(AddUp::Max, true, &[]).made("y", "in_the_year", None), "q0/seen=30");
    assert_eq!(
        year(AddUp::Sum, false, &[]).made("y", "in_the_year", None),
        "q0/seen=30 + q1/seen=20"
    );
    // A quarter was corrected since: the year is made of what it was filled from, and nothing else was typed.
    let mut shelf = year(AddUp::Sum, true, &[]);
    let register = shelf.0["q1"].1.clone();
    shelf.file("q1", QUARTER, register, &[("seen", "25")]);
    assert_eq!(shelf.made("y", "in_the_year", None), all);
}

#[test]
fn what_was_typed_beside_the_returns_beneath_is_near_to_them() {
    // The last quarter was missing when somebody typed the year with it, and with one more.
    assert_eq!(
        year(AddUp::Sum, false, &[("in_the_year", "54")]).made("y", "in_the_year", None),
        "y/in_the_year=54 near q0/seen=30 + q1/seen=20 + q2/seen=3"
    );
    assert_eq!(
        year(AddUp::Sum, false, &[("in_the_year", "53")]).made("y", "in_the_year", None),
        "q0/seen=30 + q1/seen=20 + q2/seen=3"
    );
    // The same as the sum is the sum.
    assert_eq!(
        year(AddUp::Sum, true, &[("in_the_year", "53")]).made("y", "in_the_year", None),
        "q0/seen=30 + q1/seen=20 + q2/seen=3"
    );
    // Returns that nobody knows any more stand for what was frozen of them.
    let mut shelf = year(AddUp::Sum, true, &[("in_the_year", "60")]);
    shelf.0.retain(|reference, _| reference == "y");
    assert_eq!(
        shelf.made("y", "in_the_year", None),
        "y/in_the_year=60 near q0/seen=30 + q1/seen=20 + q2/seen=3"
    );
}

const TABLES: &str = r#"
[[section.question]]
id = "steps"
type = "funnel"
label = "Steps"
counts = "people"
stages = [{ id = "asked", label = "Asked" }, { id = "came", label = "Came" }, { id = "stayed", label = "Stayed" }]
[[section.question]]
id = "ages"
type = "matrix"
label = "Ages"
rows = [{ id = "young", label = "Young" }, { id = "old", label = "Old" }]
[[section.question.column]]
id = "women"
type = "count"
counts = "people"
label = "Women"
[[section.question.column]]
id = "men"
type = "count"
counts = "people"
label = "Men"
[[section.question.column]]
id = "either"
type = "calculated"
label = "All"
value = "women + men"
[[section.question]]
id = "everybody"
type = "calculated"
label = "Everybody"
value = "sum(ages, either)"
[[section.question]]
id = "the_old"
type = "calculated"
label = "The old"
value = "ages.old.women + ages.old.men"
[[section.question]]
id = "turnout"
type = "ratio"
counts = "people"
label = "Turnout"
of_label = "Came"
per_label = "Asked"
[[section.question]]
id = "came_too"
type = "count"
counts = "people"
label = "Came, once more"
same_as = "turnout.of"
[[section.question]]
id = "asked_too"
type = "count"
counts = "people"
label = "Asked, once more"
same_as = "turnout.per"
"#;

#[test]
fn tables_hang_together_by_their_rows_columns_and_stages() {
    let mut shelf = Shelf::default();
    let typed = [
        ("steps", "asked.number=40&came.number=31&stayed.number=3"),
        ("ages", "young.women=4&young.men=12&old.women=20&old.men=9"),
        ("turnout", "of=31&per=40"),
        ("came_too", "31"),
        ("asked_too", "41"),
    ];
    shelf.file("r", TABLES, register(), &typed);
    let made = |measure, row| shelf.made("r", measure, Some(row));
    assert_eq!(made("steps.number", "asked"), "r/steps.number/asked=40");
    assert_eq!(
        made("steps.number", "came"),
        "r/steps.number/came=31 within r/steps.number/asked=40"
    );
    assert_eq!(
        made("steps.share", "stayed"),
        "r/steps.number/stayed=3 / r/steps.number/came=31"
    );
    assert_eq!(
        made("ages.either", "young"),
        "r/ages.women/young=4 + r/ages.men/young=12"
    );
    let old = "r/ages.women/old=20 + r/ages.men/old=9";
    let made = |measure| shelf.made("r", measure, None);
    assert_eq!(made("the_old"), old);
    assert_eq!(
        made("everybody"),
        format!("r/ages.women/young=4 + r/ages.men/young=12 + {old}")
    );
    assert_eq!(made("turnout"), "r/turnout/of=31 / r/turnout/per=40");
    assert_eq!(made("came_too"), "r/turnout/of=31");
    assert_eq!(made("asked_too"), "r/asked_too=41 near r/turnout/per=40");
}

#[test]
fn calculations_that_double_are_not_followed_for_ever() {
    let mut body = QUARTER.to_owned();
    for at in 0..40 {
        let of = match at {
            0 => "seen".to_owned(),
            at => format!("twice_{}", at - 1),
        };
        body += &format!(
            "[[section.question]]\nid = \"twice_{at}\"\ntype = \"calculated\"\nlabel = \"Twice\"\nvalue = \"{of} + {of}\"\n"
        );
    }
    let mut shelf = Shelf::default();
    shelf.file("q", &body, register(), &[("seen", "6")]);
    assert_eq!(shelf.made("q", "twice_1", None), ["q/seen=6"; 4].join(" + "));
    assert_eq!(
        shelf.figures("q", "twice_20")[0].value,
        FigureValue::Number {
            scaled: 6 << 21,
            places: 0,
            percent: false
        }
    );
    assert_eq!(shelf.made("q", "twice_39", None), "from q/seen=6");
}
