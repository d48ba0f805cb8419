"""The review sheet (レビューシート, after the state's 行政事業レビュー) of an initiative and a fiscal year, as plain rows.

Everything comes from what the plan, its logic model, its reviews and the measures already know; what nobody wrote is 「未記入」.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.percent import percent

UNWRITTEN = "未記入"


@dataclass(frozen=True)
class MoneyRow:
    """Budget and spending of a fiscal year in yen; None where it was not written."""

    fiscal_year: int
    budget_yen: int | None
    spent_yen: int | None

    @property
    def rate(self) -> Decimal | None:
        """執行率 in per cent, rounded half up; None where it cannot be said."""
        if self.spent_yen is None or not self.budget_yen:
            return None
        return percent(self.spent_yen, self.budget_yen)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """年度, 予算額, 執行額, 執行率 in words."""
        rate = self.rate
        return (
            fiscal_year_label(self.fiscal_year),
            yen(self.budget_yen),
            yen(self.spent_yen),
            "—" if rate is None else f"{rate}％",
        )


@dataclass(frozen=True)
class YearFigure:
    """Target, actual and attainment of an indicator in a fiscal year, in words."""

    fiscal_year: int
    target: str
    actual: str
    rate: str

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """年度, 目標, 実績, 達成率 in words."""
        return (fiscal_year_label(self.fiscal_year), self.target or UNWRITTEN, self.actual, self.rate or "—")


@dataclass(frozen=True)
class SheetIndicator:
    """An indicator: what it is in the logic model (活動指標, 成果指標（短期）…), its years, and why it was chosen."""

    label: str
    role: str
    unit: str
    baseline: str
    policy: str
    reason: str
    years: Sequence[YearFigure]


@dataclass(frozen=True)
class ReviewSheet:
    """The whole sheet. Texts that are empty are unwritten."""

    title: str
    fiscal_year: int
    rows: Sequence[tuple[str, str]]
    money: Sequence[MoneyRow]
    indicators: Sequence[SheetIndicator]
    check: Sequence[tuple[str, str]]
    improvement: Sequence[tuple[str, str]]

    @property
    def year_label(self) -> str:
        """「令和8年度」."""
        return fiscal_year_label(self.fiscal_year)

    @property
    def missing(self) -> list[str]:
        """What is unwritten, by its heading."""
        found = [name for part in (self.rows, self.check, self.improvement) for name, text in part if not text]
        if any(row.budget_yen is None for row in self.money if row.fiscal_year <= self.fiscal_year):
            found.append("予算額")
        if any(row.spent_yen is None for row in self.money if row.fiscal_year < self.fiscal_year):
            found.append("執行額")
        found += [f"成果目標を決めた理由（{one.label}）" for one in self.indicators if not one.reason]
        return found if self.indicators else [*found, "活動指標・成果指標"]


def yen(amount: int | None) -> str:
    """「1,200,000円」, 「未記入」 for None."""
    return UNWRITTEN if amount is None else f"{amount:,}円"
