"""What can be approved: a room registers the kinds of thing it brings to a decision.

The callbacks run in the transaction of the act, after the proposal has changed, as
`callback(actor=…, proposal=…)`. An exception in one of them undoes the act.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry

if TYPE_CHECKING:
    from kakehashi.approvals.models import Proposal


class Callback(Protocol):
    """Called when something happened to a proposal of the source."""

    def __call__(self, *, actor: Actor, proposal: Proposal) -> None: ...


def do_nothing(*, actor: Actor, proposal: Proposal) -> None:
    """The callback of a source that need not know."""


def _no_source(source_id: UUID) -> Any:
    return None


def _no_sections(source_id: UUID) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    return ()


def _no_url(source_id: UUID) -> str:
    return ""


def _everybody(actor: Actor, source_id: UUID) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class ProposalSource:
    """A kind of source.

    `summary_template` is included on the decision page with `source` (what `load` gives, or `load_for`
    where not every reader of the proposal may see the same) and `proposal`. `describe(source_id)` gives headed rows [(heading, [(label, text)])] that are frozen
    into the proposal's body when it is submitted and printed in the 原議. `url` is the source's page, linked only for those
    who `may_open` it.
    """

    label: str
    summary_template: str
    load: Callable[[UUID], Any] = _no_source
    load_for: Callable[[Actor, Proposal], Any] | None = None
    describe: Callable[[UUID], Sequence[tuple[str, Sequence[tuple[str, str]]]]] = _no_sections
    url: Callable[[UUID], str] = _no_url
    may_open: Callable[[Actor, UUID], bool] = _everybody
    on_submitted: Callback = do_nothing
    on_recalled: Callback = do_nothing
    on_returned: Callback = do_nothing
    on_decided: Callback = do_nothing
    on_undone: Callback = do_nothing
    on_rejected: Callback = do_nothing
    on_withdrawn: Callback = do_nothing
    on_issued: Callback = do_nothing


_sources: Registry[ProposalSource] = Registry("approvals.sources")

FREE = ProposalSource(label="起案", summary_template="approvals/_no_source.html")
"""A proposal that comes from no other room."""

FREE_KIND = "approvals.free"

PROPOSAL = "approvals.proposal"
"""Under this name proposals are filed in records and found in search."""


def register_source(kind: str, source: ProposalSource) -> None:
    """Register a source kind `room.kind`. Raises DuplicateKey when it is taken."""
    _sources.register(kind, source)


def source_of(kind: str) -> ProposalSource:
    """The source of a kind; a proposal from nowhere has the free one. Raises UnknownKey for another name."""
    return FREE if kind == FREE_KIND else _sources.get(kind)
