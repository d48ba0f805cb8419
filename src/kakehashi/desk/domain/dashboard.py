"""The figures of the desk's dashboard: what each is called and how its parts are cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MONTHS = 12
"""The dashboard looks back over this many months, the running one included."""
AGES: tuple[tuple[str, str, int, int | None], ...] = (
    ("7", "7日まで", 0, 7),
    ("30", "8日〜30日", 8, 30),
    ("90", "31日〜90日", 31, 90),
    ("over", "91日以上", 91, None),
)
SHAREABLE = {
    "filed": ("12か月に来た相談", "件"),
    "open": ("対応中の相談", "件"),
    "old": ("91日以上たった相談", "件"),
    "waiting": ("返事を待っている相談", "件"),
    "resolved": ("12か月に解決した相談", "件"),
    "hours": ("12か月の解決で生み出した時間", "時間/年"),
    "discontinued": ("うち業務をやめて生み出した時間", "時間/年"),
    "unanswered": ("効果の確認の回答待ち", "件"),
    "published": ("ほかの団体に見せている事例", "件"),
    "reused": ("うちの事例を使った団体", "団体"),
}
"""What a municipality may choose to show to its prefecture: sums only, never a row, a person or a section."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the key of the page that shows its rows; `value` None means nobody measured it."""

    key: str
    label: str
    value: object
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that belong together under a heading."""

    title: str
    figures: tuple[Figure, ...]
    note: str = ""


def last_months(today: date, count: int = MONTHS) -> list[date]:
    """Return the first days of the last months, oldest first, the running one last."""
    number = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - count + 1, number + 1)]


def month_after(first: date) -> date:
    """Return the first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
