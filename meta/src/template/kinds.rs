//! Meta's words about templates: states, categories, kinds of parts.

open_enum! {
    /// State of a template, or an event of the status webhook.
    pub enum TemplateStatus {
        /// In review.
        Pending = "PENDING" | "IN_REVIEW",
        /// Can be sent.
        Approved = "APPROVED",
        /// Refused.
        Rejected = "REJECTED",
        /// Not sendable for a while, for low quality.
        Paused = "PAUSED",
        /// Not sendable any more.
        Disabled = "DISABLED",
        /// Refusal is being looked at again.
        InAppeal = "IN_APPEAL",
        /// Deleted, with messages on their way.
        PendingDeletion = "PENDING_DELETION",
        /// Deleted.
        Deleted = "DELETED",
        /// Too many templates.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// Put away.
        Archived = "ARCHIVED",
        /// Event: taken out again.
        Unarchived = "UNARCHIVED",
        /// Event: low quality.
        Flagged = "FLAGGED",
        /// Event: can be sent again.
        Reinstated = "REINSTATED",
        /// Event: locked.
        Locked = "LOCKED",
    }
}

open_enum! {
    /// Category of a template.
    pub enum TemplateCategory {
        /// Marketing.
        Marketing = "MARKETING",
        /// Utility.
        Utility = "UTILITY",
        /// Authentication.
        Authentication = "AUTHENTICATION",
    }
}

open_enum! {
    /// How variables are written.
    pub enum ParameterFormat {
        /// `{{1}}`.
        Positional = "POSITIONAL",
        /// `{{first_name}}`.
        Named = "NAMED",
    }
}

open_enum! {
    /// Kind of a component.
    pub enum ComponentKind {
        /// Header.
        Header = "HEADER",
        /// Body.
        Body = "BODY",
        /// Footer.
        Footer = "FOOTER",
        /// Buttons.
        Buttons = "BUTTONS",
        /// Cards.
        Carousel = "CAROUSEL",
        /// Limited-time offer.
        LimitedTimeOffer = "LIMITED_TIME_OFFER",
        /// Asks for leave to call.
        CallPermissionRequest = "CALL_PERMISSION_REQUEST",
    }
}

open_enum! {
    /// Format of a header.
    pub enum HeaderFormat {
        /// Text of 60 characters, one variable.
        Text = "TEXT",
        /// Image.
        Image = "IMAGE",
        /// Video.
        Video = "VIDEO",
        /// Document.
        Document = "DOCUMENT",
        /// GIF (Marketing Messages API).
        Gif = "GIF",
        /// Location.
        Location = "LOCATION",
        /// Product.
        Product = "PRODUCT",
    }
}

open_enum! {
    /// Kind of a button.
    pub enum ButtonKind {
        /// Quick reply.
        QuickReply = "QUICK_REPLY",
        /// Link.
        Url = "URL",
        /// Calls a phone number.
        PhoneNumber = "PHONE_NUMBER",
        /// Copies a code.
        CopyCode = "COPY_CODE",
        /// Authentication.
        Otp = "OTP",
        /// Flow.
        Flow = "FLOW",
        /// Catalogue.
        Catalog = "CATALOG",
        /// Several products.
        Mpm = "MPM",
        /// One product.
        Spm = "SPM",
        /// Calls by WhatsApp.
        VoiceCall = "VOICE_CALL",
        /// Payment.
        OrderDetails = "ORDER_DETAILS",
    }
}
