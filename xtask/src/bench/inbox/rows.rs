//! The rows of the large inbox: three workspaces modelled on the demo's own one, which keeps a third of
//! the conversations. One conversation in a thousand is long; most hold a handful of messages.

use crate::bench::database::{Cell, Database, Load};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

/// How much.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) conversations: u64,
    pub(super) messages: u64,
}

const WORKSPACES: u64 = 3;
const MINUTE: i64 = 60_000_000;
/// Messages in one of the long conversations.
const LONG: u64 = 1_000;

/// What the rows of one workspace refer to.
pub(in crate::bench) struct Home {
    pub(in crate::bench) number: u64,
    pub(in crate::bench) workspace: [u8; 16],
    pub(in crate::bench) waba: [u8; 16],
    pub(in crate::bench) line: [u8; 16],
}

/// Write all rows; a key for each workspace.
pub(super) fn write(database: &Database, size: Size) -> Result<Vec<String>> {
    let demo = "workspaces LIMIT 1";
    let data_key = database.ask("data_key", true, demo)?;
    let scopes = database.ask("scopes", false, "api_keys LIMIT 1")?;
    let app = database.ask("id", false, "apps LIMIT 1")?;
    let content = database.ask("content", false, "messages WHERE kind = 'text' LIMIT 1")?;
    let (homes, keys) = homes(database)?;
    let mut load = database.load()?;
    for (home, key) in homes.iter().zip(&keys) {
        workspace(&mut load, home, key, &data_key, &scopes, &app)?;
        people(&mut load, home, size)?;
        messages(&mut load, home, size, &content)?;
    }
    load.finish()?;
    Ok(keys)
}

/// The demo's workspace first, then two of our own.
fn homes(database: &Database) -> Result<(Vec<Home>, Vec<String>)> {
    let mut homes = vec![Home {
        number: 0,
        workspace: parse(&database.ask("id", true, "workspaces LIMIT 1")?)?,
        waba: parse(&database.ask("id", true, "wabas LIMIT 1")?)?,
        line: parse(&database.ask("id", true, "numbers LIMIT 1")?)?,
    }];
    for number in 1..WORKSPACES {
        homes.push(Home {
            number,
            workspace: id(1, number),
            waba: id(2, number),
            line: id(3, number),
        });
    }
    let keys = (0..WORKSPACES)
        .map(|number| format!("ww_bench{number}secret{number:020}"))
        .collect();
    Ok((homes, keys))
}

/// Write a workspace with a number and a key; of the demo's, number 0, only the key.
pub(in crate::bench) fn workspace(
    load: &mut Load,
    home: &Home,
    key: &str,
    data_key: &str,
    scopes: &str,
    app: &str,
) -> Result<()> {
    let now = now();
    let ws = home.workspace;
    if home.number > 0 {
        load.rows(
            "workspaces",
            "id, name, time_zone, demo, data_key, next_contact_no, created_at",
            std::iter::once(vec![
                Cell::Id(ws),
                Cell::Text("Neighbour"),
                Cell::Text("UTC"),
                Cell::Int(0),
                Cell::Bytes(data_key),
                Cell::Int(1_000_000),
                Cell::Int(now),
            ]),
        )?;
        load.rows(
            "feeds",
            "workspace_id, seq",
            std::iter::once(vec![Cell::Id(ws), Cell::Int(1)]),
        )?;
        load.rows(
            "wabas",
            "workspace_id, id, app_id, waba_id, name, access_token_enc, created_at",
            std::iter::once(vec![
                Cell::Id(ws),
                Cell::Id(home.waba),
                Cell::Text(app),
                Cell::Text("1"),
                Cell::Text("Neighbour"),
                Cell::Bytes("00"),
                Cell::Int(now),
            ]),
        )?;
        load.rows(
            "numbers",
            "workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at",
            std::iter::once(vec![
                Cell::Id(ws),
                Cell::Id(home.line),
                Cell::Id(home.waba),
                Cell::Text("1"),
                Cell::Text("+15550100300"),
                Cell::Text("Neighbour"),
                Cell::Text("green"),
                Cell::Text("connected"),
                Cell::Int(80),
                Cell::Int(0),
                Cell::Int(now),
            ]),
        )?;
    } else {
        load.statement("UPDATE workspaces SET next_contact_no = 1000000")?;
    }
    let hash = hex::encode(Sha256::digest(key.as_bytes()));
    load.rows(
        "api_keys",
        "workspace_id, id, name, prefix, secret_hash, scopes, created_at",
        std::iter::once(vec![
            Cell::Id(ws),
            Cell::Id(id(4, home.number)),
            Cell::Text("bench"),
            Cell::Text("ww_bench"),
            Cell::Bytes(&hash),
            Cell::Text(scopes),
            Cell::Int(now),
        ]),
    )
}

fn people(load: &mut Load, home: &Home, size: Size) -> Result<()> {
    let count = size.conversations / WORKSPACES;
    let now = now();
    let names: Vec<(String, String, String)> = (0..count)
        .map(|person| {
            let wa_id = wa_id(home.number, person);
            (format!("Customer {person}"), format!("+{wa_id}"), wa_id)
        })
        .collect();
    let of = |person: u64| &names[person as usize];
    load.rows(
        "contacts",
        "workspace_id, id, no, name, phone, wa_id, tags, traits, source, name_key, created_at, updated_at, version",
        (0..count).map(|person| {
            let (name, phone, wa_id) = of(person);
            vec![
                Cell::Id(home.workspace),
                Cell::Id(contact(home, person)),
                Cell::Int(10_000 + person as i64),
                Cell::Text(name),
                Cell::Text(phone),
                Cell::Text(wa_id),
                Cell::Text("[]"),
                Cell::Text("{}"),
                Cell::Text("message"),
                Cell::Text(name),
                Cell::Int(now),
                Cell::Int(now),
                Cell::Int(1),
            ]
        }),
    )?;
    for kind in ["wa_id", "phone"] {
        load.rows(
            "contact_identities",
            "workspace_id, kind, scope, value, contact_id, created_at",
            (0..count).map(|person| {
                let (_, phone, wa_id) = of(person);
                let value = if kind == "phone" { phone } else { wa_id };
                vec![
                    Cell::Id(home.workspace),
                    Cell::Text(kind),
                    Cell::Text(""),
                    Cell::Text(value),
                    Cell::Id(contact(home, person)),
                    Cell::Int(now),
                ]
            }),
        )?;
    }
    load.rows(
        "conversations",
        "workspace_id, id, contact_id, number_id, status, unread_count, contact_name, contact_phone, \
         last_direction, last_kind, last_preview, last_at, activity_at, last_inbound_at, window_closes_at, \
         changed_seq, created_at",
        (0..count).map(|person| {
            let (name, phone, _) = of(person);
            let at = now - (person as i64 + 1) * MINUTE;
            let status = match person % 10 {
                0..6 => "open",
                6..9 => "closed",
                _ => "snoozed",
            };
            vec![
                Cell::Id(home.workspace),
                Cell::Id(conversation(home, person)),
                Cell::Id(contact(home, person)),
                Cell::Id(home.line),
                Cell::Text(status),
                Cell::Int(i64::from(person % 4 == 0)),
                Cell::Text(name),
                Cell::Text(phone),
                Cell::Text("in"),
                Cell::Text("text"),
                Cell::Text("Thank you, I will be at home"),
                Cell::Int(at),
                Cell::Int(at),
                Cell::Int(at),
                Cell::Int(at + 24 * 60 * MINUTE),
                Cell::Int(1),
                Cell::Int(at),
            ]
        }),
    )
}

fn messages(load: &mut Load, home: &Home, size: Size, content: &str) -> Result<()> {
    let people = size.conversations / WORKSPACES;
    let total = size.messages / WORKSPACES;
    let long = (people / 1_000).max(1);
    let each = (total.saturating_sub(long * LONG)) / people;
    let now = now();
    let wamids: Vec<String> = (0..long * LONG + people * each)
        .map(|number| format!("wamid.SEED{}{number:08}", home.number))
        .collect();
    let places = (0..people).flat_map(|person| {
        let count = if person % 1_000 == 0 {
            LONG + each
        } else {
            each
        };
        (0..count).map(move |place| (person, place, count))
    });
    load.rows(
        "messages",
        "workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, source, wamid, \
         state, at, seq, idx, created_at, changed_seq",
        places.zip(&wamids).enumerate().map(|(number, ((person, place, count), wamid))| {
            let last = now - (person as i64 + 1) * MINUTE;
            let at = last - (count - place - 1) as i64 * 3 * MINUTE;
            let incoming = place % 2 == 0;
            vec![
                Cell::Id(home.workspace),
                Cell::Id(id(7, home.number << 32 | number as u64)),
                Cell::Id(conversation(home, person)),
                Cell::Id(contact(home, person)),
                Cell::Id(home.line),
                Cell::Text(if incoming { "in" } else { "out" }),
                Cell::Text("text"),
                Cell::Text(content),
                Cell::Text(if incoming { "phone" } else { "composer" }),
                Cell::Text(wamid),
                if incoming { Cell::Null } else { Cell::Int(90) },
                Cell::Int(at),
                Cell::Int(0),
                Cell::Int(0),
                Cell::Int(at),
                Cell::Int(1),
            ]
        }),
    )
}

/// The digits of a person's number.
pub(super) fn wa_id(workspace: u64, person: u64) -> String {
    format!("917{}{person:08}", 3 + workspace)
}

fn contact(home: &Home, person: u64) -> [u8; 16] {
    id(5, home.number << 32 | person)
}

fn conversation(home: &Home, person: u64) -> [u8; 16] {
    id(6, home.number << 32 | person)
}

/// An id in the form of UUIDv7: what kind of row, and which one.
pub(in crate::bench) fn id(kind: u8, number: u64) -> [u8; 16] {
    let mut id = [
        0x01, 0x8f, 0, 0, 0, kind, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0,
    ];
    for (byte, part) in id[9..].iter_mut().zip(&number.to_be_bytes()[1..]) {
        *byte = *part;
    }
    id
}

fn parse(hexadecimal: &str) -> Result<[u8; 16]> {
    let bytes = hex::decode(hexadecimal).with_context(|| format!("no id: {hexadecimal}"))?;
    bytes
        .try_into()
        .ok()
        .with_context(|| format!("no id: {hexadecimal}"))
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_keep_the_form() {
        let one = id(7, 1 << 32 | 5);
        assert_eq!(one[6] >> 4, 7, "version");
        assert_eq!(one[8] >> 6, 0b10, "variant");
        assert_ne!(one, id(7, 2 << 32 | 5));
        assert_ne!(one, id(6, 1 << 32 | 5));
    }
}
