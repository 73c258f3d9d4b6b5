//! The language of reports: what is composed, what is told, and what nobody typed may do.
