//! report: a grant's evaluation paper, added up from signed figures and nothing else.
//!
//! Invariant: every number comes from a figure row of a signed revision, or from that revision's frozen register;
//! what is missing is named.

use chrono::{DateTime, Utc};
use countersign_domain::answers::target_reached;
use countersign_domain::answers::format;
use countersign_domain::answers::types::{Figure, FigureValue, Finding, Register};
use countersign_domain::form::schema::{Benchmark, Form, Target};
use countersign_domain::ids::{FundId, ReturnId};
use countersign_domain::money::Money;
use countersign_domain::returns::{Return, Revision, Signature};
use countersign_domain::workflow::State;

use super::{Deps, Officer, ServiceError, facts};
use crate::store::{Connection, figures, register, returns, revisions, signatures};

/// A return that has a paper, or will have one.
#[derive(Debug, Clone)]
pub struct PaperLine {
    /// The return.
    pub ret: Return,
    /// The grant's title.
    pub grant: String,
    /// The form's title.
    pub form_title: String,
    /// Whether signed figures exist.
    pub signed: bool,
    /// When it was last signed, in words.
    pub signed_words: Option<String>,
}

/// The papers that an officer can read.
pub async fn papers(deps: &Deps, officer: &Officer, now: DateTime<Utc>) -> Result<Vec<PaperLine>, ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    let read = deps.store.read();
    let mut lines = Vec::new();
    for fund in register::funds_of_officer(&read, officer.person.id, facts::today(now)).await? {
        for ret in returns::returns_of_fund(&read, fund.id).await? {
            if ret.state == State::Scheduled {
                continue;
            }
            let grant = register::get_grant(&read, ret.grant).await?;
            let form = deps.forms.version(&read, &ret.form, ret.form_version).await?;
            let signed_words = match ret.signed_revision {
                Some(number) => signatures::signatures_of(&read, ret.id)
                    .await?
                    .into_iter()
                    .rfind(|signature| signature.revision == number)
                    .map(|signature| super::notify::moment(signature.signed_at)),
                None => None,
            };
            lines.push(PaperLine {
                grant: grant.title,
                form_title: form.title.en.clone(),
                signed: ret.signed_revision.is_some(),
                signed_words,
                ret,
            });
        }
    }
    Ok(lines)
}

/// The evaluation paper of one grant, as data.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The form's title.
    pub title: String,
    /// The grant's title.
    pub grant_title: String,
    /// The grant's reference.
    pub grant_reference: String,
    /// Who was awarded it.
    pub provider: String,
    /// The fund's title.
    pub fund_title: String,
    /// The period, as a label.
    pub period: String,
    /// How many returns of this form are signed, of how many expected, and which are missing.
    pub coverage: Coverage,
    /// Award, carried forward, allocated, spent and what is left, in order.
    pub reconciliation: Vec<(String, Money)>,
    /// Each project.
    pub projects: Vec<ProjectLine>,
    /// Measures beside target and benchmark.
    pub measures: Vec<MeasureLine>,
    /// What the checks said, with the explanations.
    pub findings: Vec<FindingLine>,
    /// Virements of the grant that its allocations hold.
    pub virements: Vec<VirementLine>,
    /// Who signed what.
    pub signatures: Vec<Signature>,
    /// The revision that the figures come from.
    pub revision: u32,
    /// Its digest, hex.
    pub digest: String,
    /// Whether a correction is under way that has not been signed.
    pub correction_under_way: bool,
}

/// Which returns the figures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Signed.
    pub signed: usize,
    /// Expected: not excused.
    pub expected: usize,
    /// References of those missing.
    pub missing: Vec<String>,
}

/// One project's money.
#[derive(Debug, Clone)]
pub struct ProjectLine {
    /// Title.
    pub title: String,
    /// Who delivers it.
    pub provider: String,
    /// Allocated, virements included.
    pub allocated: Money,
    /// Spent, and whether it was given as approximate; none when it was not given as a figure.
    pub spent: Option<(Money, bool)>,
    /// Allocated less spent.
    pub left: Option<Money>,
}

/// One measure.
#[derive(Debug, Clone)]
pub struct MeasureLine {
    /// The project, or the whole.
    pub project: String,
    /// What it is.
    pub label: String,
    /// The figure as shown.
    pub shown: String,
    /// The figure itself.
    pub value: FigureValue,
    /// "At least 75%", where there is a target.
    pub target: Option<String>,
    /// Whether it was reached.
    pub on_target: Option<bool>,
    /// "National average 21.9%", where there is one.
    pub benchmark: Option<String>,
}

/// One finding with its explanation.
#[derive(Debug, Clone)]
pub struct FindingLine {
    /// The project, or the whole.
    pub project: String,
    /// What the check says.
    pub message: String,
    /// What was explained.
    pub explanation: Option<String>,
}

/// One approved virement.
#[derive(Debug, Clone)]
pub struct VirementLine {
    /// Gives.
    pub from: String,
    /// Receives.
    pub to: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
}

/// The paper of one return. Not found when it is not theirs; a conflict when nothing has been signed yet.
pub async fn evaluation(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    _now: DateTime<Utc>,
) -> Result<Paper, ServiceError> {
    let read = deps.store.read();
    let case = facts::case(deps, &read, id).await?;
    officer.within(case.fund.id)?;
    let Some(number) = case.ret.signed_revision else {
        return Err(ServiceError::Conflict(
            "This return has not been signed off, and a paper is made from signed figures only.".to_owned(),
        ));
    };
    let revision = revisions::get_revision(&read, id, number).await?;
    let frozen = Frozen::of(&revision)?;
    let figures: Vec<Figure> = figures::signed_figures(&read, case.fund.id, case.grant.id)
        .await?
        .into_iter()
        .filter(|row| row.return_id == id)
        .map(|row| row.figure)
        .collect();
    let projects = projects(&frozen.register, &figures);
    Ok(Paper {
        title: case.form.title.en.clone(),
        grant_title: case.grant.title.clone(),
        grant_reference: case.grant.reference.clone(),
        provider: case.provider.name.clone(),
        fund_title: case.fund.title.clone(),
        period: case.ret.period.label(),
        coverage: coverage(&read, case.fund.id, &case.ret).await?,
        reconciliation: reconciliation(&frozen.register, &projects)?,
        measures: measures(&case.form, &frozen.register, &figures),
        findings: frozen.findings.iter().map(|finding| finding_line(finding, &frozen.register)).collect(),
        virements: virements(&read, &case, revision.submitted_at).await?,
        signatures: signatures::signatures_of(&read, id)
            .await?
            .into_iter()
            .filter(|signature| signature.revision == number)
            .collect(),
        projects,
        revision: number,
        digest: revision.digest.to_string(),
        correction_under_way: case.ret.state != State::SignedOff,
    })
}

/// What a revision froze of the register and the checks.
struct Frozen {
    register: Register,
    findings: Vec<Finding>,
}

impl Frozen {
    fn of(revision: &Revision) -> Result<Frozen, ServiceError> {
        let document: serde_json::Value =
            serde_json::from_str(&revision.document).map_err(ServiceError::internal)?;
        let part = |name: &str| document.get(name).cloned().unwrap_or_default();
        Ok(Frozen {
            register: serde_json::from_value(part("register")).map_err(ServiceError::internal)?,
            findings: serde_json::from_value(part("findings")).map_err(ServiceError::internal)?,
        })
    }
}

fn projects(register: &Register, figures: &[Figure]) -> Vec<ProjectLine> {
    register
        .allocations
        .iter()
        .map(|allocation| {
            let spent = figures.iter().find_map(|figure| match figure.value {
                FigureValue::Money { pence }
                    if figure.measure == "spent" && figure.allocation.as_deref() == Some(&allocation.key) =>
                {
                    Some((Money::pence(pence), figure.approximately))
                }
                _ => None,
            });
            ProjectLine {
                title: allocation.title.clone(),
                provider: allocation.provider.clone(),
                allocated: allocation.amount,
                left: spent.and_then(|(spent, _)| allocation.amount.checked_sub(spent)),
                spent,
            }
        })
        .collect()
}

/// award + carried in = allocated + unallocated; allocated = spent + unspent.
fn reconciliation(register: &Register, projects: &[ProjectLine]) -> Result<Vec<(String, Money)>, ServiceError> {
    let too_large = || ServiceError::internal("the grant is too large to add up");
    let grant = &register.grant;
    let available = grant.amount.checked_add(grant.carried_forward).ok_or_else(too_large)?;
    let allocated = Money::checked_sum(projects.iter().map(|project| project.allocated)).ok_or_else(too_large)?;
    let spent = Money::checked_sum(projects.iter().filter_map(|project| Some(project.spent?.0))).ok_or_else(too_large)?;
    let line = |label: &str, amount: Money| (label.to_owned(), amount);
    // A project that gave no figure has not spent nothing.
    let given = projects.iter().filter(|project| project.spent.is_some()).count();
    let (spent_label, left_label) = match given == projects.len() {
        true => ("Spent".to_owned(), "Allocated and not spent"),
        false => (
            format!("Spent by the {given} of {} projects that gave a figure", projects.len()),
            "Allocated, and not spent or without a figure",
        ),
    };
    Ok(vec![
        line("Awarded", grant.amount),
        line("Carried forward from the year before", grant.carried_forward),
        line("Available", available),
        line("Allocated to projects", allocated),
        line("Unallocated", available.checked_sub(allocated).ok_or_else(too_large)?),
        line(&spent_label, spent),
        line(left_label, allocated.checked_sub(spent).ok_or_else(too_large)?),
    ])
}

fn project_title(register: &Register, key: Option<&str>) -> String {
    key.and_then(|key| register.allocations.iter().find(|allocation| allocation.key == key))
        .map_or_else(|| "The grant as a whole".to_owned(), |allocation| allocation.title.clone())
}

fn measures(form: &Form, register: &Register, figures: &[Figure]) -> Vec<MeasureLine> {
    figures
        .iter()
        .filter(|figure| !matches!(figure.value, FigureValue::Money { .. }))
        .filter_map(|figure| {
            let (label, target, benchmark) = described(form, &figure.measure)?;
            let shown = format::figure(&figure.value);
            Some(MeasureLine {
                project: project_title(register, figure.allocation.as_deref()),
                label,
                shown: if figure.approximately { format!("about {shown}") } else { shown },
                value: figure.value,
                target: target.map(|target| format::target(target, &figure.value)),
                on_target: target.and_then(|target| target_reached(target, &figure.value)),
                benchmark: benchmark.map(|benchmark| format::benchmark(benchmark, &figure.value)),
            })
        })
        .collect()
}

/// The label, target and benchmark of a figure: a question's or a measure's.
fn described<'a>(form: &'a Form, id: &str) -> Option<(String, Option<&'a Target>, Option<&'a Benchmark>)> {
    if let Some((_, question)) = form.question(id) {
        return Some((question.label.en.clone(), question.target.as_ref(), question.benchmark.as_ref()));
    }
    let measure = form.measures.iter().find(|measure| measure.id == id)?;
    Some((measure.title.en.clone(), measure.target.as_ref(), measure.benchmark.as_ref()))
}

fn finding_line(finding: &Finding, register: &Register) -> FindingLine {
    let key = finding.at.first().and_then(|place| place.section.0.split_once('/')).map(|(_, key)| key);
    FindingLine {
        project: project_title(register, key),
        message: finding.message.clone(),
        explanation: finding.explanation.as_ref().map(|explanation| explanation.text.clone()),
    }
}

/// The returns of the same form and period in the fund: signed, expected, missing.
async fn coverage(conn: &impl Connection, fund: FundId, ret: &Return) -> Result<Coverage, ServiceError> {
    let alike: Vec<Return> = returns::returns_of_fund(conn, fund)
        .await?
        .into_iter()
        .filter(|other| other.form == ret.form && other.period == ret.period && other.state != State::Excused)
        .collect();
    Ok(Coverage {
        signed: alike.iter().filter(|other| other.signed_revision.is_some()).count(),
        expected: alike.len(),
        missing: alike
            .iter()
            .filter(|other| other.signed_revision.is_none())
            .map(|other| other.reference.clone())
            .collect(),
    })
}

/// The virements that the revision's allocations hold: those approved by the time it was submitted.
async fn virements(
    conn: &impl Connection,
    case: &facts::Case,
    until: DateTime<Utc>,
) -> Result<Vec<VirementLine>, ServiceError> {
    let title = |id| {
        case.allocations
            .iter()
            .find(|allocation| allocation.id == id)
            .map(|allocation| allocation.title.clone())
            .unwrap_or_default()
    };
    let mut lines = Vec::new();
    for virement in register::virements_of(conn, case.grant.id).await? {
        let Some(decision) = virement.decision.filter(|decision| decision.approved && decision.at <= until) else { continue };
        lines.push(VirementLine {
            from: title(virement.from),
            to: title(virement.to),
            amount: virement.amount,
            reason: virement.reason,
            approved_by: register::get_person(conn, decision.by).await?.name,
        });
    }
    Ok(lines)
}
