"""The states that `migrate` goes through: few classes are made, and those that are made hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import load_command_class
from django.core.management.commands import migrate
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, StateApps

from kakehashi.kernel.migration_states import LeanExecutor, LeanState


def person_and_letter() -> LeanState:
    state = LeanState()
    person = ModelState("t", "Person", {"id": models.BigAutoField(primary_key=True), "name": models.TextField()})
    to_person = models.ForeignKey("t.Person", models.PROTECT, related_name="letters")
    letter = ModelState("t", "Letter", {"id": models.BigAutoField(primary_key=True), "to": to_person})
    state.add_model(person)
    state.add_model(letter)
    state.add_model(ModelState("t", "Stamp", {"id": models.BigAutoField(primary_key=True)}))
    return state


def drawn(state: LeanState) -> set[str]:
    return set(state.apps.all_models["t"])


def names(model: Any) -> set[str]:
    return {field.name for field in model._meta.get_fields()}


def add_fax(state: LeanState) -> None:
    migrations.AddField("person", "fax", models.TextField(null=True)).state_forwards("t", state)


def test_a_class_is_made_when_it_is_asked_for_with_what_it_points_to() -> None:
    state = person_and_letter()
    assert drawn(state) == set()
    letter = state.apps.get_model("t", "Letter")
    assert drawn(state) == {"person", "letter"}
    assert letter._meta.get_field("to").related_model is state.apps.get_model("t", "Person")


def test_what_points_to_a_changed_model_is_made_anew() -> None:
    state = person_and_letter()
    old = state.apps.get_model("t", "Letter")
    add_fax(state)
    assert drawn(state) == set()
    new = state.apps.get_model("t.Letter")
    assert new is not old
    assert "fax" in names(new._meta.get_field("to").related_model)


def test_a_copy_stays_as_it_was() -> None:
    state = person_and_letter()
    state.apps.get_model("t", "Letter")
    before = state.clone()
    add_fax(state)
    assert "fax" not in names(before.apps.get_model("t", "Letter")._meta.get_field("to").related_model)
    assert "fax" in names(state.apps.get_model("t", "Person"))


def test_who_asks_for_relations_backwards_sees_them() -> None:
    assert "letters" in names(person_and_letter().apps.get_model("t", "Person"))


def test_code_of_a_migration_is_given_every_class() -> None:
    state = person_and_letter()
    add_fax(state)
    state.clear_delayed_apps_cache()
    assert type(state.apps) is StateApps
    assert drawn(state) == {"person", "letter", "stamp"}
    add_fax(state)
    assert "fax" in names(state.apps.get_model("t", "Person"))


def test_a_model_that_goes_is_gone() -> None:
    state = person_and_letter()
    state.apps.get_model("t", "Letter")
    migrations.DeleteModel("Letter").state_forwards("t", state)
    with pytest.raises(LookupError):
        state.apps.get_model("t", "Letter")
    assert "letters" not in names(state.apps.get_model("t", "Person"))


def test_the_command_uses_them() -> None:
    load_command_class("kakehashi.kernel", "migrate")
    assert migrate.MigrationExecutor is LeanExecutor  # type: ignore[attr-defined]


def test_the_whole_history_ends_in_the_models_as_django_would_draw_them() -> None:
    loader = MigrationLoader(None)
    states = loader.project_state()
    lean = LeanState(states.models, states.real_apps).apps
    for key in states.models:
        twin, model = lean.get_model(*key), states.apps.get_model(*key)
        columns = {field.column: field.db_type(connection) for field in model._meta.local_concrete_fields}
        assert {field.column: field.db_type(connection) for field in twin._meta.local_concrete_fields} == columns
