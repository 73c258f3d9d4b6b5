//! A file is looked at, then imported as it was shown; what goes out comes in again without a change.

use reqwest::Method;

use crate::at_the_fund;
use crate::outside::browser::TestBrowser;
use crate::outside::on_both;
use crate::outside::server::TestServer;

on_both!(
    wrong_cells_are_shown_and_nothing_is_imported,
    what_was_shown_is_imported,
    what_goes_out_comes_in_again,
);

const HEAD: &str = "grant,key,title,provider,approved\n";

async fn look(officer: &mut TestBrowser, name: &str, bytes: &[u8]) {
    officer.visit("/office/register/import").await;
    officer
        .attach("Workbook or CSV file", name, bytes)
        .press("See what it would do")
        .await;
}

async fn wrong_cells_are_shown_and_nothing_is_imported(server: TestServer) {
    let (mut officer, fund) = at_the_fund(&server).await;
    officer.visit("/office/register/import").await;
    officer.press("See what it would do").await;
    assert_eq!(officer.errors(), ["Choose a file first"]);
    officer
        .attach("Workbook or CSV file", "notes.pdf", b"%PDF-1.4")
        .press("See what it would do")
        .await;
    assert_eq!(officer.errors().len(), 1, "{:?}", officer.errors());
    let wrong = format!("{HEAD}PLY-CSP-1718,youth,Youth work,nobody,ten pounds\nNO-SUCH,x,Y,harbour,5\n");
    look(&mut officer, "allocations.csv", wrong.as_bytes()).await;
    assert_eq!(officer.status, 422);
    officer.must_see(&[
        "Nothing can be imported yet",
        "E (approved)",
        "ten pounds",
        "D (provider)",
        "nobody",
        "NO-SUCH",
    ]);
    assert!(!officer.has_button("Import exactly this"));
    look(&mut officer, "things.csv", b"a,b\n1,2\n").await;
    officer.must_see(&["does not say which table"]);
    officer.visit(&format!("{fund}/changes")).await;
    officer.must_not_see(&["youth"]);
    server.finish().await;
}

async fn what_was_shown_is_imported(server: TestServer) {
    let (mut officer, fund) = at_the_fund(&server).await;
    let right = "key,name\nharbour,Harbour and friends\nlark,Lark Hill Youth Club\n".as_bytes();
    officer.visit("/office/register/import").await;
    officer
        .attach("Workbook or CSV file", "list.csv", right)
        .choose(
            "Which table it holds",
            "organisation: A commissioner, partnership or provider.",
        )
        .press("See what it would do")
        .await;
    assert_eq!(officer.status, 200, "{}", officer.says());
    officer.must_see(&[
        "Would be added (1)",
        "Would be changed (1)",
        "name: Harbour → Harbour and friends",
    ]);

    let mut other = server.at_the_office(crate::ANITA).await;
    other.visit(&format!("{fund}/organisations?q=harbour")).await;
    other.follow("Change Harbour").await;
    other.fill("Name", "Harbour Recovery").press("Save").await;
    officer.press("Import exactly this").await;
    assert_eq!(officer.status, 409, "it would change something else than was shown");
    officer.must_see(&["name: Harbour Recovery → Harbour and friends"]);
    officer.press("Import exactly this").await;
    officer.must_see(&["Imported: 1 added, 1 changed, 0 as they were."]);
    officer.visit(&format!("{fund}/organisations")).await;
    officer.must_see(&["Harbour and friends", "Lark Hill Youth Club"]);
    server.finish().await;
}

async fn what_goes_out_comes_in_again(server: TestServer) {
    let (mut officer, fund) = at_the_fund(&server).await;
    for (address, name) in [
        (format!("{fund}/export/register.xlsx"), "register.xlsx"),
        (format!("{fund}/export/grant.csv"), "grant.csv"),
        ("/office/register/register.xlsx".to_owned(), "register.xlsx"),
    ] {
        let answer = officer.request(Method::GET, &address).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{address}");
        let kept = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(kept.contains(name), "{kept}");
        let bytes = answer.bytes().await.unwrap();
        look(&mut officer, name, &bytes).await;
        assert_eq!(officer.status, 200, "{address}: {}", officer.says());
        officer.must_see(&["There is nothing to change"]);
    }
    let template = officer
        .request(Method::GET, "/office/register/template.xlsx")
        .send()
        .await
        .unwrap();
    assert!(template.bytes().await.unwrap().starts_with(b"PK"));
    let none = officer
        .request(Method::GET, &format!("{fund}/export/secrets.csv"))
        .send()
        .await
        .unwrap();
    assert_eq!(none.status().as_u16(), 404);
    server.finish().await;
}
