//! The plan as the paper has it, its gaps included, and what the server says of them.
//!
//! Invariant: the amounts, shares and counts are the paper's; only the years are later ones.

/// A row of the plan, as the paper has it.
pub struct Row {
    pub name: &'static str,
    pub deliverer: &'static str,
    pub amount: &'static str,
    /// What is measured, what is promised, and the share where one is.
    pub outcomes: &'static [(&'static str, &'static str, &'static str)],
    /// Places among the five objectives.
    pub serves: &'static [usize],
    /// The whole contract and the year, month and day on which it ends.
    pub contract: Option<(&'static str, [&'static str; 3])>,
}

pub const AT_LEAST: &str = "At least this share";
pub const BELOW: &str = "Less than this share";
pub const NATIONAL: &str = "Better than the national average";
pub const TOLD: &str = "No figure";
pub const OBJECTIVES: [&str; 5] = [
    "Connecting communities and policing",
    "Preventing and deterring crime",
    "Protecting people at risk of abuse",
    "Supporting victims and witnesses",
    "Getting the best out of the police",
];
pub const ROWS: [Row; 6] = [
    Row {
        name: "Domestic abuse service",
        deliverer: "Sanctuary Supported Living",
        amount: "210,000",
        outcomes: &[
            ("Victims supported to be at less risk", AT_LEAST, "100"),
            ("Referred victims who take up support", AT_LEAST, "75"),
            ("Victims who are referred again", BELOW, "20"),
            ("Victims who leave as planned", AT_LEAST, "90"),
            ("Trained staff are satisfied", TOLD, ""),
        ],
        serves: &[2, 3],
        contract: Some(("573,300", ["2018", "11", "30"])),
    },
    Row {
        name: "Counselling after sexual violence",
        deliverer: "First Light",
        amount: "25,000",
        outcomes: &[("People cope better and recover", TOLD, "")],
        serves: &[2, 3],
        contract: Some(("75,000", ["2018", "3", "31"])),
    },
    Row {
        name: "Drug and alcohol treatment",
        deliverer: "Harbour",
        amount: "93,575",
        outcomes: &[
            (
                "People in treatment who were in contact with criminal justice",
                NATIONAL,
                "",
            ),
            ("Of these, people who complete", NATIONAL, ""),
        ],
        serves: &[1, 2, 3],
        contract: None,
    },
    Row {
        name: "Workforce and communication",
        deliverer: "",
        amount: "25,000",
        outcomes: &[("More reports of what was covered", TOLD, "")],
        serves: &[0, 1, 2, 3, 4],
        contract: None,
    },
    Row {
        name: "Young people and trauma",
        deliverer: "",
        amount: "10,000",
        outcomes: &[("Whether mentoring by peers can be done", TOLD, "")],
        serves: &[0, 1, 2],
        contract: None,
    },
    Row {
        name: "Analysis and emerging issues",
        deliverer: "",
        amount: "13,993",
        outcomes: &[("The assessment and the reviews are written", TOLD, "")],
        serves: &[0, 1, 2, 3, 4],
        contract: None,
    },
];
/// The parts of the fourth row; the first has no figure yet.
pub const PARTS: [(&str, &str); 4] = [
    ("Exploitation and substance misuse", ""),
    ("Trauma training", "5,000"),
    ("Lived experience", "4,000"),
    ("Radicalisation", "8,000"),
];
pub const CONCERNS: [(&str, &str); 3] = [
    ("Mental health", "23,000"),
    ("Healthy relationships", "10,000"),
    ("Taxi marshals", "10,000"),
];
pub const NO_CONTRACT_YET: &str = "The contract ends on 31 March 2018, and the grant on 31 March 2019.";
pub const ENDS_EARLY: &str = "The contract ends on 30 November 2018, and the grant on 31 March 2019.";
pub const NOT_ENOUGH: &str = "The budgets of the concerns come to £43,000.00, and £23,000.00 of the grant is left.";
pub const NOTHING_MEASURED: &str = "No outcome of this project has a figure";
pub const NOT_ASSIGNED: &str = "The parts come to £17,000.00 of the £25,000.00 proposed. £8,000.00 is not assigned.";
pub const HELD_BACK: &str = "Mental health, while the health commissioners settle who pays for the first half year.";
pub const WHY: &str = "The board knows of this and comes back to it in the autumn.";
