//! The list of all operations with their rules, the document that describes them, and the router
//! that serves them.

use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::routes;
use wigwag_model::Permission as P;

use crate::operation::Access::{Needs, Open, Publishable, SignedIn};
use crate::operation::Audit::{As, No};
use crate::operation::Operations;
use crate::problem::{Problem, ProblemBody};
use crate::{
    Api, api_keys, apps, audience, calls, campaigns, confirmations, consent, contacts,
    conversations, dead_letters, docs, endpoints, event_names, events, health, hooks, hosts,
    imports, links, live, media, members, messages, numbers, public, request_id, security_headers,
    segments, send, sessions, setup, templates, track, webhooks,
};

/// The largest JSON body of an operation.
const BODY_LIMIT: usize = 256 * 1024;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Wigwag",
        version = "1",
        description = "The API of a Wigwag installation. Sign in with an API key: `Authorization: Bearer ww_…`. \
                       Lists answer `{data, next_cursor}`; errors are `application/problem+json` with a stable `code`."
    ),
    components(schemas(ProblemBody))
)]
struct Document;

/// Every operation. A route of the API exists only by being here.
fn operations() -> Operations {
    let mut document = Document::openapi();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("wigwag_session"))),
    );
    components.add_security_scheme(
        "api_key",
        SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
    );
    components.add_security_scheme(
        "publishable_key",
        SecurityScheme::ApiKey(ApiKey::Query(ApiKeyValue::new("key"))),
    );
    Operations::new(document)
        .add(Open, No, routes!(setup::get))
        .add(Open, No, routes!(setup::set_up))
        .add(Open, No, routes!(sessions::sign_in))
        .add(Open, No, routes!(sessions::one_time))
        .add(SignedIn, No, routes!(sessions::get))
        .add(SignedIn, As("session.delete"), routes!(sessions::sign_out))
        .add(Needs(P::MembersRead), No, routes!(members::list))
        .add(Needs(P::MembersRead), No, routes!(members::teams))
        .add(Needs(P::NumbersRead), No, routes!(numbers::list))
        .add(
            Needs(P::NumbersWrite),
            As("number.sync"),
            routes!(numbers::sync),
        )
        .add(Needs(P::TemplatesRead), No, routes!(templates::list))
        .add(Needs(P::TemplatesRead), No, routes!(templates::get))
        .add(
            Needs(P::TemplatesWrite),
            As("template.sync"),
            routes!(templates::sync),
        )
        .add(Needs(P::TemplatesRead), No, routes!(templates::check))
        .add(Needs(P::TemplatesRead), No, routes!(templates::versions))
        .add(
            Needs(P::TemplatesWrite),
            As("template.create"),
            routes!(templates::create),
        )
        .add(
            Needs(P::TemplatesWrite),
            As("template.update"),
            routes!(templates::edit),
        )
        .add(
            Needs(P::TemplatesWrite),
            As("template.duplicate"),
            routes!(templates::duplicate),
        )
        .add(
            Needs(P::TemplatesWrite),
            As("template.submit"),
            routes!(templates::submit),
        )
        .add(
            Needs(P::TemplatesWrite),
            As("template.delete"),
            routes!(templates::delete),
        )
        .add(
            Needs(P::MessagesSend),
            As("media.create"),
            routes!(media::upload::upload),
        )
        .add(Needs(P::ConversationsRead), No, routes!(media::get))
        .add(Open, No, routes!(media::download::content))
        .add(
            Needs(P::ConversationsRead),
            No,
            routes!(conversations::list),
        )
        .add(
            Needs(P::ConversationsRead),
            No,
            routes!(conversations::counts),
        )
        .add(Needs(P::ConversationsRead), No, routes!(conversations::get))
        .add(
            Needs(P::ConversationsWrite),
            As("conversation.open"),
            routes!(conversations::open),
        )
        .add(
            Needs(P::ConversationsWrite),
            As("conversation.assign"),
            routes!(conversations::assign),
        )
        .add(
            Needs(P::ConversationsWrite),
            As("conversation.close"),
            routes!(conversations::close),
        )
        .add(
            Needs(P::ConversationsWrite),
            As("conversation.reopen"),
            routes!(conversations::reopen),
        )
        .add(
            Needs(P::ConversationsWrite),
            As("conversation.snooze"),
            routes!(conversations::snooze),
        )
        .add(Needs(P::ConversationsRead), No, routes!(messages::list))
        .add(Needs(P::ConversationsRead), No, routes!(messages::changes))
        .add(Needs(P::MessagesSend), No, routes!(send::create))
        .add(Needs(P::ConversationsWrite), No, routes!(send::read))
        .add(Needs(P::MessagesSend), No, routes!(send::type_in))
        .add(Needs(P::ContactsRead), No, routes!(contacts::list))
        // The entry in the audit log says how many; it is written with the beginning.
        .add(Needs(P::ContactsWrite), No, routes!(contacts::bulk::start))
        .add(Needs(P::ContactsRead), No, routes!(contacts::bulk::list))
        .add(Needs(P::ContactsRead), No, routes!(contacts::bulk::get))
        .add(
            Needs(P::ContactsRead),
            No,
            routes!(contacts::bulk::failures),
        )
        .add(
            Needs(P::ContactsWrite),
            As("contacts.bulk_undo"),
            routes!(contacts::bulk::undo),
        )
        .add(
            Needs(P::ContactsExport),
            As("contacts.export"),
            routes!(contacts::export::export),
        )
        .add(
            Needs(P::ContactsExport),
            As("contact.export"),
            routes!(contacts::export::everything),
        )
        // The entry in the audit log is written with the beginning.
        .add(
            Needs(P::ContactsErase),
            No,
            routes!(contacts::export::erase),
        )
        // The entry in the audit log says with whom; it is written with the merge.
        .add(Needs(P::ContactsWrite), No, routes!(contacts::merge::merge))
        .add(
            Needs(P::ContactsRead),
            No,
            routes!(contacts::merge::preview),
        )
        .add(
            Needs(P::ContactsRead),
            No,
            routes!(contacts::merge::duplicates),
        )
        .add(Needs(P::ContactsRead), No, routes!(contacts::get))
        .add(
            Needs(P::ContactsWrite),
            As("contact.create"),
            routes!(contacts::create),
        )
        .add(
            Needs(P::ContactsWrite),
            As("contact.update"),
            routes!(contacts::edit),
        )
        .add(
            Needs(P::ContactsWrite),
            As("contact.consent"),
            routes!(consent::set),
        )
        .add(Needs(P::ContactsRead), No, routes!(consent::history))
        .add(Needs(P::ContactsWrite), No, routes!(events::track))
        .add(Needs(P::ContactsRead), No, routes!(events::list))
        .add(Publishable, No, routes!(track::track))
        .add(Needs(P::ContactsRead), No, routes!(audience::traits))
        .add(Needs(P::ContactsRead), No, routes!(audience::tags))
        .add(Needs(P::ContactsRead), No, routes!(audience::count))
        .add(
            Needs(P::ContactsRead),
            No,
            routes!(audience::people::find),
        )
        .add(Needs(P::ContactsRead), No, routes!(audience::people::why))
        .add(Needs(P::ContactsRead), No, routes!(segments::list))
        .add(Needs(P::ContactsRead), No, routes!(segments::get))
        .add(
            Needs(P::ContactsWrite),
            As("segment.create"),
            routes!(segments::create),
        )
        .add(
            Needs(P::ContactsWrite),
            As("segment.update"),
            routes!(segments::edit),
        )
        .add(
            Needs(P::ContactsWrite),
            As("segment.delete"),
            routes!(segments::delete),
        )
        .add(Needs(P::ContactsRead), No, routes!(event_names::list))
        .add(Needs(P::ContactsRead), No, routes!(audience::lists))
        .add(
            Needs(P::ContactsWrite),
            As("list.create"),
            routes!(audience::create_list),
        )
        .add(
            Needs(P::ContactsWrite),
            As("import.create"),
            routes!(imports::upload::create),
        )
        .add(Needs(P::ContactsWrite), No, routes!(imports::update))
        .add(Needs(P::ContactsWrite), No, routes!(imports::check::check))
        .add(
            Needs(P::ContactsWrite),
            As("import.run"),
            routes!(imports::run),
        )
        .add(
            Needs(P::ContactsWrite),
            As("import.undo"),
            routes!(imports::undo::undo),
        )
        .add(Needs(P::ContactsRead), No, routes!(imports::list::list))
        .add(Needs(P::ContactsRead), No, routes!(imports::get))
        .add(Needs(P::ContactsRead), No, routes!(imports::errors))
        .add(
            Needs(P::SettingsManage),
            No,
            routes!(confirmations::get),
        )
        // The entry in the audit log says from what to what; it is written with the change.
        .add(
            Needs(P::SettingsManage),
            No,
            routes!(confirmations::set),
        )
        .add(Needs(P::CampaignsRead), No, routes!(campaigns::list))
        .add(Needs(P::CampaignsRead), No, routes!(campaigns::get))
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::review::review),
        )
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::review::excluded),
        )
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::report::report),
        )
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::report::recipients),
        )
        .add(
            Needs(P::CampaignsRead),
            As("campaign.export"),
            routes!(campaigns::csv::recipients),
        )
        .add(
            Needs(P::CampaignsWrite),
            As("campaign.create"),
            routes!(campaigns::write::create),
        )
        .add(
            Needs(P::CampaignsWrite),
            As("campaign.update"),
            routes!(campaigns::write::edit),
        )
        .add(
            Needs(P::CampaignsWrite),
            As("campaign.delete"),
            routes!(campaigns::write::delete),
        )
        .add(
            Needs(P::CampaignsWrite),
            As("campaign.duplicate"),
            routes!(campaigns::write::duplicate),
        )
        .add(
            Needs(P::CampaignsWrite),
            As("campaign.retarget"),
            routes!(campaigns::write::retarget),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.test"),
            routes!(campaigns::moves::test),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.send"),
            routes!(campaigns::moves::send),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.undo"),
            routes!(campaigns::moves::undo),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.pause"),
            routes!(campaigns::moves::pause),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.resume"),
            routes!(campaigns::moves::resume),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.stop"),
            routes!(campaigns::moves::stop),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.release"),
            routes!(campaigns::moves::release),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.start"),
            routes!(campaigns::ongoing::start),
        )
        .add(
            Needs(P::CampaignsSend),
            As("campaign.change"),
            routes!(campaigns::ongoing::change),
        )
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::ongoing::versions),
        )
        .add(Needs(P::CampaignsRead), No, routes!(campaigns::ongoing::runs))
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::ongoing::report),
        )
        .add(
            Needs(P::CampaignsRead),
            No,
            routes!(campaigns::ongoing::backtest),
        )
        .add(Needs(P::DevelopersManage), No, routes!(api_keys::list))
        .add(
            Needs(P::DevelopersManage),
            As("api_key.create"),
            routes!(api_keys::create),
        )
        .add(
            Needs(P::DevelopersManage),
            As("api_key.update"),
            routes!(api_keys::edit),
        )
        .add(
            Needs(P::DevelopersManage),
            As("api_key.revoke"),
            routes!(api_keys::revoke),
        )
        .add(Needs(P::DevelopersManage), No, routes!(hooks::list))
        .add(
            Needs(P::DevelopersManage),
            As("hook.create"),
            routes!(hooks::create),
        )
        .add(Needs(P::DevelopersManage), No, routes!(hooks::check))
        .add(
            Needs(P::DevelopersManage),
            As("hook.update"),
            routes!(hooks::edit),
        )
        .add(
            Needs(P::DevelopersManage),
            As("hook.delete"),
            routes!(hooks::delete),
        )
        .add(Needs(P::DevelopersManage), No, routes!(hooks::deliveries))
        .add(Needs(P::DevelopersManage), No, routes!(endpoints::list))
        .add(
            Needs(P::DevelopersManage),
            As("webhook_endpoint.create"),
            routes!(endpoints::create),
        )
        .add(
            Needs(P::DevelopersManage),
            As("webhook_endpoint.update"),
            routes!(endpoints::edit),
        )
        .add(
            Needs(P::DevelopersManage),
            As("webhook_endpoint.delete"),
            routes!(endpoints::delete),
        )
        .add(
            Needs(P::DevelopersManage),
            As("webhook_endpoint.rotate_secret"),
            routes!(endpoints::rotate),
        )
        .add(
            Needs(P::DevelopersManage),
            As("webhook_endpoint.test"),
            routes!(endpoints::deliveries::test),
        )
        .add(
            Needs(P::DevelopersManage),
            No,
            routes!(endpoints::deliveries::list),
        )
        .add(
            Needs(P::DevelopersManage),
            No,
            routes!(endpoints::deliveries::get),
        )
        .add(
            Needs(P::DevelopersManage),
            As("webhook_delivery.replay"),
            routes!(endpoints::deliveries::replay),
        )
        .add(Needs(P::DevelopersManage), No, routes!(apps::list))
        .add(Needs(P::DevelopersManage), No, routes!(calls::list))
        .add(Needs(P::OperationsManage), No, routes!(dead_letters::list))
        .add(
            Needs(P::OperationsManage),
            As("dead_letter.replay"),
            routes!(dead_letters::replay),
        )
        .add(
            Needs(P::OperationsManage),
            As("dead_letter.discard"),
            routes!(dead_letters::discard),
        )
        .add(Needs(P::ConversationsRead), No, routes!(live::socket::live))
}

/// The OpenAPI document.
pub fn document() -> OpenApi {
    operations().document().clone()
}

/// Everything that this crate serves. `console` answers what is not found here: the web app.
pub fn router(api: Api, console: Router<Api>) -> Router {
    let operations = operations();
    let text: &'static str = Box::leak(
        operations
            .document()
            .to_pretty_json()
            .unwrap_or_default()
            .into_boxed_str(),
    );
    let json = move || async move { ([(header::CONTENT_TYPE, "application/json")], text) };
    let apis = operations
        .into_router(&api)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .route("/api/openapi.json", get(json))
        .route("/api/docs", get(docs::page))
        .route(
            "/api/{*rest}",
            axum::routing::any(|| async { Problem::not_found() }),
        );
    let routes = Router::new()
        .merge(apis)
        .route(
            webhooks::PATH,
            get(webhooks::challenge).post(webhooks::receive),
        )
        .route(links::PATH, get(links::follow))
        .route(track::SCRIPT_PATH, get(track::script))
        .route(hooks::PATH, axum::routing::post(hooks::receive))
        .route(public::CTA_PATH, get(public::follow))
        .nest(
            &api.settings().public_api.prefix,
            public::router(&api).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .merge(console)
        .route_layer(middleware::from_fn(request_id::matched))
        .with_state(api.clone());
    // Around the router and not around each of its routes: a layer copies what it stands before, for each
    // request, and the router is one pointer.
    let served = tower::ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(
            api.clone(),
            request_id::layer,
        ))
        .layer(middleware::from_fn_with_state(
            api.clone(),
            security_headers::layer,
        ))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_| {
            (StatusCode::INTERNAL_SERVER_ERROR, "internal error\n").into_response()
        }))
        .layer(middleware::from_fn_with_state(api, hosts::layer))
        .service(routes);
    Router::new().fallback_service(served)
}
