"""案件番号: given by the worker in batches, gapless per government and fiscal year."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.cases.domain.numbers import case_number
from kakehashi.cases.models import Case, CaseCounter
from kakehashi.kernel.batching import update_many
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.services import index_texts

SEARCH_KIND = "cases.case"
_READ = ("id", "government_id", "subject", "requester_name")


@service
def number_cases(*, government_id: UUID, limit: int = 5000) -> int:
    """Give numbers to the cases of the open scope that have none, oldest first, and return how many were numbered.

    The counter's row is locked before the cases are looked for: a second sweep waits, then finds the first one's work done.
    Numbers and counter are written in one transaction, so an abort leaves no gap. Raises ValueError for another government.
    """
    if government_id != current_government_id():
        message = "number_cases runs in the scope of the government it numbers"
        raise ValueError(message)
    years = Case.objects.filter(sequence__isnull=True).order_by("fiscal_year").values_list("fiscal_year", flat=True)
    return sum(_number_year(year, limit) for year in list(years.distinct()))


def _number_year(year: int, limit: int) -> int:
    counter = _locked_counter(year)
    cases = list(Case.objects.filter(fiscal_year=year, sequence__isnull=True).order_by("id").only(*_READ)[:limit])
    for case in cases:
        counter.last += 1
        case.sequence = counter.last
        case.number = case_number(year, counter.last)
    update_many(cases, ["sequence", "number"])
    counter.save(update_fields=["last"])
    # With its number a case can be found; the hot path that opened it did not wait for the index.
    index_texts(
        government_id=current_government_id(),
        kind=SEARCH_KIND,
        rows=[(c.id, c.subject, {"number": c.number or "", "requester": c.requester_name}, False) for c in cases],
    )
    return len(cases)


def _locked_counter(year: int) -> CaseCounter:
    counter = CaseCounter.objects.select_for_update().filter(fiscal_year=year).first()
    if counter is None:
        try:
            with transaction.atomic():
                CaseCounter.objects.create(fiscal_year=year)
        except IntegrityError:
            pass
        counter = CaseCounter.objects.select_for_update().get(fiscal_year=year)
    return counter
