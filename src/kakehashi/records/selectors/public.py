"""What everybody may read of the registry."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.folding import fold
from kakehashi.records.domain.reasons import Reason
from kakehashi.records.domain.retention import PeriodKind
from kakehashi.records.models import FileState, Hold, RecordFile
from kakehashi.records.selectors.registry import classes_named, why_this_date
from kakehashi.records.selectors.words import has_words

HELD = Reason("廃棄を保留しているため、満了する日の後も保存します。")


def public_files(
    *, text: str = "", fiscal_year: int | None = None, department_id: UUID | None = None, gone: bool = False
) -> QuerySet[RecordFile]:
    """Files kept a year or longer, as they may be shown to everybody; with `gone` those that were destroyed or transferred."""
    files = RecordFile.objects.exclude(period_kind=PeriodKind.UNDER_ONE_YEAR)
    files = files.exclude(state=FileState.KEPT) if gone else files.filter(state=FileState.KEPT)
    files = files.select_related("record_class", "department")
    if fiscal_year is not None:
        files = files.filter(record_fiscal_year=fiscal_year)
    if department_id is not None:
        files = files.filter(department_id=department_id)
    if text:
        # A name that is not shown is not searched either: who guesses at it would learn of it.
        files = files.filter(has_words("public_words", fold(text)) | Q(record_class_id__in=classes_named(text)))
    return files


def public_years() -> list[tuple[int, str]]:
    """The fiscal years of the registry, newest first."""
    years = RecordFile.objects.order_by("-record_fiscal_year").values_list("record_fiscal_year", flat=True).distinct()
    return [(year, fiscal_year_label(year)) for year in years]


def why_for_the_public(record_file: RecordFile) -> list[Reason]:
    """The reasons of the dates; of holds only that there is one, for their reasons name cases and people."""
    record_file.open_holds = []  # type: ignore[attr-defined]
    why = why_this_date(record_file)
    held = Hold.objects.filter(record_file=record_file, released_at__isnull=True).exists()
    return [*why.start_reasons, *why.expiry_reasons, *([HELD] if held else [])]
