"""渡す: a list in the town's own layout, and the papers, as one ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from kakehashi.exchange.domain.coexistence import Handover, HandoverRow
from kakehashi.exchange.domain.csv_text import write_table
from kakehashi.exchange.domain.kinds import PEER
from kakehashi.exchange.models import HandedOver, Layout
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import layout_of
from kakehashi.files.domain.names import clean_name
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.encodings import ENCODINGS
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["MOST_HANDED", "Package", "make_handover", "save_layout", "waiting_rows_of"]

MOST_HANDED = 200


@dataclass(frozen=True, slots=True)
class Package:
    """A made handover: its name, its bytes, how many things are in it."""

    name: str
    content: bytes
    count: int


def waiting_rows_of(code: str, how: Handover, *, again: bool = False) -> list[HandoverRow]:
    """What waits to be handed over, at most 200; `again` includes what was handed over before."""
    done = [] if again else HandedOver.objects.filter(code=code).values("subject_id")
    rows = []
    for row in how.rows(done):
        rows.append(row)
        if len(rows) == MOST_HANDED:
            break
    return rows


@service
def save_layout(*, actor: Actor, code: str, how: Handover, columns: Sequence[tuple[str, str]], encoding: str) -> Layout:
    """並びを決める: which fields, under which headers, in which order, in which encoding.

    Raises DomainError for no column, an unknown field or encoding, PermissionRefused.
    """
    require(actor, ExchangePermission.SYSTEMS)
    known = dict(how.fields())
    if not columns:
        raise DomainError("少なくとも一つの項目を選んでください。")
    if encoding not in ENCODINGS or any(key not in known for key, _ in columns):
        raise DomainError("選べない項目か文字コードです。画面を読み直してください。")
    chosen = [{"key": key, "header": (header.strip() or known[key])[:100]} for key, header in columns]
    layout: Layout = Layout.objects.update_or_create(
        code=code,
        defaults={"columns": chosen, "encoding": encoding, "saved_at": clock.now(), "saved_by": actor.label[:200]},
    )[0]
    record_event(
        actor=actor, code="exchange.layout.saved", subject_kind="exchange.layout", subject_id=layout.id,
        payload={"code": code, "columns": [each["key"] for each in chosen], "encoding": encoding},
    )  # fmt: skip
    return layout


@service
def make_handover(*, actor: Actor, code: str, how: Handover, again: bool = False) -> Package:
    """Pack what waits: `一覧.csv` in the town's layout and a folder of PDFs. What is in it does not wait any more.

    The list carries personal data, so the act is written with the number of rows and its digest. Raises DomainError when
    nothing waits, PermissionRefused.
    """
    require(actor, ExchangePermission.SYSTEMS)
    require(actor, how.permission)
    rows = waiting_rows_of(code, how, again=again)
    if not rows:
        raise DomainError("渡すものはありません。")
    columns, encoding = layout_of(code, how)
    table = [[row.values.get(key, "") for key, _ in columns] for row in rows]
    content = _zipped(write_table([header for _, header in columns], table, encoding), rows)
    HandedOver.objects.bulk_create(
        [HandedOver(code=code, subject_id=row.subject_id) for row in rows], ignore_conflicts=True
    )
    record_event(
        actor=actor, code="exchange.handover.made", subject_kind=PEER, subject_id=current_government_id(),
        payload={"code": code, "rows": len(rows), "sha256": sha256(content).hexdigest()},
    )  # fmt: skip
    return Package(f"{how.label}_{clock.today():%Y%m%d}.zip", content, len(rows))


def _zipped(table: bytes, rows: Sequence[HandoverRow]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("一覧.csv", table)
        for row in rows:
            for paper in row.papers:
                archive.writestr(_free_place(archive, clean_name(paper.name)), paper.make())
    return made.getvalue()


def _free_place(archive: zipfile.ZipFile, name: str) -> str:
    """Two papers may be called alike; whoever unpacks would see one of them only."""
    taken, (stem, dot, extension) = set(archive.namelist()), name.rpartition(".")
    places = (f"書類/{name}" if n == 1 else f"書類/{stem}（{n}）{dot}{extension}" for n in count(1))
    return next(place for place in places if place not in taken)
