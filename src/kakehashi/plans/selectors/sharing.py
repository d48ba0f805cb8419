"""What this municipality shows to its prefecture and the other towns, and what it could show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kakehashi.governments.domain.rooms import ROOM_WORDS
from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.models import MANUAL
from kakehashi.indicators.selectors import Described, all_measures
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.plans.domain.sharing import Reach, kind_subject, reach_of
from kakehashi.plans.models import SharedFigure, SharedMeasure, SharingChoice
from kakehashi.search.selectors import prefecture_of

MUNICIPALITIES = frozenset(
    kind.value for kind in GovernmentKind if kind not in {GovernmentKind.PREFECTURE, GovernmentKind.WARD}
)
PREFECTURES = frozenset({GovernmentKind.PREFECTURE.value})


@dataclass(frozen=True)
class SharingLine:
    """One indicator on the page of choices: how far it goes, and what was chosen for it alone (None: as its kind)."""

    described: Described
    reach: Reach
    own_choice: Reach | None


@dataclass(frozen=True)
class SharingKind:
    """The indicators of one room; `choice` is the decision for all of them (None: not made, so the prefecture sees them)."""

    room: str
    label: str
    choice: Reach | None
    lines: tuple[SharingLine, ...]


def audience_here() -> Government | None:
    """The prefecture this municipality can share with; None for a prefecture itself and where none is registered."""
    mine = current_government_id()
    found = prefecture_of(mine)
    return Government.objects.get(id=found) if found is not None and found != mine else None


def sharing_choices() -> dict[str, Reach]:
    """Every choice that was made, by its subject."""
    return {one.subject: one.reach for one in SharingChoice.objects.all()}


def sharing_kinds() -> list[SharingKind]:
    """Every indicator of this municipality by the room it belongs to, with what was chosen."""
    choices = sharing_choices()
    rooms: dict[str, list[SharingLine]] = {}
    for one in all_measures():
        line = SharingLine(one, reach_of(one.code, one.room, choices), choices.get(one.code))
        rooms.setdefault(one.room, []).append(line)
    return [
        SharingKind(room, room_label(room), choices.get(kind_subject(room)), tuple(lines))
        for room, lines in rooms.items()
    ]


def room_label(room: str) -> str:
    """What a kind of indicators is called."""
    if room == MANUAL:
        return "手入力の指標"
    words = ROOM_WORDS.get(room)
    return words.label if words else {"people": "組織・職員", "cases": "案件"}.get(room, room)


def last_choice() -> SharingChoice | None:
    """Who chose last, and when."""
    found: SharingChoice | None = SharingChoice.objects.order_by("-chosen_at", "-id").first()
    return found


def shown_count() -> int:
    """How many copies of our figures the prefecture can read now."""
    return SharedFigure.objects.filter(origin_id=current_government_id()).count()


def shown_to_towns() -> int:
    """How many of them the prefecture's other municipalities can read too."""
    return SharedFigure.objects.filter(origin_id=current_government_id(), for_towns=True).count()


def shared_measure(origin_id: UUID, key: str) -> SharedMeasure | None:
    """How a government describes an indicator it shares with us."""
    return SharedMeasure.objects.filter(origin_id=origin_id, key=key).first()
