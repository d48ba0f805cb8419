"""What an outside identity vouches for, read from its claims: name, day of birth, address, and where it says so mail, telephone, gender, corporation.

Sources: OpenID Connect Core 1.0 section 5.1 (standard claims, 5.1.1 address). デジタル認証アプリ gives name, birthdate and address of the
card's 券面事項: one line of name without kana, one line of address. Where a claim is in parts the parts are taken. A mail address or telephone
counts only where the provider has verified it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

__all__ = ["VouchedFacts", "read_claims", "split_address", "split_name"]

_MOST = 120
_PREFECTURE = re.compile(r"(東京都|北海道|(?:京都|大阪)府|.{2,3}県)\s*")
# Names of municipalities that hold a 市, 町, 村, 区 or 郡 inside come first; then 郡 with its 町村, a 市 with its 区, the rest.
_CITY = re.compile(
    r"((?:旭川|伊達|石狩|盛岡|奥州|田村|南相馬|那須塩原|東村山|武蔵村山|羽村|十日町|上越|富山|野々市|大町|蒲郡|四日市|姫路|大和郡山"
    r"|廿日市|下松|岩国|田川|大村|宮古|富良野|別府|佐伯|黒部|小諸|塩尻|玉野|周南|市川|市原|町田|村上|村山|余市)市"
    r"|(?:余市|高市|[^市]{2,3}?)郡(?:玉村|大町|.{1,5}?)[町村]|(?:.{1,4}市)?[^町市]{1,4}?区|.{1,7}?[市町村])"
)


@dataclass(frozen=True, slots=True)
class VouchedFacts:
    """Plain texts, each empty when the identity says nothing of it; `born` is ``YYYY-MM-DD``, `gender` 男 or 女."""

    family: str = ""
    given: str = ""
    family_kana: str = ""
    given_kana: str = ""
    born: str = ""
    postcode: str = ""
    prefecture: str = ""
    city: str = ""
    street: str = ""
    email: str = ""
    phone: str = ""
    gender: str = ""
    corporate_number: str = ""

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def as_dict(self) -> dict[str, str]:
        """For the visitor's session."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: object) -> VouchedFacts:
        """Back from the session; anything unexpected is nothing."""
        if not isinstance(kept, Mapping):
            return cls()
        return cls(**{each.name: _text(kept.get(each.name)) for each in fields(cls)})


def read_claims(claims: Mapping[str, Any]) -> VouchedFacts:
    """The facts of some claims; what is missing or malformed is left empty, never guessed."""
    family, given = split_name(_text(claims.get("name")))
    address = claims.get("address")
    parts = address if isinstance(address, Mapping) else {}
    line = _text(parts.get("formatted")) if parts else _text(address)
    prefecture, city, street = split_address(line)
    return VouchedFacts(
        family=_text(claims.get("family_name")) or family,
        given=_text(claims.get("given_name")) or given,
        family_kana=_text(claims.get("family_name#ja-Kana-JP")),
        given_kana=_text(claims.get("given_name#ja-Kana-JP")),
        born=_day(claims.get("birthdate")),
        postcode=re.sub(r"[^0-9]", "", _text(parts.get("postal_code")))[:7],
        prefecture=_text(parts.get("region")) or prefecture,
        city=_text(parts.get("locality")) or city,
        street=_text(parts.get("street_address")) or street,
        email=_verified(claims, "email"),
        phone=_telephone(_verified(claims, "phone_number")),
        gender=_GENDERS.get(_text(claims.get("gender")).lower(), ""),
        corporate_number=_corporate(_text(claims.get("corporate_number"))),
    )


def split_name(name: str) -> tuple[str, str]:
    """氏 and 名 of one line; a name without a space is kept whole as 氏."""
    family, _, given = name.replace("\u3000", " ").strip().partition(" ")
    return family, given.strip()


def split_address(line: str) -> tuple[str, str, str]:
    """Prefecture, municipality and the rest of one line of address; all in the rest when it cannot be told."""
    text = line.strip()
    found = _PREFECTURE.match(text)
    prefecture = found[1] if found else ""
    rest = text[found.end() :] if found else text
    city = _CITY.match(rest)
    return prefecture, city[1] if city else "", rest[city.end() :].strip() if city else rest


# OpenID Connect's words, and the numbers of ISO 5218 that デジタル認証アプリ uses.
_GENDERS = {"male": "男", "female": "女", "1": "男", "2": "女", "男": "男", "女": "女"}


def _verified(claims: Mapping[str, Any], name: str) -> str:
    return _text(claims.get(name)) if claims.get(f"{name}_verified") is True else ""


def _telephone(text: str) -> str:
    """A number as it is dialled here: +81 90 … becomes 090…."""
    digits = re.sub(r"[^0-9+]", "", text)
    return "0" + digits[3:] if digits.startswith("+81") else digits


def _corporate(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    return digits if len(digits) == 13 else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter >= " " and not "\ud800" <= letter <= "\udfff").strip()[:_MOST]


def _day(value: object) -> str:
    try:
        return date.fromisoformat(_text(value)[:10]).isoformat()
    except ValueError:
        return ""
