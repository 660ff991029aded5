"""Holds every sample in this folder to the models and to its JSON Schema, then spoilt ones."""

import copy
import json
from pathlib import Path

import models
from jsonschema import Draft202012Validator
from pydantic import ValidationError


def is_model_of(model, body) -> bool:
    try:
        model.model_validate(body)
        return True
    except ValidationError:
        return False


events = 0
for path in sorted(Path().glob("*.schema.json")):
    event = path.name.removesuffix(".schema.json")
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    sample = json.loads(Path(f"{event}.sample.json").read_text())
    model = getattr(models, event)
    assert validator.is_valid(sample), (event, list(validator.iter_errors(sample)))
    assert is_model_of(model, sample), event
    for key, value in [("event", "Other"), ("triggeredDate", "yesterday"), ("data", "text")]:
        spoilt = copy.deepcopy(sample) | {key: value}
        assert not validator.is_valid(spoilt), (event, key)
        assert not is_model_of(model, spoilt), (event, key)
    events += 1
print(events, "events")
