"""以前の回答を写す: by consent only, by what a question means, never a protected answer unasked."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step
from kakehashi.journal.models import Event
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.domain.reuse import Earlier, match_answers
from kakehashi.procedures.models import Draft, ReuseConsent
from kakehashi.procedures.testing import REQUEST, YOU

SIZES = [Option("s", "小"), Option("l", "大")]


def a_form(*fields: Field) -> FormDefinition:
    return FormDefinition([Step("page_1", "1", list(fields))])


def matched(now: FormDefinition, then: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    return {each.field.key: each.value for each in match_answers(now, [Earlier("before", then, answers)])}


def test_the_same_meaning_under_another_key_and_label() -> None:
    then = a_form(
        Field("who", "name", "届出人の氏名"), Field("child", "name", "子の氏名"), Field("job", "text", "職業")
    )
    now = a_form(Field("me", "name", "氏名"), Field("work", "text", "職　業"), Field("other", "text", "勤務先"))
    answers = {"who": {"family": "田中"}, "child": {"family": "林"}, "job": "農業"}
    assert matched(now, then, answers) == {"me": {"family": "田中"}, "work": "農業"}


def test_what_never_fits() -> None:
    choice = Field("size", "choice", "大きさ", options=SIZES)
    other = replace(choice, options=[Option("s", "中"), Option("l", "大")])
    assert matched(a_form(other), a_form(choice), {"size": "s"}) == {}
    assert matched(a_form(other), a_form(choice), {"size": "l"}) == {"size": "l"}
    paper = Field("paper", "file", "図面")
    assert matched(a_form(paper), a_form(paper), {"paper": [{"id": "x"}]}) == {}
    secret = Field("grade", "text", "等級", protected=True)
    assert matched(a_form(replace(secret, protected=False)), a_form(secret), {"grade": "2級"}) == {}
    assert matched(a_form(secret), a_form(secret), {"grade": "2級"}) == {"grade": "2級"}


def test_a_returning_applicant_chooses(cast: Cast, client_for: Callable, online: Callable) -> None:
    client, first, second = client_for(cast.hibari), online(), online()
    draft = client.post(f"/procedures/{first.id}/start/").url.split("/steps/")[0].removeprefix("/hibari")
    client.post(f"{draft}/steps/page_1/", YOU)
    client.post(f"{draft}/steps/page_2/", REQUEST)
    client.post(f"{draft}/submit/")
    page = client.post(f"/procedures/{second.id}/start/").url.removeprefix("/hibari")
    assert page.endswith("/reuse/")
    shown = client.get(page).content.decode()
    assert "090-1234-5678" in shown
    keys = re.findall(r'name="use" value="(\w+)" checked', shown)
    assert {"name", "phone", "born"} <= set(keys)
    step = client.post(page, {"agree": "1", "use": ["name", "nothing"]}).url.removeprefix("/hibari")
    begun = client.get(step).content.decode()
    assert "タナカ" in begun
    assert "090-1234-5678" not in begun
    with tenant_scope(cast.hibari.id):
        consent = ReuseConsent.objects.get()
        assert [each["key"] for each in consent.items] == ["name"]
        assert Draft.objects.get(idempotency_key=consent.filing_key).answers == {}
        assert Event.objects.filter(code="procedures.answers.reused").count() == 1


def test_whoever_declines_or_is_somebody_else_gets_nothing(cast: Cast, client_for: Callable, online: Callable) -> None:
    client, stranger, procedure = client_for(cast.hibari), client_for(cast.hibari), online()
    draft = client.post(f"/procedures/{procedure.id}/start/").url.split("/steps/")[0].removeprefix("/hibari")
    client.post(f"{draft}/steps/page_1/", YOU)
    client.post(f"{draft}/steps/page_2/", REQUEST)
    client.post(f"{draft}/submit/")
    assert "/steps/" in stranger.post(f"/procedures/{procedure.id}/start/").url
    page = client.post(f"/procedures/{procedure.id}/start/").url.removeprefix("/hibari")
    step = client.post(page, {"use": ["name"]}).url.removeprefix("/hibari")
    assert "タナカ" not in client.get(step).content.decode()
    with tenant_scope(cast.hibari.id):
        assert not ReuseConsent.objects.exists()
