//! The long lists of a fund's register: its grants, its organisations and people, who owes what, what was changed.
//!
//! Invariant: every entry that can be changed leads to where it is.

use countersign_domain::answers::format;
use countersign_domain::register::{Assignment, Grant, Organisation, Person};

use super::sheet::{Asked, Paged, Row, change, link, row, text};
use crate::service::notify;
use crate::service::register::edit::changes::ChangeLine;
use crate::service::register::view::FundRegister;

/// A list's heading, what is said about it, where an entry is added, and its page.
pub struct List {
    /// The heading.
    pub title: &'static str,
    /// What is said about it.
    pub lead: &'static str,
    /// What adding says, and where.
    pub add: Option<(&'static str, String)>,
    /// The page.
    pub paged: Paged,
}

/// Grants.
pub fn grants(of: &FundRegister, href: &str, asked: &Asked) -> List {
    let one = |grant: &Grant| {
        let round = of.rounds.iter().find(|round| Some(round.id) == grant.round);
        row([
            link(
                format!("{} {}", grant.reference, grant.title),
                format!("{href}/grants/{}", grant.id),
            ),
            text(of.organisation(grant.organisation)),
            text(round.map_or("–", |round| &round.title)),
            text(format::money(grant.amount)),
        ])
    };
    let rows = of.grants.iter().map(one).collect();
    let at = format!("{href}/grants");
    List {
        title: "Grants",
        lead: "",
        add: Some(("Add a grant", format!("{href}/add/grant"))),
        paged: Paged::of(&at, "Grants", &["Grant", "Awarded to", "Round", "Award£"], rows, asked),
    }
}

/// Organisations.
pub fn organisations(of: &FundRegister, href: &str, asked: &Asked) -> List {
    let one = |organisation: &Organisation| {
        let to = format!("{href}/change/organisation/{}", organisation.id);
        row([
            text(organisation.name.clone()),
            text(organisation.key.clone()),
            change(to, &organisation.name),
        ])
    };
    let rows = of.organisations.iter().map(one).collect();
    List {
        title: "Organisations",
        lead: "Those that have to do with funds whose returns you review, and those that have to do with none yet.",
        add: Some(("Add an organisation", format!("{href}/add/organisation"))),
        paged: Paged::of(
            &format!("{href}/organisations"),
            "Organisations",
            &["Organisation", "Key", ""],
            rows,
            asked,
        ),
    }
}

/// People, with what they are.
pub fn people(of: &FundRegister, href: &str, asked: &Asked) -> List {
    let rows = of.people.iter().map(|person| person_row(of, href, person)).collect();
    List {
        title: "People and contacts",
        lead: "A contact who has left is replaced on the page of what they are a contact for.",
        add: Some(("Add a person", format!("{href}/add/person"))),
        paged: Paged::of(
            &format!("{href}/people"),
            "People",
            &["Name", "Email address", "Works at", "In this fund", ""],
            rows,
            asked,
        ),
    }
}

fn person_row(of: &FundRegister, href: &str, person: &Person) -> Row {
    let offices = of.holders.iter().filter(|held| held.person == person.id);
    let mut parts: Vec<String> = offices.map(|held| held.office_title.clone()).collect();
    parts.dedup();
    let owed = of.contacts.iter().filter(|contact| contact.person == person.id).count();
    match owed {
        0 => {}
        1 => parts.push("Contact".to_owned()),
        many => parts.push(format!("Contact of {many}")),
    }
    row([
        text(person.name.clone()),
        text(person.email.clone()),
        text(of.organisation(person.organisation)),
        text(if parts.is_empty() {
            "–".to_owned()
        } else {
            parts.join(", ")
        }),
        change(format!("{href}/change/person/{}", person.id), &person.name),
    ])
}

/// Who owes which form.
pub fn assignments(of: &FundRegister, href: &str, asked: &Asked) -> List {
    let rows = of.assignments.iter().map(|one| assignment_row(of, href, one)).collect();
    List {
        title: "Who owes which form",
        lead: "An assignment is added on the page of its grant.",
        add: None,
        paged: Paged::of(
            &format!("{href}/assignments"),
            "Assignments",
            &["Who owes what", "Grant", "Owed", "Contacts", "Next"],
            rows,
            asked,
        ),
    }
}

/// An assignment as a row.
pub fn assignment_row(of: &FundRegister, href: &str, one: &Assignment) -> Row {
    let allocation = one.allocation.and_then(|id| of.allocation(id));
    let form = of.form(&one.form);
    let what = match allocation {
        Some(allocation) => format!(
            "{}: {form}, for {}",
            of.organisation(one.organisation),
            allocation.title
        ),
        None => format!("{}: {form}", of.organisation(one.organisation)),
    };
    let contacts = of.contacts.iter().filter(|contact| contact.assignment == one.id);
    let names = contacts.map(|contact| {
        let name = of.person(contact.person).map_or("", |person| &person.name);
        if contact.lead {
            format!("{name} (lead)")
        } else {
            name.to_owned()
        }
    });
    row([
        link(what, format!("{href}/assignments/{}", one.id)),
        text(of.grant(one.grant).map_or("", |grant| &grant.reference)),
        text(format!("{} to {}", format::date(one.from), format::date(one.to))),
        text(names.collect::<Vec<_>>().join(", ")),
        text(next(of, one)),
    ])
}

/// What is due next, in words.
pub fn next(of: &FundRegister, one: &Assignment) -> String {
    of.next_return(one.id).map_or_else(
        || "Nothing is waiting to be handed in".to_owned(),
        |ret| {
            format!(
                "{}: opens {}, due {}",
                ret.reference,
                format::date(ret.opens_on),
                format::date(ret.due_on)
            )
        },
    )
}

/// What was changed, the last first.
pub fn changes(lines: &[ChangeLine], href: &str, asked: &Asked) -> List {
    let said = |words: &Option<String>| words.clone().unwrap_or_else(|| "–".to_owned());
    let one = |line: &ChangeLine| {
        row([
            text(format!("{} {}", line.change.entity, line.change.key)),
            text(notify::moment(line.change.at)),
            text(line.by.clone().unwrap_or_else(|| "Whoever runs the server".to_owned())),
            text(said(&line.change.was)),
            text(said(&line.change.became)),
        ])
    };
    let rows = lines.iter().map(one).collect();
    List {
        title: "What was changed",
        lead: "The latest 200 changes of this fund’s register. All of them are in the ledger.",
        add: None,
        paged: Paged::of(
            &format!("{href}/changes"),
            "Changes",
            &["Entry", "When", "By", "It said", "It says since"],
            rows,
            asked,
        ),
    }
}
