"""Reads of records: the registry, the files of a disposal year, and the reason of every date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kakehashi.kernel.fiscal_year import fiscal_year_bounds
from kakehashi.kernel.folding import fold
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.selectors import valid_on
from kakehashi.records.domain.reasons import Explanation, explain
from kakehashi.records.domain.retention import (
    Anchor,
    HoldFact,
    HoldGround,
    PeriodKind,
    RetentionFacts,
    RetentionPeriod,
    RetentionRule,
)
from kakehashi.records.models import Document, FileState, Hold, RecordClass, RecordFile, RetentionTerms, StandardFile
from kakehashi.records.selectors.words import has_words


@read_once
def standard_file_for(class_code: str, on: dt.date) -> StandardFile | None:
    """The standard file of a class that is in force on a day."""
    return (
        StandardFile.objects.filter(valid_on(on), record_class__code=class_code)
        .select_related("record_class")
        .order_by("-valid_from")
        .first()
    )


def retention_rule(terms: RetentionTerms) -> RetentionRule:
    """The calculator's rule of a standard file or a record file."""
    return RetentionRule(
        anchor=Anchor(terms.anchor),
        period=RetentionPeriod(PeriodKind(terms.period_kind), terms.period_years),
        clause=terms.clause,
        start_window_years=terms.start_window_years,
    )


def retention_facts(record_file: RecordFile, holds: Iterable[Hold]) -> RetentionFacts:
    """The calculator's facts of a record file with the holds that lie on it."""
    return RetentionFacts(
        anchor_on=record_file.anchor_on,
        chosen_start_on=record_file.chosen_start_on,
        left_use_on=record_file.left_use_on,
        years_after_use=record_file.years_after_use,
        extension_years=record_file.extension_years,
        holds=tuple(
            HoldFact(ground=HoldGround(hold.ground), reason=hold.reason, until=hold.until, clause=hold.clause)
            for hold in holds
        ),
    )


def holds_on(record_file: RecordFile) -> QuerySet[Hold]:
    """The holds that lie on a file now."""
    return Hold.objects.filter(record_file=record_file, released_at__isnull=True).order_by("id")


def why_this_date(record_file: RecordFile) -> Explanation:
    """「なぜこの日？」: the file's dates with one sentence and clause for each step of the calculation.

    Uses holds that were fetched into `open_holds`, else asks for them.
    """
    holds = getattr(record_file, "open_holds", None)
    return explain(
        retention_rule(record_file), retention_facts(record_file, holds_on(record_file) if holds is None else holds)
    )


def _documents_of_the_row() -> QuerySet[Any, Any]:
    """How many documents a file has, counted for the rows of a page only: joined, all documents of the town would be counted."""
    own = Document.objects.filter(record_file=OuterRef("pk")).order_by().values("record_file")
    return own.annotate(number=Count("id")).values("number")


def registry_files(
    *, fiscal_year: int | None = None, department_id: UUID | None = None, text: str = "", held_only: bool = False
) -> QuerySet[RecordFile]:
    """行政文書ファイル管理簿: kept files with class, department, number of documents and open holds."""
    files = (
        RecordFile.objects.filter(state=FileState.KEPT)
        .select_related("record_class", "department")
        .prefetch_related(
            Prefetch("holds", Hold.objects.filter(released_at__isnull=True).order_by("id"), to_attr="open_holds")
        )
        .annotate(document_count=Coalesce(Subquery(_documents_of_the_row()), 0))
    )
    if fiscal_year is not None:
        files = files.filter(record_fiscal_year=fiscal_year)
    if department_id is not None:
        files = files.filter(department_id=department_id)
    if text:
        # The folded names of rows the version before wrote are filled in by a sweep; until then they are searched as they are.
        # Two Q, for one would sort its conditions by name: the cheap one must come first.
        named = has_words("words", fold(text)) | (Q(words="") & Q(name__icontains=text))
        files = files.filter(named | Q(record_class_id__in=classes_named(text)))
    if held_only:
        files = files.filter(id__in=Hold.objects.filter(released_at__isnull=True).values("record_file_id"))
    return files


def classes_named(text: str) -> list[UUID]:
    """The classes with a text in 大, 中 or 小分類. They are few: asked for apart, no class is read again for every file."""
    rows = RecordClass.objects.values_list("id", "large", "middle", "small")
    wanted = fold(text)
    return [class_id for class_id, *names in rows if any(wanted in fold(name) for name in names)]


def files_expiring_in(fiscal_year: int) -> QuerySet[RecordFile]:
    """Files whose period ends within a fiscal year: what would be disposed of after it, and why.

    A file without an expiry (未定, 常用, 永年, open-ended hold) is never among them.
    """
    first, last = fiscal_year_bounds(fiscal_year)
    return registry_files().filter(expires_on__gte=first, expires_on__lte=last)


def disposable_files(on: dt.date) -> QuerySet[RecordFile]:
    """Files that may be proposed for disposal on a day: expired before it; without an expiry never."""
    return registry_files().filter(expires_on__isnull=False, expires_on__lt=on)


def document_for(source_kind: str, source_id: UUID) -> Document | None:
    """The document filed from a source, with its file."""
    return (
        Document.objects.filter(source_kind=source_kind, source_id=source_id)
        .select_related("record_file__record_class", "record_file__department")
        .first()
    )


def documents_in(record_file: RecordFile) -> QuerySet[Document]:
    """The documents of a file, newest last."""
    return Document.objects.filter(record_file=record_file).order_by("created_on", "id")


def volumes_for(department_id: UUID, *, years: Collection[int] = ()) -> QuerySet[RecordFile]:
    """The further volumes (第2冊 …) of a section that are kept, of some years only if told: to choose one when filing."""
    rows = RecordFile.objects.filter(state=FileState.KEPT, volume__gt=1, department_id=department_id)
    rows = rows.select_related("record_class")
    if years:
        rows = rows.filter(record_fiscal_year__in=years)
    return rows.order_by("-record_fiscal_year", "record_class__code", "volume")


def other_volumes(record_file: RecordFile) -> QuerySet[RecordFile]:
    """The other kept volumes of the same class, year and section."""
    rows = RecordFile.objects.filter(
        state=FileState.KEPT,
        standard_file_id=record_file.standard_file_id,
        record_fiscal_year=record_file.record_fiscal_year,
        department_id=record_file.department_id,
    )
    return rows.exclude(id=record_file.id).order_by("volume")


def kept_sources(source_kind: str, source_ids: Collection[UUID]) -> list[UUID]:
    """Those of the sources of whose documents a record file is still kept: no 廃棄 or 移管 of it was carried out.

    That its period is over lets nothing go: what becomes of it is decided by people, and a hold may come first.
    """
    documents = Document.objects.filter(
        record_file__state=FileState.KEPT, source_kind=source_kind, source_id__in=source_ids
    )
    return list(documents.values_list("source_id", flat=True))
