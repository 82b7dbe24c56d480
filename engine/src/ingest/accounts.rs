//! Changes of templates, numbers and limits that Meta tells of.

use wigwag_meta::phone_number::MessagingLimit;
use wigwag_meta::template::{TemplateCategory, TemplateStatus};
use wigwag_meta::webhook::{Change, IntId, TemplateStatusUpdate, Text};
use wigwag_model::id::Id as _;
use wigwag_model::{WabaId, WorkspaceId};
use wigwag_store::ingest::{AccountChange, TemplateNews};
use wigwag_store::routes::Resolved;
use wigwag_store::routes::RouteKind;

/// People that may be written to in 24 hours.
#[derive(Debug, Clone, Copy)]
enum Daily {
    /// So many.
    People(i64),
    /// As many as one likes.
    Unlimited,
}

impl Daily {
    /// The number in the tables, where none is without limit.
    fn people(self) -> Option<i64> {
        match self {
            Self::People(people) => Some(people),
            Self::Unlimited => None,
        }
    }
}

/// Messages per second of a number that was raised to high throughput (Meta: Throughput).
const HIGH_THROUGHPUT: i64 = 1_000;

/// The changes that a piece tells of; empty for what Wigwag does not keep.
pub(super) fn changes(
    change: &Change<'_>,
    kind: RouteKind,
    owner: &Resolved,
) -> Vec<AccountChange> {
    // All of these belong to an account; an event of a portfolio changes nothing that is kept.
    if kind != RouteKind::Waba {
        return Vec::new();
    }
    let workspace = owner.route.workspace;
    let waba = WabaId::from_uuid(owner.route.subject);
    match change {
        Change::TemplateStatus(update) => template(
            workspace,
            waba,
            update.message_template_id.as_ref(),
            news(update),
        ),
        Change::TemplateQuality(update) => template(
            workspace,
            waba,
            update.message_template_id.as_ref(),
            TemplateNews {
                quality: lower(update.new_quality_score.as_ref()),
                ..TemplateNews::default()
            },
        ),
        Change::TemplateCategory(update) => {
            // Without the category before, the change is only announced, for the next day.
            let done = update.previous_category.is_some();
            template(
                workspace,
                waba,
                update.message_template_id.as_ref(),
                TemplateNews {
                    category: category(update.new_category.as_ref()).filter(|_| done),
                    previous_category: category(update.previous_category.as_ref()),
                    announced_category: category(update.correct_category.as_ref())
                        .filter(|_| !done),
                    ..TemplateNews::default()
                },
            )
        }
        Change::TemplateComponents(_) => vec![AccountChange::Templates { workspace, waba }],
        Change::PhoneNumberName(update) if said(update.decision.as_ref(), "APPROVED") => number(
            workspace,
            waba,
            update.display_phone_number.as_ref(),
            update.requested_verified_name.as_ref(),
            None,
            None,
        ),
        Change::PhoneNumberQuality(update) => {
            let raised = said(update.event.as_ref(), "THROUGHPUT_UPGRADE");
            let mut changes = number(
                workspace,
                waba,
                update.display_phone_number.as_ref(),
                None,
                raised.then_some(HIGH_THROUGHPUT),
                limit(update.current_limit.as_ref()).and_then(Daily::people),
            );
            let whole = update
                .max_daily_conversations_per_business
                .as_ref()
                .or(update.current_limit.as_ref().filter(|word| {
                    // A number without a limit is one whose portfolio has none.
                    MessagingLimit::from(word.as_str()) == MessagingLimit::Unlimited
                }));
            changes.extend(portfolio_limit(workspace, waba, limit(whole)));
            changes
        }
        Change::BusinessCapability(update) => {
            let known = update.daily_limit().and_then(|limit| daily(&limit));
            portfolio_limit(workspace, waba, known)
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn template(
    workspace: WorkspaceId,
    waba: WabaId,
    id: Option<&IntId<'_>>,
    news: TemplateNews,
) -> Vec<AccountChange> {
    let Some(id) = id else { return Vec::new() };
    vec![AccountChange::Template {
        workspace,
        waba,
        meta_template_id: id.0.as_str().to_owned(),
        news,
    }]
}

/// What a webhook about a template's status tells.
fn news(update: &TemplateStatusUpdate<'_>) -> TemplateNews {
    let words = |text: Option<&Text<'_>>| {
        text.map(|text| text.as_str().to_owned())
            .filter(|text| !text.is_empty())
    };
    let (info, other) = (update.rejection_info.as_ref(), update.other_info.as_ref());
    TemplateNews {
        status: status(update),
        rejected_reason: rejection(update),
        rejection_words: words(info.and_then(|info| info.reason.as_ref())),
        rejection_advice: words(info.and_then(|info| info.recommendation.as_ref())),
        pause_reason: words(other.and_then(|info| info.title.as_ref())),
        pause_words: words(other.and_then(|info| info.description.as_ref())),
        category: category(update.message_template_category.as_ref()),
        ..TemplateNews::default()
    }
}

fn category(word: Option<&TemplateCategory>) -> Option<String> {
    word.map(|category| category.as_str().to_ascii_lowercase())
}

/// The status after an event: some events name what happened, not what the template is now.
fn status(update: &TemplateStatusUpdate<'_>) -> Option<String> {
    match update.event.as_ref()? {
        TemplateStatus::Reinstated | TemplateStatus::Unarchived => Some("approved".to_owned()),
        TemplateStatus::Flagged => None,
        other => Some(other.as_str().to_ascii_lowercase()),
    }
}

fn rejection(update: &TemplateStatusUpdate<'_>) -> Option<String> {
    let reason = update.reason.as_deref().filter(|reason| *reason != "NONE");
    let words = update
        .rejection_info
        .as_ref()
        .and_then(|info| info.reason.as_deref());
    reason.or(words).map(str::to_owned)
}

fn number(
    workspace: WorkspaceId,
    waba: WabaId,
    displayed: Option<&Text<'_>>,
    verified_name: Option<&Text<'_>>,
    throughput: Option<i64>,
    messaging_limit: Option<i64>,
) -> Vec<AccountChange> {
    let digits: String = displayed
        .map(|number| number.chars().filter(char::is_ascii_digit).collect())
        .unwrap_or_default();
    if digits.is_empty()
        || (verified_name.is_none() && throughput.is_none() && messaging_limit.is_none())
    {
        return Vec::new();
    }
    vec![AccountChange::Number {
        workspace,
        waba,
        digits,
        verified_name: verified_name.map(|name| name.as_str().to_owned()),
        throughput,
        messaging_limit,
    }]
}

fn portfolio_limit(
    workspace: WorkspaceId,
    waba: WabaId,
    daily: Option<Daily>,
) -> Option<AccountChange> {
    daily.map(|daily| AccountChange::Limit {
        workspace,
        portfolio: None,
        waba,
        people: daily.people(),
    })
}

/// What a limit means; nothing for words that say nothing.
fn daily(limit: &MessagingLimit) -> Option<Daily> {
    match limit {
        MessagingLimit::Unlimited => Some(Daily::Unlimited),
        limit => limit
            .people()
            .map(|people| Daily::People(i64::from(people))),
    }
}

fn limit(word: Option<&Text<'_>>) -> Option<Daily> {
    word.and_then(|word| daily(&MessagingLimit::from(word.as_str())))
}

fn lower(word: Option<&Text<'_>>) -> Option<String> {
    word.map(|word| word.to_ascii_lowercase())
}

fn said(word: Option<&Text<'_>>, wanted: &str) -> bool {
    word.is_some_and(|word| word.eq_ignore_ascii_case(wanted))
}
