//! Media: upload, look up, download, delete.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, Response, StatusCode};
use serde_json::json;

use super::error::GraphError;
use super::router::{Answer, Call, authorise_headers, success};
use crate::media::{check_upload, link, link_is_good, node as media_node};
use crate::world::World;

/// `POST /{number}/media`.
pub(crate) fn upload(call: &mut Call<'_>, number_id: &str) -> Answer {
    if call.method != Method::POST {
        return Err(GraphError::unknown_object(call.method.as_str(), number_id));
    }
    if call.params.text("messaging_product").as_deref() != Some("whatsapp") {
        return Err(GraphError::parameter(
            "The parameter messaging_product is required.",
        ));
    }
    let file = call
        .params
        .file
        .as_ref()
        .ok_or_else(|| GraphError::parameter("The parameter file is required."))?;
    let declared = call
        .params
        .text("type")
        .filter(|kind| kind.contains('/'))
        .unwrap_or_else(|| file.mime_type.clone());
    let mime_type = check_upload(&declared, &file.bytes)?;
    let id = call.state.ids.object();
    let number_id = Some(number_id.to_owned());
    call.state.media.put(
        id.clone(),
        mime_type,
        file.filename.clone(),
        number_id,
        file.bytes.clone(),
        call.now_us,
    );
    call.state.changes += 1;
    Ok(json!({"id": id}))
}

/// `GET | DELETE /{media_id}`.
pub(crate) fn node(call: &mut Call<'_>, id: &str) -> Answer {
    let gone = || GraphError::unknown_object(call.method.as_str(), id);
    let media = call.state.media.get(id, call.now_us).ok_or_else(gone)?;
    if let Some(number_id) = call.params.text("phone_number_id")
        && media
            .number_id
            .as_ref()
            .is_some_and(|owner| *owner != number_id)
    {
        return Err(gone());
    }
    if call.method == Method::GET {
        let url = link(
            &call.state.media_host,
            call.state.ids.seed(),
            id,
            call.now_us,
        );
        return Ok(media_node(media, &url));
    }
    if call.method == Method::DELETE {
        call.state.media.items.remove(id);
        call.state.changes += 1;
        return success();
    }
    Err(gone())
}

/// `GET /whatsapp_business/attachments/?mid=…`: the bytes, with a valid token, within five minutes.
pub(crate) fn download(world: &World, request: &Request) -> Response<Body> {
    let query: Vec<(String, String)> =
        serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap_or_default();
    let part = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    world.with(|state, now_us| {
        if authorise_headers(state, request, now_us).is_err() {
            return page(StatusCode::UNAUTHORIZED, "Sorry, something went wrong.");
        }
        if !link_is_good(
            state.ids.seed(),
            part("mid"),
            part("ext"),
            part("hash"),
            now_us,
        ) {
            return page(StatusCode::NOT_FOUND, "This link is not valid any more.");
        }
        let Some(media) = state.media.get(part("mid"), now_us) else {
            return page(StatusCode::NOT_FOUND, "This file is not there any more.");
        };
        let mut response = Response::new(Body::from(media.bytes.clone()));
        let mime = HeaderValue::from_str(&media.mime_type);
        response.headers_mut().insert(
            CONTENT_TYPE,
            mime.unwrap_or(HeaderValue::from_static("application/octet-stream")),
        );
        response
    })
}

fn page(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(format!(
        "<!DOCTYPE html><title>Error</title><p>{text}</p>"
    )));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
