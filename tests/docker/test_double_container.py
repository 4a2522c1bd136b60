"""The doubles in containers of their own: what is in there, that they answer over TLS, and a join through all three."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import docker
import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.join.run import JoinRun, join_site
from hybridjoin.doubles.idp.addresses import Addresses, addresses_of
from hybridjoin.errors import LabError
from hybridjoin.lab.docker.double_container import DoubleContainer
from hybridjoin.lab.docker.images import doubles_recipe, ensure_image
from hybridjoin.lab.docker.samba_container import SambaDomainController
from hybridjoin.lab.standins.config import entra_settings, idp_settings, ldap_settings
from hybridjoin.lab.standins.signing import SigningKey, make_signing_key
from hybridjoin.lab.start import ENTRA_CERTIFICATE, ENTRA_HOSTS, IDP_CERTIFICATE
from hybridjoin.model.site import Connect, Entra, IdentityProvider, Site
from hybridjoin.model.verdict import Outcome
from hybridjoin.scenario.lab.lab_file import LabFile

pytestmark = pytest.mark.docker

STS = "sts.hybridjoin.test"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Three containers that know of each other."""

    controller: SambaDomainController
    idp: DoubleContainer
    entra: DoubleContainer
    signing: SigningKey
    addresses: Addresses
    idp_settings: Mapping[str, object]
    hosts: Mapping[str, str]

    def fetch(self, url: str, port: int) -> str:
        """Fetch a URL from where its host is really served, verified against the lab's authority."""
        route = f"{url.split('/')[2]}:443:{LOOPBACK}:{port}"
        ca_file = str(self.controller.ca_file)
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--fail", "--cacert", ca_file, "--connect-to", route, url],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def stack(
    controller: SambaDomainController, lab_file: LabFile, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    domain = controller.domain
    signing = make_signing_key(tmp_path_factory.mktemp("signing"), STS)
    # Between containers the directory goes by its own name and its usual port.
    name = domain.directory.domain_controller
    wrapped = controller.get_wrapped_container()
    wrapped.reload()
    hosts = {name: wrapped.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]}
    ldap = {**ldap_settings(domain), "url": f"ldaps://{name}:636"}
    idp = {**idp_settings(lab_file, domain, signing, {}), "ldap": ldap}
    addresses = addresses_of(idp)
    entra = {**entra_settings(lab_file, domain, signing, addresses, {}), "connect": ldap}
    with (
        DoubleContainer("idp", idp, certificate=domain.certificates[IDP_CERTIFICATE], hosts=hosts) as first,
        DoubleContainer("entra", entra, certificate=domain.certificates[ENTRA_CERTIFICATE], hosts=hosts) as second,
    ):
        yield Stack(
            controller=controller,
            idp=first,
            entra=second,
            signing=signing,
            addresses=addresses,
            idp_settings=idp,
            hosts=hosts,
        )


def test_the_image_holds_the_doubles_and_the_mutations_and_nothing_else_of_ours(client: docker.DockerClient) -> None:
    image = ensure_image(client, doubles_recipe())
    listed = client.containers.run(
        image, entrypoint=["find", "/opt/hybridjoin", "-type", "f", "-name", "*.py"], remove=True
    )
    inside = {line.removeprefix("/opt/hybridjoin/") for line in listed.decode().splitlines()}

    assert {"hybridjoin/doubles/__main__.py", "hybridjoin/mutations/entry.py"} < inside
    rooms = ("hybridjoin/doubles/", "hybridjoin/mutations/")
    assert {name for name in inside if not name.startswith(rooms)} == {"hybridjoin/__init__.py"}


def test_the_identity_provider_serves_its_metadata_over_tls(stack: Stack) -> None:
    document = stack.fetch(stack.addresses.mex, stack.idp.port)

    assert "http://schemas.xmlsoap.org/ws/2004/09/policy" in document
    assert f"https://{STS}" in document


def test_entra_answers_discovery_over_tls(stack: Stack) -> None:
    login, registration, *_ = ENTRA_HOSTS
    realm = json.loads(
        stack.fetch(f"https://{login}/common/UserRealm/?user=x@hybridjoin.test&api-version=1.0", stack.entra.port)
    )
    found = json.loads(
        stack.fetch(f"https://{registration}/hybridjoin.test/Discover?api-version=1.9&managed=true", stack.entra.port)
    )

    assert realm["account_type"] == "Federated"
    assert found["DeviceJoinService"]["JoinEndpoint"].startswith(f"https://{registration}/")


def joined(stack: Stack, lab_file: LabFile, idp: DoubleContainer) -> JoinRun:
    domain = stack.controller.domain
    served = {STS: idp.port, **dict.fromkeys(ENTRA_HOSTS, stack.entra.port)}
    site = Site(
        name="three containers",
        directory=domain.directory,
        idp=IdentityProvider(
            issuer=stack.addresses.issuer,
            signing_certificates=(stack.signing.certificate_der,),
            ca_file=domain.ca_file,
        ),
        entra=Entra(tenant_id=lab_file.tenant.id, tenant_name=lab_file.tenant.name, ca_file=domain.ca_file),
        devices=domain.devices,
        connect=tuple(Connect(host=host, port=443, address=LOOPBACK, to_port=port) for host, port in served.items()),
    )
    return join_site(site, "WS01")


def test_a_device_joins_through_three_containers(stack: Stack, lab_file: LabFile) -> None:
    run = joined(stack, lab_file, stack.idp)

    assert any(line.split() == ["AzureAdJoined", ":", "YES"] for line in run.status_screen), "\n".join(run.debug_screen)


def test_a_container_issues_a_mutation_by_its_name(stack: Stack, lab_file: LabFile) -> None:
    domain = stack.controller.domain
    settings = {**stack.idp_settings, "faults": [{"name": "xsw-3"}, {"name": "wrong-relates-to"}]}
    certificate = domain.certificates[IDP_CERTIFICATE]

    with DoubleContainer("idp", settings, certificate=certificate, hosts=stack.hosts) as bent:
        run = joined(stack, lab_file, bent)

    assert run.evidence is not None
    broken = {item.requirement for item in judge(run.evidence.parts, BOOK) if item.outcome is Outcome.FAILED}
    assert {"RSTR-07", "RSTR-09", "SIG-01"} <= broken


@pytest.mark.parametrize(("settings", "complaint"), [({}, "service_host"), ({"colour": 1}, "colour")])
def test_a_double_that_refuses_its_settings_is_told_with_its_log(
    settings: Mapping[str, object], complaint: str, controller: SambaDomainController
) -> None:
    double = "entra" if settings else "idp"
    certificate = controller.domain.certificates[IDP_CERTIFICATE]

    with pytest.raises(LabError, match="did not start") as raised:
        DoubleContainer(double, settings, certificate=certificate).__enter__()

    assert complaint in raised.value.log_tail
