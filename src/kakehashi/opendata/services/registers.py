"""Rows of a kept table are added, edited, retired and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.opendata.domain.cells import CellFault, parse_cell
from kakehashi.opendata.domain.columns import canonical
from kakehashi.opendata.domain.registry import RegisterTable
from kakehashi.opendata.selectors.registers import cells_of

SUBJECT = "opendata.register"


@service
def add_row(*, actor: Actor, register: RegisterTable, cells: Mapping[str, str], row_id: UUID) -> Any:
    """Add a row and write `opendata.register.added`; `row_id` makes a form that is sent twice one row.

    `cells` are text by the keys of the columns. Raises PermissionRefused, and DomainError naming the field that cannot be kept.
    """
    require_keeper(actor, register)
    known = register.model.objects.filter(id=row_id).first()
    if known is not None:
        return known
    row = register.model(id=row_id, **_parsed(register, cells, {}))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _taken(row) from None
    _record(actor, "added", register, row, cells_of(register, row))
    return row


@service
def edit_row(*, actor: Actor, register: RegisterTable, row: Any, cells: Mapping[str, str], revision: int) -> Any:
    """Change a row and write `opendata.register.edited` with what changed.

    Raises PermissionRefused, DomainError naming the field, and Stale when somebody changed it after `revision`.
    """
    require_keeper(actor, register)
    before = cells_of(register, row)
    values = _parsed(register, cells, before)
    after = {
        column.key: canonical(column, values[column.key]) for column in register.own_columns if column.key in values
    }
    changed = {key: [before[key], text] for key, text in after.items() if text != before[key]}
    if not changed:
        return row
    values |= {"revision": F("revision") + 1, "updated_at": clock.now()}
    try:
        with transaction.atomic():
            written = register.model.objects.filter(id=row.id, revision=revision).update(**values)
    except IntegrityError:
        raise _taken(row) from None
    if not written:
        raise Stale("ほかの人が先に変えました。開き直して、もう一度直してください。")
    row.refresh_from_db()
    _record(actor, "edited", register, row, changed)
    return row


@service
def retire_row(*, actor: Actor, register: RegisterTable, row: Any) -> None:
    """Take a row out of what is published (廃止) and write `opendata.register.retired`; its ID stays taken. Raises PermissionRefused."""
    require_keeper(actor, register)
    if register.model.objects.filter(id=row.id, retired_on=None).update(
        retired_on=clock.today(), revision=F("revision") + 1
    ):
        _record(actor, "retired", register, row, {})


@service
def restore_row(*, actor: Actor, register: RegisterTable, row: Any) -> None:
    """Take a retirement back and write `opendata.register.restored`. Raises PermissionRefused."""
    require_keeper(actor, register)
    if register.model.objects.filter(id=row.id, retired_on__isnull=False).update(
        retired_on=None, revision=F("revision") + 1
    ):
        _record(actor, "restored", register, row, {})


def require_keeper(actor: Actor, register: RegisterTable) -> None:
    """Raise PermissionRefused unless the actor keeps this table."""
    require(actor, register.permission)


def _parsed(register: RegisterTable, cells: Mapping[str, str], before: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in register.own_columns:
        if column.key not in cells:
            continue
        try:
            values[column.key] = parse_cell(column, cells[column.key])
        except CellFault as fault:
            raise DomainError(str(fault), field=column.key) from fault
        field = register.model._meta.get_field(column.key)
        limit = getattr(field, "max_length", None)
        if limit and isinstance(values[column.key], str) and len(values[column.key]) > limit:
            raise DomainError(f"「{column.header}」は{limit}文字までです。", field=column.key)
    merged = {**before, **{key: str(value) for key, value in values.items()}}
    for column in register.own_columns:
        if column.is_required and not merged.get(column.key, "").strip():
            raise DomainError(f"「{column.header}」を書いてください。", field=column.key)
    return values


def _taken(row: Any) -> DomainError:
    return DomainError(
        f"ID「{row.identifier}」はもう使われています。廃止したもののIDも使い回せません。", field="identifier"
    )


def _record(actor: Actor, verb: str, register: RegisterTable, row: Any, values: Mapping[str, Any]) -> None:
    record_event(
        actor=actor,
        code=f"{SUBJECT}.{verb}",
        subject_kind=SUBJECT,
        subject_id=row.id,
        payload={"register": register.code, "id": row.identifier, "name": row.name, "values": dict(values)},
    )
