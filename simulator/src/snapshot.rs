//! Keeping the state in a folder: a head, the long lists in parts, and one file per medium. Each file is
//! replaced as a whole.
//!
//! A snapshot is taken when something changed, but never more than a small share of the time and of the
//! disk, and it never holds up the simulator for longer than one part takes. So the parts are a little newer than the
//! head: a timer that was already done is due again, which changes nothing, and a webhook may be sent
//! twice, as Meta does. What came after the last snapshot is lost in a crash; ids handed out then are not
//! handed out again, because each start counts up `boot`. Nothing is synced to the disk: this is no
//! product's data.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::app::{App, Token};
use crate::faults::{FaultBox, Faults};
use crate::ids::Ids;
use crate::ledger::Ledger;
use crate::media::MediaShelf;
use crate::number::{Number, Portfolio, Waba};
use crate::person::Behaviour;
use crate::shelf::{PART, Shelf};
use crate::state::State;
use crate::template::Template;
use crate::timers::Timer;
use crate::webhooks::{Counts, Item};
use crate::world::World;

/// Everything but the long lists.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    /// How far the clock was ahead of real time, in microseconds.
    clock_offset_us: i64,
    lengths: Lengths,
    ids: Ids,
    apps: BTreeMap<String, App>,
    tokens: BTreeMap<String, Token>,
    portfolios: BTreeMap<String, Portfolio>,
    wabas: BTreeMap<String, Waba>,
    numbers: BTreeMap<String, Number>,
    behaviour: Behaviour,
    templates: BTreeMap<String, Template>,
    deleted_names: Vec<(String, String, i64)>,
    media: MediaShelf,
    faults: Faults,
    timers: Vec<Timer>,
    webhooks: Vec<Item>,
    /// Callback addresses that were given up for another.
    #[serde(default)]
    moved: HashMap<String, String>,
    counts: Counts,
}

/// What every version of the head has.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// How long the long lists were. What their parts hold beyond came later.
#[derive(Serialize, Deserialize, Clone, Copy)]
struct Lengths {
    people: usize,
    chats: usize,
    messages: usize,
    ledger: usize,
}

const VERSION: u32 = 2;

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
    /// How far the clock was ahead of real time.
    pub(crate) clock_offset: Duration,
}

impl Found {
    /// Nothing was kept.
    pub(crate) fn nothing(boot: u64) -> Self {
        Self {
            loaded: false,
            boot,
            clock_offset: Duration::ZERO,
        }
    }
}

/// Loads what a folder holds and counts up its starts.
pub(crate) fn load(folder: &Path, state: &mut State) -> Result<Found, Error> {
    for name in ["media", "people", "chats", "messages", "ledger"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).map_err(|error| wrong(&path)(&error))?;
    }
    let boot_file = folder.join("boot");
    let boot: u64 = std::fs::read_to_string(&boot_file)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    replace(&boot_file, (boot + 1).to_string().as_bytes())?;
    let path = folder.join("state.json");
    if !path.exists() {
        return Ok(Found::nothing(boot));
    }
    let text = std::fs::read(&path).map_err(|error| wrong(&path)(&error))?;
    let found: Version = serde_json::from_slice(&text).map_err(|error| wrong(&path)(&error))?;
    if found.version != VERSION {
        return Err(wrong(&path)(&format!(
            "version {} cannot be read by this build, which writes {VERSION}",
            found.version
        )));
    }
    let head: Head = serde_json::from_slice(&text).map_err(|error| wrong(&path)(&error))?;
    let Lengths {
        people,
        chats,
        messages,
        ledger,
    } = head.lengths;
    state.people = Shelf::stored(parts(&folder.join("people"), people)?);
    state.chats = Shelf::stored(parts(&folder.join("chats"), chats)?);
    state.messages = Shelf::stored(parts(&folder.join("messages"), messages)?);
    state.ledger = Ledger::stored(parts(&folder.join("ledger"), ledger)?);
    state.ids = head.ids;
    state.apps = head.apps;
    state.tokens = head.tokens;
    state.portfolios = head.portfolios;
    state.wabas = head.wabas;
    state.numbers = head.numbers;
    state.behaviour = head.behaviour;
    state.templates = head.templates;
    state.deleted_names = head.deleted_names;
    state.media = head.media;
    state.faults = FaultBox::new(head.faults);
    state.timers.restore(head.timers);
    state.hooks.restore(head.webhooks, head.moved, head.counts);
    for media in state.media.items.values_mut() {
        let path = folder.join("media").join(&media.id);
        media.bytes = std::fs::read(&path)
            .map_err(|error| wrong(&path)(&error))?
            .into();
    }
    state.rebuild();
    Ok(Found {
        loaded: true,
        boot,
        clock_offset: Duration::from_micros(head.clock_offset_us.unsigned_abs()),
    })
}

/// Reads a list of this length from its parts.
fn parts<T: DeserializeOwned>(folder: &Path, length: usize) -> Result<Vec<T>, Error> {
    let mut items = Vec::with_capacity(length);
    for number in 0..length.div_ceil(PART) {
        let path = folder.join(format!("{number}.json"));
        let text = std::fs::read(&path).map_err(|error| wrong(&path)(&error))?;
        let part: Vec<T> = serde_json::from_slice(&text).map_err(|error| wrong(&path)(&error))?;
        items.extend(part);
    }
    if items.len() < length {
        return Err(wrong(folder)(&format!(
            "{} of {length} items are there",
            items.len()
        )));
    }
    items.truncate(length);
    Ok(items)
}

/// Parts that changed, by list.
#[derive(Default)]
struct Dirty([BTreeSet<usize>; 4]);

impl Dirty {
    const LISTS: [&'static str; 4] = ["people", "chats", "messages", "ledger"];

    fn take(state: &mut State) -> Self {
        Self([
            state.people.take_dirty(),
            state.chats.take_dirty(),
            state.messages.take_dirty(),
            state.ledger.shelf().take_dirty(),
        ])
    }

    fn put_back(&self, state: &mut State) {
        let Self([people, chats, messages, ledger]) = self;
        state.people.put_back(people);
        state.chats.put_back(chats);
        state.messages.put_back(messages);
        state.ledger.shelf().put_back(ledger);
    }
}

fn part(state: &mut State, list: &str, number: usize) -> serde_json::Result<Vec<u8>> {
    match list {
        "people" => state.people.part(number),
        "chats" => state.chats.part(number),
        "messages" => state.messages.part(number),
        _ => state.ledger.shelf().part(number),
    }
}

/// The head, and beside it the files that may not be stored yet.
fn head(world: &World, state: &mut State) -> (Head, Vec<(String, Bytes)>) {
    let head = Head {
        version: VERSION,
        clock_offset_us: world.clock.offset_us(),
        lengths: Lengths {
            people: state.people.len(),
            chats: state.chats.len(),
            messages: state.messages.len(),
            ledger: state.ledger.len(),
        },
        ids: state.ids.clone(),
        apps: state.apps.clone(),
        tokens: state.tokens.clone(),
        portfolios: state.portfolios.clone(),
        wabas: state.wabas.clone(),
        numbers: state.numbers.clone(),
        behaviour: state.behaviour.clone(),
        templates: state.templates.clone(),
        deleted_names: state.deleted_names.clone(),
        media: MediaShelf {
            items: state.media.items.clone(),
        },
        faults: state.faults.set.clone(),
        timers: state.timers.all(),
        webhooks: state.hooks.waiting(),
        moved: state.hooks.moved().clone(),
        counts: state.hooks.counts,
    };
    let media = state.media.items.values();
    let media = media.map(|media| (media.id.clone(), media.bytes.clone()));
    (head, media.collect())
}

/// Writes a snapshot.
pub(crate) fn save(world: &World) -> Result<(), Error> {
    let Some(folder) = &world.data else {
        return Ok(());
    };
    let _one = world.saving.lock();
    let (epoch, dirty, (head, media)) =
        world.with(|state, _| (state.epoch, Dirty::take(state), head(world, state)));
    let stored = store(world, folder, epoch, &dirty, &head, media);
    if stored.is_err() {
        world.with(|state, _| {
            if state.epoch == epoch {
                dirty.put_back(state);
            }
        });
    }
    stored
}

fn store(
    world: &World,
    folder: &Path,
    epoch: u64,
    dirty: &Dirty,
    head: &Head,
    media: Vec<(String, Bytes)>,
) -> Result<(), Error> {
    let mut pace = Pace { world, owed: 0 };
    for (id, bytes) in media {
        let path = folder.join("media").join(id);
        if !path.exists() {
            pace.replace(&path, |file| file.write_all(&bytes))?;
        }
    }
    for (list, numbers) in Dirty::LISTS.into_iter().zip(&dirty.0) {
        for number in numbers {
            let path = folder.join(list).join(format!("{number}.json"));
            let text =
                world.with(|state, _| (state.epoch == epoch).then(|| part(state, list, *number)));
            // After a reset there is another world, which the next snapshot stores as a whole.
            let Some(text) = text else { return Ok(()) };
            let text = text.map_err(|error| wrong(&path)(&error))?;
            pace.replace(&path, |file| file.write_all(&text))?;
        }
    }
    pace.replace(&folder.join("state.json"), |file| {
        serde_json::to_writer(file, head).map_err(std::io::Error::from)
    })
}

/// Bytes per second that a snapshot writes at most: what is measured beside it shares the disk.
const BYTES_PER_SECOND: u64 = 16 << 20;

/// Writes files no faster than that, unless the simulator stops.
struct Pace<'a> {
    world: &'a World,
    /// Bytes that were written and not waited for.
    owed: u64,
}

impl Pace<'_> {
    /// Writes a file beside and moves it into place.
    fn replace(
        &mut self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let beside = path.with_extension("new");
        let done = || {
            let file = std::fs::File::create(&beside)?;
            let mut file = BufWriter::with_capacity(128 << 10, Paced { pace: self, file });
            write(&mut file)?;
            file.flush()?;
            drop(file);
            std::fs::rename(&beside, path)
        };
        done().map_err(|error| wrong(path)(&error))
    }

    fn wait(&mut self, written: usize) {
        self.owed += written as u64;
        while self.owed >= BYTES_PER_SECOND / 50 && !self.world.stop.is_cancelled() {
            std::thread::sleep(Duration::from_millis(20));
            self.owed -= BYTES_PER_SECOND / 50;
        }
    }
}

/// A file that is written at this pace.
struct Paced<'a, 'b> {
    pace: &'a mut Pace<'b>,
    file: std::fs::File,
}

impl Write for Paced<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.pace.wait(written);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Writes a small file beside and moves it into place.
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
        // A large state takes long to write, and most of that is waiting.
        pause = Duration::from_secs(1).max(world.clock.elapsed().saturating_sub(started) * 2);
    }
}
