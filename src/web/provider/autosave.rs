//! Saving a section while it is filled in. The page's script asks; nothing depends on it.
//!
//! Invariant: "saved" is answered only for what is on disk.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use countersign_domain::answers::Seen;
use countersign_domain::answers::types::{CellView, SectionKey, SectionView};
use countersign_domain::form::schema::{Kind, Question};
use poem::handler;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Body, Response};
use serde_json::{Value, json};

use super::super::{Posted, ProviderSession, Reply, Web};
use super::question::REQUIRED;
use super::section::At;
use super::table::total_key;
use super::{measures, place, typed};
use crate::service::ServiceError;
use crate::service::provider::ReturnPage;
use crate::service::save;
use crate::web::said::Language;

/// `POST /return/section/{key}/autosave`
#[handler]
pub async fn save_as_typed(web: Web, session: ProviderSession, Path(at): Path<At>, posted: Posted) -> Reply {
    let (key, now) = (at.key(), web.now());
    let saved = save::save(&web.deps, &session.contact, &key, typed::read(&posted)?, now).await?;
    let section = saved.page.evaluated.section(&key).ok_or(ServiceError::NotFound)?;
    let conflict = !saved.conflicts.is_empty();
    let mut seen = seen(&saved.page, section, &key);
    // What somebody else typed has not been seen yet: the page keeps what it had.
    for conflict in &saved.conflicts {
        seen.remove(&conflict.question);
    }
    let answer = json!({
        "saved_at": now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "seen": seen,
        "visible": section.questions.iter().filter(|view| view.visible).map(|view| &view.id).collect::<Vec<_>>(),
        "hidden_cells": hidden_cells(&saved.page, section),
        "calculated": calculated(&saved.page, section, session.language),
        "findings": findings(&saved.page, &key),
        "conflict": conflict,
    });
    Ok(Response::builder()
        .status(if conflict { StatusCode::CONFLICT } else { StatusCode::OK })
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from_string(answer.to_string())))
}

/// What the page shows now, to come back with its next save.
fn seen(page: &ReturnPage, section: &SectionView, key: &SectionKey) -> BTreeMap<String, String> {
    let draft = page.draft.sections.get(key);
    let answered = section.questions.iter().filter_map(|view| {
        let answer = draft?.answers.get(&view.id)?;
        Some((view.id.clone(), Seen::of(Some(answer)).to_string()))
    });
    answered.collect()
}

/// The cells of a section's tables, each with its key and its place.
fn cells<'p>(page: &'p ReturnPage, section: &'p SectionView) -> impl Iterator<Item = (String, &'p CellView)> {
    let questions = &page.form.sections[section.section].questions;
    section.questions.iter().flat_map(move |view| {
        let columns: &[Question] = match &questions[view.question].kind {
            Kind::Table(table) => &table.columns,
            _ => &[],
        };
        let rows = view.table.as_ref().map_or(&[][..], |table| &table.rows);
        rows.iter().flat_map(move |row| {
            let cells = columns.iter().zip(&row.cells);
            cells.map(move |(column, cell)| (format!("{}.{}.{}", view.id, row.id, column.id), cell))
        })
    })
}

/// The cells that are not shown now.
fn hidden_cells(page: &ReturnPage, section: &SectionView) -> Vec<String> {
    let hidden = cells(page, section).filter(|(_, cell)| !cell.visible);
    hidden.map(|(key, _)| key).collect()
}

/// Everything that stands beside boxes and follows from them, by its key: answers, cells, sums and measures.
fn calculated(page: &ReturnPage, section: &SectionView, language: Language) -> BTreeMap<String, String> {
    let mut calculated: BTreeMap<String, String> = section
        .questions
        .iter()
        .map(|view| (view.id.clone(), view.shown.clone()))
        .collect();
    calculated.extend(cells(page, section).map(|(key, cell)| (key, cell.shown.clone())));
    for view in &section.questions {
        if let (Kind::Table(table), Some(shown)) = (
            &page.form.sections[section.section].questions[view.question].kind,
            &view.table,
        ) {
            let totals = table.columns.iter().zip(&shown.totals);
            calculated
                .extend(totals.filter_map(|(column, total)| Some((total_key(&view.id, &column.id), total.clone()?))));
        }
    }
    let measures = measures::of_section(page, section, language);
    calculated.extend(measures.into_iter().map(|measure| (measure.id, measure.shown)));
    calculated
}

/// What was found. What is merely missing is not said to somebody who is still typing.
fn findings(page: &ReturnPage, key: &SectionKey) -> Vec<Value> {
    let found = page
        .evaluated
        .findings
        .iter()
        .filter(|finding| finding.check != REQUIRED);
    found
        .flat_map(|finding| {
            let here = finding.at.iter().filter(|place| place.section == *key);
            here.map(move |at| {
                json!({ "question": place::anchor(at), "severity": finding.severity, "message": finding.message })
            })
        })
        .collect()
}
