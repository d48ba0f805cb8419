"""JSON of strangers: everything that is wrong with it is a ValueError."""

import pytest

from kakehashi.kernel.json_text import read_json


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"a":' * 50_000, "NaN", "-Infinity", "1e999", "9" * 5_000, b"\xff\xfe{", "1 2"]
)
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".*"):
        read_json(text)


def test_json_is_read():
    assert read_json('{"a": [1, 2.5, null, "架"]}') == {"a": [1, 2.5, None, "架"]}
    assert read_json(b"[]") == []
