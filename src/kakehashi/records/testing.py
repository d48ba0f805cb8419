"""A small schedule and a filed document, for tests of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import Department
from kakehashi.people.testing import Town
from kakehashi.records.models import Document, Receipt
from kakehashi.records.services import (
    LATER,
    FiledContent,
    Letter,
    Placing,
    file_document,
    install_schedule,
    receive_document,
)

SINCE = dt.date(2020, 4, 1)


def line(code: str, *, years: int | None = None, kind: str = "years", anchor: str = "completed") -> dict[str, Any]:
    """One line of a schedule."""
    return {
        "code": code,
        "large": "住民",
        "middle": "許認可",
        "small": f"分類{code}",
        "file": f"{code}に関する文書",
        "period_kind": kind,
        "years": years,
        "anchor": anchor,
        "clause": f"別表第1 {code}",
    }


SCHEDULE = [
    line("C-02", years=3),
    line("C-03", years=5),
    line("A-05", kind="in_continuous_use", anchor="created"),
    line("B-02", years=5, anchor="event"),
]


def with_schedule(town: Town) -> Town:
    """The town with the small schedule."""
    install_schedule(actor=town.administrator, lines=SCHEDULE, valid_from=SINCE, regulation="文書管理規程")
    return town


def filed(town: Town, *, code: str = "C-03", on: dt.date = dt.date(2025, 6, 10)) -> Document:
    """A document completed on a day."""
    return file_document(
        actor=town.clerk,
        title="公園使用の許可",
        class_code=code,
        created_on=on,
        completed_on=on,
        source_kind="test.thing",
        source_id=uuid7(),
        department=town.department,
    )


def received(
    town: Town,
    *,
    title: str = "道路の現況について（照会）",
    on: dt.date | None = None,
    department: Department | None = None,
    key: UUID | None = None,
    files: Sequence[FiledContent] = (),
    placing: Placing = LATER,
    **letter: Any,
) -> Receipt:
    """An incoming document of a day, by default of today."""
    return receive_document(
        actor=town.clerk,
        letter=Letter(title=title, sender="ひばり県", received_on=on or clock.today(), **letter),
        department=department or town.department,
        idempotency_key=key or uuid7(),
        files=files,
        placing=placing,
    )
