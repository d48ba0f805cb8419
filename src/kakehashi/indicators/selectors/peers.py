"""Who is like us: governments of the same kind and size, from the list of governments and the census."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.peers import PeerGroup, peer_group


@dataclass(frozen=True)
class Peers:
    """A government's group and the others in it, in the order of codes. Without a known group there is nobody to compare with."""

    group: PeerGroup | None
    others: tuple[Government, ...]


def peers_of(government: Government, *, prefecture: str = "") -> Peers:
    """The governments of the same group, without the one asked for; of one prefecture when its two-digit code is given.

    Invented governments of a demonstration are nobody's peers but each other's. One query.
    """
    group = group_of(government)
    if group is None:
        return Peers(None, ())
    found = grouped(prefecture=prefecture, with_demo=government.is_demo).get(group, ())
    return Peers(group, tuple(one for one in found if one.id != government.id))


def group_of(government: Government) -> PeerGroup | None:
    """The group a government belongs to; None where its population is not known or it is a ward of a city."""
    return peer_group(government.code, government.kind, government.population)


def grouped(*, prefecture: str = "", with_demo: bool = False) -> dict[PeerGroup, tuple[Government, ...]]:
    """Every government by its group, in the order of codes; those without a group are left out. One query."""
    governments = Government.objects.order_by("code")
    if not with_demo:
        governments = governments.filter(is_demo=False)
    if prefecture:
        governments = governments.filter(code__startswith=prefecture)
    groups: dict[PeerGroup, list[Government]] = defaultdict(list)
    for one in governments:
        if (group := group_of(one)) is not None:
            groups[group].append(one)
    return {group: tuple(members) for group, members in groups.items()}
