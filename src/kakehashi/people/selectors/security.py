"""Reads about sign-in: what a network asks for, providers, the table of who may do what."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q

from kakehashi.kernel.navigation import staff_links
from kakehashi.kernel.permissions import known_permissions
from kakehashi.people.domain.second_factors import Factor, NetworkRule, factors_for
from kakehashi.people.models import (
    IdentityProvider,
    Membership,
    Person,
    Role,
    RoleGrant,
    SecondFactorRule,
    SessionRule,
    StaffDirectory,
)
from kakehashi.people.selectors.actors import valid_on


def required_factors(address: str) -> frozenset[Factor]:
    """The second factors of which one must be shown by a client at this address; empty: the password is enough.

    The demonstration asks for none: it has no mail, its people are fictional, and it runs on no other database.
    """
    if settings.CONFIG.demo:
        return frozenset()
    rules = [
        NetworkRule(rule.network, frozenset(Factor(value) for value in rule.factors))
        for rule in SecondFactorRule.objects.all()
    ]
    return factors_for(rules, address)


#: Where a session of staff remembers the government it is bound to.
GOVERNMENT_KEY = "government_id"

_idle: dict[UUID, tuple[float, int | None]] = {}


def idle_limit(government_id: UUID) -> int | None:
    """Minutes without an act after which a session of the open government ends. Remembered for a moment, as its tenant is."""
    known = _idle.get(government_id)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    limit = idle_minutes()
    _idle[government_id] = (time.monotonic() + settings.GOVERNMENT_CACHE_SECONDS, limit)
    return limit


def idle_minutes() -> int | None:
    """The open government's rule as it stands in the database."""
    return SessionRule.objects.values_list("idle_minutes", flat=True).first()


def sessions_of(person: Person) -> list[UserSession]:
    """Where a member of staff is signed in here: sessions bound to this government, and those that may still become so."""
    if person.user_id is None:
        return []
    found = []
    for each in UserSession.objects.filter(user_id=person.user_id).order_by("-created_at"):
        store = import_module(settings.SESSION_ENGINE).SessionStore(session_key=each.session_key)
        kept = store.load() if store.exists(each.session_key) else None
        if kept is not None and kept.get(GOVERNMENT_KEY) in {None, str(person.government_id)}:
            found.append(each)
    return found


def providers_for(audience: str) -> list[IdentityProvider]:
    """The providers that are switched on for staff or for residents."""
    return list(IdentityProvider.objects.filter(audience=audience, is_on=True).order_by("name"))


def directories() -> list[StaffDirectory]:
    """The staff directories that are switched on."""
    return list(StaffDirectory.objects.filter(is_on=True).order_by("name"))


def memberships_of(user_id: UUID) -> list[Membership]:
    """The governments an account may enter, by code. Global rows: no tenant scope is needed."""
    return list(
        Membership.objects.filter(user_id=user_id, is_active=True, government__is_tenant=True)
        .select_related("government", "user")
        .order_by("government__code")
    )


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One permission: its name, its Japanese meaning, and for each role whether it carries it."""

    code: str
    label: str
    allowed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table of who may do what, by room."""

    roles: Sequence[Role]
    holders: Sequence[int]
    rooms: Sequence[tuple[str, Sequence[MatrixRow]]]


def permission_matrix(on: date) -> Matrix:
    """Roles against permissions, drawn from the very enums that the code checks. Two queries."""
    roles = list(Role.objects.order_by("code"))
    people: dict[UUID, set[UUID]] = {role.id: set() for role in roles}
    grants = RoleGrant.objects.filter(valid_on(on)).filter(
        Q(contract__isnull=True) | Q(contract__valid_from__lte=on, contract__valid_to__gte=on)
    )
    for role_id, person_id in grants.values_list("role_id", "person_id"):
        people[role_id].add(person_id)
    names = {link.room: link.label for link in reversed(staff_links())}
    rooms: dict[str, list[MatrixRow]] = {}
    for code, label in known_permissions().items():
        row = MatrixRow(code, label, tuple(code in role.permissions for role in roles))
        room = code.partition(".")[0]
        rooms.setdefault(names.get(room, room), []).append(row)
    return Matrix(roles, [len(people[role.id]) for role in roles], list(rooms.items()))
