"""Evidence for outsiders: a zip that is verified offline, without this program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.conf import settings

from kakehashi.journal.adapters.outside_copy import read_outside_copy
from kakehashi.journal.adapters.signing_key import load_key_history, load_signing_key
from kakehashi.journal.domain.bundles import BundleContent, BundleEvent, write_bundle
from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.event_records import event_record, time_text
from kakehashi.journal.domain.key_history import KeyHistory
from kakehashi.journal.domain.merkle import inclusion_proof
from kakehashi.journal.domain.notes import BadNoteError
from kakehashi.journal.models import Leaf, Seal
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import BATCH, event_values, events_for, last_seal, leaves_in_order, unsealed_events
from kakehashi.journal.selectors.tree import stored_tree
from kakehashi.journal.services.keys import history_of
from kakehashi.journal.services.record import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

# One checkpoint a day is enough to say when the log was still whole.
_HISTORY_LIMIT = 4000


@service
def export_bundle(*, actor: Actor, target: IO[bytes], subject: tuple[str, UUID] | None = None) -> None:
    """Write the evidence of the open government, or of one `subject` (kind, id), as a zip to `target`.

    Needs `journal.evidence:export`, and writes `journal.bundle.exported`: an export takes data out of the house.
    Raises DomainError while nothing is sealed yet.
    """
    require(actor, JournalPermission.EXPORT)
    government_id = current_government_id()
    seal = last_seal()
    if seal is None:
        raise DomainError("まだ封印された記録がありません。ワーカーが動いていれば、10 秒以内に封印されます。")
    content = BundleContent(
        government_id=government_id,
        created_at=time_text(clock.now()),
        checkpoint=seal.note,
        # One case alone cannot be compared with older roots; its 証明一式 carries the proofs for that.
        history={} if subject else _history(government_id, seal),
        events=_subject_events(subject, seal) if subject else _all_events(),
        commitments=() if subject else (commitment for _, _, commitment in leaves_in_order()),
        subject=subject,
        hand_overs=[one.note for one in load_key_history(settings.JOURNAL_KEY).hand_overs],
    )
    write_bundle(target, content, load_signing_key(settings.JOURNAL_KEY))
    record_event(
        actor=actor,
        code="journal.bundle.exported",
        subject_kind=subject[0] if subject else "journal.log",
        subject_id=subject[1] if subject else government_id,
        payload={"size": seal.size, "root": bytes(seal.root).hex()},
    )


def _history(government_id: UUID, newest: Seal) -> dict[int, str]:
    """The last checkpoint of each day before the newest one, and the copy kept outside when it tells another story."""
    by_day: dict[str, tuple[int, str]] = {}
    for seal in Seal.objects.exclude(id=newest.id).order_by("-size")[: _HISTORY_LIMIT * 10].iterator(BATCH):
        by_day.setdefault(seal.signed_at.astimezone(clock.JST).date().isoformat(), (seal.size, seal.note))
    history = dict(list(by_day.values())[:_HISTORY_LIMIT])
    outside = read_outside_copy(settings.JOURNAL_OUTSIDE, government_id)
    if outside is not None and outside != newest.note and outside not in history.values():
        size = int(outside.split("\n")[1])
        history.setdefault(size, outside)
    # What another installation signed before the log was moved here says nothing to an outsider: the newest covers it.
    keys, origin = load_key_history(settings.JOURNAL_KEY), origin_of(government_id)
    return {size: note for size, note in history.items() if not _is_signed_elsewhere(keys, origin, note, government_id)}


def _is_signed_elsewhere(keys: KeyHistory, origin: str, note: str, government_id: UUID) -> bool:
    try:
        keys.open(origin, note)
    except BadNoteError:
        try:
            history_of(government_id).open(origin, note)
        except BadNoteError:
            return False
        return True
    return False


def _all_events() -> Iterator[BundleEvent]:
    leaves = leaves_in_order()
    while batch := list(islice(leaves, BATCH)):
        found = event_values(event_id for _, event_id, _ in batch)
        for index, event_id, _ in batch:
            # A leaf without its event is exported without it: the verifier says which one is missing.
            if event_id in found:
                yield _exported(index, found[event_id])
    for row in event_values(unsealed_events().values_list("id", flat=True)).values():
        yield _exported(None, row)


def _subject_events(subject: tuple[str, UUID], seal: Seal) -> Iterable[BundleEvent]:
    rows = event_values(events_for(subject[1]).filter(subject_kind=subject[0]).values_list("id", flat=True))
    if not rows:
        raise DomainError("この対象の記録はありません。")
    places = dict(Leaf.objects.filter(event_id__in=list(rows)).values_list("event_id", "index"))
    tree = stored_tree(seal.size - 1)
    for event_id, row in sorted(rows.items()):
        index = places.get(event_id)
        if index is None or index >= seal.size:
            yield _exported(None, row)
        else:
            yield _exported(index, row, tuple(inclusion_proof(index, seal.size, tree)))


def _exported(index: int | None, row: dict[str, Any], proof: tuple[bytes, ...] = ()) -> BundleEvent:
    return BundleEvent(index, bytes(row["salt"]), event_record(row), proof)
