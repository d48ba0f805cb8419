"""As the web's role, under row-level security, a search walks indexes: it never reads a whole table."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, connections

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, two_towns
from kakehashi.search.domain.query import parse_query
from kakehashi.search.selectors.index import postings_sql
from kakehashi.search.services import index_pending, index_texts
from kakehashi.search.testing import a_kind

WORDS = ["転入", "転出", "児童手当", "水道", "犬の登録", "罹災証明", "粗大ごみ", "公園", "講演会", "税証明"]


@pytest.fixture
def two_libraries(swept_database: str) -> Cast:
    cast = two_towns(settings.ROOMS)
    for town in (cast.hibari, cast.misaki):
        with tenant_scope(town.id):
            rows = [
                (uuid7(), f"{WORDS[n % 10]}の手続 第{n}号", {"body": f"{WORDS[n // 10 % 10]}の説明 {n}"}, True)
                for n in range(900)
            ]
            index_texts(government_id=town.id, kind=a_kind(), rows=rows)
            index_pending()
    with connections["admin"].cursor() as cursor:
        cursor.execute("ANALYZE search_posting, search_entry")
    return cast


def test_no_table_is_read_as_a_whole(two_libraries: Cast) -> None:
    terms = sorted(parse_query("犬の登録").terms)
    with tenant_scope(two_libraries.hibari.id), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, row_security_active('search_posting')")
        assert cursor.fetchone() == ("kakehashi_app", True)
        cursor.execute("EXPLAIN " + postings_sql(is_shared=False), [two_libraries.hibari.id, terms])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on search_posting" not in plan, plan
    assert "search_posting_once" in plan, plan
