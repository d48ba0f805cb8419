"""How far an online application came: the steps it reached, and the one where it stands or was given up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

__all__ = ["CONFIRM", "Walk", "walk_of"]

CONFIRM = "_confirm"
"""The page after all steps, where everything is read over and handed in."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The keys of the steps reached, in order, and where it stands; "" once it was handed in."""

    reached: tuple[str, ...]
    stands_at: str


def walk_of(steps: Sequence[str], done: Collection[str], *, is_submitted: bool) -> Walk:
    """Read one draft: `steps` are those shown for its answers, `done` those filled in without a mistake.

    It stands at the first step that is not done, even when later ones are: somebody went back and something is wrong there.
    What was handed in has been through every step.
    """
    if is_submitted:
        return Walk((*steps, CONFIRM), "")
    missing = [at for at, key in enumerate(steps) if key not in done]
    if not missing:
        return Walk((*steps, CONFIRM), CONFIRM)
    furthest = max([missing[0], *(at for at, key in enumerate(steps) if key in done)])
    return Walk(tuple(steps[: furthest + 1]), steps[missing[0]])
