"""Talking to an OpenID Connect provider: discovery, token endpoint, userinfo. The checks live in `domain.oidc`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from kakehashi.kernel import clock
from kakehashi.kernel.json_text import read_json
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, send
from kakehashi.people.domain.oidc import (
    ASSERTION_TYPE,
    Flow,
    OidcRefused,
    authorization_url,
    check_subject,
    client_assertion,
    private_key,
    public_keys,
    read_callback,
    validate_id_token,
)

TIMEOUT_SECONDS = 8
MAX_ANSWER_BYTES = 300_000


class Fetch(Protocol):
    """One HTTP exchange that answers JSON. Raises OidcRefused for anything else."""

    def __call__(
        self, url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """GET without a form, POST with one."""


def fetch_json(url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str]) -> dict[str, Any]:
    """The real `Fetch`, by the house's door to the outside: https, no private address, no redirection, bounded.

    A token endpoint that redirects would carry our assertion elsewhere: any answer but 200 is refused.
    """
    body = urlencode(form).encode() if form is not None else None
    sent = {"Accept": "application/json", **headers}
    if body is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        answer = send(
            url,
            method="GET" if body is None else "POST",
            body=body,
            headers=sent,
            seconds=TIMEOUT_SECONDS,
            most=MAX_ANSWER_BYTES,
        )
    except (OutboundRefused, NoAnswer) as error:
        raise OidcRefused(str(error)) from error
    if answer.status != HTTPStatus.OK:
        raise OidcRefused(f"{urlsplit(url).path} answered {answer.status}")
    try:
        document = read_json(answer.body)
    except ValueError as error:
        raise OidcRefused("answer is not JSON") from error
    if not isinstance(document, dict):
        raise OidcRefused("answer is not an object")
    return document


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One provider as a town registered it.

    With `signing_key` (JWK or PEM) the client proves itself by private_key_jwt, as デジタル認証アプリ asks; with `client_secret` by
    HTTP Basic, as GビズID and most staff directories ask.
    """

    issuer: str
    client_id: str
    scope: str = "openid"
    signing_key: dict[str, Any] | str | None = None
    signing_algorithm: str = "ES256"
    client_secret: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says came back. `claims` holds the ID token and the userinfo merged, the token's word first."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]

    @property
    def verified_email(self) -> str:
        """The address, only when the provider says that it verified it."""
        if self.claims.get("email_verified") is True and isinstance(self.claims.get("email"), str):
            return str(self.claims["email"])
        return ""

    @property
    def name(self) -> str:
        """The name, or nothing."""
        name = self.claims.get("name")
        return name[:200] if isinstance(name, str) else ""


class OpenIdClient:
    """The relying party for one provider."""

    def __init__(self, settings: ProviderSettings, fetch: Fetch = fetch_json) -> None:
        self._settings = settings
        self._fetch = fetch
        self._discovered: dict[str, Any] | None = None

    def _discovery(self) -> dict[str, Any]:
        if self._discovered is None:
            issuer = self._settings.issuer.rstrip("/")
            document = self._fetch(f"{issuer}/.well-known/openid-configuration", headers={})
            if document.get("issuer") != self._settings.issuer:
                raise OidcRefused("discovery speaks of another issuer")
            self._discovered = document
        return self._discovered

    def _endpoint(self, name: str) -> str:
        url = self._discovery().get(name)
        if not isinstance(url, str):
            raise OidcRefused(f"discovery lacks {name}")
        return url

    def start(self, *, flow: Flow, redirect_uri: str) -> str:
        """Where to send the browser for this flow."""
        return authorization_url(
            self._endpoint("authorization_endpoint"),
            client_id=self._settings.client_id,
            redirect_uri=redirect_uri,
            scope=self._settings.scope,
            flow=flow,
            extra=self._settings.extra,
        )

    def finish(self, query: Mapping[str, str], *, flow: Flow, redirect_uri: str) -> Identity:
        """Who came back, after every check. Raises OidcRefused."""
        code = read_callback(query, flow=flow, issuer=self._settings.issuer)
        answer = self._redeem(code, flow=flow, redirect_uri=redirect_uri)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OidcRefused("no id token")
        claims = validate_id_token(
            token,
            keys=public_keys(self._fetch(self._endpoint("jwks_uri"), headers={})),
            issuer=self._settings.issuer,
            client_id=self._settings.client_id,
            nonce=flow.nonce,
            now=clock.now(),
        )
        return Identity(self._settings.issuer, str(claims["sub"]), self._userinfo(answer, claims) | claims)

    def _redeem(self, code: str, *, flow: Flow, redirect_uri: str) -> dict[str, Any]:
        endpoint = self._endpoint("token_endpoint")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": flow.verifier,
            "client_id": self._settings.client_id,
        }
        headers: dict[str, str] = {}
        if self._settings.signing_key is not None:
            form["client_assertion_type"] = ASSERTION_TYPE
            form["client_assertion"] = client_assertion(
                client_id=self._settings.client_id,
                audience=endpoint,
                key=private_key(self._settings.signing_key),
                algorithm=self._settings.signing_algorithm,
                now=clock.now(),
            )
        elif self._settings.client_secret:
            pair = f"{quote(self._settings.client_id, safe='')}:{quote(self._settings.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return self._fetch(endpoint, form=form, headers=headers)

    def _userinfo(self, answer: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        endpoint = self._discovery().get("userinfo_endpoint")
        token = answer.get("access_token")
        if not isinstance(endpoint, str) or not isinstance(token, str):
            return {}
        userinfo = self._fetch(endpoint, headers={"Authorization": f"Bearer {token}"})
        check_subject(claims, userinfo)
        return userinfo
