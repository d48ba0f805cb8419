"""改組: tried out on paper first, applied in one act, carried out on the morning of its day, called off before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.domain.reorganisation import Plan, PlannedDepartment, PlannedPost
from kakehashi.people.domain.reorganisation_table import BadTable, propose, read_grid, read_plan
from kakehashi.people.models import Reorganisation
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors.reorganisations import (
    eve_of,
    grid_of,
    organisation_of,
    plan_like,
    ranks_of,
    remembered_columns,
)


@service
def start_reorganisation(
    *, actor: Actor, title: str, effective_on: date, file_name: str = "", content: bytes = b""
) -> Reorganisation:
    """Begin to try out an organisation: from an uploaded table, or without one from today's. Nothing changes yet.

    Columns that are found without doubt need no confirmation only when they were confirmed before. Raises DomainError for a
    table that cannot be read, or a second plan for a day on which one was applied.
    """
    require(actor, PeoplePermission.REORGANISE)
    made = Reorganisation(
        title=title.strip()[:100] or "改組",
        effective_on=effective_on,
        file_name=file_name[:200],
        content=content,
        made_by_label=actor.label,
        made_at=clock.now(),
    )
    if file_name:
        try:
            read_grid(file_name, content)
        except BadTable as error:
            raise DomainError(str(error), field="file") from error
        made.columns = None
    else:
        made.plan = plan_like(organisation_of(eve_of(made))).to_json()
    made.save()
    return made


def proposed_columns(reorganisation: Reorganisation) -> dict[str, str]:
    """Our keys with the header of the uploaded table proposed for each."""
    return propose(grid_of(reorganisation), remembered_columns())


@service
def confirm_columns(*, actor: Actor, reorganisation: Reorganisation, columns: Mapping[str, str]) -> Reorganisation:
    """Read the uploaded table by these columns (our key → header). Lines that cannot be read are kept as sentences.

    Raises DomainError when the code or the name of departments has no column.
    """
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(reorganisation)
    grid = grid_of(current)
    chosen = {key: header for key, header in columns.items() if header in grid.headers}
    missing = [label for key, label in (("code", "所属コード"), ("name", "所属")) if key not in chosen]
    if missing:
        raise DomainError(f"「{'」「'.join(missing)}」の列を選んでください。", field="code")
    plan, unreadable = read_plan(grid, chosen, ranks_of(eve_of(current)))
    current.columns, current.plan, current.unreadable = chosen, plan.to_json(), unreadable[:200]
    current.revision += 1
    current.save()
    return current


@service
def edit_plan(
    *,
    actor: Actor,
    reorganisation: Reorganisation,
    departments: Sequence[PlannedDepartment],
    posts: Sequence[PlannedPost],
    expected_revision: int,
) -> Reorganisation:
    """Put another plan in place of the present one. Raises Stale when somebody changed it in between."""
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(reorganisation, expected_revision)
    current.plan = Plan(tuple(departments), tuple(posts)).to_json()
    current.unreadable = []
    current.revision += 1
    current.save()
    return current


@service
def choose_heirs(
    *, actor: Actor, reorganisation: Reorganisation, chosen: Mapping[str, str], expected_revision: int
) -> Reorganisation:
    """Say who follows departments and posts: id → code, post key or `NOBODY`; an empty text leaves it to the proposal."""
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(reorganisation, expected_revision)
    current.chosen = {key: value for key, value in {**current.chosen, **chosen}.items() if value}
    current.revision += 1
    current.save()
    return current


@service
def discard_reorganisation(*, actor: Actor, reorganisation: Reorganisation) -> None:
    """Put a plan aside; it stays to be read. Raises Stale once it was applied or put aside."""
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(reorganisation)
    current.discarded_at = clock.now()
    current.save(update_fields=["discarded_at"])


def draft_of(reorganisation: Reorganisation, expected_revision: int | None = None) -> Reorganisation:
    """The plan, locked, while it may be changed. Raises Stale when it may not, or is not the one that was looked at."""
    current = Reorganisation.objects.select_for_update().get(id=reorganisation.id)
    if not current.is_draft or expected_revision not in {None, current.revision}:
        raise Stale
    return current
