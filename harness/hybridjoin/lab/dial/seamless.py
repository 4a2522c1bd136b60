"""The account of Seamless single sign-on, AZUREADSSOACC, which a forest has once: made, and its key handed to Entra."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from hybridjoin.lab.dial.admin import Admin
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import AES_BITS, RC4_BIT, Options, quoted, reset_password
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.keytab import AES128, AES256, RC4, computer_salt, make_keytab, write_keytab

NAME: Final = "AZUREADSSOACC"
SERVICE: Final = "HTTP/autologon.microsoftazuread-sso.com"
MARK_FILE: Final = "dial-seamless"
_WORKSTATION: Final = "4096"


def account(bench: Bench, options: Options) -> None:
    """Switch Seamless single sign-on on as the wizard of Entra Connect does, and leave it in the option's state."""
    _STATES[str(options["state"])](bench)
    bench.entra |= {
        "domain": {"authentication": "Managed", "seamless": True},
        "seamless_keytab": str(_keytab(bench)),
    }
    bench.names.append(f"/{SERVICE.partition('/')[2]}@")


def _as_it_should_be(bench: Bench) -> None:
    _make(bench)


def _rolled_over(bench: Bench) -> None:
    """The password of the account is another one than when its key was handed over."""
    reset_password(bench, _make(bench))


def _rc4_only(bench: Bench) -> None:
    """The account as it was made before the wizard knew of AES."""
    _make(bench, types=RC4_BIT, keys=(RC4,))


def _without_name(bench: Bench) -> None:
    """The account has lost its service principal name."""
    _make(bench, names=())


_STATES: Final[Mapping[str, Callable[[Bench], None]]] = {
    "good": _as_it_should_be,
    "key-rolled-over": _rolled_over,
    "rc4-only": _rc4_only,
    "without-name": _without_name,
}


def put_back(admin: Admin, domain: Domain) -> None:
    """Delete the account that a process made, here or before it was killed; call it with the lab to oneself."""
    if needs_undoing(domain.state_dir):
        admin.remove(_dn(domain))
        (domain.state_dir / MARK_FILE).unlink()


def needs_undoing(state_dir: Path) -> bool:
    """Whether somebody was killed while the forest had the account."""
    return (state_dir / MARK_FILE).is_file()


def _make(
    bench: Bench,
    *,
    types: int = AES_BITS,
    names: tuple[str, ...] = (SERVICE,),
    keys: tuple[int, ...] = (AES256, AES128),
) -> str:
    """Add the computer account, write its keytab for Entra, and return its DN."""
    dn, password, realm = _dn(bench.domain), bench.password(), bench.domain.directory.realm
    (bench.domain.state_dir / MARK_FILE).touch(mode=0o600)
    bench.stack.callback(put_back, bench.admin, bench.domain)
    bench.admin.add(
        dn,
        {
            "objectClass": "computer",
            "sAMAccountName": f"{NAME}$",
            "userAccountControl": _WORKSTATION,
            "unicodePwd": quoted(password),
            "msDS-SupportedEncryptionTypes": str(types),
            **({"servicePrincipalName": names} if names else {}),
        },
    )
    salt = computer_salt(NAME, realm)
    made = make_keytab(principals=(SERVICE,), realm=realm, password=password, salt=salt, keys=keys)
    write_keytab(_keytab(bench), made)
    return dn


def _keytab(bench: Bench) -> Path:
    return bench.folder / "seamless.keytab"


def _dn(domain: Domain) -> str:
    return f"CN={NAME},CN=Computers,{domain.directory.base_dn}"
