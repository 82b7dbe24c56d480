//! What a person can do with an interactive message.
//!
//! The variants of [`Action`] are Meta's values of `interactive.type`; each holds the `action` object.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::interactive::{Header, TextBlock};

/// Type and action of an interactive message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "action", rename_all = "snake_case")]
pub enum Action {
    /// 1 to 3 reply buttons.
    Button(ButtonsAction),
    /// A list of up to 10 rows.
    List(ListAction),
    /// A button that opens a link.
    CtaUrl(CtaUrlAction),
    /// A button that opens a flow.
    Flow(FlowAction),
    /// One product.
    Product(ProductAction),
    /// Up to 30 products; needs a text header.
    ProductList(ProductListAction),
    /// The whole catalogue.
    CatalogMessage(CatalogAction),
    /// Asks for the person's location.
    LocationRequestMessage(LocationAction),
    /// Asks for an address (India).
    AddressMessage(AddressAction),
    /// 2 to 10 cards.
    Carousel(CarouselAction),
    /// A button that calls the business.
    VoiceCall(VoiceCallAction),
    /// Asks for leave to call.
    CallPermissionRequest(CallPermissionAction),
    /// Asks a person with a username for the phone number.
    RequestContactInfo(ContactInfoAction),
    /// Asks for a payment (India, Brazil, Singapore), as Meta documents it.
    OrderDetails(Value),
    /// Tells the state of an order (India, Brazil, Singapore), as Meta documents it.
    OrderStatus(Value),
}

/// Reply buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonsAction {
    /// 1 to 3 buttons with different ids.
    pub buttons: Vec<ReplyButton>,
}

/// One reply button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReplyButton {
    /// The only kind.
    Reply {
        /// Id and title.
        reply: Reply,
    },
}

/// Id and title of a reply button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Comes back when tapped; at most 256 characters.
    pub id: String,
    /// At most 20 characters.
    pub title: String,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListAction {
    /// Text of the button that opens the list; at most 20 characters.
    pub button: String,
    /// 1 to 10 sections.
    pub sections: Vec<ListSection>,
}

/// A section of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSection {
    /// At most 24 characters; required with more than one section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Rows; at most 10 in the whole list.
    pub rows: Vec<Row>,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Comes back when chosen; at most 200 characters.
    pub id: String,
    /// At most 24 characters.
    pub title: String,
    /// At most 72 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Opens a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "cta_url")]
pub struct CtaUrlAction {
    /// Text and link.
    pub parameters: CtaUrlParameters,
}

/// Text and link of a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CtaUrlParameters {
    /// At most 20 characters.
    pub display_text: String,
    /// The link.
    pub url: String,
}

/// Opens a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "flow")]
pub struct FlowAction {
    /// Which flow, and how.
    pub parameters: FlowParameters,
}

/// Which flow, and how. Give `flow_id` or `flow_name`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowParameters {
    /// `3`.
    pub flow_message_version: String,
    /// Id of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
    /// Name of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_name: Option<String>,
    /// Text of the button; at most 30 characters, no emoji.
    pub flow_cta: String,
    /// Comes back with the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    /// `draft` or `published`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `navigate` or `data_exchange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_action: Option<String>,
    /// First screen and its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_action_payload: Option<FlowPayload>,
}

/// First screen of a flow and its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowPayload {
    /// The screen.
    pub screen: String,
    /// Its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Map<String, Value>>,
}

/// One product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductAction {
    /// The catalogue.
    pub catalog_id: String,
    /// The seller's id of the product.
    pub product_retailer_id: String,
}

/// Several products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductListAction {
    /// The catalogue.
    pub catalog_id: String,
    /// 1 to 10 sections with at most 30 products.
    pub sections: Vec<ProductSection>,
}

/// A section of products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSection {
    /// At most 24 characters; required with more than one section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The products.
    pub product_items: Vec<ProductItem>,
}

/// A product in a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductItem {
    /// The seller's id of the product.
    pub product_retailer_id: String,
}

/// Opens the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "catalog_message")]
pub struct CatalogAction {
    /// The product whose picture is shown; the first one without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<CatalogParameters>,
}

/// The product whose picture is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogParameters {
    /// The seller's id of the product.
    pub thumbnail_product_retailer_id: String,
}

/// Asks for the location.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "send_location")]
pub struct LocationAction {}

/// Asks for leave to call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "call_permission_request")]
pub struct CallPermissionAction {}

/// Asks for the phone number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "request_contact_info")]
pub struct ContactInfoAction {}

/// Asks for an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "address_message")]
pub struct AddressAction {
    /// Country and what is known already.
    pub parameters: AddressParameters,
}

/// Country and what is known already; the keys are Meta's (`in_pin_code`, `city`…).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AddressParameters {
    /// `IN`.
    pub country: String,
    /// Values to start with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Map<String, Value>>,
    /// Addresses to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saved_addresses: Vec<Value>,
    /// What was wrong with the values, by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_errors: Option<Map<String, Value>>,
}

/// Calls the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "voice_call")]
pub struct VoiceCallAction {
    /// Text and validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<VoiceCallParameters>,
}

/// Text and validity of a call button.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoiceCallParameters {
    /// At most 20 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_text: Option<String>,
    /// How long it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_minutes: Option<u32>,
    /// Comes back with the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// Cards side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarouselAction {
    /// 2 to 10 cards of one kind, with the same kinds of buttons.
    pub cards: Vec<CarouselCard>,
}

/// One card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarouselCard {
    /// Position, from 0.
    pub card_index: u8,
    /// `cta_url`, `button` or `product`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Image or video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    /// At most 160 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<TextBlock>,
    /// What the card does.
    pub action: CardAction,
}

/// What a card does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CardAction {
    /// Quick reply buttons.
    Buttons {
        /// The buttons.
        buttons: Vec<QuickReplyButton>,
    },
    /// A product.
    Product(ProductAction),
    /// A link.
    CtaUrl(CtaUrlAction),
}

/// A quick reply button of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum QuickReplyButton {
    /// The only kind.
    QuickReply {
        /// Id and title.
        quick_reply: QuickReply,
    },
}

/// Id and title of a quick reply.
pub type QuickReply = Reply;
