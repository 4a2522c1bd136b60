"""roadlib in the network where Microsoft's host names are the Entra double's: what it did, and what the double saw."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from hybridjoin.device.adapters.hands import open_hands
from hybridjoin.device.habits import Habits
from hybridjoin.model.exchange import HttpRequest, TicketRequest
from hybridjoin.model.site import Site
from hybridjoin.protocol import mex, names, rst, rstr
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.rstr import SoapFault
from tests.live.namespace import DEVICE, LivePlace, live_place

GLUE = Path(__file__).parent / "glue.py"


def main(folder: Path, python: str) -> None:
    """Let roadlib do what it does, and print what came of it."""
    # AD FS' assertion of a person says nothing of a computer; PingOne's mapping does, and its person's is taken for one
    # where roadlib trades it for a token of the registration service.
    with live_place(folder, profile="adfs") as place:
        told = json.dumps(_told(folder, place))
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "REQUESTS_CA_BUNDLE": str(_bundle(folder, place))}
        done = subprocess.run(
            [python, str(GLUE)],
            input=told, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        answers = [json.loads(line[7:]) for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
        asked = [(item.endpoint, item.status, item.rule) for item in place.entra.state.audit.entries]
        left = [item.display_name for item in place.entra.state.tenant.devices if item.registered]
        sys.stdout.write(json.dumps({"answers": answers, "asked": asked, "left": left, "words": done.stderr[-2000:]}))


def _told(folder: Path, place: LivePlace) -> dict[str, str]:
    """Return what a computer and a person of the lab would have at hand."""
    device = next(item for item in place.entra.state.tenant.devices if item.display_name == DEVICE)
    account, carol = place.site.device(DEVICE), place.site.person("carol")
    assert account is not None
    assert account.user_certificate_key is not None
    assert carol is not None
    return {
        "assertion": base64.b64encode(_assertion(place.site, place.metadata)).decode("ascii"),
        "sid": device.sid,
        "tenant": place.site.entra.tenant_id,
        "domain": place.site.entra.tenant_name,
        "key": str(account.user_certificate_key),
        "certificate": str(_certificate(folder, account.user_certificate_key, device.device_id)),
        "user": carol.user_principal_name,
        "password": carol.password_file.read_text("utf-8").rstrip("\n"),
    }


def _assertion(site: Site, metadata: str) -> bytes:
    """Get the computer's assertion from the identity provider: roadlib cannot, for it knows no Negotiate."""
    account = site.device(DEVICE)
    assert account is not None
    with open_hands(site, account, Habits()) as hands:
        document = mex.parse_mex(hands.send(HttpRequest(method="GET", url=metadata), as_computer=False).reply.body)
        endpoint = mex.choose(document, Credential.WINDOWS)
        assert endpoint is not None
        assert endpoint.trust is not None
        hands.ticket(TicketRequest(service="HTTP", host=host_of(endpoint.url)))
        body = rst.build_rst(
            trust=endpoint.trust, shape="windows", to=endpoint.url, applies_to=names.MICROSOFT_ONLINE,
            message_id=f"urn:uuid:{uuid.uuid4()}",
        )  # fmt: skip
        headers = (("Content-Type", rst.CONTENT_TYPE), ("SOAPAction", rst.soap_action(endpoint.trust)))
        request = HttpRequest(method="POST", url=endpoint.url, headers=headers, body=body)
        reply = hands.send(request, as_computer=True).reply
    answer = rstr.parse_reply(reply.body, http_status=reply.status, content_type=reply.header("content-type") or "")
    assert not isinstance(answer, SoapFault)
    return answer.assertion_xml


def _certificate(folder: Path, key_file: Path, device_id: uuid.UUID) -> Path:
    """Write the userCertificate as Windows makes it: roadlib takes the device's id out of its subject."""
    key, now = load_pem_private_key(key_file.read_bytes(), password=None), datetime.now(UTC)
    assert isinstance(key, RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(device_id))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    path = folder / "user-certificate.pem"
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


def _bundle(folder: Path, place: LivePlace) -> Path:
    """Write both authorities into one file: the one of the tenant's certificates, and the identity provider's."""
    path, theirs = folder / "bundle.pem", place.site.idp.ca_file
    assert theirs is not None
    path.write_bytes(place.ca_file.read_bytes() + theirs.read_bytes())
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
