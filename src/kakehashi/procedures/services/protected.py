"""The one door to specially protected answers: it asks for the permission and the reason, and writes down who came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kakehashi.eforms.selectors.protection import sealed_answers_of
from kakehashi.journal.models import AccessAct
from kakehashi.journal.services import record_access
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.models import Application
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import protected_attachments

__all__ = ["Opened", "open_protected"]


@dataclass(frozen=True)
class Opened:
    """What stands behind the door: (question, answer) pairs, and references of files with their real names."""

    answers: list[tuple[str, str]]
    attachments: list[dict[str, Any]]


@service
def open_protected(*, actor: Actor, application: Application, reason: str) -> Opened:
    """Open the protected answers of one application for a reason, which is kept in the access log with the reader.

    Needs `procedures.protected:read`. Raises DomainError without a reason. An answer whose key is gone says so in its place.
    """
    require(actor, ProceduresPermission.READ_PROTECTED)
    if not reason.strip():
        raise DomainError("見る理由を入力してください。", field="reason")
    record_access(
        actor=actor,
        subjects=[(APPLICATION, application.id)],
        purpose="特に保護する項目の確認",
        page="procedures-staff:protected",
        act=AccessAct.UNSEAL,
        reason=reason.strip(),
    )
    version = application.form_version
    answers = sealed_answers_of(version, application.answers) if version is not None else []
    return Opened(answers, protected_attachments(application))
