//! The TLS form: Meta's host names with the local authority.

use serde_json::{Value, json};
use wigwag_simulator::{Options, PublicHosts, TlsOptions};

use crate::support::Bench;

#[tokio::test]
async fn metas_hosts_answer_with_a_certificate_of_the_local_authority() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let tls = TlsOptions {
        port: 0,
        ca_out: Some(ca.clone()),
        public_hosts: PublicHosts::Meta,
    };
    let bench = Bench::with(Options {
        tls: Some(tls),
        ..Options::default()
    })
    .await;
    let addr = bench.sim.tls_addr.unwrap();
    let authority = reqwest::Certificate::from_pem(&std::fs::read(&ca).unwrap()).unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "the test needs its own authority and name resolution"
    )]
    let client = reqwest::Client::builder()
        .tls_certs_only([authority])
        .resolve("graph.facebook.com", addr)
        .resolve("lookaside.fbsbx.com", addr)
        .no_proxy()
        .build()
        .unwrap();
    let known = &bench.sim.credentials;
    let graph = format!("https://graph.facebook.com:{}/v25.0", addr.port());
    let node: Value = client
        .get(format!("{graph}/{}", known.phone_number_id))
        .bearer_auth(&known.access_token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        node["display_phone_number"],
        known.display_phone_number.as_str()
    );
    let inbound = json!({"person": "+919812345678", "message": {"type": "image", "image": {"sample": "photo-1"}}});
    bench.control("/_sim/inbound", &inbound).await;
    let templates = bench.look("/_sim/status").await;
    assert_eq!(templates["counts"]["media"], 1);
    let (_, thread) = bench.get("/_sim/persons/+919812345678/thread").await;
    let id = thread["data"][0]["content"]["image"]["id"]
        .as_str()
        .unwrap();
    let media: Value = client
        .get(format!("{graph}/{id}"))
        .bearer_auth(&known.access_token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let url = media["url"].as_str().unwrap();
    assert!(
        url.starts_with("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid="),
        "{url}"
    );
    let url = url.replace(
        "lookaside.fbsbx.com",
        &format!("lookaside.fbsbx.com:{}", addr.port()),
    );
    let bytes = client
        .get(url)
        .bearer_auth(&known.access_token)
        .send()
        .await
        .unwrap();
    assert_eq!(bytes.status(), 200);
    assert_eq!(bytes.headers()["content-type"], "image/jpeg");
}

#[tokio::test]
async fn the_plain_port_is_a_proxy_for_metas_hosts_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let tls = TlsOptions {
        port: 0,
        ca_out: Some(ca.clone()),
        public_hosts: PublicHosts::Meta,
    };
    let bench = Bench::with(Options {
        tls: Some(tls),
        ..Options::default()
    })
    .await;
    let authority = reqwest::Certificate::from_pem(&std::fs::read(&ca).unwrap()).unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "the test needs its own authority and proxy"
    )]
    let client = reqwest::Client::builder()
        .tls_certs_only([authority])
        .proxy(reqwest::Proxy::https(&bench.sim.url).unwrap())
        .build()
        .unwrap();
    let known = &bench.sim.credentials;
    let node: Value = client
        .get(format!(
            "https://graph.facebook.com/{}",
            known.phone_number_id
        ))
        .bearer_auth(&known.access_token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(node["id"], known.phone_number_id.as_str());
    let other = client.get("https://kite.example/").send().await;
    assert!(other.unwrap_err().is_connect());
    assert_eq!(bench.look("/_sim/status").await["counts"]["numbers"], 1);
}
