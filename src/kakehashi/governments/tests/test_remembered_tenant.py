"""A tenant that was remembered for its moment is read anew by one thread; the others take what was known."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from kakehashi.governments import selectors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _remember(settings):
    settings.GOVERNMENT_CACHE_SECONDS = 2.0
    selectors.forget_tenants()


def _age():
    for slug, entry in selectors._by_slug.items():
        selectors._by_slug[slug] = (entry[0] - 2.0, *entry[1:])


def test_who_comes_while_a_tenant_is_read_anew_asks_the_database_nothing(cast, django_assert_num_queries):
    slug = cast.hibari.government.slug
    first = selectors.tenant_by_slug(slug)
    _age()
    asked = []

    def another_comes(execute, *arguments):
        if not asked:
            asked.append(True)
            asked.append(selectors.tenant_by_slug(slug))
        return execute(*arguments)

    with connection.execute_wrapper(another_comes), django_assert_num_queries(2):
        assert selectors.tenant_by_slug(slug) == first
    assert asked[1] == first


def test_a_tenant_that_cannot_be_read_anew_is_forgotten(cast, monkeypatch):
    slug = cast.hibari.government.slug
    selectors.tenant_by_slug(slug)
    _age()

    def broken(_):
        raise DatabaseError

    monkeypatch.setattr(selectors, "rooms_of", broken)
    # With its queries counted, the tests' own memory of tenants steps aside.
    for _ in range(2):
        with CaptureQueriesContext(connection), pytest.raises(DatabaseError):
            selectors.tenant_by_slug(slug)
