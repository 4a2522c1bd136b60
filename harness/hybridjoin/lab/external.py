"""The user's own place, made ready: krb5.conf and keytabs where the file has only their makings, an Entra double."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from hybridjoin.device.password_file import read_password
from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import ConfigError, EntraConfig
from hybridjoin.doubles.serve import Server
from hybridjoin.errors import LabError, Mistake, UsageError, machine_named
from hybridjoin.in_memory import file_in_memory, has_memory_files
from hybridjoin.lab.keytab import computer_salt, make_keytab, write_keytab
from hybridjoin.lab.krb5_conf import render_external_krb5_conf
from hybridjoin.lab.standins.bridge import registration
from hybridjoin.lab.start import ENTRA_CERTIFICATE, ENTRA_HOSTS
from hybridjoin.lab.state import SITES, new_state, sweep_orphans
from hybridjoin.lab.tls import Authority
from hybridjoin.model.site import Connect, DeviceAccount, Site
from hybridjoin.model.vault import VAULT
from hybridjoin.scenario.site.site_file import SiteFile
from hybridjoin.signals import orderly_exit

LOOPBACK = "127.0.0.1"


class External:
    """An external site for as long as the context lasts; what was made for it is gone afterwards.

    Keys that are made of passwords stay in memory where the system has files there; what lies on disk is owned as a
    lab's state is, so that the next start sweeps what a killed one left.

    >>> with External(load_site_file(Path("contoso.site.yaml"))) as site:  # doctest: +SKIP
    ...     join_site(site, "WS01")
    """

    def __init__(self, site_file: SiteFile) -> None:
        self._file = site_file
        self._stack = ExitStack()

    def __enter__(self) -> Site:
        try:
            with machine_named():
                return self._open()
        except BaseException:
            self._stack.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, value, traceback)

    def _open(self) -> Site:
        sweep_orphans()
        self._stack.enter_context(orderly_exit())
        folder = self._stack.enter_context(new_state("site", SITES))
        site = self._with_kerberos(self._file.site, folder)
        return self._with_double(site, folder) if self._file.double is not None else site

    def _with_kerberos(self, site: Site, folder: Path) -> Site:
        """Make what the site file gave the makings of: a krb5.conf of its KDCs, keytabs of password files."""
        directory, passwords = site.directory, dict(self._file.passwords)
        if self._file.kdcs:
            config = folder / "krb5.conf"
            config.write_text(render_external_krb5_conf(directory.realm, directory.domain, self._file.kdcs), "utf-8")
            directory = replace(directory, krb5_config=config)
        devices = tuple(
            self._with_keytab(device, passwords[device.name], directory.realm, folder)
            if device.name in passwords
            else device
            for device in site.devices
        )
        return replace(site, directory=directory, devices=devices)

    def _with_keytab(self, device: DeviceAccount, password_file: Path, realm: str, folder: Path) -> DeviceAccount:
        try:
            password = password_file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            problem = "expected a password in UTF-8, which cannot be read"
            raise UsageError(Mistake(place=str(password_file), problem=problem)) from error
        VAULT.learn(password, "a password", lasting=True)
        salt = computer_salt(device.name, realm)
        keytab = make_keytab(principals=(device.sam_account_name,), realm=realm, password=password, salt=salt)
        path = folder / f"{device.name}.keytab"
        if has_memory_files():
            path = self._stack.enter_context(file_in_memory(path.name, keytab))
        else:
            write_keytab(path, keytab)
        return replace(device, keytab=path)

    def _with_double(self, site: Site, folder: Path) -> Site:
        """Serve an Entra double for this site on a free port, under a CA that only this site trusts."""
        try:
            config = EntraConfig.from_mapping({**dict(self._file.double or ()), **_application(site)})
        except ConfigError as refusal:
            mistakes = (Mistake(place=str(self._file.path), problem=problem) for problem in refusal.mistakes)
            raise UsageError(*mistakes) from refusal
        authority = Authority(folder / "tls")
        certificate = authority.issue(ENTRA_CERTIFICATE, ENTRA_HOSTS)
        server = Server()
        try:
            server.start(LOOPBACK, 0, certfile=certificate.certificate, keyfile=certificate.private_key)
        except (OSError, RuntimeError) as error:
            raise LabError(
                f"the Entra double could not be served on {LOOPBACK}: {error}", remedy="try again"
            ) from error
        self._stack.callback(server.stop)
        double = build_entra(config)
        server.ask_clients(double.state.client_authority)
        server.install(double)
        dials = tuple(Connect(host=host, port=443, address=LOOPBACK, to_port=server.port) for host in ENTRA_HOSTS)
        entra = replace(site.entra, ca_file=authority.ca_file)
        return replace(site, entra=entra, connect=(*site.connect, *dials))


def _application(site: Site) -> dict[str, object]:
    """Return the registration of the site's bridge for the double that answers in the tenant's stead, if it has one."""
    if site.bridge is None:
        return {}
    return {"application": registration(site.bridge, read_password(site.bridge.secret_file))}
