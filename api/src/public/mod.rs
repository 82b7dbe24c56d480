//! The API in Interakt's form: programs written for `https://api.interakt.ai/v1/public/` work against a Wigwag
//! with another host and another key.
//!
//! Shapes, statuses and texts are Interakt's (its Postman collection “Interakt Public APIs”); what happens is
//! what `/api/v1` does, by the same functions. A route exists only by `Routes::add`, which gives it its
//! permission, its budget, its timing and its audit entry; `answer` puts every refusal into Interakt's form.
//! Unknown fields are passed over here, because clients send what their version of Interakt knew.

mod answer;
mod assignment;
mod auth;
mod campaign;
mod cta;
mod customers;
mod events;
mod files;
mod filters;
mod gate;
mod message;
mod person;
mod sender;
mod session_message;
mod template_draft;
mod template_message;
mod templates;
mod text;
mod users;

use axum::Router;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};
use wigwag_model::Permission as P;

use crate::Api;
use crate::operation::Audit::{self, As, No};
use crate::problem::{Code, Problem};

pub(crate) use cta::Redirects;
pub use cta::{PATH as CTA_PATH, follow};

/// Everything below the prefix.
pub fn router(api: &Api) -> Router<Api> {
    Routes::new(api)
        .add(
            P::ContactsWrite,
            As("contact.track"),
            "trackUser",
            "/track/users",
            post(users::track),
        )
        .add(
            P::ContactsWrite,
            No,
            "trackUserEvent",
            "/track/events",
            post(events::track),
        )
        .add(
            P::MessagesSend,
            No,
            "sendPublicMessage",
            "/message",
            post(message::send),
        )
        .add(
            P::MessagesSend,
            No,
            "sendRcsMessage",
            "/rcs/message",
            post(message::rcs),
        )
        .add(
            P::TemplatesWrite,
            As("template.submit"),
            "createPublicTemplate",
            "/track/templates",
            post(templates::create),
        )
        .add(
            P::TemplatesRead,
            No,
            "listPublicTemplates",
            "/track/organization/templates",
            get(templates::list),
        )
        .add(
            P::TemplatesWrite,
            As("media.create"),
            "uploadPublicFile",
            "/track/files/upload_to_fb",
            post(files::upload),
        )
        .add(
            P::ContactsRead,
            No,
            "listCustomers",
            "/apis/users",
            post(customers::list),
        )
        .add(
            P::ContactsRead,
            No,
            "getCustomerByPhone",
            "/apis/users/phone_number/{phone}",
            get(customers::by_phone),
        )
        .add(
            P::ContactsRead,
            No,
            "getCustomerById",
            "/apis/users/id/{id}",
            get(customers::by_id),
        )
        .add(
            P::CampaignsWrite,
            As("campaign.create"),
            "createApiCampaign",
            "/create-campaign",
            post(campaign::create),
        )
        .add(
            P::ConversationsWrite,
            As("conversation.assign"),
            "assignChat",
            "/assignment",
            post(assignment::assign),
        )
        .finish()
}

/// The routes while they are being gathered.
struct Routes {
    api: Api,
    router: Router<Api>,
}

impl Routes {
    fn new(api: &Api) -> Self {
        Self {
            api: api.clone(),
            router: Router::new(),
        }
    }

    /// Registers a route with its rule; with and without a slash at the end, because clients do both.
    #[must_use]
    fn add(
        mut self,
        needs: P,
        audit: Audit,
        name: &'static str,
        path: &'static str,
        handler: MethodRouter<Api>,
    ) -> Self {
        let gate = gate::Gate {
            api: self.api.clone(),
            needs,
            audit,
            name,
        };
        let handler = handler.route_layer(middleware::from_fn_with_state(gate, gate::admit));
        self.router = self
            .router
            .route(path, handler.clone())
            .route(&format!("{path}/"), handler);
        self
    }

    fn finish(self) -> Router<Api> {
        self.router
            .fallback(|| async { Problem::not_found() })
            .method_not_allowed_fallback(|| async {
                Problem::new(
                    Code::MethodNotAllowed,
                    "This address does not take this method.",
                )
            })
            .layer(middleware::from_fn(answer::layer))
    }
}
