//! A return with everything it stands on.
//!
//! Invariant: all of it was read in one transaction or connection, by [`super::facts::case`].

use std::sync::Arc;

use countersign_domain::answers::filled;
use countersign_domain::answers::types::Register;
use countersign_domain::form::schema::Form;
use countersign_domain::register::{Allocation, Fund, Grant, Organisation};
use countersign_domain::returns::Return;

/// A return and everything it stands on.
#[derive(Clone)]
pub struct Case {
    /// The return.
    pub ret: Return,
    /// Its pinned form.
    pub form: Arc<Form>,
    /// Its fund.
    pub fund: Fund,
    /// Its grant.
    pub grant: Grant,
    /// The grant's allocations.
    pub allocations: Vec<Allocation>,
    /// Who owes it.
    pub provider: Organisation,
    /// Who gives the money.
    pub commissioner: Organisation,
    /// What the form may read of these.
    pub register: Register,
}

impl Case {
    /// What people call the return: the form's title, with the names of the register filled in.
    pub fn title(&self) -> String {
        filled(&self.form.title.en, &self.form, &self.register, None)
    }
}
