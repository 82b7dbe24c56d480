//! Keeping the state in a folder: one file, replaced as a whole, and one file per medium.
//!
//! A snapshot is taken when something changed, but never more than a small share of the time. What
//! came after the last snapshot is lost in a crash; ids handed out then are not handed out again,
//! because each start counts up `boot`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::app::{App, Token};
use crate::faults::{FaultBox, Faults};
use crate::ids::Ids;
use crate::ledger::Ledger;
use crate::media::MediaShelf;
use crate::message::Message;
use crate::number::{Number, Portfolio, Waba};
use crate::person::Person;
use crate::state::State;
use crate::template::Template;
use crate::timers::Timer;
use crate::webhooks::{Counts, Item};
use crate::window::Chat;
use crate::world::World;

/// What is stored.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    version: u32,
    ids: Cow<'a, Ids>,
    apps: Cow<'a, BTreeMap<String, App>>,
    tokens: Cow<'a, BTreeMap<String, Token>>,
    portfolios: Cow<'a, BTreeMap<String, Portfolio>>,
    wabas: Cow<'a, BTreeMap<String, Waba>>,
    numbers: Cow<'a, BTreeMap<String, Number>>,
    people: Cow<'a, [Person]>,
    chats: Cow<'a, HashMap<String, HashMap<usize, Chat>>>,
    messages: Cow<'a, [Message]>,
    templates: Cow<'a, BTreeMap<String, Template>>,
    deleted_names: Cow<'a, [(String, String, i64)]>,
    media: MediaShelf,
    ledger: Ledger,
    faults: Faults,
    timers: Vec<Timer>,
    webhooks: Vec<Item>,
    counts: Counts,
}

const VERSION: u32 = 1;

fn wrong(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> Error + '_ {
    |error| Error::Data {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// What a folder held.
pub(crate) struct Found {
    /// There was a snapshot, and the state is what it held.
    pub(crate) loaded: bool,
    /// How often the folder was started before.
    pub(crate) boot: u64,
}

/// Loads what a folder holds and counts up its starts.
pub(crate) fn load(folder: &Path, state: &mut State) -> Result<Found, Error> {
    std::fs::create_dir_all(folder.join("media")).map_err(|error| wrong(folder)(&error))?;
    let boot_file = folder.join("boot");
    let boot: u64 = std::fs::read_to_string(&boot_file)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    replace(&boot_file, (boot + 1).to_string().as_bytes())?;
    let path = folder.join("state.json");
    if !path.exists() {
        return Ok(Found {
            loaded: false,
            boot,
        });
    }
    let text = std::fs::read(&path).map_err(|error| wrong(&path)(&error))?;
    let stored: Stored<'_> = serde_json::from_slice(&text).map_err(|error| wrong(&path)(&error))?;
    if stored.version != VERSION {
        return Err(wrong(&path)(&format!(
            "version {} cannot be read by this build",
            stored.version
        )));
    }
    state.ids = stored.ids.into_owned();
    state.apps = stored.apps.into_owned();
    state.tokens = stored.tokens.into_owned();
    state.portfolios = stored.portfolios.into_owned();
    state.wabas = stored.wabas.into_owned();
    state.numbers = stored.numbers.into_owned();
    state.people = stored.people.into_owned();
    state.chats = stored.chats.into_owned();
    state.messages = stored.messages.into_owned();
    state.templates = stored.templates.into_owned();
    state.deleted_names = stored.deleted_names.into_owned();
    state.media = stored.media;
    state.ledger = stored.ledger;
    state.faults = FaultBox::new(stored.faults);
    state.timers.restore(stored.timers);
    state.hooks.restore(stored.webhooks, stored.counts);
    for media in state.media.items.values_mut() {
        let path = folder.join("media").join(&media.id);
        media.bytes = std::fs::read(&path)
            .map_err(|error| wrong(&path)(&error))?
            .into();
    }
    state.rebuild();
    Ok(Found { loaded: true, boot })
}

/// Writes a snapshot.
pub(crate) fn save(world: &World) -> Result<(), Error> {
    let Some(folder) = &world.data else {
        return Ok(());
    };
    let (text, media) = world.with(|state, _| {
        let stored = Stored {
            version: VERSION,
            ids: Cow::Borrowed(&state.ids),
            apps: Cow::Borrowed(&state.apps),
            tokens: Cow::Borrowed(&state.tokens),
            portfolios: Cow::Borrowed(&state.portfolios),
            wabas: Cow::Borrowed(&state.wabas),
            numbers: Cow::Borrowed(&state.numbers),
            people: Cow::Borrowed(&state.people),
            chats: Cow::Borrowed(&state.chats),
            messages: Cow::Borrowed(&state.messages),
            templates: Cow::Borrowed(&state.templates),
            deleted_names: Cow::Borrowed(&state.deleted_names),
            media: MediaShelf {
                items: state.media.items.clone(),
            },
            ledger: Ledger {
                entries: state.ledger.entries.clone(),
            },
            faults: state.faults.set.clone(),
            timers: state.timers.all(),
            webhooks: state.hooks.waiting(),
            counts: state.hooks.counts,
        };
        let media: Vec<_> = state
            .media
            .items
            .values()
            .map(|media| (media.id.clone(), media.bytes.clone()))
            .collect();
        (serde_json::to_vec(&stored), media)
    });
    for (id, bytes) in media {
        let path = folder.join("media").join(id);
        if !path.exists() {
            replace(&path, &bytes)?;
        }
    }
    let path = folder.join("state.json");
    let text = text.map_err(|error| wrong(&path)(&error))?;
    replace(&path, &text)
}

/// Writes a file beside and moves it into place.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes).map_err(|error| wrong(path)(&error))?;
    std::fs::rename(&beside, path).map_err(|error| wrong(path)(&error))
}

/// Takes snapshots until the simulator stops.
pub(crate) async fn run(world: Arc<World>) {
    let mut stored = 0;
    let mut pause = Duration::from_secs(1);
    loop {
        tokio::select! {
            () = world.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let changes = world.with(|state, _| state.changes);
        if changes == stored {
            continue;
        }
        let started = world.clock.elapsed();
        let worker = Arc::clone(&world);
        match tokio::task::spawn_blocking(move || save(&worker)).await {
            Ok(Ok(())) => stored = changes,
            Ok(Err(error)) => tracing::error!(%error, "the simulator's state was not stored"),
            Err(error) => tracing::error!(%error, "storing the simulator's state broke off"),
        }
        // A large state takes long to write: at most a twentieth of the time goes into it.
        pause = Duration::from_secs(1).max(world.clock.elapsed().saturating_sub(started) * 20);
    }
}
