"""No control of a form is named as one of the form's own properties: `form.method` would be that control, for scripts and for htmx.

`name` is left out: it is the natural word for what a thing is called, and no script reads a form's own name (tested below).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from django.forms import BaseForm

from tests.architecture.floors import PACKAGE
from tests.architecture.test_screens import PAGES, name, source

OWN = {
    "acceptCharset", "action", "attributes", "autocomplete", "children", "elements", "encoding", "enctype", "form", "id",
    "length", "method", "noValidate", "parentNode", "rel", "reset", "submit", "target",
}  # fmt: skip
CONTROL = re.compile(r"<(?:input|select|textarea|button|output|fieldset|object)\b[^>]*?\sname=\"([^\"{]+)\"")
SCRIPTS = [path for path in PACKAGE.rglob("static/**/*.js") if "vendor" not in path.parts]


def forms() -> Iterator[tuple[str, set[str]]]:
    """Every form class of the rooms, with the names of its controls."""
    for room in pkgutil.iter_modules([str(PACKAGE)]):
        if not ((PACKAGE / room.name / "forms.py").exists() or (PACKAGE / room.name / "forms").is_dir()):
            continue
        found = importlib.import_module(f"kakehashi.{room.name}.forms")
        inner = [f"{found.__name__}.{each.name}" for each in pkgutil.iter_modules(getattr(found, "__path__", []))]
        for module in (found, *map(importlib.import_module, inner)):
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, BaseForm) and value.__module__ == module.__name__:
                    yield f"{module.__name__}.{value.__name__}", set(getattr(value, "base_fields", ()))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_control_of_a_template_hides_the_form(path):
    assert set(CONTROL.findall(source(path))) & OWN == set()


def test_no_field_of_a_form_hides_the_form():
    found = dict(forms())
    assert len(found) > 50
    assert {key: names & OWN for key, names in found.items() if names & OWN} == {}


def test_no_script_asks_a_form_for_its_name():
    assert [path.name for path in SCRIPTS if re.search(r"\bform\.name\b", path.read_text())] == []


def test_the_check_can_fail():
    assert CONTROL.findall('<button class="x" name="submit" value="1">') == ["submit"]
