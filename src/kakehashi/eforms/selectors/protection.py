"""Sealing and opening the answers to marked questions. Staff open them only through the owning room's door, which writes it down."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kakehashi.eforms.domain.protection import gone_text, is_sealed, protected_keys
from kakehashi.eforms.selectors.forms import Version, compiled_form
from kakehashi.kernel.clock import JST
from kakehashi.kernel.data_keys import DataKey, KeyGone, key_ring
from kakehashi.kernel.sealing import SealBroken, seal_bytes, unseal_bytes
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki

__all__ = ["gone_sentence", "open_answers", "seal_answers", "sealed_answers_of"]


def seal_answers(
    version: Version, answers: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The answers with those to marked questions sealed under this government's key of this fiscal year.

    Keys may be ``field`` or, for what was typed, ``field.part``. What is sealed already stays as it is. An answer that says
    the same as the sealed one in `before` keeps that envelope, so that a comparison sees what really changed.
    """
    marked = protected_keys(compiled_form(version).definition)
    sealed = dict(answers)
    wanted = [key for key in answers if key.partition(".")[0] in marked]
    if not wanted:
        return sealed
    government_id = current_government_id()
    key = key_ring().current(government_id)
    for name in wanted:
        earlier = (before or {}).get(name)
        if earlier is not None and _opened(government_id, name, earlier) == answers[name]:
            sealed[name] = earlier
        else:
            sealed[name] = _sealed(key, government_id, name, answers[name])
    return sealed


def open_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with everything opened; what cannot be read any more carries the sentence that says why."""
    government_id = current_government_id()
    return {name: _opened(government_id, name, value) for name, value in answers.items()}


def sealed_answers_of(version: Version, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Question and opened answer of every sealed one, files left out; what cannot be read says why. For doors only."""
    form = compiled_form(version)
    opened = open_answers({name: value for name, value in answers.items() if is_sealed(value)})
    found = []
    for _, field in form.definition.walk():
        if field.key in opened:
            value = opened[field.key]
            text = (
                gone_text(value) or form.types[field.key].describe(field, value, "ja")
                if value is not True
                else "同意した"
            )
            found.append((field.label, text))
    return found


def gone_sentence(error: KeyGone) -> str:
    """Why something cannot be read any more, for whoever looks at it."""
    if error.info is None or not error.info.destroyed_at:
        return "（この内容の鍵が見つからないため、読めません）"
    day = format_wareki(datetime.fromisoformat(error.info.destroyed_at).astimezone(JST).date())
    return f"（{day}に鍵を廃棄したため、読めません。理由：{error.info.reason}）"


def _sealed(key: DataKey, government_id: UUID, name: str, value: Any) -> Any:
    if value in (None, "", [], {}) or is_sealed(value):
        return value
    if _are_files(value):
        return [item | {"name": _sealed(key, government_id, f"{name}/{item['id']}", item["name"])} for item in value]
    data = seal_bytes(key.key, json.dumps(value, ensure_ascii=False).encode(), f"{government_id}/{name}")
    return {"sealed": key.id, "data": base64.b64encode(data).decode()}


def _opened(government_id: UUID, name: str, value: Any) -> Any:
    if type(value) in _NEVER_SEALED:
        return value
    if _are_files(value):
        return [item | {"name": _opened(government_id, f"{name}/{item['id']}", item["name"])} for item in value]
    if not is_sealed(value):
        return value
    try:
        key = key_ring().key(government_id, str(value["sealed"]))
        return json.loads(unseal_bytes(key, base64.b64decode(value["data"]), f"{government_id}/{name}"))
    except KeyGone as error:
        return {**value, "gone": gone_sentence(error)}
    except (SealBroken, ValueError):
        return {**value, "gone": "（この内容は書き換えられているため、読めません）"}


# An envelope is a mapping; most answers are plain and are passed on without a look inside.
_NEVER_SEALED = frozenset({str, int, bool, type(None)})


def _are_files(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and "id" in item and "name" in item for item in value)
    )
