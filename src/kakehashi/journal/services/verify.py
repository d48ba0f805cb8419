"""Verification of a log where it lies: every row against its leaf, every leaf against the signed roots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings

from kakehashi.journal.adapters.outside_copy import read_outside_copy
from kakehashi.journal.domain.canonical import NotCanonicalError
from kakehashi.journal.domain.checkpoints import Checkpoint, origin_of
from kakehashi.journal.domain.commitments import commitment
from kakehashi.journal.domain.event_records import event_record
from kakehashi.journal.domain.key_history import KeyHistory
from kakehashi.journal.domain.merkle import Frontier, leaf_hash
from kakehashi.journal.domain.notes import BadNoteError
from kakehashi.journal.models import Seal
from kakehashi.journal.selectors import BATCH, event_values, leaves_in_order, unsealed_events
from kakehashi.journal.services.keys import history_of
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import tenant_scope

# An event that is this much older than a checkpoint which lacks it was put in after the checkpoint was signed.
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """One thing that is broken, in Japanese and English. `code` is stable, for programs."""

    code: str
    ja: str
    en: str


@dataclass
class Verification:
    """The result for one government: what was read, and what is broken. `root` is 64 hex digits."""

    government_id: UUID
    size: int = 0
    root: str = ""
    signed_at: datetime | None = None
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether nothing is broken."""
        return not self.findings

    def add(self, code: str, ja: str, en: str) -> None:
        """Note one broken thing."""
        self.findings.append(Finding(code, ja, en))


@service
def verify_journal(*, government_id: UUID, progress: Callable[[int], None] = lambda _: None) -> Verification:
    """Recompute one government's whole log and compare it with every signature. Changes nothing, never raises for damage.

    `progress` is told how many leaves were read since the last call. What only the printed root can show (a rewritten
    log with the key in the same hands) is left to the offline verifier.
    """
    result = Verification(government_id)
    with tenant_scope(government_id):
        keys = history_of(government_id)
        seals = _signed_seals(keys, result)
        edge = _walk(seals, result, progress)
        _compare_ends(seals, edge, result)
        _compare_outside(keys, seals, result)
        _judge_unsealed(seals, result)
    return result


def _signed_seals(keys: KeyHistory, result: Verification) -> list[Checkpoint]:
    """Return the checkpoints in order of size; those with a bad signature are reported and left out."""
    found = []
    for seal in Seal.objects.order_by("size").iterator(BATCH):
        try:
            point = keys.open(origin_of(result.government_id), seal.note)
        except BadNoteError:
            point = None
        if point is None or (point.size, point.root) != (seal.size, bytes(seal.root)):
            result.add(
                "seal.signature",
                f"{seal.size} 件目の証明点の署名が正しくありません",
                f"the checkpoint of size {seal.size} is not signed by this key",
            )
        else:
            found.append(point)
    if found:
        result.root, result.signed_at = found[-1].root.hex(), found[-1].time
    return found


def _walk(seals: list[Checkpoint], result: Verification, progress: Callable[[int], None]) -> Frontier:
    """Rebuild the tree leaf by leaf, and look at the event behind each leaf."""
    edge, ahead, good = Frontier(), list(reversed(seals)), 0
    signed: datetime | None = None
    for batch in _batches(leaves_in_order()):
        events = event_values(event_id for _, event_id, _ in batch)
        for index, event_id, blinded in batch:
            if index != edge.size and result.size == edge.size:
                result.add("leaf.gap", f"#{edge.size} の台帳の行がありません", f"leaf #{edge.size} is missing")
            _judge_event(index, blinded, events.get(event_id), signed, result)
            edge.append(leaf_hash(blinded))
            result.size += 1
            if ahead and ahead[-1].size == edge.size:
                point = ahead.pop()
                signed = point.time
                good = _judge_root(edge, point, good, result)
        progress(len(batch))
    return edge


def _judge_root(edge: Frontier, point: Checkpoint, good: int, result: Verification) -> int:
    """Compare the tree with a checkpoint; return the size up to which the log is known to be good."""
    if edge.root() == point.root:
        return edge.size
    if not any(finding.code == "tree.differs" for finding in result.findings):
        result.add(
            "tree.differs",
            f"#{good} から #{edge.size - 1} の間の台帳が、{point.time:%Y-%m-%d %H:%M} UTC に署名されたものと違います",
            f"leaves #{good} to #{edge.size - 1} differ from what was signed at {point.time:%Y-%m-%d %H:%M} UTC",
        )
    return good


def _judge_event(
    index: int, blinded: bytes, values: dict[str, Any] | None, signed: datetime | None, result: Verification
) -> None:
    if values is None:
        result.add("event.deleted", f"#{index} の記録が削除されています", f"the event of leaf #{index} was deleted")
        return
    try:
        is_same = commitment(bytes(values["salt"]), event_record(values)) == blinded
    except NotCanonicalError:
        is_same = False
    what = f"{values['code']} {values['id']}"
    if not is_same:
        result.add("event.changed", f"#{index} の記録が変更されています：{what}", f"event #{index} was changed: {what}")
    elif signed and values["occurred_at"] < signed - LATE:
        result.add(
            "event.inserted", f"#{index} は後から差し込まれています：{what}", f"event #{index} came later: {what}"
        )


def _compare_ends(seals: list[Checkpoint], edge: Frontier, result: Verification) -> None:
    signed = seals[-1].size if seals else 0
    if edge.size < signed:
        result.add(
            "tree.truncated",
            f"署名された {signed} 件のうち {edge.size} 件しかありません（切り捨て）",
            f"only {edge.size} of {signed} signed leaves are there: the end was cut off",
        )
    elif edge.size > signed:
        result.add(
            "tree.extended",
            f"署名のない行が台帳に {edge.size - signed} 件あります（挿入）",
            f"{edge.size - signed} leaves were added without a signature",
        )


def _compare_outside(keys: KeyHistory, seals: list[Checkpoint], result: Verification) -> None:
    """The database may not be older than the checkpoint that is kept beside it, nor tell another story."""
    note = read_outside_copy(settings.JOURNAL_OUTSIDE, result.government_id)
    if note is None:
        return
    try:
        outside = keys.open(origin_of(result.government_id), note)
    except BadNoteError:
        result.add(
            "outside.signature", "控えの証明点の署名が正しくありません", "the copy outside is not signed by this key"
        )
        return
    if not any((point.size, point.root) == (outside.size, outside.root) for point in seals):
        result.add(
            "outside.differs",
            f"データベースの外の控え（{outside.size} 件、{outside.time:%Y-%m-%d %H:%M} UTC）が証明点の中にありません",
            f"the checkpoint kept outside ({outside.size} leaves, {outside.time:%Y-%m-%d %H:%M} UTC) is not in the database",
        )


def _judge_unsealed(seals: list[Checkpoint], result: Verification) -> None:
    """An event without a leaf is normal for some seconds; one that is older than the last checkpoint is not."""
    result.unsealed = unsealed_events().count()
    if not seals:
        return
    late = unsealed_events().filter(occurred_at__lt=seals[-1].time - LATE)
    for event_id, code in late.values_list("id", "code")[:100]:
        result.add(
            "event.inserted",
            f"証明点より古いのに封印されていない記録があります：{code} {event_id}",
            f"an event older than the last checkpoint has no leaf: {code} {event_id}",
        )


def _batches(leaves: Iterator[tuple[int, UUID, bytes]]) -> Iterator[list[tuple[int, UUID, bytes]]]:
    while batch := list(islice(leaves, BATCH)):
        yield batch
