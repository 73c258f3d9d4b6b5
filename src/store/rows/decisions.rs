//! Rows of what officers decided on the rows of a return's tables, and of what became of a plan's rows.

table! {
    /// A decision on one row.
    decision, "decisions", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub stage: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub section: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub question: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub row_key: String,
        pub decision: String,
        pub words: String,
        pub decided_by: Uuid,
        pub decided_at: DateTimeUtc,
    }
}

table! {
    /// A row of a plan that became an allocation.
    planned, "planned_rows", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub return_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub section: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub row_key: String,
        pub allocation_id: Uuid,
    }
}
