"""Reading 交付の記録: where a letter goes, what waits to be posted, until when may be appealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound
from kakehashi.procedures.domain.appeals import AppealPeriods, appeal_periods
from kakehashi.procedures.domain.deliveries import Address, Standing, Way, address_in
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.models import Application, Certificate, DeliveryWish, DocumentDelivery, IssuedDocument
from kakehashi.procedures.selectors.clocks import appeal_of

__all__ = [
    "DeliveredDocument",
    "PostFilters",
    "address_of",
    "chosen_way",
    "delivered_documents",
    "deliveries",
    "get_delivery",
    "is_appealable",
    "letters_to_print",
]


def chosen_way(application: Application) -> Way:
    """How the applicant asked to get the result: post unless they said otherwise (デジタル手続法7条1項ただし書)."""
    if application.accepts_electronic_notice:
        return Way.ELECTRONIC
    known = application.__dict__
    if "wished_way" in known:
        return Way(known["wished_way"] or Way.POST)
    wish = DeliveryWish.objects.filter(application=application).first()
    return Way(wish.way) if wish is not None else Way.POST


def address_of(application: Application) -> Address:
    """The address among the answers, for the label; empty where the form does not ask for one."""
    if application.form_version is None:
        return Address()
    return address_in(application.form_version.definition, application.answers)


@dataclass(frozen=True, slots=True)
class PostFilters:
    """What the list of letters is narrowed to."""

    standing: str = Standing.WAITING.value
    way: str = ""
    text: str = ""


def deliveries(filters: PostFilters) -> QuerySet[DocumentDelivery]:
    """Attempts of the open tenant with their documents and applications."""
    rows: QuerySet[DocumentDelivery] = DocumentDelivery.objects.select_related(
        "document", "application__procedure__department", "application__case"
    ).defer("application__answers", "application__procedure__survey", "application__refusal_text")
    if filters.standing:
        rows = rows.filter(standing=filters.standing)
    if filters.way:
        rows = rows.filter(way=filters.way)
    if text := filters.text.replace("\x00", "").strip():
        rows = rows.filter(addressee__icontains=text) | rows.filter(document__document_number__icontains=text)
    return rows


def get_delivery(delivery_id: UUID) -> DocumentDelivery:
    """One attempt with what it belongs to. Raises NotFound."""
    found: DocumentDelivery | None = deliveries(PostFilters(standing="")).filter(id=delivery_id).first()
    if found is None:
        raise NotFound
    return found


def letters_to_print(ids: Collection[UUID]) -> list[DocumentDelivery]:
    """The chosen letters by post, in the order of the list."""
    rows = deliveries(PostFilters(standing="")).filter(id__in=list(ids), way=Way.POST)
    return list(rows.order_by("created_at", "id"))


def is_appealable(application: Application) -> bool:
    """Whether its result is a 処分 against which a review or a suit is possible."""
    result = Result(application.result)
    return bool(result) and (result.is_refusal or application.procedure.kind == Kind.DISPOSITION)


@dataclass(frozen=True, slots=True)
class DeliveredDocument:
    """A document with its attempts, oldest first, and the appeal periods once it has arrived."""

    document: IssuedDocument
    attempts: list[DocumentDelivery]
    periods: AppealPeriods | None
    known_on: dt.date | None
    certificate: Certificate | None = None

    @property
    def newest(self) -> DocumentDelivery | None:
        """The attempt that counts; None for what was issued before attempts were kept."""
        return self.attempts[-1] if self.attempts else None


def delivered_documents(application: Application) -> list[DeliveredDocument]:
    """The documents of an application, each with its 発送日, 到達日 and appeal periods."""
    documents = list(application.documents.order_by("delivered_at"))
    if not documents:
        return []
    by_document: dict[UUID, list[DocumentDelivery]] = {}
    for each in DocumentDelivery.objects.filter(application=application).order_by("attempt"):
        by_document.setdefault(each.document_id, []).append(each)
    certificates = {each.document_id: each for each in Certificate.objects.filter(application=application)}
    appealable = is_appealable(application)
    months = appeal_of(application.procedure).months if appealable else 0
    found = []
    for document in documents:
        attempts = by_document.get(document.id, [])
        arrived_on = attempts[-1].arrived_on if attempts else None
        known_on = _known_on(document, arrived_on) if appealable else None
        periods = (
            appeal_periods(disposed_on=arrived_on, known_on=known_on, review_months=months)
            if arrived_on and known_on
            else None
        )
        found.append(DeliveredDocument(document, attempts, periods, known_on, certificates.get(document.id)))
    return found


def _known_on(document: IssuedDocument, arrived_on: dt.date | None) -> dt.date | None:
    """The day we know they knew: when the page's document was first opened, else the arrival, which is the earliest it can be."""
    if arrived_on is None or document.first_opened_at is None:
        return arrived_on
    return max(arrived_on, document.first_opened_at.astimezone(clock.JST).date())
