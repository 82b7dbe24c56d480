//! Limits: the last length that passes, the first that does not, and the path that the error names.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use wigwag_meta::LimitError;
use wigwag_meta::limits::{self, MediaKind};
use wigwag_meta::outgoing::{
    Action, Body, ButtonsAction, Component, ContactCard, ContactName, CtaUrlAction,
    CtaUrlParameters, Header, Interactive, ListAction, ListSection, Location, Media, Outgoing,
    Parameter, ProductListAction, Reply, ReplyButton, Row, Template, To,
};

fn check(body: Body) -> Result<(), LimitError> {
    Outgoing::new(To::Phone("+49151".into()), body).check()
}

/// The field of a refusal.
fn field(body: Body) -> String {
    match check(body).unwrap_err() {
        LimitError::TooLong { field, .. }
        | LimitError::TooMany { field, .. }
        | LimitError::TooFew { field, .. }
        | LimitError::Missing { field, .. }
        | LimitError::Duplicate { field }
        | LimitError::Invalid { field, .. } => field,
    }
}

/// Text of a length whose letters have two bytes each: limits count characters.
fn long(length: usize) -> String {
    "ü".repeat(length)
}

#[test]
fn text_captions_and_callback_data() {
    assert_eq!(check(Body::text(long(4096))), Ok(()));
    assert_eq!(
        check(Body::text(long(4097))),
        Err(LimitError::TooLong {
            field: "text.body".into(),
            limit: 4096,
            actual: 4097
        })
    );
    assert_eq!(field(Body::text("  \n")), "text.body");
    assert_eq!(
        check(Body::Image {
            image: Media::id("1").with_caption(long(1024))
        }),
        Ok(())
    );
    assert_eq!(
        field(Body::Image {
            image: Media::id("1").with_caption(long(1025))
        }),
        "image.caption"
    );
    assert_eq!(
        field(Body::Audio {
            audio: Media::id("1").with_caption("no")
        }),
        "audio.caption"
    );
    assert_eq!(
        field(Body::Video {
            video: Media::link("file:///etc/passwd")
        }),
        "video.link"
    );
    assert_eq!(
        field(Body::Sticker {
            sticker: Media::id("")
        }),
        "sticker.id"
    );
    let message = |length| {
        Outgoing::new(To::UserId("DE.1".into()), Body::text("x"))
            .with_callback_data(long(length))
            .check()
    };
    assert_eq!(message(512), Ok(()));
    assert!(matches!(
        message(513),
        Err(LimitError::TooLong { limit: 512, .. })
    ));
    let nobody = Outgoing::new(To::Phone(String::new()), Body::text("x"))
        .check()
        .unwrap_err();
    assert_eq!(
        nobody.to_string(),
        "to is missing: give a phone number or a recipient"
    );
}

#[test]
fn locations_contacts_and_reactions() {
    let location = |latitude, longitude| Body::Location {
        location: Location {
            latitude,
            longitude,
            name: None,
            address: None,
        },
    };
    assert_eq!(check(location(-90.0, 180.0)), Ok(()));
    for wrong in [
        location(90.1, 0.0),
        location(0.0, -180.1),
        location(f64::NAN, 0.0),
    ] {
        assert_eq!(field(wrong), "location");
    }
    let card = |first: Option<&str>| ContactCard {
        name: ContactName {
            formatted_name: "A B".into(),
            first_name: first.map(str::to_owned),
            ..ContactName::default()
        },
        ..ContactCard::default()
    };
    assert_eq!(
        check(Body::Contacts {
            contacts: vec![card(Some("A")); 257]
        }),
        Ok(())
    );
    assert_eq!(
        field(Body::Contacts {
            contacts: vec![card(Some("A")); 258]
        }),
        "contacts"
    );
    assert_eq!(field(Body::Contacts { contacts: vec![] }), "contacts");
    assert_eq!(
        field(Body::Contacts {
            contacts: vec![card(Some("A")), card(None)]
        }),
        "contacts[1].name.first_name"
    );
    assert_eq!(field(Body::reaction("", "x")), "reaction.message_id");
}

#[test]
fn reply_buttons_and_links() {
    let reply = |id: String, title: String| ReplyButton::Reply {
        reply: Reply { id, title },
    };
    let buttons = |buttons: Vec<ReplyButton>| {
        Body::interactive(Interactive::new(
            "b",
            Action::Button(ButtonsAction { buttons }),
        ))
    };
    let some = |count: usize| {
        (0..count)
            .map(|n| reply(n.to_string(), "t".into()))
            .collect::<Vec<_>>()
    };
    assert_eq!(check(buttons(some(3))), Ok(()));
    assert_eq!(field(buttons(some(4))), "interactive.action.buttons");
    assert_eq!(field(buttons(some(0))), "interactive.action.buttons");
    assert_eq!(check(buttons(vec![reply(long(256), long(20))])), Ok(()));
    assert_eq!(
        field(buttons(vec![reply(long(257), "t".into())])),
        "interactive.action.buttons[0].reply.id"
    );
    assert_eq!(
        field(buttons(vec![reply("i".into(), long(21))])),
        "interactive.action.buttons[0].reply.title"
    );
    let twice = vec![reply("i".into(), "a".into()), reply("i".into(), "b".into())];
    assert_eq!(
        field(buttons(twice)),
        "interactive.action.buttons[].reply.id"
    );
    let link = |text: &str| {
        Body::interactive(Interactive::new(
            "b",
            Action::CtaUrl(CtaUrlAction {
                parameters: CtaUrlParameters {
                    display_text: text.into(),
                    url: "https://k.example".into(),
                },
            }),
        ))
    };
    assert_eq!(check(link(&long(20))), Ok(()));
    assert_eq!(
        field(link(&long(21))),
        "interactive.action.parameters.display_text"
    );
}

#[test]
fn headers_bodies_and_footers() {
    let message = || {
        let reply = ReplyButton::Reply {
            reply: Reply {
                id: "i".into(),
                title: "t".into(),
            },
        };
        Interactive::new(
            "b",
            Action::Button(ButtonsAction {
                buttons: vec![reply],
            }),
        )
    };
    assert_eq!(
        check(Body::interactive(
            message()
                .with_header(Header::Text { text: long(60) })
                .with_footer(long(60))
        )),
        Ok(())
    );
    assert_eq!(
        field(Body::interactive(
            message().with_header(Header::Text { text: long(61) })
        )),
        "interactive.header.text"
    );
    assert_eq!(
        field(Body::interactive(message().with_footer(long(61)))),
        "interactive.footer.text"
    );
    assert_eq!(
        field(Body::interactive(Interactive {
            body: None,
            ..message()
        })),
        "interactive.body"
    );
    let long_body = Interactive::new(long(1025), message().action);
    assert_eq!(field(Body::interactive(long_body)), "interactive.body.text");
    let products = Action::ProductList(ProductListAction {
        catalog_id: "1".into(),
        sections: vec![],
    });
    assert_eq!(
        field(Body::interactive(Interactive::new("b", products))),
        "interactive.header"
    );
}

#[test]
fn lists() {
    let row = |id: usize| Row {
        id: id.to_string(),
        title: "t".into(),
        description: None,
    };
    let section = |title: Option<&str>, rows: std::ops::Range<usize>| ListSection {
        title: title.map(str::to_owned),
        rows: rows.map(row).collect(),
    };
    let list = |sections| {
        Interactive::new(
            long(4096),
            Action::List(ListAction {
                button: "b".into(),
                sections,
            }),
        )
    };
    assert_eq!(
        check(Body::interactive(list(vec![section(None, 0..10)]))),
        Ok(())
    );
    assert_eq!(
        check(Body::interactive(list(vec![
            section(Some("a"), 0..5),
            section(Some("b"), 5..10)
        ]))),
        Ok(())
    );
    let eleven = list(vec![section(Some("a"), 0..6), section(Some("b"), 6..11)]);
    assert_eq!(
        field(Body::interactive(eleven)),
        "interactive.action.sections[].rows"
    );
    let untitled = list(vec![section(Some("a"), 0..1), section(None, 1..2)]);
    assert_eq!(
        field(Body::interactive(untitled)),
        "interactive.action.sections[1].title"
    );
    let twice = list(vec![section(Some("a"), 0..1), section(Some("b"), 0..1)]);
    assert_eq!(
        field(Body::interactive(twice)),
        "interactive.action.sections[].rows[].id"
    );
    let mut described = section(None, 0..1);
    described.rows[0].description = Some(long(73));
    assert_eq!(
        field(Body::interactive(list(vec![described]))),
        "interactive.action.sections[0].rows[0].description"
    );
    let picture = list(vec![section(None, 0..1)]).with_header(Header::Image {
        image: Media::id("1"),
    });
    assert_eq!(field(Body::interactive(picture)), "interactive.header");
}

#[test]
fn template_values() {
    let body = |text: &str| {
        Body::template(Template::new("t", "en").with(Component::Body {
            parameters: vec![Parameter::text(text)],
        }))
    };
    assert_eq!(check(body("four    spaces")), Ok(()));
    for wrong in ["a\nb", "a\tb", "five     spaces", "", " "] {
        assert_eq!(
            field(body(wrong)),
            "template.components[0].parameters[0].text",
            "{wrong:?}"
        );
    }
    assert_eq!(
        field(Body::template(Template::new(long(513), "en"))),
        "template.name"
    );
    assert_eq!(
        field(Body::template(Template::new("t", ""))),
        "template.language.code"
    );
}

#[test]
fn media_kinds() {
    assert_eq!(
        MediaKind::for_mime_type("audio/ogg; codecs=opus"),
        MediaKind::Audio
    );
    assert_eq!(MediaKind::for_mime_type("IMAGE/PNG"), MediaKind::Image);
    assert_eq!(
        MediaKind::for_mime_type("application/zip"),
        MediaKind::Document
    );
    assert!(!MediaKind::Document.accepts("application/zip"));
    assert_eq!(MediaKind::Image.max_bytes(), 5_242_880);
    assert_eq!(MediaKind::Document.max_bytes(), 104_857_600);
    assert_eq!(
        (
            MediaKind::Sticker.max_bytes(),
            MediaKind::AnimatedSticker.max_bytes()
        ),
        (102_400, 512_000)
    );
    assert_eq!(limits::VOICE_PLAY_BYTES, 524_288);
}
