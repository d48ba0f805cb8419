"""The properties of a question, with the settings of its type, as a Django form made from the catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from kakehashi.eforms.domain.catalogue import Setting, TableType, type_of
from kakehashi.eforms.domain.definition import LANGUAGES, DefinitionError, Field, FormDefinition, Option
from kakehashi.eforms.domain.edits import amounts_from_lines, options_from_lines
from kakehashi.eforms.forms.columns import ColumnInputs, translated
from kakehashi.eforms.forms.formula import FormulaInputs
from kakehashi.eforms.forms.properties import text_input


class FieldForm(ColumnInputs):
    """The properties of a question, with the settings of its type."""

    texts = {"label": "質問の文", "help": "説明"}

    def __init__(self, definition: FormDefinition, item: Field, data: Any = None) -> None:
        super().__init__(definition, item, data)
        self.type = type_of(item)
        is_asked = self.type.keeps_answer
        self.fields["label"] = forms.CharField(
            label="質問の文" if is_asked else "見出し", max_length=300, required=is_asked, initial=item.label
        )
        self.fields["help"] = text_input("説明" if is_asked else "本文", limit=4_000, lines=3)
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
            self.fields["options"] = text_input("選択肢", help_text="1行にひとつ書きます。", limit=20_000, lines=6)
            self.fields["options"].initial = "\n".join(option.label for option in item.options)
            self._add_amounts(item)
        if isinstance(self.type, TableType):
            self.add_columns(item)
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
        self.fields["amounts"] = text_input(
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

    def add_option_translations(self, language: str, name: str) -> list[str]:
        """The options in another language, a line each in the same order."""
        assert isinstance(self.item, Field)  # For the type checker: only questions have options
        if self.item.columns:
            return self.add_column_translations(language, name)
        if not self.item.options:
            return []
        field = f"t_{language}_options"
        self.fields[field] = text_input(
            f"選択肢（{name}）", help_text="日本語と同じ順に、1行にひとつ書きます。", limit=20_000, lines=4
        )
        lines = [option.translations.get(language, {}).get("label", "") for option in self.item.options]
        self.fields[field].initial = "\n".join(lines)
        return [field]

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
            changed["columns"] = tuple(self.columns(self.item))
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
                translated(option, place.get(option.value), lines),
                amount=amounts[at] if at < len(amounts) else None,
            )
            for at, option in enumerate(options)
        )


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
