"""The thirty invariants of approvals and records, by number and in their own words: each names the tests that hold it.

Most are also asserted after every step of random people in `approvals/tests/test_random_acts.py` (1, 2, 3, 4, 5, 6, 7, 8, 10,
11, 12, 13, 29), and where two hands race on real transactions in the tests named at the end. The tests run in their rooms; here
it is seen that pytest finds each of them, that nothing skips it, and that it can fail.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import kakehashi
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import reject_proposal
from kakehashi.approvals.testing import endorsed, with_rules
from kakehashi.approvals.tests import test_act_for_decider as acting
from kakehashi.approvals.tests import test_decide_proposal as deciding
from kakehashi.approvals.tests import test_every_act as acts
from kakehashi.approvals.tests import test_issue_proposal as issuing
from kakehashi.approvals.tests import test_numbering as numbering
from kakehashi.approvals.tests import test_recall_proposal as recalling
from kakehashi.approvals.tests import test_return_proposal as returning
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town
from kakehashi.records.tests import test_disposal as disposal
from kakehashi.records.tests import test_file_document as filing
from kakehashi.records.tests import test_retention as retention

Test = Callable[..., Any]


def test_12_rejection_is_told(town: Town) -> None:
    with_rules(town)
    proposal = endorsed(town)
    before = set(Notice.objects.values_list("id", flat=True))
    reject_proposal(actor=town.mayor, proposal=proposal, reason="先に条例を改めるため")
    assert Proposal.objects.get(id=proposal.id).state == "rejected"
    told = set(Notice.objects.exclude(id__in=before).values_list("person_id", flat=True))
    assert {town.manager.id, town.clerk.id} <= told


INVARIANTS: dict[str, Test | tuple[Test, ...]] = {
    "1 exactly one decider act per DECIDED case": deciding.test_1_exactly_one_decider_act_per_decided_case,
    "2 no act on a stale digest": deciding.test_2_no_act_on_a_stale_digest,
    "3 decided body bytes never change": deciding.test_3_decided_body_bytes_never_change,
    "4 every attachment digest in the decision event": deciding.test_4_every_attachment_digest_is_in_the_decision_event,
    "5 代決 impossible without an absence covering that instant": (
        acting.test_5_acting_decision_is_impossible_without_an_absence_covering_the_instant
    ),
    "6 代決 of a restricted matter impossible without exception text": (
        acting.test_6_restricted_matter_needs_the_exception_text
    ),
    "7 every 代決 has ≥1 open-or-done 後閲": acting.test_7_every_acting_decision_has_a_post_review,
    "8 後閲 never changes state of the case": acting.test_8_post_review_never_changes_the_state,
    "9 recall fails if next actor acted first (race test, 2 threads)": (
        recalling.test_9_recall_fails_if_the_next_person_acted_first
    ),
    "10 return requires reason": returning.test_10_return_requires_a_reason,
    "11 changed 要旨 invalidates earlier consents": returning.test_11_changed_substance_invalidates_earlier_consents,
    "12 廃案 notifies all consultees who saw it": test_12_rejection_is_told,
    "13 NOT_REQUIRED distinguishable from WAITING": acts.test_13_not_required_distinguishable_from_waiting,
    "14 number series gap-free or 欠番-explained under 50 concurrent issuers": issuing.test_a_void_number_is_explained,
    "15 no reuse after rollback": issuing.test_15_a_number_is_not_reused_after_a_rollback,
    "16 FY edge 3/31 23:59:59 JST vs 4/1 00:00 JST (server in UTC!)": numbering.test_16_fiscal_edge_at_midnight_in_japan_on_a_server_in_utc,
    "17 era edge 2019-04-30/05-01": numbering.test_17_era_edge_restarts_only_a_series_by_era_year,
    "18 expiry worked values above": (
        retention.test_18_expiry_worked_values,
        retention.test_18_expiry_worked_values_of_the_proviso,
    ),
    "19 start-date window check": retention.test_19_start_date_window_check,
    "20 re-organisation leaves start unchanged": filing.test_20_reorganisation_leaves_the_start_unchanged,
    "21 expires_on IS NULL is never disposable": filing.test_21_no_expiry_is_never_disposable,
    "22 hold placed between approval and execution stops execution": disposal.test_22_a_hold_placed_between_approval_and_execution_stops_it,
    "23 two holds: releasing one keeps the other": retention.test_23_two_holds_releasing_one_keeps_the_other,
    "24 max-rule for several grounds": retention.test_24_max_rule_for_several_grounds,
    "25 常用 → fixed period starts from leaving use": filing.test_25_leaving_continuous_use_starts_the_period,
    "26 registry row persists after disposal": disposal.test_26_the_registry_row_persists_after_disposal,
    "27 tombstone has no content": disposal.test_two_people_decide_and_27_the_tombstone_has_no_content,
    "28 doc cannot enter a file of another period": filing.test_28_a_document_cannot_enter_a_file_of_another_period,
    "29 rule version that justified each decision is retrievable": (
        deciding.test_29_the_rule_that_justified_a_decision_is_retrievable
    ),
}

ELSEWHERE = {
    "30 export → import → identical registry": (
        "site/tests/test_move_government.py::"
        "test_everything_arrives_and_is_verified_30_export_import_identical_registry"
    ),
}
"""On two installations."""

RACES = {
    "9": "approvals/tests/test_recall_proposal.py::test_9_recall_and_endorsement_race_has_one_winner",
    "14": "approvals/tests/test_issue_proposal.py::test_14_number_series_is_gap_free_under_50_concurrent_issuers",
    "22": "records/tests/test_disposal.py::test_a_hold_placed_while_a_disposal_is_executed_waits_and_one_of_the_two_wins",
}

# What speaks of a test without making it fail, or keeps pytest from running it.
_PASSED_OVER = {"skip", "skipif", "xfail"}


def marks(owner: object) -> set[str]:
    found = getattr(owner, "pytestmark", [])
    return {mark.name for mark in (found if isinstance(found, list) else [found])}


def can_fail(test: Test) -> bool:
    """Whether the test itself asserts something, or says that something must raise."""
    written = ast.walk(ast.parse(dedent(inspect.getsource(test))))
    return any(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Attribute) and node.attr == "raises") for node in written
    )


def is_found(test: Test, config: pytest.Config) -> bool:
    """Whether pytest finds it by itself: its name, and its file below the folders where tests are looked for."""
    path = Path(inspect.getfile(test))
    folders = [config.rootpath / one for one in config.getini("testpaths")]
    return (
        test.__name__.startswith("test")
        and any(path.match(pattern) for pattern in config.getini("python_files"))
        and any(path.is_relative_to(folder) for folder in folders)
        and getattr(inspect.getmodule(test), test.__name__, None) is test
    )


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_invariant_is_held_by_a_test_that_runs(invariant: str, request: pytest.FixtureRequest) -> None:
    named = INVARIANTS[invariant]
    for test in named if isinstance(named, tuple) else (named,):
        assert is_found(test, request.config), test
        assert not (marks(test) | marks(inspect.getmodule(test))) & _PASSED_OVER, test
        assert can_fail(test), test


def test_a_test_that_does_not_run_or_cannot_fail_is_noticed(request: pytest.FixtureRequest) -> None:
    @pytest.mark.skip
    def test_nothing() -> None:
        """Says nothing."""

    assert not can_fail(test_nothing)
    assert marks(test_nothing) & _PASSED_OVER
    assert not is_found(test_nothing, request.config)
    assert can_fail(test_12_rejection_is_told)


def test_the_thirty_are_complete() -> None:
    numbers = [int(words.split(" ", 1)[0]) for words in (*INVARIANTS, *ELSEWHERE)]
    assert numbers == list(range(1, 31))


def test_the_races_and_the_move_are_run_on_real_transactions() -> None:
    for place in (*RACES.values(), *ELSEWHERE.values()):
        path, name = place.split("::")
        text = (Path(kakehashi.__file__).parent / path).read_text()
        assert name in {each.name for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)}
