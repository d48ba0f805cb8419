"""The kinds of this room that travel, in the order in which they travel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.hooks import Arrived, ItemKind, Waiting, Written, register_kind
from kakehashi.procedures.services.carrying import (
    applications,
    certificates,
    messages,
    parties,
    procedures,
    progress,
    tallies,
)

__all__ = ["register"]

_PUBLIC, _STAFF = frozenset({Side.PUBLIC}), frozenset({Side.STAFF})


def _unchanging(
    label: str,
    order: int,
    origins: frozenset[Side],
    rows: Callable[[], QuerySet[Any]],
    write: Callable[[UUID], Written | None],
    apply: Callable[[Arrived], None],
) -> ItemKind:
    """A kind whose things never change once they are written."""

    def pending(limit: int) -> list[Waiting]:
        return applications.waiting_rows(rows(), limit)

    return ItemKind(label, order, origins, pending, lambda: rows().count(), write, apply)


def register() -> None:
    """Tell the exchange how each kind is found, written and applied."""
    register_kind(
        "procedures.procedure",
        ItemKind(
            "手続と様式", 10, _STAFF, procedures.pending_procedures, procedures.count_procedures,
            procedures.write_procedure, procedures.apply_procedure,
        ),
    )  # fmt: skip
    register_kind(
        applications.APPLICATION_ITEM,
        _unchanging(
            "申請", 20, _PUBLIC, applications.unsent_applications, applications.write_application,
            applications.apply_application,
        ),
    )  # fmt: skip
    register_kind(
        parties.PROXY_ITEM,
        _unchanging("代理人", 22, _PUBLIC, parties.unsent_proxies, parties.write_proxy, parties.apply_proxy),
    )
    register_kind(
        parties.CONSENT_ITEM,
        ItemKind(
            "連署・本人の同意", 24, _PUBLIC, parties.pending_consents, lambda: parties.unsent_consents().count(),
            parties.write_consent, parties.apply_consent,
        ),
    )  # fmt: skip
    register_kind(
        "procedures.correction_answer",
        _unchanging(
            "補正の回答", 30, _PUBLIC, applications.unsent_answers, applications.write_answer, applications.apply_answer
        ),
    )
    register_kind(
        "procedures.message",
        _unchanging(
            "連絡", 40, _PUBLIC | _STAFF, messages.unsent_messages, messages.write_message, messages.apply_message
        ),
    )
    register_kind(
        "procedures.withdrawal",
        _unchanging(
            "取下げ", 50, _PUBLIC, applications.unsent_withdrawals, applications.write_withdrawal,
            applications.apply_withdrawal,
        ),
    )  # fmt: skip
    register_kind(
        progress.PROGRESS,
        ItemKind(
            "経過・補正の依頼", 60, _STAFF, progress.pending_progress, lambda: progress.unsent_progress().count(),
            progress.write_progress, progress.apply_progress,
        ),
    )  # fmt: skip
    _register_what_follows()


def _register_what_follows() -> None:
    """Documents and certificates, how they were received, and what is counted."""
    register_kind(
        "procedures.document",
        _unchanging(
            "通知・交付物", 70, _STAFF, progress.unsent_documents, progress.write_document, progress.apply_document
        ),
    )
    register_kind(
        certificates.CERTIFICATE,
        ItemKind(
            "証明書の検証", 75, _STAFF, certificates.pending_certificates,
            lambda: certificates.unsent_certificates().count(),
            certificates.write_certificate, certificates.apply_certificate,
        ),
    )  # fmt: skip
    register_kind(
        "procedures.delivery",
        ItemKind(
            "交付・開封の記録", 80, _PUBLIC, applications.pending_deliveries,
            lambda: applications.unsent_deliveries().count(), applications.write_delivery, applications.apply_delivery,
        ),
    )  # fmt: skip
    register_kind(
        tallies.TALLY,
        ItemKind(
            "始めた申請の集計", 90, _PUBLIC, tallies.pending_tallies, lambda: tallies.unsent_tallies().count(),
            tallies.write_tallies, tallies.apply_tallies,
        ),
    )  # fmt: skip
