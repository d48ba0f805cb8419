"""選択, 複数選択 and 同意."""

from __future__ import annotations

from typing import Any

from kakehashi.eforms.domain.catalogue.base import (
    REQUIRED_CHOICE,
    Context,
    FieldType,
    Input,
    Raw,
    Setting,
    Wrong,
    int_setting,
    line,
    shape_problem,
)
from kakehashi.eforms.domain.definition import Field, localized
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext

__all__ = ["ChoiceType", "ChoicesType", "ConsentType"]

NOT_AN_OPTION = gettext_noop("一覧の中から選んでください。")
TOO_FEW = gettext_noop("%(limit)dつ以上選んでください。")
TOO_MANY = gettext_noop("%(limit)dつまで選べます。")
MUST_AGREE = gettext_noop("「%(label)s」を確かめて、チェックを入れてください。")
_EMPTY_CHOICE = pgettext("form part", "選んでください")


def _choices(field_: Field, language: str) -> list[tuple[str, str]]:
    return [(option.value, localized(option, "label", language)) for option in field_.options]


def _label_of(field_: Field, value: object, language: str) -> str:
    for option in field_.options:
        if option.value == value:
            return localized(option, "label", language)
    return str(value)


def _one_of(field_: Field) -> dict[str, Any]:
    # An empty enum is no valid schema; a draft without options takes no answer.
    return {"enum": [option.value for option in field_.options]} if field_.options else {"not": {}}


def _option_problems(field_: Field) -> list[str]:
    values = [option.value for option in field_.options]
    found = [] if len(values) >= 1 else ["選択肢がありません。"]
    if len(values) != len(set(values)):
        found.append("同じ選択肢が二つあります。")
    return found


class ChoiceType(FieldType):
    """選択: one of the options, as radio buttons or as a list to open."""

    code = "choice"
    label = "選択（ひとつ）"
    is_group = True
    has_options = True
    takes_free_text = False
    required_message = REQUIRED_CHOICE
    settings = (
        Setting("display", "見せ方", "choice", choices=(("", "ボタンを並べる"), ("select", "一覧を開いて選ぶ"))),
    )

    def parse(self, field_: Field, raw: object, context: Context) -> str | None:
        """The option's value, None when nothing is chosen."""
        chosen = line(raw, 100)
        if not chosen:
            return None
        if all(option.value != chosen for option in field_.options):
            raise Wrong(Problem(NOT_AN_OPTION))
        return chosen

    def schema(self, field_: Field) -> dict[str, Any]:
        """One of the values."""
        return _one_of(field_)

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Radio buttons, or a select."""
        as_list = field_.settings.get("display") == "select"
        choices = _choices(field_, language)
        return [
            Input(
                name=f"{prefix}{field_.key}",
                label=localized(field_, "label", language),
                control="select" if as_list else "radio",
                value=typed if isinstance(typed, str) else "",
                choices=[("", _EMPTY_CHOICE), *choices] if as_list else choices,
                required=field_.required,
            )
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The option's label."""
        return _label_of(field_, value, language)

    def check(self, field_: Field) -> list[str]:
        """Options exist and differ."""
        return _option_problems(field_)


class ChoicesType(FieldType):
    """複数選択: any of the options, kept in the order of the form."""

    code = "choices"
    label = "選択（いくつでも）"
    is_group = True
    has_options = True
    takes_free_text = False
    required_message = REQUIRED_CHOICE
    settings = (Setting("minimum", "最低いくつ", "int"), Setting("maximum", "最高いくつ", "int"))

    def gather(self, field_: Field, raw: Raw, prefix: str = "") -> object:
        """Every box ticked under the field's name."""
        return raw.many(f"{prefix}{field_.key}")

    def parse(self, field_: Field, raw: object, context: Context) -> list[str] | None:
        """The values chosen, None when none is."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list) or len(raw) > 1_000:
            raise shape_problem(field_)
        chosen = {line(value, 100) for value in raw} - {""}
        values = [option.value for option in field_.options if option.value in chosen]
        if len(values) != len(chosen):
            raise Wrong(Problem(NOT_AN_OPTION))
        least, most = int_setting(field_, "minimum"), int_setting(field_, "maximum")
        if values and least and len(values) < least:
            raise Wrong(Problem(TOO_FEW, {"limit": least}))
        if most and len(values) > most:
            raise Wrong(Problem(TOO_MANY, {"limit": most}))
        return values or None

    def schema(self, field_: Field) -> dict[str, Any]:
        """A list of different values."""
        items = _one_of(field_)
        most = int_setting(field_, "maximum") or len(field_.options)
        least = int_setting(field_, "minimum") or 1
        return {"type": "array", "items": items, "uniqueItems": True, "minItems": least, "maxItems": most}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Check boxes."""
        values = [value for value in typed if isinstance(value, str)] if isinstance(typed, list) else []
        return [
            Input(
                name=f"{prefix}{field_.key}",
                label=localized(field_, "label", language),
                control="checkboxes",
                value=values,
                choices=_choices(field_, language),
            )
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The labels, separated."""
        labels = [_label_of(field_, item, language) for item in value]
        return ("、" if language.startswith("ja") else ", ").join(labels)

    def check(self, field_: Field) -> list[str]:
        """Options exist and differ; the limits can be met."""
        least, most = int_setting(field_, "minimum") or 0, int_setting(field_, "maximum") or len(field_.options)
        found = _option_problems(field_)
        if least > most or least > len(field_.options):
            found.append("「最低いくつ」が選択肢の数や「最高いくつ」より大きくなっています。")
        return found


class ConsentType(FieldType):
    """同意: a box to tick; the statement is the label, details stand in ``help``."""

    code = "consent"
    label = "同意"
    takes_free_text = False
    required_message = MUST_AGREE

    def parse(self, field_: Field, raw: object, context: Context) -> bool | None:
        """True when ticked, None when not."""
        if raw is None or raw is False or raw == "":
            return None
        if raw is True or raw in ("on", "yes", "true"):
            return True
        raise shape_problem(field_)

    def schema(self, field_: Field) -> dict[str, Any]:
        """Only a consent that was given is kept."""
        return {"const": True}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """One check box."""
        return [
            Input(
                name=f"{prefix}{field_.key}",
                label=localized(field_, "label", language),
                control="checkbox",
                value=typed is True or typed in ("on", "yes", "true"),
                required=field_.required,
            )
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """同意する."""
        return AGREED


AGREED = gettext_noop("同意する")
