"""The columns of a table, as inputs in the properties of its question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django import forms

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import LANGUAGES, Field, Option
from kakehashi.eforms.domain.edits import options_from_lines
from kakehashi.eforms.forms.properties import PropertiesForm, text_input

SPARE_COLUMNS = 2
COLUMN_TYPES = [
    (code, CATALOGUE[code].label)
    for code in ("text", "name", "number", "money", "choice", "date", "birth_date", "phone", "email")
]


class ColumnInputs(PropertiesForm):
    """Inputs for every column and two more; an empty name leaves a column out."""

    def add_columns(self, item: Field) -> None:
        names = []
        for at in range(len(item.columns) + SPARE_COLUMNS):
            column = item.columns[at] if at < len(item.columns) else None
            self.fields[f"c_{at}_label"] = text_input(
                f"列{at + 1}の名前", help_text="" if column else "使わないときは空けておきます。"
            )
            self.fields[f"c_{at}_label"].initial = column.label if column else ""
            self.fields[f"c_{at}_type"] = forms.ChoiceField(
                label=f"列{at + 1}の種類",
                choices=COLUMN_TYPES,
                required=False,
                initial=column.type if column else "text",
            )
            self.fields[f"c_{at}_required"] = forms.BooleanField(
                label=f"列{at + 1}を必須にする", required=False, initial=bool(column and column.required)
            )
            self.fields[f"c_{at}_options"] = text_input(
                f"列{at + 1}の選択肢",
                help_text="種類が「選択（ひとつ）」のとき、1行にひとつ書きます。",
                limit=4_000,
                lines=2,
            )
            self.fields[f"c_{at}_options"].initial = (
                "\n".join(option.label for option in column.options if column) if column else ""
            )
            names += [f"c_{at}_label", f"c_{at}_type", f"c_{at}_required", f"c_{at}_options"]
        self.groups.append(("表の列", names, True))

    def add_column_translations(self, language: str, name: str) -> list[str]:
        assert isinstance(self.item, Field)  # For the type checker: only questions have columns
        field = f"t_{language}_columns"
        self.fields[field] = text_input(
            f"列の名前（{name}）", help_text="日本語と同じ順に、1行にひとつ書きます。", limit=4_000, lines=4
        )
        lines = [column.translations.get(language, {}).get("label", "") for column in self.item.columns]
        self.fields[field].initial = "\n".join(lines)
        names = [field]
        for at, column in enumerate(self.item.columns):
            if not column.options:
                continue
            key = f"t_{language}_c_{at}_options"
            self.fields[key] = text_input(f"「{column.label}」の選択肢（{name}）", limit=4_000, lines=3)
            said = [option.translations.get(language, {}).get("label", "") for option in column.options]
            self.fields[key].initial = "\n".join(said)
            names.append(key)
        return names

    def columns(self, item: Field) -> Iterator[Field]:
        taken = {column.key for column in item.columns}
        for at in range(len(item.columns) + SPARE_COLUMNS):
            label = self.cleaned_data.get(f"c_{at}_label", "")
            if not label:
                continue
            old = item.columns[at] if at < len(item.columns) else None
            key = old.key if old else next(f"col_{n}" for n in range(1, 100) if f"col_{n}" not in taken)
            taken.add(key)
            kind = self.cleaned_data.get(f"c_{at}_type") or "text"
            yield Field(
                key,
                kind,
                label,
                required=bool(self.cleaned_data.get(f"c_{at}_required")),
                options=self._column_options(at, old) if CATALOGUE[kind].has_options else (),
                settings=old.settings if old and old.type == kind else {},
                translations=self._column_translations(at, old),
            )

    def _column_options(self, at: int, old: Field | None) -> tuple[Option, ...]:
        before = old.options if old else ()
        options = options_from_lines(self.cleaned_data.get(f"c_{at}_options", ""), before)
        place = {option.value: index for index, option in enumerate(before)}
        lines = {
            language: self.cleaned_data.get(f"t_{language}_c_{at}_options", "").split("\n") for language in LANGUAGES
        }
        return tuple(translated(option, place.get(option.value), lines) for option in options)

    def _column_translations(self, at: int, old: Field | None) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for language in LANGUAGES if old else ():
            lines = self.cleaned_data.get(f"t_{language}_columns", "").split("\n")
            if at < len(lines) and lines[at].strip():
                found[language] = {"label": lines[at].strip()[:300]}
        return found


def translated(option: Option, place: int | None, lines: Mapping[str, list[str]]) -> Option:
    """The option with its words in the other languages, taken from the line of its old place."""
    if place is None:
        return option
    texts = {language: of[place].strip() if place < len(of) else "" for language, of in lines.items()}
    return Option(option.value, option.label, {language: {"label": text} for language, text in texts.items() if text})
