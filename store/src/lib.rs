//! All of Wigwag's SQL, for SQLite and PostgreSQL.
