"""Wiring of the eforms room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from kakehashi.eforms.models import Form
    from kakehashi.kernel.actor import Actor


class EformsConfig(AppConfig):
    """The eforms room."""

    name = "kakehashi.eforms"
    label = "eforms"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.eforms.domain.blocks import BLOCK
        from kakehashi.eforms.hooks import FILE_PURPOSE_PAPER, FormOwner, register_owner
        from kakehashi.eforms.permissions import may_read_paper
        from kakehashi.eforms.selectors.papers import review_url
        from kakehashi.files.hooks import register_access
        from kakehashi.journal.hooks import register_events

        register_events(
            "eforms", {"eforms.form.published": "様式を公開した", "eforms.banks.imported": "金融機関の一覧を取り込んだ"}
        )
        register_access(FILE_PURPOSE_PAPER, may_read_paper, families=frozenset({"office", "pdf"}), max_bytes=30_000_000)
        register_owner(BLOCK, FormOwner("様式の部品", _blocks_url, _editor))
        register_owner("eforms.paper", FormOwner("様式の変換", review_url, _editor))


def _blocks_url(form: Form) -> str:
    from django.urls import reverse

    return reverse("eforms-staff:blocks")


def _editor(actor: Actor, form: Form) -> bool:
    from kakehashi.eforms.permissions import EformsPermission

    return actor.can(EformsPermission.EDIT, form.government_id)
