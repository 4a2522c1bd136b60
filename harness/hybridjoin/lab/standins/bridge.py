"""The application that a lab's bridge signs people in with: a registration in good health, and its secret."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.model.site import BridgeClient

CLIENT_ID = "8f0b7a52-6a1c-4f4e-9d7b-0c2f5be4d811"
SECRET_ID = "b0a5a1d7-52a4-4c9b-9d5c-6d6f1a1b2c3d"
# A host that no DNS knows: the answer is read from the redirect, and never followed. PingOne's own URI carries a code
# of the account, as this one does.
REDIRECT_URI = "https://sso.bridge.example/idp/oidc/cb/9d1f4c27?pod=eu"
_FILE = "bridge.secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeSecret:
    """The client secret's value, and the file that a bridge reads it from."""

    file: Path
    value: str


def make_bridge_secret(folder: Path) -> BridgeSecret:
    """Make a secret of the form that Entra hands out, and keep it for the bridge alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    value = f"{secrets.token_urlsafe(2)[:3]}8Q~{secrets.token_urlsafe(26)[:34]}"
    file = folder / _FILE
    file.touch(mode=0o600)
    file.write_text(value, "utf-8")
    return BridgeSecret(file=file, value=value)


def registration(client: BridgeClient, secret: str) -> dict[str, object]:
    """Return a registration in good health, as the Entra double reads it, for a bridge that is set up so."""
    return {
        "client_id": client.client_id,
        "display_name": "PingOne",
        "redirect_uris": [client.redirect_uri],
        "secrets": [{"id": client.secret_id or SECRET_ID, "value": secret}],
        "group_membership_claims": "SecurityGroup",
        "cloud_password_validation": client.cloud_password_validation,
    }


def bridge_client(secret: BridgeSecret) -> BridgeClient:
    """Return the registration as the bridge is told of it."""
    return BridgeClient(client_id=CLIENT_ID, redirect_uri=REDIRECT_URI, secret_file=secret.file, secret_id=SECRET_ID)
