//! Register data: loaded over what there is, everything wrong said at once, and out again in the same shape.

use countersign::service::register::{LoadError, RegisterFile, Severity, TABLES, export, load, plan, read};
use countersign::store::register as stored;
use countersign_domain::money::Money;
use countersign_domain::register::reconcile;

use crate::outside::on_both;
use crate::outside::server::{REGISTER, TestServer};

on_both!(
    a_register_that_is_loaded_again_changes_nothing,
    what_is_exported_changes_nothing_when_it_is_read_again,
    everything_wrong_is_said_at_once_and_nothing_is_kept,
);

/// Several funds with all that a fund can have.
const FUNDS: &str = r#"
[[organisation]]
key = "opcc-staffs"
name = "Office of the Commissioner"
[[organisation]]
key = "area-north"
name = "Northern area"
[[organisation]]
key = "area-south"
name = "Southern area"
[[person]]
key = "nell"
name = "Nell Sharples"
email = "nell@north.example.org"
organisation = "area-north"
[[fund]]
key = "a"
title = "Fund A"
commissioner = "opcc-staffs"
nation = "england-and-wales"
total = "£1,042,000"
priorities = [{ key = "safe", title = "Safer streets" }]
[[fund]]
key = "b"
title = "Fund B"
commissioner = "opcc-staffs"
nation = "england-and-wales"
smallest_award = "3000"
largest_award = "15,000"
[[round]]
fund = "b"
key = "april"
title = "Round 1"
opens_on = 2015-04-01
closes_on = 2015-04-30
largest_award = "10,000"
[[share]]
fund = "a"
organisation = "area-north"
weight = 1
[[share]]
fund = "a"
organisation = "area-south"
weight = 2
[[office]]
fund = "a"
key = "commissioner.reviewer"
title = "Reviewer"
[[holder]]
fund = "a"
office = "commissioner.reviewer"
person = "nell"
from = 2015-04-01
[[grant]]
fund = "a"
reference = "A-NORTH"
title = "Northern areas"
organisation = "area-north"
starts_on = 2015-04-01
ends_on = 2016-03-31
held_back = "47,333.33"
held_back_for = "a theme that is being talked about"
conditions = """One.
Two."""
[[grant]]
fund = "b"
round = "april"
reference = "B-1"
title = "A club"
organisation = "area-south"
amount = "9000"
starts_on = 2015-05-01
ends_on = 2016-04-30
[[allocation]]
grant = "A-NORTH"
key = "row"
title = "A row with parts"
provider = "area-north"
approved = "300,000"
priorities = ["safe"]
[[allocation]]
grant = "A-NORTH"
key = "idea"
title = "An idea"
provider = "area-south"
proposed = "25,000"
project = "ideas"
contract_ends_on = 2017-03-31
other_funding = "44,450"
[[line]]
grant = "A-NORTH"
allocation = "idea"
key = "one"
title = "One"
amount = "17000"
[[line]]
grant = "A-NORTH"
allocation = "idea"
key = "two"
title = "No figure yet"
[[virement]]
grant = "A-NORTH"
from = "row"
to = "idea"
amount = "100"
reason = "To begin with"
recorded_by = "nell"
"#;

fn file(text: &str) -> RegisterFile {
    read(text).expect("it is well written")
}

/// What is wrong, each as it is told, errors only.
fn wrong(error: LoadError, file: &RegisterFile) -> Vec<String> {
    let LoadError::Problems(problems) = error else {
        panic!("{error}")
    };
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| problem.words(file)).collect()
}

async fn a_register_that_is_loaded_again_changes_nothing(server: TestServer) {
    let deps = &server.app.deps;
    let again = load(deps, &file(REGISTER), server.now()).await.unwrap();
    assert!(
        again.changes.added.is_empty() && again.changes.changed.is_empty(),
        "{:?}",
        again.changes
    );
    let entries: usize = TABLES.iter().map(|table| file(REGISTER).rows(table.name).len()).sum();
    assert_eq!(again.changes.unchanged, entries);
    let first = load(deps, &file(FUNDS), server.now()).await.unwrap();
    assert_eq!((first.changes.changed.len(), first.changes.unchanged), (0, 0));
    let again = load(deps, &file(FUNDS), server.now()).await.unwrap();
    assert_eq!(again.changes.unchanged, first.changes.added.len());
    assert!(
        again.changes.to_string().starts_with("nothing to change"),
        "{}",
        again.changes
    );

    let read = deps.store.read();
    let grant = stored::grant_by_reference(&read, "A-NORTH").await.unwrap().unwrap();
    assert_eq!(grant.amount, Money::pence(34_733_333), "a third of the fund's total");
    let allocations = stored::allocations_of(&read, grant.id).await.unwrap();
    let sums = reconcile(&grant, &allocations).unwrap();
    assert_eq!(
        (sums.unallocated, sums.proposed),
        (Money::ZERO, Money::pence(2_500_000))
    );
    let kept = stored::changes_of_fund(&read, grant.fund, 100).await.unwrap();
    assert_eq!(
        kept.len(),
        first.changes.added.len() - 7,
        "all but those of the other fund and of nobody's"
    );
    assert!(
        kept.iter()
            .any(|change| change.entity == "line" && change.key == "A-NORTH idea one"),
        "{kept:?}"
    );

    let changed = FUNDS
        .replace("\"9000\"", "\"9500\"")
        .replace("Safer streets", "Streets");
    let dry = plan(deps, &read, None, &file(&changed), server.now()).await.unwrap();
    assert!(dry.can_be_loaded());
    let words: Vec<String> = dry
        .changes
        .changed
        .iter()
        .flat_map(|of| &of.values)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        words,
        ["title: Safer streets → Streets", "amount: £9,000.00 → £9,500.00"]
    );
    let grant = stored::grant_by_reference(&read, "B-1").await.unwrap().unwrap();
    assert_eq!(grant.amount, Money::pence(900_000), "a dry run writes nothing");
    load(deps, &file(&changed), server.now()).await.unwrap();
    let grant = stored::grant_by_reference(&read, "B-1").await.unwrap().unwrap();
    assert_eq!(grant.amount, Money::pence(950_000));
    server.finish().await;
}

async fn what_is_exported_changes_nothing_when_it_is_read_again(server: TestServer) {
    let deps = &server.app.deps;
    load(deps, &file(FUNDS), server.now()).await.unwrap();
    let read = deps.store.read();
    for funds in [vec!["a", "b"], vec!["community-safety-2017"]] {
        let funds: Vec<String> = funds.into_iter().map(str::to_owned).collect();
        let out = export(&read, &funds).await.unwrap();
        let mut again = RegisterFile::default();
        for table in TABLES {
            for row in out.rows(table.name) {
                let columns = table.columns.iter().map(|column| column.name.to_owned());
                again.add(table.name, columns.zip(row.into_iter().map(|cell| vec![cell])));
            }
        }
        let back = plan(deps, &read, None, &again, server.now()).await.unwrap();
        assert_eq!(back.problems, vec![]);
        assert!(
            back.changes.added.is_empty() && back.changes.changed.is_empty(),
            "{:?}",
            back.changes
        );
        assert!(back.changes.unchanged > 15);
    }
    let refused = export(&read, &["none".to_owned()]).await.unwrap_err();
    assert_eq!(refused.to_string(), "There is no fund “none”.");
    server.finish().await;
}

async fn everything_wrong_is_said_at_once_and_nothing_is_kept(server: TestServer) {
    let deps = &server.app.deps;
    let faulty = FUNDS
        .replace(
            "reference = \"A-NORTH\"",
            "reference = \"A-NORTH\"\namount = \"300000\"",
        )
        .replace("email = \"nell@north.example.org\"", "email = \"nell\"")
        .replace("weight = 1", "weight = 0")
        .replace("weight = 2", "weight = 0")
        .replace("largest_award = \"10,000\"", "largest_award = \"2,000\"")
        .replace("opens_on = 2015-04-01", "opens_on = \"1/4/15\"")
        .replace("amount = \"9000\"", "amount = \"2,500\"")
        .replace("round = \"april\"\n", "")
        .replace("priorities = [\"safe\"]", "priorities = [\"unsafe\"]")
        .replace("\"17000\"", "\"25,001\"");
    let faulty =
        format!("{faulty}\n[[organisation]]\nkey = \"area-south\"\nname = \"Again\"\n[[grant]]\nfund = \"c\"\n");
    let faulty = file(&faulty);
    let said = wrong(load(deps, &faulty, server.now()).await.unwrap_err(), &faulty);
    insta::assert_snapshot!(said.join("\n"));
    let read = deps.store.read();
    assert_eq!(stored::fund_by_key(&read, "b").await.unwrap(), None);
    assert_eq!(stored::organisation_by_key(&read, "area-north").await.unwrap(), None);
    server.finish().await;
}
