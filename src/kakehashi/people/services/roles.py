"""Roles, who holds them, and contracts. Changing what people may do needs open administrator power."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import known_permissions, require
from kakehashi.kernel.services import service
from kakehashi.people.models import Contract, Department, Person, Role, RoleGrant
from kakehashi.people.permissions import PeoplePermission, require_power


@service
def create_role(*, actor: Actor, code: str, name: str, permissions: Iterable[str] = ()) -> Role:
    """A new role. Raises DomainError for a code in use or a permission that no room defines."""
    require(actor, PeoplePermission.GRANT_ROLE)
    require_power(actor)
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise DomainError("コードと名前を書いてください。", field="code" if not code else "name")
    if Role.objects.filter(code=code).exists():
        raise DomainError(f"コード「{code}」の役割は、もうあります。", field="code")
    role = Role.objects.create(code=code, name=name, permissions=_known(permissions))
    record_event(
        actor=actor,
        code="people.role.created",
        subject_kind="people.role",
        subject_id=role.id,
        payload={"code": code, "name": name, "permissions": role.permissions},
    )
    return role


@service
def set_role_permissions(*, actor: Actor, role: Role, permissions: Iterable[str]) -> Role:
    """Say anew what a role may do."""
    require(actor, PeoplePermission.GRANT_ROLE)
    require_power(actor)
    wanted = _known(permissions)
    current = Role.objects.select_for_update().get(id=role.id)
    before = sorted(current.permissions)
    if before == wanted:
        return current
    current.permissions = wanted
    current.save(update_fields=["permissions"])
    record_event(
        actor=actor,
        code="people.role.changed",
        subject_kind="people.role",
        subject_id=role.id,
        payload={"added": sorted(set(wanted) - set(before)), "removed": sorted(set(before) - set(wanted))},
    )
    return current


def _known(permissions: Iterable[str]) -> list[str]:
    wanted = sorted(set(permissions))
    unknown = [permission for permission in wanted if permission not in known_permissions()]
    if unknown:
        raise DomainError(f"知らない権限です：{'、'.join(unknown)}", field="permissions")
    return wanted


@service
def grant_role(
    *,
    actor: Actor,
    person: Person,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    department: Department | None = None,
    contract: Contract | None = None,
) -> RoleGrant:
    """Give a person a role from a day to a day (included).

    With a contract it ends with the contract at the latest; with a department it holds only while the person has a post there.
    Raises DomainError for reversed days, days outside the contract, or a role held already.
    """
    require(actor, PeoplePermission.GRANT_ROLE)
    require_power(actor)
    if contract is not None:
        valid_to = contract.valid_to if valid_to is None else min(valid_to, contract.valid_to)
        valid_from = max(valid_from, contract.valid_from)
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("終わりの日が始まりの日より前です。", field="valid_to")
    Person.objects.select_for_update().get(id=person.id)
    held = RoleGrant.objects.filter(person=person, role=role, department=department)
    if any(_overlap(grant, valid_from, valid_to) for grant in held):
        raise DomainError("その期間には、もうこの役割があります。", field="role")
    grant = RoleGrant.objects.create(
        person=person, role=role, valid_from=valid_from, valid_to=valid_to, department=department, contract=contract
    )
    record_event(
        actor=actor,
        code="people.role.granted",
        subject_kind="people.person",
        subject_id=person.id,
        payload={
            "role": role.code,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat() if valid_to else None,
            "contract": str(contract.id) if contract else None,
        },
    )
    return grant


def _overlap(grant: RoleGrant, first: date, last: date | None) -> bool:
    return (last is None or grant.valid_from <= last) and (grant.valid_to is None or first <= grant.valid_to)


@service
def revoke_grant(*, actor: Actor, grant: RoleGrant) -> None:
    """Take a role away from this moment on. Raises Stale when it has ended already."""
    require(actor, PeoplePermission.GRANT_ROLE)
    require_power(actor)
    today = clock.today()
    current = RoleGrant.objects.select_for_update().filter(id=grant.id).first()
    if current is None or (current.valid_to is not None and current.valid_to < today):
        raise Stale
    person_id, role_code = current.person_id, current.role.code
    if current.valid_from >= today:
        current.delete()
    else:
        # Validity is counted in whole days: a role that ends now must not last until midnight.
        current.valid_to = today - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    record_event(
        actor=actor,
        code="people.role.revoked",
        subject_kind="people.person",
        subject_id=person_id,
        payload={"role": role_code},
    )


@service
def register_contract(*, actor: Actor, name: str, company: str, valid_from: date, valid_to: date) -> Contract:
    """A contract with a company whose people work in the system; every role given under it ends with it."""
    require(actor, PeoplePermission.GRANT_ROLE)
    require_power(actor)
    if valid_to < valid_from:
        raise DomainError("終わりの日が始まりの日より前です。", field="valid_to")
    if not name.strip() or not company.strip():
        raise DomainError("契約名と会社名を書いてください。", field="name" if not name.strip() else "company")
    contract = Contract.objects.create(
        name=name.strip(), company=company.strip(), valid_from=valid_from, valid_to=valid_to
    )
    record_event(
        actor=actor,
        code="people.contract.registered",
        subject_kind="people.contract",
        subject_id=contract.id,
        payload={"name": contract.name, "valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat()},
    )
    return contract


@service
def end_contract(*, actor: Actor, contract: Contract, last_day: date) -> Contract:
    """End a contract earlier than agreed; every role given under it ends with it. Raises DomainError for a later or reversed day."""
    require(actor, PeoplePermission.GRANT_ROLE)
    require_power(actor)
    current = Contract.objects.select_for_update().get(id=contract.id)
    if last_day > current.valid_to:
        raise DomainError("契約を延ばすときは、新しい契約を登録してください。", field="last_day")
    if last_day < current.valid_from - timedelta(days=1):
        raise DomainError("契約が始まる前の日です。", field="last_day")
    if last_day == current.valid_to:
        return current
    current.valid_to = last_day
    current.save(update_fields=["valid_to"])
    record_event(
        actor=actor,
        code="people.contract.ended",
        subject_kind="people.contract",
        subject_id=current.id,
        payload={"last_day": last_day.isoformat()},
    )
    return current
