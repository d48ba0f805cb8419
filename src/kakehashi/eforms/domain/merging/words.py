"""The points of a merge as sentences for staff: what the base changed, what stands here, and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.conditions import condition_from_json
from kakehashi.eforms.domain.definition import LANGUAGES, Field, FormDefinition, Step
from kakehashi.eforms.domain.formulas import formula_from_json, formula_sentence
from kakehashi.eforms.domain.merging.three_way import BASE, BOTH, MISSING, ORDER, OWN, Point
from kakehashi.eforms.domain.whole_form import ScreeningQuestion

__all__ = ["Choice", "Told", "plain_value", "tell", "with_choices"]

_ATTRIBUTES = {
    "label": "質問の文",
    "help": "説明",
    "required": "必須かどうか",
    "urged": "「できれば答えてもらう」",
    "protected": "「特に保護する」",
    "options": "選択肢",
    "columns": "表の列",
    "condition": "表示する条件",
    "translations": "ほかの言葉の文",
    "page": "ページ",
    "title": "名前",
    "intro": "説明",
    "type": "種類",
    "amount": "選択肢の数",
    "stops_on": "進めない答え",
    "why": "進めない理由",
    "elsewhere": "ほかにできること",
}
_LONGEST = 120


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen for a point."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Told:
    """A point in words: what it is about, what the base changed, what stands here, the choices."""

    id: str
    about: str
    change: str
    here: str
    is_conflict: bool
    is_open: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class _Forms:
    old: FormDefinition
    new: FormDefinition
    own: FormDefinition

    def step(self, key: str) -> Step | None:
        found = (step for form in (self.own, self.new, self.old) for step in form.steps if step.key == key)
        return next(found, None)

    def field(self, key: str) -> Field | None:
        return self.own.by_key.get(key) or self.new.by_key.get(key) or self.old.by_key.get(key)

    def question(self, key: str) -> ScreeningQuestion | None:
        found = (one for form in (self.own, self.new, self.old) for one in form.screening if one.key == key)
        return next(found, None)


def tell(points: Iterable[Point], old: FormDefinition, new: FormDefinition, own: FormDefinition) -> list[Told]:
    """Every point of a merge of these three forms in plain Japanese."""
    forms = _Forms(old, new, own)
    return [_told(point, forms) for point in points]


def _told(point: Point, forms: _Forms) -> Told:
    about = _about(point, forms)
    if point.path[-1] == ORDER:
        return _order(point, about)
    if point.old is MISSING or point.new is MISSING or point.own is MISSING:
        if told := _coming_or_going(point, about):
            return told
    old, new, own = (
        _value(point, value, form)
        for value, form in ((point.old, forms.old), (point.new, forms.new), (point.own, forms.own))
    )
    change = f"基本様式が変わりました：{old} → {new}"
    here = f"この団体では：{own}" if point.is_conflict else "この団体では、直していません。"
    return with_choices(
        point, about, change, here, f"このまま（{own}）", f"基本様式に合わせる（{new}）", "両方を入れる"
    )


def _order(point: Point, about: str) -> Told:
    here = "この団体でも、順番を変えています。" if point.is_conflict else "この団体では、順番を変えていません。"
    return with_choices(
        point, about, "基本様式で、順番が変わりました。", here, "この団体の順番のまま", "基本様式の順番に合わせる"
    )


def _coming_or_going(point: Point, about: str) -> Told | None:
    """Things that come, go, or were dropped on one side; None for an attribute that was or becomes empty."""
    if not _is_thing(point):
        return None
    if point.old is MISSING and point.own is MISSING:
        return with_choices(
            point, about, "基本様式にふえました。", "この団体には、まだありません。", "入れない", "入れる"
        )
    if point.old is MISSING:
        return with_choices(
            point, about, "基本様式にふえましたが、同じ符号のものがこの団体にもあります。", "この団体のものがあります。",
            "この団体のものを残す", "基本様式のものに置きかえる",
        )  # fmt: skip
    if point.new is MISSING:
        used = "この団体で直したか、この団体の条件・計算・項目が使っています。"
        here = used if point.is_conflict else "この団体では、直していません。"
        return with_choices(point, about, "基本様式からなくなりました。", here, "この団体では残す", "なくす")
    return with_choices(
        point,
        about,
        "基本様式で変わりました。",
        "この団体では、消してあります。",
        "消したままにする",
        "基本様式のものを入れる",
    )


def with_choices(point: Point, about: str, change: str, here: str, own: str, base: str, both: str = "") -> Told:
    """A point with its words and the choices; what nobody has decided yet has none chosen."""
    offered = [(BASE, base), (OWN, own)] + ([(BOTH, both)] if both and point.both is not MISSING else [])
    choices = tuple(Choice(value, label, value == point.chosen and not point.is_open) for value, label in offered)
    return Told(point.id, about, change, here, point.is_conflict, point.is_open, choices)


def _is_thing(point: Point) -> bool:
    """Whether the path ends at something with an identity, not at one of its attributes."""
    path = point.path
    if len(path) == 2:
        return path[0] in ("step", "field", "screening")
    return len(path) >= 4 and path[-2] in ("options", "columns")


def _about(point: Point, forms: _Forms) -> str:
    """「電話番号」の説明, 「申請の種類」の選択肢「新規」の文, ページ「申請者」の項目の順番."""
    kind, key = point.path[0], point.path[1] if len(point.path) > 1 else ""
    rest = point.path[2:]
    if kind == "fee":
        return "手数料"
    if key == ORDER:
        return {"step": "ページの順番", "screening": "はじめる前の質問の順番"}.get(kind, "順番")
    if kind in ("step", "page"):
        step = forms.step(key)
        name = f"ページ「{step.title if step else key}」"
        if kind == "page":
            return f"{name}の項目の順番"
    elif kind == "screening":
        question = forms.question(key)
        name = f"はじめる前の質問「{question.label if question else key}」"
    else:
        field = forms.field(key)
        page = _page_of(forms, key)
        name = f"「{field.label if field else key}」" + (f"（ページ「{page}」）" if page and not rest else "")
        return name + _inside(
            rest, [one for form in (forms.own, forms.new, forms.old) if (one := form.by_key.get(key))]
        )
    return name + _inside(rest, [])


def _page_of(forms: _Forms, key: str) -> str:
    for form in (forms.new, forms.own, forms.old):
        for step, field in form.walk():
            if field.key == key:
                return step.title
    return ""


def _inside(rest: tuple[str, ...], fields: list[Field]) -> str:
    if not rest:
        return ""
    name, inner = rest[0], rest[1:]
    if name == "settings" and inner:
        return f"の{_setting_label(fields, inner[0])}"
    if name == "translations" and inner:
        return f"の{LANGUAGES.get(inner[0], inner[0])}の文"
    if name in ("options", "columns") and inner:
        if inner[0] == ORDER:
            return f"の{_ATTRIBUTES[name]}の順番"
        return f"の{_ATTRIBUTES[name]}「{_part_label(fields, name, inner[0])}」{_inside(inner[1:], [])}"
    return f"の{_ATTRIBUTES.get(name, name)}"


def _part_label(fields: list[Field], name: str, key: str) -> str:
    """The label of an option or a column, in one's own words first."""
    if name == "options":
        return next((option.label for field in fields for option in field.options if option.value == key), key)
    return next((column.label for field in fields for column in field.columns if column.key == key), key)


def _setting_label(fields: list[Field], name: str) -> str:
    if name == "formula":
        return "計算の式"
    type_ = CATALOGUE.get(fields[0].type) if fields else None
    found = next((setting.label for setting in (type_.settings if type_ else ()) if setting.name == name), "")
    return f"「{found}」" if found else "細かい設定"


def _value(point: Point, value: Any, form: FormDefinition) -> str:
    """A value as people read it. The form gives the labels that a condition or a formula names."""
    name = point.path[-1]
    if value is MISSING or value == "" or value is None:
        return {"condition": "いつも表示する", "fee": "ありません"}.get(name, _no(point))
    if name in _READERS:
        return _READERS[name](value, form)
    if isinstance(value, Mapping) and "type" in value:
        return _READERS["type"](value["type"], form)
    return plain_value(value)


def plain_value(value: Any) -> str:
    """A value that needs no form to be read."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, str):
        return f"「{value if len(value) <= _LONGEST else value[:_LONGEST] + '…'}」"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return f"「{'、'.join(value)}」" if value else "なし"
    return f"{value:,}" if isinstance(value, int) else f"{len(value)}個の内容"


def _kind(value: Any, form: FormDefinition) -> str:
    return f"種類「{CATALOGUE[value].label if value in CATALOGUE else value}」の項目"


def _page(value: Any, form: FormDefinition) -> str:
    return f"「{next((step.title for step in form.steps if step.key == value), str(value))}」"


def _fee(value: Any, form: FormDefinition) -> str:
    if value.get("field"):
        field = form.by_key.get(value["field"])
        return f"「{field.label if field else '消えた項目'}」で決まる額"
    return f"{value.get('yen', 0):,}円"


_READERS: dict[str, Callable[[Any, FormDefinition], str]] = {
    "condition": lambda value, form: condition_sentence(condition_from_json(value), form) or "いつも表示する",
    "formula": lambda value, form: formula_sentence(formula_from_json(value), form) or "式がありません",
    "page": _page,
    "fee": _fee,
    "type": _kind,
    "stops_on": lambda value, _: "「はい」" if value == "yes" else "「いいえ」",
}


def _no(point: Point) -> str:
    """An attribute that is not there: a mark that is off, or no words."""
    known = [value for value in (point.old, point.new, point.own) if value is not MISSING]
    return "いいえ" if known and all(isinstance(value, bool) for value in known) else "なし"
