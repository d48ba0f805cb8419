"""HEAD is answered like GET; pages that only take a POST still refuse it."""

from collections.abc import Callable

import pytest

from kakehashi.people.testing import Cast


@pytest.mark.parametrize("page", ["/", "/procedures/", "/procedures/mine/", "/people/address/"])
def test_pages_answer_head(cast: Cast, client_for: Callable, page: str) -> None:
    answer = client_for(cast.hibari).head(page)
    assert (answer.status_code, answer.content) == (200, b"")


def test_staff_pages_and_acts(cast: Cast, client_for: Callable) -> None:
    assert client_for(cast.hibari.clerk).head("/staff/procedures/").status_code == 200
    assert client_for(cast.hibari).head("/procedures/mine/find/").status_code == 405
