//! A plan goes through its five stages in order, and only then does money move.

use countersign::service::{ServiceError, correct, decisions, rows};
use countersign::store::{register, signatures};
use countersign_domain::answers::Typed;
use countersign_domain::answers::types::SectionKey;
use countersign_domain::money::Money;
use countersign_domain::register::Allocation;
use countersign_domain::returns::Decision;
use countersign_domain::workflow::State;
use sea_orm::ConnectionTrait;

use crate::outside::on_both;
use crate::outside::server::TestServer;
use crate::planning::{NELL, Planning, STAGES, decided, fields};

on_both!(
    a_plan_becomes_allocations_after_its_fifth_stage_and_not_before,
    no_stage_is_skipped_and_nobody_acts_for_another,
    a_correction_changes_the_same_allocations,
    every_risk_is_decided_on_by_the_board_and_the_ledger_knows,
    a_plan_that_no_longer_fits_its_grant_is_not_signed,
);

/// The plan of 2020-21: its six rows, and what the rest is held back for.
const ROWS: [(&str, &str); 6] = [
    ("Domestic abuse service", "210,000"),
    ("Sexual violence therapy", "25,000"),
    ("Drug and alcohol contract", "93,575"),
    ("Community fund", "25,000"),
    ("Prevent", "10,000"),
    ("Partnership infrastructure", "13,993"),
];

async fn filled(server: TestServer) -> Planning {
    let plan = Planning::begin(server).await;
    for (title, amount) in ROWS {
        plan.add(title, amount).await;
    }
    let held = [("held_for", Typed::value("Serious violence, while it is discussed"))];
    plan.say("whole", &held).await;
    plan
}

async fn allocations(plan: &Planning) -> Vec<Allocation> {
    let read = plan.server.app.deps.store.read();
    register::allocations_of(&read, plan.ret().await.grant).await.unwrap()
}

async fn a_plan_becomes_allocations_after_its_fifth_stage_and_not_before(server: TestServer) {
    let plan = filled(server).await;
    plan.say(
        "project/1",
        &[
            ("deliverer", Typed::value("women's refuge")),
            ("serves", fields(&[("victims", "yes"), ("places", "yes")])),
            ("contract", Typed::value("573,300")),
            (
                "contract_ends",
                fields(&[("day", "31"), ("month", "3"), ("year", "2023")]),
            ),
            ("other", Typed::value("44,450")),
        ],
    )
    .await;
    let parts = [
        ("0.part", "Small grants"),
        ("0.amount", "5,000"),
        ("1.part", "Training"),
        ("1.amount", "4,000"),
        ("2.part", "Wardens"),
        ("2.amount", "8,000"),
        ("3.part", "Youth work"),
    ];
    plan.say(
        "project/4",
        &[
            ("parts", fields(&parts)),
            ("deliverer", Typed::value("The Corner Project")),
        ],
    )
    .await;
    plan.submit().await;
    for (stage, who) in STAGES.into_iter().enumerate() {
        assert_eq!(allocations(&plan).await, vec![], "before stage {stage}");
        plan.act(stage, who, &[]).await.unwrap();
    }
    let all = allocations(&plan).await;
    let told: Vec<(&str, i64)> = all
        .iter()
        .map(|one| (one.key.as_str(), one.approved.in_pence() / 100))
        .collect();
    assert_eq!(
        told,
        [
            ("domestic-abuse-service", 210_000),
            ("sexual-violence-therapy", 25_000),
            ("drug-and-alcohol-contract", 93_575),
            ("community-fund", 25_000),
            ("prevent", 10_000),
            ("partnership-infrastructure", 13_993),
        ]
    );
    let first = &all[0];
    assert_eq!(first.provider_name, "Women’s Refuge");
    assert_eq!(first.priorities, ["victims", "places"]);
    assert_eq!(first.contract_total, Money::pounds(573_300));
    assert_eq!(first.contract_ends_on, "2023-03-31".parse().ok());
    assert_eq!(first.other_funding, Money::pounds(44_450));
    let read = plan.server.app.deps.store.read();
    let grant = register::get_grant(&read, plan.ret().await.grant).await.unwrap();
    assert_eq!(grant.held_back, Money::pounds(23_000).unwrap());
    assert_eq!(
        grant.held_back_for.as_deref(),
        Some("Serious violence, while it is discussed")
    );
    let fourth = &all[3];
    assert_eq!(
        (fourth.provider, fourth.provider_name.as_str()),
        (grant.organisation, "The Corner Project"),
        "nobody in the register is called that"
    );
    let lines = register::lines_of_grant(&read, grant.id).await.unwrap();
    let lines: Vec<_> = lines.iter().map(|line| (line.key.as_str(), line.amount)).collect();
    assert_eq!(
        lines,
        [
            ("small-grants", Money::pounds(5_000)),
            ("training", Money::pounds(4_000)),
            ("wardens", Money::pounds(8_000)),
            ("youth-work", None),
        ]
    );
    let changes = register::changes_of_fund(&read, grant.fund, 100).await.unwrap();
    let by_the_plan = changes.iter().filter(|change| change.person.is_some()).count();
    assert_eq!(by_the_plan, 7, "six allocations and what is held back: {changes:#?}");
    plan.finish().await;
}

/// Whether a stage is a review, and not a signature.
fn is_accepted(stage: usize) -> bool {
    matches!(stage, 0 | 2)
}

fn place(who: &str) -> usize {
    STAGES
        .iter()
        .position(|one| *one == who)
        .expect("somebody of the stages")
}

async fn no_stage_is_skipped_and_nobody_acts_for_another(server: TestServer) {
    let plan = filled(server).await;
    plan.submit().await;
    for (stage, rightful) in STAGES.into_iter().enumerate() {
        let before = plan.ret().await;
        // The first stage is accepted and the second signed: every act in a stage is one of the two.
        for (act, who) in [0, 1].into_iter().flat_map(|act| STAGES.map(|who| (act, who))) {
            if is_accepted(act) == is_accepted(stage) && who == rightful {
                continue;
            }
            let tried = plan.act(act, who, &[]).await;
            // Whoever has signed is given their own signature again, and nothing is done.
            let again = act == 1 && STAGES[..stage].contains(&who);
            assert_eq!(
                tried.is_ok(),
                again && !is_accepted(place(who)),
                "in stage {stage}, {who}, as in {act}"
            );
        }
        assert_eq!(plan.ret().await, before, "nothing has moved");
        plan.act(stage, rightful, &[]).await.unwrap();
    }
    assert_eq!(plan.ret().await.state, State::SignedOff);
    let again = plan.act(2, STAGES[2], &[]).await;
    assert!(matches!(again, Err(ServiceError::Conflict(_))), "{again:?}");
    let read = plan.server.app.deps.store.read();
    let signed = signatures::signatures_of(&read, plan.ret().await.id).await.unwrap();
    let signed: Vec<_> = signed.iter().map(|signature| signature.stage.as_str()).collect();
    assert_eq!(signed, ["board", "commissioner", "treasurer"]);
    plan.finish().await;
}

async fn a_correction_changes_the_same_allocations(server: TestServer) {
    let plan = filled(server).await;
    plan.submit().await;
    plan.agreed().await;
    let before = allocations(&plan).await;
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let ret = plan.ret().await;
    correct::reopen(deps, &plan.officer(STAGES[2]).await, ret.id, "Prevent has ended.", now)
        .await
        .unwrap();
    let nell = plan.contact(NELL).await;
    rows::remove(deps, &nell, &SectionKey("project/5".to_owned()), now)
        .await
        .unwrap();
    let typed = [
        ("project_title", Typed::value("Community chest")),
        ("asked_for", Typed::value("30,000")),
    ];
    plan.say("project/4", &typed).await;
    plan.add("Street lighting", "5,000").await;
    plan.submit().await;
    assert_eq!(
        allocations(&plan).await,
        before,
        "what was agreed stands until the correction is"
    );
    plan.agreed().await;
    let after = allocations(&plan).await;
    assert_eq!(after.len(), 7);
    assert!(
        before
            .iter()
            .zip(&after)
            .all(|(was, is)| (was.id, &was.key) == (is.id, &is.key))
    );
    assert_eq!(
        (after[3].title.as_str(), after[3].approved),
        ("Community chest", Money::pounds(30_000).unwrap())
    );
    assert_eq!((after[4].title.as_str(), after[4].approved), ("Prevent", Money::ZERO));
    assert_eq!(after[6].key, "street-lighting");
    plan.finish().await;
}

async fn every_risk_is_decided_on_by_the_board_and_the_ledger_knows(server: TestServer) {
    let plan = filled(server).await;
    let risks = [
        ("0.theme", "Staffing"),
        ("0.concern", "Two posts are empty."),
        ("0.recommendation", "Note"),
        ("1.theme", "Premises"),
        ("1.concern", "The lease ends in June."),
        ("1.recommendation", "Agree a reserve"),
    ];
    plan.say("whole", &[("risks", fields(&risks))]).await;
    plan.submit().await;
    plan.accept(STAGES[0], &[]).await.unwrap();
    let one = decided("0", Some(Decision::Noted), "");
    for (sent, wrong) in [
        (vec![], vec!["decision.whole.risks.0", "decision.whole.risks.1"]),
        (vec![one.clone()], vec!["decision.whole.risks.1"]),
        (
            vec![one.clone(), decided("1", Some(Decision::NotAgreed), " ")],
            vec!["words.whole.risks.1"],
        ),
        (
            vec![one.clone(), decided("1", None, "Perhaps.")],
            vec!["decision.whole.risks.1"],
        ),
    ] {
        match plan.sign(STAGES[1], &sent).await {
            Err(ServiceError::Invalid(problems)) => {
                let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
                assert_eq!(fields, wrong, "{problems:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    let stranger = [
        one.clone(),
        decided("1", Some(Decision::Agreed), ""),
        decided("7", Some(Decision::Agreed), ""),
    ];
    assert!(matches!(
        plan.sign(STAGES[1], &stranger).await,
        Err(ServiceError::Conflict(_))
    ));
    let deps = &plan.server.app.deps;
    let ret = plan.ret().await;
    assert_eq!(decisions::of(&deps.store.read(), ret.id, 1).await.unwrap(), vec![]);
    let other = decided("1", Some(Decision::NotAgreed), "There is no money for it.");
    plan.sign(STAGES[1], &[other, one]).await.unwrap();
    let kept = decisions::of(&deps.store.read(), ret.id, 1).await.unwrap();
    let told: Vec<_> = kept
        .iter()
        .map(|one| (one.stage.as_str(), one.row.as_str(), one.decision, one.words.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("board", "0", Decision::Noted, ""),
            ("board", "1", Decision::NotAgreed, "There is no money for it."),
        ]
    );
    altered(&plan).await;
    plan.finish().await;
}

/// The database keeps a decision as it was written; and one that was written past it is seen.
async fn altered(plan: &Planning) {
    let behind = plan.server.database.behind_the_store().await;
    let changed = behind
        .execute_unprepared("update decisions set decision = 'agreed'")
        .await;
    assert!(changed.is_err(), "a decision is kept as it was written");
    let copy = "insert into decisions select return_id, revision, 'treasurer', section, question, row_key, decision, \
                words, decided_by, decided_at from decisions";
    behind.execute_unprepared(copy).await.unwrap();
    let found = countersign::service::verify::verify(&plan.server.app.deps)
        .await
        .unwrap();
    assert_eq!(found.problems.len(), 2, "{:?}", found.problems);
    assert!(
        found.problems[0].contains("a decision on a row of"),
        "{:?}",
        found.problems
    );
    let drop_them = "drop trigger tr_decisions_delete";
    let on = match behind.get_database_backend() {
        sea_orm::DbBackend::Postgres => format!("{drop_them} on decisions"),
        _ => drop_them.to_owned(),
    };
    behind.execute_unprepared(&on).await.unwrap();
    behind
        .execute_unprepared("delete from decisions where stage = 'treasurer'")
        .await
        .unwrap();
    let mut missing = behind
        .execute_unprepared("create table aside as select * from decisions")
        .await
        .map(drop);
    missing = missing.and(
        behind
            .execute_unprepared("delete from decisions where row_key = '1'")
            .await
            .map(drop),
    );
    missing.unwrap();
    let found = countersign::service::verify::verify(&plan.server.app.deps)
        .await
        .unwrap();
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
    assert!(
        found.problems[0].contains("in the ledger and nowhere else"),
        "{:?}",
        found.problems
    );
    behind
        .execute_unprepared("insert into decisions select * from aside where row_key = '1'")
        .await
        .unwrap();
    behind.execute_unprepared("drop table aside").await.unwrap();
    behind.close().await.unwrap();
}

async fn a_plan_that_no_longer_fits_its_grant_is_not_signed(server: TestServer) {
    let plan = filled(server).await;
    plan.submit().await;
    for (stage, who) in STAGES.into_iter().enumerate().take(4) {
        plan.act(stage, who, &[]).await.unwrap();
    }
    let store = &plan.server.app.deps.store;
    let tx = store.begin().await.unwrap();
    let was = register::get_grant(&tx, plan.ret().await.grant).await.unwrap();
    let less = countersign_domain::register::Grant {
        amount: Money::pounds(377_567).unwrap(),
        ..was.clone()
    };
    register::update_grant(&tx, &less, &was).await.unwrap();
    tx.commit().await.unwrap();
    match plan.act(4, STAGES[4], &[]).await {
        Err(ServiceError::Conflict(said)) => assert!(said.contains("£1.00 more than the grant"), "{said}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(plan.ret().await.state, State::InSignOff(4));
    assert_eq!(allocations(&plan).await, vec![]);
    plan.finish().await;
}
