"""Reads of trials: the list, one trial with its rounds, what somebody still has to answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.desk.domain.pulse import Pulse, pulse_of
from kakehashi.desk.models import PulseAnswer, PulseRound, PulseTicket, Tool, ToolTrial
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.people.models import Person, PostHolding
from kakehashi.people.selectors import valid_on

TRIAL_TABS = {"running": "試している", "deciding": "決める番", "decided": "決まった", "all": "すべて"}


def trials(tab: str = "all") -> QuerySet[ToolTrial]:
    """Return the trials of one tab; `member_count` counts who tries."""
    rows: QuerySet[ToolTrial] = ToolTrial.objects.select_related("department", "owner").annotate(
        member_count=Count("members")
    )
    today = clock.today()
    wanted = {
        "running": Q(decision="", ends_on__gte=today),
        "deciding": Q(decision="", ends_on__lt=today),
        "decided": ~Q(decision=""),
    }
    return rows.filter(wanted[tab]) if tab in wanted else rows


def get_trial(trial_id: UUID) -> ToolTrial:
    """Return one trial. Raises NotFound."""
    found = trials().select_related("consultation").filter(id=trial_id).first()
    if found is None:
        raise NotFound
    return found


def tool_tried(trial: ToolTrial) -> Tool | None:
    """Return the tool of the catalogue that a trial names, if it stands there under that name."""
    found: Tool | None = Tool.objects.filter(name=trial.tool, retired_on__isnull=True).first()
    return found


def trials_of(tool: Tool) -> QuerySet[ToolTrial]:
    """Return the trials of a tool of the catalogue, newest first."""
    return trials().filter(tool=tool.name).order_by("-created_at", "-id")


def pulses(trial: ToolTrial) -> list[Pulse]:
    """Return the rounds of a trial in their order, with figures where enough people answered."""
    rounds = list(trial.rounds.annotate(asked=Count("tickets")).order_by("number"))
    said: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for round_id, ease, use in PulseAnswer.objects.filter(round__in=rounds).values_list("round_id", "ease", "use"):
        said[round_id].append((ease, use))
    return [pulse_of(row.number, row.opened_on, row.asked, said[row.id]) for row in rounds]


def comments(trial: ToolTrial) -> list[tuple[int, str]]:
    """Return what people added in words, by round, in no order that tells who wrote it; none of rounds that are not shown."""
    shown = {pulse.number for pulse in pulses(trial) if pulse.ease is not None}
    rows = PulseAnswer.objects.filter(round__trial=trial, round__number__in=shown).exclude(comment="")
    return list(rows.order_by("round__number", "id").values_list("round__number", "comment"))


def open_tickets(actor: Actor) -> QuerySet[PulseTicket]:
    """Return what the actor is asked and has not answered; only the newest round of a trial that is not decided."""
    rows: QuerySet[PulseTicket] = PulseTicket.objects.filter(
        person_id=str(actor.id), has_answered=False, round__trial__decision=""
    )
    return rows.select_related("round__trial").order_by("-round__opened_on")


def ticket_of(actor: Actor, round_id: UUID) -> PulseTicket:
    """Return what the actor is asked in a round. Raises NotFound for somebody who is not."""
    found: PulseTicket | None = (
        PulseTicket.objects.select_related("round__trial").filter(person_id=str(actor.id), round_id=round_id).first()
    )
    if found is None:
        raise NotFound
    return found


def last_round(trial: ToolTrial) -> PulseRound | None:
    """Return the newest round."""
    found: PulseRound | None = trial.rounds.order_by("-number").first()
    return found


def people_in(departments: Iterable[UUID]) -> QuerySet[Person]:
    """Return who holds a post of these sections today, by name."""
    holdings = PostHolding.objects.filter(valid_on(clock.today()), post__department__in=list(departments))
    rows: QuerySet[Person] = Person.objects.filter(id__in=holdings.values("person_id"), is_active=True)
    return rows.order_by("kana", "name")
