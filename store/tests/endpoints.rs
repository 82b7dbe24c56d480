//! Endpoints on both databases: what happened is written where somebody wants to know, spread once,
//! told in order, and never lost between two steps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use uuid::Uuid;
use wigwag_model::endpoint::{Form, Kind, ROTATION};
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, EndpointId, WorkspaceId};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::endpoints::{self, Claimed, End, Endpoint, Finished, NewDelivery};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, Error, sql};
use wigwag_store_macros::db_test;
use zeroize::Zeroizing;

const LEASE: Duration = Duration::from_mins(1);

async fn endpoint(db: &Db, workspace: WorkspaceId) -> Endpoint {
    let new = endpoints::New {
        name: "Books".to_owned(),
        url: "https://books.example/hooks".to_owned(),
        form: Form::Wigwag,
        events: Vec::new(),
        secret: Zeroizing::new("whsec_one".to_owned()),
    };
    endpoints::create(db, workspace, new).await.unwrap()
}

async fn person(db: &Db, workspace: WorkspaceId, no: u32) -> ContactId {
    let new = NewContact {
        name: Some(format!("Person {no}")),
        phone: Phone::parse(&format!("+9198000{no:05}"), None).unwrap(),
        email: None,
        tags: Vec::new(),
        traits: BTreeMap::new(),
        source: "api",
    };
    contacts::create(db, workspace, new).await.unwrap().id()
}

async fn rename(db: &Db, workspace: WorkspaceId, id: ContactId) {
    let version = contacts::get(&mut db.reader().await.unwrap(), workspace, id)
        .await
        .unwrap()
        .version;
    let edit = contacts::Edit {
        name: Some(Some(format!("Version {version}"))),
        version,
        ..contacts::Edit::default()
    };
    contacts::edit(db, workspace, id, edit).await.unwrap();
}

async fn count(db: &Db, text: &'static str) -> i64 {
    let row = sql(text).fetch_one(&mut db.reader().await.unwrap()).await;
    row.unwrap().int(0).unwrap()
}

/// Spreads everything over one endpoint; the body is the number of what happened.
async fn spread(db: &Db, workspace: WorkspaceId, endpoint: EndpointId) -> usize {
    let happened = endpoints::pending(db, workspace, 500).await.unwrap();
    let deliveries = happened
        .iter()
        .filter_map(|one| {
            Some(NewDelivery {
                endpoint,
                seq: one.seq,
                topic: one.facts.as_ref()?.topic(),
                kind: one.kind.as_str().to_owned(),
                body: one.seq.to_string(),
            })
        })
        .collect();
    let seqs = happened.iter().map(|one| one.seq).collect();
    endpoints::spread(db, workspace, seqs, deliveries)
        .await
        .unwrap()
}

async fn claim(db: &Db, owner: &str, limit: usize) -> Vec<Claimed> {
    let now = db.mint().now();
    let Some(due) = endpoints::due(db)
        .await
        .unwrap()
        .into_iter()
        .find(|due| due.at <= now)
    else {
        return Vec::new();
    };
    endpoints::claim(db, &due, owner, now, LEASE, limit)
        .await
        .unwrap()
}

async fn end(db: &Db, claimed: Claimed, end: End) {
    let finished = Finished {
        claimed,
        end,
        outcome: if end == End::Delivered { "2xx" } else { "5xx" },
        took_us: 1_500,
        at: db.mint().now(),
    };
    endpoints::finish(db, finished).await.unwrap();
}

const FAILED: End = End::Failed {
    asked: None,
    jitter: 500,
};

async fn states(db: &Db, workspace: WorkspaceId, endpoint: EndpointId) -> Vec<(String, String)> {
    let (mut rows, _) = endpoints::deliveries(db, workspace, endpoint, None, None, 200)
        .await
        .unwrap();
    rows.reverse();
    rows.into_iter().map(|row| (row.kind, row.state)).collect()
}

#[db_test]
async fn nothing_is_written_where_nobody_wants_to_know(db: TestDb) {
    let shop = db.workspace().await;
    let other = db.workspace().await;
    let early = person(&db, shop.workspace, 1).await;
    assert_eq!(count(&db, "SELECT COUNT(*) FROM happenings").await, 0);
    let books = endpoint(&db, shop.workspace).await;
    assert!(books.on);
    person(&db, other.workspace, 2).await;
    assert_eq!(count(&db, "SELECT COUNT(*) FROM happenings").await, 0);
    let late = person(&db, shop.workspace, 3).await;
    rename(&db, shop.workspace, early).await;
    let happened = endpoints::pending(&db, shop.workspace, 10).await.unwrap();
    let told: Vec<(Kind, Uuid)> = happened
        .iter()
        .map(|one| (one.kind, one.facts.as_ref().unwrap().topic()))
        .collect();
    // A new contact is told of once, not as a change besides.
    assert_eq!(
        told,
        [
            (Kind::ContactCreated, late.uuid()),
            (Kind::ContactChanged, early.uuid())
        ]
    );
    assert!(happened.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(
        endpoints::pending(&db, other.workspace, 10).await.unwrap(),
        []
    );
    // Off is off, also when it is on again later.
    let off = endpoints::Edit {
        on: Some(false),
        ..endpoints::Edit::default()
    };
    endpoints::edit(&db, shop.workspace, books.id, off)
        .await
        .unwrap();
    assert_eq!(endpoints::watched(&db).await.unwrap(), []);
    rename(&db, shop.workspace, early).await;
    assert_eq!(count(&db, "SELECT COUNT(*) FROM happenings").await, 2);
    db.remove().await;
}

#[db_test]
async fn one_thing_after_the_other_is_told_of_one_person(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    let (asha, mira) = (
        person(&db, shop.workspace, 1).await,
        person(&db, shop.workspace, 2).await,
    );
    rename(&db, shop.workspace, asha).await;
    assert_eq!(spread(&db, shop.workspace, books.id).await, 3);
    rename(&db, shop.workspace, asha).await;
    assert_eq!(spread(&db, shop.workspace, books.id).await, 1);
    // A second process that read the same before finds nothing left.
    assert_eq!(spread(&db, shop.workspace, books.id).await, 0);
    let first = claim(&db, "a", 10).await;
    assert_eq!(first.len(), 2, "one of each person");
    assert!(claim(&db, "b", 10).await.is_empty(), "both are held");
    let mira_first = first.last().unwrap().clone();
    end(&db, mira_first, End::Delivered).await;
    assert!(
        claim(&db, "b", 10).await.is_empty(),
        "nothing of hers is left"
    );
    // The first of Asha's fails: nothing overtakes it.
    end(&db, first[0].clone(), FAILED).await;
    assert!(claim(&db, "a", 10).await.is_empty());
    db.clock.advance(Duration::from_secs(6));
    let again = claim(&db, "a", 10).await;
    assert_eq!((again.len(), &again[0].id), (1, &first[0].id));
    assert_eq!(again[0].try_no, 2);
    end(&db, again[0].clone(), End::Delivered).await;
    for _ in 0..2 {
        let next = claim(&db, "a", 10).await;
        assert_eq!(next.len(), 1);
        end(&db, next[0].clone(), End::Delivered).await;
    }
    let told = states(&db, shop.workspace, books.id).await;
    assert!(
        told.iter().all(|(_, state)| state == "delivered"),
        "{told:?}"
    );
    let _ = mira;
    db.remove().await;
}

#[db_test]
async fn what_is_given_up_lets_the_next_go(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    let asha = person(&db, shop.workspace, 1).await;
    rename(&db, shop.workspace, asha).await;
    spread(&db, shop.workspace, books.id).await;
    let start = db.mint().now();
    let mut tries = 0;
    loop {
        let held = claim(&db, "a", 10).await;
        let [one] = held.as_slice() else {
            panic!("{} are held", held.len())
        };
        if one.try_no < tries {
            break;
        }
        tries = one.try_no;
        end(&db, one.clone(), FAILED).await;
        let due = endpoints::due(&db).await.unwrap();
        db.clock.advance(due[0].at.since(db.mint().now()));
    }
    assert_eq!(tries, 12);
    assert!(db.mint().now().since(start) >= Duration::from_hours(72));
    let told = states(&db, shop.workspace, books.id).await;
    let of = |kind: &str| {
        let found = told.iter().find(|(known, _)| known == kind);
        found.map(|(_, state)| state.as_str())
    };
    assert_eq!(of("contact.created"), Some("given_up"));
    assert_eq!(of("contact.changed"), Some("waiting"));
    let shown = endpoints::get(&db, shop.workspace, books.id).await.unwrap();
    assert_eq!(shown.failures, 12);
    assert_eq!(shown.failing_since, Some(start));
    assert!(shown.on, "nothing goes off by itself");
    db.remove().await;
}

#[db_test]
async fn what_a_dead_process_held_is_told_again(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    person(&db, shop.workspace, 1).await;
    spread(&db, shop.workspace, books.id).await;
    let held = claim(&db, "a", 10).await;
    assert!(claim(&db, "a", 10).await.is_empty());
    // The same process starts anew: at once, and it was no try.
    assert_eq!(endpoints::release(&db, "b").await.unwrap(), 0);
    assert_eq!(endpoints::release(&db, "a").await.unwrap(), 1);
    let again = claim(&db, "a", 10).await;
    assert_eq!((again[0].id, again[0].try_no), (held[0].id, 1));
    // Another process: when the lease has ended.
    db.clock.advance(LEASE);
    let theirs = claim(&db, "b", 10).await;
    assert_eq!((theirs[0].id, theirs[0].try_no), (held[0].id, 2));
    // The first comes back late. Its failure counts for nothing, its success does.
    end(&db, again[0].clone(), FAILED).await;
    assert_eq!(states(&db, shop.workspace, books.id).await[0].1, "waiting");
    assert!(claim(&db, "c", 10).await.is_empty(), "it is still held");
    end(&db, again[0].clone(), End::Delivered).await;
    assert_eq!(
        states(&db, shop.workspace, books.id).await[0].1,
        "delivered"
    );
    end(&db, theirs[0].clone(), FAILED).await;
    assert_eq!(
        states(&db, shop.workspace, books.id).await[0].1,
        "delivered"
    );
    db.remove().await;
}

#[db_test]
async fn spreading_beside_telling_forgets_nothing(db: TestDb) {
    const PEOPLE: u32 = 4;
    const ROUNDS: usize = 12;
    let shop = db.workspace().await;
    let workspace = shop.workspace;
    let books = endpoint(&db, workspace).await;
    let second = db.again().await;
    let telling = tokio::spawn(async move {
        let mut order: Vec<i64> = Vec::new();
        let mut topics: HashMap<i64, Uuid> = HashMap::new();
        let all = PEOPLE as usize * (ROUNDS + 1);
        while order.len() < all {
            let held = claim(&second, "b", 3).await;
            if held.is_empty() {
                tokio::task::yield_now().await;
            }
            for one in held {
                let topic = sql("SELECT topic FROM endpoint_deliveries WHERE id = $1")
                    .bind(one.id)
                    .fetch_one(&mut second.reader().await.unwrap())
                    .await
                    .unwrap()
                    .id::<ContactId>(0)
                    .unwrap();
                let seq: i64 = one.body.parse().unwrap();
                topics.insert(seq, topic.uuid());
                order.push(seq);
                end(&second, one, End::Delivered).await;
            }
        }
        (order, topics)
    });
    let mut people = Vec::new();
    for no in 0..PEOPLE {
        people.push(person(&db, workspace, no).await);
    }
    for _ in 0..ROUNDS {
        for one in &people {
            rename(&db, workspace, *one).await;
        }
        spread(&db, workspace, books.id).await;
    }
    let (order, topics) = tokio::time::timeout(Duration::from_secs(60), telling)
        .await
        .unwrap_or_else(|_| panic!("something was forgotten"))
        .unwrap();
    for person in &people {
        let of: Vec<i64> = order
            .iter()
            .copied()
            .filter(|seq| topics[seq] == person.uuid())
            .collect();
        assert_eq!(of.len(), ROUNDS + 1);
        assert!(of.is_sorted(), "{of:?}");
    }
    db.remove().await;
}

#[db_test]
async fn an_endpoint_that_is_gone_goes_off_and_says_so(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    let asha = person(&db, shop.workspace, 1).await;
    spread(&db, shop.workspace, books.id).await;
    let held = claim(&db, "a", 10).await;
    end(&db, held[0].clone(), End::Gone).await;
    let shown = endpoints::get(&db, shop.workspace, books.id).await.unwrap();
    assert!(!shown.on);
    assert_eq!(shown.off_reason.as_deref(), Some(endpoints::GONE));
    rename(&db, shop.workspace, asha).await;
    assert_eq!(count(&db, "SELECT COUNT(*) FROM happenings").await, 0);
    db.clock.advance(Duration::from_hours(1));
    assert!(claim(&db, "a", 10).await.is_empty());
    let on = endpoints::Edit {
        on: Some(true),
        ..endpoints::Edit::default()
    };
    let shown = endpoints::edit(&db, shop.workspace, books.id, on)
        .await
        .unwrap();
    assert!(shown.on && shown.off_reason.is_none() && shown.failures == 0);
    assert_eq!(shown.on_since, db.mint().now());
    assert_eq!(claim(&db, "a", 10).await.len(), 1, "what waited is told");
    db.remove().await;
}

#[db_test]
async fn an_endpoint_that_fails_rests_and_a_success_ends_that(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    for no in 0..12 {
        person(&db, shop.workspace, no).await;
    }
    spread(&db, shop.workspace, books.id).await;
    let held = claim(&db, "a", 12).await;
    assert_eq!(held.len(), 12);
    for one in &held[..10] {
        end(&db, one.clone(), FAILED).await;
    }
    let shown = endpoints::get(&db, shop.workspace, books.id).await.unwrap();
    let rest = shown.rest_until.unwrap().since(db.mint().now());
    assert_eq!(rest, Duration::from_secs(30));
    db.clock.advance(Duration::from_secs(10));
    assert!(
        claim(&db, "a", 10).await.is_empty(),
        "they are due, it rests"
    );
    end(&db, held[10].clone(), End::Delivered).await;
    assert_eq!(claim(&db, "a", 20).await.len(), 10);
    // What it asks for is kept, for all of its deliveries.
    let asked = End::Failed {
        asked: Some(Duration::from_mins(30)),
        jitter: 500,
    };
    end(&db, held[11].clone(), asked).await;
    let due = endpoints::due(&db).await.unwrap();
    assert_eq!(due[0].at.since(db.mint().now()), Duration::from_mins(30));
    db.remove().await;
}

#[db_test]
async fn secrets_are_sealed_and_two_are_valid_for_a_day(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    let row = sql("SELECT secret_enc FROM endpoints")
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    let stored = row.bytes(0).unwrap();
    assert!(!stored.windows(6).any(|piece| piece == b"whsec_"));
    let other = Zeroizing::new("whsec_two".to_owned());
    let shown = endpoints::rotate(&db, shop.workspace, books.id, other)
        .await
        .unwrap();
    assert_eq!(shown.previous_until, Some(db.mint().now().plus(ROTATION)));
    let secrets = endpoints::secrets(&db, shop.workspace, books.id)
        .await
        .unwrap();
    assert_eq!(secrets.current.as_str(), "whsec_two");
    assert_eq!(secrets.previous.unwrap().as_str(), "whsec_one");
    assert_eq!(
        format!(
            "{:?}",
            endpoints::secrets(&db, shop.workspace, books.id)
                .await
                .unwrap()
        ),
        "Secrets(…)"
    );
    db.clock.advance(ROTATION);
    let secrets = endpoints::secrets(&db, shop.workspace, books.id)
        .await
        .unwrap();
    assert!(secrets.previous.is_none());
    db.remove().await;
}

#[db_test]
async fn another_workspace_has_none_of_it(db: TestDb) {
    let shop = db.workspace().await;
    let other = db.workspace().await.workspace;
    let books = endpoint(&db, shop.workspace).await;
    let sent = endpoints::test(
        &db,
        shop.workspace,
        books.id,
        "webhook.test",
        "{}".to_owned(),
    )
    .await
    .unwrap();
    let held = claim(&db, "a", 1).await;
    end(&db, held[0].clone(), End::Delivered).await;
    assert_eq!(endpoints::list(&db, other).await.unwrap(), []);
    let edit = endpoints::Edit::default();
    let secret = Zeroizing::new("x".to_owned());
    let not_found = |error: Error| matches!(error, Error::NotFound);
    assert!(not_found(
        endpoints::get(&db, other, books.id).await.unwrap_err()
    ));
    assert!(not_found(
        endpoints::secrets(&db, other, books.id).await.unwrap_err()
    ));
    assert!(not_found(
        endpoints::edit(&db, other, books.id, edit)
            .await
            .unwrap_err()
    ));
    assert!(not_found(
        endpoints::rotate(&db, other, books.id, secret)
            .await
            .unwrap_err()
    ));
    assert!(not_found(
        endpoints::delete(&db, other, books.id).await.unwrap_err()
    ));
    assert!(not_found(
        endpoints::replay(&db, other, books.id, sent.id)
            .await
            .unwrap_err()
    ));
    assert!(not_found(
        endpoints::delivery(&db, other, books.id, sent.id)
            .await
            .unwrap_err()
    ));
    let listed = endpoints::deliveries(&db, other, books.id, None, None, 10).await;
    assert!(not_found(listed.unwrap_err()));
    let test = endpoints::test(&db, other, books.id, "x", String::new()).await;
    assert!(not_found(test.unwrap_err()));
    // Nor another endpoint of the same workspace.
    let second = endpoint(&db, shop.workspace).await;
    let foreign = endpoints::replay(&db, shop.workspace, second.id, sent.id).await;
    assert!(not_found(foreign.unwrap_err()));
    db.remove().await;
}

#[db_test]
async fn it_is_told_again_on_request_and_forgotten_in_time(db: TestDb) {
    let shop = db.workspace().await;
    let workspace = shop.workspace;
    let books = endpoint(&db, workspace).await;
    let asha = person(&db, workspace, 1).await;
    rename(&db, workspace, asha).await;
    spread(&db, workspace, books.id).await;
    let held = claim(&db, "a", 10).await;
    let early = endpoints::replay(&db, workspace, books.id, held[0].id).await;
    assert!(matches!(early, Err(Error::Stale)), "its turn is not over");
    end(&db, held[0].clone(), End::Delivered).await;
    let again = endpoints::replay(&db, workspace, books.id, held[0].id)
        .await
        .unwrap();
    assert_eq!((again.state.as_str(), again.tries), ("waiting", 0));
    let both = claim(&db, "a", 10).await;
    assert_eq!(both.len(), 2, "beside the next of her own");
    assert!(
        both.iter()
            .any(|one| one.id == held[0].id && one.body == held[0].body)
    );
    let read = endpoints::delivery(&db, workspace, books.id, held[0].id)
        .await
        .unwrap();
    assert_eq!(read.body.as_deref(), Some(held[0].body.as_str()));
    // Two weeks later what is still to be told is given up, then all is forgotten.
    rename(&db, workspace, asha).await;
    spread(&db, workspace, books.id).await;
    db.clock.advance(Duration::from_hours(24 * 14 + 1));
    let before = db.mint().now().minus(Duration::from_hours(24 * 14));
    assert_eq!(endpoints::sweep(&db, before).await.unwrap(), 0);
    assert_eq!(endpoints::expire(&db, before).await.unwrap(), 3);
    let told = states(&db, workspace, books.id).await;
    assert!(
        told.iter().all(|(_, state)| state == "given_up"),
        "{told:?}"
    );
    assert_eq!(endpoints::sweep(&db, before).await.unwrap(), 3);
    // An endpoint that was taken away is told nothing any more.
    endpoints::delete(&db, workspace, books.id).await.unwrap();
    assert_eq!(endpoints::watched(&db).await.unwrap(), []);
    assert!(matches!(
        endpoints::get(&db, workspace, books.id).await,
        Err(Error::NotFound)
    ));
    db.remove().await;
}

#[db_test]
async fn pages_of_deliveries_follow_each_other(db: TestDb) {
    let shop = db.workspace().await;
    let books = endpoint(&db, shop.workspace).await;
    for _ in 0..5 {
        endpoints::test(
            &db,
            shop.workspace,
            books.id,
            "webhook.test",
            "{}".to_owned(),
        )
        .await
        .unwrap();
        db.clock.advance(Duration::from_millis(1));
    }
    let held = claim(&db, "a", 1).await;
    end(&db, held[0].clone(), End::Delivered).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = endpoints::deliveries(&db, shop.workspace, books.id, None, after, 2)
            .await
            .unwrap();
        seen.extend(rows.into_iter().map(|row| row.id));
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b), "the newest come first");
    let waiting = Some("waiting");
    let (rows, next) = endpoints::deliveries(&db, shop.workspace, books.id, waiting, None, 3)
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
    let (rows, next) = endpoints::deliveries(&db, shop.workspace, books.id, waiting, next, 3)
        .await
        .unwrap();
    assert_eq!((rows.len(), next), (1, None));
    db.remove().await;
}
