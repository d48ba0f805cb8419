"""始めた申請の集計: where people stop is known without knowing who, also after the drafts are forgotten."""

import datetime as dt

import pytest

from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.devices import Device, device_of
from kakehashi.procedures.domain.filing_steps import CONFIRM, walk_of
from kakehashi.procedures.models import Draft, FilingTally
from kakehashi.procedures.selectors.effect import StepLine, TallyFilters, steps_of, tallies_of
from kakehashi.procedures.services import (
    count_filings,
    discard_draft,
    purge_drafts,
    start_draft,
    submit_application,
    sweep_drafts,
)
from kakehashi.procedures.tasks import count_begun_applications
from kakehashi.procedures.testing import an_online_procedure, good_answers


def begun(town, procedure, *done, device=Device.PHONE):
    draft = start_draft(
        actor=AnonymousActor(government_id=town.id), procedure=procedure, idempotency_key=uuid7(), device=device
    )
    Draft.objects.filter(id=draft.id).update(done_steps=list(done))
    draft.done_steps = list(done)
    return draft


def handed_in(town, procedure):
    draft = begun(town, procedure, "page_1", "page_2", device=Device.COMPUTER)
    submit_application(
        actor=AnonymousActor(government_id=town.id), procedure=procedure, version=draft.form_version,
        answers=good_answers(procedure), government_code=town.government.code, idempotency_key=draft.idempotency_key,
    )  # fmt: skip
    return draft


def lines(procedure, **filters) -> list[tuple[str, int, int, int]]:
    found = steps_of(procedure, tallies_of(procedure, Period.containing(clock.today()), TallyFilters(**filters)))
    return [(each.key, each.reached, each.stopped, each.open) for each in found]


def sums() -> tuple[int, int, int]:
    rows = FilingTally.objects.values_list("submitted", "stopped", "open")
    return tuple(sum(numbers) for numbers in zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("done", "is_submitted", "reached", "stands_at"),
    [
        ([], False, ["a"], "a"),
        (["a"], False, ["a", "b"], "b"),
        (["a", "c"], False, ["a", "b", "c"], "b"),
        (["a", "b", "c"], False, ["a", "b", "c", CONFIRM], CONFIRM),
        ([], True, ["a", "b", "c", CONFIRM], ""),
    ],
)
def test_where_a_draft_stands(done, is_submitted, reached, stands_at):
    walk = walk_of(["a", "b", "c"], done, is_submitted=is_submitted)
    assert (list(walk.reached), walk.stands_at) == (reached, stands_at)


@pytest.mark.parametrize(
    ("words", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Safari/537.36", Device.TABLET),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", Device.COMPUTER),
        ("", Device.UNKNOWN),
    ],
)
def test_the_class_of_a_device(words, device):
    assert device_of(words) is device


def test_the_worker_counts_them_by_its_sweep(town):
    procedure = an_online_procedure(town)
    begun(town, procedure, "page_1")
    assert count_begun_applications(town.id) == 1
    assert sums() == (0, 0, 1)


def test_open_ones_are_no_drop_off_until_they_lie_still(town):
    procedure = an_online_procedure(town)
    begun(town, procedure, "page_1")
    handed_in(town, procedure)
    assert count_filings() == 2
    assert sums() == (1, 0, 1)
    assert lines(procedure) == [("page_1", 1, 0, 0), ("page_2", 1, 0, 1), (CONFIRM, 1, 0, 0)]
    with clock.frozen(clock.now() + dt.timedelta(days=8)):
        count_filings()
    assert sums() == (1, 1, 0)
    assert lines(procedure, device="phone") == [("page_1", 1, 0, 0), ("page_2", 1, 1, 0)]
    assert lines(procedure, version=99) == []


def test_counts_outlive_the_drafts(town):
    procedure = an_online_procedure(town)
    gone, submitted = begun(town, procedure, "page_1"), handed_in(town, procedure)
    discard_draft(actor=AnonymousActor(government_id=town.id), draft_id=gone.id)
    begun(town, procedure)
    count_filings()
    before = lines(procedure)
    assert sums() == (1, 1, 1)
    with clock.frozen(clock.now() + dt.timedelta(days=31)):
        assert sweep_drafts() == 2
        count_filings()
    assert not Draft.objects.exists()
    assert sums() == (1, 2, 0)
    assert before == [("page_1", 2, 0, 1), ("page_2", 2, 1, 0), (CONFIRM, 1, 0, 0)]
    assert lines(procedure) == [("page_1", 3, 1, 0), ("page_2", 2, 1, 0), (CONFIRM, 1, 0, 0)]
    assert not FilingTally.objects.filter(is_live=True).exists()
    assert str(submitted.id) not in str(list(FilingTally.objects.values()))


def test_the_retention_clock_keeps_the_counts_too(town):
    procedure = an_online_procedure(town)
    begun(town, procedure)
    assert purge_drafts(clock.today() + dt.timedelta(days=1), 10) == 1
    assert sums() == (0, 1, 0)


def test_what_staff_type_and_corrections_are_not_counted(town):
    procedure = an_online_procedure(town)
    Draft.objects.filter(id=begun(town, procedure).id).update(typed_by_id=town.clerk.id)
    assert count_filings() == 0


def test_a_share_of_nobody_is_no_number():
    assert StepLine("a", "A", 0, 0, 3).drop_off is None


def test_the_page_a_resident_starts_from_keeps_the_device(cast, online, client_for):
    procedure, client = online(), client_for(cast.hibari)
    client.post(f"/procedures/{procedure.id}/start/", headers={"user-agent": "Mozilla/5.0 (iPhone) Mobile"})
    with tenant_scope(cast.hibari.id):
        assert Draft.objects.get().device == "phone"


def test_drafts_at_the_same_place_are_counted_together(town, django_assert_max_num_queries):
    procedure = an_online_procedure(town)
    for _ in range(5):
        begun(town, procedure, "page_1")
    count_filings()
    with django_assert_max_num_queries(6) as asked:
        assert count_filings() == 5
    assert lines(procedure) == [("page_2", 0, 0, 5)]
    assert not any('"answers"' in query["sql"] for query in asked.captured_queries)
