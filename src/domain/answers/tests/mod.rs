//! Tests of whole returns.
