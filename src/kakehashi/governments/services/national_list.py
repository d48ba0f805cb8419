"""Importing the national list. Governments belong to the installation, so these acts stand in no town's journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from kakehashi.governments.adapters import postal_names
from kakehashi.governments.domain.listed import DESIGNATED_CITY, PREFECTURE, WARD, ListedGovernment, all_prefectures
from kakehashi.governments.domain.national_list import BrokenLine, UnreadableList, read_national_list
from kakehashi.governments.domain.population import read_population
from kakehashi.governments.domain.postal_list import derive_national_list
from kakehashi.governments.models import Government
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service


@dataclass
class ImportReport:
    """What an import did, or with ``dry_run`` would do. Codes, in the order of the file; ``broken`` names each line left out.

    ``implied`` are prefectures that no line names, but that a line's government lies in.
    """

    encoding: str = ""
    dry_run: bool = False
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    implied: list[str] = field(default_factory=list)
    broken: list[BrokenLine] = field(default_factory=list)

    @property
    def loaded(self) -> int:
        """How many lines became, or already are, a government."""
        return len(self.created) + len(self.updated) + len(self.unchanged)


@service
def import_national_list(*, content: bytes, dry_run: bool = False) -> ImportReport:
    """Import a national list from the bytes of a CSV (UTF-8 or Shift_JIS, old and new forms of codes).

    Existing governments are updated by their code and none is ever deleted; slugs, hosts and switches are left alone. Broken lines
    are reported and left out. Raises DomainError when the file as a whole is no list.
    """
    try:
        read = read_national_list(content)
    except UnreadableList as problem:
        raise DomainError(str(problem), field="file", code="unreadable") from problem
    report = ImportReport(encoding=read.encoding, dry_run=dry_run, broken=read.broken)
    _take_over(read.governments, report)
    return report


@service
def import_present_list(*, dry_run: bool = False) -> ImportReport:
    """Import the present list, derived offline from the postal data that is installed."""
    report = ImportReport(encoding="", dry_run=dry_run)
    _take_over(derive_national_list(postal_names()), report)
    return report


@service
def import_population(*, content: bytes, dry_run: bool = False) -> ImportReport:
    """Import the population of the census from a CSV with five-digit area codes; governments must be there already.

    Areas that are no government of ours (全国, 特別区部, wards that were merged) are reported as broken lines.
    """
    try:
        areas, broken, encoding = read_population(content)
    except UnreadableList as problem:
        raise DomainError(str(problem), field="file", code="unreadable") from problem
    report = ImportReport(encoding=encoding, dry_run=dry_run, broken=broken)
    known = Government.objects.in_bulk([area.code for area in areas], field_name="code")
    changed = []
    for area in areas:
        government = known.get(area.code)
        if government is None:
            report.broken.append(
                BrokenLine(area.line, f"{area.code} {area.name}", "この地域は団体の一覧にありません。")
            )
        elif government.population == area.population:
            report.unchanged.append(area.code)
        else:
            government.population = area.population
            changed.append(government)
            report.updated.append(area.code)
    if not dry_run:
        Government.objects.bulk_update(changed, ["population"], batch_size=500)
    return report


def _take_over(listed: list[ListedGovernment], report: ImportReport) -> None:
    """Write the list in a savepoint; a dry run does all of it and rolls back, so that it reports the truth."""
    with transaction.atomic():
        _write(listed, report)
        if report.dry_run:
            transaction.set_rollback(True)


def _write(listed: list[ListedGovernment], report: ImportReport) -> None:
    known = {government.code: government for government in Government.objects.all()}
    named = {government.code for government in listed}
    implied = [one for one in all_prefectures() if one.code not in known and one.code not in named]
    needed = {one.code[:2] for one in listed}
    implied = [one for one in implied if one.code[:2] in needed]
    report.implied = [one.code for one in implied]
    # Parents first: prefectures, then designated cities, then everything else.
    for rank in ((PREFECTURE,), (DESIGNATED_CITY,), None):
        group = [
            one
            for one in (*implied, *listed)
            if (one.kind in rank if rank else one.kind not in (PREFECTURE, DESIGNATED_CITY))
        ]
        _write_group(group, known, report)


def _write_group(group: Iterable[ListedGovernment], known: dict[str, Government], report: ImportReport) -> None:
    created, updated = [], []
    for one in group:
        parent = known.get(one.parent_code) if one.parent_code else None
        if one.kind == WARD and parent is None:
            reason = "この区の政令指定都市が一覧にありません。市の行を加えてください。"
            report.broken.append(BrokenLine(one.line, f"{one.code} {one.name}", reason))
            continue
        government = known.get(one.code)
        if government is None:
            government = Government(code=one.code)
            _assign(government, one, parent)
            created.append(government)
            if one.code not in report.implied:
                report.created.append(one.code)
        elif _assign(government, one, parent):
            updated.append(government)
            report.updated.append(one.code)
        else:
            report.unchanged.append(one.code)
    known.update((government.code, government) for government in Government.objects.bulk_create(created, 500))
    Government.objects.bulk_update(updated, ["name", "kana", "kind", "parent"], batch_size=500)


def _assign(government: Government, one: ListedGovernment, parent: Government | None) -> bool:
    """Put the line's facts on the row and say whether anything changed. A list without kana does not erase kana."""
    before = (government.name, government.kana, government.kind, government.parent_id)
    government.name, government.kind, government.parent = one.name, one.kind, parent
    government.kana = one.kana or government.kana
    return before != (government.name, government.kana, government.kind, government.parent_id)
