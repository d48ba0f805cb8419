"""要望・アイデア: write, read, answer, pass up, 「わたしも」, turn into a consultation, remind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid5

from django.urls import reverse

from kakehashi.desk.models import ANSWERS, OPEN_WISHES, Consultation, Wish, WishCircle, WishKind, WishState, WishSupport
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.wishes import is_turn_of, next_manager
from kakehashi.desk.services.consultations import file_consultation
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import acting_staff

__all__ = [
    "answer_wish",
    "consult_about_wish",
    "pass_wish_up",
    "remind_of_wishes",
    "see_wish",
    "support_wish",
    "write_wish",
]

SUBJECT, NOTICE = "desk.wish", "desk.wish"
REMIND_AFTER = timedelta(days=14)


@service
def write_wish(*, actor: Actor, kind: str, title: str, body: str = "", circle: str = WishCircle.GOVERNMENT) -> Wish:
    """Bring a wish or an idea to the nearest superior who is there, and tell them; the same words within a minute are one wish.

    Without a superior (the head of the body) it waits for nobody in particular. Raises DomainError without a title.
    """
    require(actor, DeskPermission.WISH)
    if kind not in WishKind.values or circle not in WishCircle.values:
        raise DomainError("種類と、読める人を選んでください。", code="required")
    if not title.strip():
        raise DomainError("ひとことで書いてください。", field="title", code="required")
    person = acting_staff(actor)
    since = clock.now() - timedelta(minutes=1)
    twin: Wish | None = Wish.objects.filter(
        written_by=person, title=title.strip()[:100], body=body.strip(), created_at__gte=since
    ).first()
    if twin is not None:
        return twin
    turn = next_manager(getattr(actor, "post_id", None), but=person.id)
    wish: Wish = Wish.objects.create(
        kind=kind, title=title.strip()[:100], body=body.strip(), circle=circle, written_by=person,
        department_id=getattr(actor, "department_id", None),
        manager=turn[0] if turn else None, manager_post=turn[1] if turn else None,
    )  # fmt: skip
    _record(actor, "desk.wish.written", wish, {"kind": kind, "manager": turn[0].name if turn else ""})
    if turn:
        _send(actor, wish, turn[0], f"{wish.get_kind_display()}が届きました：{wish.title}", "written")
    return wish


@service
def see_wish(*, actor: Actor, wish: Wish) -> Wish:
    """Say that the manager has read it: the writer sees that it has arrived. Raises DomainError for another's turn."""
    _require_turn(actor, wish)
    if Wish.objects.filter(id=wish.id, state=WishState.NEW).update(state=WishState.SEEN):
        wish.state = WishState.SEEN
        _record(actor, "desk.wish.seen", wish, {})
    return wish


@service
def answer_wish(*, actor: Actor, wish: Wish, state: str, answer: str) -> Wish:
    """Answer: taken up, later, or not now; always with a word why, which the writer and everybody who reads the wish sees.

    Raises DomainError without an answer or for another's turn, Stale when it was answered meanwhile.
    """
    _require_turn(actor, wish)
    if state not in ANSWERS:
        raise DomainError("どうするかを選んでください。", field="state", code="required")
    if not answer.strip():
        raise DomainError("理由や、次にすることを一言書いてください。", field="answer", code="required")
    _close(wish, state, answer=answer.strip(), answered_by=actor.label[:200], answered_at=clock.now())
    _record(actor, "desk.wish.answered", wish, {"answer": state})
    words = f"「{wish.title}」に返事がありました：{wish.get_state_display()}"
    _send(actor, wish, wish.written_by, words, "answered", wish.answer)
    return wish


@service
def pass_wish_up(*, actor: Actor, wish: Wish, reason: str) -> Wish:
    """Pass a wish on to the next superior, with a word why; the writer sees whose turn it is.

    Raises DomainError without a reason, where nobody is above, or for another's turn.
    """
    _require_turn(actor, wish)
    if not reason.strip():
        raise DomainError("上に上げる理由を一言書いてください。", field="reason", code="required")
    turn = next_manager(wish.manager_post_id, but=wish.manager_id)
    if turn is None:
        raise DomainError("これより上の人がいません。返事をするか、相談にしてください。", code="no_superior")
    changed = Wish.objects.filter(id=wish.id, manager=wish.manager_id, state__in=OPEN_WISHES).update(
        manager=turn[0], manager_post=turn[1], due_since=clock.now(), reminded_at=None, state=WishState.NEW
    )
    if not changed:
        raise Stale
    wish.manager, wish.manager_post, wish.state = turn[0], turn[1], WishState.NEW
    _record(actor, "desk.wish.passed", wish, {"manager": turn[0].name, "reason": reason.strip()[:300]})
    words = f"{wish.get_kind_display()}が上がってきました：{wish.title}"
    _send(actor, wish, turn[0], words, f"passed:{turn[1].id}", reason.strip())
    return wish


@service
def support_wish(*, actor: Actor, wish: Wish, is_on: bool) -> None:
    """「わたしも」, or take it back. One's own wish cannot be supported. No official act: no event."""
    require(actor, DeskPermission.WISH)
    person = acting_staff(actor)
    if wish.written_by_id == person.id:
        raise DomainError("自分の要望には付けられません。", code="own")
    if is_on:
        WishSupport.objects.get_or_create(wish=wish, person=person)
    else:
        WishSupport.objects.filter(wish=wish, person=person).delete()


@service
def consult_about_wish(*, actor: Actor, wish: Wish) -> Consultation:
    """Make a consultation of a wish, filed by whoever presses: its writer or the manager. Twice is once.

    Raises DomainError for anybody else, or where the wish was answered already.
    """
    require(actor, DeskPermission.FILE)
    locked: Wish = Wish.objects.select_for_update().get(id=wish.id)
    if locked.consultation_id is not None:
        made: Consultation = Consultation.objects.get(id=locked.consultation_id)
        return made
    if wish.written_by_id != actor.id and not is_turn_of(actor, wish):
        raise DomainError("書いた人か、返事をする上司が、相談にできます。", code="not_yours")
    if locked.state == WishState.NOT_NOW:
        raise DomainError("見送った要望です。新しい相談として書いてください。", code="wrong_state")
    answers = {"task": wish.title[:100], "problem": wish.body or wish.title, "manager_knows": is_turn_of(actor, wish)}
    consultation = file_consultation(actor=actor, consultation_id=uuid7(), answers=answers)
    Wish.objects.filter(id=wish.id).update(state=WishState.CONSULTATION, consultation=consultation)
    wish.state, wish.consultation = WishState.CONSULTATION, consultation
    _record(actor, "desk.wish.consulted", wish, {"consultation": str(consultation.id)})
    if wish.written_by_id != actor.id:
        _send(actor, wish, wish.written_by, f"「{wish.title}」は、相談窓口への相談になりました", "consulted")
    return consultation


@service
def remind_of_wishes(*, actor: Actor) -> int:
    """Remind managers of what has waited for them for two weeks, once for each manager; return how many. Run by the worker."""
    since, count = clock.now() - REMIND_AFTER, 0
    late = Wish.objects.filter(
        state__in=OPEN_WISHES, due_since__lte=since, reminded_at__isnull=True, manager__isnull=False
    ).select_related("manager")
    for wish in late[:200]:
        Wish.objects.filter(id=wish.id).update(reminded_at=clock.now())
        _send(actor, wish, wish.manager, f"返事を待っています（2週間）：{wish.title}", f"late:{wish.manager_id}")
        count += 1
    return count


def _require_turn(actor: Actor, wish: Wish) -> None:
    require(actor, DeskPermission.WISH_ANSWER)
    if not wish.is_open:
        raise Stale("もう返事があります。")
    # Where nobody is above the writer, whoever may answer at all answers.
    if wish.manager_id is not None and not is_turn_of(actor, wish):
        raise DomainError(f"いまは{wish.manager.name if wish.manager else ''}さんの番です。", code="not_yours")


def _close(wish: Wish, state: str, **changes: Any) -> None:
    if not Wish.objects.filter(id=wish.id, state__in=OPEN_WISHES).update(state=state, **changes):
        raise Stale("もう返事があります。")
    for name, value in {"state": state, **changes}.items():
        setattr(wish, name, value)


def _send(actor: Actor, wish: Wish, person: Person | None, subject: str, turn: str, words: str = "") -> None:
    if person is None:
        return
    send_notice(
        actor=actor,
        kind=NOTICE,
        to=Recipient(person_id=person.id, name=person.name),
        subject=subject,
        body_text=words or wish.body or wish.title,
        url=reverse("desk-staff:wish", args=[wish.id]),
        idempotency_key=uuid5(wish.id, turn),
    )


def _record(actor: Actor, code: str, wish: Wish, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=wish.id, payload=payload)
