//! The register: who gives what to whom, who holds which office, who owes what.
//!
//! Invariant: what must be there once is kept so by the tables; amounts change only under the amounts that were read.

mod allocations;
mod changes;
mod circles;
mod funds;
mod grants;
mod offices;
mod owed;
mod people;
mod rounds;
mod virements;

pub use allocations::{
    allocations_of, allocations_of_fund, get_allocation, insert_allocation, insert_line, lines_of_fund, lines_of_grant,
    name_provider, set_allocation_amounts, update_allocation, update_line,
};
pub use changes::{changes_of_fund, insert_change};
pub use circles::{funds_of_organisation, funds_of_person, organisations_of_no_fund, people_of_no_fund};
pub use funds::{all_funds, fund_by_key, funds_of_officer, get_fund, insert_fund, lock_fund, update_fund};
pub use grants::{all_grants, get_grant, grant_by_reference, grants_named, grants_of_fund, insert_grant, update_grant};
pub use offices::{
    holders_of_fund, holders_of_office, holders_of_person, insert_holder, insert_office, offices_of_fund,
    update_holder, update_office,
};
pub use owed::{
    all_assignments, assignments_of_contact, assignments_of_fund, assignments_on, contacts_of, contacts_of_fund,
    delete_contact, forms_of_fund, get_assignment, insert_assignment, insert_contact, set_lead, update_assignment,
};
pub use people::{
    all_organisations, all_people, get_organisation, get_person, insert_organisation, insert_person, lock_person,
    organisation_by_key, organisations_named, organisations_of_fund, people_of, person_by_address, set_totp_secret,
    update_organisation, update_person, use_totp_step,
};
pub use rounds::{insert_round, insert_share, rounds_of_fund, shares_of_fund, update_round, update_share};
pub use virements::{decide_virement, get_virement, insert_virement, virements_of, virements_of_fund};
