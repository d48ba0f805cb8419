"""Writing files."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

from kakehashi.files.adapters.scanner import NoScanner, scanner
from kakehashi.files.domain.content_store import ContentStore, Incoming, TooLarge
from kakehashi.files.domain.names import clean_name, extension_of
from kakehashi.files.domain.sniffing import KINDS, MAIL, Kind, Refused, is_mail, sniff
from kakehashi.files.hooks import Purpose, purpose_of
from kakehashi.files.models import ScanState, StoredFile
from kakehashi.files.selectors import content_store
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.data_keys import key_ring
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.sealing import seal_bytes
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["discard_file", "discard_files", "store_file", "sweep_content"]

_KEPT_AT_LEAST_SECONDS = 24 * 60 * 60
INFECTED = "このファイルからウイルスが見つかりました。受け取れません。"


@service
def store_file(
    *, actor: Actor, name: str, content: BinaryIO | bytes, purpose: str, file_id: UUID | None = None
) -> StoredFile:
    """Take a file in for a registered purpose; the caller has checked that the actor may give it.

    The kind is judged by content, macros and markup are refused, the size is limited by the purpose. Raises DomainError
    (Japanese, for the person who sent the file) and UnknownKey for a purpose nobody registered. `file_id` is given for a
    file that has an id already, such as one that came from the other half of a split installation.
    """
    allowed = purpose_of(purpose)
    called, new_id = clean_name(name), file_id or uuid7()
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    store = content_store()
    try:
        with store.receive(stream, allowed.max_bytes) as incoming:
            kind = _judge(called, incoming, allowed)
            state = _scan(incoming, waits=not allowed.is_sealed)
            if state == ScanState.INFECTED:
                raise DomainError(INFECTED, code="infected")
            kept = _sealed(store, incoming, new_id) if allowed.is_sealed else _as_it_is(store, incoming)
    except TooLarge as error:
        limit = allowed.max_bytes // 1_000_000
        raise DomainError(
            f"「{called}」が大きすぎます。{limit}MBまでのファイルを選んでください。", code="too_large"
        ) from error
    stored: StoredFile = StoredFile.objects.create(
        id=new_id,
        name=f"添付-{new_id.hex[-8:]}.{kind.extensions[0]}" if allowed.is_sealed else _named(called, kind),
        sha256=kept[0],
        key_id=kept[1],
        size=incoming.size,
        media_type=kind.media_type,
        purpose=purpose,
        scan_state=state,
        stored_by_kind=actor.kind.value,
        stored_by_id=actor.id,
    )
    return stored


def _scan(incoming: Incoming, *, waits: bool) -> ScanState:
    """The scanner's word, at once for what is small; what is large waits for the worker and is handed to nobody until then.

    What will be sealed does not wait: nobody but its readers opens it afterwards.
    """
    judge = scanner()
    if isinstance(judge, NoScanner) or incoming.size <= judge.at_once or not waits:
        return judge.scan(incoming.stream)
    return ScanState.WAITING


def _as_it_is(store: ContentStore, incoming: Incoming) -> tuple[str, str]:
    store.keep(current_government_id(), incoming)
    return incoming.sha256, ""


def _sealed(store: ContentStore, incoming: Incoming, file_id: UUID) -> tuple[str, str]:
    """Keep the content encrypted and give (digest of what is kept, id of the key). The plain one goes with its temporary file."""
    government_id = current_government_id()
    key = key_ring().current(government_id)
    incoming.stream.seek(0)
    sealed = seal_bytes(key.key, incoming.stream.read(), f"{government_id}/file/{file_id}")
    with store.receive(io.BytesIO(sealed), len(sealed)) as kept:
        store.keep(government_id, kept)
    return kept.sha256, key.id


def _judge(name: str, incoming: Incoming, allowed: Purpose) -> Kind:
    try:
        takes_mail = MAIL.family in allowed.families and is_mail(incoming.stream)
        kind = MAIL if takes_mail else sniff(incoming.stream)
    except Refused as refused:
        raise DomainError(f"「{name}」：{refused}", code="kind") from refused
    if kind.family not in allowed.families:
        labels = "・".join(dict.fromkeys(one.label for one in KINDS.values() if one.family in allowed.families))
        raise DomainError(f"「{name}」は{kind.label}です。ここで受け取れるのは{labels}です。", code="kind")
    extension = extension_of(name)
    if extension and kind.family != "image" and extension not in kind.extensions and kind.family != "text":
        raise DomainError(
            f"「{name}」の中身は{kind.label}です。名前の終わりを「.{kind.extensions[0]}」にしてください。", code="name"
        )
    return kind


def _named(name: str, kind: Kind) -> str:
    # The name ends in what the content is: a phone's 「写真.jpg」 may be HEIC, a text may be called .exe.
    return name if extension_of(name) in kind.extensions else f"{name}.{kind.extensions[0]}"


@service
def discard_file(*, actor: Actor, stored_file: StoredFile) -> None:
    """Let go of a file: the row goes now, its content with the next sweep when no other row has it.

    Raises ProtectedError while another row refers to it. The caller has checked that the actor may.
    """
    stored_file.delete()


@service
def discard_files(*, actor: Actor, file_ids: Iterable[UUID]) -> int:
    """Let go of many files as of one; gives how many were there. The caller has checked that the actor may."""
    return StoredFile.objects.filter(id__in=list(file_ids)).delete()[0]


def sweep_content(government_id: UUID) -> int:
    """Remove content of the open scope's government that no row has had for a day; gives how many were removed.

    Content younger than a day stays: its row may be written by a transaction that is not yet visible.
    """
    store, before = content_store(), clock.now().timestamp() - _KEPT_AT_LEAST_SECONDS
    old = [sha256 for sha256, kept_at in store.kept(government_id) if kept_at < before]
    removed = 0
    for start in range(0, len(old), 500):
        some = old[start : start + 500]
        wanted = set(StoredFile.objects.filter(sha256__in=some).values_list("sha256", flat=True))
        removed += sum(store.forget(government_id, sha256, before) for sha256 in some if sha256 not in wanted)
    return removed
