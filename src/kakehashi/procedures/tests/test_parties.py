"""代理人・使者・連署: who else stands behind an application, through the pages and at the same moment."""

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from kakehashi.files.testing import PDF
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.models import Application, Consent, CoSigning, DeliveryWish, Draft, Payment, Procedure, Proxy
from kakehashi.procedures.selectors.applications import get_application, get_draft
from kakehashi.procedures.selectors.parties import parties_of_application, parties_of_draft
from kakehashi.procedures.services import (
    add_co_signer,
    agree,
    ask_consents,
    asked_of_token,
    discard_draft,
    hand_in_with_parties,
    purge_applications,
    save_step,
    set_filing_rule,
    start_draft,
)
from kakehashi.procedures.services.consent_mails import consent_token
from kakehashi.procedures.services.paid_drafts import hand_in_paid_draft
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure, good_answers

ALL_PROXIES = ["voluntary", "statutory", "messenger"]
SON = {"name": "田中 一郎", "relationship": "子", "email": "ichiro@example.jp", "phone": ""}


def ruled(town: Town, **rule: Any) -> Procedure:
    """An online procedure with a filing rule; the scope is open."""
    procedure = an_online_procedure(town)
    known: dict[str, Any] = {"proxies": [], "proofs": [], "co_signing": CoSigning.NONE, "least_co_signers": 0} | rule
    set_filing_rule(actor=town.officer, procedure=procedure, **known)
    return procedure


def started(client: Client, procedure: Procedure) -> str:
    answer = client.post(f"/procedures/{procedure.id}/start/")
    return re.search(r"/procedures/drafts/[0-9a-f-]+", answer.url)[0]  # type: ignore[index]


def written(client: Client, draft: str) -> None:
    client.post(f"{draft}/steps/page_1/", YOU)
    client.post(f"{draft}/steps/page_2/", REQUEST)


def link_to(email: str) -> str:
    """The newest link mailed to an address; the scope is open."""
    notice = Notice.objects.filter(email=email).order_by("-created_at").first()
    assert notice is not None
    return re.sub(r"^https?://[^/]+/hibari", "", notice.url)


def digest_on(page: Any) -> dict[str, str]:
    return {"digest": re.search(r'name="digest" value="([0-9a-f]+)"', page.content.decode())[1]}  # type: ignore[index]


def a_draft(town: Town, procedure: Procedure) -> Draft:
    """A written draft of a procedure, as its pages would keep it; the scope is open."""
    draft = start_draft(actor=AnonymousActor(government_id=town.id), procedure=procedure)
    Draft.objects.filter(id=draft.id).update(answers=good_answers(procedure), done_steps=["page_1", "page_2"])
    return get_draft(draft.id)


def asked_by(town: Town, draft: Draft, *emails: str, fetches_at_counter: bool = False) -> list[str]:
    """Name co-signers, ask them, and give their tokens."""
    actor = AnonymousActor(government_id=town.id)
    made = [add_co_signer(actor=actor, draft=draft, name=f"{each[0]}さん", email=each) for each in emails]
    ask_consents(
        actor=actor,
        draft=draft,
        accepts_electronic_notice=not fetches_at_counter,
        fetches_at_counter=fetches_at_counter,
    )
    return [consent_token(each) for each in made]


def test_a_proxy_whom_the_principal_confirms(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = ruled(cast.hibari, proxies=ALL_PROXIES, proofs=["confirmation", "letter"])
    client, principal = client_for(cast.hibari), client_for(cast.hibari)
    draft = started(client, procedure)
    assert "だれの申請ですか" in client.get(f"{draft}/who/").content.decode()
    assert client.post(f"{draft}/who/", {"who": "voluntary"}).url.endswith("/proxy/voluntary/")
    incomplete = client.post(f"{draft}/proxy/voluntary/", SON | {"proof": "confirmation"})
    assert incomplete.status_code == 422
    theirs = {"proof": "confirmation", "principal_name": "田中 めぐみ", "principal_email": "megumi@example.jp"}
    assert client.post(f"{draft}/proxy/voluntary/", SON | theirs).status_code == 302
    written(client, draft)
    assert "同意をお願いする" in client.get(f"{draft}/confirm/").content.decode()
    assert client.post(f"{draft}/submit/").status_code == 422
    client.post(f"{draft}/ask/", {"way": "electronic"})
    with tenant_scope(cast.hibari.id):
        link = link_to("megumi@example.jp")
    page = principal.get(link)
    assert "玄関の手すり" in page.content.decode()
    principal.post(f"{link}agree/", digest_on(page))
    with tenant_scope(cast.hibari.id):
        application = Application.objects.get()
        assert application.accepts_electronic_notice
        assert parties_of_application(application).missing == []
        assert {"ichiro@example.jp", "megumi@example.jp"} <= set(
            Notice.objects.filter(kind="procedures.received").values_list("email", flat=True)
        )
    shown = client_for(cast.hibari.clerk).get(f"/staff/procedures/applications/{application.id}/", follow=True)
    assert "任意代理人" in shown.content.decode()
    assert "あなたの申請" in client.get("/procedures/mine/").content.decode()
    assert client.get(f"/procedures/mine/{application.id}/").status_code == 200


def test_a_statutory_proxy_shows_a_paper_and_hands_in_alone(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = ruled(cast.hibari, proxies=["statutory"])
    client = client_for(cast.hibari)
    draft = started(client, procedure)
    assert client.get(f"{draft}/proxy/voluntary/").status_code == 404
    assert client.post(f"{draft}/proxy/statutory/", SON | {"proof": "certificate"}).status_code == 422
    paper = SimpleUploadedFile("戸籍.pdf", PDF, "application/pdf")
    assert client.post(f"{draft}/proxy/statutory/", SON | {"proof": "certificate", "file": paper}).status_code == 302
    written(client, draft)
    receipt = client.post(f"{draft}/submit/")
    assert "receipt" in receipt.url
    with tenant_scope(cast.hibari.id):
        proxy = Proxy.objects.get()
        assert proxy.application_id is not None
        assert proxy.proof_file is not None
        Application.objects.update(state="completed", completed_at="2000-01-01T00:00Z")
        Draft.objects.all().delete()
        assert purge_applications(dt.date(2020, 1, 1), 10) == 1
        assert not Proxy.objects.exists()


@pytest.fixture
def together(town: Town) -> tuple[Town, Draft]:
    """A written draft that two others must sign; the scope is open."""
    return town, a_draft(town, ruled(town, co_signing=CoSigning.ALL_FIRST, least_co_signers=2))


def test_too_few_co_signers(together: tuple[Town, Draft]) -> None:
    town, draft = together
    with pytest.raises(DomainError, match="あと1人"):
        asked_by(town, draft, "a@example.jp")


def test_it_goes_out_with_the_last_agreement(together: tuple[Town, Draft]) -> None:
    town, draft = together
    actor = AnonymousActor(government_id=town.id)
    first, second = asked_by(town, draft, "a@example.jp", "b@example.jp")
    for token, wanted in ((first, 0), (first, 0), (second, 1), (second, 1)):
        asked = asked_of_token(token)
        assert asked is not None
        agree(actor=actor, token=token, seen_digest=asked.digest)
        assert Application.objects.count() == wanted
    known = parties_of_application(get_application(Application.objects.get().id))
    assert [standing for _, standing in known.rows] == ["agreed", "agreed"]
    discard_draft(actor=actor, draft_id=draft.id)
    assert Consent.objects.count() == 2


def test_what_was_chosen_before_paying_is_kept(town: Town) -> None:
    draft = a_draft(town, ruled(town, proxies=["messenger"]))
    Proxy.objects.create(filing_key=draft.idempotency_key, kind="messenger", **SON)
    Draft.objects.filter(id=draft.id).update(has_parties=True)
    payment = Payment.objects.create(
        key=draft.idempotency_key,
        procedure=draft.procedure,
        draft_id=draft.id,
        amount=300,
        reference="R-1",
        chosen={"counter": True, "electronic": False},
    )
    application = hand_in_paid_draft(payment)
    assert application is not None, payment.trouble
    assert DeliveryWish.objects.filter(application=application, way="counter").exists()


@pytest.mark.parametrize("wishes", [True, False])
def test_the_wish_to_fetch_it_at_the_counter_waits_for_the_last_agreement(
    together: tuple[Town, Draft], wishes: bool
) -> None:
    town, draft = together
    actor = AnonymousActor(government_id=town.id)
    tokens = asked_by(town, draft, "a@example.jp", "b@example.jp", fetches_at_counter=wishes)
    for token in tokens:
        asked = asked_of_token(token)
        assert asked is not None
        agree(actor=actor, token=token, seen_digest=asked.digest)
    assert DeliveryWish.objects.filter(application=Application.objects.get(), way="counter").exists() is wishes


def test_a_change_makes_an_agreement_void(together: tuple[Town, Draft]) -> None:
    town, draft = together
    actor = AnonymousActor(government_id=town.id)
    first, second = asked_by(town, draft, "a@example.jp", "b@example.jp")
    seen = asked_of_token(first)
    assert seen is not None
    agree(actor=actor, token=first, seen_digest=seen.digest)
    save_step(
        actor=actor, draft=draft, step_key="page_2", field_keys=["content"], values={"content": "別の工事です。"},
        typed={"content": "別の工事です。"}, is_done=True,
    )  # fmt: skip
    with pytest.raises(Stale):
        agree(actor=actor, token=second, seen_digest=seen.digest)
    now = asked_of_token(second)
    assert now is not None
    agree(actor=actor, token=second, seen_digest=now.digest)
    assert not Application.objects.exists()
    assert [standing for _, standing in parties_of_draft(get_draft(draft.id)).rows] == ["changed", "agreed"]


def test_who_may_follow_is_shown_to_staff(town: Town) -> None:
    draft = a_draft(town, ruled(town, co_signing=CoSigning.MAY_FOLLOW))
    actor = AnonymousActor(government_id=town.id)
    (token,) = asked_by(town, draft, "a@example.jp")
    application = hand_in_with_parties(actor=actor, draft=draft, accepts_electronic_notice=False)
    assert [standing for _, standing in parties_of_application(application).rows] == ["waiting"]
    asked = asked_of_token(token)
    assert asked is not None
    agree(actor=actor, token=token, seen_digest=asked.digest)
    assert parties_of_application(get_application(application.id)).missing == []


def test_two_agree_at_once_while_one_writes(swept_database: str, new_cast: Callable, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        town = new_cast().hibari
        actor = AnonymousActor(government_id=town.id)
        with tenant_scope(town.id):
            draft = a_draft(town, ruled(town, co_signing=CoSigning.ALL_FIRST, least_co_signers=2))
            tokens = asked_by(town, draft, "a@example.jp", "b@example.jp")
            seen = asked_of_token(tokens[0])
            assert seen is not None

        def run(act: Callable[[], object]) -> str:
            try:
                with tenant_scope(town.id):
                    act()
                return "done"
            except Stale:
                return "stale"
            finally:
                connection.close()

        def agreeing(token: str) -> Callable[[], object]:
            return lambda: agree(actor=actor, token=token, seen_digest=seen.digest)

        def writing() -> object:
            return save_step(
                actor=actor, draft=draft, step_key="page_2", field_keys=["content"], values={"content": str(uuid7())},
                typed={}, is_done=True,
            )  # fmt: skip

        with ThreadPoolExecutor(3) as pool:
            results = list(pool.map(run, [agreeing(tokens[0]), writing, agreeing(tokens[1])]))
        with tenant_scope(town.id):
            filed = Application.objects.first()
            # Either both agreed before the change, and what they read went out; or the change came between and nothing did.
            if filed is not None:
                assert filed.answers["content"] == good_answers(draft.procedure)["content"]
                assert results == ["done"] * 3
            else:
                assert parties_of_draft(get_draft(draft.id)).missing
