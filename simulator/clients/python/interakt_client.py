"""Interakt's own client, unchanged but for its host, against a Wigwag: users, events, errors, keys."""

import base64
import json
import logging
import os
import urllib.request

import track
import track.request
import wire
from track.client import Client

KNOWN = wire.KNOWN
HOST = "/".join(KNOWN["console"].split("/")[:3])
KEY = KNOWN["api_key"]
BASIC = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
# It logs the refusals that this test asks for.
logging.disable(logging.CRITICAL)

answers = []
"""Every answer that the client got: it is watched by the hook that its session has for that."""
track.request._session.hooks["response"].append(
    lambda answer, *_, **__: answers.append(answer)
)

errors = []
track.host = HOST
track.api_key = KEY
track.on_error = lambda error, message: errors.append((error, message))


def ask(path, authorization=BASIC):
    """GET of the API."""
    request = urllib.request.Request(HOST + path, headers={"Authorization": authorization})
    with wire._direct.open(request, timeout=20) as answer:
        return json.load(answer)


def customer(user_id):
    found = ask(f"/v1/public/apis/users/id/{user_id}")["data"]["customers"]
    assert len(found) == 1, found
    return found[0]


def user():
    traits = {"name": "John Doe", "age": 24, "whatsapp_opted_in": True}
    track.user(user_id=7, country_code="+91", phone_number="9999999999", traits=traits)
    track.flush()
    assert not errors, errors
    assert answers[-1].status_code == 202 and answers[-1].json()["result"] is True
    john = customer(7)
    assert (john["country_code"], john["phone_number"]) == ("+91", "9999999999"), john
    assert john["traits"] == traits, john


def event():
    track.event(
        user_id=7,
        event="Order Placed",
        traits={"orderValue": "50.00"},
        country_code="+91",
        phone_number="9999999999",
    )
    track.flush()
    assert not errors, errors
    told = answers[-1]
    assert told.status_code == 201, told.text
    assert told.json()["message"] == "Event created successfully" and told.json()["id"]
    found = ask("/api/v1/contacts?q=9999999999", f"Bearer {KEY}")["data"][0]["id"]
    events = ask(f"/api/v1/contacts/{found}/events", f"Bearer {KEY}")["data"]
    assert events[0]["name"] == "Order Placed", events
    assert events[0]["properties"] == {"orderValue": "50.00"}, events


def refusals():
    before = len(answers)
    track.event(user_id="nobody", event="Order Placed")
    track.flush()
    ((error, message),) = errors
    errors.clear()
    assert len(answers) == before + 1, "what cannot pass is not tried again"
    assert (error.status, error.status_code) == (False, 400), error
    assert error.message.startswith("userId: "), error
    assert message["body"]["userId"] == "nobody"


def keys():
    shown = base64.b64encode(f"{KEY}:".encode()).decode()
    client = Client(api_key=shown, host=HOST + "/", sync_mode=True)
    assert client.user(user_id=8).status_code == 202
    wrong = Client(api_key="ww_" + "0" * 32, host=HOST, sync_mode=True)
    try:
        wrong.user(user_id=8)
    except track.request.APIError as error:
        assert (error.status, error.status_code) == (False, 401), error
    else:
        raise AssertionError("a wrong key was let in")


for name, body in [
    ("interakt user", user),
    ("interakt event", event),
    ("interakt refusals", refusals),
    ("interakt keys", keys),
]:
    wire.check(name, body)
try:
    wire.finish()
except SystemExit as end:
    # The client's thread waits for ever for another event: the process ends without asking it.
    os._exit(end.code)
