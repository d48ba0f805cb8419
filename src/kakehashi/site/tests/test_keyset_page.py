"""Keyset pages: every row once, both ways, whatever the order and whatever comes as a cursor."""

import base64
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.kernel.pages import keyset_page
from kakehashi.people.models import Department, Post
from kakehashi.people.testing import Town

ORDERS = [
    ("code",),
    ("-code",),
    ("name", "-code"),
    ("-name", "code"),
    ("valid_to", "-code"),
    ("-valid_to", "name", "code"),
    ("parent__code", "-code"),
    ("parent_id", "code"),
    ("-pk",),
    ("-same", "code"),
]


@pytest.fixture
def departments(town: Town) -> Town:
    Department.objects.update(valid_to=None)
    parent = town.department
    for number in range(23):
        Department.objects.create(
            code=f"9{number:02}",
            name="課" + "あいう"[number % 3],
            valid_from=date(2020, 4, 1),
            valid_to=date(2030, 3, 1 + number % 4) if number % 5 else None,
            parent=parent if number % 2 else None,
        )
    return town


def walk(order: tuple[str, ...], size: int) -> list[Any]:
    queryset = Department.objects.annotate(same=F("name"))
    found, cursor = [], None
    while True:
        page = keyset_page(queryset, order, cursor, size)
        found.append(page)
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 100])
def test_every_row_once_in_order(departments: Town, order: tuple[str, ...], size: int) -> None:
    pages = walk(order, size)
    rows = [row for page in pages for row in page.rows]
    expected = Department.objects.annotate(same=F("name")).order_by(*order, "-id" if order[-1][0] == "-" else "id")
    assert rows == list(expected)


@pytest.mark.parametrize("order", ORDERS)
def test_back_again(departments: Town, order: tuple[str, ...]) -> None:
    pages = walk(order, 4)
    queryset = Department.objects.annotate(same=F("name"))
    page = pages[-1]
    for earlier in reversed(pages[:-1]):
        assert page.previous_cursor is not None
        page = keyset_page(queryset, order, page.previous_cursor, 4)
        assert page.rows == earlier.rows
    assert page.previous_cursor is None


def test_one_query(departments: Town) -> None:
    cursor = keyset_page(Department.objects.all(), ("name", "-code"), None, 5).next_cursor
    with CaptureQueriesContext(connection) as queries:
        keyset_page(Department.objects.all(), ("name", "-code"), cursor, 5)
    assert len(queries) == 1


def test_a_cursor_of_another_order_gives_the_first_page(departments: Town) -> None:
    cursor = keyset_page(Department.objects.all(), ("name",), None, 5).next_cursor
    page = keyset_page(Department.objects.all(), ("code",), cursor, 5)
    assert page.rows == keyset_page(Department.objects.all(), ("code",), None, 5).rows
    assert page.previous_cursor is None


def test_a_cursor_beyond_the_end_gives_the_first_page(departments: Town) -> None:
    cursor = keyset_page(Department.objects.order_by("code"), ("code",), None, 20).next_cursor
    Department.objects.filter(code__startswith="9").delete()
    assert len(keyset_page(Department.objects.all(), ("code",), cursor, 20).rows) == 2


HOSTILE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()), st.dictionaries(st.text(), st.text()),
    st.sampled_from(["\x00", "9999-12-31", "0001-01-01", "infinity", "NaN", "1" * 400, "\ud800", 10**40, "２０２６-01-01"]),
)  # fmt: skip


@given(st.lists(HOSTILE, min_size=2, max_size=4), st.integers(-1, 2))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_forged_cursor_never_fails(town: Town, values: list[Any], way: int) -> None:
    for order, queryset in ((("valid_to", "-code"), Department.objects), (("rank", "-name"), Post.objects)):
        signature = ",".join((*order, "-id"))
        forged = json.dumps([signature, way, [*values, str(town.id)]])
        cursor = base64.urlsafe_b64encode(forged.encode("utf-8", "surrogatepass")).decode()
        assert keyset_page(queryset.all(), order, cursor, 5).rows is not None


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_as_a_cursor_gives_the_first_page(town: Town, cursor: str) -> None:
    page = keyset_page(Department.objects.all(), ("code",), cursor, 1)
    assert [row.code for row in page.rows] == ["01"]


def test_a_deep_cursor_gives_the_first_page(town: Town) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 1_400).decode()
    assert keyset_page(Department.objects.all(), ("code",), deep, 1).rows[0].code == "01"
