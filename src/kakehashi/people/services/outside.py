"""Signing staff in through what a town itself registered: its directory, its OpenID Connect provider.

What a town registers can vouch for that town's staff only: the session it opens is bound to the town for good, and reaches no page
of the account itself. A provider of one town can therefore never speak for somebody's work in another.
"""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.security_log import digest_of, note_security
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.transport import is_office
from kakehashi.people.adapters.directory import Directory, DirectorySettings, LdapDirectory
from kakehashi.people.adapters.openid import Identity, OpenIdClient, ProviderSettings
from kakehashi.people.domain.oidc import OidcRefused
from kakehashi.people.domain.second_factors import Factor
from kakehashi.people.models import (
    IdentityProvider,
    Membership,
    Person,
    StaffDirectory,
    StaffIdentity,
    User,
)
from kakehashi.people.selectors import acting_person
from kakehashi.people.services.security import unseal_secret
from kakehashi.people.services.sessions import SESSION_ONLY_GOVERNMENT, bind_session, show_factor
from kakehashi.people.services.tries import DIRECTORY_PER_CLIENT, DIRECTORY_PER_NAME, count_try

_REFUSED = "利用者名かパスワードが違います。"


def directory_of(row: StaffDirectory) -> Directory:
    """The adapter for a registered directory."""
    return LdapDirectory(
        DirectorySettings(
            url=row.url,
            base_dn=row.base_dn,
            bind_dn=row.bind_dn,
            bind_password=unseal_secret(row.bind_password_sealed),
            user_filter=row.user_filter,
            start_tls=row.start_tls,
        )
    )


def client_of(row: IdentityProvider) -> OpenIdClient:
    """The relying party for a registered provider."""
    import json

    key = unseal_secret(row.signing_key_sealed)
    return OpenIdClient(
        ProviderSettings(
            issuer=row.issuer,
            client_id=row.client_id,
            scope=row.scope,
            signing_key=json.loads(key) if key.lstrip().startswith("{") else (key or None),
            signing_algorithm=row.signing_algorithm,
            client_secret=unseal_secret(row.client_secret_sealed),
            extra={"acr_values": row.acr_values} if row.acr_values else {},
        )
    )


def vouched_strength(row: IdentityProvider, identity: Identity) -> bool:
    """Whether the provider says that it asked as strongly as it was told to (`acr`). Nothing was asked for: it does.

    Raises OidcRefused when it says that it asked otherwise. A provider that says nothing is believed for who it is, but not for a
    second factor.
    """
    asked, told = row.acr_values.split(), str(identity.claims.get("acr") or "")
    if asked and told and told not in asked:
        raise OidcRefused("the provider asked less than it was told to")
    return not asked or bool(told)


def check_directory_password(*, directory: Directory, username: str, password: str, address: str) -> Person:
    """The member of staff whose password the directory accepts, found by staff number, else by address.

    Raises DomainError with one and the same sentence for an unknown name, a wrong password and too many tries. Not a service: a
    refusal must not roll back the count of tries.
    """
    government = current_government_id()
    within = count_try(limit=DIRECTORY_PER_NAME, subject=f"{government}|{username}")
    subject = f"{government}|{address}"
    within &= count_try(limit=DIRECTORY_PER_CLIENT, subject=subject, is_office=not address or is_office(address))
    found = directory.authenticate(username, password) if within else None
    person = _colleague(found.staff_number, found.email) if found else None
    if person is None:
        note_security(
            "sign-in failed", account=digest_of(username.strip().lower()), address=address, methods="directory"
        )
        raise DomainError(_REFUSED)
    return person


def _colleague(staff_number: str, email: str) -> Person | None:
    people = Person.objects.filter(is_active=True)
    person = people.filter(staff_number=staff_number).first() if staff_number else None
    if person is None and email:
        person = people.filter(email=email.lower()).first()
    return person


@service
def identify_staff(*, identity: Identity) -> Person:
    """The member of staff whom the town's provider vouches for; linked by a verified address at the first visit.

    Raises DomainError when the provider knows somebody whom the town does not employ.
    """
    link = (
        StaffIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject).select_related("person").first()
    )
    if link is not None:
        person: Person = link.person
        return person
    found = _colleague(str(identity.claims.get("employee_number") or ""), identity.verified_email)
    if found is None:
        raise DomainError("この認証に当たる職員が見つかりません。庶務の担当者に知らせてください。")
    StaffIdentity.objects.create(person=found, issuer=identity.issuer, subject=identity.subject)
    return found


@service
def sign_in_person(*, request: HttpRequest, person: Person, second_factor: bool = False) -> None:
    """Open a session for a person whom this town vouches for, bound to this town alone. Raises DomainError without an account."""
    user = User.objects.filter(id=person.user_id, is_active=True).first() if person.user_id else None
    is_member = (
        user is not None
        and Membership.objects.filter(user=user, government_id=person.government_id, is_active=True).exists()
    )
    if user is None or not is_member or acting_person(user.id, clock.today()) is None:
        raise DomainError("この職員のアカウントは使えません。庶務の担当者に知らせてください。")
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session[SESSION_ONLY_GOVERNMENT] = str(person.government_id)
    bind_session(session=request.session, user=user, government_id=person.government_id)
    if second_factor:
        show_factor(session=request.session, factor=Factor.PASSKEY)
    # The sign-in library lists its own sign-ins only; what is not listed could be ended by nobody.
    UserSession.objects.create_from_request(request)
