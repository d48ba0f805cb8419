"""A small schedule and a filed document, for tests of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import Department
from kakehashi.people.testing import Town
from kakehashi.records.models import DisposalItem, DisposalList, Document, Measure, Receipt, RecordFile
from kakehashi.records.services import (
    LATER,
    FiledContent,
    Letter,
    Placing,
    Proposed,
    confirm_items,
    file_document,
    gather_piece,
    install_schedule,
    make_disposal_list,
    propose_items,
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


def expired(town: Town, *, code: str = "C-02", with_content: bytes = b"") -> RecordFile:
    """A record file whose period is long over (C-02: 令和6年3月31日), with a document and, if told, a file in it."""
    on, files = dt.date(2020, 6, 10), []
    if with_content:
        files = [store_file(actor=town.clerk, name="記録.txt", content=with_content, purpose="records.receipt")]
    document = file_document(
        actor=town.clerk,
        title="公園使用の許可",
        class_code=code,
        created_on=on,
        completed_on=on,
        source_kind="test.thing",
        source_id=uuid7(),
        department=town.department,
        files=files,
    )
    record_file: RecordFile = document.record_file
    if record_file.expires_on is not None and record_file.expires_on >= clock.today():
        raise AssertionError(f"{code} has not expired")
    return record_file


def gathered(town: Town) -> DisposalList:
    """A list of everything that has expired, as the worker leaves it."""
    made = make_disposal_list(actor=town.officer, fiscal_year=2025)
    while gather_piece(disposal_list=made):
        pass
    made.refresh_from_db()
    return made


def through(town: Town, measure: Measure) -> DisposalList:
    """A list whose items two people have approved for one measure."""
    made = gathered(town)
    ids = list(DisposalItem.objects.filter(disposal_list=made).values_list("id", flat=True))
    asked = {item_id: Proposed(measure) for item_id in ids}
    propose_items(actor=town.clerk, disposal_list=made, asked=asked)
    confirm_items(actor=town.manager, disposal_list=made, item_ids=ids)
    return made
