"""The desk at a glance: inflow, age, waiting on whom, load, reuse, effect. Every figure leads to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from kakehashi.desk.domain.dashboard import AGES, MONTHS, SHAREABLE, Figure, Group, last_months, month_after
from kakehashi.desk.domain.states import WAITING_ON, ConsultationState
from kakehashi.desk.models import (
    CaseReuse,
    Consultation,
    EffectCheck,
    PublishedCase,
    ReceivedCase,
    ReturnedResult,
    ReuseResult,
    SharedFigures,
    SolvedCase,
)
from kakehashi.desk.selectors.consultations import OPEN_STATES
from kakehashi.desk.selectors.effect_measures import given_up
from kakehashi.desk.selectors.effects import effect_checks, with_hours
from kakehashi.desk.selectors.measures import measured, resolved
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import get_government
from kakehashi.indicators.hooks import Period, PeriodKind
from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["Rows", "dashboard", "inflow", "municipalities", "rows_of", "shareable_figures"]

HEADERS = ("業務", "状態", "課", "支援担当", "待っている相手", "相談した日", "解決した日")
_CHECKS = ("業務", "課", "何日後", "聞いた人", "聞いた日", "回答した日", "時間/年")
_REUSES = ("事例", "使った団体", "結果", "ひとこと", "生み出した時間（年）", "取り入れた日")
_CASES = ("題名", "範囲", "公開した日")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind one figure: a label, the headings, and for each row the path of its page and its cells."""

    label: str
    headers: Sequence[str]
    lines: Iterable[tuple[str, tuple[Any, ...]]]


def dashboard() -> list[Group]:
    """Return the figures of the open scope as they stand now."""
    return [_age(), _waiting(), _load(), _reuse(), _effect()]


def inflow() -> list[tuple[date, int]]:
    """Return how many consultations were filed in each of the last twelve months."""
    months = last_months(clock.today())
    counted = (
        _filed(months[0], month_after(months[-1]))
        .annotate(month=TruncMonth("filed_at", tzinfo=clock.JST))
        .order_by()
        .values_list("month")
        .annotate(n=Count("id"))
    )
    by_month = {month.date(): n for month, n in counted}
    return [(month, by_month.get(month, 0)) for month in months]


def shareable_figures() -> dict[str, str | None]:
    """Return the sums that may be shown to the prefecture, as text; None where nobody measured."""
    year, now = _year(), _open()
    effect = {figure.key: figure.value for figure in _effect().figures}
    reuse = {figure.key: figure.value for figure in _reuse().figures}
    values: dict[str, object] = {
        "filed": sum(n for _, n in inflow()),
        "open": now.count(),
        "old": now.filter(_older(91)).count(),
        "waiting": now.filter(state__in=[state.value for state in WAITING_ON]).count(),
        "resolved": resolved(year).count(),
        "hours": effect["hours"],
        "discontinued": effect["discontinued"],
        "unanswered": effect["unanswered"],
        "published": reuse["published"],
        "reused": reuse["reused"],
    }
    return {key: None if values[key] is None else str(values[key]) for key in SHAREABLE}


def municipalities() -> list[dict[str, Any]]:
    """Return, for the open scope's prefecture, its municipalities with what each chose to share; what is not shared is absent."""
    mine = current_government_id()
    members = list(Government.objects.filter(is_tenant=True).filter(Q(parent_id=mine) | Q(parent__parent_id=mine)).order_by("code"))  # fmt: skip
    shared = {row.origin_id: row for row in SharedFigures.objects.filter(prefecture_id=mine)}
    ids = [member.id for member in members]
    cases = dict(PublishedCase.objects.filter(origin_id__in=ids).order_by().values_list("origin_id").annotate(n=Count("id")))  # fmt: skip
    uses = dict(
        CaseReuse.objects.filter(origin_id__in=ids)
        .exclude(result=ReuseResult.DID_NOT_FIT)
        .order_by()
        .values_list("origin_id")
        .annotate(n=Count("id"))
    )
    return [
        {
            "government": member,
            "shared": shared.get(member.id),
            "cells": [shared[member.id].figures.get(key) if member.id in shared else None for key in SHAREABLE],
            "cases": cases.get(member.id, 0),
            "uses": uses.get(member.id, 0),
        }
        for member in members
    ]


def rows_of(key: str) -> Rows:
    """Return the rows behind a figure. Raises NotFound for a key that names none."""
    kind, _, part = key.partition(":")
    try:
        return _ROWS[kind](part)
    except (KeyError, ValueError):
        raise NotFound from None


def _age() -> Group:
    rows = _open().aggregate(**{f"age{name}": Count("id", filter=_aged(low, high)) for name, _, low, high in AGES})
    oldest = _open().aggregate(first=Min("filed_at"))["first"]
    note = f"いちばん古いものは{(clock.now() - oldest).days}日前" if oldest else ""
    return Group(
        "対応中の相談の日数",
        tuple(Figure(f"age:{name}", label, rows[f"age{name}"], "件") for name, label, _, _ in AGES),
        note,
    )


def _waiting() -> Group:
    counted = {
        state: (n, since)
        for state, n, since in _open()
        .order_by()
        .values_list("state")
        .annotate(n=Count("id"), since=Min("case__waiting_since"))
    }
    figures = []
    for state, who in WAITING_ON.items():
        n, since = counted.get(state.value, (0, None))
        note = f"最長{(clock.now() - since).days}日" if since else ""
        figures.append(Figure(f"waiting:{state.value}", who, n, "件", note))
    ours = sum(n for state, (n, _) in counted.items() if state not in {each.value for each in WAITING_ON})
    return Group("だれを待っているか", (*figures, Figure("waiting:none", "窓口・支援担当が進めている", ours, "件")))


def _load() -> Group:
    counted = (
        _open()
        .order_by()
        .values_list("supporter_id", "supporter__name")
        .annotate(n=Count("id"), stuck=Count("id", filter=Q(state__in=[state.value for state in WAITING_ON])))
    )
    rows = sorted(counted, key=lambda row: (row[0] is None, -row[2], row[1] or ""))
    total = sum(n for _, _, n, _ in rows)
    most = rows[0] if rows and rows[0][0] is not None else None
    note = ""
    if most is not None and total >= 4 and most[2] * 2 > total and len(rows) > 1:
        note = f"{most[1]}さんに半分より多く集まっています。"
    return Group(
        "支援担当ごとの件数",
        tuple(
            Figure(
                f"load:{person or 'none'}",
                name or "まだ決まっていない",
                n,
                "件",
                f"うち返事待ち{stuck}件" if stuck else "",
            )
            for person, name, n, stuck in rows
        ),
        note,
    )


def _reuse() -> Group:
    mine = current_government_id()
    results = dict(CaseReuse.objects.filter(case_origin_id=mine).order_by().values_list("result").annotate(n=Count("id")))  # fmt: skip
    for result, n in ReturnedResult.objects.order_by().values_list("result").annotate(n=Count("id")):
        results[result] = results.get(result, 0) + n
    adopted = _taken().count() + _taken_from_elsewhere().count()
    published = PublishedCase.objects.filter(origin_id=mine).count()
    used = results.get(ReuseResult.ADOPTED, 0) + results.get(ReuseResult.WORKED, 0)
    return Group(
        "事例の転用",
        (
            Figure("published", "ほかの団体に見せている事例", published, "件"),
            Figure("reused", "うちの事例を使った団体", used, "団体"),
            Figure("worked", "うまくいったという返事", results.get(ReuseResult.WORKED, 0), "団体"),
            Figure("misfit", "当てはまらなかったという返事", results.get(ReuseResult.DID_NOT_FIT, 0), "団体"),
            Figure("adopted", "うちが取り入れた事例", adopted, "件"),
        ),
    )


def _effect() -> Group:
    year = _year()
    hours = measured(year).aggregate(total=Sum("hours"))["total"]
    gone = given_up(year).aggregate(total=Sum("hours"))["total"]
    confirmed = _confirmed().aggregate(total=Sum("hours"))["total"]
    waiting = effect_checks("open").count()
    unknown = resolved(year).count() - measured(year).count()
    return Group(
        "効果（12か月）",
        (
            Figure("hours", "解決で生み出した時間", _tenth(hours), "時間/年", f"測っていない{unknown}件は入れていません" if unknown else ""),
            Figure("discontinued", "うち業務をやめて生み出した時間", _tenth(gone), "時間/年"),
            Figure("confirmed", "90日後に確かめた時間", _tenth(confirmed), "時間/年"),
            Figure("unanswered", "効果の確認の回答待ち", waiting, "件"),
        ),
    )  # fmt: skip


def _tenth(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"))


def _year() -> Period:
    months = last_months(clock.today(), MONTHS)
    return Period(months[0], month_after(months[-1]) - timedelta(days=1), PeriodKind.YEAR)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.JST)


def _open() -> QuerySet[Consultation]:
    rows: QuerySet[Consultation] = Consultation.objects.filter(state__in=OPEN_STATES)
    return rows


def _filed(first: date, until: date) -> QuerySet[Consultation]:
    rows: QuerySet[Consultation] = Consultation.objects.exclude(state=ConsultationState.DRAFT)
    return rows.filter(filed_at__gte=_midnight(first), filed_at__lt=_midnight(until))


def _older(days: int) -> Q:
    return Q(filed_at__lt=_midnight(clock.today() - timedelta(days=days - 1)))


def _aged(low: int, high: int | None) -> Q:
    newest = Q() if low == 0 else _older(low)
    return newest if high is None else newest & ~_older(high + 1)


def _confirmed() -> QuerySet[EffectCheck]:
    year = _year()
    return with_hours(
        effect_checks().filter(after_days=90, answered_at__gte=year.start_at, answered_at__lt=year.end_at)
    )


def _consultations(label: str, rows: QuerySet[Consultation]) -> Rows:
    found = rows.select_related("department", "supporter", "case").order_by("filed_at", "id")[:10_000]
    return Rows(label, HEADERS, [(reverse("desk-staff:consultation", args=[r.id]), (
        r.task, r.state_label, r.department.name if r.department else "", r.supporter.name if r.supporter else "",
        r.case.waiting_on if r.case else "", r.filed_at, r.resolved_at)) for r in found])  # fmt: skip


def _hours_rows(label: str, rows: QuerySet[Any]) -> Rows:
    found = rows.select_related("department").order_by("-resolved_at")[:10_000]
    return Rows(label, ("業務", "課", "解決した日", "時間/年"), [(reverse("desk-staff:consultation", args=[r.id]), (
        r.task, r.department.name if r.department else "", r.resolved_at, r.hours)) for r in found])  # fmt: skip


def _check_rows(label: str, rows: QuerySet[EffectCheck]) -> Rows:
    return Rows(label, _CHECKS, [(reverse("desk-staff:effect", args=[r.id]), (
        r.consultation.task, r.consultation.department.name if r.consultation.department else "", r.after_days,
        r.asked_of.name if r.asked_of else "", r.asked_at, r.answered_at,
        r.effect.hours_released if r.effect else None)) for r in rows.order_by("asked_at")[:10_000]])  # fmt: skip


def _reuse_rows(label: str, rows: QuerySet[CaseReuse], page: str) -> Rows:
    return Rows(label, _REUSES, [(reverse(page, args=[r.case_id]), (
        r.case_title, r.adopter_name, r.get_result_display(), r.note, r.hours_released, r.adopted_at))
        for r in rows.order_by("-adopted_at")[:10_000]])  # fmt: skip


def _use_rows(label: str, rows: QuerySet[CaseReuse], results: Sequence[str]) -> Rows:
    """Uses of our cases, within this installation and elsewhere."""
    here = _reuse_rows(label, rows, "desk-staff:case")
    elsewhere = ReturnedResult.objects.filter(result__in=results).select_related("case").order_by("-reported_on")
    return Rows(label, _REUSES, [*here.lines, *((reverse("desk-staff:case", args=[r.case_id]), (
        r.case.title, r.adopter_name, r.get_result_display(), r.note, r.hours_released, r.reported_on))
        for r in elsewhere[:10_000])])  # fmt: skip


def _taken() -> QuerySet[CaseReuse]:
    """Cases of this installation that we use."""
    return CaseReuse.objects.filter(origin_id=current_government_id()).exclude(result=ReuseResult.DID_NOT_FIT)


def _taken_from_elsewhere() -> QuerySet[ReceivedCase]:
    """Cases that came by file or feed and that we use."""
    rows: QuerySet[ReceivedCase] = ReceivedCase.objects.filter(result__in=[ReuseResult.ADOPTED, ReuseResult.WORKED])
    return rows.order_by("-reported_on")


def _adopted_rows() -> Rows:
    label, mine = "うちが取り入れた事例", get_government(current_government_id()).name
    here = _reuse_rows(label, _taken(), "desk-staff:shared-case")
    elsewhere = [
        (reverse("desk-staff:received-case", args=[r.id]),
         (r.title, mine, r.get_result_display(), r.result_note, r.hours_released, r.reported_on))
        for r in _taken_from_elsewhere()[:10_000]
    ]  # fmt: skip
    return Rows(label, _REUSES, [*here.lines, *elsewhere])


def _of_month(part: str) -> Rows:
    first = date.fromisoformat(f"{part}-01")
    return _consultations(f"{first.year}年{first.month}月に来た相談", _filed(first, month_after(first)))


def _of_age(part: str) -> Rows:
    for name, label, low, high in AGES:
        if name == part:
            return _consultations(f"対応中の相談（{label}）", _open().filter(_aged(low, high)))
    raise KeyError(part)


def _of_waiting(part: str) -> Rows:
    if part == "none":
        return _consultations(
            "窓口・支援担当が進めている相談", _open().exclude(state__in=[state.value for state in WAITING_ON])
        )
    return _consultations(
        f"{WAITING_ON[ConsultationState(part)]}を待っている相談", _open().filter(state=ConsultationState(part).value)
    )


def _of_load(part: str) -> Rows:
    if part == "none":
        return _consultations("支援担当がまだ決まっていない相談", _open().filter(supporter__isnull=True))
    return _consultations("支援している相談", _open().filter(supporter=UUID(part)))


def _ours() -> QuerySet[CaseReuse]:
    return CaseReuse.objects.filter(case_origin_id=current_government_id())


def _published(part: str) -> Rows:
    ids = PublishedCase.objects.filter(origin_id=current_government_id()).values("id")
    rows = SolvedCase.objects.filter(id__in=ids).order_by("-published_at")
    return Rows("ほかの団体に見せている事例", _CASES, [
        (reverse("desk-staff:case", args=[r.id]), (r.title, r.get_scope_display(), r.published_at)) for r in rows[:10_000]
    ])  # fmt: skip


_ROWS: dict[str, Callable[[str], Rows]] = {
    "filed": _of_month,
    "age": _of_age,
    "waiting": _of_waiting,
    "load": _of_load,
    "published": _published,
    "reused": lambda _: _use_rows(
        "うちの事例を使った団体",
        _ours().exclude(result=ReuseResult.DID_NOT_FIT),
        [ReuseResult.ADOPTED, ReuseResult.WORKED],
    ),
    "worked": lambda _: _use_rows(
        "うまくいったという返事", _ours().filter(result=ReuseResult.WORKED), [ReuseResult.WORKED]
    ),
    "misfit": lambda _: _use_rows(
        "当てはまらなかったという返事", _ours().filter(result=ReuseResult.DID_NOT_FIT), [ReuseResult.DID_NOT_FIT]
    ),
    "adopted": lambda _: _adopted_rows(),
    "hours": lambda _: _hours_rows("解決で生み出した時間", measured(_year())),
    "discontinued": lambda _: _hours_rows("業務をやめて生み出した時間", given_up(_year())),
    "confirmed": lambda _: _check_rows("90日後に確かめた時間", _confirmed()),
    "unanswered": lambda _: _check_rows("効果の確認の回答待ち", effect_checks("open")),
}
