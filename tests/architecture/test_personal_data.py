"""Whoever shows personal data says so, and what is shown is written down."""

from __future__ import annotations

import csv
import inspect
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kakehashi.kernel.personal_data import HOLDERS, UndeclaredReading, note_reading, watched
from tests.architecture.floors import ROOT
from tests.architecture.test_urls import our_urls

TABLE = ROOT / "tests" / "architecture" / "personal_data.csv"
NOT_SHOWN = ROOT / "tests" / "architecture" / "personal_data_not_shown.txt"
MARKED = {
    "AnswerVersion", "Application", "Case", "Document", "IssuedDocument", "Proposal", "Resident",
}  # fmt: skip


def staff_views():
    return [(name, view) for name, _, view in our_urls() if view.access.surface in {"staff", "administrator"}]


def declared():
    rows = {}
    for name, view in staff_views():
        if found := getattr(view, "reads_personal_data", None):
            rows[name] = (found.purpose, "yes" if found.asks_reason else "")
    return rows


def write_table() -> None:
    """Run by `make reference`; the diff is then read by a person."""
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["url", "purpose", "asks_reason"])
        writer.writerows([name, *row] for name, row in sorted(declared().items()))


def test_the_table_of_readings_is_the_truth():
    with TABLE.open() as file:
        assert declared() == {row["url"]: (row["purpose"], row["asks_reason"]) for row in csv.DictReader(file)}


def test_the_models_that_hold_personal_data_are_marked():
    assert set(HOLDERS) >= MARKED


def names_of(view) -> set[str]:
    """Every name the view's own function and the private helpers it calls in its module speak of."""
    function = inspect.unwrap(view)
    seen, todo = set(), [function]
    while todo:
        code = todo.pop().__code__
        for name in code.co_names:
            if name not in seen:
                seen.add(name)
                helper = function.__globals__.get(name)
                if inspect.isfunction(helper) and helper.__module__ == function.__module__:
                    todo.append(helper)
    return seen


def test_a_view_that_names_a_marked_model_declares_what_it_reads():
    """The quick half of the net; the other half is that tests raise `UndeclaredReading` when a page shows marked rows."""
    known = {line.split(":", 2)[0] + ":" + line.split(":", 2)[1] for line in NOT_SHOWN.read_text().splitlines() if line}
    naming = {name for name, view in staff_views() if names_of(view) & MARKED}
    assert naming - set(declared()) == known


def test_a_page_that_shows_somebody_without_saying_so_fails():
    def view(request):
        note_reading("x.person", [UUID(int=1)])
        return HttpResponse("田中")

    with pytest.raises(UndeclaredReading):
        watched(view, RequestFactory().get("/"), (), {})


def test_a_redirect_and_a_refusal_show_nobody():
    def view(request):
        note_reading("x.person", [UUID(int=1)])
        return HttpResponse(status=302)

    assert watched(view, RequestFactory().get("/"), (), {}).status_code == 302
