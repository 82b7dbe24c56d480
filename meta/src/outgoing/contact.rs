//! Contact cards to send.
//!
//! A card needs `formatted_name` and one further part of the name; a message takes up to 257 cards.

use serde::{Deserialize, Serialize};

/// A contact card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactCard {
    /// Name parts.
    pub name: ContactName,
    /// Birthday as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// Phone numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// Postal addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<PostalAddress>,
    /// Links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<WebLink>,
    /// Organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<Organisation>,
}

macro_rules! optional_parts {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name { $($(#[$fmeta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<String>,)+ }
    };
}

/// Name parts of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactName {
    /// The name as shown.
    pub formatted_name: String,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
}

optional_parts! {
    /// Phone number of a card.
    Phone {
        /// The number.
        phone,
        /// WhatsApp id; with it the card shows a “Message” button.
        wa_id,
        /// `CELL`, `HOME`, `WORK`….
        #[serde(rename = "type")]
        kind,
    }
}

optional_parts! {
    /// E-mail address of a card.
    Email {
        /// The address.
        email,
        /// `HOME`, `WORK`….
        #[serde(rename = "type")]
        kind,
    }
}

optional_parts! {
    /// Link of a card.
    WebLink {
        /// The link.
        url,
        /// `HOME`, `WORK`….
        #[serde(rename = "type")]
        kind,
    }
}

optional_parts! {
    /// Postal address of a card.
    PostalAddress {
        /// Street and house number.
        street,
        /// City.
        city,
        /// State.
        state,
        /// Postal code.
        zip,
        /// Country.
        country,
        /// Two-letter country code.
        country_code,
        /// `HOME`, `WORK`….
        #[serde(rename = "type")]
        kind,
    }
}

optional_parts! {
    /// Organisation of a card.
    Organisation {
        /// Company.
        company,
        /// Department.
        department,
        /// Title.
        title,
    }
}
