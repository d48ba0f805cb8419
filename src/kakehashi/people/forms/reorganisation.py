"""Forms of the 改組 simulator: the start, the columns of a table, the organisation typed by hand, who follows whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from kakehashi.people.domain.reorganisation import (
    NOBODY,
    Comparison,
    DepartmentFate,
    Plan,
    PlannedDepartment,
    PlannedPost,
    PostFate,
)
from kakehashi.people.domain.reorganisation_table import COLUMNS
from kakehashi.people.forms.staff import day

_NEW_ROWS = 3


def next_april(today: date) -> date:
    """The 4/1 that comes next."""
    return date(today.year + (today >= date(today.year, 4, 1)), 4, 1)


class StartForm(forms.Form):
    """A new plan: from a table, or from today's organisation."""

    title = forms.CharField(label="名前", max_length=100, initial="4月1日の改組")
    effective_on = day("新しい組織の始まる日")
    file = forms.FileField(
        label="新しい組織の表",
        required=False,
        help_text="ExcelかCSV。選ばないと、今の組織から始めて画面で直せます。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )


class ColumnsForm(forms.Form):
    """Which column of the table is which of ours."""

    def __init__(self, *args: Any, headers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "（この列はない）"), *((header, header) for header in dict.fromkeys(headers) if header)]
        for column in COLUMNS:
            self.fields[column.key] = forms.ChoiceField(
                label=column.label, choices=choices, required=column.is_required, help_text=column.help
            )


class PlanForm:
    """The whole organisation as rows of text inputs: departments, then posts; a row without a name is left out.

    No Django form: hundreds of inputs are read by their names (`d3.code`, `p12.rank`).
    """

    def __init__(self, plan: Plan, data: Any = None) -> None:
        self.errors: list[str] = []
        if data is None:
            self.departments = [
                (each.code, each.name, each.symbol, each.parent, "、".join(each.former)) for each in plan.departments
            ]
            self.posts = [(each.department, each.name, str(each.rank), each.is_single) for each in plan.posts]
        else:
            self.departments = [
                tuple(_text(data, f"d{at}.{key}") for key in ("code", "name", "symbol", "parent", "former"))  # type: ignore[misc]
                for at in range(_count(data, "departments"))
            ]
            self.posts = [
                (*(_text(data, f"p{at}.{key}") for key in ("department", "name", "rank")), f"p{at}.single" in data)  # type: ignore[misc]
                for at in range(_count(data, "posts"))
            ]

    @property
    def department_rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Rows to show, with empty ones to add."""
        return list(enumerate([*self.departments, *[("", "", "", "", "")] * _NEW_ROWS]))

    @property
    def post_rows(self) -> list[tuple[int, tuple[Any, ...]]]:
        """Rows to show, with empty ones to add."""
        return list(enumerate([*self.posts, *[("", "", "", True)] * _NEW_ROWS]))

    def read(self) -> tuple[list[PlannedDepartment], list[PlannedPost]]:
        """The rows that have a name; `errors` says what cannot be read."""
        departments = [
            PlannedDepartment(
                code[:20],
                name[:60],
                symbol[:10],
                parent[:20],
                tuple(former.replace(",", "、").split("、")) if former else (),
            )
            for code, name, symbol, parent, former in self.departments
            if code or name
        ]
        posts = []
        for department, name, rank, single in self.posts:
            if not name:
                continue
            if not (rank.isascii() and rank.isdigit() and len(rank) <= 4):
                self.errors.append(f"職「{name}」の順位に数を書いてください。")
                continue
            posts.append(PlannedPost(department[:20], name[:60], int(rank), bool(single)))
        return departments, posts


def _text(data: Any, name: str) -> str:
    return " ".join(str(data.get(name, "")).replace("\x00", "").split())


def _count(data: Any, name: str) -> int:
    text = str(data.get(name, "0"))
    return min(int(text), 5_000) if text.isascii() and text.isdigit() else 0


class ShareForm(forms.Form):
    """Who takes over what was ticked, or what a word names."""

    heir = forms.ChoiceField(label="引継ぎ先")
    words = forms.CharField(
        label="名前に含まれる言葉",
        required=False,
        max_length=60,
        help_text="この言葉を名前か備考に含むものが、当日までに増えたものも、移ります。",
    )

    def __init__(self, *args: Any, found: Comparison, is_department: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {each.code: each.name for each in found.plan.departments}
        departments = [(each.code, f"{each.code} {each.name}") for each in found.plan.departments]
        posts = [(each.key, f"{names.get(each.department, '')}　{each.name}") for each in found.plan.posts]
        field = self.fields["heir"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "選んでください"), *(departments if is_department else posts)]


class HeirsForm(forms.Form):
    """One choice for each department and post that ends; the empty one leaves it to the proposal."""

    def __init__(self, *args: Any, found: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = [(each.code, f"{each.code} {each.name}") for each in found.plan.departments]
        names = {each.code: each.name for each in found.plan.departments}
        posts = [(each.key, f"{names.get(each.department, '')}　{each.name}") for each in found.plan.posts]
        for fate in found.ending:
            self._add(fate, "所属", departments)
        for post in found.ending_posts:
            self._add(post, "職", posts)

    def _add(self, fate: DepartmentFate | PostFate, kind: str, choices: list[tuple[str, str]]) -> None:
        said = dict(choices).get(fate.heir, "引継ぎ先なし")
        self.fields[str(fate.old.id)] = forms.ChoiceField(
            label=f"{fate.old.name}の引継ぎ先の{kind}",
            required=False,
            choices=[("", f"見立てのとおり（{said}）"), *choices, (NOBODY, "引継ぎ先なし")],
        )
