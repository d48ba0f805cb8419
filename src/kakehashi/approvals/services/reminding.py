"""催促: one message a person with everything that lies with them; to the deputies when they are away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.db.models import F
from django.urls import NoReverseMatch

from kakehashi.approvals.domain.reminders import ACT_AFTER, LOOK_AFTER, is_due, is_quiet, waited_days
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.models import ProposalStep, Reader
from kakehashi.approvals.selectors.standing import deputy_candidates
from kakehashi.approvals.services.telling import people_at
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import holder_of, is_absent

REMINDER = "approvals.reminder"


@dataclass
class _Pile:
    """What one person is reminded of."""

    person: Person
    lines: list[str] = field(default_factory=list)


def remind_people(government_id: UUID) -> int:
    """Remind everybody something has waited for long enough; returns how many messages. In quiet hours: nobody.

    Each person chooses by the notice's kind whether it comes to the screen, by mail or not at all.
    """
    now = clock.now()
    if is_quiet(now):
        return 0
    piles: dict[UUID, _Pile] = {}
    for step in _lying():
        if is_due(step.activated_at, step.reminded_at, now, ACT_AFTER):
            _remember(step, f"{step.kind_enum.label}", _who(step), piles)
    for step in _unreviewed():
        if step.post_reviewer_id is not None and is_due(step.acted_at, step.reminded_at, now, LOOK_AFTER):
            _remember(step, "後閲", Person.objects.filter(id=step.post_reviewer_id), piles)
    for reader in _unread():
        holder = holder_of(reader.post, clock.today())
        if is_due(reader.reached_at, reader.reminded_at, now, LOOK_AFTER):
            _remember(reader, "供覧", [holder] if holder else [], piles)
    for pile in piles.values():
        _send(government_id, pile)
    return len(piles)


def _lying() -> Iterable[ProposalStep]:
    return ProposalStep.objects.filter(
        state=StepState.ACTIVE.value, round=F("proposal__round"), proposal__state="in_circulation"
    ).select_related("proposal", "post")


def _unreviewed() -> Iterable[ProposalStep]:
    return ProposalStep.objects.filter(
        needs_post_review=True, post_reviewed_at__isnull=True, post_reviewer_id__isnull=False
    ).select_related("proposal", "post")


def _unread() -> Iterable[Reader]:
    return Reader.objects.filter(
        reached_at__isnull=False, read_at__isnull=True, round=F("proposal__round")
    ).select_related("proposal", "post")


def _who(step: ProposalStep) -> list[Person]:
    """Who can act now: those in office and present; when the decider is away, the first present deputy."""
    present = [person for person in people_at(step, step.proposal) if not is_absent(person, clock.now())]
    if present or step.kind_enum is not StepKind.DECIDE:
        return present
    ids = [each.person_id for each in deputy_candidates(step) if each.person_id and not each.is_absent]
    return list(Person.objects.filter(id__in=ids[:1]))


def _remember(row: ProposalStep | Reader, word: str, people: Iterable[Person], piles: dict[UUID, _Pile]) -> None:
    since = row.activated_at or row.acted_at if isinstance(row, ProposalStep) else row.reached_at
    days = waited_days(since, clock.now()) if since else 0
    for person in people:
        pile = piles.setdefault(person.id, _Pile(person))
        pile.lines.append(f"・{word}：{row.proposal.subject}（{days}開庁日）")
    row.reminded_at = clock.now()
    row.save(update_fields=["reminded_at"])


def _send(government_id: UUID, pile: _Pile) -> None:
    government = get_government(government_id)
    try:
        url = urlsplit(absolute_url(government, "approvals-staff:index")).path
    except NoReverseMatch:
        url = ""
    send_notice(
        actor=system_actor(government_id, label="システム（催促）"),
        kind=REMINDER,
        to=Recipient(person_id=pile.person.id, name=pile.person.name),
        subject=f"手元の起案が{len(pile.lines)}件あります",
        body_text="次の起案がお手元にあります。\n" + "\n".join(pile.lines),
        url=url,
        idempotency_key=uuid5(pile.person.id, f"approvals reminder {clock.now().isoformat()}"),
    )
