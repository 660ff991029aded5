"""pgwh in a test with pytest. Run: pytest"""

import json
import os
import subprocess
import urllib.request

import pytest

SECRET = "the secret of the tests"
os.environ.update(PGM_WEBHOOK_SECRET=SECRET, PGWH_SECRET=SECRET)

from app import app  # noqa: E402  your receiver, here with Flask


def sign(event: str, *options: str) -> dict:
    """A sample event as PGM would send it; options as for `pgwh sign`."""
    return json.loads(subprocess.check_output(["pgwh", "sign", event, "--as", "json", *options]))


@pytest.fixture
def post():
    client = app.test_client()
    return lambda request: client.post("/pgm", headers=request["headers"], data=request["body"])


def test_a_member_without_a_mail_address_is_accepted(post):
    response = post(sign("UserModified", "--set", "user.userEmail=null"))
    assert (response.status_code, response.text) == (200, "Ok")


def test_another_secret_is_refused(post):
    assert post(sign("Test", "--secret", "not the secret")).status_code == 401


def test_what_we_send_on_arrives_signed():
    options = ["--addr", "127.0.0.1:0", "--format", "json", "--reject-invalid"]
    goal = ["--expect", "1", "--expect-event", "ClassesBooked", "--timeout", "10s"]
    with subprocess.Popen(["pgwh", "listen", *options, *goal], stdout=subprocess.PIPE) as listen:
        ready = json.loads(listen.stdout.readline())
        signed = sign("ClassesBooked")
        # In place of your code that sends requests on:
        urllib.request.urlopen(urllib.request.Request(ready["url"], signed["body"].encode(), signed["headers"]))
        listen.stdout.read()
    assert listen.returncode == 0
