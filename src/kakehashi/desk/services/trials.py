"""ツールの試行: begin, ask round by round, answer without a name, decide to spread or stop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid5

from django.urls import reverse

from kakehashi.desk.domain.pulse import EASE, USE, rounds_due
from kakehashi.desk.models import (
    Consultation,
    PulseAnswer,
    PulseRound,
    PulseTicket,
    ToolTrial,
    TrialDecision,
    TrialMember,
)
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.trials import last_round, ticket_of
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import acting_staff

__all__ = ["answer_pulse", "begin_trial", "decide_trial", "extend_trial", "open_rounds"]

SUBJECT, NOTICE = "desk.trial", "desk.trial"
MOST_MEMBERS, LONGEST_DAYS = 300, 400


@service
def begin_trial(
    *,
    actor: Actor,
    tool: str,
    aim: str,
    starts_on: date,
    ends_on: date,
    every_days: int,
    members: Iterable[Person],
    consultation: Consultation | None = None,
) -> ToolTrial:
    """Begin to try a tool from a day to a day with some people, who are asked every so many days and at the end.

    Raises DomainError without a tool, an aim or people, for an end before the beginning, or for more than 400 days.
    """
    require(actor, DeskPermission.TRIAL_RUN)
    for field, value, message in (
        ("tool", tool, "ツールの名前を書いてください。"), ("aim", aim, "何を確かめるかを書いてください。"),
    ):  # fmt: skip
        if not value.strip():
            raise DomainError(message, field=field, code="required")
    _check_days(starts_on, ends_on)
    if not 7 <= every_days <= 60:
        raise DomainError("7日から60日の間で選んでください。", field="every_days")
    people = list({person.id: person for person in members}.values())
    if not people or len(people) > MOST_MEMBERS:
        raise DomainError("試す人を選んでください（300人まで）。", field="people", code="required")
    trial: ToolTrial = ToolTrial.objects.create(
        tool=tool.strip()[:120], aim=aim.strip(), starts_on=starts_on, ends_on=ends_on, every_days=every_days,
        owner=acting_staff(actor), department_id=getattr(actor, "department_id", None), consultation=consultation,
    )  # fmt: skip
    TrialMember.objects.bulk_create([TrialMember(trial=trial, person=person) for person in people])
    _record(actor, "desk.trial.begun", trial, {"tool": trial.tool, "people": len(people)})
    return trial


@service
def open_rounds(*, actor: Actor) -> int:
    """Open the rounds that are due and tell the people; ask the owner to decide once the trial is over. Run by the worker.

    Return how many rounds were opened. Rounds that were missed while the program stood still become one.
    """
    today, count = clock.today(), 0
    for trial in ToolTrial.objects.filter(decision="", starts_on__lte=today).select_related("owner")[:500]:
        due = rounds_due(trial.starts_on, trial.ends_on, trial.every_days, today)
        last = last_round(trial)
        if due > _expected(trial, last):
            _open(actor, trial, (last.number if last else 0) + 1, due)
            count += 1
        if today > trial.ends_on and trial.asked_to_decide_at is None:
            ToolTrial.objects.filter(id=trial.id).update(asked_to_decide_at=clock.now())
            words = "試す期間が終わりました。広げるか、やめるかを決めてください。"
            _send(
                actor,
                trial,
                trial.owner,
                f"決める番です：{trial.tool}",
                words,
                f"decide:{trial.ends_on}",
                "trial",
                trial.id,
            )
    return count


@service
def answer_pulse(*, actor: Actor, round_id: Any, ease: int, use: int, comment: str = "") -> None:
    """Answer a round, 1 to 5 twice and a word. What was said is kept without the name, and no event names who said it.

    Raises NotFound for somebody who was not asked, Stale for a second answer, DomainError for a number out of range.
    """
    require(actor, DeskPermission.TRIAL_READ)
    ticket = ticket_of(actor, round_id)
    if ease not in EASE or use not in USE:
        raise DomainError("二つとも選んでください。", field="ease" if ease not in EASE else "use", code="required")
    if ticket.round.trial.decision:
        raise Stale("この試行は終わりました。")
    if not PulseTicket.objects.filter(id=ticket.id, has_answered=False).update(has_answered=True):
        raise Stale("この回には、もう答えています。")
    PulseAnswer.objects.create(round=ticket.round, ease=ease, use=use, comment=comment.strip()[:200])


@service
def extend_trial(*, actor: Actor, trial: ToolTrial, ends_on: date, reason: str) -> ToolTrial:
    """Go on trying until a later day, with the reason. Raises DomainError for a day that is not later, Stale when decided."""
    require(actor, DeskPermission.TRIAL_RUN)
    if not reason.strip():
        raise DomainError("延ばす理由を書いてください。", field="reason", code="required")
    if ends_on <= trial.ends_on:
        raise DomainError("いまの終わりより後の日を書いてください。", field="ends_on")
    _check_days(trial.starts_on, ends_on)
    changes = {"ends_on": ends_on, "asked_to_decide_at": None}
    if not ToolTrial.objects.filter(id=trial.id, decision="").update(**changes):
        raise Stale
    payload = {"from": trial.ends_on.isoformat(), "to": ends_on.isoformat(), "reason": reason.strip()[:300]}
    trial.ends_on, trial.asked_to_decide_at = ends_on, None
    _record(actor, "desk.trial.extended", trial, payload)
    return trial


@service
def decide_trial(*, actor: Actor, trial: ToolTrial, decision: str, reason: str) -> ToolTrial:
    """Spread the tool or stop, with the reason; everybody who tried it is told. Raises DomainError, Stale when decided before."""
    require(actor, DeskPermission.TRIAL_RUN)
    if decision not in TrialDecision.values:
        raise DomainError("広げるか、やめるかを選んでください。", field="decision", code="required")
    if not reason.strip():
        raise DomainError("そう決めた理由を書いてください。試した人が読みます。", field="reason", code="required")
    changes: dict[str, Any] = {
        "decision": decision, "reason": reason.strip(), "decided_by": actor.label[:200], "decided_at": clock.now(),
    }  # fmt: skip
    if not ToolTrial.objects.filter(id=trial.id, decision="").update(**changes):
        raise Stale("もう決まっています。")
    for name, value in changes.items():
        setattr(trial, name, value)
    _record(actor, "desk.trial.decided", trial, {"decision": decision, "reason": trial.reason[:300]})
    for member in trial.members.select_related("person"):
        subject = f"試したツールを「{trial.get_decision_display()}」と決めました：{trial.tool}"
        _send(actor, trial, member.person, subject, trial.reason, "decided", "trial", trial.id)
    return trial


def _expected(trial: ToolTrial, last: PulseRound | None) -> int:
    """How many rounds were due on the day the last one was opened: missed ones are not made up for."""
    if last is None:
        return 0
    return rounds_due(trial.starts_on, trial.ends_on, trial.every_days, last.opened_on)


def _open(actor: Actor, trial: ToolTrial, number: int, due: int) -> None:
    opened = PulseRound.objects.create(trial=trial, number=number)
    people = [member.person for member in trial.members.select_related("person") if member.person.is_active]
    PulseTicket.objects.bulk_create([PulseTicket(round=opened, person=person) for person in people])
    _record(actor, "desk.trial.asked", trial, {"number": number, "people": len(people), "due": due})
    for person in people:
        words = "二つの質問です。10秒で終わります。だれが何と答えたかは残りません。"
        _send(
            actor,
            trial,
            person,
            f"{trial.tool}の使いごこち（{number}回目）",
            words,
            f"round:{opened.id}",
            "pulse",
            opened.id,
        )


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise DomainError("終わりは、始まりより後の日にしてください。", field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise DomainError("試行は400日までです。", field="ends_on")


def _send(
    actor: Actor, trial: ToolTrial, person: Person, subject: str, words: str, turn: str, page: str, page_id: Any
) -> None:
    send_notice(
        actor=actor,
        kind=NOTICE,
        to=Recipient(person_id=person.id, name=person.name),
        subject=subject,
        body_text=words,
        url=reverse(f"desk-staff:{page}", args=[page_id]),
        idempotency_key=uuid5(trial.id, f"{turn}:{person.id}"),
    )


def _record(actor: Actor, code: str, trial: ToolTrial, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=trial.id, payload=payload)
