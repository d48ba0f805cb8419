"""基本様式: what one government offers another — a form with what belongs to its procedure — as values and as JSON.

The town's own things are no part of it: contact, section, volume, decision matter, blocks it follows. Whatever is read is
checked piece by piece, because anybody may have written the file it came in (docs/develop/base-form-file.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kakehashi.eforms.domain.checks import check_definition, my_number_problems
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import DefinitionError, FormDefinition, from_json, to_json
from kakehashi.eforms.domain.json_parts import text_of
from kakehashi.procedures.domain.identity import IdentityCheck
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.domain.standard_period import Unit, read_closings
from kakehashi.procedures.domain.survey import LIFE_EVENTS
from kakehashi.procedures.domain.teaching import Basis, Review

__all__ = [
    "APPEAL",
    "COLLECTING",
    "LANGUAGES",
    "LETTER",
    "PERIOD",
    "PROCEDURE",
    "ROAD",
    "TEXTS",
    "BaseContent",
    "UnreadableBaseError",
    "content_from_json",
    "content_to_json",
    "own_numbers",
    "without_nothing",
]

LANGUAGES = ("ja", "ja-easy", "en")
_DEMANDS = frozenset({"none", "required"})
_OWN_NUMBERS = 5_000


@dataclass(frozen=True)
class Text:
    """A text of at most ``most`` characters."""

    most: int


@dataclass(frozen=True)
class Lines:
    """A list of at most ``most`` texts of 200 characters; with ``of``, only these."""

    most: int
    of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OneOf:
    """One of these words."""

    of: frozenset[str]


@dataclass(frozen=True)
class Whole:
    """A whole number between two."""

    least: int
    most: int


@dataclass(frozen=True)
class Mark:
    """Yes or no."""


Rule = Text | Lines | OneOf | Whole | Mark

PROCEDURE: Mapping[str, Rule] = {
    "name": Text(300),
    "kind": OneOf(frozenset(Kind)),
    "legal_basis": Text(500),
    "basis": OneOf(frozenset(Basis)),
    "founding": OneOf(frozenset({"law", "prefecture", "own"})),
    "fee": Text(200),
    "standard_processing_days": Whole(1, 1_000),
    "standard_processing_unit": OneOf(frozenset(Unit)),
    "needs": Lines(50),
    "attachments": Lines(50),
    "life_events": Lines(50, frozenset(LIFE_EVENTS)),
    "identity_check": OneOf(frozenset(IdentityCheck)),
    "identity_note": Text(200),
    "retention_class": Text(30),
    "seal": OneOf(_DEMANDS),
    "seal_reason": Text(300),
    "visit": OneOf(_DEMANDS),
    "visit_reason": Text(300),
    "online_basis": Text(300),
    "privacy_purpose": Text(4_000),
}
"""What of a procedure is offered, column by column."""

TEXTS: Mapping[str, Rule] = {
    "name": Text(300), "what_for": Text(4_000), "who_may": Text(4_000), "needs": Lines(50), "fee": Text(200),
}  # fmt: skip
APPEAL: Mapping[str, Rule] = {
    "review": OneOf(frozenset(Review)), "office": Text(100), "months": Whole(1, 12), "comes_first": Mark(),
}  # fmt: skip
PERIOD: Mapping[str, Rule] = {
    "leaves_out_corrections": Mark(), "leaves_out_inquiries": Mark(), "closings": Lines(20),
}  # fmt: skip


LETTER: Mapping[str, Rule] = {
    "title": Text(100), "text": Text(4_000), "rows": Text(4_000), "remark": Text(4_000), "is_certificate": Mark(),
    "valid_days": Whole(1, 30_000),
}  # fmt: skip
"""A letter of one outcome, as its template is written."""
LETTER_OUTCOMES = frozenset({"receipt", *Result})
COLLECTING: Mapping[str, Rule] = {"when": OneOf(frozenset(FeeWhen) - {""}), "yen": Whole(0, 10_000_000)}
"""When a fee is paid and how much; what the form works out stands in the form."""
ROAD: Mapping[str, Rule] = {"matter_code": Text(60)}
"""The 決裁事項: by the rules of whoever takes it, it names the road of the proposal."""


class UnreadableBaseError(ValueError):
    """What was given is no base form that can be taken; the message says why, in Japanese."""


@dataclass(frozen=True)
class BaseContent:
    """A form and what belongs to its procedure. Empty values are left out of the mappings.

    ``texts`` by language; ``appeal`` is the 教示 where it is not the ordinary one; ``period`` what the clock leaves out;
    ``letters`` by outcome; ``collecting`` when a fee is paid; ``road`` the 決裁事項.
    """

    definition: FormDefinition
    procedure: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    appeal: Mapping[str, Any] = field(default_factory=dict)
    period: Mapping[str, Any] = field(default_factory=dict)
    letters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    collecting: Mapping[str, Any] = field(default_factory=dict)
    road: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of its procedure."""
        return str(self.procedure.get("name", ""))


def without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something; no and zero do."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {}, ())}


def content_to_json(content: BaseContent) -> dict[str, Any]:
    """The content as JSON; reading it again gives an equal content."""
    added = {
        "letters": without_nothing({outcome: without_nothing(of) for outcome, of in content.letters.items()}),
        "collecting": without_nothing(content.collecting),
        "road": without_nothing(content.road),
    }
    return {
        # What a content of before did not know is left out when it says nothing: its digest stays the same.
        **without_nothing(added),
        "form": to_json(replace(content.definition, blocks=())),
        "procedure": without_nothing(content.procedure),
        "texts": without_nothing({language: without_nothing(of) for language, of in content.texts.items()}),
        "appeal": without_nothing(content.appeal),
        "period": without_nothing(content.period),
    }


def content_from_json(data: object) -> BaseContent:
    """Read a content. Raises UnreadableBaseError with a sentence."""
    if not isinstance(data, dict):
        raise UnreadableBaseError("基本様式の形を読めません。")
    texts = data.get("texts", {})
    if not isinstance(texts, dict) or any(language not in LANGUAGES for language in texts):
        raise UnreadableBaseError("案内文の形を読めません。")
    content = BaseContent(
        definition=_definition(data.get("form")),
        procedure=_read(data.get("procedure"), PROCEDURE),
        texts={language: _read(of, TEXTS) for language, of in texts.items()},
        appeal=_read(data.get("appeal", {}), APPEAL),
        period=_read(data.get("period", {}), PERIOD),
        letters=_letters(data.get("letters", {})),
        collecting=_read(data.get("collecting", {}), COLLECTING),
        road=_read(data.get("road", {}), ROAD),
    )
    if not content.title or "kind" not in content.procedure:
        raise UnreadableBaseError("手続の名前か種類がありません。")
    if content.appeal.get("review") == Review.OTHER and not content.appeal.get("office"):
        raise UnreadableBaseError("審査請求先の行政庁が書かれていません。")
    try:
        read_closings(content.period.get("closings", []))
    except ValueError as error:
        raise UnreadableBaseError("標準処理期間の休みの日を読めません。") from error
    return content


def own_numbers(definition: FormDefinition) -> FormDefinition:
    """The form with a range of numbers of its own: what is added here never gets the key of something added to the base.

    A base may itself be taken from elsewhere, so the range begins above the one it numbers in.
    """
    start = (definition.next_number // _OWN_NUMBERS + 1) * _OWN_NUMBERS + 1
    return replace(definition, next_number=start, blocks=())


def _letters(data: object) -> dict[str, dict[str, Any]]:
    if not isinstance(data, dict) or any(outcome not in LETTER_OUTCOMES for outcome in data):
        raise UnreadableBaseError("通知書のひな形の形を読めません。")
    found = {outcome: _read(of, LETTER) for outcome, of in data.items()}
    if any(not of.get("title") or not of.get("text") for of in found.values()):
        raise UnreadableBaseError("通知書のひな形に、題名か本文がありません。")
    return found


def _definition(data: object) -> FormDefinition:
    try:
        definition = replace(from_json(data), blocks=())
        compile_form(definition)
    except DefinitionError as error:
        # What stands behind the colon is a key or a type: no person can do anything with it.
        said = str(error).partition("：")[0].rstrip("。")
        raise UnreadableBaseError(f"様式を読み取れません。{said}。") from error
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UnreadableBaseError("様式を読み取れません。項目の設定が正しくありません。") from error
    found = my_number_problems(definition) or check_definition(definition)
    if found:
        raise UnreadableBaseError(f"この様式は使えません。{found[0].message}")
    return definition


def _read(data: object, rules: Mapping[str, Rule]) -> dict[str, Any]:
    if not isinstance(data, dict) or any(name not in rules for name in data):
        raise UnreadableBaseError("手続の内容に、知らない項目があります。先にこのシステムを更新してください。")
    return without_nothing({name: _value(name, value, rules[name]) for name, value in data.items()})


def _value(name: str, value: object, rule: Rule) -> Any:
    if isinstance(rule, Text) and isinstance(value, str):
        return _words(value, rule.most)
    if isinstance(rule, Lines) and isinstance(value, list) and len(value) <= rule.most:
        lines = [_words(one, 200) for one in value]
        if not rule.of or rule.of.issuperset(lines):
            return lines
    if isinstance(rule, OneOf) and isinstance(value, str) and value in rule.of:
        return value
    if isinstance(rule, Mark) and isinstance(value, bool):
        return value
    if isinstance(rule, Whole) and isinstance(value, int) and not isinstance(value, bool):
        if rule.least <= value <= rule.most:
            return value
    raise UnreadableBaseError(f"手続の内容（{name}）を読めません。")


def _words(value: object, most: int) -> str:
    try:
        return text_of({"文": value}, "文", most)
    except DefinitionError as error:
        raise UnreadableBaseError(str(error)) from error
