"""Messages about a proposal: whose turn it is, what became of it, and to everybody who saw it that it ended."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.urls import NoReverseMatch

from kakehashi.approvals.models import Opinion, Proposal, ProposalStep, Reader
from kakehashi.approvals.selectors.authority import acting_posts_for
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.notices.services import Recipient, cancel_notice, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import holder_of

TURN = "approvals.turn"
RESULT = "approvals.result"
READING = "approvals.reading"
VERBS = {"endorse": "承認", "consult": "同意", "provisional": "仮決裁", "decide": "決裁"}


def page_of(proposal: Proposal) -> str:
    """The path of the decision page for a notice, the government's slug included, from a request or from the worker.

    Empty where the staff surface is not served.
    """
    government = get_government(proposal.government_id)
    try:
        return urlsplit(absolute_url(government, "approvals-staff:proposal", proposal.id)).path
    except NoReverseMatch:
        return ""


def people_at(step: ProposalStep, proposal: Proposal) -> list[Person]:
    """Who can act in a box today: the holder of its post, and of the posts that exercise its authority (職務代理 …)."""
    posts = [step.post, *acting_posts_for(step.post_id, proposal.matter_id, clock.today())]
    found = {person.id: person for post in posts if (person := holder_of(post, clock.today())) is not None}
    return list(found.values())


def tell_turn(actor: Actor, proposal: Proposal, step: ProposalStep) -> None:
    """Tell those who can act that the proposal reached their box."""
    verb = VERBS[step.kind]
    for number, person in enumerate(people_at(step, proposal)):
        key = turn_key(step)
        tell(
            actor,
            proposal,
            person_id=person.id,
            name=person.name,
            kind=TURN,
            subject=f"{verb}をお願いします：{proposal.subject}",
            body_text=f"{proposal.drafter_label}の起案「{proposal.subject}」が{step.post_label}の手元に届きました。",
            key=key if number == 0 else uuid5(key, str(person.id)),
        )


def turn_key(step: ProposalStep) -> UUID:
    """The key of the message that tells a box's holder; a box reached again is told again."""
    reached = step.activated_at.isoformat() if step.activated_at else ""
    return uuid5(step.id, f"turn {reached}")


def tell(
    actor: Actor,
    proposal: Proposal,
    *,
    person_id: UUID,
    name: str,
    kind: str,
    subject: str,
    body_text: str,
    key: UUID,
) -> None:
    """Send one message about a proposal. It waits ten seconds, so that the act can be undone."""
    send_notice(
        actor=actor,
        kind=kind,
        to=Recipient(person_id=person_id, name=name),
        subject=subject,
        body_text=body_text,
        url=page_of(proposal),
        idempotency_key=key,
    )


def tell_drafter(actor: Actor, proposal: Proposal, sentence: str, event: str) -> None:
    """Tell the drafter what became of the proposal."""
    tell(
        actor,
        proposal,
        person_id=proposal.drafter_id,
        name=proposal.drafter.name,
        kind=RESULT,
        subject=f"{sentence}：{proposal.subject}",
        body_text=f"起案「{proposal.subject}」は、{actor.label}により{sentence}となりました。",
        key=result_key(proposal, event),
    )


def tell_readers(actor: Actor, proposal: Proposal, readers: Iterable[Reader]) -> None:
    """Tell those a proposal is shown to (供覧) that it lies with them."""
    for reader in readers:
        holder = holder_of(reader.post, clock.today())
        if holder is not None:
            tell(
                actor,
                proposal,
                person_id=holder.id,
                name=holder.name,
                kind=READING,
                subject=f"供覧：{proposal.subject}",
                body_text=f"「{proposal.subject}」をご覧ください。決裁や同意は要りません。",
                key=uuid5(reader.id, f"reading {reader.reached_at}"),
            )


def tell_who_saw(actor: Actor, proposal: Proposal, sentence: str, reason: str = "") -> int:
    """Tell everybody who acted on the proposal, opened it on their turn or spoke about it that it ended; returns how many.

    All rounds count. The drafter and the person who ended it know already.
    """
    steps = ProposalStep.objects.filter(proposal=proposal).values_list("person_id", "seen_by_id")
    saw = {person_id for row in steps for person_id in row}
    saw |= set(Opinion.objects.filter(proposal=proposal).values_list("author_id", flat=True))
    saw |= set(Reader.objects.filter(proposal=proposal).values_list("person_id", flat=True))
    known = {person_id for person_id in saw if person_id is not None} - {actor.id, proposal.drafter_id}
    people = Person.objects.filter(id__in=known, is_active=True).order_by("id")
    said = f"\n理由：{reason.strip()}" if reason.strip() else ""
    for person in people:
        tell(
            actor,
            proposal,
            person_id=person.id,
            name=person.name,
            kind=RESULT,
            subject=f"ご覧になった起案が{sentence}：{proposal.subject}",
            body_text=f"起案「{proposal.subject}」は、{actor.label}により{sentence}。{said}",
            key=uuid5(result_key(proposal, "ended"), str(person.id)),
        )
    return len(people)


def result_key(proposal: Proposal, event: str) -> UUID:
    """The key of a message to the drafter about one event of one round."""
    return uuid5(proposal.id, f"{event} {proposal.round} {proposal.decided_at or ''}")


def take_back(actor: Actor, key: UUID) -> bool:
    """Cancel a message that has not left. False: it was too late or there was none."""
    return cancel_notice(actor=actor, idempotency_key=key)
