//! Organisations and people.
//!
//! Invariant: one address is one person, however it is spelt.

use countersign_domain::register::{Organisation, Person, address_key};
use uuid::Uuid;

use super::super::file::{OrganisationRow, PersonRow, RegisterFile};
use super::super::write::Write;
use super::super::{known::one, rows};
use super::{At, Resolving};
use crate::service::enter::looks_like_an_address;

impl Resolving {
    pub(super) fn parties(&mut self, file: &RegisterFile) {
        for (entry, row) in file.organisation.iter().enumerate() {
            let at = At {
                table: "organisation",
                entry,
            };
            if self.one_organisation(at, row).is_none() {
                self.spoil(at, &one(&row.key));
            }
        }
        for (entry, row) in file.person.iter().enumerate() {
            let at = At { table: "person", entry };
            self.word_for(at, row);
            if self.one_person(at, row).is_none() {
                self.spoil(at, &word(row));
                self.spoil(at, &one(&row.email));
            }
        }
    }

    fn one_organisation(&mut self, at: At, row: &OrganisationRow) -> Option<()> {
        let key = self.key(at, "key", &row.key);
        let name = self.text(at, "name", &row.name);
        let (key, name) = (key?, name?);
        if !self.first(at, "key", &key) {
            return None;
        }
        let old = self.known.organisations.get(&key).cloned();
        let id = old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id);
        let new = Organisation {
            id,
            key: key.clone(),
            name,
        };
        self.known.organisations.put(key.clone(), Some(id.uuid()), new.clone());
        self.settle(at, (None, key), (old, new), rows::organisation, Write::Organisation);
        Some(())
    }

    /// Keeps by which word the file names a person.
    fn word_for(&mut self, at: At, row: &PersonRow) {
        let (word, address) = (word(row), address_key(&row.email));
        if let Some(other) = self.addresses.insert(word.clone(), address.clone())
            && other != address
        {
            self.problem(
                at,
                "key",
                format!("“{word}” names two people."),
                "Give each person a word of their own.",
            );
        }
    }

    fn one_person(&mut self, at: At, row: &PersonRow) -> Option<()> {
        let name = self.text(at, "name", &row.name);
        let email = self.text(at, "email", &row.email).filter(|email| {
            let good = looks_like_an_address(email);
            if !good {
                let message = format!("“{email}” is not an email address.");
                self.problem(at, "email", message, "Write it like name@example.org.");
            }
            good
        });
        let organisation = self.organisation(at, "organisation", &row.organisation);
        let (name, email, organisation) = (name?, email?, organisation?);
        let address = address_key(&email);
        if !self.first(at, "email", &address) {
            return None;
        }
        let old = self.known.people.get(&address).cloned();
        let new = Person {
            id: old.as_ref().map_or_else(|| Uuid::new_v4().into(), |old| old.id),
            name,
            email,
            organisation,
            totp_secret: old.as_ref().and_then(|old| old.totp_secret.clone()),
            totp_last_step: old.as_ref().and_then(|old| old.totp_last_step),
        };
        self.known.people.put(address.clone(), Some(new.id.uuid()), new.clone());
        self.settle(at, (None, address), (old, new), rows::person, Write::Person);
        Some(())
    }
}

/// The file's word for a person: the key, or the address where there is none.
fn word(row: &PersonRow) -> String {
    let key = row.key.as_deref().map(one).filter(|key| !key.is_empty());
    key.unwrap_or_else(|| one(&row.email))
}
