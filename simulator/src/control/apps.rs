//! Apps: their secrets, the webhook, tokens, and codes of Embedded Signup.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{Body, Refusal, Reply};
use crate::app::{FIELDS, Subscription};
use crate::scheduler;
use crate::seed;
use crate::world::World;

/// `GET /_sim/apps`: all apps with their secrets; nothing here is secret.
pub(crate) async fn list(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, _| {
        let data: Vec<Value> = state
            .apps
            .values()
            .map(|app| {
                let subscription = app.subscription.as_ref();
                json!({
                    "app_id": app.id,
                    "name": app.name,
                    "app_secret": app.secret,
                    "verify_token": app.verify_token,
                    "callback_url": subscription.map(|subscription| &subscription.callback_url),
                })
            })
            .collect();
        json!({"data": data})
    })))
}

/// `POST /_sim/apps {name?}`: a further app with a token. It is subscribed to nothing yet: that is
/// done through the Graph API, with its token.
pub(crate) async fn add(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    Ok(Json(world.with(|state, now_us| {
        let app = seed::add_app(state, body["name"].as_str().unwrap_or("App"));
        let token = crate::graph::mint_token(state, &app.id, 0, now_us);
        state.changes += 1;
        json!({
            "app_id": app.id, "app_secret": app.secret, "verify_token": app.verify_token,
            "access_token": token,
        })
    })))
}

/// `POST /_sim/apps/{id}/secret`: another secret. What is already queued stays signed with the old one.
pub(crate) async fn rotate(State(world): State<Arc<World>>, Path(id): Path<String>) -> Reply {
    world.with(|state, _| {
        let secret = state.ids.secret();
        let app = state
            .apps
            .get_mut(&id)
            .ok_or_else(|| Refusal::not_found("app", &id))?;
        app.secret.clone_from(&secret);
        state.changes += 1;
        Ok(Json(json!({"app_id": id, "app_secret": secret})))
    })
}

/// `POST /_sim/app {callback_url, verify_token?, fields?, verify?}`: sets the webhook.
///
/// `callback_url` null takes it away. The URL is asked for the challenge only with `verify: true`.
pub(crate) async fn app(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    let verify_token = body["verify_token"]
        .as_str()
        .unwrap_or(&world.credentials.verify_token)
        .to_owned();
    let url = body["callback_url"].as_str().filter(|url| !url.is_empty());
    if let Some(url) = url {
        url::Url::parse(url).map_err(|error| Refusal::bad(format!("callback_url: {error}")))?;
        if body["verify"].as_bool().unwrap_or(false) {
            scheduler::verify(&world.http, url, &verify_token, "1158201444").await?;
        }
    }
    let fields = match &body["fields"] {
        Value::Array(names) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        _ => FIELDS.iter().map(|name| (*name).to_owned()).collect(),
    };
    let subscription = url.map(|url| Subscription {
        callback_url: url.to_owned(),
        verify_token,
        fields,
    });
    world.with(|state, _| {
        state.subscribe(&world.credentials.app_id, subscription.clone());
    });
    Ok(Json(json!({
        "app_id": world.credentials.app_id,
        "callback_url": subscription.as_ref().map(|s| &s.callback_url),
        "fields": subscription.as_ref().map(|s| &s.fields),
    })))
}

/// `GET /_sim/credentials`: what a client needs, as the command prints it.
pub(crate) async fn credentials(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, _| {
        let mut known = json!(world.credentials);
        // It may have been changed since.
        if let Some(app) = state.apps.get(&world.credentials.app_id) {
            known["app_secret"] = app.secret.as_str().into();
        }
        known
    })))
}

/// `POST /_sim/tokens {expires_in_s?}`: a further token, or `{token, valid}` to spoil or mend one.
pub(crate) async fn add_token(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    world.with(|state, now_us| {
        if let Some(token) = body["token"].as_str() {
            let known = state
                .tokens
                .get_mut(token)
                .ok_or_else(|| Refusal::not_found("token", token))?;
            known.valid = body["valid"].as_bool().unwrap_or(true);
            state.changes += 1;
            return Ok(Json(
                json!({"access_token": token, "valid": body["valid"].as_bool().unwrap_or(true)}),
            ));
        }
        let expires = body["expires_in_s"]
            .as_i64()
            .map_or(0, |seconds| now_us + seconds * 1_000_000);
        let token = crate::graph::mint_token(state, &world.credentials.app_id, expires, now_us);
        Ok(Json(json!({"access_token": token, "expires_us": expires})))
    })
}

/// `POST /_sim/codes`: a code as Embedded Signup gives it; good for 30 s at `/oauth/access_token`.
pub(crate) async fn add_code(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, now_us| {
        let code = format!("AQ{}", state.ids.secret());
        state.codes.insert(
            code.clone(),
            (
                world.credentials.app_id.clone(),
                now_us + 30 * crate::clock::SECOND,
            ),
        );
        json!({"code": code})
    })))
}
