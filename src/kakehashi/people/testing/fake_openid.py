"""A small OpenID Connect provider that runs in the test process on the loopback interface.

It is strict where デジタル認証アプリ is strict: nonce and PKCE S256 are required, a code works once, and the client proves itself by a
signed assertion whose audience is the token endpoint. It can also be told to misbehave, to see the client refuse.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kakehashi.kernel import clock


@dataclass
class FakeProvider:
    """The provider's state. `misbehave` changes the claims of the next ID tokens; `person` is who signs in."""

    client_id: str = "kakehashi"
    client_key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "town"}))
    signing_key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "op", "use": "sig"}))
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "sub-1",
            "name": "住民 太郎",
            "email": "taro@example.jp",
            "email_verified": True,
        }
    )
    misbehave: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    issuer: str = ""

    def discovery(self) -> dict[str, Any]:
        """The well-known document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def authorize(self, url: str) -> str:
        """What a person's consent does: the address to which the browser is sent back. Raises ValueError for a bad request."""
        query = dict(parse_qsl(urlsplit(url).query))
        required = {"response_type": "code", "client_id": self.client_id, "code_challenge_method": "S256"}
        if any(query.get(name) != value for name, value in required.items()):
            raise ValueError("invalid_request")
        if not query.get("nonce") or not query.get("state") or "openid" not in query.get("scope", "").split():
            raise ValueError("invalid_request")
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token endpoint: status and answer."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        if not self._knows_client(form):
            return 401, {"error": "invalid_client"}
        access = secrets.token_urlsafe(16)
        self.tokens.add(access)
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _knows_client(self, form: dict[str, str]) -> bool:
        try:
            decoded = jwt.decode(form.get("client_assertion", ""), self.client_key, algorithms=["ES256"])
        except (JoseError, ValueError):
            return False
        claims = decoded.claims
        return (
            claims.get("iss") == claims.get("sub") == self.client_id
            and claims.get("aud") == f"{self.issuer}/token"
            and claims.get("exp", 0) > clock.now().timestamp()
        )

    def _id_token(self, nonce: str) -> str:
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": self.person["sub"],
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
        }
        return jwt.encode({"alg": "ES256", "kid": "op"}, claims | self.misbehave, self.signing_key)


def _handler(provider: FakeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self.answer(200, provider.discovery())
            elif path == "/jwks":
                self.answer(200, {"keys": [provider.signing_key.as_dict(private=False)]})
            elif path == "/userinfo" and self.headers.get("Authorization", "")[7:] in provider.tokens:
                self.answer(200, provider.person)
            else:
                self.answer(404, {"error": "not_found"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*provider.token(form))

        def log_message(self, *args: object) -> None:
            """Keep the test output quiet."""

    return Handler


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """The provider, listening on a free port of the loopback interface until the block ends."""
    provider = FakeProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
