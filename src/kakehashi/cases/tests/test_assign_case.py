"""assign_case, the batch and its undo."""

import pytest

from kakehashi.cases.models import Case
from kakehashi.cases.services import assign_case, assign_cases, close_case, undo_assignment
from kakehashi.cases.testing import sample_case
from kakehashi.journal.models import Event
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.people.testing import person_of


def test_the_handler_is_set_and_the_act_written(town):
    case = sample_case(town)
    assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))
    case.refresh_from_db()
    assert case.handler_id == town.clerk.id
    assert events_for(case.id).last().payload["handler_id"] == str(town.clerk.id)


def test_strangers_may_not(town):
    with pytest.raises(PermissionRefused):
        assign_case(actor=AnonymousActor(town.id), case=sample_case(town), handler=None)


def test_who_has_left_gets_nothing(town):
    gone = person_of(town.clerk)
    gone.is_active = False
    with pytest.raises(DomainError, match="在籍"):
        assign_case(actor=town.manager, case=sample_case(town), handler=gone)


def test_a_closed_case_has_no_new_handler(town):
    case = sample_case(town)
    close_case(actor=town.clerk, case=case)
    with pytest.raises(Stale):
        assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))


def test_a_batch_is_one_act(town):
    cases = [sample_case(town) for _ in range(3)]
    done = assign_cases(actor=town.manager, case_ids=[c.id for c in cases], handler=person_of(town.clerk))
    assert len(done) == 3
    acts = Event.objects.filter(code="cases.case.assigned").values_list("act_id", flat=True)
    assert len(set(acts)) == 1


def test_undo_gives_back_what_nobody_changed_since(town):
    first, second = sample_case(town), sample_case(town)
    done = assign_cases(actor=town.manager, case_ids=[first.id, second.id], handler=person_of(town.clerk))
    second.refresh_from_db()
    assign_case(actor=town.manager, case=second, handler=person_of(town.officer))
    assert undo_assignment(actor=town.manager, rows=done) == 1
    assert Case.objects.get(id=first.id).handler_id is None
    assert Case.objects.get(id=second.id).handler_id == town.officer.id


def test_an_empty_batch_is_told(town):
    with pytest.raises(DomainError, match="選んで"):
        assign_cases(actor=town.manager, case_ids=[], handler=None)
