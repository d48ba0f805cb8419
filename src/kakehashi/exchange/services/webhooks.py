"""送り先の管理: make a webhook, change, pause, go on, change its secret. Where it sends and what needs open administrator power."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kakehashi.exchange.domain.webhooks import OVERLAP, kinds_of_webhooks, new_secret
from kakehashi.exchange.models import Webhook, WebhookState
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.journal.selectors import last_position
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.outbound import OutboundRefused, check_address
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department, Person
from kakehashi.people.permissions import require_power
from kakehashi.people.services.security import seal_secret

__all__ = [
    "change_webhook",
    "drop_webhook",
    "end_old_secret",
    "make_webhook",
    "pause_webhook",
    "resume_webhook",
    "rotate_secret",
]

_SUBJECT = "exchange.webhook"


@service
def make_webhook(
    *,
    actor: Actor,
    name: str,
    url: str,
    kinds: Iterable[str],
    department: Department | None = None,
    owner: Person | None = None,
) -> tuple[Webhook, str]:
    """Tell another system what happens from now on; gives the row and the secret, which is shown once.

    Raises DomainError for no name, no or an unknown kind, and an address that the house's door to the outside refuses.
    """
    _require(actor, with_power=True)
    values = _checked(name, url, kinds)
    secret = new_secret()
    webhook: Webhook = Webhook.objects.create(
        **values, department=department, owner=owner, secret_sealed=seal_secret(secret),
        made_by=actor.label[:200], position=last_position(),
    )  # fmt: skip
    _record(actor, "made", webhook, _facts(webhook))
    return webhook, secret


@service
def change_webhook(
    *,
    actor: Actor,
    webhook: Webhook,
    name: str,
    url: str,
    kinds: Iterable[str],
    department: Department | None = None,
    owner: Person | None = None,
) -> Webhook:
    """Send elsewhere, of other things, or for another department. Raises DomainError as `make_webhook` does."""
    _require(actor, with_power=True)
    for field, value in (_checked(name, url, kinds) | {"department": department, "owner": owner}).items():
        setattr(webhook, field, value)
    webhook.save(update_fields=["name", "url", "kinds", "department", "owner"])
    _record(actor, "changed", webhook, _facts(webhook))
    return webhook


@service
def pause_webhook(*, actor: Actor, webhook: Webhook) -> None:
    """Send nothing until somebody goes on; what happens meanwhile is told then. Raises Stale when it is not sending."""
    _require(actor)
    if not Webhook.objects.filter(id=webhook.id, state=WebhookState.ACTIVE).update(state=WebhookState.PAUSED):
        raise Stale
    _record(actor, "paused", webhook, {"name": webhook.name})


@service
def resume_webhook(*, actor: Actor, webhook: Webhook) -> None:
    """Go on where it stopped: everything that happened since is told. Raises Stale when it is sending already."""
    _require(actor)
    changed = (
        Webhook.objects.filter(id=webhook.id)
        .exclude(state=WebhookState.ACTIVE)
        .update(state=WebhookState.ACTIVE, failing_since=None, stopped_why="")
    )
    if not changed:
        raise Stale
    _record(actor, "resumed", webhook, {"name": webhook.name})


@service
def rotate_secret(*, actor: Actor, webhook: Webhook) -> str:
    """A new secret, shown once; for seven days messages carry the signatures of both, so that the receiver can change in peace."""
    _require(actor, with_power=True)
    secret = new_secret()
    locked: Webhook = Webhook.objects.select_for_update().get(id=webhook.id)
    locked.old_secret_sealed, locked.old_secret_until = locked.secret_sealed, clock.now() + OVERLAP
    locked.secret_sealed = seal_secret(secret)
    locked.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until"])
    _record(actor, "secret_changed", locked, {"name": locked.name})
    return secret


@service
def end_old_secret(*, actor: Actor, webhook: Webhook) -> None:
    """Sign with the newest secret only, from now on. Raises Stale when there is no older one."""
    _require(actor, with_power=True)
    rows = Webhook.objects.filter(id=webhook.id).exclude(old_secret_sealed="")
    if not rows.update(old_secret_sealed="", old_secret_until=None):
        raise Stale
    _record(actor, "old_secret_ended", webhook, {"name": webhook.name})


@service
def drop_webhook(*, actor: Actor, webhook: Webhook) -> None:
    """Forget a webhook with its messages; the journal keeps that it was. Raises Stale when it is gone already."""
    _require(actor, with_power=True)
    kept = _facts(webhook)
    deleted, _ = Webhook.objects.filter(id=webhook.id).delete()
    if not deleted:
        raise Stale
    _record(actor, "dropped", webhook, kept)


def _require(actor: Actor, *, with_power: bool = False) -> None:
    require(actor, ExchangePermission.WEBHOOKS)
    if with_power:
        require_power(actor)


def _checked(name: str, url: str, kinds: Iterable[str]) -> dict[str, Any]:
    wanted, known = set(kinds), [kind for kind, _ in kinds_of_webhooks()]
    if not name.strip():
        raise DomainError("どのシステムへ知らせるのか、名前を書いてください。", field="name")
    try:
        check_address(url.strip())
    except OutboundRefused as error:
        raise DomainError(str(error), field="url") from error
    if not wanted or not wanted <= set(known):
        raise DomainError("知らせることを選んでください。", field="kinds")
    return {"name": name.strip()[:100], "url": url.strip()[:500], "kinds": [kind for kind in known if kind in wanted]}


def _facts(webhook: Webhook) -> dict[str, Any]:
    """What the journal keeps; of the address only the host, since a path may carry a secret of the other side."""
    host = webhook.url.split("/")[2]
    department = webhook.department.code if webhook.department else None
    return {"name": webhook.name, "host": host, "kinds": webhook.kinds, "department": department}


def _record(actor: Actor, verb: str, webhook: Webhook, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=f"exchange.webhook.{verb}", subject_kind=_SUBJECT, subject_id=webhook.id, payload=payload
    )
