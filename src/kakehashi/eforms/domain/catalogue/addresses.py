"""住所 from 郵便番号."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Wrong, parts_of, typed_parts, typed_text
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.postcodes import Place, find_place
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext
from kakehashi.eforms.domain.text_cleaning import clean_line, fold_ascii

__all__ = ["AddressType"]

# fmt: off
PREFECTURES = [
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県",
    "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県",
    "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
]
# fmt: on
_LABELS = {
    "postcode": pgettext("form part", "郵便番号"),
    "prefecture": pgettext("form part", "都道府県"),
    "city": pgettext("form part", "市区町村"),
    "street": pgettext("form part", "町名・番地"),
    "building": pgettext("form part", "建物名・部屋番号"),
}
_TOKENS = {
    "postcode": "postal-code",
    "prefecture": "address-level1",
    "city": "address-level2",
    "street": "address-line1",
    "building": "address-line2",
}
MISSING = {
    "postcode": gettext_noop("郵便番号を入力してください。"),
    "prefecture": gettext_noop("都道府県を選んでください。"),
    "city": gettext_noop("市区町村を入力してください。"),
    "street": gettext_noop("町名と番地を入力してください。"),
}
BAD_POSTCODE = gettext_noop("郵便番号は7けたの数字で入力してください。例：1000001")
NO_PLACE = gettext_noop("この郵便番号の住所は見つかりませんでした。番号を確かめるか、住所をそのまま入力してください。")
NOT_A_PREFECTURE = gettext_noop("都道府県を一覧の中から選んでください。")
SEVERAL_TOWNS = gettext_noop("この郵便番号の町は、いくつかあります。一覧から選ぶか、そのまま入力してください")
OPTIONAL = gettext_noop("ないときは空けておいてください")
_CHOOSE = pgettext("form part", "選んでください")
_POSTCODE = re.compile(r"[0-9]{7}")


def _postcode(text: str) -> str:
    return re.sub(r"[\s〒-]", "", fold_ascii(text))


def _street(place: Place, typed: str) -> str:
    """A street that was typed already stays when it continues what the postcode says; among several towns nobody chooses for people."""
    if any(typed.startswith(town) for town in place.towns):
        return typed
    return "" if len(place.towns) > 1 else place.town


def _towns(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The 町字 to choose from where a postcode has several and none has been written yet."""
    code = _postcode(typed_text(values.get("postcode"))[:20])
    place = find_place(code) if _POSTCODE.fullmatch(code) and not values.get("street") else None
    return [(town, town) for town in place.towns] if place is not None and len(place.towns) > 1 else []


class AddressType(FieldType):
    """住所: postcode, prefecture, municipality, street, building. The postcode fills the rest in when asked to."""

    code = "address"
    label = "住所"
    parts = ("postcode", "prefecture", "city", "street", "building")
    is_group = True

    def parse(self, field_: Field, raw: object, context: Context) -> dict[str, str] | None:
        """The five parts, ``building`` possibly empty; None when all are empty."""
        if raw is None or raw == "":
            return None
        parts = parts_of(field_, raw, self.parts, 120)
        if not any(parts.values()):
            return None
        parts["postcode"] = _postcode(parts["postcode"])
        problems = [Problem(MISSING[part], part=part) for part in MISSING if not parts[part]]
        if parts["postcode"] and not _POSTCODE.fullmatch(parts["postcode"]):
            problems.append(Problem(BAD_POSTCODE, part="postcode"))
        if parts["prefecture"] and parts["prefecture"] not in PREFECTURES:
            problems.append(Problem(NOT_A_PREFECTURE, part="prefecture"))
        if problems:
            raise Wrong(*problems)
        return parts

    def fill(self, field_: Field, typed: object) -> dict[str, str]:
        """What was typed, with the address of its postcode filled in (「住所を入れる」).

        Raises Wrong at the postcode when it is not one or no place has it. A street that was already typed stays
        when it continues what the postcode says.
        """
        given = typed_parts(typed)
        postcode = clean_line(given.get("postcode"), 60, "postcode")
        if isinstance(postcode, Problem):
            raise Wrong(postcode)
        postcode = _postcode(postcode)
        if not _POSTCODE.fullmatch(postcode):
            raise Wrong(Problem(BAD_POSTCODE, part="postcode"))
        place = find_place(postcode)
        if place is None:
            raise Wrong(Problem(NO_PLACE, part="postcode"))
        street = typed_text(given.get("street"))
        return {
            "postcode": postcode,
            "prefecture": place.prefecture,
            "city": place.city,
            "street": _street(place, street),
            "building": typed_text(given.get("building")),
        }

    def schema(self, field_: Field) -> dict[str, Any]:
        """Five texts, the prefecture one of 47."""
        text = {"type": "string", "minLength": 1, "maxLength": 120}
        return {
            "type": "object",
            "required": list(self.parts),
            "properties": {
                "postcode": {"type": "string", "pattern": "^[0-9]{7}$"},
                "prefecture": {"enum": PREFECTURES},
                "city": text,
                "street": text,
                "building": {"type": "string", "maxLength": 120},
            },
            "additionalProperties": False,
        }

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Five controls; the page puts the button 「住所を入れる」 after the first."""
        values: Mapping[str, Any] = typed_parts(typed)
        towns = _towns(values)
        found = [self._input(f"{prefix}{field_.key}", part, values.get(part), field_.required) for part in self.parts]
        return [
            replace(one, choices=towns, hint=SEVERAL_TOWNS) if one.part == "street" and towns else one for one in found
        ]

    def _input(self, name: str, part: str, value: object, required: bool) -> Input:
        is_prefecture = part == "prefecture"
        return Input(
            name=f"{name}.{part}",
            label=_LABELS[part],
            part=part,
            control="select" if is_prefecture else "input",
            value=typed_text(value),
            inputmode="numeric" if part == "postcode" else "",
            autocomplete=_TOKENS[part],
            maxlength=10 if part == "postcode" else 120,
            width="short" if part in ("postcode", "prefecture") else "",
            choices=[("", _CHOOSE), *((one, one) for one in PREFECTURES)] if is_prefecture else (),
            required=required and part != "building",
            hint=OPTIONAL if part == "building" else "",
        )

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """〒100-0001 東京都千代田区千代田1-1 …"""
        code = value["postcode"]
        building = f" {value['building']}" if value.get("building") else ""
        return f"〒{code[:3]}-{code[3:]} {value['prefecture']}{value['city']}{value['street']}{building}"
