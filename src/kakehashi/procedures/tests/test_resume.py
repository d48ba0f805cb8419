"""Save and resume: the link from the mail works on another device, ends with the draft, and tells nobody about addresses."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import Draft
from kakehashi.procedures.services import resume_token, sweep_drafts, warn_of_expiry
from kakehashi.procedures.services.resuming import LINKS_PER_ADDRESS
from kakehashi.procedures.testing import REQUEST, YOU

ADDRESS = {"email": "megumi@example.jp"}


@pytest.fixture
def begun(cast: Cast, client_for: Callable, online: Callable) -> tuple[Client, str]:
    """A browser with one page written, and the draft's address."""
    client = client_for(cast.hibari)
    draft = client.post(f"/procedures/{online().id}/start/").url.split("/steps/")[0].removeprefix("/hibari")
    client.post(f"{draft}/steps/page_1/", YOU)
    return client, draft


def mails(cast: Cast) -> list[Notice]:
    with tenant_scope(cast.hibari.id):
        return list(Notice.objects.order_by("created_at"))


def link_in(notice: Notice) -> str:
    return re.sub(r"^https?://[^/]+/hibari", "", notice.url)


def test_another_device_goes_on_at_the_right_page(cast: Cast, begun: tuple[Client, str], client_for: Callable) -> None:
    client, draft = begun
    assert client.post(f"{draft}/saved/", ADDRESS).status_code == 302
    phone = client_for(cast.hibari)
    assert phone.get(f"{draft}/saved/").status_code == 404
    answer = phone.get(link_in(mails(cast)[0]))
    page = phone.get(answer.url.removeprefix("/hibari")).content.decode()
    assert f"{draft}/steps/page_2/" in page
    assert "タナカ" in phone.get(f"{draft}/steps/page_1/").content.decode()
    phone.post(f"{draft}/steps/page_2/", REQUEST)
    assert f"{draft}/confirm/" in phone.get(f"{draft}/saved/").content.decode()


def test_an_address_that_was_told_is_not_asked_for_again(cast: Cast, begun: tuple[Client, str]) -> None:
    client, draft = begun
    with tenant_scope(cast.hibari.id):
        # Neither in the form nor at the start.
        Draft.objects.update(answers={}, email="", confirmed_email="")
    asked = client.get(f"{draft}/saved/").content.decode()
    assert "ほかのアドレスに送る" not in asked
    client.post(f"{draft}/saved/", ADDRESS)
    known = client.get(f"{draft}/saved/").content.decode()
    assert f'<input type="hidden" name="email" value="{ADDRESS["email"]}">' in known
    assert f"<strong>{ADDRESS['email']}</strong>" in known
    wrong = client.post(f"{draft}/saved/", {"email": "megumi"})
    assert wrong.status_code == 422
    assert '<details class="dads-disclosure" open>' in wrong.content.decode()


def test_the_link_ends_with_the_draft_and_with_handing_in(
    cast: Cast, begun: tuple[Client, str], client_for: Callable
) -> None:
    client, draft = begun
    with tenant_scope(cast.hibari.id):
        token = resume_token(Draft.objects.get())
    other = client_for(cast.hibari)
    assert other.get(f"/procedures/resume/{token}x/").status_code == 410
    client.post(f"{draft}/steps/page_2/", REQUEST)
    client.post(f"{draft}/submit/")
    page = other.get(f"/procedures/resume/{token}/")
    assert page.status_code == 410
    assert "もう届いています" in page.content.decode()
    assert not other.cookies.get("kakehashi_mine")
    with tenant_scope(cast.hibari.id):
        Draft.objects.update(expires_at=clock.now() - dt.timedelta(days=1))
        sweep_drafts()
    assert "もう使えません" in other.get(f"/procedures/resume/{token}/").content.decode()


def test_a_lost_link_is_sent_again_and_the_page_tells_nothing(
    cast: Cast, begun: tuple[Client, str], client_for: Callable
) -> None:
    client, draft = begun
    client.post(f"{draft}/saved/", ADDRESS)
    phone = client_for(cast.hibari)
    answers = []
    for address in ("MEGUMI@example.jp", "nobody@example.jp"):
        phone.post("/procedures/mine/links/", {"email": address})
        page = phone.get("/procedures/mine/").content.decode()
        answers.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page))
    assert answers[0] == answers[1]
    assert "送りました" in answers[0]
    assert {each.email for each in mails(cast)} == {ADDRESS["email"]}


def test_links_to_one_address_are_limited(cast: Cast, begun: tuple[Client, str]) -> None:
    client, draft = begun
    now = clock.now()
    for minute in range(LINKS_PER_ADDRESS.tries + 2):
        with clock.frozen(LINKS_PER_ADDRESS.window_start(now) + dt.timedelta(seconds=61 * minute)):
            assert client.post(f"{draft}/saved/", ADDRESS).status_code == 302
    assert len(mails(cast)) == LINKS_PER_ADDRESS.tries


def test_a_draft_is_warned_of_once_and_again_after_it_was_extended(cast: Cast, begun: tuple[Client, str]) -> None:
    client, draft = begun
    client.post(f"{draft}/saved/", ADDRESS)

    def warned_after(days: int) -> int:
        with clock.frozen(clock.now() + dt.timedelta(days=days)), tenant_scope(cast.hibari.id):
            return warn_of_expiry(actor=system_actor(cast.hibari.id))

    assert [warned_after(24), warned_after(26), warned_after(27)] == [0, 1, 0]
    assert "まもなく消えます" in mails(cast)[-1].subject
    with clock.frozen(clock.now() + dt.timedelta(days=28)):
        assert client.post(f"{draft}/steps/page_1/", YOU).status_code == 302
    assert [warned_after(30), warned_after(54)] == [0, 1]
