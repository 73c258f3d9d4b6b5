//! Rows of the ledger.

table! {
    /// A leaf.
    leaf, "ledger_leaves", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub leaf: String,
        pub hash: String,
        pub salt: Option<Vec<u8>>,
        pub body: Option<String>,
    }
}

table! {
    /// The one row with the size and the frontier of the tree.
    head, "ledger_head", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub size: i64,
        pub frontier: String,
    }
}

table! {
    /// A signed checkpoint.
    checkpoint, "checkpoints", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i64,
        pub root: String,
        pub note: String,
        pub made_at: DateTimeUtc,
    }
}
