"""取込済を記録する: another system says that it has an application."""

from __future__ import annotations

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.models import Application, TakenOver
from kakehashi.procedures.permissions import ProceduresPermission

__all__ = ["note_taken_over"]


@service
def note_taken_over(*, actor: Actor, application: Application, version: int, number: str = "") -> TakenOver:
    """取込済: the key's system has the application up to this version. The same again, or an older version, changes nothing.

    Raises DomainError for a version that does not exist yet, PermissionRefused for anybody but a key of the API.
    """
    require(actor, ProceduresPermission.READ_APPLICATIONS)
    if actor.kind is not ActorKind.MACHINE or actor.id is None:
        raise PermissionRefused(ProceduresPermission.READ_APPLICATIONS)
    if version > application.answers_number:
        raise DomainError(f"第{version}版の回答はまだありません。", field="version")
    # Two calls at once take turns at the application's row.
    Application.objects.select_for_update().only("id").get(id=application.id)
    number = number.strip()
    taken, is_new = TakenOver.objects.get_or_create(
        application=application,
        token_id=actor.id,
        defaults={"system": actor.label[:200], "version": version, "number": number},
    )
    is_newer = not is_new and version > taken.version
    if is_newer or (not is_new and number and number != taken.number):
        taken.version, taken.taken_at = max(version, taken.version), clock.now() if is_newer else taken.taken_at
        taken.number = number or taken.number
        taken.save(update_fields=["version", "taken_at", "number"])
    if is_new or is_newer:
        record_event(
            actor=actor,
            code="procedures.application.taken_over",
            subject_kind=APPLICATION,
            subject_id=application.id,
            payload={"version": taken.version, "number": taken.number},
        )
    result: TakenOver = taken
    return result
