"""What stands around the consultations of the demo: effects asked again, wishes, a manual, money, a trial, figures for the prefecture."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kakehashi.desk.models import EffectCheck, PulseRound
from kakehashi.desk.selectors.manuals import open_duties
from kakehashi.desk.services import (
    answer_effect,
    answer_pulse,
    answer_wish,
    ask_effects,
    begin_trial,
    choose_figures,
    open_rounds,
    write_manual,
    write_scheme,
    write_wish,
)
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.people.selectors import staff_actor
from kakehashi.search.selectors import prefecture_of
from kakehashi.site.demo.organisation import Body

_WISHES = (
    (
        "wish",
        "会議の資料を紙で配らないでほしい",
        "毎回三度刷り直している。",
        "採り入れます。来月の課長会議から画面で見ます。",
    ),
    ("idea", "窓口の待ち人数を町のページに出す", "電話で「混んでいますか」と聞かれるのが多い。", ""),
)
_EASES = ((2, 1, 2), (3, 2, 4), (4, 4, 5))


def follow_up(body: Body) -> None:
    """Bring what came after the troubles of a body, whose scope must be open."""
    _effects(body)
    _wishes(body)
    _manual(body)
    _funding(body)
    _trial(body)
    if prefecture_of(body.government.id) is not None:
        choose_figures(actor=body.actor("manager"), figures=["filed", "open", "resolved", "hours", "published"])


def _effects(body: Body) -> None:
    ask_effects(actor=system_actor(body.government.id, "効果の確認"))
    for check in EffectCheck.objects.select_related("consultation").order_by("asked_at")[:1]:
        answer_effect(
            actor=body.actor("staff"), check=check, still="same", content=4, note="慣れるまで一か月かかった。"
        )


def _wishes(body: Body) -> None:
    clerk = body.actor("staff")
    for kind, title, words, answer in _WISHES:
        wish = write_wish(actor=clerk, kind=kind, title=title, body=words)
        if answer and wish.manager is not None:
            answer_wish(actor=staff_actor(wish.manager), wish=wish, state="adopted", answer=answer)


def _manual(body: Body) -> None:
    duty = open_duties().first()
    if duty is None:
        return
    asked = duty.consultation
    write_manual(
        actor=body.actor("staff"), task=asked.task, title=f"{asked.task}の手引", body=asked.what_was_done,
        department=asked.department, consultation=asked,
    )  # fmt: skip


def _funding(body: Body) -> None:
    write_scheme(
        actor=body.actor("officer"),
        values={
            "name": "窓口のデジタル化の交付金（見本）", "kind": "grant", "provider": "国（見本）", "rate": "対象経費の2分の1",
            "ceiling": 10_000, "covers": "申請の画面、窓口の端末、職員の研修", "words": "申請、窓口、受付、水道、照会",
            "apply_until": clock.today() + timedelta(days=60), "source": "見本の案内", "checked_on": clock.today(),
        },
    )  # fmt: skip


def _trial(body: Body) -> None:
    people = [body.person(role) for role in ("staff", "officer", "manager")]
    first = clock.today() - timedelta(days=50)
    with clock.frozen(_at(first)):
        trial = begin_trial(
            actor=body.actor("officer"), tool="会議録の文字起こし", aim="清書の時間が半分になるか。半分にならなければやめる。",
            starts_on=first, ends_on=first + timedelta(days=70), every_days=14, members=people,
        )  # fmt: skip
    for number, eases in enumerate(_EASES, start=1):
        with clock.frozen(_at(first + timedelta(days=14 * number))):
            open_rounds(actor=system_actor(body.government.id, "ツールの試行"))
            opened = PulseRound.objects.get(trial=trial, number=number)
            for role, ease in zip(("staff", "officer", "manager"), eases, strict=True):
                answer_pulse(actor=body.actor(role), round_id=opened.id, ease=ease, use=min(5, ease + 1))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 0), tzinfo=clock.JST)
