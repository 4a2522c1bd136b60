"""What the KDC or libkrb5 said, in words: the RFC 4120 name, what it means, what to try."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from hybridjoin.errors import KerberosError, LabError
from hybridjoin.model.exchange import TicketRequest

DIRECTORY_SERVICE = "ldap"

_RFC_4120 = -1765328384
_S_PRINCIPAL_UNKNOWN = 7


class Saying(NamedTuple):
    """One error in plain words, with what to try, and what Windows shows where it is the IdP's ticket."""

    name: str
    words: str
    remedy: str
    at_the_idp: str = ""


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
            "no account has this service principal name",
            "register it: setspn -S HTTP/<host of the token service> <the IdP's service account>",
            _SHOWS_401,
        ),
        12: Saying(
            "KDC_ERR_POLICY",
            "the KDC's policy refuses the ticket",
            "look at the logon restrictions of the account",
            _SHOWS_401,
        ),
        14: Saying(
            "KDC_ERR_ETYPE_NOSUPP",
            "the KDC has no key of an encryption type that was asked for",
            "set msDS-SupportedEncryptionTypes (24: AES) on the service account and reset its password once",
            _SHOWS_401,
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
            "what was encrypted does not decrypt: the keys differ",
            "export the keytabs of the computer and of the service again",
            _SHOWS_401,
        ),
        32: Saying(
            "KRB_AP_ERR_TKT_EXPIRED",
            "the ticket has ended; Windows logs on anew with the machine's password, this device holds one ticket",
            "klist purge as SYSTEM (klist -li 0x3e7 purge), then try again",
            _SHOWS_401,
        ),
        35: Saying(
            "KRB_AP_ERR_NOT_US",
            "the ticket is for another service than those that the acceptor has keys of",
            "compare the endpoint's host with the names in the keytab (klist -k); publish the IdP under an A record",
            _SHOWS_401,
        ),
        37: Saying(
            "KRB_AP_ERR_SKEW",
            "the clocks of the device and the KDC differ by more than five minutes; "
            "Windows corrects itself from the KDC's time, this device only with kerberos_time_sync",
            "set the clocks, or let the device follow the KDC (kerberos_time_sync)",
        ),
        41: Saying("KRB_AP_ERR_MODIFIED", "the service could not decrypt the ticket", "compare keys", _SHOWS_401),
        44: Saying(
            "KRB_AP_ERR_BADKEYVER",
            "the service has no key of the version, or of the encryption type, that the ticket was encrypted with",
            "export the keytab again, or enter the new password in the gateway; then klist purge on the device",
            _SHOWS_401,
        ),
        45: Saying(
            "KRB_AP_ERR_NOKEY",
            "the service has no key of the encryption type that the ticket is in",
            "export the keytab again with AES256 and AES128 keys",
            _SHOWS_401,
        ),
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

SERVER_DOWN = "LDAP_SERVER_DOWN"
_UNREACHABLE = Saying(
    "KRB5_KDC_UNREACH",
    "no KDC of the realm answers",
    "nltest /dsgetdc:<domain>; look whether the domain controller runs and TCP 88 is open",
)
# What the surroundings' trouble is called where a scenario has brought it about.
_AWAY: Mapping[int, tuple[str, str, str]] = MappingProxyType(
    {
        -1765328228: _UNREACHABLE[:3],
        111: _UNREACHABLE[:3],
        -1765328230: (
            "KRB5_REALM_UNKNOWN",
            "nothing names a KDC of the realm",
            "nslookup -type=SRV _kerberos._tcp.dc._msdcs.<domain>; let the controller's Netlogon register its records "
            "(nltest /dsregdns), and let the device ask that DNS server",
        ),
    }
)

KERBEROS_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **{saying.name: saying.words for saying in (*_KDC.values(), *_LIBRARY.values())},
        **{name: words for name, words, _ in _AWAY.values()},
        SERVER_DOWN: "the directory does not answer",
    }
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


def explain(
    code: int, message: str, *, about: str, ticket: TicketRequest | None = None, may_be_away: bool = False
) -> KerberosError | LabError:
    """Say in words what libkrb5's `code` means for `about`; `message` is the library's own text.

    `ticket` is the service ticket that was asked for, where it was one: a directory's is not an IdP's. With
    `may_be_away` a KDC that cannot be found or reached is an answer, and no trouble of the surroundings.
    """
    signed = code - 2**32 if code >= 2**31 else code
    if may_be_away and signed in _AWAY:
        name, words, remedy = _AWAY[signed]
        return KerberosError(name, f"{about}: {words}", remedy=remedy, detail=message)
    surroundings = _SURROUNDINGS.get(signed)
    if surroundings is not None:
        cause, remedy = surroundings
        return LabError(f"{about}: {cause} ({message})", remedy=remedy)
    saying = _LIBRARY.get(signed) or _KDC.get(signed - _RFC_4120)
    if saying is None:
        return KerberosError(
            f"KRB5 {signed}", f"{about}: {message}", remedy="look in the KDC's log at the time of the request"
        )
    if ticket is not None and ticket.service == DIRECTORY_SERVICE:
        if saying is _KDC[_S_PRINCIPAL_UNKNOWN]:
            return _unnamed_directory(ticket, about=about, message=message)
        return KerberosError(saying.name, f"{about}: {saying.words}", remedy=saying.remedy, detail=message)
    words = "; ".join(part for part in (saying.words, saying.at_the_idp) if part)
    return KerberosError(saying.name, f"{about}: {words}", remedy=saying.remedy, detail=message)


def _unnamed_directory(ticket: TicketRequest, *, about: str, message: str) -> LabError:
    """Say that nobody is called what the directory was dialled by: a computer finds its controller's name by itself."""
    trap = "an address stands where a name has to" if _is_address(ticket.host) else "an alias has none"
    return LabError(
        f"{about}: no account has the service principal name {ticket.spn}; a domain controller has one for its own "
        f"name, and {trap} ({message})",
        remedy="let directory.ldap_url in the site file name the domain controller as its dNSHostName does",
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
