"""Receives webhooks of Rushes with the package that Standard Webhooks publishes.

    pip install standardwebhooks
    WEBHOOK_SECRET=whsec_... python receiver.py
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])
BODY_BYTES_MAX = 64 * 1024

# Yours is a table with a unique key: a webhook may come twice, and a restart forgets this set.
seen: set[str] = set()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # The bytes as they came: JSON that was read and written again has another signature.
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), BODY_BYTES_MAX))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            event = webhook.verify(body, headers)
        except (WebhookVerificationError, ValueError):
            # The package raises ValueError for a signature without a comma, and for bytes that are no text.
            return self.answer(400)
        if headers["webhook-id"] not in seen:
            seen.add(headers["webhook-id"])
            # Put it into a queue here; what takes longer than a moment is done after the answer.
            print(event["type"], headers["webhook-id"], flush=True)
        self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
    print(f"listening on port {server.server_port}", file=sys.stderr, flush=True)
    server.serve_forever()
