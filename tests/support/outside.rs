//! What the tests from outside share: a server of their own, a browser, the people and the figures of system S5.
//!
//! Invariant: a test does what a person can do with a browser and a mailbox; it looks behind the pages only to say
//! what was left there.

pub mod browser;
pub mod forms;
pub mod mailbox;
pub mod paper;
pub mod people;
pub mod postgres;
pub mod process;
pub mod reading;
pub mod server;
pub mod sink;
pub mod stages;

/// One test on both kinds of database: `on_both!(name)` for an `async fn name(server: TestServer)`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::outside::server::TestServer::sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::outside::server::TestServer::postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;
