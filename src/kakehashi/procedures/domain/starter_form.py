"""はじめの様式: what a new form begins with, so that nobody starts from an empty page.

Chosen by kind: who you are, what you ask for, attachments where the survey names some, and a
declaration in the verb of the kind. Staff change everything in the editor.
"""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.procedures.domain.kinds import ROADS, Kind

__all__ = ["starter_form"]


def _both(easy: str, english: str) -> dict[str, dict[str, str]]:
    return {"ja-easy": {"label": easy}, "en": {"label": english}}


def _titles(easy: str, english: str) -> dict[str, dict[str, str]]:
    return {"ja-easy": {"title": easy}, "en": {"title": english}}


def starter_form(kind: Kind, attachments: Sequence[str] = ()) -> FormDefinition:
    """A form of two or three pages with keys that are stable: name, mail, phone, address."""
    noun = ROADS[kind].noun
    you = Step(
        "page_1",
        "あなたのこと",
        (
            Field("name", "name", "氏名", required=True, translations=_both("なまえ", "Name")),
            Field("born", "birth_date", "生年月日", required=True, translations=_both("うまれた日", "Date of birth")),
            Field("address", "address", "住所", required=True, translations=_both("住んでいるところ", "Address")),
            Field("phone", "phone", "電話番号", required=True, translations=_both("でんわばんごう", "Telephone")),
            Field(
                "mail",
                "email",
                "メールアドレス",
                help="受付番号と結果のお知らせを送ります。",
                translations={
                    "ja-easy": {"label": "メールアドレス", "help": "受付の番号と 結果を メールで おくります。"},
                    "en": {"label": "E-mail", "help": "We send your receipt number and the result here."},
                },
            ),
        ),
        translations=_titles("あなたのこと", "About you"),
    )
    fields = [
        Field(
            "content",
            "text",
            f"{noun}の内容",
            required=True,
            settings={"multiline": True, "max_length": 1000},
            translations=_both("なにを したいですか", "What is it about?"),
        )
    ]
    for number, label in enumerate(attachments[:8], start=1):
        fields.append(Field(f"paper_{number}", "file", label[:100], translations=_both(label[:100], label[:100])))
    fields.append(
        Field(
            "agree",
            "consent",
            "書いた内容に間違いはありません",
            required=True,
            translations=_both("書いたことは ぜんぶ 本当です", "What I have written is true"),
        )
    )
    what = Step("page_2", f"{noun}の内容", tuple(fields), translations=_titles("したいこと", "Your request"))
    return FormDefinition(steps=(you, what), next_number=3)
