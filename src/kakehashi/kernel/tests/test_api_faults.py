"""What a caller is told of a wrong body: Japanese, as every message of the API."""

import jsonschema_rs
import pytest

from kakehashi.kernel.api_faults import said

SCHEMA = {
    "type": "object",
    "properties": {
        "version": {"type": "integer", "minimum": 1},
        "result": {"enum": ["granted", "refused"]},
        "day": {"type": "string", "format": "date", "maxLength": 10},
        "rows": {"type": "array", "maxItems": 1, "items": {"type": "object", "required": ["name"]}},
        "code": {"type": "string", "pattern": "^[a-z]+$"},
    },
    "required": ["version"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "本文：「version」がありません。"),
        ([], "本文：オブジェクトで書いてください。"),
        ({"version": 1, "number": "1"}, "本文：「number」という項目は使えません。"),
        ({"version": "1"}, "version：整数で書いてください。"),
        ({"version": 0}, "version：1以上にしてください。"),
        ({"version": 1, "result": "x"}, "result：使える値はgranted、refusedです。"),
        ({"version": 1, "day": "2026-4-1"}, "day：日付（例：2026-04-01）の形で書いてください。"),
        ({"version": 1, "day": "2026-04-01T00:00"}, "day：10文字以下にしてください。"),
        ({"version": 1, "rows": [{"name": ""}, {"name": ""}]}, "rows：1個以下にしてください。"),
        ({"version": 1, "rows": [{}]}, "rows.0：「name」がありません。"),
        ({"version": 1, "code": "A"}, "code：この値は使えません。"),
    ],
)
def test_a_fault_is_told_in_japanese(body, told):
    checker = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    assert told in [said(fault) for fault in checker.iter_errors(body)]
