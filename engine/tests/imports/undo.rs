//! An import taken back: what it made goes, what it changed goes back, and nobody is lost or
//! subscribed by it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;
use wigwag_engine::imports::{self, Agreement, NotUndone};
use wigwag_engine::wait;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, ImportId, Timestamp};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::contacts::{self, Edit, NewContact};
use wigwag_store::imports::{Import, Undo, UndoState};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::rig::{PATIENCE, Rig};

const SAID: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn phone(no: u32) -> String {
    format!("+9198765{no:05}")
}

async fn make(rig: &Rig, no: u32, tags: &[&str], traits: serde_json::Value) -> ContactId {
    let new = NewContact {
        name: Some(format!("Old {no}")),
        phone: Phone::parse(&phone(no), None).unwrap(),
        email: None,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        traits: serde_json::from_value(traits).unwrap(),
        source: "manual",
    };
    contacts::create(&rig.db, rig.workspace(), new)
        .await
        .unwrap()
        .id()
}

async fn find(rig: &Rig, no: u32) -> Option<ContactId> {
    let row =
        sql("SELECT contact_id FROM contact_identities WHERE workspace_id = $1 AND value = $2")
            .bind(rig.workspace())
            .bind(phone(no))
            .fetch_optional(&mut rig.db.reader().await.unwrap())
            .await
            .unwrap();
    row.map(|row| row.id(0).unwrap())
}

async fn say(rig: &Rig, contact: ContactId, state: ConsentState, source: &str) {
    let word = Word {
        workspace: rig.workspace(),
        contact,
        category: Category::Marketing,
        state,
        source: source.to_owned(),
        actor: "system".to_owned(),
        text: None,
        at: rig.db.mint().now(),
    };
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move { consent::put(tx, Rule::Own, &[word]).await.map(drop) })
        })
        .await
        .unwrap();
}

async fn converse(rig: &Rig, contact: ContactId) {
    let f = rig.f.clone();
    let id: wigwag_model::ConversationId = rig.db.mint().id();
    let now = rig.db.mint().now();
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO wabas (workspace_id, id, portfolio, app_id, waba_id, name, access_token_enc, created_at)
                     SELECT $1, $2, id, $3, 'x', 'Kite', $4, $5 FROM portfolios WHERE workspace_id = $1")
                    .bind(f.workspace).bind(f.waba).bind(&f.app_id).bind(vec![0_u8]).bind(now).execute(tx).await?;
                sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at)
                     VALUES ($1, $2, $3, 'x', '+91 80 4000 0000', 'Kite', 'green', 'connected', 80, 0, $4)")
                    .bind(f.workspace).bind(f.number).bind(f.waba).bind(now).execute(tx).await?;
                sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at)
                     VALUES ($1, $2, $3, $4, 'open', 0, 'x', $5, 0, $5)")
                    .bind(f.workspace).bind(id).bind(contact).bind(f.number).bind(now).execute(tx).await
            })
        })
        .await
        .unwrap();
}

async fn undone(rig: &Rig, id: ImportId) -> Undo {
    for _ in 0..PATIENCE {
        let mut reader = rig.db.reader().await.unwrap();
        let undo = wigwag_store::imports::undo(&mut reader, rig.workspace(), id)
            .await
            .unwrap()
            .unwrap();
        if undo.state != UndoState::Running {
            return undo;
        }
        drop(reader);
        wait::pause(Duration::from_millis(20)).await;
    }
    panic!("the undo does not end");
}

async fn begin(rig: &Rig, import: &Import) -> Result<Import, NotUndone> {
    let who = "member_asha".to_owned();
    imports::begin_undo(rig.context(), rig.workspace(), import.id, who).await
}

/// A file with everybody up to a number, who agreed.
async fn bring_in(rig: &Rig, people: u32) -> Import {
    let mut text = "Phone,Name,City,Tags\n".to_owned();
    for no in 0..people {
        writeln!(text, "{},New {no},Goa,fair", phone(no)).unwrap();
    }
    let import = rig.upload(text.as_bytes()).await;
    let mut wish = Rig::wish(&import);
    wish.mapping = ["phone", "name", "trait:city", "tags"]
        .map(str::to_owned)
        .to_vec();
    wish.consent = Some(Agreement {
        category: Category::Marketing,
        source: "Fair".to_owned(),
        at: SAID,
        text: "Yes".to_owned(),
    });
    rig.run(&import, &wish).await
}

const CONSENT: &str = "SELECT p.name || ' ' || c.state || ' ' || c.source FROM consent c
    JOIN contacts p ON p.workspace_id = c.workspace_id AND p.id = c.contact_id ORDER BY p.name";

#[db_test]
async fn what_it_made_goes_and_what_it_changed_goes_back(db: TestDb) {
    let mut rig = Rig::new(db).await;
    // Those who were there: one as it was, one changed since, one who had agreed, one who says no.
    let plain = make(&rig, 0, &["vip"], json!({"city": "Pune"})).await;
    let later = make(&rig, 1, &[], json!({"city": "Pune"})).await;
    let agreed = make(&rig, 2, &["fair"], json!({"city": "Goa"})).await;
    let refuses = make(&rig, 3, &[], json!({})).await;
    say(&rig, agreed, ConsentState::Granted, "keyword").await;
    say(&rig, refuses, ConsentState::Denied, "keyword").await;
    let import = bring_in(&rig, 450).await;
    assert_eq!((import.created, import.updated), (446, 4));
    assert_eq!((import.granted, import.kept_denied), (448, 1));

    let edit = |id, name: &str, traits: serde_json::Value| {
        let edit = Edit {
            name: Some(Some(name.to_owned())),
            traits: Some(serde_json::from_value(traits).unwrap()),
            version: 2,
            ..Edit::default()
        };
        contacts::edit(&rig.db, rig.workspace(), id, edit)
    };
    edit(later, "Later", json!({"city": "Delhi"}))
        .await
        .unwrap();
    // Of those that it made: one has a conversation, one said no, one was edited.
    converse(&rig, find(&rig, 10).await.unwrap()).await;
    let stopped = find(&rig, 11).await.unwrap();
    say(&rig, stopped, ConsentState::Denied, "keyword").await;
    let renamed = find(&rig, 12).await.unwrap();
    let named = Edit {
        name: Some(Some("Renamed".to_owned())),
        version: 1,
        ..Edit::default()
    };
    contacts::edit(&rig.db, rig.workspace(), renamed, named)
        .await
        .unwrap();

    begin(&rig, &import).await.unwrap();
    // The process goes away and comes again.
    rig.restart().await;
    begin(&rig, &import).await.unwrap();
    let undo = undone(&rig, import.id).await;
    assert_eq!(undo.state, UndoState::Done);
    assert_eq!((undo.seen, undo.removed), (450, 443));
    let kept = [("changed", 1), ("conversation", 1), ("opted_out", 1)];
    let kept: BTreeMap<String, i64> = kept.map(|(why, n)| (why.to_owned(), n)).into();
    assert_eq!(undo.kept, kept);
    let all = undo.removed + undo.restored + undo.unchanged + undo.kept.values().sum::<i64>();
    assert_eq!(all, undo.seen, "everybody is somewhere");
    assert_eq!((undo.restored, undo.unchanged), (4, 0));
    // The two of the import's own that keep their contact, and two who were there.
    assert_eq!(undo.withdrawn, 4);

    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 7);
    for table in [
        "SELECT COUNT(*) FROM contact_identities",
        "SELECT COUNT(DISTINCT contact_id) FROM contact_terms",
    ] {
        assert_eq!(rig.count(table).await, 7, "{table}");
    }
    let details = async |id| {
        let mut reader = rig.db.reader().await.unwrap();
        contacts::get(&mut reader, rig.workspace(), id)
            .await
            .unwrap()
    };
    let back = details(plain).await;
    assert_eq!(back.name.as_deref(), Some("Old 0"));
    assert_eq!(
        (json!(back.traits), back.tags),
        (json!({"city": "Pune"}), vec!["vip".to_owned()])
    );
    let back = details(later).await;
    assert_eq!(back.name.as_deref(), Some("Later"));
    assert_eq!(
        (json!(back.traits), back.tags.len()),
        (json!({"city": "Delhi"}), 0)
    );
    let back = details(agreed).await;
    assert_eq!(
        (json!(back.traits), back.tags),
        (json!({"city": "Goa"}), vec!["fair".to_owned()])
    );
    assert_eq!(
        rig.texts(CONSENT).await,
        [
            "Later unknown import undone",
            "New 10 unknown import undone",
            "New 11 denied keyword",
            "Old 0 unknown import undone",
            "Old 2 granted keyword",
            "Old 3 denied keyword",
            "Renamed unknown import undone",
        ]
    );
    let who = rig
        .texts("SELECT DISTINCT actor FROM consent_log WHERE source = 'import undone'")
        .await;
    assert_eq!(who, ["member_asha"]);
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM audience_list_members")
            .await,
        0
    );
    assert_eq!(rig.count("SELECT members FROM audience_lists").await, 0);
    // The tables that filters ask say the same.
    assert_eq!(
        rig.texts("SELECT DISTINCT tag FROM contact_tags ORDER BY tag")
            .await,
        ["fair", "vip"]
    );

    // Asked again it changes nothing; the same file can be brought in anew, and a no stays.
    begin(&rig, &import).await.unwrap();
    let again = undone(&rig, import.id).await;
    assert_eq!((again.seen, again.ended_at), (450, undo.ended_at));
    let second = bring_in(&rig, 450).await;
    assert_eq!((second.created, second.kept_denied), (443, 2));
    rig.end().await;
}

#[db_test]
async fn a_list_elsewhere_or_a_later_import_leaves_people_alone(db: TestDb) {
    let rig = Rig::new(db).await;
    let first = bring_in(&rig, 3).await;
    let second = bring_in(&rig, 2).await;
    assert_eq!((second.created, second.granted), (0, 0));
    begin(&rig, &first).await.unwrap();
    let undo = undone(&rig, first.id).await;
    assert_eq!((undo.removed, undo.kept.get("listed")), (1, Some(&2)));
    // The second one changed nothing and gave nothing.
    begin(&rig, &second).await.unwrap();
    let undo = undone(&rig, second.id).await;
    let done = (undo.seen, undo.unchanged, undo.withdrawn);
    assert_eq!(done, (2, 2, 0), "{undo:?}");
    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 2);
    rig.end().await;
}

#[db_test]
async fn an_import_is_undone_within_seven_days_of_its_end(db: TestDb) {
    let rig = Rig::new(db).await;
    let open = rig.upload(b"Phone,Name\n+919876500000,Asha\n").await;
    let early = begin(&rig, &open).await;
    assert!(matches!(early, Err(NotUndone::NotEnded)), "{early:?}");
    let import = bring_in(&rig, 2).await;
    let ended = |days: u64| {
        let at = rig.db.mint().now().minus(Duration::from_hours(24 * days));
        let id = import.id;
        rig.db.write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE imports SET ended_at = $2 WHERE id = $1")
                    .bind(id)
                    .bind(at)
                    .execute(tx)
                    .await
            })
        })
    };
    ended(8).await.unwrap();
    let late = begin(&rig, &import).await;
    assert!(matches!(late, Err(NotUndone::TooLate)), "{late:?}");
    let swept = wigwag_store::imports::sweep_changes(&rig.db, rig.db.mint().now()).await;
    assert_eq!(swept.unwrap(), 0, "it changed nobody who was there");
    rig.end().await;
}
