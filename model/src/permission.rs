//! Named permissions and the roles that bundle them.

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// One thing that an actor may do; also the scopes of API keys.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $name,)* }

        impl Permission {
            /// Every permission there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in tables and in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads a name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

permissions! {
    /// See conversations and their messages.
    ConversationsRead = "conversations.read",
    /// Assign, close, reopen, snooze, mark as read.
    ConversationsWrite = "conversations.write",
    /// Send messages.
    MessagesSend = "messages.send",
    /// See contacts.
    ContactsRead = "contacts.read",
    /// Create and edit contacts.
    ContactsWrite = "contacts.write",
    /// Take contacts out as a file, and everything about one of them.
    ContactsExport = "contacts.export",
    /// Erase contacts, which cannot be undone.
    ContactsErase = "contacts.erase",
    /// See templates.
    TemplatesRead = "templates.read",
    /// Synchronise templates, later write them.
    TemplatesWrite = "templates.write",
    /// See campaigns and their reports.
    CampaignsRead = "campaigns.read",
    /// Write campaigns, without sending them.
    CampaignsWrite = "campaigns.write",
    /// Send, pause, resume and stop campaigns.
    CampaignsSend = "campaigns.send",
    /// See numbers.
    NumbersRead = "numbers.read",
    /// Synchronise and change numbers.
    NumbersWrite = "numbers.write",
    /// See who is in the workspace.
    MembersRead = "members.read",
    /// Invite, change and remove members.
    MembersWrite = "members.write",
    /// See and change what the whole workspace goes by, such as the answers to stop and start.
    SettingsManage = "settings.manage",
    /// See and make API keys, the webhook's address and the last calls.
    DevelopersManage = "developers.manage",
    /// See dead letters and replay them.
    OperationsManage = "operations.manage",
}

impl serde::Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A bundle of permissions that members have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything; the first member.
    Owner,
    /// Everything but what only an owner may do (billing, removing owners).
    Admin,
    /// Talks with customers.
    Agent,
}

const AGENT: &[Permission] = &[
    Permission::ConversationsRead,
    Permission::ConversationsWrite,
    Permission::MessagesSend,
    Permission::ContactsRead,
    Permission::ContactsWrite,
    Permission::TemplatesRead,
    Permission::CampaignsRead,
    Permission::NumbersRead,
    Permission::MembersRead,
];

impl Role {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Agent => "agent",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "owner" => Some(Self::Owner),
            "admin" => Some(Self::Admin),
            "agent" => Some(Self::Agent),
            _ => None,
        }
    }

    /// What members of this role may do.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Owner | Self::Admin => Permission::ALL,
            Self::Agent => AGENT,
        }
    }
}
