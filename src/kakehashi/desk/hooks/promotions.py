"""What a consultation can be promoted to: filled by `site`, because neighbours do not know each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.desk.models import Consultation
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Promotion:
    """One thing a consultation can become, such as a procedure that goes online.

    `start` makes it, in the caller's transaction, and returns the path of its page; with `choices(actor, consultation)`, as
    (value, label), one of them is chosen on the button's row and `start_at(actor, consultation, value)` is called instead (no
    choice: the button is not offered). `permission` is what the actor needs. `object_of(url)` names the thing by its id, so that
    its own page can lead back to the consultation and its thread.
    """

    label: str
    verb: str
    permission: str
    start: Callable[[Actor, Consultation], str] | None = None
    choices: Callable[[Actor, Consultation], Sequence[tuple[str, str]]] | None = None
    start_at: Callable[[Actor, Consultation, str], str] | None = None
    object_of: Callable[[str], UUID | None] | None = None


_promotions: Registry[Promotion] = Registry("desk.promotions")


def register_promotion(kind: str, promotion: Promotion) -> None:
    """Register what a consultation can become, under a kind `<room>.<kind>`. Refuses a second time."""
    _promotions.register(kind, promotion)


def get_promotion(kind: str) -> Promotion:
    """Return a promotion. Raises UnknownKey."""
    return _promotions.get(kind)


def promotions() -> list[tuple[str, Promotion]]:
    """Return all promotions in the order of registration."""
    return list(_promotions.items())
