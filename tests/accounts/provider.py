"""A small OpenID provider of our own, that answers whatever a test wants it to answer."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "samskaping"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)  # beside or instead of the usual ones
    without: tuple[str, ...] = ()
    key: Any = KEY
    kid: str | None = "key-1"
    algorithm: str = "RS256"
    raw_token: str | None = None
    token_answer: Any = None
    description: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    nonce: str = ""  # what the browser was sent away with
    asked: dict[str, list[str]] = field(default_factory=dict)

    def token(self) -> str:
        if self.raw_token is not None:
            return self.raw_token
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300,
            "nonce": self.nonce, "email": "kari@prove.example", "email_verified": True, **self.claims,
        }  # fmt: skip
        headers = {} if self.kid is None else {"kid": self.kid}
        kept = {name: value for name, value in claims.items() if name not in self.without}
        return jwt.encode(kept, self.key, algorithm=self.algorithm, headers=headers)

    def answer(self, path: str) -> Any:
        if path.endswith("/.well-known/openid-configuration"):
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.description,
            }
        if path.endswith("/keys"):
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [{**public, "kid": "key-1", "use": "sig", "alg": "RS256"}]}
        if self.token_answer is not None:
            return self.token_answer
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.asked = parse_qs(body)
            self._send()

        def _send(self) -> None:
            body = json.dumps(provider.answer(self.path)).encode()
            self.send_response(provider.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
