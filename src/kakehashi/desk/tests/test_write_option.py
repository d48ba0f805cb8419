"""record_cause, write_option and decide_option: purpose first, 廃止 first, the extra work always told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kakehashi.desk.domain.options import ORDER, Step, missing_before, next_step
from kakehashi.desk.models import Consultation, SolutionOption
from kakehashi.desk.selectors.work import steps_of, tools_for
from kakehashi.desk.services import decide_option, record_cause, write_option, write_tool
from kakehashi.desk.testing import filed, resolved, with_purpose
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town

NO = {"is_fit": False, "text": "条例で決まっている"}


def wrote(town: Town, consultation: Consultation, step: str, **given: Any) -> SolutionOption:
    values = {"text": "様式を一つにする", "migration_hours": Decimal(3), **given}
    return write_option(actor=town.officer, consultation=consultation, step=step, **values)


def refused(town: Town, consultation: Consultation, step: str, **given: Any) -> str:
    with pytest.raises(DomainError) as raised:
        wrote(town, consultation, step, **given)
    return str(raised.value.code)


def test_no_option_is_written_or_shown_before_the_purpose(town: Town) -> None:
    consultation = filed(town, purpose="", desired_state="")
    assert refused(town, consultation, "discontinue") == "no_purpose"
    assert steps_of(consultation) == []
    with pytest.raises(DomainError):
        record_cause(actor=town.officer, consultation=consultation, category="paper", text="紙だから")


def test_giving_up_is_thought_of_first_then_the_rest_in_order(town: Town) -> None:
    consultation = with_purpose(town)
    assert refused(town, consultation, "simplify") == "out_of_order"
    for step in ORDER[:-1]:
        wrote(town, consultation, step.value, **NO)
    assert wrote(town, consultation, "simplify").choice == "open"
    assert [line.label for line in steps_of(consultation)] == ["廃止", "排除", "結合", "交換", "簡素化"]


def test_every_option_tells_its_extra_work_and_the_first_two_need_no_tool(town: Town) -> None:
    consultation = with_purpose(town)
    assert refused(town, consultation, "discontinue", migration_hours=None) == "required"
    tool = write_tool(actor=town.officer, name="表計算", use="台帳", is_owned=True)
    assert refused(town, consultation, "discontinue", tool=tool) == "no_tool"
    assert refused(town, consultation, "anything") == "required"


def test_an_option_is_taken_with_a_reason_and_fills_the_result(town: Town) -> None:
    from kakehashi.desk.views.acts import resolve_initial

    consultation = with_purpose(town)
    option = wrote(town, consultation, "discontinue", text="簿冊をやめる")
    with pytest.raises(DomainError):
        decide_option(actor=town.officer, option=option, choice="chosen", reason="")
    decide_option(actor=town.officer, option=option, choice="chosen", reason="だれも見ていない")
    record_cause(actor=town.officer, consultation=consultation, category="no_purpose", text="目的を失っていた")
    initial = resolve_initial(consultation)
    assert (initial["what_was_done"], initial["migration_hours"], initial["is_discontinued"]) == (
        "簿冊をやめる",
        3,
        True,
    )
    assert initial["cause"] == "目的を失っていた"


def test_a_clash_with_a_rule_names_the_clause_and_who_may_change_it(town: Town) -> None:
    consultation = with_purpose(town)
    given: dict[str, Any] = {
        "actor": town.officer,
        "consultation": consultation,
        "category": "rule",
        "text": "押印を求めている",
    }
    for more in ({}, {"regulation": "文書管理規程"}, {"regulation": "文書管理規程", "article": "第12条"}):
        with pytest.raises(DomainError):
            record_cause(**given, **more)
    cause = record_cause(
        **given,
        regulation="文書管理規程",
        article="第12条",
        owner=town.other_department,
        whys=["紙だから", "", "印だから"],
    )
    assert (cause.owner_id, cause.whys) == (town.other_department.id, ["紙だから", "印だから"])
    assert consultation.state == "cause_analysed"


def test_nothing_is_added_to_what_has_ended(town: Town) -> None:
    consultation = resolved(town)
    assert refused(town, consultation, "discontinue") == "wrong_state"


def test_tools_that_run_where_the_data_is_stand_first(town: Town) -> None:
    for name, zones in (("外の道具", ["internet"]), ("中の道具", ["lgwan"])):
        write_tool(actor=town.officer, name=name, use="自動化", is_owned=True, zones=zones)
    assert [(tool.name, fits) for tool, fits in tools_for("lgwan")] == [("中の道具", True), ("外の道具", False)]
    with pytest.raises(DomainError):
        write_tool(actor=town.officer, name="中の道具", use="x", is_owned=False)


def test_the_order_knows_what_is_missing() -> None:
    assert next_step([]) is Step.DISCONTINUE
    assert missing_before(Step.COMBINE, ["discontinue"]) == [Step.ELIMINATE]
    assert next_step([step.value for step in ORDER]) is None
