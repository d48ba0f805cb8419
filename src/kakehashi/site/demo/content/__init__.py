"""The words of the demo, in YAML beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import yaml
else:
    yaml = later("yaml")


@cache
def read(name: str) -> Any:
    """The content of `<name>.yaml`."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text())
