//! A person who was erased: no text of the database names them, what must be accounted for is there, and a no
//! is kept for whoever adds the number again.

use serde_json::json;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{
    CampaignId, ContactId, ConversationId, EndpointId, EventId, HookId, ImportId, Kind, ListId,
    MediaId, Role, Scope, Timestamp,
};
use wigwag_store::audience::{self, NewList};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::events::{self, NewEvent, Who as Whose};
use wigwag_store::ingest::{self, Inbound, Items, NewMedia, Person};
use wigwag_store::outbox::{self, Enqueued, New, Urgency};
use wigwag_store::testing::TestDb;
use wigwag_store::{Dialect, Error, Priority, conversations, sql, sql_owned};
use wigwag_store_macros::db_test;

use crate::world::World;

const PHONE: &str = "+919812345678";
const NAME: &str = "Zephyrine Quillfeather";
const WORDS: &str = "the moonlit parcel";
/// What nobody else in the database is called.
const NEEDLES: [&str; 8] = [
    "9812345678",
    "98123 45678",
    "Zephyrine",
    "zephyrine",
    "Quillfeather",
    "quillfeather",
    "moonlit",
    "zq@kite",
];

fn inbound(world: &World, wamid: &str, phone: &str, media: bool) -> Inbound {
    Inbound {
        workspace: world.f.workspace,
        number: world.f.number,
        person: Person {
            wa_id: Some(phone.trim_start_matches('+').to_owned()),
            phone: Some(phone.to_owned()),
            profile_name: Some(NAME.to_owned()),
            portfolio: world.f.portfolio_id.clone(),
            ..Person::default()
        },
        wamid: wamid.to_owned(),
        kind: if media { Kind::Image } else { Kind::Text },
        content: json!({ "body": WORDS, "caption": WORDS }).to_string(),
        preview: WORDS.to_owned(),
        media: media.then(|| NewMedia {
            meta_media_id: format!("meta-{wamid}"),
            kind: Kind::Image,
            mime_type: "image/jpeg".to_owned(),
            filename: Some(format!("{NAME}.jpg")),
            sha256: None,
        }),
        reply_to: None,
        referral: Some(json!({ "headline": WORDS }).to_string()),
        opt: None,
        at: world.db.mint().now(),
        seq: 1,
        idx: 0,
    }
}

async fn writes(world: &World, messages: Vec<Inbound>) {
    let items = Items {
        messages,
        ..Items::default()
    };
    ingest::apply_part(&world.db, items).await.unwrap();
}

async fn thread_of(world: &World, phone: &str) -> (ContactId, ConversationId) {
    let row = sql("SELECT c.contact_id, c.id FROM contact_identities i
                   JOIN conversations c ON c.workspace_id = i.workspace_id AND c.contact_id = i.contact_id
                   WHERE i.workspace_id = $1 AND i.kind = 'phone' AND i.value = $2")
    .bind(world.f.workspace)
    .bind(phone)
    .fetch_one(&mut world.db.reader().await.unwrap())
    .await
    .unwrap();
    (row.id(0).unwrap(), row.id(1).unwrap())
}

fn outgoing(conversation: ConversationId, words: &str) -> New {
    New {
        conversation,
        kind: Kind::Text,
        content: json!({ "body": words }).to_string(),
        preview: words.to_owned(),
        media: None,
        prepare: false,
        template: None,
        category: None,
        reply_to_wamid: None,
        client_ref: Some(format!("for {NAME}")),
        callback_data: Some(PHONE.to_owned()),
        campaign: None,
        source: "composer",
        author: None,
        body: json!({ "type": "text", "text": { "body": words } }).to_string(),
        urgency: Urgency::Reply,
        reaction: None,
        idempotency: None,
    }
}

/// Rows of everything that may be about a person, beside those that the functions above write.
async fn elsewhere(world: &World, contact: ContactId, conversation: ConversationId) {
    let f = world.f.clone();
    let mint = world.db.mint();
    let (campaign, list, import): (CampaignId, ListId, ImportId) =
        (mint.id(), mint.id(), mint.id());
    let (endpoint, hook, event): (EndpointId, HookId, EventId) = (mint.id(), mint.id(), mint.id());
    let now = mint.now();
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let personal = json!({ "name": NAME, "phone": PHONE, "text": WORDS }).to_string();
                sql("INSERT INTO campaigns (workspace_id, id, name, state, audience, variables, schedule, settings, round, canary,
                        created_by, created_at, updated_at, version)
                     VALUES ($1, $2, 'Spring', 'done', '{}', '{}', '{}', '{}', 1, 'off', 'system', $3, $3, 1)")
                    .bind(f.workspace).bind(campaign).bind(now).execute(tx).await?;
                sql("INSERT INTO campaign_recipients (workspace_id, campaign_id, round, contact_id, no, number_id, due_at, zone, state, filled, canary)
                     VALUES ($1, $2, 1, $3, 1, $4, $5, 'Asia/Kolkata', 'fed', $6, 0)")
                    .bind(f.workspace).bind(campaign).bind(contact).bind(f.number).bind(now).bind(&personal).execute(tx).await?;
                sql("INSERT INTO links (workspace_id, slug, campaign_id, round, contact_id, variable, destination, clicks, created_at)
                     VALUES ($1, 'abc', $2, 1, $3, 'button.0.url', $4, 2, $5)")
                    .bind(f.workspace).bind(campaign).bind(contact).bind(format!("https://kite.example/?for={NAME}")).bind(now).execute(tx).await?;
                sql("INSERT INTO events (workspace_id, id, contact_id, name, properties, occurred_at, source_id, created_at, compared)
                     VALUES ($1, $2, $3, 'Order Placed', $4, $5, $4, $5, $4)")
                    .bind(f.workspace).bind(event).bind(contact).bind(&personal).bind(now).execute(tx).await?;
                sql("INSERT INTO campaign_conversions (workspace_id, campaign_id, contact_id, goal, round, event_id, at)
                     VALUES ($1, $2, $3, 0, 1, $4, $5)")
                    .bind(f.workspace).bind(campaign).bind(contact).bind(event).bind(now).execute(tx).await?;
                sql("INSERT INTO imports (workspace_id, id, state, filename, object_key, size, encoding, delimiter, has_header, columns, rows_total,
                        position, rows_done, created, updated, duplicates, failed, granted, kept_denied, created_by, created_at, ended_at, list_id)
                     VALUES ($1, $2, 'done', 'people.csv', 'k', 1, 'utf-8', ',', 1, $3, 1, 1, 1, 1, 0, 0, 1, 0, 0, 'system', $4, $4, NULL)")
                    .bind(f.workspace).bind(import)
                    .bind(json!([{ "name": "Name", "samples": [NAME], "kind": "text", "filled": 1 }]).to_string())
                    .bind(now).execute(tx).await?;
                sql("INSERT INTO import_problems (workspace_id, import_id, row_no, field, code, message, record)
                     VALUES ($1, $2, 2, 'phone', 'duplicate', 'twice', $3), ($1, $2, 3, 'phone', 'duplicate', 'twice', '[\"Ravi\"]')")
                    .bind(f.workspace).bind(import).bind(json!(["Z", "+91 98123 45678"]).to_string()).execute(tx).await?;
                sql("INSERT INTO import_changes (workspace_id, import_id, contact_id, change, granted) VALUES ($1, $2, $3, $4, 0)")
                    .bind(f.workspace).bind(import).bind(contact).bind(&personal).execute(tx).await?;
                sql("INSERT INTO endpoints (workspace_id, id, name, url, form, events, state, on_since, secret_enc, failures, created_at)
                     VALUES ($1, $2, 'Shop', 'https://x.example', 'wigwag', '', 'off', $3, $4, 0, $3)")
                    .bind(f.workspace).bind(endpoint).bind(now).bind(vec![1_u8]).execute(tx).await?;
                sql("INSERT INTO endpoint_deliveries (workspace_id, id, endpoint_id, topic, seq, kind, body, state, due_at, tries, created_at)
                     VALUES ($1, $2, $3, $4, 1, 'message.received', $5, 'waiting', $6, 0, $6)")
                    .bind(f.workspace).bind(contact).bind(endpoint).bind(contact).bind(&personal).bind(now).execute(tx).await?;
                sql("INSERT INTO hooks (workspace_id, id, name, token, plan, secret_enc, active, version, created_at, updated_at)
                     VALUES ($1, $2, 'Shop', 'tok', '{}', $3, 1, 1, $4, $4)")
                    .bind(f.workspace).bind(hook).bind(vec![1_u8]).bind(now).execute(tx).await?;
                sql("INSERT INTO hook_deliveries (workspace_id, id, hook_id, source_id, topic, outcome, detail, contact_id, received_at)
                     VALUES ($1, $2, $2, 's', 'orders', 'recorded', $3, $4, $5)")
                    .bind(f.workspace).bind(hook).bind(&personal).bind(contact).bind(now).execute(tx).await?;
                sql("INSERT INTO dead_letters (id, workspace_id, app_id, partition, journal_seq, item_index, reason, detail, item, state, tries, received_at, changed_at)
                     VALUES ($1, $2, $3, 0, 1, 0, 'apply', $4, $5, 'open', 1, $6, $6)")
                    .bind(list).bind(f.workspace).bind(&f.app_id).bind(&personal).bind(personal.as_bytes()).bind(now).execute(tx).await?;
                sql("INSERT INTO reactions (workspace_id, message_id, author, emoji, at)
                     SELECT workspace_id, id, 'contact', 'x', at FROM messages WHERE conversation_id = $1")
                    .bind(conversation).execute(tx).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let new = NewList {
        name: "Fair".to_owned(),
        source: "import",
        created_by: "system".to_owned(),
        columns: vec!["Code".to_owned()],
    };
    audience::create_list(&world.db, world.f.workspace, new, vec![contact])
        .await
        .unwrap();
    let workspace = world.f.workspace;
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE audience_list_members SET columns = $2 WHERE workspace_id = $1")
                    .bind(workspace)
                    .bind(json!({ "Code": WORDS }).to_string())
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
}

/// Every text column of the database that holds one of the needles.
async fn naming(world: &World) -> Vec<String> {
    let text = match world.db.dialect() {
        Dialect::Sqlite => {
            "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p ON p.type = 'TEXT' WHERE m.type = 'table'"
        }
        Dialect::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'"
        }
    };
    let mut on = world.db.reader().await.unwrap();
    let columns = sql(text).fetch_all(&mut on).await.unwrap();
    assert!(columns.len() > 100, "{}", columns.len());
    let mut found = Vec::new();
    for row in &columns {
        let (table, column) = (row.text(0).unwrap(), row.text(1).unwrap());
        for needle in NEEDLES {
            let question =
                format!("SELECT COUNT(*) FROM {table} WHERE \"{column}\" LIKE '%{needle}%'");
            if world.int(&question).await > 0 {
                found.push(format!("{table}.{column}: {needle}"));
            }
        }
    }
    found
}

fn word(world: &World, contact: ContactId, source: &str, at: Timestamp) -> Word {
    Word {
        workspace: world.f.workspace,
        contact,
        category: Category::Marketing,
        state: ConsentState::Denied,
        source: source.to_owned(),
        actor: "system".to_owned(),
        text: Some(WORDS.to_owned()),
        at,
    }
}

async fn says(world: &World, rule: Rule, said: Word) -> bool {
    let outcomes = world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move { consent::put(tx, rule, &[said]).await })
        })
        .await
        .unwrap();
    outcomes[0].applied
}

#[db_test]
async fn no_text_names_an_erased_person_and_the_accounts_stay(db: TestDb) {
    let world = World::new(db).await;
    let other = "+919800000001";
    writes(
        &world,
        vec![
            inbound(&world, "wamid.1", PHONE, false),
            inbound(&world, "wamid.2", PHONE, true),
        ],
    )
    .await;
    let (contact, conversation) = thread_of(&world, PHONE).await;
    let scope = Scope::member(world.f.workspace, world.f.owner, Role::Owner);
    let sent = outbox::enqueue(&world.db, &scope, outgoing(conversation, WORDS)).await;
    assert!(matches!(sent, Ok(Enqueued::Written(_))), "{sent:?}");
    let edit = wigwag_store::contacts::Edit {
        name: Some(Some(NAME.to_owned())),
        email: Some(Some("zq@kite.example".to_owned())),
        tags: Some(vec!["moonlit".to_owned()]),
        traits: Some([("note".to_owned(), json!(WORDS))].into()),
        version: world.contact(contact).await.unwrap().version,
    };
    wigwag_store::contacts::edit(&world.db, world.f.workspace, contact, edit)
        .await
        .unwrap();
    let told = NewEvent {
        contact: Whose::Id(contact),
        name: "Cart Viewed".to_owned(),
        properties: serde_json::from_value(json!({ "by": NAME })).unwrap(),
        occurred_at: None,
        source_id: Some(WORDS.to_owned()),
    };
    events::track(&world.db, world.f.workspace, told.clone())
        .await
        .unwrap();
    let now = world.db.mint().now();
    assert!(says(&world, Rule::Own, word(&world, contact, "keyword", now)).await);
    elsewhere(&world, contact, conversation).await;
    let stranger = world.person("Ravi", other, &["fair"]).await;
    assert!(
        naming(&world).await.len() > 20,
        "the test writes what is to go"
    );
    let files = wigwag_store::erasures::files(&world.db, world.f.workspace, contact)
        .await
        .unwrap();
    assert!(files.is_empty(), "nothing was fetched yet: {files:?}");
    world.erase(&[contact]).await;

    assert_eq!(naming(&world).await, Vec::<String>::new());
    // Found by nothing, in no list, and nothing waits for it.
    let gone = world.contact(contact).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let thread = conversations::get(&world.db, &scope, conversation).await;
    assert!(matches!(thread, Err(Error::NotFound)), "{thread:?}");
    let refused = outbox::enqueue(&world.db, &scope, outgoing(conversation, "x")).await;
    assert!(!matches!(refused, Ok(Enqueued::Written(_))), "{refused:?}");
    let told = events::track(&world.db, world.f.workspace, told).await;
    assert!(told.is_err(), "{told:?}");
    let list = audience::create_list(
        &world.db,
        world.f.workspace,
        NewList {
            name: "Again".to_owned(),
            source: "manual",
            created_by: "system".to_owned(),
            columns: Vec::new(),
        },
        vec![contact],
    )
    .await;
    assert!(matches!(list, Err(Error::NotFound)), "{list:?}");
    assert_eq!(world.int("SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(world.int("SELECT members FROM audience_lists").await, 0);
    // What must be accounted for.
    assert_eq!(world.int("SELECT COUNT(*) FROM messages").await, 3);
    let wamids =
        "SELECT COUNT(*) FROM messages WHERE wamid IN ('wamid.1', 'wamid.2') AND media_id IS NULL";
    assert_eq!(world.int(wamids).await, 2);
    assert_eq!(world.int("SELECT COUNT(*) FROM media").await, 0);
    assert_eq!(
        world.int("SELECT COUNT(*) FROM campaign_recipients").await,
        1
    );
    assert_eq!(
        world.int("SELECT COUNT(*) FROM campaign_conversions").await,
        1
    );
    assert_eq!(world.int("SELECT COUNT(*) FROM events").await, 1);
    assert_eq!(world.int("SELECT COUNT(*) FROM import_problems").await, 1);
    assert_eq!(world.int("SELECT COUNT(*) FROM kept_refusals").await, 1);
    assert_eq!(
        world
            .int("SELECT COUNT(*) FROM erasures WHERE ended_at IS NOT NULL")
            .await,
        1
    );
    // Somebody else is as before.
    assert_eq!(world.tags(stranger).await, ["fair"]);

    // A replay of what came is nobody's message.
    writes(&world, vec![inbound(&world, "wamid.1", PHONE, false)]).await;
    assert_eq!(world.int("SELECT COUNT(*) FROM messages").await, 3);
    world.end().await;
}

#[db_test]
async fn the_number_may_write_again_and_keeps_its_no(db: TestDb) {
    let world = World::new(db).await;
    writes(&world, vec![inbound(&world, "wamid.1", PHONE, false)]).await;
    let (contact, conversation) = thread_of(&world, PHONE).await;
    let now = world.db.mint().now();
    assert!(says(&world, Rule::Own, word(&world, contact, "keyword", now)).await);
    world.erase(&[contact]).await;
    world.db.clock.advance(std::time::Duration::from_secs(60));

    writes(&world, vec![inbound(&world, "wamid.9", PHONE, false)]).await;
    let (again, thread) = thread_of(&world, PHONE).await;
    assert_ne!((again, thread), (contact, conversation));
    let details = wigwag_store::contacts::details(&world.db, world.f.workspace, again)
        .await
        .unwrap();
    assert_eq!(details.contact.profile_name.as_deref(), Some(NAME));
    let [no] = details.consent.as_slice() else {
        panic!("{:?}", details.consent)
    };
    assert_eq!(
        (no.state, no.source.as_str()),
        (ConsentState::Denied, "keyword")
    );
    // A file or a shop does not make a yes of it, the person does.
    let at = world.db.mint().now();
    let yes = |source: &str| Word {
        state: ConsentState::Granted,
        ..word(&world, again, source, at)
    };
    assert!(!says(&world, Rule::Imported, yes("import")).await);
    assert!(!says(&world, Rule::Told, yes("api")).await);
    assert!(says(&world, Rule::Resume, yes("keyword")).await);
    let scope = Scope::member(world.f.workspace, world.f.owner, Role::Owner);
    assert!(conversations::get(&world.db, &scope, thread).await.is_ok());
    world.end().await;
}

#[db_test]
async fn files_of_the_person_alone_are_named_before_they_go(db: TestDb) {
    let world = World::new(db).await;
    writes(&world, vec![inbound(&world, "wamid.2", PHONE, true)]).await;
    let (contact, _) = thread_of(&world, PHONE).await;
    let other = world.person("Ravi", "+919800000001", &[]).await;
    let thread = world.thread(other, None).await;
    let workspace = world.f.workspace;
    let shared: MediaId = world.db.mint().id();
    world
        .write(vec![
            "UPDATE media SET state = 'ready', object_key = 'own'".to_owned(),
        ])
        .await;
    let scope = Scope::member(workspace, world.f.owner, Role::Owner);
    let (_, conversation) = thread_of(&world, PHONE).await;
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO media (workspace_id, id, kind, mime_type, state, object_key, created_at)
                     VALUES ($1, $2, 'image', 'image/png', 'ready', 'shared', 0)")
                    .bind(workspace)
                    .bind(shared)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let mut new = outgoing(conversation, WORDS);
    new.media = Some(shared);
    outbox::enqueue(&world.db, &scope, new).await.unwrap();
    // The same file went to somebody else too.
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id,
                        source, at, seq, idx, created_at, changed_seq)
                     SELECT workspace_id, $2, $3, $4, number_id, 'out', 'image', '{}', $5, 'composer', 1, 0, 0, 1, 0
                     FROM conversations WHERE workspace_id = $1 AND id = $3")
                    .bind(workspace)
                    .bind(shared)
                    .bind(thread)
                    .bind(other)
                    .bind(shared)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let files = wigwag_store::erasures::files(&world.db, workspace, contact)
        .await
        .unwrap();
    assert_eq!(files, ["own"]);
    world.erase(&[contact]).await;
    let left = sql_owned("SELECT object_key FROM media".to_owned())
        .fetch_all(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    let left: Vec<String> = left.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(left, ["shared"]);
    world.end().await;
}
