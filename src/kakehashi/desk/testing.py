"""What tests of the desk share: a consultation at any point of its road."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kakehashi.desk.models import Consultation, SolvedCase
from kakehashi.desk.services import (
    assign_supporter,
    check_solved_case,
    confirm_purpose,
    draft_solved_case,
    edit_solved_case,
    file_consultation,
    publish_solved_case,
    record_cycle,
    resolve_consultation,
    submit_solved_case,
)
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town, person_of

ANSWERS: dict[str, Any] = {
    "task": "公民館の使用受付",
    "problem": "申込書を窓口で受け、台帳に書き写し、表計算にも入力している。",
    "purpose": "町民が気持ちよく公民館を使えるようにするため。",
    "desired_state": "一度書かれれば台帳も予定表もできあがる。",
    "frequency": "yearly",
    "count": 410,
    "minutes_each": Decimal(14),
}


def filed(town: Town, **changes: Any) -> Consultation:
    """A consultation of the clerk that has just come in; the town's scope must be open."""
    return file_consultation(actor=town.clerk, consultation_id=uuid7(), answers={**ANSWERS, **changes})


def with_purpose(town: Town, **changes: Any) -> Consultation:
    """A consultation whose purpose the desk has confirmed."""
    consultation = filed(town, **changes)
    return confirm_purpose(
        actor=town.officer,
        consultation=consultation,
        purpose=ANSWERS["purpose"],
        desired_state=ANSWERS["desired_state"],
    )


def assigned(town: Town, **changes: Any) -> Consultation:
    """A consultation that the officer supports."""
    return assign_supporter(
        actor=town.officer,
        consultation=with_purpose(town, **changes),
        supporter=person_of(town.officer),
        reason="いま担当なし",
    )


def resolved(town: Town, **changes: Any) -> Consultation:
    """A consultation that was solved: 14 minutes became 5, 410 times a year."""
    consultation = assigned(town, **changes)
    record_cycle(actor=town.officer, consultation=consultation, line="様式を一つにした。", decision="continue")
    return resolve_consultation(
        actor=town.officer, consultation=consultation, cause="台帳と予定表が別の様式だった。",
        what_was_done="申込みをオンラインにした。\n受付の一覧を台帳とした。", what_failed="はじめの月は電話が多かった。",
        after_minutes=Decimal(5), after_cases=410, before_sheets=3, after_sheets=0, migration_hours=Decimal(20),
    )  # fmt: skip


def published(town: Town, scope: str = "country", **changes: Any) -> SolvedCase:
    """A solved case that is out."""
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    if changes:
        edit_solved_case(actor=town.officer, case=case, values=changes)
    submit_solved_case(actor=town.officer, case=case)
    check_solved_case(actor=town.manager, case=case)
    return publish_solved_case(actor=town.officer, case=case, scope=scope)
