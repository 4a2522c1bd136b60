"""Rows of the dial about keys, names and accounts: service accounts, principal names, keytabs, computers, tickets."""

from __future__ import annotations

from typing import Final

from hybridjoin.model.dial import shown
from hybridjoin.model.dial.row import BendPlace, DialRow, Shown

_SERVICE: Final = "service account"
_DEVICE: Final = "device"
_NAMES: Final = "service principal name"
_KEYTAB: Final = "keytab"
_COMPUTER: Final = "computer"
_PERSON: Final = "person"
_TICKET: Final = "ticket"
_KEPT: Final = "kept ticket"


def _row(name: str, area: str, place: BendPlace, sees: Shown, sentence: str, error: str = "") -> DialRow:
    return DialRow(name=name, area=area, sentence=sentence, place=place, shown=sees, error=error)


_OWN, _FILE = BendPlace.OWN_ACCOUNT, BendPlace.OWN_KEYTAB

ACCOUNTS: Final[tuple[DialRow, ...]] = (
    _row(
        "service-rc4-only", _SERVICE, _OWN, shown.REFUSED_TICKET,
        "The identity provider's account supports RC4 alone, and the provider's keytab holds AES keys.",
        "KRB_AP_ERR_BADKEYVER",
    ),
    _row(
        "service-aes-only", _SERVICE, _OWN, shown.JOINED,
        "The identity provider's account supports AES alone, as the guides ask for.",
    ),
    _row(
        "service-etypes-unset", _SERVICE, _OWN, shown.REFUSED_TICKET,
        "msDS-SupportedEncryptionTypes of the identity provider's account is empty: Samba's KDC issues RC4 for it.",
        "KRB_AP_ERR_BADKEYVER",
    ),
    _row(
        "service-without-aes-keys", _SERVICE, _OWN, shown.NO_AES_KEYS,
        "AES 256 is ticked on the identity provider's account, whose password is older than the domain's AES keys: the "
        "directory holds an RC4 key of it alone.",
        "KRB_AP_ERR_BADKEYVER",
    ),
    _row(
        "device-aes-only", _DEVICE, BendPlace.KRB5_CONF, shown.NO_TICKET,
        "The device allows AES alone, and the identity provider's account supports RC4 alone.",
        "KDC_ERR_ETYPE_NOSUPP",
    ),
    _row(
        "device-rc4-only", _DEVICE, BendPlace.KRB5_CONF, shown.NO_TICKET,
        "The device allows RC4 alone, and the identity provider's account supports AES alone.",
        "KDC_ERR_ETYPE_NOSUPP",
    ),
    _row(
        "spn-missing", _NAMES, _OWN, shown.NO_TICKET,
        "No account has a service principal name for the identity provider's host.",
        "KDC_ERR_S_PRINCIPAL_UNKNOWN",
    ),
    _row(
        "spn-duplicate", _NAMES, _OWN, shown.NO_TICKET,
        "Two accounts have the identity provider's service principal name, as after a conflict of replication.",
        "KDC_ERR_S_PRINCIPAL_UNKNOWN",
    ),
    _row(
        "spn-wrong-account", _NAMES, _OWN, shown.REFUSED_TICKET,
        "The service principal name stands at another account than the one whose key the identity provider has.",
        "KRB_AP_ERR_BAD_INTEGRITY",
    ),
    _row(
        "spn-host-only", _NAMES, _OWN, shown.JOINED,
        "The identity provider's account has host/ alone; the directory lets it stand for HTTP/ as well.",
    ),
    _row(
        "keytab-stale", _KEYTAB, _FILE, shown.REFUSED_TICKET,
        "The service account's password was changed after the identity provider's keytab was exported.",
        "KRB_AP_ERR_BADKEYVER",
    ),
    _row(
        "keytab-exported-again", _KEYTAB, _OWN, shown.JOINED,
        "The service account's password was reset, and its keytab exported again: a new key version on both sides.",
    ),
    _row(
        "keytab-of-another-account", _KEYTAB, _FILE, shown.REFUSED_TICKET,
        "The identity provider's keytab holds the right name and the keys of another account.",
        "KRB_AP_ERR_BAD_INTEGRITY",
    ),
    _row(
        "keytab-without-aes256", _KEYTAB, _FILE, shown.REFUSED_TICKET,
        "The identity provider's keytab has no key of type 18 (AES 256), and the ticket is of that type.",
        "KRB_AP_ERR_BADKEYVER",
    ),
    _row(
        "computer-disabled", _COMPUTER, _OWN, shown.NO_LOGON,
        "The computer's account is disabled.",
        "KDC_ERR_CLIENT_REVOKED",
    ),
    _row(
        "computer-deleted", _COMPUTER, _OWN, shown.NO_LOGON,
        "The computer's account was deleted from the directory.",
        "KDC_ERR_C_PRINCIPAL_UNKNOWN",
    ),
    _row(
        "computer-moved", _COMPUTER, _OWN, shown.JOINED,
        "The computer's account was moved to another organizational unit: a federated join does not mind.",
    ),
    _row(
        "computer-password-wrong", _COMPUTER, _FILE, shown.BROKEN_TRUST,
        "The computer's password is not the one in the directory, as after a restored image.",
        "KDC_ERR_PREAUTH_FAILED",
    ),
    _row(
        "computer-password-expired", _COMPUTER, _OWN, shown.JOINED,
        "The computer's password is as old as can be: a directory lets no computer's password expire.",
    ),
    _row(
        "computer-expired", _COMPUTER, _OWN, shown.NO_LOGON,
        "The computer's account has an end (accountExpires), and it has passed.",
        "KDC_ERR_CLIENT_REVOKED",
    ),
    _row(
        "computer-without-certificate", _COMPUTER, _OWN, shown.NOT_SYNCED,
        "The computer is new: its object holds no userCertificate, and Entra Connect passes over it.",
    ),
    _row(
        "computer-with-a-lost-key", _COMPUTER, _OWN, shown.OTHER_CERTIFICATE,
        "The computer was installed anew under its old account: Entra knows the certificate of a key that it lost.",
    ),
    _row(
        "computer-recreated", _COMPUTER, _OWN, shown.NOT_SYNCED,
        "The computer's object was deleted and made anew after Entra Connect had seen it: another objectGUID.",
    ),
    _row(
        "account-locked", _PERSON, _OWN, shown.NO_SIGN_IN,
        "The person's account is locked after too many wrong passwords; a computer's never is.",
    ),
    _row(
        "ticket-of-a-user", _TICKET, BendPlace.DEVICE, shown.REFUSED_CALLER,
        "The device shows the ticket of a person, as dsregcmd does that was not started as SYSTEM.",
    ),
    _row(
        "ticket-for-another-service", _TICKET, BendPlace.DEVICE, shown.REFUSED_TICKET,
        "The device shows a ticket for another service of the forest, as behind an alias.",
        "KRB_AP_ERR_NOT_US",
    ),
    _row(
        "ticket-granting-ticket-expired", _TICKET, BendPlace.DEVICE, shown.RENEWED,
        "The computer's ticket-granting ticket has ended before the identity provider's ticket is asked for.",
        "KRB_AP_ERR_TKT_EXPIRED",
    ),
    _row(
        "ticket-from-before-aes", _KEPT, _OWN, shown.KEPT_TICKET,
        "AES 256 was ticked on the identity provider's account, and the device still shows the RC4 ticket of before.",
        "KRB_AP_ERR_BADKEYVER",
    ),
    _row(
        "ticket-from-before-reset", _KEPT, _OWN, shown.KEPT_TICKET,
        "The service account's password was reset and the keytab exported again, and the device still shows the ticket "
        "of before.",
        "KRB_AP_ERR_BADKEYVER",
    ),
)  # fmt: skip
