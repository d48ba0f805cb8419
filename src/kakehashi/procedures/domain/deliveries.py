"""交付: by which way an issued document goes to its recipient, and how far it has come.

An electronic notice needs the recipient's own 表示 (デジタル手続法7条1項ただし書) and arrives when it is recorded on the recipient's file
(同条3項), so it is 到達 at once. A letter is 発送 on the day somebody posts it; when it reached the person is recorded where it is
known. What comes back (宛先不明) is sent again or published (公示送達, 民法98条); it has not arrived.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["DONE", "STATE_LABELS", "WAY_LABELS", "Address", "Basis", "Standing", "Way", "address_in", "wished"]


class Way(enum.StrEnum):
    """How it goes; the value is stored."""

    ELECTRONIC = "electronic"
    POST = "post"
    COUNTER = "counter"


WAY_LABELS = {Way.ELECTRONIC: "電子（申請者のページ）", Way.POST: "郵送", Way.COUNTER: "窓口で渡す"}


def wished(text: str) -> Way:
    """The way that was chosen when handing in; post where none was: an electronic notice needs the recipient's own 表示."""
    return Way(text) if text in set(Way) else Way.POST


class Standing(enum.StrEnum):
    """How far one attempt has come; the value is stored."""

    WAITING = "waiting"
    SENT = "sent"
    ARRIVED = "arrived"
    RETURNED = "returned"
    PUBLISHED = "published"


STATE_LABELS = {
    Standing.WAITING: "発送・受渡し待ち",
    Standing.SENT: "発送済み",
    Standing.ARRIVED: "到達",
    Standing.RETURNED: "返戻",
    Standing.PUBLISHED: "公示送達",
}
DONE = frozenset({Standing.SENT, Standing.ARRIVED, Standing.PUBLISHED})
"""With one of these the case may close: the document was posted, has arrived, or was published."""


class Basis(enum.StrEnum):
    """On what the day of arrival rests; the value is stored."""

    RECORDED = "recorded"
    HANDED = "handed"
    TRACKED = "tracked"
    CERTIFIED = "certified"
    SAID = "said"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """What staff read."""
        return _BASIS_LABELS[self]


_BASIS_LABELS = {
    Basis.RECORDED: "申請者のページへの記録（デジタル手続法第7条第3項）",
    Basis.HANDED: "窓口で手渡し",
    Basis.TRACKED: "郵便の追跡・特定記録",
    Basis.CERTIFIED: "配達証明・書留",
    Basis.SAID: "本人からの連絡",
    Basis.PUBLISHED: "公示送達",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes; empty parts are unknown. `postcode` is seven digits or empty."""

    postcode: str = ""
    text: str = ""


def address_in(definition: Mapping[str, Any], answers: Mapping[str, Any]) -> Address:
    """The first answered address field of a form version (`definition` is its JSON); empty where there is none."""
    for step in definition["steps"]:
        for field in step.get("fields", ()):
            value = answers.get(field["key"])
            if field["type"] == "address" and isinstance(value, Mapping):
                place = "".join(str(value.get(part, "")) for part in ("prefecture", "city", "street"))
                building = str(value.get("building", "")).strip()
                text = f"{place}\n{building}" if building else place
                return Address(str(value.get("postcode", ""))[:7], text[:300])
    return Address()
