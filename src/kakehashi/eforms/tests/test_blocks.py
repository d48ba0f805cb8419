"""部品: copied as a template, or followed with what the form changed itself kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from kakehashi.eforms.domain.blocks import BLOCK, block_of, detach_block, follow_block, insert_block
from kakehashi.eforms.domain.changes import describe_changes
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import DefinitionError, Field, FormDefinition, Step, from_json, to_json
from kakehashi.eforms.domain.whole_form import BlockUse
from kakehashi.eforms.models import Form
from kakehashi.eforms.selectors.blocks import followed_blocks, usable_blocks
from kakehashi.eforms.services import create_form, publish_form, save_draft
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town

NAME = Field("name_1", "name", "氏名", required=True)
PHONE = Field("phone_2", "phone", "電話番号")
WHY = Field("text_3", "text", "電話がない理由", condition=Condition("answered", "phone_2"))
CONTACT = FormDefinition(steps=(Step("page_1", "連絡先", (NAME, PHONE, WHY)),), next_number=4)
PLAIN = FormDefinition(steps=(Step("page_1", "申請", (Field("text_2", "text", "内容"),)),), next_number=3)
USE = BlockUse(str(UUID(int=7)), 1, "連絡先")


def with_block() -> FormDefinition:
    made, _ = insert_block(PLAIN, "page_1", CONTACT, USE)
    return from_json(to_json(made))


def changed(*fields: Field) -> FormDefinition:
    return replace(CONTACT, steps=(replace(CONTACT.steps[0], fields=fields),))


def test_a_copy_leaves_nothing_behind() -> None:
    made, first = insert_block(PLAIN, "page_1", CONTACT, None)
    assert (made.blocks, first) == ((), "name_3")
    assert made.by_key["text_5"].condition == Condition("answered", "phone_4")
    with pytest.raises(DefinitionError, match="項目がありません"):
        insert_block(PLAIN, "page_1", FormDefinition(), None)


def test_what_is_followed_says_so() -> None:
    made = with_block()
    use = block_of(made, "phone_4")
    assert use is not None
    assert (use.title, dict(use.fields)) == ("連絡先", {"name_1": "name_3", "phone_2": "phone_4", "text_3": "text_5"})
    assert block_of(detach_block(made, 0), "phone_4") is None


def test_a_change_upstream_comes_and_ones_own_stays() -> None:
    made = with_block()
    mine = replace(made.by_key["phone_4"], label="日中の電話番号")
    fields = tuple(mine if one.key == "phone_4" else one for one in made.steps[0].fields)
    made = replace(made, steps=(replace(made.steps[0], fields=fields),))
    mail = Field("email_9", "email", "メール")
    new = changed(replace(NAME, help="戸籍のとおり"), replace(PHONE, label="電話", required=True), mail, WHY)
    followed = follow_block(made, 0, CONTACT, new, 2)
    now = followed.definition
    assert now.by_key["name_3"].help == "戸籍のとおり"
    assert (now.by_key["phone_4"].label, now.by_key["phone_4"].required) == ("日中の電話番号", True)
    assert [one.label for one in now.steps[0].fields] == ["内容", "氏名", "日中の電話番号", "メール", "電話がない理由"]
    assert followed.kept == ["「日中の電話番号」の質問の文は、この様式で直してあるので、そのままにします。"]
    assert now.blocks[0].number == 2
    assert follow_block(now, 0, new, new, 2).definition == now


def test_what_goes_upstream_goes_unless_it_is_used() -> None:
    gone = follow_block(with_block(), 0, CONTACT, changed(NAME, PHONE), 2)
    assert "text_5" not in gone.definition.by_key
    used = follow_block(with_block(), 0, CONTACT, changed(NAME, WHY), 2)
    assert "phone_4" in used.definition.by_key
    assert "使っているので残します" in used.kept[0]


@pytest.fixture
def block(town: Town) -> Form:
    made = create_form(actor=town.officer, title="連絡先", owner_kind=BLOCK, owner_id=uuid7(), definition=CONTACT)
    publish_form(actor=town.officer, form=made)
    return made


def test_only_published_blocks_are_offered(town: Town, block: Form) -> None:
    create_form(actor=town.officer, title="まだ", owner_kind=BLOCK, owner_id=uuid7())
    assert [one.title for one in usable_blocks()] == ["連絡先"]
    made, _ = insert_block(PLAIN, "page_1", CONTACT, BlockUse(str(block.id), 1, "連絡先"))
    assert not followed_blocks(made)[0].is_behind


def test_staff_make_put_in_and_follow(cast: Cast, client_for: Callable[..., Any]) -> None:
    town, client = cast.hibari, client_for(cast.hibari.officer)
    made = client.post("/staff/eforms/blocks/", {"title": "連絡先"})
    assert made.status_code == 302
    with tenant_scope(town.id):
        block = Form.objects.get(owner_kind=BLOCK)
        save_draft(actor=town.officer, form=block, definition=CONTACT, expected_revision=block.revision)
        block.refresh_from_db()
        publish_form(actor=town.officer, form=block)
        form = create_form(actor=town.officer, title="届", owner_kind="eforms.test", owner_id=uuid7())
    url = f"/staff/eforms/{form.id}/"
    assert client.post(f"{url}blocks", {"block": str(block.id), "step": "page_1", "how": "follow"}).status_code == 302
    assert "部品「連絡先」が" not in client.get(url).content.decode()
    with tenant_scope(town.id):
        block.refresh_from_db()
        new = changed(replace(NAME, help="戸籍のとおり"), PHONE, WHY)
        save_draft(actor=town.officer, form=block, definition=new, expected_revision=block.revision)
        block.refresh_from_db()
        publish_form(actor=town.officer, form=block)
    assert "部品「連絡先」が第2版になりました" in client.get(url).content.decode()
    assert "「氏名」に説明「戸籍のとおり」がつきます" in client.get(f"{url}blocks/0").content.decode()
    assert client.post(f"{url}blocks/0").status_code == 302
    with tenant_scope(town.id):
        form.refresh_from_db()
        assert from_json(form.draft).by_key["name_2"].help == "戸籍のとおり"
    assert client.post(f"{url}blocks/0", {"detach": "1"}).status_code == 302
    assert client.get(f"{url}blocks/0").status_code == 404
    assert client.post(f"{url}blocks", {"block": "x", "step": "page_1"}).status_code == 302
    assert client_for(cast.misaki.officer, at=town).get(url).status_code == 404


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("", "戸籍のとおり", "「氏名」に説明「戸籍のとおり」がつきます。"),
        ("戸籍のとおり", "", "「氏名」の説明「戸籍のとおり」がなくなります。"),
        ("戸籍の\nとおり", "長" * 101, f"「氏名」の説明「戸籍の とおり」が「{'長' * 100}…」に変わります。"),
    ],
)
def test_a_change_of_a_help_is_told_with_its_words(was: str, now: str, said: str) -> None:
    old, new = (FormDefinition(steps=(Step("page_1", "申請者", (replace(NAME, help=text),)),)) for text in (was, now))
    assert describe_changes(old, new) == [said]
