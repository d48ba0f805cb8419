"""位置: where something is, by words, by latitude and longitude, or both. No map is needed to answer."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Wrong, parts_of, typed_parts, typed_text
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext
from kakehashi.eforms.domain.text_cleaning import fold_ascii

__all__ = ["LocationType"]

_LABELS = {
    "place": pgettext("form part", "場所の説明（住所や目印）"),
    "latitude": pgettext("form part", "緯度"),
    "longitude": pgettext("form part", "経度"),
}
PLACE_HINT = gettext_noop("例：大島公園の東の入口、電柱の番号")
POINT_HINT = gettext_noop("わからないときは空けておいてください")
NO_PLACE = gettext_noop("場所の説明か、緯度と経度を入力してください。")
BOTH = gettext_noop("緯度と経度は、両方を入力してください。")
NOT_A_POINT = gettext_noop("緯度と経度は数字で入力してください。例：36.7128、137.0986")
NOT_IN_JAPAN = gettext_noop(
    "日本の中の緯度（20〜46）と経度（122〜154）を入力してください。逆になっていないか確かめてください。"
)
_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?")
_LIMITS = {"latitude": (Decimal(20), Decimal(46)), "longitude": (Decimal(122), Decimal(154))}
_KEPT = r"^([0-9]{2,3}\.[0-9]{6})?$"


class LocationType(FieldType):
    """位置: ``{"place", "latitude", "longitude"}``, degrees (WGS 84) as texts of six decimals (about 0.1 m), each possibly empty."""

    code = "location"
    label = "位置（場所）"
    parts = ("place", "latitude", "longitude")
    is_group = True

    def parse(self, field_: Field, raw: object, context: Context) -> dict[str, str] | None:
        """Words and point, None when all is empty."""
        if raw is None or raw == "":
            return None
        parts = parts_of(field_, raw, self.parts, 200)
        if not any(parts.values()):
            return None
        names = ("latitude", "longitude")
        typed = [re.sub(r"[\s°度]|北緯|東経", "", fold_ascii(parts[name])) for name in names]
        if typed[0] and not typed[1] and typed[0].count(",") == 1:
            # 「36.7128, 137.0986」 as map services copy it, in one box.
            typed = typed[0].split(",")
        if any(typed) and not all(typed):
            raise Wrong(Problem(BOTH, part=names[typed.index("")]))
        found = {name: _degrees(name, text) if text else "" for name, text in zip(names, typed, strict=True)}
        return {"place": parts["place"], **found}

    def schema(self, field_: Field) -> dict[str, Any]:
        """Words and two numbers written out."""
        degrees = {"type": "string", "pattern": _KEPT}
        return {
            "type": "object",
            "required": list(self.parts),
            "properties": {
                "place": {"type": "string", "maxLength": 200},
                "latitude": degrees,
                "longitude": degrees,
            },
            "additionalProperties": False,
        }

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Words first; the point in two inputs that a button or a map may fill."""
        values = typed_parts(typed)
        return [
            Input(
                name=f"{prefix}{field_.key}.{part}",
                part=part,
                label=_LABELS[part],
                value=typed_text(values.get(part)),
                inputmode="" if part == "place" else "decimal",
                autocomplete="off",
                maxlength=200 if part == "place" else 40,
                width="" if part == "place" else "half",
                hint=PLACE_HINT if part == "place" else POINT_HINT,
            )
            for part in self.parts
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """大島公園の東の入口（北緯36.712800 東経137.098600）."""
        if language == "en":
            return (
                f"{value['place']} ({value['latitude']} N, {value['longitude']} E)"
                if value.get("latitude")
                else str(value["place"])
            )
        point = f"（北緯{value['latitude']} 東経{value['longitude']}）" if value.get("latitude") else ""
        return f"{value['place']}{point}"


def _degrees(name: str, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise Wrong(Problem(NOT_A_POINT, part=name))
    try:
        degrees = Decimal(text).quantize(Decimal("0.000001"))
    except InvalidOperation as error:
        raise Wrong(Problem(NOT_A_POINT, part=name)) from error
    least, most = _LIMITS[name]
    if not least <= degrees <= most:
        raise Wrong(Problem(NOT_IN_JAPAN, part=name))
    return str(degrees)
