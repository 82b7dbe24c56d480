//! Files of contacts over HTTP: read otherwise, and where local numbers are from.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

pub(crate) async fn upload(world: &World, key: &str, bytes: &'static str) -> (String, Value) {
    let bearer = format!("Bearer {key}");
    let path = "/api/v1/imports?filename=fair.csv";
    let made = world.upload(&bearer, path, bytes).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.body["id"].as_str().unwrap_or_default();
    (format!("/api/v1/imports/{id}"), made.body.clone())
}

async fn read_as(world: &World, key: &str, path: &str, has_header: bool) -> Answer {
    let bearer = format!("Bearer {key}");
    let head = [("authorization", bearer.as_str())];
    let body = json!({"has_header": has_header});
    world.ask(Method::PATCH, path, &head, Some(&body)).await
}

#[db_test]
async fn a_wrongly_found_header_is_corrected(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (path, file) = upload(&world, &key, "Name,Phone,Paid 202401\nAsha,98765 43210,5\n").await;
    assert_eq!(file["has_header"], false);
    let wish = json!({"mapping": ["name", "phone", "ignore"]});
    let checked = world.post(&key, &format!("{path}/check"), &wish).await;
    assert_eq!(checked.body["rows"], 2, "{}", checked.body);
    let read = read_as(&world, &key, &path, true).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    assert_eq!(read.body["has_header"], true);
    assert_eq!(read.body["rows_total"], 1);
    assert_eq!(read.body["columns"][1]["name"], "Phone");
    assert_eq!(read.body["columns"][1]["suggestion"], "phone");
    assert_eq!(read.body["first_rows"][0][0], "Asha");
    // What was tried was said of other rows.
    let early = world.post(&key, &format!("{path}/run"), &json!({})).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.body);
    let checked = world.post(&key, &format!("{path}/check"), &wish).await;
    assert_eq!(
        (&checked.body["rows"], &checked.body["new"]),
        (&json!(1), &json!(1))
    );
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let foreign = read_as(&world, &theirs, &path, false).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let run = world.post(&key, &format!("{path}/run"), &json!({})).await;
    assert_eq!(run.status, StatusCode::ACCEPTED, "{}", run.body);
    let late = read_as(&world, &key, &path, false).await;
    assert_eq!(
        (late.status, late.code()),
        (StatusCode::CONFLICT, "conflict")
    );
    let (one, _) = upload(&world, &key, "Asha,98765 43212\n").await;
    let none = read_as(&world, &key, &one, true).await;
    assert_eq!(
        (none.status, none.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "has_header")
    );
    world.end().await;
}

#[db_test]
async fn an_import_that_has_ended_is_undone_by_who_may_import(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (path, file) = upload(&world, &key, "Name,Phone\nAsha,98765 43210\n").await;
    assert_eq!(
        (&file["undo"], &file["undo_until"]),
        (&Value::Null, &Value::Null)
    );
    let undo = format!("{path}/undo");
    let early = world.post(&key, &undo, &json!({})).await;
    assert_eq!(
        (early.status, early.code()),
        (StatusCode::CONFLICT, "conflict")
    );
    let id: wigwag_model::ImportId = file["id"].as_str().unwrap_or_default().parse().unwrap();
    let ended = |days: u64| {
        let (db, workspace) = (&world.db, world.f.workspace);
        let at = db
            .mint()
            .now()
            .minus(std::time::Duration::from_hours(24 * days));
        async move {
            db.write(wigwag_store::Priority::Foreground, move |tx| {
                Box::pin(async move {
                    wigwag_store::sql(
                        "UPDATE imports SET state = 'done', started_at = $3, ended_at = $3
                         WHERE workspace_id = $1 AND id = $2",
                    )
                    .bind(workspace)
                    .bind(id)
                    .bind(at)
                    .execute(tx)
                    .await
                })
            })
            .await
            .unwrap();
        }
    };
    let wish = json!({"mapping": ["name", "phone"]});
    let checked = world.post(&key, &format!("{path}/check"), &wish).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.body);
    let run = world.post(&key, &format!("{path}/run"), &json!({})).await;
    assert_eq!(run.status, StatusCode::ACCEPTED, "{}", run.body);
    ended(8).await;
    let late = world.post(&key, &undo, &json!({})).await;
    assert_eq!(
        (late.status, late.code()),
        (StatusCode::CONFLICT, "too_late")
    );
    ended(6).await;
    let reader = world.key_of(&world.f, &[Permission::ContactsRead]).await;
    let weak = world.post(&reader, &undo, &json!({})).await;
    assert_eq!(weak.status, StatusCode::FORBIDDEN);
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let foreign = world.post(&theirs, &undo, &json!({})).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        let begun = world.post(&key, &undo, &json!({})).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.body);
        assert_eq!(begun.body["undo"]["state"], "running");
        assert_eq!(begun.body["undo"]["kept"], json!([]));
    }
    // The list knows those that have begun.
    upload(&world, &key, "Name,Phone\nRavi,98765 43211\n").await;
    let listed = world.get(&key, "/api/v1/imports?limit=1").await;
    let all = listed.body["data"].as_array().map(Vec::len);
    assert_eq!(all, Some(1), "{}", listed.body);
    assert_eq!(listed.body["data"][0]["id"], file["id"]);
    assert_eq!(listed.body["data"][0]["undo_state"], "running");
    assert_eq!(listed.body["next_cursor"], Value::Null);
    let others = world.get(&theirs, "/api/v1/imports").await;
    assert_eq!(others.body["data"], json!([]));
    world.end().await;
}

#[db_test]
async fn local_numbers_are_of_the_country_of_ones_own_number(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (path, file) = upload(&world, &key, "Name,Phone\nAsha,080 4000 1234\n").await;
    assert_eq!(file["default_country"], "IN");
    let numbers = world.get(&key, "/api/v1/numbers").await;
    assert_eq!(numbers.body["data"][0]["country"], "IN");
    let check = |country: Option<Value>| {
        let mut wish = json!({"mapping": ["name", "phone"]});
        if let Some(country) = country {
            wish["default_country"] = country;
        }
        let (world, path, key) = (&world, format!("{path}/check"), key.as_str());
        async move { world.post(key, &path, &wish).await.body["new"].clone() }
    };
    assert_eq!(check(None).await, 1);
    assert_eq!(check(Some(json!("in"))).await, 1);
    assert_eq!(check(Some(Value::Null)).await, 0, "null takes none");
    world.end().await;
}
