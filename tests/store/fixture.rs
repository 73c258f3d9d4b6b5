//! A small register with one return, for the tests to stand on.

use chrono::{DateTime, NaiveDate, Utc};
use countersign::store::{Store, forms, register, returns, revisions};
use countersign_domain::calendar::Nation;
use countersign_domain::ids::OfficeId;
use countersign_domain::ledger::Digest;
use countersign_domain::money::Money;
use countersign_domain::period::Period;
use countersign_domain::register::{
    Allocation, Assignment, Contact, Fund, Grant, Holder, Limits, Office, Organisation, Person,
};
use countersign_domain::returns::{Return, Revision};
use countersign_domain::workflow::State;
use uuid::Uuid;

/// An identity that nothing else has.
pub fn id<T: From<Uuid>>() -> T {
    T::from(Uuid::new_v4())
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A moment.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// The form that everything here is about.
pub const FORM: &str = "final-evaluation";

/// What [`world`] made.
pub struct World {
    pub commissioner: Organisation,
    pub provider: Organisation,
    pub fund: Fund,
    pub office: Office,
    pub chair: Holder,
    pub grant: Grant,
    pub over: Allocation,
    pub under: Allocation,
    pub assignment: Assignment,
    pub contact: Contact,
    pub officer: Person,
    pub preparer: Person,
    pub owed: Return,
}

/// A person of an organisation.
pub fn person(name: &str, email: &str, of: &Organisation) -> Person {
    Person {
        id: id(),
        name: name.to_owned(),
        email: email.to_owned(),
        organisation: of.id,
        totp_secret: None,
        totp_last_step: None,
    }
}

/// An organisation.
pub fn organisation(key: &str, name: &str) -> Organisation {
    Organisation {
        id: id(),
        key: key.to_owned(),
        name: name.to_owned(),
    }
}

/// An allocation of a grant.
pub fn allocation(grant: &Grant, key: &str, provider: &Organisation, pounds: i64, position: i32) -> Allocation {
    Allocation {
        id: id(),
        grant: grant.id,
        key: key.to_owned(),
        title: format!("Project {key}"),
        project: None,
        project_title: None,
        provider: provider.id,
        provider_name: provider.name.clone(),
        proposed: None,
        approved: Money::pence(pounds * 100),
        uncovered: Money::ZERO,
        contract_total: None,
        contract_ends_on: None,
        other_funding: None,
        priorities: vec!["victims".to_owned(), "asb".to_owned()],
        position,
    }
}

/// Another return of the same assignment.
pub fn another(of: &Return, reference: &str, period: Period) -> Return {
    Return {
        id: id(),
        reference: reference.to_owned(),
        period,
        ..of.clone()
    }
}

/// A revision of a return.
pub fn revision(of: &Return, number: u32, by: &Person) -> Revision {
    let document = format!("{{\"answers\":{{\"ü\":\"£1,\\u0000\"}},\"n\":{number}, \"spaced\" : [1 ,2]}}");
    Revision {
        return_id: of.id,
        number,
        digest: Digest::of(document.as_bytes()),
        document,
        submitted_by: by.id,
        submitted_at: at("2018-04-20T10:11:12.000013Z"),
    }
}

/// A revision that is written.
pub async fn submitted(store: &Store, of: &Return, number: u32, by: &Person) -> Revision {
    let revision = revision(of, number, by);
    let tx = store.begin().await.unwrap();
    revisions::insert_revision(&tx, &revision).await.unwrap();
    tx.commit().await.unwrap();
    revision
}

/// The register, with one return in draft.
pub async fn world(store: &Store) -> World {
    let commissioner = organisation("commissioner", "Office of the Commissioner");
    let provider = organisation("partnership", "Community Safety Partnership");
    let officer = person("Ada Chair", "ada@example.org", &commissioner);
    let preparer = person("Ben Writer", "ben@example.org", &provider);
    let fund = Fund {
        id: id(),
        key: "csf".to_owned(),
        title: "Community safety fund".to_owned(),
        commissioner: commissioner.id,
        nation: Nation::EnglandAndWales,
        priorities: vec![
            ("asb".to_owned(), "Anti-social behaviour".to_owned()),
            ("victims".to_owned(), "Victims".to_owned()),
        ],
        total: None,
        limits: Limits::default(),
    };
    let office = Office {
        id: id::<OfficeId>(),
        fund: fund.id,
        key: "partnership.chair".to_owned(),
        title: "Chair of the partnership".to_owned(),
    };
    let chair = Holder {
        office: office.id,
        office_key: office.key.clone(),
        office_title: office.title.clone(),
        fund: fund.id,
        person: officer.id,
        from: day("2017-04-01"),
        to: Some(day("2018-03-31")),
        deputy: false,
    };
    let grant = Grant {
        id: id(),
        fund: fund.id,
        round: None,
        organisation: provider.id,
        reference: "PLY-2018".to_owned(),
        title: "Community safety grant".to_owned(),
        amount: Money::pence(40_056_800),
        carried_forward: Money::pence(2_767_800),
        starts_on: day("2017-04-01"),
        ends_on: day("2018-03-31"),
        conditions: None,
        held_back: Money::ZERO,
        held_back_for: None,
    };
    let mut over = allocation(&grant, "over", &provider, 16_046, 1);
    over.uncovered = Money::pence(44_000);
    over.contract_total = Some(Money::pence(190_512_200));
    let under = allocation(&grant, "under", &provider, 39_000, 2);
    let assignment = Assignment {
        id: id(),
        form: FORM.to_owned(),
        grant: grant.id,
        allocation: None,
        organisation: provider.id,
        from: day("2017-04-01"),
        to: day("2018-03-31"),
    };
    let contact = Contact {
        person: preparer.id,
        assignment: assignment.id,
        lead: true,
    };
    let owed = Return {
        id: id(),
        reference: "PLY-2018-R1".to_owned(),
        assignment: assignment.id,
        form: FORM.to_owned(),
        form_version: 1,
        fund: fund.id,
        grant: grant.id,
        allocation: None,
        organisation: provider.id,
        period: Period::new(day("2017-04-01"), day("2018-03-31")).unwrap(),
        opens_on: day("2018-04-01"),
        due_on: day("2018-04-30"),
        closes_on: day("2018-06-29"),
        state: State::Draft,
        revision: 0,
        signed_revision: None,
        first_submitted_at: None,
        version: 1,
    };

    let tx = store.begin().await.unwrap();
    for organisation in [&commissioner, &provider] {
        register::insert_organisation(&tx, organisation).await.unwrap();
    }
    for person in [&officer, &preparer] {
        register::insert_person(&tx, person).await.unwrap();
    }
    register::insert_fund(&tx, &fund).await.unwrap();
    register::insert_office(&tx, &office).await.unwrap();
    register::insert_holder(&tx, &chair).await.unwrap();
    register::insert_grant(&tx, &grant).await.unwrap();
    for allocation in [&under, &over] {
        register::insert_allocation(&tx, allocation).await.unwrap();
    }
    forms::publish_form(&tx, FORM, 1, Digest::of(b"one"), "one", at("2018-03-01T00:00:00Z"))
        .await
        .unwrap();
    register::insert_assignment(&tx, &assignment).await.unwrap();
    register::insert_contact(&tx, &contact).await.unwrap();
    assert!(returns::insert_return(&tx, &owed).await.unwrap());
    tx.commit().await.unwrap();
    World {
        commissioner,
        provider,
        fund,
        office,
        chair,
        grant,
        over,
        under,
        assignment,
        contact,
        officer,
        preparer,
        owed,
    }
}
