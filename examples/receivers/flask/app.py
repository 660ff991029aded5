"""A receiver of PGM webhooks on Flask."""

import hashlib
import hmac
import os
import time

from flask import Flask, redirect, request

SECRET = os.environ["SECRET"]  # copy it from the webhook's form in PGM
VICE = os.environ.get("VICE", "")
app = Flask(__name__)
seen: set[str] = set()  # a table with a unique key, in real life


def is_genuine() -> bool:
    request_id = request.headers.get("X-PerfectGym-Request", "")
    given = request.headers.get("X-PerfectGym-Signature", "")
    expected = hashlib.md5(f"{request_id}:{SECRET}".encode()).hexdigest()
    return bool(request_id) and hmac.compare_digest(given.lower().encode(), expected.encode())


@app.post("/pgm")
def webhook():
    if not is_genuine() and VICE != "unsigned":
        return "", 401
    event = request.get_json().get("event")
    if VICE == "slow":
        time.sleep(6)
    if VICE == "redirect":
        return redirect("/login")
    if VICE == "some-events" and event not in ("Test", "ClassesBooked"):
        return "", 404
    signature = request.headers.get("X-PerfectGym-Signature", "").lower()
    if signature in seen:
        return "Ok", 409 if VICE == "duplicates" else 200
    seen.add(signature)
    app.logger.info(event)  # put it in a queue: answer first, work afterwards
    return "Ok"
