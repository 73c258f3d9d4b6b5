//! The calls of a template as they stand in its file, by which a fault of a function is told with its place.
//!
//! Invariant: a call that was made is found again by what it was given, wherever it stands.

use std::collections::BTreeMap;

use countersign_domain::report::{At, Report};

use super::{Argument, Call, Problem};

/// A template that was looked through.
pub(super) struct Scanned {
    pub calls: Vec<Called>,
    pub problems: Vec<Problem>,
    /// Whether it must not be run.
    pub forbidden: bool,
    /// Functions that there are not.
    pub unknown: Vec<String>,
}

/// A call as it stands in the file.
pub(super) struct Called {
    pub name: String,
    pub at: At,
    pub positional: Vec<Given>,
    pub named: BTreeMap<String, Given>,
}

/// What a call is given; none where it is worked out.
pub(super) struct Given {
    pub value: Option<Argument>,
    /// The texts in it, and where each begins.
    pub texts: Vec<(String, At)>,
    pub at: At,
}

impl Called {
    /// The call, where all that it is given stands there.
    pub fn whole(&self) -> Option<Call> {
        let positional = self.positional.iter().map(|given| given.value.clone());
        let named = self.named.iter();
        let named = named.map(|(name, given)| Some((name.clone(), given.value.clone()?)));
        Some(Call {
            name: self.name.clone(),
            positional: positional.collect::<Option<_>>()?,
            named: named.collect::<Option<_>>()?,
        })
    }

    /// The texts that it is given.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let given = self.positional.iter().chain(self.named.values());
        given.flat_map(|given| &given.texts).map(|(text, _)| text.as_str())
    }

    /// Where the text stands that a message names, or the call.
    fn place_in(&self, message: &str) -> At {
        let texts = || {
            let given = self.positional.iter().chain(self.named.values());
            given.flat_map(|given| &given.texts)
        };
        let whole = texts().find(|(text, _)| !text.is_empty() && message.contains(text.as_str()));
        // A message may name the form and the figure each by itself.
        let part = || {
            texts().find(|(text, _)| {
                let rest = text.split_once('.').map(|(_, rest)| rest);
                rest.is_some_and(|rest| message.contains(&format!("`{rest}`")))
            })
        };
        whole.or_else(part).map_or(self.at, |(_, at)| *at)
    }

    /// Whether this may be the call that was made.
    fn fits(&self, call: &Call) -> bool {
        let same = |given: &Given, value: &Argument| given.value.as_ref().is_none_or(|known| known == value);
        self.name == call.name
            && self.positional.len() == call.positional.len()
            && self
                .positional
                .iter()
                .zip(&call.positional)
                .all(|(given, value)| same(given, value))
            && self.named.keys().eq(call.named.keys())
            && self
                .named
                .iter()
                .all(|(name, given)| call.named.get(name).is_some_and(|value| same(given, value)))
    }
}

impl Scanned {
    /// Whether something has been said already of a call as it stands in the file.
    pub fn is_told(&self, call: &Call, told: &[Problem]) -> bool {
        let exact = self
            .calls
            .iter()
            .filter(|called| called.fits(call) && called.whole().is_some());
        let mut places = exact.flat_map(|called| {
            let given = called.positional.iter().chain(called.named.values());
            let given = given.flat_map(|given| given.texts.iter().map(|(_, at)| *at).chain([given.at]));
            given.chain([called.at])
        });
        places.any(|at| told.iter().any(|told| (told.line, told.column) == (at.line, at.column)))
    }

    /// Everywhere that a call stands which said this; at least one place.
    pub fn places(&self, call: &Call, message: &str, report: &Report) -> Vec<At> {
        let fitting = || self.calls.iter().filter(|called| called.fits(call));
        let exact = fitting().filter(|called| called.whole().is_some());
        let mut found: Vec<At> = exact.map(|called| called.place_in(message)).collect();
        if found.is_empty() {
            found.extend(fitting().map(|called| called.place_in(message)).next());
        }
        if found.is_empty() {
            found.push(At {
                line: report.body_line,
                column: 1,
            });
        }
        found
    }
}
