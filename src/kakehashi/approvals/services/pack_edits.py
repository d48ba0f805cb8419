"""Edits of a draft of the rules: one row, or the whole from a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.approvals.adapters.workbook import read_workbook
from kakehashi.approvals.domain.packs.columns import Row
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.parts import BY_KEY
from kakehashi.approvals.domain.packs.sheets import CellError, from_sheets
from kakehashi.approvals.models import RulePack
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.services.packs import begin_rule_pack, change_rule_pack
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service


@service
def save_pack_row(
    *, actor: Actor, pack: RulePack, part: str, row: Mapping[str, object], place: int | None, expected_revision: int
) -> RulePack:
    """Change the row at a place of a draft's table, or add one (place None). Raises DomainError when another row has its name."""
    table, document = BY_KEY[part], PackDocument.from_json(pack.document)
    rows: list[Row] = [dict(each) for each in document.rows(part)]
    if place is not None and place >= len(rows):
        raise DomainError("この行はもうありません。")
    name = table.name_of(dict(row))
    if any(table.name_of(other) == name for at, other in enumerate(rows) if at != place):
        raise DomainError(
            f"「{table.title_of(dict(row))}」は、すでに{table.label}の表にあります。", field=table.naming[0]
        )
    if place is None:
        rows.append(dict(row))
    else:
        rows[place] = dict(row)
    return change_rule_pack(
        actor=actor, pack=pack, document=document.with_rows(part, rows), expected_revision=expected_revision
    )


@service
def remove_pack_row(*, actor: Actor, pack: RulePack, part: str, place: int, expected_revision: int) -> RulePack:
    """Take a row out of a draft's table. Raises DomainError when it is not there."""
    document = PackDocument.from_json(pack.document)
    rows = list(document.rows(part))
    if place >= len(rows):
        raise DomainError("この行はもうありません。")
    del rows[place]
    return change_rule_pack(
        actor=actor, pack=pack, document=document.with_rows(part, rows), expected_revision=expected_revision
    )


@dataclass(frozen=True)
class PackImport:
    """A workbook that was read: the draft made from it, or why there is none."""

    draft: RulePack | None
    wrong: tuple[CellError, ...] = ()


@service
def import_rule_pack(*, actor: Actor, content: bytes, title: str = "", based_on: RulePack | None = None) -> PackImport:
    """Make a draft from a workbook in the layout of the export. With one unreadable row nothing is made, and every one is named.

    Raises DomainError for a file that is no workbook.
    """
    require(actor, ApprovalsPermission.MANAGE_RULES)
    document, wrong = from_sheets(read_workbook(content))
    if wrong:
        return PackImport(None, tuple(wrong))
    return PackImport(begin_rule_pack(actor=actor, document=document, title=title, based_on=based_on))
