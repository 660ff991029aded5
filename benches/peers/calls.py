#!/usr/bin/env python3
"""Writes 4000 signed requests with a body of 300 bytes as a script for wrk."""

import datetime
import hashlib
import json
import os
import uuid

date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
data = {"userId": 48213, "timeTableEventId": 90155, "note": ""}
event = {"event": "ClassesBooked", "triggeredDate": date, "data": data}
dump = json.JSONEncoder(separators=(",", ":")).encode
data["note"] = "x" * (300 - len(dump(event)))
rows = []
for _ in range(4000):
    request_id = str(uuid.uuid4())
    signature = hashlib.md5(f"{request_id}:{os.environ['PGWH_SECRET']}".encode()).hexdigest()
    rows.append(f'{{"{request_id}","{signature}"}}')
print(f"""
local rows = {{{",".join(rows)}}}
local calls = {{}}
local body = [[{dump(event)}]]
local next = 0
function init()
  for n, row in ipairs(rows) do
    calls[n] = wrk.format("POST", "/pgm", {{
      ["Content-Type"] = "application/json", ["X-PerfectGym-Request"] = row[1],
      ["X-PerfectGym-Signature"] = row[2],
    }}, body)
  end
end
function request()
  next = next % #calls + 1
  return calls[next]
end
""")
