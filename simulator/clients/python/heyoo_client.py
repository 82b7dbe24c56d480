"""heyoo against the simulator: its kinds of message, media, and its readers of webhooks."""

import json
import logging
import os
import tempfile

import heyoo
import wire

KNOWN = wire.KNOWN
TO = wire.PHONE[1:]
# It logs the refusals that this test asks for.
logging.disable(logging.CRITICAL)
client = heyoo.WhatsApp(KNOWN["access_token"], KNOWN["phone_number_id"])
sink = wire.Sink()
wire.control("app", {"callback_url": sink.url, "verify": True})


def sends(kind, answer):
    """An answer that must be an acceptance, as the ledger has it."""
    entry = wire.last_accepted()
    assert (entry["wamid"], entry["type"]) == (answer["messages"][0]["id"], kind), answer
    assert answer["contacts"][0] == {"input": entry["to"], **answer["contacts"][0]}
    assert answer["contacts"][0]["wa_id"] == TO
    return entry


def arrives(message):
    """A customer's message as the webhook brings it."""
    wamid = wire.writes(message)
    body, signature = sink.until(wire.message_of(wamid))
    assert signature.startswith("sha256=")
    data = json.loads(body)
    assert client.is_message(data) and client.changed_field(data) == "messages"
    assert client.get_message_id(data) == wamid and client.get_mobile(data) == TO
    assert client.get_name(data) == wire.PHONE and client.get_message_timestamp(data)
    return data


def inbound():
    text = arrives({"text": {"body": "Hello"}})
    assert (client.get_message_type(text), client.get_message(text)) == ("text", "Hello")
    tap = {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}
    assert client.get_interactive_response(arrives({"interactive": tap})) == tap
    place = client.get_location(arrives({"location": {"latitude": 1.5, "longitude": 2.5}}))
    assert place["latitude"] == 1.5
    readers = {
        "image": client.get_image,
        "document": client.get_document,
        "audio": client.get_audio,
    }
    samples = {"image": "photo-2", "document": "document-1", "audio": "voice-1"}
    with tempfile.TemporaryDirectory() as folder:
        for kind, read in readers.items():
            media = read(arrives({kind: {"sample": samples[kind]}}))
            url = client.query_media_url(media["id"])
            saved = client.download_media(url, media["mime_type"], f"{folder}/{kind}")
            assert os.path.getsize(saved) > 500, saved


def outbound():
    inbound = wire.writes({"text": {"body": "open"}})
    sends("text", client.send_message("Hello", TO))
    sends("text", client.reply_to_message(inbound, TO, "reply"))
    sends("reaction", client.send_reaction("👍", inbound, TO))
    sends("location", client.send_location(19.07, 72.87, "Shop", "Sea Face Road", TO))
    sends("image", client.send_image("https://kite.example/a.png", TO, caption="One"))
    sends("video", client.send_video("https://kite.example/a.mp4", TO, caption="Two"))
    sends("audio", client.send_audio("https://kite.example/a.mp3", TO))
    sends("sticker", client.send_sticker("https://kite.example/a.webp", TO))
    sends("document", client.send_document("https://kite.example/a.pdf", TO, caption="Three"))
    card = {"name": {"formatted_name": "Ravi", "first_name": "Ravi"}, "phones": [{"phone": "+1"}]}
    sends("contacts", client.send_contacts([card], TO))
    rows = [{"id": "r", "title": "Red", "description": "as fire"}]
    choice = {
        "header": "Colours", "body": "Which?", "footer": "Kite & Co.",
        "action": {"button": "Choose", "sections": [{"title": "All", "rows": rows}]},
    }
    sends("interactive", client.send_button(choice, TO))
    buttons = {
        "type": "button", "body": {"text": "Sure?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Yes"}}]},
    }
    sends("interactive", client.send_reply_button(buttons, TO))
    parameters = [{"type": "text", "text": "Asha"}]
    body = [{"type": "body", "parameters": parameters}]
    coupon = {"type": "button", "sub_type": "copy_code", "index": 0}
    coupon["parameters"] = [{"type": "coupon_code", "coupon_code": "FLYHIGH"}]
    entry = sends("template", client.send_template("festival_offer", TO, body + [coupon]))
    assert entry["template"] == "festival_offer"
    raw = {"messaging_product": "whatsapp", "to": TO, "type": "text", "text": {"body": "raw"}}
    sends("text", client.send_custom_json(raw, TO))
    assert client.mark_as_read(inbound) == {"success": True}
    refused = client.send_template("none", TO, [])
    assert refused["error"]["code"] == 132001 and refused["error"]["fbtrace_id"], refused


def media():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/kite.png"
        with open(path, "wb") as file:
            file.write(wire.PNG)
        media_id = client.upload_media(path)["id"]
        sends("image", client.send_image(media_id, TO, link=False))
        saved = client.download_media(
            client.query_media_url(media_id), "image/png", f"{folder}/again"
        )
        with open(saved, "rb") as file:
            assert file.read() == wire.PNG
    assert client.delete_media(media_id) == {"success": True}
    assert client.query_media_url(media_id) is None


def statuses():
    wamid = client.send_message("ticks", TO)["messages"][0]["id"]
    for status in ("sent", "delivered", "read"):
        body, _ = sink.until(wire.status_of(wamid, status))
        assert client.get_delivery(json.loads(body)) == status
        assert not client.is_message(json.loads(body))


for name in (inbound, outbound, media, statuses):
    wire.check(f"heyoo {name.__name__}", name)
wire.finish()
