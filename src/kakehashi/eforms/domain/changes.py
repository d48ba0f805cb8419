"""What changes between two versions of a form, and conditions, as sentences for staff."""

from __future__ import annotations

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.conditions import OPERATORS, Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition

__all__ = ["condition_sentence", "describe_changes"]


def condition_sentence(condition: Condition | None, definition: FormDefinition) -> str:
    """「申請の種類」が「更新」のとき。 Empty for no condition."""
    return f"{_clause(condition, definition)}だけ表示する" if condition else ""


def _clause(condition: Condition, definition: FormDefinition) -> str:
    if condition.op in ("all", "any"):
        joint = "で、しかも" if condition.op == "all" else "か、"
        return joint.join(_clause(part, definition) for part in condition.of)
    if condition.op == "not":
        inner = "か、".join(_clause(part, definition) for part in condition.of)
        return f"（{inner}）以外のとき"
    field = definition.by_key.get(condition.field)
    label = field.label if field else "消えた項目"
    return OPERATORS[condition.op].sentence.format(field=label, value=_value(condition, field))


def _value(condition: Condition, field: Field | None) -> str:
    if condition.value is True:
        return "はい"
    for option in field.options if field else ():
        if option.value == condition.value:
            return option.label
    return str(condition.value)


def describe_changes(old: FormDefinition | None, new: FormDefinition) -> list[str]:
    """Sentences saying what residents will find different; an empty list means nothing changes."""
    if old is None:
        asked = sum(CATALOGUE[field.type].keeps_answer for _, field in new.walk() if field.type in CATALOGUE)
        return [f"はじめての公開です。{len(new.steps)}ページ、{asked}項目の様式になります。"]
    found = _step_changes(old, new)
    places = {field.key: step.key for step, field in old.walk()}
    titles = {step.key: step.title for step in new.steps}
    for step, field in new.walk():
        before = old.by_key.get(field.key)
        if before is None:
            found.append(f"「{field.label}」がふえます（ページ「{step.title}」）。")
            continue
        found += _field_changes(before, field, new)
        if places[field.key] != step.key:
            found.append(f"「{field.label}」がページ「{titles[step.key]}」に移ります。")
    found += [f"「{field.label}」がなくなります。" for _, field in old.walk() if field.key not in new.by_key]
    order = [field.key for _, field in old.walk() if field.key in new.by_key]
    if order != [field.key for _, field in new.walk() if field.key in old.by_key]:
        found.append("項目の順番が変わります。")
    return found


def _step_changes(old: FormDefinition, new: FormDefinition) -> list[str]:
    before = {step.key: step for step in old.steps}
    after = {step.key for step in new.steps}
    found = [f"ページ「{step.title}」がなくなります。" for step in old.steps if step.key not in after]
    for step in new.steps:
        was = before.get(step.key)
        if was is None:
            found.append(f"ページ「{step.title}」がふえます。")
        elif was.title != step.title:
            found.append(f"ページ「{was.title}」の名前が「{step.title}」に変わります。")
        if was is not None and (was.intro, was.translations) != (step.intro, step.translations):
            found.append(f"ページ「{step.title}」の説明か翻訳が変わります。")
        if was is not None and was.condition != step.condition:
            found.append(f"ページ「{step.title}」を表示する条件が変わります：{_shown(step.condition, new)}。")
    return found


def _shown(condition: Condition | None, definition: FormDefinition) -> str:
    return condition_sentence(condition, definition) or "いつも表示する"


def _field_changes(old: Field, new: Field, definition: FormDefinition) -> list[str]:
    name = f"「{new.label}」"
    found = [f"「{old.label}」の質問の文が「{new.label}」に変わります。"] if old.label != new.label else []
    if old.required != new.required:
        found.append(f"{name}が{'必須' if new.required else '任意'}になります。")
    if old.protected != new.protected:
        found.append(f"{name}が特に保護する項目{'になります' if new.protected else 'でなくなります'}。")
    was, now = ([option.label for option in one.options] for one in (old, new))
    if was != now:
        gone, come = [label for label in was if label not in now], [label for label in now if label not in was]
        parts = [f"ふえる：{'、'.join(come)}"] * bool(come) + [f"なくなる：{'、'.join(gone)}"] * bool(gone)
        found.append(f"{name}の選択肢が変わります（{'／'.join(parts) or '順番'}）。")
    if old.help != new.help:
        found.append(f"{name}の説明が変わります。")
    if dict(old.settings) != dict(new.settings) or old.columns != new.columns:
        found.append(f"{name}の細かい設定が変わります。")
    if old.translations != new.translations:
        found.append(f"{name}の翻訳が変わります。")
    if old.condition != new.condition:
        found.append(f"{name}を表示する条件が変わります：{_shown(new.condition, definition)}。")
    return found
