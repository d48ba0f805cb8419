"""What a reader of a cell may open about it, and what is open already."""

from __future__ import annotations

from dataclasses import dataclass

from kakehashi.governments.models import Government
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.requests import Request
from kakehashi.plans.domain.matrix import Column
from kakehashi.plans.hooks import SupportDesk, support_desks


@dataclass(frozen=True)
class Offer:
    """A button of the cell's page, or the page of what is open already."""

    room: str
    verb: str
    url: str


def offers_of(request: Request, government: Government, column: Column) -> list[Offer]:
    """What the reader of a cell may open, and what was opened about it this fiscal year."""
    key = matter_key(government, column)
    return [Offer(room, desk.verb, desk.opened_for(request.actor, key)) for room, desk in desks_of(request).items()]


def desks_of(request: Request) -> dict[str, SupportDesk]:
    """The places that the reader may use, by room; of rooms that are on."""
    here = request.government.id
    return {room: desk for room, desk in support_desks(request.actor, here) if room_is_on(here, room)}


def matter_key(government: Government, column: Column) -> str:
    """What help is opened about, once a fiscal year: the municipality and the indicator."""
    return f"{government.code}/{column.key}/{fiscal_year(clock.today())}"
