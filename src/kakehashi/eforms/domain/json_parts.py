"""Reading the pieces of a stored definition: every text, key and list is bounded before anything else looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = [
    "LANGUAGES",
    "LONGEST_TEXT",
    "DefinitionError",
    "Translations",
    "items_of",
    "key_of",
    "plain_translations",
    "settings_of",
    "text_of",
    "translations_of",
    "whole_number",
    "without_empty",
]

# Languages besides Japanese, with the name the editor shows.
LANGUAGES = {"ja-easy": "やさしい日本語", "en": "English"}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TEXT = 4_000
GREATEST = 999_999_999_999_999

Translations = Mapping[str, Mapping[str, str]]


class DefinitionError(ValueError):
    """A definition that cannot be read; the message says what is wrong, in Japanese."""


def text_of(data: Mapping[str, Any], name: str, most: int = LONGEST_TEXT) -> str:
    """A text of at most ``most`` characters that can be stored; "" when it is not there."""
    text = data.get(name, "")
    if not isinstance(text, str) or len(text) > most:
        raise DefinitionError(f"「{name}」は{most}文字以内の文字です。")
    # PostgreSQL's jsonb refuses NUL, UTF-8 refuses lone surrogates: neither may reach a stored definition.
    if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text):
        raise DefinitionError("使えない文字が入っています。")
    return text


def key_of(data: Mapping[str, Any], name: str = "key") -> str:
    """A key, which no person ever sees."""
    key = data.get(name)
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise DefinitionError(f"項目の符号が正しくありません：{key!r}")
    return key


def translations_of(data: Mapping[str, Any]) -> Translations:
    """The texts in the other languages, by language and attribute."""
    given = data.get("translations", {})
    if not isinstance(given, dict):
        raise DefinitionError("翻訳の形が正しくありません。")
    kept: dict[str, dict[str, str]] = {}
    for language, texts in given.items():
        if language not in LANGUAGES or not isinstance(texts, dict) or len(texts) > 20:
            raise DefinitionError("翻訳の形が正しくありません。")
        kept[language] = {str(name)[:40]: text_of(texts, name) for name in texts}
    return kept


def items_of(data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    """A list of at most ``most`` objects; empty when it is not there."""
    items = data.get(name, [])
    if not isinstance(items, list) or len(items) > most or not all(isinstance(item, dict) for item in items):
        raise DefinitionError(f"「{name}」は{most}個までの並びです。")
    return items


def whole_number(data: Mapping[str, Any], name: str) -> int | None:
    """A whole number that JSON keeps exactly, None when it is not there."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > GREATEST:
        raise DefinitionError(f"「{name}」は15けたまでの整数です。")
    return value


def settings_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a field: whatever its type keeps there, as long as it can be stored."""
    given = data.get("settings", {})
    if not isinstance(given, dict) or len(given) > 40:
        raise DefinitionError("項目の設定の形が正しくありません。")
    return {_setting_name(name): _setting(value, 0) for name, value in given.items()}


def _setting_name(name: object) -> str:
    if not isinstance(name, str) or len(name) > 40:
        raise DefinitionError("項目の設定の形が正しくありません。")
    return text_of({"name": name}, "name")


def _setting(value: object, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text_of({"設定": value}, "設定")
    if isinstance(value, int):
        return whole_number({"設定": value}, "設定")
    if depth < 5 and isinstance(value, list) and len(value) <= 200:
        return [_setting(item, depth + 1) for item in value]
    if depth < 5 and isinstance(value, dict) and len(value) <= 40:
        return {_setting_name(name): _setting(item, depth + 1) for name, item in value.items()}
    raise DefinitionError("項目の設定の形が正しくありません。")


def plain_translations(translations: Translations) -> dict[str, dict[str, str]]:
    """The translations as plain JSON, empty texts left out."""
    texts = {language: {name: text for name, text in of.items() if text} for language, of in translations.items()}
    return {language: of for language, of in texts.items() if of}


def without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """The object without attributes that say nothing; a zero says something."""
    return {name: value for name, value in data.items() if value not in ("", None, [], {}) and value is not False}
