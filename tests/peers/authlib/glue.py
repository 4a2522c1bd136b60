"""An application on Authlib, unchanged: run in an environment of its own.

It is told by a JSON document in the file that is its argument, and answers at three ports of one address: set up as the
guides say, with a wrong secret, and with a redirect URI that is not registered. Whom to trust it finds in
REQUESTS_CA_BUNDLE. Authlib makes the request, redeems the code, and validates the id_token.
"""

from __future__ import annotations

import json
import secrets
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

SCOPE = "openid profile email"


class Application(ThreadingHTTPServer):
    """One way to be set up; requests that wait for their answer lie in `waiting` by their state."""

    def __init__(self, told: dict[str, Any], way: dict[str, Any]) -> None:
        super().__init__((told["address"], way["port"]), Page)
        self.metadata, self.client, self.secret = told["metadata"], told["client"], way["secret"]
        self.redirect_uri = way["redirect_uri"]
        self.waiting: dict[str, tuple[str, str]] = {}
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(told["certificate"], told["key"])
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def session(self) -> OAuth2Session:
        """Return Authlib's client."""
        challenge = "S256"
        return OAuth2Session(
            self.client,
            self.secret,
            redirect_uri=self.redirect_uri,
            scope=SCOPE,
            code_challenge_method=challenge,
        )


class Page(BaseHTTPRequestHandler):
    """The protected page, and the address that answers come back to."""

    server: Application

    def do_GET(self) -> None:
        """Send whoever comes to Entra; show who comes back."""
        try:
            if "state=" in self.path:  # a code, or an error in its place
                self._show(200, self._signed_in())
            else:
                self._send_on()
        except Exception as error:  # noqa: BLE001 - whatever Authlib raises is what the person is told
            self._show(500, f"{type(error).__name__}: {error}")

    def _send_on(self) -> None:
        session, verifier, nonce = self.server.session(), secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        document = session.request("GET", self.server.metadata, withhold_token=True).json()
        url, state = session.create_authorization_url(
            document["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
        self.server.waiting[state] = (nonce, verifier)
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _signed_in(self) -> str:
        session = self.server.session()
        document = session.request("GET", self.server.metadata, withhold_token=True).json()
        state = parse_qs(urlsplit(self.path).query)["state"][0]
        nonce, verifier = self.server.waiting.pop(state)
        token = session.fetch_token(
            document["token_endpoint"], authorization_response=self.path, state=state, code_verifier=verifier
        )
        keys = KeySet.import_key_set(session.request("GET", document["jwks_uri"], withhold_token=True).json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
        issuer = {"iss": {"essential": True, "values": [document["issuer"]]}}
        claims = CodeIDToken(decoded.claims, decoded.header, issuer, {"nonce": nonce, "client_id": self.server.client})
        claims.validate(leeway=120)
        info = session.get(document["userinfo_endpoint"]).json()
        if info["sub"] != claims["sub"]:
            raise ValueError("userinfo is of another person")
        return json.dumps({"claims": claims, "userinfo": info})

    def _show(self, status: int, words: str) -> None:
        body = words.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(file: str) -> None:
    """Answer at each port until the end."""
    told = json.loads(Path(file).read_text("utf-8"))
    serving = [threading.Thread(target=Application(told, way).serve_forever) for way in told["ways"]]
    for one in serving:
        one.start()
    for one in serving:
        one.join()


if __name__ == "__main__":
    main(sys.argv[1])
