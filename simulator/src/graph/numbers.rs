//! Business phone numbers: the node, verification, registration, settings, QR codes.

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::fields::select;
use super::router::{Answer, Call, success};
use crate::clock::HOUR;
use crate::number::{Number, Override};
use crate::phone;
use crate::state::State;

/// Fields that exist but have no value here.
pub(crate) const KNOWN: &[&str] = &[
    "certificate",
    "new_certificate",
    "name_status",
    "new_display_name",
    "new_name_status",
    "last_onboarded_time",
    "conversational_automation",
    "username",
    "health_status",
    "quality_score",
    "eligibility_for_api_business_global_search",
    "is_preverified_number",
    "host_platform",
    "unified_cert_status",
    "official_business_account",
    "webhook_configuration",
];

/// Fields shown when none are asked for.
pub(crate) const DEFAULT: &[&str] = &[
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "webhook_configuration",
];

/// The node with all fields.
pub(crate) fn full(state: &State, number: &Number) -> Value {
    let waba = state.wabas.get(&number.waba_id);
    let tier = waba
        .and_then(|waba| state.portfolios.get(&waba.portfolio_id))
        .map_or("TIER_250", |p| p.messaging_limit.as_str());
    let able = if number.registered && number.status == "CONNECTED" {
        "AVAILABLE"
    } else {
        "BLOCKED"
    };
    let mut node = json!({
        "id": number.id,
        "display_phone_number": number.display,
        "verified_name": number.verified_name,
        "quality_rating": number.quality,
        "quality_score": {"score": number.quality},
        "status": number.status,
        "name_status": number.name_status,
        "new_name_status": if number.new_name.is_some() { "PENDING_REVIEW" } else { "NONE" },
        "code_verification_status": if number.verified { "VERIFIED" } else { "NOT_VERIFIED" },
        "account_mode": number.account_mode,
        "platform_type": if number.registered { "CLOUD_API" } else { "NOT_APPLICABLE" },
        "host_platform": "CLOUD_API",
        "throughput": {"level": number.throughput_level()},
        "is_official_business_account": false,
        "is_on_biz_app": false,
        "is_pin_enabled": number.pin.is_some(),
        "is_preverified_number": false,
        "search_visibility": "VISIBLE",
        "country_code": phone::country(&number.digits),
        "country_dial_code": phone::calling_code(&number.digits),
        "messaging_limit_tier": tier,
        "whatsapp_business_manager_messaging_limit": tier,
        "health_status": {"can_send_message": able, "entities": [
            {"entity_type": "PHONE_NUMBER", "id": number.id, "can_send_message": able},
            {"entity_type": "WABA", "id": number.waba_id, "can_send_message": "AVAILABLE"},
        ]},
    });
    if let Some(name) = &number.new_name {
        node["new_display_name"] = name.as_str().into();
    }
    if !number.automation.is_null() {
        node["conversational_automation"] = number.automation.clone();
    }
    let app_url = waba.and_then(|waba| {
        let app = waba.subscribed.keys().find_map(|id| state.apps.get(id))?;
        app.subscription
            .as_ref()
            .map(|subscription| subscription.callback_url.clone())
    });
    let waba_url = waba
        .and_then(|waba| waba.subscribed.values().flatten().next())
        .map(|o| o.url.clone());
    let mut webhooks = json!({});
    for (key, url) in [
        (
            "phone_number",
            number.webhook.as_ref().map(|o| o.url.clone()),
        ),
        ("whatsapp_business_account", waba_url),
        ("application", app_url),
    ] {
        if let Some(url) = url {
            webhooks[key] = url.into();
        }
    }
    node["webhook_configuration"] = webhooks;
    node
}

/// `GET | POST | DELETE /{number}`.
pub(crate) fn node(call: &mut Call<'_>, id: &str) -> Answer {
    let number = &call.state.numbers[id];
    if !number.token_valid {
        return Err(GraphError::bad_token(true));
    }
    if call.method == Method::GET {
        let fields = call.params.text("fields");
        return select(
            full(call.state, number),
            fields.as_deref(),
            DEFAULT,
            KNOWN,
            "WhatsAppBusinessPhoneNumber",
        );
    }
    if call.method == Method::DELETE {
        call.state.numbers.remove(id);
        call.state.changes += 1;
        return success();
    }
    let Some(number) = call.state.numbers.get_mut(id) else {
        return success();
    };
    if let Some(pin) = call.params.text("pin") {
        check_pin(&pin)?;
        number.pin = Some(pin);
    }
    if let Some(name) = call.params.text("new_display_name") {
        number.new_name = Some(name);
    }
    let webhook = call.params.structured("webhook_configuration");
    if webhook.is_object() {
        let url = webhook["override_callback_uri"]
            .as_str()
            .filter(|url| !url.is_empty());
        let token = webhook["verify_token"].as_str().unwrap_or_default();
        let callback = url.map(|url| Override {
            url: url.into(),
            verify_token: token.into(),
        });
        if let (Some(old), Some(new)) = (&number.webhook, &callback) {
            call.state.hooks.moves(&old.url, &new.url);
        }
        number.webhook = callback;
    }
    call.state.changes += 1;
    success()
}

fn check_pin(pin: &str) -> Result<(), GraphError> {
    if pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(GraphError::parameter("Param pin must be 6 digits long."))
}

/// `POST /{number}/{edge}` and the read-only edges.
pub(crate) fn edge(call: &mut Call<'_>, id: &str, edge: &str) -> Answer {
    let post = call.method == Method::POST;
    let code = format!("{:06}", call.state.ids.below(1_000_000));
    let unknown = GraphError::unknown_object(call.method.as_str(), id);
    let now_us = call.now_us;
    let params = call.params;
    call.state.changes += 1;
    let Some(number) = call.state.numbers.get_mut(id) else {
        return Err(unknown);
    };
    match edge {
        "request_code" if post => {
            if number.verified {
                return Err(GraphError::send(
                    136_024,
                    "This phone number is already verified.",
                ));
            }
            let method = params.required("code_method")?;
            if !matches!(method.as_str(), "SMS" | "VOICE") {
                return Err(GraphError::parameter(
                    "Param code_method must be one of {SMS, VOICE}",
                ));
            }
            number.code = Some(code);
            success()
        }
        "verify_code" if post => {
            let code = params.required("code")?.replace('-', "");
            if number.code.as_deref() != Some(code.as_str()) {
                return Err(GraphError::management(
                    2_388_093,
                    "Code couldn't be verified",
                    "The code you entered is incorrect.",
                ));
            }
            number.verified = true;
            number.code = None;
            success()
        }
        "register" | "deregister" if post => {
            register(number, params.text("pin"), edge == "register", now_us)
        }
        "settings" if post => {
            if let (Some(have), Some(new)) =
                (number.settings.as_object_mut(), params.all.as_object())
            {
                have.extend(new.clone());
            }
            success()
        }
        "settings" => Ok(number.settings.clone()),
        "conversational_automation" if post => {
            number.automation = json!({
                "id": id,
                "enable_welcome_message": params.flag("enable_welcome_message").unwrap_or(false),
                "prompts": params.structured("prompts"),
                "commands": params.structured("commands"),
            });
            success()
        }
        "whatsapp_commerce_settings" if post => {
            let (cart, catalog) = number.commerce;
            number.commerce = (
                params.flag("is_cart_enabled").unwrap_or(cart),
                params.flag("is_catalog_visible").unwrap_or(catalog),
            );
            success()
        }
        "whatsapp_commerce_settings" => {
            let (cart, catalog) = number.commerce;
            Ok(
                json!({"data": [{"is_cart_enabled": cart, "is_catalog_visible": catalog, "id": id}]}),
            )
        }
        "whatsapp_business_encryption" if post => {
            number.public_key = Some(params.required("business_public_key")?);
            success()
        }
        "whatsapp_business_encryption" => Ok(match &number.public_key {
            Some(key) => {
                json!({"data": [{"business_public_key": key, "business_public_key_signature_status": "VALID"}]})
            }
            None => json!({"data": []}),
        }),
        "official_business_account" => {
            Ok(json!({"official_business_account": {"oba_status": "NOT_STARTED"}, "id": id}))
        }
        _ => Err(unknown),
    }
}

/// 10 calls in 72 hours; a PIN that is set must match.
fn register(number: &mut Number, pin: Option<String>, on: bool, now_us: i64) -> Answer {
    number.registrations_us.retain(|at| now_us - at < 72 * HOUR);
    if number.registrations_us.len() >= 10 {
        return Err(GraphError::send(
            133_016,
            "There were too many registration attempts for this phone number within 72 hours.",
        ));
    }
    number.registrations_us.push(now_us);
    if !on {
        number.registered = false;
        number.status = "DISCONNECTED".into();
        return success();
    }
    if !number.verified {
        return Err(GraphError::send(
            133_006,
            "Phone number needs to be verified before registering.",
        ));
    }
    let pin = pin.ok_or_else(|| GraphError::parameter("The parameter pin is required."))?;
    check_pin(&pin)?;
    if number.pin.as_ref().is_some_and(|have| *have != pin) {
        return Err(GraphError::send(
            133_005,
            "Two-step verification PIN mismatch.",
        ));
    }
    number.pin = Some(pin);
    number.registered = true;
    number.status = "CONNECTED".into();
    if let Some(name) = number.new_name.take() {
        number.verified_name = name;
    }
    success()
}

/// `/{number}/message_qrdls[/{code}]`.
pub(crate) fn qr(call: &mut Call<'_>, id: &str, code: Option<&str>) -> Answer {
    let fresh = call.state.ids.secret()[..14].to_uppercase();
    let unknown = GraphError::unknown_object(call.method.as_str(), code.unwrap_or(id));
    let Some(number) = call.state.numbers.get_mut(id) else {
        return Err(unknown);
    };
    let shown = |code: &str, message: &str, image: Option<String>| {
        let mut node = json!({
            "code": code, "prefilled_message": message, "deep_link_url": format!("https://wa.me/message/{code}"),
        });
        if let Some(format) = image {
            let format = format.to_lowercase();
            node["qr_image_url"] =
                format!("https://scontent.xx.fbcdn.net/m1/v/t6/{code}.{format}").into();
        }
        node
    };
    if call.method == Method::GET {
        let wanted = number
            .qr
            .iter()
            .filter(|(have, _)| code.is_none_or(|code| code == *have));
        let data: Vec<Value> = wanted
            .map(|(code, message)| shown(code, message, None))
            .collect();
        return if code.is_some() && data.is_empty() {
            Err(unknown)
        } else {
            Ok(json!({"data": data}))
        };
    }
    let code = code.map(str::to_owned).or_else(|| call.params.text("code"));
    call.state.changes += 1;
    if call.method == Method::DELETE {
        let code = code.ok_or_else(|| GraphError::parameter("The parameter code is required."))?;
        return number
            .qr
            .remove(&code)
            .map(|_| json!({"success": true}))
            .ok_or(unknown);
    }
    let message = call.params.required("prefilled_message")?;
    if message.chars().count() > 140 {
        return Err(GraphError::parameter(
            "Param prefilled_message must be at most 140 characters long.",
        ));
    }
    if code.is_none() && number.qr.len() >= 2_000 {
        return Err(GraphError::parameter(
            "At most 2000 QR codes can be made for a number.",
        ));
    }
    if code
        .as_ref()
        .is_some_and(|code| !number.qr.contains_key(code))
    {
        return Err(unknown);
    }
    let code = code.unwrap_or(fresh);
    number.qr.insert(code.clone(), message.clone());
    Ok(shown(
        &code,
        &message,
        call.params.text("generate_qr_image"),
    ))
}
