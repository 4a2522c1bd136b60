"""How a domain controller runs in a container: provisioned in one, started from an image of the outcome."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import docker
from testcontainers.core.container import DockerContainer

from hybridjoin.errors import LabError
from hybridjoin.lab.backend import Address, Addresses, LaunchPlan
from hybridjoin.lab.clock import clock_environment
from hybridjoin.lab.docker.client import asking_engine, fetch_folder, put_file
from hybridjoin.lab.docker.images import GOLDEN_ROOT, controller_recipe, ensure_golden_image, ensure_image
from hybridjoin.lab.docker.lifeline import Lifeline
from hybridjoin.lab.docker.owner import LAB_LABEL, owner_labels
from hybridjoin.lab.docker.plain import (
    LOCAL_HOSTS,
    LOG_LINES,
    describe_plain,
    published_ports,
    remove,
    start_plain,
    with_files,
)
from hybridjoin.lab.domain import tail
from hybridjoin.lab.smb_conf import ControllerPaths, render_smb_conf

KDC_PORT, LDAP_PORT, KPASSWD_PORT, LDAPS_PORT = 88, 389, 464, 636
PORTS = (KDC_PORT, LDAP_PORT, KPASSWD_PORT, LDAPS_PORT)
FAKETIME = Path("/usr/local/lib/libfaketime.so")
PROVISION_SCRIPT = PurePosixPath("/opt/hybridjoin/provision.py")
PROVISION_WITHIN_S = 180
WHAT = "the domain controller"


class DockerLauncher:
    """Provisions in a container and starts a given Testcontainers container as a domain controller."""

    name = "docker"
    dialled_hosts = LOCAL_HOSTS

    def __init__(self, container: DockerContainer) -> None:
        self._container = container
        self._recipe = controller_recipe()

    @property
    def fingerprint(self) -> str:
        """The image that samba comes from."""
        return self._recipe.tag

    @property
    def _client(self) -> docker.DockerClient:
        return self._container.get_docker_client().client

    def provision(self, spec_file: Path, target: Path) -> None:
        """Run provision.py in a container of its own and leave its output in `target`.

        Raises:
            LabError: provisioning failed; the end of its log is told.
        """
        image = ensure_image(self._client, self._recipe)
        name = f"hybridjoin-provision-{secrets.token_hex(4)}"
        inside = PurePosixPath("/opt/hybridjoin") / spec_file.name
        try:
            with asking_engine("provision the domain"):
                container = self._client.containers.create(
                    image,
                    name=name,
                    command=["python3", "-I", str(PROVISION_SCRIPT), str(inside), str(GOLDEN_ROOT)],
                    labels=owner_labels(),
                    network_mode="none",
                )
                put_file(container, inside, spec_file)
                container.start()
                code = container.wait(timeout=PROVISION_WITHIN_S)["StatusCode"]
                if code:
                    raise LabError(
                        f"provisioning the domain failed with exit code {code}",
                        remedy="look for a mistake in the lab file's ldif",
                        log_tail=container.logs(tail=LOG_LINES).decode("utf-8", "replace"),
                    )
                fetch_folder(container, GOLDEN_ROOT, target)
        finally:
            remove(self._container, name)

    @contextmanager
    def launch(self, plan: LaunchPlan) -> Iterator[DockerController]:
        """Run samba on a copy of the golden state for as long as the context lasts."""
        name = f"hybridjoin-{plan.state_dir.name}"
        log_file = plan.state_dir / "samba.log"
        self._describe(plan, name)
        with ExitStack() as stack:
            stack.callback(remove, self._container, name)
            start_plain(self._container, WHAT)
            with asking_engine("attach to the domain controller"):
                stack.enter_context(closing(Lifeline(self._container.get_wrapped_container(), log_file)))
            # Once more, before the line is let go: the container's end is the log's end.
            stack.callback(remove, self._container, name)
            yield DockerController(container=self._container, addresses=self._addresses(), log_file=log_file)

    def _describe(self, plan: LaunchPlan, name: str) -> None:
        """Tell the container what it is to be."""
        config = GOLDEN_ROOT / "smb.conf"
        paths = ControllerPaths(
            root=GOLDEN_ROOT,
            certificate=GOLDEN_ROOT / "dc.pem",
            private_key=GOLDEN_ROOT / "dc.key.pem",
            ca_file=GOLDEN_ROOT / "ca.pem",
            log_file=PurePosixPath("/dev/stdout"),
        )
        issued = plan.authority.issue("dc", [plan.lab_file.domain.domain_controller_host, *LOCAL_HOSTS])
        files = {
            config: render_smb_conf(plan.lab_file.domain, paths).encode(),
            paths.certificate: issued.certificate.read_bytes(),
            paths.private_key: issued.private_key.read_bytes(),
            paths.ca_file: plan.authority.ca_file.read_bytes(),
        }
        container = self._container
        container.image = ensure_golden_image(self._client, plan.golden, ensure_image(self._client, self._recipe))
        container.env = clock_environment(plan.clock_offset_s, FAKETIME)
        # Samba refuses a private key that others may read.
        first = with_files(container, files, mode=0o600)
        samba = ["samba", "-i", "--debug-stdout", "--no-process-group", "-M", "single", "-s", str(config)]
        container.with_command([*first, *samba])
        describe_plain(container, name=name, ports=PORTS, labels={LAB_LABEL: plan.golden.name}, stdin_open=True)

    def _addresses(self) -> Addresses:
        places = published_ports(self._container, WHAT)
        found = {inside: Address(host=LOCAL_HOSTS[0], port=outside) for inside, outside in places.items()}
        return Addresses(
            kdc=found[KDC_PORT], kpasswd=found[KPASSWD_PORT], ldap=found[LDAP_PORT], ldaps=found[LDAPS_PORT]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerController:
    """A domain controller whose container was started."""

    container: DockerContainer
    addresses: Addresses
    log_file: Path

    def is_alive(self) -> bool:
        """Say whether its container still runs."""
        with asking_engine("say whether the domain controller runs"):
            self.container.reload()
        return self.container.status == "running"

    def log_tail(self) -> str:
        """Return the last lines of samba's log."""
        return tail(self.log_file)
