"""A site file read: what is known of a place, and what has to be made before it can be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.site import (
    PLAIN_PAGE,
    BridgeClient,
    DeviceAccount,
    IdentityProvider,
    PersonAccount,
    SignInPage,
    Site,
    UserPractice,
)
from hybridjoin.scenario.site.adapter import Adapter, adapter_of, find_adapter, load_adapters
from hybridjoin.scenario.site.site_directory import read_connects, read_directory, read_kdcs
from hybridjoin.scenario.site.site_entra import domain_names, double_settings, read_entra, strangers
from hybridjoin.scenario.site.site_files import SiteFiles
from hybridjoin.scenario.site.site_schema import WRONG_PASSWORDS, BridgeSite, SiteModel
from hybridjoin.scenario.yaml.refusal import in_order
from hybridjoin.scenario.yaml.source import Positions, load_yaml
from hybridjoin.scenario.yaml.validate import nearest, salvage

_PARTS: Final = (("idp",), ("idp", "mex_url"), ("directory",), ("entra",), ("entra", "federation"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """A site as its file describes it.

    `kdcs` are the addresses a krb5.conf has to be made from, `passwords` the devices whose keytab has to be
    made from a password file, `double` the Entra double's configuration; until all that is made, `site` holds
    paths that are not there. `allow_hostile` names the hosts that `certify --hostile` may be hostile to, and
    `mex_place` is where in the file the metadata's address stands; `wrong_passwords` is how many of them a
    certification may send. `federation` are the domain's settings in Entra where the file names them, `domains` the
    names that domain may have there. `lines` are where the parts begin that an answer may lead to.
    """

    path: Path
    site: Site
    kdcs: tuple[str, ...] = ()
    passwords: tuple[tuple[str, Path], ...] = ()
    double: tuple[tuple[str, object], ...] | None = None
    allow_hostile: frozenset[str] = frozenset()
    mex_place: str = ""
    wrong_passwords: int = WRONG_PASSWORDS
    federation: FederationSettings | None = None
    domains: tuple[str, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def live_hosts(self) -> tuple[str, ...]:
        """Microsoft's own hosts that a device would ask at this site; none where a double answers in their stead."""
        return () if self.double is not None else self.site.live_hosts

    @property
    def adapter(self) -> Adapter | None:
        """What is known of the IdP's vendor, named in the file or told by its addresses."""
        return adapter_of(self.site.idp.product, (self.site.idp.mex_url, self.site.idp.issuer))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRead:
    """A site file as far as it could be read.

    `mistakes` are those of the file, `absent` the files with secrets that it names and that are not here: a run needs
    them, and whoever only checks a file need not have them. `found` is the site where the file itself is sound, `left`
    what is left of it where its own keys are, and only files that it names are not: good for the names in it.
    """

    found: SiteFile | None = None
    left: SiteFile | None = None
    mistakes: tuple[Mistake, ...] = ()
    absent: tuple[Mistake, ...] = ()


def load_site_file(path: Path, *, name: str | None = None) -> SiteFile:
    """Read a site file; paths in it are relative to it.

    Raises:
        UsageError: it has mistakes; every one is told with its place.
    """
    read = read_site_file(path, name=name)
    if read.found is None or read.absent:
        raise UsageError(*in_order((*read.mistakes, *read.absent)))
    return read.found


def read_site_file(path: Path, *, name: str | None = None) -> SiteRead:
    """Read a site file, and say what is wrong with it and what is not here."""
    try:
        data, positions = load_yaml(path, name=name)
    except UsageError as refusal:
        return SiteRead(mistakes=refusal.mistakes)
    files = SiteFiles(path.parent, positions)
    missing, absent = files.not_there(data)
    model, mistakes = salvage(SiteModel, data, positions)
    if mistakes or model is None:
        further = (*_twins(model, positions), *_unknown(model, positions)) if model else ()
        return SiteRead(mistakes=in_order((*mistakes, *missing, *further)), absent=absent)
    found = _site_file(path, model, files, positions)
    told = (*files.mistakes, *_twins(model, positions), *_unknown(model, positions))
    mistakes = tuple(mistake for mistake in in_order(told) if mistake not in absent)
    return SiteRead(found=None if mistakes else found, left=found, mistakes=mistakes, absent=absent)


def _site_file(path: Path, model: SiteModel, files: SiteFiles, positions: Positions) -> SiteFile:
    directory, entra, signing = read_directory(model.directory, files), model.entra, tuple(_signing(model, files))
    site = Site(
        name=model.name,
        directory=directory,
        idp=_idp(model, files, signing),
        entra=read_entra(model, files, positions),
        devices=tuple(_devices(model, files)),
        connect=read_connects(model, directory, files),
        accounts=tuple(_accounts(model, files)),
        people=tuple(_people(model, files)),
        bridge=_bridge(model.bridge, files) if model.bridge else None,
    )
    double = double_settings(entra.double, model, directory, signing, files) if entra.double else None
    passwords, domains, kdcs = tuple(_passwords(model, files)), domain_names(model), read_kdcs(model)
    federation = files.federation(entra.federation, ("entra", "federation"), domains)
    return SiteFile(
        path=path,
        site=site,
        kdcs=kdcs,
        passwords=passwords,
        double=tuple(double.items()) if double is not None else None,
        wrong_passwords=model.wrong_passwords,
        allow_hostile=frozenset(host.lower() for host in model.allow_hostile),
        mex_place=positions.value(("idp", "mex_url")),
        federation=federation,
        domains=domains,
        lines=tuple((".".join(part), positions.keys[part].line) for part in _PARTS if part in positions.keys),
    )


def _signing(model: SiteModel, files: SiteFiles) -> Iterator[bytes]:
    for index, text in enumerate(model.idp.signing_certificate):
        yield files.certificate(text, ("idp", "signing_certificate", index))


def _idp(model: SiteModel, files: SiteFiles, signing: tuple[bytes, ...]) -> IdentityProvider:
    return IdentityProvider(
        issuer=model.idp.issuer,
        signing_certificates=signing,
        mex_url=model.idp.mex_url,
        ca_file=files.optional(model.idp.ca_file, ("idp", "ca_file")),
        users=_users(model),
        product=model.idp.product or "",
        sign_in_page=_sign_in_page(model),
        federation_metadata_url=model.idp.federation_metadata_url or "",
    )


def _sign_in_page(model: SiteModel) -> SignInPage:
    page = model.idp.sign_in_page
    if page is None:
        return PLAIN_PAGE
    hosts = tuple(host.lower() for host in page.hosts)
    return SignInPage(user_field=page.user_field, password_field=page.password_field, hosts=hosts)


def _users(model: SiteModel) -> UserPractice:
    """Return what the file says of people, and what the vendor's adapter knows where it says nothing."""
    users = model.idp.users
    adapter = adapter_of(model.idp.product or "", (model.idp.mex_url, model.idp.issuer))
    known = adapter.immutable_id if adapter is not None else None
    return UserPractice(
        immutable_id=known if users.immutable_id is None else users.immutable_id, smart_cards=users.smart_cards
    )


def _unknown(model: SiteModel, positions: Positions) -> Iterator[Mistake]:
    """Yield names in the file that nobody knows: domains of Entra's, and products."""
    yield from strangers(model, positions)
    known, named = [item.name for item in load_adapters()], model.idp.product
    if named is not None and find_adapter(named) is None:
        problem = f"expected the name of an adapter ({', '.join(known)}), found '{named}'"
        yield Mistake(place=positions.value(("idp", "product")), problem=problem, hint=nearest(named, known))


def _devices(model: SiteModel, files: SiteFiles) -> Iterator[DeviceAccount]:
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


def _accounts(model: SiteModel, files: SiteFiles) -> Iterator[DeviceAccount]:
    for index, account in enumerate(model.accounts):
        keytab = files.wanted(account.keytab, ("accounts", index, "keytab"))
        yield DeviceAccount(name=account.name.removesuffix("$"), keytab=keytab, role=account.role)


def _people(model: SiteModel, files: SiteFiles) -> Iterator[PersonAccount]:
    for index, person in enumerate(model.people):
        path = files.wanted(person.password_file, ("people", index, "password_file"))
        yield PersonAccount(name=person.name.partition("@")[0], user_principal_name=person.name, password_file=path)


def _bridge(model: BridgeSite, files: SiteFiles) -> BridgeClient:
    return BridgeClient(
        client_id=model.client_id.lower(),
        redirect_uri=model.redirect_uri,
        secret_file=files.wanted(model.client_secret_file, ("bridge", "client_secret_file")),
        secret_id=(model.secret_id or "").lower(),
        discovery_url=model.discovery_url or "",
        scopes=tuple(model.scopes),
        cloud_password_validation=model.cloud_password_validation,
    )


def _passwords(model: SiteModel, files: SiteFiles) -> Iterator[tuple[str, Path]]:
    for index, device in enumerate(model.devices):
        if device.password_file is not None:
            path = files.wanted(device.password_file, ("devices", index, "password_file"))
            yield device.name.removesuffix("$"), path


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
