"""What the KDC or libkrb5 said, in words: the RFC 4120 name, what it means, what to try."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from hybridjoin.errors import KerberosError, LabError

_RFC_4120 = -1765328384


class Saying(NamedTuple):
    """One error in plain words, with what Windows shows and what to try."""

    name: str
    words: str
    remedy: str


_SHOWS_1317 = "Windows shows event 220 or 307 and ERROR_NO_SUCH_USER (1317)"
_SHOWS_401 = "Windows falls back to NTLM, the IdP answers 401"
_SHOWS_TRUST = "Windows says that the trust relationship with the domain failed"

# RFC 4120, 7.5.9: the number on the wire is libkrb5's code minus its table's base.
_KDC: Mapping[int, Saying] = MappingProxyType(
    {
        1: Saying("KDC_ERR_NAME_EXP", "the computer account has expired", "extend the account in the directory"),
        6: Saying(
            "KDC_ERR_C_PRINCIPAL_UNKNOWN",
            f"the KDC does not know the computer account; {_SHOWS_1317}",
            "look at the device's name and the realm in the site file, and whether the account exists",
        ),
        7: Saying(
            "KDC_ERR_S_PRINCIPAL_UNKNOWN",
            f"no account has this service principal name; {_SHOWS_401}",
            "register it: setspn -S HTTP/<host of the token service> <the IdP's service account>",
        ),
        12: Saying(
            "KDC_ERR_POLICY",
            f"the KDC's policy refuses the ticket; {_SHOWS_401}",
            "look at the logon restrictions of the account",
        ),
        14: Saying(
            "KDC_ERR_ETYPE_NOSUPP",
            f"the KDC has no key of an encryption type that was asked for; {_SHOWS_401}",
            "set msDS-SupportedEncryptionTypes (24: AES) on the service account and reset its password once",
        ),
        18: Saying(
            "KDC_ERR_CLIENT_REVOKED",
            f"the computer account is disabled or locked; {_SHOWS_1317}",
            "enable the account in the directory",
        ),
        23: Saying(
            "KDC_ERR_KEY_EXPIRED",
            f"the account's password has expired; {_SHOWS_TRUST}",
            "set a new machine password and export the keytab again",
        ),
        24: Saying(
            "KDC_ERR_PREAUTH_FAILED",
            f"the keytab's keys are not the account's: its password was changed since; {_SHOWS_TRUST}",
            "export the keytab again",
        ),
        29: Saying("KDC_ERR_SVC_UNAVAILABLE", "the KDC cannot serve now", "look in the domain controller's log"),
        31: Saying(
            "KRB_AP_ERR_BAD_INTEGRITY",
            f"what was encrypted does not decrypt: the keys differ; {_SHOWS_401}",
            "export the keytabs of the computer and of the IdP again",
        ),
        37: Saying(
            "KRB_AP_ERR_SKEW",
            "the clocks of the device and the KDC differ by more than five minutes; "
            "Windows corrects itself from the KDC's time, this device only with kerberos_time_sync",
            "set the clocks, or let the device follow the KDC (kerberos_time_sync)",
        ),
        41: Saying("KRB_AP_ERR_MODIFIED", f"the service could not decrypt the ticket; {_SHOWS_401}", "compare keys"),
        52: Saying("KRB_ERR_RESPONSE_TOO_BIG", "the answer does not fit into UDP", "allow TCP to the KDC"),
        68: Saying("KDC_ERR_WRONG_REALM", "the account lives in another realm", "correct the realm in the site file"),
    }
)

_KDCREP_SKEW = -1765328236
_KT_NOTFOUND = -1765328203
_KT_KVNONOTFOUND = -1765328154
_PREAUTH_FAILED_LOCALLY = -1765328174

_LIBRARY: Mapping[int, Saying] = MappingProxyType(
    {
        _KDCREP_SKEW: _KDC[37],
        _KT_NOTFOUND: Saying(
            "KRB5_KT_NOTFOUND",
            "the keytab holds no key of the computer account",
            "name the keytab of this very account (NAME$) in the site file",
        ),
        _KT_KVNONOTFOUND: Saying(
            "KRB5_KT_KVNONOTFOUND",
            "the keytab's key version is not the account's: its password was changed since",
            "export the keytab again",
        ),
        _PREAUTH_FAILED_LOCALLY: _KDC[24],
    }
)

KERBEROS_NAMES: Mapping[str, str] = MappingProxyType(
    {saying.name: saying.words for saying in (*_KDC.values(), *_LIBRARY.values())}
)
"""The errors that have a name here, each with its sentence."""

# Nobody's verdict: the KDC is gone, or the machine's Kerberos is not set up.
_SURROUNDINGS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        -1765328228: ("no KDC of the realm can be reached", "look whether the domain controller runs (lab status)"),
        -1765328230: ("the Kerberos configuration names no KDC of the realm", "look at [realms] in krb5.conf"),
        -1765328164: ("the KDC's name cannot be resolved", "look at [realms] in krb5.conf"),
        -1765328249: ("the Kerberos configuration cannot be read", "look at the path in the site file"),
        -1765328160: ("the Kerberos configuration has no default realm", "set default_realm in krb5.conf"),
        2: ("a file that Kerberos needs does not exist", "look at the keytab's path in the site file"),
        13: ("a file that Kerberos needs may not be read", "look at the keytab's permissions"),
        111: ("the KDC refuses connections", "look whether the domain controller runs (lab status)"),
    }
)


def explain(code: int, message: str, *, about: str) -> KerberosError | LabError:
    """Say in words what libkrb5's `code` means for `about`; `message` is the library's own text."""
    signed = code - 2**32 if code >= 2**31 else code
    surroundings = _SURROUNDINGS.get(signed)
    if surroundings is not None:
        cause, remedy = surroundings
        return LabError(f"{about}: {cause} ({message})", remedy=remedy)
    saying = _LIBRARY.get(signed) or _KDC.get(signed - _RFC_4120)
    if saying is None:
        return KerberosError(
            f"KRB5 {signed}", f"{about}: {message}", remedy="look in the KDC's log at the time of the request"
        )
    return KerberosError(saying.name, f"{about}: {saying.words}", remedy=saying.remedy, detail=message)
