"""What the desk shows to the prefecture: chosen by the municipality, renewed by the worker, taken back at any time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kakehashi.desk.domain.dashboard import SHAREABLE
from kakehashi.desk.models import FigureSharing, SharedFigures
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.dashboard import shareable_figures
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.selectors import prefecture_of

__all__ = ["choose_figures", "renew_shared_figures"]


@service
def choose_figures(*, actor: Actor, figures: Sequence[str]) -> FigureSharing:
    """Choose which sums the prefecture may see, from now on; none takes everything back at once.

    Raises DomainError for an unknown figure, or where no prefecture is registered.
    """
    require(actor, DeskPermission.SHARE_FIGURES)
    chosen = [key for key in SHAREABLE if key in figures]
    if len(chosen) != len(set(figures)):
        raise DomainError("一覧にない数字です。", field="figures")
    if chosen and _prefecture() is None:
        raise DomainError("県が登録されていないため、見せられません。", field="figures", code="no_prefecture")
    values = {"figures": chosen, "chosen_by": actor.label[:200], "chosen_at": clock.now()}
    sharing, _ = FigureSharing.objects.update_or_create(defaults=values)
    record_event(
        actor=actor, code="desk.figures.chosen", subject_kind="desk.desk", subject_id=sharing.id, payload={"figures": chosen}
    )  # fmt: skip
    renew_shared_figures()
    made: FigureSharing = sharing
    return made


@service
def renew_shared_figures() -> int:
    """Write the chosen sums anew as they stand now; return how many are shown. Run by the worker, and after a choice."""
    mine = current_government_id()
    sharing = FigureSharing.objects.first()
    prefecture_id = _prefecture()
    if sharing is None or not sharing.figures or prefecture_id is None:
        SharedFigures.objects.filter(origin_id=mine).delete()
        return 0
    counted = shareable_figures()
    shown = {key: counted[key] for key in sharing.figures if key in counted}
    SharedFigures.objects.update_or_create(
        origin_id=mine,
        defaults={
            "origin_name": get_government(mine).name, "prefecture_id": prefecture_id, "figures": shown, "as_of": clock.now(),
        },
    )  # fmt: skip
    return len(shown)


def _prefecture() -> UUID | None:
    found = prefecture_of(current_government_id())
    return found if found != current_government_id() else None
