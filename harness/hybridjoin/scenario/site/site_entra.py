"""The tenant of a site file: its addresses, or the double that answers in its stead and what it is told."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from hybridjoin.errors import Mistake
from hybridjoin.model.site import Directory, Entra, TenantDouble
from hybridjoin.scenario.site.site_files import SiteFiles
from hybridjoin.scenario.site.site_schema import ConnectAccount, DoubleSite, SiteModel
from hybridjoin.scenario.tenant_domains import is_initial, managed_domains
from hybridjoin.scenario.yaml.source import DataPath, Positions

Settings = dict[str, object]


def read_entra(model: SiteModel, files: SiteFiles, positions: Positions) -> Entra:
    """Return the tenant, with what a double of it knows where the file asks for one."""
    entra = Entra(tenant_id=model.entra.tenant_id.lower(), tenant_name=model.entra.tenant_name)
    return Entra(
        tenant_id=entra.tenant_id,
        tenant_name=entra.tenant_name,
        login_url=(model.entra.login_url or entra.login_url).rstrip("/"),
        registration_url=(model.entra.registration_url or entra.registration_url).rstrip("/"),
        ca_file=files.optional(model.entra.ca_file, ("entra", "ca_file")),
        source_anchor=model.entra.double.source_anchor if model.entra.double else entra.source_anchor,
        double=_tenant_double(model, model.entra.double, positions) if model.entra.double else None,
    )


def _tenant_double(model: SiteModel, double: DoubleSite, positions: Positions) -> TenantDouble:
    federated, tenant_name = _federated(model, double), model.entra.tenant_name
    managed = (str(item["name"]) for item in managed_domains(tenant_name, federated=federated))
    told = ("entra", "double", "domain") if double.domain else ("entra", "tenant_name")
    return TenantDouble(
        domains=(federated, *managed),
        domain_place=positions.value(told),
        tenant_id_place=positions.value(("entra", "tenant_id")),
    )


def strangers(model: SiteModel, positions: Positions) -> Iterator[Mistake]:
    """Name the people whose domain the Entra double does not know: their sign-in could only fail, and by our doing."""
    if model.entra.double is None:
        return
    known = _tenant_double(model, model.entra.double, positions).domains
    for index, person in enumerate(model.people):
        if person.name.rpartition("@")[2].lower() not in known:
            problem = f"expected a name in a domain that the Entra double knows, found '{person.name}'"
            hint = f"it knows {' and '.join(known)}: entra.tenant_name, or entra.double.domain"
            yield Mistake(place=positions.value(("people", index, "name")), problem=problem, hint=hint)


def _federated(model: SiteModel, double: DoubleSite) -> str:
    """Return the federated domain: the one that is told, else the tenant's name, AD's own for an initial one."""
    everyday = model.directory.domain if is_initial(model.entra.tenant_name) else model.entra.tenant_name
    return (double.domain or everyday).lower()


def domain_names(model: SiteModel) -> tuple[str, ...]:
    """Return the names that the federated domain may have in Entra."""
    told = model.entra.double.domain if model.entra.double else None
    return tuple(name for name in (told, model.directory.domain, model.entra.tenant_name) if name is not None)


def double_settings(
    model: DoubleSite, site: SiteModel, directory: Directory, signing: tuple[bytes, ...], files: SiteFiles
) -> Settings:
    """Return the Entra double's configuration; `site` names a MEX, here or at the IdP, or a passive address alone."""
    metadata = model.metadata_exchange_uri or site.idp.mex_url
    if metadata is None and model.passive_sign_in_uri is None:
        files.refuse(
            ("entra", "double"),
            "expected 'metadata_exchange_uri' here or 'mex_url' at the idp, or 'passive_sign_in_uri' for browsers "
            "alone, found none of them",
        )
    following = (
        [files.certificate(model.next_signing_certificate, ("entra", "double", "next_signing_certificate"))]
        if model.next_signing_certificate
        else list(signing[1:2])
    )
    domain: Settings = {
        "name": _federated(site, model),
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
        "domains": [domain, *managed_domains(site.entra.tenant_name, federated=_federated(site, model))],
        "source_anchor": model.source_anchor,
    }
    if model.connect:
        settings["connect"] = _connect_settings(model.connect, directory, files)
    return settings


def _connect_settings(model: ConnectAccount, directory: Directory, files: SiteFiles) -> Settings:
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
