"""Authority that one post exercises for another, beside 専決 and 代決: four bases, each with its own clause.

職務代理 (地方自治法第152条: the head is missing or cannot act), 事務取扱 (an appointment to do a vacant post's work),
委任 (the power itself moved, 地方自治法第153条), 補助執行 (done for another organ, 地方自治法第180条の2・第180条の7).
Unlike 代決 they need no absence of the day and leave no 後閲: the authority is whole while the grant is in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kakehashi.approvals.domain.routes import Basis


class GrantKind(StrEnum):
    """The kinds of grant; each is a basis of authority of the same name."""

    STATUTORY_DEPUTY = "statutory_deputy"
    ACTING_APPOINTMENT = "acting_appointment"
    AUTHORITY_TRANSFER = "authority_transfer"
    ASSISTED_EXECUTION = "assisted_execution"

    @property
    def basis(self) -> Basis:
        """The basis an act under this grant rests on."""
        return Basis(self.value)

    @property
    def label(self) -> str:
        """The field's word."""
        return self.basis.label


@dataclass(frozen=True, kw_only=True)
class Grant:
    """`acting_post_id` exercises what belongs to `post_id`; `matter_code` empty: everything. `valid_to` is the last day."""

    id: UUID
    kind: GrantKind
    post_id: UUID
    acting_post_id: UUID
    clause: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    matter_code: str = ""

    def covers(self, matter_code: str, on: dt.date) -> bool:
        """Whether it is in force that day for the matter."""
        is_open = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return is_open and self.matter_code in {"", matter_code}


def grant_for(
    grants: Iterable[Grant], post_id: UUID, acting_posts: Iterable[UUID], matter_code: str, on: dt.date
) -> Grant | None:
    """The grant under which one of the acting posts may act for a post; one for the matter alone goes before a general one."""
    mine = set(acting_posts)
    found = [
        grant
        for grant in grants
        if grant.post_id == post_id and grant.acting_post_id in mine and grant.covers(matter_code, on)
    ]
    return min(found, key=lambda grant: (grant.matter_code == "", grant.valid_from, str(grant.id)), default=None)
