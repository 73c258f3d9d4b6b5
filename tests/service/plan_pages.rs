//! What a plan comes to stands on the page on which it is read, and on the one on which it is signed.

use countersign_domain::answers::Typed;

use crate::outside::on_both;
use crate::outside::people::Someone;
use crate::outside::server::TestServer;
use crate::planning::{Planning, STAGES};

on_both!(whoever_judges_a_plan_sees_what_it_makes);

async fn whoever_judges_a_plan_sees_what_it_makes(server: TestServer) {
    let plan = Planning::begin(server).await;
    plan.add("Refuge", "400,000").await;
    plan.say("whole", &[("held_for", Typed::value("Serious violence"))])
        .await;
    plan.submit().await;
    let rest = "What is left of the grant is held back for: Serious violence";
    let rows = [
        ["Refuge", "City Safety Partnership", "£400,000.00"],
        ["All of it", "", "£400,000.00"],
    ];
    for (stage, address) in STAGES.into_iter().enumerate() {
        let mut officer = plan.server.at_the_office(Someone { name: address, address }).await;
        let ret = format!("/office/returns/{}", plan.ret().await.id);
        officer.visit(&ret).await;
        officer.must_see(&[rest]);
        assert_eq!(officer.table("Allocations that it makes"), rows);
        if officer.link("Read and sign").is_some() {
            officer.follow("Read and sign").await;
            officer.must_see(&[rest]);
            assert_eq!(officer.table("Allocations that it makes"), rows);
        }
        plan.act(stage, address, &[]).await.unwrap();
        officer.visit(&ret).await;
        if stage + 1 == STAGES.len() {
            officer.must_not_see(&["Allocations that it makes"]);
        }
    }
    plan.finish().await;
}
