"""What a shell needs to talk to a background lab: environment variables, and how they are written as exports."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from hybridjoin.doubles.idp.addresses import Addresses
from hybridjoin.lab.domain import DOMAIN_FILE, Domain
from hybridjoin.lab.lab import DOMAIN_VARIABLE
from hybridjoin.lab.standins.servers import LOOPBACK, Ports
from hybridjoin.lab.standins.signing import SigningKey
from hybridjoin.lab.start import ENTRA_HOSTS
from hybridjoin.scenario.lab.lab_file import LabFile


def lab_variables(
    lab_file: LabFile, domain: Domain, signing: SigningKey, idp: Addresses, *, ports: Ports, folder: Path
) -> dict[str, str]:
    """Return the variables; `folder` keeps the tickets that the shell's tools will get."""
    device = lab_file.everyday_device.name
    host = lab_file.hosts[0]
    login, registration, *_ = ENTRA_HOSTS
    return {
        "KRB5_CONFIG": str(domain.directory.krb5_config),
        "KRB5_CLIENT_KTNAME": f"FILE:{domain.keytabs[f'{device}$']}",
        "KRB5CCNAME": f"FILE:{folder / 'ccache'}",
        # Names stay as they are spelled: the DC holds an SPN for the address that is dialled, not for its reverse.
        "LDAPSASL_NOCANON": "on",
        "LDAPTLS_CACERT": str(domain.ca_file),
        "LAB_DEVICE": device,
        "LAB_REALM": domain.directory.realm,
        "LAB_BASE_DN": domain.directory.base_dn,
        "LAB_LDAP_URL": domain.directory.ldap_url,
        "LAB_LDAPS_URL": domain.ldaps_url,
        "LAB_CA_FILE": str(domain.ca_file),
        "LAB_MEX_URL": idp.mex,
        "LAB_STS_URL": idp.sts,
        "LAB_ISSUER": idp.issuer,
        "LAB_SIGNING_CERTIFICATE": str(signing.certificate),
        "LAB_ENTRA_URL": f"https://{login}:{ports.entra}",
        "LAB_REGISTRATION_URL": f"https://{registration}:{ports.entra}",
        "LAB_RESOLVE_STS": f"{host}:{ports.idp}:{LOOPBACK}",
        "LAB_RESOLVE_ENTRA": f"{login}:{ports.entra}:{LOOPBACK}",
        "LAB_RESOLVE_REGISTRATION": f"{registration}:{ports.entra}:{LOOPBACK}",
        DOMAIN_VARIABLE: str(domain.state_dir / DOMAIN_FILE),
    }


def render_exports(variables: Mapping[str, str]) -> str:
    """Return `export NAME=value` lines for any POSIX shell's eval."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
