"""OpenID Connect, the relying party's half: authorization code flow with PKCE S256, nonce and private_key_jwt.

Sources: OpenID Connect Core 1.0 sections 3.1.2.1, 3.1.3.7 and 9; RFC 7636 (PKCE); RFC 7523 (client assertion); RFC 9207 (issuer in
the answer). デジタル認証アプリ makes nonce and S256 mandatory and authenticates the client by a signed assertion.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

#: Never `none` and never a symmetric algorithm: the provider's public keys would become passwords.
ID_TOKEN_ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
CLOCK_LEEWAY_SECONDS = 60
ASSERTION_SECONDS = 120
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class OidcRefused(Exception):
    """The provider's answer must not be trusted; the text says which check failed, for the log only."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one trip to the provider must remember in the visitor's session."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> Flow:
        """A fresh trip with 256 bits in every secret."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """The PKCE S256 challenge of the verifier."""
        return pkce_challenge(self.verifier)


def pkce_challenge(verifier: str) -> str:
    """BASE64URL(SHA256(verifier)) without padding (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def authorization_url(
    endpoint: str, *, client_id: str, redirect_uri: str, scope: str, flow: Flow, extra: Mapping[str, str] | None = None
) -> str:
    """Where to send the browser."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": flow.challenge,
        "code_challenge_method": "S256",
        **(extra or {}),
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def read_callback(query: Mapping[str, str], *, flow: Flow, issuer: str) -> str:
    """The authorization code of the provider's answer. Raises OidcRefused for a foreign state, another issuer or an error."""
    if not hmac.compare_digest(query.get("state", "").encode(), flow.state.encode()):
        raise OidcRefused("state does not match")
    if "iss" in query and query["iss"] != issuer:
        raise OidcRefused("answer of another issuer")
    if query.get("error"):
        raise OidcRefused(f"provider answered {query['error'][:80]}")
    if not query.get("code"):
        raise OidcRefused("no code")
    return query["code"]


def client_assertion(*, client_id: str, audience: str, key: Key, algorithm: str, now: datetime) -> str:
    """The signed proof that replaces a client secret (private_key_jwt, OpenID Connect Core section 9)."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
    }
    header: dict[str, Any] = {"alg": algorithm}
    if key.kid:
        header["kid"] = key.kid
    return jwt.encode(header, claims, key, algorithms=[algorithm])


def private_key(data: dict[str, Any] | str) -> Key:
    """A private key from a JWK or from PEM text."""
    if isinstance(data, str):
        return JWKRegistry.import_key(data, "EC" if "EC PRIVATE" in data else "RSA")
    return JWKRegistry.import_key(data)


def validate_id_token(
    token: str, *, keys: KeySet, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token once every check of OpenID Connect Core 3.1.3.7 has passed. Raises OidcRefused."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCK_LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        decoded = jwt.decode(token, keys, algorithms=list(ID_TOKEN_ALGORITHMS))
        registry.validate(decoded.claims)
    except (JoseError, ValueError) as error:
        raise OidcRefused(f"id token: {error}") from error
    claims: dict[str, Any] = decoded.claims
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise OidcRefused("nonce does not match")
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") is None:
        raise OidcRefused("several audiences without azp")
    if claims.get("azp", client_id) != client_id:
        raise OidcRefused("azp is another client")
    return claims


def public_keys(document: Mapping[str, Any]) -> KeySet:
    """The provider's signing keys from its JWKS document; keys of unknown kinds and encryption keys are left out."""
    usable = [
        entry
        for entry in document.get("keys", [])
        if isinstance(entry, dict) and entry.get("kty") in {"RSA", "EC", "OKP"} and entry.get("use", "sig") == "sig"
    ]
    if not usable:
        raise OidcRefused("the provider publishes no signing key")
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError) as error:
        raise OidcRefused(f"keys: {error}") from error


def check_subject(id_claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> None:
    """The userinfo must speak of the same subject as the ID token (OpenID Connect Core 5.3.2). Raises OidcRefused."""
    if userinfo.get("sub") != id_claims.get("sub"):
        raise OidcRefused("userinfo of another subject")
