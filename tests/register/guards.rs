//! Whose the register is: nobody's but those who review the fund's returns.

use chrono::Duration;
use countersign::service::register;

use crate::at_the_fund;
use crate::outside::on_both;
use crate::outside::people::{GWEN, MORWENNA, Someone, TOBIAS};
use crate::outside::server::TestServer;

on_both!(nobody_else_sees_or_changes_a_register);

const OTHER: &str = r#"
[fund]
key = "other"
title = "Another fund"
commissioner = "other"
nation = "scotland"

[[organisation]]
key = "other"
name = "Another commissioner"

[[person]]
key = "ola"
name = "Ola Brandt"
email = "ola.brandt@other.example.org"
organisation = "other"

[[office]]
key = "commissioner.reviewer"
title = "Reviewer"

[[holder]]
office = "commissioner.reviewer"
person = "ola"
from = 2016-01-01
"#;

const OLA: Someone = Someone {
    name: "Ola Brandt",
    address: "ola.brandt@other.example.org",
};

async fn nobody_else_sees_or_changes_a_register(server: TestServer) {
    let file = register::read(OTHER).unwrap();
    register::load(&server.app.deps, &file, server.now()).await.unwrap();
    let (mut officer, fund) = at_the_fund(&server).await;
    officer.must_not_see(&["Another fund", "Another commissioner"]);
    officer.visit(&format!("{fund}/grants")).await;
    let grant = officer
        .link("PLY-CSP-1718 Plymouth community safety grant 2017-18")
        .unwrap();
    officer.visit(&format!("{fund}/assignments")).await;
    let owed = officer
        .link("Safer Plymouth: Partnership grant: evaluation of the year")
        .unwrap();
    let pages = [
        fund.clone(),
        format!("{fund}/people"),
        format!("{fund}/changes"),
        format!("{fund}/add/grant"),
        format!("{fund}/change/fund/this"),
        format!("{fund}/export/register.xlsx"),
        grant,
        owed,
    ];
    let mut other = server.at_the_office(OLA).await;
    let mut provider = server.at_the_return(MORWENNA).await;
    for page in &pages {
        other.visit(page).await;
        assert_eq!(other.status, 404, "{page}: {}", other.says());
        provider.visit(page).await;
        assert_ne!(provider.path(), page, "{page}");
        provider.must_not_see(&["PLY-CSP-1718", "Anita Deshmukh"]);
    }
    other.visit("/office/register").await;
    other.must_see(&["Another fund"]);
    other.must_not_see(&[crate::FUND]);
    for who in [GWEN, TOBIAS] {
        let mut colleague = server.at_the_office(who).await;
        assert!(colleague.link("Register").is_none(), "{}", who.name);
        for page in &pages {
            colleague.visit(page).await;
            assert_eq!(colleague.status, 403, "{}: {page}", who.name);
        }
        colleague.visit("/office/register/import").await;
        assert_eq!(colleague.status, 403, "{}", who.name);
        colleague.visit("/office/forms").await;
        assert_eq!(colleague.status, 404, "{}", who.name);
    }
    // A page that was open when somebody's office ended does nothing any more.
    officer.visit(&format!("{fund}/add/organisation")).await;
    officer.fill("Key", "late").fill("Name", "Too late");
    server.pass(Duration::hours(2).num_seconds());
    officer.press("Save").await;
    assert_eq!(officer.status, 403, "signed out after an hour");
    officer.must_see(&["Too late"]);
    server.finish().await;
}
