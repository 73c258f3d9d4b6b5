//! Logs: lines of JSON or text on standard error, without tokens, codes or answers.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging at a level such as `info` or `countersign::mail=debug,info`; `RUST_LOG` goes before it.
/// Starting twice does nothing.
pub fn start(level: &str, json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // An error means that a subscriber is there already, as in tests.
    let _ = if json {
        lines.json().finish().try_init()
    } else {
        lines.finish().try_init()
    };
}
