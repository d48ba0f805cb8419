"""The staff's pages of an application: works, refuses, is unknown to the neighbour."""

import datetime as dt
from collections.abc import Callable

import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.governments.models import RoomSwitch
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application
from kakehashi.procedures.testing import an_application, an_online_procedure

LIST = "/staff/procedures/"


def filed(cast: Cast, kind: Kind = Kind.DISPOSITION) -> Application:
    with tenant_scope(cast.hibari.id):
        return an_application(with_rules(cast.hibari), an_online_procedure(cast.hibari, kind))


def of(application: Application, verb: str = "") -> str:
    return f"{LIST}applications/{application.id}/{verb}"


def state_of(cast: Cast, application: Application) -> str:
    with tenant_scope(cast.hibari.id):
        return str(Application.objects.get(id=application.id).state)


def test_the_list_finds_by_number_and_name(cast: Cast, client_for: Callable) -> None:
    application, client = filed(cast), client_for(cast.hibari.clerk)
    assert "まだ申請は届いていません" in client_for(cast.misaki.clerk).get(LIST).content.decode()
    for query in ("", application.receipt_label, "田中", "nothing"):
        page = client.get(LIST, {"q": query})
        assert (application.receipt_label in page.content.decode()) is (query != "nothing")
    for kind in ("csv", "xlsx"):
        assert client.get(LIST, {"format": kind}).status_code == 200


def test_the_case_shows_answers_and_acts(cast: Cast, client_for: Callable) -> None:
    application, client = filed(cast), client_for(cast.hibari.clerk)
    page = client.get(of(application), follow=True)
    text = page.content.decode()
    for words in ("玄関の手すり", "受付する", "補正を依頼する", application.receipt_label, "標準処理期間"):
        assert words in text, words
    # The question stands there once: the page shows the answers one time, not two.
    assert text.count("玄関の手すり") == 1


def test_a_second_click_on_accept_is_no_news_but_a_colleague_is(cast: Cast, client_for: Callable) -> None:
    application, client = filed(cast), client_for(cast.hibari.clerk)
    assert [client.post(of(application, "accept/")).status_code for _ in range(2)] == [302, 302]
    assert client_for(cast.hibari.manager).post(of(application, "accept/")).status_code == 409
    with clock.frozen(clock.now() + dt.timedelta(minutes=2)):
        assert client.post(of(application, "accept/")).status_code == 409


def test_accept_correct_propose(cast: Cast, client_for: Callable) -> None:
    application, client = filed(cast), client_for(cast.hibari.clerk)
    assert client.post(of(application, "accept/")).status_code == 302
    page = client.get(of(application, "propose/")).content.decode()
    # It is founded on the town's own 要綱, so the law itself does not ask for the reasons.
    assert "行政手続条例（行政手続法第8条に当たる規定）" in page
    empty = client.post(of(application, "propose/"), {"result": "refused", "reason": ""})
    assert empty.status_code == 422
    answer = client.post(of(application, "propose/"), {"result": "permitted", "reason": "要件を満たすため"})
    assert answer.status_code == 302
    assert "/approvals/" in answer.url
    late = {"message": "見積書", "deadline": (clock.today() + dt.timedelta(days=10)).isoformat()}
    assert client.post(of(application, "correction/"), late | {"deadline": "2020-01-01"}).status_code == 422
    assert client.post(of(application, "correction/"), late).status_code == 302
    assert state_of(cast, application) == "correcting"


def test_a_notification_is_confirmed(cast: Cast, client_for: Callable) -> None:
    application, client = filed(cast, Kind.NOTIFICATION), client_for(cast.hibari.clerk)
    assert "到達を確認する" in client.get(of(application), follow=True).content.decode()
    assert client.post(of(application, "confirm/")).status_code == 302
    assert state_of(cast, application) == "completed"


def test_without_approvals_the_outside_decision_is_recorded(cast: Cast, client_for: Callable) -> None:
    application, client = filed(cast), client_for(cast.hibari.clerk)
    RoomSwitch.objects.filter(government=cast.hibari.government, room="approvals").update(is_on=False)
    client.post(of(application, "accept/"))
    assert "外部の決裁を記録する" in client.get(of(application), follow=True).content.decode()
    assert client.get(of(application, "outside/")).status_code == 200
    assert client.get(of(application, "export/"), {"format": "xlsx"}).status_code == 200
    data = {"result": "permitted", "number": "8住第1号", "decided_on": clock.today().isoformat()}
    assert client.post(of(application, "outside/"), data).status_code == 302
    assert state_of(cast, application) == "completed"


@pytest.mark.parametrize("verb", ["", "accept/", "confirm/", "correction/", "propose/", "outside/", "export/"])
def test_the_neighbour_finds_nothing(cast: Cast, client_for: Callable, verb: str) -> None:
    application = filed(cast)
    neighbour = client_for(cast.misaki.clerk)
    for answer in (neighbour.get(of(application, verb)), neighbour.post(of(application, verb))):
        assert answer.status_code in (404, 405)
    assert client_for(cast.hibari).get(of(application, verb)).status_code == 302


def test_the_applicant_answers_a_correction_and_reads_the_page(cast: Cast, client_for: Callable) -> None:
    from kakehashi.procedures.tests.test_apply_pages import begin, fill

    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(cast.hibari)
    me, clerk = client_for(cast.hibari), client_for(cast.hibari.clerk)
    draft = begin(me, procedure)
    fill(me, draft)
    mine = me.post(f"{draft}/submit/").url.removeprefix("/hibari").replace("receipt/", "")
    application_id = mine.split("/")[-2]
    deadline = (clock.today() + dt.timedelta(days=10)).isoformat()
    staff = f"{LIST}applications/{application_id}/"
    assert (
        clerk.post(f"{staff}correction/", {"message": "見積書を付けてください", "deadline": deadline}).status_code
        == 302
    )
    assert "見積書を付けてください" in me.get(mine).content.decode()
    mend = me.post(f"{mine}correction/").url.removeprefix("/hibari").replace("/confirm/", "")
    assert (
        me.post(f"{mend}/steps/page_2/", {"content": "見積書を付けました", "agree": "on", "confirm": "1"}).status_code
        == 302
    )
    for _ in range(2):
        assert me.post(f"{mend}/submit/").status_code == 302
    assert "前回との違い" in clerk.get(staff, follow=True).content.decode()
    assert me.post(f"{mine}message/", {"body": "よろしくお願いします"}).status_code == 302
    assert me.post(f"{mine}message/", {"body": " "}).status_code == 422
    assert me.get(f"{mine}withdraw/").status_code == 200
    assert me.post(f"{mine}withdraw/").status_code == 302
    assert me.post(f"{mine}withdraw/").url.endswith(mine)
    assert f'action="/hibari{mine}withdraw/undo/"' in me.get(mine).content.decode()
    for _ in range(2):
        assert me.post(f"{mine}withdraw/undo/").status_code == 302
    assert "取下げを元に戻しました。" in me.get(mine).content.decode()


def test_back_by_number_and_code(cast: Cast, client_for: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    from kakehashi.people.models import MailCode
    from kakehashi.people.services import mail_codes

    application = filed(cast)
    me = client_for(cast.hibari)
    asked = {"number": application.receipt_label, "email": "Megumi@example.jp"}
    assert me.post("/procedures/mine/find/", asked).url.endswith("/mine/code/")
    assert me.post("/procedures/mine/code/", {"code": "000000"}).status_code == 422
    with tenant_scope(cast.hibari.id):
        row = MailCode.objects.get()
        digits = mail_codes.derive_code(mail_codes._secret(), row.id, bytes(row.nonce))
    answer = me.post("/procedures/mine/code/", {"code": digits})
    assert answer.status_code == 302
    assert me.get(answer.url.removeprefix("/hibari")).status_code == 200


def test_a_wrong_number_is_answered_alike(cast: Cast, client_for: Callable) -> None:
    application = filed(cast)
    me = client_for(cast.hibari)
    wrong = {"number": application.receipt_label, "email": "somebody@example.jp"}
    assert me.post("/procedures/mine/find/", wrong).status_code == 302
    assert me.post("/procedures/mine/find/", {"number": "あ", "email": "x"}).status_code == 422
    assert me.post("/procedures/mine/find/", {"number": "\x00" * 50, "email": "a@b.jp"}).status_code == 422
