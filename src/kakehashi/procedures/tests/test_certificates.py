"""証明書: issued with a code, verified by anybody, revoked and reissued."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.test import override_settings
from pyhanko.pdf_utils.reader import PdfFileReader

from kakehashi.approvals.models import Proposal, SealKind
from kakehashi.approvals.testing import with_rules
from kakehashi.approvals.tests.certification import Authority
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import Peer
from kakehashi.exchange.services import read_bundle
from kakehashi.exchange.testing import carried, paired_with_far_side
from kakehashi.files.selectors import read_file
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey
from kakehashi.journal.domain.verify import ed25519_verify
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.domain.certificates import Validity, format_token, make_token, normalise_token
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.letters import LetterText
from kakehashi.procedures.domain.offline_certificates import key_name, read_statement
from kakehashi.procedures.models import Certificate
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import open_document
from kakehashi.procedures.services.carrying.certificates import pending_certificates, write_certificate
from kakehashi.procedures.services.certificates import (
    reissue_certificate,
    revoke_certificate,
    signed_words,
    verification_address,
    verifier_keys,
)
from kakehashi.procedures.services.letters import write_letter
from kakehashi.procedures.testing import an_issued_application
from kakehashi.procedures.tests.test_write_letter import text_of

WORDS = LetterText("在住証明書", "【申請者の氏名】様が町内に住んでいることを証明します。")


def a_certificate(town: Town, way: Way = Way.ELECTRONIC, days: int | None = 90) -> Certificate:
    def with_letter(procedure):
        write_letter(
            actor=town.officer,
            procedure=procedure,
            outcome="issued",
            letter=WORDS,
            is_certificate=True,
            valid_days=days,
        )

    an_issued_application(with_rules(town), way, Kind.CERTIFICATE, before=with_letter)
    return Certificate.objects.select_related("application__procedure", "application__case", "document").get()


def test_a_token_can_be_typed_from_paper() -> None:
    token = make_token()
    assert normalise_token(f" {format_token(token).lower()} ") == token
    assert normalise_token(token[:-1]) == normalise_token("!" * 26) == ""
    assert make_token() != token


def test_the_certificate_names_its_page(town: Town) -> None:
    certificate = a_certificate(town)
    shown = text_of(read_file(open_document(actor=town.clerk, document=certificate.document)))
    assert format_token(certificate.token) in shown
    assert "田中 めぐみ様が町内に住んでいることを証明します" in shown
    assert certificate.document_number in shown
    assert certificate.valid_until == clock.today() + dt.timedelta(days=90)
    assert certificate.validity(certificate.valid_until) is Validity.VALID
    assert certificate.validity(certificate.valid_until + dt.timedelta(days=1)) is Validity.EXPIRED


def test_a_certificate_leaves_with_the_electronic_seal(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authority().fill(tmp_path, town.government.code)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, seal_folder=tmp_path))
    certificate = a_certificate(town)
    proposal_id = certificate.application.proposal_id
    assert proposal_id is not None
    Proposal.objects.filter(id=proposal_id).update(seal=SealKind.ELECTRONIC)
    pdf = read_file(open_document(actor=town.clerk, document=certificate.document))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    signature.compute_integrity_info()
    assert signature.coverage.name == "ENTIRE_FILE"
    event = events_for(proposal_id).filter(code="approvals.proposal.sealed").last()
    assert event is not None
    assert event.payload["sha256"] == hashlib.sha256(pdf).hexdigest()


def scanned(pdf: bytes) -> set[str]:
    """What a real reader of codes sees on the first page, printed and scanned at 200 dots an inch, a little askew."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=200 / 72).to_pil().convert("L").rotate(3, expand=True, fillcolor=255)
    return {each.text for each in zxingcpp.read_barcodes(picture)}


def test_a_reader_of_codes_reads_both_from_the_paper(town: Town) -> None:
    certificate = a_certificate(town)
    seen = scanned(read_file(open_document(actor=town.clerk, document=certificate.document)))
    words = signed_words(certificate)
    assert words in seen
    (address,) = seen - {words}
    assert address.endswith(f"/hibari/procedures/verify/{certificate.token}/")


def test_revoking_and_reissuing(town: Town) -> None:
    certificate = a_certificate(town, Way.POST)
    with pytest.raises(DomainError, match="理由"):
        revoke_certificate(actor=town.clerk, certificate=certificate, reason=" ")
    with pytest.raises(PermissionRefused):
        revoke_certificate(actor=AnonymousActor(government_id=town.id), certificate=certificate, reason="誤り")
    new = reissue_certificate(actor=town.clerk, certificate=certificate, reason="なくしたため")
    old = Certificate.objects.get(id=certificate.id)
    assert (old.validity(clock.today()), old.replaced_by_id) == (Validity.REVOKED, new.id)
    assert new.token != old.token
    assert get_application(new.application_id).state == "delivering"
    assert format_token(new.token) in text_of(read_file(open_document(actor=town.clerk, document=new.document)))
    with pytest.raises(Stale):
        reissue_certificate(actor=town.clerk, certificate=old, reason="もう一度")
    with pytest.raises(Stale):
        revoke_certificate(actor=town.clerk, certificate=old, reason="もう一度")


def test_anybody_may_verify_and_nobody_learns_a_name(cast: Cast, client_for) -> None:
    with tenant_scope(cast.hibari.id):
        certificate = a_certificate(cast.hibari)
    client = client_for(cast.hibari)
    page = client.get(f"/procedures/verify/{certificate.token}/")
    text = page.content.decode()
    assert (page.status_code, "この証明書は有効です" in text, certificate.document_number in text) == (200, True, True)
    assert "田中" not in text
    typed = client.post("/procedures/verify/", {"token": format_token(certificate.token)})
    assert typed.status_code == 302
    unknown = client.get(f"/procedures/verify/{make_token()}/")
    assert (unknown.status_code, "確かめられません" in unknown.content.decode()) == (404, True)
    assert client.post("/procedures/verify/", {"token": "x"}).status_code == 404
    assert client_for(cast.misaki).get(f"/procedures/verify/{certificate.token}/").status_code == 404
    clerk = client_for(cast.hibari.clerk)
    path = f"/staff/procedures/certificates/{certificate.id}/"
    assert clerk.get(path).status_code == 200
    assert clerk.post(path, {"revoke": "1", "reason": ""}).status_code == 422
    assert clerk.post(path, {"revoke": "1", "reason": "記載の誤り"}).status_code == 302
    assert "有効ではありません" in client.get(f"/procedures/verify/{certificate.token}/").content.decode()


def test_verifying_is_limited(cast: Cast, client_for, monkeypatch) -> None:
    from kakehashi.people.domain.tries import Limit
    from kakehashi.procedures.views import resident_verify

    monkeypatch.setattr(resident_verify, "VERIFICATIONS", Limit("procedures.verify_test", 0, 600))
    assert client_for(cast.hibari).get(f"/procedures/verify/{make_token()}/").status_code == 429


def test_the_second_code_is_checked_without_a_server(town: Town) -> None:
    certificate = a_certificate(town)
    note, keys = signed_words(certificate), [key for key, _ in verifier_keys(town.government)]
    assert "田中" not in note
    found = read_statement(note.replace("\n", "\r\n"), [VerifierKey.parse(str(key)) for key in keys])
    assert (found.title, found.document_number, found.token) == (
        certificate.title, certificate.document_number, certificate.token
    )  # fmt: skip
    assert (found.holds_on(certificate.valid_until), found.holds_on(certificate.valid_until + dt.timedelta(days=1))) == (
        True, False
    )  # fmt: skip
    for wrong in (note.replace("在住", "納税"), note.rpartition("\n\n")[0], ""):
        with pytest.raises(BadNoteError):
            read_statement(wrong, keys)
    with pytest.raises(BadNoteError):
        read_statement(note, [VerifierKey(key_name("131016"), keys[0].public)])
    assert ed25519_verify(keys[0].public, *_by_hand(note))


def _by_hand(note: str) -> tuple[bytes, bytes]:
    """As docs/operate/verify-certificates.md says it, without our reader of notes."""
    lines = note.split("\n")
    words = "\n".join(lines[:7]) + "\n"
    return words.encode(), base64.b64decode(lines[-2].split(" ")[2])[4:]


def test_the_keys_are_public(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hibari)
    found = client.get("/procedures/verify/keys.json").json()
    assert found["keys"][0]["verifier_key"].startswith(f"kakehashi-certificate/1/{cast.hibari.government.code}+")
    assert "インターネットがないところ" in client.get("/procedures/verify/").content.decode()


def test_the_public_half_answers_for_what_the_staff_half_issued(
    town: Town, client_for: Callable, settings, tmp_path
) -> None:
    settings.EXCHANGE_KEYS, settings.EXCHANGE_QUARANTINE = tmp_path / "keys", tmp_path / "quarantine"
    certificate = a_certificate(town)
    fresh = dict(write_certificate(certificate.id).data)
    assert [each.item_id for each in pending_certificates(9)] == [certificate.id]
    revoke_certificate(actor=town.clerk, certificate=certificate, reason="転出")
    revoked = dict(write_certificate(certificate.id).data)
    Certificate.objects.all().delete()
    far, page = paired_with_far_side(town.id, Side.PUBLIC), f"/procedures/verify/{certificate.token}/"
    assert client_for(town).get(page).status_code == 404
    for data, revision, word in ((fresh, 1, "有効"), (revoked, 2, "失効"), (fresh, 1, "失効")):
        bundle = far.bundle(carried("procedures.certificate", certificate.id, data, revision))
        assert not read_bundle(actor=town.officer, content=bundle, via="file").is_refused
        assert word in client_for(town).get(page).content.decode()


def test_the_staff_half_prints_the_public_half_s_address(town: Town, settings, tmp_path) -> None:
    settings.EXCHANGE_KEYS = tmp_path / "keys"
    paired_with_far_side(town.id, Side.STAFF)
    carried = dataclasses.replace(settings.CONFIG, public_url="https://koukai.example.jp")
    with override_settings(CONFIG=carried):
        page = f"/hibari/procedures/verify/{'A' * 26}/"
        assert verification_address(town.government, "A" * 26) == f"https://koukai.example.jp{page}"
    Peer.objects.update(url="https://shinsei.example.jp/hibari/exchange/call/")
    shown = verification_address(town.government, "A" * 26)
    assert shown == f"https://shinsei.example.jp/hibari/procedures/verify/{'A' * 26}/"
