"""What roadlib is told to do, in its own interpreter: nothing of ours is imported, and nothing of its own is changed.

It is told by a JSON document on standard input, and answers with one line of JSON for each thing that it did. The
authorities of the certificates it takes from REQUESTS_CA_BUNDLE, as every client of `requests` does; the names of
Microsoft's services are literals in it.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from typing import Any

import jwt
from roadtools.roadlib.auth import Authentication  # type: ignore[import-not-found]  # lies in an environment of its own
from roadtools.roadlib.deviceauth import DeviceAuthentication  # type: ignore[import-not-found]

DRS = "urn:ms-drs:enterpriseregistration.windows.net"
DEVICE_CLIENT = "dd762716-544d-4aeb-a526-687b73838a22"


def _as_device(resource: str = "", scope: str = "") -> Any:  # noqa: ANN401 - roadlib has no types
    client = Authentication(client_id=DEVICE_CLIENT)
    client.resource_uri, client.scope = resource, scope
    return client


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def token_v1(told: dict[str, str]) -> dict[str, Any]:
    """Trade the computer's assertion at the first endpoint."""
    got = _as_device(resource=DRS).authenticate_with_saml_native(told["assertion"])
    told["token"] = got["accessToken"]
    return _claims(got["accessToken"])


def token_v2(told: dict[str, str]) -> dict[str, Any]:
    """Trade it at the v2.0 endpoint."""
    got = _as_device(scope=f"{DRS}/.default").authenticate_with_saml_native_v2(told["assertion"])
    return _claims(got["accessToken"])


def person(told: dict[str, str]) -> dict[str, Any]:
    """Sign a person in by name and password: realm, metadata, usernamemixed, grant."""
    client = Authentication(username=told["user"], password=told["password"])
    client.resource_uri = "https://graph.microsoft.com"
    federation = client.user_discovery_v1(told["user"])
    got = client.authenticate_username_password_federation_native(federation)
    return _claims(got["accessToken"])


def join(told: dict[str, str]) -> dict[str, Any]:
    """Register the computer by its token, as a hybrid join."""
    done = DeviceAuthentication().register_device(
        told["token"],
        jointype=6,
        certout="fed.pem",
        privout="fed.key",
        device_name="ROAD",
        device_domain=told["domain"],
    )
    return {"done": done is not False}


def leave(_: dict[str, str]) -> dict[str, Any]:
    """Have it removed by its certificate."""
    device = DeviceAuthentication()
    device.loadcert("fed.pem", "fed.key")
    return {"done": device.delete_device("fed.pem", "fed.key") is True}


def sync_join(told: dict[str, str]) -> dict[str, Any]:
    """Register the computer by the synchronized join: its SID, signed by the key of its userCertificate."""
    device = DeviceAuthentication()
    device.loadcert(told["certificate"], told["key"])
    done = device.register_hybrid_device(told["sid"], told["tenant"], certout="road.pem", device_name="ROAD")
    return {"done": done is True}


STEPS: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "token v1": token_v1,
    "token v2.0": token_v2,
    "person's token": person,
    "synchronized join": sync_join,
    "join type 6": join,
    "removal": leave,
}


def main() -> None:
    """Do everything in its order; what fails says so and ends nothing."""
    told = json.load(sys.stdin)
    told["assertion"] = base64.b64decode(told["assertion"]).decode("utf-8")
    for name, step in STEPS.items():
        answer: dict[str, Any]
        try:
            answer = step(told)
        except Exception as error:  # noqa: BLE001 - whatever a stranger raises is its answer
            answer = {"failed": f"{type(error).__name__}: {error}"}
        sys.stdout.write(f"ANSWER {json.dumps({'step': name, **answer})}\n")


if __name__ == "__main__":
    main()
