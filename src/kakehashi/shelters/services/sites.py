"""A list of designated places becomes a town's own table; of a national list only the town's own rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service
from kakehashi.opendata.domain.importing import town_of
from kakehashi.opendata.domain.tables import BadTable, GivenTable, read_given
from kakehashi.opendata.services import ImportPlan, take_table
from kakehashi.shelters.domain.hazards import HAZARDS
from kakehashi.shelters.selectors.lists import REGISTER, SHELTER_KIND, SITE_KIND

_CODES = ("全国地方公共団体コード", "団体コード", "都道府県コード又は市区町村コード", "自治体コード", "市区町村コード")


@service
def import_sites(
    *,
    actor: Actor,
    name: str,
    content: bytes,
    kind: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[str, int, ImportPlan]:
    """Import a list into the open government's table; gives the kind of list, how many rows were other towns', and every line's fate.

    `kind` is site or shelter; empty: told by the headings. Rows of other governments are left out. Raises PermissionRefused, and
    DomainError for a file that is no such list.
    """
    try:
        table = read_given(name, content, REGISTER.columns, most=1_000_000)
    except BadTable as problem:
        raise DomainError(str(problem)) from problem
    found = kind or guess_kind(table.headers)
    if not found:
        raise DomainError("指定緊急避難場所の一覧とも、指定避難所の一覧とも分かりません。--kind で指定してください。")
    own, elsewhere = _own_rows(table, REGISTER.derived()["government_code"])
    plan = take_table(
        actor=actor, register=REGISTER, name=name, table=own, kind=found, import_id=uuid7(), dry_run=dry_run, progress=progress
    )  # fmt: skip
    return found, elsewhere, plan


def guess_kind(headers: Sequence[str]) -> str:
    """Which list a file is, by its headings: kinds of disaster make a list of sites. Empty when they do not tell."""
    hazards = {hazard.name for hazard in HAZARDS} | {f"災害種別_{hazard.name}" for hazard in HAZARDS}
    if len(hazards & set(headers)) >= 4:
        return SITE_KIND
    if any("指定緊急避難場所との" in header or "避難所" in header or "開設される災害" in header for header in headers):
        return SHELTER_KIND
    return ""


def _own_rows(table: GivenTable, code: str) -> tuple[GivenTable, int]:
    """Without the rows that another government's code stands in; what has no readable code stays, to be named or taken."""
    at = next((table.headers.index(header) for header in _CODES if header in table.headers), None)
    if at is None:
        return table, 0
    known: dict[str, str | None] = {}
    rows = []
    for line, cells in table.rows:
        text = cells[at]
        if text not in known:
            known[text] = town_of(text) if text else None
        if known[text] in {None, code}:
            rows.append((line, cells))
    return GivenTable(table.headers, rows, table.encoding, table.faults, table.merged), len(table.rows) - len(rows)
