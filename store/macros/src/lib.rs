//! `#[db_test]`.
