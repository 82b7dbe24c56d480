//! One client's socket.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use wigwag_model::{ConversationId, MemberId};
use wigwag_store::{conversations, feed, members};

use super::event::{coalesce, words};
use super::{Room, Whisper};
use crate::Api;
use crate::auth::{Caller, identify, origin};
use crate::problem::{Code, Problem};
use crate::request::Params;

/// Events read at a time.
const BATCH: u32 = 200;
/// How often the socket is asked whether its client is still there.
const PING: Duration = Duration::from_secs(25);
/// How often the feed is read without being woken, for what other processes wrote.
const POLL: Duration = Duration::from_secs(1);
/// Every so many polls the caller's session or key is looked at again.
const RECHECK: u32 = 15;

/// From where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The feed's number that the client knows; only what comes from now on when absent.
    #[serde(default)]
    pub after: Option<i64>,
}

/// What a client may say.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    Typing {
        conversation_id: ConversationId,
    },
    Viewing {
        conversation_id: Option<ConversationId>,
    },
}

/// Opens the live socket.
#[utoipa::path(get, path = "/api/v1/live", operation_id = "live", tag = "Live",
    params(("after" = Option<i64>, Query, description = "The feed's number that the client knows")),
    responses((status = 101, description = "A WebSocket: hello, event, resync, nudge and presence")))]
pub async fn live(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    Params(from): Params<After>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    if caller.session.is_some() && !origin::same_origin(&api, &headers) {
        return Err(Problem::new(
            Code::Csrf,
            "The live socket is for the console's own pages.",
        ));
    }
    let upgrade = upgrade
        .max_message_size(16 * 1024)
        .max_frame_size(16 * 1024);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let room = api.live().room(caller.scope.workspace);
        let mut client = Client {
            api,
            caller,
            headers,
            socket,
            room,
            seat: None,
            cursor: 0,
        };
        let end = client.run(from.after).await;
        client.leave(end).await;
    }))
}

struct Client {
    api: Api,
    caller: Caller,
    headers: HeaderMap,
    socket: WebSocket,
    room: Arc<Room>,
    seat: Option<(u64, MemberId)>,
    cursor: i64,
}

/// Waits for the stop of the process.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the hub is gone, which is a stop as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Why a socket ended.
enum End {
    /// The client went away.
    Gone,
    /// The process goes away; the client may come back.
    Stopping,
    /// The session ended.
    SignedOut,
    /// Something failed on our side.
    Failed,
}

impl Client {
    async fn run(&mut self, after: Option<i64>) -> End {
        // Subscribed before the first read, so that no wake falls between.
        let mut wakes = self.api.live().db().feed_wakes().subscribe();
        let mut stopping = self.api.live().stopping();
        let mut whispers = self.room.whispers.subscribe();
        if let Err(end) = self.begin(after).await {
            return end;
        }
        let mut ping = interval(PING);
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut polls = 0;
        loop {
            if let Err(end) = self.follow().await {
                return end;
            }
            tokio::select! {
                woken = wakes.changed() => if woken.is_err() { return End::Stopping },
                _ = poll.tick() => {
                    polls += 1;
                    if polls % RECHECK == 0 && identify(&self.api, &self.headers).await.is_err() {
                        return End::SignedOut;
                    }
                }
                _ = ping.tick() => {
                    if self.socket.send(Frame::Ping(bytes::Bytes::new())).await.is_err() {
                        return End::Gone;
                    }
                }
                () = stopped(&mut stopping) => return End::Stopping,
                whisper = whispers.recv() => match whisper {
                    Ok(Whisper::Presence(place)) => if let Err(end) = self.tell_presence(place).await { return end },
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return End::Stopping,
                },
                frame = self.socket.recv() => match frame {
                    Some(Ok(Frame::Text(text))) => self.hear(text.as_str()).await,
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => return End::Gone,
                    Some(Ok(_)) => {}
                },
            }
        }
    }

    /// Says hello, or that the client must read everything again.
    async fn begin(&mut self, after: Option<i64>) -> Result<(), End> {
        let workspace = self.caller.scope.workspace;
        if let Some(id) = self.caller.member {
            let member = members::get(self.api.db(), workspace, id)
                .await
                .map_err(|_| End::Failed)?;
            let seat = self.room.presence.lock().enter(id, member.name);
            self.seat = Some((seat, id));
        }
        let head = feed::head(self.api.db(), workspace)
            .await
            .map_err(|_| End::Failed)?;
        let known = match after {
            Some(after)
                if feed::can_resume(self.api.db(), workspace, after)
                    .await
                    .map_err(|_| End::Failed)? =>
            {
                Some(after)
            }
            _ => None,
        };
        self.cursor = known.unwrap_or(head);
        self.say(&json!({"type": "hello", "seq": self.cursor}))
            .await?;
        if after.is_some() && known.is_none() {
            self.say(&json!({"type": "resync", "seq": head})).await?;
        }
        Ok(())
    }

    /// Tells everything that is new in the feed.
    async fn follow(&mut self) -> Result<(), End> {
        loop {
            let workspace = self.caller.scope.workspace;
            let events = feed::after(self.api.db(), workspace, self.cursor, BATCH)
                .await
                .map_err(|error| {
                    tracing::warn!(%error, "the feed could not be read for a live socket");
                    End::Failed
                })?;
            let full = events.len() == BATCH as usize;
            let Some(last) = events.last().map(|event| event.seq) else {
                return Ok(());
            };
            for event in coalesce(events) {
                let said = words(&self.api, &self.caller, &event)
                    .await
                    .map_err(|_| End::Failed)?;
                if let Some(said) = said {
                    self.say(&json!({"type": "event", "seq": event.seq, "event": said}))
                        .await?;
                }
            }
            self.cursor = last;
            if !full {
                return Ok(());
            }
        }
    }

    async fn say(&mut self, words: &Value) -> Result<(), End> {
        self.socket
            .send(Frame::Text(words.to_string().into()))
            .await
            .map_err(|_| End::Gone)
    }

    async fn hear(&mut self, text: &str) {
        let (Some((seat, _)), Ok(said)) = (self.seat, serde_json::from_str::<Said>(text)) else {
            return;
        };
        let place = match &said {
            Said::Typing { conversation_id } => Some(*conversation_id),
            Said::Viewing { conversation_id } => *conversation_id,
        };
        if let Some(place) = place
            && conversations::check_visible(self.api.db(), &self.caller.scope, place)
                .await
                .is_err()
        {
            return;
        }
        let now = self.api.clock().now();
        let touched = {
            let mut presence = self.room.presence.lock();
            match said {
                Said::Typing { conversation_id } => {
                    presence.type_in(seat, conversation_id, now);
                    vec![conversation_id]
                }
                Said::Viewing { conversation_id } => presence.view(seat, conversation_id),
            }
        };
        for place in touched {
            // Nobody listening is fine.
            let _ = self.room.whispers.send(Whisper::Presence(place));
        }
    }

    async fn tell_presence(&mut self, place: ConversationId) -> Result<(), End> {
        let Some((_, me)) = self.seat else {
            return Ok(());
        };
        if conversations::check_visible(self.api.db(), &self.caller.scope, place)
            .await
            .is_err()
        {
            return Ok(());
        }
        let now = self.api.clock().now();
        let others = self.room.presence.lock().others(place, me, now);
        self.say(&json!({"type": "presence", "conversation_id": place, "members": others}))
            .await
    }

    async fn leave(mut self, end: End) {
        if let Some((seat, _)) = self.seat.take() {
            let viewed = self.room.presence.lock().leave(seat);
            if let Some(place) = viewed {
                let _ = self.room.whispers.send(Whisper::Presence(place));
            }
        }
        let (code, reason) = match end {
            End::Gone => return,
            End::Stopping => (1012, "restarting"),
            End::SignedOut => (4401, "signed out"),
            End::Failed => (1011, "failed"),
        };
        // The client may be gone already.
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        let _ = self.socket.send(Frame::Close(Some(frame))).await;
    }
}
