//! The register: who gives what to whom, who holds which office, who owes what.
//!
//! Invariant: what must be there once is kept so by the tables; amounts change only under the amounts that were read.

mod funds;
mod grants;
mod owed;
mod people;
mod virements;

pub use funds::{
    all_funds, fund_by_key, funds_of_officer, get_fund, holders_of_office, holders_of_person, insert_fund,
    insert_holder, insert_office, offices_of_fund,
};
pub use grants::{
    allocations_of, get_allocation, get_grant, grant_by_reference, grants_of_fund, insert_allocation, insert_grant,
    set_allocation_amounts,
};
pub use owed::{all_assignments, assignments_on, contacts_of, get_assignment, insert_assignment, insert_contact};
pub use people::{
    all_people, get_organisation, get_person, insert_organisation, insert_person, lock_person, organisation_by_key,
    organisations_of_fund, people_of, person_by_address, set_totp_secret, use_totp_step,
};
pub use virements::{decide_virement, get_virement, insert_virement, virements_of};
