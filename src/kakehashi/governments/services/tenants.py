"""Opening a government as a tenant of this installation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kakehashi.governments.models import Government, RoomSwitch
from kakehashi.governments.selectors import forget_tenants, switchable_rooms
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
# First parts of addresses that belong to the installation itself.
RESERVED_SLUGS = frozenset(
    {"accounts", "admin", "api", "demo", "help", "language", "livez", "metrics", "readyz", "static", "staff", "style"}
)


@service
def open_tenant(*, code: str, slug: str, host: str | None = None, rooms: Sequence[str] = ()) -> Government:
    """Serve the government with this code at `/<slug>/` (and at `host`), with the given rooms switched on.

    An installation-wide act without a tenant, for the command line and the demonstration; callers check who may.
    Raises DomainError when the code is unknown, the slug is unfit or taken, or a room has no switch.
    """
    government = Government.objects.select_for_update().filter(code=code).first()
    if government is None:
        raise DomainError(f"団体コード{code}の団体がありません。", field="code", code="unknown")
    if not _SLUG.fullmatch(slug) or slug in RESERVED_SLUGS or slug in switchable_rooms():
        raise DomainError("アドレスは英小文字で始め、英小文字・数字・ハイフンで3〜40字にしてください。", field="slug")
    if Government.objects.filter(slug=slug).exclude(id=government.id).exists():
        raise DomainError("このアドレスは別の団体が使っています。", field="slug", code="taken")
    unknown = [room for room in rooms if room not in switchable_rooms()]
    if unknown:
        raise DomainError(f"切り替えられない機能です：{'、'.join(unknown)}", field="rooms")
    government.slug, government.host, government.is_tenant = slug, host or None, True
    government.save(update_fields=["slug", "host", "is_tenant"])
    for room in rooms:
        RoomSwitch.objects.update_or_create(government=government, room=room, defaults={"is_on": True})
    forget_tenants()
    return government


@service
def open_demo_tenant(*, government: Government, slug: str, rooms: Sequence[str] = ()) -> Government:
    """Serve a government as part of a demonstration: marked so on every page, with the given rooms switched on.

    `government` may be a fictional one that is not saved yet. Raises DomainError when it is served for real work already.
    """
    known = Government.objects.filter(code=government.code).first() or government
    if known.is_tenant and not known.is_demo:
        raise DomainError("この団体は本物の仕事に使われています。", field="code", code="not_a_demo")
    known.is_demo = True
    known.save()
    return open_tenant(code=known.code, slug=slug, rooms=rooms)


@service
def close_tenant(*, code: str) -> Government:
    """Serve the government no longer: its addresses answer 404, its rows stay. Raises DomainError when it is not served."""
    return _set_served(code, served=False)


@service
def reopen_tenant(*, code: str) -> Government:
    """Serve a closed government again, at the address it had. Raises DomainError when it is served already."""
    return _set_served(code, served=True)


def _set_served(code: str, *, served: bool) -> Government:
    government = Government.objects.select_for_update().filter(code=code, is_tenant=not served).first()
    if government is None or not government.slug:
        state = "開いて" if served else "閉じて"
        raise DomainError(
            f"団体コード{code}の団体は、すでに{state}いるか、ここにありません。", field="code", code="unknown"
        )
    government.is_tenant = served
    government.save(update_fields=["is_tenant"])
    forget_tenants()
    return government
