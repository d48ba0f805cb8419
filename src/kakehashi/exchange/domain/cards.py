"""名乗り: the public halves of a side's two keys, and the fingerprint that two people read to each other."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass

from kakehashi.exchange.domain.sides import Side
from kakehashi.kernel.json_text import read_json

__all__ = ["FORMAT", "BadCard", "Card", "fingerprint_of", "normalise_fingerprint"]

FORMAT = "kakehashi-pairing/1"
_LENGTH = 32
_NOT_HEX = re.compile(r"[^0-9A-F]")


class BadCard(ValueError):
    """The text is no pairing card; the message is Japanese."""


def fingerprint_of(sign: bytes, seal: bytes) -> str:
    """Eight groups of four: the first 128 bits of the SHA-256 of both public keys, to be read over the telephone."""
    digest = hashlib.sha256(b"kakehashi-pairing" + sign + seal).hexdigest()[:_LENGTH].upper()
    return "-".join(digest[at : at + 4] for at in range(0, _LENGTH, 4))


def normalise_fingerprint(text: str) -> str:
    """What a person typed, in groups of four capitals; anything else than the 32 hexadecimal digits is left out."""
    plain = _NOT_HEX.sub("", text.upper())
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


@dataclass(frozen=True, slots=True)
class Card:
    """Who a side is: its government, which half, its Ed25519 and X25519 public keys (32 bytes each), its address."""

    government: str
    side: Side
    sign: bytes
    seal: bytes
    url: str = ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of both keys."""
        return fingerprint_of(self.sign, self.seal)

    def to_text(self) -> str:
        """The card as a small JSON file."""
        return json.dumps(
            {
                "format": FORMAT,
                "government": self.government,
                "side": self.side.value,
                "sign": base64.b64encode(self.sign).decode(),
                "seal": base64.b64encode(self.seal).decode(),
                "url": self.url,
            },
            indent=1,
        )

    @staticmethod
    def from_text(text: str) -> Card:
        """Read a card. Raises BadCard."""
        try:
            raw = read_json(text)
            if raw["format"] != FORMAT:
                raise BadCard("この名乗りのファイルは、読める形式ではありません。")
            sign, seal = (base64.b64decode(raw[name], validate=True) for name in ("sign", "seal"))
            card = Card(str(raw["government"]), Side(raw["side"]), sign, seal, str(raw.get("url", "")))
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, BadCard):
                raise
            raise BadCard("名乗りのファイルが読めません。相手側でもう一度作ってもらってください。") from error
        if len(sign) != 32 or len(seal) != 32:
            raise BadCard("名乗りのファイルの鍵の長さが違います。")
        return card
