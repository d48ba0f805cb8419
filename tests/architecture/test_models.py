"""Every table says whose it is, and keys never cross a floor upwards or a tenant sideways."""

from django.db import models

from kakehashi.kernel.row_security import owned_models
from kakehashi.kernel.tenancy import GlobalModel, SharedModel, TenantForeignKey, TenantModel
from tests.architecture.floors import height

OUR_MODELS = list(owned_models())


def ownership(model: type[models.Model]) -> int:
    return sum(issubclass(model, base) for base in (TenantModel, SharedModel, GlobalModel))


def test_every_model_is_tenant_owned_shared_or_global():
    assert [m.__name__ for m in OUR_MODELS if ownership(m) != 1] == []


def test_foreign_keys_point_to_the_same_floor_or_below():
    heights = height()
    wrong = []
    for model in OUR_MODELS:
        for field in model._meta.local_fields:
            target = field.related_model
            if isinstance(target, type) and target.__module__.startswith("kakehashi."):
                upper, lower = model._meta.app_label, target._meta.app_label
                if heights[lower] > heights[upper] or (heights[lower] == heights[upper] and lower != upper):
                    wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert wrong == []


def test_keys_between_tenant_rows_are_tenant_safe():
    wrong = []
    for model in OUR_MODELS:
        for field in model._meta.local_fields:
            target = field.related_model
            if not isinstance(target, type) or not issubclass(target, TenantModel):
                continue
            if not issubclass(model, TenantModel) or not isinstance(field, TenantForeignKey):
                wrong.append(f"{model.__name__}.{field.name}")
    assert wrong == []


def test_no_hidden_many_to_many_tables():
    assert [f"{m.__name__}.{f.name}" for m in OUR_MODELS for f in m._meta.local_many_to_many] == []


def test_indexes_of_tenant_tables_lead_with_the_government():
    wrong = []
    for model in OUR_MODELS:
        if not issubclass(model, TenantModel):
            continue
        for index in model._meta.indexes:
            first = index.fields[0].lstrip("-") if index.fields else ""
            if first not in {"government_id", ""}:
                wrong.append(f"{model.__name__}: {index.name}")
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields[:1] not in {
                ("government_id",),
                (),
            }:
                wrong.append(f"{model.__name__}: {constraint.name}")
        wrong += [f"{model.__name__}.{f.name}" for f in model._meta.local_fields if f.unique and not f.primary_key]
    assert wrong == []
