"""What the prefecture of the demo sees of its municipalities: shared figures, one kind withheld, an invented map, an inquiry on its way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import uuid5

from kakehashi.governments.models import Government
from kakehashi.indicators.services import import_published_tables
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_bounds
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans.domain.inquiries import Item, ItemKind
from kakehashi.plans.domain.sharing import Reach, kind_subject
from kakehashi.plans.models import InquiryTask, MunicipalInquiry
from kakehashi.plans.selectors.inquiries import find_task
from kakehashi.plans.services import (
    answer_call,
    choose_sharing,
    draft_inquiry,
    import_area_map,
    issue_inquiry,
    receive_calls,
    renew_shared_figures,
    save_reply,
)
from kakehashi.site.demo.organisation import body_of

_ITEMS = (
    Item("q1", "オンライン化率（種類）", ItemKind.INDICATOR, unit="%", measure="procedures.online_rate"),
    Item("q2", "オンライン利用率", ItemKind.INDICATOR, unit="%", measure="procedures.usage_rate"),
    Item("q3", "県の研修に参加できる人数", ItemKind.NUMBER, unit="人"),
    Item("q4", "伴走支援を希望しますか", ItemKind.CHOICE, choices=("希望する", "今年は希望しない")),
    Item("q5", "困っていること", ItemKind.TEXT, required=False),
)
# Whose answer is there, with the words of the last three items; who does not show the figures of its desk.
_ANSWERS = {"hibari": ("2", "希望する", "担当が一人しかいません。")}
_WITHHOLDS = "komorebi"


# An invented survey: 実施, 未実施 and 調査無し for the governments in the order of their codes, or shares in per cent.
_SURVEY = "見本の調査（架空）"
_SURVEYED = (
    ("自治体DXの推進体制等", "CIOの任命", ("実施", "実施", "未実施")),
    ("自治体DXの推進体制等", "外部人材活用", ("実施", "未実施", "調査無し")),
    ("自治体DXの推進体制等", "職員育成の取組", ("実施", "未実施", "実施")),
    ("自治体業務のDX", "AIの導入状況", ("実施", "未実施", "未実施")),
    ("自治体業務のDX", "RPAの導入状況", ("実施", "未実施", "未実施")),
    ("自治体業務のDX", "テレワークの導入状況", ("実施", "実施", "未実施")),
    ("住民サービスのDX", "マイナンバーカードの保有状況", ("78%", "74%", "81%")),
    ("住民サービスのDX", "よく使う32手続のオンライン化状況", ("64%", "38%", "%")),
)


def show_to_prefecture(prefecture: Government, municipalities: Sequence[Government]) -> None:
    """Share, survey, draw and ask; outside every scope. What is there already stays."""
    _survey(municipalities)
    for one in municipalities:
        with tenant_scope(one.id):
            choices = {kind_subject("procedures"): Reach.TOWNS}
            if one.slug == _WITHHOLDS:
                choices[kind_subject("desk")] = Reach.NONE
            choose_sharing(actor=body_of(one).actor("officer"), choices=choices)
            renew_shared_figures()
    with tenant_scope(prefecture.id):
        if MunicipalInquiry.objects.exists():
            return
        actor = system_actor(prefecture.id, "見本の準備")
        import_area_map(
            actor=actor, name="見本の地図.topojson", content=invented_map([one.code for one in municipalities])
        )
        officer = body_of(prefecture).actor("officer")
        inquiry = draft_inquiry(
            actor=officer, title="【見本】オンライン申請の進み具合と支援の希望", due_on=add_business_days(clock.today(), 7), items=_ITEMS,
            idempotency_key=uuid5(prefecture.id, "demo inquiry"),
            details={"body": "数字は各団体の画面に入っています。確かめて、残りだけ書いてください。", "contact": "デジタル推進課"},
        )  # fmt: skip
        issue_inquiry(actor=officer, inquiry=inquiry)
    for one in municipalities:
        with tenant_scope(one.id):
            receive_calls(government_id=one.id)
            if one.slug in _ANSWERS:
                _answer(one)


def _survey(municipalities: Sequence[Government]) -> None:
    """An invented survey about the demo's municipalities, so that 「私たちの位置」 has something to compare."""
    width = len(municipalities)
    lines = [["", "", *(one.name for one in municipalities)]]
    lines += [[area, label, *answers[:width]] for area, label, answers in _SURVEYED]
    content = "\n".join(",".join(line) for line in lines).encode()
    import_published_tables(
        files=[(f"{_SURVEY}.csv", content)], edition=_SURVEY, source="実在しない見本の調査です。",
        as_of=fiscal_year_bounds(fiscal_year(clock.today()))[0], among=municipalities,
    )  # fmt: skip


def _answer(government: Government) -> None:
    officer = body_of(government).actor("officer")
    task, call = find_task(InquiryTask.objects.get().id)
    filled = {row["key"]: row["value"] or "not_surveyed" for row in task.values["answers"]}
    given = filled | dict(zip(("q3", "q4", "q5"), _ANSWERS[government.slug or ""], strict=True))
    if not save_reply(actor=officer, task=task, call=call, given=given, reasons={}).problems:
        answer_call(actor=officer, task=task, call=call)


def invented_map(codes: Sequence[str]) -> bytes:
    """Invented shapes side by side, for governments that are on no map."""
    arcs, geometries = [], []
    for place, code in enumerate(codes):
        left, low = place % 2 * 40, place // 2 * 30
        ring = [[left, low], [40, 6], [-4, 24], [-30, 2], [-10, -18], [4, -14]]
        arcs.append(ring)
        geometries.append({"type": "Polygon", "arcs": [[place]], "properties": {"lg_code": code}})
    transform = {"scale": [0.01, 0.01], "translate": [140, 36]}
    objects = {"areas": {"type": "GeometryCollection", "geometries": geometries}}
    return json.dumps({"type": "Topology", "transform": transform, "arcs": arcs, "objects": objects}).encode()
