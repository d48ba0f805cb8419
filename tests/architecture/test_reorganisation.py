"""Every column that names a department or a post is looked at by the simulator of reorganisations, or says why not."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel.tenancy import TenantModel, tenant_scope
from kakehashi.people.hooks import affected_kinds
from kakehashi.people.models import Department, Post

LISTED = Path(__file__).with_name("not_reorganised.csv")
NAMED = re.compile(r"(department|post|section|subject)(_id|s)?$|_(posts|departments)$")


def columns():
    """Columns with a key to a department or post, and plain ones that carry such an id or such names."""
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation:
                if field.related_model in {Department, Post}:
                    yield f"{model._meta.label}.{field.attname}"
            elif isinstance(field, (models.UUIDField, ArrayField)) and NAMED.search(field.name):
                yield f"{model._meta.label}.{field.attname}"


def looked_at(town):
    with tenant_scope(town.id):
        return {f"{kind.rows().model._meta.label}.{kind.path}" for _, kind in affected_kinds()}


def test_every_column_that_names_a_section_or_post_is_looked_at_or_says_why_not(town):
    listed = {row["column"] for row in csv.DictReader(LISTED.read_text().splitlines())}
    seen, known = looked_at(town), set(columns())
    subjects = {each for each in known if each.endswith(".subject_id") and not each.startswith("people.")}
    assert sorted(known - subjects - seen - listed) == []
    assert sorted(listed - known) == [], "a line about a column that is no more"
    assert sorted(listed & seen) == [], "looked at after all"
