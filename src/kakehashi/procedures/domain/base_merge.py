"""When a base form moves on: the three-way comparison of form and procedure together, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kakehashi.eforms.domain.merging import (
    MISSING,
    Merge,
    Point,
    ThreeWay,
    Told,
    merge_forms,
    plain_value,
    tell,
    with_choices,
)
from kakehashi.procedures.domain.base_content import BaseContent
from kakehashi.procedures.domain.kinds import ROADS, Result
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.domain.survey import LIFE_EVENTS

__all__ = ["LABELS", "BaseMerge", "merge_contents", "template_words"]

LABELS = {
    "name": "手続名",
    "kind": "種類",
    "legal_basis": "根拠法令・条例",
    "basis": "根拠の区分",
    "founding": "創設した団体",
    "fee": "手数料",
    "standard_processing_days": "標準処理期間",
    "standard_processing_unit": "標準処理期間の数え方",
    "needs": "必要なもの",
    "attachments": "添付書類",
    "life_events": "できごと",
    "identity_check": "本人確認",
    "identity_note": "本人確認の方法",
    "retention_class": "文書分類",
    "seal": "押印",
    "seal_reason": "押印が要る理由",
    "visit": "対面",
    "visit_reason": "対面が要る理由",
    "online_basis": "オンライン化の根拠",
    "privacy_purpose": "個人情報の利用目的",
    "what_for": "何のための手続か",
    "who_may": "できる人",
    "review": "審査請求の先",
    "office": "審査請求先の行政庁",
    "months": "審査請求の期間（か月）",
    "comes_first": "訴えの前に審査請求が要る",
    "leaves_out_corrections": "補正の間を期間に入れない",
    "leaves_out_inquiries": "照会の間を期間に入れない",
    "closings": "期間に入れない休みの日",
    "when": "手数料の納め方",
    "yen": "手数料の額（円）",
    "matter_code": "決裁事項",
    "title": "題名",
    "text": "本文",
    "rows": "記",
    "remark": "備考",
    "is_certificate": "二次元コードの付いた証明書",
    "valid_days": "証明書の有効期間（日）",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {kind.value: road.label for kind, road in ROADS.items()},
    "basis": {"law": "法令", "ordinance": "条例・規則・要綱"},
    "founding": {"law": "国の法令", "prefecture": "都道府県の条例等", "own": "自団体の条例・要綱等"},
    "standard_processing_unit": {"business": "開庁日", "calendar": "暦日"},
    "identity_check": {"none": "求めない", "address": "メールアドレスの確認", "person": "外部の認証"},
    "seal": {"none": "不要", "required": "必要"},
    "visit": {"none": "不要", "required": "必要"},
    "review": {"head": "処分をした長", "other": "ほかの行政庁", "none": "審査請求はできない"},
    "life_events": LIFE_EVENTS,
    "when": {when.value: when.label for when in FeeWhen},
}
_PARTS = {
    "procedure": "台帳", "appeal": "教示", "period": "標準処理期間の数え方", "collecting": "手数料", "road": "決裁の道すじ",
}  # fmt: skip
_OUTCOMES = {"receipt": "受付票", **{result.value: result.label for result in Result}}
_LANGUAGES = {"ja": "案内文", "ja-easy": "案内文（やさしい日本語）", "en": "案内文（English）"}
_JOINED = frozenset({"what_for", "who_may", "privacy_purpose"})


@dataclass(frozen=True)
class BaseMerge:
    """What came of it: the form's merge, the merged procedure (``content`` is None when the form cannot stand), and the words."""

    form: Merge
    content: BaseContent | None
    points: list[Point]
    told_form: list[Told]
    told_procedure: list[Told]

    @property
    def open_points(self) -> list[Point]:
        """The conflicts nobody has decided yet."""
        return [point for point in self.points if point.is_open]

    @property
    def decided(self) -> dict[str, int]:
        """How many points were taken from the base, kept, or joined."""
        return {name: sum(point.chosen == name for point in self.points) for name in ("base", "own", "both")}


def merge_contents(
    old: BaseContent, new: BaseContent, own: BaseContent, choices: Mapping[str, str] | None = None
) -> BaseMerge:
    """Merge what changed from ``old`` to ``new`` into one's own; see `merge_forms` for the choices."""
    chosen = choices or {}
    form = merge_forms(old.definition, new.definition, own.definition, chosen)
    way = ThreeWay(chosen)

    def leaf(path: tuple[str, ...], was: Any, now: Any, mine: Any) -> Any:
        return way.value(path, was, now, mine, _both(path[-1], now, mine))

    flat = [{part: getattr(one, part) for part in _PARTS} for one in (old, new, own)]
    merged = {part: way.record((part,), flat[0][part], flat[1][part], flat[2][part], leaf) for part in _PARTS}
    texts = {
        language: way.record(
            ("texts", language),
            old.texts.get(language, {}),
            new.texts.get(language, {}),
            own.texts.get(language, {}),
            leaf,
        )
        for language in _LANGUAGES
    }
    texts = {language: of for language, of in texts.items() if of}
    known = dict.fromkeys([*old.letters, *new.letters, *own.letters])
    letters = {
        outcome: way.record(
            ("letters", outcome),
            old.letters.get(outcome, {}),
            new.letters.get(outcome, {}),
            own.letters.get(outcome, {}),
            leaf,
        )
        for outcome in known
    }
    letters = {outcome: of for outcome, of in letters.items() if of}
    content = (
        replace(own, definition=form.definition, texts=texts, letters=letters, **merged) if form.definition else None
    )
    told = [_told(point) for point in way.points]
    words = tell(form.points, old.definition, new.definition, own.definition)
    return BaseMerge(form, content, [*form.points, *way.points], words, told)


def template_words(content: BaseContent) -> list[tuple[str, list[tuple[str, str]]]]:
    """What belongs to the procedure, in words, for whoever looks before taking it."""
    parts = [("台帳の内容", content.procedure), ("教示", content.appeal), ("標準処理期間の数え方", content.period)]
    parts += [(_PARTS["collecting"], content.collecting), (_PARTS["road"], content.road)]
    parts += [(f"通知書：{_OUTCOMES[outcome]}", of) for outcome, of in content.letters.items()]
    parts += [(_LANGUAGES[language], content.texts[language]) for language in _LANGUAGES if language in content.texts]
    return [
        (title, [(LABELS[name], _say(name, of[name]).strip("「」")) for name in LABELS if name in of])
        for title, of in parts
        if of
    ]


def _both(name: str, new: Any, own: Any) -> Any:
    if isinstance(new, list) and isinstance(own, list):
        return [*own, *(one for one in new if one not in own)][:50]
    if name in _JOINED and isinstance(new, str) and isinstance(own, str) and len(new) + len(own) < 4_000:
        return f"{own}\n{new}"
    return MISSING


def _told(point: Point) -> Told:
    part, name = point.path[0], point.path[-1]
    if part == "letters":
        where = f"通知書（{_OUTCOMES[point.path[1]]}）"
    else:
        where = _LANGUAGES[point.path[1]] if part == "texts" else _PARTS[part]
    old, new, own = (_say(name, value) for value in (point.old, point.new, point.own))
    change = f"基本様式が変わりました：{old} → {new}"
    here = f"この団体では：{own}" if point.is_conflict else "この団体では、直していません。"
    return with_choices(
        point,
        f"{where}の{LABELS[name]}",
        change,
        here,
        f"このまま（{own}）",
        f"基本様式に合わせる（{new}）",
        "両方を入れる",
    )


def _say(name: str, value: Any) -> str:
    if value is MISSING:
        return "なし"
    if name == "standard_processing_days":
        return f"{value}日"
    words: Mapping[str, str] | None = _WORDS.get(name)
    if words is None:
        return plain_value(value)
    if isinstance(value, list):
        return "、".join(words.get(one, one) for one in value)
    return words.get(str(value), str(value))
