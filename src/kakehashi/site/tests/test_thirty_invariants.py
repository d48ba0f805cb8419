"""The thirty invariants of approvals and records, by number and in their own words: each is a test.

Most are also asserted after every step of random people in `approvals/tests/test_random_acts.py` (1, 2, 3, 4, 5, 6, 7, 8, 10,
11, 12, 13, 29), and where two hands race on real transactions in the tests named at the end.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
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
from kakehashi.records.testing import with_schedule
from kakehashi.records.tests import test_disposal as disposal
from kakehashi.records.tests import test_file_document as filing
from kakehashi.records.tests import test_retention as retention

Check = Callable[[Town], Any]


def rejection_is_told(town: Town) -> None:
    with_rules(town)
    proposal = endorsed(town)
    before = set(Notice.objects.values_list("id", flat=True))
    reject_proposal(actor=town.mayor, proposal=proposal, reason="先に条例を改めるため")
    assert Proposal.objects.get(id=proposal.id).state == "rejected"
    told = set(Notice.objects.exclude(id__in=before).values_list("person_id", flat=True))
    assert {town.manager.id, town.clerk.id} <= told


def fiscal_edge(town: Town) -> None:
    numbering.test_16_fiscal_edge_at_midnight_in_japan_on_a_server_in_utc()


def era_edge(town: Town) -> None:
    numbering.test_17_era_edge_restarts_only_a_series_by_era_year()


def worked_values(town: Town) -> None:
    for test in (retention.test_18_expiry_worked_values, retention.test_18_expiry_worked_values_of_the_proviso):
        (mark,) = (each for each in test.pytestmark if each.name == "parametrize")
        for row in mark.args[1]:
            test(*row)


def scheduled(test: Check) -> Check:
    """A test of records, in a town that has their small schedule."""
    return lambda town: test(with_schedule(town))


def plain(test: Callable[[], Any]) -> Check:
    """A test that needs no town."""
    return lambda town: test()


INVARIANTS: dict[str, Check] = {
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
    "12 廃案 notifies all consultees who saw it": rejection_is_told,
    "13 NOT_REQUIRED distinguishable from WAITING": plain(acts.test_13_not_required_distinguishable_from_waiting),
    "14 number series gap-free or 欠番-explained under 50 concurrent issuers": issuing.test_a_void_number_is_explained,
    "15 no reuse after rollback": issuing.test_15_a_number_is_not_reused_after_a_rollback,
    "16 FY edge 3/31 23:59:59 JST vs 4/1 00:00 JST (server in UTC!)": fiscal_edge,
    "17 era edge 2019-04-30/05-01": era_edge,
    "18 expiry worked values above": worked_values,
    "19 start-date window check": plain(retention.test_19_start_date_window_check),
    "20 re-organisation leaves start unchanged": scheduled(filing.test_20_reorganisation_leaves_the_start_unchanged),
    "21 expires_on IS NULL is never disposable": scheduled(filing.test_21_no_expiry_is_never_disposable),
    "22 hold placed between approval and execution stops execution": scheduled(
        disposal.test_22_a_hold_placed_between_approval_and_execution_stops_it
    ),
    "23 two holds: releasing one keeps the other": plain(retention.test_23_two_holds_releasing_one_keeps_the_other),
    "24 max-rule for several grounds": plain(retention.test_24_max_rule_for_several_grounds),
    "25 常用 → fixed period starts from leaving use": scheduled(
        filing.test_25_leaving_continuous_use_starts_the_period
    ),
    "26 registry row persists after disposal": scheduled(disposal.test_26_the_registry_row_persists_after_disposal),
    "27 tombstone has no content": scheduled(disposal.test_two_people_decide_and_27_the_tombstone_has_no_content),
    "28 doc cannot enter a file of another period": scheduled(
        filing.test_28_a_document_cannot_enter_a_file_of_another_period
    ),
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


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_invariant(invariant: str, town: Town) -> None:
    INVARIANTS[invariant](town)


def test_the_thirty_are_complete() -> None:
    numbers = [int(words.split(" ", 1)[0]) for words in (*INVARIANTS, *ELSEWHERE)]
    assert numbers == list(range(1, 31))


def test_the_races_and_the_move_are_run_on_real_transactions() -> None:
    for place in (*RACES.values(), *ELSEWHERE.values()):
        path, name = place.split("::")
        text = (Path(kakehashi.__file__).parent / path).read_text()
        assert name in {each.name for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)}
