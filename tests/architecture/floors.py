"""The floor plan, read from the import contract so that there is one truth."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "kakehashi"


def floors() -> list[set[str]]:
    """The rooms of each floor, top first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["name"].startswith("Floors"))["layers"]
    return [{room.strip() for room in layer.split("|")} for layer in layers]


def height() -> dict[str, int]:
    """How high each room stands: the kernel is 0."""
    return {room: level for level, rooms in enumerate(reversed(floors())) for room in rooms}


def rooms() -> list[str]:
    """Every room, kernel and site included."""
    return sorted(height())


def sources(*, tests: bool = False) -> list[Path]:
    """The project's Python files, migrations left out."""
    found = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]
    return [p for p in found if tests or not ({"tests", "testing", "conftest"} & {*p.parts, p.stem})]
