"""Bends of who comes: computers and people with an account of the scenario's own, and the tickets that they show."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final
from uuid import UUID

from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import Options, quoted
from hybridjoin.lab.keytab import computer_salt, make_keytab, write_keytab
from hybridjoin.model.site import DeviceAccount, PersonAccount

_WORKSTATION: Final = 0x1000
_NORMAL_ACCOUNT: Final = 0x200
_DISABLED: Final = 0x2
_FILETIME_EPOCH_S: Final = 11644473600


def disabled(bench: Bench, _: Options) -> None:
    """A computer whose account is disabled."""
    bench.admin.write(computer(bench), {"userAccountControl": str(_WORKSTATION | _DISABLED)})


def deleted(bench: Bench, _: Options) -> None:
    """A computer whose account was there, and is no more."""
    bench.admin.remove(computer(bench))


def moved(bench: Bench, _: Options) -> None:
    """A computer whose account was moved."""
    dn, base = computer(bench), bench.domain.directory.base_dn
    unit = f"OU=Dial {bench.tag},{base}"
    bench.admin.add(unit, {"objectClass": "organizationalUnit"})
    bench.stack.callback(bench.admin.remove, unit)
    rdn = dn.partition(",")[0]
    bench.stack.callback(bench.admin.remove, f"{rdn},{unit}")
    bench.admin.rename(dn, rdn, below=unit)


def wrong_password(bench: Bench, _: Options) -> None:
    """A computer that holds another password than the directory."""
    bench.admin.write(computer(bench), {"unicodePwd": quoted(bench.password())})


def old_password(bench: Bench, _: Options) -> None:
    """A computer whose password would have expired, were it a person's."""
    bench.admin.write(computer(bench), {"pwdLastSet": "0"})


def expired(bench: Bench, _: Options) -> None:
    """A computer whose account ended long ago."""
    bench.admin.write(computer(bench), {"accountExpires": _filetime(0)})


def locked(bench: Bench, _: Options) -> None:
    """A person whose account is locked."""
    bench.admin.write(person(bench), {"lockoutTime": _filetime(time.time())})


def ticket_of_a_user(bench: Bench, _: Options) -> None:
    """A computer that logs on as the lab's first person."""
    somebody = bench.lab_file.users[0].name
    bench.device = replace(
        bench.sent, logs_on_as=somebody, keytab=bench.domain.keytabs[somebody], stands_for=_own(bench)
    )


def ticket_for_another_service(bench: Bench, _: Options) -> None:
    """A computer that shows the ticket for the domain controller's own name."""
    controller = bench.lab_file.domain.domain_controller_host
    bench.device = replace(bench.sent, ticket_for=f"host/{controller}", stands_for=_own(bench))
    bench.names.append(f"host/{controller}@")


def ticket_granting_ticket_expired(bench: Bench, _: Options) -> None:
    """A computer of its own that outlives its ticket."""
    computer(bench)
    bench.device = replace(bench.sent, outlives_its_ticket=True)


def computer(bench: Bench) -> str:
    """Add a computer in good health that comes in the place of the scenario's device, and return its DN."""
    name, password, domain = f"D-{bench.tag}", bench.password(), bench.domain.directory
    dn = f"CN={name},CN=Computers,{domain.base_dn}"
    host = f"{name.lower()}.{domain.domain}"
    bench.admin.add(
        dn,
        {
            "objectClass": "computer",
            "sAMAccountName": f"{name}$",
            "userAccountControl": str(_WORKSTATION),
            "unicodePwd": quoted(password),
            "dNSHostName": host,
            "servicePrincipalName": [f"HOST/{name}", f"HOST/{host}"],
            "operatingSystem": "Windows 10 Enterprise",
            "operatingSystemVersion": "10.0 (19045)",
            "msDS-SupportedEncryptionTypes": "28",
        },
    )
    bench.stack.callback(bench.admin.remove, dn)
    _anchor(bench, dn)
    keytab = bench.folder / "device.keytab"
    salt = computer_salt(name, domain.realm)
    write_keytab(keytab, make_keytab(principals=(f"{name}$",), realm=domain.realm, password=password, salt=salt))
    bench.device = DeviceAccount(name=name, keytab=keytab, stands_for=_own(bench))
    bench.names.append(f"{name}$@")
    return dn


def person(bench: Bench) -> str:
    """Add a person in good health who comes in the place of the scenario's own, and return the DN."""
    name, password = f"p-{bench.tag}", bench.password()
    dn = f"CN={name},CN=Users,{bench.domain.directory.base_dn}"
    sign_in = f"{name}@{bench.lab_file.entra_domain}"
    bench.admin.add(
        dn,
        {
            "objectClass": "user",
            "sAMAccountName": name,
            "userAccountControl": str(_NORMAL_ACCOUNT),
            "unicodePwd": quoted(password),
            "userPrincipalName": sign_in,
            "displayName": "Dial Example",
        },
    )
    bench.stack.callback(bench.admin.remove, dn)
    _anchor(bench, dn)
    kept = bench.folder / "person.password"
    kept.touch(mode=0o600)
    kept.write_text(password, "utf-8")
    bench.person = PersonAccount(
        name=name, user_principal_name=sign_in, password_file=kept, stands_for=bench.order.person
    )
    bench.names.append(f"{name}@")
    return dn


def _anchor(bench: Bench, dn: str) -> None:
    """Write the source anchor as Entra Connect does: the account's own objectGUID."""
    (guid,) = bench.admin.read(dn, "objectGUID") or (b"",)
    bench.admin.write(dn, {"mS-DS-ConsistencyGuid": UUID(bytes_le=guid).bytes_le})


def _own(bench: Bench) -> str:
    return bench.order.device.removesuffix("$")


def _filetime(seconds: float) -> str:
    """Return an instant as the directory writes it: hundreds of nanoseconds since 1601."""
    return str(round((seconds + _FILETIME_EPOCH_S) * 10**7))
