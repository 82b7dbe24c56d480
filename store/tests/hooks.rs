//! Hooks on both databases: kept with a sealed secret, what comes is written once, a no stays.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use futures::future::join_all;
use secrecy::SecretString;
use serde_json::Map;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::hook::{ConsentFrom, Plan, Shopify};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, HookId, Timestamp, WorkspaceId};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::contacts::{self, Customer, Known, Visitor};
use wigwag_store::hooks::{
    self, Come, Draft, Edit, Hook, New, Outcome, Said, Stated, Taken, Verdict,
};
use wigwag_store::testing::TestDb;
use wigwag_store::visits::{self, Visit};
use wigwag_store::{Db, Error, Priority, events};
use wigwag_store_macros::db_test;

const PHONE: &str = "+919812345678";

async fn hook(db: &Db, workspace: WorkspaceId, token: &str) -> Hook {
    let new = New {
        name: "Shop".to_owned(),
        token: token.to_owned(),
        plan: Plan::Shopify(Shopify::default()),
        secret: SecretString::from("canary-of-the-hook"),
        created_by: None,
    };
    hooks::insert(db, workspace, new).await.unwrap()
}

fn asha() -> Customer {
    Customer {
        known: Known {
            external: None,
            phone: Some(Phone::parse(PHONE, None).unwrap()),
        },
        name: Some("Asha Rao".to_owned()),
        email: Some("asha@kite.example".to_owned()),
    }
}

fn draft(key: &str, name: &str) -> Draft {
    Draft {
        key: key.to_owned(),
        name: name.to_owned(),
        properties: Map::new(),
        occurred_at: None,
    }
}

fn placed(hook: HookId, source_id: &str, key: &str) -> Come {
    stated(
        hook,
        source_id,
        Stated {
            customer: asha(),
            events: vec![draft(key, "order_placed")],
            ..Stated::default()
        },
    )
}

fn stated(hook: HookId, source_id: &str, stated: Stated) -> Come {
    Come {
        hook,
        source_id: source_id.to_owned(),
        topic: "orders/create".to_owned(),
        source: events::SHOPIFY,
        verdict: Verdict::Stated(Box::new(stated)),
    }
}

/// As the engine does it: again when somebody else was quicker.
async fn take(db: &Db, workspace: WorkspaceId, come: Come) -> Taken {
    loop {
        match hooks::take(db, workspace, come.clone()).await {
            Err(Error::Stale) => {}
            done => return done.unwrap(),
        }
    }
}

fn recorded(taken: Taken) -> (ContactId, bool, bool) {
    match taken {
        Taken::Recorded {
            contact,
            event,
            stopped,
        } => (contact, event.is_some(), stopped),
        other => panic!("{other:?}"),
    }
}

#[db_test]
async fn a_hook_is_found_by_its_address_and_keeps_its_secret(db: TestDb) {
    let (f, other) = (db.workspace().await, db.workspace().await);
    let made = hook(&db, f.workspace, "address-1").await;
    assert_eq!(
        hooks::list(&db, f.workspace).await.unwrap(),
        std::slice::from_ref(&made)
    );
    assert_eq!(hooks::list(&db, other.workspace).await.unwrap(), []);
    let (found, secret) = hooks::find(&db, "address-1").await.unwrap();
    assert_eq!(
        (&found, secret.as_slice()),
        (&made, &b"canary-of-the-hook"[..])
    );
    let mut on = db.reader().await.unwrap();
    let row = wigwag_store::sql("SELECT secret_enc FROM hooks WHERE workspace_id = $1")
        .bind(f.workspace)
        .fetch_one(&mut on)
        .await
        .unwrap();
    let kept = row.bytes(0).unwrap();
    drop(on);
    assert!(!kept.windows(6).any(|part| part == b"canary"), "sealed");

    let edit = |version| Edit {
        active: Some(false),
        version,
        ..Edit::default()
    };
    let foreign = hooks::edit(&db, other.workspace, made.id, edit(1)).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    let stale = hooks::edit(&db, f.workspace, made.id, edit(7)).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    let rests = hooks::edit(&db, f.workspace, made.id, edit(1))
        .await
        .unwrap();
    assert_eq!((rests.active, rests.version), (false, 2));
    assert!(matches!(
        hooks::find(&db, "address-1").await,
        Err(Error::NotFound)
    ));
    let again = Edit {
        active: Some(true),
        secret: Some(SecretString::from("another")),
        plan: Some(Plan::Shopify(Shopify {
            marketing_consent: ConsentFrom::Sms,
        })),
        version: 2,
        ..Edit::default()
    };
    hooks::edit(&db, f.workspace, made.id, again).await.unwrap();
    let (found, secret) = hooks::find(&db, "address-1").await.unwrap();
    assert_eq!(secret.as_slice(), b"another");
    assert_ne!(found.plan, made.plan);

    let foreign = hooks::delete(&db, other.workspace, made.id).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    hooks::delete(&db, f.workspace, made.id).await.unwrap();
    assert!(matches!(
        hooks::find(&db, "address-1").await,
        Err(Error::NotFound)
    ));
    assert_eq!(hooks::list(&db, f.workspace).await.unwrap(), []);
    db.remove().await;
}

#[db_test]
async fn what_comes_again_is_known(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let first = take(
        &db,
        f.workspace,
        placed(hook, "delivery-1", "order_placed/1"),
    )
    .await;
    let (contact, event, _) = recorded(first);
    assert!(event);
    let again = take(
        &db,
        f.workspace,
        placed(hook, "delivery-1", "order_placed/1"),
    )
    .await;
    assert_eq!(again, Taken::Known);
    // The same body under another delivery's id, which is not signed: no second event.
    let replayed = take(&db, f.workspace, placed(hook, "forged", "order_placed/1")).await;
    assert_eq!(recorded(replayed), (contact, false, false));
    let all = events::list(&db, f.workspace, contact, None, 50)
        .await
        .unwrap()
        .0;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].source, "shopify");
    // Another hook's order with the same number is another order.
    let other = self::hook(&db, f.workspace, "address-2").await.id;
    let theirs = take(
        &db,
        f.workspace,
        placed(other, "delivery-1", "order_placed/1"),
    )
    .await;
    assert!(recorded(theirs).1);
    let (page, next) = hooks::deliveries(&db, f.workspace, hook, None, 1)
        .await
        .unwrap();
    assert_eq!((page.len(), page[0].outcome), (1, Outcome::Recorded));
    let (rest, end) = hooks::deliveries(&db, f.workspace, hook, next, 1)
        .await
        .unwrap();
    assert_eq!((rest[0].contact, end), (Some(contact), None));
    let stranger = db.workspace().await;
    let foreign = hooks::deliveries(&db, stranger.workspace, hook, None, 1).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    db.remove().await;
}

#[db_test]
async fn many_at_once_are_written_once(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let all = (0..20).map(|at| {
        let come = placed(
            hook,
            &format!("delivery-{}", at % 5),
            &format!("order_placed/{}", at % 4),
        );
        let db = &db;
        async move { take(db, f.workspace, come).await }
    });
    let taken = join_all(all).await;
    let new = taken
        .iter()
        .filter(|taken| matches!(taken, Taken::Recorded { .. }))
        .count();
    assert_eq!(new, 5, "each delivery once: {taken:?}");
    let contact = taken
        .into_iter()
        .find(|taken| *taken != Taken::Known)
        .map(recorded)
        .unwrap()
        .0;
    let all = events::list(&db, f.workspace, contact, None, 50)
        .await
        .unwrap()
        .0;
    assert!(
        (1..=4).contains(&all.len()),
        "each order at most once: {}",
        all.len()
    );
    db.remove().await;
}

#[db_test]
async fn the_first_event_that_is_new_is_written(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let checkout = |at: &str| {
        stated(
            hook,
            at,
            Stated {
                customer: asha(),
                events: vec![
                    draft("checkout_started/t", "checkout_started"),
                    draft(&format!("checkout_updated/t/{at}"), "checkout_updated"),
                ],
                ..Stated::default()
            },
        )
    };
    let contact = recorded(take(&db, f.workspace, checkout("1")).await).0;
    take(&db, f.workspace, checkout("2")).await;
    let all = events::list(&db, f.workspace, contact, None, 50)
        .await
        .unwrap()
        .0;
    let mut names: Vec<&str> = all.iter().map(|event| event.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["checkout_started", "checkout_updated"]);
    db.remove().await;
}

#[db_test]
async fn a_parcel_finds_its_person_by_the_order(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let parcel = |id: &str, order: &str| {
        stated(
            hook,
            id,
            Stated {
                after: Some(format!("order_placed/{order}")),
                events: vec![draft(&format!("order_shipped/{id}"), "order_shipped")],
                ..Stated::default()
            },
        )
    };
    let nobody = take(&db, f.workspace, parcel("p1", "1")).await;
    assert_eq!(nobody, Taken::PassedOver("no_phone"));
    let contact = recorded(take(&db, f.workspace, placed(hook, "d1", "order_placed/1")).await).0;
    let shipped = take(&db, f.workspace, parcel("p2", "1")).await;
    assert_eq!(recorded(shipped), (contact, true, false));
    db.remove().await;
}

#[db_test]
async fn what_was_refused_may_come_again(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let refused = Come {
        verdict: Verdict::Refused {
            field: "phone".to_owned(),
            message: "write it with its country code".to_owned(),
        },
        ..placed(hook, "d1", "order_placed/1")
    };
    for _ in 0..2 {
        let taken = take(&db, f.workspace, refused.clone()).await;
        assert!(matches!(taken, Taken::Refused { .. }), "{taken:?}");
    }
    let listed = hooks::deliveries(&db, f.workspace, hook, None, 50)
        .await
        .unwrap()
        .0;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].reason.as_deref(), Some("phone"));
    let taken = take(&db, f.workspace, placed(hook, "d1", "order_placed/1")).await;
    assert!(recorded(taken).1);
    let gone = hooks::sweep(&db, db.mint().now().plus(std::time::Duration::from_secs(1))).await;
    assert_eq!(gone.unwrap(), 1);
    db.remove().await;
}

#[db_test]
async fn a_shop_fills_what_is_empty_and_puts_right_what_a_page_said(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let visitor = Visitor {
        phone: Phone::parse(PHONE, None).unwrap(),
        name: Some("Mallory".to_owned()),
        email: Some("mallory@web.example".to_owned()),
        traits: std::collections::BTreeMap::default(),
    };
    let visit = Visit {
        visitor: visitor.clone(),
        steps: vec![],
    };
    visits::record(&db, f.workspace, visit.clone())
        .await
        .unwrap();
    let contact = recorded(take(&db, f.workspace, placed(hook, "d1", "order_placed/1")).await).0;
    let is = async || {
        contacts::details(&db, f.workspace, contact)
            .await
            .unwrap()
            .contact
    };
    let right = is().await;
    assert_eq!(right.name.as_deref(), Some("Asha Rao"));
    assert_eq!(right.email.as_deref(), Some("asha@kite.example"));
    assert_eq!(right.source, "shopify");
    visits::record(&db, f.workspace, visit).await.unwrap();
    assert_eq!(is().await, right);
    // A member gave another name: the shop's is only for those who have none.
    let mut come = placed(hook, "d2", "order_placed/2");
    if let Verdict::Stated(stated) = &mut come.verdict {
        stated.customer.name = Some("A. Rao".to_owned());
    }
    take(&db, f.workspace, come).await;
    assert_eq!(is().await, right);
    db.remove().await;
}

async fn say(
    db: &Db,
    f: WorkspaceId,
    contact: ContactId,
    state: ConsentState,
    source: &str,
    at: Timestamp,
) {
    let word = Word {
        workspace: f,
        contact,
        category: Category::Marketing,
        state,
        source: source.to_owned(),
        actor: "system".to_owned(),
        text: None,
        at,
    };
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { consent::put(tx, Rule::Own, &[word]).await.map(|_| ()) })
    })
    .await
    .unwrap();
}

#[db_test]
async fn a_shop_never_brings_back_who_opted_out(db: TestDb) {
    let f = db.workspace().await;
    let hook = hook(&db, f.workspace, "address-1").await.id;
    let now = db.mint().now();
    let hour = std::time::Duration::from_hours(1);
    let said = |id: &str, state, at| {
        stated(
            hook,
            id,
            Stated {
                customer: asha(),
                marketing: Some(Said {
                    state,
                    at,
                    text: "sms_marketing_consent: stated".to_owned(),
                }),
                ..Stated::default()
            },
        )
    };
    let marketing = async |contact| {
        let details = contacts::details(&db, f.workspace, contact).await.unwrap();
        details
            .consent
            .iter()
            .find(|row| row.category == Category::Marketing)
            .map_or(ConsentState::Unknown, |row| row.state)
    };
    let yes = take(&db, f.workspace, said("1", ConsentState::Granted, now)).await;
    let (contact, _, stopped) = recorded(yes);
    assert!(!stopped);
    assert_eq!(marketing(contact).await, ConsentState::Granted);
    // A no that is older than what stands does not count, a later one does and stops.
    let old = take(
        &db,
        f.workspace,
        said("2", ConsentState::Denied, now.minus(hour)),
    )
    .await;
    assert_eq!(
        (recorded(old).2, marketing(contact).await),
        (false, ConsentState::Granted)
    );
    let no = take(
        &db,
        f.workspace,
        said("3", ConsentState::Denied, now.plus(hour)),
    )
    .await;
    assert_eq!(
        (recorded(no).2, marketing(contact).await),
        (true, ConsentState::Denied)
    );
    // Neither the shop's own no nor the person's is taken back by the shop, however late it says so.
    let late = now.plus(hour).plus(hour);
    take(&db, f.workspace, said("4", ConsentState::Granted, late)).await;
    assert_eq!(marketing(contact).await, ConsentState::Denied);
    say(
        &db,
        f.workspace,
        contact,
        ConsentState::Granted,
        "keyword",
        late,
    )
    .await;
    say(
        &db,
        f.workspace,
        contact,
        ConsentState::Denied,
        "keyword",
        late.plus(hour),
    )
    .await;
    take(
        &db,
        f.workspace,
        said("5", ConsentState::Granted, late.plus(hour).plus(hour)),
    )
    .await;
    assert_eq!(marketing(contact).await, ConsentState::Denied);
    db.remove().await;
}
