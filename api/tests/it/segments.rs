//! Saved filters, the contacts they find and why, over HTTP.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

struct Shop {
    world: World,
    key: String,
}

impl Shop {
    /// Asha with two orders, Ravi with one, Chen with none; all made one after the other.
    async fn new(db: TestDb) -> Self {
        let world = World::new(db).await;
        let key = world.key().await;
        for (name, phone) in [
            ("Asha", "+919876543210"),
            ("Ravi", "+919876543211"),
            ("Chen", "+919876543212"),
        ] {
            world.db.clock.advance(std::time::Duration::from_millis(5));
            let contact = json!({"name": name, "phone": phone, "traits": {"city": "Pune"}});
            let made = world.post(&key, "/api/v1/contacts", &contact).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        }
        for (phone, amount) in [
            ("+919876543210", 120),
            ("+919876543210", 40),
            ("+919876543211", 80),
        ] {
            let event = json!({"contact": phone, "name": "Order Placed", "properties": {"amount": amount, "city": "Göteborg"}});
            let told = world.post(&key, "/api/v1/events", &event).await;
            assert_eq!(told.status, StatusCode::CREATED, "{}", told.body);
        }
        Self { world, key }
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.world.post(&self.key, path, &body).await
    }

    async fn save(&self, name: &str, filter: Value) -> Answer {
        self.post("/api/v1/segments", json!({"name": name, "filter": filter}))
            .await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("authorization", bearer.as_str())];
        self.world.ask(method, path, &headers, body.as_ref()).await
    }

    async fn names(&self, wish: Value) -> (Vec<String>, Value) {
        let found = self.post("/api/v1/audience/contacts", wish).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.body);
        let rows = found.body["data"].as_array().unwrap();
        let names = rows
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned());
        (names.collect(), found.body["next_cursor"].clone())
    }
}

fn orders(at_least: u32) -> Value {
    json!({"event": {"name": "Order Placed", "at_least": at_least, "within": "30d"}})
}

#[db_test]
async fn a_segment_is_saved_used_changed_and_forgotten(db: TestDb) {
    let shop = Shop::new(db).await;
    let made = shop.save("Buyers", orders(1)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.body["id"].as_str().unwrap().to_owned();
    let leaf = json!({"segment": id});
    let counted = shop
        .post("/api/v1/audience/count", json!({"filter": leaf}))
        .await;
    assert_eq!(counted.body["count"], 2);
    let path = format!("/api/v1/segments/{id}");
    let changed = shop
        .ask(Method::PATCH, &path, Some(json!({"filter": orders(2)})))
        .await;
    assert_eq!(
        (
            changed.status,
            &changed.body["name"],
            &changed.body["version"]
        ),
        (StatusCode::OK, &json!("Buyers"), &json!(2))
    );
    let without = json!({"filter": {"not": leaf}, "order": "name"});
    assert_eq!(shop.names(without).await.0, ["Chen", "Ravi"]);
    // A campaign that has not been planned keeps it.
    let campaign = shop
        .post("/api/v1/campaigns", json!({"name": "Thanks"}))
        .await;
    assert_eq!(campaign.status, StatusCode::CREATED, "{}", campaign.body);
    let at = format!(
        "/api/v1/campaigns/{}",
        campaign.body["id"].as_str().unwrap()
    );
    let wish =
        json!({"audience": {"any": [leaf, {"tag": "vip"}]}, "version": campaign.body["version"]});
    let edited = shop.ask(Method::PATCH, &at, Some(wish)).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    let kept = shop.ask(Method::DELETE, &path, None).await;
    assert_eq!(
        (kept.status, &kept.body["params"]["campaign"]),
        (StatusCode::CONFLICT, &json!("Thanks"))
    );
    assert_eq!(
        shop.ask(Method::DELETE, &at, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        shop.ask(Method::DELETE, &path, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        shop.ask(Method::GET, &path, None).await.status,
        StatusCode::NOT_FOUND
    );
    let lost = shop
        .post(
            "/api/v1/audience/count",
            json!({"filter": {"all": [{"tag": "vip"}, leaf]}}),
        )
        .await;
    assert_eq!(
        (lost.status, lost.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "filter.all[1].segment")
    );
    shop.world.end().await;
}

#[db_test]
async fn a_segment_that_cannot_be_is_refused_by_field(db: TestDb) {
    let shop = Shop::new(db).await;
    let made = shop.save("Buyers", orders(1)).await;
    let id = made.body["id"].clone();
    for (name, filter, field) in [
        ("buyers ", orders(2), "name"),
        (" ", orders(2), "name"),
        ("Inner", json!({"segment": id}), "filter"),
        (
            "Odd",
            json!({"event": {"name": "x", "within": "soon"}}),
            "filter.event.within",
        ),
        (
            "Typed",
            json!({"trait": {"key": "city", "is": {"past": "3d"}}}),
            "filter.trait.is.past",
        ),
        (
            "Nothing",
            json!({"conversation": {}}),
            "filter.conversation",
        ),
    ] {
        let refused = shop.save(name, filter).await;
        assert_eq!(
            (refused.status, refused.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, field),
            "{name}: {}",
            refused.body
        );
    }
    let listed = shop.ask(Method::GET, "/api/v1/segments", None).await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 1);
    shop.world.end().await;
}

#[db_test]
async fn contacts_are_found_in_each_order_page_by_page(db: TestDb) {
    let shop = Shop::new(db).await;
    for (order, wanted) in [
        ("newest", ["Chen", "Ravi", "Asha"]),
        ("oldest", ["Asha", "Ravi", "Chen"]),
        ("name", ["Asha", "Chen", "Ravi"]),
    ] {
        let mut found = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let wish =
                json!({"filter": {"everyone": true}, "order": order, "limit": 2, "cursor": cursor});
            let (names, next) = shop.names(wish).await;
            found.extend(names);
            if next.is_null() {
                break;
            }
            cursor = next;
        }
        assert_eq!(found, wanted, "{order}");
    }
    let wish = json!({"filter": {"everyone": true}, "order": "name", "limit": 1});
    let (_, cursor) = shop.names(wish).await;
    let other = json!({"filter": {"everyone": true}, "order": "newest", "cursor": cursor});
    let refused = shop.post("/api/v1/audience/contacts", other).await;
    assert_eq!(refused.field(), "cursor");
    shop.world.end().await;
}

#[db_test]
async fn why_tells_the_answer_of_each_part(db: TestDb) {
    let shop = Shop::new(db).await;
    let filter = json!({"all": [
        {"event": {"name": "Order Placed", "where": [{"key": "amount", "is": {"gt": 100}}, {"key": "city", "is": {"eq": "goteborg"}}]}},
        {"not": {"trait": {"key": "city", "is": {"eq": "pune"}}}},
    ]});
    let newest = json!({"filter": {"event": {"name": "Order Placed", "at_least": 2}}});
    let found = shop.post("/api/v1/audience/contacts", newest).await;
    let asha = found.body["data"][0]["id"].clone();
    let wish = json!({"filter": filter, "contact_id": asha});
    let why = shop.post("/api/v1/audience/why", wish.clone()).await;
    assert_eq!(
        why.body,
        json!({"kind": "all", "found": false, "value": null, "parts": [
            {"kind": "event", "found": true, "value": 1, "parts": []},
            {"kind": "not", "found": false, "value": null, "parts": [
                {"kind": "trait", "found": true, "value": "Pune", "parts": []},
            ]},
        ]})
    );
    // Nobody else's contact.
    let stranger = shop.world.db.workspace().await;
    let theirs = shop.world.key_of(&stranger, Permission::ALL).await;
    let refused = shop
        .world
        .post(&theirs, "/api/v1/audience/why", &wish)
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let names = shop.ask(Method::GET, "/api/v1/event-names", None).await;
    assert_eq!(names.status, StatusCode::OK, "{}", names.body);
    let names = &names.body["data"];
    assert_eq!(
        (&names[0]["name"], &names[0]["last_week"], &names[1]),
        (&json!("Order Placed"), &json!(3), &Value::Null)
    );
    let amount = &names[0]["properties"][0];
    assert_eq!(
        (&amount["key"], &amount["kind"]),
        (&json!("amount"), &json!("number"))
    );
    shop.world.end().await;
}

#[db_test]
async fn another_workspace_neither_sees_nor_uses_a_segment(db: TestDb) {
    let shop = Shop::new(db).await;
    let made = shop.save("Buyers", orders(1)).await;
    let id = made.body["id"].as_str().unwrap();
    let stranger = shop.world.db.workspace().await;
    let theirs = shop.world.key_of(&stranger, Permission::ALL).await;
    let bearer = format!("Bearer {theirs}");
    let headers = [("authorization", bearer.as_str())];
    let path = format!("/api/v1/segments/{id}");
    for (method, body) in [
        (Method::GET, None),
        (Method::PATCH, Some(json!({"name": "Mine"}))),
        (Method::DELETE, None),
    ] {
        let refused = shop
            .world
            .ask(method.clone(), &path, &headers, body.as_ref())
            .await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{method}");
    }
    let wish = json!({"filter": {"segment": id}});
    let refused = shop
        .world
        .post(&theirs, "/api/v1/audience/count", &wish)
        .await;
    assert_eq!(refused.field(), "filter.segment");
    let listed = shop.world.get(&theirs, "/api/v1/segments").await;
    assert_eq!(listed.body["data"], json!([]));
    shop.world.end().await;
}
