//! What `verify` says of a database.

use std::sync::Arc;

use countersign::service::{record, verify};

use crate::outside::on_both;
use crate::outside::server::TestServer;

on_both!(
    a_server_that_has_moved_still_knows_its_checkpoints,
    a_server_with_another_key_does_not
);

async fn signed_checkpoint(server: &TestServer) {
    let tx = server.app.deps.store.begin().await.unwrap();
    record::checkpoint(&server.app.deps, &tx, server.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_server_that_has_moved_still_knows_its_checkpoints(server: TestServer) {
    signed_checkpoint(&server).await;
    let mut moved = server.app.deps.clone();
    moved.base_url = Arc::from("https://elsewhere.example.org");
    let found = verify::verify(&moved).await.unwrap();
    assert_eq!((found.checkpoints, found.problems), (1, Vec::new()));
    server.finish().await;
}

async fn a_server_with_another_key_does_not(server: TestServer) {
    signed_checkpoint(&server).await;
    let mut other = server.app.deps.clone();
    other.secrets = countersign::secrets::Secrets::new([9; 32]);
    assert_eq!(verify::verify(&other).await.unwrap().problems.len(), 1);
    server.finish().await;
}
