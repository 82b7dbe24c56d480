//! WhatsApp Business Accounts and portfolios: nodes, numbers, subscribed apps.

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::fields::select;
use super::paging::page;
use super::router::{Answer, Call, success};
use super::{numbers, templates};
use crate::number::{Number, Override, Waba};
use crate::phone;
use crate::state::State;
use crate::template::Template;

const KNOWN: &[&str] = &[
    "on_behalf_of_business_info",
    "primary_funding_id",
    "purchase_order_number",
    "analytics",
    "conversation_analytics",
    "pricing_analytics",
    "auth_international_rate_eligibility",
    "linked_commerce_account",
    "message_templates",
    "phone_numbers",
    "subscribed_apps",
];

fn full(state: &State, waba: &Waba) -> Value {
    let portfolio = state.portfolios.get(&waba.portfolio_id);
    json!({
        "id": waba.id,
        "name": waba.name,
        "currency": waba.currency,
        "timezone_id": waba.timezone_id,
        "country": waba.country,
        "primary_business_location": waba.country,
        "message_template_namespace": waba.namespace,
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "ownership_type": "SELF",
        "status": "ACTIVE",
        "is_enabled_for_insights": waba.insights,
        "owner_business_info": {"id": waba.portfolio_id, "name": portfolio.map(|p| p.name.as_str())},
        "owner_business": {"id": waba.portfolio_id, "name": portfolio.map(|p| p.name.as_str())},
        "marketing_messages_onboarding_status": "ONBOARDED",
        "marketing_messages_lite_api_status": "ONBOARDED",
        "disable_marketing_messages_on_cloud_api": waba.disable_marketing_on_cloud_api,
        "whatsapp_business_manager_messaging_limit": portfolio.map(|p| p.messaging_limit.as_str()),
        "health_status": {"can_send_message": "AVAILABLE", "entities": [
            {"entity_type": "WABA", "id": waba.id, "can_send_message": "AVAILABLE"},
            {"entity_type": "BUSINESS", "id": waba.portfolio_id, "can_send_message": "AVAILABLE"},
        ]},
    })
}

const DEFAULT: &[&str] = &[
    "name",
    "timezone_id",
    "message_template_namespace",
    "currency",
];

/// Edges that can be asked for as fields, `fields=phone_numbers{id}`, as far as they are wanted.
fn add_edges(state: &State, waba: &Waba, fields: &str, node: &mut Value) {
    if fields.contains("subscribed_apps") {
        node["subscribed_apps"] = json!({"data": apps_of(state, waba)});
    }
    if fields.contains("phone_numbers") {
        let numbers = state.numbers.values().filter(|one| one.waba_id == waba.id);
        let data: Vec<Value> = numbers.map(|one| numbers::full(state, one)).collect();
        node["phone_numbers"] = json!({"data": data});
    }
    if fields.contains("message_templates") {
        let templates = state.templates.values();
        let templates = templates.filter(|template| template.waba_id == waba.id);
        let data: Vec<Value> = templates.map(Template::node).collect();
        node["message_templates"] = json!({"data": data});
    }
}

/// `GET | POST /{waba}`.
pub(crate) fn node(call: &mut Call<'_>, id: &str) -> Answer {
    let waba = &call.state.wabas[id];
    if call.method == Method::GET {
        let fields = call.params.text("fields");
        let mut node = full(call.state, waba);
        if let Some(fields) = &fields {
            add_edges(call.state, waba, fields, &mut node);
        }
        return select(
            node,
            fields.as_deref(),
            DEFAULT,
            KNOWN,
            "WhatsAppBusinessAccount",
        );
    }
    if call.method != Method::POST {
        return Err(GraphError::unknown_object(call.method.as_str(), id));
    }
    let (insights, disable) = (
        call.params.flag("is_enabled_for_insights"),
        call.params.flag("disable_marketing_messages_on_cloud_api"),
    );
    let name = call.params.text("name");
    if let Some(waba) = call.state.wabas.get_mut(id) {
        waba.insights |= insights.unwrap_or(false);
        waba.disable_marketing_on_cloud_api =
            disable.unwrap_or(waba.disable_marketing_on_cloud_api);
        waba.name = name.unwrap_or_else(|| waba.name.clone());
    }
    call.state.changes += 1;
    Ok(json!({"id": id}))
}

/// Edges of a WABA.
pub(crate) fn edge(call: &mut Call<'_>, id: &str, edge: &str) -> Answer {
    match edge {
        "message_templates" => templates::collection(call, id),
        "phone_numbers" if call.method == Method::POST => add_number(call, id),
        "phone_numbers" => {
            let fields = call.params.text("fields");
            let default = [
                "verified_name",
                "code_verification_status",
                "display_phone_number",
                "quality_rating",
                "platform_type",
                "throughput",
                "last_onboarded_time",
            ];
            let items = call
                .state
                .numbers
                .values()
                .filter(|number| number.waba_id == id)
                .map(|number| {
                    let shown = select(
                        numbers::full(call.state, number),
                        fields.as_deref(),
                        &default,
                        numbers::KNOWN,
                        "WhatsAppBusinessPhoneNumber",
                    );
                    shown.map(|shown| (number.id.clone(), shown))
                })
                .collect::<Result<Vec<_>, _>>()?;
            page(&items, call.params, call.url)
        }
        "subscribed_apps" => subscribed_apps(call, id),
        "assigned_users" if call.method == Method::POST => success(),
        "assigned_users" | "product_catalogs" | "flows" => Ok(json!({"data": []})),
        _ => Err(GraphError::unknown_object(call.method.as_str(), id)),
    }
}

/// The subscribed apps with their overrides.
fn apps_of(state: &State, waba: &Waba) -> Vec<Value> {
    let mut shown = Vec::new();
    for (app_id, callback) in &waba.subscribed {
        let name = state.apps.get(app_id).map(|app| app.name.as_str());
        let mut entry = json!({"whatsapp_business_api_data": {
            "id": app_id, "name": name, "link": format!("https://www.facebook.com/games/?app_id={app_id}"),
        }});
        if let Some(callback) = callback {
            entry["override_callback_uri"] = callback.url.as_str().into();
        }
        shown.push(entry);
    }
    shown
}

fn subscribed_apps(call: &mut Call<'_>, id: &str) -> Answer {
    let app_id = call.caller.app_id.clone();
    if call.method == Method::GET {
        let data = apps_of(call.state, &call.state.wabas[id]);
        return Ok(json!({"data": data}));
    }
    let url = call
        .params
        .text("override_callback_uri")
        .filter(|url| !url.is_empty());
    let verify_token = call.params.text("verify_token").unwrap_or_default();
    let unknown = GraphError::unknown_object(call.method.as_str(), id);
    let waba = call.state.wabas.get_mut(id).ok_or(unknown)?;
    if call.method == Method::DELETE {
        waba.subscribed.remove(&app_id);
    } else {
        let callback = url.map(|url| Override { url, verify_token });
        let old = waba.subscribed.insert(app_id, callback.clone());
        if let (Some(Some(old)), Some(new)) = (old, callback) {
            call.state.hooks.moves(&old.url, &new.url);
        }
    }
    call.state.changes += 1;
    success()
}

fn add_number(call: &mut Call<'_>, waba_id: &str) -> Answer {
    let cc = call.params.required("cc")?;
    let phone_number = call.params.required("phone_number")?;
    let verified_name = call.params.required("verified_name")?;
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let display = format!("+{} {}", digits(&cc), digits(&phone_number));
    let wanted = digits(&display);
    if phone::wa_id(&display, "1").is_none() {
        return Err(GraphError::parameter(
            "Param phone_number is not a valid phone number.",
        ));
    }
    if call
        .state
        .numbers
        .values()
        .any(|number| number.digits == wanted)
    {
        return Err(GraphError::management(
            2_388_012,
            "Phone Number Already Exists",
            "This phone number already exists in your list.",
        ));
    }
    let id = call.state.ids.object();
    let mut number = Number::new(id.clone(), waba_id.to_owned(), display, verified_name);
    number.registered = false;
    number.verified = false;
    number.status = "PENDING".into();
    number.quality = "UNKNOWN".into();
    call.state.numbers.insert(id.clone(), number);
    call.state.changes += 1;
    Ok(json!({"id": id}))
}

/// `GET /{business}`.
pub(crate) fn portfolio(call: &mut Call<'_>, id: &str) -> Answer {
    let portfolio = &call.state.portfolios[id];
    let node = json!({
        "id": portfolio.id,
        "name": portfolio.name,
        "verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": portfolio.messaging_limit,
    });
    select(
        node,
        call.params.text("fields").as_deref(),
        &["name"],
        &["profile_picture_uri", "timezone_id"],
        "Business",
    )
}

fn list(call: &Call<'_>, wabas: &[&Waba]) -> Answer {
    let fields = call.params.text("fields");
    let items = wabas
        .iter()
        .map(|waba| {
            let shown = select(
                full(call.state, waba),
                fields.as_deref(),
                DEFAULT,
                KNOWN,
                "WhatsAppBusinessAccount",
            );
            shown.map(|shown| (waba.id.clone(), shown))
        })
        .collect::<Result<Vec<_>, _>>()?;
    page(&items, call.params, call.url)
}

/// `/{business}/owned_whatsapp_business_accounts` and `/client_…`.
pub(crate) fn portfolio_edge(call: &mut Call<'_>, id: &str, edge: &str) -> Answer {
    match edge {
        "owned_whatsapp_business_accounts" => {
            let wabas: Vec<&Waba> = call
                .state
                .wabas
                .values()
                .filter(|waba| waba.portfolio_id == id)
                .collect();
            list(call, &wabas)
        }
        "client_whatsapp_business_accounts" => list(call, &[]),
        "phone_numbers" => Err(GraphError::permission(
            "Ask the WhatsApp Business Account for its numbers.",
        )),
        _ => Err(GraphError::unknown_object(call.method.as_str(), id)),
    }
}

/// `/me/whatsapp_business_accounts`: all accounts of the simulator.
pub(crate) fn assigned(call: &mut Call<'_>, _edge: &str) -> Answer {
    let wabas: Vec<&Waba> = call.state.wabas.values().collect();
    list(call, &wabas)
}
