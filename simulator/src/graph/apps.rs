//! Apps: webhook subscription and resumable upload.

use axum::http::{HeaderMap, Method};
use serde_json::{Value, json};

use super::error::GraphError;
use super::fields::select;
use super::router::{Answer, Call, success};
use crate::app::{Subscription, Upload};

/// `GET /{app}`.
pub(crate) fn node(call: &mut Call<'_>, id: &str) -> Answer {
    let app = call
        .state
        .apps
        .get(id)
        .ok_or_else(|| GraphError::unknown_object(call.method.as_str(), id))?;
    let node = json!({
        "id": app.id, "name": app.name, "link": format!("https://www.facebook.com/games/?app_id={}", app.id),
        "category": "Business", "namespace": Value::Null,
    });
    select(
        node,
        call.params.text("fields").as_deref(),
        &["name", "link", "category"],
        &["app_domains"],
        "Application",
    )
}

/// `/{app}/subscriptions`, `/{app}/uploads`.
pub(crate) fn edge(call: &mut Call<'_>, id: &str, edge: &str) -> Answer {
    match edge {
        "subscriptions" if call.caller.app_id != id => {
            Err(GraphError::permission("The token is of another app."))
        }
        "subscriptions" => subscriptions(call, id),
        "uploads" if call.method == Method::POST => start_upload(call, id),
        _ => Err(GraphError::unknown_object(call.method.as_str(), id)),
    }
}

fn subscriptions(call: &mut Call<'_>, id: &str) -> Answer {
    let object = call.params.text("object");
    if call.method != Method::GET
        && object
            .as_deref()
            .is_some_and(|object| object != "whatsapp_business_account")
    {
        return Err(GraphError::parameter(
            "Param object must be whatsapp_business_account",
        ));
    }
    let unknown = GraphError::unknown_object(call.method.as_str(), id);
    let app = call.state.apps.get_mut(id).ok_or(unknown)?;
    if call.method == Method::GET {
        let data: Vec<Value> = app
            .subscription
            .iter()
            .map(|subscription| {
                let fields: Vec<Value> = subscription.fields.iter().map(|name| json!({"name": name, "version": "v25.0"})).collect();
                json!({"object": "whatsapp_business_account", "callback_url": subscription.callback_url, "active": true, "fields": fields})
            })
            .collect();
        return Ok(json!({"data": data}));
    }
    if call.method == Method::DELETE {
        call.state.subscribe(id, None);
        return success();
    }
    call.params.required("object")?;
    let callback_url = call.params.required("callback_url")?;
    let verify_token = call.params.required("verify_token")?;
    let fields = match call.params.structured("fields") {
        Value::String(text) => text
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        Value::Array(names) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        _ => app
            .subscription
            .as_ref()
            .map(|old| old.fields.clone())
            .unwrap_or_default(),
    };
    let subscription = Subscription {
        callback_url,
        verify_token,
        fields,
    };
    call.state.subscribe(id, Some(subscription));
    success()
}

fn start_upload(call: &mut Call<'_>, id: &str) -> Answer {
    let file_type = call.params.required("file_type")?;
    let file_length = call.params.required("file_length")?.parse();
    let file_length =
        file_length.map_err(|_| GraphError::parameter("Param file_length must be a number"))?;
    let session = format!("MTph{}", call.state.ids.secret());
    let upload = Upload {
        file_type,
        file_length,
        received: 0,
        handle: None,
    };
    if let Some(app) = call.state.apps.get_mut(id) {
        app.uploads.insert(session.clone(), upload);
    }
    call.state.changes += 1;
    Ok(json!({"id": format!("upload:{session}?sig=ARb{}", &session[4..16])}))
}

/// `POST|GET /upload:{session}`.
pub(crate) fn upload(call: &mut Call<'_>, segment: &str, headers: &HeaderMap) -> Answer {
    let session = segment
        .trim_start_matches("upload:")
        .split(['?', '&'])
        .next()
        .unwrap_or_default()
        .to_owned();
    let handle = call.state.ids.handle();
    let app = call.state.apps.get_mut(&call.caller.app_id);
    let found = app.and_then(|app| app.uploads.get_mut(&session));
    let found = found.ok_or_else(|| GraphError::unknown_object(call.method.as_str(), segment))?;
    if call.method == Method::GET {
        return Ok(json!({"id": segment, "file_offset": found.received}));
    }
    let offset: u64 = headers
        .get("file_offset")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.trim().parse().ok())
        .ok_or_else(|| GraphError::parameter("The header file_offset is required."))?;
    if offset != found.received {
        return Err(GraphError::parameter(format!(
            "file_offset must be {}",
            found.received
        )));
    }
    found.received += call.params.raw.len() as u64;
    if found.received < found.file_length {
        return Ok(json!({"id": segment, "file_offset": found.received}));
    }
    found.handle = Some(handle.clone());
    call.state.changes += 1;
    Ok(json!({"h": handle}))
}
