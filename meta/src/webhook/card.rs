//! Contact cards that people send.

use super::lenient::Text;

open_struct! {
    /// One card of a contacts message.
    pub struct ContactCard<'a> {
        /// Name parts.
        name: Option<ContactName<'a>> = "name",
        /// Birthday as `YYYY-MM-DD`.
        birthday: Option<Text<'a>> = "birthday",
        /// Phone numbers.
        phones: Vec<Phone<'a>> = "phones",
        /// E-mail addresses.
        emails: Vec<Email<'a>> = "emails",
        /// Postal addresses.
        addresses: Vec<PostalAddress<'a>> = "addresses",
        /// Links.
        urls: Vec<WebLink<'a>> = "urls",
        /// Organisation.
        org: Option<Organisation<'a>> = "org",
        /// The whole card as vCard text (since 2026).
        vcard: Option<Text<'a>> = "vcard",
    }
}

open_struct! {
    /// Name parts of a contact card.
    pub struct ContactName<'a> {
        /// The name as shown.
        formatted_name: Option<Text<'a>> = "formatted_name",
        /// First name.
        first_name: Option<Text<'a>> = "first_name",
        /// Middle name.
        middle_name: Option<Text<'a>> = "middle_name",
        /// Last name.
        last_name: Option<Text<'a>> = "last_name",
        /// Prefix.
        prefix: Option<Text<'a>> = "prefix",
        /// Suffix.
        suffix: Option<Text<'a>> = "suffix",
    }
}

open_struct! {
    /// Phone number of a contact card.
    pub struct Phone<'a> {
        /// The number as written.
        phone: Option<Text<'a>> = "phone",
        /// WhatsApp id, if it has one.
        wa_id: Option<Text<'a>> = "wa_id",
        /// `CELL`, `HOME`, `WORK`….
        kind: Option<Text<'a>> = "type",
    }
}

open_struct! {
    /// E-mail address of a contact card.
    pub struct Email<'a> {
        /// The address.
        email: Option<Text<'a>> = "email",
        /// `HOME`, `WORK`….
        kind: Option<Text<'a>> = "type",
    }
}

open_struct! {
    /// Link of a contact card.
    pub struct WebLink<'a> {
        /// The link.
        url: Option<Text<'a>> = "url",
        /// `HOME`, `WORK`….
        kind: Option<Text<'a>> = "type",
    }
}

open_struct! {
    /// Postal address of a contact card.
    pub struct PostalAddress<'a> {
        /// Street and house number.
        street: Option<Text<'a>> = "street",
        /// City.
        city: Option<Text<'a>> = "city",
        /// State.
        state: Option<Text<'a>> = "state",
        /// Postal code.
        zip: Option<Text<'a>> = "zip",
        /// Country.
        country: Option<Text<'a>> = "country",
        /// Two-letter country code.
        country_code: Option<Text<'a>> = "country_code",
        /// `HOME`, `WORK`….
        kind: Option<Text<'a>> = "type",
    }
}

open_struct! {
    /// Organisation of a contact card.
    pub struct Organisation<'a> {
        /// Company.
        company: Option<Text<'a>> = "company",
        /// Department.
        department: Option<Text<'a>> = "department",
        /// Title.
        title: Option<Text<'a>> = "title",
    }
}
