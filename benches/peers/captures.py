#!/usr/bin/env python3
"""Writes COUNT made-up captures to stdout, one JSON object a line, 1 % of them with a wrong
signature: `captures.py COUNT SECRET [own|spaces|other]`. `own` is pgwh's format, some 677 bytes a
line; `spaces` is the same with spaces after `:` and `,`, as Python's json.dumps writes it; `other`
is what many tools write: headers as a list of names and values."""

import hashlib
import json
import sys

count, secret = int(sys.argv[1]), sys.argv[2]
shape = sys.argv[3] if len(sys.argv) > 3 else "own"
EVENTS = ["ClassesBooked", "ClassesBookingCancelled", "ContractCreated", "UserPresenceChanged"]
dump = json.JSONEncoder(separators=(",", ":")).encode
dump_line = json.dumps if shape == "spaces" else dump
write = sys.stdout.write
for number in range(count):
    mixed = hashlib.md5(b"%d" % number).hexdigest()
    request_id = f"{mixed[:8]}-{mixed[8:12]}-4{mixed[13:16]}-9{mixed[17:20]}-{mixed[20:]}"
    signed = request_id + ":" + (secret if number % 100 else "not the secret")
    second = number % 60
    body = dump(
        {
            "event": EVENTS[number % 4],
            "triggeredDate": f"2026-03-02T09:15:{second:02}Z",
            "data": {"userId": number, "timeTableEventId": 88031, "homeClubId": 3},
        }
    )
    headers = {
        "host": "hooks.example.org",
        "user-agent": "made up for a bench 1.0",
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "https",
        "x-perfectgym-request": request_id,
        "x-perfectgym-signature": hashlib.md5(signed.encode()).hexdigest(),
    }
    time = f"2026-03-02T09:15:{second:02}.204Z"
    if shape == "other":
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        request = {"method": "POST", "url": "/hooks/pgm", "headers": listed, "body": body}
        line = {"time": time, "request": request}
    else:
        line = {
            "receivedAt": time,
            "method": "POST",
            "path": "/hooks/pgm",
            "remote": "203.0.113.9:50312",
            "headers": {name: [value] for name, value in headers.items()},
            "body": body,
        }
    write(dump_line(line) + "\n")
