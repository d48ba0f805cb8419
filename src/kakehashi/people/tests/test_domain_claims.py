"""What an outside identity says, as far as it can be told without guessing."""

import pytest

from kakehashi.people.domain.claims import VouchedFacts, read_claims, split_address


def test_one_line_of_a_card_is_taken_apart() -> None:
    facts = read_claims({"name": "住民　太郎", "birthdate": "1985-04-01", "address": "東京都千代田区千代田1-1"})
    assert (facts.family, facts.given, facts.born) == ("住民", "太郎", "1985-04-01")
    assert (facts.prefecture, facts.city, facts.street) == ("東京都", "千代田区", "千代田1-1")


def test_parts_are_taken_as_they_are() -> None:
    address = {"postal_code": "100-0001", "region": "東京都", "locality": "千代田区", "street_address": "千代田1-1"}
    facts = read_claims({"family_name": "住民", "given_name": "太郎", "address": address})
    assert (facts.postcode, facts.city, facts.family) == ("1000001", "千代田区", "住民")


@pytest.mark.parametrize(
    ("line", "city"),
    [
        ("三重県四日市市諏訪町1-5", "四日市市"),
        ("千葉県市川市八幡1-1-1", "市川市"),
        ("東京都町田市森野2-2-22", "町田市"),
        ("東京都武蔵村山市本町1-1-1", "武蔵村山市"),
        ("神奈川県横浜市中区日本大通1", "横浜市中区"),
        ("北海道余市郡余市町朝日町26", "余市郡余市町"),
        ("長野県北佐久郡軽井沢町長倉2381-1", "北佐久郡軽井沢町"),
        ("京都府京都市中京区寺町通1", "京都市中京区"),
        ("広島県廿日市市下平良1-11-1", "廿日市市"),
    ],
)
def test_municipalities_with_difficult_names(line: str, city: str) -> None:
    assert split_address(line)[1] == city


@pytest.mark.parametrize(
    "claims", [{}, {"name": 3, "birthdate": "1985-04", "address": ["x"]}, {"address": {"region": None}}]
)
def test_what_cannot_be_told_is_left_empty(claims: dict[str, object]) -> None:
    assert not read_claims(claims)


def test_the_session_gives_back_what_it_kept() -> None:
    facts = read_claims({"name": "住民 太郎"})
    assert VouchedFacts.from_dict(facts.as_dict()) == facts
    assert not VouchedFacts.from_dict("forged")
