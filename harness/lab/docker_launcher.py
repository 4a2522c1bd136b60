"""How a domain controller runs in a container: provisioned in one, started from an image of the outcome."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

import docker
from docker.errors import NotFound
from docker.types import LogConfig
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from harness.errors import LabError
from harness.lab.backend import Address, Addresses, LaunchPlan
from harness.lab.clock import clock_environment
from harness.lab.docker_engine import asking_engine, fetch_folder, put_file
from harness.lab.docker_images import GOLDEN_ROOT, controller_recipe, ensure_golden_image, ensure_image
from harness.lab.docker_owner import LAB_LABEL, owner_labels
from harness.lab.docker_tether import Tether
from harness.lab.domain import tail
from harness.lab.smb_conf import ControllerPaths, render_smb_conf

LOCAL_HOSTS = ("127.0.0.1", "localhost")
KDC_PORT, LDAP_PORT, KPASSWD_PORT, LDAPS_PORT = 88, 389, 464, 636
PORTS = (KDC_PORT, LDAP_PORT, KPASSWD_PORT, LDAPS_PORT)
FAKETIME = Path("/usr/local/lib/libfaketime.so")
PROVISION_SCRIPT = PurePosixPath("/opt/hybridjoin/provision.py")
PROVISION_WITHIN_S = 180
LOG_LINES = 20


class DockerLauncher:
    """Provisions in a container and starts a given Testcontainers container as a domain controller.

    Nothing that it asks of the engine is more than any container has: no privilege, no added capability,
    no host network, ports where the engine finds them free.
    """

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
        """Run provision.py in a container of its own and leave its output in `target`."""
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
            self._remove(name)

    @contextmanager
    def launch(self, plan: LaunchPlan) -> Iterator[DockerController]:
        """Run samba on a copy of the golden state for as long as the context lasts."""
        name = f"hybridjoin-{plan.state_dir.name}"
        log_file = plan.state_dir / "samba.log"
        self._describe(plan, name)
        with ExitStack() as stack:
            stack.callback(self._remove, name)
            self._start()
            with asking_engine("attach to the domain controller"):
                stack.enter_context(closing(Tether(self._container.get_wrapped_container(), log_file)))
            # Once more, before the line is let go: the container's end is the log's end.
            stack.callback(self._remove, name)
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
        files: list[tuple[PurePosixPath, Path | bytes]] = [
            (config, render_smb_conf(plan.lab_file.domain, paths).encode()),
            (paths.certificate, issued.certificate),
            (paths.private_key, issued.private_key),
            (paths.ca_file, plan.authority.ca_file),
        ]
        for place, content in files:
            # Samba refuses a private key that others may read.
            self._container.with_copy_into_container(content, str(place), mode=0o600)
        container = self._container
        container.image = ensure_golden_image(self._client, plan.golden, ensure_image(self._client, self._recipe))
        container.env = clock_environment(plan.clock_offset_s, FAKETIME)
        # With testcontainers' own methods a port is open to the network; these are open to this machine only.
        container.ports = cast("dict[str, int | None]", {f"{port}/tcp": (LOCAL_HOSTS[0], None) for port in PORTS})
        container.with_name(name)
        container.with_command(
            ["samba", "-i", "--debug-stdout", "--no-process-group", "-M", "single", "-s", str(config)]
        )
        container.with_kwargs(
            labels={**owner_labels(), LAB_LABEL: plan.golden.name},
            log_config=LogConfig(type=LogConfig.types.JSON),
            security_opt=["no-new-privileges:true"],
            stdin_open=True,
        )

    def _start(self) -> None:
        try:
            with asking_engine("start the domain controller"), _without_ryuk():
                # The base class's own: a subclass's start() is what has led here.
                DockerContainer.start(self._container)
        except (TimeoutError, RuntimeError) as error:
            raise LabError(f"the domain controller did not start: {error}", log_tail=self._log_tail()) from error

    def _addresses(self) -> Addresses:
        """Read the published ports, at once; Testcontainers' own method asks the engine twice for each."""
        with asking_engine("name the published ports"):
            self._container.reload()
        if self._container.status != "running":
            raise LabError("the domain controller ended as soon as it was started", log_tail=self._log_tail())
        published = self._container.get_wrapped_container().ports
        found = {
            port: Address(host=LOCAL_HOSTS[0], port=int(place["HostPort"]))
            for port in PORTS
            for place in published.get(f"{port}/tcp") or ()
        }
        if missing := set(PORTS) - set(found):
            raise LabError(f"the engine published no port for {', '.join(map(str, sorted(missing)))}")
        return Addresses(
            kdc=found[KDC_PORT], kpasswd=found[KPASSWD_PORT], ldap=found[LDAP_PORT], ldaps=found[LDAPS_PORT]
        )

    def _log_tail(self) -> str:
        with asking_engine("show the container's log"):
            log = self._container.get_wrapped_container().logs(tail=LOG_LINES)
        return log.decode("utf-8", "replace")

    def _remove(self, name: str) -> None:
        """Remove a container by its name, which is known even where creating it was interrupted."""
        with asking_engine("remove a container"), suppress(NotFound):
            self._client.api.remove_container(name, force=True, v=True)


@contextmanager
def _without_ryuk() -> Iterator[None]:
    """Start without Testcontainers' reaper, here only: other containers of this process may want it."""
    before = testcontainers_config.ryuk_disabled
    testcontainers_config.ryuk_disabled = True
    try:
        yield
    finally:
        testcontainers_config.ryuk_disabled = before


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
