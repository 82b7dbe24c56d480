//! Everything that is kept, read column by column.

use std::fmt::Write as _;

use wigwag_store::{Db, Row, sql};

/// A table and how to read it: one letter per column, `i` for an id, `n` for an integer, `t` for a
/// text, `b` for bytes.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    columns: &'static str,
    text: &'static str,
}

pub(crate) const TABLES: [Table; 15] = [
    Table {
        name: "workspaces",
        columns: "inn",
        text: "SELECT w.id, w.next_contact_no, f.seq FROM workspaces w JOIN feeds f ON f.workspace_id = w.id",
    },
    Table {
        name: "contacts",
        columns: "inttttttntnnni",
        text: "SELECT id, no, name, profile_name, phone, wa_id, user_id, country, blocked_at, source, created_at, last_seen_at, version, merged_into FROM contacts ORDER BY id",
    },
    Table {
        name: "contact_identities",
        columns: "ttti",
        text: "SELECT kind, scope, value, contact_id FROM contact_identities",
    },
    Table {
        name: "contact_terms",
        columns: "ti",
        text: "SELECT term, contact_id FROM contact_terms",
    },
    Table {
        name: "conversations",
        columns: "iiitinttitttntnnntnnn",
        text: "SELECT id, contact_id, number_id, status, assignee_id, unread_count, contact_name, contact_phone, last_message_id, last_direction, last_kind, last_preview,
               last_state, last_author, last_at, activity_at, last_inbound_at, last_inbound_wamid, window_closes_at, snoozed_until, changed_seq FROM conversations ORDER BY id",
    },
    Table {
        name: "messages",
        columns: "iiittitttntttttnnnnnnnnnnnnn",
        text: "SELECT id, conversation_id, contact_id, direction, kind, media_id, content, wamid, reply_to_wamid, state, failure_reason, failure_detail, pricing, cost_currency, cost_card, cost_micros, failure_code,
               at, seq, idx, accepted_at, sent_at, delivered_at, read_at, played_at, failed_at, edited_at, changed_seq FROM messages ORDER BY id",
    },
    Table {
        name: "revoked",
        columns: "in",
        text: "SELECT id, revoked_at FROM messages WHERE revoked_at IS NOT NULL ORDER BY id",
    },
    Table {
        name: "reactions",
        columns: "ittn",
        text: "SELECT message_id, author, emoji, at FROM reactions",
    },
    Table {
        name: "parked",
        columns: "ttt",
        text: "SELECT wamid, kind, payload FROM parked",
    },
    Table {
        name: "consent",
        columns: "itttn",
        text: "SELECT contact_id, category, state, source, at FROM consent",
    },
    Table {
        name: "media",
        columns: "ittti",
        text: "SELECT id, kind, state, meta_media_id, number_id FROM media ORDER BY id",
    },
    Table {
        name: "jobs",
        columns: "itttn",
        text: "SELECT id, kind, payload, dedupe_key, run_at FROM jobs ORDER BY id",
    },
    Table {
        name: "outbox",
        columns: "iintnnn",
        text: "SELECT message_id, contact_id, priority, state, due_at, try_no, lane_epoch FROM outbox ORDER BY message_id",
    },
    Table {
        name: "attempts",
        columns: "innntntt",
        text: "SELECT message_id, try_no, started_at, ended_at, effect, error_code, error_detail, wamid FROM attempts ORDER BY message_id, try_no",
    },
    Table {
        name: "feed",
        columns: "tii",
        text: "SELECT kind, subject_id, conversation_id FROM feed",
    },
];

impl Table {
    /// All rows as text. Those that the question does not order are ordered here, because the
    /// databases order texts differently.
    pub(crate) async fn read(&self, db: &Db) -> Vec<String> {
        let mut reader = db.reader().await.expect("a reader");
        let rows = sql(self.text)
            .fetch_all(&mut reader)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut lines: Vec<String> = rows.iter().map(|row| self.line(row)).collect();
        if !self.text.contains("ORDER BY") {
            lines.sort();
        }
        lines
    }

    fn line(&self, row: &Row) -> String {
        let mut line = String::new();
        for (at, column) in self.columns.chars().enumerate() {
            let value = match column {
                'i' => row
                    .opt_id::<wigwag_model::MessageId>(at)
                    .map(|id| id.map(|id| wigwag_model::id::Id::uuid(id).to_string())),
                'n' => row.opt_int(at).map(|number| number.map(|n| n.to_string())),
                _ => row.opt_text(at),
            };
            let value = value.unwrap_or_else(|error| panic!("{} {at}: {error}", self.name));
            write!(line, "{} | ", value.as_deref().unwrap_or("-")).expect("written to memory");
        }
        line
    }
}
