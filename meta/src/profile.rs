//! The business profile of a number.

use serde::{Deserialize, Serialize};

/// The profile as read; absent fields are not set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BusinessProfile {
    /// 1 to 139 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// At most 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// At most 512 characters (256 by another page of Meta's).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// At most 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address of the picture, read only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_picture_url: Option<String>,
    /// Handle of an uploaded picture, write only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_picture_handle: Option<String>,
    /// At most two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub websites: Option<Vec<String>>,
    /// `RETAIL`, `RESTAURANT`….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertical: Option<String>,
}

/// One entry of the answer: the fields themselves, or wrapped in `business_profile` (OpenAPI sample).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ProfileEntry {
    pub(crate) business_profile: Option<BusinessProfile>,
    #[serde(flatten)]
    pub(crate) plain: BusinessProfile,
}

/// The fields to ask for.
pub const FIELDS: &str = "about,address,description,email,profile_picture_url,websites,vertical";
