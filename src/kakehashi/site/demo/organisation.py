"""Governments of the demo with departments, posts, staff and roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kakehashi.governments.models import Government
from kakehashi.journal.permissions import JournalPermission
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.permissions import known_permissions
from kakehashi.people.models import Department, Person, Post, Role, RoleGrant
from kakehashi.people.selectors import StaffActor, departments_on, posts_of, staff_actor, valid_on
from kakehashi.people.services import (
    appoint_person,
    create_department,
    create_post,
    create_role,
    grant_role,
    register_person,
)
from kakehashi.site.demo import content

SINCE = date(2020, 4, 1)
HEADS = {"town": "町長", "village": "村長", "city": "市長", "special_ward": "区長", "designated_city": "市長"}
# What only an administrator holds; everybody else's work needs none of it.
_ADMINISTRATION = (
    "people.role:",
    "people.personnel:",
    "people.reorganisation:",
    "people.administration:",
    "governments.",
    "journal.",
    "search.",
)


@dataclass
class Body:
    """A government of the demo and the people who act in it, by role and by department code."""

    government: Government
    departments: dict[str, Department] = field(default_factory=dict)
    people: list[tuple[str, str, Person]] = field(default_factory=list)

    def person(self, role: str, department: str | None = None) -> Person:
        """The first person with this role, in this department if one is named."""
        return next(p for r, d, p in self.people if r == role and department in {None, d})

    def actor(self, role: str, department: str | None = None) -> StaffActor:
        """That person as an actor; the government's scope must be open."""
        return staff_actor(self.person(role, department))


def shape_of(government: Government) -> str:
    """Which table of departments and staff fits a government: prefecture, city or small."""
    if government.kind == "prefecture":
        return "prefecture"
    return "small" if government.kind in {"town", "village"} or (government.population or 0) < 20000 else "city"


def make_organisation(government: Government) -> Body:
    """Departments, posts, staff and roles of one government, whose scope must be open."""
    actor = system_actor(government.id, "見本の準備")
    tables, shape = content.read("organisation"), shape_of(government)
    body = Body(government)
    for row in tables["departments"][shape]:
        body.departments[row["code"]] = create_department(
            actor=actor,
            code=row["code"],
            name=row["name"],
            symbol=row["symbol"],
            parent=body.departments.get(row.get("parent", "")),
            valid_from=SINCE,
        )
    roles = make_roles(actor)
    for index, row in enumerate(tables["staff"][shape]):
        body.people.append((row["role"], row.get("dept", ""), _member(actor, body, roles, row, index)))
    return body


def body_of(government: Government) -> Body:
    """The body of a government that was made before; its scope must be open."""
    today = clock.today()
    body = Body(government, {department.code: department for department in departments_on(today)})
    for grant in RoleGrant.objects.filter(valid_on(today)).select_related("person", "role").order_by("id"):
        post = next(iter(posts_of(grant.person, today)), None)
        department = post.department.code if post and post.department else ""
        body.people.append((grant.role.code, department, grant.person))
    return body


def make_roles(actor: Actor) -> dict[str, Role]:
    """The roles a new government begins with; each is a bundle of permissions that can be changed on screen."""
    everything = list(known_permissions())
    daily = [p for p in everything if not p.startswith(_ADMINISTRATION)]
    bundles = {
        "staff": ("職員", daily),
        "manager": ("管理職", [*daily, JournalPermission.TAKE_DOSSIER.value]),
        "head": ("首長", [*daily, JournalPermission.TAKE_DOSSIER.value]),
        "officer": ("DX担当", [*daily, *(p for p in everything if p.startswith(("governments.", "search.")))]),
        "administrator": ("システム管理者", everything),
    }
    return {
        code: create_role(actor=actor, code=code, name=name, permissions=permissions)
        for code, (name, permissions) in bundles.items()
    }


def _member(actor: Actor, body: Body, roles: dict[str, Role], row: dict[str, Any], index: int) -> Person:
    government = body.government
    post = _post(actor, body, row)
    person = register_person(
        actor=actor,
        name=row["name"],
        kana=row["kana"],
        staff_number=f"{index + 1:04d}",
        email=f"staff{index + 1}@{government.slug}.example",
    )
    appoint_person(actor=actor, person=person, post=post, valid_from=SINCE)
    grant_role(actor=actor, person=person, role=roles[row["role"]], valid_from=SINCE)
    return person


def _post(actor: Actor, body: Body, row: dict[str, Any]) -> Post:
    name = row["post"].format(head=HEADS.get(body.government.kind, "長"))
    return create_post(
        actor=actor, name=name, rank=row["rank"], department=body.departments.get(row.get("dept", "")), valid_from=SINCE
    )
