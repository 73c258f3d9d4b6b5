//! What may be there only once, by the name of the constraint that keeps it so.
//!
//! Invariant: every name and column here is in the tables of both databases, which a test compares.

/// What may be there only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// A row's own identity.
    Identity,
    /// An organisation's key.
    OrganisationKey,
    /// A person's address, in the form that tells people apart.
    PersonAddress,
    /// A fund's key.
    FundKey,
    /// An office's key within its fund.
    OfficeKey,
    /// A round's key within its fund.
    RoundKey,
    /// An organisation's share of a fund.
    Share,
    /// A budget line's key within its allocation.
    LineKey,
    /// A person's holding of an office from one day.
    Holder,
    /// A grant's reference.
    GrantReference,
    /// An allocation's key within its grant.
    AllocationKey,
    /// A contact of an assignment.
    Contact,
    /// A version of a form.
    FormVersion,
    /// A return's reference.
    ReturnReference,
    /// A return of an assignment for a period.
    ReturnPeriod,
    /// A revision's number.
    RevisionNumber,
    /// A figure of a revision.
    FigureOnce,
    /// A signature for a stage over a revision.
    SignatureOnce,
    /// A decision on a row in a stage.
    DecisionOnce,
    /// An allocation that a plan's row became.
    PlannedAllocation,
    /// A row of a plan.
    PlannedRow,
    /// A paper of a report for a fund's period.
    PaperPeriod,
    /// A clearance of a story for a paper, given for the first, second or later time.
    ClearanceOnce,
    /// An edition's number.
    Edition,
    /// A return that an edition was made from.
    EditionInput,
    /// A file of an edition in one format.
    EditionFile,
    /// A link's token.
    LinkToken,
    /// A session's token.
    SessionToken,
    /// A notice's Message-ID.
    NoticeMessageId,
    /// A notice's duty.
    NoticeDedupe,
    /// A place in the ledger.
    LedgerPosition,
    /// A checkpoint at a size of the ledger.
    CheckpointSize,
}

/// Each constraint by its name, which PostgreSQL reports, and its table and columns, which SQLite reports.
const NAMED: &[(Constraint, &str, &str, &[&str])] = &[
    (
        Constraint::OrganisationKey,
        "uq_organisations_key",
        "organisations",
        &["key"],
    ),
    (
        Constraint::PersonAddress,
        "uq_people_address_key",
        "people",
        &["address_key"],
    ),
    (Constraint::FundKey, "uq_funds_key", "funds", &["key"]),
    (Constraint::OfficeKey, "uq_offices_key", "offices", &["fund_id", "key"]),
    (Constraint::RoundKey, "uq_rounds_key", "rounds", &["fund_id", "key"]),
    (
        Constraint::Share,
        "pk_shares",
        "shares",
        &["fund_id", "organisation_id"],
    ),
    (
        Constraint::LineKey,
        "uq_budget_lines_key",
        "budget_lines",
        &["allocation_id", "key"],
    ),
    (
        Constraint::Holder,
        "pk_holders",
        "holders",
        &["office_id", "person_id", "held_from"],
    ),
    (
        Constraint::GrantReference,
        "uq_grants_reference",
        "grants",
        &["reference"],
    ),
    (
        Constraint::AllocationKey,
        "uq_allocations_key",
        "allocations",
        &["grant_id", "key"],
    ),
    (
        Constraint::Contact,
        "pk_contacts",
        "contacts",
        &["assignment_id", "person_id"],
    ),
    (Constraint::FormVersion, "pk_forms", "forms", &["id", "version"]),
    (
        Constraint::ReturnReference,
        "uq_returns_reference",
        "returns",
        &["reference"],
    ),
    (
        Constraint::ReturnPeriod,
        "uq_returns_period",
        "returns",
        &["assignment_id", "period_start", "period_end"],
    ),
    (
        Constraint::RevisionNumber,
        "pk_revisions",
        "revisions",
        &["return_id", "number"],
    ),
    (
        Constraint::FigureOnce,
        "pk_figures",
        "figures",
        &["return_id", "revision", "measure", "allocation_key", "row_key"],
    ),
    (
        Constraint::SignatureOnce,
        "uq_signatures_once",
        "signatures",
        &["return_id", "revision", "stage"],
    ),
    (
        Constraint::DecisionOnce,
        "pk_decisions",
        "decisions",
        &["return_id", "revision", "stage", "section", "question", "row_key"],
    ),
    (
        Constraint::PlannedAllocation,
        "uq_planned_rows_allocation",
        "planned_rows",
        &["allocation_id"],
    ),
    (
        Constraint::PlannedRow,
        "pk_planned_rows",
        "planned_rows",
        &["return_id", "section", "row_key"],
    ),
    (
        Constraint::PaperPeriod,
        "uq_papers_period",
        "papers",
        &["fund_id", "report", "period_start", "period_end"],
    ),
    (
        Constraint::ClearanceOnce,
        "pk_clearances",
        "clearances",
        &["paper_id", "return_id", "revision", "place", "nth"],
    ),
    (
        Constraint::Edition,
        "uq_publications_edition",
        "publications",
        &["paper_id", "edition"],
    ),
    (
        Constraint::EditionInput,
        "pk_publication_inputs",
        "publication_inputs",
        &["publication_id", "return_id"],
    ),
    (
        Constraint::EditionFile,
        "pk_publication_files",
        "publication_files",
        &["publication_id", "format"],
    ),
    (Constraint::LinkToken, "uq_links_token", "links", &["token_digest"]),
    (Constraint::SessionToken, "pk_sessions", "sessions", &["digest"]),
    (
        Constraint::NoticeMessageId,
        "uq_notices_message_id",
        "notices",
        &["message_id"],
    ),
    (Constraint::NoticeDedupe, "uq_notices_dedupe", "notices", &["dedupe"]),
    (
        Constraint::LedgerPosition,
        "pk_ledger_leaves",
        "ledger_leaves",
        &["position"],
    ),
    (Constraint::CheckpointSize, "pk_checkpoints", "checkpoints", &["size"]),
];

impl Constraint {
    /// Every constraint with its name, its table and its columns in order.
    #[must_use]
    pub fn named() -> &'static [(Constraint, &'static str, &'static str, &'static [&'static str])] {
        NAMED
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        let named = NAMED
            .iter()
            .find(|(_, known, _, _)| *known == name)
            .map(|(constraint, ..)| *constraint);
        named.or_else(|| name.starts_with("pk_").then_some(Constraint::Identity))
    }

    /// From SQLite's list, such as `signatures.return_id, signatures.stage`.
    pub(super) fn by_columns(list: &str) -> Option<Self> {
        let found = NAMED.iter().find(|(_, _, table, columns)| {
            let known: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
            known.join(", ") == list
        });
        let named = found.map(|(constraint, ..)| *constraint);
        named.or_else(|| (!list.contains(',') && list.ends_with(".id")).then_some(Constraint::Identity))
    }
}
