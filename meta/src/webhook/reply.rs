//! Answers to what we sent: buttons, lists, forms, call requests, and carts from the catalogue.

use super::lenient::{Text, Timestamp};

open_struct! {
    /// A template's quick reply was tapped.
    pub struct Button<'a> {
        /// What the sender of the template attached to the button.
        payload: Option<Text<'a>> = "payload",
        /// Text of the button.
        text: Option<Text<'a>> = "text",
    }
}

open_struct! {
    /// Answer to an interactive message.
    pub struct InteractiveReply<'a> {
        /// Which of the replies it is.
        kind: Text<'a> = "type",
        /// A reply button was tapped.
        button_reply: Option<ButtonReply<'a>> = "button_reply",
        /// A list row was chosen.
        list_reply: Option<ListReply<'a>> = "list_reply",
        /// A flow or an address form was finished.
        nfm_reply: Option<NfmReply<'a>> = "nfm_reply",
        /// A request to call was answered.
        call_permission_reply: Option<CallPermissionReply<'a>> = "call_permission_reply",
    }
}

open_struct! {
    /// The reply button that was tapped.
    pub struct ButtonReply<'a> {
        /// Id given by the sender.
        id: Text<'a> = "id",
        /// Text of the button.
        title: Text<'a> = "title",
    }
}

open_struct! {
    /// The list row that was chosen.
    pub struct ListReply<'a> {
        /// Id given by the sender.
        id: Text<'a> = "id",
        /// Title of the row.
        title: Text<'a> = "title",
        /// Description of the row.
        description: Option<Text<'a>> = "description",
    }
}

open_struct! {
    /// A finished flow or address form.
    pub struct NfmReply<'a> {
        /// `flow` or `address_message`.
        name: Option<Text<'a>> = "name",
        /// Text shown in the chat.
        body: Option<Text<'a>> = "body",
        /// The answers: JSON inside a string.
        response_json: Option<Text<'a>> = "response_json",
    }
}

open_struct! {
    /// Answer to a request to call.
    pub struct CallPermissionReply<'a> {
        /// `accept` or `reject`.
        response: Option<Text<'a>> = "response",
        /// Whether the permission has no end.
        is_permanent: Option<bool> = "is_permanent",
        /// End of the permission, in Unix seconds.
        expiration_timestamp: Option<Timestamp> = "expiration_timestamp",
        /// `user_action` or `automatic`.
        response_source: Option<Text<'a>> = "response_source",
    }
}

open_struct! {
    /// A cart sent from the catalogue.
    pub struct Order<'a> {
        /// The catalogue.
        catalog_id: Option<Text<'a>> = "catalog_id",
        /// A note of the person.
        text: Option<Text<'a>> = "text",
        /// The products.
        product_items: Vec<ProductItem<'a>> = "product_items",
    }
}

open_struct! {
    /// One line of an order.
    pub struct ProductItem<'a> {
        /// The seller's id of the product.
        product_retailer_id: Text<'a> = "product_retailer_id",
        /// How many; Meta sends a number, older bodies a string.
        quantity: Text<'a> = "quantity",
        /// Price of one, in units of the currency, as text so that nothing is lost.
        item_price: Text<'a> = "item_price",
        /// ISO 4217 code.
        currency: Text<'a> = "currency",
    }
}
