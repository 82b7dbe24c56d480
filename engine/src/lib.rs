//! What happens in Wigwag: ingest, dispatch, jobs. Everything that decides.
