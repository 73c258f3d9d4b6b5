//! What a chart shows, said.

use super::super::{Drawn, Role};
use super::NOTHING;
use super::plot::{Drawing, Plot};

/// Points without a figure that are named one by one.
const NAMED: usize = 5;

/// Sentences: how it is drawn, then each series from end to end.
pub(super) fn description(drawn: Drawn, plot: &Plot) -> String {
    if plot.is_empty() {
        return format!("{NOTHING}.");
    }
    let kind = match drawn {
        Drawn::Bars => "Bars",
        Drawn::Lines => "Lines over points",
        Drawn::Stacked => "Bars in parts",
    };
    let count = plot.names.len();
    let points = if count == 1 {
        "1 point".to_owned()
    } else {
        format!("{count} points")
    };
    let by = if plot.by.is_empty() {
        String::new()
    } else {
        format!(", by {}", plot.by)
    };
    let mut out = format!("{kind}{by}: {points}.");
    for series in &plot.series {
        out.push(' ');
        out.push_str(&told(drawn, series, plot));
    }
    out
}

fn told(drawn: Drawn, series: &Drawing, plot: &Plot) -> String {
    let role = match series.role {
        Role::Figures => "",
        Role::Target => " (target)",
        Role::Benchmark => " (benchmark)",
    };
    let at = |point: usize| {
        let text = series.values.get(point).map_or("", |value| &value.text);
        format!("{text} ({})", plot.names.get(point).map_or("", String::as_str))
    };
    let known: Vec<(usize, rust_decimal::Decimal)> = series
        .values
        .iter()
        .enumerate()
        .filter_map(|(point, value)| Some((point, value.number?)))
        .collect();
    let lowest = known.iter().min_by_key(|(_, number)| *number);
    // The first of several as high, as it is of several as low.
    let highest = known.iter().rev().max_by_key(|(_, number)| *number);
    let mut out = format!("{}{role}: ", series.title);
    match (lowest, highest, known.last()) {
        (Some((low, least)), Some((high, most)), Some((last, _))) => {
            if least == most && known.len() > 1 {
                out.push_str(&format!(
                    "{} throughout",
                    series.values.get(*low).map_or("", |value| &value.text)
                ));
            } else if known.len() == 1 {
                out.push_str(&at(*low));
            } else {
                out.push_str(&format!("lowest {}, highest {}", at(*low), at(*high)));
                if drawn == Drawn::Lines {
                    out.push_str(&format!(", last {}", at(*last)));
                }
            }
        }
        _ => out.push_str("no figure"),
    }
    let gaps: Vec<usize> = (0..series.values.len())
        .filter(|point| series.values[*point].number.is_none())
        .collect();
    if !gaps.is_empty() && !known.is_empty() {
        let named: Vec<String> = gaps
            .iter()
            .take(NAMED)
            .map(|point| {
                format!(
                    "{} {}",
                    plot.names.get(*point).map_or("", String::as_str),
                    series.values[*point].gap()
                )
            })
            .collect();
        let more = match gaps.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        out.push_str(&format!("; not drawn: {}{more}", named.join(", ")));
    }
    out.push('.');
    out
}
