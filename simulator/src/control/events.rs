//! Server-sent events for the phone page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use crate::world::World;

/// Whose events.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EventQuery {
    person: Option<String>,
}

/// `GET /_sim/events?person=`. Who lags gets `reset` and reads again.
pub(crate) async fn stream(
    State(world): State<Arc<World>>,
    Query(query): Query<EventQuery>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let wanted = query.person.filter(|person| !person.is_empty());
    let stop = world.stop.clone();
    let events = BroadcastStream::new(world.live.subscribe())
        .filter_map(move |event| {
            let shown = match event {
                Ok(event) => {
                    let fits = wanted.as_ref().is_none_or(|person| {
                        event.data["person"] == person.as_str() || event.data["person"].is_null()
                    });
                    fits.then(|| {
                        Event::default()
                            .event(event.event)
                            .data(event.data.to_string())
                    })
                }
                Err(BroadcastStreamRecvError::Lagged(_)) => {
                    Some(Event::default().event("reset").data("{}"))
                }
            };
            futures::future::ready(shown.map(Ok))
        })
        .take_until(async move { stop.cancelled().await });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
