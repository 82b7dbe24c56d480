//! The live socket: what happens in the workspace, as it happens.
//!
//! Each socket follows the change feed from the number that its client knows, so that a reconnect
//! misses nothing and doubles nothing. The feed is the truth; waking up is only a hint, and a
//! slow poll covers what other processes wrote. Presence and typing are told to those who are
//! connected and kept nowhere.

mod event;
mod presence;
pub mod socket;

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{broadcast, watch};
use wigwag_model::{ConversationId, MemberId, WorkspaceId};
use wigwag_store::Db;

/// Ephemeral words between sockets of a workspace that may wait.
const WHISPERS: usize = 256;

/// What the sockets of this process share.
#[derive(Debug)]
pub struct Hub {
    db: Db,
    rooms: Mutex<HashMap<WorkspaceId, Arc<Room>>>,
    stopping: watch::Sender<bool>,
}

/// The sockets of one workspace.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) presence: Mutex<presence::Presence>,
    pub(crate) whispers: broadcast::Sender<Whisper>,
}

/// Something that is told to whoever is connected and then forgotten.
#[derive(Debug, Clone)]
pub(crate) enum Whisper {
    /// Who looks at a conversation has changed.
    Presence(ConversationId),
}

impl Hub {
    /// No sockets yet.
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            rooms: Mutex::default(),
            stopping: watch::Sender::new(false),
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// The room of a workspace.
    pub(crate) fn room(&self, workspace: WorkspaceId) -> Arc<Room> {
        let mut rooms = self.rooms.lock();
        // A room without sockets has nothing to remember.
        rooms.retain(|id, room| *id == workspace || Arc::strong_count(room) > 1);
        rooms
            .entry(workspace)
            .or_insert_with(|| {
                Arc::new(Room {
                    presence: Mutex::default(),
                    whispers: broadcast::Sender::new(WHISPERS),
                })
            })
            .clone()
    }

    /// Whether a console of the member is connected here.
    pub(crate) fn is_online(&self, workspace: WorkspaceId, member: MemberId) -> bool {
        let room = self.rooms.lock().get(&workspace).cloned();
        room.is_some_and(|room| room.presence.lock().is_online(member))
    }

    /// Ends every socket, for a stop of the process.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}
