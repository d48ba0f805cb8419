"""理由の提示と教示: a refusal says why and where to turn (行政手続法8条, 行政不服審査法82条)."""

import pytest

from kakehashi.procedures.domain.teaching import (
    Basis,
    Decider,
    guess_basis,
    law_of_reasons,
    refusal_text,
    teaching_text,
)

TOWN = Decider("ひばり町", "長")


def test_terms_of_review_and_suit_are_named() -> None:
    text = teaching_text(TOWN)
    assert "知った日の翌日から起算して３か月以内に、ひばり町長に対して審査請求" in text
    assert "６か月以内に、ひばり町を被告として" in text
    assert "処分の日の翌日から起算して１年" in text


def test_a_governor_is_named() -> None:
    assert Decider("白鷺県", "知事").name == "白鷺県知事"


def test_reasons_stand_before_the_teaching() -> None:
    text = refusal_text(basis=Basis.LAW, decider=TOWN, reason="所得が要件を超えるため。")
    assert text.index("行政手続法第８条") < text.index("所得が要件") < text.index("審査請求")


def test_a_disposition_under_the_towns_own_rules_cites_its_ordinance() -> None:
    text = refusal_text(basis=Basis.ORDINANCE, decider=TOWN, reason="対象外の工事のため。")
    assert "ひばり町行政手続条例" in text
    assert "行政手続法第８条" not in text


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        ("ひばり町自治会館条例 第5条", Basis.ORDINANCE),
        ("ひばり町手数料条例施行規則", Basis.ORDINANCE),
        ("空き家解体費補助金交付要綱", Basis.ORDINANCE),
        ("方法書取扱要領", Basis.ORDINANCE),
        ("戸籍法第86条", Basis.LAW),
        ("児童手当法施行規則 第7条", Basis.LAW),
        ("地方税法、ひばり町税条例", Basis.LAW),
        ("戸籍法", Basis.LAW),
        ("", Basis.LAW),
    ],
)
def test_law_or_own_rules_by_the_words(words: str, basis: Basis) -> None:
    assert guess_basis(words) is basis


def test_staff_are_told_the_rule_that_asks_for_reasons() -> None:
    assert law_of_reasons(Basis.LAW) == "行政手続法第8条"
    assert law_of_reasons(Basis.ORDINANCE).startswith("行政手続条例")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_refusal_without_reasons_is_not_made(reason: str) -> None:
    with pytest.raises(ValueError, match="理由"):
        refusal_text(basis=Basis.LAW, decider=TOWN, reason=reason)
