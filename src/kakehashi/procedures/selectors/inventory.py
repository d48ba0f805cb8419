"""Reads of the inventory (手続台帳)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast

from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.kernel.percent import percent
from kakehashi.procedures.domain.effort import MAXIMUM
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.models.procedure import Stage

__all__ = ["BANDS", "Filters", "Summary", "effort_map", "get_procedure", "inventory", "next_ten", "summarise"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of procedures is narrowed to; empty strings narrow nothing."""

    text: str = ""
    kind: str = ""
    stage: str = ""
    institution: str = ""
    department: UUID | None = None
    volume: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a set of procedures is online, by kind of procedure and by yearly volume.

    `rate_by_volume` weighs by yearly counts and covers the `known` procedures only; unknown is not
    zero. Rates are percentages or None when there is nothing to count.
    """

    total: int
    online: int
    excluded: int
    known: int
    filings: int
    filings_online: int
    rate: Decimal | None
    rate_by_volume: Decimal | None

    @property
    def in_scope(self) -> int:
        """All but those excluded."""
        return self.total - self.excluded

    @property
    def unknown(self) -> int:
        """Those in scope whose volume nobody knows."""
        return self.in_scope - self.known


def inventory(filters: Filters) -> QuerySet[Procedure]:
    """The inventory of the open tenant, narrowed; the caller orders and pages it."""
    rows: QuerySet[Procedure] = Procedure.objects.defer("survey")
    for word in fold(filters.text).split():
        rows = rows.filter(search_key__contains=word)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.stage:
        rows = rows.filter(stage=filters.stage)
    if filters.institution:
        rows = rows.filter(institutions__contains=[filters.institution])
    if filters.department:
        rows = rows.filter(department_id=filters.department)
    if filters.volume == "known":
        rows = rows.filter(volume__isnull=False)
    elif filters.volume == "unknown":
        rows = rows.filter(volume__isnull=True)
    return rows


def summarise(rows: QuerySet[Procedure]) -> Summary:
    """Count a set of procedures; those out of scope (対象外) are in neither part of a rate."""
    in_scope = ~Q(stage=Stage.EXCLUDED)
    online = Q(stage=Stage.ONLINE)
    found = rows.order_by().aggregate(
        total=Count("id"),
        online=Count("id", filter=online),
        excluded=Count("id", filter=Q(stage=Stage.EXCLUDED)),
        known=Count("id", filter=in_scope & Q(volume__isnull=False)),
        filings=Sum("volume", filter=in_scope, default=0),
        filings_online=Sum("volume", filter=online, default=0),
    )
    return Summary(
        rate=percent(found["online"], found["total"] - found["excluded"]),
        rate_by_volume=percent(found["filings_online"], found["filings"]),
        **found,
    )


def next_ten(rows: QuerySet[Procedure]) -> list[Procedure]:
    """The next ten to put online: paper or half-made ones with the most filings for the least effort.

    Filings per year divided by effort points; a confirmed kind breaks ties. Procedures whose volume
    nobody knows are not ranked.
    """
    ranked = (
        rows.defer(None)
        .filter(stage__in=(Stage.PAPER, Stage.DRAFTED), volume__isnull=False)
        .annotate(gain=Cast(F("volume"), FloatField()) / Cast(F("effort"), FloatField()))
        .annotate(sure=Case(When(kind_confirmed=True, then=Value(1)), default=Value(0), output_field=IntegerField()))
        .order_by("-gain", "-sure", "id")
    )
    return list(ranked[:10])


BANDS = (
    ("〜9件", 0, 10),
    ("10〜99件", 10, 100),
    ("100〜999件", 100, 1_000),
    ("1,000〜9,999件", 1_000, 10_000),
    ("1万件〜", 10_000, None),
)
"""Columns of the map: yearly filings from, up to but not including."""


def effort_map(rows: QuerySet[Procedure]) -> list[tuple[int, list[int]]]:
    """How many procedures still to be put online there are for each effort (1–5) and band of yearly filings.

    Procedures whose volume nobody knows stand in no band.
    """
    counts = {
        f"band{at}": Count("id", filter=Q(volume__gte=first) & (Q() if last is None else Q(volume__lt=last)))
        for at, (_, first, last) in enumerate(BANDS)
    }
    waiting = rows.filter(stage__in=(Stage.PAPER, Stage.DRAFTED), volume__isnull=False)
    counted: Any = waiting.order_by().values("effort").annotate(**counts)
    found = {row["effort"]: [int(row[name]) for name in counts] for row in counted}
    return [(effort, found.get(effort, [0] * len(counts))) for effort in range(1, MAXIMUM + 1)]


def get_procedure(procedure_id: UUID) -> Procedure:
    """One procedure of the open tenant. Raises NotFound."""
    found: Procedure | None = Procedure.objects.select_related("department").filter(id=procedure_id).first()
    if found is None:
        raise NotFound
    return found
