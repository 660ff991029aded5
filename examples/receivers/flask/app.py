"""Receives Perfect Gym webhooks with Flask."""

import hashlib
import hmac
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, request

if not os.environ.get("PGM_WEBHOOK_SECRET"):
    raise SystemExit("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM")
# The old secret is accepted too while the secret is being changed.
SECRETS = [os.environ["PGM_WEBHOOK_SECRET"], os.environ.get("PGM_WEBHOOK_SECRET_OLD")]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1_000_000
worker = ThreadPoolExecutor(max_workers=1)

# Signatures of the latest requests: PGM sends a request again with the same one. A table with
# a unique key would survive a restart and serve several processes.
seen: dict[str, None] = {}
lock = threading.Lock()


def is_new(signature: str) -> bool:
    with lock:
        if signature in seen:
            return False
        if len(seen) == 10_000:
            del seen[next(iter(seen))]
        seen[signature] = None
        return True


def is_signed(request_id: str, signature: str) -> bool:
    # A comma means repeated headers: WSGI servers join them.
    if not re.fullmatch("[ -~]+", request_id) or "," in request_id:
        return False
    digests = [hashlib.md5(f"{request_id}:{secret}".encode()).hexdigest() for secret in filter(None, SECRETS)]
    return any(hmac.compare_digest(signature.encode(), digest.encode()) for digest in digests)


def work(envelope: dict) -> None:
    # Ignore Test and events you do not know; any field may be null.
    print(envelope["event"], flush=True)


@app.post("/pgm")
def webhook():
    signature = request.headers.get("X-PerfectGym-Signature", "").lower()
    if not is_signed(request.headers.get("X-PerfectGym-Request", ""), signature):
        return "", 401
    envelope = request.get_json(force=True)
    if is_new(signature):
        worker.submit(work, envelope)
    return "Ok", {"Content-Type": "text/plain"}  # respond first, work later: PGM allows 5 seconds
