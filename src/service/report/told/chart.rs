//! chart: figures drawn, with the table that they are drawn from.
//!
//! Invariant: what is drawn stands in the table beside it, goals as figures; a chart has no total among its points.

use countersign_domain::document::{Block, Chart, Drawn, Series};

use super::super::measured::meant;
use super::Telling;
use crate::wording::report::{Argument, Call, Returned};

const WAYS: [(&str, Drawn); 3] = [
    ("bars", Drawn::Bars),
    ("lines", Drawn::Lines),
    ("stacked", Drawn::Stacked),
];

impl Telling<'_> {
    pub(super) fn chart(&self, call: &Call) -> Result<Returned, String> {
        let words = WAYS.map(|(word, _)| word);
        let (Some(Argument::Text(way)), rest) = (call.positional.first(), call.positional.get(1..).unwrap_or_default())
        else {
            return Err(format!(
                "`chart` begins with how it is drawn: one of {}.",
                words.join(", ")
            ));
        };
        let Some((_, drawn)) = WAYS.iter().find(|(word, _)| word == way) else {
            return Err(format!(
                "A chart is not drawn as ‘{way}’: it is one of {}.{}",
                words.join(", "),
                meant(way, words, "")
            ));
        };
        let table = Call {
            name: call.name.clone(),
            positional: rest.to_vec(),
            named: call.named.clone(),
        };
        if table.named.contains_key("total") {
            return Err("A chart has no `total`: it would be drawn beside its own parts.".to_owned());
        }
        self.drawn(&table, *drawn)
    }

    fn drawn(&self, call: &Call, drawn: Drawn) -> Result<Returned, String> {
        let mut plan = self.plan(call)?;
        plan.drawn = true;
        let units = plan.measures.iter().map(|(measured, _)| measured.of());
        if units.clone().any(|unit| units.clone().any(|other| other != unit)) {
            return Err("A chart has one unit: its figures are of several. Draw one chart for each.".to_owned());
        }
        let (table, roles, listed) = self.built(&plan);
        let series = roles.into_iter().enumerate();
        let series = series.map(|(at, role)| Series { column: at + 1, role });
        let mut blocks = vec![Block::Chart(Chart {
            drawn,
            title: table.caption.clone(),
            series: series.collect(),
            table,
        })];
        blocks.extend(listed);
        Ok(Returned::Blocks(blocks))
    }
}
