"""Departments and posts: made, changed and abolished on a day, never deleted."""

from __future__ import annotations

from datetime import date, timedelta

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.domain.departments import would_loop
from kakehashi.people.models import Department, Post
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import department_facts, valid_on


@service
def create_department(
    *,
    actor: Actor,
    code: str,
    name: str,
    valid_from: date,
    symbol: str = "",
    parent: Department | None = None,
    predecessor: Department | None = None,
) -> Department:
    """A new department from a day on. With a predecessor that one ends on the eve and names the new one as its successor.

    Raises DomainError when another department has the code on that day.
    """
    require(actor, PeoplePermission.EDIT)
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise DomainError("コードと名前を書いてください。", field="code" if not code else "name")
    taken = Department.objects.filter(valid_on(valid_from), code=code)
    if predecessor is not None:
        taken = taken.exclude(id=predecessor.id)
    if taken.exists():
        raise DomainError(f"所属コード{code}は、その日に別の所属が使っています。", field="code")
    department = Department.objects.create(
        code=code, name=name, symbol=symbol.strip(), parent=parent, valid_from=valid_from
    )
    record_event(
        actor=actor,
        code="people.department.created",
        subject_kind="people.department",
        subject_id=department.id,
        payload={"code": code, "name": name, "valid_from": valid_from.isoformat()},
    )
    if predecessor is not None:
        abolish_department(
            actor=actor, department=predecessor, last_day=valid_from - timedelta(days=1), successor=department
        )
    return department


@service
def amend_department(
    *, actor: Actor, department: Department, name: str, symbol: str, parent: Department | None, order: int = 0
) -> Department:
    """Correct a name, symbol, place or order. A reorganisation is a new department with a predecessor instead."""
    require(actor, PeoplePermission.EDIT)
    if would_loop(department_facts(), department.id, parent.id if parent else None):
        raise DomainError("自分の下にある所属の下には置けません。", field="parent")
    if not name.strip():
        raise DomainError("名前を書いてください。", field="name")
    before = {"name": department.name, "symbol": department.symbol, "parent": str(department.parent_id or "")}
    department.name, department.symbol, department.parent, department.order = (
        name.strip(),
        symbol.strip(),
        parent,
        order,
    )
    department.save(update_fields=["name", "symbol", "parent", "order"])
    after = {"name": department.name, "symbol": department.symbol, "parent": str(department.parent_id or "")}
    if before != after:
        record_event(
            actor=actor,
            code="people.department.amended",
            subject_kind="people.department",
            subject_id=department.id,
            payload={"before": before, "after": after},
        )
    return department


@service
def abolish_department(
    *, actor: Actor, department: Department, last_day: date, successor: Department | None = None
) -> Department:
    """End a department; its posts end with it. Raises DomainError for a day before it began or a successor that is itself."""
    require(actor, PeoplePermission.EDIT)
    if last_day < department.valid_from:
        raise DomainError("廃止する日が、できた日より前です。", field="last_day")
    if successor is not None and successor.id == department.id:
        raise DomainError("引き継ぐ先には別の所属を選んでください。", field="successor")
    department.valid_to, department.successor = last_day, successor
    department.save(update_fields=["valid_to", "successor"])
    Post.objects.filter(valid_on(last_day), department=department).update(valid_to=last_day)
    record_event(
        actor=actor,
        code="people.department.abolished",
        subject_kind="people.department",
        subject_id=department.id,
        payload={"last_day": last_day.isoformat(), "successor": str(successor.id) if successor else None},
    )
    return department


@service
def create_post(
    *,
    actor: Actor,
    name: str,
    rank: int,
    valid_from: date,
    department: Department | None = None,
    is_single: bool = True,
) -> Post:
    """A new post. Raises DomainError when the department has a post of that name on that day."""
    require(actor, PeoplePermission.EDIT)
    name = name.strip()
    if not name:
        raise DomainError("職の名前を書いてください。", field="name")
    if Post.objects.filter(valid_on(valid_from), department=department, name=name).exists():
        raise DomainError(f"「{name}」は、もうあります。", field="name")
    post = Post.objects.create(name=name, rank=rank, valid_from=valid_from, department=department, is_single=is_single)
    record_event(
        actor=actor,
        code="people.post.created",
        subject_kind="people.post",
        subject_id=post.id,
        payload={"name": name, "rank": rank, "valid_from": valid_from.isoformat()},
    )
    return post


@service
def abolish_post(*, actor: Actor, post: Post, last_day: date, successor: Post | None = None) -> Post:
    """End a post; what waits for it goes to the successor's holder. Holdings end on the same day."""
    require(actor, PeoplePermission.EDIT)
    if last_day < post.valid_from:
        raise DomainError("廃止する日が、できた日より前です。", field="last_day")
    if successor is not None and successor.id == post.id:
        raise DomainError("引き継ぐ先には別の職を選んでください。", field="successor")
    post.valid_to, post.successor = last_day, successor
    post.save(update_fields=["valid_to", "successor"])
    post.holdings.filter(valid_on(last_day)).update(valid_to=last_day)
    record_event(
        actor=actor,
        code="people.post.abolished",
        subject_kind="people.post",
        subject_id=post.id,
        payload={"last_day": last_day.isoformat(), "successor": str(successor.id) if successor else None},
    )
    return post
