"""操作の記録 and 記録の証明 in a browser, narrow and wide."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kakehashi.journal.services import seal_events
from kakehashi.journal.testing import own_keys, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site.tests.browser.conftest import WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def sealed(served: Any, tmp_path: Path, django_db_blocker: Any) -> Any:
    with own_keys(tmp_path), django_db_blocker.unblock():
        record_some(served.cast.hibari.id, 3, at=clock.now() - timedelta(minutes=5))
        with tenant_scope(served.cast.hibari.id):
            seal_events()
        record_some(served.cast.hibari.id, 1, at=clock.now())
        yield served


def test_the_pages_are_accessible(
    sealed: Any,
    page_at: Callable[..., Any],
    every_width: Callable[..., None],
    picture: Callable[..., None],
) -> None:
    page = page_at(1280, who=sealed.cast.hibari.administrator)
    for name in ("journal", "journal/proof"):
        page.goto(sealed.address(f"/staff/{name}/"))
        every_width(page)
        picture(page, name.replace("/", "-"), widths=WIDTHS)
