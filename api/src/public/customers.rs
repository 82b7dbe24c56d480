//! `/apis/users/`: people with their traits, by filter, by phone number and by the shop's own id (Interakt: Get
//! Users API).

use axum::Json;
use axum::extract::{Path, State};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use wigwag_model::Timestamp;
use wigwag_model::consent::ConsentState;
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_store::audience::{self, Customer as Row};
use wigwag_store::contacts::{self, Known};

use super::filters::{Condition, filter};
use crate::Api;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::request::{Body, Params};

/// Most rows of an answer.
const MOST: u32 = 100;

/// A person as Interakt shows one.
#[derive(Debug, Serialize)]
struct Customer {
    id: Uuid,
    user_id: Option<String>,
    phone_number: Option<String>,
    country_code: Option<String>,
    created_at_utc: Timestamp,
    modified_at_utc: Timestamp,
    tags: Vec<String>,
    tag_names: Vec<String>,
    traits: Map<String, Value>,
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        let contact = row.contact;
        let mut traits: Map<String, Value> = contact.traits.into_iter().collect();
        let name = contact.name.or(contact.profile_name);
        for (key, text) in [("name", name), ("email", contact.email)] {
            if let Some(text) = text {
                traits.insert(key.to_owned(), Value::from(text));
            }
        }
        if row.marketing != ConsentState::Unknown {
            let opted_in = row.marketing == ConsentState::Granted;
            traits.insert("whatsapp_opted_in".to_owned(), Value::from(opted_in));
        }
        let parts = contact.phone.as_deref().map(Phone::parts);
        let (country_code, phone_number) = match parts {
            Some(Some((code, number))) => (Some(code), Some(number)),
            // Without a country that is known the whole number is the number.
            Some(None) => (None, contact.phone.map(|phone| phone.replace('+', ""))),
            None => (None, None),
        };
        Self {
            id: contact.id.uuid(),
            user_id: row.external,
            phone_number,
            country_code,
            created_at_utc: contact.created_at,
            modified_at_utc: contact.updated_at,
            tag_names: contact.tags.clone(),
            tags: contact.tags,
            traits,
        }
    }
}

/// The answer around the people.
#[derive(Debug, Serialize)]
pub(super) struct Customers {
    result: bool,
    message: &'static str,
    data: Data,
}

#[derive(Debug, Serialize)]
struct Data {
    total_customers: i64,
    has_next_page: bool,
    customers: Vec<Customer>,
}

impl Customers {
    fn of(total: i64, offset: u32, rows: Vec<Row>) -> Json<Self> {
        let seen = i64::from(offset) + i64::try_from(rows.len()).unwrap_or_default();
        Json(Self {
            result: true,
            message: "Customers",
            data: Data {
                total_customers: total,
                has_next_page: seen < total,
                customers: rows.into_iter().map(Customer::from).collect(),
            },
        })
    }

    /// All there are.
    fn whole(rows: Vec<Row>) -> Json<Self> {
        Self::of(i64::try_from(rows.len()).unwrap_or_default(), 0, rows)
    }
}

/// Which stretch.
#[derive(Debug, Deserialize)]
pub(super) struct Stretch {
    #[serde(default)]
    offset: u32,
    #[serde(default = "most")]
    limit: u32,
}

fn most() -> u32 {
    MOST
}

/// Whom.
#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
pub(super) struct Wish {
    #[serde(default)]
    filters: Option<Vec<Condition>>,
}

/// Lists people in the order in which they were made.
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(stretch): Params<Stretch>,
    Body(wish): Body<Wish>,
) -> Result<Json<Customers>, Problem> {
    if !(1..=MOST).contains(&stretch.limit) {
        let message = "must be from 1 to 100";
        return Err(Problem::field("limit", "out_of_range", message));
    }
    let filter = filter(&wish.filters.unwrap_or_default())?;
    let (workspace, offset, now) = (caller.scope.workspace, stretch.offset, api.clock().now());
    let (total, rows) =
        audience::customers(api.db(), workspace, &filter, now, offset, stretch.limit).await?;
    Ok(Customers::of(total, offset, rows))
}

/// The people with a phone number: with its country code one, without it maybe several.
pub(super) async fn by_phone(
    State(api): State<Api>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<Customers>, Problem> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !(5..=15).contains(&digits.len()) {
        let message = "write the digits of a phone number, best with its country code";
        return Err(Problem::field("phone_number", "invalid", message));
    }
    let whole = Known {
        external: None,
        phone: Phone::parse(&format!("+{digits}"), None).ok(),
    };
    let found = one(&api, &caller, &whole).await?;
    if !found.is_empty() {
        return Ok(Customers::whole(found));
    }
    let national = digits.trim_start_matches('0');
    let rows = audience::of_national(api.db(), caller.scope.workspace, national, MOST).await?;
    let same = |row: &Row| {
        let parts = row.contact.phone.as_deref().and_then(Phone::parts);
        parts.is_some_and(|(_, number)| number == national)
    };
    Ok(Customers::whole(rows.into_iter().filter(same).collect()))
}

/// The person with the shop's own id.
pub(super) async fn by_id(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Customers>, Problem> {
    let known = Known {
        external: Some(id),
        phone: None,
    };
    Ok(Customers::whole(one(&api, &caller, &known).await?))
}

async fn one(api: &Api, caller: &Caller, known: &Known) -> Result<Vec<Row>, Problem> {
    let workspace = caller.scope.workspace;
    if known.external.is_none() && known.phone.is_none() {
        return Ok(Vec::new());
    }
    match contacts::who(api.db(), workspace, known).await? {
        Ok(Some(contact)) => Ok(audience::customer(api.db(), workspace, contact).await?),
        _ => Ok(Vec::new()),
    }
}
