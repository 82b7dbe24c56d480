//! Template fields of webhooks: status, quality, category, components.
//!
//! Ids come as integers and are read from both forms. The language comes as `en_US` or `en-US`; use
//! [`crate::template::language_code`] to compare.

use super::lenient::{IntId, Seconds, Text};
use crate::template::{TemplateCategory, TemplateStatus};

open_struct! {
    /// Value of `message_template_status_update`.
    pub struct TemplateStatusUpdate<'a> {
        /// The new status, or an event such as `FLAGGED`.
        event: Option<TemplateStatus> = "event",
        /// The template's id.
        message_template_id: Option<IntId<'a>> = "message_template_id",
        /// The template's name.
        message_template_name: Option<Text<'a>> = "message_template_name",
        /// The template's language.
        message_template_language: Option<Text<'a>> = "message_template_language",
        /// Why it was rejected; `NONE` otherwise.
        reason: Option<Text<'a>> = "reason",
        /// The template's category.
        message_template_category: Option<TemplateCategory> = "message_template_category",
        /// When it was disabled.
        disable_info: Option<DisableInfo<'a>> = "disable_info",
        /// Why it was paused, locked or disabled.
        other_info: Option<OtherInfo<'a>> = "other_info",
        /// Why it was rejected, in sentences.
        rejection_info: Option<RejectionInfo<'a>> = "rejection_info",
    }
}

open_struct! {
    /// When a template was disabled.
    pub struct DisableInfo<'a> {
        /// A date or Unix seconds, as Meta wrote it.
        disable_date: Option<Text<'a>> = "disable_date",
    }
}

open_struct! {
    /// Why a template was paused, locked or disabled.
    pub struct OtherInfo<'a> {
        /// `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE`, `UNPAUSE`, `DISABLED`.
        title: Option<Text<'a>> = "title",
        /// Meta's sentence about it.
        description: Option<Text<'a>> = "description",
    }
}

open_struct! {
    /// Why a template was rejected.
    pub struct RejectionInfo<'a> {
        /// The reason, in Meta's words.
        reason: Option<Text<'a>> = "reason",
        /// What to change, in Meta's words.
        recommendation: Option<Text<'a>> = "recommendation",
    }
}

open_struct! {
    /// Value of `message_template_quality_update`; scores are `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub struct TemplateQuality<'a> {
        /// Score before.
        previous_quality_score: Option<Text<'a>> = "previous_quality_score",
        /// Score now.
        new_quality_score: Option<Text<'a>> = "new_quality_score",
        /// The template's id.
        message_template_id: Option<IntId<'a>> = "message_template_id",
        /// The template's name.
        message_template_name: Option<Text<'a>> = "message_template_name",
        /// The template's language.
        message_template_language: Option<Text<'a>> = "message_template_language",
    }
}

open_struct! {
    /// Value of `template_category_update`: announced 24 hours before (`correct_category`), then done.
    pub struct TemplateCategoryUpdate<'a> {
        /// The template's id.
        message_template_id: Option<IntId<'a>> = "message_template_id",
        /// The template's name.
        message_template_name: Option<Text<'a>> = "message_template_name",
        /// The template's language.
        message_template_language: Option<Text<'a>> = "message_template_language",
        /// Category before, once changed.
        previous_category: Option<TemplateCategory> = "previous_category",
        /// Category now.
        new_category: Option<TemplateCategory> = "new_category",
        /// Category it will get.
        correct_category: Option<TemplateCategory> = "correct_category",
        /// When it will change, in Unix seconds.
        category_update_timestamp: Option<Seconds> = "category_update_timestamp",
    }
}

open_struct! {
    /// Value of `message_template_components_update`.
    pub struct TemplateComponents<'a> {
        /// The template's id.
        message_template_id: Option<IntId<'a>> = "message_template_id",
        /// The template's name.
        message_template_name: Option<Text<'a>> = "message_template_name",
        /// The template's language.
        message_template_language: Option<Text<'a>> = "message_template_language",
        /// Header text.
        title: Option<Text<'a>> = "message_template_title",
        /// Body text.
        body: Option<Text<'a>> = "message_template_element",
        /// Footer text.
        footer: Option<Text<'a>> = "message_template_footer",
        /// Buttons.
        buttons: Vec<TemplateButtonInfo<'a>> = "message_template_buttons",
    }
}

open_struct! {
    /// A button named by `message_template_components_update`.
    pub struct TemplateButtonInfo<'a> {
        /// Kind.
        kind: Option<Text<'a>> = "message_template_button_type",
        /// Text.
        text: Option<Text<'a>> = "message_template_button_text",
        /// Address of a link button.
        url: Option<Text<'a>> = "message_template_button_url",
        /// Number of a call button.
        phone_number: Option<Text<'a>> = "message_template_button_phone_number",
    }
}
