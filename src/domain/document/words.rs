//! What every format says in the same words: what a mark means, of which returns figures are, whom a paper is for.
//!
//! Invariant: a renderer takes these words from here, so that no two formats explain one thing differently.

use super::{Coverage, Mark};
use crate::answers::format;
use crate::form::schema::Audience;

impl Mark {
    /// All of them, in the order in which they are explained.
    pub const ALL: [Mark; 8] = [
        Mark::Hidden,
        Mark::NotApplicable,
        Mark::NotKnown,
        Mark::Blank,
        Mark::Approximate,
        Mark::Provisional,
        Mark::Restated,
        Mark::Rounded,
    ];

    /// What stands beside or in place of the figure. None where it is only said beneath the table. The symbols are those
    /// of the Government Analysis Function.
    #[must_use]
    pub fn symbol(self) -> Option<&'static str> {
        match self {
            Mark::NotApplicable => Some("[z]"),
            Mark::NotKnown => Some("[x]"),
            Mark::Blank => Some("[w]"),
            Mark::Hidden => Some("[c]"),
            Mark::Approximate => Some("[e]"),
            Mark::Provisional => Some("[p]"),
            Mark::Restated => Some("[r]"),
            Mark::Rounded => None,
        }
    }

    /// What it is explained under. What is rounded carries no symbol; it is always a count of people.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.symbol().unwrap_or("Counts of people")
    }

    /// What it means, as a sentence without its full stop.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Mark::NotApplicable => "Not applicable",
            Mark::NotKnown => "Not known yet",
            Mark::Blank => "Nothing was answered",
            Mark::Hidden => "Held back, because it could tell of single people",
            Mark::Approximate => "Approximate, or with an approximate figure in it",
            Mark::Provisional => "Provisional: a part of it has not been signed",
            Mark::Restated => "Restated: an earlier paper had another figure",
            Mark::Rounded => "Rounded to the nearest 5",
        }
    }
}

impl Audience {
    /// Whom a paper is for, in words.
    #[must_use]
    pub fn readers(self) -> &'static str {
        match self {
            Audience::Internal => "The commissioner’s own staff",
            Audience::Panel => "A panel or board",
            Audience::Public => "Anyone",
        }
    }
}

impl Coverage {
    /// Of which returns the figures are: what stands beneath their table, a sentence each.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut said = vec![format!("Returns signed: {} of {}.", self.signed, self.expected)];
        if let Some((of_signed, of_all)) = self.money {
            said.push(format!(
                "They account for {} of the {} allocated.",
                format::money(of_signed),
                format::money(of_all)
            ));
        }
        let [missing, excused] = [&self.missing, &self.excused].map(|names| !names.is_empty());
        if let Some(caption) = &self.named_under {
            let who = match (missing, excused) {
                (true, true) => "Those not signed and those excused",
                (true, false) => "Those not signed",
                (false, _) => "Those excused",
            };
            said.push(format!("{who} are named under “{caption}”."));
        } else {
            said.extend(missing.then(|| format!("Not signed: {}.", self.missing.join("; "))));
            said.extend(excused.then(|| format!("Excused: {}.", self.excused.join("; "))));
        }
        match self.provisional {
            0 => {}
            1 => said.push("1 return in these figures is submitted and not signed.".to_owned()),
            more => said.push(format!("{more} returns in these figures are submitted and not signed.")),
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_marks_look_alike_and_each_is_told() {
        let symbols: BTreeSet<_> = Mark::ALL.into_iter().map(Mark::symbol).collect();
        let marks: BTreeSet<_> = Mark::ALL.into_iter().collect();
        assert_eq!((symbols.len(), marks.len()), (8, 8));
    }

    #[test]
    fn coverage_says_what_there_is_to_say_and_no_more() {
        let mut coverage = Coverage {
            signed: 2,
            expected: 2,
            money: None,
            missing: vec![],
            excused: vec![],
            named_under: None,
            provisional: 0,
        };
        assert_eq!(coverage.words(), ["Returns signed: 2 of 2."]);
        coverage = Coverage {
            expected: 4,
            money: Some((Money::pence(1_604_600), Money::pence(42_824_600))),
            missing: vec!["Hope House: April to June".to_owned(), "Harbour Trust".to_owned()],
            excused: vec!["Quay Centre".to_owned()],
            provisional: 1,
            ..coverage
        };
        assert_eq!(
            coverage.words(),
            [
                "Returns signed: 2 of 4.",
                "They account for £16,046.00 of the £428,246.00 allocated.",
                "Not signed: Hope House: April to June; Harbour Trust.",
                "Excused: Quay Centre.",
                "1 return in these figures is submitted and not signed.",
            ]
        );
    }
}
