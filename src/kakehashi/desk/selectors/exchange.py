"""Reads of what is exchanged with installations elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q, QuerySet

from kakehashi.desk.domain.case_file import fingerprint
from kakehashi.desk.models import CaseFeed, CaseSigner, ReceivedCase
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey
from kakehashi.kernel.errors import NotFound

RECEIVED_KIND = "desk.received_case"


def received_cases(query: str = "") -> QuerySet[ReceivedCase]:
    """Return the cases of elsewhere that still stand, whose signers are believed; `query` is a part of their words."""
    believed = CaseSigner.objects.filter(confirmed_at__isnull=False).values("signer")
    rows: QuerySet[ReceivedCase] = ReceivedCase.objects.filter(withdrawn_at__isnull=True, signer__in=believed)
    if word := query.strip():
        rows = rows.filter(
            Q(title__icontains=word) | Q(purpose__icontains=word) | Q(problem__icontains=word)
            | Q(what_was_done__icontains=word) | Q(origin_name__icontains=word)
        )  # fmt: skip
    return rows.select_related("consultation")


def get_received(received_id: UUID) -> ReceivedCase:
    """Return one received case. Raises NotFound for a withdrawn one that we never took over."""
    believed = CaseSigner.objects.filter(confirmed_at__isnull=False).values("signer")
    rows = ReceivedCase.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(consultation__isnull=False), signer__in=believed
    )
    found: ReceivedCase | None = rows.select_related("consultation").filter(id=received_id).first()
    if found is None:
        raise NotFound
    return found


def untold_results(origin_code: str = "") -> QuerySet[ReceivedCase]:
    """Return what came of cases of elsewhere and has not reached their origin."""
    rows: QuerySet[ReceivedCase] = ReceivedCase.objects.exclude(result="").filter(
        Q(told_at__isnull=True) | Q(told_at__date__lt=F("reported_on")), reported_on__isnull=False
    )
    return rows.filter(origin_code=origin_code) if origin_code else rows


def case_signers() -> list[tuple[CaseSigner, str]]:
    """Return every key that signed something for us, the ones to be confirmed first, each with its fingerprint."""
    rows = CaseSigner.objects.order_by(F("confirmed_at").asc(nulls_first=True), "code")
    return [(row, words_of_signer(row.signer)) for row in rows]


def words_of_signer(line: str) -> str:
    """Return the fingerprint of a signer's line."""
    try:
        return fingerprint(VerifierKey.parse(line))
    except BadNoteError:
        return "—"


def feeds() -> QuerySet[CaseFeed]:
    """Return the addresses that cases are fetched from."""
    rows: QuerySet[CaseFeed] = CaseFeed.objects.order_by("name", "id")
    return rows


def get_feed(feed_id: UUID) -> CaseFeed:
    """Return one of them. Raises NotFound."""
    found = feeds().filter(id=feed_id).first()
    if found is None:
        raise NotFound
    return found
