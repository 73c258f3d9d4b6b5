//! Everything that differs between two versions of a form, in words for who writes it.
//!
//! Invariant: two forms of which nothing is said differ in nothing that anybody sees, answers, signs or is sent.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{Fact, Facts, severity};
use super::facts;
use super::{each, same_ids_keep_their_type, type_of};
use crate::form::schema::{Check, Form, Kind, Measure, Question, Section, Words};

/// What kind of difference, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// It cannot be published as a newer version.
    Breaks,
    /// It was not there before.
    New,
    /// It is not there any more.
    Dropped,
    /// It stands elsewhere.
    Moved,
    /// Something else is said of it.
    Changed,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What kind.
    pub sort: Sort,
    /// In words, one sentence or two.
    pub words: String,
}

/// What differs between an older and a newer version: what breaks, is new, is dropped, has moved, and has changed, each
/// in the order of the form.
#[must_use]
pub fn differences(old: &Form, new: &Form) -> Vec<Difference> {
    let mut found = Found::default();
    versions(old, new, &mut found);
    for words in same_ids_keep_their_type(old, new) {
        found.say(Sort::Breaks, words);
    }
    found.facts("The form", &facts::of_form(old), &facts::of_form(new));
    found.facts(
        "The schedule",
        &facts::of_schedule(&old.schedule),
        &facts::of_schedule(&new.schedule),
    );
    stages(old, new, &mut found);
    cohorts(old, new, &mut found);
    sections(old, new, &mut found);
    questions(old, new, &mut found);
    columns(old, new, &mut found);
    measures(old, new, &mut found);
    checks(old, new, &mut found);
    let mut found = found.0;
    found.sort_by_key(|difference| difference.sort);
    found
}

#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    fn say(&mut self, sort: Sort, words: String) {
        self.0.push(Difference { sort, words });
    }

    /// Says what differs in the facts of one thing.
    fn facts(&mut self, name: &str, old: &Facts, new: &Facts) {
        let before: BTreeMap<&str, &Fact> = old.0.iter().map(|(key, fact)| (key.as_str(), fact)).collect();
        for (key, fact) in &new.0 {
            let words = match (before.get(key.as_str()), fact) {
                (Some(was), is) if *was == is => continue,
                (None, Fact::Yes) if key == "required" => {
                    format!("{name} must now be answered: a draft in which it is blank needs an answer.")
                }
                (_, Fact::Yes) => format!("{name} now has `{key}`."),
                (Some(Fact::Written(was)), Fact::Written(is)) => format!("{name}: `{key}` was {was} and is now {is}."),
                (_, Fact::Written(is)) => format!("{name} has `{key}` now: {is}."),
            };
            self.say(Sort::Changed, words);
        }
        let kept: BTreeSet<&str> = new.0.iter().map(|(key, _)| key.as_str()).collect();
        for (key, fact) in old.0.iter().filter(|(key, _)| !kept.contains(key.as_str())) {
            let words = match fact {
                Fact::Yes if key == "required" => format!("{name} need not be answered any more."),
                Fact::Yes => format!("{name} no longer has `{key}`."),
                Fact::Written(was) if key.starts_with("option ") && !key.ends_with(" in Welsh") => format!(
                    "{name} no longer has `{key}`, which was {was}. Where it was chosen, a draft needs another answer."
                ),
                Fact::Written(was) => format!("{name} no longer has `{key}`, which was {was}."),
            };
            self.say(Sort::Changed, words);
        }
    }

    /// Says which of those that both have stand in another order.
    fn order(&mut self, old: &[&str], new: &[&str], name: impl Fn(&str) -> String) {
        let at: BTreeMap<&str, usize> = old.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let common: Vec<(&str, usize)> = new.iter().filter_map(|id| Some((*id, *at.get(id)?))).collect();
        let stayed = longest_rising(&common.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        for (index, (id, _)) in common.iter().enumerate().filter(|(index, _)| !stayed.contains(index)) {
            let after = match index.checked_sub(1).map(|before| common[before].0) {
                Some(before) => format!("after `{before}`"),
                None => "first".to_owned(),
            };
            self.say(Sort::Moved, format!("{} stands {after} now.", name(id)));
        }
    }
}

/// The places of a longest rising sequence: what need not be moved to turn one order into another.
fn longest_rising(numbers: &[usize]) -> BTreeSet<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let before = (0..at).filter(|before| numbers[*before] < *number);
        let longest = before.max_by_key(|before| (best[*before].0, std::cmp::Reverse(*before)));
        best.push((longest.map_or(1, |before| best[before].0 + 1), longest));
    }
    let mut at = (0..best.len()).max_by_key(|at| (best[*at].0, std::cmp::Reverse(*at)));
    let mut stayed = BTreeSet::new();
    while let Some(place) = at {
        stayed.insert(place);
        at = best[place].1;
    }
    stayed
}

fn versions(old: &Form, new: &Form, found: &mut Found) {
    if old.id != new.id {
        let words = format!(
            "The form was `{}` and is now `{}`: a newer version keeps the id.",
            old.id, new.id
        );
        found.say(Sort::Breaks, words);
    }
    if old.version == new.version && old.digest != new.digest {
        let words = format!(
            "Both are version {}: once it is published it never changes. Give the newer one version = {}.",
            old.version,
            old.version.saturating_add(1)
        );
        found.say(Sort::Breaks, words);
    } else if old.version != new.version {
        let words = format!("The form: `version` was {} and is now {}.", old.version, new.version);
        found.say(Sort::Changed, words);
    }
}

/// A form's things of one sort: id, name and facts.
struct Thing<'f> {
    id: &'f str,
    name: String,
    facts: Facts,
}

/// Says which are new, dropped or changed; `as_new` and `as_dropped` are what follows from that.
fn compare(old: &[Thing<'_>], new: &[Thing<'_>], as_new: &str, as_dropped: &str, found: &mut Found) {
    let before: BTreeMap<&str, &Thing<'_>> = old.iter().map(|thing| (thing.id, thing)).collect();
    let after: BTreeSet<&str> = new.iter().map(|thing| thing.id).collect();
    for thing in new {
        match before.get(thing.id) {
            Some(was) => found.facts(&thing.name, &was.facts, &thing.facts),
            None => found.say(Sort::New, format!("{} is new{as_new}.", thing.name)),
        }
    }
    for thing in old.iter().filter(|thing| !after.contains(thing.id)) {
        found.say(Sort::Dropped, format!("{} is dropped{as_dropped}.", thing.name));
    }
}

fn things<'f, T>(of: &'f [T], id: fn(&T) -> &str, name: fn(&T) -> String, facts: fn(&T) -> Facts) -> Vec<Thing<'f>> {
    of.iter()
        .map(|one| Thing {
            id: id(one),
            name: name(one),
            facts: facts(one),
        })
        .collect()
}

fn ids<'f>(things: &[Thing<'f>]) -> Vec<&'f str> {
    things.iter().map(|thing| thing.id).collect()
}

fn stages(old: &Form, new: &Form, found: &mut Found) {
    let of = |form| {
        let form: &Form = form;
        things(
            &form.stages,
            |stage| &stage.id,
            |stage| format!("Stage `{}`", stage.id),
            facts::of_stage,
        )
    };
    let (before, after) = (of(old), of(new));
    let pinned = ": returns that are under way keep the stages of their own version";
    compare(&before, &after, pinned, pinned, found);
    found.order(&ids(&before), &ids(&after), |id| format!("Stage `{id}`"));
}

fn cohorts(old: &Form, new: &Form, found: &mut Found) {
    let of = |form| {
        let form: &Form = form;
        let name = |cohort: &(String, Words)| format!("Cohort `{}` “{}”", cohort.0, cohort.1.en);
        things(
            &form.cohorts,
            |cohort| &cohort.0,
            name,
            |cohort| facts::of_cohort(&cohort.1),
        )
    };
    let (before, after) = (of(old), of(new));
    let kept = ": what was typed for it is kept in drafts, and goes into no report";
    compare(&before, &after, "", kept, found);
    found.order(&ids(&before), &ids(&after), |id| format!("Cohort `{id}`"));
}

fn sections(old: &Form, new: &Form, found: &mut Found) {
    let of = |form| {
        let form: &Form = form;
        let name = |section: &Section| format!("Section `{}` “{}”", section.id, section.title.en);
        things(&form.sections, |section| &section.id, name, facts::of_section)
    };
    let (before, after) = (of(old), of(new));
    compare(&before, &after, "", "", found);
    found.order(&ids(&before), &ids(&after), |id| format!("Section `{id}`"));
}

fn measures(old: &Form, new: &Form, found: &mut Found) {
    let of = |form| {
        let form: &Form = form;
        let name = |measure: &Measure| format!("Measure `{}` “{}”", measure.id, measure.title.en);
        things(&form.measures, |measure| &measure.id, name, facts::of_measure)
    };
    let gone = ": reports over several years show it as long as it was signed";
    compare(&of(old), &of(new), "", gone, found);
}

fn checks(old: &Form, new: &Form, found: &mut Found) {
    let of = |form| {
        let form: &Form = form;
        let name = |check: &Check| format!("Check `{}` ({})", check.id, severity(check.severity));
        things(&form.checks, |check| &check.id, name, facts::of_check)
    };
    compare(
        &of(old),
        &of(new),
        ": it is asked of open drafts that are moved, too",
        "",
        found,
    );
}

/// A question and the section in which it is asked.
type Asked<'f> = (&'f Section, &'f Question);

fn asked(form: &Form) -> Vec<Asked<'_>> {
    let sections = form.sections.iter();
    sections
        .flat_map(|section| section.questions.iter().map(move |question| (section, question)))
        .collect()
}

fn questions(old: &Form, new: &Form, found: &mut Found) {
    let (before, after) = (asked(old), asked(new));
    let known: BTreeMap<&str, Asked<'_>> = before.iter().map(|of| (of.1.id.as_str(), *of)).collect();
    for (section, question) in &after {
        let name = name_of(question);
        let Some((was_in, was)) = known.get(question.id.as_str()) else {
            found.say(Sort::New, new_question(section, question));
            continue;
        };
        if was_in.id != section.id {
            found.say(Sort::Moved, moved(&name, was_in, section));
        }
        if type_of(was) == type_of(question) {
            found.facts(&name, &facts::of_question(was), &facts::of_question(question));
        }
    }
    let kept: BTreeSet<&str> = after.iter().map(|of| of.1.id.as_str()).collect();
    for (_, question) in before.iter().filter(|of| !kept.contains(of.1.id.as_str())) {
        let after = if is_typed(question) {
            "no longer asked: what was typed is kept in drafts, and goes into no report"
        } else {
            "no longer worked out"
        };
        found.say(Sort::Dropped, format!("{} is {after}.", name_of(question)));
    }
    for section in &new.sections {
        let Some(was) = old.section(&section.id) else { continue };
        let ids = |of: &[Question]| -> Vec<String> { of.iter().map(|question| question.id.clone()).collect() };
        let (before, after) = (ids(&was.questions), ids(&section.questions));
        let (before, after): (Vec<&str>, Vec<&str>) = (
            before.iter().map(String::as_str).collect(),
            after.iter().map(String::as_str).collect(),
        );
        found.order(&before, &after, |id| format!("`{id}` in section `{}`", section.id));
    }
}

fn new_question(section: &Section, question: &Question) -> String {
    let what = type_of(question);
    let must = match (question.required, &question.show_if) {
        (true, None) => ", and must be answered: drafts that are moved need an answer",
        (true, Some(_)) => ", and must be answered where it is shown: drafts that are moved may need an answer",
        (false, _) => "",
    };
    format!(
        "{} is new in section `{}`: a {what}{must}.",
        name_of(question),
        section.id
    )
}

fn moved(name: &str, from: &Section, to: &Section) -> String {
    let follows = if facts::same_subjects(from, to) {
        "Drafts that are moved keep the answer.".to_owned()
    } else {
        format!("It comes {} there, so that drafts need another answer.", each(to.each))
    };
    format!(
        "{name} moved from section `{}` to section `{}`. {follows}",
        from.id, to.id
    )
}

/// Whether somebody types its answer.
fn is_typed(question: &Question) -> bool {
    !question.locked && !matches!(question.kind, Kind::Calculated { .. })
}

fn name_of(question: &Question) -> String {
    let what = if matches!(question.kind, Kind::Table(_)) {
        "Table "
    } else {
        ""
    };
    format!("{what}`{}` “{}”", question.id, question.label.en)
}

/// The columns of the tables that both have.
fn columns(old: &Form, new: &Form, found: &mut Found) {
    for (_, question) in asked(new) {
        let was = old.question(&question.id).map(|(_, was)| &was.kind);
        let (Some(Kind::Table(was)), Kind::Table(is)) = (was, &question.kind) else {
            continue;
        };
        if was.made_as != is.made_as {
            continue;
        }
        let name = |id: &str| format!("Column `{}.{id}`", question.id);
        for column in &is.columns {
            match was.columns.iter().find(|other| other.id == column.id) {
                None => {
                    let must = if column.required {
                        ", and must be answered in each row"
                    } else {
                        ""
                    };
                    let words = format!(
                        "{} “{}” is new: a {}{must}.",
                        name(&column.id),
                        column.label.en,
                        type_of(column)
                    );
                    found.say(Sort::New, words);
                }
                Some(other) if type_of(other) == type_of(column) => {
                    found.facts(
                        &name(&column.id),
                        &facts::of_question(other),
                        &facts::of_question(column),
                    );
                }
                Some(_) => {}
            }
        }
        for column in was
            .columns
            .iter()
            .filter(|of| is.columns.iter().all(|other| other.id != of.id))
        {
            let follows = "no longer asked: what was typed is kept in drafts, and goes into no report";
            found.say(
                Sort::Dropped,
                format!("{} “{}” is {follows}.", name(&column.id), column.label.en),
            );
        }
        let before: Vec<&str> = was.columns.iter().map(|column| column.id.as_str()).collect();
        let after: Vec<&str> = is.columns.iter().map(|column| column.id.as_str()).collect();
        found.order(&before, &after, name);
    }
}
