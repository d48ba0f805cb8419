"""Every table says whose it is, and keys never cross a floor upwards or a tenant sideways."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.test.utils import isolate_apps

from kakehashi.governments.models import Government
from kakehashi.kernel.row_security import owned_models
from kakehashi.kernel.tenancy import GlobalModel, SharedModel, TenantForeignKey, TenantModel
from kakehashi.people.models import Person
from tests.architecture.floors import height

TableClass = type[models.Model]
OUR_MODELS = list(owned_models())


def without_one_owner(found: Iterable[TableClass]) -> list[str]:
    kinds = (TenantModel, SharedModel, GlobalModel)
    return [model.__name__ for model in found if sum(issubclass(model, kind) for kind in kinds) != 1]


def keys_upwards(found: Iterable[TableClass]) -> list[str]:
    heights, wrong = height(), []
    for model in found:
        for field in model._meta.local_fields:
            target = field.related_model
            if isinstance(target, type) and target.__module__.startswith("kakehashi."):
                upper, lower = model._meta.app_label, target._meta.app_label
                if heights[lower] > heights[upper] or (heights[lower] == heights[upper] and lower != upper):
                    wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    return wrong


def unsafe_keys(found: Iterable[TableClass]) -> list[str]:
    wrong = []
    for model in found:
        for field in model._meta.local_fields:
            target = field.related_model
            if not isinstance(target, type) or not issubclass(target, TenantModel):
                continue
            if not issubclass(model, TenantModel) or not isinstance(field, TenantForeignKey):
                wrong.append(f"{model.__name__}.{field.name}")
    return wrong


def hidden_tables(found: Iterable[TableClass]) -> list[str]:
    return [f"{model.__name__}.{field.name}" for model in found for field in model._meta.local_many_to_many]


def indexes_of_no_tenant(found: Iterable[TableClass]) -> list[str]:
    wrong = []
    for model in found:
        if not issubclass(model, TenantModel):
            continue
        for index in model._meta.indexes:
            if index.fields and index.fields[0].lstrip("-") != "government_id":
                wrong.append(f"{model.__name__}: {index.name}")
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields[:1] not in {
                ("government_id",),
                (),
            }:
                wrong.append(f"{model.__name__}: {constraint.name}")
        wrong += [f"{model.__name__}.{f.name}" for f in model._meta.local_fields if f.unique and not f.primary_key]
    return wrong


def test_every_model_is_tenant_owned_shared_or_global():
    assert without_one_owner(OUR_MODELS) == []


def test_foreign_keys_point_to_the_same_floor_or_below():
    assert keys_upwards(OUR_MODELS) == []


def test_keys_between_tenant_rows_are_tenant_safe():
    assert unsafe_keys(OUR_MODELS) == []


def test_no_hidden_many_to_many_tables():
    assert hidden_tables(OUR_MODELS) == []


def test_indexes_of_tenant_tables_lead_with_the_government():
    assert indexes_of_no_tenant(OUR_MODELS) == []


@isolate_apps()
def test_the_checks_can_fail():
    class Nobodys(models.Model):
        class Meta:
            app_label = "governments"

    class Upwards(GlobalModel):
        person = models.ForeignKey(Person, models.CASCADE, related_name="+")

        class Meta:
            app_label = "governments"

    class Sideways(TenantModel):
        person = models.ForeignKey(Person, models.CASCADE, related_name="+")
        governments = models.ManyToManyField(Government, related_name="+")  # noqa: TID251 (the wrong way, on purpose)
        name = models.TextField(unique=True)

        class Meta:
            app_label = "people"
            indexes = (models.Index(fields=["name"], name="by_name"),)
            constraints = (models.UniqueConstraint(fields=["name"], name="one_name"),)

    assert without_one_owner([Nobodys]) == ["Nobodys"]
    assert keys_upwards([Upwards]) == ["Upwards.person → Person"]
    assert unsafe_keys([Upwards, Sideways]) == ["Upwards.person", "Sideways.person"]
    assert hidden_tables([Sideways]) == ["Sideways.governments"]
    assert indexes_of_no_tenant([Sideways]) == ["Sideways: by_name", "Sideways: one_name", "Sideways.name"]
