//! Plays a story: each step by the service that a person's page would have called, at its own time.
//!
//! Invariant: nothing is written but by the services; a step that is refused stops the playing, and says why.

mod judging;
mod papers;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::answers::Typed;
use countersign_domain::answers::types::{Mark, SectionKey};
use countersign_domain::form::schema::{Each, Severity};
use countersign_domain::ids::ReturnId;
use countersign_domain::register::{Grant, Person};
use countersign_domain::returns::Return;

use super::story::{Of, Step, Typing, Verb};
use crate::secrets;
use crate::service::register::edit::contacts::{NewContact, replace_contact};
use crate::service::save::Sent;
use crate::service::submit::SubmitError;
use crate::service::{
    Contact, Deps, Officer, ServiceError, chase, correct, facts, provider, rows, save, submit, virement,
};
use crate::store::{access, register, returns};

/// Does one step.
///
/// # Errors
/// In words for whoever writes the story.
pub async fn step(deps: &Deps, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    perform(deps, step, now).await.map_err(|fault| {
        let of = step.of.as_ref().map(|of| format!(" {of:?}")).unwrap_or_default();
        let paper = step
            .paper
            .as_ref()
            .map(|paper| format!(" {paper:?}"))
            .unwrap_or_default();
        format!("{}: {:?} by {}{of}{paper}: {fault}", step.on, step.verb, step.by)
    })
}

async fn perform(deps: &Deps, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let why = step.reason.as_deref().unwrap_or_default();
    match step.verb {
        Verb::Save | Verb::Explain | Verb::Submit | Verb::AnswerQuery => as_contact(deps, step, now).await,
        Verb::Virement | Verb::ApproveVirement => of_grant(deps, step, now).await,
        Verb::Accept | Verb::SendBack | Verb::Sign | Verb::Decline => judging::judge(deps, step, now).await,
        Verb::Begin | Verb::Write | Verb::Clear | Verb::Publish => papers::played(deps, step, now).await,
        Verb::Reopen | Verb::Excuse | Verb::Reinstate | Verb::Extend | Verb::Chase | Verb::ReplaceContact => {
            let (officer, ret) = (officer(deps, &step.by, now).await?, found(deps, step).await?);
            match step.verb {
                Verb::Reopen => correct::reopen(deps, &officer, ret.id, why, now).await.map_err(said),
                Verb::Excuse => correct::excuse(deps, &officer, ret.id, why, now).await.map_err(said),
                Verb::Reinstate => correct::reinstate(deps, &officer, ret.id, why, now).await.map_err(said),
                Verb::Extend => {
                    let due = step.due.ok_or("an extension has a day: due = 2018-06-14")?;
                    correct::extend(deps, &officer, ret.id, due, why, now)
                        .await
                        .map_err(said)
                }
                Verb::Chase => chase::note_chase(deps, &officer, ret.id, why, now).await.map_err(said),
                _ => replaced(deps, &officer, &ret, step, now).await,
            }
        }
    }
}

fn said(error: ServiceError) -> String {
    match error {
        ServiceError::Invalid(problems) => {
            let words: Vec<String> = problems
                .into_iter()
                .map(|problem| format!("{}: {}", problem.field, problem.message))
                .collect();
            words.join("; ")
        }
        other => other.to_string(),
    }
}

fn wrong(error: impl std::fmt::Display) -> String {
    error.to_string()
}

async fn person(deps: &Deps, address: &str) -> Result<Person, String> {
    let known = register::person_by_address(&deps.store.read(), address)
        .await
        .map_err(wrong)?;
    known.ok_or_else(|| format!("nobody has the address {address}"))
}

async fn officer(deps: &Deps, address: &str, now: DateTime<Utc>) -> Result<Officer, String> {
    let person = person(deps, address).await?;
    let today = facts::today(now);
    let holders = register::holders_of_person(&deps.store.read(), person.id)
        .await
        .map_err(wrong)?;
    Ok(Officer {
        holders: holders.into_iter().filter(|holder| holder.holds_on(today)).collect(),
        person,
        second_factor: true,
    })
}

/// A code that their authenticator shows now.
fn fresh_code(officer: &Officer, now: DateTime<Utc>) -> Result<String, String> {
    let secret = officer.person.totp_secret.as_deref();
    let secret = secret.ok_or_else(|| format!("{} has no authenticator", officer.person.email))?;
    Ok(secrets::totp_code_at_step(secret, secrets::totp_step(now)))
}

async fn grant(deps: &Deps, reference: &str) -> Result<Grant, String> {
    let known = register::grant_by_reference(&deps.store.read(), reference)
        .await
        .map_err(wrong)?;
    known.ok_or_else(|| format!("there is no grant {reference}"))
}

async fn found(deps: &Deps, step: &Step) -> Result<Return, String> {
    let read = deps.store.read();
    match step.of.as_ref().ok_or("the step names no return")? {
        Of::Reference(reference) => {
            for fund in register::all_funds(&read).await.map_err(wrong)? {
                let known = returns::return_by_reference(&read, fund.id, reference)
                    .await
                    .map_err(wrong)?;
                if let Some(known) = known {
                    return Ok(known);
                }
            }
            Err(format!("there is no return {reference}"))
        }
        Of::Owed {
            form,
            grant: reference,
            allocation,
            period,
        } => {
            let grant = grant(deps, reference).await?;
            let allocations = register::allocations_of(&read, grant.id).await.map_err(wrong)?;
            let wanted = allocation.as_ref().map(|key| {
                let known = allocations.iter().find(|known| known.key == *key);
                known.map(|known| known.id)
            });
            let of_grant = returns::returns_of_grant(&read, grant.id).await.map_err(wrong)?;
            let same = |ret: &&Return| {
                ret.form == *form
                    && ret.period.end() == *period
                    && wanted.is_none_or(|wanted| ret.allocation == wanted && wanted.is_some())
            };
            of_grant
                .iter()
                .find(same)
                .cloned()
                .ok_or_else(|| format!("{reference} has no such return"))
        }
    }
}

async fn contact(deps: &Deps, address: &str, of: ReturnId) -> Result<Contact, String> {
    let person = person(deps, address).await?;
    let links = access::links_of(&deps.store.read(), of).await.map_err(wrong)?;
    let mine = links
        .into_iter()
        .rfind(|link| link.person == person.id && link.revoked.is_none());
    let link = mine.ok_or_else(|| format!("{address} has no link to this return"))?;
    Ok(Contact {
        person,
        link: link.id,
        return_id: of,
    })
}

async fn as_contact(deps: &Deps, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let ret = found(deps, step).await?;
    let contact = contact(deps, &step.by, ret.id).await?;
    for (key, answers) in &step.answers {
        saved(deps, &contact, &SectionKey(key.clone()), answers, now).await?;
    }
    if step.verb == Verb::AnswerQuery {
        let page = provider::home(deps, &contact, now).await.map_err(said)?;
        let words = step.reason.as_deref().unwrap_or_default();
        for query in page.queries.iter().filter(|query| query.answer.is_none()) {
            save::answer_query(deps, &contact, query.id, words, now)
                .await
                .map_err(said)?;
        }
    }
    if let Some(words) = &step.explain {
        let page = provider::home(deps, &contact, now).await.map_err(said)?;
        // Who does nothing but explain explains anew what was explained before, too.
        let again = step.verb == Verb::Explain;
        let warnings = page.evaluated.findings.iter();
        let texts: BTreeMap<String, String> = warnings
            .filter(|finding| finding.severity == Severity::Warning && (again || finding.explanation.is_none()))
            .map(|finding| (finding.key.clone(), words.clone()))
            .collect();
        save::explain(deps, &contact, &texts, now).await.map_err(said)?;
    }
    match step.verb {
        Verb::Submit => submitted(deps, &contact, now).await,
        _ => Ok(()),
    }
}

async fn saved(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    answers: &BTreeMap<String, Typing>,
    now: DateTime<Utc>,
) -> Result<(), String> {
    let mut page = provider::home(deps, contact, now).await.map_err(said)?;
    while page.evaluated.section(key).is_none() {
        let section = key.0.split('/').next().unwrap_or_default();
        let grows = page
            .form
            .sections
            .iter()
            .any(|known| known.id == section && known.each == Each::Row);
        if !grows {
            return Err(format!("the return has no section {}", key.0));
        }
        page = rows::add(deps, contact, section, now).await.map_err(said)?.1;
    }
    let view = page.evaluated.section(key).ok_or("the section is gone")?;
    let answers = typed(answers);
    for question in answers.keys() {
        if !view.questions.iter().any(|known| known.id == *question) {
            return Err(format!("{} has no question {question}", key.0));
        }
    }
    let sent = Sent {
        base: page
            .draft
            .sections
            .get(key)
            .map(countersign_domain::answers::base_of)
            .unwrap_or_default(),
        answers,
    };
    let kept = save::save(deps, contact, key, sent, now).await.map_err(said)?;
    match kept.conflicts.first() {
        Some(conflict) => Err(format!("somebody else answered {}", conflict.question)),
        None => Ok(()),
    }
}

/// Answers as their page would have sent them. `spent~mark` and `spent~approximately` stand beside `spent`.
fn typed(answers: &BTreeMap<String, Typing>) -> BTreeMap<String, Typed> {
    let mut sent: BTreeMap<String, Typed> = BTreeMap::new();
    for (name, typing) in answers {
        let (question, beside) = name
            .split_once('~')
            .map_or((name.as_str(), None), |(q, b)| (q, Some(b)));
        let answer = sent.entry(question.to_owned()).or_default();
        match (beside, typing) {
            (Some("mark"), Typing::Text(mark)) if mark == "not-known" => answer.mark = Mark::NotKnown,
            (Some("mark"), Typing::Text(_)) => answer.mark = Mark::NotApplicable,
            (Some(_), Typing::Text(ticked)) => answer.approximately = ticked == "yes",
            (_, Typing::Text(text)) => {
                answer.fields.insert("value".to_owned(), text.clone());
            }
            (_, Typing::Fields(fields)) => answer.fields.extend(fields.clone()),
        }
    }
    sent
}

async fn submitted(deps: &Deps, contact: &Contact, now: DateTime<Utc>) -> Result<(), String> {
    let page = provider::home(deps, contact, now).await.map_err(said)?;
    match submit::submit(deps, contact, &page.print(), now).await {
        Ok(_) => Ok(()),
        Err(SubmitError::Service(error)) => Err(said(error)),
        Err(SubmitError::Blocked(page) | SubmitError::Changed(page)) => {
            let findings = page.evaluated.blocking().chain(page.evaluated.unexplained());
            let words: Vec<String> = findings
                .map(|finding| format!("{}: {}", finding.key, finding.message))
                .collect();
            Err(format!("it cannot be submitted: {}", words.join("; ")))
        }
    }
}

async fn of_grant(deps: &Deps, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let officer = officer(deps, &step.by, now).await?;
    let reference = step.grant.as_deref().ok_or("a virement names its grant")?;
    let (grant, read) = (grant(deps, reference).await?, deps.store.read());
    if step.verb == Verb::ApproveVirement {
        let all = register::virements_of(&read, grant.id).await.map_err(wrong)?;
        let waiting = all.iter().find(|virement| virement.decision.is_none());
        let waiting = waiting.ok_or("no virement waits")?;
        return virement::decide(deps, &officer, waiting.id, true, now)
            .await
            .map(drop)
            .map_err(said);
    }
    let allocations = register::allocations_of(&read, grant.id).await.map_err(wrong)?;
    let named = |key: &Option<String>| {
        let known = allocations.iter().find(|known| Some(&known.key) == key.as_ref());
        known.map(|known| known.id)
    };
    let moving = virement::Moving {
        from: named(&step.from),
        to: named(&step.to),
        amount: step.amount.as_deref().unwrap_or_default(),
        why: step.reason.as_deref().unwrap_or_default(),
    };
    virement::record(deps, &officer, grant.id, moving, now)
        .await
        .map(drop)
        .map_err(said)
}

async fn replaced(deps: &Deps, officer: &Officer, ret: &Return, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let left = person(deps, step.left.as_deref().unwrap_or_default()).await?;
    let new = NewContact {
        name: step.name.clone().unwrap_or_default(),
        email: step.email.clone().unwrap_or_default(),
    };
    replace_contact(deps, officer, (ret.assignment, left.id), &new, now)
        .await
        .map(drop)
        .map_err(said)
}
