//! What is written to the register, and what is not.

use countersign::service::Officer;
use countersign::service::register::import::{self, ImportError, Imported, Upload};
use countersign::service::register::{self, RegisterFile, pages};
use countersign::store::register as stored;

use crate::making::{file, look, rows, workbook};
use crate::outside::on_both;
use crate::outside::server::TestServer;

on_both!(
    a_workbook_is_imported_and_again_it_changes_nothing,
    an_empty_cell_leaves_what_is_there,
    one_bad_cell_and_nothing_is_imported,
    what_is_exported_is_imported_without_a_change,
    words_that_look_like_formulas_come_back_as_they_were,
    the_template_is_imported_as_nothing,
    an_officer_imports_what_belongs_to_the_funds_they_review,
);

async fn apply(server: &TestServer, uploads: Vec<Upload>) -> Result<Imported, ImportError> {
    import::apply(&server.app.deps, None, uploads, server.now()).await
}

/// A fund of its own with a grant, an allocation and a person.
fn a_small_fund() -> Vec<u8> {
    workbook(&[
        ("organisations", &|sheet| {
            rows(sheet, &[["key", "name"], ["trewin", "Trewin Trust"]])
        }),
        ("people", &|sheet| {
            rows(
                sheet,
                &[
                    ["name", "email", "organisation"],
                    ["Demelza Trewin", "demelza@trewin.example.org", "trewin"],
                ],
            );
        }),
        ("fund", &|sheet| {
            rows(
                sheet,
                &[
                    ["key", "title", "commissioner", "nation", "total"],
                    ["small-grants", "Small grants", "opcc", "england-and-wales", "£30,000"],
                ],
            );
        }),
        ("grants", &|sheet| {
            rows(
                sheet,
                &[
                    ["reference", "title", "organisation", "amount", "starts_on", "ends_on"],
                    [
                        "SG-1",
                        "Doorstep crime",
                        "trewin",
                        "2,500",
                        "1 April 2018",
                        "31 March 2019",
                    ],
                ],
            );
        }),
        ("allocation", &|sheet| {
            rows(
                sheet,
                &[
                    ["grant", "key", "title", "provider", "approved"],
                    ["SG-1", "doors", "Locks and chains", "trewin", "£2,500.00"],
                ],
            );
        }),
    ])
}

async fn a_workbook_is_imported_and_again_it_changes_nothing(server: TestServer) {
    let imported = apply(&server, vec![file("small.xlsx", a_small_fund())])
        .await
        .expect("it is right");
    assert_eq!(
        (imported.changes.added.len(), imported.changes.changed.len()),
        (5, 0),
        "{:?}",
        imported.changes
    );
    let read = server.app.deps.store.read();
    let person = stored::person_by_address(&read, "demelza@trewin.example.org")
        .await
        .unwrap();
    assert_eq!(person.expect("she is there").name, "Demelza Trewin");
    let again = apply(&server, vec![file("small.xlsx", a_small_fund())])
        .await
        .expect("it is right");
    assert_eq!(
        (again.changes.added.len(), again.changes.changed.len()),
        (0, 0),
        "{:?}",
        again.changes
    );
    assert_eq!(again.changes.unchanged, 5);
    let renamed = "key,name\ntrewin,The Trewin Trust\n";
    let looked = look(&server, vec![file("organisations.csv", renamed)]).await;
    let changed = &looked.changes.changed[0];
    assert_eq!(changed.values[0].to_string(), "name: Trewin Trust → The Trewin Trust");
    server.finish().await;
}

async fn an_empty_cell_leaves_what_is_there(server: TestServer) {
    let grant = "reference,title,organisation,amount,carried_forward,starts_on,ends_on\n\
                 PLY-CSP-1718,Another title,safer-plymouth,,,1 April 2017,31/03/2018\n";
    let imported = apply(&server, vec![file("grants.csv", grant)])
        .await
        .expect("it is right");
    let changed: Vec<String> = imported.changes.changed[0]
        .values
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        changed,
        ["title: Plymouth community safety grant 2017-18 → Another title"]
    );
    server.finish().await;
}

async fn one_bad_cell_and_nothing_is_imported(server: TestServer) {
    let before = exported(&server).await;
    let bad = "key,name,email,organisation\nz,Zoe,zoe@nowhere,trewin\n";
    let uploads = vec![file("small.xlsx", a_small_fund()), file("people.csv", bad)];
    match apply(&server, uploads).await {
        Err(ImportError::Problems(problems)) => {
            let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].starts_with("people.csv:2:C (email): "), "{said:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(exported(&server).await, before);
    // A cell that is wrong in itself stops it before the register is asked.
    let bad = "office,fund,person,from\npartnership.chair,community-safety-2017,anita.deshmukh@commissioner.example.org,1/4/18\n";
    let refused = apply(
        &server,
        vec![file("small.xlsx", a_small_fund()), file("holders.csv", bad)],
    )
    .await;
    assert!(matches!(refused, Err(ImportError::Problems(problems)) if problems.len() == 1));
    assert_eq!(exported(&server).await, before);
    server.finish().await;
}

/// The register of every fund.
async fn written(server: &TestServer) -> RegisterFile {
    let read = server.app.deps.store.read();
    let funds = stored::all_funds(&read).await.expect("the funds are read");
    let keys: Vec<String> = funds.into_iter().map(|fund| fund.key).collect();
    register::export(&read, &keys).await.expect("it is exported")
}

/// Every table of it as CSV.
async fn exported(server: &TestServer) -> Vec<(&'static str, Vec<u8>)> {
    let file = written(server).await;
    let tables = register::TABLES.iter();
    tables
        .map(|table| (table.name, pages::csv(&file, table).unwrap()))
        .collect()
}

/// What the tables hold that neither the small fund nor the paper's has.
fn the_rest() -> Vec<Upload> {
    vec![
        file(
            "rounds.csv",
            "fund,key,title,opens_on,closes_on,smallest_award\nsmall-grants,april,April,1/4/2018,30/4/2018,100.50\n",
        ),
        file(
            "shares.csv",
            "fund,organisation,weight\nsmall-grants,trewin,0.333333\nsmall-grants,harbour,2\n",
        ),
        file(
            "lines.csv",
            "grant,allocation,key,title,amount\nSG-1,doors,locks,Locks,£1200\nSG-1,doors,chains,Chains,\n",
        ),
        file(
            "grants.csv",
            "reference;title;organisation;starts_on;ends_on;conditions;held_back;held_back_for\r\n\
             SG-1;Doorstep crime;trewin;1/4/2018;31/3/2019;\"Spent by March.\r\n\r\n- \"\"Reported\"\" on; twice\";0.5;Postage\r\n",
        ),
        file(
            "virements.csv",
            "grant,from,to,amount,reason,recorded_by\n\
             PLY-CSP-1718,infrastructure,awareness,440,\"An underspend\nin one\",anita.deshmukh@commissioner.example.org\n",
        ),
    ]
}

async fn what_is_exported_is_imported_without_a_change(server: TestServer) {
    for uploads in [vec![file("small.xlsx", a_small_fund())], the_rest()] {
        apply(&server, uploads).await.expect("it is right");
    }
    let written = written(&server).await;
    let conditions = written.grant.iter().find_map(|row| row.conditions.as_deref());
    assert_eq!(conditions, Some("Spent by March.\n\n- \"Reported\" on; twice"));
    for table in register::TABLES {
        assert!(!written.rows(table.name).is_empty(), "{} is not tried", table.name);
    }
    let workbook = vec![file("register.xlsx", pages::workbook(&written).unwrap())];
    let tables: Vec<Upload> = exported(&server)
        .await
        .into_iter()
        .map(|(name, bytes)| file(&format!("{name}.csv"), bytes))
        .collect();
    for uploads in [workbook, tables] {
        let looked = look(&server, uploads.clone()).await;
        assert_eq!(looked.problems, [], "{}", uploads[0].name);
        assert_eq!(
            (looked.changes.added.len(), looked.changes.changed.len()),
            (0, 0),
            "{:?}",
            looked.changes
        );
        assert!(looked.changes.unchanged > 20, "{:?}", looked.changes);
        apply(&server, uploads).await.expect("it is right");
    }
    let before = exported(&server).await;
    apply(&server, vec![file("register.xlsx", pages::workbook(&written).unwrap())])
        .await
        .expect("it is right");
    assert_eq!(exported(&server).await, before);
    server.finish().await;
}

async fn words_that_look_like_formulas_come_back_as_they_were(server: TestServer) {
    let titles = [
        "=HYPERLINK(\"http://example.org\")",
        "+44",
        "-",
        "@home",
        "'=x",
        "O’Neil; \"sons\"",
    ];
    let csv: String = titles
        .iter()
        .enumerate()
        .map(|(nth, title)| {
            let typed = title.replace('"', "\"\"").replace("'=", "''=");
            format!("community-safety-2017,hostile-{nth},\"{typed}\"\n")
        })
        .collect();
    let upload = file("priorities.csv", format!("fund,key,title\n{csv}"));
    apply(&server, vec![upload]).await.expect("it is right");
    let written = written(&server).await;
    for title in titles {
        assert!(
            written.priority.iter().any(|row| row.title == title),
            "{title}: {:?}",
            written.priority
        );
    }
    let priority = register::table("priority").expect("a table");
    let csv = String::from_utf8(pages::csv(&written, priority).unwrap()).unwrap();
    for begin in ["=", "+", "-", "@"] {
        assert!(!csv.contains(&format!(",\"{begin}")), "{csv}");
    }
    let uploads = [
        file("register.xlsx", pages::workbook(&written).unwrap()),
        file("priorities.csv", csv),
    ];
    for upload in uploads {
        let looked = look(&server, vec![upload]).await;
        let found = (
            looked.problems.len(),
            looked.changes.added.len(),
            looked.changes.changed.len(),
        );
        assert_eq!(found, (0, 0, 0), "{looked:?}");
    }
    server.finish().await;
}

async fn the_template_is_imported_as_nothing(server: TestServer) {
    let looked = look(&server, vec![file("template.xlsx", pages::template().unwrap())]).await;
    assert_eq!(looked.problems, []);
    assert_eq!((looked.changes.added.len(), looked.changes.unchanged), (0, 0));
    server.finish().await;
}

/// The officer who reviews the returns of the paper's fund.
async fn reviewer(server: &TestServer) -> Officer {
    let person = server.person("anita.deshmukh@commissioner.example.org").await;
    let holders = stored::holders_of_person(&server.app.deps.store.read(), person.id)
        .await
        .unwrap();
    Officer {
        person,
        holders,
        second_factor: true,
    }
}

async fn an_officer_imports_what_belongs_to_the_funds_they_review(server: TestServer) {
    apply(&server, vec![file("small.xlsx", a_small_fund())])
        .await
        .expect("it is right");
    let (deps, reviewer) = (&server.app.deps, reviewer(&server).await);
    let by_them = |name: &str, csv: &str| {
        let (uploads, reviewer, now) = (vec![file(name, csv)], reviewer.clone(), server.now());
        async move { import::apply(deps, Some((&reviewer, None)), uploads, now).await }
    };
    let theirs = "fund,key,title\ncommunity-safety-2017,hope,Hope\n";
    let imported = by_them("priorities.csv", theirs).await.expect("it is theirs");
    assert_eq!(imported.changes.added.len(), 1);
    let before = exported(&server).await;
    for (name, csv, place) in [
        (
            "priorities.csv",
            "fund,key,title\ncommunity-safety-2017,a,A\nsmall-grants,hope,Hope\n",
            "priorities.csv:3",
        ),
        (
            "lines.csv",
            "grant,allocation,key,title\nSG-1,doors,locks,Locks\n",
            "lines.csv:2",
        ),
        (
            "fund.csv",
            "key,title,commissioner,nation\nmine,Mine,opcc,scotland\n",
            "fund.csv:2",
        ),
        (
            "organisations.csv",
            "key,name\ntrewin,Taken over\n",
            "organisations.csv:2",
        ),
    ] {
        match by_them(name, csv).await {
            Err(ImportError::Problems(problems)) => {
                let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
                assert!(said.len() == 1 && said[0].starts_with(place), "{said:?}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(exported(&server).await, before);
    server.finish().await;
}
