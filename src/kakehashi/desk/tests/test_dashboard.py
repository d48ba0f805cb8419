"""The dashboard: every figure has exactly its rows; choose_figures and renew_shared_figures show only what was chosen."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.desk.domain.dashboard import AGES, last_months, month_after
from kakehashi.desk.models import Consultation, SharedFigures
from kakehashi.desk.selectors.dashboard import dashboard, inflow, municipalities, rows_of
from kakehashi.desk.services import choose_figures, renew_shared_figures, wait_for
from kakehashi.desk.testing import assigned, filed, published, resolved
from kakehashi.governments.models import Government
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town

COUNTED = {"件", "団体"}


def lived(town: Town) -> None:
    old, waits = assigned(town), assigned(town)
    Consultation.objects.filter(id=old.id).update(filed_at=clock.now() - timedelta(days=100))
    wait_for(actor=town.officer, consultation=waits, waiting="waiting_manager")
    filed(town)
    resolved(town)


def test_every_figure_opens_exactly_its_rows(town: Town) -> None:
    lived(town)
    published(town)
    figures = {figure.key: figure for group in dashboard() for figure in group.figures}
    for key, figure in figures.items():
        rows = list(rows_of(key).lines)
        if figure.unit in COUNTED:
            assert len(rows) == figure.value, key
        elif figure.value is not None:
            assert sum(Decimal(cells[-1]) for _, cells in rows) == figure.value, key
    assert (figures["age:over"].value, figures["waiting:waiting_manager"].value) == (1, 1)
    assert figures[f"load:{town.officer.id}"].value == 2
    assert figures["hours"].value == Decimal("123.0")
    for month, count in inflow():
        assert len(list(rows_of(f"filed:{month:%Y-%m}").lines)) == count


@pytest.mark.parametrize(
    "key", ["", "x", "age:x", "load:x", "filed:2026", "filed:2026-99", "waiting:draft", "waiting:x"]
)
def test_no_other_key_opens_anything(town: Town, key: str) -> None:
    with pytest.raises(NotFound):
        rows_of(key)


@given(st.dates(min_value=clock.today().replace(year=2000), max_value=clock.today().replace(year=2090)))
def test_twelve_months_without_a_gap(today: Any) -> None:
    months = last_months(today)
    assert len(months) == 12
    assert months[-1] == today.replace(day=1)
    assert all(month_after(one) == two for one, two in itertools.pairwise(months))


def test_the_ages_cover_every_day_once() -> None:
    for days in range(200):
        assert sum(1 for _, _, low, high in AGES if low <= days and (high is None or days <= high)) == 1


@pytest.fixture
def aozora(cast: Cast) -> Government:
    made: Government = Government.objects.create(
        code="990001", name="あおぞら県", kind="prefecture", slug="aozora", is_tenant=True
    )
    Government.objects.filter(id=cast.hibari.id).update(parent=made)
    return made


def test_only_what_was_chosen_reaches_only_the_prefecture(cast: Cast, aozora: Government) -> None:
    with tenant_scope(cast.hibari.id):
        lived(cast.hibari)
        choose_figures(actor=cast.hibari.manager, figures=["open", "hours"])
        with pytest.raises(DomainError):
            choose_figures(actor=cast.hibari.manager, figures=["secret"])
    with tenant_scope(aozora.id):
        (row,) = municipalities()
        assert row["shared"].figures == {"open": "3", "hours": "61.5"}
    with tenant_scope(cast.misaki.id):
        assert municipalities() == []
    with tenant_scope(cast.hibari.id):
        filed(cast.hibari)
        assert renew_shared_figures() == 2
        assert SharedFigures.objects.get().figures["open"] == "4"
        choose_figures(actor=cast.hibari.manager, figures=[])
        assert not SharedFigures.objects.exists()


def test_without_a_prefecture_nothing_is_shown(town: Town) -> None:
    with pytest.raises(DomainError, match="県が登録されていない"):
        choose_figures(actor=town.manager, figures=["open"])


def test_the_pages(client_for: Callable[..., Any], cast: Cast, aozora: Government) -> None:
    with tenant_scope(cast.hibari.id):
        lived(cast.hibari)
    client = client_for(cast.hibari.manager)
    page = client.get("/staff/desk/dashboard/").content.decode()
    assert "半分より多く" not in page
    assert "県に見せる数字を選ぶ" in page
    for key in ("age:over", "waiting:waiting_manager", "load:none", "hours", "unanswered", "published"):
        assert client.get("/staff/desk/dashboard/rows/", {"figure": key}).status_code == 200
        assert client.get("/staff/desk/dashboard/rows/", {"figure": key, "format": "csv"}).status_code == 200
    assert client.get("/staff/desk/dashboard/rows/", {"figure": "x"}).status_code == 404
    assert client.get("/staff/desk/dashboard/", {"format": "xlsx"}).status_code == 200
    assert client.post("/staff/desk/dashboard/share/", {"figures": ["open", "old"]}).status_code == 302
    assert client.get("/staff/desk/dashboard/share/").status_code == 405
    assert client.get("/staff/desk/prefecture/").status_code == 404
    Government.objects.filter(id=cast.misaki.id).update(kind="prefecture")
    Government.objects.filter(id=cast.hibari.id).update(parent=cast.misaki.government)
    assert client.post("/staff/desk/dashboard/share/", {"figures": ["open"]}).status_code == 302
    prefecture = client_for(cast.misaki.officer)
    page = prefecture.get("/staff/desk/prefecture/").content.decode()
    assert "ひばり町" in page
    assert '<td class="dads-u-number">3</td>' in page
    assert prefecture.get("/staff/desk/prefecture/", {"format": "csv"}).status_code == 200
    assert prefecture.get("/staff/desk/cases/shared/", {"origin": str(cast.hibari.id)}).status_code == 200
