"""What the hot path makes by shorter ways is what the long ways make."""

from uuid import UUID

import pytest
from django.db.models import Model
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from kakehashi.cases.models import Case
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.paths import path_to
from kakehashi.kernel.rows import new_row, read_row
from kakehashi.notices.models import Notice
from kakehashi.people.models import Department
from kakehashi.people.testing import Town
from kakehashi.procedures.models import Application, Draft
from kakehashi.procedures.services import start_draft
from kakehashi.procedures.testing import an_online_procedure

# Ids, secrets and the moment differ from one row to the next.
MADE = {UUID, bytes, type(clock.now())}


def plain(row: Model) -> dict[str, object]:
    own = {name: value for name, value in row.__dict__.items() if name != "_state"}
    return {name: type(value) if type(value) in MADE else value for name, value in own.items()}


@pytest.mark.parametrize("model", [Application, Case, Event, Notice, Draft])
def test_a_new_row_is_what_the_model_makes(town: Town, model: type[Model]) -> None:
    assert plain(new_row(model)) == plain(model())
    first, second = new_row(model), new_row(model)
    assert first.pk != second.pk
    assert first._state.adding
    assert first._state.db is None


def test_values_are_not_shared_between_rows(town: Town) -> None:
    new_row(Draft).answers["x"] = 1
    assert new_row(Draft).answers == {}


def test_relations_are_kept(town: Town) -> None:
    department = Department(code="77", name="課", valid_from=clock.today())
    made = new_row(Case, department=department, subject="題")
    assert (made.department_id, made.subject) == (department.id, "題")
    assert made.department is department


def test_an_unknown_name_is_refused(town: Town) -> None:
    with pytest.raises(TypeError, match="no column subjekt"):
        new_row(Case, subjekt="題")


def test_columns_left_out_are_read_when_asked(town: Town) -> None:
    draft = start_draft(actor=system_actor(town.id), procedure=an_online_procedure(town))
    found = read_row(Draft, draft.id, without=("typed",))
    assert found.get_deferred_fields() == {"typed"}
    assert found.typed == draft.typed


def test_an_address_is_the_reversed_one() -> None:
    before = get_script_prefix()
    try:
        for prefix in ("/", "/hibari/", "/misaki/"):
            set_script_prefix(prefix)
            thing = uuid7()
            for page in ("procedures:receipt", "procedures:application"):
                assert path_to(page, thing) == reverse(page, args=[thing])
    finally:
        set_script_prefix(before)


def test_an_unknown_page_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        path_to("procedures:nothing", uuid7())
