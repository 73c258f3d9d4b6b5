//! Schedules at work: periods by their dates are planned, and the mails of a timetable are the mails that are sent.

use countersign::service::forms::publish;
use countersign::service::plan;
use countersign::store::{notices, returns};
use countersign_domain::calendar::{Nation, local_date};
use countersign_domain::form::parse::parse;
use countersign_domain::returns::NoticeState;
use countersign_domain::schedule::timetable::{About, Asked, timetable};
use countersign_domain::workflow::State;

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA};
use crate::outside::server::TestServer;

const FORM: &str = include_str!("../../forms/s5-partnership/evaluation.toml");

/// Two halves of the grant's year, and a period after its end.
const HALVES: &str = r#"dates = [
    { from = 2017-04-01, to = 2017-09-30, due = 2018-04-20, opens = "30 March after end", label = "The first half" },
    { from = 2017-10-01, to = 2018-03-31, due = "last working day of May after end" },
    { from = 2018-04-01, to = 2018-06-30 },
]"#;

on_both!(
    periods_by_their_dates_are_planned,
    a_return_whose_dates_contradict_each_other_is_named,
    the_mails_of_a_timetable_are_those_that_are_sent,
);

async fn periods_by_their_dates_are_planned(server: TestServer) {
    let store = &server.app.deps.store;
    let edited = FORM
        .replacen("\nversion  = 2", "\nversion = 3", 1)
        .replacen("every  = \"financial-year\"", HALVES, 1);
    assert!(edited.contains("The first half"), "the schedule is edited");
    publish(&server.app.deps, &edited, server.now())
        .await
        .expect("the next version");
    let done = server.tick().await;
    assert_eq!(
        (done.planned, done.opened),
        (2, 2),
        "none for a period that the grant has no day of"
    );
    assert_eq!(server.tick().await.planned, 0, "each is planned once");
    let mut planned: Vec<_> = returns::returns_of_form(&store.read(), "partnership-evaluation")
        .await
        .expect("the returns are read")
        .into_iter()
        .filter(|ret| ret.form_version == 3)
        .collect();
    planned.sort_by_key(|ret| ret.period);
    let dates: Vec<String> = planned
        .iter()
        .map(|ret| {
            format!(
                "{} to {}, {} to {}",
                ret.period.start(),
                ret.period.end(),
                ret.opens_on,
                ret.due_on
            )
        })
        .collect();
    assert_eq!(
        dates,
        [
            "2017-04-01 to 2017-09-30, 2018-03-30 to 2018-04-20",
            "2017-10-01 to 2018-03-31, 2018-04-03 to 2018-05-31",
        ]
    );
    assert!(planned.iter().all(|ret| ret.state == State::Draft));
    let mail = server.mails_to(MORWENNA.address).await;
    for label in ["The first half", "October 2017 to March 2018"] {
        let told = mail
            .iter()
            .filter(|mail| mail.text.contains(&format!("Period: {label}")));
        assert_eq!(told.count(), 1, "{label}");
    }
    let office = server.at_the_office(ANITA).await;
    office.must_see(&["The first half", "October 2017 to March 2018", "2017-18"]);
    server.finish().await;
}

/// Easter puts the due day off in England and not in Scotland, so that the form is not wrong everywhere.
async fn a_return_whose_dates_contradict_each_other_is_named(server: TestServer) {
    let (deps, now) = (&server.app.deps, server.now());
    let version = |number: u32, closes: &str| {
        let dates = format!(
            "dates = [{{ from = 2017-04-01, to = 2017-09-30 }}, {{ from = 2017-10-01, to = 2018-03-31, closes = {closes} }}]"
        );
        FORM.replacen("\nversion  = 2", &format!("\nversion = {number}"), 1)
            .replacen("every  = \"financial-year\"", &dates, 1)
    };
    publish(deps, &version(3, "2018-04-28"), now)
        .await
        .expect("a warning only");
    assert_eq!(plan::would_plan(deps, now).await.expect("a look").len(), 1);
    let (planned, troubles) = plan::plan(deps, now).await.expect("a plan");
    assert_eq!((planned, troubles.len()), (1, 1), "{troubles:?}");
    let said = "the return for October 2017 to March 2018 cannot be planned, because it would close before it is due";
    assert!(troubles[0].contains(said), "{troubles:?}");
    publish(deps, &version(4, "2018-04-30"), now)
        .await
        .expect("the next version");
    assert_eq!(plan::plan(deps, now).await.expect("a plan"), (1, Vec::new()));
    server.finish().await;
}

/// Everybody whom an addressee of the timetable stands for, in the register of the tests.
fn people(to: &str) -> usize {
    match to {
        "contacts" => 2,
        "provider.lead" | "commissioner" => 1,
        other => panic!("nobody of the register is {other}"),
    }
}

async fn the_mails_of_a_timetable_are_those_that_are_sent(server: TestServer) {
    let ret = server.the_return().await;
    let asked = Asked {
        from: ret.period.start(),
        to: Some(ret.period.end()),
        most: 1,
        grant: None,
        nation: Nation::EnglandAndWales,
    };
    let table = timetable(&parse(FORM).expect("the form"), &asked).expect("dates");
    let mut foretold: Vec<(String, &str)> = Vec::new();
    for mail in &table.periods[0].mails {
        let kind = match mail.about {
            About::Opening => "opened",
            About::Reminder => "reminder",
            About::Overdue => "overdue",
            About::Escalation => "escalation",
        };
        foretold.extend(std::iter::repeat_n((mail.on.to_string(), kind), people(&mail.to)));
    }
    assert!(foretold.len() > 10, "{foretold:?}");
    let last = table.periods[0].mails.last().expect("mails").on;
    let first = local_date(server.now());
    for day in first
        .iter_days()
        .skip(1)
        .take_while(|day| *day <= last + chrono::Days::new(10))
    {
        server.advance_to(&format!("{day} 09:00")).await;
    }
    let read = server.app.deps.store.read();
    let notices = notices::notices_of_return(&read, ret.id)
        .await
        .expect("the notices are read");
    let mut sent: Vec<(String, &str)> = notices
        .iter()
        .filter(|notice| notice.state == NoticeState::Sent)
        .map(|notice| {
            (
                local_date(notice.sent_at.expect("a moment")).to_string(),
                notice.kind.as_str(),
            )
        })
        .collect();
    sent.sort_unstable();
    foretold.sort_unstable();
    assert_eq!(sent, foretold);
    server.finish().await;
}
