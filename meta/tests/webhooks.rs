//! Every webhook shape: read into the right type, nothing unreadable, and written back without a loss.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use serde_json::Value;
use wigwag_meta::phone_number::MessagingLimit;
use wigwag_meta::template::{TemplateCategory, TemplateStatus};
use wigwag_meta::webhook::{
    self, Change, Content, DeliveryStatus, Envelope, Item, Message, MessagesValue, PricingCategory,
    PricingType, Status, Timestamp,
};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/tests/fixtures/webhooks/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn change<'e, 'a>(envelope: &'e Envelope<'a>) -> &'e Change<'a> {
    let mut changes = envelope.changes();
    let (entry, change) = changes.next().unwrap();
    assert!(changes.next().is_none() && entry.id.is_some());
    change
}

fn messages<'e, 'a>(envelope: &'e Envelope<'a>) -> &'e MessagesValue<'a> {
    match change(envelope) {
        Change::Messages(value) | Change::Echoes { value, .. } => value,
        other => panic!("{other:?}"),
    }
}

/// Reads a fixture and hands its only message to `look`.
fn message(name: &str, look: impl FnOnce(&Message<'_>)) {
    let body = fixture(name);
    let envelope = webhook::parse(&body).unwrap();
    let value = messages(&envelope);
    assert_eq!(value.phone_number_id(), Some("601000000000001"));
    let message = value.messages[0].parsed().unwrap();
    assert_eq!(message.timestamp, Timestamp(1_785_000_000));
    look(message);
}

fn status(name: &str, look: impl FnOnce(&Status<'_>)) {
    let body = fixture(name);
    let envelope = webhook::parse(&body).unwrap();
    look(messages(&envelope).statuses[0].parsed().unwrap());
}

#[test]
fn every_fixture_is_read_and_written_back_without_a_loss() {
    let folder = format!("{}/tests/fixtures/webhooks", env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let body = std::fs::read(&path).unwrap();
        let envelope = webhook::parse(&body).unwrap();
        assert_eq!(envelope.unreadable().count(), 0, "{}", path.display());
        assert!(
            !matches!(change(&envelope), Change::Unreadable { .. }),
            "{}",
            path.display()
        );
        let before: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            serde_json::to_value(&envelope).unwrap(),
            before,
            "{}",
            path.display()
        );
        let ascii = webhook::to_ascii_json(&envelope).unwrap();
        assert!(ascii.is_ascii());
        assert_eq!(
            serde_json::from_slice::<Value>(&ascii).unwrap(),
            before,
            "{}",
            path.display()
        );
        count += 1;
    }
    assert!(count >= 60, "{count} fixtures");
}

#[test]
fn each_type_has_its_content() {
    message("in_text", |m| {
        assert!(
            matches!(m.content(), Content::Text(text) if text.body.ends_with("kite \u{1fa81} back in stock?"))
        );
        assert_eq!(
            (m.from.as_deref(), m.from_user_id.as_deref()),
            (Some("971501234567"), Some("AE.7002004006008"))
        );
    });
    message("in_text_reply", |m| {
        assert_eq!(
            m.context.as_ref().unwrap().id.as_deref(),
            Some("wamid.T0xE")
        );
    });
    message("in_text_forwarded", |m| {
        assert_eq!(m.context.as_ref().unwrap().frequently_forwarded, Some(true));
    });
    message("in_text_product", |m| {
        let product = m
            .context
            .as_ref()
            .unwrap()
            .referred_product
            .as_ref()
            .unwrap();
        assert_eq!(product.product_retailer_id.as_deref(), Some("delta-red"));
    });
    message("in_text_ad", |m| {
        let referral = m.referral.as_ref().unwrap();
        assert_eq!(referral.ctwa_clid.as_deref(), Some("ARclick"));
        assert_eq!(
            referral.welcome_message.as_ref().unwrap().text.as_deref(),
            Some("How can we help?")
        );
    });
    message("in_text_group", |m| {
        assert_eq!(m.group_id.as_deref(), Some("R1JPVVA"));
    });
    message("in_image", |m| {
        assert!(
            matches!(m.content(), Content::Image(image) if image.caption.as_deref() == Some("the tear"))
        );
        assert_eq!(m.media().unwrap().mime_type.as_deref(), Some("image/jpeg"));
    });
    message("in_video", |m| {
        assert!(matches!(m.content(), Content::Video(_)));
    });
    message("in_audio", |m| {
        assert!(matches!(m.content(), Content::Audio(audio) if audio.voice == Some(true)));
    });
    message("in_document", |m| {
        assert!(
            matches!(m.content(), Content::Document(file) if file.filename.as_deref() == Some("receipt 7.pdf"))
        );
    });
    message("in_sticker", |m| {
        assert!(matches!(m.content(), Content::Sticker(s) if s.animated == Some(true)));
    });
    message("in_location", |m| {
        assert!(
            matches!(m.content(), Content::Location(place) if (place.latitude - 52.4731).abs() < 1e-9)
        );
    });
    message("in_contacts", |m| {
        let Content::Contacts(cards) = m.content() else {
            panic!()
        };
        assert_eq!(
            cards[0].name.as_ref().unwrap().formatted_name.as_deref(),
            Some("Dr. Ada Wind")
        );
        assert_eq!(cards[0].phones[0].wa_id.as_deref(), Some("49305550"));
    });
    message("in_reaction", |m| {
        assert!(
            matches!(m.content(), Content::Reaction(r) if r.emoji.as_deref() == Some("\u{2764}\u{fe0f}"))
        );
    });
    message("in_reaction_removed", |m| {
        assert!(matches!(m.content(), Content::Reaction(r) if r.emoji.is_none()));
    });
    message("in_button", |m| {
        assert!(
            matches!(m.content(), Content::Button(b) if b.payload.as_deref() == Some("STOP_MARKETING"))
        );
    });
    message("in_button_reply", |m| {
        assert!(matches!(m.content(), Content::ButtonReply(b) if b.id == "slot-2"));
    });
    message("in_list_reply", |m| {
        assert!(matches!(m.content(), Content::ListReply(row) if row.title == "Repair"));
    });
    message("in_nfm_reply", |m| {
        let Content::NfmReply(reply) = m.content() else {
            panic!()
        };
        let answers: Value = serde_json::from_str(reply.response_json.as_deref().unwrap()).unwrap();
        assert_eq!(answers["size"], "L");
    });
    message("in_call_permission_reply", |m| {
        assert!(
            matches!(m.content(), Content::CallPermissionReply(r) if r.is_permanent == Some(false))
        );
    });
    message("in_order", |m| {
        assert!(
            matches!(m.content(), Content::Order(o) if o.product_items[0].item_price == "39.9")
        );
    });
    message("in_system_number", |m| {
        assert!(
            matches!(m.content(), Content::System(s) if s.wa_id.as_deref() == Some("971507654321"))
        );
    });
    message("in_system_user_id", |m| {
        assert!(
            matches!(m.content(), Content::System(s) if s.previous_user_id.as_deref() == Some("AE.7"))
        );
    });
    message("in_unsupported", |m| {
        assert!(
            matches!(m.content(), Content::Unsupported(Some(u)) if u.kind.as_deref() == Some("poll_creation"))
        );
        assert_eq!(
            (m.errors[0].code, m.errors[0].details()),
            (131_051, Some("Polls cannot be shown."))
        );
    });
    message("in_edit", |m| {
        let Content::Edit(edit) = m.content() else {
            panic!()
        };
        assert_eq!(edit.original_message_id, "wamid.T0xE");
        assert_eq!(edit.message.as_ref().unwrap().text(), Some("corrected"));
    });
    message("in_edit_caption", |m| {
        assert!(
            matches!(m.content(), Content::Edit(e) if e.message.as_ref().unwrap().text() == Some("new caption"))
        );
    });
    message("in_revoke", |m| {
        assert!(matches!(m.content(), Content::Revoke(r) if r.original_message_id == "wamid.T0xE"));
    });
    message("in_request_welcome", |m| {
        assert_eq!(m.content(), Content::RequestWelcome);
    });
}

#[test]
fn what_is_not_known_is_kept_raw() {
    message("in_new_type", |m| {
        let Content::Unknown { kind, raw } = m.content() else {
            panic!()
        };
        assert_eq!(kind, "hologram");
        assert_eq!(raw.unwrap().read::<Value>().unwrap()["depth"], 3);
        assert_eq!(m.extra.get("mood").unwrap().get(), "\"calm\"");
    });
    message("in_interactive_new", |m| {
        let Content::OtherInteractive(reply) = m.content() else {
            panic!()
        };
        assert_eq!(reply.kind, "poll_vote");
        assert_eq!(
            reply
                .extra
                .get("poll_vote")
                .unwrap()
                .read::<Value>()
                .unwrap()["option"],
            2
        );
    });
    status("status_new_word", |s| {
        assert_eq!(s.status, DeliveryStatus::Other("hovered".into()));
        assert_eq!(s.extra.get("gesture").unwrap().get(), "\"left\"");
    });
    let body = fixture("new_field");
    let envelope = webhook::parse(&body).unwrap();
    let Change::Other { field, raw } = change(&envelope) else {
        panic!()
    };
    assert_eq!(
        (
            field.as_str(),
            raw.read::<Value>().unwrap()["high"][1].clone()
        ),
        ("tides", 2.into())
    );
}

#[test]
fn statuses_of_every_year() {
    status("status_sent_before_july_2025", |s| {
        assert_eq!(s.status, DeliveryStatus::Sent);
        let pricing = s.pricing.as_ref().unwrap();
        assert_eq!(
            (pricing.pricing_model.as_deref(), pricing.kind.clone()),
            (Some("CBP"), None)
        );
        assert_eq!(
            s.conversation
                .as_ref()
                .unwrap()
                .origin
                .as_ref()
                .unwrap()
                .kind,
            "marketing"
        );
    });
    status("status_sent_v23", |s| {
        assert_eq!(s.pricing.as_ref().unwrap().kind, Some(PricingType::Regular));
        assert_eq!(
            s.conversation.as_ref().unwrap().expiration_timestamp,
            Some(Timestamp(1_785_086_400))
        );
    });
    status("status_sent_v24_free", |s| {
        assert_eq!(s.pricing.as_ref().unwrap().is_billable(), Some(false));
        assert_eq!(s.biz_opaque_callback_data.as_deref(), Some("w1.9.1"));
        assert!(s.conversation.is_none());
    });
    status("status_delivered_user_id_only", |s| {
        assert_eq!(
            (s.recipient_id.as_deref(), s.recipient_user_id.as_deref()),
            (None, Some("US.99"))
        );
        assert_eq!(s.recipient_parent_user_id.as_deref(), Some("US.ENT.98"));
        let pricing = s.pricing.as_ref().unwrap();
        assert_eq!(pricing.category, Some(PricingCategory::MarketingLite));
        assert_eq!(
            pricing.is_billable(),
            Some(true),
            "by its type, once Meta drops `billable`"
        );
    });
    status("status_read_group", |s| {
        assert_eq!(s.recipient_participant_id.as_deref(), Some("971501234567"));
    });
    status("status_played", |s| {
        assert_eq!(s.status, DeliveryStatus::Played);
    });
    status("status_failed", |s| {
        assert_eq!((s.status.as_str(), s.errors[0].code), ("failed", 131_047));
    });
}

#[test]
fn the_two_spellings_of_the_international_category_are_one() {
    for word in [
        "authentication-international",
        "authentication_international",
    ] {
        assert_eq!(
            PricingCategory::from(word),
            PricingCategory::AuthenticationInternational
        );
    }
}

#[test]
fn account_template_and_person_fields() {
    let read = |name: &str, look: &dyn Fn(&Change<'_>)| {
        let body = fixture(name);
        let envelope = webhook::parse(&body).unwrap();
        look(change(&envelope));
    };
    read("user_preferences", &|c| {
        let Change::UserPreferences(value) = c else {
            panic!()
        };
        let preference = value.user_preferences[0].parsed().unwrap();
        assert_eq!(
            (preference.value.as_str(), preference.timestamp.0),
            ("stop", 1_785_000_200)
        );
        assert_eq!(c.phone_number_id(), Some("601000000000001"));
    });
    read("user_id_update", &|c| {
        let Change::UserIdUpdate(value) = c else {
            panic!()
        };
        let update = value.user_id_update[0].parsed().unwrap();
        assert_eq!(update.user_id.as_ref().unwrap().current, "AE.8");
    });
    read("template_status", &|c| {
        let Change::TemplateStatus(value) = c else {
            panic!()
        };
        assert_eq!(value.event, Some(TemplateStatus::Rejected));
        assert_eq!(
            value.message_template_id.as_ref().unwrap().0,
            "9007199254740993"
        );
        assert_eq!(
            value.rejection_info.as_ref().unwrap().reason.as_deref(),
            Some("Variables touch.")
        );
    });
    read("template_category", &|c| {
        let Change::TemplateCategory(value) = c else {
            panic!()
        };
        assert_eq!(value.new_category, Some(TemplateCategory::Marketing));
    });
    read("template_quality", &|c| {
        assert!(
            matches!(c, Change::TemplateQuality(q) if q.new_quality_score.as_deref() == Some("RED"))
        );
    });
    read("template_components", &|c| {
        assert!(
            matches!(c, Change::TemplateComponents(t) if t.buttons[0].text.as_deref() == Some("Track"))
        );
    });
    read("account_restriction", &|c| {
        let Change::AccountUpdate(value) = c else {
            panic!()
        };
        assert_eq!(
            value.restriction_info[0].expiration.unwrap().0,
            1_785_600_000
        );
    });
    read("account_ban", &|c| {
        let Change::AccountUpdate(value) = c else {
            panic!()
        };
        assert_eq!(
            value.ban_info.as_ref().unwrap().waba_ban_state.as_deref(),
            Some("DISABLE")
        );
    });
    read("capability_2026", &|c| {
        assert!(
            matches!(c, Change::BusinessCapability(b) if b.daily_limit() == Some(MessagingLimit::Tier2K))
        );
    });
    for (word, people) in [
        ("2000", Some(2000)),
        ("100000", Some(100_000)),
        ("-1", None),
        ("UNLIMITED", None),
    ] {
        let body = format!(
            r#"{{"entry":[{{"changes":[{{"field":"business_capability_update","value":{{"max_daily_conversation_per_phone":{}}}}}]}}]}}"#,
            if word == "UNLIMITED" {
                format!("\"{word}\"")
            } else {
                word.to_owned()
            }
        );
        let envelope = webhook::parse(body.as_bytes()).unwrap();
        let Some((_, Change::BusinessCapability(value))) = envelope.changes().next() else {
            panic!()
        };
        let limit = value.daily_limit().unwrap();
        assert_eq!(limit.people(), people);
        assert!(!matches!(limit, MessagingLimit::Other(_)), "{word}");
    }
    read("account_review", &|c| {
        assert!(matches!(c, Change::AccountReview(r) if r.decision.as_deref() == Some("APPROVED")));
    });
    read("account_alerts", &|c| {
        assert!(matches!(c, Change::AccountAlert(_)));
    });
    read("name_update", &|c| {
        assert!(matches!(c, Change::PhoneNumberName(_)));
    });
    read("number_quality", &|c| {
        assert!(matches!(c, Change::PhoneNumberQuality(_)));
    });
    read("security", &|c| assert!(matches!(c, Change::Security(_))));
    read("history", &|c| assert!(matches!(c, Change::Other { .. })));
    read("echo", &|c| {
        let Change::Echoes { field, value } = c else {
            panic!()
        };
        assert_eq!(field.as_str(), "smb_message_echoes");
        assert_eq!(
            value.message_echoes[0].parsed().unwrap().to.as_deref(),
            Some("971501234567")
        );
    });
}

#[test]
fn text_is_borrowed_from_the_body() {
    let body = fixture("in_text_reply");
    let envelope = webhook::parse(&body).unwrap();
    let Some(Item::Parsed(message)) = messages(&envelope).messages.first() else {
        panic!()
    };
    let inside = |text: &str| body.as_ptr_range().contains(&text.as_ptr());
    assert!(inside(&message.id) && inside(&message.text.as_ref().unwrap().body));
}
