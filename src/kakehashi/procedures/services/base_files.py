"""Base forms that come as files: received when the signature holds, taken when a person has confirmed whose it is."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.base_content import UnreadableBaseError
from kakehashi.procedures.domain.base_file import MOST_BYTES, BaseFile, fingerprint, read_base_file
from kakehashi.procedures.domain.names import RECEIVED_BASE, SIGNER
from kakehashi.procedures.models import KnownSigner, ReceivedBase
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.bases import MOST_IN_A_SET, signer_words, taken_from

__all__ = ["confirm_signer", "forget_signer", "receive_base_file", "receive_base_files"]


@service
def receive_base_files(*, actor: Actor, content: bytes) -> list[ReceivedBase]:
    """Take in one signed file, or a ZIP of the signed files of a set; each is checked by itself. Raises DomainError (field `file`)."""
    if not content.startswith(b"PK"):
        return [receive_base_file(actor=actor, content=content)]
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = [one for one in package.infolist() if one.filename.endswith(".json")]
            if not 1 <= len(parts) <= MOST_IN_A_SET or any(one.file_size > MOST_BYTES for one in parts):
                raise DomainError("基本様式のファイルが入っていないか、多すぎるか、大きすぎます。", field="file")
            bodies = [package.read(one) for one in parts]
    except (BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise DomainError("ZIPファイルを開けません。もう一度受け取ってください。", field="file") from error
    return [receive_base_file(actor=actor, content=each) for each in bodies]


@service
def receive_base_file(*, actor: Actor, content: bytes) -> ReceivedBase:
    """Take in a signed file of a base form; the same file again is the same.

    Raises DomainError (field `file`) for a file that is no base form, was altered, is signed for another government than it names,
    is our own, is older than what is here, or says something else under the same revision.
    """
    require(actor, ProceduresPermission.TAKE_FORMS)
    try:
        read = read_base_file(content)
    except UnreadableBaseError as error:
        raise DomainError(str(error), field="file", code="unreadable") from error
    body, signer = read.body, str(read.signer)
    if body.origin_code == get_government(current_government_id()).code:
        raise DomainError("この団体が書き出したファイルです。ほかの団体のファイルを選んでください。", field="file")
    key: dict[str, Any] = {"origin_code": body.origin_code, "offer_id": body.offer, "signer": signer}
    row: ReceivedBase | None = ReceivedBase.objects.select_for_update().filter(**key).first()
    _refuse_older(read, row)
    if row is not None and row.digest == read.digest:
        return row
    values = {
        "origin_name": body.origin_name,
        "title": body.content.title,
        "revision": body.revision,
        "digest": read.digest,
        "body": body.to_json(),
        "received_at": clock.now(),
        "received_by": actor.label[:200],
    }
    made: ReceivedBase = ReceivedBase.objects.update_or_create(**key, defaults=values)[0]
    payload = {"origin": body.origin_code, "offer": str(body.offer), "revision": body.revision, "digest": read.digest}
    _record(actor, "procedures.base.received", RECEIVED_BASE, made.id, payload | {"signer": fingerprint(read.signer)})
    return made


@service
def confirm_signer(*, actor: Actor, received: ReceivedBase, how: str) -> KnownSigner:
    """Remember that the key which signed a file is that government's; `how` says in what way the fingerprint was compared."""
    require(actor, ProceduresPermission.TRUST_SIGNERS)
    if not how.strip():
        raise DomainError("どうやって確かめたかを書いてください。", field="how", code="required")
    values = {"name": received.origin_name, "how": how.strip()[:200], "confirmed_by": actor.label[:200]}
    row, is_new = KnownSigner.objects.get_or_create(code=received.origin_code, signer=received.signer, defaults=values)
    if is_new:
        payload = {"code": row.code, "name": row.name, "signer": signer_words(row.signer), "how": row.how}
        _record(actor, "procedures.signer.confirmed", SIGNER, row.id, payload)
    known: KnownSigner = row
    return known


@service
def forget_signer(*, actor: Actor, known: KnownSigner) -> None:
    """Believe a key no more: its files wait again for somebody to confirm them. What was taken stays."""
    require(actor, ProceduresPermission.TRUST_SIGNERS)
    payload = {"code": known.code, "name": known.name, "signer": signer_words(known.signer)}
    _record(actor, "procedures.signer.forgotten", SIGNER, known.id, payload)
    known.delete()


def _refuse_older(read: BaseFile, row: ReceivedBase | None) -> None:
    """Older than what is here, or another content under the same number."""
    body = read.body
    taken = taken_from(body.origin_code, body.offer)
    for known in (row, taken):
        if known is None:
            continue
        if known.revision > body.revision:
            said = f"古い版です（第{body.revision}版）。ここには、もう第{known.revision}版があります。"
            raise DomainError(said, field="file", code="older")
        if known.revision == body.revision and known.digest != read.digest:
            said = f"第{body.revision}版なのに、前に受け取ったものと中身が違います。提供した団体に確かめてください。"
            raise DomainError(said, field="file", code="different")


def _record(actor: Actor, code: str, kind: str, subject_id: Any, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=kind, subject_id=subject_id, payload=payload)
