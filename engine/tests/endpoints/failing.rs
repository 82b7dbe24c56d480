//! Receivers that refuse, are slow, are gone, or must not be called at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use wigwag_engine::outside::Refusal;
use wigwag_model::endpoint::{Form, Kind};
use wigwag_store::endpoints;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;
use zeroize::Zeroizing;

use crate::receiver::{Receiver, Say};
use crate::rig::{Rig, eventually};

#[db_test]
async fn a_refusal_is_tried_again_with_the_same_id(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver =
        Receiver::start(|_, before| Say::Status(if before == 0 { 500 } else { 204 })).await;
    let made = rig.endpoint(&receiver.url, &[]).await;
    let id = made.endpoint.id;
    rig.person(1).await;
    let first = rig.tried(id, 1).await;
    assert_eq!(
        (first.state.as_str(), first.outcome.as_deref()),
        ("waiting", Some("5xx"))
    );
    let wait = first.due_at.since(rig.db.mint().now());
    assert!((4_000..=6_000).contains(&wait.as_millis()), "{wait:?}");
    let shown = endpoints::get(&rig.db, rig.workspace(), id).await.unwrap();
    assert_eq!(shown.failures, 1);
    rig.db.clock.advance(Duration::from_secs(7));
    rig.until(id, "delivered", 1).await;
    let got = receiver.got();
    assert_eq!(got.len(), 2);
    assert_eq!(got[0].body, got[1].body);
    assert_eq!(got[0].header("webhook-id"), got[1].header("webhook-id"));
    assert_ne!(
        got[0].header("webhook-timestamp"),
        got[1].header("webhook-timestamp")
    );
    let shown = endpoints::get(&rig.db, rig.workspace(), id).await.unwrap();
    assert_eq!((shown.failures, shown.failing_since), (0, None));
    rig.end().await;
}

#[db_test]
async fn no_answer_in_time_is_a_failure(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let usual = rig.timeout;
    rig.waits_for(Duration::from_millis(400)).await;
    let silent = Arc::new(AtomicBool::new(true));
    let is_silent = silent.clone();
    let receiver = Receiver::start(move |_, _| {
        if is_silent.load(Ordering::SeqCst) {
            Say::Nothing
        } else {
            Say::Status(200)
        }
    })
    .await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    rig.person(1).await;
    let first = rig.tried(id, 1).await;
    assert_eq!(first.outcome.as_deref(), Some("timeout"));
    silent.store(false, Ordering::SeqCst);
    rig.waits_for(usual).await;
    rig.db.clock.advance(Duration::from_secs(7));
    rig.until(id, "delivered", 1).await;
    rig.end().await;
}

#[db_test]
async fn retry_after_is_waited_for(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::start(|_, before| {
        if before == 0 {
            Say::Later(429, "600")
        } else {
            Say::Status(200)
        }
    })
    .await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    rig.person(1).await;
    let first = rig.tried(id, 1).await;
    assert_eq!(first.outcome.as_deref(), Some("429"));
    let wait = first.due_at.since(rig.db.mint().now());
    assert_eq!(wait, Duration::from_mins(10));
    // All its deliveries wait, also those of others.
    rig.person(2).await;
    rig.until(id, "waiting", 2).await;
    rig.db.clock.advance(Duration::from_mins(9));
    rig.person(3).await;
    rig.until(id, "waiting", 3).await;
    assert_eq!(receiver.got().len(), 1);
    rig.db.clock.advance(Duration::from_mins(1));
    rig.until(id, "delivered", 3).await;
    rig.end().await;
}

#[db_test]
async fn who_is_gone_is_left_alone(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::start(|_, _| Say::Status(410)).await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    rig.person(1).await;
    let first = rig.tried(id, 1).await;
    assert_eq!(first.outcome.as_deref(), Some("410"));
    let shown = endpoints::get(&rig.db, rig.workspace(), id).await.unwrap();
    assert_eq!(
        (shown.on, shown.off_reason.as_deref()),
        (false, Some("gone"))
    );
    rig.db.clock.advance(Duration::from_hours(100));
    rig.person(2).await;
    // A second endpoint shows that time has passed for the first too.
    let other = Receiver::willing().await;
    let second = rig.endpoint(&other.url, &[]).await.endpoint.id;
    rig.person(3).await;
    rig.until(second, "delivered", 1).await;
    assert_eq!(receiver.got().len(), 1);
    rig.end().await;
}

#[db_test]
async fn a_slow_endpoint_holds_nobody_up(db: TestDb) {
    let rig = Rig::new(db).await;
    let slow = Receiver::start(|_, _| Say::Nothing).await;
    let quick = Receiver::willing().await;
    let one = rig.endpoint(&slow.url, &[]).await.endpoint.id;
    let other = rig.endpoint(&quick.url, &[]).await.endpoint.id;
    for no in 0..40 {
        rig.person(no).await;
    }
    rig.until(other, "delivered", 40).await;
    let rows = rig.deliveries(one).await;
    assert_eq!(rows.len(), 40);
    assert!(rows.iter().all(|row| row.state == "waiting"));
    rig.end().await;
}

#[db_test]
async fn an_address_inside_is_neither_taken_nor_called(db: TestDb) {
    let rig = Rig::new(db).await;
    let context = rig.engine().context();
    for (url, refusal) in [
        ("http://127.0.0.2/", Refusal::NotPublic),
        ("http://[::1]/", Refusal::NotPublic),
        ("http://169.254.169.254/latest", Refusal::NotPublic),
        ("ftp://example.com/", Refusal::Scheme),
        ("https://a:b@example.com/", Refusal::UserInfo),
        ("example.com", Refusal::Address),
    ] {
        let wish = wigwag_engine::endpoints::Wish {
            name: "x".to_owned(),
            url: url.to_owned(),
            form: Form::Wigwag,
            events: Vec::new(),
        };
        let refused = wigwag_engine::endpoints::create(context, rig.workspace(), wish).await;
        let said = refused.err().map(|error| error.to_string());
        assert_eq!(said, Some(refusal.to_string()), "{url}");
    }
    // One that got into the table, as by an older setting, is not called either.
    let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let touched = Arc::new(AtomicUsize::new(0));
    let counted = touched.clone();
    let accepting = tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let new = endpoints::New {
        name: "x".to_owned(),
        url: format!("http://127.0.0.2:{port}/"),
        form: Form::Wigwag,
        events: vec![Kind::ContactCreated],
        secret: Zeroizing::new("whsec_b2xk".to_owned()),
    };
    let id = endpoints::create(&rig.db, rig.workspace(), new)
        .await
        .unwrap()
        .id;
    rig.person(1).await;
    let first = rig.tried(id, 1).await;
    assert_eq!(first.outcome.as_deref(), Some("not_public"));
    assert_eq!(touched.load(Ordering::SeqCst), 0);
    accepting.abort();
    rig.end().await;
}

#[db_test]
async fn five_days_of_failures_are_shown_and_it_is_asked_on(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::start(|_, _| Say::Status(503)).await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    rig.person(0).await;
    rig.tried(id, 1).await;
    rig.db.clock.advance(Duration::from_hours(24 * 5));
    rig.person(1).await;
    let rested = eventually("a long rest", async || {
        let shown = endpoints::get(&rig.db, rig.workspace(), id).await.unwrap();
        let rests = shown.failures >= 2 && rig.claimed().await == 0;
        rests.then_some(shown.rest_until?)
    })
    .await;
    assert!(rested.since(rig.db.mint().now()) == Duration::from_hours(1));
    let before = receiver.got().len();
    rig.db.clock.advance(Duration::from_hours(1));
    eventually("it is asked again", async || {
        (receiver.got().len() > before).then_some(())
    })
    .await;
    let shown = endpoints::get(&rig.db, rig.workspace(), id).await.unwrap();
    assert!(shown.on, "nobody switched it off");
    rig.end().await;
}
