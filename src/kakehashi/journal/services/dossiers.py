"""証明一式: the evidence of one case with its papers, verified offline in three ways that do not need this program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO
from uuid import UUID

from django.conf import settings

from kakehashi.journal.adapters.outside_copy import read_outside_copy
from kakehashi.journal.adapters.signing_key import load_key_history, load_signing_key
from kakehashi.journal.adapters.timestamps import authority_roots
from kakehashi.journal.domain.bundles import BundleContent, BundleEvent, write_bundle
from kakehashi.journal.domain.dossiers import Dossier, dossier_kind, dossier_of
from kakehashi.journal.domain.event_records import event_record, time_text
from kakehashi.journal.domain.instructions import FILE, Instructions
from kakehashi.journal.domain.merkle import RangeRoot, consistency_proof, inclusion_proof
from kakehashi.journal.hooks import known_events
from kakehashi.journal.models import Anchor, AnchorKind, Event, Leaf, Seal, Witness
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import event_values, last_seal
from kakehashi.journal.selectors.tree import stored_tree
from kakehashi.journal.services.record import record_event
from kakehashi.journal.services.seal import seal_events
from kakehashi.journal.services.timestamps import stamp_newest
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

# Checkpoints that left the building, so many of each kind; older ones are in the whole export.
_MOST_ANCHORS = {AnchorKind.PRINTED: 200, AnchorKind.WITNESS: 100, AnchorKind.TIMESTAMP: 8}


@service
def export_dossier(*, actor: Actor, target: IO[bytes], kind: str, subject_id: UUID) -> str:
    """Write the evidence of one case (証明一式) as a zip to `target`; gives its number.

    Needs `journal.dossier:take`. Writes `journal.dossier.exported` with the digest of every paper and seals it at once, so
    that the papers themselves are in the log the zip proves. Raises NotFound for a kind or thing there is no dossier of.
    """
    require(actor, JournalPermission.TAKE_DOSSIER)
    dossier = _gather(actor, kind, subject_id)
    record_event(
        actor=actor,
        code="journal.dossier.exported",
        subject_kind=kind,
        subject_id=subject_id,
        payload={"number": dossier.number, "files": dossier.digests},
    )
    # What waits goes in first: 20,000 at a time, and the event just written is the last of them.
    while seal_events().added:
        pass
    stamp_newest()
    seal = last_seal()
    if seal is None:
        raise DomainError("記録を封印できませんでした。時間をおいて、もう一度お試しください。")
    write_bundle(target, _content(dossier, seal), load_signing_key(settings.JOURNAL_KEY))
    return dossier.number


def _gather(actor: Actor, kind: str, subject_id: UUID) -> Dossier:
    found = dossier_kind(kind)
    number = found.number(subject_id) if found else None
    if found is None or number is None or not found.may_read(actor, subject_id):
        raise NotFound
    return dossier_of((kind, subject_id), found, number)


def _content(dossier: Dossier, seal: Seal) -> BundleContent:
    government_id, tree = current_government_id(), stored_tree(seal.size - 1)
    events = _events(dossier, seal, tree)
    anchors = [
        anchor
        for kind, most in _MOST_ANCHORS.items()
        for anchor in Anchor.objects.filter(kind=kind).order_by("-size", "-id")[:most]
    ]
    history = _history(government_id, seal, events, anchors)
    known = {size for size in history if size < seal.size}
    return BundleContent(
        government_id=government_id,
        created_at=time_text(clock.now()),
        checkpoint=seal.note,
        history=history,
        events=events,
        subject=dossier.subject,
        hand_overs=[one.note for one in load_key_history(settings.JOURNAL_KEY).hand_overs],
        consistency={size: consistency_proof(size, seal.size, tree) for size in sorted(known)},
        dossier=dossier,
        extras=[
            *_held(anchors),
            (FILE, _instructions(dossier, seal, anchors).text().encode()),
            ("経過.txt", _story(events).encode()),
        ],
    )


def _story(events: Iterable[BundleEvent]) -> str:
    """The acts in words, for a person; what is proven stands in events.jsonl."""
    labels = known_events()
    lines = []
    for event in events:
        record = json.loads(event.record)
        moment = _moment(datetime.fromisoformat(record["occurred_at"]))
        lines.append(f"{moment}　{labels.get(record['code'], record['code'])}　{record['actor_label']}\n")
    return "".join(["この件の経過（events.jsonl の内容を読みやすくしたもの）\n", *lines])


def _events(dossier: Dossier, seal: Seal, tree: RangeRoot) -> list[BundleEvent]:
    wanted = {subject_id for _, subject_id in dossier.subjects}
    belongs = set(dossier.subjects)
    rows = Event.objects.filter(subject_id__in=wanted).values_list("id", "subject_kind", "subject_id")
    values = event_values(event_id for event_id, kind, subject_id in rows if (kind, subject_id) in belongs)
    places = dict(Leaf.objects.filter(event_id__in=list(values)).values_list("event_id", "index"))
    found = []
    for event_id, row in sorted(values.items()):
        index = places.get(event_id)
        proof: Sequence[bytes] = () if index is None else inclusion_proof(index, seal.size, tree)
        found.append(BundleEvent(index, bytes(row["salt"]), event_record(row), tuple(proof)))
    return found


def _history(
    government_id: UUID, newest: Seal, events: Iterable[BundleEvent], anchors: Iterable[Anchor]
) -> dict[int, str]:
    """The checkpoints around each event (they bound its time from both sides), and those that left the building."""
    history = {anchor.size: anchor.note for anchor in anchors if anchor.kind != AnchorKind.WITNESS}
    sizes = {anchor.size for anchor in anchors}
    for event in events:
        if event.index is not None:
            before = Seal.objects.filter(size__lte=event.index).order_by("-size").values_list("size", flat=True).first()
            after = Seal.objects.filter(size__gt=event.index).order_by("size").values_list("size", flat=True).first()
            sizes |= {size for size in (before, after) if size is not None}
    history |= dict(Seal.objects.filter(size__in=sizes).values_list("size", "note"))
    outside = read_outside_copy(settings.JOURNAL_OUTSIDE, government_id)
    if outside is not None:
        # An old backup in the place of the database is shorter than what was kept beside it.
        history.setdefault(int(outside.split("\n")[1]), outside)
    history.pop(newest.size, None)
    return dict(sorted(history.items()))


def _held(anchors: Sequence[Anchor]) -> list[tuple[str, bytes]]:
    """What others signed: cosigned notes with the witnesses' keys, time stamps with the authority's certificate."""
    found = [
        (f"witness/{number:04d}.txt", anchor.note.encode())
        for number, anchor in enumerate(_of(anchors, AnchorKind.WITNESS), start=1)
    ]
    if found:
        keys = "".join(f"{key}\n" for key in Witness.objects.order_by("id").values_list("key", flat=True))
        found.append(("witness-keys.txt", keys.encode()))
    stamps = [(_stamp_path(anchor), bytes(anchor.content)) for anchor in _of(anchors, AnchorKind.TIMESTAMP)]
    return [*found, *stamps, *([("timestamps/ca.pem", authority_roots())] if stamps else [])]


def _of(anchors: Iterable[Anchor], kind: AnchorKind) -> list[Anchor]:
    return [anchor for anchor in anchors if anchor.kind == kind]


def _stamp_path(anchor: Anchor) -> str:
    return f"timestamps/{anchor.size:012d}.tsr"


def _instructions(dossier: Dossier, seal: Seal, anchors: Sequence[Anchor]) -> Instructions:
    stamped = [
        (_stamp_path(a), "checkpoint.txt" if a.size == seal.size else f"history/{a.size:012d}.txt")
        for a in _of(anchors, AnchorKind.TIMESTAMP)
    ]
    return Instructions(
        title=f"{dossier.label} {dossier.number}",
        size=seal.size,
        root=bytes(seal.root).hex(),
        signed_at=_moment(seal.signed_at),
        papers=[(paper.path, paper.label, paper.sha256) for paper in dossier.papers],
        stamps=stamped,
        signed_papers=[p.path for p in dossier.papers if p.path.endswith(".pdf") and b"/ByteRange" in p.content],
        held=[f"{a.get_kind_display()}：{a.place}（{_moment(a.made_at)}、{a.size} 件）" for a in anchors],
    )


def _moment(moment: datetime) -> str:
    local = moment.astimezone(clock.JST)
    return f"{local:%Y年%m月%d日 %H:%M:%S}（日本時間）"
