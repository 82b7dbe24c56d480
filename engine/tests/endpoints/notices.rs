//! What Meta tells of accounts and numbers: told on in both forms, and once however often it comes.

use serde_json::{Value, json};
use wigwag_model::endpoint::Form;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::receiver::{Got, Receiver};
use crate::rig::Rig;

/// 2026-11-23T08:53:20Z.
const AT: i64 = 1_795_424_000;

/// Meta's fields, each with a value and the types that are told of it.
fn notices() -> Vec<(&'static str, Value, &'static str, Option<&'static str>)> {
    vec![
        (
            "account_alerts",
            json!({
                "entity_type": "BUSINESS", "entity_id": "506914307656634",
                "alert_info": {
                    "alert_severity": "WARNING", "alert_status": "NONE",
                    "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
                    "alert_description": "Quality was too low.",
                },
            }),
            "account.alerted",
            Some("account_alerts"),
        ),
        (
            "account_update",
            json!({
                "phone_number": "918040000000", "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_795_500_000}],
                "a_field_of_tomorrow": {"n": 1},
            }),
            "account.changed",
            Some("account_update"),
        ),
        (
            "account_review_update",
            json!({"decision": "APPROVED"}),
            "account.reviewed",
            Some("account_review_update"),
        ),
        (
            "business_capability_update",
            json!({"max_daily_conversations_per_business": 2_000, "max_phone_numbers_per_business": 20}),
            "account.limits_changed",
            Some("business_capability_update"),
        ),
        (
            "phone_number_quality_update",
            json!({"display_phone_number": "918040000000", "event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"}),
            "number.changed",
            Some("phone_number_quality_update"),
        ),
        // Interakt has no type for names.
        (
            "phone_number_name_update",
            json!({"display_phone_number": "918040000000", "decision": "APPROVED", "requested_verified_name": "Kite"}),
            "number.changed",
            None,
        ),
    ]
}

#[db_test]
async fn metas_notices_are_told_in_both_forms_and_once(db: TestDb) {
    let rig = Rig::new(db).await;
    let (ours, theirs) = (Receiver::willing().await, Receiver::willing().await);
    let own = rig.endpoint(&ours.url, &[]).await.endpoint.id;
    let other = rig.endpoint_of(Form::Interakt, &theirs.url, &[]).await;
    let waba = rig.f.waba_id.clone();
    let all = notices();
    for (field, value, ..) in &all {
        // Meta repeats what was not answered in time.
        for _ in 0..2 {
            rig.notice(&waba, AT, field, value).await;
        }
    }
    // The same words at another time are news.
    let (field, value, ..) = &all[2];
    rig.notice(&waba, AT + 60, field, value).await;
    rig.until(own, "delivered", 7).await;
    rig.until(other.endpoint.id, "delivered", 6).await;
    let mut wanted: Vec<&str> = all.iter().map(|(.., kind, _)| *kind).collect();
    wanted.push("account.reviewed");
    assert_eq!(ours.types(), wanted);
    let mut wanted: Vec<&str> = all.iter().filter_map(|(.., kind)| *kind).collect();
    wanted.push("account_review_update");
    assert_eq!(theirs.types(), wanted);

    for (got, (field, value, ..)) in ours.got().iter().zip(&all) {
        let body = got.json();
        let data = &body["data"];
        assert_eq!(body["timestamp"], "2026-11-23T08:53:20.000Z");
        assert_eq!(data["account"]["id"], rig.f.waba.to_string());
        assert_eq!(data["account"]["waba_id"], waba.as_str());
        assert_eq!(data["account"]["name"], "Kite");
        assert_eq!(data["notice"]["field"], *field);
        assert_eq!(data["workspace_id"], rig.workspace().to_string());
        let number = match *field {
            "account_update" | "phone_number_quality_update" | "phone_number_name_update" => {
                json!(rig.f.phone_number_id)
            }
            _ => json!(null),
        };
        assert_eq!(data["number"]["phone_number_id"], number, "{field}");
        if *field != "business_capability_update" {
            assert_eq!(data["notice"]["value"], *value);
        }
    }
    let got: Vec<Value> = ours.got().iter().map(Got::json).collect();
    assert_eq!(got[3]["data"]["people_per_day"], 2_000);
    assert_eq!(got[6]["timestamp"], "2026-11-23T08:54:20.000Z");

    let got: Vec<Value> = theirs.got().iter().map(Got::json).collect();
    for body in &got {
        assert_eq!(body["version"], "1.0");
        assert_eq!(body["data"]["waba_id"], waba.as_str());
    }
    assert_eq!(got[0]["timestamp"], "2026-11-23T08:53:20.000000");
    assert_eq!(
        got[0]["data"]["alert_info"]["alert_type"],
        "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"
    );
    let restricted = &got[1]["data"];
    assert_eq!(restricted["event"], "ACCOUNT_RESTRICTION");
    assert_eq!(
        restricted["restriction_info"][0]["expiration"],
        1_795_500_000
    );
    assert_eq!(restricted["a_field_of_tomorrow"]["n"], 1);
    assert_eq!(got[2]["data"]["decision"], "APPROVED");
    assert_eq!(
        got[3]["data"]["max_daily_conversations_per_business"],
        "2000"
    );
    assert_eq!(got[4]["data"]["event"], "THROUGHPUT_UPGRADE");
    rig.end().await;
}

#[db_test]
async fn what_meta_tells_of_a_portfolio_names_the_account_inside(db: TestDb) {
    let rig = Rig::new(db).await;
    let (ours, theirs) = (Receiver::willing().await, Receiver::willing().await);
    let own = rig.endpoint(&ours.url, &[]).await.endpoint.id;
    let other = rig.endpoint_of(Form::Interakt, &theirs.url, &[]).await;
    let removed = json!({
        "event": "PARTNER_REMOVED",
        "waba_info": {"waba_id": "980198427658004", "owner_business_id": "2329417887457253"},
    });
    for _ in 0..2 {
        rig.notice(&rig.f.portfolio_id, AT, "account_update", &removed)
            .await;
    }
    // One that came after them.
    let deleted = json!({"event": "ACCOUNT_DELETED"});
    rig.notice(&rig.f.waba_id, AT, "account_update", &deleted)
        .await;
    rig.until(own, "delivered", 2).await;
    rig.until(other.endpoint.id, "delivered", 2).await;
    let of = |receiver: &Receiver, event: &str| {
        let bodies: Vec<Value> = receiver.got().iter().map(Got::json).collect();
        let told = |body: &&Value| body.to_string().contains(event);
        let found = bodies.iter().find(told);
        found.unwrap_or_else(|| panic!("{event} is missing"))["data"].clone()
    };
    let body = of(&ours, "PARTNER_REMOVED");
    assert_eq!(body["account"], json!(null));
    assert_eq!(body["notice"]["value"], removed);
    assert_eq!(of(&theirs, "PARTNER_REMOVED")["waba_id"], "980198427658004");
    assert_eq!(
        of(&theirs, "ACCOUNT_DELETED")["waba_id"],
        rig.f.waba_id.as_str()
    );
    rig.end().await;
}
