//! Rows of links, sessions, sign-in codes and attempts.

table! {
    /// A link.
    link, "links", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub return_id: Uuid,
        pub person_id: Uuid,
        pub token_digest: String,
        pub issued_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
        pub revoked_reason: Option<String>,
    }
}

table! {
    /// A session.
    session, "sessions", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        pub person_id: Uuid,
        pub kind: String,
        pub link_id: Option<Uuid>,
        pub csrf: String,
        pub started_at: DateTimeUtc,
        pub seen_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
    }
}

table! {
    /// A sign-in code.
    code, "sign_in_codes", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub issued_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub tries: i32,
        pub used_at: Option<DateTimeUtc>,
    }
}

table! {
    /// An attempt, counted by a limit.
    attempt, "attempts", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub kind: String,
        pub subject: String,
        pub attempted_at: DateTimeUtc,
    }
}
