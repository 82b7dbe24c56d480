//! Numbers: list, read, register, verify, profile.

use serde::Serialize;
use serde_json::json;

use super::Client;
use crate::error::Error;
use crate::oauth::Data;
use crate::phone_number::{FIELDS, PhoneNumber};
use crate::profile::{self, BusinessProfile, ProfileEntry};
use crate::response::Success;

#[derive(Serialize)]
struct ProfileUpdate<'a> {
    messaging_product: &'static str,
    #[serde(flatten)]
    profile: &'a BusinessProfile,
}

impl Client {
    /// All numbers of a WABA.
    pub async fn list_phone_numbers(&self, waba_id: &str) -> Result<Vec<PhoneNumber>, Error> {
        self.list(
            &[waba_id, "phone_numbers"],
            &[("fields", FIELDS), ("limit", "100")],
        )
        .await
    }

    /// One number.
    pub async fn get_phone_number(&self, phone_number_id: &str) -> Result<PhoneNumber, Error> {
        self.get(&[phone_number_id], &[("fields", FIELDS)]).await
    }

    /// Registers a number for the Cloud API. The PIN is set, or must match if one was set before.
    pub async fn register(&self, phone_number_id: &str, pin: &str) -> Result<Success, Error> {
        let body = json!({"messaging_product": "whatsapp", "pin": pin});
        self.post(&[phone_number_id, "register"], &body).await
    }

    /// Takes a number off the Cloud API.
    pub async fn deregister(&self, phone_number_id: &str) -> Result<Success, Error> {
        self.post(
            &[phone_number_id, "deregister"],
            &json!({"messaging_product": "whatsapp"}),
        )
        .await
    }

    /// Asks for a verification code by `SMS` or `VOICE`.
    pub async fn request_code(
        &self,
        phone_number_id: &str,
        method: &str,
        language: &str,
    ) -> Result<Success, Error> {
        let body = json!({"code_method": method, "language": language});
        self.post(&[phone_number_id, "request_code"], &body).await
    }

    /// Verifies a number with the code.
    pub async fn verify_code(&self, phone_number_id: &str, code: &str) -> Result<Success, Error> {
        self.post(&[phone_number_id, "verify_code"], &json!({"code": code}))
            .await
    }

    /// The business profile of a number.
    pub async fn get_profile(&self, phone_number_id: &str) -> Result<BusinessProfile, Error> {
        let segments = [phone_number_id, "whatsapp_business_profile"];
        let answer: Data<Vec<ProfileEntry>> =
            self.get(&segments, &[("fields", profile::FIELDS)]).await?;
        let entry = answer.data.into_iter().next().unwrap_or_default();
        Ok(entry.business_profile.unwrap_or(entry.plain))
    }

    /// Changes the fields of the profile that are set.
    pub async fn update_profile(
        &self,
        phone_number_id: &str,
        profile: &BusinessProfile,
    ) -> Result<Success, Error> {
        let body = ProfileUpdate {
            messaging_product: "whatsapp",
            profile,
        };
        self.post(&[phone_number_id, "whatsapp_business_profile"], &body)
            .await
    }
}
