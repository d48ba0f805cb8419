"""Furnish a municipality of the demo: rules of decision and records, procedures with texts and forms, deputies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kakehashi.approvals.services import install_rule_pack
from kakehashi.cases.models import Purpose, Tone
from kakehashi.cases.services import write_label, write_template
from kakehashi.eforms.domain.blocks import BLOCK
from kakehashi.eforms.domain.conditions import condition_from_json
from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step, from_json
from kakehashi.eforms.domain.whole_form import BlockUse, ScreeningQuestion
from kakehashi.eforms.models import Form
from kakehashi.eforms.services import create_form, publish_form, save_draft
from kakehashi.exchange.services import make_webhook, pause_webhook
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import Post
from kakehashi.people.services import set_deputies
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.letters import LetterText
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.domain.teaching import Basis
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.models.procedure import Demand, Founding
from kakehashi.procedures.services import (
    create_procedure,
    measure_procedure,
    open_procedure,
    review_form,
    start_form,
    write_text,
)
from kakehashi.procedures.services.fee_settings import set_fee, write_account
from kakehashi.procedures.services.letters import write_letter
from kakehashi.site.demo import content
from kakehashi.site.demo.organisation import Body

# Document classes of the shipped rule pack, by kind of procedure.
_CLASSES = {Kind.NOTIFICATION: "C-05", Kind.REQUEST: "C-01", Kind.CERTIFICATE: "C-02", Kind.DISPOSITION: "C-04"}
# A city's departments stand where a small town's three sections do everything.
_CITY = {"11": "21", "21": "22", "31": "31"}
# The other languages of a form, and where the demo's YAML has their texts.
_LANGUAGES = {"ja-easy": "easy", "en": "en"}


def furnish(body: Body, *, online: bool = True) -> dict[str, Procedure]:
    """Rules, procedures and deputies of one municipality, whose scope must be open; procedures by their code.

    With `online=False` the forms are drafted and published but the procedures are not opened: the visitor does that.
    """
    actor = system_actor(body.government.id, "見本の準備")
    install_rule_pack(actor=actor, pack="prefecture" if body.government.kind == "prefecture" else "town")
    _deputies(actor, body)
    _desk(actor)
    _other_system(actor)
    told = content.read("blocks")
    blocks = {row["code"]: _block(actor, row) for row in told}
    made = {row["code"]: _procedure(actor, body, row, blocks, online=online) for row in content.read("procedures")}
    # The blocks move on after the forms took them over, so that there is something to follow.
    for row in told:
        _write_block(actor, blocks[row["code"]], row["later"])
    return made


def _block(actor: Actor, row: dict[str, Any]) -> Form:
    """A reusable block (部品) in its first version."""
    form = create_form(actor=actor, title=row["title"], owner_kind=BLOCK, owner_id=uuid7())
    return _write_block(actor, form, row["fields"])


def _write_block(actor: Actor, form: Form, fields: list[dict[str, Any]]) -> Form:
    definition = definition_of([{"title": form.title, "fields": fields}])
    form = save_draft(
        actor=actor, form=form, definition=definition, expected_revision=form.position, act="見本の部品を書いた"
    )
    publish_form(actor=actor, form=form)
    form.refresh_from_db()
    return form


def _followed(form: Form) -> BlockUse:
    """A block whose questions stand in a form under the keys that they have in the block."""
    return BlockUse(str(form.id), 1, form.title, {key: key for key in from_json(form.draft).by_key})


def _deputies(actor: Actor, body: Body) -> None:
    """The head is represented by the section chief of general affairs (代決の順序)."""
    head = Post.objects.filter(department__isnull=True).order_by("rank").first()
    chief = Post.objects.filter(rank__in=(30, 40)).order_by("rank", "id").first()
    if head is not None and chief is not None:
        set_deputies(actor=actor, post=head, deputies=[chief], clause="事務決裁規程 第6条第1項")


def _other_system(actor: Actor) -> None:
    """A webhook to look at; it is paused, since nothing leaves the demo."""
    webhook, _ = make_webhook(
        actor=actor, name="収納管理システム（見本）", url="https://hooks.example.jp/kakehashi",
        kinds=["application.submitted", "application.decided"],
    )  # fmt: skip
    pause_webhook(actor=actor, webhook=webhook)


def _desk(actor: Actor) -> None:
    """Labels and a text that every section may use."""
    for name, tone in (("急ぎ", Tone.RED), ("現地確認", Tone.YELLOW), ("電話済み", Tone.GREEN)):
        write_label(actor=actor, name=name, tone=tone, department=None)
    texts = {
        "ja": "{申請者名}様\n\n「{手続名}」（受付番号 {受付番号}）を審査しています。結果は、あなたのページでお知らせします。",
        "ja-easy": "{申請者名}さん\n\n「{手続名}」を 見ています。終わったら、この ページで お知らせします。",
        "en": "Dear {申請者名},\n\nWe are examining your application (receipt number {受付番号}). The result will appear on your page.",
    }
    write_template(actor=actor, name="審査中のお知らせ", purpose=Purpose.MESSAGE.value, department=None, texts=texts)


def department_code(body: Body, code: str) -> str:
    """The code of the department that does this work in a body of this size."""
    return code if code in body.departments and "30" not in body.departments else _CITY[code]


def _procedure(actor: Actor, body: Body, row: dict[str, Any], blocks: dict[str, Form], *, online: bool) -> Procedure:
    name, kind = body.government.name, Kind(row["kind"])
    row = _worded(row, name)
    department = body.departments[department_code(body, row["department"])]
    procedure = create_procedure(
        actor=actor,
        name=row["name"],
        kind=kind,
        values={
            "department": department,
            "legal_basis": row["legal_basis"],
            "basis": Basis.LAW.value if row["code"] == "kodomo" else Basis.ORDINANCE.value,
            "fee": f"1通 {row['fee']}円" if "fee" in row else "無料",
            "standard_processing_days": row["days"],
            "volume": row["volume"] * max(1, (body.government.population or 0) // 3400),
            "needs": row["needs"],
            "channels": ["counter", "post"],
            "life_events": [row["life_event"]] if row["life_event"] else [],
            "contact": f"{name} {department.name}　電話 0000-00-0000（見本）",
            "retention_class": _CLASSES[kind],
            "privacy_purpose": f"{row['name']}の受付と審査、結果のお知らせのため",
            "online_basis": f"{name}行政手続等における情報通信の技術の利用に関する条例第3条",
            "founding": Founding.LAW if row["code"] == "kodomo" else Founding.OWN,
            "seal": Demand.NONE,
            "visit": Demand.NONE,
            "matter_code": "disposition.grant" if kind is Kind.DISPOSITION else "",
        },
    )
    _texts(actor, procedure, row)
    procedure = start_form(actor=actor, procedure=procedure)
    definition = definition_of(row["form"], row.get("screening", []))
    if "follows" in row:
        definition = replace(definition, blocks=(_followed(blocks[row["follows"]]),))
    form = save_draft(
        actor=actor,
        form=procedure.form,
        definition=definition,
        expected_revision=procedure.form.position,
        act="見本の様式を入れた",
    )
    publish_form(actor=actor, form=form)
    review_form(actor=actor, procedure=procedure)
    if "fee" in row:
        _fee_and_certificate(actor, procedure, row["fee"])
    if not online:
        return procedure
    procedure = open_procedure(actor=actor, procedure=procedure)
    filed = procedure.volume * row["online_percent"] // 100
    return measure_procedure(
        actor=actor,
        procedure=procedure,
        year=fiscal_year(clock.today()) - 1,
        online=filed,
        others=procedure.volume - filed,
    )


def _worded(value: Any, name: str) -> Any:
    """The content with the body's own name and its last letter, 市 町 村, where they belong."""
    if isinstance(value, dict):
        return {key: _worded(each, name) for key, each in value.items()}
    if isinstance(value, list):
        return [_worded(each, name) for each in value]
    return value.format(name=name, kind=name[-1]) if isinstance(value, str) else value


def _fee_and_certificate(actor: Actor, procedure: Procedure, yen: int) -> None:
    """The certificate of the demo: paid when it has been examined, by the provider that moves no money, with a code to verify."""
    write_account(actor=actor, provider="trial", values={}, secret="", is_on=True, is_live=False)
    set_fee(actor=actor, procedure=procedure, when=FeeWhen.AFTER, yen=yen)
    words = LetterText(
        "所得・課税証明書（見本）",
        "【申請者の氏名】様の所得と課税の状況について、次のとおり証明します。",
        "証明の内容：見本のため、金額は書いてありません。",
    )
    write_letter(
        actor=actor, procedure=procedure, outcome=Result.ISSUED, letter=words, is_certificate=True, valid_days=90
    )


def _texts(actor: Actor, procedure: Procedure, row: dict[str, Any]) -> None:
    write_text(
        actor=actor,
        procedure=procedure,
        language="ja",
        values={"name": row["name"], "what_for": row["what_for"], "who_may": row["who_may"], "needs": row["needs"]},
    )
    write_text(
        actor=actor,
        procedure=procedure,
        language="ja-easy",
        values={"name": row["easy_name"], "what_for": row["easy"]},
    )
    write_text(actor=actor, procedure=procedure, language="en", values={"name": row["en_name"], "what_for": row["en"]})


def definition_of(steps: list[dict[str, Any]], screening: Sequence[dict[str, Any]] = ()) -> FormDefinition:
    """A form's definition from the demo's YAML."""
    return FormDefinition(
        steps=tuple(
            Step(
                key=f"step_{number}",
                title=step["title"],
                fields=tuple(_field(f) for f in step["fields"]),
                translations=_translations(step),
            )
            for number, step in enumerate(steps, start=1)
        ),
        screening=tuple(
            ScreeningQuestion(
                key=row["key"],
                label=row["label"],
                help=row.get("help", ""),
                why=row["why"],
                elsewhere=row["elsewhere"],
                translations=_translations(row),
            )
            for row in screening
        ),
    )


def _field(row: dict[str, Any]) -> Field:
    settings: dict[str, Any] = {"multiline": True} if row["type"] == "multiline" else {}
    if "formula" in row:
        settings["formula"] = row["formula"]
    return Field(
        key=row["key"],
        type="text" if row["type"] == "multiline" else row["type"],
        label=row["label"],
        help=row.get("help", ""),
        required=row.get("required", False),
        urged=row.get("urged", False),
        options=tuple(_option(row, at) for at in range(len(row.get("options", [])))),
        settings=settings,
        condition=condition_from_json(row["when"]) if "when" in row else None,
        translations=_translations(row),
    )


def _option(row: dict[str, Any], at: int) -> Option:
    labels = {code: {"label": row[said]["options"][at]} for code, said in _LANGUAGES.items() if said in row}
    return Option(value=f"o{at + 1}", label=row["options"][at], translations=labels)


def _translations(row: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The texts in other languages that stand below `easy` and `en`; the options carry their own."""
    return {
        code: {attribute: text for attribute, text in row[said].items() if attribute != "options"}
        for code, said in _LANGUAGES.items()
        if said in row
    }
