"""How every backend starts a domain: golden state, certificates, launch, wait until it serves, describe it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hybridjoin.errors import LabError, machine_named
from hybridjoin.lab.backend import Controller, Launcher, LaunchPlan
from hybridjoin.lab.domain import Domain, LookupAccount, ServerCertificate
from hybridjoin.lab.golden import FACTS_FILE, copy_accounts, ensure_golden, sweep_drafts
from hybridjoin.lab.krb5_conf import render_krb5_conf
from hybridjoin.lab.readiness import READY_WITHIN_S, await_ready
from hybridjoin.lab.state import new_state, sweep_orphans
from hybridjoin.lab.tls import Authority
from hybridjoin.model.site import DeviceAccount, Directory
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.signals import orderly_exit

log = logging.getLogger(__name__)

IDP_CERTIFICATE = "idp"
ENTRA_CERTIFICATE = "entra"
ENTRA_HOSTS = (
    "login.microsoftonline.com",
    "enterpriseregistration.windows.net",
    "graph.microsoft.com",
    "autologon.microsoftazuread-sso.com",
)
KRB5_CONFIG = "krb5.conf"
DIAL_ZONE = "dial"
"""Below the domain's own name: where scenarios have hosts of their own for the identity provider."""


@contextmanager
def start_domain(
    launcher: Launcher, lab_file: LabFile, *, clock_offset_s: int = 0, ready_within_s: float = READY_WITHIN_S
) -> Iterator[Domain]:
    """Run a domain for as long as the context lasts; nothing of it is left when it is over."""
    with machine_named():
        sweep_orphans()
        sweep_drafts()
    with machine_named(), orderly_exit(), new_state(launcher.name) as state_dir:
        golden = ensure_golden(launcher, lab_file)
        copy_accounts(golden, state_dir)
        authority = Authority(state_dir / "tls")
        plan = LaunchPlan(
            lab_file=lab_file,
            golden=golden,
            state_dir=state_dir,
            authority=authority,
            clock_offset_s=clock_offset_s,
        )
        certificates = {
            IDP_CERTIFICATE: authority.issue(
                IDP_CERTIFICATE, [*lab_file.hosts, f"*.{DIAL_ZONE}.{lab_file.domain.name}"]
            ),
            ENTRA_CERTIFICATE: authority.issue(ENTRA_CERTIFICATE, ENTRA_HOSTS),
        }
        log.info("starting the domain controller (%s)", launcher.name)
        with launcher.launch(plan) as controller:
            config = render_krb5_conf(lab_file.domain, controller.addresses)
            (state_dir / KRB5_CONFIG).write_text(config, "utf-8")
            await_ready(controller, lab_file, state_dir, within_s=ready_within_s)
            domain = _describe(launcher, plan, controller, certificates)
            domain.write()
            yield domain


def _describe(
    launcher: Launcher, plan: LaunchPlan, controller: Controller, certificates: dict[str, ServerCertificate]
) -> Domain:
    """Put together what is known of a domain that serves."""
    state_dir, lab_file, addresses = plan.state_dir, plan.lab_file, controller.addresses
    accounts = json.loads((state_dir / FACTS_FILE).read_text("utf-8"))["accounts"]
    names = lab_file.domain
    lookup = lab_file.lookup_account
    ca_file = plan.authority.ca_file
    return Domain(
        backend=launcher.name,
        digest=plan.golden.name,
        lab_digest=lab_file.digest,
        state_dir=state_dir,
        log_file=controller.log_file,
        directory=Directory(
            realm=names.realm,
            domain=names.name,
            netbios=names.netbios.upper(),
            forest=names.name,
            domain_controller=names.domain_controller_host,
            krb5_config=state_dir / KRB5_CONFIG,
            ldap_url=f"ldap://{addresses.ldap}",
            base_dn=names.base_dn,
            ca_file=ca_file,
        ),
        ldaps_url=f"ldaps://{addresses.ldaps}",
        ca_file=ca_file,
        certificates=certificates,
        lookup=LookupAccount(
            name=lookup,
            dn=accounts[lookup]["dn"],
            user_principal_name=f"{lookup}@{names.name}",
            password_file=state_dir / "secrets" / f"{lookup}.password",
        ),
        keytabs=_files(state_dir / "keytabs", ".keytab"),
        passwords=_files(state_dir / "secrets", ".password"),
        devices=tuple(_device(item.name, state_dir) for item in lab_file.computers),
        clock_offset_s=plan.clock_offset_s,
    )


def _files(folder: Path, suffix: str) -> dict[str, Path]:
    return {path.name.removesuffix(suffix): path for path in sorted(folder.iterdir())}


def _device(name: str, state_dir: Path) -> DeviceAccount:
    keytab = state_dir / "keytabs" / f"{name}$.keytab"
    if not keytab.is_file():
        raise LabError(f"provisioning left no keytab for {name}", remedy="`hybridjoin lab prune`, then try again")
    key = state_dir / "certificates" / f"{name}.key.pem"
    return DeviceAccount(name=name, keytab=keytab, user_certificate_key=key if key.is_file() else None)
