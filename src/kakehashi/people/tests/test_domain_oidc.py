"""The relying party's checks, each able to refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from kakehashi.people.domain.oidc import (
    Flow,
    OidcRefused,
    authorization_url,
    check_subject,
    client_assertion,
    pkce_challenge,
    private_key,
    public_keys,
    read_callback,
    validate_id_token,
)

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ISSUER, CLIENT = "https://op.example.jp", "kakehashi"
KEY = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
KEYS = KeySet([KEY])
FLOW = Flow("state", "nonce", "verifier")


def claims(**changes: Any) -> dict[str, Any]:
    whole = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "s1",
        "nonce": "nonce",
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def validate(token: str) -> dict[str, Any]:
    return validate_id_token(token, keys=KEYS, issuer=ISSUER, client_id=CLIENT, nonce="nonce", now=NOW)


def signed(**changes: Any) -> str:
    return jwt.encode({"alg": "ES256", "kid": "k1"}, claims(**changes), KEY)


def test_a_good_token_gives_its_claims() -> None:
    assert validate(signed())["sub"] == "s1"
    assert validate(signed(aud=[CLIENT, "other"], azp=CLIENT))["sub"] == "s1"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody else"},
        {"aud": ["somebody else"]},
        {"aud": [CLIENT, "other"]},
        {"azp": "other"},
        {"sub": None},
        {"nonce": "replayed"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 61},
    ],
)
def test_each_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(OidcRefused):
        validate(signed(**changes))


def test_another_key_none_and_a_symmetric_key_are_refused() -> None:
    stranger = ECKey.generate_key("P-256", {"kid": "k1"})
    symmetric = OctKey.import_key(b"x" * 32)
    forged = [
        jwt.encode({"alg": "ES256", "kid": "k1"}, claims(), stranger),
        jwt.encode({"alg": "HS256", "kid": "k1"}, claims(), symmetric),
        "eyJhbGciOiJub25lIn0.e30.",
        "not a token",
        "",
    ]
    for token in forged:
        with pytest.raises(OidcRefused):
            validate(token)


def test_the_challenge_is_the_one_of_the_standard() -> None:
    # RFC 7636, appendix B.
    assert (
        pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_the_browser_is_sent_with_everything_the_flow_needs() -> None:
    url = authorization_url(
        f"{ISSUER}/authorize", client_id=CLIENT, redirect_uri="https://town.example/cb", scope="openid name", flow=FLOW
    )
    query = parse_qs(urlsplit(url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"] == [FLOW.challenge]
    assert query["nonce"] == ["nonce"]
    assert query["response_type"] == ["code"]
    assert "verifier" not in url


@pytest.mark.parametrize(
    "query",
    [
        {"code": "c", "state": "other"},
        {"code": "c"},
        {"state": "state"},
        {"state": "state", "error": "access_denied"},
        {"state": "state", "code": "c", "iss": "https://evil.example"},
    ],
)
def test_a_foreign_answer_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(OidcRefused):
        read_callback(query, flow=FLOW, issuer=ISSUER)


def test_a_good_answer_gives_its_code() -> None:
    assert read_callback({"code": "c", "state": "state", "iss": ISSUER}, flow=FLOW, issuer=ISSUER) == "c"


def test_the_client_proves_itself_with_a_short_signed_assertion() -> None:
    key = private_key(KEY.as_dict(private=True))
    token = client_assertion(client_id=CLIENT, audience=f"{ISSUER}/token", key=key, algorithm="ES256", now=NOW)
    decoded = jwt.decode(token, KEYS, algorithms=["ES256"])
    assert decoded.header["kid"] == "k1"
    assert decoded.claims["iss"] == decoded.claims["sub"] == CLIENT
    assert decoded.claims["aud"] == f"{ISSUER}/token"
    assert decoded.claims["exp"] - decoded.claims["iat"] <= 120


def test_two_trips_share_nothing() -> None:
    one, other = Flow.begin(), Flow.begin()
    assert not {one.state, one.nonce, one.verifier} & {other.state, other.nonce, other.verifier}
    assert 43 <= len(one.verifier) <= 128


def test_only_signing_keys_are_taken() -> None:
    document = {"keys": [KEY.as_dict(private=False), {"kty": "oct", "k": "c2VjcmV0"}, {"kty": "EC", "use": "enc"}]}
    assert len(public_keys(document).keys) == 1
    with pytest.raises(OidcRefused):
        public_keys({"keys": []})


def test_userinfo_of_somebody_else_is_refused() -> None:
    check_subject({"sub": "s1"}, {"sub": "s1"})
    with pytest.raises(OidcRefused):
        check_subject({"sub": "s1"}, {"sub": "s2"})
