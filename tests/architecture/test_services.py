"""Every write is a service: keyword-only, typed, documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest
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


@pytest.mark.parametrize("function", service_functions(), ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_a_service_is_typed_and_documented(function):
    assert function.__doc__
    assert len(function.__doc__) > 20
    signature = inspect.signature(function)
    untyped = [p.name for p in signature.parameters.values() if p.annotation is inspect.Parameter.empty]
    assert untyped == []
    assert signature.return_annotation is not inspect.Signature.empty
