"""What a moving government needs that does not lie in the database: its keys, and its secrets in clear.

All of it travels inside the encrypted archive only. Over there keys lie in files again, and secrets are sealed with the key of the
installation that took the government in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from kakehashi.kernel.key_files import write_private
from kakehashi.kernel.tenancy import tenant_scope


def carried(government: Any) -> dict[str, Any]:
    """The government's own keys by place, and its secrets."""
    from kakehashi.people.services import open_secrets

    with tenant_scope(government.id):
        secrets = open_secrets()
    keys = {place: path.read_text() for place, path in _places(government.code).items() if path.exists()}
    return {"own_keys": keys, "secrets": secrets}


def adopt(government_id: UUID, code: str, facts: dict[str, Any]) -> None:
    """Put keys and secrets where they belong here. A different key in the place is moved aside, never overwritten."""
    from kakehashi.people.services import adopt_secrets

    for place, path in _places(code).items():
        text = facts.get("own_keys", {}).get(place)
        if text is None or (path.exists() and path.read_text() == text):
            continue
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            path.replace(path.with_name(f"{path.name}.replaced"))
        write_private(path, text.encode())
    with tenant_scope(government_id):
        adopt_secrets(secrets=facts.get("secrets", []))


def _places(code: str) -> dict[str, Path]:
    """Where the keys of one government lie: for the forms it hands over, and for the other half of split networks."""
    from kakehashi.journal.adapters.signing_key import forms_key_path

    exchange = Path(settings.EXCHANGE_KEYS) / code
    return {
        "forms": forms_key_path(settings.JOURNAL_KEY, code),
        "exchange/sign": exchange / "sign.pem",
        "exchange/seal": exchange / "seal.pem",
    }
