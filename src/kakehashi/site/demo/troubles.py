"""Troubles of the past year: consultations, how they were solved, and the cases that were shared."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from kakehashi.desk.models import Consultation, Scope
from kakehashi.desk.selectors import findings_of
from kakehashi.desk.services import (
    assign_supporter,
    check_solved_case,
    confirm_purpose,
    decide_findings,
    draft_solved_case,
    edit_solved_case,
    file_consultation,
    place_desk,
    publish_solved_case,
    record_cycle,
    resolve_consultation,
    submit_solved_case,
    triage_consultation,
)
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.business_days import is_business_day
from kakehashi.kernel.ids import uuid7
from kakehashi.people.selectors import StaffActor
from kakehashi.site.demo import content
from kakehashi.site.demo.desk_work import furnish_desk, share_a_trouble, think
from kakehashi.site.demo.organisation import Body

_KEPT = "部屋や仕組みの名前で、個人は分からないため。"


def bring_troubles(body: Body) -> None:
    """File the consultations that the demo's content has for this body, and bring each as far as its story goes."""
    place(body)
    furnish_desk(body)
    rows = [row for row in content.read("consultations") if row["at"] == body.government.slug]
    for number, row in enumerate(rows, start=1):
        _tell(body, row, days_ago=300 - number * 50)
    if rows:
        share_a_trouble(body)


def place(body: Body) -> None:
    """Put the desk into the section of the DX officer."""
    officer = body.actor("officer")
    department = next((d for d in body.departments.values() if d.id == officer.department_id), None)
    if department is not None:
        place_desk(actor=system_actor(body.government.id, "見本の準備"), department=department)


def _at(days_ago: int, hour: int) -> datetime:
    day = clock.today() - timedelta(days=days_ago)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(hour, 10), tzinfo=clock.JST)


def _tell(body: Body, row: dict[str, Any], *, days_ago: int) -> None:
    section = next(department for role, department, _ in body.people if role == "staff")
    clerk, officer, chief = body.actor("staff"), body.actor("officer"), body.actor("manager", section)
    with clock.frozen(_at(days_ago, 10)):
        consultation = file_consultation(
            actor=clerk,
            consultation_id=uuid7(),
            answers={
                "task": row["business"],
                "problem": row["problem"],
                "purpose": row["purpose"],
                "desired_state": row["desired"],
                "frequency": "yearly",
                "count": row["volume"]["per_year"],
                "minutes_each": Decimal(row["volume"]["minutes"]),
            },
        )
    with clock.frozen(_at(days_ago - 2, 11)):
        consultation = triage_consultation(actor=officer, consultation=consultation, theme="ledger")
        consultation = confirm_purpose(
            actor=officer, consultation=consultation, purpose=row["purpose"], desired_state=row["desired"]
        )
        consultation = assign_supporter(
            actor=officer,
            consultation=consultation,
            supporter=body.person("officer"),
            reason="この業務の様式と流れを見たことがあるため。",
        )
    if "solved" not in row and "discontinued" not in row:
        return
    with clock.frozen(_at(days_ago - 9, 14)):
        think(officer, consultation, row)
        record_cycle(
            actor=officer,
            consultation=consultation,
            line="窓口に半日立ち、同じことを何度書いているかを数えた。",
            decision="continue",
        )
    with clock.frozen(_at(days_ago - 40, 15)):
        _solve(officer, chief, consultation, row)


def _solve(officer: StaffActor, chief: StaffActor, consultation: Consultation, row: dict[str, Any]) -> None:
    solved = row.get("solved")
    consultation = Consultation.objects.get(id=consultation.id)
    if solved is None:
        resolve_consultation(
            actor=officer,
            consultation=consultation,
            cause="何のために書くのかを、誰も確かめていなかった。",
            what_was_done=row["discontinued"],
            what_failed="特になし。",
            after_minutes=Decimal(0),
            after_cases=0,
            is_discontinued=True,
            learned="やめる前に、見ている人がいるかを一か月聞いておくとよい。",
        )
        return
    consultation = resolve_consultation(
        actor=officer,
        consultation=consultation,
        cause=solved["cause"],
        what_was_done=solved["done"],
        what_failed=solved["failed"],
        after_minutes=Decimal(solved["after_minutes"]),
        after_cases=row["volume"]["per_year"],
        before_sheets=solved["before_sheets"],
        after_sheets=solved["after_sheets"],
        migration_hours=Decimal(12),
        learned="はじめの月は、窓口の手伝いを一人分見ておく。",
    )
    case = draft_solved_case(actor=officer, consultation=consultation)
    case = edit_solved_case(actor=officer, case=case, values={"conditions": solved["conditions"]})
    case = submit_solved_case(actor=officer, case=case)
    case = check_solved_case(actor=chief, case=case)
    decisions = {finding.key: "keep" if finding.may_keep else "mask" for finding in findings_of(case)}
    case = decide_findings(actor=officer, case=case, decisions=decisions, reason=_KEPT)
    publish_solved_case(actor=officer, case=case, scope=Scope.PREFECTURE)
