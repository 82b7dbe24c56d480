//! Message templates: what is stored, and what a send must fill in.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A message template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) waba_id: String,
    pub(crate) name: String,
    pub(crate) language: String,
    /// MARKETING, UTILITY, AUTHENTICATION.
    pub(crate) category: String,
    pub(crate) previous_category: Option<String>,
    pub(crate) status: String,
    pub(crate) named: bool,
    pub(crate) components: Value,
    pub(crate) quality: String,
    pub(crate) quality_at_us: i64,
    pub(crate) rejected_reason: String,
    pub(crate) rejection_info: Option<(String, String)>,
    pub(crate) ttl_seconds: Option<i64>,
    pub(crate) created_us: i64,
    pub(crate) updated_us: i64,
    /// Times of edits while approved.
    pub(crate) edits_us: Vec<i64>,
    /// How often it was paused for quality.
    pub(crate) pauses: u32,
    /// Counts edits: a pending review decides only on the text that it was started for.
    pub(crate) version: u32,
}

impl Template {
    /// A component by type, in any letter case.
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        component(&self.components, kind)
    }

    /// The buttons in order.
    pub(crate) fn buttons(&self) -> &[Value] {
        buttons(&self.components)
    }

    /// The node as the Graph API shows it, all fields.
    pub(crate) fn node(&self) -> Value {
        let mut node = json!({
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": if self.named { "NAMED" } else { "POSITIONAL" },
            "components": self.components,
            "quality_score": {"score": self.quality, "date": self.quality_at_us / 1_000_000},
            "rejected_reason": self.rejected_reason,
            "last_updated_time": rfc3339(self.updated_us),
        });
        if let Some(category) = &self.previous_category {
            node["previous_category"] = category.as_str().into();
        }
        if let Some(seconds) = self.ttl_seconds {
            node["message_send_ttl_seconds"] = seconds.into();
        }
        if let Some((reason, recommendation)) = &self.rejection_info {
            node["rejection_info"] = json!({"reason": reason, "recommendation": recommendation});
        }
        node
    }
}

/// A time as Graph writes it.
pub(crate) fn rfc3339(us: i64) -> String {
    jiff::Timestamp::from_microsecond(us)
        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string())
        .unwrap_or_default()
}

/// A component by type among components, in any letter case.
pub(crate) fn component<'a>(components: &'a Value, kind: &str) -> Option<&'a Value> {
    components.as_array()?.iter().find(|component| {
        component["type"]
            .as_str()
            .is_some_and(|have| have.eq_ignore_ascii_case(kind))
    })
}

/// The buttons of some components.
pub(crate) fn buttons(components: &Value) -> &[Value] {
    component(components, "BUTTONS")
        .and_then(|c| c["buttons"].as_array())
        .map_or(&[], Vec::as_slice)
}

/// The variables of a text in order of first appearance, without braces.
pub(crate) fn variables(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(end) = rest[start..].find("}}") else {
            break;
        };
        let name = rest[start + 2..start + end].trim().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
        rest = &rest[start + end + 2..];
    }
    found
}

/// Puts values in the place of variables; what has no value stays.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(end) = rest[start..].find("}}") else {
            break;
        };
        out.push_str(&rest[..start]);
        let name = rest[start + 2..start + end].trim();
        match value(name) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[start..start + end + 2]),
        }
        rest = &rest[start + end + 2..];
    }
    out + rest
}

/// The text of a parameter of a send.
pub(crate) fn parameter_text(parameter: &Value) -> Option<String> {
    let text = match parameter["type"].as_str().unwrap_or("text") {
        "text" => &parameter["text"],
        "currency" => &parameter["currency"]["fallback_value"],
        "date_time" => &parameter["date_time"]["fallback_value"],
        "payload" => &parameter["payload"],
        "coupon_code" => &parameter["coupon_code"],
        _ => return None,
    };
    match text {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Gives the value of a variable out of the parameters of one component.
pub(crate) fn value_of(parameters: &[Value], named: bool, variable: &str) -> Option<String> {
    if named {
        return parameters
            .iter()
            .find(|p| p["parameter_name"] == variable)
            .and_then(parameter_text);
    }
    let index = variable.parse::<usize>().ok()?.checked_sub(1)?;
    parameters.get(index).and_then(parameter_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_and_filled() {
        assert_eq!(variables("Hi {{1}}, order {{2}} for {{1}}"), ["1", "2"]);
        let parameters = [
            json!({"type": "text", "text": "Asha"}),
            json!({"type": "text", "text": "42"}),
        ];
        let text = fill("Hi {{1}}: {{2}} {{3}}", |name| {
            value_of(&parameters, false, name)
        });
        assert_eq!(text, "Hi Asha: 42 {{3}}");
    }
}
