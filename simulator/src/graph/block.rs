//! `/{number}/block_users`: whom the business has blocked. Not to be taken for a person who blocks the business.

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::paging::{key, page};
use super::router::{Answer, Call};
use crate::{inbound, phone};

/// Blocks, unblocks, lists.
pub(crate) fn edge(call: &mut Call<'_>, number_id: &str) -> Answer {
    if call.method == Method::GET {
        return list(call, number_id);
    }
    let users = call.params.structured("block_users");
    let users = users.as_array().filter(|users| !users.is_empty());
    let users = users
        .ok_or_else(|| GraphError::parameter("The parameter block_users is required."))?
        .clone();
    if users.len() > 1_000 {
        return Err(GraphError::parameter(
            "At most 1000 users can be blocked at once.",
        ));
    }
    let blocking = call.method == Method::POST;
    let mut done = Vec::new();
    let mut failed = Vec::new();
    for user in &users {
        match one(call, number_id, user, blocking) {
            Ok(entry) => done.push(entry),
            Err(entry) => failed.push(entry),
        }
    }
    call.state.changes += 1;
    let key = if blocking {
        "added_users"
    } else {
        "removed_users"
    };
    let mut answer = json!({"messaging_product": "whatsapp", "block_users": {key: done}});
    if failed.is_empty() {
        return Ok(answer);
    }
    answer["block_users"]["failed_users"] = failed.into();
    Err(GraphError {
        beside: Some(Box::new(answer)),
        ..GraphError::send(
            139_100,
            "Failed to block some users, see the block_users response list for details",
        )
    })
}

fn one(call: &mut Call<'_>, number_id: &str, user: &Value, blocking: bool) -> Result<Value, Value> {
    let digits = call.state.numbers[number_id].digits.clone();
    let input = user["user"]
        .as_str()
        .or(user["user_id"].as_str())
        .unwrap_or_default()
        .to_owned();
    let found = match phone::wa_id(&input, &digits) {
        Some(wa_id) => call.state.find_person(&wa_id),
        None => call.state.person_by_user_id(&input),
    };
    let fail = |code: i64, message: &str, details: &str| json!({"input": input, "errors": [{"message": message, "code": code, "error_data": {"details": details}}]});
    let person = found.ok_or_else(|| {
        fail(
            131_026,
            "Message undeliverable",
            "The user is not on WhatsApp",
        )
    })?;
    let lately = inbound::wrote_lately(call.state, number_id, person, call.now_us);
    if blocking && !lately {
        return Err(fail(
            131_047,
            "Re-engagement required",
            "User has not messaged in the last 24 hours",
        ));
    }
    let who = &call.state.people[person];
    let (id, wa_id) = (who.id.clone(), who.wa_id.clone());
    let most = call.state.faults.set.block_list;
    if let Some(number) = call.state.numbers.get_mut(number_id) {
        let listed = number.blocked.contains(&id);
        if blocking && !listed && number.blocked.len() >= most {
            return Err(fail(
                139_101,
                "Blocklist limit reached",
                "The block list of this number is full",
            ));
        }
        if blocking && !listed {
            number.blocked.push(id);
        } else if !blocking {
            number.blocked.retain(|blocked| *blocked != id);
        }
        number.block_version += u64::from(listed != blocking);
    }
    call.state.tell("person", person, number_id, None);
    Ok(json!({"input": input, "wa_id": wa_id}))
}

/// Meta's page shows a flat list; its older reference wraps it once more. Clients read the flat one,
/// some of them with the `input` of the call that blocked. A list that has changed since a page of it was read has to
/// be read anew.
fn list(call: &mut Call<'_>, number_id: &str) -> Answer {
    let number = &call.state.numbers[number_id];
    let (blocked, version) = (number.blocked.clone(), number.block_version);
    let stale = ["after", "before"].iter().any(|side| {
        let cursor = call.params.text(side).and_then(|cursor| key(&cursor));
        let of = cursor.as_deref().and_then(|key| key.split_once('/'));
        of.is_some_and(|(read, _)| read != version.to_string())
    });
    if stale {
        return Err(GraphError::send(
            139_102,
            "The list has changed since the page before was read",
        ));
    }
    let portfolio = call.state.portfolio_of(number_id);
    let mut items = Vec::with_capacity(blocked.len());
    for id in blocked {
        let Some(person) = call.state.find_person(&id) else {
            continue;
        };
        let user_id = call.state.user_id(&portfolio, person);
        let wa_id = call.state.people[person].wa_id.as_str();
        let shown = json!({
            "messaging_product": "whatsapp", "wa_id": wa_id, "user_id": user_id,
            "input": format!("+{wa_id}"),
        });
        items.push((format!("{version}/{id}"), shown));
    }
    page(&items, call.params, call.url)
}
