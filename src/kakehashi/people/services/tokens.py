"""Keys of the API: making one, taking it back. Both need open administrator power."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import known_permissions, require
from kakehashi.kernel.services import service
from kakehashi.people.domain.tokens import digest_of, new_token
from kakehashi.people.models import ApiToken, Department
from kakehashi.people.permissions import PeoplePermission, require_power

# A key that nobody has to renew is a key that nobody remembers.
LONGEST = timedelta(days=366)


@service
def issue_api_token(
    *, actor: Actor, name: str, permissions: Iterable[str], valid_to: date, department: Department | None = None
) -> tuple[ApiToken, str]:
    """Make a key and return its row with the key itself, which is shown once and kept nowhere.

    Raises DomainError without a name or permission, for an unknown permission, and for a last day that is past or over a year away.
    """
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    wanted = sorted(set(permissions))
    if not name.strip():
        raise DomainError("どのシステムの鍵か、名前を書いてください。", field="name")
    if not wanted or any(one not in known_permissions() for one in wanted):
        raise DomainError("この鍵でできることを選んでください。", field="permissions")
    if not clock.today() <= valid_to <= clock.today() + LONGEST:
        raise DomainError("期限は、今日から1年以内の日にしてください。", field="valid_to")
    text = new_token()
    token = ApiToken.objects.create(
        name=name.strip()[:100],
        digest=digest_of(text),
        permissions=wanted,
        department=department,
        made_by=actor.label,
        valid_to=valid_to,
    )
    payload = {
        "name": token.name,
        "permissions": wanted,
        "valid_to": valid_to.isoformat(),
        "department": department.code if department else None,
    }
    record_event(
        actor=actor, code="people.token.issued", subject_kind="people.token", subject_id=token.id, payload=payload
    )
    return token, text


@service
def revoke_api_token(*, actor: Actor, token: ApiToken) -> None:
    """Take a key back from this moment on. Raises Stale when somebody did already."""
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    if not ApiToken.objects.filter(id=token.id, revoked_at=None).update(revoked_at=clock.now()):
        raise Stale
    record_event(
        actor=actor,
        code="people.token.revoked",
        subject_kind="people.token",
        subject_id=token.id,
        payload={"name": token.name},
    )


@service
def note_token_use(*, token_id: UUID) -> None:
    """Remember the day on which a key was used, once a day."""
    ApiToken.objects.filter(id=token_id).exclude(used_on=clock.today()).update(used_on=clock.today())
