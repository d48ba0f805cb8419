"""The name of a browser."""

import pytest

from kakehashi.people.domain.devices import device_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (WINDOWS, "Chrome（Windows）"),
        (f"{WINDOWS} Edg/142.0", "Edge（Windows）"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari（iPhone）"),
        ("curl/8", "不明な端末"),
        ("", "不明な端末"),
    ],
)
def test_a_browser_is_called_as_its_owner_calls_it(line, name):
    assert device_name(line) == name
