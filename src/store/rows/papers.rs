//! Rows of papers, of what was cleared for them, and of their editions.

table! {
    /// A paper.
    paper, "papers", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub report: String,
        pub fund_id: Uuid,
        pub period_start: Date,
        pub period_end: Date,
        pub prose: String,
        pub begun_by: Uuid,
        pub begun_at: DateTimeUtc,
        pub version: i64,
        pub state: String,
    }
}

table! {
    /// A story that was cleared for a paper.
    clearance, "clearances", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub paper_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub nth: i64,
        pub cleared_by: Uuid,
        pub cleared_at: DateTimeUtc,
        pub withdrawn_by: Option<Uuid>,
        pub withdrawn_at: Option<DateTimeUtc>,
    }
}

table! {
    /// An edition.
    publication, "publications", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub paper_id: Uuid,
        pub edition: i64,
        pub report: String,
        pub report_version: i64,
        pub report_digest: String,
        pub fund_id: Uuid,
        pub period_start: Date,
        pub period_end: Date,
        pub audience: String,
        pub policy: Option<String>,
        pub prose: String,
        pub document: String,
        pub digest: String,
        pub released: String,
        pub published_by: Uuid,
        pub published_at: DateTimeUtc,
    }
}

table! {
    /// A revision that an edition was made from.
    input, "publication_inputs", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub publication_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        pub revision: i64,
        pub digest: String,
    }
}

table! {
    /// A file of an edition.
    file, "publication_files", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub publication_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub format: String,
        pub media: String,
        pub name: String,
        pub size: i64,
        pub bytes: Vec<u8>,
        pub digest: String,
    }
}
