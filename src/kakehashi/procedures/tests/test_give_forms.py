"""give_forms: hundreds of procedures get a form by a file or a call: tried, made as one act, taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kakehashi.eforms.domain.blocks import BLOCK
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step, from_json
from kakehashi.eforms.domain.edits import change_field
from kakehashi.eforms.models import Form
from kakehashi.eforms.services import create_form, publish_form, save_draft
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.form_words import procedure_name, read_source
from kakehashi.procedures.models import Batch, Procedure, Stage
from kakehashi.procedures.selectors.batch_plan import plan_rows
from kakehashi.procedures.selectors.batches import plan_batch
from kakehashi.procedures.services import apply_batch, open_procedure, start_batch, undo_batch
from kakehashi.procedures.testing import a_paper, a_procedure, an_online_procedure


def a_batch(town: Town, *rows: str) -> Batch:
    content = "手続名,種類,様式のもと\r\n" + "\r\n".join(rows)
    return start_batch(actor=town.officer, name="様式.csv", content=content.encode())


def a_block(town: Town, title: str = "振込先") -> Form:
    pages = (Step("page_1", "部品", (Field("text_1", "text", "口座の名義"),)),)
    form = create_form(
        actor=town.officer, title=title, owner_kind=BLOCK, owner_id=uuid7(),
        definition=FormDefinition(steps=pages, next_number=2),
    )  # fmt: skip
    publish_form(actor=town.officer, form=form)
    return form


@pytest.mark.parametrize(
    ("text", "found"),
    [("ひな形", ("starter", [])), ("部品：氏名、振込先", ("block", ["氏名", "振込先"])), ("下書き: a.docx", ("paper", ["a.docx"])),
     ("a.docx", ("", ["a.docx"])), ("手続：x", ("procedure", ["x"]))],
)  # fmt: skip
def test_what_the_column_says(text: str, found: tuple[str, list[str]]) -> None:
    assert read_source(text) == found


def test_the_paper_gives_its_procedure_a_name() -> None:
    assert procedure_name("犬の登録申請書") == "犬の登録申請"
    assert procedure_name("様式第1号.DOCX") == "様式第1号"


def test_from_every_source_and_back(town: Town) -> None:
    source, block, paper = an_online_procedure(town), a_block(town), a_paper(town)
    poor = a_procedure(town.officer, "転居届")
    before = Form.objects.count()
    batch = a_batch(
        town,
        "転居届,届出,ひな形",
        "口座登録,申込,部品：振込先",
        f"屋根補助金,処分,手続：{source.name}",
        "犬の登録,届出,下書き：犬の登録.docx",
    )
    plan = plan_batch(batch, town.officer)
    assert [(row.state.value, row.form and row.form.source) for row in plan] == [
        ("change", "starter"), ("new", "block"), ("new", "procedure"), ("new", "paper")
    ]  # fmt: skip
    assert "様式の下書きを作ります（もと：部品「振込先」" in plan[1].text
    assert Form.objects.count() == before
    done = apply_batch(actor=town.officer, batch=batch)
    assert done.counts["forms"] == 4
    made = {row.name: row for row in Procedure.objects.select_related("form")}
    assert all(made[name].stage == Stage.DRAFTED for name in ("転居届", "口座登録", "屋根補助金", "犬の登録"))
    assert from_json(made["口座登録"].form.draft).blocks[0].block_id == str(block.id)
    assert made["屋根補助金"].form.draft == source.form.draft
    assert made["犬の登録"].form_id == paper.form_id
    undo_batch(actor=town.officer, batch=done)
    poor.refresh_from_db()
    assert (poor.form_id, poor.stage, Procedure.objects.count()) == (None, Stage.PAPER, 2)
    assert Form.objects.count() == before
    assert Form.objects.get(id=paper.form_id).owner_kind == "eforms.paper"


def test_the_same_file_twice_changes_nothing(town: Town) -> None:
    rows = ("転居届,届出,ひな形", "出生届,届出,ひな形")
    apply_batch(actor=town.officer, batch=a_batch(town, *rows))
    assert {row.state.value for row in plan_batch(a_batch(town, *rows), town.officer)} == {"same"}


def test_a_form_somebody_went_on_with_is_kept(town: Town) -> None:
    done = apply_batch(actor=town.officer, batch=a_batch(town, "転居届,届出,ひな形", "出生届,届出,ひな形"))
    form = Procedure.objects.get(name="転居届").form
    changed = change_field(from_json(form.draft), "phone", label="日中の電話番号")
    save_draft(actor=town.officer, form=form, definition=changed, expected_revision=form.revision)
    undone = undo_batch(actor=town.officer, batch=done)
    assert (undone.counts["undone"], undone.counts["kept"]) == (1, 1)
    assert Procedure.objects.get().name == "転居届"
    assert "あとから直された" in undone.rows.get(state="kept").text


@pytest.mark.parametrize(
    ("row", "said"),
    [("転居届,届出,手続：ない手続", "見つかりません"), ("転居届,届出,下書き：犬の登録.docx\r\n出生届,届出,犬の登録.docx", "ほかの行で使っています")],
)  # fmt: skip
def test_what_cannot_be_made_stops_its_row_only(town: Town, row: str, said: str) -> None:
    a_paper(town)
    plan = plan_batch(a_batch(town, row, "婚姻届,届出,ひな形"), town.officer)
    assert said in plan[-2].text
    assert (plan[-2].is_wrong, plan[-1].state.value) == (True, "new")


def test_publishing_with_it_still_goes_through_the_gates(town: Town) -> None:
    rows = [(1, {"name": "転居届", "kind": "届出", "form_from": "ひな形", "act": "公開"})]
    (row,) = plan_rows(rows, may_open=True, may_edit_forms=True)
    assert "公開できません" in row.text
    assert "様式を作って、公開" in row.text
    # A form of this file cannot be checked by a person yet: the row says how to go on.
    assert "「操作」の欄を空ければ、手続を載せるところまで取り込めます" in row.text
    a_procedure(town.officer, "転居届")
    (known,) = plan_rows(rows[:1], may_open=True, may_edit_forms=True)
    assert "「操作」の欄" not in known.text


def test_permission_is_needed(town: Town) -> None:
    (row,) = plan_rows([(1, {"name": "転居届", "form_from": "ひな形"})], may_open=True)
    assert "様式を作る権限がありません" in row.text


def test_hundreds_are_made_with_few_queries(town: Town, django_assert_max_num_queries: Callable) -> None:
    batch = a_batch(town, *(f"第{n}号の届出,届出,ひな形" for n in range(300)))
    with django_assert_max_num_queries(60):
        done = apply_batch(actor=town.officer, batch=batch)
    assert (done.counts["forms"], Form.objects.count()) == (300, 300)


def test_from_the_converted_papers_by_the_page(town: Town, client_for: Callable) -> None:
    client, batches = client_for(town.officer), "/staff/procedures/inventory/batches/"
    assert client.post(f"{batches}papers/")["Location"].endswith("/batches/")
    a_paper(town)
    assert "1件の下書きから手続と様式を作る" in client.get(batches).content.decode()
    made = client.post(f"{batches}papers/")["Location"].removeprefix(f"/{town.government.slug}")
    assert "様式の下書きを1件作ります" in client.get(made).content.decode()
    client.post(f"{made}apply/")
    procedure = Procedure.objects.get()
    assert (procedure.name, procedure.stage) == ("犬の登録申請", Stage.DRAFTED)
    with pytest.raises(Exception, match="様式を作って"):
        open_procedure(actor=town.officer, procedure=procedure)
