//! A service that is counted every quarter, and its users to date.
//!
//! Invariant: nobody types a sum that counts; one that is typed is held against the signed counts.

use countersign::store::{figures, returns};
use countersign_domain::answers::types::FigureValue;
use countersign_domain::form::parse::parse;
use countersign_domain::measure::{Rules, Signed, add_up};
use countersign_domain::workflow::State;

use super::{COUNT, DENZIL, FORMS, HUGH, ISOLDE, at_the_office, open, read, save, sign, signed};
use crate::outside::server::TestServer;

/// Each quarter: the day on which its count is made, the count, and the users to date as the pages say them.
const QUARTERS: [(&str, &str, &str); 3] = [
    ("2017-10-02 09:00", "30,172", "30,172"),
    ("2018-01-02 09:00", "18,988", "49,160"),
    ("2018-04-03 09:00", "4,837", "53,997"),
];

/// The count of one quarter, from its first page to its signature.
pub async fn counted(server: &TestServer, nth: usize) {
    let (day, users, to_date) = QUARTERS[nth];
    server.advance_to(day).await;
    count(server, users, to_date).await;
    let mut officer = at_the_office(server, ISOLDE).await;
    read(&mut officer, COUNT).await;
    officer.must_see(&[users, to_date]);
    officer.press("Accept revision 1").await;
    let mut officer = at_the_office(server, HUGH).await;
    read(&mut officer, COUNT).await;
    sign(server, &mut officer, HUGH, "I have compared this count").await;
    officer.must_see(&["The return is signed off."]);
    let read = server.app.deps.store.read();
    let all = returns::returns_of_form(&read, "service-users").await.unwrap();
    let off = all.iter().filter(|ret| ret.state == State::SignedOff).count();
    assert_eq!(off, nth + 1);
}

async fn count(server: &TestServer, users: &str, to_date: &str) {
    let mut contact = server.at_the_return(DENZIL).await;
    open(&mut contact, "use").await;
    contact.must_see(&["Of Taxi marshals at both ranks, in "]);
    contact
        .fill("a.users.value", users)
        .fill("a.own_total.value", "53,979")
        .fill(
            "What was prevented, and what people said",
            "Two quarrels ended before they began.",
        );
    contact.press("Save and continue").await;
    open(&mut contact, "use").await;
    contact.must_see(&[&format!(
        "You give 53,979 here, and {to_date} for “Users since the service began”."
    )]);
    contact.fill("a.own_total.value", to_date);
    save(&mut contact).await;
    contact.visit("/return/check").await;
    contact.must_see(&[to_date]);
    contact.must_not_see(&["53,979"]);
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

pub async fn three_quarters_are_signed(server: &TestServer) {
    let read = server.app.deps.store.read();
    let mut all = returns::returns_of_form(&read, "service-users").await.unwrap();
    all.sort_by_key(|ret| ret.period.end());
    let (mut users, mut to_date) = (Vec::new(), Vec::new());
    for ret in &all {
        users.extend(signed(server, ret, "users").await);
        to_date.extend(signed(server, ret, "to_date").await);
    }
    assert_eq!(users, ["all 30172", "all 18988", "all 4837"]);
    assert_eq!(to_date, ["all 30172", "all 49160", "all 53997"]);

    let form = parse(FORMS[1]).unwrap();
    let ids: Vec<_> = all.iter().map(|ret| ret.id).collect();
    for measure in ["users", "to_date"] {
        let rows = figures::signed_of(&read, &ids, Some(&[measure])).await.unwrap();
        let signed: Vec<Signed> = rows
            .iter()
            .map(|row| Signed {
                provider: "Plymouth Rank Marshals",
                subject: (None, None),
                period: row.period,
                value: row.figure.value,
                approximately: row.figure.approximately,
            })
            .collect();
        let (_, asked) = form.question(measure).unwrap();
        let (over_time, over_providers) = (asked.over_time, asked.over_providers);
        let sum = add_up(
            &signed,
            Rules {
                over_time,
                over_providers,
            },
        )
        .value;
        let count = match sum {
            Some(FigureValue::Count { count }) => count,
            Some(FigureValue::Number { scaled, places: 0, .. }) => scaled,
            other => panic!("{measure}: {other:?}"),
        };
        assert_eq!(count, 53_997, "{measure} over the year");
    }
}
