"""open_case and build_case."""

from datetime import date

import pytest

from kakehashi.cases.models import Case
from kakehashi.cases.services import build_case, open_case
from kakehashi.cases.testing import SAMPLE, sample_case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.batching import insert_together
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import UnknownKey
from kakehashi.kernel.tenancy import tenant_scope


def test_a_case_begins_new_and_without_a_number(town):
    case = sample_case(town, due_on=date(2026, 12, 1))
    assert (case.phase, case.number, case.sort_on) == ("new", None, date(2026, 12, 1))
    assert [event.code for event in events_for(case.id)] == ["cases.case.opened"]


def test_the_same_thing_has_one_case(town):
    first = sample_case(town, source_id=(source := uuid7()))
    assert sample_case(town, source_id=source).id == first.id
    assert events_for(first.id).count() == 1


def test_an_unknown_kind_raises(town):
    with pytest.raises(UnknownKey):
        open_case(
            actor=town.clerk,
            kind="no.kind",
            subject="x",
            source_id=uuid7(),
            department=town.department,
            requester_name="",
        )


def test_a_built_case_goes_in_with_its_neighbours(town):
    sample_case(town)
    case = build_case(
        actor=town.clerk,
        kind=SAMPLE,
        subject="転出届",
        source_id=uuid7(),
        department=town.department,
        requester_name="田中",
    )
    insert_together([case])
    assert Case.objects.get(id=case.id).subject == "転出届"


def test_the_neighbour_sees_nothing(cast):
    with tenant_scope(cast.hibari.id):
        case = sample_case(cast.hibari)
    with tenant_scope(cast.misaki.id):
        assert not Case.objects.filter(id=case.id).exists()
