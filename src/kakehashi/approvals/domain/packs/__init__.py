"""Rule packs: a town's 事務決裁規程 and 文書管理規程 as data, ready to install and to change."""

import json
from importlib.resources import files
from typing import Any


def read_pack(code: str) -> dict[str, Any]:
    """The pack of that name as plain data. Raises FileNotFoundError for an unknown one."""
    pack: dict[str, Any] = json.loads(files(__name__).joinpath(f"{code}.json").read_text(encoding="utf-8"))
    return pack
