"""What the doubles are told about a lab: the everyday settings of both, and a scenario's laid over them."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from hybridjoin.doubles.idp.addresses import Addresses
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.standins.signing import SigningKey
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.tenant_domains import managed_domains

APPLICATION_ID = "b2f6d8e4-0c57-49a3-9d1e-7f83a4c6b520"
MUTATIONS = "hybridjoin.mutations.entry"
"""What the reference IdP is handed, to issue every mutation by its name: it loads the module, and imports nothing."""

Settings = Mapping[str, object]


def idp_settings(lab_file: LabFile, domain: Domain, signing: SigningKey, settings: Settings) -> dict[str, object]:
    """Return the reference IdP's whole configuration."""
    everyday = {
        "profile": "pingone",
        "application_id": APPLICATION_ID,
        "service_host": lab_file.hosts[0],
        "signing_key": str(signing.private_key),
        "signing_certificate": str(signing.certificate),
        "ldap": ldap_settings(domain),
        "krb5_config": str(domain.directory.krb5_config),
        "clock_offset_s": domain.clock_offset_s,
        "mutations": MUTATIONS,
    }
    whole = laid_over(everyday, settings)
    # A host without a service principal name runs on the keys of the everyday service all the same.
    account = lab_file.service_account_of(str(whole["service_host"])) or lab_file.service_account_of(lab_file.hosts[0])
    return {"keytab": str(domain.keytabs[account.name if account else lab_file.lookup_account]), **whole}


def entra_settings(
    lab_file: LabFile,
    domain: Domain,
    signing: SigningKey,
    idp: Addresses,
    settings: Settings,
    *,
    application: Settings | None = None,
) -> dict[str, object]:
    """Return the Entra double's whole configuration; `application` is the bridge's registration."""
    everyday = {
        "tenant_id": lab_file.tenant.id,
        "tenant_name": lab_file.tenant.name,
        "display_name": "hybridjoin lab",
        "domain": {
            "name": lab_file.entra_domain,
            "authentication": "Federated",
            "issuer_uri": idp.issuer,
            "metadata_exchange_uri": idp.mex,
            "active_sign_in_uri": idp.active,
            "passive_sign_in_uri": idp.passive,
            "signing_certificate": base64.b64encode(signing.certificate_der).decode("ascii"),
        },
        "domains": managed_domains(lab_file.tenant.name, federated=lab_file.entra_domain),
        "connect": ldap_settings(domain),
        "clock_offset_s": domain.clock_offset_s,
        **({"application": application} if application else {}),
    }
    return laid_over(everyday, settings)


def ldap_settings(domain: Domain) -> dict[str, object]:
    """Return how a gateway reaches the directory: simple bind over verified TLS."""
    return {
        "url": domain.ldaps_url,
        "ca_file": str(domain.ca_file),
        "bind_dn": domain.lookup.dn,
        "password_file": str(domain.lookup.password_file),
        "base_dn": domain.directory.base_dn,
    }


def laid_over(everyday: Settings, settings: Settings) -> dict[str, object]:
    """Lay settings over others: a mapping changes single entries of the one that stands there, all else replaces it."""
    whole = dict(everyday)
    for key, value in settings.items():
        before = whole.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            whole[key] = laid_over(before, value)
        else:
            whole[key] = value
    return whole
