//! Golden requests: every type that can be sent, as Meta's API wants it, and read back the same.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use serde_json::{Value, json};
use wigwag_meta::outgoing::{
    Action, ActionParameter, AddressAction, AddressParameters, Body, ButtonsAction,
    CallPermissionAction, Card, CardAction, CarouselAction, CarouselCard, CatalogAction,
    CatalogParameters, Component, ContactCard, ContactInfoAction, ContactName, CtaUrlAction,
    CtaUrlParameters, Currency, DateTime, FlowAction, FlowParameters, FlowPayload, Header,
    Interactive, LimitedTimeOffer, ListAction, ListSection, Location, LocationAction, MarkRead,
    Media, Outgoing, Parameter, Phone, Product, ProductAction, ProductItem, ProductListAction,
    ProductSection, QuickReplyButton, Reply, ReplyButton, Row, SubType, Template, TextBlock, To,
    VoiceCallAction, VoiceCallParameters,
};

/// Wraps, writes, compares with `want` (type and content), checks the limits, reads back.
fn golden(body: Body, want: &Value) {
    let message = Outgoing::new(To::Phone("+4915112345678".into()), body);
    let mut whole = json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+4915112345678"});
    whole
        .as_object_mut()
        .unwrap()
        .extend(want.as_object().unwrap().clone());
    assert_eq!(serde_json::to_value(&message).unwrap(), whole);
    assert_eq!(message.kind(), want["type"]);
    assert_eq!(message.check(), Ok(()), "{want}");
    assert_eq!(serde_json::from_value::<Outgoing>(whole).unwrap(), message);
}

#[test]
fn envelope() {
    let mut message = Outgoing::new(
        To::PhoneAndUserId("+49151".into(), "DE.77".into()),
        Body::text("hi"),
    )
    .replying_to("wamid.A")
    .with_callback_data("w1.5.1");
    message.recipient_identity_key_hash = Some("aGFzaA==".into());
    message.messaging_account_id = Some("31".into());
    let want = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+49151", "recipient": "DE.77",
        "context": {"message_id": "wamid.A"}, "biz_opaque_callback_data": "w1.5.1",
        "recipient_identity_key_hash": "aGFzaA==", "messaging_account_id": "31",
        "type": "text", "text": {"preview_url": true, "body": "hi"}
    });
    assert_eq!(serde_json::to_value(&message).unwrap(), want);
    let group =
        serde_json::to_value(Outgoing::new(To::Group("R1".into()), Body::text("hi"))).unwrap();
    assert_eq!(
        (&group["recipient_type"], &group["to"]),
        (&json!("group"), &json!("R1"))
    );
    let by_user =
        serde_json::to_value(Outgoing::new(To::UserId("DE.77".into()), Body::text("hi"))).unwrap();
    assert_eq!(
        (by_user.get("to"), &by_user["recipient"]),
        (None, &json!("DE.77"))
    );
}

#[test]
fn media_location_contacts_reaction() {
    golden(
        Body::Image {
            image: Media::id("71").with_caption("the tear"),
        },
        &json!({"type": "image", "image": {"id": "71", "caption": "the tear"}}),
    );
    golden(
        Body::Video {
            video: Media::link("https://v.example/1.mp4"),
        },
        &json!({"type": "video", "video": {"link": "https://v.example/1.mp4"}}),
    );
    golden(
        Body::Audio {
            audio: Media {
                voice: Some(true),
                ..Media::id("72")
            },
        },
        &json!({"type": "audio", "audio": {"id": "72", "voice": true}}),
    );
    golden(
        Body::Document {
            document: Media::link("https://d.example/r.pdf")
                .with_caption("receipt")
                .with_filename("r.pdf"),
        },
        &json!({"type": "document", "document": {"link": "https://d.example/r.pdf", "caption": "receipt", "filename": "r.pdf"}}),
    );
    golden(
        Body::Sticker {
            sticker: Media::id("73"),
        },
        &json!({"type": "sticker", "sticker": {"id": "73"}}),
    );
    golden(
        Body::Location {
            location: Location {
                latitude: 52.5,
                longitude: -13.25,
                name: Some("Field".into()),
                address: None,
            },
        },
        &json!({"type": "location", "location": {"latitude": 52.5, "longitude": -13.25, "name": "Field"}}),
    );
    let card = ContactCard {
        name: ContactName {
            formatted_name: "Ada Wind".into(),
            first_name: Some("Ada".into()),
            ..ContactName::default()
        },
        phones: vec![Phone {
            phone: Some("+49305550".into()),
            wa_id: Some("49305550".into()),
            kind: Some("WORK".into()),
        }],
        ..ContactCard::default()
    };
    golden(
        Body::Contacts {
            contacts: vec![card],
        },
        &json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ada Wind", "first_name": "Ada"},
            "phones": [{"phone": "+49305550", "wa_id": "49305550", "type": "WORK"}]}]}),
    );
    golden(
        Body::reaction("wamid.A", "👍"),
        &json!({"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": "👍"}}),
    );
    golden(
        Body::reaction("wamid.A", ""),
        &json!({"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": ""}}),
    );
}

fn interactive(message: Interactive, want: &Value) {
    golden(
        Body::interactive(message),
        &json!({"type": "interactive", "interactive": want}),
    );
}

fn reply(id: &str, title: &str) -> ReplyButton {
    ReplyButton::Reply {
        reply: Reply {
            id: id.into(),
            title: title.into(),
        },
    }
}

#[test]
fn buttons_lists_links_and_flows() {
    let buttons = Action::Button(ButtonsAction {
        buttons: vec![reply("y", "Yes"), reply("n", "No")],
    });
    interactive(
        Interactive::new("Come?", buttons)
            .with_header(Header::Image {
                image: Media::id("71"),
            })
            .with_footer("Kite & Co."),
        &json!({"header": {"type": "image", "image": {"id": "71"}}, "body": {"text": "Come?"}, "footer": {"text": "Kite & Co."},
            "type": "button", "action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "n", "title": "No"}}]}}),
    );
    let rows = vec![Row {
        id: "r1".into(),
        title: "Repair".into(),
        description: Some("Two days".into()),
    }];
    let list = ListAction {
        button: "Choose".into(),
        sections: vec![ListSection { title: None, rows }],
    };
    interactive(
        Interactive::new("What?", Action::List(list)).with_header(Header::Text {
            text: "Service".into(),
        }),
        &json!({"header": {"type": "text", "text": "Service"}, "body": {"text": "What?"}, "type": "list",
            "action": {"button": "Choose", "sections": [{"rows": [{"id": "r1", "title": "Repair", "description": "Two days"}]}]}}),
    );
    let link = CtaUrlParameters {
        display_text: "Track".into(),
        url: "https://k.example/t/1".into(),
    };
    interactive(
        Interactive::new(
            "On its way",
            Action::CtaUrl(CtaUrlAction { parameters: link }),
        ),
        &json!({"body": {"text": "On its way"}, "type": "cta_url",
            "action": {"name": "cta_url", "parameters": {"display_text": "Track", "url": "https://k.example/t/1"}}}),
    );
    let data = json!({"size": "L"}).as_object().cloned();
    let flow = FlowParameters {
        flow_message_version: "3".into(),
        flow_id: Some("55".into()),
        flow_name: None,
        flow_cta: "Book".into(),
        flow_token: Some("tok".into()),
        mode: Some("published".into()),
        flow_action: Some("navigate".into()),
        flow_action_payload: Some(FlowPayload {
            screen: "FIRST".into(),
            data,
        }),
    };
    interactive(
        Interactive::new(
            "Book a lesson",
            Action::Flow(FlowAction { parameters: flow }),
        ),
        &json!({"body": {"text": "Book a lesson"}, "type": "flow", "action": {"name": "flow", "parameters": {
            "flow_message_version": "3", "flow_id": "55", "flow_cta": "Book", "flow_token": "tok", "mode": "published",
            "flow_action": "navigate", "flow_action_payload": {"screen": "FIRST", "data": {"size": "L"}}}}}),
    );
}

#[test]
fn products_requests_and_calls() {
    let product = ProductAction {
        catalog_id: "81".into(),
        product_retailer_id: "delta".into(),
    };
    let bare = Interactive {
        header: None,
        body: None,
        footer: None,
        action: Action::Product(product.clone()),
    };
    interactive(
        bare,
        &json!({"type": "product", "action": {"catalog_id": "81", "product_retailer_id": "delta"}}),
    );
    let sections = vec![ProductSection {
        title: Some("Kites".into()),
        product_items: vec![ProductItem {
            product_retailer_id: "delta".into(),
        }],
    }];
    interactive(
        Interactive::new(
            "Look",
            Action::ProductList(ProductListAction {
                catalog_id: "81".into(),
                sections,
            }),
        )
        .with_header(Header::Text { text: "New".into() }),
        &json!({"header": {"type": "text", "text": "New"}, "body": {"text": "Look"}, "type": "product_list",
            "action": {"catalog_id": "81", "sections": [{"title": "Kites", "product_items": [{"product_retailer_id": "delta"}]}]}}),
    );
    let thumbnail = Some(CatalogParameters {
        thumbnail_product_retailer_id: "delta".into(),
    });
    interactive(
        Interactive::new(
            "All",
            Action::CatalogMessage(CatalogAction {
                parameters: thumbnail,
            }),
        ),
        &json!({"body": {"text": "All"}, "type": "catalog_message",
            "action": {"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "delta"}}}),
    );
    for (action, kind, name) in [
        (
            Action::LocationRequestMessage(LocationAction {}),
            "location_request_message",
            "send_location",
        ),
        (
            Action::CallPermissionRequest(CallPermissionAction {}),
            "call_permission_request",
            "call_permission_request",
        ),
        (
            Action::RequestContactInfo(ContactInfoAction {}),
            "request_contact_info",
            "request_contact_info",
        ),
    ] {
        interactive(
            Interactive::new("Please", action),
            &json!({"body": {"text": "Please"}, "type": kind, "action": {"name": name}}),
        );
    }
    let address = AddressParameters {
        country: "IN".into(),
        values: json!({"city": "Pune"}).as_object().cloned(),
        saved_addresses: Vec::new(),
        validation_errors: json!({"in_pin_code": "unknown"}).as_object().cloned(),
    };
    interactive(
        Interactive::new(
            "Where to?",
            Action::AddressMessage(AddressAction {
                parameters: address,
            }),
        ),
        &json!({"body": {"text": "Where to?"}, "type": "address_message", "action": {"name": "address_message",
            "parameters": {"country": "IN", "values": {"city": "Pune"}, "validation_errors": {"in_pin_code": "unknown"}}}}),
    );
    let call = VoiceCallParameters {
        display_text: Some("Call us".into()),
        ttl_minutes: Some(60),
        payload: Some("p".into()),
    };
    interactive(
        Interactive::new(
            "Questions?",
            Action::VoiceCall(VoiceCallAction {
                parameters: Some(call),
            }),
        ),
        &json!({"body": {"text": "Questions?"}, "type": "voice_call", "action": {"name": "voice_call",
            "parameters": {"display_text": "Call us", "ttl_minutes": 60, "payload": "p"}}}),
    );
    interactive(
        Interactive::new(
            "Pay",
            Action::OrderDetails(
                json!({"name": "review_and_pay", "parameters": {"currency": "INR"}}),
            ),
        ),
        &json!({"body": {"text": "Pay"}, "type": "order_details",
            "action": {"name": "review_and_pay", "parameters": {"currency": "INR"}}}),
    );
}

#[test]
fn carousels() {
    let card = |index, action: CardAction, kind: &str| CarouselCard {
        card_index: index,
        kind: kind.into(),
        header: None,
        body: None,
        action,
    };
    let product = || {
        CardAction::Product(ProductAction {
            catalog_id: "81".into(),
            product_retailer_id: "d".into(),
        })
    };
    let cards = vec![card(0, product(), "product"), card(1, product(), "product")];
    interactive(
        Interactive::new("Two", Action::Carousel(CarouselAction { cards })),
        &json!({"body": {"text": "Two"}, "type": "carousel", "action": {"cards": [
            {"card_index": 0, "type": "product", "action": {"catalog_id": "81", "product_retailer_id": "d"}},
            {"card_index": 1, "type": "product", "action": {"catalog_id": "81", "product_retailer_id": "d"}}]}}),
    );
    let quick = || CardAction::Buttons {
        buttons: vec![QuickReplyButton::QuickReply {
            quick_reply: Reply {
                id: "i".into(),
                title: "More".into(),
            },
        }],
    };
    let link = || {
        CardAction::CtaUrl(CtaUrlAction {
            parameters: CtaUrlParameters {
                display_text: "Buy".into(),
                url: "https://k.example".into(),
            },
        })
    };
    let with_media = |index, action, kind| CarouselCard {
        header: Some(Header::Image {
            image: Media::link("https://k.example/1.jpg"),
        }),
        body: Some(TextBlock { text: "Red".into() }),
        ..card(index, action, kind)
    };
    interactive(
        Interactive::new(
            "Two",
            Action::Carousel(CarouselAction {
                cards: vec![
                    with_media(0, link(), "cta_url"),
                    with_media(1, link(), "cta_url"),
                ],
            }),
        ),
        &json!({"body": {"text": "Two"}, "type": "carousel", "action": {"cards": ([0, 1].map(|index| json!(
            {"card_index": index, "type": "cta_url", "header": {"type": "image", "image": {"link": "https://k.example/1.jpg"}},
             "body": {"text": "Red"}, "action": {"name": "cta_url", "parameters": {"display_text": "Buy", "url": "https://k.example"}}})))}}),
    );
    interactive(
        Interactive::new(
            "Two",
            Action::Carousel(CarouselAction {
                cards: vec![card(0, quick(), "button"), card(1, quick(), "button")],
            }),
        ),
        &json!({"body": {"text": "Two"}, "type": "carousel", "action": {"cards": ([0, 1].map(|index| json!(
            {"card_index": index, "type": "button", "action": {"buttons": [
                {"type": "quick_reply", "quick_reply": {"id": "i", "title": "More"}}]}})))}}),
    );
}

fn button(sub_type: SubType, index: u8, parameter: Parameter) -> Component {
    Component::Button {
        sub_type,
        index: Some(index),
        parameters: vec![parameter],
    }
}

#[test]
fn templates_with_every_component_and_parameter() {
    let header = |parameter| Component::Header {
        parameters: vec![parameter],
    };
    let action = ActionParameter {
        flow_token: Some("tok".into()),
        flow_action_data: json!({"size": "L"}).as_object().cloned(),
        thumbnail_product_retailer_id: Some("delta".into()),
        sections: vec![ProductSection {
            title: Some("Kites".into()),
            product_items: vec![ProductItem {
                product_retailer_id: "delta".into(),
            }],
        }],
    };
    let components = [
        (
            header(Parameter::text("Ada")),
            json!({"type": "header", "parameters": [{"type": "text", "text": "Ada"}]}),
        ),
        (
            header(Parameter::Image {
                image: Media::id("71"),
            }),
            json!({"type": "header", "parameters": [{"type": "image", "image": {"id": "71"}}]}),
        ),
        (
            header(Parameter::Video {
                video: Media::id("72"),
            }),
            json!({"type": "header", "parameters": [{"type": "video", "video": {"id": "72"}}]}),
        ),
        (
            header(Parameter::Gif {
                gif: Media::id("73"),
            }),
            json!({"type": "header", "parameters": [{"type": "gif", "gif": {"id": "73"}}]}),
        ),
        (
            header(Parameter::Document {
                document: Media::id("74").with_filename("r.pdf"),
            }),
            json!({"type": "header", "parameters": [{"type": "document", "document": {"id": "74", "filename": "r.pdf"}}]}),
        ),
        (
            header(Parameter::Location {
                location: Location {
                    latitude: 1.5,
                    longitude: 2.5,
                    name: None,
                    address: None,
                },
            }),
            json!({"type": "header", "parameters": [{"type": "location", "location": {"latitude": 1.5, "longitude": 2.5}}]}),
        ),
        (
            header(Parameter::Product {
                product: Product {
                    product_retailer_id: "d".into(),
                    catalog_id: "81".into(),
                },
            }),
            json!({"type": "header", "parameters": [{"type": "product", "product": {"product_retailer_id": "d", "catalog_id": "81"}}]}),
        ),
        (
            Component::Body {
                parameters: vec![
                    Parameter::named("first_name", "Ada"),
                    Parameter::Currency {
                        parameter_name: None,
                        currency: Currency {
                            fallback_value: "9 €".into(),
                            code: "EUR".into(),
                            amount_1000: 9000,
                        },
                    },
                    Parameter::DateTime {
                        parameter_name: None,
                        date_time: DateTime {
                            fallback_value: "1 May".into(),
                        },
                    },
                ],
            },
            json!({"type": "body", "parameters": [
                {"type": "text", "parameter_name": "first_name", "text": "Ada"},
                {"type": "currency", "currency": {"fallback_value": "9 €", "code": "EUR", "amount_1000": 9000}},
                {"type": "date_time", "date_time": {"fallback_value": "1 May"}}]}),
        ),
        (
            button(
                SubType::QuickReply,
                0,
                Parameter::Payload {
                    payload: "STOP".into(),
                },
            ),
            json!({"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "STOP"}]}),
        ),
        (
            button(SubType::Url, 1, Parameter::text("t/1")),
            json!({"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "t/1"}]}),
        ),
        (
            button(
                SubType::CopyCode,
                2,
                Parameter::CouponCode {
                    coupon_code: "WIND5".into(),
                },
            ),
            json!({"type": "button", "sub_type": "copy_code", "index": "2", "parameters": [{"type": "coupon_code", "coupon_code": "WIND5"}]}),
        ),
        (
            button(SubType::Flow, 3, Parameter::Action { action }),
            json!({"type": "button", "sub_type": "flow", "index": "3", "parameters": [{"type": "action", "action": {
                "flow_token": "tok", "flow_action_data": {"size": "L"}, "thumbnail_product_retailer_id": "delta",
                "sections": [{"title": "Kites", "product_items": [{"product_retailer_id": "delta"}]}]}}]}),
        ),
        (
            Component::Button {
                sub_type: SubType::VoiceCall,
                index: None,
                parameters: vec![Parameter::TtlMinutes { ttl_minutes: 5 }],
            },
            json!({"type": "button", "sub_type": "voice_call", "parameters": [{"type": "ttl_minutes", "ttl_minutes": 5}]}),
        ),
        (
            Component::LimitedTimeOffer {
                parameters: vec![Parameter::LimitedTimeOffer {
                    limited_time_offer: LimitedTimeOffer {
                        expiration_time_ms: 1_785_000_000_000,
                    },
                }],
            },
            json!({"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_785_000_000_000_i64}}]}),
        ),
        (
            Component::OrderStatus {
                parameters: vec![Parameter::OrderStatus {
                    order_status: json!({"reference_id": "r"}),
                }],
            },
            json!({"type": "order_status", "parameters": [{"type": "order_status", "order_status": {"reference_id": "r"}}]}),
        ),
        (
            Component::TapTargetConfiguration {
                parameters: vec![json!({"type": "tap_target_configuration"})],
            },
            json!({"type": "tap_target_configuration", "parameters": [{"type": "tap_target_configuration"}]}),
        ),
        (
            Component::Carousel {
                cards: vec![
                    Card {
                        card_index: 0,
                        components: vec![header(Parameter::Image {
                            image: Media::id("1"),
                        })],
                    },
                    Card {
                        card_index: 1,
                        components: vec![header(Parameter::Image {
                            image: Media::id("2"),
                        })],
                    },
                ],
            },
            json!({"type": "carousel", "cards": [
                {"card_index": 0, "components": [{"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]}]},
                {"card_index": 1, "components": [{"type": "header", "parameters": [{"type": "image", "image": {"id": "2"}}]}]}]}),
        ),
    ];
    for (component, want) in components {
        golden(
            Body::template(Template::new("kite_ready", "en_US").with(component)),
            &json!({"type": "template", "template": {"name": "kite_ready", "language": {"code": "en_US"}, "components": [want]}}),
        );
    }
    golden(
        Body::template(Template::new("plain", "hi")),
        &json!({"type": "template", "template": {"name": "plain", "language": {"code": "hi"}}}),
    );
}

#[test]
fn other_clients_forms_are_read() {
    let read = |value: Value| serde_json::from_value::<Outgoing>(value).unwrap();
    let message = read(
        json!({"to": "49151", "type": "template", "template": {"name": "t", "language": {"code": "en", "policy": "deterministic"},
        "components": [{"type": "BODY", "parameters": [{"type": "text", "text": "x"}]},
            {"type": "button", "sub_type": "COPY_CODE", "index": 1, "parameters": [{"type": "coupon_code", "coupon_code": "C"}]}]}}),
    );
    let Body::Template { template } = message.body else {
        panic!()
    };
    assert_eq!(template.language.policy.as_deref(), Some("deterministic"));
    assert!(matches!(
        &template.components[1],
        Component::Button {
            sub_type: SubType::CopyCode,
            index: Some(1),
            ..
        }
    ));
    let message = read(
        json!({"messaging_product": "whatsapp", "to": "49151", "type": "location", "location": {"latitude": "52.5", "longitude": 13}}),
    );
    assert!(
        matches!(message.body, Body::Location { location } if (location.latitude, location.longitude) == (52.5, 13.0))
    );
}

#[test]
fn receipts() {
    let read = json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A"});
    assert_eq!(
        serde_json::to_value(MarkRead::new("wamid.A")).unwrap(),
        read
    );
    let typing = json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A", "typing_indicator": {"type": "text"}});
    assert_eq!(
        serde_json::to_value(MarkRead::typing("wamid.A")).unwrap(),
        typing
    );
    assert_eq!(
        serde_json::from_value::<MarkRead>(typing).unwrap(),
        MarkRead::typing("wamid.A")
    );
    assert!(
        serde_json::from_value::<MarkRead>(json!({"status": "delivered", "message_id": "x"}))
            .is_err()
    );
}
