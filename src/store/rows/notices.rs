//! Rows of the outbox and of the leases.

table! {
    /// A mail.
    notice, "notices", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub dedupe: String,
        pub person_id: Uuid,
        pub return_id: Option<Uuid>,
        pub to_name: String,
        pub to_address: String,
        pub subject: String,
        pub body_text: String,
        pub body_html: String,
        pub message_id: String,
        pub dated: DateTimeUtc,
        pub secret_kind: String,
        pub secret_id: Option<Uuid>,
        pub priority: i32,
        pub state: String,
        pub run_at: DateTimeUtc,
        pub attempts: i32,
        pub last_error: Option<String>,
        pub sent_at: Option<DateTimeUtc>,
        pub written_at: DateTimeUtc,
        pub lease_owner: Option<String>,
        pub lease_until: Option<DateTimeUtc>,
    }
}

table! {
    /// A lease.
    lease, "leases", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub owner: String,
        pub held_until: DateTimeUtc,
        pub epoch: i64,
    }
}
