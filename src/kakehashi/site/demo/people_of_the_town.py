"""Fictional residents and what they type into the demo's forms. Deterministic: the same year every time."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from kakehashi.eforms.domain.definition import Field, FormDefinition

_FAMILIES = [
    ("安藤", "アンドウ"), ("井上", "イノウエ"), ("上田", "ウエダ"), ("遠藤", "エンドウ"), ("太田", "オオタ"),
    ("川口", "カワグチ"), ("木下", "キノシタ"), ("工藤", "クドウ"), ("小松", "コマツ"), ("酒井", "サカイ"),
    ("柴田", "シバタ"), ("杉山", "スギヤマ"), ("関", "セキ"), ("髙野", "タカノ"), ("谷口", "タニグチ"),
    ("辻", "ツジ"), ("土屋", "ツチヤ"), ("永井", "ナガイ"), ("野村", "ノムラ"), ("橋本", "ハシモト"),
    ("平田", "ヒラタ"), ("福島", "フクシマ"), ("星野", "ホシノ"), ("増田", "マスダ"), ("宮﨑", "ミヤザキ"),
]  # fmt: skip
_GIVENS = [
    ("あかり", "アカリ"), ("健太", "ケンタ"), ("幸子", "サチコ"), ("誠一", "セイイチ"), ("千尋", "チヒロ"),
    ("直美", "ナオミ"), ("春樹", "ハルキ"), ("文雄", "フミオ"), ("真理", "マリ"), ("勇", "イサム"),
    ("里奈", "リナ"), ("和夫", "カズオ"),
]  # fmt: skip
NO_POSTCODE = "9990000"
"""A postcode that the post does not use, so that nobody's home is meant."""
_STREETS = ["本町1丁目2番3号", "川原町45番地", "上野原120番地", "中央2丁目8番1号", "桜ケ丘3番15号"]
_BLOCKS = ["本町", "川原町", "上野原", "中央", "桜ケ丘", "八幡前", "新田", "東山"]
_TEXTS = {
    "purpose": ["子ども会の季節の集まり", "健康体操の教室", "自治会の役員会", "写真の展示会"],
    "place": ["本町3丁目5番の木造平屋", "川原町12番地の離れ", "上野原88番地の旧店舗"],
}


def answers_for(definition: FormDefinition, random: Random, on: date) -> dict[str, Any]:
    """Believable answers to every field of a form, as somebody gives them on that day."""
    person = Resident(random, on)
    return {field.key: value for _, field in definition.walk() if (value := person.answer(field)) is not None}


def home_of(name: str) -> tuple[str, str]:
    """Postcode and address of somebody who filed on paper: everybody lives somewhere else, and always at the same place."""
    random = Random(name)  # noqa: S311 — a story, not a secret
    return (
        NO_POSTCODE,
        f"東京都見本町{random.choice(_BLOCKS)}{random.randrange(1, 6)}丁目{random.randrange(1, 30)}番{random.randrange(1, 20)}号",
    )


class Resident:
    """One fictional person."""

    def __init__(self, random: Random, on: date) -> None:
        self.random, self.on = random, on
        self.family, self.family_kana = random.choice(_FAMILIES)
        self.given, self.given_kana = random.choice(_GIVENS)
        self.number = random.randrange(1000, 9999)

    def answer(self, field: Field) -> Any:
        """A value of the field's type; None for what may stay empty."""
        found = getattr(self, f"_{field.type}", None)
        return found(field) if found else None

    def _name(self, field: Field) -> dict[str, str]:
        return {
            "family": self.family,
            "given": self.given,
            "family_kana": self.family_kana,
            "given_kana": self.given_kana,
        }

    def _birth_date(self, field: Field) -> str:
        return date(
            self.random.randrange(1942, 2004), self.random.randrange(1, 13), self.random.randrange(1, 28)
        ).isoformat()

    def _address(self, field: Field) -> dict[str, str]:
        return {
            "postcode": NO_POSTCODE,
            "prefecture": "東京都",
            "city": "見本町",
            "street": self.random.choice(_STREETS),
            "building": "",
        }

    def _phone(self, field: Field) -> str:
        return f"090{self.random.randrange(10**7, 10**8):08d}"

    def _email(self, field: Field) -> str:
        return f"resident{self.number}@example.com"

    def _text(self, field: Field) -> str:
        return self.random.choice(_TEXTS.get(field.key, ["特にありません"]))

    def _choice(self, field: Field) -> str:
        return self.random.choice(list(field.options)).value

    def _number(self, field: Field) -> int:
        return self.random.choice([1, 1, 1, 2, 12, 20, 35]) if field.key == "people" else self.random.choice([1, 1, 2])

    def _money(self, field: Field) -> int:
        return self.random.randrange(40, 220) * 10_000

    def _date(self, field: Field) -> str:
        return (self.on + timedelta(days=self.random.randrange(7, 60))).isoformat()

    def _consent(self, field: Field) -> bool:
        return True
