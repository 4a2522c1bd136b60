"""A site file read: what is known of a place, and what has to be made before it can be used."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.federation import FederationSettings, read_settings, settings_of
from hybridjoin.model.site import Connect, DeviceAccount, Directory, Entra, IdentityProvider, PersonAccount, Site
from hybridjoin.scenario.site.site_schema import ConnectAccount, DirectorySite, DoubleSite, SiteModel
from hybridjoin.scenario.yaml.source import DataPath, Positions, load_yaml
from hybridjoin.scenario.yaml.validate import validate

Settings = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """A site as its file describes it.

    `kdcs` are the addresses a krb5.conf has to be made from, `passwords` the devices whose keytab has to be
    made from a password file, `double` the Entra double's configuration; until all that is made, `site` holds
    paths that are not there. `allow_hostile` names the hosts that `certify --hostile` may be hostile to, and
    `mex_place` is where in the file the metadata's address stands. `federation` are the domain's settings in Entra
    where the file names them, `domains` the names that domain may have there.
    """

    path: Path
    site: Site
    kdcs: tuple[str, ...] = ()
    passwords: tuple[tuple[str, Path], ...] = ()
    double: tuple[tuple[str, object], ...] | None = None
    allow_hostile: frozenset[str] = frozenset()
    mex_place: str = ""
    federation: FederationSettings | None = None
    domains: tuple[str, ...] = ()


def load_site_file(path: Path, *, name: str | None = None) -> SiteFile:
    """Read a site file; paths in it are relative to it.

    Raises:
        UsageError: it has mistakes; every one is told with its place.
    """
    data, positions = load_yaml(path, name=name)
    model, files = validate(SiteModel, data, positions), _Files(path.parent, positions)
    signing = tuple(
        files.certificate(text, ("idp", "signing_certificate", index))
        for index, text in enumerate(model.idp.signing_certificate)
    )
    directory, entra = _directory(model.directory, files), model.entra
    site = Site(
        name=model.name,
        directory=directory,
        idp=_idp(model, files, signing),
        entra=_entra(model, files),
        devices=tuple(_devices(model, files)),
        connect=tuple(_connects(model)),
        accounts=tuple(_accounts(model, files)),
        people=tuple(_people(model, files)),
    )
    double = _double(entra.double, model, directory, signing, files) if entra.double else None
    passwords, domains, kdcs = tuple(_passwords(model, files)), _domains(model), tuple(model.directory.kdc or ())
    federation = files.federation(entra.federation, ("entra", "federation"), domains)
    mistakes = (*files.mistakes, *_twins(model, positions))
    if mistakes:
        raise UsageError(*mistakes)
    return SiteFile(
        path=path,
        site=site,
        kdcs=kdcs,
        passwords=passwords,
        double=tuple(double.items()) if double is not None else None,
        allow_hostile=frozenset(host.lower() for host in model.allow_hostile),
        mex_place=positions.value(("idp", "mex_url")),
        federation=federation,
        domains=domains,
    )


class _Files:
    """Finds the files that a site file names, beside it, and remembers those that are not there."""

    def __init__(self, folder: Path, positions: Positions) -> None:
        self._folder = folder
        self._positions = positions
        self.mistakes: list[Mistake] = []

    def wanted(self, text: str, path: DataPath) -> Path:
        """Return a file that has to be there."""
        found = (self._folder / text).absolute()
        if not found.is_file():
            self.refuse(path, f"expected the path of a file, found none at '{text}'")
        return found

    def optional(self, text: str | None, path: DataPath) -> Path | None:
        """Return a file that has to be there where it is named at all."""
        return self.wanted(text, path) if text is not None else None

    def certificate(self, text: str, path: DataPath) -> bytes:
        """Return the DER of a certificate in PEM, DER, or the base64 that Microsoft Graph shows."""
        found = self.wanted(text, path)
        if not found.is_file():
            return b""
        raw = found.read_bytes()
        for read in (_pem, _der, _base64):
            try:
                return read(raw)
            except ValueError:
                continue
        self.refuse(path, f"expected an X.509 certificate in PEM or DER, found something else in '{text}'")
        return b""

    def federation(self, text: str | None, path: DataPath, domains: tuple[str, ...]) -> FederationSettings | None:
        """Return the domain's federation settings where a file of them is named."""
        found = self.optional(text, path)
        if text is None or found is None or not found.is_file():
            return None
        place = str(self._folder / text)
        try:
            return settings_of(read_settings(found.read_bytes(), place=place), domains, place=place)
        except UsageError as error:
            self.mistakes.extend(error.mistakes)
            return None

    def refuse(self, path: DataPath, problem: str) -> None:
        """Remember a mistake at a place of the file."""
        self.mistakes.append(Mistake(place=self._positions.value(path), problem=problem))


def _pem(raw: bytes) -> bytes:
    return x509.load_pem_x509_certificate(raw).public_bytes(Encoding.DER)


def _der(raw: bytes) -> bytes:
    return x509.load_der_x509_certificate(raw).public_bytes(Encoding.DER)


def _base64(raw: bytes) -> bytes:
    return _der(base64.b64decode(b"".join(raw.split()), validate=True))


def _directory(model: DirectorySite, files: _Files) -> Directory:
    domain = model.domain.lower()
    host = model.domain_controller or (_host(model.kdc[0]) if model.kdc else domain)
    config = files.optional(model.krb5_config, ("directory", "krb5_config"))
    return Directory(
        realm=model.realm or domain.upper(),
        domain=domain,
        netbios=model.netbios or domain.split(".")[0].upper()[:15],
        forest=model.forest or domain,
        domain_controller=host,
        krb5_config=config or Path("krb5.conf"),
        ldap_url=model.ldap_url or f"ldap://{host}",
        base_dn=model.base_dn or ",".join(f"DC={label}" for label in domain.split(".")),
        ca_file=files.optional(model.ca_file, ("directory", "ca_file")),
    )


def _host(address: str) -> str:
    return address.rsplit(":", 1)[0] if address.count(":") == 1 else address


def _idp(model: SiteModel, files: _Files, signing: tuple[bytes, ...]) -> IdentityProvider:
    return IdentityProvider(
        issuer=model.idp.issuer,
        signing_certificates=signing,
        mex_url=model.idp.mex_url,
        ca_file=files.optional(model.idp.ca_file, ("idp", "ca_file")),
    )


def _devices(model: SiteModel, files: _Files) -> Iterator[DeviceAccount]:
    for index, device in enumerate(model.devices):
        keytab = files.optional(device.keytab, ("devices", index, "keytab"))
        key = files.optional(device.user_certificate_key, ("devices", index, "user_certificate_key"))
        name = device.name.removesuffix("$")
        yield DeviceAccount(
            name=name,
            keytab=keytab or Path(f"{name}.keytab"),
            user_certificate_key=key,
            user_agent=device.user_agent,
        )


def _accounts(model: SiteModel, files: _Files) -> Iterator[DeviceAccount]:
    for index, account in enumerate(model.accounts):
        keytab = files.wanted(account.keytab, ("accounts", index, "keytab"))
        yield DeviceAccount(name=account.name.removesuffix("$"), keytab=keytab, role=account.role)


def _people(model: SiteModel, files: _Files) -> Iterator[PersonAccount]:
    for index, person in enumerate(model.people):
        path = files.wanted(person.password_file, ("people", index, "password_file"))
        yield PersonAccount(name=person.name.partition("@")[0], user_principal_name=person.name, password_file=path)


def _passwords(model: SiteModel, files: _Files) -> Iterator[tuple[str, Path]]:
    for index, device in enumerate(model.devices):
        if device.password_file is not None:
            path = files.wanted(device.password_file, ("devices", index, "password_file"))
            yield device.name.removesuffix("$"), path


def _entra(model: SiteModel, files: _Files) -> Entra:
    entra = Entra(tenant_id=model.entra.tenant_id.lower(), tenant_name=model.entra.tenant_name)
    return Entra(
        tenant_id=entra.tenant_id,
        tenant_name=entra.tenant_name,
        login_url=(model.entra.login_url or entra.login_url).rstrip("/"),
        registration_url=(model.entra.registration_url or entra.registration_url).rstrip("/"),
        ca_file=files.optional(model.entra.ca_file, ("entra", "ca_file")),
        source_anchor=model.entra.double.source_anchor if model.entra.double else entra.source_anchor,
    )


def _domains(model: SiteModel) -> tuple[str, ...]:
    """Return the names that the federated domain may have in Entra."""
    told = model.entra.double.domain if model.entra.double else None
    return tuple(name for name in (told, model.directory.domain, model.entra.tenant_name) if name is not None)


def _double(
    model: DoubleSite, site: SiteModel, directory: Directory, signing: tuple[bytes, ...], files: _Files
) -> Settings:
    """Return the Entra double's configuration; `site` must name a MEX, here or at the IdP."""
    metadata = model.metadata_exchange_uri or site.idp.mex_url
    if metadata is None:
        files.refuse(
            ("entra", "double"), "expected 'metadata_exchange_uri' here or 'mex_url' at the idp, found neither"
        )
    following = (
        [files.certificate(model.next_signing_certificate, ("entra", "double", "next_signing_certificate"))]
        if model.next_signing_certificate
        else list(signing[1:2])
    )
    domain: Settings = {
        "name": (model.domain or directory.domain).lower(),
        "authentication": "Federated",
        "issuer_uri": site.idp.issuer,
        "metadata_exchange_uri": metadata or "",
        "active_sign_in_uri": model.active_sign_in_uri or "",
        "passive_sign_in_uri": model.passive_sign_in_uri or "",
        "signing_certificate": base64.b64encode(signing[0]).decode("ascii"),
    }
    if following:
        domain["next_signing_certificate"] = base64.b64encode(following[0]).decode("ascii")
    settings: Settings = {
        "tenant_id": site.entra.tenant_id.lower(),
        "tenant_name": site.entra.tenant_name,
        "display_name": site.name,
        "domains": [domain],
        "source_anchor": model.source_anchor,
    }
    if model.connect:
        settings["connect"] = _connect_settings(model.connect, directory, files)
    return settings


def _connect_settings(model: ConnectAccount, directory: Directory, files: _Files) -> Settings:
    path: DataPath = ("entra", "double", "connect")
    ca_file = files.optional(model.ca_file, (*path, "ca_file")) or directory.ca_file
    if ca_file is None:
        files.refuse(path, "expected 'ca_file' here or at the directory, for a password crosses this connection")
    return {
        "url": model.url,
        "ca_file": str(ca_file),
        "bind_dn": model.bind_dn,
        "password_file": str(files.wanted(model.password_file, (*path, "password_file"))),
        "base_dn": directory.base_dn,
        "exclude": list(model.exclude),
    }


def _connects(model: SiteModel) -> Iterator[Connect]:
    for item in model.connect:
        (host, port), (address, to_port) = item.host.rsplit(":", 1), item.to.rsplit(":", 1)
        yield Connect(host=host.lower(), port=int(port), address=address, to_port=int(to_port))


def _twins(model: SiteModel, positions: Positions) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, device in enumerate(model.devices):
        name = device.name.removesuffix("$").lower()
        if name in seen:
            place = positions.value(("devices", index, "name"))
            yield Mistake(place=place, problem=f"the device '{device.name}' is named twice")
        seen.add(name)
    roles: set[str] = set()
    for index, account in enumerate(model.accounts):
        if account.role in roles:
            place = positions.value(("accounts", index, "role"))
            yield Mistake(place=place, problem=f"two accounts have the role '{account.role}'; probes need one of each")
        roles.add(account.role)
