"""部品: questions that several forms share, copied once as a template or followed when they change upstream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kakehashi.eforms.domain.checks import uses
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import (
    MOST_FIELDS,
    DefinitionError,
    Field,
    FormDefinition,
    Step,
)
from kakehashi.eforms.domain.edits import step_of
from kakehashi.eforms.domain.whole_form import MOST_BLOCK_FIELDS, MOST_BLOCKS, BlockUse

__all__ = ["BLOCK", "Followed", "block_of", "detach_block", "follow_block", "insert_block"]

# The kind of owner of a block: a form that no page of residents uses by itself.
BLOCK = "eforms.block"
# What a change upstream may touch, with the word staff read. The key and the kind of a question never change.
_ATTRIBUTES = {
    "label": "質問の文",
    "help": "説明",
    "required": "必須かどうか",
    "urged": "「できれば答えてもらう」",
    "protected": "「特に保護する」",
    "options": "選択肢",
    "settings": "細かい設定",
    "columns": "表の列",
    "condition": "表示する条件",
    "translations": "ほかの言葉の文",
}


def insert_block(
    definition: FormDefinition, step_key: str, block: FormDefinition, use: BlockUse | None
) -> tuple[FormDefinition, str]:
    """The form with the block's questions at the end of a page, under new keys; also gives the first of them.

    With ``use`` (the block and its version) the form remembers where they came from and follows; without, they are a copy.
    Raises DefinitionError when they do not fit.
    """
    fields = [one for _, one in block.walk()]
    if not fields:
        raise DefinitionError("この部品には項目がありません。")
    if len(definition.by_key) + len(fields) > MOST_FIELDS or len(fields) > MOST_BLOCK_FIELDS:
        raise DefinitionError(f"項目は{MOST_FIELDS}個まで、部品の項目は{MOST_BLOCK_FIELDS}個までです。")
    if use is not None and len(definition.blocks) >= MOST_BLOCKS:
        raise DefinitionError(f"合わせられる部品は{MOST_BLOCKS}個までです。")
    definition.step(step_key)
    number, keys = definition.next_number, {}
    for one in fields:
        keys[one.key] = f"{one.type}_{number}"
        number += 1
    added = tuple(_rekeyed(one, keys) for one in fields)
    steps = tuple(
        replace(step, fields=(*step.fields, *added)) if step.key == step_key else step for step in definition.steps
    )
    changed = replace(definition, steps=steps, next_number=number)
    if use is not None:
        changed = replace(changed, blocks=(*definition.blocks, replace(use, fields=keys)))
    return changed, added[0].key


def detach_block(definition: FormDefinition, at: int) -> FormDefinition:
    """切りはなす: the questions stay, the block is not followed any more."""
    if not 0 <= at < len(definition.blocks):
        raise DefinitionError("その部品は、もう合わせていません。")
    return replace(definition, blocks=(*definition.blocks[:at], *definition.blocks[at + 1 :]))


def block_of(definition: FormDefinition, key: str) -> BlockUse | None:
    """The block that a question of the form follows, None for one of its own."""
    return next((use for use in definition.blocks if key in use.fields.values()), None)


@dataclass
class Followed:
    """A form with the changes of a block taken over, and in Japanese what was left as it is here."""

    definition: FormDefinition
    kept: list[str] = field(default_factory=list)


def follow_block(
    definition: FormDefinition, at: int, old: FormDefinition, new: FormDefinition, number: int
) -> Followed:
    """Take over what changed between two versions of a block; what the form changed itself stays its own (three-way).

    ``old`` is the version the form has followed so far, ``new`` (``number``) the one to follow. Raises DefinitionError.
    """
    if not 0 <= at < len(definition.blocks):
        raise DefinitionError("その部品は、もう合わせていません。")
    use = definition.blocks[at]
    keys, next_number = dict(use.fields), definition.next_number
    for _, one in new.walk():
        if one.key not in keys:
            keys[one.key] = f"{one.type}_{next_number}"
            next_number += 1
    result = Followed(replace(definition, next_number=next_number))
    before: str | None = None
    for _, one in new.walk():
        local = keys[one.key]
        if local in result.definition.by_key:
            _take_over(result, old.by_key.get(one.key), one, keys)
            before = local
        elif one.key not in use.fields:
            _add(result, _rekeyed(one, keys), before, use)
            before = local
        elif old.by_key.get(one.key) != one:
            result.kept.append(f"「{one.label}」は、この様式では消してあるので、足しません。")
    for upstream, local in use.fields.items():
        if upstream not in new.by_key and local in result.definition.by_key:
            _remove(result, old.by_key.get(upstream), local, keys)
            del keys[upstream]
    follows = replace(use, number=number, fields=keys)
    uses_ = (*definition.blocks[:at], follows, *definition.blocks[at + 1 :])
    return Followed(replace(result.definition, blocks=uses_), result.kept)


def _take_over(result: Followed, base: Field | None, new: Field, keys: Mapping[str, str]) -> None:
    definition = result.definition
    now = definition.by_key[keys[new.key]]
    was = _rekeyed(base, keys) if base is not None else now
    comes = _rekeyed(new, keys)
    changes: dict[str, Any] = {}
    for name, word in _ATTRIBUTES.items():
        mine, theirs = getattr(now, name), getattr(comes, name)
        if getattr(was, name) == theirs or mine == theirs:
            continue
        if mine == getattr(was, name):
            changes[name] = theirs
        else:
            result.kept.append(f"「{now.label}」の{word}は、この様式で直してあるので、そのままにします。")
    if changes:
        result.definition = _with_field(definition, replace(now, **changes))


def _add(result: Followed, field_: Field, before: str | None, use: BlockUse) -> None:
    definition = result.definition
    beside = before or next((key for key in use.fields.values() if key in definition.by_key), None)
    if beside is None:
        step = definition.steps[-1]
        at = len(step.fields)
    else:
        step = step_of(definition, beside)
        at = next(place for place, one in enumerate(step.fields) if one.key == beside) + 1
    fields = (*step.fields[:at], field_, *step.fields[at:])
    result.definition = _with_step(definition, replace(step, fields=fields))


def _remove(result: Followed, base: Field | None, local: str, keys: Mapping[str, str]) -> None:
    definition = result.definition
    now = definition.by_key[local]
    if base is None or _rekeyed(base, keys) != now:
        result.kept.append(f"「{now.label}」は部品からなくなりましたが、この様式で直してあるので残します。")
        return
    step = step_of(definition, local)
    rest = _with_step(definition, replace(step, fields=tuple(one for one in step.fields if one.key != local)))
    if found := uses(rest, local):
        result.kept.append(f"「{now.label}」は部品からなくなりましたが、{'、'.join(found)}で使っているので残します。")
        return
    result.definition = rest


def _with_step(definition: FormDefinition, step: Step) -> FormDefinition:
    return replace(definition, steps=tuple(step if one.key == step.key else one for one in definition.steps))


def _with_field(definition: FormDefinition, field_: Field) -> FormDefinition:
    step = step_of(definition, field_.key)
    return _with_step(
        definition, replace(step, fields=tuple(field_ if one.key == field_.key else one for one in step.fields))
    )


def _rekeyed(one: Field, keys: Mapping[str, str]) -> Field:
    settings = dict(one.settings)
    if isinstance(settings.get("formula"), dict):
        settings["formula"] = _formula(settings["formula"], keys)
    return replace(one, key=keys.get(one.key, one.key), settings=settings, condition=_condition(one.condition, keys))


def _condition(condition: Condition | None, keys: Mapping[str, str]) -> Condition | None:
    if condition is None:
        return None
    return replace(
        condition,
        field=keys.get(condition.field, condition.field),
        of=tuple(part for one in condition.of if (part := _condition(one, keys)) is not None),
    )


def _formula(value: Any, keys: Mapping[str, str]) -> Any:
    """The same formula on other keys: only ``field`` names a question."""
    if isinstance(value, dict):
        return {
            name: keys.get(item, item) if name == "field" and isinstance(item, str) else _formula(item, keys)
            for name, item in value.items()
        }
    return [_formula(item, keys) for item in value] if isinstance(value, list) else value
