//! Rows of returns and of what is typed for them.

table! {
    /// A return. `extended_from` is the due day as it was planned, where more time was given; `first_submitted_on` is
    /// London's day of `first_submitted_at`.
    owed, "returns", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub reference: String,
        pub assignment_id: Uuid,
        pub form: String,
        pub form_version: i64,
        pub fund_id: Uuid,
        pub grant_id: Uuid,
        pub allocation_id: Option<Uuid>,
        pub organisation_id: Uuid,
        pub period_start: Date,
        pub period_end: Date,
        pub opens_on: Date,
        pub due_on: Date,
        pub closes_on: Date,
        pub state: String,
        pub revision: i64,
        pub signed_revision: Option<i64>,
        pub first_submitted_at: Option<DateTimeUtc>,
        pub extended_from: Option<Date>,
        pub first_submitted_on: Option<Date>,
        pub version: i64,
    }
}

table! {
    /// A section's draft.
    section, "draft_sections", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub section: String,
        pub version: i64,
        pub document: String,
    }
}

table! {
    /// The explanations of a return's warnings.
    explanations, "explanations", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        pub version: i64,
        pub document: String,
    }
}

table! {
    /// Somebody who saved or submitted answers.
    preparer, "preparers", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
    }
}

table! {
    /// An act of the workflow.
    act, "acts", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub return_id: Uuid,
        pub action: String,
        pub stage: Option<String>,
        pub revision: i64,
        pub person_id: Option<Uuid>,
        pub acted_at: DateTimeUtc,
        pub reason: Option<String>,
    }
}

table! {
    /// A document handed in.
    upload, "uploads", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub size: i64,
        pub media: String,
        pub uploaded_by: Uuid,
        pub uploaded_at: DateTimeUtc,
    }
}

table! {
    /// A move of a draft to another version of its form.
    moved, "draft_moves", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub return_id: Uuid,
        pub from_version: i64,
        pub to_version: i64,
        pub before: String,
        pub after: String,
        pub moved_by: Uuid,
        pub moved_at: DateTimeUtc,
        pub undone_by: Option<Uuid>,
        pub undone_at: Option<DateTimeUtc>,
    }
}
