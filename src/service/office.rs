//! What an officer sees: the funds they hold an office in, their returns, and one return in full.
//!
//! Invariant: every read is scoped by the officer's offices; not theirs looks like not there.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::answers::types::{Draft, Evaluated, Register};
use countersign_domain::answers::{Change, changes, filled};
use countersign_domain::form::schema::{Form, Stage};
use countersign_domain::ids::{FundId, GrantId, OrganisationId, PersonId, ReturnId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, Contact as ContactRow, Fund, Grant, Person, Virement};
use countersign_domain::returns::{Act, Link, Notice, Query, Return, Revision, RowDecision, Signature};
use countersign_domain::workflow::{Action, COMMISSIONER, Refusal, State, step};

use super::facts::today;
use super::virement::{TREASURER, may_decide};
use super::{Deps, Officer, ServiceError, facts};
use crate::store::{Connection, access, notices, register, returns, revisions, signatures};

/// A fund with its returns.
#[derive(Debug, Clone)]
pub struct FundPage {
    /// The fund.
    pub fund: Fund,
    /// The returns, the most pressing first.
    pub returns: Vec<ReturnLine>,
    /// Its grants.
    pub grants: Vec<Grant>,
    /// Mails that could not be delivered.
    pub failed_notices: Vec<Notice>,
}

/// A return in a list.
#[derive(Debug, Clone)]
pub struct ReturnLine {
    /// The return.
    pub ret: Return,
    /// Who owes it.
    pub provider: String,
    /// The grant's title.
    pub grant: String,
    /// The form's title.
    pub form_title: String,
    /// The period, in words.
    pub period: String,
    /// Where it stands, in words.
    pub stage_words: String,
    /// Days past its due date, if it is overdue.
    pub late_days: Option<i64>,
    /// Whether this officer can do the next thing.
    pub mine: bool,
    /// The last thing sent or noted to get it in.
    pub last_chase: Option<String>,
}

/// The funds of an officer.
pub async fn funds(deps: &Deps, officer: &Officer, now: DateTime<Utc>) -> Result<Vec<FundPage>, ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    let read = deps.store.read();
    let mut pages = Vec::new();
    for fund in register::funds_of_officer(&read, officer.person.id, today(now)).await? {
        pages.push(fund_page(deps, &read, officer, fund, now).await?);
    }
    Ok(pages)
}

async fn fund_page(
    deps: &Deps,
    conn: &impl Connection,
    officer: &Officer,
    fund: Fund,
    now: DateTime<Utc>,
) -> Result<FundPage, ServiceError> {
    let grants = register::grants_of_fund(conn, fund.id).await?;
    let titles: HashMap<GrantId, String> = grants.iter().map(|grant| (grant.id, grant.title.clone())).collect();
    let offices: HashMap<String, String> = register::offices_of_fund(conn, fund.id)
        .await?
        .into_iter()
        .map(|office| (office.key, office.title))
        .collect();
    let providers: HashMap<OrganisationId, String> = register::organisations_of_fund(conn, fund.id)
        .await?
        .into_iter()
        .map(|organisation| (organisation.id, organisation.name))
        .collect();
    let mut chases = last_chases(conn, fund.id).await?;
    let mut lines = Vec::new();
    let today = today(now);
    for ret in returns::returns_of_fund(conn, fund.id).await? {
        let form = deps.forms.version(conn, &ret.form, ret.form_version).await?;
        let stage = stage_of(&form, &ret.state);
        lines.push(ReturnLine {
            provider: providers.get(&ret.organisation).cloned().unwrap_or_default(),
            grant: titles.get(&ret.grant).cloned().unwrap_or_default(),
            form_title: form.title.en.clone(),
            period: form.schedule.period_label(ret.period),
            stage_words: stage_words(
                &ret.state,
                stage.and_then(|stage| offices.get(&stage.by)).map(String::as_str),
            ),
            late_days: ret.overdue_on(today).then(|| (today - ret.due_on).num_days()),
            mine: stage.is_some_and(|stage| officer.offices_in(fund.id).contains(&stage.by)),
            last_chase: chases.remove(&ret.id),
            ret,
        });
    }
    lines.sort_by_key(|line| (line.late_days.map_or(1, |days| -days), line.ret.due_on));
    let failed_notices = notices::failed_notices(conn, fund.id).await?;
    Ok(FundPage {
        fund,
        returns: lines,
        grants,
        failed_notices,
    })
}

/// The stage in which a return stands.
pub fn stage_of<'a>(form: &'a Form, state: &State) -> Option<&'a Stage> {
    match state {
        State::InReview(at) | State::InSignOff(at) => form.stages.get(*at),
        State::Scheduled | State::Draft | State::SignedOff | State::Excused => None,
    }
}

/// Where a return stands, in words for an officer; `office` is the title of whoever is to act.
fn stage_words(state: &State, office: Option<&str>) -> String {
    let by = office.map(|title| format!(": {title}")).unwrap_or_default();
    match state {
        State::Scheduled => "Not open yet".to_owned(),
        State::Draft => "In draft".to_owned(),
        State::InReview(_) => format!("In review{by}"),
        State::InSignOff(_) => format!("Awaiting signature{by}"),
        State::SignedOff => "Signed off".to_owned(),
        State::Excused => "Excused".to_owned(),
    }
}

/// The last thing that was mailed or noted to get each return of a fund in.
async fn last_chases(conn: &impl Connection, fund: FundId) -> Result<HashMap<ReturnId, String>, ServiceError> {
    let mailed = notices::mailed_of_fund(conn, fund, &["reminder", "overdue", "escalation"]).await?;
    let mailed = mailed.into_iter().map(|mail| {
        let what = match mail.kind.as_str() {
            "overdue" => "told that it is overdue",
            "escalation" => "told that it is late",
            _ => "reminded",
        };
        (mail.return_id, mail.written_at, format!("{} was {what}", mail.to_name))
    });
    let noted = returns::acts_of_fund(conn, fund, super::chase::CHASE).await?;
    let noted = noted
        .into_iter()
        .map(|act| (act.return_id, act.at, act.reason.unwrap_or_default()));
    let mut latest: HashMap<ReturnId, (DateTime<Utc>, String)> = HashMap::new();
    for (id, at, words) in mailed.chain(noted) {
        if latest.get(&id).is_none_or(|(before, _)| *before <= at) {
            latest.insert(id, (at, words));
        }
    }
    let in_words = |(at, words): (DateTime<Utc>, String)| format!("{}: {words}", today(at).format("%-d %B"));
    Ok(latest.into_iter().map(|(id, last)| (id, in_words(last))).collect())
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
