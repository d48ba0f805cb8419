"""The map of the road that stands beside every page of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from kakehashi.site.demo.road import STEPS, Step
from kakehashi.site.demo.tour import tour_of


@dataclass(frozen=True)
class Rail:
    """What the frame needs to draw the map."""

    step: Step | None
    steps: tuple[Step, ...] = STEPS
    template: str = "site/demo/_rail.html"
    stylesheet: str = "site/demo.css"


def rail_of(request: HttpRequest) -> Rail | None:
    """The visitor's map, once they have chosen a town."""
    tour = tour_of(request)
    if not tour.slug:
        return None
    return Rail(next((step for step in STEPS if step.number == tour.step), None))
