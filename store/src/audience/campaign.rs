//! The part of a filter that asks what became of a campaign.
//!
//! This is the one place where campaigns and audiences meet: the statement over a campaign's
//! recipients belongs here.

use wigwag_model::MessageState;
use wigwag_model::audience::{CampaignTest, Outcome};

use super::rows::Rows;
use super::statement::Builder;

/// A campaign's recipients with one of the outcomes. Of somebody
/// who was written to in a second round, that round counts.
pub(super) fn rows(builder: &mut Builder, test: &CampaignTest) -> Rows {
    let campaign = builder.bind(test.id);
    let mut outcomes: Vec<String> = Vec::with_capacity(test.outcome.len());
    for outcome in &test.outcome {
        outcomes.push(one(builder, *outcome));
    }
    let any = outcomes.join(" OR ");
    let not = if test.not { "NOT " } else { "" };
    let question = format!(
        "t.campaign_id = {campaign} AND {not}({any}) AND NOT EXISTS (SELECT 1 FROM campaign_recipients s
            WHERE s.workspace_id = t.workspace_id AND s.campaign_id = t.campaign_id AND s.round > t.round
              AND s.contact_id = t.contact_id)"
    );
    let table = "campaign_recipients t LEFT JOIN messages m ON m.workspace_id = t.workspace_id AND m.id = t.message_id";
    // One row for each round, and of those only the last.
    Rows::new(table, "campaign_recipients_by_contact", question).once()
}

fn one(builder: &mut Builder, outcome: Outcome) -> String {
    match outcome {
        Outcome::Planned => "t.state = 'planned'".to_owned(),
        Outcome::Skipped => "(t.state = 'skipped' OR COALESCE(m.state, -1) = 5)".to_owned(),
        Outcome::Replied => "t.replied_at IS NOT NULL".to_owned(),
        Outcome::Clicked => "t.clicked_at IS NOT NULL".to_owned(),
        Outcome::Converted => "t.converted_at IS NOT NULL".to_owned(),
        Outcome::OptedOut => "t.opted_out_at IS NOT NULL".to_owned(),
        state => {
            let rank = MessageState::parse(state.as_str()).map_or(-1, MessageState::rank);
            let rank = builder.bind(rank);
            format!("COALESCE(m.state, -1) = {rank}")
        }
    }
}
