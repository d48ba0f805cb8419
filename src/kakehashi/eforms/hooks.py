"""Where upper rooms say whose forms they own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.eforms.models import Form
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry

__all__ = ["FILE_PURPOSE_PAPER", "FormOwner", "may_edit", "owner_of", "register_owner"]

FILE_PURPOSE_PAPER = "eforms.paper"


@dataclass(frozen=True)
class FormOwner:
    """What owns forms: its Japanese name, the staff page to go back to, and who may edit the form of one owner."""

    label: str
    back_url: Callable[[Form], str]
    may_edit: Callable[[Actor, Form], bool]


_owners: Registry[FormOwner] = Registry("form owners")


def register_owner(kind: str, owner: FormOwner) -> None:
    """Register a kind of owner ``room.noun``; raises DuplicateKey."""
    _owners.register(kind, owner)


def owner_of(form: Form) -> FormOwner | None:
    """The registered owner of a form; None when its room is not there."""
    return _owners.get(form.owner_kind) if form.owner_kind in _owners else None


def may_edit(actor: Actor, form: Form) -> bool:
    """Whether the owner lets the actor change the form (asked after the permission)."""
    owner = owner_of(form)
    return owner is None or owner.may_edit(actor, form)
