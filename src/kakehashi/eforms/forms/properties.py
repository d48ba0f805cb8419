"""What pages and questions have in common in the editor, and the properties of a page, as Django forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kakehashi.eforms.domain.condition_choices import (
    KEEP,
    ChosenConditions,
    compares,
    condition_of,
    sentences,
    taken_apart,
)
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import LANGUAGES, Field, FormDefinition, Step
from kakehashi.eforms.domain.whole_form import ScreeningQuestion

CONDITION_ROWS = 3


def text_input(label: str, *, help_text: str = "", limit: int = 300, lines: int = 0) -> forms.CharField:
    """An optional text, over several lines where `lines` says so."""
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
                self.fields[field] = text_input(f"{label}（{name}）", limit=4_000 if lines else 300, lines=lines)
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
        self.fields["intro"] = text_input("はじめの説明", limit=4_000, lines=3)
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
