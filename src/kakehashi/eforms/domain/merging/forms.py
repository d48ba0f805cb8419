"""The three-way merge of forms: a definition taken apart by keys, merged, put together, and judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kakehashi.eforms.domain.checks import check_definition
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.conditions import fields_of
from kakehashi.eforms.domain.definition import DefinitionError, Field, FormDefinition, from_json, to_json
from kakehashi.eforms.domain.formulas import formula_from_json
from kakehashi.eforms.domain.json_parts import LONGEST_TEXT
from kakehashi.eforms.domain.merging.three_way import MISSING, Path, Point, ThreeWay

__all__ = ["Merge", "merge_forms"]

_JOINED_TEXTS = frozenset({"help", "intro"})
# The whole-form parts that are lists of things with an identity, and the name of the identity.
_LISTS = {"options": "value", "columns": "key"}


@dataclass(frozen=True)
class Merge:
    """What came of a merge.

    ``definition`` is None when the choices cannot stand together; ``refused`` says why. ``points``: where the base moved, in
    order of the form. ``notes``: what was put elsewhere than asked. ``problems``: what must be mended before publishing and was
    no problem of one's own before, with what was dropped named.
    """

    definition: FormDefinition | None
    points: list[Point] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def open_points(self) -> list[Point]:
        """The conflicts nobody has decided yet."""
        return [point for point in self.points if point.is_open]


@dataclass(frozen=True)
class _Parts:
    """A definition by keys. ``pages`` holds the keys of a page's fields in order; a field says on which page it stands."""

    steps: dict[str, dict[str, Any]]
    fields: dict[str, dict[str, Any]]
    pages: dict[str, list[str]]
    screening: dict[str, dict[str, Any]]
    fee: Any


def merge_forms(
    old: FormDefinition, new: FormDefinition, own: FormDefinition, choices: Mapping[str, str] | None = None
) -> Merge:
    """Merge what changed from ``old`` to ``new`` (the base) into ``own``; ``choices`` maps ids of points to own, base or both.

    Fields, pages, options, columns and questions are the same thing where their key is. The blocks one's own form follows stay.
    """
    parts = [_parts(one) for one in (old, new, own)]
    way, draft, _ = _merged(parts, {}, ())
    contested: set[Path] = set()
    # What one's own still looks at, or stands on, is not dropped without asking; asking keeps more, so this ends.
    while found := _leaned_on(draft, parts) - contested:
        contested |= found
        way, draft, _ = _merged(parts, {}, contested)
    way, draft, notes = _merged(parts, choices or {}, contested)
    number = max(own.next_number, new.next_number)
    try:
        # Read back, so that every limit of a stored definition holds for what came of it.
        made = from_json(_to_json(draft, number))
        made = replace(made, blocks=own.blocks)
        compile_form(made)
    except DefinitionError as error:
        return Merge(None, way.points, notes, [], str(error).partition("：")[0].rstrip("。") + "。")
    return Merge(made, way.points, notes, _problems(made, old, own))


def _parts(definition: FormDefinition) -> _Parts:
    data = to_json(definition)
    steps: dict[str, dict[str, Any]] = {}
    fields: dict[str, dict[str, Any]] = {}
    pages: dict[str, list[str]] = {}
    for step in data.get("steps", []):
        key = step["key"]
        steps[key] = {name: value for name, value in step.items() if name not in ("key", "fields")}
        pages[key] = [one["key"] for one in step.get("fields", [])]
        for one in step.get("fields", []):
            fields[one["key"]] = {"page": key} | {name: value for name, value in one.items() if name != "key"}
    screening = {one["key"]: one for one in data.get("screening", [])}
    return _Parts(steps, fields, pages, screening, data.get("fee", MISSING))


@dataclass
class _Draft:
    """What a run of the merge gives: parts again, with the pages in their order; the fields whose page is gone, with that page."""

    steps: dict[str, dict[str, Any]]
    fields: dict[str, dict[str, Any]]
    pages: dict[str, list[str]]
    screening: list[dict[str, Any]]
    fee: Any
    homeless: dict[str, str]


def _merged(
    parts: list[_Parts], choices: Mapping[str, str], contested: Collection[Path]
) -> tuple[ThreeWay, _Draft, list[str]]:
    old, new, own = parts
    way = ThreeWay(choices, contested)
    steps = way.things(("step",), old.steps, new.steps, own.steps, lambda *at: _record(way, *at))
    places = way.order(("step",), list(old.steps), list(new.steps), list(own.steps), steps)
    fields = way.things(("field",), old.fields, new.fields, own.fields, lambda *at: _field(way, *at))
    homeless = {key: one["page"] for key, one in fields.items() if one["page"] not in steps}
    notes = _house(homeless, fields, places, steps, parts)
    pages: dict[str, list[str]] = {}
    for page in places:
        present = [key for key, one in fields.items() if one["page"] == page]
        before, now, mine = (one.pages.get(page, []) for one in parts)
        at = way.order(("page", page), before, now, mine, present)
        pages[page] = [*at, *(key for key in present if key not in at)]
    asked = way.things(("screening",), old.screening, new.screening, own.screening, lambda *at: _record(way, *at))
    order = way.order(("screening",), list(old.screening), list(new.screening), list(own.screening), asked)
    fee = way.value(("fee",), old.fee, new.fee, own.fee)
    draft = _Draft({key: steps[key] for key in places}, fields, pages, [asked[key] for key in order], fee, homeless)
    return way, draft, notes


def _house(
    homeless: Mapping[str, str],
    fields: dict[str, dict[str, Any]],
    places: list[str],
    steps: Mapping[str, Any],
    parts: list[_Parts],
) -> list[str]:
    """Find another page for a field whose page is gone: the last one before it, else the first there is."""
    notes = []
    for key, gone in homeless.items():
        known = next(one for one in reversed(parts) if gone in one.steps)
        order = list(known.steps)
        earlier = [page for page in order[: order.index(gone)] if page in steps]
        if not places:
            del fields[key]
            continue
        fields[key] = fields[key] | {"page": earlier[-1] if earlier else places[0]}
        there = steps[fields[key]["page"]].get("title", "")
        title, label = known.steps[gone].get("title", ""), fields[key].get("label", "")
        notes.append(f"ページ「{title}」がないので、「{label}」はページ「{there}」に入れます。")
    return notes


def _field(way: ThreeWay, path: Path, old: Any, new: Any, own: Any) -> Any:
    if not old["type"] == new["type"] == own["type"]:
        return way.value(path, old, new, own)
    return _record(way, path, old, new, own)


def _record(way: ThreeWay, path: Path, old: Any, new: Any, own: Any) -> dict[str, Any]:
    def one(at: Path, was: Any, now: Any, mine: Any) -> Any:
        name = at[-1]
        if name in _LISTS:
            return _list(way, at, was or [], now or [], mine or [], _LISTS[name]) or MISSING
        if name in ("settings", "translations"):
            return way.record(at, was or {}, now or {}, mine or {}, one if name == "translations" else None) or MISSING
        if at[-2] == "translations":
            return way.record(at, was or {}, now or {}, mine or {}) or MISSING
        return way.value(at, was, now, mine, _both(name, now, mine))

    return way.record(path, old, new, own, one)


def _list(way: ThreeWay, path: Path, old: list[Any], new: list[Any], own: list[Any], name: str) -> list[Any]:
    keyed = [{one[name]: one for one in items} for items in (old, new, own)]
    merged = way.things(
        path, keyed[0], keyed[1], keyed[2], lambda *at: _field(way, *at) if name == "key" else _record(way, *at)
    )
    order = way.order(path, list(keyed[0]), list(keyed[1]), list(keyed[2]), merged)
    return [merged[key] for key in order]


def _both(name: str, new: Any, own: Any) -> Any:
    """Both texts, one below the other, where that reads."""
    if name not in _JOINED_TEXTS or not new or not own or new in own or own in new:
        return MISSING
    joined = f"{own}\n{new}"
    return joined if len(joined) <= LONGEST_TEXT else MISSING


def _to_json(draft: _Draft, number: int) -> dict[str, Any]:
    steps = [
        {"key": key, **step, "fields": [_plain(one, draft.fields[one]) for one in draft.pages[key]]}
        for key, step in draft.steps.items()
    ]
    fee = {} if draft.fee is MISSING else {"fee": draft.fee}
    return {"format": 1, "next_number": number, "steps": steps, "screening": draft.screening, **fee}


def _plain(key: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, **{name: value for name, value in one.items() if name != "page"}}


def _leaned_on(draft: _Draft, parts: list[_Parts]) -> set[Path]:
    """What the base dropped and one's own still needs: a field that is looked at, a page that is not empty."""
    old, new, own = parts
    dropped = {key for key in old.fields if key not in new.fields and key in own.fields}
    looked_at = {key for key in _seen(draft) if key in dropped and key not in draft.fields}
    pages = {page for page in old.steps if page not in new.steps and page in own.steps and page not in draft.steps}
    needed = pages.intersection(draft.homeless.values())
    return {("field", key) for key in looked_at - _seen_by(new)} | {("step", page) for page in needed}


def _seen(draft: _Draft) -> set[str]:
    things = [*draft.steps.values(), *draft.fields.values()]
    found = {key for one in things for key in _looks_at(one)}
    return found | ({draft.fee["field"]} if draft.fee and draft.fee.get("field") else set())


def _seen_by(parts: _Parts) -> set[str]:
    found = {key for one in [*parts.steps.values(), *parts.fields.values()] for key in _looks_at(one)}
    return found | ({parts.fee["field"]} if parts.fee and parts.fee.get("field") else set())


def _looks_at(one: Mapping[str, Any]) -> Iterator[str]:
    yield from _condition_fields(one.get("condition"))
    formula = one.get("settings", {}).get("formula")
    if formula is not None and one.get("type") == "calc":
        yield from formula_from_json(formula).fields()


def _condition_fields(condition: Any) -> Iterator[str]:
    if isinstance(condition, dict):
        if condition.get("field"):
            yield str(condition["field"])
        for part in condition.get("of", []):
            yield from _condition_fields(part)


def _problems(made: FormDefinition, old: FormDefinition, own: FormDefinition) -> list[str]:
    """What publishing would refuse now and would not have refused before; what was dropped is called by its name."""
    before = {finding.message for finding in check_definition(own)}
    named: dict[str, list[str]] = {}
    for key, who, what in _users(made):
        if key not in made.by_key and (gone := own.by_key.get(key) or old.by_key.get(key)):
            named.setdefault(who.key, []).append(f"{_name(who)}の{what}が、なくなる「{gone.label}」を見ています。")
    found = [sentence for sentences in named.values() for sentence in sentences]
    rest = [one.message for one in check_definition(made) if one.message not in before and one.key not in named]
    return list(dict.fromkeys(found + rest))


def _users(made: FormDefinition) -> Iterator[tuple[str, Any, str]]:
    for step in made.steps:
        yield from ((key, step, "条件") for key in fields_of(step.condition))
        for one in step.fields:
            yield from ((key, one, "条件") for key in fields_of(one.condition))
            if one.type == "calc":
                yield from ((key, one, "計算") for key in formula_from_json(one.settings.get("formula")).fields())
    if made.fee.field:
        yield made.fee.field, made, "手数料"


def _name(who: Any) -> str:
    if isinstance(who, Field):
        return f"「{who.label}」"
    return "様式" if isinstance(who, FormDefinition) else f"ページ「{who.title}」"
