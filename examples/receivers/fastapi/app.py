"""Receives Perfect Gym webhooks with FastAPI."""

import hashlib
import hmac
import os
import re
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

if not os.environ.get("PGM_WEBHOOK_SECRET"):
    raise SystemExit("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM")
# The old secret is accepted too while the secret is being changed.
SECRETS = [os.environ["PGM_WEBHOOK_SECRET"], os.environ.get("PGM_WEBHOOK_SECRET_OLD")]

app = FastAPI()
# Signatures of the latest requests: PGM sends a request again with the same one. A table with
# a unique key would survive a restart and serve several processes.
seen: dict[str, None] = {}


def is_new(signature: str) -> bool:
    if signature in seen:
        return False
    if len(seen) == 10_000:
        del seen[next(iter(seen))]
    seen[signature] = None
    return True


async def verified_signature(request: Request) -> str:
    request_id = ",".join(request.headers.getlist("X-PerfectGym-Request"))
    signature = ",".join(request.headers.getlist("X-PerfectGym-Signature")).lower()
    # A comma means that a header was repeated.
    if re.fullmatch("[ -~]+", request_id) and "," not in request_id:
        for secret in filter(None, SECRETS):
            expected = hashlib.md5(f"{request_id}:{secret}".encode()).hexdigest()
            if hmac.compare_digest(expected.encode(), signature.encode()):
                return signature
    raise HTTPException(401)


class Envelope(BaseModel):
    event: str
    data: dict[str, Any] | None = None


def work(envelope: Envelope) -> None:
    # Ignore Test and events you do not know; any field may be null.
    print(envelope.event, (envelope.data or {}).get("userId"), flush=True)


@app.post("/pgm", response_class=PlainTextResponse)
async def webhook(signature: Annotated[str, Depends(verified_signature)], envelope: Envelope, tasks: BackgroundTasks):
    if is_new(signature):
        tasks.add_task(work, envelope)  # respond first, work later: PGM allows 5 seconds
    return "Ok"
