"""証明一式 of one case: what the rooms hand over, and what the offline verifier is told about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry

Subject = tuple[str, UUID]


@dataclass(frozen=True)
class Paper:
    """A file of the dossier: its path in the zip, its bytes, and what it is, for the list in 検証手順.txt."""

    path: str
    content: bytes
    label: str

    @property
    def sha256(self) -> str:
        """The digest of the bytes, 64 hex digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Frozen:
    """A text whose SHA-256 the events of its subject carry as `digest`: a decided body, a version of the rules.

    `attachments` are the files its JSON names under "attachments", by digest.
    """

    subject: Subject
    paper: Paper
    attachments: Sequence[Paper] = ()


@dataclass(frozen=True)
class Standing:
    """What is open now of a subject by the tables, such as its holds, to be compared with the acts that opened and closed.

    `key` is the name in the payload that says which one.
    """

    subject: Subject
    label: str
    opened: str
    closed: str
    key: str
    open: Sequence[str]


@dataclass(frozen=True)
class DossierPart:
    """What one room adds: subjects whose events belong to the case, papers, frozen texts, what stands open."""

    subjects: Sequence[Subject] = ()
    papers: Sequence[Paper] = ()
    frozen: Sequence[Frozen] = ()
    standing: Sequence[Standing] = ()


@dataclass(frozen=True)
class DossierKind:
    """A kind of thing a dossier can be taken of.

    `find(number)` is the thing people call so, None when there is no such thing. `number(id)` is how people call it (起案番号, 案件番号), None when there is no such thing; `may_read(actor, id)` whether
    the person may see it at all; `concerns(id)` whose data it shows, as the log of accesses names them.
    """

    label: str
    number: Callable[[UUID], str | None]
    may_read: Callable[[Actor, UUID], bool]
    concerns: Callable[[UUID], Sequence[Subject]]
    find: Callable[[str], UUID | None]


PartOf = Callable[[str, UUID], DossierPart | None]

_kinds: Registry[DossierKind] = Registry("journal.dossiers")
_parts: Registry[PartOf] = Registry("journal.dossier_parts")


def register_dossier(kind: str, dossier: DossierKind) -> None:
    """Say that a dossier can be taken of subjects of this kind. Raises DuplicateKey."""
    _kinds.register(kind, dossier)


def register_dossier_part(name: str, part_of: PartOf) -> None:
    """Let a room add its part to dossiers: it is asked with (kind, id) and answers None when it has nothing."""
    _parts.register(name, part_of)


def find_dossier(number: str) -> Subject | None:
    """The thing people call by this number, of the first kind that knows it."""
    for kind, found in _kinds.items():
        subject_id = found.find(number)
        if subject_id is not None:
            return kind, subject_id
    return None


def dossier_kind(kind: str) -> DossierKind | None:
    """The registered kind; None for another."""
    return _kinds.get(kind) if kind in _kinds else None


@dataclass(frozen=True)
class Dossier:
    """Everything about one case, before it is sealed."""

    subject: Subject
    label: str
    number: str
    parts: Sequence[DossierPart] = field(default=())

    @property
    def subjects(self) -> list[Subject]:
        """Whose events belong to it: the case itself first, each once."""
        return list(dict.fromkeys([self.subject, *(each for part in self.parts for each in part.subjects)]))

    @property
    def papers(self) -> list[Paper]:
        """Every file, each path once."""
        return list({paper.path: paper for part in self.parts for paper in _papers(part)}.values())

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file by path: what is sealed when the dossier is taken."""
        return {paper.path: paper.sha256 for paper in self.papers}

    def claims(self) -> dict[str, Any]:
        """What the verifier compares with the sealed events."""
        return {
            "number": self.number,
            "decided": [
                {
                    "subject": _text(each.subject),
                    "path": each.paper.path,
                    "attachments": {paper.sha256: paper.path for paper in each.attachments},
                }
                for part in self.parts
                for each in part.frozen
            ],
            "standing": [
                {
                    "subject": _text(each.subject), "label": each.label, "opened": each.opened, "closed": each.closed,
                    "key": each.key, "open": sorted(each.open),
                }
                for part in self.parts
                for each in part.standing
            ],
        }  # fmt: skip


def dossier_of(subject: Subject, kind: DossierKind, number: str) -> Dossier:
    """Ask every room for its part, of the case itself and of each subject a part names."""
    found: list[DossierPart] = []
    waiting, seen = [subject], {subject}
    while waiting:
        asked = waiting.pop(0)
        for part_of in dict(_parts.items()).values():
            part = part_of(*asked)
            if part is not None:
                found.append(part)
                fresh = [each for each in part.subjects if each not in seen]
                waiting += fresh
                seen |= set(fresh)
    return Dossier(subject, kind.label, number, found)


def frozen_text(value: Mapping[str, Any]) -> bytes:
    """The JSON text digests of decided bodies and rule packs are taken of: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _papers(part: DossierPart) -> Iterable[Paper]:
    yield from part.papers
    for each in part.frozen:
        yield each.paper
        yield from each.attachments


def _text(subject: Subject) -> list[str]:
    return [subject[0], str(subject[1])]
