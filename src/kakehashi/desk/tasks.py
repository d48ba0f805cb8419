"""Sweeps of the worker."""

from __future__ import annotations

from uuid import UUID

from kakehashi.desk.services import (
    ask_effects,
    fetch_mail,
    open_rounds,
    pull_due_feed,
    remind_of_manuals,
    remind_of_wishes,
    remind_waits,
    renew_shared_figures,
    tell_of_revisions,
    warn_of_closing,
)
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.queue import sweep, task


@sweep(name="desk.effects", seconds=6 * 3600)
def ask_about_effects(government_id: UUID) -> int:
    """Ask about what was solved 30 and 90 days ago."""
    return ask_effects(actor=system_actor(government_id, "効果の確認"))


@sweep(name="desk.pulses", seconds=6 * 3600)
def ask_pulses(government_id: UUID) -> int:
    """Ask the people of running trials how they feel, and the owners to decide."""
    return open_rounds(actor=system_actor(government_id, "ツールの試行"))


@sweep(name="desk.reminders", seconds=6 * 3600)
def remind(government_id: UUID) -> int:
    """Remind of wishes without an answer, manuals that were not changed, and schemes that close."""
    actor = system_actor(government_id, "相談窓口のお知らせ")
    return remind_of_wishes(actor=actor) + remind_of_manuals(actor=actor) + warn_of_closing(actor=actor)


@sweep(name="desk.figures", seconds=24 * 3600)
def renew_figures(government_id: UUID) -> int:
    """Write anew what the prefecture may see of the desk."""
    return renew_shared_figures()


@sweep(
    name="desk.waits",
    seconds=3600,
    waiting="SELECT DISTINCT government_id FROM desk_wait WHERE until IS NULL AND reminded_at IS NULL",
)
def remind_of_waits(government_id: UUID) -> int:
    """Tell supporters of what has waited long."""
    return remind_waits(government_id=government_id)


@sweep(name="desk.mailbox", seconds=300, waiting="SELECT government_id FROM desk_mailbox WHERE is_on")
def read_mailbox(government_id: UUID) -> int:
    """Take the desk's new mails in."""
    return fetch_mail(government_id=government_id)


@task(name="desk.fetch_mail")
def read_mailbox_now(government_id: UUID) -> int:
    """Take the desk's new mails in because somebody asked for it."""
    return fetch_mail(government_id=government_id)


@sweep(name="desk.feeds", seconds=600)
def fetch_cases(government_id: UUID) -> int:
    """Fetch the solved cases of another installation, one address at a time."""
    return pull_due_feed(actor=system_actor(government_id, "事例の取り寄せ"))


@sweep(name="desk.revisions", seconds=6 * 3600)
def tell_of_new_revisions(government_id: UUID) -> int:
    """Tell those who took a case over that its origin has published the next revision."""
    return tell_of_revisions(actor=system_actor(government_id, "事例の新しい版"))
