#!/usr/bin/env python3
"""Captures every webhook of a server as it comes off the socket, and has the published client libraries verify it.

    rushes serve --webhooks-allow-private --sandbox-speed 100 ...
    scripts/sdk-environments
    ~/.cache/rushes/sdk/webhooks-1/bin/python scripts/check-webhooks.py http://127.0.0.1:8080 rsh_live_...

The `standardwebhooks` and `svix` packages are used unchanged; no HMAC is computed here. Exits with 0 when every message
is good in both, with the old secret, the new one, and both during a rotation, and none is once a bit is flipped.
"""

import base64
import datetime
import http.server
import json
import re
import sys
import threading
import time
import urllib.request

import standardwebhooks.webhooks as standard
import svix.webhooks as svix

captured = []


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        captured.append((self.headers.items(), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def call(root, key, path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(root + path, data=data, method=method)
    request.add_header("authorization", "Bearer " + key)
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def is_good(module, secret, headers, body):
    """What the library says of a message at the time that the message names; its tolerance is five minutes."""
    moment = datetime.datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=datetime.timezone.utc)

    class Frozen(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    kept = standard.datetime
    standard.datetime = Frozen
    try:
        module.Webhook(secret).verify(body, headers)
        return True
    except module.WebhookVerificationError:
        return False
    finally:
        standard.datetime = kept


def check_wire(headers, pairs, body):
    """What the libraries forgive and the specification does not."""
    names = [name.lower() for name, _ in pairs]
    assert all(names.count(name) == 1 for name in headers), pairs
    assert re.fullmatch(r"[0-9]{10}", headers["webhook-timestamp"]), headers
    assert re.fullmatch(r"evt_[0-9a-z]{26}", headers["webhook-id"]), headers
    for part in headers["webhook-signature"].split(" "):
        assert part.startswith("v1,") and len(base64.b64decode(part[3:], validate=True)) == 32, headers
    assert headers["content-type"] == "application/json" and "content-encoding" not in headers, headers
    assert int(headers["content-length"]) == len(body) <= 20_000, headers
    event = json.loads(body)
    assert event["id"] == headers["webhook-id"] and event["type"] == headers["rushes-event"], event
    assert "timestamp" in event and "data" in event, event


def verify(secrets, strangers):
    """Every message captured so far is good for each of the secrets, and for nobody else."""
    count = len(captured)
    for pairs, body in captured:
        headers = {name.lower(): value for name, value in pairs}
        check_wire(headers, pairs, body)
        assert len(headers["webhook-signature"].split(" ")) == len(secrets), headers
        flipped = bytes([body[0] ^ 1]) + body[1:]
        for module in (standard, svix):
            for secret in secrets:
                assert is_good(module, secret, headers, body), (module.__name__, headers, body)
                assert not is_good(module, secret, headers, flipped), "a flipped bit passed"
                identifier = headers["webhook-id"]
                other = identifier[:-1] + ("x" if identifier[-1] != "x" else "y")
                assert not is_good(module, secret, dict(headers, **{"webhook-id": other}), body), "another id passed"
            for stranger in strangers:
                assert not is_good(module, stranger, headers, body), "an old secret passed"
    captured.clear()
    return count


def run_batch(root, key, name):
    tasks = [{"prompt": f"{name} {n}" + (" [sim:fail]" if n % 4 == 0 else "")} for n in range(12)]
    batch = call(root, key, "/v1/batches", {"request_id": name, "model": "sora-2", "tasks": tasks})
    while not call(root, key, f"/v1/batches/{batch['id']}")["finished_at"]:
        time.sleep(0.2)
    last = call(root, key, "/v1/events?after=0&limit=100")["data"][-1]["seq"]
    end = time.monotonic() + 60
    while time.monotonic() < end and last not in [json.loads(body)["sequence"] for _, body in captured]:
        time.sleep(0.1)
    time.sleep(0.5)


def main(root, key):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = call(root, key, "/v1/webhook_endpoints", {
        "url": f"http://127.0.0.1:{server.server_port}/in", "event_types": ["*"], "max_per_second": 100})
    endpoint, old = "/v1/webhook_endpoints/" + made["id"], made["secret"]["secret"]
    run_batch(root, key, "one-secret")
    print(f"{verify([old], [])} messages with one secret")
    new = call(root, key, endpoint + "/secrets", {"expire_previous_in": 3600})["secret"]
    run_batch(root, key, "two-secrets")
    print(f"{verify([old, new], [])} messages with two secrets, in both orders")
    last = call(root, key, endpoint + "/secrets", {"expire_previous_in": 0})["secret"]
    run_batch(root, key, "last-secret")
    print(f"{verify([last], [old, new])} messages with the last secret only")
    types = set()
    for type_name in ("batch.completed", "tasks.settled", "webhook.ping", "invoice.issued"):
        delivery = call(root, key, endpoint + "/test", {"type": type_name})
        assert delivery["state"] == "succeeded", delivery
        types.add(type_name)
    print(f"{verify([last], [old])} test messages")
    print("all messages are good in standardwebhooks and svix")


if __name__ == "__main__":
    main(*sys.argv[1:])
