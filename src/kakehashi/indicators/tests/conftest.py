"""Measures over rows that every town has: departments and their posts."""

import pytest

from kakehashi.indicators import hooks
from kakehashi.indicators.hooks import Column, Direction, Measure, Statistic
from kakehashi.indicators.selectors import measures as measures_selectors
from kakehashi.kernel.registry import Registry
from kakehashi.people.models import Department, Post


def posts(period):
    return Post.objects.filter(valid_from__lte=period.last)


def managers(period):
    return posts(period).filter(rank__lte=40)


@pytest.fixture
def measures(monkeypatch):
    """A registry of its own: a count, a share, a median; owned by the room «people», which is always on."""
    registry = Registry("test.measures")
    for module in (hooks, measures_selectors):
        monkeypatch.setattr(module, "MEASURES", registry)
    columns = (Column("職", lambda row: row.name), ("順位", lambda row: row.rank))
    common = {"version": 1, "row_columns": columns, "row_url": lambda row: f"/x/{row.id}"}
    registry.register(
        "people.posts",
        Measure(code="people.posts", label="職の数", unit="件", direction="neutral", formula_text="職の数",
                numerator=posts, department_path="department", **common),
    )  # fmt: skip
    registry.register(
        "people.manager_share",
        Measure(code="people.manager_share", label="管理職の割合", unit="%", direction=Direction.UP,
                formula_text="管理職の職 ÷ すべての職", numerator=managers, denominator=posts,
                department_path="department", numerator_label="管理職", denominator_label="すべての職", **common),
    )  # fmt: skip
    registry.register(
        "people.rank",
        Measure(code="people.rank", label="順位の中央値", unit="位", direction=Direction.DOWN,
                formula_text="職の順位の中央値", numerator=posts, statistic=Statistic.MEDIAN, value="rank",
                department_path="department", **common),
    )  # fmt: skip
    registry.register(
        "people.stock",
        Measure(code="people.stock", label="今の課の数", unit="件", direction=Direction.NEUTRAL, formula_text="課の数",
                numerator=lambda period: Department.objects.all(), is_stock=True, version=1),
    )  # fmt: skip
    return registry
