//! What stands beside a figure: the period before, the year before, where it started, what was promised, what others reach.
//!
//! Invariant: nothing is said in words that a figure which may have to be held back would say; of people, whether a target
//! is met is left to whoever reads the figure.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::answers::{format, target_reached};
use countersign_domain::document::{Cell, Raw, Role, Told};

use super::super::adding::goal;
use super::super::material::{Datum, When};
use super::super::measured::Measured;
use super::Telling;
use super::options::{Beside, By};
use super::subjects::{Group, group};
use super::table::{Figure, Plan, text};

pub(super) fn heading(beside: Beside, measured: Option<&Measured<'_>>) -> String {
    let own = measured.map(|measured| &measured.named);
    match beside {
        Beside::Previous => "Period before".to_owned(),
        Beside::YearBefore => "Year before".to_owned(),
        Beside::Target => "Target".to_owned(),
        Beside::Baseline => own
            .and_then(|named| named.baseline())
            .map_or_else(|| "Baseline".to_owned(), |baseline| baseline.name.en.clone()),
        Beside::Benchmark => own
            .and_then(|named| named.benchmark())
            .map_or_else(|| "Benchmark".to_owned(), |benchmark| benchmark.name.en.clone()),
    }
}

/// What its column is drawn as.
pub(super) fn role(beside: Beside) -> Role {
    match beside {
        Beside::Target => Role::Target,
        Beside::Benchmark => Role::Benchmark,
        Beside::Previous | Beside::YearBefore | Beside::Baseline => Role::Figures,
    }
}

impl<'t> Telling<'t> {
    pub(super) fn beside(
        &self,
        plan: &Plan<'t>,
        measured: &Measured<'t>,
        now: &Figure<'t>,
        of: Option<&Group>,
    ) -> Vec<Cell<Raw>> {
        let cell = |raw: Option<Raw>| raw.map_or_else(|| text(String::new()), |figure| Cell::Figure { figure });
        plan.beside
            .iter()
            .map(|beside| match beside {
                Beside::Previous => cell(Some(self.earlier(plan, measured, of, When::Previous).added.raw)),
                Beside::YearBefore => cell(Some(self.earlier(plan, measured, of, When::YearBefore).added.raw)),
                Beside::Baseline => cell(measured.named.baseline().and_then(|of| goal(measured, of.value))),
                Beside::Benchmark => cell(measured.named.benchmark().and_then(|of| goal(measured, of.value))),
                Beside::Target if plan.drawn => cell(measured.named.target().and_then(|of| goal(measured, of.value))),
                Beside::Target => text(self.target(measured, &now.added.raw)),
            })
            .collect()
    }

    /// The same figure of another time.
    fn earlier(&self, plan: &Plan<'t>, measured: &Measured<'t>, of: Option<&Group>, when: When) -> Figure<'t> {
        let material = self.material;
        let data = material.data_of(&measured.form.id, measured.id(), when);
        let data = plan.only.keep(material, measured, data).into_iter();
        let data: Vec<&Datum> = match of {
            // A period's own row is compared with nothing here: the table goes on over periods itself.
            Some(_) if matches!(plan.by, By::Period | By::Return) => Vec::new(),
            Some(of) => data
                .filter(|datum| group(material, measured, datum, plan.by).key == of.key)
                .collect(),
            None => data.collect(),
        };
        let within = material.windows.of(when).unwrap_or(material.windows.now);
        self.figure_of(measured, data, within, true)
    }

    fn target(&self, measured: &Measured<'_>, now: &Raw) -> String {
        let Some(target) = measured.named.target() else {
            return String::new();
        };
        let words = format::target(target, &measured.unit_like());
        let Told::Value(value) = now.told else {
            return words;
        };
        if self.material.travels() && measured.tells_of_people() {
            return words;
        }
        match target_reached(target, &value) {
            Some(true) => format!("{words}: met"),
            Some(false) => format!("{words}: not met"),
            None => words,
        }
    }

    /// The changes that ask for an explanation, each with the one that its return carries.
    pub(super) fn changes(&self, plan: &Plan<'t>) -> Vec<String> {
        let Some(least) = self.material.brief.explain else {
            return Vec::new();
        };
        let mut notes = Vec::new();
        for (beside, when, words) in [
            (Beside::Previous, When::Previous, "the period before"),
            (Beside::YearBefore, When::YearBefore, "the year before"),
        ] {
            if !plan.beside.contains(&beside) {
                continue;
            }
            for (measured, data) in &plan.measures {
                let of_groups: Vec<Option<&Group>> = match plan.by {
                    By::Measure => vec![None],
                    _ => plan.groups.iter().map(Some).collect(),
                };
                for of in of_groups {
                    let mine = data.iter().copied();
                    let mine: Vec<&Datum> = match of {
                        Some(of) => mine
                            .filter(|datum| group(self.material, measured, datum, plan.by).key == of.key)
                            .collect(),
                        None => mine.collect(),
                    };
                    let now = self.figure_of(measured, mine, self.material.windows.now, false);
                    let before = self.earlier(plan, measured, of, when);
                    if let Some(up) = change(&before.added.raw, &now.added.raw, least) {
                        notes.extend(self.note_change(measured, of, &now, (up, words)));
                    }
                }
            }
        }
        notes
    }

    /// Notes one change; of people only where the explanation was cleared, since the change tells of the figures.
    fn note_change(
        &self,
        measured: &Measured<'t>,
        of: Option<&Group>,
        now: &Figure<'t>,
        (up, than): (bool, &str),
    ) -> Option<String> {
        let explanations = self.explanations(measured, &now.data);
        let people = self.material.travels() && measured.tells_of_people();
        if people && explanations.is_empty() {
            return None;
        }
        let subject = of.map_or_else(
            || measured.name.clone(),
            |of| format!("{}, {}", measured.name, of.title),
        );
        let least = self.material.brief.explain.unwrap_or_default();
        let direction = if up { "more" } else { "less" };
        let why = match explanations.as_slice() {
            [] => "not explained".to_owned(),
            all => all.join(" "),
        };
        let message = format!("{subject}: over {least}% {direction} than in {than}");
        let note = format!("{message}: {why}");
        self.find(message, (!explanations.is_empty()).then(|| explanations.join(" ")));
        Some(note)
    }
}

/// Whether a figure went up by so many per cent and more of what it was, or down; none where it did neither.
fn change(before: &Raw, now: &Raw, least: u32) -> Option<bool> {
    let (Told::Value(before), Told::Value(now)) = (&before.told, &now.told) else {
        return None;
    };
    let (before, now) = alike(before, now)?;
    let moved = now.checked_sub(before)?;
    let past = moved.abs().checked_mul(100)? > before.abs().checked_mul(i128::from(least))?;
    past.then_some(moved > 0)
}

/// Two figures in one unit.
fn alike(one: &FigureValue, other: &FigureValue) -> Option<(i128, i128)> {
    Some(match (*one, *other) {
        (FigureValue::Money { pence: a }, FigureValue::Money { pence: b })
        | (FigureValue::Count { count: a }, FigureValue::Count { count: b }) => (i128::from(a), i128::from(b)),
        (
            FigureValue::Number {
                scaled: a, places: p, ..
            },
            FigureValue::Number {
                scaled: b, places: q, ..
            },
        ) => {
            let most = p.max(q);
            let up = |scaled: i64, places: u32| i128::from(scaled).checked_mul(10_i128.checked_pow(most - places)?);
            (up(a, p)?, up(b, q)?)
        }
        (FigureValue::Ratio { of: a, per: b, .. }, FigureValue::Ratio { of: c, per: d, .. }) if b > 0 && d > 0 => {
            let cross = |x: i64, y: i64| i128::from(x).checked_mul(i128::from(y));
            (cross(a, d)?, cross(c, b)?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use countersign_domain::answers::types::FigureValue;

    use super::super::super::adding::plain;
    use super::change;

    #[test]
    fn a_change_is_one_of_so_many_per_cent_of_what_was() {
        let count = |count| plain(FigureValue::Count { count });
        assert_eq!(
            change(&count(100), &count(110), 10),
            None,
            "ten per cent is not more than ten"
        );
        assert_eq!(change(&count(100), &count(111), 10), Some(true));
        assert_eq!(change(&count(100), &count(89), 10), Some(false));
        assert_eq!(change(&count(0), &count(1), 10), Some(true), "from nothing");
        assert_eq!(change(&count(0), &count(0), 10), None);
        let ratio = |of, per| plain(FigureValue::Ratio { of, per, places: 0 });
        assert_eq!(change(&ratio(1, 2), &ratio(5, 10), 10), None);
        assert_eq!(change(&ratio(1, 2), &ratio(6, 10), 10), Some(true));
        assert_eq!(change(&count(1), &plain(FigureValue::NotKnown), 0), None);
    }
}
