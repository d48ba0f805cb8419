"""Where the pages of records are, for search, cases and the registry."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from kakehashi.cases.models import Case


def document_url(document_id: UUID) -> str:
    """The page of a filed document."""
    return reverse("records-staff:document", args=[document_id])


def receipt_url(receipt_id: UUID) -> str:
    """The page of an incoming document."""
    return reverse("records-staff:receipt", args=[receipt_id])


def receipt_of_case(case: Case) -> str:
    """The page of the incoming document a case was opened for."""
    return receipt_url(case.source_id)


def no_renditions(source_id: UUID) -> Sequence[tuple[str, str]]:
    """No paper is made from an incoming document: it is what it is."""
    return ()


def disclosure_of_case(case: Case) -> str:
    """The page of the 開示請求 a case was opened for."""
    return reverse("records-staff:disclosure", args=[case.source_id])
