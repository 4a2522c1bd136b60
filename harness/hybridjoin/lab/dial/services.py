"""Bends of the identity provider's own account: its encryption types, its names, and the keytab that it has of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hybridjoin.lab.dial.behind import add_value, forget_aes_keys
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.keytab import AES128, AES256, make_keytab, write_keytab

RC4_BIT: Final = 0x4
AES_BITS: Final = 0x18
AES256_BIT: Final = 0x10  # what "This account supports Kerberos AES 256 bit encryption" writes
_NORMAL_ACCOUNT: Final = "512"
_BOTH: Final = (AES256, AES128)

Options = Mapping[str, str | int | float]


def rc4_only(bench: Bench, _: Options) -> None:
    """An account that supports RC4 alone, and a keytab with AES keys, as exporters write it."""
    service(bench, types=RC4_BIT)
    bench.idp["accept_rc4"] = True  # it would take RC4, had it a key


def aes_only(bench: Bench, _: Options) -> None:
    """An account that supports AES alone."""
    service(bench, types=AES_BITS)


def types_unset(bench: Bench, _: Options) -> None:
    """An account on which nobody ever set the encryption types."""
    service(bench, types=None)
    bench.idp["accept_rc4"] = True


def without_aes_keys(bench: Bench, _: Options) -> None:
    """An account that was ticked for AES, and has no AES key that a ticket could be encrypted with."""
    dn = service(bench, types=AES256_BIT)
    forget_aes_keys(bench.domain, dn)
    bench.idp["accept_rc4"] = True


def device_aes_only(bench: Bench, _: Options) -> None:
    """A device without RC4, and an account without AES."""
    service(bench, types=RC4_BIT)
    _allow(bench, "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96")


def device_rc4_only(bench: Bench, _: Options) -> None:
    """A device without AES, and an account without RC4."""
    service(bench, types=AES_BITS)
    _allow(bench, "arcfour-hmac")


def name_missing(bench: Bench, _: Options) -> None:
    """An account that has every key and no name."""
    service(bench, names=())


def name_twice(bench: Bench, _: Options) -> None:
    """The name at two accounts, which the directory itself would refuse."""
    service(bench)
    other = account(bench, f"svc-{bench.tag}-b", types=AES_BITS, names=())
    add_value(bench.domain, other, "servicePrincipalName", f"HTTP/{bench.host}")


def name_at_another_account(bench: Bench, _: Options) -> None:
    """The name at one account, the keytab of another."""
    service(bench, names=())
    account(bench, f"svc-{bench.tag}-b", types=AES_BITS, names=(f"HTTP/{bench.host}",))


def host_name_only(bench: Bench, _: Options) -> None:
    """A name that stands for HTTP/ too, by the directory's sPNMappings."""
    service(bench, names=(f"host/{bench.host}",))


def stale_keytab(bench: Bench, _: Options) -> None:
    """A password that is changed after its keys were exported."""
    reset_password(bench, service(bench))


def keytab_exported_again(bench: Bench, _: Options) -> None:
    """A password that was reset, and a keytab that was exported afterwards."""
    export_again(bench, reset_password(bench, service(bench)))


def keytab_of_another_account(bench: Bench, _: Options) -> None:
    """A keytab with this name and version, and with keys that are somebody else's."""
    service(bench)
    _write(bench, bench.folder / "idp.keytab", account_name=f"svc-{bench.tag}", password=bench.password())


def keytab_without_aes256(bench: Bench, _: Options) -> None:
    """A keytab with AES 128 alone."""
    service(bench, keys=(AES128,))


def service(
    bench: Bench,
    *,
    types: int | None = AES_BITS,
    names: tuple[str, ...] | None = None,
    keys: tuple[int, ...] = _BOTH,
) -> str:
    """Add an account for the identity provider at a host of its own, give the provider its keytab, and return its DN.

    `types` is msDS-SupportedEncryptionTypes, None for no value; `names` are its service principal names, HTTP/ and
    host/ of the host where they are left out; `keys` are the types of the keytab's keys.
    """
    if names is None:
        names = (f"HTTP/{bench.host}", f"host/{bench.host}")
    name, password = f"svc-{bench.tag}", bench.password()
    dn = account(bench, name, types=types, names=names, password=password)
    keytab = bench.folder / "idp.keytab"
    _write(bench, keytab, account_name=name, password=password, keys=keys)
    bench.idp |= {"service_host": bench.host, "keytab": str(keytab)}
    bench.names.append(f"/{bench.host}@")
    return dn


def reset_password(bench: Bench, dn: str) -> str:
    """Give an account another password, which makes new keys of another version, and return it."""
    password = bench.password()
    bench.admin.write(dn, {"unicodePwd": quoted(password)})
    return password


def export_again(bench: Bench, password: str) -> None:
    """Write the identity provider's keytab anew from a password of its account that was reset once."""
    _write(bench, bench.folder / "idp.keytab", account_name=f"svc-{bench.tag}", password=password, version=2)


def account(bench: Bench, name: str, *, types: int | None, names: tuple[str, ...], password: str = "") -> str:
    """Add a service account that goes when the scenario ends, and return its DN."""
    dn = f"CN={name},CN=Users,{bench.domain.directory.base_dn}"
    supported = {} if types is None else {"msDS-SupportedEncryptionTypes": str(types)}
    bench.admin.add(
        dn,
        {
            "objectClass": "user",
            "sAMAccountName": name,
            "userAccountControl": _NORMAL_ACCOUNT,
            "unicodePwd": quoted(password or bench.password()),
            "userPrincipalName": f"{name}@{bench.domain.directory.domain}",
            **({"servicePrincipalName": names} if names else {}),
            **supported,
        },
    )
    bench.stack.callback(bench.admin.remove, dn)
    return dn


def quoted(password: str) -> bytes:
    """Return a password as unicodePwd takes it (MS-ADTS 3.1.1.3.1.5)."""
    return f'"{password}"'.encode("utf-16-le")


def _write(
    bench: Bench, keytab: Path, *, account_name: str, password: str, keys: tuple[int, ...] = _BOTH, version: int = 1
) -> None:
    realm = bench.domain.directory.realm
    names = (f"HTTP/{bench.host}", f"host/{bench.host}")
    salt = f"{realm}{account_name}"
    made = make_keytab(principals=names, realm=realm, password=password, salt=salt, keys=keys, version=version)
    write_keytab(keytab, made)


def _allow(bench: Bench, types: str) -> None:
    """Let the device's Kerberos use these encryption types alone."""
    lines = "".join(f"    {name} = {types}\n" for name in ("permitted_enctypes", "default_tkt_enctypes"))
    config = bench.krb5_config.replace("[libdefaults]\n", f"[libdefaults]\n{lines}    allow_weak_crypto = true\n", 1)
    bench.configure_kerberos(config)
