"""Forms drawn from the columns of a kept table."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.opendata.domain.columns import ColumnType, DataColumn
from kakehashi.opendata.domain.registry import RegisterTable

_LONG = frozenset({"note", "description", "accessibility", "fee_detail", "how_to_apply", "when_note", "hours_note"})
_TYPES = {
    ColumnType.URL: "url",
    ColumnType.EMAIL: "email",
    ColumnType.DATE: "date",
    ColumnType.TIME: "time",
    ColumnType.PHONE: "tel",
}


class RowForm(forms.Form):
    """One row of a kept table: a field for every column it keeps itself, as text; the service reads it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, register: RegisterTable, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        for column in register.own_columns:
            self.fields[column.key] = _field(column)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by the part of the form they belong to, in the order of the columns."""
        found: dict[str, list[forms.BoundField]] = {}
        for column in self.register.own_columns:
            found.setdefault(column.group or "その他", []).append(self[column.key])
        return list(found.items())

    @property
    def cells(self) -> dict[str, str]:
        """What was typed, as text by the keys of the columns."""
        return {column.key: _text(self.cleaned_data.get(column.key)) for column in self.register.own_columns}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value or "").replace("\r\n", " ").replace("\n", " ").strip()


def _field(column: DataColumn) -> forms.Field:
    shared: dict[str, Any] = {"label": column.header, "required": column.is_required, "help_text": _help(column)}
    if column.type is ColumnType.MARK:
        return forms.BooleanField(**shared | {"required": False})
    if column.vocabulary:
        return forms.ChoiceField(choices=[("", "—"), *((word, word) for word in column.vocabulary)], **shared)
    if column.key in _LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, **shared)
    kind = _TYPES.get(column.type, "text")
    return forms.CharField(widget=forms.TextInput(attrs={"type": kind}), max_length=500, **shared)


def _help(column: DataColumn) -> str:
    unit = f"（{column.unit}）" if column.unit else ""
    return column.help or {
        ColumnType.LATITUDE: "十進の度。例：34.8751",
        ColumnType.LONGITUDE: "十進の度。例：138.3271",
        ColumnType.LG_CODE: "6桁。空欄でもかまいません。",
        ColumnType.PHONE: "例：054-625-0128",
        ColumnType.POSTCODE: "例：425-0041",
        ColumnType.INTEGER: f"数字だけ{unit}",
    }.get(column.type, "")


class UploadForm(forms.Form):
    """A file to import."""

    kind = forms.ChoiceField(label="どの一覧ですか")
    file = forms.FileField(
        label="ファイル",
        help_text="CSV（UTF-8・Shift_JIS）、Excel、JSON、GeoJSON。見出しの行が一つで、1行に1件のもの。",
    )

    def __init__(self, register: RegisterTable, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.label) for kind in register.kinds]
        if len(kinds) == 1:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class MatchForm(forms.Form):
    """Which heading of the file is which of our columns."""

    def __init__(self, register: RegisterTable, headers: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [register.own_code, *(column.key for column in register.own_columns)]
        choices = [("", "（取り込まない）"), *((header, header) for header in headers if header)]
        for column in register.columns:
            if column.key in self.keys:
                self.fields[f"column_{column.key}"] = forms.ChoiceField(
                    label=column.header, choices=choices, required=False
                )
        self.fields["retires_missing"] = forms.BooleanField(
            label="ファイルにない行を廃止する",
            required=False,
            help_text="このファイルが全部の一覧のときだけ選びます。廃止した行は公開されなくなり、あとで戻せます。",
        )

    @property
    def matches(self) -> dict[str, str]:
        """Our key → the file's heading."""
        return {key: self.cleaned_data.get(f"column_{key}", "") for key in self.keys}
