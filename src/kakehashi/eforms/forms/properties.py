"""The properties of a page, a question or a table column, as Django forms made from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kakehashi.eforms.domain.catalogue import CATALOGUE, Setting, TableType, type_of
from kakehashi.eforms.domain.condition_choices import (
    KEEP,
    ChosenConditions,
    compares,
    condition_of,
    sentences,
    taken_apart,
)
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import LANGUAGES, DefinitionError, Field, FormDefinition, Option, Step
from kakehashi.eforms.domain.edits import amounts_from_lines, options_from_lines
from kakehashi.eforms.domain.whole_form import ScreeningQuestion
from kakehashi.eforms.forms.formula import FormulaInputs

CONDITION_ROWS = 3
SPARE_COLUMNS = 2
COLUMN_TYPES = [
    (code, CATALOGUE[code].label)
    for code in ("text", "name", "number", "money", "choice", "date", "birth_date", "phone", "email")
]


def _text(label: str, *, help_text: str = "", limit: int = 300, lines: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    return forms.CharField(
        label=label, required=False, max_length=limit, strip=True, help_text=help_text, widget=widget
    )


class PropertiesForm(forms.Form):
    """What pages and questions share: texts, translations, the condition under which they are shown."""

    texts: Mapping[str, str] = {}

    def __init__(self, definition: FormDefinition, item: Step | Field | ScreeningQuestion, data: Any = None) -> None:
        super().__init__(data, prefix=None, auto_id="prop_%s")
        self.definition, self.item = definition, item
        self.offered = [] if isinstance(item, ScreeningQuestion) else sentences(definition, item.key)
        self.groups: list[tuple[str, list[str], bool]] = []

    def add_condition(self) -> None:
        """「…のときだけ表示する」 as lists of sentences."""
        assert not isinstance(self.item, ScreeningQuestion)  # For the type checker: those are always shown
        if not self.offered and self.item.condition is None:
            return
        now = taken_apart(self.item.condition, self.offered)
        rows = max(CONDITION_ROWS, len(now.chosen)) if now.chosen else 1
        kept = [(KEEP, "いまの条件のまま")] if now.chosen == (KEEP,) else []
        names = [f"condition_{row}" for row in range(min(rows, 20))]
        has_numbers = any(compares(code) for code, _ in self.offered)
        for row, name in enumerate(names):
            empty = "いつも表示する" if row == 0 else "（もうひとつ足す）"
            choices = [("", empty), *kept, *self.offered] if row == 0 else [("", empty), *self.offered]
            initial = now.chosen[row] if row < len(now.chosen) else ""
            label = "表示するとき" if row == 0 else f"条件{row + 1}"
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)
            if has_numbers:
                self.fields[f"number_{row}"] = forms.IntegerField(
                    label="…の数" if row == 0 else f"条件{row + 1}の…の数",
                    required=False,
                    initial=now.numbers[row] if row < len(now.numbers) else None,
                    min_value=-(10**12),
                    max_value=10**12,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"}),
                )
        if rows > 1:
            joints = [("all", "すべてに当てはまるとき"), ("any", "どれかひとつに当てはまるとき")]
            self.fields["joint"] = forms.ChoiceField(
                label="つなぎ方", choices=joints, required=False, initial=now.joint
            )
            names.append("joint")
        if has_numbers:
            names = [
                one for name in names for one in (name, name.replace("condition_", "number_")) if one in self.fields
            ]
            names = list(dict.fromkeys(names))
        self.fields["negated"] = forms.BooleanField(
            label="上の条件に当てはまらないときに表示する", required=False, initial=now.is_negated
        )
        self.groups.append(("表示する条件", [*names, "negated"], bool(now.chosen)))

    def add_translations(self) -> None:
        """The texts in the other languages, one group a language, open while something is missing."""
        for language, name in LANGUAGES.items():
            own = self.item.translations.get(language, {})
            names = []
            for attribute, label in self.texts.items():
                field = f"t_{language}_{attribute}"
                lines = 0 if attribute in ("label", "title") else 3
                self.fields[field] = _text(f"{label}（{name}）", limit=4_000 if lines else 300, lines=lines)
                self.fields[field].initial = own.get(attribute, "")
                names.append(field)
            names += self.add_option_translations(language, name)
            lacking = any(getattr(self.item, attribute) and not own.get(attribute) for attribute in self.texts)
            self.groups.append((f"{name}{'（まだありません）' if lacking else ''}", names, False))

    def add_option_translations(self, language: str, name: str) -> list[str]:
        """Nothing for a page."""
        return []

    def clean(self) -> dict[str, Any]:
        """A sentence that compares has its number."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [one for one in self.fields if one.startswith("condition_")]:
            number = name.replace("condition_", "number_")
            if compares(cleaned.get(name) or "") and cleaned.get(number) is None and number not in self.errors:
                self.add_error(number, "「…」に入る数を入力してください。")
        return cleaned

    def sections(self) -> Iterator[tuple[str, list[BoundField], bool]]:
        """The groups of inputs after the first, each with its heading and whether it stands open."""
        for heading, names, is_open in self.groups:
            wrong = any(name in self.errors for name in names) if self.is_bound else False
            yield heading, [self[name] for name in names], is_open or wrong

    def basics(self) -> list[BoundField]:
        """The inputs that stand outside any group."""
        grouped = {name for _, names, _ in self.groups for name in names}
        return [self[name] for name in self.fields if name not in grouped]

    def translations(self) -> dict[str, dict[str, str]]:
        """The other languages' texts as they were typed."""
        return {
            language: {attribute: self.cleaned_data.get(f"t_{language}_{attribute}", "") for attribute in self.texts}
            for language in LANGUAGES
        }

    def condition(self) -> Condition | None:
        """The condition that was chosen."""
        assert not isinstance(self.item, ScreeningQuestion)  # For the type checker: those are always shown
        if "condition_0" not in self.fields:
            return self.item.condition
        rows = [name for name in self.fields if name.startswith("condition_")]
        chosen = tuple(self.cleaned_data.get(name, "") for name in rows)
        if KEEP in chosen:
            return self.item.condition
        numbers = tuple(self.cleaned_data.get(name.replace("condition_", "number_")) for name in rows)
        joint, negated = self.cleaned_data.get("joint") or "all", bool(self.cleaned_data.get("negated"))
        return condition_of(ChosenConditions(chosen, joint, negated, numbers), self.definition, self.item.key)


class StepForm(PropertiesForm):
    """The properties of a page."""

    texts = {"title": "ページの名前", "intro": "はじめの説明"}

    def __init__(self, definition: FormDefinition, item: Step, data: Any = None) -> None:
        super().__init__(definition, item, data)
        self.fields["title"] = forms.CharField(label="ページの名前", max_length=100, initial=item.title)
        self.fields["intro"] = _text("はじめの説明", limit=4_000, lines=3)
        self.fields["intro"].initial = item.intro
        self.add_condition()
        self.add_translations()

    def changes(self) -> dict[str, Any]:
        """What to change in the page."""
        return {
            "title": self.cleaned_data["title"],
            "intro": self.cleaned_data["intro"],
            "condition": self.condition(),
            "translations": self.translations(),
        }


class FieldForm(PropertiesForm):
    """The properties of a question, with the settings of its type."""

    texts = {"label": "質問の文", "help": "説明"}

    def __init__(self, definition: FormDefinition, item: Field, data: Any = None) -> None:
        super().__init__(definition, item, data)
        self.type = type_of(item)
        is_asked = self.type.keeps_answer
        self.fields["label"] = forms.CharField(
            label="質問の文" if is_asked else "見出し", max_length=300, required=is_asked, initial=item.label
        )
        self.fields["help"] = _text("説明" if is_asked else "本文", limit=4_000, lines=3)
        self.fields["help"].initial = item.help
        if is_asked:
            if item.type != "calc":
                self.fields["required"] = forms.BooleanField(
                    label="必ず答えてもらう", required=False, initial=item.required
                )
            self._add_urged(item)
            self.fields["protected"] = forms.BooleanField(
                label="特に保護する（要配慮個人情報など）",
                required=False,
                initial=item.protected,
                help_text="答えと添付を暗号化し、権限のある職員が理由を書いて開いたときだけ見せます。検索や書き出しには出ません。",
            )
        if self.type.has_options:
            self.fields["options"] = _text("選択肢", help_text="1行にひとつ書きます。", limit=20_000, lines=6)
            self.fields["options"].initial = "\n".join(option.label for option in item.options)
            self._add_amounts(item)
        if isinstance(self.type, TableType):
            self._add_columns(item)
        self.formula = FormulaInputs(definition, item) if item.type == "calc" else None
        if self.formula is not None:
            self.fields.update(self.formula.fields())
            self.groups.append(("計算の式", list(self.formula.fields()), True))
        self._add_settings(item)
        self.add_condition()
        self.add_translations()

    def _add_urged(self, item: Field) -> None:
        if item.type in ("calc", "consent"):
            return
        self.fields["urged"] = forms.BooleanField(
            label="できれば答えてもらう",
            required=False,
            initial=item.urged,
            help_text="空のままのときに一度だけ知らせます。空のままでも先へ進めます。",
        )

    def _add_amounts(self, item: Field) -> None:
        self.fields["amounts"] = _text(
            "選択肢ごとの数（計算や手数料に使うとき）",
            help_text="上の選択肢と同じ順に、1行にひとつ書きます。使わないときは空けておきます。",
            limit=4_000,
            lines=4,
        )
        lines = ["" if option.amount is None else str(option.amount) for option in item.options]
        self.fields["amounts"].initial = "\n".join(lines) if any(lines) else ""
        self.groups.append(("選択肢ごとの数", ["amounts"], any(lines)))

    def _add_settings(self, item: Field) -> None:
        names = []
        for setting in self.type.settings:
            name = f"s_{setting.name}"
            self.fields[name] = _setting_input(setting)
            self.fields[name].initial = item.settings.get(setting.name, "")
            names.append(name)
        if names:
            self.groups.append(("細かい設定", names, bool(item.settings)))

    def _add_columns(self, item: Field) -> None:
        names = []
        for at in range(len(item.columns) + SPARE_COLUMNS):
            column = item.columns[at] if at < len(item.columns) else None
            self.fields[f"c_{at}_label"] = _text(
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
            self.fields[f"c_{at}_options"] = _text(
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

    def add_option_translations(self, language: str, name: str) -> list[str]:
        """The options in another language, a line each in the same order."""
        assert isinstance(self.item, Field)  # For the type checker: only questions have options
        if self.item.columns:
            return self._add_column_translations(language, name)
        if not self.item.options:
            return []
        field = f"t_{language}_options"
        self.fields[field] = _text(
            f"選択肢（{name}）", help_text="日本語と同じ順に、1行にひとつ書きます。", limit=20_000, lines=4
        )
        lines = [option.translations.get(language, {}).get("label", "") for option in self.item.options]
        self.fields[field].initial = "\n".join(lines)
        return [field]

    def _add_column_translations(self, language: str, name: str) -> list[str]:
        assert isinstance(self.item, Field)  # For the type checker: only questions have columns
        field = f"t_{language}_columns"
        self.fields[field] = _text(
            f"列の名前（{name}）", help_text="日本語と同じ順に、1行にひとつ書きます。", limit=4_000, lines=4
        )
        lines = [column.translations.get(language, {}).get("label", "") for column in self.item.columns]
        self.fields[field].initial = "\n".join(lines)
        names = [field]
        for at, column in enumerate(self.item.columns):
            if not column.options:
                continue
            key = f"t_{language}_c_{at}_options"
            self.fields[key] = _text(f"「{column.label}」の選択肢（{name}）", limit=4_000, lines=3)
            said = [option.translations.get(language, {}).get("label", "") for option in column.options]
            self.fields[key].initial = "\n".join(said)
            names.append(key)
        return names

    def clean_options(self) -> str:
        """As many and as long as a form can hold."""
        lines: str = self.cleaned_data["options"]
        try:
            options_from_lines(lines)
        except DefinitionError as error:
            raise forms.ValidationError(str(error)) from error
        return lines

    def clean_amounts(self) -> str:
        """A whole number a line, or an empty line."""
        lines: str = self.cleaned_data["amounts"]
        try:
            amounts_from_lines(lines)
        except DefinitionError as error:
            raise forms.ValidationError(str(error)) from error
        return lines

    def clean(self) -> dict[str, Any]:
        """The formula as a whole, and not two things at once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.formula is not None:
            for name, message in self.formula.problems(cleaned):
                self.add_error(name, message)
        if cleaned.get("required") and cleaned.get("urged"):
            self.add_error("urged", "「必ず答えてもらう」と「できれば答えてもらう」は、どちらか一つにしてください。")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What to change in the question."""
        assert isinstance(self.item, Field)  # For the type checker: the constructor takes nothing else
        changed: dict[str, Any] = {
            "label": self.cleaned_data["label"],
            "help": self.cleaned_data["help"],
            "required": bool(self.cleaned_data.get("required")),
            "protected": bool(self.cleaned_data.get("protected")),
            "urged": bool(self.cleaned_data.get("urged")),
            "settings": self._settings(self.item),
            "condition": self.condition(),
            "translations": self.translations(),
        }
        if self.type.has_options:
            changed["options"] = self._options(self.item)
        if isinstance(self.type, TableType):
            changed["columns"] = tuple(self._columns(self.item))
        return changed

    def _settings(self, item: Field) -> dict[str, Any]:
        known = {setting.name for setting in self.type.settings}
        others = {name: value for name, value in item.settings.items() if name not in known}
        given = {name: self.cleaned_data.get(f"s_{name}") for name in known}
        if self.formula is not None:
            others = others | {"formula": self.formula.as_json(self.cleaned_data)}
        return others | {name: value for name, value in given.items() if value not in (None, "", False)}

    def _options(self, item: Field) -> tuple[Option, ...]:
        options = options_from_lines(self.cleaned_data["options"], item.options)
        lines = {language: self.cleaned_data.get(f"t_{language}_options", "").split("\n") for language in LANGUAGES}
        # Lines in another language belong to the options as they stood; a new or moved option keeps what it had.
        place = {option.value: at for at, option in enumerate(item.options)}
        amounts = amounts_from_lines(self.cleaned_data.get("amounts", ""))
        return tuple(
            replace(
                _translated(option, place.get(option.value), lines),
                amount=amounts[at] if at < len(amounts) else None,
            )
            for at, option in enumerate(options)
        )

    def _columns(self, item: Field) -> Iterator[Field]:
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
        return tuple(_translated(option, place.get(option.value), lines) for option in options)

    def _column_translations(self, at: int, old: Field | None) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for language in LANGUAGES if old else ():
            lines = self.cleaned_data.get(f"t_{language}_columns", "").split("\n")
            if at < len(lines) and lines[at].strip():
                found[language] = {"label": lines[at].strip()[:300]}
        return found


def _translated(option: Option, place: int | None, lines: Mapping[str, list[str]]) -> Option:
    if place is None:
        return option
    texts = {language: of[place].strip() if place < len(of) else "" for language, of in lines.items()}
    return Option(option.value, option.label, {language: {"label": text} for language, text in texts.items() if text})


def _setting_input(setting: Setting) -> forms.Field:
    if setting.kind == "bool":
        return forms.BooleanField(label=setting.label, required=False)
    if setting.kind == "choice":
        return forms.ChoiceField(label=setting.label, choices=list(setting.choices), required=False)
    if setting.kind == "int":
        widget = forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"})
        return forms.IntegerField(
            label=setting.label,
            required=False,
            widget=widget,
            help_text=setting.help,
            min_value=-(10**12),
            max_value=10**12,
        )
    return forms.CharField(label=setting.label, required=False, max_length=60, help_text=setting.help)
