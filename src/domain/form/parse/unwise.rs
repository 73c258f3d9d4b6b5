//! What a schedule comes to, tried on sample periods: dates that contradict each other, and mails that are never sent.
//!
//! Invariant: nothing is said of a schedule without the period and the days on which it happens. What no nation's return
//! could be planned for is an error; the rest is a warning.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Months, NaiveDate};

use super::reader::Reader;
use crate::calendar::Nation;
use crate::form::schema::{Every, Schedule};
use crate::period::{Period, PeriodKind};
use crate::schedule::{Dates, dates, falls_on};
use crate::schedule_dates::DateRule;

/// How many periods a schedule that comes round is tried on; all are tried that are given by their dates.
const SAMPLES: usize = 12;
/// On how many of these its mails are tried, of which there may be many for each.
const TRIED: usize = 48;

/// A period with the dates that its return has in each nation.
struct Sample {
    period: Period,
    dates: Vec<(Nation, Dates)>,
}

/// The samples on which mails are tried.
struct Trial<'a> {
    samples: Vec<&'a Sample>,
    /// Whether these are all, so that what happens in each of them always happens.
    whole: bool,
}

/// Where something happens.
struct Found {
    /// For which period and nation first, and on what days.
    example: String,
    /// For that period, in each nation.
    in_each_nation: bool,
    /// For each period, in each nation.
    always: bool,
}

/// Where the parts of a schedule stand in the file, in the order of the parts.
#[derive(Default)]
pub(super) struct Places {
    /// The return plans its period, and is due before the end on purpose.
    pub ahead: bool,
    /// When the return is due, and when it closes.
    pub due: Range<usize>,
    pub closes: Range<usize>,
    pub remind: Vec<Range<usize>>,
    pub escalate: Vec<Range<usize>>,
    /// The due day and the close of each period that is given by its dates; its whole entry where it has none.
    pub periods: Vec<[Range<usize>; 2]>,
}

/// Says what is wrong or unwise about the schedule.
pub(super) fn schedule(schedule: &Schedule, places: &Places, reader: &mut Reader) {
    let samples = samples(schedule);
    // A period with dates of its own is judged by itself, where they stand.
    let has_own = |sample: &Sample| {
        let own = schedule.custom(sample.period);
        own.is_some_and(|own| own.opens.or(own.due).or(own.closes).is_some())
    };
    let mut sound = true;
    for (sample, place) in samples.iter().zip(&places.periods) {
        if has_own(sample) {
            sound &= in_order(schedule, &[sample], place, places.ahead, reader);
        }
    }
    let shared: Vec<&Sample> = samples.iter().filter(|sample| !has_own(sample)).collect();
    let place = [places.due.clone(), places.closes.clone()];
    sound &= in_order(schedule, &shared, &place, places.ahead, reader);
    // What is sent about dates that are wrong would only be wrong again.
    if !sound {
        return;
    }
    let tried = Trial {
        samples: samples.iter().take(TRIED).collect(),
        whole: samples.len() <= TRIED,
    };
    reminders(schedule, &tried, places, reader);
    escalations(schedule, &tried, places, reader);
}

/// The periods of a schedule from April 2026, or those that it gives; for a return that is owed once, grants of a year.
fn samples(schedule: &Schedule) -> Vec<Sample> {
    let kind = match &schedule.every {
        Every::Month => PeriodKind::Month,
        Every::Quarter => PeriodKind::Quarter,
        Every::FourMonths => PeriodKind::FourMonths,
        Every::HalfYear => PeriodKind::HalfYear,
        Every::FinancialYear => PeriodKind::FinancialYear,
        Every::Once => PeriodKind::Custom,
        Every::Dates(custom) => return custom.iter().map(|custom| sample(schedule, custom.period)).collect(),
    };
    let months = kind.months().unwrap_or(1);
    let first = NaiveDate::from_ymd_opt(2026, 4, 1);
    (0..)
        .take(SAMPLES)
        .filter_map(|number: u32| {
            let start = first?.checked_add_months(Months::new(number * months))?;
            let year = || Period::new(start, start.checked_add_months(Months::new(12))?.pred_opt()?).ok();
            let period = Period::containing(kind, start).or_else(year)?;
            Some(sample(schedule, period))
        })
        .collect()
}

fn sample(schedule: &Schedule, period: Period) -> Sample {
    let dates = Nation::ALL
        .into_iter()
        .filter_map(|nation| Some((nation, dates(schedule, period, nation)?)))
        .collect();
    Sample { period, dates }
}

/// Looks for what happens in any of the samples.
fn look(schedule: &Schedule, samples: &[&Sample], happens: impl Fn(&Dates, Nation) -> Option<String>) -> Option<Found> {
    let (mut found, mut always): (Option<Found>, bool) = (None, true);
    for sample in samples {
        let here: Vec<(Nation, String)> = sample
            .dates
            .iter()
            .filter_map(|(nation, dates)| Some((*nation, happens(dates, *nation)?)))
            .collect();
        let in_each_nation = here.len() == sample.dates.len();
        always &= in_each_nation;
        if let Some((nation, what)) = here.first()
            && found.is_none()
        {
            let nation = if in_each_nation {
                String::new()
            } else {
                format!(" in {}", nation.words())
            };
            let (period, once) = (sample.period, schedule.every == Every::Once);
            let example = if once {
                format!("For a grant of {period}{nation}, {what}.")
            } else {
                format!("For {}{nation}, {what}.", schedule.period_label(period))
            };
            found = Some(Found {
                example,
                in_each_nation,
                always: false,
            });
        }
    }
    found.map(|found| Found { always, ..found })
}

/// Whether the dates of each return come in their order; reports those that do not.
fn in_order(
    schedule: &Schedule,
    samples: &[&Sample],
    place: &[Range<usize>; 2],
    ahead: bool,
    reader: &mut Reader,
) -> bool {
    let [due, closes] = place;
    let opens_late = look(schedule, samples, |dates, _| {
        let (opens, due) = (dates.opens_on, dates.due_on);
        (due < opens).then(|| format!("it would open on {} and be due on {}", day(opens), day(due)))
    });
    let mut sound = true;
    if let Some(found) = &opens_late {
        let help = "Count `due` to a later day, or open the return earlier.";
        sound &= contradiction(schedule, due, "is due before it opens", found, help, reader);
    }
    let closes_early = look(schedule, samples, |dates, _| {
        let (due, closes) = (dates.due_on, dates.closes_on);
        (closes < due).then(|| format!("it would close on {} and be due on {}", day(closes), day(due)))
    });
    if let Some(found) = &closes_early {
        let help = "Count `closes` from the due day, like due + 60d.";
        sound &= contradiction(schedule, closes, "closes before it is due", found, help, reader);
    }
    let due_early = look(schedule, samples, |dates, _| {
        let (due, end) = (dates.due_on, dates.period.end());
        (due < end && !ahead).then(|| format!("it would be due on {}, and the period ends on {}", day(due), day(end)))
    });
    if let Some(found) = due_early.filter(|_| opens_late.is_none()) {
        let message = format!("The return is due before its period ends. {}", found.example);
        let help = "Count `due` from the end, unless people are to report on days to come.";
        reader.warn(due.clone(), message, help);
    }
    sound
}

/// An error where no return could be planned, else a warning that some could not be. False for an error.
fn contradiction(
    schedule: &Schedule,
    place: &Range<usize>,
    what: &str,
    found: &Found,
    help: &str,
    reader: &mut Reader,
) -> bool {
    // The grants of a return that is owed once are only examples.
    let certain = found.always || (found.in_each_nation && schedule.every != Every::Once);
    let message = format!("The return {what}. {}", found.example);
    if certain {
        reader.error(place.clone(), message, help);
    } else {
        reader.warn(place.clone(), message, help);
    }
    !certain
}

/// A rule by which something is sent, with its day in each sample and nation.
struct Tried<'a> {
    rule: &'a DateRule,
    place: &'a Range<usize>,
    days: BTreeMap<(Period, Nation), NaiveDate>,
}

impl<'a> Tried<'a> {
    fn new(rule: &'a DateRule, place: &'a Range<usize>, trial: &Trial) -> Self {
        let days = trial.samples.iter().flat_map(|sample| {
            let dates = sample.dates.iter();
            dates.filter_map(|(nation, dates)| Some(((sample.period, *nation), falls_on(rule, dates, *nation)?)))
        });
        Self {
            rule,
            place,
            days: days.collect(),
        }
    }

    fn day(&self, dates: &Dates, nation: Nation) -> Option<NaiveDate> {
        self.days.get(&(dates.period, nation)).copied()
    }

    /// The first of these that is always on the same day as this.
    fn same_among<'b>(&self, others: impl IntoIterator<Item = &'b Tried<'b>>) -> Option<&'b DateRule> {
        let mut others = others.into_iter();
        let same = others.find(|other| !self.days.is_empty() && other.days == self.days);
        same.map(|other| other.rule)
    }
}

/// Reminders that nobody gets, or that come too late.
fn reminders(schedule: &Schedule, trial: &Trial, places: &Places, reader: &mut Reader) {
    let rules = schedule.remind.iter().zip(&places.remind);
    let tried: Vec<Tried> = rules.map(|(rule, place)| Tried::new(rule, place, trial)).collect();
    for (index, reminder) in tried.iter().enumerate() {
        let place = reminder.place.clone();
        let early = look(schedule, &trial.samples, |dates, nation| {
            let (on, opens) = (reminder.day(dates, nation)?, dates.opens_on);
            (on < opens).then(|| format!("it falls on {}, and the return opens on {}", day(on), day(opens)))
        });
        if let Some(found) = early {
            let how_often = if found.always && trial.whole {
                "never"
            } else {
                "not always"
            };
            let message = format!(
                "This reminder is {how_often} sent, because it comes before the return opens. {}",
                found.example
            );
            reader.warn(place.clone(), message, "Count it to a later day.");
        }
        let late = look(schedule, &trial.samples, |dates, nation| {
            let (on, closes) = (reminder.day(dates, nation)?, dates.closes_on);
            (on > closes).then(|| format!("it falls on {}, and the return closes on {}", day(on), day(closes)))
        });
        if let Some(found) = late {
            let message = format!("This reminder comes after the return has closed. {}", found.example);
            let help = "Nobody can submit then: send it earlier, or let the return close later.";
            reader.warn(place.clone(), message, help);
        }
        if let Some(other) = reminder.same_among(&tried[..index]).filter(|_| trial.whole) {
            let message = format!("This reminder always falls on the same day as `{other}`, and one mail is sent.");
            reader.warn(place, message, "Leave one of them out.");
        }
    }
}

/// Escalations before anything is late, and those that say the same twice.
fn escalations(schedule: &Schedule, trial: &Trial, places: &Places, reader: &mut Reader) {
    let steps = schedule.escalate.iter().zip(&places.escalate);
    let tried: Vec<(&str, Tried)> = steps
        .map(|(step, place)| (step.to.as_str(), Tried::new(&step.at, place, trial)))
        .collect();
    for (index, (to, step)) in tried.iter().enumerate() {
        let early = look(schedule, &trial.samples, |dates, nation| {
            let (on, due) = (step.day(dates, nation)?, dates.due_on);
            (on <= due).then(|| format!("it falls on {}, and the return is due on {}", day(on), day(due)))
        });
        if let Some(found) = early {
            let how_often = if found.always && trial.whole {
                "never"
            } else {
                "not always"
            };
            let message = format!(
                "This escalation is {how_often} sent, because nobody is late until the due day has passed. {}",
                found.example
            );
            reader.warn(
                step.place.clone(),
                message,
                "Count it from the due day, like due + 5wd.",
            );
        }
        let to_them = tried[..index].iter().filter(|(other, _)| other == to);
        let same = step.same_among(to_them.map(|(_, other)| other));
        if let Some(other) = same.filter(|_| trial.whole) {
            let message =
                format!("This escalation to `{to}` always falls on the same day as `{other}`, and one mail is sent.");
            reader.warn(step.place.clone(), message, "Leave one of them out.");
        }
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}
