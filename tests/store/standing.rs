//! Where returns stand: what is counted where it is kept is what the domain counts one by one, and every list is as long.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use countersign::store::standing::{self, Wanted};
use countersign::store::{Page, Store, forms, gathered, register, returns as stored};
use countersign_domain::calendar::local_date;
use countersign_domain::ledger::Digest;
use countersign_domain::period::{Period, PeriodKind};
use countersign_domain::register::Assignment;
use countersign_domain::returns::Return;
use countersign_domain::returns::standing::{Known, Tally, Which};
use countersign_domain::workflow::State;

use crate::fixture::{FORM, World, another, at, day, id, world};

const TODAY: &str = "2018-07-20";

/// A return as it was planned, and the due date that it was planned with.
struct Planned {
    ret: Return,
    due_on: NaiveDate,
}

impl Planned {
    fn known(&self) -> Known<'_> {
        Known {
            state: &self.ret.state,
            first_submitted_on: self.ret.first_submitted_at.map(local_date),
            planned_due_on: self.due_on,
            due_on: self.ret.due_on,
            signed: self.ret.signed_revision.is_some(),
        }
    }

    fn holds(&self, which: Which) -> bool {
        which.holds(self.known(), day(TODAY))
    }
}

/// Returns of two forms, three assignments each and twelve months, in every state, some given more time, some handed in on
/// the day, the day after, in the last hour of a summer's day; and the world's own.
async fn many(store: &Store, w: &World) -> Vec<Planned> {
    let states = [
        State::Draft,
        State::SignedOff,
        State::InReview(0),
        State::Scheduled,
        State::InSignOff(1),
        State::Excused,
        State::Draft,
    ];
    let submitted = [
        None,
        Some("2018-07-10T22:59:59Z"),
        Some("2018-07-10T23:00:00Z"),
        Some("2018-06-30T10:00:00Z"),
        None,
        Some("2018-07-16T08:00:00Z"),
    ];
    let tx = store.begin().await.unwrap();
    forms::publish_form(&tx, "monthly", 1, Digest::of(b"m"), "m", at("2018-03-01T00:00:00Z"))
        .await
        .unwrap();
    let mut all = vec![Planned {
        ret: w.owed.clone(),
        due_on: w.owed.due_on,
    }];
    for nth in 0..6_u32 {
        let assignment = Assignment {
            id: id(),
            form: if nth % 2 == 0 { FORM } else { "monthly" }.to_owned(),
            allocation: None,
            ..w.assignment.clone()
        };
        register::insert_assignment(&tx, &assignment).await.unwrap();
        let year = Period::financial_year(2018).unwrap();
        for (month, period) in Period::each(PeriodKind::Month, year).enumerate() {
            let at_all = usize::try_from(nth).unwrap() * 12 + month;
            let due_on = [day("2018-07-10"), day("2018-07-19"), day("2018-07-20")][at_all % 3];
            let new = Return {
                assignment: assignment.id,
                form: assignment.form.clone(),
                state: State::Scheduled,
                due_on,
                closes_on: day("2018-12-31"),
                ..another(&w.owed, &format!("R-{at_all}"), period)
            };
            assert!(stored::insert_return(&tx, &new).await.unwrap());
            let state = states[at_all % states.len()].clone();
            let handed_in = matches!(state, State::InReview(_) | State::InSignOff(_) | State::SignedOff);
            let on = submitted[at_all % submitted.len()].or(handed_in.then_some("2018-07-11T09:00:00Z"));
            let on = on.filter(|_| state != State::Scheduled);
            let became = Return {
                due_on: due_on + Days::new([0, 0, 5][at_all / 2 % 3]),
                signed_revision: (state == State::SignedOff).then_some(1),
                revision: u32::from(on.is_some()),
                first_submitted_at: on.map(at),
                state,
                version: new.version + 1,
                ..new.clone()
            };
            stored::update_return(&tx, &became, new.version).await.unwrap();
            all.push(Planned { ret: became, due_on });
        }
    }
    tx.commit().await.unwrap();
    all
}

both!(what_is_counted_is_what_each_return_says, |db| {
    let w = world(&db.store).await;
    let all = many(&db.store, &w).await;
    let c = db.store.read();
    let mut expected: BTreeMap<(String, Period), Tally> = BTreeMap::new();
    for one in &all {
        let tally = expected.entry((one.ret.form.clone(), one.ret.period)).or_default();
        tally.add(one.known(), day(TODAY));
    }
    let counted = standing::tallies(&c, w.fund.id, day(TODAY)).await.unwrap();
    let counted: BTreeMap<_, _> = counted
        .into_iter()
        .map(|(form, period, tally)| ((form, period), tally))
        .collect();
    assert_eq!(counted, expected);
    let mut whole = Tally::default();
    expected.values().for_each(|tally| whole.merge(tally));
    for which in Which::ALL {
        assert!(whole.count(which) > 0, "{which:?} is tried");
    }
    assert_eq!(standing::tallies(&c, id(), day(TODAY)).await.unwrap(), vec![]);
});

both!(every_list_holds_what_its_number_counts, |db| {
    let w = world(&db.store).await;
    let all = many(&db.store, &w).await;
    let c = db.store.read();
    let period = Period::each(PeriodKind::Month, Period::financial_year(2018).unwrap())
        .nth(3)
        .unwrap();
    let half = Period::new(day("2018-04-01"), day("2018-09-30")).unwrap();
    for which in Which::ALL {
        let narrowed = |wanted: Wanted, holds: &dyn Fn(&Return) -> bool| {
            let expected: Vec<&Return> = all
                .iter()
                .filter(|one| one.holds(which) && holds(&one.ret))
                .map(|one| &one.ret)
                .collect();
            let mut expected: Vec<_> = expected.iter().map(|ret| ret.reference.clone()).collect();
            expected.sort_unstable();
            (wanted, expected)
        };
        let any = Wanted::all(which);
        let asked = [
            narrowed(any.clone(), &|_| true),
            narrowed(
                Wanted {
                    form: Some("monthly".to_owned()),
                    period: Some(period),
                    ..any.clone()
                },
                &|ret| ret.form == "monthly" && ret.period == period,
            ),
            narrowed(
                Wanted {
                    ends: Some(half),
                    ..any.clone()
                },
                &|ret| half.contains(ret.period.end()),
            ),
            narrowed(
                Wanted {
                    words: vec!["r-1".to_owned(), "partnership".to_owned()],
                    ..any.clone()
                },
                &|ret| ret.reference.starts_with("R-1"),
            ),
        ];
        for (wanted, expected) in asked {
            let (mut listed, mut from) = (Vec::new(), 0);
            loop {
                let page = Page { from, size: 7 };
                let (rows, total) = standing::page(&c, w.fund.id, &wanted, day(TODAY), page).await.unwrap();
                assert_eq!(total, expected.len() as u64, "{wanted:?}");
                if rows.is_empty() {
                    break;
                }
                from += 7;
                listed.extend(rows.into_iter().map(|ret| ret.reference));
            }
            listed.sort_unstable();
            assert_eq!(listed, expected, "{wanted:?}: nothing is twice or on no page");
            let count = standing::count(&c, w.fund.id, &wanted, day(TODAY)).await.unwrap();
            assert_eq!(count, expected.len() as u64);
        }
    }
});

both!(a_search_takes_words_as_they_are, |db| {
    let w = world(&db.store).await;
    let c = db.store.read();
    let found = async |words: &[&str]| {
        let wanted = Wanted {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            ..Wanted::all(Which::All)
        };
        standing::count(&c, w.fund.id, &wanted, day(TODAY)).await.unwrap()
    };
    assert_eq!(found(&["ply-2018-r1"]).await, 1, "the reference");
    assert_eq!(found(&["community", "partnership"]).await, 1, "the provider");
    assert_eq!(found(&["safety", "grant"]).await, 1, "the grant");
    assert_eq!(found(&["partnership", "elsewhere"]).await, 0, "each word");
    for wild in ["%", "_", "\\", "ply_2018", "'"] {
        assert_eq!(found(&[wild]).await, 0, "{wild} is no pattern");
    }
});

both!(what_is_to_date_is_of_the_grants_that_run, |db| {
    let w = world(&db.store).await;
    many(&db.store, &w).await;
    let c = db.store.read();
    let count = async |from: &str, to: &str| {
        let wanted = Wanted {
            running: Some(Period::new(day(from), day(to)).unwrap()),
            ..Wanted::all(Which::All)
        };
        standing::count(&c, w.fund.id, &wanted, day(TODAY)).await.unwrap()
    };
    // The grant runs from April 2017 to March 2018; the months are those after it.
    assert_eq!(count("2017-04-01", "2018-03-31").await, 1);
    assert_eq!(
        count("2018-03-31", "2018-06-30").await,
        1 + 3 * 6,
        "three months of each assignment have ended"
    );
    assert_eq!(count("2018-04-01", "2019-03-31").await, 0);
});

both!(what_a_paper_counts_and_names_is_what_there_is, |db| {
    let w = world(&db.store).await;
    let there = many(&db.store, &w).await;
    let reopened = there.iter().find(|one| one.ret.signed_revision.is_some());
    let reopened = &reopened.unwrap().ret;
    let excused = Return {
        state: State::Excused,
        version: reopened.version + 1,
        ..reopened.clone()
    };
    let tx = db.store.begin().await.unwrap();
    stored::update_return(&tx, &excused, reopened.version).await.unwrap();
    tx.commit().await.unwrap();
    let (c, fund) = (db.store.read(), w.fund.id);
    let all = stored::returns_of_fund(&c, fund).await.unwrap();
    let used: BTreeSet<&str> = all.iter().map(|ret| ret.form.as_str()).collect();
    let owed = register::forms_of_fund(&c, fund).await.unwrap();
    assert_eq!(Vec::from_iter(used), owed);
    let (year, month) = (("2018-04-01", "2019-03-31"), ("2018-06-01", "2018-06-30"));
    for (forms, (first, last)) in [
        (&[][..], year),
        (&[FORM], year),
        (&["monthly"], year),
        (&["monthly"], month),
    ] {
        let forms: Vec<String> = forms.iter().map(|form: &&str| (*form).to_owned()).collect();
        let within = Period::new(day(first), day(last)).unwrap();
        let of_forms = || all.iter().filter(|ret| forms.is_empty() || forms.contains(&ret.form));
        let periods: BTreeSet<Period> = of_forms().map(|ret| ret.period).collect();
        let known = gathered::periods(&c, fund, &forms).await.unwrap();
        assert_eq!(known, Vec::from_iter(periods));
        let (signed, others): (Vec<&Return>, Vec<&Return>) = of_forms()
            .filter(|ret| within.start() <= ret.period.start() && ret.period.end() <= within.end())
            .partition(|ret| ret.state != State::Excused && ret.signed_revision.is_some());
        let counted = gathered::signed_within(&c, fund, &forms, within).await.unwrap();
        assert_eq!(counted, signed.len() as u64, "{forms:?} {within:?}");
        let named = gathered::unsigned_within(&c, fund, &forms, within).await.unwrap();
        assert_eq!(named.iter().collect::<Vec<_>>(), others, "{forms:?} {within:?}");
    }
});
