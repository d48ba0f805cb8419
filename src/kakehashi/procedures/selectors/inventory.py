"""Reads of the inventory (手続台帳)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.procedures.domain.weights import HEAVY, MANY
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.models.procedure import WAITING_STAGES, Stage, VolumeSource

__all__ = [
    "BANDS", "IN_SCOPE", "LEFT", "ONLINE", "QUADRANT_FILTERS", "STAGE_FILTERS", "Filters",
    "facet_counts", "get_procedure", "inventory", "next_ten",
    "with_yearly",
]  # fmt: skip

IN_SCOPE = ~Q(stage=Stage.EXCLUDED)
"""All but 対象外."""
ONLINE = Q(stage=Stage.ONLINE) | (IN_SCOPE & ~Q(online_elsewhere=""))
"""What residents can do online, here or in another system of the town."""
LEFT = Q(stage__in=WAITING_STAGES, online_elsewhere="")
"""What is still to be put online."""

STAGE_FILTERS = {
    "in_scope": ("対象（対象外を除く）", IN_SCOPE),
    "available": ("オンライン（ほかのシステムを含む）", ONLINE),
    "left": ("残り（これから）", LEFT),
    "elsewhere": ("オンライン（ほかのシステム）", IN_SCOPE & ~Q(stage=Stage.ONLINE) & ~Q(online_elsewhere="")),
    "measured": ("オンライン（測定済）", Q(stage=Stage.ONLINE, measured_year__isnull=False)),
}
"""Sets that are more or less than one stage, by the name they have in a filter."""

BANDS = (
    ("〜9件", 0, 10),
    ("10〜99件", 10, 100),
    ("100〜999件", 100, 1_000),
    ("1,000〜9,999件", 1_000, 10_000),
    ("1万件〜", 10_000, None),
)
"""Columns of the map: yearly filings from, up to but not including."""

_NOT_SAID = "none"
_VOLUMES = {
    "known": Q(volume__isnull=False),
    "unknown": Q(volume__isnull=True),
    "own": Q(volume__isnull=False, volume_source=VolumeSource.OWN),
    "survey": Q(volume__isnull=False, volume_source=VolumeSource.SURVEY),
    "used": Q(volume__isnull=False, online_volume__isnull=False, volume_source=VolumeSource.OWN),
}
QUADRANT_FILTERS = {
    "first": Q(yearly__gte=MANY, effort__lte=HEAVY),
    "plan": Q(yearly__gte=MANY, effort__gt=HEAVY),
    "along": Q(yearly__lt=MANY, effort__lte=HEAVY),
    "last": Q(yearly__lt=MANY, effort__gt=HEAVY),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of procedures is narrowed to; empty strings narrow nothing, "none" asks for what nobody has said."""

    text: str = ""
    kind: str = ""
    stage: str = ""
    institution: str = ""
    department: str = ""
    volume: str = ""
    founding: str = ""
    target_year: str = ""
    seal: str = ""
    visit: str = ""
    rule: str = ""
    effort: str = ""
    band: str = ""
    quadrant: str = ""

    @classmethod
    def of(cls, chosen: Mapping[str, str]) -> Filters:
        """From a form's cleaned values."""
        return cls(**{one.name: str(chosen.get("q" if one.name == "text" else one.name) or "") for one in fields(cls)})


def inventory(filters: Filters, share: float = 1.0) -> QuerySet[Procedure]:
    """The inventory of the open tenant, narrowed; the caller orders and pages it. `share` as in `with_yearly`."""
    rows: QuerySet[Procedure] = Procedure.objects.defer("survey")
    for word in fold(filters.text[:200]).split()[:10]:
        rows = rows.filter(search_key__contains=word)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.stage:
        rows = rows.filter(
            STAGE_FILTERS[filters.stage][1] if filters.stage in STAGE_FILTERS else Q(stage=filters.stage)
        )
    if filters.institution:
        rows = rows.filter(institutions__contains=[filters.institution])
    if filters.volume:
        rows = rows.filter(_VOLUMES[filters.volume])
    for name in ("founding", "seal", "visit"):
        if asked := getattr(filters, name):
            rows = rows.filter(**{name: {_NOT_SAID: "", "none_needed": "none"}.get(asked, asked)})
    for name, column in (
        ("department", "department_id"),
        ("rule", "exclusion_rule_id"),
        ("target_year", "target_year"),
    ):
        if asked := getattr(filters, name):
            rows = rows.filter(**({f"{column}__isnull": True} if asked == _NOT_SAID else {column: asked}))
    return _on_the_map(rows, filters, share)


def facet_counts(filters: Filters) -> dict[str, dict[str, int]]:
    """How many procedures each choice of a facet would leave, the other filters kept."""
    columns = {
        "kind": "kind",
        "stage": "stage",
        "department": "department_id",
        "founding": "founding",
        "target_year": "target_year",
    }
    found = {}
    for name, column in columns.items():
        rows = inventory(replace(filters, **{name: ""})).order_by().values_list(column).annotate(Count("id"))
        found[name] = {_NOT_SAID if value in (None, "") else str(value): count for value, count in rows}
    return found


def _on_the_map(rows: QuerySet[Procedure], filters: Filters, share: float) -> QuerySet[Procedure]:
    if filters.effort:
        rows = rows.filter(effort=int(filters.effort))
    if filters.band or filters.quadrant:
        rows = with_yearly(rows, share)
    if filters.band:
        _, first, last = BANDS[int(filters.band)]
        rows = rows.filter(Q(yearly__gte=first) & (Q() if last is None else Q(yearly__lt=last)))
    if filters.quadrant:
        rows = rows.filter(QUADRANT_FILTERS[filters.quadrant])
    return rows


def with_yearly(rows: QuerySet[Procedure], share: float) -> QuerySet[Procedure]:
    """Add `yearly`: the town's own count, or its share of the national one. NULL where nobody knows."""
    volume = Cast(F("volume"), FloatField())
    own = When(volume_source=VolumeSource.OWN, then=volume)
    return rows.annotate(yearly=Case(own, default=volume * Value(share), output_field=FloatField()))


def next_ten(rows: QuerySet[Procedure], share: float = 1.0) -> list[Procedure]:
    """The next ten to put online: those still to be done with the most filings for the least effort.

    Filings per year (`yearly`) divided by effort points; a confirmed kind breaks ties. Procedures whose volume nobody
    knows are not ranked.
    """
    ranked = (
        with_yearly(rows.defer(None), share)
        .filter(LEFT, volume__isnull=False)
        .annotate(gain=F("yearly") / Cast(F("effort"), FloatField()))
        .annotate(sure=Case(When(kind_confirmed=True, then=Value(1)), default=Value(0), output_field=IntegerField()))
        .order_by("-gain", "-sure", "id")
    )
    return list(ranked[:10])


def get_procedure(procedure_id: UUID) -> Procedure:
    """One procedure of the open tenant. Raises NotFound."""
    rows = Procedure.objects.select_related("department", "exclusion_rule", "form")
    found: Procedure | None = rows.filter(id=procedure_id).first()
    if found is None:
        raise NotFound
    return found
