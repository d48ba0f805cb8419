"""基本様式のファイル: signed, carried by hand, believed only when a person said whose key it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.eforms.domain.definition import from_json, to_json
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.domain.base_content import UnreadableBaseError, content_from_json, content_to_json
from kakehashi.procedures.domain.base_file import MOST_BYTES, BaseBody, read_base_file, write_base_file
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.starter_form import starter_form
from kakehashi.procedures.models import KnownSigner, ReceivedBase
from kakehashi.procedures.selectors.bases import base_of_file, last_body, newest_for
from kakehashi.procedures.services import (
    accept_base,
    confirm_signer,
    export_offer,
    forget_signer,
    receive_base_file,
    take_form,
    withdraw_offer,
)
from kakehashi.procedures.testing import an_offered_form

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


@pytest.fixture
def body(cast: Cast) -> BaseBody:
    """What ひばり町 offers, as it would leave."""
    with tenant_scope(cast.hibari.id):
        # Under a number of its own: inside one installation the offer itself would be followed.
        return replace(last_body(an_offered_form(cast.hibari)), offer=uuid7())


def changed(body: BaseBody, **changes: Any) -> BaseBody:
    return replace(body, **changes)


def receive(town: Town, body: BaseBody, key: Ed25519PrivateKey = KEY) -> ReceivedBase:
    return receive_base_file(actor=town.officer, content=write_base_file(body, key))


def test_written_and_read_back(town: Town) -> None:
    offer = an_offered_form(town)
    raw = export_offer(actor=town.officer, offer=offer)
    read = read_base_file(raw)
    assert (read.body.origin_name, read.body.revision, read.digest) == ("ひばり町", 1, read.body.digest)
    assert [event.code for event in events_for(offer.id)][-1] == "procedures.offer.exported"
    with pytest.raises(DomainError, match="この団体が書き出した"):
        receive_base_file(actor=town.officer, content=raw)
    with pytest.raises(PermissionRefused):
        export_offer(actor=AnonymousActor(town.id), offer=offer)
    gone = withdraw_offer(actor=town.officer, offer=offer, reason="廃止")
    with pytest.raises(DomainError, match="取り下げた様式"):
        export_offer(actor=town.officer, offer=gone)


def test_taken_after_the_signer_was_confirmed(cast: Cast, body: BaseBody) -> None:
    town = cast.misaki
    with tenant_scope(town.id):
        row = receive(town, body)
        assert receive(town, body).id == row.id
        base = base_of_file(row.id)
        assert (base.is_trusted, len(base.fingerprint)) == (False, 79)
        with pytest.raises(DomainError, match="鍵を、先に"):
            take_form(actor=town.officer, base=base)
        with pytest.raises(DomainError, match="どうやって"):
            confirm_signer(actor=town.officer, received=row, how=" ")
        with pytest.raises(PermissionRefused):
            confirm_signer(actor=AnonymousActor(town.id), received=row, how="電話")
        known = confirm_signer(actor=town.officer, received=row, how="電話で読み合わせた")
        assert confirm_signer(actor=town.officer, received=row, how="また").id == known.id
        taken = take_form(actor=town.officer, base=base_of_file(row.id))
        assert (taken.way, taken.procedure.name) == ("file", "住宅改修補助金の交付申請")
        followed_by_file(town, body, taken)
        forget_signer(actor=town.officer, known=KnownSigner.objects.get())
        assert newest_for(taken) is None


def followed_by_file(town: Town, body: BaseBody, taken: Any) -> None:
    content = content_to_json(body.content)
    content["form"]["steps"][0]["fields"][0]["help"] = "県の説明"
    receive(town, changed(body, revision=2, content=content_from_json(content)))
    newest, form = newest_for(taken), taken.procedure.form
    assert newest is not None
    row = accept_base(actor=town.officer, taken=taken, revision=2, choices={}, expected_revision=form.revision)
    form.refresh_from_db()
    assert (row.revision, from_json(form.draft).steps[0].fields[0].help) == (2, "県の説明")


def test_an_older_revision_and_another_content_are_refused(cast: Cast, body: BaseBody) -> None:
    town = cast.misaki
    with tenant_scope(town.id):
        receive(town, changed(body, revision=3))
        with pytest.raises(DomainError, match=r"古い版です（第1版）"):
            receive(town, body)
        with pytest.raises(DomainError, match="前に受け取ったものと中身が違います"):
            receive(town, changed(body, revision=3, note="別の話"))
        # A stranger's file stands beside it and hides nothing.
        assert not base_of_file(receive(town, changed(body, revision=99), OTHER_KEY).id).is_trusted
        assert receive(town, changed(body, revision=4)).revision == 4


def altered(body: BaseBody, change: Callable[[dict[str, Any]], None]) -> bytes:
    data = json.loads(write_base_file(body, KEY))
    change(data)
    return json.dumps(data).encode()


def resigned(data: dict[str, Any], body: BaseBody) -> None:
    other = json.loads(write_base_file(changed(body, revision=7), KEY))
    data["signature"] = other["signature"]


def miswritten(signature: str) -> str:
    """The note with one other letter in the middle of its signature, whatever stands there."""
    at = len(signature) - 40
    return signature[:at] + ("B" if signature[at] == "A" else "A") + signature[at + 1 :]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.update(note="書きかえた"), "署名したときと違います"),
        (lambda data: data["content"]["procedure"].update(fee="99円"), "署名したときと違います"),
        (lambda data: data.update(revision=9), "署名したときと違います"),
        (lambda data: data.pop("signature"), "署名のないファイル"),
        (lambda data: data.update(signature=miswritten(data["signature"])), "署名が正しくありません"),
        (lambda data: data.update(format=2), "先に更新"),
        (lambda data: data.update(kind="kakehashi.form"), "基本様式のファイルではありません"),
        (lambda data: data.update(extra=1), "知らない項目"),
        (lambda data: data["content"]["procedure"].update(volume=3), "知らない項目"),
        (lambda data: data["content"]["procedure"].update(kind="other"), "を読めません"),
        (lambda data: data["content"]["form"]["steps"][0]["fields"][0].update(label="個人番号"), "マイナンバー"),
        (lambda data: data["content"].update(form=[]), "様式を読み取れません"),
        (lambda data: data["origin"].update(code="123456"), "団体か、版の番号か"),
        (lambda data: data.update(revision=True), "基本様式のファイルではありません"),
    ],
)  # fmt: skip
def test_what_is_not_believed(body: BaseBody, change: Callable[[dict[str, Any]], None], words: str) -> None:
    with pytest.raises(UnreadableBaseError, match=words):
        read_base_file(altered(body, change))


def test_a_signature_belongs_to_its_revision_and_its_government(body: BaseBody) -> None:
    with pytest.raises(UnreadableBaseError, match="この中身のものではありません"):
        read_base_file(altered(body, lambda data: resigned(data, body)))
    stranger = write_base_file(changed(body, origin_code="990027"), KEY)
    forged = json.loads(write_base_file(body, KEY)) | {
        name: json.loads(stranger)[name] for name in ("signature", "signer")
    }
    with pytest.raises(UnreadableBaseError, match="この中身のものではありません"):
        read_base_file(json.dumps(forged).encode())


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_it(raw: bytes) -> None:
    with pytest.raises(UnreadableBaseError):
        read_base_file(raw)


def test_too_large(body: BaseBody) -> None:
    with pytest.raises(UnreadableBaseError, match="大きすぎます"):
        read_base_file(b" " * (MOST_BYTES + 1))


def test_every_kind_of_starter_form_can_be_offered() -> None:
    for kind in Kind:
        form = to_json(starter_form(kind, []))
        assert content_from_json({"form": form, "procedure": {"name": "手続", "kind": kind.value}}).title == "手続"
