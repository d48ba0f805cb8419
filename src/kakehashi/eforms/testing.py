"""What the tests of this room and of the rooms above share: one field of every type, and a form published with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kakehashi.eforms.domain.catalogue.tables import HouseholdType
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step
from kakehashi.eforms.models import Form, FormVersion
from kakehashi.eforms.services import create_form, publish_form
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.ids import uuid7

KINDS = (Option("new", "新規", {"en": {"label": "New"}}), Option("change", "変更"), Option("stop", "廃止"))

EVERY_FIELD: tuple[Field, ...] = (
    Field("name", "name", "氏名", required=True, translations={"en": {"label": "Name"}}),
    Field("born", "birth_date", "生年月日", required=True),
    Field("home", "address", "住所", required=True),
    Field("phone", "phone", "電話番号", required=True, help="日中に連絡できる番号"),
    Field("mail", "email", "メールアドレス"),
    Field("kind", "choice", "申請の種類", required=True, options=KINDS),
    Field("place", "choice", "受け取る場所", options=KINDS, settings={"display": "select"}),
    Field("wishes", "choices", "希望するもの", options=KINDS, settings={"maximum": 2}),
    Field("reason", "text", "理由", required=True, settings={"multiline": True, "max_length": 500}),
    Field("note", "text", "備考"),
    Field("people", "number", "人数", settings={"minimum": 1, "maximum": 20, "unit": "人"}),
    Field("cost", "money", "費用"),
    Field("start", "date", "始める日", settings={"range": "coming"}),
    Field("proof", "file", "証明書類"),
    Field(
        "family",
        "table",
        "家族",
        columns=(Field("who", "text", "名前", required=True), Field("age", "number", "年齢", settings={"unit": "歳"})),
    ),
    Field("about", "note", "お知らせ", help="手数料はかかりません。"),
    Field("agree", "consent", "書いた内容に間違いはありません", required=True),
)

# The kinds that need more than one paper: accounts, companies, places, families, signatures, sums.
MORE_FIELDS: tuple[Field, ...] = (
    Field("gaiji", "name", "保護者の氏名", settings={"note": True}),
    Field("account", "bank_account", "振込先の口座"),
    Field("company", "corporate_number", "法人番号"),
    Field("spot", "location", "こわれている場所"),
    Field("household", "household", "いっしょに住む人", columns=HouseholdType({}).usual_columns()),
    Field("oath", "declaration", "上のとおり誓います", settings={"drawing": True}),
    Field(
        "grant",
        "calc",
        "補助額",
        settings={
            "formula": {
                "terms": [{"source": {"kind": "answer", "field": "cost"}, "denominator": 2}],
                "unit": 100,
                "most": 50_000,
            }
        },
    ),
)

WHOLE = FormDefinition(steps=(Step("page_1", "申請の内容", EVERY_FIELD + MORE_FIELDS),), next_number=2)

BRANCHING = FormDefinition(
    steps=(
        Step("page_1", "種類", (Field("kind", "choice", "申請の種類", required=True, options=KINDS),)),
        Step(
            "page_2",
            "くわしく",
            (
                Field(
                    "pet", "choice", "飼っているもの", required=True, options=(Option("dog", "犬"), Option("cat", "猫"))
                ),
                Field("breed", "text", "犬の種類", required=True, condition=Condition("equals", "pet", "dog")),
                Field("before", "text", "前の内容", required=True, condition=Condition("equals", "kind", "change")),
            ),
        ),
        Step(
            "page_3",
            "廃止",
            (Field("why", "text", "廃止の理由", required=True),),
            condition=Condition("equals", "kind", "stop"),
        ),
    ),
    next_number=4,
)

GOOD_POST: dict[str, Any] = {
    "name.family": "山田",
    "name.given": "花子",
    "name.family_kana": "やまだ",
    "name.given_kana": "ﾊﾅｺ",
    "born.era": "昭和",
    "born.year": "６０",
    "born.month": "4",
    "born.day": "1",
    "home.postcode": "１００－０００１",
    "home.prefecture": "東京都",
    "home.city": "千代田区",
    "home.street": "千代田1-1",
    "home.building": "",
    "phone": "０９０-1234-5678",
    "mail": "Hanako@EXAMPLE.jp",
    "kind": "new",
    "wishes": ["new", "stop"],
    "reason": "引っ越しのため\r\n手続が必要です",
    "people": "３人",
    "cost": "￥1,200",
    "family.rows": "2",
    "family.0.who": "太郎",
    "family.0.age": "8",
    "agree": "on",
}


def published(actor: Actor, definition: FormDefinition = WHOLE, owner_id: UUID | None = None) -> FormVersion:
    """A published form in the open scope."""
    form: Form = create_form(
        actor=actor, title="試しの様式", owner_kind="eforms.test", owner_id=owner_id or uuid7(), definition=definition
    )
    return publish_form(actor=actor, form=form)
