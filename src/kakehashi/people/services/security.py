"""How people sign in: second factors by network, identity providers, staff directories. All need administrator power."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.key_files import earlier_secrets, secret_in
from kakehashi.kernel.outbound import OutboundRefused, check_address
from kakehashi.kernel.permissions import require
from kakehashi.kernel.sealing import SealBroken, derived_key, seal, unseal
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import TenantModel
from kakehashi.people.domain.ldap_names import search_filter
from kakehashi.people.domain.oidc import private_key
from kakehashi.people.domain.second_factors import Factor, parse_network
from kakehashi.people.models import IdentityProvider, SecondFactorRule, StaffDirectory
from kakehashi.people.permissions import PeoplePermission, require_power


def seal_secret(text: str) -> str:
    """A secret as it may stand in the database."""
    return seal(_sealing_keys()[0], text)


def unseal_secret(sealed: str) -> str:
    """The secret again. Raises SealBroken."""
    for key in _sealing_keys():
        try:
            return unseal(key, sealed)
        except SealBroken:
            continue
    raise SealBroken("the secret cannot be read with any of this installation's keys")


@service
def reseal_secrets() -> int:
    """Seal every secret of the open government with the present key; gives how many there were. Raises SealBroken.

    Every text field whose name ends in ``_sealed`` is one, in whatever room it stands.
    """
    count = 0
    for model, names in _sealed_fields():
        for row in model._default_manager.select_for_update().order_by("pk"):
            sealed = [name for name in names if getattr(row, name)]
            for name in sealed:
                setattr(row, name, seal_secret(unseal_secret(getattr(row, name))))
            if sealed:
                row.save(update_fields=sealed)
            count += len(sealed)
    return count


def open_secrets() -> list[list[str]]:
    """Every readable secret of the open government in clear: model, row, field, text. For carrying it to another installation, sealed.

    One that no key of this installation opens is left out; it was lost before.
    """
    found = []
    for model, names in _sealed_fields():
        for row in model._default_manager.order_by("pk"):
            for name in names:
                with suppress(SealBroken):
                    if text := unseal_secret(getattr(row, name)):
                        found.append([model._meta.label_lower, str(row.pk), name, text])
    return found


@service
def adopt_secrets(*, secrets: Iterable[Sequence[str]]) -> int:
    """Seal what `open_secrets` gave elsewhere with this installation's key, in the rows of the open government; gives how many."""
    known, count = {(model._meta.label_lower, name) for model, names in _sealed_fields() for name in names}, 0
    for label, pk, name, text in secrets:
        if (label, name) in known:
            rows = apps.get_model(label)._default_manager.filter(pk=pk)
            count += rows.update(**{name: seal_secret(text)})
    return count


def _sealed_fields() -> list[tuple[type[Any], list[str]]]:
    found = [
        (model, [field.name for field in model._meta.concrete_fields if field.name.endswith("_sealed")])
        for model in apps.get_models()
        if issubclass(model, TenantModel)
    ]
    return [(model, names) for model, names in found if names]


def _sealing_keys() -> list[bytes]:
    """The present key, the earlier ones, and those of installations that sealed with the secret of the cookies."""
    path = settings.SEALING_KEY
    earlier = earlier_secrets(path, now=clock.now(), within=timedelta(days=36_500))
    every = [secret_in(path), *earlier, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [derived_key(one, "secrets") for one in every]


@service
def set_network_rule(*, actor: Actor, network: str, factors: Iterable[str], note: str = "") -> SecondFactorRule:
    """Say which second factors satisfy clients of a network; none means that the password is enough there."""
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    try:
        canonical = parse_network(network)
    except ValueError:
        raise DomainError("ネットワークは 192.168.0.0/16 のように書いてください。", field="network") from None
    try:
        wanted = sorted(Factor(value).value for value in set(factors))
    except ValueError:
        raise DomainError("二要素目の種類が正しくありません。", field="factors") from None
    rule, _ = SecondFactorRule.objects.update_or_create(
        network=canonical, defaults={"factors": wanted, "note": note.strip()[:100]}
    )
    _record(actor, "people.network_rule.set", rule.id, {"network": canonical, "factors": wanted})
    return rule


@service
def remove_network_rule(*, actor: Actor, rule: SecondFactorRule) -> None:
    """Forget a rule; its network falls under the next wider one, or under the default."""
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    rule_id, network = rule.id, rule.network
    rule.delete()
    _record(actor, "people.network_rule.removed", rule_id, {"network": network})


@service
def register_provider(
    *,
    actor: Actor,
    audience: str,
    name: str,
    issuer: str,
    client_id: str,
    scope: str = "openid",
    acr_values: str = "",
    signing_key: str = "",
    signing_algorithm: str = "ES256",
    client_secret: str = "",
    is_second_factor: bool = False,
) -> IdentityProvider:
    """Register or change an OpenID Connect provider. `signing_key` is a private JWK or PEM; it and the secret are kept sealed.

    An empty key or secret leaves the present one. `is_second_factor`: the provider itself asks for two factors.
    """
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    try:
        check_address(issuer.strip())
    except OutboundRefused as error:
        raise DomainError(f"発行者：{error}", field="issuer") from error
    if signing_key:
        _check_key(signing_key)
    defaults: dict[str, Any] = {
        "audience": audience,
        "name": name.strip(),
        "scope": scope.strip() or "openid",
        "acr_values": acr_values.strip(),
        "signing_algorithm": signing_algorithm,
        "is_second_factor": is_second_factor,
        "is_on": True,
    }
    if signing_key:
        defaults["signing_key_sealed"] = seal_secret(signing_key)
    if client_secret:
        defaults["client_secret_sealed"] = seal_secret(client_secret)
    provider, _ = IdentityProvider.objects.update_or_create(
        issuer=issuer.strip(), client_id=client_id.strip(), defaults=defaults
    )
    _record(actor, "people.provider.registered", provider.id, {"name": provider.name, "issuer": provider.issuer})
    return provider


def _check_key(text: str) -> None:
    import json

    from joserfc.errors import JoseError

    try:
        key = private_key(json.loads(text) if text.lstrip().startswith("{") else text)
    except (ValueError, JoseError, KeyError, TypeError):
        key = None
    if key is None or not key.is_private:
        raise DomainError("秘密鍵として読み取れません（JWKまたはPEM）。", field="signing_key")


@service
def register_directory(
    *,
    actor: Actor,
    name: str,
    url: str,
    base_dn: str,
    bind_dn: str = "",
    bind_password: str = "",
    user_filter: str = "(sAMAccountName={username})",
    start_tls: bool = True,
) -> StaffDirectory:
    """Register or change the staff directory at a URL. An empty password leaves the present one."""
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    if not url.startswith(("ldap://", "ldaps://")):
        raise DomainError("アドレスは ldap:// か ldaps:// で始めてください。", field="url")
    try:
        search_filter(user_filter, "x")
    except ValueError:
        raise DomainError("検索条件に {username} を入れてください。", field="user_filter") from None
    defaults: dict[str, Any] = {
        "name": name.strip(),
        "base_dn": base_dn.strip(),
        "bind_dn": bind_dn.strip(),
        "user_filter": user_filter.strip(),
        "start_tls": start_tls,
        "is_on": True,
    }
    if bind_password:
        defaults["bind_password_sealed"] = seal_secret(bind_password)
    directory, _ = StaffDirectory.objects.update_or_create(url=url.strip(), defaults=defaults)
    _record(actor, "people.directory.registered", directory.id, {"name": directory.name, "url": directory.url})
    return directory


def _record(actor: Actor, code: str, subject_id: Any, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind="people.security", subject_id=subject_id, payload=payload)
