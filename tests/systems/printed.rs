//! A paper by a shipped report, printed in every format.
//!
//! Invariant: it is composed, looked through and printed as it would be for its audience.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use countersign::service::paper::print::Format;
use countersign_domain::document::show;
use countersign_domain::form::schema::Audience;
use countersign_domain::period::Period;

use crate::outside::server::TestServer;
pub use crate::read_back::Printed;
use crate::told::{Version, composed};

/// The paper of this report with the texts that it starts with, whose formats all say the same.
pub async fn printed(server: &TestServer, report: &str, fund: &str, period: Period, audience: Audience) -> Printed {
    let deps = &server.app.deps;
    let report = deps.reports.get(report).expect("a report that the program comes with");
    let version = Version {
        provisional: false,
        audience,
    };
    let composed = composed(server, &report, fund, period, &[], version).await;
    let composed = composed.unwrap_or_else(|error| panic!("{error:?}"));
    let preview = Some("Preview: not published".to_owned());
    let showed = show(composed.document, audience, report.policy, &[], preview);
    let document = Arc::new(showed.document);
    let mut files = BTreeMap::new();
    for format in Format::ALL {
        let bytes = deps.printer.print(&document, format).await.expect("it is printed");
        leave(&report.id, audience, format, &bytes);
        files.insert(format, bytes);
    }
    Printed::read_back(Arc::unwrap_or_clone(document), files)
}

/// For whoever wants to look at what was printed: into the folder that COUNTERSIGN_TEST_PAPERS names.
fn leave(report: &str, audience: Audience, format: Format, bytes: &[u8]) {
    let Some(folder) = std::env::var_os("COUNTERSIGN_TEST_PAPERS").map(PathBuf::from) else {
        return;
    };
    let name = format!("{report}-{audience:?}.{}", format.extension());
    std::fs::write(folder.join(name), bytes).expect("the folder is there");
}
