"""何％か、何が残っているか: オンライン化率 by kind and by volume, 利用率, and the map of volume × effort.

Three rates that are often mixed up are kept apart. オンライン化率（手続の数）: procedures that can be done online ÷ procedures in
scope. オンライン化率（年間件数）: yearly filings of those procedures ÷ yearly filings of all in scope whose number is known; town's own
counts and national counts are never added up, for one is a number and the other a weight. オンライン利用率: filings that came online
÷ filings, of the procedures that are online and whose own counts are known. Unknown is not zero: it stands beside every rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from kakehashi.kernel.percent import percent
from kakehashi.procedures.domain.effort import MAXIMUM
from kakehashi.procedures.domain.weights import QUADRANTS
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.models.procedure import Stage, VolumeSource
from kakehashi.procedures.selectors.inventory import BANDS, IN_SCOPE, LEFT, ONLINE, QUADRANT_FILTERS, with_yearly

__all__ = ["Rates", "effort_map", "quadrants", "rates_by", "rates_of"]

_OWN = IN_SCOPE & Q(volume__isnull=False, volume_source=VolumeSource.OWN)
_SURVEY = IN_SCOPE & Q(volume__isnull=False, volume_source=VolumeSource.SURVEY)
_USED = _OWN & ONLINE & Q(online_volume__isnull=False)
_COUNTED = {
    "total": Count("id"),
    "excluded": Count("id", filter=Q(stage=Stage.EXCLUDED)),
    "online": Count("id", filter=ONLINE),
    "left": Count("id", filter=LEFT),
    "measured": Count("id", filter=Q(stage=Stage.ONLINE, measured_year__isnull=False)),
    "unknown": Count("id", filter=IN_SCOPE & Q(volume__isnull=True)),
    "own": Count("id", filter=_OWN),
    "own_filings": Sum("volume", filter=_OWN, default=0),
    "own_online": Sum("volume", filter=_OWN & ONLINE, default=0),
    "survey": Count("id", filter=_SURVEY),
    "survey_filings": Sum("volume", filter=_SURVEY, default=0),
    "survey_online": Sum("volume", filter=_SURVEY & ONLINE, default=0),
    "used": Count("id", filter=_USED),
    "used_filings": Sum("volume", filter=_USED, default=0),
    "used_online": Sum("online_volume", filter=_USED, default=0),
}


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts of a set of procedures; rates are percentages, None when there is nothing to divide by."""

    total: int
    excluded: int
    online: int
    left: int
    measured: int
    unknown: int
    own: int
    own_filings: int
    own_online: int
    survey: int
    survey_filings: int
    survey_online: int
    used: int
    used_filings: int
    used_online: int

    @property
    def in_scope(self) -> int:
        """All but those excluded."""
        return self.total - self.excluded

    @property
    def known(self) -> int:
        """Those in scope whose volume is known, the town's own or the nation's."""
        return self.own + self.survey

    @property
    def rate(self) -> Decimal | None:
        """オンライン化率（手続の数）."""
        return percent(self.online, self.in_scope)

    @property
    def rate_by_volume(self) -> Decimal | None:
        """オンライン化率（年間件数）, of the town's own counts."""
        return percent(self.own_online, self.own_filings)

    @property
    def rate_by_weight(self) -> Decimal | None:
        """The same weighed with the counts of the whole country: a hint for a town that has not counted yet."""
        return percent(self.survey_online, self.survey_filings)

    @property
    def usage(self) -> Decimal | None:
        """オンライン利用率, of what is online and counted."""
        return percent(self.used_online, self.used_filings)


def rates_of(rows: QuerySet[Procedure]) -> Rates:
    """Count a set of procedures."""
    return Rates(**rows.order_by().aggregate(**_COUNTED))


def rates_by(rows: QuerySet[Procedure], column: str) -> Mapping[Any, Rates]:
    """Count a set of procedures for each value of a column."""
    counted: Iterable[Any] = rows.order_by().values(column).annotate(**_COUNTED)
    return {row.pop(column): Rates(**row) for row in counted}


def effort_map(rows: QuerySet[Procedure], share: float = 1.0) -> list[tuple[int, list[int]]]:
    """How many procedures still to be put online there are for each effort (1–5) and band of yearly filings.

    Procedures whose volume nobody knows stand in no band.
    """
    counts = {
        f"band{at}": Count("id", filter=Q(yearly__gte=first) & (Q() if last is None else Q(yearly__lt=last)))
        for at, (_, first, last) in enumerate(BANDS)
    }
    waiting = with_yearly(rows, share).filter(LEFT, volume__isnull=False)
    counted: Any = waiting.order_by().values("effort").annotate(**counts)
    found = {row["effort"]: [int(row[name]) for name in counts] for row in counted}
    return [(effort, found.get(effort, [0] * len(counts))) for effort in range(1, MAXIMUM + 1)]


def quadrants(rows: QuerySet[Procedure], share: float = 1.0) -> list[tuple[str, str, int]]:
    """The four parts of the map: code, words, how many procedures still to be put online stand there."""
    counts = {code: Count("id", filter=where) for code, where in QUADRANT_FILTERS.items()}
    found = with_yearly(rows, share).filter(LEFT, volume__isnull=False).order_by().aggregate(**counts)
    return [(code, label, found[code]) for code, label in QUADRANTS.items()]
