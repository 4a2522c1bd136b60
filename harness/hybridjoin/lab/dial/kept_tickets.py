"""Bends of the tickets that a device has kept: got for real, before something about the account was changed."""

from __future__ import annotations

import secrets
from dataclasses import replace

from hybridjoin.device.adapters.kerberos import WEB, Kerberos
from hybridjoin.errors import KerberosError, LabError
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import AES256_BIT, Options, export_again, reset_password, service
from hybridjoin.model.exchange import TicketRequest
from hybridjoin.model.site import DeviceAccount, Directory


def from_before_aes(bench: Bench, _: Options) -> None:
    """A ticket of the time before AES 256 was ticked."""
    dn = service(bench, types=None)
    bench.idp["accept_rc4"] = True
    keep_ticket(bench)
    bench.admin.write(dn, {"msDS-SupportedEncryptionTypes": str(AES256_BIT)})


def from_before_reset(bench: Bench, _: Options) -> None:
    """A ticket of the time before the password was reset; the identity provider knows the new one already."""
    dn = service(bench, types=AES256_BIT)
    keep_ticket(bench)
    export_again(bench, reset_password(bench, dn))


def keep_ticket(bench: Bench) -> None:
    """Let the scenario's device get its ticket for the identity provider now, and keep it until the scenario ends.

    Raises:
        LabError: the KDC does not let it.
    """
    name = f"hybridjoin-kept-{bench.tag}-{secrets.token_hex(4)}"
    account = replace(bench.sent, tickets=name, stands_for=bench.order.device.removesuffix("$"))
    directory = bench.domain.directory
    bench.stack.callback(_purge, account, directory)
    try:
        with Kerberos(account, directory, time_sync=False) as kerberos:
            kerberos.ticket(TicketRequest(service=WEB, host=bench.service_host))
    except KerberosError as error:
        problem = f"the device got no ticket that it could keep: {error}"
        raise LabError(problem, remedy="let a computer come that may log on") from error
    bench.device = account


def _purge(account: DeviceAccount, directory: Directory) -> None:
    with Kerberos(account, directory, time_sync=False) as kerberos:
        kerberos.purge()
