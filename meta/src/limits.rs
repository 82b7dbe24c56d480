//! Meta's published limits of messages and media.
//!
//! Sources: Meta's pages of the message types, “Media” and “Template components”. Lengths are in characters
//! (Unicode scalar values), sizes in bytes.

/// Characters of a text message.
pub const TEXT_BODY: usize = 4096;
/// Characters of a caption.
pub const CAPTION: usize = 1024;
/// Characters of `biz_opaque_callback_data` (from a client library; Meta's pages say nothing).
pub const CALLBACK_DATA: usize = 512;
/// Cards of a contacts message.
pub const CONTACTS: usize = 257;
/// Characters of the body of an interactive message, except lists.
pub const INTERACTIVE_BODY: usize = 1024;
/// Characters of the body of a list.
pub const LIST_BODY: usize = 4096;
/// Characters of a text header.
pub const HEADER_TEXT: usize = 60;
/// Characters of a footer.
pub const FOOTER: usize = 60;
/// Reply buttons of a message.
pub const REPLY_BUTTONS: usize = 3;
/// Characters of a button's title.
pub const BUTTON_TITLE: usize = 20;
/// Characters of a reply button's id.
pub const BUTTON_ID: usize = 256;
/// Sections of a list or of a product list.
pub const SECTIONS: usize = 10;
/// Rows of a list, over all sections.
pub const LIST_ROWS: usize = 10;
/// Characters of a section's title.
pub const SECTION_TITLE: usize = 24;
/// Characters of a row's id.
pub const ROW_ID: usize = 200;
/// Characters of a row's title.
pub const ROW_TITLE: usize = 24;
/// Characters of a row's description.
pub const ROW_DESCRIPTION: usize = 72;
/// Products of a product list.
pub const PRODUCTS: usize = 30;
/// Fewest cards of a carousel.
pub const CAROUSEL_CARDS_MIN: usize = 2;
/// Most cards of a carousel.
pub const CAROUSEL_CARDS_MAX: usize = 10;
/// Characters of a card's body.
pub const CARD_BODY: usize = 160;
/// Characters of a flow's button.
pub const FLOW_CTA: usize = 30;
/// Characters of a template's name.
pub const TEMPLATE_NAME: usize = 512;
/// Characters of a template's body once filled in.
pub const TEMPLATE_BODY: usize = 1024;
/// Buttons of a template.
pub const TEMPLATE_BUTTONS: usize = 10;
/// Characters of the text of a template's button.
pub const TEMPLATE_BUTTON_TEXT: usize = 25;
/// Characters of a coupon code.
pub const COUPON_CODE: usize = 20;
/// Characters of an authentication code.
pub const OTP_CODE: usize = 15;
/// People in one call to block or unblock.
pub const BLOCK_USERS: usize = 1000;
/// People on the block list of a number.
pub const BLOCK_LIST: usize = 64_000;
/// Bytes of a webhook body.
pub const WEBHOOK_BYTES: usize = 3 * 1024 * 1024;
/// Updates in one webhook body.
pub const WEBHOOK_UPDATES: usize = 1000;
/// Bytes up to which a voice message shows the play symbol at once.
pub const VOICE_PLAY_BYTES: u64 = 512 * 1024;

/// Kinds of media, by what Meta allows for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// Image.
    Image,
    /// Video.
    Video,
    /// Audio.
    Audio,
    /// Document.
    Document,
    /// Sticker that stands still.
    Sticker,
    /// Sticker that moves.
    AnimatedSticker,
}

impl MediaKind {
    /// Most bytes.
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Image => 5 * 1024 * 1024,
            Self::Video | Self::Audio => 16 * 1024 * 1024,
            Self::Document => 100 * 1024 * 1024,
            Self::Sticker => 100 * 1024,
            Self::AnimatedSticker => 500 * 1024,
        }
    }

    /// MIME types that Meta promises to take. Documents of other types may pass.
    pub const fn mime_types(self) -> &'static [&'static str] {
        match self {
            Self::Image => &["image/jpeg", "image/png"],
            Self::Video => &["video/mp4", "video/3gpp"],
            Self::Audio => &[
                "audio/aac",
                "audio/amr",
                "audio/mpeg",
                "audio/mp4",
                "audio/ogg",
            ],
            Self::Document => &[
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ],
            Self::Sticker | Self::AnimatedSticker => &["image/webp"],
        }
    }

    /// Whether the MIME type is promised; parameters such as `; codecs=opus` are ignored.
    pub fn accepts(self, mime_type: &str) -> bool {
        let essence = mime_type.split(';').next().unwrap_or_default().trim();
        self.mime_types()
            .iter()
            .any(|known| known.eq_ignore_ascii_case(essence))
    }

    /// The kind that fits a MIME type; anything unknown is a document.
    pub fn for_mime_type(mime_type: &str) -> Self {
        [Self::Image, Self::Video, Self::Audio, Self::Sticker]
            .into_iter()
            .find(|kind| kind.accepts(mime_type))
            .unwrap_or(Self::Document)
    }
}
