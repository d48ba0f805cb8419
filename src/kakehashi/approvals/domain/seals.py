"""電子公印: which key signs and how far the proof goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class SealSettings:
    """Where the key lies and how far the proof goes. `level` is b-b, b-t or b-lta."""

    key: Path
    level: str = "b-b"
    tsa: str = ""

    @property
    def folder(self) -> Path:
        """The folder that also holds roots and revocation lists."""
        return self.key.parent
