"""What an outside identity vouches for answers the first question of its kind, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from kakehashi.people.domain.claims import read_claims
from kakehashi.procedures.domain.prefill import FACTS, fill_in, told

CLAIMS = {
    "name": "住民　太郎", "birthdate": "1985-04-01", "address": "東京都千代田区千代田1-1", "gender": "1",
    "email": "taro@example.jp", "email_verified": True, "phone_number": "+81 90-1234-5678", "phone_number_verified": True,
    "corporate_number": "7000012050002",
}  # fmt: skip


def asked(type_: str, key: str = "", **more: Any) -> dict[str, Any]:
    return {"key": key or type_, "type": type_, "label": type_} | more


def laid(*fields: dict[str, Any], **claims: Any) -> dict[str, Any]:
    return fill_in({"steps": [{"fields": list(fields)}]}, read_claims(CLAIMS | claims).as_dict())


def test_every_kind_is_filled_once() -> None:
    kinds = ("name", "birth_date", "address", "phone", "email", "corporate_number")
    found = laid(*(asked(kind) for kind in kinds), *(asked(kind, f"{kind}_2") for kind in kinds))
    assert sorted(found) == sorted(kinds)
    assert (found["phone"], found["email"], found["corporate_number"]) == (
        "09012345678", "taro@example.jp", "7000012050002"
    )  # fmt: skip
    assert told(read_claims(CLAIMS).as_dict()) == list(FACTS)


def test_what_the_provider_did_not_verify_is_not_taken() -> None:
    assert laid(asked("email"), asked("phone"), email_verified=False, phone_number_verified="true") == {}


@pytest.mark.parametrize(
    ("label", "options", "found"),
    [("性別", ("男性", "女性", "答えない"), "a"), ("性別", ("はい", "いいえ"), None), ("犬の性別", ("男", "女"), None)],
)
def test_gender_answers_only_a_question_of_gender(label: str, options: tuple[str, ...], found: str | None) -> None:
    choices = [{"value": value, "label": one} for value, one in zip("abc", options, strict=False)]
    assert laid(asked("choice", label=label, options=choices)).get("choice") == found


def test_nothing_is_guessed() -> None:
    assert laid(asked("text"), asked("number"), asked("corporate_number"), corporate_number="123") == {}
