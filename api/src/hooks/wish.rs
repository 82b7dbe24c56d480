//! Hooks as clients state them.

use garde::Validate;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wigwag_model::hook::{ConsentFrom, Generic, Mapping, Plan, Proof, Shopify, plan_problem};

use crate::Api;
use crate::problem::Problem;

/// What calls a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HookKind)]
pub enum Kind {
    /// A Shopify shop.
    Shopify,
    /// Any other system, read by a mapping.
    Generic,
}

impl Kind {
    pub(super) fn of(plan: &Plan) -> Self {
        match plan {
            Plan::Shopify(_) => Self::Shopify,
            Plan::Generic(_) => Self::Generic,
        }
    }
}

/// How bodies are signed and read: of a Shopify hook `marketing_consent`, of a generic one `proof` and
/// `mapping`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HookPlan {
    /// Shopify: whose word counts as consent to marketing here, `nothing` (unless said otherwise), `sms`
    /// or `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub marketing_consent: Option<String>,
    /// Generic: how bodies are signed: `{"way": "hmac_sha256", "header": "x-signature", "encoding": "hex",
    /// "prefix": ""}` or `{"way": "secret", "header": "x-secret"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub proof: Option<Proof>,
    /// Generic: where things lie in a body, as JSON pointers: `phone`, `country`, `external_id`, `name`,
    /// `email`, `event_name` or `event`, `event_id`, `occurred_at`, and `properties` by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub mapping: Option<Mapping>,
}

impl From<Plan> for HookPlan {
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::Shopify(plan) => Self {
                marketing_consent: Some(plan.marketing_consent.as_str().to_owned()),
                ..Self::default()
            },
            Plan::Generic(plan) => {
                let Generic { proof, mapping } = *plan;
                Self {
                    proof: Some(proof),
                    mapping: Some(mapping),
                    ..Self::default()
                }
            }
        }
    }
}

/// A hook to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateHook {
    /// What people call it.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// What calls it.
    #[garde(skip)]
    pub kind: Kind,
    /// How bodies are signed and read.
    #[serde(default)]
    #[garde(skip)]
    pub plan: HookPlan,
    /// What they are signed with. Shopify shows it where webhooks are made; of a generic hook one is made
    /// when it is left out.
    #[serde(default)]
    #[garde(inner(length(chars, min = 16, max = 200)))]
    pub secret: Option<String>,
}

/// What to change of a hook.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditHook {
    /// What people call it.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub name: Option<String>,
    /// The whole plan, where any of it changes.
    #[serde(default)]
    #[garde(skip)]
    pub plan: Option<HookPlan>,
    /// Another secret.
    #[serde(default)]
    #[garde(inner(length(chars, min = 16, max = 200)))]
    pub secret: Option<String>,
    /// Whether it takes anything.
    #[serde(default)]
    #[garde(skip)]
    pub active: Option<bool>,
    /// The version that was read.
    #[garde(skip)]
    pub version: i64,
}

/// A body to try a plan with.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckHook {
    /// What would call.
    #[garde(skip)]
    pub kind: Kind,
    /// How bodies would be read.
    #[serde(default)]
    #[garde(skip)]
    pub plan: HookPlan,
    /// Shopify: the topic, `orders/create`.
    #[serde(default)]
    #[garde(inner(length(chars, max = 100)))]
    pub topic: Option<String>,
    /// The body.
    #[schema(value_type = Object)]
    #[garde(skip)]
    pub sample: Value,
}

/// The plan of a kind, checked.
pub(super) fn plan_of(kind: Kind, wish: HookPlan) -> Result<Plan, Problem> {
    let plan = match kind {
        Kind::Shopify => {
            let foreign = [
                ("proof", wish.proof.is_some()),
                ("mapping", wish.mapping.is_some()),
            ];
            if let Some((field, _)) = foreign.into_iter().find(|(_, given)| *given) {
                let message = "Shopify's way of signing and its bodies are known: leave it out";
                return Err(Problem::field(format!("plan.{field}"), "invalid", message));
            }
            Plan::Shopify(Shopify {
                marketing_consent: consent(wish.marketing_consent.as_deref())?,
            })
        }
        Kind::Generic => {
            if wish.marketing_consent.is_some() {
                let message = "only hooks of Shopify take consent: tell it with PUT /api/v1/contacts/{id}/consent";
                return Err(Problem::field("plan.marketing_consent", "invalid", message));
            }
            let absent = |field: &str, message: &str| Problem::field(field, "required", message);
            Plan::Generic(Box::new(Generic {
                proof: wish
                    .proof
                    .ok_or_else(|| absent("plan.proof", "say in which header bodies are signed"))?,
                mapping: wish.mapping.ok_or_else(|| {
                    absent("plan.mapping", "say where phone number and event lie")
                })?,
            }))
        }
    };
    match plan_problem(&plan) {
        Some(wrong) => Err(Problem::field(
            format!("plan.{}", wrong.field),
            "invalid",
            wrong.message,
        )),
        None => Ok(plan),
    }
}

fn consent(text: Option<&str>) -> Result<ConsentFrom, Problem> {
    text.map_or(Some(ConsentFrom::Nothing), ConsentFrom::parse)
        .ok_or_else(|| {
            let message = "choose among nothing, sms, email";
            Problem::field("plan.marketing_consent", "unknown", message)
        })
}

/// The secret of a new hook, and the same to show where it was made here.
pub(super) fn secret_of(
    api: &Api,
    kind: Kind,
    given: Option<String>,
) -> Result<(SecretString, Option<String>), Problem> {
    match (given, kind) {
        (Some(secret), _) => Ok((SecretString::from(secret), None)),
        (None, Kind::Shopify) => {
            let message = "copy the secret that Shopify signs with: below the list in Settings, Notifications, Webhooks, or the client secret of your app";
            Err(Problem::field("secret", "required", message))
        }
        (None, Kind::Generic) => {
            let fresh = crate::secret::random_text::<32>(api);
            Ok((SecretString::from(fresh.clone()), Some(fresh)))
        }
    }
}
