//! Meta's notices and the daily figures of templates in Interakt's form: Interakt names the type as Meta
//! names the webhook's field, and passes Meta's value on (Interakt: Webhooks).

use serde_json::{Value, json};
use wigwag_model::endpoint::Kind;
use wigwag_store::endpoints::{AccountFacts, Figures, TemplateFacts};

/// The type and Meta's value with the account's id; `None` for what Interakt has no type for.
pub(super) fn of_notice(
    kind: Kind,
    account: &AccountFacts,
    detail: &str,
) -> Option<(&'static str, Value)> {
    let detail: Value = serde_json::from_str(detail).ok()?;
    let name = match kind {
        Kind::AccountAlerted => "account_alerts",
        Kind::AccountChanged => "account_update",
        Kind::AccountReviewed => "account_review_update",
        Kind::AccountLimitsChanged => "business_capability_update",
        Kind::NumberChanged if detail["field"] == "phone_number_quality_update" => {
            "phone_number_quality_update"
        }
        _ => return None,
    };
    let mut data = detail["value"].clone();
    if !data.is_object() {
        data = json!({});
    }
    // A portfolio's notice names the account inside.
    let waba_id = match &account.account {
        Some(account) => json!(account.waba_id),
        None => data["waba_info"]["waba_id"].clone(),
    };
    data["waba_id"] = waba_id;
    Some((name, data))
}

/// Interakt's type for the figures of a template.
pub(super) const MEASURED: &str = "template_performance_metrics";

/// What became of a template's messages of a day. Interakt does not say how it writes them: the template
/// is named as in its status, the figures as Meta's analytics name them (Meta: Template analytics).
pub(super) fn of_figures(template: &TemplateFacts, detail: &str) -> Option<Value> {
    let figures: Figures = serde_json::from_str(detail).ok()?;
    Some(json!({
        "waba_id": template.waba_id,
        "message_template_id": template.meta_template_id,
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category.to_uppercase(),
        "start": super::time(figures.from),
        "end": super::time(figures.to),
        "sent": figures.sent,
        "delivered": figures.delivered,
        "read": figures.read,
        "clicked": figures.clicked,
    }))
}
