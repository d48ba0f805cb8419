"""「近くで誰がどうしたか」: municipalities that are further on, alike ones first, with the cases they shared or took over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.peers import peer_group
from kakehashi.plans.domain.gaps import is_ahead, matter_of, progress
from kakehashi.plans.domain.matrix import Cell, Column
from kakehashi.plans.hooks import NeighbourCase, cases_of_neighbours

MOST = 8


@dataclass(frozen=True)
class Neighbour:
    """A municipality that is further on: its cell, whether it is of the same kind and size, and its cases, those about the matter first."""

    municipality: Government
    cell: Cell
    is_alike: bool
    cases: tuple[NeighbourCase, ...]


def neighbours_ahead(
    column: Column, government: Government, cells: Mapping[UUID, Cell], every: Sequence[Government]
) -> list[Neighbour]:
    """At most eight municipalities of the prefecture that are further on: those with a case first, then alike ones, then by value."""
    own = cells[government.id]
    ahead = [one for one in every if one.id != government.id and is_ahead(column, cells[one.id], own)]
    if not ahead:
        return []
    group = peer_group(government.code, government.kind, government.population)
    found = cases_of_neighbours(matter_of(column.label), {one.id for one in ahead})
    neighbours = [
        Neighbour(
            one,
            cells[one.id],
            group is not None and peer_group(one.code, one.kind, one.population) == group,
            tuple(found.get(one.id, ())),
        )
        for one in ahead
    ]
    neighbours.sort(
        key=lambda one: (
            not any(case.is_about for case in one.cases),
            not one.is_alike,
            -progress(column, one.cell),
            one.municipality.code,
        )
    )
    return neighbours[:MOST]
