"""What each Python client's test needs: the simulator's control plane, a place for webhooks, checks.

The libraries themselves are not touched: `HTTPS_PROXY` leads Meta's host names to the simulator, and
`SSL_CERT_FILE` and `REQUESTS_CA_BUNDLE` make its certificate authority known, as the runner sets them.
"""

import base64
import http.server
import json
import os
import queue
import sys
import threading
import traceback
import urllib.parse
import urllib.request

KNOWN = json.loads(os.environ["WIGWAG_SIMULATOR"])
"""What `wigwag simulator --json` printed."""

PHONE = "+919812345678"
"""The customer, whom the simulator does not know before."""

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(60)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(80)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40)

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def control(path, body=None):
    """GET, or POST with a body, of the control plane."""
    request = urllib.request.Request(
        f"{KNOWN['url']}/_sim/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with _direct.open(request, timeout=20) as answer:
        return json.load(answer)


def writes(message, person=PHONE):
    """A customer sends something; gives its id."""
    return control("inbound", {"person": person, "message": message})["wamid"]


def last_accepted():
    """The newest entry of the ledger."""
    last = control("ledger/summary")["last_seq"]
    return control(f"ledger?after_seq={last - 1}")["data"][0]


class Sink:
    """Takes webhooks. `verify(token, challenge)` answers the challenge."""

    def __init__(self, verify=lambda token, challenge: (challenge, 200)):
        self.got = queue.Queue()
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, text):
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                query = dict(
                    urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)
                )
                text, status = verify(
                    query.get("hub.verify_token"), query.get("hub.challenge")
                )
                self.answer(status, str(text))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.got.put((body, self.headers["X-Hub-Signature-256"]))
                self.answer(200, "ok")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/webhook"

    def until(self, wanted, seconds=20):
        """The first webhook, as (bytes, signature), whose change satisfies `wanted`."""
        while True:
            body, signature = self.got.get(timeout=seconds)
            change = json.loads(body)["entry"][0]["changes"][0]
            if wanted(change):
                return body, signature


def message_of(wamid):
    """A change that carries this inbound message."""
    return lambda change: any(
        message["id"] == wamid for message in change["value"].get("messages", [])
    )


def status_of(wamid, status):
    """A change that carries this status."""
    return lambda change: any(
        (one["id"], one["status"]) == (wamid, status)
        for one in change["value"].get("statuses", [])
    )


_failed = []
_passed = 0


def check(name, body):
    """Runs one check and tells how it went."""
    global _passed
    try:
        body()
    except Exception:
        _failed.append(name)
        print(f"not ok {name}\n{traceback.format_exc()}", flush=True)
    else:
        _passed += 1
        print(f"ok {name}", flush=True)


def finish():
    """The closing line, which the runner reads."""
    print(f"clients: {_passed} passed, {len(_failed)} failed", flush=True)
    sys.exit(1 if _failed else 0)
