//! Which workspace an item belongs to, kept for a moment: a batch asks once for each number.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use wigwag_store::routes::{self, Resolved, RouteKind};

use crate::context::Context;

/// How long a route is believed, in microseconds: a number that moves to another workspace is
/// followed within this time.
const BELIEVED: i64 = 1_000_000;
/// Routes that are kept at most.
const KEPT: usize = 10_000;

type Key = (RouteKind, String);

#[derive(Debug, Clone)]
struct Kept {
    resolved: Arc<Resolved>,
    read_at: i64,
}

/// The routes that were read within the last second.
#[derive(Debug, Default)]
pub(super) struct Routes(Mutex<HashMap<Key, Kept>>);

/// The routes of a batch. What is not in it has no route.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<Key, Arc<Resolved>>);

/// Who an item belongs to.
#[derive(Debug, Clone)]
pub(super) enum Owner {
    /// A workspace of ours that this app may speak for, and what the route is for.
    Known(RouteKind, Arc<Resolved>),
    /// A route of ours, but to be spoken for by another app.
    OtherApp,
    /// Nobody here.
    Nobody,
}

impl Routes {
    /// The routes of these external ids; those not known or too old are read.
    pub(super) async fn resolve(
        &self,
        context: &Context,
        mut wanted: Vec<(RouteKind, &str)>,
    ) -> wigwag_store::Result<Known> {
        wanted.sort_unstable_by_key(|(kind, external)| (kind.as_str(), *external));
        wanted.dedup();
        let now = context.clock().monotonic_us();
        let mut known = Known::default();
        let mut missing = Vec::new();
        {
            let kept = self.0.lock();
            for (kind, external) in wanted {
                let key = (kind, external.to_owned());
                match kept.get(&key) {
                    Some(route) if now.saturating_sub(route.read_at) < BELIEVED => {
                        known.0.insert(key, Arc::clone(&route.resolved));
                    }
                    _ => missing.push((kind, external)),
                }
            }
        }
        if missing.is_empty() {
            return Ok(known);
        }
        let found = routes::resolve(&mut context.db().reader().await?, &missing).await?;
        let mut kept = self.0.lock();
        if kept.len() > KEPT {
            kept.clear();
        }
        for ((kind, external), resolved) in missing.into_iter().zip(found) {
            let key = (kind, external.to_owned());
            if let Some(resolved) = resolved {
                let resolved = Arc::new(resolved);
                known.0.insert(key.clone(), Arc::clone(&resolved));
                kept.insert(
                    key,
                    Kept {
                        resolved,
                        read_at: now,
                    },
                );
            } else {
                kept.remove(&key);
            }
        }
        Ok(known)
    }

    /// Believes nothing any more.
    pub(super) fn forget(&self) {
        self.0.lock().clear();
    }
}

impl Known {
    /// Who the first of these external ids that has a route belongs to.
    pub(super) fn owner<'k>(
        &self,
        app: &str,
        keys: impl IntoIterator<Item = (RouteKind, &'k str)>,
    ) -> Owner {
        for (kind, external) in keys {
            if let Some(resolved) = self.0.get(&(kind, external.to_owned())) {
                return if resolved.route.app == app {
                    Owner::Known(kind, Arc::clone(resolved))
                } else {
                    Owner::OtherApp
                };
            }
        }
        Owner::Nobody
    }
}
