//! Who may do what with papers.
//!
//! Invariant: whoever reviews a fund's returns prepares its papers and publishes them. What is not published is seen by the
//! commissioner's own offices alone; an edition by every office of the fund, unless it is internal.

use countersign_domain::form::schema::Audience;
use countersign_domain::ids::FundId;

use crate::service::report::across::Funds;
use crate::service::{Officer, ServiceError};

/// How the keys of the commissioner's own offices begin.
const COMMISSIONERS: &str = "commissioner.";

/// Whether they hold one of the commissioner's own offices in the fund.
pub(super) fn is_commissioners(officer: &Officer, fund: FundId) -> bool {
    officer
        .offices_in(fund)
        .iter()
        .any(|office| office.starts_with(COMMISSIONERS))
}

/// Whether they prepare the fund's papers.
pub(super) fn prepares(officer: &Officer, fund: FundId) -> bool {
    officer.chases(fund).is_ok()
}

/// Refuses whoever may not see what the fund's papers say before they are published.
pub(super) fn may_look(officer: &Officer, fund: FundId) -> Result<(), ServiceError> {
    officer.within(fund)?;
    if is_commissioners(officer, fund) {
        Ok(())
    } else {
        Err(ServiceError::NotFound)
    }
}

/// Refuses whoever may not see what a paper says of another fund than its own, and names that fund.
pub(super) fn may_look_across(officer: &Officer, funds: &Funds) -> Result<(), ServiceError> {
    let mut closed = funds.others.iter().filter(|fund| may_look(officer, fund.id).is_err());
    match closed.next() {
        None => Ok(()),
        Some(fund) => Err(ServiceError::Refused(format!(
            "This paper tells of several funds, also of ‘{}’, in which you hold none of the commissioner’s offices. Ask \
             somebody who holds one in each of them.",
            fund.title
        ))),
    }
}

/// Refuses whoever may not read an edition for this audience.
pub(super) fn may_read(officer: &Officer, fund: FundId, audience: Audience) -> Result<(), ServiceError> {
    match audience {
        Audience::Internal => may_look(officer, fund),
        Audience::Panel | Audience::Public => officer.within(fund),
    }
}
