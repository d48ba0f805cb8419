"""What stands in the way of publishing a definition, and which texts other languages still lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.conditions import Condition, fields_of
from kakehashi.eforms.domain.definition import LANGUAGES, Field, FormDefinition, Step
from kakehashi.eforms.domain.fees import fee_problems
from kakehashi.eforms.domain.formulas import formula_from_json
from kakehashi.eforms.domain.my_number import asks_for_my_number, invites_my_number
from kakehashi.eforms.domain.protection import mark_problems
from kakehashi.eforms.domain.whole_form import ScreeningQuestion

__all__ = ["Finding", "check_definition", "missing_texts", "my_number_problem", "my_number_problems"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend, in Japanese, and the step or field where it is."""

    message: str
    key: str = ""


def my_number_problem(field: Field) -> str:
    """Why the field may not be made because it asks for 個人番号; empty when it does not."""
    found = CATALOGUE.get(field.type)
    is_free = found is not None and found.takes_free_text
    asks = is_free and any(asks_for_my_number(text) for text in _texts(field, "label"))
    # A neutral label with a help that asks for it is the same question; a note may stand above an empty box.
    asks = asks or any(invites_my_number(text) for text in _texts(field, "help"))
    asks = asks or (
        not is_free and any(invites_my_number(text) for text in _texts(field, "label")) and _is_text_block(field)
    )
    if asks or any(my_number_problem(column) for column in field.columns):
        return _REFUSED
    return ""


def my_number_problems(definition: FormDefinition) -> list[Finding]:
    """Every place of a definition that asks for 個人番号: questions, pages, and words split over neighbouring questions."""
    found = [Finding(problem, field.key) for _, field in definition.walk() if (problem := my_number_problem(field))]
    for question in definition.screening:
        said = (*_texts(question, "label"), *_texts(question, "help"))
        if any(invites_my_number(text) for text in said):
            found.append(Finding(_REFUSED, question.key))
    for step in definition.steps:
        if any(invites_my_number(text) for text in (*_texts(step, "title"), *_texts(step, "intro"))):
            found.append(Finding(_REFUSED, step.key))
        lines = [list(step.fields), *(list(field.columns) for field in step.fields)]
        found += [Finding(_REFUSED, second.key) for line in lines for second in _split_words(line)]
    return found


_REFUSED = (
    "マイナンバー（個人番号）をたずねる項目は作れません。番号法で決められた事務のほかでは集めることができません。"
)


def _texts(thing: Field | Step | ScreeningQuestion, attribute: str) -> list[str]:
    """A text in Japanese and in every other language."""
    return [getattr(thing, attribute), *(texts.get(attribute, "") for texts in thing.translations.values())]


def _is_text_block(field: Field) -> bool:
    found = CATALOGUE.get(field.type)
    return found is not None and not found.keeps_answer


def _split_words(fields: Sequence[Field]) -> Iterator[Field]:
    for first, second in pairwise(fields):
        alone = asks_for_my_number(first.label) or asks_for_my_number(second.label)
        if not alone and asks_for_my_number(first.label + second.label):
            yield second


def check_definition(definition: FormDefinition) -> list[Finding]:
    """Everything that must be mended before the form is published; an empty list means it can be."""
    found: list[Finding] = []
    if not any(definition.steps):
        return [Finding("ページがありません。まずページを足してください。")]
    known: dict[str, Field] = {}
    for step in definition.steps:
        found += _check_step(step, known)
        for field in step.fields:
            found += _check_field(field, known)
            known[field.key] = field
    found += [Finding(problem, definition.key) for problem in fee_problems(definition)]
    for question in definition.screening:
        if not question.label.strip():
            found.append(Finding("はじめる前の質問に、質問の文がありません。", question.key))
        elif not question.why.strip():
            found.append(Finding(f"「{question.label}」に、進めない理由がありません。", question.key))
    found += [Finding(problem, key) for key, problem in mark_problems(definition)]
    found += my_number_problems(definition)
    if not any(field.type in CATALOGUE and CATALOGUE[field.type].keeps_answer for field in known.values()):
        found.append(Finding("答える項目がひとつもありません。"))
    return found


def _check_step(step: Step, known: dict[str, Field]) -> Iterator[Finding]:
    if not step.title.strip():
        yield Finding("ページの名前がありません。", step.key)
    if not step.fields:
        yield Finding(f"ページ「{step.title}」に項目がありません。", step.key)
    yield from _check_condition(step.condition, step.key, f"ページ「{step.title}」", known)


def _check_field(field: Field, known: dict[str, Field]) -> Iterator[Finding]:
    name = f"「{field.label or '名前のない項目'}」"
    type_ = CATALOGUE.get(field.type)
    if type_ is None:
        yield Finding(f"{name}：この種類の項目は使えません。", field.key)
        return
    if not field.label.strip() and type_.keeps_answer:
        yield Finding("質問の文がない項目があります。", field.key)
    if not type_.keeps_answer and not (field.label or field.help).strip():
        yield Finding("説明文が空です。", field.key)
    yield from (Finding(f"{name}：{problem}", field.key) for problem in type_.check(field))
    yield from _check_condition(field.condition, field.key, name, known)
    if any(key not in known for key in _looked_at(field)):
        yield Finding(f"{name}の計算が、前にない項目を見ています。", field.key)


def _check_condition(condition: Condition | None, key: str, name: str, known: dict[str, Field]) -> Iterator[Finding]:
    for leaf in _leaves(condition):
        on = known.get(leaf.field)
        if on is None:
            yield Finding(f"{name}を表示する条件が、前にない項目を見ています。", key)
        elif on.options and leaf.op in ("equals", "includes") and all(one.value != leaf.value for one in on.options):
            yield Finding(f"{name}を表示する条件が、「{on.label}」にない選択肢を見ています。", key)


def _leaves(condition: Condition | None) -> Iterator[Condition]:
    if condition is None:
        return
    if condition.field:
        yield condition
    for part in condition.of:
        yield from _leaves(part)


def missing_texts(definition: FormDefinition, language: str) -> list[Finding]:
    """The texts that have Japanese words but none in ``language``: residents who chose it read Japanese there."""
    name = LANGUAGES[language]
    found: list[Finding] = []
    for question in definition.screening:
        texts = [one for one in ("label", "help", "why", "elsewhere") if getattr(question, one)]
        if any(not _has(question.translations, language, one) for one in texts):
            found.append(Finding(f"はじめる前の質問「{question.label}」に{name}の文がありません。", question.key))
    for step in definition.steps:
        lacking = [
            one for one in ("title", "intro") if getattr(step, one) and not _has(step.translations, language, one)
        ]
        if lacking:
            found.append(Finding(f"ページ「{step.title}」に{name}の文がありません。", step.key))
        for field in step.fields:
            if _lacks(field, language):
                found.append(Finding(f"「{field.label}」に{name}の文がありません。", field.key))
    return found


def _has(translations: object, language: str, attribute: str) -> bool:
    return bool(isinstance(translations, dict) and translations.get(language, {}).get(attribute))


def _lacks(field: Field, language: str) -> bool:
    own = any(getattr(field, one) and not _has(field.translations, language, one) for one in ("label", "help"))
    options = any(not _has(option.translations, language, "label") for option in field.options)
    return own or options or any(_lacks(column, language) for column in field.columns)


def uses(definition: FormDefinition, key: str) -> list[str]:
    """Where the answer to the field ``key`` is looked at: conditions of steps and fields, calculations, the fee."""
    found = [f"ページ「{step.title}」の条件" for step in definition.steps if key in fields_of(step.condition)]
    for _, field in definition.walk():
        if key in fields_of(field.condition):
            found.append(f"「{field.label}」の条件")
        if key in _looked_at(field):
            found.append(f"「{field.label}」の計算")
    return found + ["手数料"] * (definition.fee.field == key)


def _looked_at(field: Field) -> list[str]:
    return list(formula_from_json(field.settings.get("formula")).fields()) if field.type == "calc" else []
