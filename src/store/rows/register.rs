//! Rows of the register and of the published forms.

table! {
    /// An organisation.
    organisation, "organisations", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: String,
        pub name: String,
    }
}

table! {
    /// A person.
    person, "people", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub email: String,
        pub address_key: String,
        pub organisation_id: Uuid,
        pub totp_secret: Option<Vec<u8>>,
        pub totp_last_step: Option<i64>,
    }
}

table! {
    /// A fund.
    fund, "funds", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: String,
        pub title: String,
        pub commissioner_id: Uuid,
        pub nation: String,
        pub priorities: String,
        pub total: Option<i64>,
        pub smallest_award: Option<i64>,
        pub largest_award: Option<i64>,
    }
}

table! {
    /// A round of a fund.
    round, "rounds", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub fund_id: Uuid,
        pub key: String,
        pub title: String,
        pub opens_on: Date,
        pub closes_on: Date,
        pub smallest_award: Option<i64>,
        pub largest_award: Option<i64>,
    }
}

table! {
    /// A row of a fund's needs matrix.
    share, "shares", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fund_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        pub weight: i64,
        pub places: i32,
        pub position: i32,
    }
}

table! {
    /// An office.
    office, "offices", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub fund_id: Uuid,
        pub key: String,
        pub title: String,
    }
}

table! {
    /// Who holds an office from a day on.
    holder, "holders", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub office_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub held_from: Date,
        pub held_to: Option<Date>,
        pub deputy: bool,
    }
}

table! {
    /// A grant.
    grant, "grants", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub fund_id: Uuid,
        pub organisation_id: Uuid,
        pub reference: String,
        pub title: String,
        pub amount: i64,
        pub carried_forward: i64,
        pub starts_on: Date,
        pub ends_on: Date,
        pub round_id: Option<Uuid>,
        pub conditions: Option<String>,
        pub held_back: i64,
        pub held_back_for: Option<String>,
    }
}

table! {
    /// An allocation.
    allocation, "allocations", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub grant_id: Uuid,
        pub key: String,
        pub title: String,
        pub provider_id: Uuid,
        pub approved: i64,
        pub uncovered: i64,
        pub contract_total: Option<i64>,
        pub priorities: String,
        pub position: i32,
        pub project: Option<String>,
        pub project_title: Option<String>,
        pub proposed: Option<i64>,
        pub contract_ends_on: Option<Date>,
        pub other_funding: Option<i64>,
        pub provider_named: Option<String>,
    }
}

table! {
    /// A budget line of an allocation.
    line, "budget_lines", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub allocation_id: Uuid,
        pub key: String,
        pub title: String,
        pub amount: Option<i64>,
        pub position: i32,
    }
}

table! {
    /// A virement.
    virement, "virements", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub grant_id: Uuid,
        pub from_allocation_id: Uuid,
        pub to_allocation_id: Uuid,
        pub amount: i64,
        pub reason: String,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
        pub approved: Option<bool>,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
    }
}

table! {
    /// A published version of a form.
    form, "forms", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub digest: String,
        pub source: String,
        pub published_at: DateTimeUtc,
    }
}

table! {
    /// An assignment.
    assignment, "assignments", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub form: String,
        pub grant_id: Uuid,
        pub allocation_id: Option<Uuid>,
        pub organisation_id: Uuid,
        pub owed_from: Date,
        pub owed_to: Date,
    }
}

table! {
    /// A contact.
    contact, "contacts", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub assignment_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub lead: bool,
    }
}

table! {
    /// A change of the register.
    change, "register_changes", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub fund_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub changed_at: DateTimeUtc,
        pub entity: String,
        pub key: String,
        pub was: Option<String>,
        pub became: Option<String>,
    }
}
