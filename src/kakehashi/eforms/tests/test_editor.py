"""The editor: every act is one POST, can be undone, and shows what it did."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.checks import missing_texts
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step, from_json
from kakehashi.eforms.domain.edits import add_field
from kakehashi.eforms.domain.quick_add import read_words
from kakehashi.eforms.hooks import FormOwner, _owners, register_owner
from kakehashi.eforms.models import Form, FormVersion
from kakehashi.eforms.services import create_form
from kakehashi.eforms.testing import BRANCHING, WHOLE
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast

Clients = Callable[..., Any]


class Editor:
    """The editor of one form as a person uses it."""

    def __init__(self, cast: Cast, client: Any, definition: FormDefinition | None) -> None:
        self.cast, self.client = cast, client
        with tenant_scope(cast.hibari.id):
            self.id = create_form(
                actor=cast.hibari.clerk,
                title="犬の登録",
                owner_kind="eforms.test",
                owner_id=uuid7(),
                definition=definition,
            ).id

    @property
    def form(self) -> Form:
        with tenant_scope(self.cast.hibari.id):
            return Form.objects.get(id=self.id)

    @property
    def draft(self) -> FormDefinition:
        return from_json(self.form.draft)

    def page(self, at: str = "", lang: str = "ja") -> str:
        response = self.client.get(f"/staff/eforms/{self.id}/", {"at": at, "lang": lang})
        assert response.status_code == 200
        return response.content.decode()

    def act(self, name: str, expected: int = 302, **data: Any) -> str:
        data.setdefault("revision", self.form.revision)
        response = self.client.post(f"/staff/eforms/{self.id}/{name}", data)
        assert response.status_code == expected, response.content.decode()[:2000]
        return response.content.decode()


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("住所", "address", "住所"),
        ("住所　あたらしい住所", "address", "あたらしい住所"),
        ("なまえ 世帯主", "name", "世帯主"),
        ("ﾒｰﾙ", "email", "メールアドレス"),
        ("金額", "money", "金額（円）"),
        ("複数選択", "choices", "選択（いくつでも）"),
    ],
)
def test_a_question_is_added_by_typing(words: str, kind: str, label: str) -> None:
    code, asked = read_words(words)
    assert (code, asked or CATALOGUE[code].label) == (kind, label)


@pytest.fixture
def editor(cast: Cast, client_for: Clients) -> Editor:
    return Editor(cast, client_for(cast.hibari.clerk), None)


@pytest.fixture
def branching(cast: Cast, client_for: Clients) -> Editor:
    return Editor(cast, client_for(cast.hibari.clerk), BRANCHING)


def test_a_form_is_made_from_nothing(editor: Editor) -> None:
    editor.act("add-field", step="page_1", type="name")
    editor.act("add-field", step="page_1", type="choice", label="申請の種類")
    editor.act(
        "set", key="choice_3", label="何をしますか", required="on", options="登録する\nやめる", help="ひとつ選びます"
    )
    editor.act("add-step")
    editor.act("set", key="page_4", title="確かめる")
    editor.act("add-field", step="page_4", type="text")
    labels = [field.label for _, field in editor.draft.walk()]
    assert labels == ["氏名（カナつき）", "何をしますか", "文章"]
    assert [option.label for option in editor.draft.by_key["choice_3"].options] == ["登録する", "やめる"]
    assert editor.draft.steps[1].title == "確かめる"


def test_what_residents_see_is_on_the_page(editor: Editor) -> None:
    editor.act("add-field", step="page_1", type="address", label="犬のいる場所")
    html = editor.page("address_2")
    assert "住民が見る画面" in html
    assert html.count("犬のいる場所") >= 3
    assert "住所を入れる" in html
    assert "address_2</" not in html


def test_every_act_can_be_undone(editor: Editor) -> None:
    before = editor.draft
    editor.act("add-field", step="page_1", type="name")
    editor.act("remove", key="name_2")
    editor.act("undo", key="name_2")
    assert "name_2" in editor.draft.by_key
    editor.act("undo")
    assert editor.draft.steps == before.steps
    editor.act("redo")
    assert "name_2" in editor.draft.by_key


def test_moving_goes_up_down_and_into_the_next_page(branching: Editor) -> None:
    branching.act("down", key="pet")
    assert [field.key for field in branching.draft.step("page_2").fields][:2] == ["breed", "pet"]
    branching.act("up", key="breed")
    assert branching.draft.step("page_1").fields[-1].key == "breed"
    branching.act("down", key="page_1")
    assert branching.draft.steps[1].key == "page_1"


def test_a_condition_is_chosen_as_a_sentence(branching: Editor) -> None:
    html = branching.page("why")
    assert "「飼っているもの」が「犬」のとき" in html
    chosen = {"key": "why", "label": "廃止の理由", "condition_0": "equals|pet|dog"}
    branching.act("set", **chosen)
    assert branching.draft.by_key["why"].condition == Condition("equals", "pet", "dog")
    branching.act("set", **chosen | {"condition_1": "equals|kind|stop", "joint": "any", "negated": "on"})
    made = branching.draft.by_key["why"].condition
    assert made is not None
    assert (made.op, made.of[0].op, len(made.of[0].of)) == ("not", "any", 2)
    branching.act("set", key="why", label="廃止の理由")
    assert branching.draft.by_key["why"].condition is None


def test_a_field_that_others_look_at_is_not_removed(branching: Editor) -> None:
    html = branching.act("remove", 422, key="pet")
    assert "犬の種類" in html
    assert "先に条件をはずして" in html
    assert "pet" in branching.draft.by_key


def test_an_option_that_is_renamed_keeps_its_answers(branching: Editor) -> None:
    branching.act("set", key="pet", label="飼っているもの", options="いぬ\n猫\n鳥", required="on")
    options = branching.draft.by_key["pet"].options
    assert [option.label for option in options] == ["いぬ", "猫", "鳥"]
    branching.act("set", key="pet", label="飼っているもの", options="いぬ\nねこ\n鳥", required="on")
    assert branching.draft.by_key["pet"].options[1].value == "cat"


def test_texts_in_three_languages(branching: Editor) -> None:
    html = branching.page("pet")
    assert "English（まだありません）" in html
    branching.act(
        "set", key="pet", label="飼っているもの", options="犬\n猫", required="on",
        **{"t_en_label": "Your pet", "t_en_options": "Dog\nCat", "t_ja-easy_label": "かって いる どうぶつ"},
    )  # fmt: skip
    field = branching.draft.by_key["pet"]
    assert field.translations["en"]["label"] == "Your pet"
    assert field.options[0].translations["en"]["label"] == "Dog"
    assert "Your pet" in branching.page("pet", lang="en")


def test_missing_texts_are_counted_on_the_tab_and_listed(branching: Editor) -> None:
    gaps = len(missing_texts(branching.draft, "en"))
    assert f'English<span class="dads-u-muted">（まだ{gaps}か所）' in branching.page("pet")
    assert "文がないところ" not in branching.page("pet")
    html = branching.page("pet", lang="en")
    assert f"文がないところ：{gaps}か所（日本語で出ます）" in html
    assert "at=pet&amp;lang=en" in html


def test_settings_of_a_number_and_columns_of_a_table(editor: Editor) -> None:
    editor.act("add-field", step="page_1", type="number")
    editor.act("set", key="number_2", label="頭数", s_minimum="1", s_maximum="5", s_unit="頭")
    assert editor.draft.by_key["number_2"].settings == {"minimum": 1, "maximum": 5, "unit": "頭"}
    editor.act("add-field", step="page_1", type="table")
    editor.act(
        "set",
        key="table_3",
        label="犬",
        c_0_label="名前",
        c_0_type="text",
        c_0_required="on",
        c_1_label="年齢",
        c_1_type="number",
    )
    assert [(one.label, one.type, one.required) for one in editor.draft.by_key["table_3"].columns] == [
        ("名前", "text", True),
        ("年齢", "number", False),
    ]
    editor.page("table_3")


@pytest.mark.parametrize("label", ["世帯主の個人番号", "マイナンバー"])
def test_my_number_cannot_be_asked_for(editor: Editor, label: str) -> None:
    assert "番号法" in editor.act("add-field", 422, step="page_1", type="text", label=label)
    editor.act("add-field", step="page_1", type="text")
    assert "番号法" in editor.act("set", 422, key="text_2", label=label)


def test_a_wrong_property_says_so_and_keeps_what_was_typed(editor: Editor) -> None:
    editor.act("add-field", step="page_1", type="number")
    html = editor.act("set", 422, key="number_2", label="頭数", s_minimum="たくさん")
    assert "たくさん" in html
    assert 'href="#prop_s_minimum"' in html


def test_an_act_on_an_old_state_is_refused(editor: Editor) -> None:
    editor.act("add-field", step="page_1", type="name")
    assert "ほかの人" in editor.act("add-field", 409, step="page_1", type="name", revision=1)


def test_a_refused_act_opened_again_is_the_editor(editor: Editor) -> None:
    response = editor.client.get(f"/staff/eforms/{editor.id}/set")
    assert response.status_code == 302
    assert response["Location"].endswith(f"/staff/eforms/{editor.id}/")


@pytest.mark.parametrize("data", [{}, {"key": "nothing"}, {"key": "\x00"}, {"revision": "x", "key": "page_9"}])
@pytest.mark.parametrize("name", ["set", "up", "remove", "copy", "add-field"])
def test_forged_acts_are_refused_cleanly(editor: Editor, name: str, data: dict[str, str]) -> None:
    editor.act(name, 422, **data)
    assert editor.form.revision == 1


def test_trying_out_stores_nothing(branching: Editor) -> None:
    url = f"/staff/eforms/{branching.id}/trial"
    first = branching.client.get(url).content.decode()
    carried = first.split('name="_answers" value="')[1].split('"')[0]
    wrong = branching.client.post(url, {"step": "page_1", "_answers": carried})
    assert wrong.status_code == 422
    second = branching.client.post(url, {"step": "page_1", "_answers": carried, "kind": "new"}).content.decode()
    assert "飼っているもの" in second
    carried = second.split('name="_answers" value="')[1].split('"')[0]
    confirm = branching.client.post(url, {"step": "page_2", "_answers": carried, "pet": "cat"}).content.decode()
    carried = confirm.split('name="_answers" value="')[1].split('"')[0]
    done = branching.client.post(url, {"_answers": carried, "_finish": "1"}).content.decode()
    assert "最後まで進めました" in done
    assert "猫" in done
    with tenant_scope(branching.cast.hibari.id):
        assert not FormVersion.objects.exists()


def test_a_question_of_any_name_is_told_of_at_the_end(cast: Cast, client_for: Clients) -> None:
    pages = [
        Step("page_1", "一", (Field("items", "text", "品目", required=True),)),
        Step("page_2", "二", (Field("b", "text", "備考"),)),
    ]
    editor = Editor(cast, client_for(cast.hibari.clerk), FormDefinition(tuple(pages)))
    url = f"/staff/eforms/{editor.id}/trial"
    carried = editor.client.get(url).text.split('name="_answers" value="')[1].split('"')[0]
    answer = editor.client.post(url, {"step": "page_2", "_answers": carried, "b": "机"})
    assert answer.status_code == 200
    assert "このままでは申請できません" in answer.text


def test_trying_out_begins_with_the_questions(branching: Editor) -> None:
    branching.act("add-question")
    [asked] = branching.draft.screening
    branching.act("set", key=asked.key, label="町内の方ですか", stops_on="no", why="町内の方だけです。")
    url, name = f"/staff/eforms/{branching.id}/trial", f"_check.{asked.key}"
    assert "町内の方ですか" in branching.client.get(url).content.decode()
    assert branching.client.post(url, {"_check": "1"}).status_code == 422
    assert "町内の方だけです。" in branching.client.post(url, {"_check": "1", name: "no"}).content.decode()
    assert 'name="_answers"' in branching.client.post(url, {"_check": "1", name: "yes"}).content.decode()


def test_trying_out_in_another_language(branching: Editor) -> None:
    url = f"/staff/eforms/{branching.id}/trial"
    assert "(required)" in branching.client.get(url, {"lang": "en"}).content.decode()
    wrong = branching.client.post(url, {"step": "page_1", "lang": "en"}).content.decode()
    assert "Please choose an answer" in wrong


def test_publishing_shows_what_changes_first(branching: Editor) -> None:
    url = f"/staff/eforms/{branching.id}/publish"
    assert "はじめての公開です" in branching.client.get(url).content.decode()
    assert branching.client.post(url, {"revision": branching.form.revision}).status_code == 302
    assert "変わるところはありません" in branching.client.get(url).content.decode()
    branching.act("set", key="breed", label="犬の名前", condition_0="equals|pet|dog")
    html = branching.client.get(url).content.decode()
    assert "「犬の種類」の質問の文が「犬の名前」に変わります" in html
    assert "「犬の名前」が任意になります" in html
    assert "第2版として公開する" in html
    assert branching.client.post(url, {"revision": 1}).status_code == 409


def test_what_must_be_mended_is_said_and_linked(editor: Editor) -> None:
    html = editor.client.get(f"/staff/eforms/{editor.id}/publish").content.decode()
    assert "項目がありません" in html
    assert "として公開する" not in html
    assert editor.client.post(f"/staff/eforms/{editor.id}/publish", {"revision": 1}).status_code == 422


@pytest.mark.parametrize("path", ["", "trial", "publish"])
def test_neighbours_and_strangers_stay_outside(cast: Cast, client_for: Clients, editor: Editor, path: str) -> None:
    address = f"/staff/eforms/{editor.id}/{path}"
    assert client_for(cast.misaki.clerk).get(address).status_code == 404
    assert client_for(cast.misaki.clerk, at=cast.hibari).get(address).status_code == 404
    assert client_for(cast.hibari).get(address).status_code == 302


@pytest.fixture
def closed_owner() -> Iterator[None]:
    register_owner("eforms.test", FormOwner("手続", lambda form: "/back", lambda actor, form: False))
    yield
    del _owners._entries["eforms.test"]


def test_the_owner_may_close_the_editor(editor: Editor, closed_owner: None) -> None:
    assert editor.client.get(f"/staff/eforms/{editor.id}/").status_code == 403
    response = editor.client.post(f"/staff/eforms/{editor.id}/add-step", {"revision": 1})
    assert response.status_code == 403


def test_every_type_can_be_edited_and_seen(cast: Cast, client_for: Clients) -> None:
    editor = Editor(cast, client_for(cast.hibari.clerk), WHOLE)
    for _, field in WHOLE.walk():
        assert field.label in editor.page(field.key)


def test_a_hundred_fields_are_edited_within_a_second(cast: Cast, client_for: Clients) -> None:
    definition = FormDefinition(steps=(Step("page_1", "頁"),), next_number=2)
    for _ in range(100):
        definition, key = add_field(definition, "page_1", "choice")
    editor = Editor(cast, client_for(cast.hibari.clerk), definition)
    # Not the start of the program: addresses and templates are read once.
    editor.page(key)
    started = time.process_time()
    editor.act("set", key=key, label="最後の質問", options="はい\nいいえ")
    saved = time.process_time() - started
    editor.page(key)
    whole = time.process_time() - started
    assert saved < 1
    assert whole < 2


def test_typed_words_add_a_question_and_unknown_ones_are_said(editor: Editor) -> None:
    editor.act("add-step")
    step = editor.draft.steps[0].key
    editor.act("add-field", step=step, words="住所 あたらしい住所", type="")
    assert [(one.type, one.label) for one in editor.draft.steps[0].fields][-1] == ("address", "あたらしい住所")
    assert "という種類はありません" in editor.act("add-field", 422, step=step, words="\x00宇宙船")
    assert "種類を打つか、選んでください" in editor.act("add-field", 422, step=step, words=" ", type="")
    # With a kind chosen, what is typed is the question, whatever else it could mean.
    editor.act("add-field", step=step, words="住所 がわかる書類", type="file")
    assert [(one.type, one.label) for one in editor.draft.steps[0].fields][-1] == ("file", "住所 がわかる書類")


def test_a_number_is_compared_and_a_calculation_made_without_code(cast: Cast, client_for: Clients) -> None:
    editor = Editor(cast, client_for(cast.hibari.clerk), None)
    editor.act("add-field", step="page_1", type="money", label="対象経費")
    editor.act("add-field", step="page_1", type="calc", label="補助額")
    editor.act("add-field", step="page_1", type="text", label="理由")
    chosen = {"key": "text_4", "label": "理由", "condition_0": "at_least|money_2|"}
    assert "「…」に入る数を入力してください" in editor.act("set", 422, **chosen)
    editor.act("set", **chosen | {"number_0": "100000"})
    assert editor.draft.by_key["text_4"].condition == Condition("at_least", "money_2", 100_000)
    assert "「対象経費」が100000以上のときだけ表示する" in editor.page("text_4")
    half = {"key": "calc_3", "label": "補助額", "f_0_source": "answer|money_2|", "f_rounding": "down", "f_unit": "1000"}
    assert "1/2" in editor.act("set", 422, **half | {"f_0_ratio": "半分"})
    editor.act("set", **half | {"f_0_ratio": "2分の1", "f_most": "100000"})
    assert "「対象経費」×1/2（1,000未満切り捨て、上限100,000）" in editor.page("calc_3")
    assert "先に条件や計算をはずして" in editor.act("remove", 422, key="money_2")


def test_the_fee_and_the_questions_before_starting(editor: Editor) -> None:
    editor.act("add-field", step="page_1", type="choice", label="部数")
    editor.act("set", 422, key="choice_2", label="部数", options="一部\n二部", amounts="300\n六百")
    assert editor.draft.by_key["choice_2"].options[0].amount is None
    editor.act("set", key="choice_2", label="部数", options="一部\n二部", amounts="３００円\n600")
    assert [option.amount for option in editor.draft.by_key["choice_2"].options] == [300, 600]
    assert "額が決まる項目を選んでください" in editor.act("set", 422, key="_form", fee_kind="answer")
    editor.act("set", key="_form", fee_kind="answer", fee_field="choice_2")
    assert editor.draft.fee.field == "choice_2"
    editor.act("add-question")
    [asked] = editor.draft.screening
    assert "進めない理由がありません" in editor.client.get(f"/staff/eforms/{editor.id}/publish").content.decode()
    said = {
        "key": asked.key,
        "label": "町内の方ですか",
        "stops_on": "no",
        "why": "町内の方だけです。",
        "t_en_label": "Do you live here?",
    }
    assert editor.act("set", 422, **said | {"why": ""})
    editor.act("set", **said)
    assert editor.draft.screening[0].translations["en"]["label"] == "Do you live here?"
    assert "町内の方ですか" in editor.page(asked.key)
    editor.act("remove", key=asked.key)
    assert not editor.draft.screening


def test_nested_groups_are_built_and_kept(branching: Editor) -> None:
    address = f"/staff/eforms/{branching.id}/conditions/why"
    sent = {"revision": str(branching.form.revision), "c.op": "all", "c.parts": "1", "c.0.code": "equals|pet|dog"}
    page = branching.client.post(address, sent | {"do": "group:c"}).content.decode()
    assert 'name="c.1.op"' in page
    assert 'id="id_c.1.op" name="c.1.op" autofocus' in page
    assert branching.draft.by_key["why"].condition != Condition("equals", "pet", "dog")
    nested = sent | {"c.parts": "2", "c.1.op": "any", "c.1.parts": "2", "c.1.0.code": "equals|kind|stop", "do": "save"}
    wrong = branching.client.post(address, nested)
    assert wrong.status_code == 422
    assert "条件を選ぶか、この行を消してください。" in wrong.content.decode()
    deeper = {"c.1.1.op": "not", "c.1.1.parts": "1", "c.1.1.0.code": "answered|breed|"}
    assert branching.client.post(address, nested | deeper).status_code == 302
    made = branching.draft.by_key["why"].condition
    assert made is not None
    assert (made.op, made.of[1].op, made.of[1].of[1].op) == ("all", "any", "not")
    assert "いまの条件のまま" in branching.page("why")
    stale = branching.client.post(address, nested | deeper)
    assert stale.status_code == 409
    branching.act("undo", key="why")
    assert branching.draft.by_key["why"].condition != made
    empty = {"revision": str(branching.form.revision), "c.op": "all", "c.parts": "0", "do": "save"}
    assert branching.client.post(address, empty).status_code == 302
    assert branching.draft.by_key["why"].condition is None


def test_a_condition_page_of_nothing_is_not_there(branching: Editor) -> None:
    assert branching.client.get(f"/staff/eforms/{branching.id}/conditions/nothing").status_code == 404
