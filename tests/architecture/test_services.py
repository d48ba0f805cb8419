"""Every write is a service: keyword-only, typed, documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from django.conf import settings


def service_functions() -> list:
    found = []
    for room in settings.ROOMS:
        try:
            package = importlib.import_module(f"kakehashi.{room}.services")
        except ModuleNotFoundError:
            continue
        modules = [package]
        if hasattr(package, "__path__"):
            modules += [
                importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)
            ]
        for module in modules:
            for _, function in inspect.getmembers(module, inspect.isfunction):
                if getattr(function, "is_service", False) and function.__module__ == module.__name__:
                    found.append(function)
    return found


def shortcomings(function) -> list[str]:
    found = [] if len(function.__doc__ or "") > 20 else ["no docstring"]
    signature = inspect.signature(function)
    for name, parameter in signature.parameters.items():
        if parameter.annotation is inspect.Parameter.empty:
            found.append(f"{name} is not typed")
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            found.append(f"{name} is not keyword-only")
    if signature.return_annotation is inspect.Signature.empty:
        found.append("the answer is not typed")
    return found


def test_every_service_is_typed_keyword_only_and_documented():
    functions = service_functions()
    assert len(functions) > 100
    told = {f"{f.__module__}.{f.__name__}": shortcomings(f) for f in functions}
    assert {name: found for name, found in told.items() if found} == {}


def test_the_check_can_fail():
    def rename(person, *, name: str):
        person.name = name

    assert shortcomings(rename) == [
        "no docstring",
        "person is not typed",
        "person is not keyword-only",
        "the answer is not typed",
    ]
