//! Everything that the pretend Meta knows, in memory.
//!
//! One lock guards it (`World::with`); what is written here never waits. Indexes are rebuilt when a
//! stored state is loaded. Webhooks and timers are queued here and carried out by the tasks of
//! `scheduler`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::app::{App, Subscription, Token};
use crate::faults::{FaultBox, Faults};
use crate::ids::{self, Ids};
use crate::ledger::Ledger;
use crate::media::MediaShelf;
use crate::message::Message;
use crate::number::{Number, Portfolio, Waba};
use crate::person::{Behaviour, COLORS, Person};
use crate::phone;
use crate::shelf::Shelf;
use crate::template::Template;
use crate::timers::Timers;
use crate::webhooks::{Change, Hooks, Mark, Target, ascii_json};
use crate::window::Chat;

/// Fields for which number and WABA overrides count.
const OVERRIDABLE: &[&str] = &[
    "messages",
    "message_echoes",
    "calls",
    "smb_message_echoes",
    "history",
];

/// Something the phone page wants to hear of at once.
#[derive(Debug, Clone)]
pub(crate) struct LiveEvent {
    pub(crate) event: &'static str,
    pub(crate) data: Value,
}

/// The state.
pub(crate) struct State {
    pub(crate) ids: Ids,
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) tokens: BTreeMap<String, Token>,
    /// Codes of Embedded Signup that can be exchanged: code → (app, expiry in µs).
    pub(crate) codes: BTreeMap<String, (String, i64)>,
    pub(crate) portfolios: BTreeMap<String, Portfolio>,
    pub(crate) wabas: BTreeMap<String, Waba>,
    pub(crate) numbers: BTreeMap<String, Number>,
    pub(crate) people: Shelf<Person>,
    /// How persons behave of whom nothing else was said.
    pub(crate) behaviour: Behaviour,
    by_wa_id: HashMap<String, usize>,
    by_person_id: HashMap<String, usize>,
    /// Portfolio → person → business-scoped user id.
    user_ids: HashMap<String, HashMap<usize, String>>,
    by_user_id: HashMap<String, usize>,
    pub(crate) chats: Shelf<Chat>,
    /// Number → person → index of the chat.
    chat_of: HashMap<String, HashMap<usize, usize>>,
    pub(crate) messages: Shelf<Message>,
    by_wamid: HashMap<String, usize>,
    pub(crate) templates: BTreeMap<String, Template>,
    /// (WABA, name) → ids.
    template_names: HashMap<(String, String), Vec<String>>,
    /// Deleted approved names → (WABA, name, until µs).
    pub(crate) deleted_names: Vec<(String, String, i64)>,
    pub(crate) media: MediaShelf,
    pub(crate) ledger: Ledger,
    pub(crate) faults: FaultBox,
    pub(crate) hooks: Hooks,
    pub(crate) timers: Timers,
    pub(crate) live: broadcast::Sender<LiveEvent>,
    /// Where media links point: `https://lookaside.fbsbx.com` or the simulator's own address.
    pub(crate) media_host: String,
    /// Another one after each reset: what was under way belongs to the world before.
    pub(crate) epoch: u64,
    /// Counts changes, so that a snapshot is only written when there was one.
    pub(crate) changes: u64,
    targets: HashMap<(String, String, String), Arc<Target>>,
}

impl State {
    /// An empty world.
    pub(crate) fn new(seed: u64, live: broadcast::Sender<LiveEvent>, media_host: String) -> Self {
        Self {
            ids: Ids::new(seed),
            apps: BTreeMap::new(),
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            portfolios: BTreeMap::new(),
            wabas: BTreeMap::new(),
            numbers: BTreeMap::new(),
            people: Shelf::default(),
            behaviour: Behaviour::default(),
            by_wa_id: HashMap::new(),
            by_person_id: HashMap::new(),
            user_ids: HashMap::new(),
            by_user_id: HashMap::new(),
            chats: Shelf::default(),
            chat_of: HashMap::new(),
            messages: Shelf::default(),
            by_wamid: HashMap::new(),
            templates: BTreeMap::new(),
            template_names: HashMap::new(),
            deleted_names: Vec::new(),
            media: MediaShelf::default(),
            ledger: Ledger::default(),
            faults: FaultBox::new(Faults::default()),
            hooks: Hooks::default(),
            timers: Timers::default(),
            live,
            media_host,
            epoch: 0,
            changes: 0,
            targets: HashMap::new(),
        }
    }

    /// Gives each person the user ids of all portfolios.
    pub(crate) fn give_user_ids(&mut self) {
        let portfolios: Vec<_> = self.portfolios.keys().cloned().collect();
        for portfolio in portfolios {
            for person in 0..self.people.len() {
                self.user_id(&portfolio, person);
            }
        }
    }

    /// Builds the indexes anew from what was loaded.
    pub(crate) fn rebuild(&mut self) {
        self.by_wa_id = self
            .people
            .iter()
            .enumerate()
            .map(|(i, p)| (p.wa_id.clone(), i))
            .collect();
        self.by_person_id = self
            .people
            .iter()
            .enumerate()
            .map(|(i, p)| (p.id.clone(), i))
            .collect();
        self.by_wamid = self
            .messages
            .iter()
            .enumerate()
            .map(|(i, m)| (m.wamid.clone(), i))
            .collect();
        self.chat_of.clear();
        for (index, chat) in self.chats.iter().enumerate() {
            let of_number = self.chat_of.entry(chat.number_id.clone()).or_default();
            of_number.insert(chat.person, index);
        }
        let messages = self
            .messages
            .iter()
            .map(|m| (m.number_id.clone(), m.person));
        for (index, (number_id, person)) in messages.collect::<Vec<_>>().into_iter().enumerate() {
            self.people[person].last_message = Some(index);
            self.chat(&number_id, person).messages.push(index);
        }
        // Only what can be found again was set: nothing of it needs to be stored.
        self.people.take_dirty();
        self.chats.take_dirty();
        self.template_names.clear();
        for template in self.templates.values() {
            let key = (template.waba_id.clone(), template.name.clone());
            self.template_names
                .entry(key)
                .or_default()
                .push(template.id.clone());
        }
        self.give_user_ids();
    }

    // People

    /// The person with this `wa_id`, if there is one.
    pub(crate) fn known_phone(&self, wa_id: &str) -> Option<usize> {
        self.by_wa_id.get(wa_id).copied()
    }

    /// The person with this `wa_id`, created when there is none.
    pub(crate) fn person_by_phone(&mut self, wa_id: &str) -> usize {
        if let Some(index) = self.by_wa_id.get(wa_id) {
            return *index;
        }
        self.add_person(&format!("+{wa_id}"), wa_id)
    }

    /// Adds a person; the `wa_id` must be new.
    pub(crate) fn add_person(&mut self, name: &str, wa_id: &str) -> usize {
        let index = self.people.len();
        let person = Person {
            id: format!("p_{}", index + 1),
            name: name.to_owned(),
            wa_id: wa_id.to_owned(),
            username: None,
            country: phone::country(wa_id).to_owned(),
            avatar_color: COLORS[index % COLORS.len()].to_owned(),
            behaviour: self.behaviour.clone(),
            made_us: 0,
            last_message: None,
        };
        self.by_wa_id.insert(person.wa_id.clone(), index);
        self.by_person_id.insert(person.id.clone(), index);
        self.people.push(person);
        index
    }

    /// A person by id, phone in any spelling, or business-scoped user id.
    pub(crate) fn find_person(&self, key: &str) -> Option<usize> {
        let by_phone = || phone::wa_id(key, "1").and_then(|wa_id| self.by_wa_id.get(&wa_id));
        self.by_person_id
            .get(key)
            .or_else(|| self.by_user_id.get(key))
            .or_else(by_phone)
            .copied()
    }

    /// The person behind a business-scoped user id.
    pub(crate) fn person_by_user_id(&self, user_id: &str) -> Option<usize> {
        self.by_user_id.get(user_id).copied()
    }

    /// The business-scoped user id of a person in a portfolio.
    pub(crate) fn user_id(&mut self, portfolio_id: &str, person: usize) -> String {
        if let Some(known) = self
            .user_ids
            .get(portfolio_id)
            .and_then(|ids| ids.get(&person))
        {
            return known.clone();
        }
        let who = &self.people[person];
        let id = ids::user_id(self.ids.seed(), portfolio_id, &who.id, &who.country);
        self.user_ids
            .entry(portfolio_id.to_owned())
            .or_default()
            .insert(person, id.clone());
        self.by_user_id.insert(id.clone(), person);
        id
    }

    /// The portfolio of a number.
    pub(crate) fn portfolio_of(&self, number_id: &str) -> String {
        let waba = self
            .numbers
            .get(number_id)
            .and_then(|number| self.wabas.get(&number.waba_id));
        waba.map(|waba| waba.portfolio_id.clone())
            .unwrap_or_default()
    }

    /// The chat of a number and a person, made when there is none.
    pub(crate) fn chat(&mut self, number_id: &str, person: usize) -> &mut Chat {
        let known = self.chat_of.get(number_id).and_then(|all| all.get(&person));
        let index = if let Some(index) = known {
            *index
        } else {
            let index = self.chats.push(Chat::new(number_id, person));
            let of_number = self.chat_of.entry(number_id.to_owned()).or_default();
            of_number.insert(person, index);
            index
        };
        &mut self.chats[index]
    }

    /// The chat of a number and a person, if there is one.
    pub(crate) fn known_chat(&self, number_id: &str, person: usize) -> Option<&Chat> {
        self.chats.get(*self.chat_of.get(number_id)?.get(&person)?)
    }

    /// All chats of a person.
    pub(crate) fn chats_of(&self, person: usize) -> impl Iterator<Item = &Chat> {
        self.chat_of
            .values()
            .filter_map(move |of_number| self.chats.get(*of_number.get(&person)?))
    }

    // Messages

    /// Adds a message to its chat; gives its index.
    pub(crate) fn add_message(&mut self, message: Message) -> usize {
        let index = self.messages.len();
        self.by_wamid.insert(message.wamid.clone(), index);
        self.people[message.person].last_message = Some(index);
        let (number_id, person) = (message.number_id.clone(), message.person);
        self.messages.push(message);
        self.chat(&number_id, person).messages.push(index);
        index
    }

    /// A message by id.
    pub(crate) fn message(&self, wamid: &str) -> Option<usize> {
        self.by_wamid.get(wamid).copied()
    }

    // Templates

    /// Adds or replaces a template.
    pub(crate) fn put_template(&mut self, template: Template) {
        let key = (template.waba_id.clone(), template.name.clone());
        let ids = self.template_names.entry(key).or_default();
        if !ids.contains(&template.id) {
            ids.push(template.id.clone());
        }
        self.templates.insert(template.id.clone(), template);
    }

    /// Removes a template.
    pub(crate) fn remove_template(&mut self, id: &str) -> Option<Template> {
        let template = self.templates.remove(id)?;
        let key = (template.waba_id.clone(), template.name.clone());
        if let Some(ids) = self.template_names.get_mut(&key) {
            ids.retain(|known| known != id);
        }
        Some(template)
    }

    /// All languages of a template name.
    pub(crate) fn templates_named(&self, waba_id: &str, name: &str) -> Vec<&Template> {
        let ids = self
            .template_names
            .get(&(waba_id.to_owned(), name.to_owned()));
        ids.into_iter()
            .flatten()
            .filter_map(|id| self.templates.get(id))
            .collect()
    }

    // Webhooks and live events

    /// Sets where an app wants its webhooks, or takes that away. What waits for its former address
    /// goes to the new one.
    pub(crate) fn subscribe(&mut self, app_id: &str, subscription: Option<Subscription>) {
        if let Some(app) = self.apps.get_mut(app_id) {
            if let (Some(old), Some(new)) = (&app.subscription, &subscription) {
                self.hooks.moves(&old.callback_url, &new.callback_url);
            }
            app.subscription = subscription;
        }
        self.changes += 1;
    }

    /// Queues a webhook for every app that is subscribed to the WABA and the field.
    ///
    /// Returns whether anybody gets it.
    pub(crate) fn emit(
        &mut self,
        now_us: i64,
        field: &str,
        waba_id: &str,
        number_id: Option<&str>,
        value: &Value,
        mark: Option<Mark>,
    ) -> bool {
        let Some(waba) = self.wabas.get(waba_id) else {
            return false;
        };
        let number = number_id.and_then(|id| self.numbers.get(id));
        let overridable = OVERRIDABLE.contains(&field);
        let mut targets = Vec::new();
        for (app_id, waba_override) in &waba.subscribed {
            let Some(app) = self.apps.get(app_id).filter(|app| app.wants(field)) else {
                continue;
            };
            let Some(subscription) = &app.subscription else {
                continue;
            };
            let other = number
                .and_then(|number| number.webhook.as_ref())
                .or(waba_override.as_ref());
            let url = other
                .filter(|_| overridable)
                .map_or(&subscription.callback_url, |o| &o.url);
            targets.push((url.clone(), app.secret.clone()));
        }
        if targets.is_empty() {
            return false;
        }
        let json = format!(r#"{{"value":{},"field":"{field}"}}"#, ascii_json(value));
        let time =
            (!matches!(field, "messages" | "user_preferences")).then_some(now_us / 1_000_000);
        for (url, secret) in targets {
            let key = (url, secret, waba_id.to_owned());
            let target = if let Some(target) = self.targets.get(&key) {
                Arc::clone(target)
            } else {
                let (url, secret, entry_id) = key.clone();
                let target = Arc::new(Target {
                    url,
                    secret,
                    entry_id,
                });
                self.targets.insert(key, Arc::clone(&target));
                target
            };
            let change = Change {
                target,
                json: json.clone(),
                time,
                mark,
            };
            self.hooks.add(now_us, change, &mut self.faults);
        }
        true
    }

    /// Tells the phone pages of something in a chat.
    pub(crate) fn tell(
        &self,
        event: &'static str,
        person: usize,
        number_id: &str,
        wamid: Option<&str>,
    ) {
        if self.live.receiver_count() == 0 {
            return;
        }
        let message = wamid.and_then(|wamid| self.message(wamid));
        let data = json!({
            "person": self.people.get(person).map(|p| &p.id),
            "phone_number_id": (!number_id.is_empty()).then_some(number_id),
            "wamid": wamid,
            "direction": message.map(|at| self.messages[at].direction),
        });
        let _ = self.live.send(LiveEvent { event, data });
    }

    /// Tells the phone pages to read a setting again: `faults`, `clock`, `template`.
    pub(crate) fn tell_all(&self, event: &'static str) {
        let _ = self.live.send(LiveEvent {
            event,
            data: json!({}),
        });
    }
}
