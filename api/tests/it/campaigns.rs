//! Campaigns over HTTP: written, reviewed, sent and looked back on; who may, and who may not.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::{Permission, Role, TemplateId};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, campaigns, sql};
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

pub(crate) async fn template(world: &World) -> TemplateId {
    let id: TemplateId = world.db.mint().id();
    let f = world.f.clone();
    let components = json!([{"type": "BODY", "text": "Hello {{1}}, the kites are here.", "example": {"body_text": [["Asha"]]}}]);
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let now = tx.mint().now();
                sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality,
                        parameter_format, components, synced_at, created_at)
                     VALUES ($1, $2, $3, '77', 'kites', 'en', 'utility', 'approved', 'green', 'positional', $4, $5, $5)")
                    .bind(f.workspace).bind(id).bind(f.waba).bind(components.to_string()).bind(now).execute(tx).await
            })
        })
        .await
        .unwrap();
    id
}

pub(crate) async fn contact(world: &World, key: &str, name: &str, phone: &str) -> Answer {
    let body = json!({"name": name, "phone": phone, "tags": ["kites"]});
    let made = world.post(key, "/api/v1/contacts", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made
}

pub(crate) async fn patch(world: &World, key: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {key}");
    world
        .ask(
            Method::PATCH,
            path,
            &[("authorization", &bearer)],
            Some(body),
        )
        .await
}

/// A complete draft to everybody with the tag; its id.
async fn draft(world: &World, key: &str) -> String {
    let template = template(world).await;
    let made = world
        .post(key, "/api/v1/campaigns", &json!({"name": "Spring"}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.body["state"], "draft");
    let id = made.body["id"].as_str().unwrap().to_owned();
    let body = json!({
        "version": 1,
        "number_id": world.f.number,
        "template_id": template,
        "audience": {"tag": "kites"},
        "variables": {"body.1": {"from": "field", "key": "first_name", "fallback": "there"}},
        "settings": {"undo_seconds": 0, "canary": null},
    });
    let path = format!("/api/v1/campaigns/{id}");
    let edited = patch(world, key, &path, &body).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(edited.body["version"], 2);
    assert_eq!(
        edited.body["settings"]["reply_within_hours"], 72,
        "defaults are filled in"
    );
    id
}

#[db_test]
async fn a_draft_is_written_reviewed_and_sent(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    contact(&world, &key, "Mira Shah", "+919800000001").await;
    contact(&world, &key, "Noor", "+4930123456").await;
    let id = draft(&world, &key).await;
    let path = format!("/api/v1/campaigns/{id}");

    let review = world.get(&key, &format!("{path}/review")).await;
    assert_eq!(review.status, StatusCode::OK, "{}", review.body);
    assert_eq!(review.body["matched"], 2);
    assert_eq!(review.body["eligible"], 2);
    assert_eq!(review.body["problems"], json!([]));
    assert_eq!(
        review.body["previews"][0]["message"]["body"],
        "Hello Mira, the kites are here."
    );
    assert_eq!(review.body["cost"]["by"].as_array().unwrap().len(), 2);
    assert_eq!(review.body["daily_limit"]["fits"], true);

    let stale = patch(&world, &key, &path, &json!({"version": 1, "name": "Late"})).await;
    assert_eq!(
        (stale.status, stale.code()),
        (StatusCode::CONFLICT, "stale")
    );

    let sent = world
        .post(&key, &format!("{path}/send"), &json!({"confirm_count": 2}))
        .await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
    assert_eq!(sent.body["state"], "planning");
    let again = world.post(&key, &format!("{path}/send"), &json!({})).await;
    assert_eq!(
        (again.status, again.code()),
        (StatusCode::CONFLICT, "campaign_state")
    );
    assert_eq!(again.body["params"]["state"], "planning");
    let edited = patch(&world, &key, &path, &json!({"version": 3, "name": "Late"})).await;
    assert_eq!(edited.code(), "campaign_state");

    let undone = world.post(&key, &format!("{path}/undo"), &json!({})).await;
    assert_eq!(undone.status, StatusCode::ACCEPTED, "{}", undone.body);
    assert_eq!(undone.body["state"], "draft");
    for action in ["pause", "resume", "release", "stop"] {
        let answer = world
            .post(&key, &format!("{path}/{action}"), &json!({}))
            .await;
        assert_eq!(answer.code(), "campaign_state", "{action}");
    }
    let list = world
        .get(&key, "/api/v1/campaigns?q=spri&state=draft")
        .await;
    assert_eq!(list.body["data"][0]["id"], id);
    assert_eq!(
        world
            .get(&key, "/api/v1/campaigns?state=asleep")
            .await
            .field(),
        "state"
    );

    let copy = world
        .post(&key, &format!("{path}/duplicate"), &json!({}))
        .await;
    assert_eq!(copy.status, StatusCode::CREATED, "{}", copy.body);
    assert_eq!(copy.body["name"], "Spring (2)");
    let again = world
        .post(
            &key,
            &format!("{path}/retarget"),
            &json!({"name": "Again", "outcome": ["delivered"]}),
        )
        .await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);
    assert_eq!(again.body["audience"]["campaign"]["id"], id);
    let wrong = world
        .post(
            &key,
            &format!("{path}/retarget"),
            &json!({"name": "Again", "outcome": ["liked"]}),
        )
        .await;
    assert_eq!(wrong.field(), "outcome[0]");
    let entries = wigwag_store::audit::newest(&world.db, world.f.workspace, 50)
        .await
        .unwrap();
    for action in [
        "campaign.create",
        "campaign.update",
        "campaign.send",
        "campaign.undo",
        "campaign.duplicate",
    ] {
        assert!(
            entries.iter().any(|entry| entry.action == action),
            "{action}"
        );
    }
    world.end().await;
}

#[db_test]
async fn what_is_wrong_is_said_by_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world
        .post(&key, "/api/v1/campaigns", &json!({"name": "Spring"}))
        .await;
    let path = format!("/api/v1/campaigns/{}", made.body["id"].as_str().unwrap());
    for (body, field) in [
        (
            json!({"version": 1, "settings": {"undo_seconds": 5_000}}),
            "settings.undo_seconds",
        ),
        (json!({"version": 1, "settings": {"undo": 5}}), "settings"),
        (
            json!({"version": 1, "schedule": {"when": "at", "at": "2020-01-01T00:00:00Z", "zone": "UTC"}}),
            "schedule.at",
        ),
        (json!({"version": 1, "colour": "red"}), "colour"),
    ] {
        let answer = patch(&world, &key, &path, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        assert!(answer.field().starts_with(field), "{}", answer.body);
    }
    let wrong = patch(
        &world,
        &key,
        &path,
        &json!({"version": 1, "audience": {"shoe": 44}}),
    )
    .await;
    assert_eq!(
        wrong.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        wrong.body
    );
    assert!(wrong.field().starts_with("audience"), "{}", wrong.body);
    let review = world.get(&key, &format!("{path}/review")).await;
    let fields: Vec<_> = review.body["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["number_id", "template_id", "audience"]);
    assert_eq!(review.body["cost"], Value::Null);
    let sent = world.post(&key, &format!("{path}/send"), &json!({})).await;
    assert_eq!(
        (sent.status, sent.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "number_id")
    );
    let test = world
        .post(&key, &format!("{path}/test"), &json!({"to": ["nobody"]}))
        .await;
    assert_eq!(test.field(), "to[0]");
    let bearer = format!("Bearer {key}");
    let gone = world
        .ask(Method::DELETE, &path, &[("authorization", &bearer)], None)
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&key, &path).await.status, StatusCode::NOT_FOUND);
    world.end().await;
}

#[db_test]
async fn agents_look_on_and_send_nothing(db: TestDb) {
    let world = World::new(db).await;
    let owner = world.key().await;
    contact(&world, &owner, "Mira", "+919800000001").await;
    let id = draft(&world, &owner).await;
    let path = format!("/api/v1/campaigns/{id}");
    let agent = world.key_of(&world.f, Role::Agent.permissions()).await;
    for read in [
        "",
        "/review",
        "/review/excluded",
        "/report",
        "/recipients",
        "/recipients.csv",
    ] {
        let answer = world.get(&agent, &format!("{path}{read}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{read}: {}", answer.body);
    }
    for (action, body) in [
        ("send", json!({})),
        ("undo", json!({})),
        ("pause", json!({})),
        ("resume", json!({})),
        ("stop", json!({})),
        ("release", json!({})),
        ("test", json!({"to": ["+919800000001"]})),
        ("duplicate", json!({})),
        ("retarget", json!({"name": "Again", "outcome": ["read"]})),
    ] {
        let answer = world.post(&agent, &format!("{path}/{action}"), &body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::FORBIDDEN, "forbidden"),
            "{action}"
        );
    }
    assert_eq!(
        patch(&world, &agent, &path, &json!({"version": 2}))
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    // Who may write does not thereby send.
    let writer = world
        .key_of(
            &world.f,
            &[Permission::CampaignsRead, Permission::CampaignsWrite],
        )
        .await;
    assert_eq!(
        patch(&world, &writer, &path, &json!({"version": 2, "name": "S"}))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(
        world
            .post(&writer, &format!("{path}/send"), &json!({}))
            .await
            .code(),
        "forbidden"
    );
    world.end().await;
}

#[db_test]
async fn another_workspace_reaches_no_campaign(db: TestDb) {
    let world = World::new(db).await;
    let ours = world.key().await;
    contact(&world, &ours, "Mira", "+919800000001").await;
    let id = draft(&world, &ours).await;
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let path = format!("/api/v1/campaigns/{id}");
    for read in [
        "",
        "/review",
        "/review/excluded",
        "/report",
        "/recipients",
        "/recipients.csv",
    ] {
        let answer = world.get(&theirs, &format!("{path}{read}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{read}");
    }
    for (action, body) in [
        ("send", json!({})),
        ("undo", json!({})),
        ("pause", json!({})),
        ("resume", json!({})),
        ("stop", json!({})),
        ("release", json!({})),
        ("test", json!({"to": ["+919800000001"]})),
        ("duplicate", json!({})),
        ("retarget", json!({"name": "Again", "outcome": ["read"]})),
    ] {
        let answer = world
            .post(&theirs, &format!("{path}/{action}"), &body)
            .await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{action}: {}",
            answer.body
        );
    }
    assert_eq!(
        patch(&world, &theirs, &path, &json!({"version": 2}))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    // Nor may a campaign of theirs be sent by our number or template.
    let made = world
        .post(&theirs, "/api/v1/campaigns", &json!({"name": "Theirs"}))
        .await;
    let their = format!("/api/v1/campaigns/{}", made.body["id"].as_str().unwrap());
    let answer = patch(
        &world,
        &theirs,
        &their,
        &json!({"version": 1, "number_id": world.f.number}),
    )
    .await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert_eq!(
        world.get(&theirs, "/api/v1/campaigns").await.body["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    world.end().await;
}

#[db_test]
async fn people_come_in_pages_and_as_a_file_without_formulas(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    for (at, name) in ["=HYPERLINK(\"http://evil\")", "Mira, the first", "Noor"]
        .iter()
        .enumerate()
    {
        contact(&world, &key, name, &format!("+91980000000{at}")).await;
    }
    let id = draft(&world, &key).await;
    let path = format!("/api/v1/campaigns/{id}");
    let sent = world.post(&key, &format!("{path}/send"), &json!({})).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
    plan(&world, &id).await;
    let page = world.get(&key, &format!("{path}/recipients?limit=2")).await;
    assert_eq!(page.body["data"].as_array().unwrap().len(), 2);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest = world
        .get(&key, &format!("{path}/recipients?limit=2&cursor={cursor}"))
        .await;
    assert_eq!(rest.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(rest.body["next_cursor"], Value::Null);
    let found = world
        .get(&key, &format!("{path}/recipients?q=noor&state=planned"))
        .await;
    assert_eq!(found.body["data"][0]["name"], "Noor");
    let report = world.get(&key, &format!("{path}/report")).await;
    assert_eq!(report.body["funnel"]["planned"], 3);
    assert_eq!(report.body["counts"]["planned"], 3);
    let file = world.text(&key, &format!("{path}/recipients.csv")).await;
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert_eq!(lines.len(), 5, "{file}");
    assert!(lines[0].starts_with("name,phone,state"));
    assert!(
        lines[1].starts_with("\"'=HYPERLINK(\"\"http://evil\"\")\",+919800000000,planned"),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("\"Mira, the first\","));
    world.end().await;
}

/// Writes the people down as the job does, which no worker of this test runs.
async fn plan(world: &World, id: &str) {
    let id = id.parse().unwrap();
    let mut reader = world.db.reader().await.unwrap();
    let campaign = campaigns::get(&mut reader, world.f.workspace, id)
        .await
        .unwrap();
    let people = sql("SELECT id FROM contacts ORDER BY no")
        .fetch_all(&mut reader)
        .await
        .unwrap();
    drop(reader);
    let rows = (1..)
        .zip(&people)
        .map(|(no, row)| campaigns::Planned {
            contact: row.id(0).unwrap(),
            no,
            due_at: world.db.mint().now(),
            zone: None,
            reason: None,
            market: None,
            estimate_micros: None,
            filled: Some("{}".to_owned()),
            canary: false,
        })
        .collect();
    let workspace = world.f.workspace;
    campaigns::plan_chunk(
        &world.db,
        workspace,
        id,
        campaign.version,
        world.f.number,
        rows,
    )
    .await
    .unwrap();
}
