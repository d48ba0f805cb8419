"""Background work of the plans room."""

from __future__ import annotations

from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import sweep
from kakehashi.plans.services.inquiries import remind_by_worker
from kakehashi.plans.services.replies import receive_calls
from kakehashi.plans.services.sharing import renew_shared_figures
from kakehashi.plans.services.sunsets import ask_about_sunsets

# Where a value came after the last renewal; the rest once a day, for what a new version of the program says of an indicator.
_UNSHARED = """
SELECT g.id FROM governments_government AS g LEFT JOIN plans_sharingrenewal AS r ON r.government_id = g.id
WHERE g.is_tenant AND g.kind <> 'prefecture' AND (
  r.id IS NULL OR r.renewed_at < now() - interval '1 day'
  OR EXISTS (SELECT 1 FROM indicators_recordedvalue AS v WHERE v.government_id = g.id
             AND (r.last_record_id IS NULL OR v.id > r.last_record_id)))
"""


@sweep(name="plans.shared_figures", seconds=1800, waiting=_UNSHARED)
def shared_figures(government_id: UUID) -> None:
    """Publish new values to the prefecture and its towns, as far as the municipality shares them."""
    renew_shared_figures()


@sweep(
    name="plans.sunsets",
    seconds=21600,
    waiting=who_has(
        "plans_initiative", "unit_closed_on IS NULL AND sunset_on <= (now() AT TIME ZONE 'Asia/Tokyo')::date + 30"
    ),
)
def sunsets(government_id: UUID) -> None:
    """Ask what becomes of units for a time whose day is near or past."""
    ask_about_sunsets(government_id)


# The prefecture cannot write into a municipality, so each takes up what was addressed to it and has changed since it looked.
_UNSEEN = """
SELECT DISTINCT c.audience_id FROM plans_inquirycall AS c JOIN governments_government AS g ON g.id = c.audience_id AND g.is_tenant
LEFT JOIN plans_inquirytask AS t ON t.government_id = c.audience_id AND t.call_id = c.id
WHERE (t.id IS NULL AND c.closed_at IS NULL) OR t.seen_touch < c.touch
"""


@sweep(name="plans.inquiry_calls", seconds=30, waiting=_UNSEEN)
def inquiry_calls(government_id: UUID) -> None:
    """Take up inquiries of the prefecture: a case with its answers filled in, a notice of every change."""
    receive_calls(government_id=government_id)


@sweep(name="plans.inquiry_reminders", seconds=21600, waiting=who_has("plans_municipalinquiry", "state = 'issued'"))
def inquiry_reminders(government_id: UUID) -> None:
    """Remind municipalities before and after a term."""
    remind_by_worker(government_id=government_id)
