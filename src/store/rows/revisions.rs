//! Rows of revisions and of what hangs on one: figures, queries, signatures.

table! {
    /// A revision.
    revision, "revisions", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub document: String,
        pub digest: String,
        pub submitted_by: Uuid,
        pub submitted_at: DateTimeUtc,
    }
}

table! {
    /// A figure. The whole return's figures have an empty allocation key, and those of no row an empty row key, because a
    /// key cannot be null.
    figure, "figures", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        pub form: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub measure: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub allocation_key: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub row_key: String,
        pub kind: String,
        pub value: Option<i64>,
        pub upper: Option<i64>,
        pub places: Option<i64>,
        pub numerator: Option<i64>,
        pub denominator: Option<i64>,
        pub approximately: bool,
        pub standing: String,
        pub fund_id: Uuid,
        pub grant_id: Uuid,
        pub allocation_id: Option<Uuid>,
        pub provider_id: Uuid,
        pub period_start: Date,
        pub period_end: Date,
    }
}

table! {
    /// A reviewer's query.
    query, "queries", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub return_id: Uuid,
        pub revision: i64,
        pub section: String,
        pub question: String,
        pub body: String,
        pub asked_by: Uuid,
        pub asked_at: DateTimeUtc,
        pub answer: Option<String>,
        pub answered_by: Option<Uuid>,
        pub answered_at: Option<DateTimeUtc>,
    }
}

table! {
    /// A signature.
    signature, "signatures", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub return_id: Uuid,
        pub revision: i64,
        pub stage: String,
        pub person_id: Uuid,
        pub office: String,
        pub as_deputy: bool,
        pub typed_name: String,
        pub position: String,
        pub statement: String,
        pub digest: String,
        pub known_by: String,
        pub signed_at: DateTimeUtc,
        pub voided_at: Option<DateTimeUtc>,
        pub voided_reason: Option<String>,
    }
}
