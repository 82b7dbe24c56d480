//! What the ingest benchmark is compared to: an axum handler that reads the body and answers 200.
//! It runs as a process of its own, as the product does, and does nothing else: no signature, no disk.

use anyhow::Result;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use bytes::Bytes;

/// Serve on a free loopback port, print the address as the product does, and never return.
pub(crate) fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let handler = post(|body: Bytes| async move {
            if body.is_empty() {
                StatusCode::BAD_REQUEST
            } else {
                StatusCode::OK
            }
        });
        let router = Router::new().route("/webhooks/whatsapp/{app_id}", handler);
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        println!(
            "{}",
            serde_json::json!({ "console": format!("http://{}", listener.local_addr()?) })
        );
        axum::serve(listener, router).await?;
        Ok(())
    })
}
