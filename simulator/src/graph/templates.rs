//! Templates over the Graph API: create, list, read, edit, delete, unpause, archive.

use axum::http::Method;
use serde_json::{Value, json};

use super::error::GraphError;
use super::fields::select;
use super::paging::page;
use super::router::{Answer, Call, success};
use crate::clock::{DAY, HOUR};
use crate::review::{self, Decision};
use crate::template::Template;
use crate::template_rules;

const KNOWN: &[&str] = &[
    "previous_category",
    "correct_category",
    "sub_category",
    "message_send_ttl_seconds",
    "library_template_name",
    "cta_url_link_tracking_opted_out",
    "rejection_info",
    "degrees_of_freedom_spec",
    "bid_spec",
];
const DEFAULT: &[&str] = &[
    "name",
    "parameter_format",
    "components",
    "language",
    "status",
    "category",
    "message_send_ttl_seconds",
];
const CATEGORIES: &[&str] = &["MARKETING", "UTILITY", "AUTHENTICATION"];

/// `/{waba}/message_templates`.
pub(crate) fn collection(call: &mut Call<'_>, waba_id: &str) -> Answer {
    match *call.method {
        Method::POST => create(call, waba_id),
        Method::DELETE => delete(call, waba_id),
        _ => list(call, waba_id),
    }
}

fn list(call: &mut Call<'_>, waba_id: &str) -> Answer {
    let params = call.params;
    let fields = params.text("fields");
    let wanted = |key: &str| -> Option<Vec<String>> {
        let all = params.list(key).filter(|all| !all.is_empty())?;
        Some(all.iter().map(|one| one.to_uppercase()).collect())
    };
    let (status, category, language, quality) = (
        wanted("status"),
        wanted("category"),
        wanted("language"),
        wanted("quality_score"),
    );
    let (name, content) = (
        params.text("name"),
        params
            .text("name_or_content")
            .or_else(|| params.text("content")),
    );
    let hsm_id = params.text("hsm_id");
    let fits = |wanted: &Option<Vec<String>>, have: &str| {
        wanted
            .as_ref()
            .is_none_or(|all| all.contains(&have.to_uppercase()))
    };
    let mut found: Vec<&Template> = call
        .state
        .templates
        .values()
        .filter(|template| {
            template.waba_id == waba_id
                && fits(&status, &template.status)
                && fits(&category, &template.category)
                && fits(&language, &template.language)
                && fits(&quality, &template.quality)
                && name
                    .as_ref()
                    .is_none_or(|name| template.name.contains(name.as_str()))
                && hsm_id.as_ref().is_none_or(|id| template.id == *id)
                && content.as_ref().is_none_or(|text| {
                    let text = text.to_lowercase();
                    template.name.contains(&text)
                        || template
                            .components
                            .to_string()
                            .to_lowercase()
                            .contains(&text)
                })
        })
        .collect();
    found.sort_by(|a, b| (b.created_us, &a.name, &a.id).cmp(&(a.created_us, &b.name, &b.id)));
    let total = call
        .state
        .templates
        .values()
        .filter(|template| template.waba_id == waba_id)
        .count();
    let items = found
        .into_iter()
        .map(|template| {
            let shown = select(
                template.node(),
                fields.as_deref(),
                DEFAULT,
                KNOWN,
                "WhatsAppMessageTemplate",
            );
            shown.map(|shown| (template.id.clone(), shown))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut answer = page(&items, params, call.url)?;
    if let Some(wanted) = params.text("summary") {
        let mut summary = json!({
            "total_count": items.len(),
            "message_template_count": total,
            "message_template_limit": 6_000,
            "are_translations_complete": true,
        });
        if let Some(all) = summary.as_object_mut() {
            all.retain(|key, _| wanted.split(',').any(|name| name.trim() == key));
        }
        answer["summary"] = summary;
    }
    Ok(answer)
}

fn create(call: &mut Call<'_>, waba_id: &str) -> Answer {
    let params = call.params;
    let now_us = call.now_us;
    if let Some(waba) = call.state.wabas.get_mut(waba_id) {
        waba.creations_us.retain(|at| now_us - at < HOUR);
        if waba.creations_us.len() >= 100 {
            return Err(GraphError {
                subcode: Some(2_446_079),
                ..GraphError::send(
                    80_007,
                    "100 templates per hour can be created for a WhatsApp Business Account.",
                )
            });
        }
        waba.creations_us.push(now_us);
    }
    let name = params.required("name")?;
    template_rules::name(&name)?;
    let language = params.required("language")?;
    if !template_rules::LANGUAGES.contains(&language.as_str()) {
        return Err(GraphError::parameter(format!(
            "Param language must be one of the supported language codes - got \"{language}\"."
        )));
    }
    let category = category(&params.required("category")?)?;
    let format = params
        .text("parameter_format")
        .unwrap_or_else(|| "POSITIONAL".into())
        .to_uppercase();
    let named = format == "NAMED";
    if !named && format != "POSITIONAL" {
        return Err(GraphError::parameter(
            "Param parameter_format must be one of {NAMED, POSITIONAL}",
        ));
    }
    let ttl_seconds = ttl(call, &category)?;
    let components = params.structured("components");
    template_rules::components(&components, &category, named)?;
    let existing = call.state.templates_named(waba_id, &name);
    if existing
        .iter()
        .any(|template| template.language == language)
    {
        return Err(GraphError::management(
            2_388_024,
            "Content in This Language Already Exists",
            format!(
                "There is already {language} content for this template. You can create a new template and try again."
            ),
        ));
    }
    let held = call
        .state
        .deleted_names
        .iter()
        .any(|(waba, held, until)| waba == waba_id && *held == name && now_us < *until);
    if held {
        return Err(GraphError::management(
            2_388_023,
            "Message Template Language Is Being Deleted",
            "New content can't be added while the existing content is being deleted. Try again in 30 days or create a new template.",
        ));
    }
    if call
        .state
        .templates
        .values()
        .filter(|template| template.waba_id == waba_id)
        .count()
        >= 6_000
    {
        return Err(GraphError::management(
            2_388_019,
            "Message Template Limit Exceeded",
            "This account has reached its limit of templates.",
        ));
    }
    let id = call.state.ids.object();
    call.state.put_template(Template {
        id: id.clone(),
        waba_id: waba_id.to_owned(),
        name,
        language,
        category: category.clone(),
        previous_category: None,
        status: "PENDING".into(),
        named,
        components: upper_types(components),
        quality: "UNKNOWN".into(),
        quality_at_us: now_us,
        rejected_reason: "NONE".into(),
        rejection_info: None,
        ttl_seconds,
        created_us: now_us,
        updated_us: now_us,
        edits_us: Vec::new(),
        pauses: 0,
        version: 0,
    });
    review::start(call.state, &id, now_us);
    call.state.changes += 1;
    Ok(json!({"id": id, "status": "PENDING", "category": category}))
}

/// Meta shows component and button types in capitals, however they were given.
fn upper_types(mut components: Value) -> Value {
    for component in components.as_array_mut().into_iter().flatten() {
        for key in ["type", "format"] {
            if let Some(text) = component[key].as_str().map(str::to_uppercase) {
                component[key] = text.into();
            }
        }
        let buttons = component.get_mut("buttons").and_then(Value::as_array_mut);
        for button in buttons.into_iter().flatten() {
            if let Some(text) = button["type"].as_str().map(str::to_uppercase) {
                button["type"] = text.into();
            }
        }
    }
    components
}

fn category(text: &str) -> Result<String, GraphError> {
    let category = text.to_uppercase();
    if CATEGORIES.contains(&category.as_str()) {
        return Ok(category);
    }
    Err(GraphError::parameter(format!(
        "Param category must be one of {{{}}} - got \"{text}\".",
        CATEGORIES.join(", ")
    )))
}

fn ttl(call: &Call<'_>, category: &str) -> Result<Option<i64>, GraphError> {
    let Some(text) = call.params.text("message_send_ttl_seconds") else {
        return Ok(None);
    };
    let (low, high) = match category {
        "AUTHENTICATION" => (30, 900),
        "UTILITY" => (30, 43_200),
        _ => (43_200, 2_592_000),
    };
    match text.parse::<i64>() {
        Ok(-1) => Ok(None),
        Ok(seconds) if (low..=high).contains(&seconds) => Ok(Some(seconds)),
        _ => Err(GraphError::parameter(format!(
            "Param message_send_ttl_seconds must be from {low} to {high} for {category}"
        ))),
    }
}

/// `/{template}`, also `/{waba}/message_templates/{template}`.
pub(crate) fn node(call: &mut Call<'_>, id: &str) -> Answer {
    let unknown = || GraphError::unknown_object(call.method.as_str(), id);
    let template = call.state.templates.get(id).ok_or_else(unknown)?;
    match *call.method {
        Method::GET => {
            let fields = call.params.text("fields");
            select(
                template.node(),
                fields.as_deref(),
                DEFAULT,
                KNOWN,
                "WhatsAppMessageTemplate",
            )
        }
        Method::POST => edit(call, id),
        Method::DELETE => {
            call.state.remove_template(id);
            call.state.changes += 1;
            success()
        }
        _ => Err(unknown()),
    }
}

fn edit(call: &mut Call<'_>, id: &str) -> Answer {
    let template = call
        .state
        .templates
        .get(id)
        .ok_or_else(|| GraphError::unknown_object("POST", id))?;
    let now_us = call.now_us;
    let refuse = |text: &str| {
        Err(GraphError::management(
            2_593_002,
            "Message template can't be edited",
            text,
        ))
    };
    let approved = template.status == "APPROVED";
    if !matches!(template.status.as_str(), "APPROVED" | "REJECTED" | "PAUSED") {
        return refuse("Only approved, rejected or paused templates can be edited.");
    }
    let new_category = call
        .params
        .text("category")
        .map(|text| category(&text))
        .transpose()?;
    if approved
        && new_category
            .as_ref()
            .is_some_and(|category| *category != template.category)
    {
        return refuse("The category of an approved template can't be changed.");
    }
    if approved {
        let recent = |span: i64| {
            template
                .edits_us
                .iter()
                .filter(|at| now_us - **at < span)
                .count()
        };
        if recent(DAY) >= 1 || recent(30 * DAY) >= 10 {
            return refuse(
                "An approved template can be edited once in 24 hours and 10 times in 30 days.",
            );
        }
    }
    let category = new_category.unwrap_or_else(|| template.category.clone());
    let named = call
        .params
        .text("parameter_format")
        .map_or(template.named, |format| {
            format.eq_ignore_ascii_case("NAMED")
        });
    let components = call.params.structured("components");
    if !components.is_null() {
        template_rules::components(&components, &category, named)?;
    }
    let ttl_seconds = ttl(call, &category)?;
    if let Some(template) = call.state.templates.get_mut(id) {
        if approved {
            template.edits_us.push(now_us);
        }
        if !components.is_null() {
            template.components = upper_types(components);
        }
        template.category = category;
        template.named = named;
        template.ttl_seconds = ttl_seconds.or(template.ttl_seconds);
        template.updated_us = now_us;
    }
    review::start(call.state, id, now_us);
    call.state.changes += 1;
    let template = &call.state.templates[id];
    Ok(json!({"success": true, "id": id, "name": template.name, "category": template.category}))
}

fn delete(call: &mut Call<'_>, waba_id: &str) -> Answer {
    let params = call.params;
    let ids: Vec<String> = match params.list("hsm_ids") {
        Some(ids) => ids,
        None => match (params.text("hsm_id"), params.text("name")) {
            (Some(id), _) => vec![id],
            (None, Some(name)) => call
                .state
                .templates_named(waba_id, &name)
                .iter()
                .map(|template| template.id.clone())
                .collect(),
            _ => return Err(GraphError::parameter("The parameter name is required.")),
        },
    };
    if ids.len() > 100 {
        return Err(GraphError::parameter(
            "Param hsm_ids must have at most 100 elements.",
        ));
    }
    let templates: Vec<&Template> = ids
        .iter()
        .filter_map(|id| call.state.templates.get(id))
        .filter(|t| t.waba_id == waba_id)
        .collect();
    if templates.is_empty() || templates.len() != ids.len() {
        return Err(GraphError::management(
            2_593_002,
            "Message Template Not Found",
            "No message template of this account matches.",
        ));
    }
    if templates
        .iter()
        .any(|template| template.status == "DISABLED")
    {
        return Err(GraphError::management(
            2_593_002,
            "Message template can't be deleted",
            "Disabled templates can't be deleted.",
        ));
    }
    let now_us = call.now_us;
    for id in ids {
        let Some(template) = call.state.remove_template(&id) else {
            continue;
        };
        if template.status == "APPROVED" {
            call.state
                .deleted_names
                .push((waba_id.to_owned(), template.name, now_us + 30 * DAY));
        }
    }
    call.state.changes += 1;
    success()
}

/// `POST /{template}/unpause`.
pub(crate) fn edge(call: &mut Call<'_>, id: &str, edge: &str) -> Answer {
    if edge != "unpause" || call.method != Method::POST {
        return Err(GraphError::unknown_object(call.method.as_str(), id));
    }
    if call.state.templates[id].status != "PAUSED" {
        return Ok(json!({"success": false, "reason": "The template is not paused."}));
    }
    review::unpause(call.state, id, call.now_us);
    success()
}

/// `POST /{waba}/message_templates/archive` and `/unarchive`.
pub(crate) fn archive(call: &mut Call<'_>, waba_id: &str, archive: bool) -> Value {
    let ids = call.params.list("hsm_ids").unwrap_or_default();
    let mut done = Vec::new();
    let mut failed = serde_json::Map::new();
    for id in ids {
        let fits = call.state.templates.get(&id).is_some_and(|template| {
            template.waba_id == waba_id
                && match template.status.as_str() {
                    "APPROVED" | "REJECTED" => archive,
                    "ARCHIVED" => !archive,
                    _ => false,
                }
        });
        if fits {
            let event = if archive { "ARCHIVED" } else { "UNARCHIVED" };
            let decision = Decision {
                event: event.into(),
                reason: None,
                info: None,
            };
            let _ = review::decide(call.state, &id, decision, call.now_us);
            done.push(id);
        } else {
            let why = if archive {
                "Only approved or rejected templates can be archived"
            } else {
                "Template is not archived"
            };
            failed.insert(id, why.into());
        }
    }
    let (ok, bad) = if archive {
        ("archived_templates", "failed_templates")
    } else {
        ("unarchived_templates", "failed_templates")
    };
    json!({ok: done, bad: failed})
}
