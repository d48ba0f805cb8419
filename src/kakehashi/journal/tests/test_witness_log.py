"""Two governments witness each other: by file between two installations, and by two people in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.journal.domain.cosignatures import WitnessKey, cosigned_at
from kakehashi.journal.domain.notes import BadNoteError
from kakehashi.journal.models import Anchor, Event, WatchedLog, Witness
from kakehashi.journal.services import (
    own_witness_key,
    print_root,
    receive_cosignature,
    request_witness,
    seal_events,
    sign_as_witness,
)
from kakehashi.journal.testing import own_keys, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope


@contextmanager
def at(town: Any, folder: Path) -> Iterator[Any]:
    """In one town, on its own installation with its own key."""
    with own_keys(folder / town.government.slug), tenant_scope(town.id):
        yield town


def grown(town: Any, folder: Path, count: int = 3) -> None:
    with own_keys(folder / town.government.slug):
        record_some(town.id, count, at=clock.now())
        with tenant_scope(town.id):
            seal_events()


def asked(town: Any, folder: Path, since: int = 0) -> bytes:
    with at(town, folder):
        return request_witness(actor=town.administrator, name=town.government.name, since=since)


def signed(town: Any, folder: Path, content: bytes, *, trusts_key: bool = False) -> Any:
    with at(town, folder):
        name = town.government.name
        return sign_as_witness(actor=town.administrator, content=content, name=name, trusts_key=trusts_key)


def witnessed(cast: Any, folder: Path) -> bytes:
    """ひばり町's log of three acts, signed by みさき市."""
    grown(cast.hibari, folder)
    signing = signed(cast.misaki, folder, asked(cast.hibari, folder), trusts_key=True)
    with at(cast.hibari, folder) as town:
        receive_cosignature(actor=town.administrator, content=signing.answer, trusts_key=True)
    return bytes(signing.answer)


def test_two_installations_exchange_files_and_the_second_request_proves_the_first(cast: Any, tmp_path: Path) -> None:
    witnessed(cast, tmp_path)
    grown(cast.hibari, tmp_path, 5)
    signing = signed(cast.misaki, tmp_path, asked(cast.hibari, tmp_path, since=3))
    assert not signing.refusal
    with at(cast.hibari, tmp_path) as town:
        anchor = receive_cosignature(actor=town.administrator, content=signing.answer)
        assert receive_cosignature(actor=town.administrator, content=signing.answer) == anchor
        key = WitnessKey.parse(Witness.objects.get().key)
        assert cosigned_at(anchor.note, key) == anchor.made_at
        # The first answer itself is an act (trusted, received), so more than eight leaves were sealed.
        assert anchor.size == WitnessSize.of(signing.answer)
        codes = list(Event.objects.filter(code__startswith="journal.witness").values_list("code", flat=True))
    assert codes.count("journal.witness.received") == 2
    with at(cast.misaki, tmp_path):
        assert key == own_witness_key(cast.misaki.id)
        assert Event.objects.filter(code="journal.witness.signed").count() == 2


class WitnessSize:
    """The size a note speaks of."""

    @staticmethod
    def of(answer: bytes) -> int:
        return int(json.loads(answer)["note"].splitlines()[1])


def test_the_first_key_must_be_compared_by_a_person(cast: Any, tmp_path: Path) -> None:
    grown(cast.hibari, tmp_path)
    request = asked(cast.hibari, tmp_path)
    with pytest.raises(DomainError):
        signed(cast.misaki, tmp_path, request)
    answer = signed(cast.misaki, tmp_path, request, trusts_key=True).answer
    with pytest.raises(DomainError), at(cast.hibari, tmp_path) as town:
        receive_cosignature(actor=town.administrator, content=answer)


def refusal(cast: Any, folder: Path, content: bytes) -> str:
    signing = signed(cast.misaki, folder, content)
    assert not signing.answer
    with at(cast.misaki, folder):
        assert Event.objects.filter(code="journal.witness.refused").exists()
        assert WatchedLog.objects.get().size == 3
    return str(signing.refusal)


def test_a_log_that_was_rewritten_is_not_signed(cast: Any, tmp_path: Path) -> None:
    witnessed(cast, tmp_path)
    with at(cast.misaki, tmp_path):
        WatchedLog.objects.update(root=b"\0" * 32)
    grown(cast.hibari, tmp_path)
    assert "書き換え・分岐" in refusal(cast, tmp_path, asked(cast.hibari, tmp_path, since=3))


def test_a_request_without_the_proof_is_told_what_is_missing(cast: Any, tmp_path: Path) -> None:
    witnessed(cast, tmp_path)
    grown(cast.hibari, tmp_path)
    assert "「前回の件数」を 3 に" in refusal(cast, tmp_path, asked(cast.hibari, tmp_path))


def test_an_old_backup_is_not_signed(cast: Any, tmp_path: Path) -> None:
    grown(cast.hibari, tmp_path, 2)
    old = asked(cast.hibari, tmp_path)
    grown(cast.hibari, tmp_path, 1)
    signed(cast.misaki, tmp_path, asked(cast.hibari, tmp_path), trusts_key=True)
    assert "切り捨て" in refusal(cast, tmp_path, old)


def test_a_key_replaced_without_a_signed_rollover_is_refused(cast: Any, tmp_path: Path) -> None:
    witnessed(cast, tmp_path)
    other = tmp_path / "stolen"
    with own_keys(other), tenant_scope(cast.hibari.id):
        record = request_witness(actor=cast.hibari.administrator, name="ひばり町", since=3)
    grown(cast.hibari, other, 1)
    with own_keys(other / "hibari"), tenant_scope(cast.hibari.id):
        record = request_witness(actor=cast.hibari.administrator, name="ひばり町", since=3)
    assert "鍵のすり替え" in refusal(cast, tmp_path, record)


def test_a_checkpoint_from_the_future_is_refused(cast: Any, tmp_path: Path) -> None:
    witnessed(cast, tmp_path)
    with clock.frozen(clock.now() + timedelta(days=1)):
        grown(cast.hibari, tmp_path)
    assert "いまより先" in refusal(cast, tmp_path, asked(cast.hibari, tmp_path, since=3))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": "kakehashi-witness-request/1"}', b"\xff" * 50])
def test_what_is_no_letter_is_said_so(cast: Any, tmp_path: Path, content: bytes) -> None:
    with at(cast.misaki, tmp_path) as town:
        with pytest.raises(DomainError):
            sign_as_witness(actor=town.administrator, content=content, name="みさき市", trusts_key=True)
        with pytest.raises(DomainError):
            receive_cosignature(actor=town.administrator, content=content, trusts_key=True)


def test_a_false_cosignature_is_not_kept(cast: Any, tmp_path: Path) -> None:
    answer = witnessed(cast, tmp_path)
    parts = json.loads(answer)
    parts["note"] = parts["note"].replace("time 2", "time 3")
    with at(cast.hibari, tmp_path) as town, pytest.raises(DomainError):
        receive_cosignature(actor=town.administrator, content=json.dumps(parts).encode(), trusts_key=True)
    with pytest.raises(BadNoteError):
        cosigned_at(parts["note"], WitnessKey.parse(parts["key"]))


def test_two_tenants_witness_each_other_in_the_browser(
    cast: Any, tmp_path: Path, client_for: Callable[..., Any]
) -> None:
    with own_keys(tmp_path):
        for town in (cast.hibari, cast.misaki):
            record_some(town.id, 3, at=clock.now())
            with tenant_scope(town.id):
                seal_events()
        hibari, misaki = client_for(cast.hibari.administrator), client_for(cast.misaki.administrator)
        page = "/staff/journal/proof/witness/"
        request = hibari.post(f"{page}ask/", {}).content
        refused = misaki.post(f"{page}sign/", {"sign-file": SimpleUploadedFile("a.json", request)})
        assert refused.status_code == 422
        assert "別の道で鍵が同じこと" in refused.content.decode()
        given = {"sign-file": SimpleUploadedFile("a.json", request), "sign-trusts_key": "on"}
        answer = misaki.post(f"{page}sign/", given).content
        given = {"receive-file": SimpleUploadedFile("b.json", answer), "receive-trusts_key": "on"}
        assert hibari.post(f"{page}receive/", given).status_code == 302
        assert "みさき市" in hibari.get(page).content.decode()
        told = misaki.get(page).content.decode()
        assert "ひばり町" in told
        assert "同じ設備にあります" in told
        keys = {own_witness_key(town.id).public for town in (cast.hibari, cast.misaki)}
        assert len(keys) == 2
        assert client_for(cast.hibari.clerk).get(page).status_code == 403


def test_the_root_is_printed_with_groups_and_a_code(cast: Any, tmp_path: Path, client_for: Callable[..., Any]) -> None:
    import io

    from pypdf import PdfReader

    with own_keys(tmp_path):
        record_some(cast.hibari.id, 3, at=clock.now())
        with tenant_scope(cast.hibari.id):
            seal_events()
        client = client_for(cast.hibari.administrator)
        page = "/staff/journal/proof/print/"
        assert client.post(page, {"place": " "}).status_code == 422
        assert client.post(page, {"place": "広報ひばり 12月号"}).status_code == 302
        with tenant_scope(cast.hibari.id):
            anchor = Anchor.objects.get()
            root = bytes(anchor_root(anchor)).hex()
            assert print_root(actor=cast.hibari.administrator, place="広報ひばり 12月号").size >= anchor.size
        pdf = client.get(f"{page}{anchor.id}.pdf")
        text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf.content)).pages)
        assert all(root[at : at + 4] in text for at in range(0, 64, 4))
        assert "広報ひばり 12月号" in client.get(page).content.decode()


def anchor_root(anchor: Anchor) -> bytes:
    from kakehashi.journal.models import Seal

    return bytes(Seal.objects.get(size=anchor.size).root)
