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
    client = _the_person(told)
    client.resource_uri = "https://graph.microsoft.com"
    federation = client.user_discovery_v1(told["user"])
    got = client.authenticate_username_password_federation_native(federation)
    return _claims(got["accessToken"])


def persons_registration(told: dict[str, str]) -> dict[str, Any]:
    """Sign the person in once more, for a token of the registration service."""
    client = _the_person(told)
    client.client_id, client.resource_uri = DEVICE_CLIENT, DRS
    got = client.authenticate_username_password_federation_native(client.user_discovery_v1(told["user"]))
    told["persons token"] = got["accessToken"]
    return _claims(got["accessToken"])


def _the_person(told: dict[str, str]) -> Any:  # noqa: ANN401 - roadlib has no types
    return Authentication(username=told["user"], password=told["password"])


def _by_the_person(told: dict[str, str], join_type: int, name: str) -> dict[str, Any]:
    done = DeviceAuthentication().register_device(
        told["persons token"],
        jointype=join_type,
        certout=f"{name}.pem",
        privout=f"{name}.key",
        device_name=f"ROAD-{name}",
        device_domain=told["domain"],
    )
    return {"done": done is True}


def join_by_person(told: dict[str, str]) -> dict[str, Any]:
    """Join a device by the person's token, as the out-of-box experience does."""
    return _by_the_person(told, 0, "joined")


def register_by_person(told: dict[str, str]) -> dict[str, Any]:
    """Register one by it, as Add work account does."""
    return _by_the_person(told, 4, "registered")


def hybrid_by_person(told: dict[str, str]) -> dict[str, Any]:
    """Ask for a hybrid join by it, which has to be refused."""
    return {"done": _by_the_person(told, 6, "hybrid") == {"done": False}}


def refresh_token(told: dict[str, str]) -> dict[str, Any]:
    """Log the person on at the device that was joined: the assertion in a request that the device signs."""
    client = _the_person(told)
    issued, _ = client.get_saml_token_with_username_password(client.user_discovery_v1(told["user"]))
    assertion = issued["token"]
    device = DeviceAuthentication()
    device.loadcert("joined.pem", "joined.key")
    got = device.get_prt_with_samltoken(assertion if isinstance(assertion, str) else assertion.decode("utf-8"))
    return {"done": bool(got["refresh_token"]) and len(bytes.fromhex(got["session_key"])) == 32}


def leave_both(_: dict[str, str]) -> dict[str, Any]:
    """Have both removed by their certificates."""
    return {"done": [_removed(name) for name in ("joined", "registered")] == [True, True]}


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
    return {"done": _removed("fed")}


def _removed(name: str) -> bool:
    device = DeviceAuthentication()
    device.loadcert(f"{name}.pem", f"{name}.key")
    return device.delete_device(f"{name}.pem", f"{name}.key") is True


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
    "person's registration token": persons_registration,
    "join type 0": join_by_person,
    "join type 4": register_by_person,
    "join type 6 of a person": hybrid_by_person,
    "primary refresh token": refresh_token,
    "both removed": leave_both,
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
