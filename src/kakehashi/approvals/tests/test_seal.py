"""公印: omitted in words, or a PAdES signature that any reader can check; the key only in the machine's folder."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from kakehashi.approvals.adapters import seal
from kakehashi.approvals.models import Proposal, SealKind
from kakehashi.approvals.services import Extras, decide_proposal, issue_proposal, notice_pdf
from kakehashi.approvals.services.papers import decision_pdf, seal_paper
from kakehashi.approvals.testing import issued, submitted, with_rules
from kakehashi.approvals.tests.certification import Authority, plain_key
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.outbound import Answer, NoAnswer
from kakehashi.people.testing import Town

TSA = "https://tsa.example.jp/"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def folder(authority: Authority, tmp_path: Path, town: Town, monkeypatch: pytest.MonkeyPatch) -> Path:
    authority.fill(tmp_path, town.government.code)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, seal_folder=tmp_path))
    return tmp_path


def at_level(level: str, monkeypatch: pytest.MonkeyPatch, authority: Authority) -> list[str]:
    """Seal at this level; the authority of the time is pyHanko's own, behind the house's door. Gives who was asked."""
    key, certificate = authority.issue("Test TSA", stamps=True)
    loaded = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    stamper = DummyTimeStamper(loaded, keys.PrivateKeyInfo.load(plain_key(key)), certs_to_embed=None)
    asked = []

    def answer(url: str, *, body: bytes, **rest: object) -> Answer:
        asked.append(url)
        reply = stamper.request_tsa_response(tsp.TimeStampReq.load(body))
        return Answer(200, "application/timestamp-reply", reply.dump())

    monkeypatch.setattr(seal, "send", answer)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, seal_level=level, seal_tsa=TSA))
    return asked


def sealed(town: Town) -> tuple[Proposal, bytes]:
    with_rules(town)
    proposal = submitted(town, extras=Extras(seal=SealKind.ELECTRONIC))
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        proposal = issue_proposal(actor=town.clerk, proposal=proposal)
    return proposal, notice_pdf(proposal=proposal)


def roots(authority: Authority) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(authority.root.public_bytes(Encoding.DER))]


def judged(pdf: bytes, authority: Authority):
    """What a reader that trusts the root says of the signature; in a thread, as pyHanko runs a loop of its own."""

    def judge():
        (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
        return validate_pdf_signature(signature, ValidationContext(trust_roots=roots(authority)))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(judge).result()


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_without_a_key_the_notice_says_that_the_seal_is_omitted(town: Town) -> None:
    with_rules(town)
    pdf = notice_pdf(proposal=issued(town))
    assert "公印省略" in words(pdf)
    assert not PdfFileReader(io.BytesIO(pdf)).embedded_signatures


def test_a_sealed_notice_is_signed_and_says_so(town: Town, folder: Path, authority: Authority) -> None:
    proposal, pdf = sealed(town)
    status = judged(pdf, authority)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert "公印省略" not in words(pdf)
    assert "町長之印" in words(pdf)
    event = events_for(proposal.id).get(code="approvals.proposal.sealed")
    assert (event.payload["level"], "Hibari Mayor" in event.payload["signer"]) == ("b-b", True)
    assert notice_pdf(proposal=proposal) == pdf


def test_another_paper_of_the_decision_is_sealed_too(town: Town, folder: Path, authority: Authority) -> None:
    """A 証明書 is made from the decision by the room above, and leaves sealed as the notice does."""
    proposal, _ = sealed(town)
    pdf = decision_pdf(proposal=proposal)
    assert b"/ByteRange" not in pdf
    assert b"/ByteRange" in seal_paper(actor=town.clerk, proposal=proposal, pdf=pdf)


def test_one_changed_byte_is_seen(town: Town, folder: Path, authority: Authority) -> None:
    _, pdf = sealed(town)
    # Inside the text of the stream, so that the file can still be read.
    place = pdf.index(b"stream") + 40
    changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    assert not judged(changed, authority).intact


def test_with_an_authority_of_the_time_the_seal_carries_it(
    town: Town, folder: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = at_level("b-t", monkeypatch, authority)
    _, pdf = sealed(town)
    assert set(asked) == {TSA}
    status = judged(pdf, authority)
    assert status.bottom_line
    assert status.timestamp_validity is not None


def test_long_term_proof_is_inside_the_file(
    town: Town, folder: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_level("b-lta", monkeypatch, authority)
    _, pdf = sealed(town)

    reader = PdfFileReader(io.BytesIO(pdf))
    assert len(reader.root["/DSS"]["/CRLs"]) == 1

    def judge():
        (stamp,) = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
        return validate_pdf_timestamp(stamp, ValidationContext(trust_roots=roots(authority)))

    with ThreadPoolExecutor(1) as thread:
        # The last stamp covers the signature, the certificates and the lists: it can be renewed for ever.
        status = thread.submit(judge).result()
    assert (status.valid, status.intact, status.coverage.name) == (True, True, "ENTIRE_REVISION")
    assert judged(pdf, authority).bottom_line
    (folder / "crl" / "root.crl").unlink()
    with pytest.raises(DomainError, match="失効リスト"):
        sealed(town)


def test_when_nobody_tells_the_time_nothing_leaves_unsealed(
    town: Town, folder: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_level("b-t", monkeypatch, authority)

    def silence(url: str, **rest: object) -> Answer:
        raise NoAnswer("nobody")

    monkeypatch.setattr(seal, "send", silence)
    with pytest.raises(DomainError, match="タイムスタンプ局"):
        sealed(town)
    assert not Proposal.objects.filter(notice_file_id__isnull=False).exists()


def test_a_missing_key_stops_before_the_road_begins(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError, match="電子公印の鍵"):
        submitted(town, extras=Extras(seal=SealKind.ELECTRONIC))
