"""What cases adds to 証明一式: the case's own acts and those of the thing it is about."""

from __future__ import annotations

from uuid import UUID

from kakehashi.cases.models import Case
from kakehashi.cases.permissions import CasePermission
from kakehashi.journal.hooks import DossierKind, DossierPart
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["case_dossier", "dossier_part"]

CASE = "cases.case"


def case_dossier() -> DossierKind:
    """Any case, by whoever may read cases; one that has no number yet is called by the end of its id."""
    return DossierKind(label="案件", number=_number, may_read=_may_read, concerns=_concerns, find=_find)


def _number(case_id: UUID) -> str | None:
    number = Case.objects.filter(id=case_id).values_list("number", flat=True).first()
    if number is None:
        return None if not Case.objects.filter(id=case_id).exists() else f"番号待ち-{str(case_id)[-8:]}"
    return str(number) or f"番号待ち-{str(case_id)[-8:]}"


def _find(number: str) -> UUID | None:
    found: UUID | None = Case.objects.filter(number=number).values_list("id", flat=True).first() if number else None
    return found


def _may_read(actor: Actor, _: UUID) -> bool:
    return actor.can(CasePermission.READ, current_government_id())


def _concerns(case_id: UUID) -> list[tuple[str, UUID]]:
    return list(Case.objects.filter(id=case_id).values_list("kind", "source_id"))


def dossier_part(kind: str, subject_id: UUID) -> DossierPart | None:
    """The thing behind the case, such as its application."""
    return DossierPart(subjects=_concerns(subject_id)) if kind == CASE else None
