"""Days, times and people as the forms of this room ask for them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.wareki import WarekiError, parse_wareki
from kakehashi.people.models import Department, Person, Post, PostHolding
from kakehashi.people.selectors import valid_on


class DayField(forms.CharField):
    """A day, from the browser's calendar or as people write it (令和8年12月1日, R8.12.1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40, widget=forms.TextInput(attrs={"type": "date", "data-width": "medium"}), **kwargs
        )

    def clean(self, value: Any) -> Any:
        """The day, None for an empty field that need not be filled. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_wareki(text)
        except WarekiError as problem:
            raise forms.ValidationError(str(problem)) from problem


class ClockField(forms.TimeField):
    """A time of day in Japan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "data-width": "short"}), **kwargs
        )


def moment(day: date, hour: time) -> datetime:
    """The instant of a day and a time in Japan."""
    return datetime.combine(day, hour, tzinfo=clock.JST)


def staff_choices(*, department: Department | None = None) -> Any:
    """Members of staff who are here today, of one section if one is given, higher posts first."""
    today = clock.today()
    rows = Person.objects.filter(is_active=True, holdings__in=_holdings(today, department))
    return rows.order_by("holdings__post__rank", "kana", "name").distinct()


def _holdings(today: date, department: Department | None) -> Any:
    rows = PostHolding.objects.filter(valid_on(today))
    rows = rows.filter(is_primary=True) if department is None else rows.filter(post__department=department)
    return rows.values("id")


if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Person]
else:
    _ModelChoiceField = forms.ModelChoiceField


class PersonField(_ModelChoiceField):
    """A member of staff, by post and name."""

    def label_from_instance(self, obj: Any) -> str:
        """「総務課長 佐藤 一郎」."""
        return f"{self.titles().get(obj.id, '')} {obj.name}".strip()

    def titles(self) -> dict[Any, str]:
        """The primary post of everybody, asked for once."""
        if not hasattr(self, "_titles"):
            rows = PostHolding.objects.filter(valid_on(clock.today()), is_primary=True).order_by("valid_from")
            self._titles = dict(rows.values_list("person_id", "post__name"))
        return self._titles


def post_choices() -> Any:
    """Posts that exist today, higher ones first; the many posts of ordinary staff last."""
    return (
        Post.objects.filter(valid_on(clock.today()))
        .select_related("department")
        .order_by("rank", "department__order", "name")
    )


def department_choices() -> Any:
    """Departments that exist today."""
    return Department.objects.filter(valid_on(clock.today())).order_by("order", "code")
