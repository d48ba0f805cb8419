"""Reads of published tables: totals for the country and each prefecture, with both official percentages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.domain.published import Answer
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.kernel.percent import percent

_ANSWERED = (Answer.CARRIED_OUT, Answer.NOT_CARRIED_OUT, Answer.NUMBER, Answer.ZERO)


@dataclass(frozen=True)
class Total:
    """An indicator counted over some governments. Nothing that was not answered is counted as "no" or as zero."""

    governments: int
    answered: int
    carried_out: int
    zeros: int
    without: dict[Answer, int]
    numerator: Decimal | None
    denominator: Decimal | None

    @property
    def share_of_answering(self) -> Decimal | None:
        """実施 ÷ 回答した団体, in per cent with one decimal, rounded half up."""
        return percent(self.carried_out, self.answered)

    @property
    def share_of_all(self) -> Decimal | None:
        """実施 ÷ すべての団体, in per cent with one decimal, rounded half up."""
        return percent(self.carried_out, self.governments)

    @property
    def pooled_share(self) -> Decimal | None:
        """Sum of numerators ÷ sum of denominators, where the table gives both."""
        if self.numerator is None or not self.denominator:
            return None
        return percent(self.numerator, self.denominator)


def editions() -> QuerySet[PublishedEdition]:
    """Every edition, the newest first; one of which no day is known is the oldest."""
    return PublishedEdition.objects.order_by(F("as_of").desc(nulls_last=True), "-imported_at")


def published_indicators(edition: PublishedEdition) -> QuerySet[PublishedIndicator]:
    """The indicators of an edition in the order of its tables."""
    return PublishedIndicator.objects.filter(edition=edition)


def totals(indicators: Iterable[PublishedIndicator], *, prefecture: str = "") -> dict[PublishedIndicator, Total]:
    """The total of each indicator over the country, or over one prefecture (its two-digit code)."""
    wanted = list(indicators)
    values = PublishedValue.objects.filter(indicator__in=wanted, is_current=True)
    if prefecture:
        values = values.filter(government__code__startswith=prefecture)
    counted = {row["indicator_id"]: row for row in _counted(values, "indicator_id")}
    return {indicator: _total(counted.get(indicator.id, {})) for indicator in wanted}


def totals_by_prefecture(indicator: PublishedIndicator) -> list[tuple[Government, Total]]:
    """The total of each prefecture's municipalities, in the order of codes."""
    values = PublishedValue.objects.filter(indicator=indicator, is_current=True)
    rows = _counted(values.annotate(prefecture=Substr("government__code", 1, 2)), "prefecture")
    counted = {row["prefecture"]: row for row in rows}
    prefectures = Government.objects.filter(kind=GovernmentKind.PREFECTURE, code__lt="48").order_by("code")
    return [(one, _total(counted[one.code[:2]])) for one in prefectures if one.code[:2] in counted]


def published_values(indicator: PublishedIndicator, *, prefecture: str = "") -> QuerySet[PublishedValue]:
    """What was published about each government, in the order of codes; of one prefecture when its two-digit code is given."""
    found = PublishedValue.objects.filter(indicator=indicator, is_current=True).select_related("government")
    if prefecture:
        found = found.filter(government__code__startswith=prefecture)
    return found.order_by("government__code")


def about_government(government: Government, edition: PublishedEdition) -> dict[PublishedIndicator, PublishedValue]:
    """What an edition says about one government."""
    found = PublishedValue.objects.filter(indicator__edition=edition, government=government, is_current=True)
    return {value.indicator: value for value in found.select_related("indicator")}


def revisions(value: PublishedValue) -> QuerySet[PublishedValue]:
    """Every value this edition ever gave for the government, the newest first."""
    return PublishedValue.objects.filter(indicator=value.indicator, government=value.government).order_by("-revision")


def _counted(values: QuerySet[PublishedValue], by: str) -> Iterable[dict[str, object]]:
    answers = {f"n_{answer.value}": Count("id", filter=Q(answer=answer)) for answer in Answer}
    both = Q(numerator__isnull=False, denominator__isnull=False)
    sums = {"above": Sum("numerator", filter=both), "below": Sum("denominator", filter=both)}
    return list(values.order_by().values(by).annotate(n=Count("id"), **answers, **sums))


def _total(row: dict[str, object]) -> Total:
    def number(name: str) -> int:
        return int(str(row.get(name) or 0))

    counts = {answer: number(f"n_{answer.value}") for answer in Answer}
    above, below = row.get("above"), row.get("below")
    return Total(
        governments=number("n"),
        answered=sum(counts[answer] for answer in _ANSWERED),
        carried_out=counts[Answer.CARRIED_OUT],
        zeros=counts[Answer.ZERO],
        without={answer: count for answer, count in counts.items() if count and answer not in _ANSWERED},
        numerator=above if isinstance(above, Decimal) else None,
        denominator=below if isinstance(below, Decimal) else None,
    )
