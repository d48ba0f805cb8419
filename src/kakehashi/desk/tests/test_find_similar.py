"""find_similar: why it matched, and what is different there."""

from __future__ import annotations

from kakehashi.desk.selectors import find_similar
from kakehashi.desk.testing import published
from kakehashi.governments.models import Government
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.search.services import index_pending


def test_a_published_case_is_found_while_writing(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari, population=3400)
        index_pending()
        (hit,) = find_similar(
            cast.hibari.clerk, task="公民館の予約", problem="台帳に書き写す", purpose="", desired_state=""
        )
        assert (hit.is_ours, hit.url) == (True, f"/staff/desk/cases/{case.id}/")
    Government.objects.filter(id=cast.misaki.id).update(population=180_000)
    with tenant_scope(cast.misaki.id):
        (hit,) = find_similar(
            cast.misaki.clerk, task="公民館の予約", problem="台帳に書き写す", purpose="", desired_state=""
        )
        assert not hit.is_ours
        assert "「公民館」" in hit.matched
        assert "人口が約50分の1の団体の事例です。" in hit.differences
