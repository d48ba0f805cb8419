"""The booklet: the plan as a document to print and hand out."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from kakehashi.indicators.domain.figure import number_text
from kakehashi.kernel import clock
from kakehashi.kernel.documents import BookletDocument, Chapter, Item, render_pdf
from kakehashi.kernel.wareki import format_wareki
from kakehashi.plans import selectors
from kakehashi.plans.models import DxPlan, Initiative
from kakehashi.plans.selectors import IndicatorLine, InitiativeLine, PlanTree


def booklet_of(plan: DxPlan, issuer: str) -> HttpResponse:
    """The booklet with the figures of this fiscal year, or of the plan's nearest year."""
    tree = selectors.plan_tree(plan, selectors.plan_year(plan), live=True)
    document = BookletDocument(
        title=plan.title,
        subtitle="　".join(part for part in (plan.years_label, plan.edition) if part),
        issuer_name=issuer,
        issued_on=format_wareki(clock.today()),
        text=plan.summary,
        rows=_front(tree),
        chapters=tuple(_chapters(tree)),
        footer=f"{plan.title}（{format_wareki(clock.today())}の状態）",
    )
    response = HttpResponse(render_pdf(document, made_at=clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(plan.title)}.pdf"
    return response


def _front(tree: PlanTree) -> tuple[tuple[str, str], ...]:
    plan = tree.plan
    rows = [
        ("計画の種類", plan.get_kind_display()),
        ("根拠", plan.legal_basis),
        ("もとにした骨組み", plan.skeleton_label),
    ]
    rows += [("予算の合計", f"{tree.budget_yen:,}円")]
    for one in tree.evaluations:
        said = (
            "まだ判断できません" if one.rate is None else f"{one.rate}％（{one.judged}のうち{one.reached}）{one.grade}"
        )
        rows.append((f"{tree.year_label}の達成率", f"{said}\n{one.policy_text}（段階：{one.scale.label}）"))
    return tuple(row for row in rows if row[1])


def _chapters(tree: PlanTree) -> list[Chapter]:
    found = []
    for policy in tree.policies:
        number = policy.policy.number
        text = "\n".join(part for part in (policy.policy.pillar_word, policy.policy.description) if part)
        items = []
        for program in policy.programs:
            head = f"{number}-{program.program.number} {program.program.title}"
            items.append(Item(heading=head, text=program.program.description))
            items += [_item(one, tree.year_label) for one in program.initiatives]
        found.append(Chapter(heading=f"{number}　{policy.policy.title}", text=text, items=tuple(items)))
    return found


def _item(one: InitiativeLine, year: str) -> Item:
    item = one.initiative
    rows = [
        ("状態", item.state_word),
        ("担当", item.department.name if item.department else ""),
        ("予算", "" if item.budget_yen is None else f"{item.budget_yen:,}円"),
        ("期間", _days(item)),
        ("期間つきの組織", f"{item.unit_name}（{format_wareki(item.sunset_on)}まで）" if item.sunset_on else ""),
        ("理由", item.reason),
        ("次の一手", item.next_move),
    ]
    table = tuple(_cells(line) for line in one.indicators)
    return Item(
        heading="",
        title=item.title,
        text=item.description,
        rows=tuple(row for row in rows if row[1]),
        head=("指標", f"{year}の目標", "実績", "達成率とその決め方") if table else (),
        table=table,
    )


def _days(item: Initiative) -> str:
    if item.starts_on is None and item.ends_on is None:
        return ""
    return "〜".join(format_wareki(day) if day else "" for day in (item.starts_on, item.ends_on))


def _cells(line: IndicatorLine) -> tuple[str, ...]:
    figure = line.reading.figure if line.reading else None
    words = "、".join(f"{result.text}（{format_wareki(result.reached_on)}）" for result in line.results)
    actual = words or "これから" if figure is None else figure.word
    if figure is not None and figure.value is not None:
        actual = f"{number_text(figure.value, line.unit)}{line.unit}"
    target = ""
    if line.target is not None:
        target = (
            line.target.words
            if line.target.value is None
            else f"{number_text(line.target.value, line.unit)}{line.unit}"
        )
    rate = ""
    if line.attainment is not None:
        rate = f"{line.attainment.rate}％\n{line.policy_text}" if line.attainment.rate is not None else line.policy_text
    return (line.label, target, actual, rate)
