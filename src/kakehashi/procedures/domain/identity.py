"""本人確認: what a procedure asks of whoever applies, and what an applicant has shown.

Nobody needs an account to begin. A procedure asks for nothing by default: most 届出 and 申請 are
checked against the town's registers. It may ask for a confirmed mail address (whoever reads the
result must be who applied), or for a person whom an outside identity vouches for.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID

__all__ = ["NO_PROOF", "IdentityCheck", "Proof", "Shown", "satisfies"]


class IdentityCheck(enum.StrEnum):
    """What a procedure asks for before the application is handed in; the value is stored."""

    NONE = "none"
    ADDRESS = "address"
    PERSON = "person"


class Shown(enum.StrEnum):
    """What the applicant has shown; the value is stored with the application."""

    NOTHING = ""
    ADDRESS = "address"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Proof:
    """Who was signed in when the application was written: the resident, how they were known, their confirmed address."""

    resident_id: UUID | None = None
    shown: Shown = Shown.NOTHING
    email: str = ""


NO_PROOF = Proof()
"""Nobody was signed in."""


def satisfies(check: IdentityCheck, proof: Proof, email: str) -> bool:
    """Whether the proof is what the procedure asks for. `email` is where the result will be announced.

    A confirmed address counts for itself only: another address in the form has not been confirmed.
    """
    if check is IdentityCheck.NONE or proof.shown is Shown.PERSON:
        return True
    if check is IdentityCheck.PERSON or proof.shown is Shown.NOTHING:
        return False
    return not email or email.strip().lower() == proof.email.strip().lower()
