"""効果の確認: ask after 30 and 90 days, remind, take the answer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid5

from django.urls import reverse

from kakehashi.desk.domain.effect_checks import ASKED_AFTER, CONTENT, LATEST, REMIND_AFTER
from kakehashi.desk.domain.states import SOLVED
from kakehashi.desk.models import CaseReuse, Consultation, EffectCheck, ReceivedCase, ReuseResult, StillSo
from kakehashi.desk.permissions import DeskPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person

__all__ = ["answer_effect", "ask_effects", "remind_effect"]

SUBJECT, NOTICE = "desk.effect", "desk.effect"
_MOST_AT_ONCE = 200


@service
def ask_effects(*, actor: Actor) -> int:
    """Ask about every solution that is 30 or 90 days old, and once more a week later; return how many were asked or reminded.

    A question that nobody answered lapses when the next one is asked. Solutions older than the day by more than 60 days are
    left in peace. Run by the worker.
    """
    now, count = clock.now(), 0
    for days in ASKED_AFTER:
        since = now - timedelta(days=days)
        due = (
            Consultation.objects.filter(
                state__in=[state.value for state in SOLVED], resolved_at__lte=since, resolved_at__gt=since - LATEST
            )
            .exclude(id__in=EffectCheck.objects.filter(after_days=days).values("consultation_id"))
            .select_related("asked_by", "supporter")
            .order_by("resolved_at")
        )
        for consultation in due[:_MOST_AT_ONCE]:
            EffectCheck.objects.filter(
                consultation=consultation, after_days__lt=days, answered_at__isnull=True, lapsed_at__isnull=True
            ).update(lapsed_at=now)
            _ask(actor, consultation, days)
            count += 1
    late = EffectCheck.objects.filter(
        answered_at__isnull=True, lapsed_at__isnull=True, reminded_at__isnull=True, asked_at__lte=now - REMIND_AFTER
    ).select_related("consultation", "asked_of")
    for check in late[:_MOST_AT_ONCE]:
        _remind(actor, check)
        count += 1
    return count


@service
def remind_effect(*, actor: Actor, check: EffectCheck) -> None:
    """Ask the same person once more, by hand. Raises Stale when it was answered, DomainError within a day of the last time."""
    require(actor, DeskPermission.SUPPORT)
    if not check.is_open:
        raise Stale("もう回答があります。")
    last = check.reminded_at or check.asked_at
    if clock.now() - last < timedelta(days=1):
        raise DomainError("きのうから今日の間に、もう聞いています。明日また催促できます。", code="too_soon")
    _remind(actor, check)


@service
def answer_effect(
    *,
    actor: Actor,
    check: EffectCheck,
    still: str,
    minutes: Decimal | None = None,
    cases: int | None = None,
    sheets: int | None = None,
    content: int | None = None,
    note: str = "",
) -> EffectCheck:
    """Take the answer: as at the solution, changed (with the numbers of now), or back to the old way.

    Minutes and sheets are for one case, cases for a year, `content` 1 to 5. What came of a case of elsewhere is told to its
    origin with the new hours. Raises DomainError without the numbers of a change, Stale when it was answered before.
    """
    require(actor, DeskPermission.FILE)
    if still not in StillSo.values:
        raise DomainError("いまの様子を選んでください。", field="still", code="required")
    numbers = _numbers(check.consultation, still, minutes, cases, sheets)
    if content is not None and content not in CONTENT:
        raise DomainError("満足の度合いを選んでください。", field="content")
    changes: dict[str, Any] = {
        **numbers, "still": still, "content": content, "note": note.strip()[:300],
        "answered_at": clock.now(), "answered_by": actor.label[:200], "lapsed_at": None,
    }  # fmt: skip
    if not EffectCheck.objects.filter(id=check.id, answered_at__isnull=True).update(**changes):
        raise Stale("もう回答があります。")
    for name, value in changes.items():
        setattr(check, name, value)
    effect = check.effect
    released = str(effect.hours_released) if effect else None
    _record(actor, "desk.effect.answered", check, {"still": still, "hours_released": released, "content": content})
    _tell_origin(check)
    return check


def _numbers(
    asked: Consultation, still: str, minutes: Decimal | None, cases: int | None, sheets: int | None
) -> dict[str, Any]:
    """The numbers of now: those of the solution, those typed, or those of before."""
    if still == StillSo.SAME:
        return {"minutes": asked.after_minutes, "cases": asked.after_cases, "sheets": asked.after_sheets}
    if still == StillSo.LOST:
        return {"minutes": asked.minutes_each, "cases": asked.cases_a_year, "sheets": asked.before_sheets}
    given = {"minutes": minutes, "cases": cases, "sheets": sheets}
    for name, value in given.items():
        if value is not None and value < 0:
            raise DomainError("0以上の数を書いてください。", field=name)
    if minutes is None and cases is None and sheets is None:
        raise DomainError("変わった数を、一つは書いてください。", field="minutes", code="required")
    # What was left empty has not changed.
    return {
        "minutes": asked.after_minutes if minutes is None else minutes,
        "cases": asked.after_cases if cases is None else cases,
        "sheets": asked.after_sheets if sheets is None else sheets,
    }


def _ask(actor: Actor, consultation: Consultation, days: int) -> None:
    person = consultation.asked_by if consultation.asked_by.is_active else consultation.supporter
    check = EffectCheck.objects.create(consultation=consultation, after_days=days, asked_of=person)
    _record(actor, "desk.effect.asked", check, {"after_days": days, "asked_of": person.name if person else ""})
    if person is not None:
        _send(actor, check, person, f"解決から{days}日です。いまの様子を教えてください：{consultation.task}", "asked")


def _remind(actor: Actor, check: EffectCheck) -> None:
    check.reminded_at = clock.now()
    check.save(update_fields=["reminded_at"])
    person = check.asked_of
    _record(actor, "desk.effect.reminded", check, {"asked_of": person.name if person else ""})
    if person is not None:
        _send(
            actor,
            check,
            person,
            f"もう一度うかがいます。いまの様子は：{check.consultation.task}",
            str(check.reminded_at),
        )


def _send(actor: Actor, check: EffectCheck, person: Person, subject: str, turn: str) -> None:
    words = (
        f"「{check.consultation.task}」の相談が解決してから{check.after_days}日たちました。"
        "いまの時間・件数・紙を教えてください。変わっていなければ、ボタン一つで終わります。"
    )
    send_notice(
        actor=actor,
        kind=NOTICE,
        to=Recipient(person_id=person.id, name=person.name),
        subject=subject,
        body_text=words,
        url=reverse("desk-staff:effect", args=[check.id]),
        idempotency_key=uuid5(check.id, turn),
    )


def _tell_origin(check: EffectCheck) -> None:
    """A case of elsewhere: the hours of now stand beside our reuse of it. Words are never sent without a person's look."""
    effect, case_id = check.effect, check.consultation.adopted_case_id
    if case_id is None:
        return
    changes: dict[str, Any] = {"reported_at": clock.now()}
    if effect is not None:
        changes["hours_released"] = effect.hours_released
    mine = CaseReuse.objects.filter(origin_id=current_government_id(), case_id=case_id)
    if check.still != StillSo.LOST:
        mine.filter(result=ReuseResult.ADOPTED).update(result=ReuseResult.WORKED)
    mine.update(**changes)
    received = ReceivedCase.objects.filter(consultation=check.consultation)
    if check.still != StillSo.LOST:
        received.filter(result=ReuseResult.ADOPTED).update(result=ReuseResult.WORKED)
    changes.pop("reported_at")
    received.update(**changes, reported_on=clock.today(), told_at=None)


def _record(actor: Actor, code: str, check: EffectCheck, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=check.id, payload=payload)
