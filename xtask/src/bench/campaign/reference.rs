//! What the campaign benchmark is compared to: the same requests to the same simulator in a bare loop,
//! with the product's HTTP client and as many at a time. It runs as a process of its own, as the product
//! does, and keeps nothing: no database, no states, and its webhooks go to a handler that answers 200.

use super::people::wa_id;
use crate::load::campaign::TEMPLATE;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Whom to ask, and how often.
#[derive(Args)]
pub(crate) struct Options {
    /// The simulator's address
    #[arg(long)]
    url: String,
    /// The token for its Graph API
    #[arg(long)]
    token: String,
    /// The number to send from
    #[arg(long)]
    phone_number_id: String,
    /// Messages
    #[arg(long)]
    count: u64,
    /// At a time
    #[arg(long)]
    concurrency: u64,
}

/// Send, and print the messages per second.
pub(crate) fn send(options: &Options) -> Result<()> {
    // A client with rustls wants to know its provider, also where everything is plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let per_second = runtime.block_on(work(options))?;
    println!("{}", json!({ "per_second": per_second }));
    Ok(())
}

async fn work(options: &Options) -> Result<f64> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let url: Arc<str> =
        format!("{}/v23.0/{}/messages", options.url, options.phone_number_id).into();
    let token: Arc<str> = options.token.as_str().into();
    let next = Arc::new(AtomicU64::new(0));
    let (count, started) = (options.count, Instant::now());
    let workers: Vec<_> = (0..options.concurrency)
        .map(|_| {
            let (client, url, token, next) = (
                client.clone(),
                Arc::clone(&url),
                Arc::clone(&token),
                Arc::clone(&next),
            );
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return anyhow::Ok(());
                    }
                    let request = client
                        .post(&*url)
                        .bearer_auth(&token)
                        .json(&message(number));
                    let reply = request.send().await?;
                    let status = reply.status();
                    let body = reply.bytes().await?;
                    if !status.is_success() {
                        bail!("{status}: {}", String::from_utf8_lossy(&body));
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.context("a worker was lost")??;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// What a campaign sends too.
fn message(number: u64) -> serde_json::Value {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual",
        "to": format!("+{}", wa_id(number)), "type": "template",
        "template": { "name": TEMPLATE, "language": { "code": "en_US" }, "components": [
            {
                "type": "body",
                "parameters": [
                    { "type": "text", "text": format!("Customer {number:06}") },
                    { "type": "text", "text": "reference" },
                ],
            },
            {
                "type": "button", "sub_type": "url", "index": "0",
                "parameters": [{ "type": "text", "text": "1042" }],
            },
        ] },
        "biz_opaque_callback_data": format!("reference.{number}.1"),
    })
}
