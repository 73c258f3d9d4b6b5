//! Which boxes an entry of each table of the register has.
//!
//! Invariant: a column that the page's address says, as the fund or the grant, has no box; one that never changes has none
//! once the entry is there.

/// How a column is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Line,
    /// Some lines.
    Lines,
    /// Pounds.
    Money,
    /// A day in three boxes.
    Day,
    /// A number.
    Number,
    /// One of several.
    One(Of),
    /// Any of several.
    Any(Of),
    /// One entry on each line.
    Several,
}

/// What there is to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Organisations.
    Organisations,
    /// People.
    People,
    /// Offices of the fund.
    Offices,
    /// Its rounds.
    Rounds,
    /// Its priorities.
    Priorities,
    /// Published forms.
    Forms,
    /// Allocations of the grant.
    Allocations,
    /// Nations.
    Nations,
    /// Yes or no.
    YesNo,
}

/// A column's box.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The column.
    pub column: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What helps to fill it in.
    pub hint: &'static str,
    /// How it is typed.
    pub input: Input,
    /// Whether it stays once the entry is there.
    pub stays: bool,
}

const fn may(column: &'static str, label: &'static str, hint: &'static str, input: Input) -> Spec {
    Spec {
        column,
        label,
        hint,
        input,
        stays: false,
    }
}

const fn stays(column: &'static str, label: &'static str, hint: &'static str, input: Input) -> Spec {
    Spec {
        stays: true,
        ..may(column, label, hint, input)
    }
}

const KEY: Spec = stays(
    "key",
    "Key",
    "A short word without spaces, such as safer-streets. It cannot be changed later.",
    Input::Line,
);
const TITLE: Spec = may("title", "Title", "", Input::Line);
const SMALLEST: Spec = may(
    "smallest_award",
    "Smallest award",
    "In pounds. Empty: no limit of its own.",
    Input::Money,
);
const LARGEST: Spec = may(
    "largest_award",
    "Largest award",
    "In pounds. Empty: no limit of its own.",
    Input::Money,
);

/// The boxes of a table's entries, in their order.
pub fn specs(table: &str) -> Vec<Spec> {
    let organisation = |column, label, stays| Spec {
        stays,
        ..may(column, label, "", Input::One(Of::Organisations))
    };
    match table {
        "organisation" => vec![KEY, may("name", "Name", "", Input::Line)],
        "person" => vec![
            may("name", "Name", "", Input::Line),
            may(
                "email",
                "Email address",
                "One address belongs to one person.",
                Input::Line,
            ),
            organisation("organisation", "Where they work", false),
        ],
        "fund" => vec![
            KEY,
            TITLE,
            organisation("commissioner", "Commissioner", true),
            may("nation", "Whose bank holidays count", "", Input::One(Of::Nations)),
            may(
                "total",
                "Total",
                "In pounds: what the fund has to give in all. Awards stay within it.",
                Input::Money,
            ),
            SMALLEST,
            LARGEST,
        ],
        "priority" => vec![KEY, TITLE],
        "round" => vec![
            KEY,
            TITLE,
            may("opens_on", "First day", "For example, 1 4 2018", Input::Day),
            may("closes_on", "Last day", "For example, 31 3 2019", Input::Day),
            SMALLEST,
            LARGEST,
        ],
        "share" => vec![
            organisation("organisation", "Organisation", true),
            may(
                "weight",
                "Weight",
                "A number from 0, with at most 6 decimal places.",
                Input::Number,
            ),
        ],
        "office" => vec![
            stays(
                "key",
                "Key",
                "The key by which forms name the office, such as partnership.chair.",
                Input::Line,
            ),
            may(
                "title",
                "Title",
                "It is printed as the position of who signs.",
                Input::Line,
            ),
        ],
        "holder" => vec![
            stays("office", "Office", "", Input::One(Of::Offices)),
            stays("person", "Who", "", Input::One(Of::People)),
            stays("from", "First day", "For example, 1 4 2018", Input::Day),
            may("to", "Last day", "Empty: until further notice", Input::Day),
            stays("deputy", "As a deputy", "", Input::One(Of::YesNo)),
        ],
        "grant" => grant(organisation("organisation", "Who is awarded it", false)),
        "allocation" => allocation(organisation("provider", "Who delivers it", false)),
        "line" => vec![
            KEY,
            TITLE,
            may(
                "amount",
                "Amount",
                "In pounds. Empty: a part that has no figure yet.",
                Input::Money,
            ),
        ],
        "assignment" => vec![
            stays("form", "Form", "", Input::One(Of::Forms)),
            stays(
                "allocation",
                "For one allocation only",
                "Where the form is owed for each allocation.",
                Input::One(Of::Allocations),
            ),
            organisation("organisation", "Who owes it", true),
            stays(
                "from",
                "Owed from",
                "Periods that end on or after this day, for example 1 4 2018",
                Input::Day,
            ),
            may(
                "to",
                "Owed until",
                "Periods that start on or before this day, for example 31 3 2019",
                Input::Day,
            ),
            stays(
                "contacts",
                "Contacts",
                "The email addresses of people in the register, each on its own line.",
                Input::Several,
            ),
            stays(
                "lead",
                "Lead",
                "The email address of the contact who is told when a return is overdue.",
                Input::Line,
            ),
        ],
        _ => Vec::new(),
    }
}

fn grant(organisation: Spec) -> Vec<Spec> {
    vec![
        stays(
            "reference",
            "Reference",
            "As people quote it. It cannot be changed later.",
            Input::Line,
        ),
        TITLE,
        organisation,
        may("round", "Round", "", Input::One(Of::Rounds)),
        may(
            "amount",
            "Award",
            "In pounds. Empty: the organisation’s share by the needs matrix.",
            Input::Money,
        ),
        may(
            "carried_forward",
            "Carried forward",
            "In pounds, from the year before.",
            Input::Money,
        ),
        may("starts_on", "First day", "For example, 1 4 2018", Input::Day),
        may("ends_on", "Last day", "For example, 31 3 2019", Input::Day),
        may(
            "conditions",
            "Conditions",
            "What the award is subject to.",
            Input::Lines,
        ),
        may(
            "held_back",
            "Held back",
            "In pounds: not allocated on purpose.",
            Input::Money,
        ),
        may("held_back_for", "What it is held back for", "", Input::Line),
    ]
}

fn allocation(provider: Spec) -> Vec<Spec> {
    vec![
        KEY,
        TITLE,
        provider,
        may("proposed", "Proposed", "In pounds: what was asked for.", Input::Money),
        may(
            "approved",
            "Approved",
            "In pounds. Empty: nothing has been approved yet.",
            Input::Money,
        ),
        may(
            "uncovered",
            "Increase without cover",
            "In pounds: entered without naming the allocation that it comes from.",
            Input::Money,
        ),
        may(
            "project",
            "Project’s key",
            "Empty: the allocation’s own key.",
            Input::Line,
        ),
        may(
            "project_title",
            "Project’s title",
            "Empty: the allocation’s own title.",
            Input::Line,
        ),
        may(
            "contract_total",
            "Whole contract",
            "In pounds, where this is a share of it.",
            Input::Money,
        ),
        may(
            "contract_ends_on",
            "Last day of the contract",
            "For example, 31 3 2020",
            Input::Day,
        ),
        may(
            "other_funding",
            "Other funding",
            "In pounds, paid towards the same project by others.",
            Input::Money,
        ),
        may(
            "priorities",
            "Priorities that it serves",
            "",
            Input::Any(Of::Priorities),
        ),
    ]
}
