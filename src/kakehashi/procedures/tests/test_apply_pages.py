"""A resident applies: step by step, back and forth, twice, out of order; nothing is lost and nothing is doubled."""

from collections.abc import Callable

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.cases.models import Message
from kakehashi.governments.selectors import forget_tenants
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application, Draft, Procedure
from kakehashi.procedures.services import close_procedure
from kakehashi.procedures.testing import REQUEST, YOU

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\x00" * 40


def begin(client: object, procedure: Procedure) -> str:
    """Start and return the draft's address."""
    answer = client.post(f"/procedures/{procedure.id}/start/")  # type: ignore[attr-defined]
    assert answer.status_code == 302
    # Whoever filed before is offered his earlier answers first.
    return answer.url.split("/steps/")[0].split("/reuse/")[0].removeprefix("/hibari")


def fill(client: object, draft: str) -> None:
    assert client.post(f"{draft}/steps/page_1/", YOU).url.endswith("/steps/page_2/")  # type: ignore[attr-defined]
    assert client.post(f"{draft}/steps/page_2/", REQUEST).url.endswith("/confirm/")  # type: ignore[attr-defined]


def count(cast: Cast) -> int:
    with tenant_scope(cast.hibari.id):
        return Application.objects.count()


@pytest.mark.parametrize(
    ("kind", "verb"),
    [(Kind.NOTIFICATION, "届け出る"), (Kind.REQUEST, "申し込む"), (Kind.CERTIFICATE, "請求する"), (Kind.DISPOSITION, "申請する")],
)  # fmt: skip
def test_from_the_list_to_the_receipt(
    cast: Cast, client_for: Callable, online: Callable, kind: Kind, verb: str
) -> None:
    procedure, client = online(kind), client_for(cast.hibari)
    assert "住宅改修補助金" in client.get("/procedures/").content.decode()
    assert "申請を始める" in client.get(f"/procedures/{procedure.id}/").content.decode()
    draft = begin(client, procedure)
    assert client.get(f"{draft}/steps/page_1/").status_code == 200
    fill(client, draft)
    confirm = client.get(f"{draft}/confirm/").content.decode()
    assert "田中 めぐみ" in confirm
    assert f">{verb}<" in confirm
    answer = client.post(f"{draft}/submit/")
    receipt = client.get(answer.url.removeprefix("/hibari"))
    assert "受付番号" in receipt.content.decode()
    assert count(cast) == 1


@pytest.mark.parametrize(
    ("posted", "wanted"),
    [({"way": "electronic"}, True), ({"way": "counter"}, False), ({"way": "x"}, False), ({}, False)],
)
def test_the_electronic_notice_is_asked_for(
    cast: Cast, client_for: Callable, online: Callable, posted: dict[str, str], wanted: bool
) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    fill(client, draft)
    page = client.get(f"{draft}/confirm/").content.decode()
    assert "電子による通知を希望する" in page
    # It is the applicant's own 表示 (デジタル手続法7条1項ただし書): nothing is ticked for them.
    asked = page[page.index("結果の通知の受け取り方") :]
    assert "checked" not in asked[: asked.index("</fieldset>")]
    client.post(f"{draft}/submit/", posted)
    with tenant_scope(cast.hibari.id):
        assert Application.objects.get().accepts_electronic_notice is wanted


def test_pressed_twice_and_sent_again_later(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    fill(client, draft)
    addresses = {client.post(f"{draft}/submit/").url for _ in range(3)}
    assert len(addresses) == 1
    assert count(cast) == 1


def test_back_after_handing_in_promises_nothing(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    fill(client, draft)
    client.post(f"{draft}/submit/")
    sent = client.post(f"{draft}/steps/page_1/", YOU | {"name.family": "変更"})
    for answer in (sent, client.get(f"{draft}/confirm/"), client.get(f"{draft}/saved/")):
        assert answer.status_code == 302
        assert "/mine/" in answer.url
    assert "もう届いています" in client.get(sent.url.removeprefix("/hibari")).content.decode()
    with tenant_scope(cast.hibari.id):
        assert Draft.objects.get().answers["name"]["family"] != "変更"


def test_a_message_sent_twice_is_one_message(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    fill(client, draft)
    page = client.post(f"{draft}/submit/").url.removeprefix("/hibari").removesuffix("receipt/")
    assert "idempotency_key" in client.get(page).content.decode()
    sent = {"body": "いつ決まりますか", "idempotency_key": str(uuid7())}
    for _ in range(2):
        assert client.post(f"{page}message/", sent).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Message.objects.filter(body="いつ決まりますか").count() == 1


def test_wrong_answers_come_back_with_what_was_typed(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    page = client.post(f"{draft}/steps/page_1/", YOU | {"phone": "わかりません", "name.family": ""})
    text = page.content.decode()
    assert page.status_code == 422
    assert "わかりません" in text
    assert "タナカ" in text
    again = client.get(f"{draft}/steps/page_1/").content.decode()
    assert "わかりません" in again


def test_saved_half_way_and_resumed_elsewhere(cast: Cast, client_for: Callable, online: Callable) -> None:
    from kakehashi.notices.models import Notice

    client = client_for(cast.hibari)
    draft = begin(client, online())
    assert client.post(f"{draft}/steps/page_1/", {"name.family": "田中", "save": "1"}).url.endswith("/saved/")
    assert client.post(f"{draft}/saved/", {"email": "megumi@example.jp"}).status_code == 302
    with tenant_scope(cast.hibari.id):
        link = Notice.objects.get().url
    other = client_for(cast.hibari)
    assert other.get(f"{draft}/saved/").status_code == 404
    assert other.get(link.partition("/hibari")[2]).status_code == 302
    assert "田中" in other.get(f"{draft}/steps/page_1/").content.decode()


def test_an_attachment_is_kept_across_an_error(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    file = SimpleUploadedFile("x.exe", b"MZ" + b"\x00" * 100)
    assert client.post(f"{draft}/steps/page_2/", REQUEST | {"paper_1": file}).status_code in (302, 422)


def test_steps_out_of_order_and_forged(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    assert client.post(f"{draft}/submit/").status_code == 422
    assert client.post(f"{draft}/steps/page_2/", REQUEST).url.endswith("/confirm/")
    assert "まだ書いていない" in client.get(f"{draft}/confirm/").content.decode()
    assert client.get(f"{draft}/steps/page_99/").status_code == 404
    assert client.post(f"{draft}/steps/nothing/", YOU).status_code == 404
    assert client.get(f"{draft}/submit/").status_code == 405
    assert count(cast) == 0


def test_another_browser_and_the_neighbour_see_nothing(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    procedure = online()
    draft = begin(client, procedure)
    fill(client, draft)
    mine = client.post(f"{draft}/submit/").url.removeprefix("/hibari").replace("receipt/", "")
    for stranger in (client_for(cast.hibari), client_for(cast.misaki), client_for(cast.hibari.clerk)):
        for address in (f"{draft}/steps/page_1/", f"{draft}/confirm/", f"{draft}/saved/", mine, f"{mine}receipt/"):
            assert stranger.get(address).status_code == 404, address
        assert stranger.post(f"{draft}/submit/").status_code == 404
    assert client_for(cast.misaki).get(f"/procedures/{procedure.id}/").status_code == 404
    forged = client_for(cast.hibari)
    forged.cookies["kakehashi_mine"] = client.cookies["kakehashi_mine"].value + "x"
    assert forged.get(mine).status_code == 404


def test_closed_while_writing_loses_nothing(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    procedure = online()
    draft = begin(client, procedure)
    fill(client, draft)
    with tenant_scope(cast.hibari.id):
        close_procedure(actor=cast.hibari.officer, procedure=procedure)
    page = client.post(f"{draft}/submit/")
    assert page.status_code == 422
    assert "受け付けていません" in page.content.decode()
    with tenant_scope(cast.hibari.id):
        assert Draft.objects.get().answers["content"]


def test_queries_of_the_final_post(
    cast: Cast, client_for: Callable, online: Callable, django_assert_num_queries: Callable, settings: object
) -> None:
    forget_tenants()
    settings.GOVERNMENT_CACHE_SECONDS = 60  # type: ignore[attr-defined]
    client, procedure = client_for(cast.hibari), online()
    drafts = []
    for _ in range(2):
        drafts.append(begin(client, procedure))
        fill(client, drafts[-1])
    client.post(f"{drafts[0]}/submit/")
    # The draft and one INSERT; around them the scope's savepoint and setting, twice each in tests.
    with django_assert_num_queries(6):
        client.post(f"{drafts[1]}/submit/")
    forget_tenants()


def test_discarded_and_forgotten(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    draft = begin(client, online())
    assert client.get("/procedures/mine/").status_code == 200
    assert client.post("/procedures/mine/leave/").status_code == 302
    assert client.get(f"{draft}/saved/").status_code == 404


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_page_speaks_three_languages(cast: Cast, client_for: Callable, online: Callable, language: str) -> None:
    client = client_for(cast.hibari)
    procedure = online()
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = language
    names = {"ja": "住宅改修補助金", "ja-easy": "家を直すための", "en": "Home improvement grant"}
    assert names[language] in client.get(f"/procedures/{procedure.id}/").content.decode()
    draft = begin(client, procedure)
    fill(client, draft)
    for address in (f"{draft}/steps/page_1/", f"{draft}/confirm/", f"{draft}/saved/", "/procedures/mine/"):
        assert client.get(address).status_code == 200


def test_a_procedure_whose_section_is_not_known_yet_says_whom_to_ask(
    cast: Cast, client_for: Callable, online: Callable
) -> None:
    procedure = online(Kind.REQUEST)
    with tenant_scope(cast.hibari.id):
        Procedure.objects.filter(id=procedure.id).update(department=None, contact="")
        procedure.texts.update(contact="")
    page = client_for(cast.hibari).get(f"/procedures/{procedure.id}/").content.decode()
    assert "<dt>問合せ先</dt><dd>役所に聞いてください</dd>" in page
