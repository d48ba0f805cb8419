"""Shapes of what the room's API takes and gives."""

from __future__ import annotations

from typing import Any

from kakehashi.kernel.api import Schema
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.states import FACES, State

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
NUMBER = {"type": "integer"}
MAYBE_NUMBER = {"type": ["integer", "null"]}
ID = {"type": "string", "format": "uuid"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
CURSOR = {"type": "string", "maxLength": 2000, "description": "前の答えの next。はじめは付けない。"}
NOTHING = {"type": "object", "additionalProperties": False}


def thing(**properties: Any) -> dict[str, Any]:
    """An object with all of these properties."""
    return {"type": "object", "required": list(properties), "properties": properties}


def list_of(name: str, item: dict[str, Any]) -> dict[str, Any]:
    """A page of a list: the rows, and where the next page begins (null on the last one)."""
    return thing(**{name: {"type": "array", "items": item}, "next": MAYBE_TEXT})


def _taken(*required: str, **properties: Any) -> dict[str, Any]:
    """A body with these properties and no others."""
    return {"type": "object", "required": list(required), "additionalProperties": False, "properties": properties}


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


_STATES = "。".join(f"{state.value}：{face.label}" for state, face in FACES.items())
_RESULTS = "。".join(f"{result.value}：{result.label}" for result in Result if result.value)

APPLICATION = thing(
    id=ID,
    receipt_number=TEXT,
    procedure=thing(id=ID, name=TEXT),
    state={"type": "string", "description": _STATES},
    state_label=TEXT,
    result={"type": "string", "description": f"空：まだない。{_RESULTS}"},
    version={"type": "integer", "description": "回答の版。補正が提出されるたびに1つ増える。"},
    channel=TEXT,
    arrived_at=MOMENT,
    outside_number=TEXT,
)
WHOLE = thing(
    **APPLICATION["properties"],
    applicant_name=TEXT,
    answers={"type": "object", "description": "様式の項目の名前ごとの回答（機械のため）"},
    lines={
        "type": "array",
        "items": thing(step=TEXT, label=TEXT, text=TEXT),
        "description": "見出しと回答（人のため）",
    },
    files={"type": "array", "items": thing(id=ID, name=TEXT, label=TEXT)},
)
CHANGES = thing(
    changes={
        "type": "array",
        "items": thing(position=NUMBER, event=ID, kind=TEXT, occurred_at=MOMENT, application=APPLICATION),
    },
    position={"type": "integer", "description": "次に after に付ける値"},
    more={"type": "boolean", "description": "続きがすぐに読める"},
)
WAITING = thing(applications={"type": "array", "items": APPLICATION}, more={"type": "boolean"})
RECEIPT = thing(application=ID, version=NUMBER, number=TEXT, taken_at=MOMENT)
FILTERS: dict[str, Schema] = {
    "cursor": CURSOR,
    "state": {"type": "string", "enum": [state.value for state in State]},
    "procedure": ID,
    "arrived_from": DAY,
    "arrived_to": DAY,
}
AFTER: dict[str, Schema] = {
    "after": {
        "type": "integer",
        "minimum": -1,
        "maximum": 2**53,
        "description": "前の答えの position。はじめは -1（初めから全部）。",
    }
}
TAKING = _taken(
    "version",
    version={"type": "integer", "minimum": 1, "maximum": 32767, "description": "取り込んだ回答の版"},
    number={"type": "string", "maxLength": 100, "description": "取り込んだシステムでの番号（任意）"},
)
CORRECTION = _taken("message", "deadline", message=_text(4000), deadline=DAY)
DECISION = _taken(
    "result", "number", "decided_on",
    result={"type": "string", "enum": [result.value for result in Result if result.value]},
    number=_text(100),
    decided_on=DAY,
    document_number={"type": "string", "maxLength": 60},
    reason={"type": "string", "maxLength": 4000, "description": "理由。申請者への連絡に書きます。"},
    teaching_confirmed={
        "type": "boolean",
        "description": "一部許可・不許可・却下の通知書に、理由と教示（審査請求・取消訴訟）が書かれていることを確かめた。",
    },
)  # fmt: skip
MESSAGE = _taken("body", "idempotency_key", body=_text(4000), idempotency_key=ID)
