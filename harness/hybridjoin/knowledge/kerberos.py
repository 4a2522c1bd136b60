"""What the KDC, or a Kerberos service, says no with; the numbers are RFC 4120's (7.5.9), as Windows' logs show them."""

from __future__ import annotations

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.aes_guide import steps_about
from hybridjoin.knowledge.article import Article, ArticleKind, Cause, cause
from hybridjoin.model.verdict import Certainty

_RFC = "RFC 4120, 7.5.9"
AES = (
    "Users and Computers, the service account's Account tab: select 'This account supports Kerberos "
    "AES 256 bit encryption'."
)
NO_SPN = cause(
    "No account has the service principal name HTTP/<host of the IdP>, or two have it.",
    "setspn -Q HTTP/<host>; setspn -X lists names that are there twice. The host is the one of the endpoint's address.",
    checks="KDC_ERR_S_PRINCIPAL_UNKNOWN KRB-01?",
    related="KRB-04",
    ad="setspn -S HTTP/<host> <the IdP's service account>",
)
OTHER_ACCOUNT = cause(
    "The service principal name stands at another account than the one whose key the IdP holds.",
    "setspn -Q HTTP/<host> names the account; the IdP's service account or gateway has to be that one.",
    "Move the service principal name to the account that the IdP runs as.",
    ad="setspn -D HTTP/<host> <wrong account>; setspn -S HTTP/<host> <the IdP's service account>",
)
ALIAS = cause(
    "The endpoint's host is an alias (CNAME), and the ticket is asked for another name than the one registered.",
    "nslookup <host>; klist get HTTP/<host> as SYSTEM.",
    "Publish the IdP under an A record, or register the name that is asked for.",
    checks="KRB-04",
)
ETYPE = cause(
    "The service account is not enabled for AES, so its tickets are in RC4.",
    "klist tickets: KerbTicket Encryption Type.",
    checks="KRB-02?",
    related="KRB-03",
    ad=AES,
    pingone="Then restart the gateway instance; klist purge on the device; if it still fails, reset the service "
    "account's password and purge again.",
)
KEYTAB_ETYPE = cause(
    "The IdP's keytab or gateway holds no key of the encryption type that the ticket is in.",
    "klist -e -k <keytab> at the IdP, against KerbTicket Encryption Type of klist tickets on the device.",
    "Export the keytab again with AES256 and AES128 keys.",
)
STALE_KEY = cause(
    "The service account's password was changed after the IdP's keytab or gateway took it over.",
    "msDS-KeyVersionNumber of the account against the key version in the keytab.",
    "Export the keytab again, or enter the new password in the gateway; then klist purge on the device.",
    pingone="LDAP gateway: enter the service account's password again, then restart the gateway instance.",
)
NO_AES_KEYS = cause(
    "The service account has no AES keys: its password was set before the domain made them, or was brought as a hash.",
    "klist -li 0x3e7 get HTTP/<host> after a purge: still RC4, or KDC_ERR_ETYPE_NOSUPP; event 16 or 27 of "
    "Kerberos-Key-Distribution-Center on the domain controller lists the account's available etypes.",
    checks="KRB-02?",
    ad="Reset the service account's password: that writes AES keys, of a new version.",
    pingone="Then enter the new one in the LDAP gateway, restart the gateway instance, and purge the tickets again.",
)
KEPT_TICKET = cause(
    "The device shows a ticket of before the change: Windows keeps one for as long as it lasts, ten hours by default.",
    "klist -li 0x3e7: Start Time and KerbTicket Encryption Type of HTTP/<host> (0x3e7 is the computer's own session).",
    "klist -li 0x3e7 purge as administrator (klist purge clears the user's tickets alone), then try again.",
    pingone="After the purge sign off from Windows and on again, then let it try.",
)
COMPUTER = cause(
    "The computer account is disabled, missing, or its password differs from the one the machine holds.",
    "Get-ADComputer <name> -Properties Enabled, PasswordLastSet; Test-ComputerSecureChannel on the device.",
    checks="KDC_ERR_NAME_EXP KDC_ERR_C_PRINCIPAL_UNKNOWN KDC_ERR_KEY_EXPIRED KDC_ERR_PREAUTH_FAILED AD-01?",
    ad="Enable-ADAccount, or Reset-ComputerMachinePassword on the device.",
)
_REALM = cause(
    "The host or the account belongs to another domain or forest.",
    "The domain of the device and of the service account; trusts between them.",
    "Register the service principal name in the device's forest, or let the trust route the suffix.",
)
OLD_TICKET = cause(
    "A ticket has ended: the computer's ticket-granting ticket was not renewed, or a service holds a cache of its own.",
    "klist as SYSTEM (klist -li 0x3e7): End Time of krbtgt.",
    "klist -li 0x3e7 purge, then try again; Windows then logs on anew with the machine's password.",
)
NO_KDC = cause(
    "The domain controller cannot be reached: it is down, or ports 88 (KDC) and 389 (LDAP) are closed on the way.",
    "nltest /dsgetdc:<domain>; Test-NetConnection <domain controller> -Port 88, and -Port 389.",
    "Start it, or open the ports; the scheduled task Automatic-Device-Join tries again within an hour.",
)
NO_SRV = cause(
    "DNS does not name a domain controller: its SRV records are missing, or the device asks another DNS server.",
    "nslookup -type=SRV _ldap._tcp.dc._msdcs.<domain>, and _kerberos._tcp.<domain>; nltest /dsgetdc:<domain>.",
    "Let the device ask the domain's DNS servers.",
    ad="nltest /dsregdns on the domain controller, or restart its Netlogon: it registers its SRV records anew.",
)
_KDC = cause(
    "The domain controller cannot answer now.",
    "Its System and Kerberos-Key-Distribution-Center logs; nltest /dsgetdc:<domain>.",
    "Try again; then look at the domain controller.",
)
_UDP = cause(
    "The answer does not fit into UDP, and TCP to the KDC is closed.",
    "Test-NetConnection <domain controller> -Port 88",
    "Open TCP 88.",
)
_LIMITS = cause(
    "A logon restriction of the account refuses it: hours, workstations, an authentication policy or silo.",
    "The domain controller's security log, event 4769 or 4771, at that time.",
    "Lift the restriction for computers that join.",
)

_KEYS = (STALE_KEY, KEYTAB_ETYPE)

_ROWS: tuple[tuple[int, str, str, tuple[Cause, ...]], ...] = (
    (1, "KDC_ERR_NAME_EXP", "The account has expired.", (COMPUTER,)),
    (6, "KDC_ERR_C_PRINCIPAL_UNKNOWN", "The KDC does not know the computer account.", (COMPUTER, _REALM)),
    (7, "KDC_ERR_S_PRINCIPAL_UNKNOWN", "No account has the service principal name.", (NO_SPN, ALIAS, _REALM)),
    (12, "KDC_ERR_POLICY", "The KDC's policy refuses the ticket.", (_LIMITS,)),
    (14, "KDC_ERR_ETYPE_NOSUPP", "The KDC has no key of an encryption type that was asked for.", (ETYPE, NO_AES_KEYS)),
    (18, "KDC_ERR_CLIENT_REVOKED", "The computer account is disabled or locked.", (COMPUTER, _LIMITS)),
    (23, "KDC_ERR_KEY_EXPIRED", "The account's password has expired.", (COMPUTER,)),
    (24, "KDC_ERR_PREAUTH_FAILED", "The machine's password is not the account's.", (COMPUTER, c.CLOCK)),
    (29, "KDC_ERR_SVC_UNAVAILABLE", "The KDC cannot serve now.", (_KDC,)),
    (
        31,
        "KRB_AP_ERR_BAD_INTEGRITY",
        "What was encrypted does not decrypt: the keys differ.",
        (*_KEYS, OTHER_ACCOUNT),
    ),
    (32, "KRB_AP_ERR_TKT_EXPIRED", "The ticket has ended.", (OLD_TICKET, c.CLOCK)),
    (35, "KRB_AP_ERR_NOT_US", "The ticket is for a service that the acceptor has no key of.", (ALIAS, OTHER_ACCOUNT)),
    (37, "KRB_AP_ERR_SKEW", "The clocks differ by more than five minutes.", (c.CLOCK,)),
    (41, "KRB_AP_ERR_MODIFIED", "The service could not decrypt the ticket.", (STALE_KEY, OTHER_ACCOUNT, KEYTAB_ETYPE)),
    (
        44,
        "KRB_AP_ERR_BADKEYVER",
        "The service has no key of the ticket's version or encryption type.",
        (STALE_KEY, KEYTAB_ETYPE, ETYPE, KEPT_TICKET, NO_AES_KEYS),
    ),
    (45, "KRB_AP_ERR_NOKEY", "The service has no key of the ticket's encryption type.", (KEYTAB_ETYPE, ETYPE)),
    (52, "KRB_ERR_RESPONSE_TOO_BIG", "The answer does not fit into UDP.", (_UDP,)),
    (68, "KDC_ERR_WRONG_REALM", "The account lives in another realm.", (_REALM,)),
)
_LOCAL: tuple[tuple[str, str, tuple[Cause, ...]], ...] = (
    ("KRB5_KT_NOTFOUND", "The keytab holds no key of the computer account.", (STALE_KEY, COMPUTER)),
    ("KRB5_KDC_UNREACH", "No KDC of the realm answers.", (NO_KDC, NO_SRV)),
    ("KRB5_REALM_UNKNOWN", "Nothing names a KDC of the realm.", (NO_SRV,)),
    ("LDAP_SERVER_DOWN", "The directory does not answer.", (NO_KDC,)),
    ("KRB5_KT_KVNONOTFOUND", "The keytab's key version is not the account's.", (STALE_KEY,)),
)
_DECODED = {
    "KDC_ERR_S_PRINCIPAL_UNKNOWN": "Windows does not show this: it falls back to NTLM, the IdP answers 401, and the "
    "screen ends with 0xcaa30191 or a wrapper of it.",
    "KRB_AP_ERR_MODIFIED": "Nobody modified anything: the ticket was encrypted for another key than the service holds.",
}


def _article(number: int | None, name: str, meaning: str, causes: tuple[Cause, ...]) -> Article:
    aliases = () if number is None else (str(number), f"0x{number:x}", f"0x{number:08x}")
    return Article(
        id=name,
        kind=ArticleKind.KERBEROS,
        symbol=f"{number} (0x{number:x})" if number is not None else "libkrb5",
        meaning=meaning,
        certainty=Certainty.DOCUMENTED,
        source=_RFC if number is not None else "MIT krb5, error tables",
        phase="auth",
        decoded=_DECODED.get(name, ""),
        causes=causes,
        see=("0xcaa30191",),
        aliases=aliases,
        order=steps_about(name),
    )


KERBEROS: tuple[Article, ...] = (
    *(_article(number, name, meaning, causes) for number, name, meaning, causes in _ROWS),
    *(_article(None, name, meaning, causes) for name, meaning, causes in _LOCAL),
)
