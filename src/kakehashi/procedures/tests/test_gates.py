"""公開の関門: each is a small rule with a sentence; the advised ones stop nobody."""

from dataclasses import replace

import pytest

from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.procedures.domain.gates import Facts, check_gates, hard_to_use, missing

GOOD = Facts(
    kind_confirmed=True, legal_basis="条例", online_basis="手続条例", has_department=True, contact="0000",
    retention_class="C-04", privacy_purpose="審査のため", languages=frozenset({"ja", "ja-easy", "en"}), has_other_way=True,
    has_form=True, is_reviewed=True, asks=True, faults=(), identity_ready=True,
)  # fmt: skip


def test_everything_in_order_passes() -> None:
    assert missing(GOOD) == []
    assert all(check.holds for check in check_gates(GOOD))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"kind_confirmed": False}, "種類"), ({"legal_basis": " "}, "根拠法令"), ({"has_department": False}, "所管課"),
        ({"contact": ""}, "問合せ先"), ({"privacy_purpose": ""}, "利用目的"), ({"retention_class": ""}, "文書分類"),
        ({"languages": frozenset({"en"})}, "何のため"), ({"has_form": False}, "様式を作って"), ({"is_reviewed": False}, "人が確認"),
        ({"faults": ("同じ名前です。",)}, "同じ名前です。"), ({"identity_ready": False}, "外部の認証"),
    ],
)  # fmt: skip
def test_each_gate_says_what_to_do(wrong: dict, word: str) -> None:
    sentences = missing(replace(GOOD, **wrong))
    assert len(sentences) == 1
    assert word in sentences[0]


def test_advice_stops_nobody() -> None:
    facts = replace(GOOD, languages=frozenset({"ja"}), online_basis="", has_other_way=False)
    assert missing(facts) == []
    assert sum(not check.holds for check in check_gates(facts)) == 3


def test_a_form_that_asks_nothing_needs_no_purpose() -> None:
    assert missing(replace(GOOD, privacy_purpose="", asks=False)) == []


def test_two_questions_of_one_name_cannot_be_told_apart_by_ear() -> None:
    twins = FormDefinition(steps=[Step("a", "あなた", [Field("b", "text", "氏名"), Field("c", "text", "氏名")])])
    many = FormDefinition(steps=[Step("a", "", [Field(f"f{n}", "text", f"質問{n}") for n in range(26)])])
    assert "「氏名」が二つ" in "".join(hard_to_use(twins))
    assert len(list(hard_to_use(many))) == 2
