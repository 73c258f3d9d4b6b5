//! The figures that are signed.
//!
//! Invariant: each is the paper's, or follows from the paper's by arithmetic; what the paper does not tell is not a nought.

use std::collections::BTreeMap;

use countersign::store::{figures, returns};
use countersign_domain::answers::types::FigureValue;
use countersign_domain::workflow::State;

use super::REFERENCE;
use crate::outside::server::TestServer;

/// Fails unless they are in the store, signed, and no other value of these measures with them.
pub async fn what_is_signed_is_the_papers(server: &TestServer) {
    let read = server.app.deps.store.read();
    let all = returns::returns_of_form(&read, "outcomes-performance").await.unwrap();
    let signed = all.iter().find(|ret| ret.reference == REFERENCE).expect("the return");
    assert_eq!((&signed.state, signed.signed_revision), (&State::SignedOff, Some(2)));
    let rows = figures::signed_of(&read, &[signed.id], None).await.unwrap();
    for (measure, expected) in SIGNED {
        let figures = rows
            .iter()
            .map(|row| &row.figure)
            .filter(|figure| figure.measure == measure);
        let found: BTreeMap<&str, String> = figures
            .map(|figure| {
                let about = figure.allocation.as_deref().or(figure.row.as_deref());
                let approximately = if figure.approximately { "~" } else { "" };
                (
                    about.unwrap_or_default(),
                    format!("{approximately}{}", words(figure.value)),
                )
            })
            .collect();
        let expected: BTreeMap<&str, String> = expected
            .iter()
            .map(|(row, figure)| (*row, (*figure).to_owned()))
            .collect();
        assert_eq!(found, expected, "{measure}");
    }
}

/// The figures that are signed: each measure, and for each of what it is about the figure as [`words`] writes it.
const SIGNED: [(&str, &[(&str, &str)]); 17] = [
    ("award", &[("", "8139700p")]),
    ("contributed_in_all", &[("", "8139700p")]),
    ("left_over", &[("", "0p")]),
    (
        "contribution",
        &[("offender-management", "3500000p"), ("abuse-services", "4639700p")],
    ),
    ("in_the_pool", &[("abuse-services", "4639700p")]),
    ("supervised", &[("", "~250")]),
    (
        "cohorts.size",
        &[
            ("prolific", "30-30"),
            ("drug_orders", "~55-60"),
            ("high_crime", "30-30"),
            ("alcohol_orders", "~50-60"),
            ("pilot", "80-80"),
        ],
    ),
    (
        "cohorts.before",
        &[
            ("prolific", "88"),
            ("drug_orders", "267"),
            ("high_crime", "221"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "cohorts.average",
        &[
            ("prolific", "25e-1"),
            ("drug_orders", "44e-1"),
            ("high_crime", "76e-1"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "cohorts.after",
        &[
            ("prolific", "35"),
            ("drug_orders", "162"),
            ("high_crime", "154"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "cohorts.fewer",
        &[
            ("prolific", "53"),
            ("drug_orders", "105"),
            ("high_crime", "67"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "reduction",
        &[
            ("prolific", "53/88"),
            ("drug_orders", "105/267"),
            ("high_crime", "67/221"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "referrals.number",
        &[("referred", "158"), ("attended", "64"), ("suitable", "48")],
    ),
    ("programme.number", &[("joined", "43"), ("completed", "31")]),
    ("without_incident_share", &[("", "75")]),
    ("adults.number", &[("referred", "549"), ("supported", "402")]),
    ("children.number", &[("referred", "81"), ("supported", "70")]),
];

/// A figure as this test writes it.
fn words(value: FigureValue) -> String {
    match value {
        FigureValue::Money { pence } => format!("{pence}p"),
        FigureValue::Count { count } => count.to_string(),
        FigureValue::Number { scaled, places: 0, .. } => scaled.to_string(),
        FigureValue::Number { scaled, places, .. } => format!("{scaled}e-{places}"),
        FigureValue::Ratio { of, per, .. } => format!("{of}/{per}"),
        FigureValue::Range { low, high } => format!("{low}-{high}"),
        FigureValue::NotKnown => "not known".to_owned(),
        FigureValue::NotApplicable => "not applicable".to_owned(),
        FigureValue::Blank => "blank".to_owned(),
    }
}
