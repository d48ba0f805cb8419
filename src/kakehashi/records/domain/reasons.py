"""なぜこの日？: every retention date explained in sentences, each with its clause."""

import datetime as dt
from dataclasses import dataclass

from kakehashi.kernel.wareki import format_wareki
from kakehashi.records.domain.retention import (
    Anchor,
    HoldGround,
    PeriodKind,
    RetentionDates,
    RetentionFacts,
    RetentionRule,
    add_years,
    calculate,
    period_years,
)

ANCHOR_WORDS = {
    Anchor.CREATED: "作成・取得した日",
    Anchor.COMPLETED: "完結した日",
    Anchor.EVENT: "事由が生じた日",
}

HOLD_WORDS = {
    HoldGround.AUDIT: "監査・検査の対象",
    HoldGround.LITIGATION: "係属中の訴訟",
    HoldGround.APPEAL: "審査請求",
    HoldGround.DISCLOSURE: "情報公開請求",
    HoldGround.PERSONAL_INFORMATION: "個人情報の開示等の請求",
    HoldGround.DUTIES: "職務の遂行上の必要",
}


@dataclass(frozen=True)
class Reason:
    """One sentence of an explanation with the clause it rests on (may be empty)."""

    text: str
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why the dates are what they are. The reasons read as one short text, in order."""

    dates: RetentionDates
    start_reasons: tuple[Reason, ...]
    expiry_reasons: tuple[Reason, ...]
    hold_reasons: tuple[Reason, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All sentences in reading order."""
        return self.start_reasons + self.expiry_reasons + self.hold_reasons


def explain(rule: RetentionRule, facts: RetentionFacts) -> Explanation:
    """Calculate and explain. Raises `InvalidRetention` like `calculate`."""
    dates = calculate(rule, facts)
    return Explanation(
        dates=dates,
        start_reasons=_start_reasons(rule, facts, dates),
        expiry_reasons=_expiry_reasons(rule, facts, dates),
        hold_reasons=_hold_reasons(facts, dates),
    )


def _start_reasons(rule: RetentionRule, facts: RetentionFacts, dates: RetentionDates) -> tuple[Reason, ...]:
    if rule.period.kind is PeriodKind.IN_CONTINUOUS_USE:
        return _use_reasons(rule, facts, dates)
    if rule.period.kind is PeriodKind.PERMANENT:
        return (Reason("保存期間は永年で、満了する日はありません。", rule.clause),)
    words = ANCHOR_WORDS[rule.anchor]
    if facts.anchor_on is None or dates.starts_on is None:
        return (
            Reason(
                f"保存期間は{words}を基準に数えます。その日がまだ決まっていないため、"
                "起算日と満了日は未定です（廃棄の対象になりません）。",
                rule.clause,
            ),
        )
    fact = Reason(f"{words}は{format_wareki(facts.anchor_on)}です。")
    start = format_wareki(dates.starts_on)
    if facts.chosen_start_on is not None:
        text = f"起算日は、その日から{rule.start_window_years}年以内で特に定めた{start}です（文書の適切な管理のため）。"
    elif rule.period.kind is PeriodKind.UNDER_ONE_YEAR:
        text = f"保存期間が1年未満のため、その日（{start}）から数えます。"
    else:
        text = f"起算日は、その日の属する年度の翌年度の4月1日で、{start}です。"
    return (fact, Reason(text, rule.clause))


def _use_reasons(rule: RetentionRule, facts: RetentionFacts, dates: RetentionDates) -> tuple[Reason, ...]:
    if facts.left_use_on is None or dates.starts_on is None:
        return (Reason("常用の文書で、使われている間は満了する日がありません。", rule.clause),)
    return (
        Reason(f"{format_wareki(facts.left_use_on)}に常用を終えました。"),
        Reason(
            f"起算日は、常用を終えた日の属する年度の翌年度の4月1日で、{format_wareki(dates.starts_on)}です。",
            rule.clause,
        ),
    )


def _expiry_reasons(rule: RetentionRule, facts: RetentionFacts, dates: RetentionDates) -> tuple[Reason, ...]:
    years = period_years(rule, facts)
    if dates.starts_on is None or dates.base_expires_on is None or years is None:
        return ()
    reasons = [_base_reason(rule.clause, dates.starts_on, dates.base_expires_on, years)]
    if facts.extension_years and dates.extended_expires_on is not None:
        reasons.append(
            Reason(
                f"保存期間を{facts.extension_years}年延長し、通算{years + facts.extension_years}年と"
                f"したため、満了する日は{format_wareki(dates.extended_expires_on)}です。"
            )
        )
    return tuple(reasons)


def _base_reason(clause: str, starts_on: dt.date, expires_on: dt.date, years: int) -> Reason:
    end = format_wareki(expires_on)
    if add_years(starts_on, years) is None:
        return Reason(
            f"保存期間は{years}年で、応当する日がないため月の末日の{end}に満了します。",
            "民法第143条第2項ただし書",
        )
    return Reason(f"保存期間は{years}年で、応当する日の前日の{end}に満了します。", clause)


def _hold_reasons(facts: RetentionFacts, dates: RetentionDates) -> tuple[Reason, ...]:
    reasons = []
    for hold in facts.holds:
        words = HOLD_WORDS[hold.ground]
        if hold.until is None:
            text = f"{words}（{hold.reason}）のため、終わるまで廃棄できません。"
        else:
            text = f"{words}（{hold.reason}）のため、{format_wareki(hold.until)}まで保存します。"
        reasons.append(Reason(text, hold.clause))
    if dates.deciding_hold is not None and dates.expires_on is not None and len(facts.holds) > 1:
        reasons.append(Reason(f"最も遅い日が満了する日になるため、{format_wareki(dates.expires_on)}です。"))
    return tuple(reasons)
