"""Migrating without drawing every model again for each operation.

Django keeps a class for every model of every step of the history, and makes anew, at each step, whatever is related to what
changed. Here everything is related to everything: a change of one table made all the others anew, which was nine tenths of the time
of `kakehashi migrate`. These states make a model's class when an operation asks for it, with what it points to and no more.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import AppConfigStub, ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation
from django.utils.functional import cached_property

Key = tuple[str, str]
"""A model's app label and its name in small letters."""


class LeanExecutor(MigrationExecutor):
    """Django's executor, over states that make few classes."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return LeanState(state.models, state.real_apps)


class LeanState(ProjectState):
    """A step of the history. It draws no model before somebody asks, and forgets only what depends on what changed."""

    @cached_property
    def apps(self) -> Any:  # type: ignore[override]
        """The classes of this step, made as they are asked for."""
        return LeanApps(self.real_apps, self.models)

    def clone(self) -> LeanState:
        """The same step; what is changed in one of the two leaves the other as it is."""
        twin = LeanState({key: _copy(state) for key, state in self.models.items()}, self.real_apps)
        if "apps" in self.__dict__:
            twin.apps = self.apps.clone_for(twin.models) if isinstance(self.apps, LeanApps) else self.apps.clone()
        return twin

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """A model has changed: its class, and those of what points to it, no longer hold."""
        self.reload_models({(app_label, model_name)})

    def reload_models(self, models: Any, delay: bool = True) -> None:
        """As `reload_model`, for several."""
        if "apps" in self.__dict__:
            self._make_lean()
            for app_label, model_name in models:
                self.apps.forget((app_label, model_name.lower()))

    def remove_model(self, app_label: str, model_name: str) -> None:
        """A model goes."""
        if "apps" in self.__dict__:
            self._make_lean()
            self.apps.forget((app_label, model_name.lower()))
        super().remove_model(app_label, model_name)

    def clear_delayed_apps_cache(self) -> None:
        """Code of a migration may follow relations in both directions: for it every class is made, as Django makes them."""
        if type(self.__dict__.get("apps")) is not StateApps:
            self.apps = StateApps(self.real_apps, self.models)  # type: ignore[arg-type]

    def _make_lean(self) -> None:
        if not isinstance(self.apps, LeanApps):
            self.apps = LeanApps(self.real_apps, self.models)


class LeanApps(StateApps):
    """The classes of one step. `models` is the step's own dictionary: what is not drawn yet is drawn from it."""

    def __init__(self, real_apps: Any, models: dict[Key, ModelState]) -> None:
        self.states: dict[Key, ModelState] = {}
        self.points_to: dict[Key, set[Key]] = {}
        super().__init__(real_apps, {})
        self.states = models

    def clone_for(self, models: dict[Key, ModelState]) -> LeanApps:
        """The same classes for a copy of the step."""
        twin = LeanApps(set(), models)
        for label, found in self.all_models.items():
            twin.all_models[label] = dict(found)
        for label in self.app_configs:
            stub = AppConfigStub(label)
            stub.apps = twin
            stub.import_models()
            twin.app_configs[label] = stub
        twin.real_models = self.real_models
        twin.points_to = dict(self.points_to)
        return twin

    def get_model(self, app_label: str, model_name: str | None = None, require_ready: bool = True) -> Any:
        """The class of a model, made now if it was not."""
        if model_name is None:
            app_label, model_name = app_label.split(".")
        self._draw((app_label, model_name.lower()))
        return super().get_model(app_label, model_name, require_ready)

    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> Any:  # type: ignore[override]
        """All classes: who asks for them wants to know what points to a model."""
        self._draw(*self.states)
        return [
            model
            for found in self.all_models.values()
            for model in list(found.values())
            if (include_auto_created or not model._meta.auto_created) and (include_swapped or not model._meta.swapped)
        ]

    def clear_cache(self) -> None:
        """What the classes remember of each other is asked anew. (Django's own empties the real models' memory as well.)"""
        if self.ready:
            for found in self.all_models.values():
                for model in found.values():
                    model._meta._expire_cache()  # type: ignore[attr-defined]

    def forget(self, changed: Key) -> None:
        """Take away the class of a model, and of whatever points to it, directly or not."""
        gone, waiting = set(), [changed]
        while waiting:
            one = waiting.pop()
            if one not in gone:
                gone.add(one)
                waiting += [other for other, targets in self.points_to.items() if one in targets]
        for app_label, model_name in gone:
            self.points_to.pop((app_label, model_name), None)
            self.unregister_model(app_label, model_name)
        self.clear_cache()

    def _draw(self, *wanted: Key) -> None:
        states, asked = [], list(wanted)
        while asked:
            key = asked.pop()
            if key in self.points_to or key not in self.states:
                continue
            self.points_to[key] = set(_targets(self.states[key]))
            states.append(self.states[key])
            asked += self.points_to[key]
        self.render_multiple(states)


def _copy(state: ModelState) -> ModelState:
    """As `ModelState.clone`, without judging again what was judged when it was made."""
    twin = copy.copy(state)
    twin.fields, twin.options, twin.managers = dict(state.fields), dict(state.options), list(state.managers)
    return twin


def _targets(state: ModelState) -> Iterator[Key]:
    """What a model's class cannot be made without: what its fields point to, and what it is built upon."""
    here = state.app_label, state.name_lower
    for field in state.fields.values():
        remote = field.remote_field
        if remote is not None:
            yield resolve_relation(remote.model, *here)
            if through := getattr(remote, "through", None):
                yield resolve_relation(through, *here)
    for base in state.bases:
        if isinstance(base, str):
            yield resolve_relation(base, *here)
