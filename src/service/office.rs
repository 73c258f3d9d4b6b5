//! What an officer sees: the funds they hold an office in, their returns, and one return in full.
//!
//! Invariant: every read is scoped by the officer's offices; not theirs looks like not there.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::answers::types::{Draft, Evaluated, Register};
use countersign_domain::answers::{Change, changes, filled};
use countersign_domain::form::schema::{Form, Stage};
use countersign_domain::ids::{GrantId, PersonId, ReturnId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, Contact as ContactRow, Fund, Grant, Person, Virement};
use countersign_domain::returns::standing::{Standing, Tally};
use countersign_domain::returns::{Act, Link, Notice, Query, Return, Revision, RowDecision, Signature};
use countersign_domain::workflow::{Action, COMMISSIONER, Refusal, step};

use super::facts::today;
use super::listing::{self, ReturnLine, stage_of};
use super::virement::{TREASURER, may_decide};
use super::{Deps, Officer, ServiceError, facts};
use crate::store::{access, notices, register, returns, revisions, signatures, standing};

/// How many lines the first page shows of each list.
const FIRST: u64 = 10;

/// How many undelivered mails of a fund the first page shows.
const FAILED: u64 = 10;

/// A fund on the office's first page.
#[derive(Debug, Clone)]
pub struct FundPage {
    /// The fund.
    pub fund: Fund,
    /// How many of its returns stand where.
    pub tally: Tally,
    /// The first of those that stand in each place, the most pressing place first.
    pub lists: Vec<(Standing, Vec<ReturnLine>)>,
    /// The latest mails that could not be delivered.
    pub failed_notices: Vec<Notice>,
    /// How many there are of those.
    pub failed: u64,
}

/// The funds of an officer.
pub async fn funds(deps: &Deps, officer: &Officer, now: DateTime<Utc>) -> Result<Vec<FundPage>, ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    let (read, today) = (deps.store.read(), today(now));
    let mut pages = Vec::new();
    for fund in register::funds_of_officer(&read, officer.person.id, today).await? {
        let mut tally = Tally::default();
        for (_, _, counted) in standing::tallies(&read, fund.id, today).await? {
            tally.merge(&counted);
        }
        let mut lists = Vec::new();
        for (standing, asked) in listing::places(fund.id) {
            let lines = match tally.at(standing) {
                0 => Vec::new(),
                _ => listing::first(deps, &read, officer, &asked, FIRST, today).await?,
            };
            lists.push((standing, lines));
        }
        let (failed_notices, failed) = notices::failed_notices(&read, fund.id, FAILED).await?;
        pages.push(FundPage {
            fund,
            tally,
            lists,
            failed_notices,
            failed,
        });
    }
    Ok(pages)
}

/// One return, in full, for an officer.
pub struct OfficePage {
    /// The return.
    pub ret: Return,
    /// Its form.
    pub form: Arc<Form>,
    /// Its fund.
    pub fund: Fund,
    /// Its grant.
    pub grant: Grant,
    /// Who owes it.
    pub provider: String,
    /// The register as it stands, or as it was frozen into the latest revision.
    pub register: Register,
    /// The answers: of the latest revision while it is being judged, of the draft otherwise.
    pub evaluated: Evaluated,
    /// What was typed.
    pub draft: Draft,
    /// The latest revision.
    pub revision: Option<Revision>,
    /// Its document.
    pub document: Option<serde_json::Value>,
    /// All revisions, oldest first.
    pub revisions: Vec<Revision>,
    /// Queries, oldest first.
    pub queries: Vec<Query>,
    /// What has happened.
    pub acts: Vec<Act>,
    /// Signatures, voided ones too.
    pub signatures: Vec<Signature>,
    /// What was decided on the rows of the latest revision.
    pub decisions: Vec<RowDecision>,
    /// Mails about it.
    pub notices: Vec<Notice>,
    /// What changed between the last two revisions.
    pub changes: Vec<Change>,
    /// What this officer may do, or why not.
    pub may: BTreeMap<&'static str, Result<(), Refusal>>,
    /// The stage it stands in.
    pub stage: Option<Stage>,
    /// Today in Europe/London.
    pub today: NaiveDate,
    /// Its contacts.
    pub contacts: Vec<(ContactRow, Person)>,
    /// Its links.
    pub links: Vec<Link>,
    /// Names of everyone mentioned.
    pub people: HashMap<PersonId, String>,
}

impl OfficePage {
    /// What people call the return: the form's title, with the names of the register filled in.
    pub fn title(&self) -> String {
        filled(&self.form.title.en, &self.form, &self.register, None)
    }
}

/// One return for an officer of its fund.
pub async fn return_for_officer(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    now: DateTime<Utc>,
) -> Result<OfficePage, ServiceError> {
    let read = deps.store.read();
    let answered = facts::answered(deps, &read, id).await?;
    let case = answered.case;
    officer.within(case.fund.id)?;
    let all = revisions::revisions_of(&read, id).await?;
    let documents = all
        .iter()
        .rev()
        .take(2)
        .map(|revision| serde_json::from_str(&revision.document).map_err(ServiceError::internal))
        .collect::<Result<Vec<serde_json::Value>, _>>()?;
    let changes = match documents.as_slice() {
        [new, old] => changes(old, new),
        _ => Vec::new(),
    };
    let hands = facts::hands(&read, &case.ret).await?;
    let role = officer.role(case.fund.id);
    let mut may = BTreeMap::new();
    for action in Action::ALL {
        let allowed = match step(&case.ret.state, action, &role, &hands, &case.form.stages) {
            Ok(_) => Ok(()),
            Err(refusal) => Err(facts::titled(&read, case.fund.id, refusal).await?),
        };
        may.insert(action.name(), allowed);
    }
    let acts = returns::acts_of(&read, id).await?;
    let signatures = signatures::signatures_of(&read, id).await?;
    let queries = revisions::queries_of(&read, id).await?;
    let decisions = super::decisions::of(&read, id, case.ret.revision).await?;
    let contacts = register::contacts_of(&read, case.ret.assignment).await?;
    let links = access::links_of(&read, id).await?;
    let mut people: HashMap<PersonId, String> = HashMap::new();
    let mentioned = acts
        .iter()
        .filter_map(|act| act.person)
        .chain(signatures.iter().map(|signature| signature.person))
        .chain(decisions.iter().map(|decision| decision.by))
        .chain(queries.iter().map(|query| query.asked_by))
        .chain(links.iter().map(|link| link.person))
        .chain(all.iter().map(|revision| revision.submitted_by))
        .chain(contacts.iter().map(|(_, person)| person.id));
    for person in mentioned.collect::<std::collections::BTreeSet<_>>() {
        people.insert(person, register::get_person(&read, person).await?.name);
    }
    Ok(OfficePage {
        stage: stage_of(&case.form, &case.ret.state).cloned(),
        provider: case.provider.name,
        fund: case.fund,
        grant: case.grant,
        register: case.register,
        form: case.form,
        ret: case.ret,
        evaluated: answered.evaluated,
        draft: answered.draft,
        revision: all.last().cloned(),
        document: documents.into_iter().next(),
        revisions: all,
        queries,
        acts,
        signatures,
        decisions,
        notices: notices::notices_of_return(&read, id).await?,
        changes,
        may,
        today: today(now),
        contacts,
        links,
        people,
    })
}

/// A grant with its allocations.
pub struct GrantPage {
    /// The grant.
    pub grant: Grant,
    /// Its fund.
    pub fund: Fund,
    /// Its allocations.
    pub allocations: Vec<Allocation>,
    /// Its virements, oldest first, each with whether this officer may decide it, or why not.
    pub virements: Vec<(Virement, Result<(), String>)>,
    /// Award and carried forward together.
    pub available: Money,
    /// All allocations together, increases not yet covered included.
    pub allocated: Money,
    /// Whether this officer may record a virement.
    pub may_record: bool,
    /// Names of everyone mentioned.
    pub people: HashMap<PersonId, String>,
}

/// One grant for an officer of its fund.
pub async fn grant_page(
    deps: &Deps,
    officer: &Officer,
    id: GrantId,
    _now: DateTime<Utc>,
) -> Result<GrantPage, ServiceError> {
    let read = deps.store.read();
    let grant = register::get_grant(&read, id).await?;
    officer.within(grant.fund)?;
    let fund = register::get_fund(&read, grant.fund).await?;
    let allocations = register::allocations_of(&read, id).await?;
    let sum = |amounts: Vec<Money>| {
        Money::checked_sum(amounts).ok_or_else(|| ServiceError::internal("the grant is too large to add up"))
    };
    let available = sum(vec![grant.amount, grant.carried_forward])?;
    let allocated = sum(allocations.iter().flat_map(|a| [a.approved, a.uncovered]).collect())?;
    let mut people = HashMap::new();
    let mut virements = Vec::new();
    for virement in register::virements_of(&read, id).await? {
        for person in [
            Some(virement.recorded_by),
            virement.decision.as_ref().map(|decision| decision.by),
        ]
        .into_iter()
        .flatten()
        {
            people.insert(person, register::get_person(&read, person).await?.name);
        }
        let may = may_decide(officer, &grant, &virement);
        virements.push((virement, may));
    }
    let offices = officer.offices_in(fund.id);
    let may_record = offices
        .iter()
        .any(|office| office == COMMISSIONER || office == TREASURER);
    Ok(GrantPage {
        grant,
        fund,
        allocations,
        virements,
        available,
        allocated,
        may_record,
        people,
    })
}
