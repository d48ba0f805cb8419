"""The review sheet of an initiative, put together from what the rooms know."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kakehashi.indicators.domain.figure import number_text
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.selectors import readings
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.wareki import format_wareki
from kakehashi.plans.domain.attainment import AttainmentPolicy, attainment
from kakehashi.plans.domain.logic import STAGES, Arrow, Stage
from kakehashi.plans.domain.review_sheet import MoneyRow, ReviewSheet, SheetIndicator, YearFigure
from kakehashi.plans.models import (
    DxPlan,
    IndicatorReason,
    IndicatorTarget,
    Initiative,
    InitiativeYear,
    LogicBox,
    LogicModel,
    ReviewLine,
    SheetBasis,
)
from kakehashi.plans.selectors.logic import drawn_model, model_about
from kakehashi.plans.selectors.tree import IndicatorLine, indicator_lines

_MOST_YEARS = 5
_ROLES = {
    Stage.INPUT: "投入の指標",
    Stage.ACTIVITY: "活動指標",
    Stage.OUTPUT: "活動指標",
    Stage.OUTCOME_SHORT: "成果指標（短期）",
    Stage.OUTCOME_MID: "成果指標（中期）",
    Stage.OUTCOME_LONG: "成果指標（長期）",
    Stage.IMPACT: "成果指標（社会への効果）",
}
NO_ROLE = "ロジックモデルの箱に付いていません"


def sheet_years(initiative: Initiative) -> list[int]:
    """The fiscal years an initiative has a sheet for: those of its plan that lie between its days."""
    plan = initiative.program.policy.plan
    first = fiscal_year(initiative.starts_on) if initiative.starts_on else plan.first_year
    last = fiscal_year(initiative.ends_on) if initiative.ends_on else plan.last_year
    years = [year for year in plan.years if first <= year <= last]
    return years or list(plan.years)


def basis_of(initiative: Initiative) -> SheetBasis | None:
    """What was written for the sheet alone, None for nothing yet."""
    return SheetBasis.objects.filter(initiative=initiative).first()


def reasons_of(initiative: Initiative) -> dict[UUID, str]:
    """Why each indicator was chosen, by the indicator's id."""
    return dict(IndicatorReason.objects.filter(indicator__initiative=initiative).values_list("indicator_id", "reason"))


def money_of(initiative: Initiative) -> list[MoneyRow]:
    """Budget and spending of every fiscal year of the initiative."""
    rows = {row.fiscal_year: row for row in InitiativeYear.objects.filter(initiative=initiative)}
    return [
        MoneyRow(year, rows[year].budget_yen if year in rows else None, rows[year].spent_yen if year in rows else None)
        for year in sheet_years(initiative)
    ]


def review_sheet(initiative: Initiative, year: int) -> ReviewSheet:
    """The sheet of an initiative in a fiscal year. The running year's figures are counted now."""
    lines = indicator_lines(initiative, year)
    found = model_about(initiative)
    check, improvement = _judged(initiative, year, found)
    return ReviewSheet(
        title=initiative.title,
        fiscal_year=year,
        rows=_rows(initiative, found),
        money=money_of(initiative),
        indicators=_indicators(initiative, year, lines),
        check=check,
        improvement=improvement,
    )


def _rows(initiative: Initiative, found: LogicModel | None) -> list[tuple[str, str]]:
    plan, basis = initiative.program.policy.plan, basis_of(initiative)
    days = [format_wareki(day) if day else "" for day in (initiative.starts_on, initiative.ends_on)]
    return [
        ("事業名", initiative.title),
        ("担当", initiative.department.name if initiative.department else ""),
        ("計画・施策", f"{plan.title}　{initiative.program.policy.title} › {initiative.program.title}"),
        ("期間", "〜".join(days) if any(days) else ""),
        ("根拠法令", _basis(basis, plan)),
        ("目的", (basis.purpose if basis else "") or _purpose(found)),
        ("概要", initiative.description),
        ("期間の予算", "" if initiative.budget_yen is None else f"{initiative.budget_yen:,}円"),
    ]


def _basis(basis: SheetBasis | None, plan: DxPlan) -> str:
    if basis is not None and basis.legal_basis:
        return basis.legal_basis
    return f"{plan.legal_basis}（計画の根拠）" if plan.legal_basis else ""


def _purpose(found: LogicModel | None) -> str:
    """What the initiative is for, as its logic model says: the furthest boxes to the right."""
    if found is None:
        return ""
    boxes = list(LogicBox.objects.filter(model=found))
    for stage in reversed(STAGES[3:]):
        if texts := [box.text for box in boxes if box.stage == stage]:
            return "、".join(texts) + "（ロジックモデルから）"
    return ""


def _indicators(initiative: Initiative, year: int, lines: Sequence[IndicatorLine]) -> list[SheetIndicator]:
    reasons = reasons_of(initiative)
    boxes = LogicBox.objects.filter(model__initiative=initiative, indicator__isnull=False)
    stages: dict[UUID, Stage] = {box.indicator_id: Stage(box.stage) for box in boxes if box.indicator_id}
    years = [one for one in initiative.program.policy.plan.years if one <= year][-_MOST_YEARS:]
    targets = {
        (row.indicator_id, row.fiscal_year): row
        for row in IndicatorTarget.objects.filter(indicator__initiative=initiative, fiscal_year__in=years)
    }
    made = [
        (stages.get(line.indicator.id), _indicator(line, years, targets, stages, reasons.get(line.indicator.id, "")))
        for line in lines
    ]
    made.sort(key=lambda pair: STAGES.index(pair[0]) if pair[0] else len(STAGES))
    return [one for _, one in made]


def _indicator(
    line: IndicatorLine,
    years: Sequence[int],
    targets: dict[tuple[UUID, int], IndicatorTarget],
    stages: dict[UUID, Stage],
    reason: str,
) -> SheetIndicator:
    indicator = line.indicator
    stage = stages.get(indicator.id)
    baseline = "" if indicator.baseline is None else f"{number_text(indicator.baseline, line.unit)}{line.unit}"
    figures = {}
    if line.described is not None:
        periods = [Period.year(year) for year in years]
        figures = dict(zip(years, (one.figure for one in readings(line.described, periods)), strict=True))
    rows = []
    for year in years:
        target, figure = targets.get((indicator.id, year)), figures.get(year)
        reached = attainment(
            actual=figure.value if figure else None,
            target=target.value if target else None,
            direction=line.described.direction if line.described else "",
            policy=AttainmentPolicy(indicator.attainment_policy),
            baseline=indicator.baseline,
        )
        said = ""
        if target is not None:
            said = target.words if target.value is None else f"{number_text(target.value, line.unit)}{line.unit}"
        actual = _words(line, year) if figure is None else figure.word
        if figure is not None and figure.value is not None:
            actual = f"{number_text(figure.value, line.unit)}{line.unit}"
        rate = "" if reached is None or reached.rate is None else f"{reached.rate}％"
        rows.append(YearFigure(year, said, actual, rate))
    role = _ROLES[stage] if stage else NO_ROLE
    return SheetIndicator(line.label, role, line.unit, baseline, line.policy_text, reason, rows)


def _words(line: IndicatorLine, year: int) -> str:
    """The results in words that were reached in a fiscal year."""
    found = [one.text for one in line.results if fiscal_year(one.reached_on) == year]
    return "、".join(found) or "まだありません"


def _judged(
    initiative: Initiative, year: int, found: LogicModel | None
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """点検・評価 and 改善の方向, from the year's review (else its last quarter's), the last report, and the logic model."""
    lines = ReviewLine.objects.filter(initiative=initiative, review__fiscal_year=year).select_related("review")
    written = sorted(
        (one for one in lines if one.written_at), key=lambda one: (one.review.quarter == 0, one.review.quarter)
    )
    line = written[-1] if written else None
    check = [
        ("評価の結果", f"{line.get_result_display()}（{line.review.label}、{line.written_by}）" if line else ""),
        ("未達の要因", f"{line.cause_word}。{line.cause_text}" if line and line.cause else "なし" if line else ""),
        ("評価のまとめ", line.review.summary if line else ""),
        ("今の状態", "　".join(part for part in (initiative.state_word, initiative.reason) if part)),
        ("根拠の確からしさ", _evidence(found)),
    ]
    moves = [f"{line.move_word}。{line.move_text}"] if line and line.move else []
    if initiative.next_move and initiative.next_move not in "".join(moves):
        moves.append(initiative.next_move)
    return check, [("改善の方向", "\n".join(moves))]


def _evidence(found: LogicModel | None) -> str:
    if found is None:
        return ""
    arrows: Sequence[Arrow] = drawn_model(found, live=False)[0].arrows
    if not arrows:
        return ""
    weak = [one.words for one in arrows if one.is_weak]
    said = f"ロジックモデルの矢印{len(arrows)}本のうち、根拠の弱いもの{len(weak)}本"
    return said + (f"（{'、'.join(weak[:5])}）" if weak else "")
