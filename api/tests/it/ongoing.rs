//! On-going campaigns over HTTP: written, tried, started, changed; who may, and who may not.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wigwag_model::{ContactId, Role};
use wigwag_store::campaigns::ongoing as rows;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::campaigns::{contact, patch, template};
use crate::support::World;

/// An on-going draft for orders of a hundred and more; its path.
async fn draft(world: &World, key: &str) -> String {
    let template = template(world).await;
    let wish = json!({"name": "Order confirmed", "kind": "ongoing"});
    let made = world.post(key, "/api/v1/campaigns", &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.body["kind"], "ongoing");
    assert_eq!(made.body["ongoing"]["reentry"], "each");
    let path = format!("/api/v1/campaigns/{}", made.body["id"].as_str().unwrap());
    let body = json!({
        "version": 1,
        "number_id": world.f.number,
        "template_id": template,
        "variables": {"body.1": {"from": "column", "key": "order", "fallback": "there"}},
        "ongoing": {
            "trigger": {"event": {"name": "Paid", "where": [{"key": "total", "is": {"gte": 100}}]}},
            "delay": {"hours": 1},
        },
    });
    let edited = patch(world, key, &path, &body).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(edited.body["ongoing"]["trigger"]["event"]["name"], "Paid");
    path
}

async fn paid(world: &World, key: &str, who: &Value, total: i64, id: &str) -> StatusCode {
    let body = json!({"contact": who, "name": "Paid", "id": id,
                      "properties": {"total": total, "order": "A-1"}});
    world.post(key, "/api/v1/events", &body).await.status
}

#[db_test]
async fn an_on_going_campaign_is_written_started_changed_and_looked_at(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let path = draft(&world, &key).await;
    let who = contact(&world, &key, "Asha Verma", "+919812345678")
        .await
        .body["id"]
        .clone();
    assert_eq!(
        paid(&world, &key, &who, 150, "early").await,
        StatusCode::CREATED
    );

    let tried = world
        .post(&key, &format!("{path}/backtest"), &json!({}))
        .await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.body);
    assert_eq!(
        (&tried.body["began"], &tried.body["messages"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(tried.body["people"][0]["name"], "Asha Verma");
    assert_eq!(tried.body["people"][0]["variant"], 0);

    let refused = world.post(&key, &format!("{path}/send"), &json!({})).await;
    assert_eq!(
        (refused.status, refused.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "kind")
    );
    let started = world
        .post(&key, &format!("{path}/start"), &json!({"enrol": "new"}))
        .await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    assert_eq!(
        (&started.body["state"], &started.body["definition"]),
        (&json!("running"), &json!(1))
    );
    let again = world.post(&key, &format!("{path}/start"), &json!({})).await;
    assert_eq!(again.code(), "campaign_state");

    assert_eq!(
        paid(&world, &key, &who, 150, "one").await,
        StatusCode::CREATED
    );
    assert_eq!(paid(&world, &key, &who, 150, "one").await, StatusCode::OK);
    assert_eq!(
        paid(&world, &key, &who, 99, "two").await,
        StatusCode::CREATED
    );
    let runs = world.get(&key, &format!("{path}/runs")).await;
    assert_eq!(runs.status, StatusCode::OK, "{}", runs.body);
    let list = runs.body["data"].as_array().unwrap();
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(
        (&list[0]["contact_id"], &list[0]["version"]),
        (&who, &json!(1))
    );
    let none = world.get(&key, &format!("{path}/runs?state=dropped")).await;
    assert_eq!(none.body["data"], json!([]));
    let wrong = world.get(&key, &format!("{path}/runs?state=lost")).await;
    assert_eq!(wrong.field(), "state");

    let version = &started.body["version"];
    let wish = json!({"version": version, "ongoing": {"trigger": {"contact_created": true}}});
    let refused = world.post(&key, &format!("{path}/versions"), &wish).await;
    assert_eq!(refused.field(), "variables.body.1", "{}", refused.body);
    let wish = json!({"version": version, "name": "Welcome",
        "variables": {"body.1": {"from": "field", "key": "first_name", "fallback": "there"}},
        "ongoing": {"trigger": {"contact_created": true}}});
    let changed = world.post(&key, &format!("{path}/versions"), &wish).await;
    assert_eq!(changed.status, StatusCode::CREATED, "{}", changed.body);
    assert_eq!(
        (&changed.body["definition"], &changed.body["name"]),
        (&json!(2), &json!("Welcome"))
    );
    let stale = world.post(&key, &format!("{path}/versions"), &wish).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    let versions = world.get(&key, &format!("{path}/versions")).await;
    let numbers: Vec<_> = versions.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["no"].clone())
        .collect();
    assert_eq!(numbers, [json!(2), json!(1)]);
    assert_eq!(
        versions.body["data"][1]["says"]["ongoing"]["delay"]["hours"],
        1
    );

    let other = contact(&world, &key, "Ravi Nair", "+919812345679")
        .await
        .body["id"]
        .clone();
    let runs = world
        .get(
            &key,
            &format!("{path}/runs?contact_id={}", other.as_str().unwrap()),
        )
        .await;
    assert_eq!(runs.body["data"][0]["version"], 2);
    let report = world.get(&key, &format!("{path}/ongoing")).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body);
    let stopped = world.post(&key, &format!("{path}/stop"), &json!({})).await;
    assert_eq!(stopped.body["state"], "stopped");
    let kinds = world.get(&key, "/api/v1/campaigns?kind=ongoing").await;
    assert_eq!(kinds.body["data"].as_array().unwrap().len(), 1);
    let kinds = world.get(&key, "/api/v1/campaigns?kind=one_time").await;
    assert_eq!(kinds.body["data"], json!([]));
    world.end().await;
}

#[db_test]
async fn what_is_wrong_is_named_and_agents_look_on(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let path = draft(&world, &key).await;
    for (wish, field) in [
        (json!({"trigger": {"moon": true}}), "ongoing"),
        (json!({"delay": {"days": 366}}), "ongoing.delay.days"),
        (json!({"holdout_percent": 51}), "ongoing.holdout_percent"),
    ] {
        let body = json!({"version": 2, "ongoing": wish});
        let refused = patch(&world, &key, &path, &body).await;
        assert!(refused.status.is_client_error(), "{}", refused.body);
        assert!(
            refused.body.to_string().contains(field),
            "{field}: {}",
            refused.body
        );
    }
    let once = world
        .post(&key, "/api/v1/campaigns", &json!({"name": "Once"}))
        .await;
    let once = format!("/api/v1/campaigns/{}", once.body["id"].as_str().unwrap());
    let body = json!({"version": 1, "ongoing": {}});
    assert_eq!(patch(&world, &key, &once, &body).await.field(), "ongoing");
    let existing = world
        .post(
            &key,
            &format!("{path}/start"),
            &json!({"enrol": "existing"}),
        )
        .await;
    assert_eq!(existing.field(), "enrol");

    let agent = world.key_of(&world.f, Role::Agent.permissions()).await;
    for read in ["/runs", "/versions", "/ongoing"] {
        let answer = world.get(&agent, &format!("{path}{read}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{read}: {}", answer.body);
    }
    for (action, body) in [("start", json!({})), ("versions", json!({"version": 2}))] {
        let answer = world.post(&agent, &format!("{path}/{action}"), &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
    }
    // Another workspace does not see it, and its events start nothing here.
    let started = world.post(&key, &format!("{path}/start"), &json!({})).await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let other = world.db.workspace().await;
    let stranger = world.key_of(&other, Role::Owner.permissions()).await;
    for read in ["", "/runs", "/versions", "/ongoing"] {
        let answer = world.get(&stranger, &format!("{path}{read}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{read}");
    }
    let who = contact(&world, &stranger, "Mei", "+819012345678")
        .await
        .body["id"]
        .clone();
    assert_eq!(
        paid(&world, &stranger, &who, 500, "x").await,
        StatusCode::CREATED
    );
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let which = rows::Runs::default();
    for workspace in [world.f.workspace, other.workspace] {
        let (list, _) = rows::runs(&world.db, workspace, id, &which, None, 10)
            .await
            .unwrap();
        assert_eq!(
            list,
            [],
            "{:?}",
            list.iter()
                .map(|run| run.contact)
                .collect::<Vec<ContactId>>()
        );
    }
    world.end().await;
}
