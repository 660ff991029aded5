#!/usr/bin/env python3
"""The same in Python as verify.js in Node: `verify.py FILE SECRET`."""

import hashlib
import json
import sys

file, secret = sys.argv[1], sys.argv[2].encode()
seen = set()
captures = valid = strange = repeated = 0


def header(headers, name):
    if isinstance(headers, dict):
        return headers.get(name, [None])[0]
    return next((one["value"] for one in headers if one["name"].lower() == name), None)


with open(file, "rb") as lines:
    for line in lines:
        parsed = json.loads(line)
        request = parsed.get("request", parsed)
        request_id = header(request["headers"], "x-perfectgym-request")
        signature = header(request["headers"], "x-perfectgym-signature")
        captures += 1
        if not request_id or not signature:
            continue
        digest = hashlib.md5(request_id.encode() + b":" + secret).hexdigest()
        valid += digest == signature.lower()
        body = json.loads(request["body"])
        strange += not isinstance(body.get("event"), str) or not isinstance(body.get("triggeredDate"), str)
        repeated += request_id in seen
        seen.add(request_id)

print(json.dumps({"captures": captures, "valid": valid, "invalid": captures - valid, "strange": strange, "repeated": repeated}))
