"""move_case, close_case and reopen_case."""

from datetime import date, timedelta

import pytest

from kakehashi.cases.services import close_case, move_case, reopen_case
from kakehashi.cases.testing import sample_case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, Stale


def test_waiting_is_for_somebody_and_since_a_moment(town):
    case = sample_case(town)
    move_case(actor=town.clerk, case=case, phase="waiting", state_label="補正待ち", waiting_on="申請者")
    case.refresh_from_db()
    assert (case.phase, case.state_label, case.waiting_on) == ("waiting", "補正待ち", "申請者")
    assert case.waiting_since is not None


def test_waiting_for_the_same_runs_on(town):
    case = sample_case(town)
    move_case(actor=town.clerk, case=case, phase="waiting", state_label="補正待ち", waiting_on="申請者")
    since = case.waiting_since
    with clock.frozen(clock.now() + timedelta(days=1)):
        move_case(actor=town.clerk, case=case, phase="waiting", state_label="再補正待ち", waiting_on="申請者")
    assert case.waiting_since == since


def test_going_on_ends_the_waiting(town):
    case = sample_case(town)
    move_case(actor=town.clerk, case=case, phase="waiting", state_label="補正待ち", waiting_on="申請者")
    move_case(actor=town.clerk, case=case, phase="working", state_label="審査中", due_on=date(2027, 1, 5))
    case.refresh_from_db()
    assert (case.waiting_on, case.waiting_since, case.sort_on) == ("", None, date(2027, 1, 5))


def test_a_closed_case_stays_closed(town):
    case = sample_case(town)
    close_case(actor=town.clerk, case=case, state_label="交付済み")
    assert not case.is_open
    with pytest.raises(Stale):
        move_case(actor=town.clerk, case=case, phase="working", state_label="審査中")


def test_closing_twice_is_told(town):
    case = sample_case(town)
    close_case(actor=town.clerk, case=case)
    with pytest.raises(Stale):
        close_case(actor=town.clerk, case=case)


def test_taking_up_again_is_a_new_act(town):
    case = sample_case(town)
    with pytest.raises(DomainError):
        reopen_case(actor=town.clerk, case=case, state_label="再審査")
    close_case(actor=town.clerk, case=case)
    reopen_case(actor=town.clerk, case=case, state_label="再審査")
    codes = [event.code for event in events_for(case.id)]
    assert codes == ["cases.case.opened", "cases.case.closed", "cases.case.reopened"]


def test_an_unknown_phase_raises(town):
    with pytest.raises(ValueError, match="nowhere"):
        move_case(actor=town.clerk, case=sample_case(town), phase="nowhere", state_label="")
