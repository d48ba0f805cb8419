"""Solved cases as signed JSON, for installations that do not share a database (docs/develop/solved-case-file.md).

One bundle carries cases (each with its revision), the ids that are published at this moment, and results for other
governments' cases. The signature is a C2SP note over the government's code, the moment and the digest of the body.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, open_note, sign_note, verifier_key
from kakehashi.kernel.lg_code import check_digit

__all__ = [
    "FORMAT", "KIND", "MOST_BYTES", "MOST_CASES", "Bundle", "CaseBody", "ResultBody", "UnreadableBundleError",
    "fingerprint", "read_bundle", "write_bundle",
]  # fmt: skip

KIND, FORMAT = "kakehashi.solved-cases", 1
MOST_BYTES, MOST_CASES = 4_000_000, 500
TEXTS = {
    "title": 120, "problem": 20_000, "purpose": 20_000, "cause": 20_000, "what_was_done": 20_000, "what_failed": 20_000,
    "conditions": 20_000, "system": 120, "rule": 200, "cost": 200, "funding": 200, "contact": 120,
}  # fmt: skip
NUMBERS = ("population", "before_cases", "after_cases", "before_sheets", "after_sheets")
DECIMALS = ("before_minutes", "after_minutes", "migration_hours")
_MOST_NUMBER = 2_000_000_000
_NAME = "kakehashi-solved-cases"
_NOT_OURS = "解決事例のファイルではありません。「ファイルに書き出す」で作ったファイルを選んでください。"
_ALTERED = (
    "ファイルの中身が、署名したときと違います。途中で書きかえられたか、こわれています。もう一度受け取ってください。"
)
_BODY = ("kind", "format", "origin", "made_at", "current", "cases", "results")
_RESULTS = frozenset({"adopted", "worked", "did_not_fit"})


class UnreadableBundleError(ValueError):
    """The bytes are no bundle, were altered, or say something impossible; the message is Japanese, for a person."""


@dataclass(frozen=True)
class CaseBody:
    """One revision of a solved case. `values` holds the texts and numbers of `desk.models.solved_cases.COPIED_FIELDS`."""

    id: UUID
    revision: int
    published_on: dt.date
    note: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class ResultBody:
    """What came of somebody else's case here."""

    case_id: UUID
    case_origin: str
    result: str
    note: str
    hours_released: Decimal | None
    reported_on: dt.date


@dataclass(frozen=True)
class Bundle:
    """A body whose signature holds. `current`: every case that is published now, or None where that is not said."""

    origin_code: str
    origin_name: str
    made_at: dt.datetime
    current: frozenset[UUID] | None
    cases: Sequence[CaseBody]
    results: Sequence[ResultBody]
    signer: VerifierKey


def fingerprint(signer: VerifierKey) -> str:
    """What two people read to each other: SHA-256 of the signer's name and key, in groups of four."""
    digest = hashlib.sha256(signer.name.encode() + b"\n" + signer.public).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4)).upper()


def signer_name(code: str) -> str:
    """The name under which a government signs its cases."""
    return f"{_NAME}/{code}"


def write_bundle(
    *,
    origin_code: str,
    origin_name: str,
    made_at: dt.datetime,
    current: Sequence[UUID] | None,
    cases: Sequence[CaseBody],
    results: Sequence[ResultBody],
    key: Ed25519PrivateKey,
) -> bytes:
    """Return the signed bytes of a bundle."""
    body = {
        "kind": KIND,
        "format": FORMAT,
        "origin": {"code": origin_code, "name": origin_name},
        "made_at": made_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "current": None if current is None else sorted(str(each) for each in current),
        "cases": [_case_json(case) for case in cases],
        "results": [_result_json(result) for result in results],
    }
    digest, name = _digest(body), signer_name(origin_code)
    signed = {
        **body,
        "digest": f"sha256:{digest}",
        "signature": sign_note(_words(body, digest), name, key),
        "signer": str(verifier_key(name, key)),
    }
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def read_bundle(raw: bytes) -> Bundle:
    """Read bytes that anybody may have made. Raises UnreadableBundleError; what is unsigned is refused."""
    if len(raw) > MOST_BYTES:
        raise UnreadableBundleError("ファイルが大きすぎます（4 MBまで）。")
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_refuse, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise UnreadableBundleError(_NOT_OURS) from error
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise UnreadableBundleError(_NOT_OURS)
    if data.get("format") != FORMAT:
        raise UnreadableBundleError("このファイルは、新しい版のシステムで作られています。先に更新してください。")
    if unknown := set(data) - {*_BODY, "digest", "signature", "signer"}:
        raise UnreadableBundleError(f"ファイルに、知らない項目があります（{min(unknown)[:40]}）。")
    try:
        body = {name: data.get(name) for name in _BODY}
        code, name = _code(data["origin"]["code"]), _text(data["origin"], "name", 60)
        signer = _checked(data, body, code)
        return Bundle(
            code, name, _moment(data["made_at"]), _ids(data.get("current")),
            [_case(each) for each in _list(data.get("cases"))], [_result(each) for each in _list(data.get("results"))], signer,
        )  # fmt: skip
    except UnreadableBundleError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, InvalidOperation) as error:
        raise UnreadableBundleError("ファイルの中に、読めないところがあります。もう一度受け取ってください。") from error


def _case_json(case: CaseBody) -> dict[str, Any]:
    values = {name: str(value) if isinstance(value, Decimal) else value for name, value in case.values.items()}
    return {
        "id": str(case.id), "revision": case.revision, "published_on": case.published_on.isoformat(), "note": case.note,
        "values": values,
    }  # fmt: skip


def _result_json(result: ResultBody) -> dict[str, Any]:
    return {
        "case": str(result.case_id), "case_origin": result.case_origin, "result": result.result, "note": result.note,
        "hours_released": None if result.hours_released is None else str(result.hours_released),
        "reported_on": result.reported_on.isoformat(),
    }  # fmt: skip


def _case(data: Any) -> CaseBody:
    if set(data) != {"id", "revision", "published_on", "note", "values"}:
        raise ValueError("unknown members of a case")
    revision = _number(data["revision"])
    if revision is None or not 1 <= revision <= 1_000_000:
        raise ValueError("revision")
    given = data["values"]
    if set(given) - {*TEXTS, *NUMBERS, *DECIMALS, "is_discontinued"}:
        raise ValueError("unknown values")
    values: dict[str, Any] = {name: _text(given, name, most) for name, most in TEXTS.items()}
    values |= {name: _number(given.get(name)) for name in NUMBERS}
    values |= {name: _decimal(given.get(name)) for name in DECIMALS}
    values["is_discontinued"] = given.get("is_discontinued") is True
    if not values["title"].strip():
        raise ValueError("no title")
    return CaseBody(
        UUID(data["id"]), revision, dt.date.fromisoformat(data["published_on"]), _text(data, "note", 300), values
    )


def _result(data: Any) -> ResultBody:
    if set(data) != {"case", "case_origin", "result", "note", "hours_released", "reported_on"}:
        raise ValueError("unknown members of a result")
    if data["result"] not in _RESULTS:
        raise ValueError("result")
    return ResultBody(
        UUID(data["case"]), _code(data["case_origin"]), data["result"], _text(data, "note", 300),
        _decimal(data["hours_released"]), dt.date.fromisoformat(data["reported_on"]),
    )  # fmt: skip


def _checked(data: Mapping[str, Any], body: Mapping[str, Any], code: str) -> VerifierKey:
    digest = _digest(body)
    if data.get("digest") != f"sha256:{digest}":
        raise UnreadableBundleError(_ALTERED)
    signature, line = data.get("signature"), data.get("signer")
    if not isinstance(signature, str) or not isinstance(line, str) or len(signature) > 3_000 or len(line) > 300:
        raise UnreadableBundleError("署名のないファイルは受け取れません。")
    try:
        signer = VerifierKey.parse(line)
        said = open_note(signature, signer)
    except (BadNoteError, ValueError) as error:
        raise UnreadableBundleError("ファイルの署名が正しくありません。もう一度受け取ってください。") from error
    if signer.name != signer_name(code) or said != _words(body, digest):
        raise UnreadableBundleError("ファイルの署名が、この中身のものではありません。もう一度受け取ってください。")
    return signer


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "strict")).hexdigest()


def _words(body: Mapping[str, Any], digest: str) -> str:
    origin = body["origin"]
    return f"{_NAME}\n{origin['code']}\n{body['made_at']}\nsha256:{digest}\n"


def _code(code: Any) -> str:
    if (
        not isinstance(code, str)
        or len(code) != 6
        or not code.isascii()
        or not code.isdigit()
        or check_digit(code[:5]) != code[5]
    ):
        raise ValueError("code")
    return code


def _text(data: Mapping[str, Any], name: str, most: int) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise ValueError(name)
    return value


def _number(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_NUMBER:
        raise ValueError("number")
    return value


def _decimal(value: Any) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 12:
        raise ValueError("decimal")
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= 10_000_000:
        raise ValueError("decimal")
    return number.quantize(Decimal("0.1"))


def _ids(value: Any) -> frozenset[UUID] | None:
    return None if value is None else frozenset(UUID(each) for each in _list(value))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > 20 * MOST_CASES:
        raise ValueError("list")
    return value


def _moment(value: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("moment")
    return moment


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _integer(text: str) -> int:
    if len(text) > 16:
        raise ValueError(text)
    return int(text)
