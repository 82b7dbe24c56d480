//! The review of templates and what is decided about them later, with the webhooks that tell it.

use serde_json::{Value, json};

use crate::clock::{HOUR, SECOND};
use crate::reviewer;
use crate::state::State;
use crate::template::Template;
use crate::timers::Due;

/// A review takes this long (Meta: minutes up to a day; a short one keeps demos lively).
const REVIEW_US: i64 = 20 * SECOND;

/// Puts a template into review.
pub(crate) fn start(state: &mut State, id: &str, now_us: i64) {
    if let Some(template) = state.templates.get_mut(id) {
        template.status = "PENDING".into();
        template.version += 1;
        let review = Due::Review {
            template_id: id.to_owned(),
            version: template.version,
        };
        state.timers.at(now_us + REVIEW_US, review);
    }
}

/// The review is over.
pub(crate) fn finish(state: &mut State, id: &str, version: u32, at_us: i64) {
    let Some(template) = state.templates.get(id) else {
        return;
    };
    if template.version != version || template.status != "PENDING" {
        return;
    }
    // Utility that sells is approved, as what it is (Meta: Template categorization, 9 April 2025).
    if template.category == "UTILITY" && reviewer::sells(&template.components) {
        let _ = set_category(state, id, "MARKETING", at_us);
    }
    let Some(template) = state.templates.get(id) else {
        return;
    };
    let decision = match reviewer::review(&template.components, &template.category) {
        Some((reason, text, advice)) => Decision {
            event: "REJECTED".into(),
            reason: Some(reason.into()),
            info: Some((text.into(), advice.into())),
        },
        None => Decision {
            event: "APPROVED".into(),
            reason: None,
            info: None,
        },
    };
    // An unknown event cannot arise here.
    let _ = decide(state, id, decision, at_us);
}

/// A paused template may be sent again.
pub(crate) fn unpause(state: &mut State, id: &str, at_us: i64) {
    if state
        .templates
        .get(id)
        .is_some_and(|template| template.status == "PAUSED")
    {
        let _ = decide(
            state,
            id,
            Decision {
                event: "APPROVED".into(),
                reason: None,
                info: None,
            },
            at_us,
        );
    }
}

/// A decision about a template.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) event: String,
    pub(crate) reason: Option<String>,
    pub(crate) info: Option<(String, String)>,
}

/// What Meta can decide.
const EVENTS: &[&str] = &[
    "APPROVED",
    "REJECTED",
    "PENDING",
    "PAUSED",
    "DISABLED",
    "IN_APPEAL",
    "PENDING_DELETION",
    "DELETED",
    "ARCHIVED",
    "UNARCHIVED",
    "LIMIT_EXCEEDED",
    "FLAGGED",
    "REINSTATED",
    "LOCKED",
];

/// Applies a decision and sends `message_template_status_update`.
pub(crate) fn decide(
    state: &mut State,
    id: &str,
    decision: Decision,
    at_us: i64,
) -> Result<(), String> {
    let Decision {
        mut event,
        reason,
        info,
    } = decision;
    if !EVENTS.contains(&event.as_str()) {
        return Err(format!(
            "status `{event}` is not one of {}",
            EVENTS.join(", ")
        ));
    }
    let template = state
        .templates
        .get_mut(id)
        .ok_or_else(|| format!("no template {id}"))?;
    template.updated_us = at_us;
    // The third pause is the last (Meta: Template pausing).
    if event == "PAUSED" && template.pauses >= 2 {
        event = "DISABLED".into();
    }
    let status = match event.as_str() {
        "REINSTATED" | "UNARCHIVED" => "APPROVED",
        // A warning: the template can still be sent.
        "FLAGGED" => "APPROVED",
        "LOCKED" => "PAUSED",
        other => other,
    };
    status.clone_into(&mut template.status);
    template.version += 1;
    template.rejected_reason = reason.clone().unwrap_or_else(|| "NONE".into());
    template.rejection_info.clone_from(&info);
    let mut value = described(template);
    value["event"] = event.as_str().into();
    value["reason"] = template.rejected_reason.as_str().into();
    value["message_template_category"] = template.category.as_str().into();
    if let Some((reason, recommendation)) = info {
        value["rejection_info"] = json!({"reason": reason, "recommendation": recommendation});
    }
    if event == "PAUSED" {
        template.pauses += 1;
        let (title, hours) = if template.pauses == 1 {
            ("FIRST_PAUSE", 3)
        } else {
            ("SECOND_PAUSE", 6)
        };
        value["other_info"] = json!({
            "title": title,
            "description": format!("Your WhatsApp message template has been paused for {hours} hours because it continued to have issues."),
        });
        state.timers.at(
            at_us + hours * HOUR,
            Due::Unpause {
                template_id: id.to_owned(),
            },
        );
    } else if event == "DISABLED" {
        value["disable_info"] = json!({"disable_date": (at_us / SECOND).to_string()});
        value["other_info"] = json!({
            "title": "DISABLED",
            "description": "Your WhatsApp message template has been disabled because it continued to have issues.",
        });
    }
    tell(state, id, "message_template_status_update", &value, at_us);
    Ok(())
}

/// Sets the quality score and sends `message_template_quality_update`.
pub(crate) fn set_quality(
    state: &mut State,
    id: &str,
    quality: &str,
    at_us: i64,
) -> Result<(), String> {
    if !["GREEN", "YELLOW", "RED", "UNKNOWN"].contains(&quality) {
        return Err(format!(
            "quality `{quality}` is not one of GREEN, YELLOW, RED, UNKNOWN"
        ));
    }
    let template = state
        .templates
        .get_mut(id)
        .ok_or_else(|| format!("no template {id}"))?;
    let mut value = described(template);
    value["previous_quality_score"] = template.quality.as_str().into();
    value["new_quality_score"] = quality.into();
    quality.clone_into(&mut template.quality);
    template.quality_at_us = at_us;
    tell(state, id, "message_template_quality_update", &value, at_us);
    Ok(())
}

/// Changes the category and sends `template_category_update`.
pub(crate) fn set_category(
    state: &mut State,
    id: &str,
    category: &str,
    at_us: i64,
) -> Result<(), String> {
    if !["MARKETING", "UTILITY", "AUTHENTICATION"].contains(&category) {
        return Err(format!(
            "category `{category}` is not one of MARKETING, UTILITY, AUTHENTICATION"
        ));
    }
    let template = state
        .templates
        .get_mut(id)
        .ok_or_else(|| format!("no template {id}"))?;
    let previous = std::mem::replace(&mut template.category, category.to_owned());
    template.previous_category = Some(previous.clone());
    let mut value = described(template);
    value["previous_category"] = previous.into();
    value["new_category"] = category.into();
    tell(state, id, "template_category_update", &value, at_us);
    Ok(())
}

/// The keys that name a template in webhooks; its id is a number there.
fn described(template: &Template) -> Value {
    json!({
        "message_template_id": template.id.parse::<u64>().unwrap_or_default(),
        "message_template_name": template.name,
        "message_template_language": template.language,
    })
}

fn tell(state: &mut State, id: &str, field: &str, value: &Value, at_us: i64) {
    let waba_id = state
        .templates
        .get(id)
        .map(|template| template.waba_id.clone())
        .unwrap_or_default();
    state.emit(at_us, field, &waba_id, None, value, None);
    state.changes += 1;
    state.tell_all("template");
}
