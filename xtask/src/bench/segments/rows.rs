//! The rows of a shop with many people, in a workspace of their own.

use super::filters::Named;
use super::people::{DAY, Done, NOON, Person};
use crate::bench::campaign::people::shown;
use crate::bench::database::{Cell, Database, Load};
use crate::bench::inbox::rows::{Home, id, workspace};
use anyhow::Result;
use serde_json::json;
use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// What was planted.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Planted {
    /// The key of the workspace.
    pub(super) key: String,
    /// The id of the campaign.
    pub(super) campaign: String,
    pub(super) contacts: u64,
    pub(super) events: u64,
    /// When, in µs since the epoch.
    pub(super) at: i64,
    /// Whom each filter finds, by its place.
    pub(super) found: Vec<u64>,
}

/// Write `count` people with what they have and did.
pub(super) fn write(database: &Database, count: u64, filters: &[Named]) -> Result<Planted> {
    let home = Home {
        number: 1,
        workspace: id(1, 1),
        waba: id(2, 1),
        line: id(3, 1),
    };
    let key = format!("ww_bench1secret{:020}", 1);
    let data_key = database.ask("data_key", true, "workspaces LIMIT 1")?;
    let scopes = database.ask("scopes", false, "api_keys LIMIT 1")?;
    let app = database.ask("id", false, "apps LIMIT 1")?;
    let now = now();
    let mut load = database.load()?;
    workspace(&mut load, &home, &key, &data_key, &scopes, &app)?;
    load.statement(&format!(
        "UPDATE workspaces SET next_contact_no = {} WHERE demo = 0",
        count + 1
    ))?;
    let mut found = vec![0; filters.len()];
    for number in 0..count {
        let person = Person::new(number, count);
        for (filter, count) in filters.iter().zip(&mut found) {
            *count += u64::from(filter.finds(&person)?);
        }
    }
    let people = People { home, count, now };
    people.contacts(&mut load)?;
    people.traits(&mut load)?;
    people.consent(&mut load)?;
    people.conversations(&mut load)?;
    people.campaign(&mut load)?;
    let events = people.events(&mut load)?;
    load.finish()?;
    Ok(Planted {
        key,
        campaign: shown("campaign", CAMPAIGN),
        contacts: count,
        events,
        at: now,
        found,
    })
}

const CAMPAIGN: [u8; 16] = [1, 0x8f, 0, 0, 0, 10, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1];

struct People {
    home: Home,
    count: u64,
    now: i64,
}

impl People {
    fn all(&self) -> impl Iterator<Item = (u64, Person)> + use<> {
        let count = self.count;
        (0..count).map(move |number| (number, Person::new(number, count)))
    }

    /// Days before the moment at which the rows are made.
    fn ago(&self, days: i64) -> i64 {
        self.now - days * DAY - NOON
    }

    fn id(&self, number: u64, person: &Person) -> [u8; 16] {
        let millis = (self.ago(person.made) / 1_000) as u64;
        dated(millis, number)
    }

    fn workspace(&self) -> Cell<'static> {
        Cell::Id(self.home.workspace)
    }

    fn contacts(&self, load: &mut Load) -> Result<()> {
        load.rows(
            "contacts",
            "workspace_id, id, no, name, phone, wa_id, email, country, tags, traits, source, name_key, created_at, \
             last_seen_at, updated_at, version",
            self.all().map(|(number, person)| {
                let at = self.ago(person.made);
                let mut traits = json!({ "city": person.city, "plan": person.plan });
                if let Some(spent) = person.spent {
                    traits["spent"] = spent.into();
                }
                if !person.interests.is_empty() {
                    traits["interests"] = json!(person.interests);
                }
                let wa_id = format!("9174{number:08}");
                vec![
                    self.workspace(),
                    Cell::Id(self.id(number, &person)),
                    Cell::Int(number as i64 + 1),
                    Cell::Owned(person.name.clone()),
                    Cell::Owned(format!("+{wa_id}")),
                    Cell::Owned(wa_id),
                    Cell::Owned(format!("customer{number}@shop.example")),
                    Cell::Text(person.country),
                    Cell::Owned(json!(person.tags).to_string()),
                    Cell::Owned(traits.to_string()),
                    Cell::Text("import"),
                    Cell::Owned(person.name.to_lowercase()),
                    Cell::Int(at),
                    person.talk.as_ref().map_or(Cell::Null, |talk| Cell::Int(self.ago(talk.days))),
                    Cell::Int(at),
                    Cell::Int(1),
                ]
            }),
        )?;
        load.rows(
            "contact_identities",
            "workspace_id, kind, scope, value, contact_id, created_at",
            self.all().map(|(number, person)| {
                vec![
                    self.workspace(),
                    Cell::Text("phone"),
                    Cell::Text(""),
                    Cell::Owned(format!("+9174{number:08}")),
                    Cell::Id(self.id(number, &person)),
                    Cell::Int(self.ago(person.made)),
                ]
            }),
        )?;
        load.rows(
            "contact_tags",
            "workspace_id, tag_key, contact_id, tag",
            self.all().flat_map(|(number, person)| {
                let contact = self.id(number, &person);
                person.tags.into_iter().map(move |tag| {
                    vec![
                        self.workspace(),
                        Cell::Text(tag),
                        Cell::Id(contact),
                        Cell::Text(tag),
                    ]
                })
            }),
        )
    }

    fn traits(&self, load: &mut Load) -> Result<()> {
        let kinds = [
            ("city", "text"),
            ("plan", "text"),
            ("spent", "number"),
            ("renews_at", "datetime"),
            ("interests", "list"),
        ];
        load.rows(
            "traits",
            "workspace_id, key, kind, label, created_at",
            kinds.iter().map(|(key, kind)| {
                vec![
                    self.workspace(),
                    Cell::Text(key),
                    Cell::Text(kind),
                    Cell::Text(key),
                    Cell::Int(self.now),
                ]
            }),
        )?;
        load.rows(
            "contact_traits",
            "workspace_id, contact_id, key, place, text, number, at",
            self.all().flat_map(|(number, person)| {
                let contact = self.id(number, &person);
                let row = move |key: &'static str, place: i64, values: [Cell<'static>; 3]| {
                    let [text, number, at] = values;
                    vec![
                        self.workspace(),
                        Cell::Id(contact),
                        Cell::Text(key),
                        Cell::Int(place),
                        text,
                        number,
                        at,
                    ]
                };
                let text = move |key, place, text: &str| {
                    row(
                        key,
                        place,
                        [Cell::Owned(text.to_lowercase()), Cell::Null, Cell::Null],
                    )
                };
                let mut rows = vec![text("city", 0, person.city), text("plan", 0, person.plan)];
                if let Some(spent) = person.spent {
                    rows.push(row(
                        "spent",
                        0,
                        [Cell::Null, Cell::Int(comparable(spent)), Cell::Null],
                    ));
                }
                if let Some(days) = person.renews {
                    let at = self.now + days * DAY + NOON;
                    rows.push(row("renews_at", 0, [Cell::Null, Cell::Null, Cell::Int(at)]));
                }
                for (place, interest) in (0..).zip(&person.interests) {
                    rows.push(text("interests", place, interest));
                }
                rows
            }),
        )
    }

    fn consent(&self, load: &mut Load) -> Result<()> {
        load.rows(
            "consent",
            "workspace_id, contact_id, category, state, source, at",
            self.all().filter_map(|(number, person)| {
                Some(vec![
                    self.workspace(),
                    Cell::Id(self.id(number, &person)),
                    Cell::Text("marketing"),
                    Cell::Text(if person.agreed? { "granted" } else { "denied" }),
                    Cell::Text("import"),
                    Cell::Int(self.ago(person.made)),
                ])
            }),
        )
    }

    fn conversations(&self, load: &mut Load) -> Result<()> {
        load.rows(
            "conversations",
            "workspace_id, id, contact_id, number_id, status, unread_count, contact_name, contact_phone, \
             last_direction, last_kind, last_preview, last_at, activity_at, last_inbound_at, window_closes_at, \
             changed_seq, created_at",
            self.all().filter_map(|(number, person)| {
                let contact = self.id(number, &person);
                let Person { name, talk, .. } = person;
                let talk = talk?;
                let at = self.ago(talk.days);
                Some(vec![
                    self.workspace(),
                    Cell::Id(id(6, number)),
                    Cell::Id(contact),
                    Cell::Id(self.home.line),
                    Cell::Text(talk.status),
                    Cell::Int(i64::from(talk.unread)),
                    Cell::Owned(name),
                    Cell::Owned(format!("+9174{number:08}")),
                    Cell::Text("in"),
                    Cell::Text("text"),
                    Cell::Text("Thank you, I will be at home"),
                    Cell::Int(at),
                    Cell::Int(at),
                    Cell::Int(at),
                    Cell::Int(at + DAY),
                    Cell::Int(1),
                    Cell::Int(at),
                ])
            }),
        )
    }

    fn campaign(&self, load: &mut Load) -> Result<()> {
        let at = self.ago(20);
        load.rows(
            "campaigns",
            "workspace_id, id, name, state, audience, variables, schedule, settings, round, canary, created_by, \
             created_at, updated_at, version",
            std::iter::once(vec![
                self.workspace(),
                Cell::Id(CAMPAIGN),
                Cell::Text("Festival"),
                Cell::Text("done"),
                Cell::Text(r#"{"everyone":true}"#),
                Cell::Text("{}"),
                Cell::Text(r#"{"when":"now"}"#),
                Cell::Text("{}"),
                Cell::Int(1),
                Cell::Text("none"),
                Cell::Text("bench"),
                Cell::Int(at),
                Cell::Int(at),
                Cell::Int(1),
            ]),
        )?;
        load.rows(
            "campaign_recipients",
            "workspace_id, campaign_id, round, contact_id, no, number_id, due_at, state, canary, fed_at, replied_at",
            self.all().filter_map(|(number, person)| {
                let answered = person.campaign?;
                Some(vec![
                    self.workspace(),
                    Cell::Id(CAMPAIGN),
                    Cell::Int(1),
                    Cell::Id(self.id(number, &person)),
                    Cell::Int(number as i64),
                    Cell::Id(self.home.line),
                    Cell::Int(at),
                    Cell::Text("fed"),
                    Cell::Int(0),
                    Cell::Int(at),
                    if answered { Cell::Int(at + NOON) } else { Cell::Null },
                ])
            }),
        )
    }

    /// In the order in which they happened, as a shop tells them; how many there are.
    fn events(&self, load: &mut Load) -> Result<u64> {
        let mut all: Vec<([u8; 16], Done)> = Vec::new();
        for (number, person) in self.all() {
            let contact = self.id(number, &person);
            all.extend(person.done.into_iter().map(|done| (contact, done)));
        }
        all.sort_by_key(|(_, done)| -done.days);
        load.rows(
            "events",
            "workspace_id, id, contact_id, name, properties, occurred_at, created_at, compared",
            (0..).zip(&all).map(|(number, (contact, done))| {
                let at = self.ago(done.days);
                let (properties, compared) = particulars(done);
                vec![
                    self.workspace(),
                    Cell::Id(dated((at / 1_000) as u64, number)),
                    Cell::Id(*contact),
                    Cell::Text(done.name),
                    Cell::Owned(properties),
                    Cell::Int(at),
                    Cell::Int(at),
                    Cell::Owned(compared),
                ]
            }),
        )?;
        Ok(all.len() as u64)
    }
}

/// A whole number as filters compare it: a floating point number's bits, whose order is that of integers.
fn comparable(number: u32) -> i64 {
    f64::from(number).to_bits() as i64
}

/// What is told of an event, and the form in which filters compare it.
fn particulars(done: &Done) -> (String, String) {
    let amount = done.amount;
    let mut told = format!(r#"{{"amount":{amount},"currency":"INR""#);
    let mut compared = format!(
        r#"{{"{}":{{"n":[{}],"t":["{amount}"]}},"{}":{{"t":["inr"]}}"#,
        name("amount"),
        comparable(amount),
        name("currency")
    );
    if let Some(coupon) = done.coupon {
        // Writing to a text cannot fail.
        let _ = write!(told, r#","coupon":"{coupon}""#);
        let _ = write!(
            compared,
            r#","{}":{{"t":["{}"]}}"#,
            name("coupon"),
            coupon.to_lowercase()
        );
    }
    (told + "}", compared + "}")
}

/// The name of a particular in the comparable form.
fn name(key: &str) -> String {
    format!("k{}", hex::encode(key))
}

/// An id in the form of UUIDv7, with its time.
fn dated(millis: u64, number: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    id[6] = 0x70;
    id[8] = 0x80;
    id[9..].copy_from_slice(&number.to_be_bytes()[1..]);
    id
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as i64)
}
