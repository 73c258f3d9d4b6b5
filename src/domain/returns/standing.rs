//! Where returns stand on a day, and whether they came on time.
//!
//! Invariant: a return stands in exactly one place, so that all places but excused come to what is expected. Whether it came
//! on time is decided by its first submission and the due date that it was planned with, however late it was and whatever
//! was done since.

use chrono::NaiveDate;

use crate::workflow::State;

/// What of a return decides where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its state.
    pub state: &'a State,
    /// The day in London on which its first revision was submitted.
    pub first_submitted_on: Option<NaiveDate>,
    /// The last day on which it would have been on time as it was planned.
    pub planned_due_on: NaiveDate,
    /// The last day on which it is not late: a later one than planned when it was given more time.
    pub due_on: NaiveDate,
    /// Whether a revision of it was ever signed by every officer.
    pub signed: bool,
}

/// Where a return stands, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Past its due date and never handed in, open or not.
    Late,
    /// Submitted, and before a reviewer.
    InReview,
    /// Before a named officer.
    AwaitingSignature,
    /// Open to its contacts, and not late.
    Draft,
    /// Its day of opening has not come.
    NotOpen,
    /// Signed by every officer.
    Signed,
    /// Not owed, for a reason.
    Excused,
}

impl Standing {
    /// Every place, the most pressing first.
    pub const ALL: [Standing; 7] = [
        Standing::Late,
        Standing::InReview,
        Standing::AwaitingSignature,
        Standing::Draft,
        Standing::NotOpen,
        Standing::Signed,
        Standing::Excused,
    ];

    /// Where a return stands on this day.
    #[must_use]
    pub fn of(known: Known<'_>, today: NaiveDate) -> Standing {
        let late = known.first_submitted_on.is_none() && today > known.due_on;
        match known.state {
            State::Scheduled | State::Draft if late => Standing::Late,
            State::Scheduled => Standing::NotOpen,
            State::Draft => Standing::Draft,
            State::InReview(_) => Standing::InReview,
            State::InSignOff(_) => Standing::AwaitingSignature,
            State::SignedOff => Standing::Signed,
            State::Excused => Standing::Excused,
        }
    }
}

/// Whether a return came on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// First submitted by the due date that it was planned with.
    OnTime,
    /// First submitted so many days after that, at least 1.
    HandedInLate(i64),
    /// Never submitted, and so many days past its due date, at least 1.
    Late(i64),
    /// Never submitted, and not due yet: not counted.
    NotDue,
    /// Not owed: named, and not counted.
    Excused,
}

impl Timing {
    /// Whether a return came on time, as it is known on this day.
    #[must_use]
    pub fn of(known: Known<'_>, today: NaiveDate) -> Timing {
        match (known.state, known.first_submitted_on) {
            (State::Excused, _) => Timing::Excused,
            (_, Some(on)) if on <= known.planned_due_on => Timing::OnTime,
            (_, Some(on)) => Timing::HandedInLate((on - known.planned_due_on).num_days()),
            (_, None) if today > known.due_on => Timing::Late((today - known.due_on).num_days()),
            (_, None) => Timing::NotDue,
        }
    }
}

/// Which returns a number counts, so that a list can show the same ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// All that stand there.
    At(Standing),
    /// All that are owed: every one but those that were excused.
    Expected,
    /// First submitted by the due date that they were planned with, and not excused.
    OnTime,
    /// First submitted after it, and not excused.
    HandedInLate,
    /// Those of which it is decided whether they came on time.
    Judged,
    /// Given more time than planned, and not excused.
    Extended,
    /// Signed by every officer, one that is being corrected among them, and not excused: those whose figures are added up.
    InFigures,
    /// Every one.
    All,
}

impl Which {
    /// Every one that there is.
    pub const ALL: [Which; 14] = [
        Which::At(Standing::Late),
        Which::At(Standing::InReview),
        Which::At(Standing::AwaitingSignature),
        Which::At(Standing::Draft),
        Which::At(Standing::NotOpen),
        Which::At(Standing::Signed),
        Which::At(Standing::Excused),
        Which::Expected,
        Which::OnTime,
        Which::HandedInLate,
        Which::Judged,
        Which::Extended,
        Which::InFigures,
        Which::All,
    ];

    /// Whether it is one of them on this day.
    #[must_use]
    pub fn holds(self, known: Known<'_>, today: NaiveDate) -> bool {
        let timing = Timing::of(known, today);
        match self {
            Which::At(standing) => Standing::of(known, today) == standing,
            Which::Expected => timing != Timing::Excused,
            Which::OnTime => timing == Timing::OnTime,
            Which::HandedInLate => matches!(timing, Timing::HandedInLate(_)),
            Which::Judged => !matches!(timing, Timing::NotDue | Timing::Excused),
            Which::Extended => timing != Timing::Excused && known.due_on > known.planned_due_on,
            Which::InFigures => timing != Timing::Excused && known.signed,
            Which::All => true,
        }
    }

    /// The one word for it: in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Which::At(Standing::Late) => "late",
            Which::At(Standing::InReview) => "in-review",
            Which::At(Standing::AwaitingSignature) => "awaiting-signature",
            Which::At(Standing::Draft) => "draft",
            Which::At(Standing::NotOpen) => "not-open",
            Which::At(Standing::Signed) => "signed",
            Which::At(Standing::Excused) => "excused",
            Which::Expected => "expected",
            Which::OnTime => "on-time",
            Which::HandedInLate => "handed-in-late",
            Which::Judged => "judged",
            Which::Extended => "extended",
            Which::InFigures => "in-figures",
            Which::All => "all",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Which> {
        Which::ALL.into_iter().find(|which| which.name() == name)
    }
}

/// How many returns stand where, and how many came on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Past their due date and never handed in.
    pub late: u64,
    /// The longest of those, in days.
    pub longest_late: Option<i64>,
    /// Before a reviewer.
    pub in_review: u64,
    /// Before a named officer.
    pub awaiting_signature: u64,
    /// Open, and not late.
    pub draft: u64,
    /// Not open yet.
    pub not_open: u64,
    /// Signed by every officer.
    pub signed: u64,
    /// Not owed.
    pub excused: u64,
    /// First submitted by the due date that they were planned with.
    pub on_time: u64,
    /// First submitted after it.
    pub handed_in_late: u64,
    /// Given more time than planned, and not excused.
    pub extended: u64,
    /// Ever signed by every officer, and not excused.
    pub in_figures: u64,
}

impl Tally {
    /// Counts one more return.
    pub fn add(&mut self, known: Known<'_>, today: NaiveDate) {
        *self.place(Standing::of(known, today)) += 1;
        match Timing::of(known, today) {
            Timing::OnTime => self.on_time += 1,
            Timing::HandedInLate(_) => self.handed_in_late += 1,
            Timing::Late(days) => self.longest_late = self.longest_late.max(Some(days)),
            Timing::NotDue | Timing::Excused => {}
        }
        if *known.state != State::Excused && known.due_on > known.planned_due_on {
            self.extended += 1;
        }
        if *known.state != State::Excused && known.signed {
            self.in_figures += 1;
        }
    }

    /// Counts all of another tally too.
    pub fn merge(&mut self, other: &Tally) {
        for standing in Standing::ALL {
            *self.place(standing) += other.at(standing);
        }
        self.longest_late = self.longest_late.max(other.longest_late);
        self.on_time += other.on_time;
        self.handed_in_late += other.handed_in_late;
        self.extended += other.extended;
        self.in_figures += other.in_figures;
    }

    /// How many stand there.
    #[must_use]
    pub fn at(&self, standing: Standing) -> u64 {
        let mut copy = *self;
        *copy.place(standing)
    }

    fn place(&mut self, standing: Standing) -> &mut u64 {
        match standing {
            Standing::Late => &mut self.late,
            Standing::InReview => &mut self.in_review,
            Standing::AwaitingSignature => &mut self.awaiting_signature,
            Standing::Draft => &mut self.draft,
            Standing::NotOpen => &mut self.not_open,
            Standing::Signed => &mut self.signed,
            Standing::Excused => &mut self.excused,
        }
    }

    /// How many of these there are.
    #[must_use]
    pub fn count(&self, which: Which) -> u64 {
        match which {
            Which::At(standing) => self.at(standing),
            Which::Expected => self.expected(),
            Which::OnTime => self.on_time,
            Which::HandedInLate => self.handed_in_late,
            Which::Judged => self.judged(),
            Which::Extended => self.extended,
            Which::InFigures => self.in_figures,
            Which::All => self.expected() + self.excused,
        }
    }

    /// All that are owed: every return but those that were excused.
    #[must_use]
    pub fn expected(&self) -> u64 {
        let owed = Standing::ALL.into_iter().filter(|place| *place != Standing::Excused);
        owed.map(|place| self.at(place)).sum()
    }

    /// Those of which it is decided whether they came on time.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.on_time + self.handed_in_late + self.late
    }
}

#[cfg(test)]
mod tests;
