//! The web app as the binary serves it.

use crate::process::{Server, client, folder, origin};

#[tokio::test]
async fn the_page_has_a_policy_of_its_own_and_files_are_kept() {
    let folder = folder();
    let arguments = [
        "demo",
        "--json",
        "--port",
        "0",
        "--sim-port",
        "0",
        "--data",
        "data",
        "--empty",
    ];
    let (server, ready) = Server::start(folder.path(), &arguments);
    let origin = origin(&ready);
    let mut nonces = Vec::new();
    for path in ["/", "/inbox", "/inbox/conversation_01", "/sign-in"] {
        let answer = client()
            .get(format!("{origin}{path}"))
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let page = answer.text().await.unwrap();
        // Without the web app there is a page that says so.
        assert_eq!(
            status,
            if page.contains("no console") {
                503
            } else {
                200
            }
        );
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        assert!(page.contains(&format!("nonce=\"{nonce}\"")), "{page}");
        assert!(!page.contains("__CSP_NONCE__"));
        assert!(!policy.contains("unsafe"), "{policy}");
        nonces.push(nonce);
        if let Some((_, rest)) = page.split_once("src=\"/assets/") {
            let name = rest.split('"').next().unwrap();
            let file = client()
                .get(format!("{origin}/assets/{name}"))
                .header("accept-encoding", "br")
                .send()
                .await
                .unwrap();
            assert_eq!(file.status(), 200);
            assert_eq!(file.headers()["content-encoding"], "br");
            assert_eq!(
                file.headers()["cache-control"],
                "public, max-age=31536000, immutable"
            );
            assert_eq!(
                file.headers()["content-type"],
                "text/javascript; charset=utf-8"
            );
        }
    }
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 4, "every page has a nonce of its own");

    let missing = client()
        .get(format!("{origin}/assets/gone-123.js"))
        .send()
        .await
        .unwrap();
    assert_eq!(missing.status(), 404);
    let posted = client()
        .post(format!("{origin}/inbox"))
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), 405);
    let foreign = client()
        .get(&origin)
        .header("host", "attacker.example")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 421);
    assert_eq!(server.stop().0, 0);
}
