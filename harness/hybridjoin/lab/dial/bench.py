"""What a scenario's bends work at, and how the lab makes the scenario's site of it."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import filelock

from hybridjoin.doubles.idp.addresses import addresses_of
from hybridjoin.errors import LabError, machine_named
from hybridjoin.lab.dial.admin import Admin
from hybridjoin.lab.dial.turn import WAIT_S
from hybridjoin.lab.domain import Domain, ServerCertificate
from hybridjoin.lab.standins.servers import Doubles, Ports
from hybridjoin.lab.start import DIAL_ZONE
from hybridjoin.lab.tls import Authority
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.site import DeviceAccount, PersonAccount, Site
from hybridjoin.model.vault import VAULT
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.scenario import Bend

_KDC = re.compile(r"^\s*kdc\s*=\s*(\S+):(\d+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a scenario wants bent: `name` is the scenario's own, `device` and `person` whom it sends."""

    name: str
    bends: tuple[Bend, ...]
    device: str
    person: str

    @property
    def tag(self) -> str:
        """Six digits that are the scenario's own, and the same in every run."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:6]


@dataclass(kw_only=True)
class Bench:
    """The lab as the scenario will meet it, while its bends are at work.

    `domain` says where directory and KDC are reached, `ports` where the doubles are. `idp` and `entra` are laid over
    the doubles' settings. `device` and `person` come in the place of the scenario's own. `certificate` is shown by the
    identity provider instead of the everyday one, by `show` from some moment on; `ca_file` is what the device trusts.
    `after_metadata` is done when the identity provider has been asked for its metadata, before the answer is out.
    `after_first_cycle` is done when Entra Connect has seen the directory once.
    `names` are those by which the KDC's log speaks of this scenario and of no other; `overheard` looks for them.
    """

    order: Order
    lab_file: LabFile
    domain: Domain
    ports: Ports
    everyday: Mapping[str, object]
    folder: Path
    stack: ExitStack
    ca_file: Path
    open_admin: Callable[[], Admin]
    show: Callable[[ServerCertificate], None]
    idp: dict[str, object] = field(default_factory=dict)
    entra: dict[str, object] = field(default_factory=dict)
    device: DeviceAccount | None = None
    person: PersonAccount | None = None
    certificate: ServerCertificate | None = None
    after_metadata: list[Callable[[], None]] = field(default_factory=list)
    after_first_cycle: list[Callable[[], None]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    overheard: Callable[[], tuple[HeardLine, ...]] = tuple

    @property
    def tag(self) -> str:
        """What the names of this scenario's things end with."""
        return self.order.tag

    @property
    def admin(self) -> Admin:
        """The directory, to be written to; bound to when it is first asked for."""
        return self.open_admin()

    @cached_property
    def authority(self) -> Authority:
        """An authority of the scenario's own; its certificate is in `authority.ca_file`."""
        return Authority(self.folder / "tls")

    @property
    def host(self) -> str:
        """A host of the identity provider that is the scenario's own; the everyday certificate is good for it."""
        return f"sts-{self.tag}.{DIAL_ZONE}.{self.lab_file.domain.name}"

    @property
    def service_host(self) -> str:
        """The host that the identity provider has in this scenario, bent or not."""
        return str(self.idp.get("service_host", self.everyday["service_host"]))

    @property
    def issuer(self) -> str:
        """The issuer that the identity provider writes."""
        return addresses_of({**self.everyday, **self.idp}).issuer

    @property
    def kdc(self) -> tuple[str, int]:
        """Where the KDC is reached."""
        found = _KDC.search(self.krb5_config)
        return (found[1], int(found[2])) if found else ("127.0.0.1", 88)

    @property
    def krb5_config(self) -> str:
        """The device's Kerberos configuration as it stands."""
        return self.domain.directory.krb5_config.read_text("utf-8")

    def configure_kerberos(self, config: str) -> None:
        """Give the device another Kerberos configuration."""
        path = self.folder / "krb5.conf"
        path.write_text(config, "utf-8")
        self.domain = replace(self.domain, directory=replace(self.domain.directory, krb5_config=path))

    def send_kerberos(self, *, to_port: int | None) -> None:
        """Lead the device's Kerberos to another port of the same host, or let nothing name a KDC at all."""
        host, _ = self.kdc
        line = f"        kdc = {host}:{to_port}" if to_port else ""
        self.configure_kerberos(_KDC.sub(line, self.krb5_config))

    def may_be_away(self) -> None:
        """Say that a directory or KDC that does not answer is what is tried here, and nobody's accident."""
        self.domain = replace(self.domain, directory=replace(self.domain.directory, may_be_away=True))

    @property
    def when_metadata(self) -> Callable[[], None] | None:
        """What is done when the metadata is asked for, where anything is."""
        return self._after_metadata if self.after_metadata else None

    def _after_metadata(self) -> None:
        for action in self.after_metadata:
            action()

    @property
    def sent(self) -> DeviceAccount:
        """The account of the device that the scenario sends, as far as it is bent already."""
        wanted = self.order.device.removesuffix("$").lower()
        found = next((item for item in self.domain.devices if item.name.lower() == wanted), self.domain.devices[0])
        return self.device or found

    def password(self) -> str:
        """Make a password that any rule for passwords takes."""
        made = f"Aa1.{secrets.token_urlsafe(24)}"
        VAULT.learn(made, "a password")
        return made

    def site_of(self, site: Site) -> Site:
        """Return the site as the bends have left it."""
        devices = (self.device, *site.devices) if self.device else site.devices
        people = (self.person, *site.people) if self.person else site.people
        idp = replace(site.idp, ca_file=self.ca_file)
        return replace(site, devices=devices, people=people, idp=idp, overheard=self.overheard)


@contextmanager
def bench_for(
    order: Order,
    *,
    lab_file: LabFile,
    domain: Domain,
    doubles: Doubles,
    everyday: Mapping[str, object],
    open_admin: Callable[[], Admin],
) -> Iterator[Bench]:
    """Clear a bench for a scenario; whatever its bends added is gone when the block ends.

    A scenario's names are its own, but two processes may run the same one in one lab: they take turns.

    Raises:
        LabError: the other one did not end within `WAIT_S`.
    """
    folder = domain.state_dir / f"dial-{order.tag}"
    with ExitStack() as stack:
        try:
            stack.enter_context(filelock.FileLock(f"{folder}.lock", mode=0o600, timeout=WAIT_S))
        except filelock.Timeout as error:
            raise LabError(
                f"another process runs the scenario {order.name} in this lab, and did not end within {WAIT_S:g} s",
                remedy="look for a run that hangs, and end it",
            ) from error
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        _make_anew(folder)
        yield Bench(
            order=order,
            lab_file=lab_file,
            domain=domain,
            ports=doubles.ports,
            everyday=everyday,
            folder=folder,
            stack=stack,
            ca_file=domain.ca_file,
            open_admin=open_admin,
            show=doubles.show,
        )


def _make_anew(folder: Path) -> None:
    """Make a folder of ours, in the place of one that a killed process left."""
    shutil.rmtree(folder, ignore_errors=True)
    with machine_named():
        folder.mkdir(mode=0o700)
