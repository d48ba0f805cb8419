"""What the rooms hand over when somebody leaves a post."""

from __future__ import annotations

from kakehashi.cases.services import assign_case, open_case
from kakehashi.cases.testing import register_sample_kind
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people import hooks
from kakehashi.people.testing import person_of


def case_of(town):
    case = open_case(
        actor=town.clerk,
        kind=register_sample_kind(),
        subject="転入届の確認",
        source_id=uuid7(),
        department=town.department,
        requester_name="田中 めぐみ",
    )
    return assign_case(actor=town.manager, case=case, handler=person_of(town.clerk)) or case


def losing(town, *, vacant=True):
    return hooks.LosingPost(
        town.clerk.post_id, town.clerk.post_name, town.clerk.department_id, town.clerk.id, town.clerk.name, None, vacant
    )


def test_open_cases_stand_in_the_pack_and_break_when_their_handler_leaves(town):
    case_of(town)
    sections = {each.title: each for each in hooks.handover_sections(town.clerk.post_id, town.clerk.id, clock.today())}
    assert [item.label.endswith("転入届の確認") for item in sections["担当している案件"].items] == [True]
    broken = hooks.breakages_of([losing(town)], clock.today())
    assert [each.message for each in broken] == ["山田 花子さんが担当する案件が1件残ります。"]


def test_nobody_leaves_nothing_behind(town):
    assert hooks.breakages_of([], clock.today()) == []
    assert all(not each.items for each in hooks.handover_sections(town.mayor.post_id, None, clock.today()))
