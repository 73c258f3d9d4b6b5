//! What was changed in a fund's register, by whom and when, for its officers.
//!
//! Invariant: every officer of the fund may read it; nobody may alter it.

use std::collections::HashMap;

use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::register::Change;

use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// More than this nobody reads at once.
const MOST: u64 = 200;

/// A change, and who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    /// The change.
    pub change: Change,
    /// The name of who made it; none: whoever runs the server.
    pub by: Option<String>,
}

/// The latest changes of a fund's register, the last first.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever is no officer of the fund.
pub async fn changes_of(deps: &Deps, officer: &Officer, fund: FundId) -> Result<Vec<ChangeLine>, ServiceError> {
    officer.within(fund)?;
    let read = deps.store.read();
    let changes = register::changes_of_fund(&read, fund, MOST).await?;
    let mut names: HashMap<PersonId, String> = HashMap::new();
    for person in changes.iter().filter_map(|change| change.person) {
        if let std::collections::hash_map::Entry::Vacant(name) = names.entry(person) {
            name.insert(register::get_person(&read, person).await?.name);
        }
    }
    let line = |change: Change| ChangeLine {
        by: change.person.and_then(|person| names.get(&person).cloned()),
        change,
    };
    Ok(changes.into_iter().map(line).collect())
}
