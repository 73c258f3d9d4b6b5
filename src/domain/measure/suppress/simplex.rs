//! The least cost at which a sum can be moved, by the simplex method with whole numbers only.
//!
//! Invariant: exact. Each row is an equation in whole numbers, divided by what its numbers have in common; what does not fit
//! in 64 bits, or takes too many steps, is no answer and never a wrong one.

use std::cell::Cell;

/// Steps without progress after which the rule that cannot go in circles is followed (Bland's).
const IDLE: usize = 40;
/// What a unit that is not reached costs: more than any way to reach it.
const SHORT: i64 = 1 << 28;

/// How much may still be worked out, in rows that are looked at.
#[derive(Debug)]
pub(super) struct Effort(pub Cell<usize>);

impl Effort {
    fn spend(&self, rows: usize) -> Option<()> {
        self.0.set(self.0.get().checked_sub(rows)?);
        Some(())
    }
}

/// Something that can be moved from nought upwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// How far; none for without end.
    pub cap: Option<i64>,
    /// What a unit of it costs, 0 or more.
    pub cost: i64,
}

/// Columns, and sums of them that must stay nought.
#[derive(Debug, Default, Clone)]
pub(super) struct Program {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

/// `lead` × the basic column + the sum over `rest` = `value`, with a positive lead and the rest at nought.
#[derive(Debug, Clone)]
struct Row {
    basic: usize,
    lead: i64,
    rest: Vec<(usize, i64)>,
    value: i64,
}

/// What stops a column that is raised.
#[derive(Debug, Clone, Copy)]
struct Stop {
    row: Option<usize>,
    /// How far it can be raised, as numerator and denominator.
    far: (i128, i128),
    at_cap: bool,
}

impl Program {
    pub(super) fn column(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// A sum of columns that equals the first of `own`, up to sign; without any it must stay nought.
    pub(super) fn row(&mut self, sum: &[(usize, i64)], own: &[(usize, i64)]) {
        let (basic, sign) = match own.first() {
            Some(first) => *first,
            None => (self.column(Column { cap: Some(0), cost: 0 }), 1),
        };
        // own − sum = 0, turned so that the basic column counts positively.
        let mut rest: Vec<(usize, i64)> = own.iter().skip(1).map(|(at, by)| (*at, by * sign)).collect();
        rest.extend(sum.iter().map(|(at, by)| (*at, -by * sign)));
        rest.sort_unstable();
        self.rows.push(Row {
            basic,
            lead: 1,
            rest,
            value: 0,
        });
    }

    /// Asks that a sum be at least `by`, which is 0 or more; gives the column that says what is missing of it.
    pub(super) fn ask(&mut self, sum: &[(usize, i64)], by: i64) -> usize {
        let short = self.column(Column {
            cap: Some(by),
            cost: SHORT,
        });
        let over = self.column(Column { cap: None, cost: 0 });
        let mut rest = sum.to_vec();
        rest.push((over, -1));
        rest.sort_unstable();
        self.rows.push(Row {
            basic: short,
            lead: 1,
            rest,
            value: by,
        });
        short
    }

    /// Lets a column move so far and no further.
    pub(super) fn cap(&mut self, column: usize, cap: i64) {
        self.columns[column].cap = Some(cap);
    }

    /// Where each column stands, as numerator and denominator, when what was asked for is reached as far as it can be, at
    /// least cost. None when it cannot be worked out with the effort that is left.
    pub(super) fn solve(self, left: &Effort) -> Option<Vec<(i64, i64)>> {
        Tableau::new(self)?.solve(left)
    }
}

struct Tableau {
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// What raising each column by one would add to the cost, times something positive.
    reduced: Vec<i64>,
    /// Whether a column is counted down from its cap.
    flipped: Vec<bool>,
}

impl Tableau {
    fn new(program: Program) -> Option<Self> {
        let mut reduced: Vec<i64> = program.columns.iter().map(|column| column.cost).collect();
        for row in &program.rows {
            let cost = program.columns[row.basic].cost;
            for (at, by) in &row.rest {
                reduced[*at] = less(reduced[*at], cost, *by)?;
            }
            reduced[row.basic] = 0;
        }
        Some(Self {
            flipped: vec![false; program.columns.len()],
            columns: program.columns,
            rows: program.rows,
            reduced,
        })
    }

    fn solve(mut self, left: &Effort) -> Option<Vec<(i64, i64)>> {
        let mut idle = 0;
        loop {
            left.spend(self.rows.len())?;
            let Some(entering) = self.entering(idle > IDLE) else {
                return self.moved();
            };
            let stop = self.stop(entering)?;
            idle = if stop.far.0 == 0 { idle + 1 } else { 0 };
            match stop.row {
                None => self.flip(entering)?,
                Some(row) => {
                    if stop.at_cap {
                        self.turn(row)?;
                    }
                    self.pivot(row, entering)?;
                }
            }
        }
    }

    /// The column that lowers the cost most for a unit; the first one when going in circles is feared.
    fn entering(&self, first: bool) -> Option<usize> {
        let mut worth = self.reduced.iter().enumerate().filter(|(_, by)| **by < 0);
        if first {
            worth.next().map(|(at, _)| at)
        } else {
            worth.min_by_key(|(at, by)| (**by, *at)).map(|(at, _)| at)
        }
    }

    /// How far the column can be raised; none when it is too far to be counted. What costs 0 or more is always stopped.
    fn stop(&self, entering: usize) -> Option<Stop> {
        let mut least = self.columns[entering].cap.map(|cap| Stop {
            row: None,
            far: (i128::from(cap), 1),
            at_cap: false,
        });
        for (at, row) in self.rows.iter().enumerate() {
            let by = i128::from(row.by(entering));
            let value = i128::from(row.value);
            let (far, at_cap) = match (by.signum(), self.columns[row.basic].cap) {
                (1, _) => ((value, by), false),
                (-1, Some(cap)) => ((i128::from(cap) * i128::from(row.lead) - value, -by), true),
                _ => continue,
            };
            let nearer = match least {
                None => true,
                Some(least) => {
                    let (one, other) = (far.0.checked_mul(least.far.1)?, least.far.0.checked_mul(far.1)?);
                    let tie = |held: usize| row.basic < self.rows[held].basic;
                    one < other || (one == other && least.row.is_some_and(tie))
                }
            };
            if nearer {
                let row = Some(at);
                least = Some(Stop { row, far, at_cap });
            }
        }
        least
    }

    /// Counts a column that is at nought from its cap instead.
    fn flip(&mut self, column: usize) -> Option<()> {
        let cap = self.columns[column].cap?;
        for row in &mut self.rows {
            if let Ok(at) = row.rest.binary_search_by_key(&column, |(at, _)| *at) {
                let by = row.rest[at].1;
                row.value = less(row.value, by, cap)?;
                row.rest[at].1 = -by;
            }
        }
        self.reduced[column] = -self.reduced[column];
        self.flipped[column] = !self.flipped[column];
        Some(())
    }

    /// Counts the basic column of a row from its cap instead.
    fn turn(&mut self, row: usize) -> Option<()> {
        let row = &mut self.rows[row];
        let cap = self.columns[row.basic].cap?;
        row.value = less(-row.value, row.lead, -cap)?;
        for (_, by) in &mut row.rest {
            *by = -*by;
        }
        self.flipped[row.basic] = !self.flipped[row.basic];
        Some(())
    }

    /// Makes `entering` the basic column of a row.
    fn pivot(&mut self, at: usize, entering: usize) -> Option<()> {
        let mut row = self.rows[at].clone();
        let held = row.rest.binary_search_by_key(&entering, |(at, _)| *at).ok()?;
        let (_, lead) = row.rest.remove(held);
        let place = row.rest.partition_point(|(at, _)| *at < row.basic);
        row.rest.insert(place, (row.basic, row.lead));
        row.basic = entering;
        row.lead = lead.abs();
        if lead < 0 {
            row.value = -row.value;
            for (_, by) in &mut row.rest {
                *by = -*by;
            }
        }
        for (other, into) in self.rows.iter_mut().enumerate() {
            if other != at && into.by(entering) != 0 {
                into.without(entering, &row)?;
            }
        }
        self.price(&row)?;
        self.rows[at] = row;
        Some(())
    }

    /// Takes a row's basic column out of what columns are worth.
    fn price(&mut self, row: &Row) -> Option<()> {
        let (keep, take) = in_lowest(row.lead, self.reduced[row.basic]);
        if keep != 1 {
            for by in &mut self.reduced {
                *by = less(0, -*by, keep)?;
            }
        }
        for (at, by) in &row.rest {
            self.reduced[*at] = less(self.reduced[*at], *by, take)?;
        }
        self.reduced[row.basic] = 0;
        if keep != 1 {
            let common = self.reduced.iter().fold(0, |common, by| divisor(common, *by));
            if common > 1 {
                self.reduced.iter_mut().for_each(|by| *by /= common);
            }
        }
        Some(())
    }

    fn moved(&self) -> Option<Vec<(i64, i64)>> {
        let mut values = vec![(0, 1); self.columns.len()];
        for row in &self.rows {
            let (lead, value) = in_lowest(row.lead, row.value);
            values[row.basic] = (value, lead);
        }
        for (at, value) in values.iter_mut().enumerate() {
            if let (true, Some(cap)) = (self.flipped[at], self.columns[at].cap) {
                *value = (less(-value.0, -cap, value.1)?, value.1);
            }
        }
        Some(values)
    }
}

impl Row {
    fn by(&self, column: usize) -> i64 {
        match self.rest.binary_search_by_key(&column, |(at, _)| *at) {
            Ok(at) => self.rest[at].1,
            Err(_) => 0,
        }
    }

    /// Takes the column, which is basic in `other`, out of this row.
    fn without(&mut self, column: usize, other: &Self) -> Option<()> {
        let (keep, take) = in_lowest(other.lead, self.by(column));
        let (keep, take) = (i128::from(keep), i128::from(take));
        let mut sums: Vec<(usize, i128)> = Vec::with_capacity(self.rest.len() + other.rest.len());
        let (mut mine, mut theirs) = (self.rest.iter().peekable(), other.rest.iter().peekable());
        loop {
            let at = match (mine.peek(), theirs.peek()) {
                (Some((one, _)), Some((two, _))) => *one.min(two),
                (Some((one, _)), None) => *one,
                (None, Some((two, _))) => *two,
                (None, None) => break,
            };
            let own = mine
                .next_if(|(here, _)| *here == at)
                .map_or(0, |(_, by)| i128::from(*by));
            let from = theirs
                .next_if(|(here, _)| *here == at)
                .map_or(0, |(_, by)| i128::from(*by));
            let by = own * keep - from * take;
            if by != 0 && at != column {
                sums.push((at, by));
            }
        }
        let mut lead = i128::from(self.lead) * keep;
        let mut value = i128::from(self.value) * keep - i128::from(other.value) * take;
        if keep != 1 {
            let all = sums.iter().map(|(_, by)| *by).chain([value]);
            let common = all.fold(lead, wide_divisor);
            if common > 1 {
                lead /= common;
                value /= common;
                sums.iter_mut().for_each(|(_, by)| *by /= common);
            }
        }
        self.lead = narrow(lead)?;
        self.value = narrow(value)?;
        self.rest.clear();
        for (at, by) in sums {
            self.rest.push((at, narrow(by)?));
        }
        Some(())
    }
}

/// A number of the table: small enough to be negated and multiplied by another one.
fn narrow(number: i128) -> Option<i64> {
    i64::try_from(number).ok().filter(|number| *number != i64::MIN)
}

/// `from` less so many times `by`, unless it becomes too large.
fn less(from: i64, times: i64, by: i64) -> Option<i64> {
    narrow(i128::from(from) - i128::from(times) * i128::from(by))
}

/// Two numbers without what they have in common; the first is positive.
fn in_lowest(one: i64, other: i64) -> (i64, i64) {
    let common = divisor(one, other).max(1);
    (one / common, other / common)
}

fn divisor(one: i64, other: i64) -> i64 {
    let (mut one, mut other) = (one.saturating_abs(), other.saturating_abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

fn wide_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.saturating_abs(), other.saturating_abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
