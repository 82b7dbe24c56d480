"""pywa against the simulator: every kind of message, media, templates, webhooks by its own handlers."""

import logging
import queue
import tempfile

import pywa
import wire
from pywa import types
from pywa.errors import WhatsAppError
from pywa.types import templates as t

KNOWN = wire.KNOWN
seen = queue.Queue()
# It warns of the tampered bodies that this test hands to it.
logging.getLogger("pywa").setLevel(logging.CRITICAL)

wa = pywa.WhatsApp(
    phone_id=KNOWN["phone_number_id"],
    token=KNOWN["access_token"],
    waba_id=KNOWN["waba_id"],
    app_id=KNOWN["app_id"],
    app_secret=KNOWN["app_secret"],
    business_portfolio_id=KNOWN["portfolio_id"],
    verify_token="of pywa",
)
for register in (
    wa.on_message,
    wa.on_callback_button,
    wa.on_callback_selection,
    wa.on_message_status,
    wa.on_template_status_update,
    wa.on_user_marketing_preferences,
    wa.on_deleted_message,
    wa.on_phone_number_change,
):
    register(lambda _, update: seen.put(update))
sink = wire.Sink(wa.webhook_challenge_handler)


def handled(wanted):
    """What pywa makes of a webhook once it has checked the signature."""
    body, signature = sink.until(wanted)
    assert wa.webhook_update_validator(body, signature) is None
    assert wa.webhook_update_validator(body + b" ", signature) == ("Forbidden", 403)
    assert wa.webhook_update_handler(body) == ("ok", 200)
    return seen.get(timeout=5)


def arrives(message):
    """A customer's message as pywa hands it over."""
    wamid = wire.writes(message)
    update = handled(wire.message_of(wamid))
    assert update.id == wamid and update.from_user.wa_id == wire.PHONE[1:], update
    assert update.from_user.bsuid and update.from_user.name, update
    return update


def sends(kind, send):
    """A send that must be accepted, as the ledger has it."""
    sent = send()
    entry = wire.last_accepted()
    assert (entry["wamid"], entry["type"]) == (sent.id, kind), entry
    assert sent.input == wire.PHONE, sent
    return entry


def subscribing():
    token = wa.get_app_access_token(int(KNOWN["app_id"]), KNOWN["app_secret"])
    fields = ["messages", "message_template_status_update", "user_preferences"]
    done = wa.set_app_callback_url(
        KNOWN["app_id"], token, sink.url, "of pywa", fields
    )
    assert done.success
    try:
        wa.set_app_callback_url(KNOWN["app_id"], token, sink.url, "wrong", fields)
    except WhatsAppError as error:
        assert error.code == 100, error
    else:
        raise AssertionError("a wrong verify token was taken")


def inbound():
    text = arrives({"type": "text", "text": {"body": "Grüße 🪁"}})
    assert text.text == "Grüße 🪁" and text.type == types.MessageType.TEXT
    reply = arrives(
        {"type": "text", "text": {"body": "and"}, "context": {"id": text.id}}
    )
    assert reply.reply_to_message.id == text.id
    image = arrives({"image": {"sample": "photo-1", "caption": "Look"}})
    assert image.image.mime_type == "image/jpeg" and image.caption == "Look"
    assert len(image.image.get_bytes()) > 10_000
    voice = arrives({"audio": {"sample": "voice-1", "voice": True}})
    assert voice.audio.voice and voice.audio.mime_type.startswith("audio/ogg")
    document = arrives({"document": {"sample": "document-1"}})
    assert document.document.filename.endswith(".pdf")
    sticker = arrives({"sticker": {"sample": "sticker-1"}})
    assert sticker.sticker.mime_type == "image/webp"
    place = arrives({"location": {"latitude": 19.07, "longitude": 72.87, "name": "Shop"}})
    assert place.location.name == "Shop" and place.location.latitude == 19.07
    card = arrives(
        {
            "contacts": [
                {"name": {"formatted_name": "Ravi", "first_name": "Ravi"}, "phones": [{"phone": "+1"}]}
            ]
        }
    )
    assert card.contacts[0].name.formatted_name == "Ravi"
    reaction = arrives({"reaction": {"message_id": text.id, "emoji": "👍"}})
    assert reaction.reaction.emoji == "👍"
    order = arrives(
        {
            "order": {
                "catalog_id": "1",
                "text": "please",
                "product_items": [
                    {"product_retailer_id": "kite", "quantity": 2, "item_price": 4.5, "currency": "INR"}
                ],
            }
        }
    )
    assert order.order.products[0].quantity == 2
    unsupported = arrives({"type": "unsupported"})
    assert unsupported.type == types.MessageType.UNSUPPORTED
    gone = arrives({"revoke": {"original_message_id": text.id}})
    assert gone.original_message_id == text.id, gone


def taps():
    sent = wa.send_message(
        wire.PHONE, "Choose", buttons=[types.Button("Yes", "y"), types.Button("No", "n")]
    )
    tap = arrives(
        {
            "interactive": {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}},
            "context": {"id": sent.id},
        }
    )
    assert tap.data == "y" and tap.reply_to_message.id == sent.id
    row = arrives(
        {
            "interactive": {
                "type": "list_reply",
                "list_reply": {"id": "red", "title": "Red", "description": "as fire"},
            },
            "context": {"id": sent.id},
        }
    )
    assert (row.data, row.title, row.description) == ("red", "Red", "as fire")
    quick = arrives(
        {"button": {"payload": "help", "text": "I need help"}, "context": {"id": sent.id}}
    )
    assert quick.data == "help"


def preferences():
    wire.control(f"persons/{wire.PHONE}/stop", {"value": "stop"})
    update = handled(lambda change: change["field"] == "user_preferences")
    assert update.value.name == "STOP", update
    wire.control(f"persons/{wire.PHONE}/stop", {"value": "resume"})
    resumed = handled(lambda change: change["field"] == "user_preferences")
    assert resumed.value.name == "RESUME", resumed


def statuses():
    sent = wa.send_message(wire.PHONE, "ticks", tracker="order=42")
    for status in ("sent", "delivered", "read"):
        update = handled(wire.status_of(sent.id, status))
        assert (update.id, update.status.value) == (sent.id, status), update
        assert update.tracker == "order=42"
        assert status == "read" or update.pricing.model == "PMP", update
    wire.control("faults", {"contacts_on_failed": True})
    outside = wa.send_message("+919812300000", "too late")
    failed = handled(wire.status_of(outside.id, "failed"))
    assert failed.error.code == 131047, failed


def outbound():
    to = wire.PHONE
    inbound = wire.writes({"text": {"body": "open"}})
    sends("text", lambda: wa.send_message(to, "Hello *you*", preview_url=True))
    entry = sends("text", lambda: wa.send_message(to, "reply", reply_to_message_id=inbound))
    assert entry["body"]["context"]["message_id"] == inbound
    by_bytes = {
        "image": lambda: wa.send_image(to, wire.PNG, caption="One", mime_type="image/png"),
        "document": lambda: wa.send_document(to, wire.PDF, filename="a.pdf", mime_type="application/pdf"),
        "video": lambda: wa.send_video(to, wire.MP4, mime_type="video/mp4"),
        "audio": lambda: wa.send_voice(to, wire.OGG, mime_type="audio/ogg"),
        "sticker": lambda: wa.send_sticker(to, wire.WEBP, mime_type="image/webp"),
    }
    for kind, send in by_bytes.items():
        assert sends(kind, send)["body"][kind]["id"], kind
    files = {
        "image": (wire.PNG, "image/png", "a.png"),
        "document": (wire.PDF, "application/pdf", "a.pdf"),
        "video": (wire.MP4, "video/mp4", "a.mp4"),
        "audio": (wire.OGG, "audio/ogg", "a.ogg"),
        "sticker": (wire.WEBP, "image/webp", "a.webp"),
    }
    for kind, file in files.items():
        media = wa.upload_media(*file)
        more = {"filename": file[2]} if kind == "document" else {}
        send = getattr(wa, f"send_{kind}")
        entry = sends(kind, lambda send=send, media=media, more=more: send(to, media, **more))
        assert entry["body"][kind]["id"] == media.id, entry
        link = f"https://kite.example/{file[2]}"
        sends(kind, lambda send=send, link=link, more=more: send(to, link, **more))
    sends("location", lambda: wa.send_location(to, 19.07, 72.87, "Shop", "Sea Face Road"))
    contact = types.Contact(
        name=types.Contact.Name(formatted_name="Ravi K", first_name="Ravi"),
        phones=[types.Contact.Phone(phone="+911234567890", type="CELL")],
    )
    sends("contacts", lambda: wa.send_contact(to, contact))
    sends("reaction", lambda: wa.send_reaction(to, "🪁", inbound))
    sends("reaction", lambda: wa.remove_reaction(to, inbound))
    assert wa.mark_message_as_read(inbound).success
    assert wa.indicate_typing(inbound).success


def interactive():
    to = wire.PHONE
    rows = [types.SectionRow("Red", "r", "as fire"), types.SectionRow("Blue", "b")]
    choices = types.SectionList("Colours", [types.Section("All", rows)])
    many = [
        lambda: wa.send_message(to, "?", "Head", "Foot", [types.Button("Yes", "y")]),
        lambda: wa.send_image(to, wire.PNG, "?", "Foot", [types.Button("Yes", "y")], mime_type="image/png"),
        lambda: wa.send_message(to, "?", "Head", buttons=choices),
        lambda: wa.send_message(to, "?", buttons=types.URLButton("Open", "https://kite.example/a")),
        lambda: wa.send_message(to, "?", buttons=types.CallPermissionRequestButton()),
        lambda: wa.send_message(to, "?", buttons=types.VoiceCallButton("Call us")),
        lambda: wa.send_message(
            to, "?", buttons=types.FlowButton("Sign up", flow_id="1", flow_token="x", flow_action_type=types.FlowActionType.NAVIGATE, flow_action_screen="START")
        ),
        lambda: wa.request_location(to, "Where?"),
        lambda: wa.request_contact_info(to, "Who?"),
        lambda: wa.send_catalog(to, "Our kites", thumbnail_product_sku="kite"),
        lambda: wa.send_product(to, "1", "kite", "This one"),
        lambda: wa.send_products(to, "1", [types.ProductsSection("All", ["kite", "line"])], "Kites", "For you"),
        lambda: wa.send_carousel(
            to,
            body="New",
            cards=[
                types.ImageCarouselCard(body=name, image=f"https://kite.example/{name}.png", buttons=types.URLButton("See", "https://kite.example"))
                for name in ("red", "blue")
            ],
        ),
    ]
    for send in many:
        sends("interactive", send)


def templates():
    to = wire.PHONE
    order = [
        t.BodyText.params("Asha", "1042"),
        t.URLButton.params(index=0, url_variable="1042"),
        t.QuickReplyButton.params(index=1, callback_data="help"),
    ]
    entry = sends("template", lambda: wa.send_template(to, "order_confirmed", t.TemplateLanguage.ENGLISH_US, order))
    assert (entry["template"], entry["language"]) == ("order_confirmed", "en_US")
    spring = [
        t.HeaderImage.params(image=wire.PNG, mime_type="image/png"),
        t.BodyText.params(first_name="Asha", code="SPRING15"),
    ]
    sends("template", lambda: wa.send_template(to, "spring_collection", t.TemplateLanguage.ENGLISH_US, spring))
    for wrong, code in (("order_gone", 132001), ("order_confirmed", 132000)):
        try:
            wa.send_template(to, wrong, t.TemplateLanguage.ENGLISH_US, [t.BodyText.params("Asha")])
        except WhatsAppError as error:
            assert error.code == code and error.fbtrace_id, error
        else:
            raise AssertionError(f"{wrong} was sent")
    made = wa.create_template(
        t.Template(
            name="kite_repaired",
            category=t.TemplateCategory.UTILITY,
            language=t.TemplateLanguage.ENGLISH_US,
            parameter_format=t.ParamFormat.NAMED,
            components=[
                t.HeaderText("Kite {{number}}", number="7"),
                t.BodyText("Hi {{name}}, your kite is mended and waits for you.", name="Asha"),
                t.FooterText(text="Kite & Co."),
                t.Buttons(buttons=[t.QuickReplyButton(text="Fine"), t.URLButton(text="Way", url="https://kite.example/way")]),
            ],
        )
    )
    assert made.status == t.TemplateStatus.PENDING and made.id
    names = [template.name for template in wa.get_templates(pagination=types.Pagination(limit=100))]
    assert "kite_repaired" in names and len(names) == 14, names
    wire.control(f"templates/{made.id}/decision", {"status": "APPROVED"})
    update = handled(lambda change: change["field"] == "message_template_status_update")
    assert (update.template_name, update.new_status) == ("kite_repaired", t.TemplateStatus.APPROVED), update
    assert update.template_language == t.TemplateLanguage.ENGLISH_US
    details = wa.get_template(made.id)
    assert details.status == t.TemplateStatus.APPROVED and details.quality_score, details
    assert wa.archive_templates([made.id]).archived
    assert wa.unarchive_templates([made.id]).unarchived
    assert wa.delete_template("kite_repaired").success


def media():
    uploaded = wa.upload_media(wire.PDF, "application/pdf", "invoice.pdf")
    found = wa.get_media_url(uploaded.id)
    assert found.url.startswith("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=")
    assert (found.mime_type, int(found.file_size)) == ("application/pdf", len(wire.PDF)), found
    assert wa.get_media_bytes(found.url) == wire.PDF
    with tempfile.TemporaryDirectory() as folder:
        path = wa.download_media(url=found.url, path=folder, filename="got.pdf")
        with open(path, "rb") as file:
            assert file.read() == wire.PDF
    assert wa.delete_media(uploaded.id).success
    try:
        wa.get_media_url(uploaded.id)
    except WhatsAppError as error:
        assert error.code == 100, error
    else:
        raise AssertionError("a deleted file was found")


def account():
    number = wa.get_business_phone_number()
    assert number.id == KNOWN["phone_number_id"] and number.display_phone_number
    assert [one.id for one in wa.get_business_phone_numbers().all()] == [number.id]
    assert wa.get_business_account().id == KNOWN["waba_id"]
    assert [one.id for one in wa.get_owned_business_accounts().all()] == [KNOWN["waba_id"]]
    assert wa.update_business_profile(about="Kites", websites=["https://kite.example"]).success
    assert wa.get_business_profile().about == "Kites"
    code = wa.create_qr_code("Hello")
    assert code.deep_link_url.startswith("https://wa.me/message/")
    assert wa.update_qr_code(code.code, "Good day").prefilled_message == "Good day"
    assert wa.get_qr_code(code.code).code == code.code
    assert wa.delete_qr_code(code.code).success
    assert wa.get_commerce_settings().is_cart_enabled
    assert wa.update_commerce_settings(is_cart_enabled=False).success
    assert wa.update_conversational_automation(
        ice_breakers=["Where are you?"], commands=[types.Command("start", "Begin")]
    ).success
    assert wa.get_business_phone_number_settings()
    blocked = wa.block_users([wire.PHONE])
    assert [user.input for user in blocked.added_users] == [wire.PHONE], blocked
    assert [user.wa_id for user in wa.get_blocked_users().all()] == [wire.PHONE[1:]]
    assert wa.unblock_users([wire.PHONE]).removed_users
    assert wa.deregister_phone_number().success
    assert wa.register_phone_number("123456").success


def wrong_token():
    other = pywa.WhatsApp(phone_id=KNOWN["phone_number_id"], token="EAAnonsense")
    try:
        other.send_message(wire.PHONE, "no")
    except WhatsAppError as error:
        assert error.code == 190, error
    else:
        raise AssertionError("a made-up token was taken")


for name in (
    subscribing, inbound, outbound, interactive, taps, preferences, statuses, media, templates, account, wrong_token,
):
    wire.check(f"pywa {name.__name__}", name)
wire.finish()
