//! People to write to, written into the database of an instance that is not running: how quickly
//! contacts can be made is another question.

use crate::bench::database::{Cell, Database};
use anyhow::{Context, Result};
use std::time::{SystemTime, UNIX_EPOCH};

/// Write `count` contacts with a number each, who agreed to marketing, into the only workspace.
pub(crate) fn plant(database: &Database, count: u64) -> Result<()> {
    let workspace = database.ask("id", true, "workspaces LIMIT 1")?;
    let workspace: [u8; 16] = hex::decode(&workspace)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .context("no workspace")?;
    let first: i64 = database
        .ask("next_contact_no", false, "workspaces LIMIT 1")?
        .parse()?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as i64);
    let people: Vec<(String, String, String)> = (0..count)
        .map(|person| {
            let wa_id = wa_id(person);
            (format!("Customer {person:06}"), format!("+{wa_id}"), wa_id)
        })
        .collect();
    let mut load = database.load()?;
    load.statement(&format!(
        "UPDATE workspaces SET next_contact_no = {}",
        first + count as i64
    ))?;
    load.rows(
        "contacts",
        "workspace_id, id, no, name, phone, wa_id, country, tags, traits, source, name_key, created_at, updated_at, version",
        people.iter().enumerate().map(|(person, (name, phone, wa_id))| {
            vec![
                Cell::Id(workspace),
                Cell::Id(id(person as u64)),
                Cell::Int(first + person as i64),
                Cell::Text(name),
                Cell::Text(phone),
                Cell::Text(wa_id),
                Cell::Text("IN"),
                Cell::Text("[]"),
                Cell::Text("{}"),
                Cell::Text("api"),
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
            people
                .iter()
                .enumerate()
                .map(|(person, (_, phone, wa_id))| {
                    vec![
                        Cell::Id(workspace),
                        Cell::Text(kind),
                        Cell::Text(""),
                        Cell::Text(if kind == "phone" { phone } else { wa_id }),
                        Cell::Id(id(person as u64)),
                        Cell::Int(now),
                    ]
                }),
        )?;
    }
    load.rows(
        "consent",
        "workspace_id, contact_id, category, state, source, at",
        (0..count).map(|person| {
            vec![
                Cell::Id(workspace),
                Cell::Id(id(person)),
                Cell::Text("marketing"),
                Cell::Text("granted"),
                Cell::Text("import"),
                Cell::Int(now),
            ]
        }),
    )?;
    load.finish()
}

/// The digits of a person's number, an Indian mobile.
pub(crate) fn wa_id(person: u64) -> String {
    format!("9173{person:08}")
}

/// A person's id as the API shows it: a TypeID, 26 letters of base 32 for the 128 bits.
pub(crate) fn contact_id(person: u64) -> String {
    shown("contact", id(person))
}

/// An id as the API shows it, after the noun.
pub(crate) fn shown(noun: &str, id: [u8; 16]) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bits = u128::from_be_bytes(id);
    let letters = (0..26_u32).map(|place| {
        let five = (bits >> (5 * (25 - place))) & 31;
        char::from(LETTERS[five as usize])
    });
    format!("{noun}_{}", letters.collect::<String>())
}

/// An id in the form of UUIDv7.
fn id(person: u64) -> [u8; 16] {
    let mut id = [0x01, 0x8f, 0, 0, 0, 9, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
    for (byte, part) in id[9..].iter_mut().zip(&person.to_be_bytes()[1..]) {
        *byte = *part;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_shown_as_the_api_shows_them() {
        // 018f0000-0009-7000-8000-…: the last letter has five bits of the person's number.
        assert_eq!(contact_id(0), "contact_01hw000009e008000000000000");
        assert_eq!(contact_id(33), "contact_01hw000009e008000000000011");
    }
}
