//! `/{number}/whatsapp_business_profile`.

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::fields::select;
use super::router::{Answer, Call, success};

const VERTICALS: &[&str] = &[
    "UNDEFINED",
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "NOT_A_BIZ",
    "ALCOHOL",
    "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING",
    "OTC_DRUGS",
];

/// Reads or changes the profile.
pub(crate) fn edge(call: &mut Call<'_>, number_id: &str) -> Answer {
    let unknown = GraphError::unknown_object(call.method.as_str(), number_id);
    let profile = &mut call
        .state
        .numbers
        .get_mut(number_id)
        .ok_or(unknown)?
        .profile;
    if call.method == Method::GET {
        let node = json!({
            "messaging_product": "whatsapp",
            "about": profile.about,
            "address": profile.address,
            "description": profile.description,
            "email": profile.email,
            "profile_picture_url": profile.picture_url,
            "websites": profile.websites,
            "vertical": profile.vertical,
        });
        let mut chosen = select(
            node,
            call.params.text("fields").as_deref(),
            &[],
            &["account_in_review_submission"],
            "WhatsAppBusinessProfile",
        )?;
        chosen["messaging_product"] = "whatsapp".into();
        return Ok(json!({"data": [chosen]}));
    }
    let params = call.params;
    let limited = |key: &str, max: usize| -> Result<Option<String>, GraphError> {
        let text = params.text(key);
        if text.as_ref().is_some_and(|text| text.chars().count() > max) {
            return Err(GraphError::parameter(format!(
                "Param {key} must be at most {max} characters long."
            )));
        }
        Ok(text)
    };
    if let Some(about) = limited("about", 139)? {
        if about.is_empty() {
            return Err(GraphError::parameter(
                "Param about must have 1 to 139 characters.",
            ));
        }
        profile.about = about;
    }
    for (key, max, slot) in [
        ("address", 256, &mut profile.address),
        ("description", 512, &mut profile.description),
        ("email", 128, &mut profile.email),
    ] {
        if let Some(text) = limited(key, max)? {
            *slot = text;
        }
    }
    if let Some(vertical) = params.text("vertical") {
        if !VERTICALS.contains(&vertical.as_str()) {
            return Err(GraphError::parameter(format!(
                "Param vertical must be one of {{{}}}",
                VERTICALS.join(", ")
            )));
        }
        profile.vertical = vertical;
    }
    if let Value::Array(sites) = params.structured("websites") {
        if sites.len() > 2 {
            return Err(GraphError::parameter(
                "Param websites must have at most 2 elements.",
            ));
        }
        profile.websites = sites
            .iter()
            .filter_map(|site| site.as_str().map(str::to_owned))
            .collect();
    }
    if let Some(handle) = params.text("profile_picture_handle") {
        profile.picture_url = Some(format!(
            "https://pps.whatsapp.net/{}",
            handle.chars().skip(4).take(12).collect::<String>()
        ));
    }
    call.state.changes += 1;
    success()
}
