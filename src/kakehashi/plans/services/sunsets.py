"""The day of a unit for a time: thirty days before, on the day and every week after it, its section is asked to decide."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.urls import reverse

from kakehashi.indicators.selectors import people_of
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.plans.models import Initiative
from kakehashi.plans.selectors.sunsets import units_to_decide

SUNSET = "plans.sunset"


def ask_about_sunsets(government_id: UUID) -> int:
    """Ask the sections of the open scope; gives how many notices there are for today. The same day again sends nothing new.

    A unit without a section reaches nobody and stays on the plan's page and the head's page.
    """
    actor = system_actor(government_id, "システム（期間つきの組織）")
    count = 0
    for unit in units_to_decide():
        for person in people_of(unit.department) if unit.department else ():
            send_notice(
                actor=actor,
                kind=SUNSET,
                to=Recipient(person_id=person.id, name=person.name),
                subject=f"「{unit.unit_name}」を終えるか続けるかを決めてください"[:120],
                body_text=f"{unit.title}のために置いた組織は、{unit.sunset_words}。終えるときは分かったことを、続けるときは新しい日と理由を書きます。",
                url=reverse("plans-staff:initiative", args=[unit.id]),
                idempotency_key=uuid5(person.id, f"sunset {unit.id} {unit.sunset_on} {_time(unit)}"),
            )
            count += 1
    return count


def _time(unit: Initiative) -> str:
    """Which of the reminders it is: the one before, the one of the day, or the number of the week after."""
    assert unit.sunset_on is not None
    late = (clock.today() - unit.sunset_on).days
    return "before" if late < 0 else f"week {late // 7}"
