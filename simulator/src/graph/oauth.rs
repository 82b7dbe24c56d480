//! Tokens: code exchange, app token, `debug_token`, `me`.

use serde_json::{Value, json};

use super::error::GraphError;
use super::params::Params;
use super::router::{Answer, Call};
use crate::app::Token;
use crate::state::State;

/// Scopes that every token of the simulator has.
const SCOPES: &[&str] = &[
    "whatsapp_business_management",
    "whatsapp_business_messaging",
    "business_management",
];

/// `GET|POST /oauth/access_token`: `grant_type=client_credentials`, `fb_exchange_token` or a code.
pub(crate) fn access_token(state: &mut State, params: &Params, now_us: i64) -> Answer {
    let client_id = params
        .text("client_id")
        .ok_or_else(|| GraphError::oauth("Missing client_id parameter."))?;
    let secret = params.text("client_secret").unwrap_or_default();
    let app = state.apps.get(&client_id).ok_or_else(|| {
        GraphError::oauth(
            "Error validating application. Cannot get application info due to a system error.",
        )
    })?;
    if app.secret != secret {
        return Err(GraphError::oauth("Error validating client secret."));
    }
    if params.text("grant_type").as_deref() == Some("client_credentials") {
        return Ok(json!({"access_token": app.app_token(), "token_type": "bearer"}));
    }
    if let Some(old) = params.text("fb_exchange_token") {
        if !state
            .tokens
            .get(&old)
            .is_some_and(|token| token.valid && token.app_id == client_id)
        {
            return Err(GraphError::bad_token(false));
        }
        return Ok(
            json!({"access_token": mint(state, &client_id, "USER", 0, now_us), "token_type": "bearer"}),
        );
    }
    let code = params
        .text("code")
        .ok_or_else(|| GraphError::oauth("Missing authorization code"))?;
    match state.codes.remove(&code) {
        Some((app_id, until)) if app_id == client_id && now_us < until => {
            let token = mint(state, &client_id, "SYSTEM_USER", 0, now_us);
            Ok(json!({"access_token": token, "token_type": "bearer"}))
        }
        Some(_) => Err(GraphError {
            subcode: Some(36_007),
            ..GraphError::oauth("This authorization code has expired.")
        }),
        None => Err(GraphError {
            subcode: Some(36_009),
            ..GraphError::oauth("This authorization code has been used or is not valid.")
        }),
    }
}

/// Makes a token.
pub(crate) fn mint(
    state: &mut State,
    app_id: &str,
    kind: &str,
    expires_us: i64,
    now_us: i64,
) -> String {
    let token = state.ids.access_token();
    let user_id = state.ids.object();
    let entry = Token {
        app_id: app_id.into(),
        kind: kind.into(),
        valid: true,
        expires_us,
        issued_us: now_us,
        user_id,
    };
    state.tokens.insert(token.clone(), entry);
    state.changes += 1;
    token
}

/// `GET /debug_token?input_token=`.
pub(crate) fn debug_token(call: &mut Call<'_>) -> Answer {
    let input = call.params.required("input_token")?;
    let name = |app_id: &str| {
        call.state
            .apps
            .get(app_id)
            .map_or("", |app| app.name.as_str())
    };
    if let Some((app_id, _)) = input.split_once('|') {
        let valid = call
            .state
            .apps
            .get(app_id)
            .is_some_and(|app| app.app_token() == input);
        return Ok(
            json!({"data": {"app_id": app_id, "type": "APP", "application": name(app_id), "is_valid": valid, "scopes": []}}),
        );
    }
    let Some(token) = call.state.tokens.get(&input) else {
        return Ok(json!({"data": {
            "error": {"code": 190, "message": "Invalid OAuth access token."}, "is_valid": false, "scopes": [],
        }}));
    };
    let expired = token.expires_us != 0 && call.now_us >= token.expires_us;
    let wabas: Vec<&String> = call.state.wabas.keys().collect();
    let granular: Vec<Value> = SCOPES[..2]
        .iter()
        .map(|scope| json!({"scope": scope, "target_ids": wabas}))
        .collect();
    let mut data = json!({
        "app_id": token.app_id,
        "type": token.kind,
        "application": name(&token.app_id),
        "data_access_expires_at": 0,
        "expires_at": token.expires_us / 1_000_000,
        "is_valid": token.valid && !expired,
        "issued_at": token.issued_us / 1_000_000,
        "scopes": SCOPES,
        "granular_scopes": granular,
        "user_id": token.user_id,
    });
    if expired || !token.valid {
        data["error"] = json!({"code": 190, "subcode": 463, "message": "Error validating access token: Session has expired."});
    }
    Ok(json!({"data": data}))
}

/// `GET /me`.
pub(crate) fn me(call: &Call<'_>) -> Value {
    let app = call.state.apps.get(&call.caller.app_id);
    let user = call
        .state
        .tokens
        .values()
        .find(|token| token.app_id == call.caller.app_id);
    let id = user.map_or(call.caller.app_id.as_str(), |token| token.user_id.as_str());
    json!({"id": id, "name": app.map(|app| app.name.as_str())})
}
