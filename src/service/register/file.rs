//! The one shape of register data: the tables and columns of a register file, of what is imported and of what is
//! exported.
//!
//! Invariant: a value is kept as it was written; what it means, and whether it can be, is for whoever loads it.

use std::collections::HashMap;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text, or a key.
    Text,
    /// Pounds, as people write them: `£1,200.50`.
    Money,
    /// A day: `2018-03-31`.
    Day,
    /// A number that is not below nought.
    Weight,
    /// `yes` or `no`; empty: no.
    YesNo,
    /// Several keys, in a sheet with `;` between them.
    List,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Whether every entry must have it.
    pub needed: bool,
    /// What it holds.
    pub kind: Kind,
    /// What it is, in the field's words.
    pub words: &'static str,
}

/// A table of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name, in the singular.
    pub name: &'static str,
    /// What it holds, in the field's words.
    pub words: &'static str,
    /// Its columns, in their order.
    pub columns: &'static [Column],
}

/// An entry of a table.
pub trait Row: Default {
    /// The table's name.
    const TABLE: &'static str;
    /// The columns.
    const COLUMNS: &'static [Column];
    /// The values of a column; of a list, all of them.
    fn set(&mut self, column: &str, values: Vec<String>);
    /// Every value, in the order of the columns; of a list, joined by `; `.
    fn cells(&self) -> Vec<String>;
}

/// How a value is kept: needed, not needed, or several.
trait Value {
    fn put(&mut self, values: Vec<String>);
    fn cell(&self) -> String;
}

impl Value for String {
    fn put(&mut self, values: Vec<String>) {
        *self = values.join("; ");
    }

    fn cell(&self) -> String {
        self.clone()
    }
}

impl Value for Option<String> {
    fn put(&mut self, values: Vec<String>) {
        *self = Some(values.join("; ")).filter(|text| !text.trim().is_empty());
    }

    fn cell(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

impl Value for Vec<String> {
    fn put(&mut self, values: Vec<String>) {
        let parts = values.iter().flat_map(|value| value.split(';'));
        *self = parts
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect();
    }

    fn cell(&self) -> String {
        self.join("; ")
    }
}

macro_rules! held {
    (need List) => { Vec<String> };
    (may List) => { Vec<String> };
    (need $kind:ident) => { String };
    (may $kind:ident) => { Option<String> };
}

macro_rules! needed {
    (need) => {
        true
    };
    (may) => {
        false
    };
}

macro_rules! tables {
    ($($table:ident, $Row:ident, $about:literal, { $($column:ident: $need:ident $kind:ident $words:literal,)+ })+) => {
        $(
            #[doc = $about]
            #[derive(Debug, Clone, Default, PartialEq, Eq)]
            pub struct $Row {
                $(#[doc = $words] pub $column: held!($need $kind),)+
            }

            impl Row for $Row {
                const TABLE: &'static str = stringify!($table);
                const COLUMNS: &'static [Column] = &[$(Column {
                    name: stringify!($column),
                    needed: needed!($need),
                    kind: Kind::$kind,
                    words: $words,
                },)+];

                fn set(&mut self, column: &str, values: Vec<String>) {
                    match column {
                        $(stringify!($column) => self.$column.put(values),)+
                        _ => {}
                    }
                }

                fn cells(&self) -> Vec<String> {
                    vec![$(self.$column.cell(),)+]
                }
            }

            impl From<$Row> for RegisterFile {
                fn from(row: $Row) -> Self {
                    RegisterFile {
                        $table: vec![row],
                        ..RegisterFile::default()
                    }
                }
            }
        )+

        /// Every table, in an order in which each names only those before it.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($table),
            words: $about,
            columns: $Row::COLUMNS,
        },)+];

        /// Register data: any of the tables, each with its entries in their order.
        #[derive(Debug, Clone, Default)]
        pub struct RegisterFile {
            $(#[doc = $about] pub $table: Vec<$Row>,)+
            pub(super) lines: Lines,
        }

        impl RegisterFile {
            /// Adds an entry to a table by the names of its columns; answers its place in the table, from 0, or nothing
            /// when there is no such table. A column that the table has not is passed over.
            pub fn add(&mut self, table: &str, cells: impl IntoIterator<Item = (String, Vec<String>)>) -> Option<usize> {
                match table {
                    $(stringify!($table) => {
                        let mut row = $Row::default();
                        for (column, values) in cells {
                            row.set(&column, values);
                        }
                        self.$table.push(row);
                        Some(self.$table.len() - 1)
                    })+
                    _ => None,
                }
            }

            /// The entries of a table, each with a value for every column; none for a table that is not there.
            pub fn rows(&self, table: &str) -> Vec<Vec<String>> {
                match table {
                    $(stringify!($table) => self.$table.iter().map(Row::cells).collect(),)+
                    _ => Vec::new(),
                }
            }
        }
    };
}

tables! {
    organisation, OrganisationRow, "A commissioner, partnership or provider.", {
        key: need Text "short key that other tables name it by; it never changes",
        name: need Text "its name",
    }
    person, PersonRow, "A person, known by one email address.", {
        key: may Text "the word by which this file names the person; without one, the email address",
        name: need Text "the person’s name",
        email: need Text "where mail goes; one address is one person",
        organisation: need Text "where they work: the key of an organisation",
    }
    fund, FundRow, "A pot with rules.", {
        key: need Text "short key that other tables name it by; it never changes",
        title: need Text "its title",
        commissioner: need Text "who gives it: the key of an organisation",
        nation: need Text "whose bank holidays count: england-and-wales, scotland or northern-ireland",
        total: may Money "what it has to give in all; its awards together stay within it",
        smallest_award: may Money "no award is below this",
        largest_award: may Money "no award is above this",
    }
    round, RoundRow, "One opening of a fund.", {
        fund: may Text "the fund’s key; may be left out where the file has one fund",
        key: need Text "short key within the fund; it never changes",
        title: need Text "its title",
        opens_on: need Day "first day",
        closes_on: need Day "last day",
        smallest_award: may Money "no award of this round is below this; without it, the fund’s",
        largest_award: may Money "no award of this round is above this; without it, the fund’s",
    }
    priority, PriorityRow, "An objective of the commissioner’s plan, in the plan’s order.", {
        fund: may Text "the fund’s key; may be left out where the file has one fund",
        key: need Text "short key within the fund; it never changes",
        title: need Text "its title",
    }
    share, ShareRow, "The needs matrix: how a fund’s total is shared among organisations.", {
        fund: may Text "the fund’s key; may be left out where the file has one fund",
        organisation: need Text "whose share: the key of an organisation",
        weight: need Weight "its weight beside the others, 0 or more, with at most 6 decimal places",
    }
    office, OfficeRow, "An office of a fund, which forms name.", {
        fund: may Text "the fund’s key; may be left out where the file has one fund",
        key: need Text "the key that forms name, like partnership.chair; it never changes",
        title: need Text "what is printed as the position",
    }
    holder, HolderRow, "Who holds an office, from when to when.", {
        fund: may Text "the fund’s key; may be left out where the file has one fund",
        office: need Text "the office’s key",
        person: need Text "who: the file’s key of a person, or an email address",
        from: need Day "first day",
        to: may Day "last day; without one, until further notice",
        deputy: may YesNo "yes for a deputy",
    }
    grant, GrantRow, "Money awarded to one organisation.", {
        reference: need Text "the reference that people quote; it never changes",
        fund: may Text "the fund’s key; may be left out where the file has one fund",
        round: may Text "the key of the fund’s round in which it was awarded",
        title: need Text "its title",
        organisation: need Text "who was awarded it: the key of an organisation",
        amount: may Money "the award; without one, the organisation’s share of the fund’s total",
        carried_forward: may Money "carried in from the year before",
        starts_on: need Day "first day",
        ends_on: need Day "last day",
        conditions: may Text "what the award is subject to",
        held_back: may Money "not allocated on purpose",
        held_back_for: may Text "what it is held back for",
    }
    allocation, AllocationRow, "The part of a grant given to one project.", {
        grant: need Text "the grant’s reference",
        key: need Text "short key within the grant; it never changes",
        title: need Text "its title",
        project: may Text "the project’s key; without one, the allocation’s own",
        project_title: may Text "the project’s title; without one, the allocation’s own",
        provider: need Text "who delivers it: the key of an organisation",
        proposed: may Money "asked for",
        approved: may Money "approved; without it, nothing has been approved yet",
        uncovered: may Money "entered as an increase without naming the allocation that it comes from",
        contract_total: may Money "the contract of which it is a share",
        contract_ends_on: may Day "the last day of that contract",
        other_funding: may Money "paid towards the same project by others",
        priorities: may List "keys of the priorities that it serves",
    }
    line, LineRow, "A budget line: a part of an allocation.", {
        grant: need Text "the grant’s reference",
        allocation: need Text "the allocation’s key",
        key: need Text "short key within the allocation; it never changes",
        title: need Text "its title",
        amount: may Money "its amount; without one, a part that has no figure yet",
    }
    assignment, AssignmentRow, "That an organisation owes a form.", {
        form: need Text "the form’s id",
        grant: need Text "the grant’s reference",
        allocation: may Text "the allocation’s key, where the form is owed for each allocation",
        organisation: need Text "who owes it: the key of an organisation",
        from: need Day "periods that end on or after this day are owed",
        to: need Day "periods that start on or before this day are owed",
        contacts: need List "who is written to: the file’s keys of people, or email addresses",
        lead: may Text "which of them is told when a return is overdue",
    }
    virement, VirementRow, "Money moved between two allocations of a grant; imported, it is a proposal.", {
        grant: need Text "the grant’s reference",
        from: need Text "the key of the allocation that gives",
        to: need Text "the key of the allocation that receives",
        amount: need Money "how much, above 0",
        reason: need Text "why",
        recorded_by: may Text "who recorded it: the file’s key of a person, or an email address",
        recorded_on: may Day "when; not read in an import",
        decision: may Text "approved or refused; not read in an import",
        decided_by: may Text "who decided; not read in an import",
        decided_on: may Day "when; not read in an import",
    }
}

/// The line of each value in the text that it was read from: by table, entry and column, the empty one for the entry.
pub(super) type Lines = HashMap<(&'static str, usize, &'static str), usize>;

impl RegisterFile {
    /// The line, from 1, in which a value of the register file stands, or at least its entry; none when this was not
    /// read from a text.
    pub fn line(&self, table: &'static str, entry: usize, column: Option<&'static str>) -> Option<usize> {
        let of = |column| self.lines.get(&(table, entry, column)).copied();
        column.and_then(of).or_else(|| of(""))
    }
}

/// A table by its name, in the singular or with an s.
pub fn table(name: &str) -> Option<&'static Table> {
    let lower = name.trim().to_lowercase();
    TABLES.iter().find(|table| {
        table.name == lower
            || lower.strip_suffix('s') == Some(table.name)
            || (table.name, lower.as_str()) == ("person", "people")
            || (table.name, lower.as_str()) == ("priority", "priorities")
    })
}
