"""What the worker does for people."""

from __future__ import annotations

from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import sweep, task
from kakehashi.people import services


@task("people.send_mail_code")
def send_mail_code(government_id: UUID, mail_code_id: str) -> None:
    """Mail one code."""
    services.send_mail_code(mail_code_id=UUID(mail_code_id))


@sweep(name="people.administrator_sessions", seconds=60)
def end_administrator_sessions(government_id: UUID) -> int:
    """Write down the end of administrator sessions whose time ran out."""
    return services.end_overdue_administrator_sessions(government_id=government_id)


@sweep(name="people.forget_codes", seconds=3600)
def forget_codes(government_id: UUID) -> int:
    """Forget old mail codes, counted tries and answers kept by their keys."""
    return services.sweep_mail_codes() + services.sweep_tries() + services.sweep_answers()


@sweep(
    name="people.reorganisations",
    seconds=60,
    waiting=who_has("people_reorganisation", "applied_at IS NOT NULL AND carried_at IS NULL"),
)
def carry_reorganisations(government_id: UUID) -> int:
    """On the morning of the day: what hangs on abolished departments and posts goes to whoever follows."""
    return services.carry_due(government_id=government_id)
