"""証人: one government signs another's checkpoints, after it has checked that the log only grew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from kakehashi.journal.adapters.signing_key import load_key_history, load_witness_key
from kakehashi.journal.domain.checkpoints import Checkpoint, open_checkpoint, origin_of
from kakehashi.journal.domain.cosignatures import WitnessKey, cosign, cosigned_at, witness_key
from kakehashi.journal.domain.key_history import KeyHistory, read_hand_over
from kakehashi.journal.domain.merkle import consistency_proof, verify_consistency
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey
from kakehashi.journal.domain.witness_letters import BadLetterError, WitnessAnswer, WitnessRequest
from kakehashi.journal.models import Anchor, AnchorKind, Seal, WatchedLog, Witness
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import last_seal
from kakehashi.journal.selectors.tree import stored_tree
from kakehashi.journal.services.record import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

_ORIGIN = "kakehashi/journal/"
_AHEAD = timedelta(minutes=10)
_UNTRUSTED = "はじめての鍵です。広報・電話など、このファイルとは別の道で鍵が同じことを確かめてから、「鍵を確かめた」に印を付けてください。"


@dataclass(frozen=True)
class Signing:
    """What came of a request: the answer to send back, or the Japanese reason why it was not signed.

    `is_next_door`: the log is of this very installation, whose operator holds the keys of both.
    """

    name: str
    answer: bytes = b""
    refusal: str = ""
    is_next_door: bool = False


def own_witness_key(government_id: UUID) -> WitnessKey:
    """The key this government signs as a witness with, and no other government of the installation."""
    return witness_key(f"kakehashi/witness/{government_id}", load_witness_key(settings.JOURNAL_KEY, government_id))


@service
def request_witness(*, actor: Actor, name: str, since: int = 0) -> bytes:
    """The file to send to a witness: our newest checkpoint, and the proof that it contains the one of `since` leaves.

    `name` is ours, as the witness will see it. `since` is what the witness signed last, 0 the first time. Raises
    DomainError while nothing is sealed or when `since` lies after it.
    """
    require(actor, JournalPermission.ANCHOR)
    seal = last_seal()
    if seal is None:
        raise DomainError("まだ封印された記録がありません。10 秒ほど待って、もう一度お試しください。")
    if not 0 <= since <= seal.size:
        raise DomainError(f"前回の件数は、0 から {seal.size} までです。", field="since")
    government_id = current_government_id()
    history = load_key_history(settings.JOURNAL_KEY)
    return WitnessRequest(
        name=name,
        key=str(VerifierKey(origin_of(government_id), history.present)),
        checkpoint=seal.note,
        since=since,
        proof=consistency_proof(since, seal.size, stored_tree(since - 1, seal.size - 1)) if since else [],
        hand_overs=[one.note for one in history.hand_overs],
    ).to_bytes()


@service
def sign_as_witness(*, actor: Actor, content: bytes, name: str, trusts_key: bool = False) -> Signing:
    """Check another government's request and sign its checkpoint, or refuse with the reason.

    The first time a person must have compared the key (`trusts_key`). Writes `journal.witness.signed` or, when the log does
    not contain what was signed before, `journal.witness.refused`. Raises DomainError for a file that is no request.
    """
    require(actor, JournalPermission.ANCHOR)
    try:
        request = WitnessRequest.read(content)
        origin = VerifierKey.parse(request.key).name
        if not origin.startswith(_ORIGIN) or origin == origin_of(current_government_id()):
            raise BadNoteError("not another government's log")
    except (BadLetterError, BadNoteError) as error:
        raise DomainError("証人の依頼ファイルではありません。", field="file") from error
    log = WatchedLog.objects.select_for_update().filter(origin=origin).first()
    if log is None and not trusts_key:
        raise DomainError(_UNTRUSTED, field="trusts_key")
    log = log or WatchedLog(origin=origin, name=request.name[:120], key=request.key)
    try:
        point = _judge(log, request)
    except _Refused as refused:
        _tell(actor, "refused", log, {"reason": str(refused), "size": log.size})
        return Signing(log.name, refusal=str(refused))
    own = own_witness_key(current_government_id())
    key = load_witness_key(settings.JOURNAL_KEY, current_government_id())
    note = cosign(request.checkpoint, own.name, key, clock.now())
    log.key, log.size, log.root, log.note, log.signed_at = request.key, point.size, point.root, note, clock.now()
    log.save()
    _tell(actor, "signed", log, {"size": point.size, "root": point.root.hex()})
    next_door = VerifierKey.parse(request.key).public == load_key_history(settings.JOURNAL_KEY).present
    answer = WitnessAnswer(name=name, key=str(own), note=note).to_bytes()
    return Signing(log.name, answer=answer, is_next_door=next_door)


class _Refused(Exception):
    """Why a witness does not sign."""


def _judge(log: WatchedLog, request: WitnessRequest) -> Checkpoint:
    """The checkpoint of the request, when it is signed by the log's key and contains what we signed before."""
    present = VerifierKey.parse(request.key)
    try:
        keys = KeyHistory(present.public, [read_hand_over(note) for note in request.hand_overs]).keys()
        point = open_checkpoint(request.checkpoint, present)
    except BadNoteError as error:
        raise _Refused("証明点の署名が正しくありません。") from error
    if VerifierKey.parse(log.key).public not in {public for public, _ in keys}:
        raise _Refused("鍵が、前に確かめたものと違います。引継ぎの署名もありません（鍵のすり替え）。")
    if point.time > clock.now() + _AHEAD:
        raise _Refused("証明点の時刻が、いまより先です（時計のずれか操作）。")
    if log.size:
        _contains(log, point, request)
    return point


def _contains(log: WatchedLog, point: Checkpoint, request: WitnessRequest) -> None:
    before = open_checkpoint(log.note, VerifierKey.parse(log.key))
    if point.size < log.size:
        raise _Refused(f"前に署名した {log.size} 件より短い台帳です（切り捨て・古いバックアップ）。")
    if point.time < before.time:
        raise _Refused("証明点の時刻が、前に署名したものより前です（時計の操作）。")
    if log.size not in (request.since, point.size):
        raise _Refused(
            f"前に署名した {log.size} 件からの証明が要ります。「前回の件数」を {log.size} にして作り直してもらってください。"
        )
    proof = request.proof if point.size != log.size else []
    if not verify_consistency(log.size, point.size, bytes(log.root), point.root, proof):
        raise _Refused(f"前に署名した {log.size} 件が、この台帳に含まれていません（書き換え・分岐）。")


def _tell(actor: Actor, verb: str, log: WatchedLog, facts: dict[str, object]) -> None:
    record_event(
        actor=actor,
        code=f"journal.witness.{verb}",
        subject_kind="journal.watched_log",
        subject_id=log.id,
        payload={"name": log.name, "origin": log.origin, **facts},
    )


@service
def receive_cosignature(*, actor: Actor, content: bytes, trusts_key: bool = False) -> Anchor:
    """Keep what a witness signed of our log. Writes `journal.witness.received`; the same file twice is kept once.

    Raises DomainError for a file that is no answer, a checkpoint that is not ours, a false signature, or a first key nobody compared.
    """
    require(actor, JournalPermission.ANCHOR)
    try:
        answer = WitnessAnswer.read(content)
        key = WitnessKey.parse(answer.key)
        signed_at = cosigned_at(answer.note, key)
    except (BadLetterError, BadNoteError) as error:
        raise DomainError("証人の署名のファイルではないか、署名が正しくありません。", field="file") from error
    witness = Witness.objects.select_for_update().filter(key=answer.key).first()
    if witness is None and not trusts_key:
        raise DomainError(_UNTRUSTED, field="trusts_key")
    own = answer.note.rpartition("\n\n")[0] + "\n\n"
    seal = next((one for one in Seal.objects.filter(size=_size(answer.note)) if one.note.startswith(own)), None)
    if seal is None:
        raise DomainError("署名された証明点が、この団体の台帳にありません。", field="file")
    if witness is None:
        witness = Witness.objects.create(name=answer.name[:120], key=answer.key)
        _say(actor, "trusted", witness, {"key": answer.key})
    witness.size, witness.signed_at = max(witness.size, seal.size), signed_at
    witness.save()
    try:
        with transaction.atomic():
            anchor = Anchor.objects.create(
                kind=AnchorKind.WITNESS, size=seal.size, note=answer.note, place=witness.name, made_at=signed_at
            )
    except IntegrityError:
        found: Anchor = Anchor.objects.get(kind=AnchorKind.WITNESS, size=seal.size, place=witness.name)
        return found
    _say(actor, "received", witness, {"size": seal.size, "root": bytes(seal.root).hex()})
    return anchor


def _say(actor: Actor, verb: str, witness: Witness, facts: dict[str, object]) -> None:
    record_event(
        actor=actor,
        code=f"journal.witness.{verb}",
        subject_kind="journal.witness",
        subject_id=witness.id,
        payload={"name": witness.name, **facts},
    )


def _size(note: str) -> int:
    line = note.splitlines()[1] if note.count("\n") > 1 else ""
    return int(line) if line.isascii() and line.isdigit() and len(line) < 18 else -1
