"""What changes between two versions of a form, and conditions, as sentences for staff."""

from __future__ import annotations

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.conditions import OPERATORS, Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition
from kakehashi.eforms.domain.formulas import formula_from_json, formula_sentence

__all__ = ["condition_sentence", "describe_changes", "fee_sentence"]

_MOST_HELP = 100


def condition_sentence(condition: Condition | None, definition: FormDefinition) -> str:
    """「申請の種類」が「更新」のとき。 Empty for no condition."""
    return f"{_clause(condition, definition)}だけ表示する" if condition else ""


def _clause(condition: Condition, definition: FormDefinition) -> str:
    if condition.op in ("all", "any"):
        joint = "で、しかも" if condition.op == "all" else "か、"
        return joint.join(_part(part, definition) for part in condition.of)
    if condition.op == "not":
        inner = "か、".join(_part(part, definition) for part in condition.of)
        return f"（{inner}）以外のとき"
    field = definition.by_key.get(condition.field)
    label = field.label if field else "消えた項目"
    return OPERATORS[condition.op].sentence.format(field=label, value=_value(condition, field))


def _part(condition: Condition, definition: FormDefinition) -> str:
    """A part of a group; a group within a group stands in brackets, so that it reads one way only."""
    clause = _clause(condition, definition)
    return f"（{clause}）" if condition.op in ("all", "any") and len(condition.of) > 1 else clause


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
    return found + _whole_changes(old, new)


def fee_sentence(definition: FormDefinition) -> str:
    """What is to be paid, in words: 「300円」, 「「補助額」で決まる額」, 「ありません」."""
    if definition.fee.field:
        field = definition.by_key.get(definition.fee.field)
        return f"「{field.label if field else '消えた項目'}」で決まる額"
    return f"{definition.fee.yen:,}円" if definition.fee.yen else "ありません"


def _whole_changes(old: FormDefinition, new: FormDefinition) -> list[str]:
    was, now = fee_sentence(old), fee_sentence(new)
    found = [f"支払うお金が変わります：{was} → {now}。"] if was != now else []
    before = {question.key: question for question in old.screening}
    after = {question.key for question in new.screening}
    found += [f"はじめる前の質問「{one.label}」がなくなります。" for one in old.screening if one.key not in after]
    for one in new.screening:
        earlier = before.get(one.key)
        if earlier is None:
            found.append(f"はじめる前の質問「{one.label}」がふえます。")
        elif earlier != one:
            stops = f"：「{'はい' if one.stops_on == 'yes' else 'いいえ'}」のとき進めません"
            changed = stops if earlier.stops_on != one.stops_on else ""
            found.append(f"はじめる前の質問「{one.label}」の文か答えが変わります{changed}。")
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
        found.append(f"{name}{_help_change(old.help, new.help)}")
    if old.urged != new.urged:
        found.append(f"{name}の「できれば答えてもらう」が{'つきます' if new.urged else 'はずれます'}。")
    found += _amount_changes(old, new)
    found += _setting_changes(old, new, definition)
    found += _column_changes(old, new)
    if old.translations != new.translations:
        found.append(f"{name}の翻訳が変わります。")
    if old.condition != new.condition:
        found.append(f"{name}を表示する条件が変わります：{_shown(new.condition, definition)}。")
    return found


def _help_change(old: str, new: str) -> str:
    """What residents read below a question, before and after, in one line each."""
    was, now = (_in_one_line(text) for text in (old, new))
    if not was:
        return f"に説明「{now}」がつきます。"
    return f"の説明「{was}」が「{now}」に変わります。" if now else f"の説明「{was}」がなくなります。"


def _in_one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_HELP else f"{line[:_MOST_HELP]}…"


def _amount_changes(old: Field, new: Field) -> list[str]:
    before = {option.value: option.amount for option in old.options}
    found = [
        f"「{option.label}」{_said(before[option.value])} → {_said(option.amount)}"
        for option in new.options
        if option.value in before and before[option.value] != option.amount
    ]
    return [f"「{new.label}」の選択肢ごとの数が変わります（{'、'.join(found)}）。"] if found else []


def _setting_changes(old: Field, new: Field, definition: FormDefinition) -> list[str]:
    """Every setting under the name the editor shows, before and after."""
    name, found = f"「{new.label}」", []
    known = {setting.name: setting for setting in CATALOGUE[new.type].settings} if new.type in CATALOGUE else {}
    for key in {**old.settings, **new.settings}:
        was, now = old.settings.get(key), new.settings.get(key)
        if was == now:
            continue
        if key == "formula":
            sentence = formula_sentence(formula_from_json(now), definition)
            found.append(f"{name}の計算が変わります：{sentence or '式がありません'}。")
            continue
        setting = known.get(key)
        words = dict(setting.choices) if setting is not None else {}
        before, after = (words.get(one, _said(one)) if isinstance(one, str) else _said(one) for one in (was, now))
        found.append(f"{name}の「{setting.label if setting else '細かい設定'}」が変わります：{before} → {after}。")
    return found


def _column_changes(old: Field, new: Field) -> list[str]:
    name = f"「{new.label}」"
    before = {column.key: column for column in old.columns}
    after = {column.key for column in new.columns}
    found = [f"{name}の列「{column.label}」がなくなります。" for column in old.columns if column.key not in after]
    for column in new.columns:
        was = before.get(column.key)
        if was is None:
            found.append(f"{name}に列「{column.label}」がふえます。")
        elif was != column:
            kinds = [CATALOGUE[one.type].label if one.type in CATALOGUE else one.type for one in (was, column)]
            about = [f"名前「{was.label}」→「{column.label}」"] * (was.label != column.label)
            about += [f"種類「{kinds[0]}」→「{kinds[1]}」"] * (was.type != column.type)
            about += ["必須" if column.required else "任意"] * (was.required != column.required)
            found.append(f"{name}の列「{column.label}」が変わります（{'、'.join(about) or '選択肢か翻訳'}）。")
    return found


def _said(value: object) -> str:
    if value is None or value == "":
        return "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return f"{value:,}" if isinstance(value, int) else str(value)[:60]
